"""A strict phone says where the mini program leaves the OpenAPI document of the server."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import Profiles
from tests.browser.hall import Hall
from tests.browser.phone import SIZE, Handset
from tests.installation import Installation, until
from tests.phones import Phone

PAGE = "pages/hunt/hunt"


@pytest.fixture
def page(profiles: Profiles) -> Iterator[Page]:
    """Return a page for a phone that may complain."""
    made = profiles.page(SIZE, reduced_motion="reduce", has_touch=True)
    yield made
    made.evaluate("() => localStorage.clear()")
    profiles.take_back()


def forget(page: Page, name: str, field: str) -> None:
    """Take a field out of the document that this page gets."""

    def answer(route: Route) -> None:
        document = route.fetch().json()
        del document["components"]["schemas"][name]["properties"][field]
        route.fulfill(body=json.dumps(document), content_type="application/json")

    page.route("**/api/openapi.json", answer)


def test_field_that_the_document_does_not_know_is_an_error(
    page: Page, installation: Installation, hall: Hall, phones: list[Phone]
) -> None:
    hall.join(phones[0])
    forget(page, "SiteBody", "topic")
    phone = Handset(page)
    phone.open(installation, phones[0].user, PAGE, event=hall.id, activity=hall.activity_id)
    phone.tap("同意并开始")
    words = ".sites.topic is read, which the OpenAPI document does not know"
    until(lambda: any(words in line["title"] for line in phone.journal("error")), 10, words)


def test_documented_fields_are_no_error(
    open_phone: Callable[..., Handset], hall: Hall, phones: list[Phone]
) -> None:
    hall.join(phones[0])
    phone = open_phone(phones[0].user, PAGE, event=hall.id, activity=hall.activity_id)
    phone.tap("同意并开始")
    phone.says("美多的帐篷")
    phone.has_no_errors()
