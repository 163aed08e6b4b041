"""`make opening`: how long a person waits from opening `/stub/phone` to the first question of a hunt.

Each time is that of a new browser profile, which has no file of the phone yet: the mini program is
started, the person agrees, the meadow is shown, the gold button is pressed, the question is there.
"""

import time
from statistics import median

import click
from playwright.sync_api import expect

from tests.browser.hall import Hall
from tests.browser.phone import SIZE, Handset
from tests.browser.studio import Studio, studio
from tests.phones import Phone

REPEATS = 5


def measure(place: Studio, hall: Hall, phone: Phone) -> list[float]:
    """Open the hunt on a new phone; returns the seconds until it runs, shows the meadow and asks."""
    context = place.browser.new_context(
        locale="zh-CN",
        viewport={"width": SIZE[0], "height": SIZE[1]},
        has_touch=True,
    )
    handset = Handset(context.new_page())
    path = "pages/hunt/hunt"
    began = time.monotonic()
    moments = []
    handset.open(place.installation, phone.user, path, event=hall.id, activity=hall.activity_id)
    moments.append(time.monotonic() - began)
    handset.tap("同意并开始")
    main = handset.find(".main")
    expect(main).to_be_visible()
    moments.append(time.monotonic() - began)
    main.click()
    handset.is_on("pages/question/question")
    handset.says("来电了")
    moments.append(time.monotonic() - began)
    context.close()
    return moments


def main() -> None:
    """Measure a few times, and print the medians."""
    click.echo("A server with the sample centre is started …")
    with studio() as place:
        event = place.host.ok("POST", "/events", {"template": "hunt"})
        hall = Hall(place.installation, place.host, event)
        hall.host_does("open")
        hall.join(*place.phones)
        found = []
        for phone in place.phones[:REPEATS]:
            found.append(measure(place, hall, phone))
            click.echo("  ".join(f"{seconds:5.2f} s" for seconds in found[-1]))
    runs, meadow, question = (median(column) for column in zip(*found, strict=True))
    click.echo(
        f"Median of {REPEATS}: the phone runs after {runs:.2f} s, the meadow is shown after"
        f" {meadow:.2f} s, the first question after {question:.2f} s."
    )


if __name__ == "__main__":
    main()
