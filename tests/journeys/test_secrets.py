"""A whole evening, whose answers, pages and log lines are searched for secrets."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.config import DEVELOPMENT_SECRET_KEY, SAMPLE_SECRET
from backend.identity.logins import SESSION_KEYS
from backend.keys import Secret, TextCipher
from tests.installation import Installation
from tests.journeys.whole import PEOPLE, STAFF, Heard, Journey, make_journey
from tests.phones import invite_codes
from tests.support import FIXTURES, HOST, WeChatSide


@pytest.fixture(scope="module")
def journey(install: Callable[..., Installation]) -> Journey:
    """Return a journey that is over."""
    installation = install(LINKA_DEBUG="true", LINKA_LOG_LEVEL="debug")
    installation.up()
    return make_journey(installation)


def openids(journey: Journey) -> dict[str, str]:
    """Return {user: openid}, as the emulator of WeChat has them."""
    wechat = WeChatSide(journey.installation.wechat_url)
    return {user: wechat.openid(user) for user in PEOPLE}


def session_keys(journey: Journey) -> list[str]:
    """Return the session keys that are kept of those who played, decrypted."""
    cipher = TextCipher(Secret(DEVELOPMENT_SECRET_KEY), SESSION_KEYS)
    played = openids(journey).values()
    rows = journey.installation.rows("SELECT openid, session_key FROM account")
    return [cipher.decrypt(sealed) for openid, sealed in rows if openid in played]


def _secrets_of_server(journey: Journey) -> list[str]:
    return [*session_keys(journey), SAMPLE_SECRET, DEVELOPMENT_SECRET_KEY]


def _found(secrets: list[str], text: str) -> list[str]:
    return [secret for secret in secrets if secret in text]


def test_journey_was_long_enough_to_be_searched(journey: Journey) -> None:
    assert len(list(journey.answers())) > 300
    assert len(set(session_keys(journey))) == len(PEOPLE)
    assert len(set(openids(journey).values())) == len(PEOPLE)
    assert "wechat_busy" in journey.installation.log
    assert "wechat_misconfigured" in journey.installation.log


def test_no_openid_is_in_any_answer(journey: Journey) -> None:
    secrets = list(openids(journey).values())
    assert [heard for heard in journey.answers() if _found(secrets, heard.text)] == []


def test_no_session_key_nor_secret_of_ours_is_in_any_answer(journey: Journey) -> None:
    secrets = _secrets_of_server(journey)
    assert [heard for heard in journey.answers() if _found(secrets, heard.text)] == []


def test_no_invite_code_is_in_any_answer(journey: Journey) -> None:
    secrets = list(invite_codes().values())
    answers = [heard for heard in journey.answers() if "openapi.json" not in heard.asked]
    assert [heard for heard in answers if _found(secrets, heard.text)] == []


def test_no_secret_is_in_the_log(journey: Journey) -> None:
    log = journey.installation.log
    redis_log = (journey.installation.folder / "redis" / "redis.log").read_text()
    phones = journey.phones.values()
    secrets = [
        *_secrets_of_server(journey),
        *openids(journey).values(),
        *invite_codes().values(),
        *(code for phone in phones for code in phone.codes if code != "no-such-code"),
        *(phone.token for phone in phones),
        journey.event["screen_path"].partition("key=")[2],
    ]
    assert _found(secrets, log) == []
    assert _found(secrets, redis_log) == []
    assert "Traceback" not in log


def test_only_sealed_session_keys_and_digests_of_invite_codes_are_stored(journey: Journey) -> None:
    folder = journey.installation.folder
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"SQLite format 3" in kept and b"linka:" in kept
    secrets = [*session_keys(journey), *(invite_codes()[number] for number in STAFF)]
    assert _found(secrets, kept.decode("latin-1")) == []


def test_redis_knows_no_openid(journey: Journey) -> None:
    folder = journey.installation.folder / "redis" / "appendonlydir"
    kept = b"".join(path.read_bytes() for path in folder.iterdir()).decode("latin-1")
    assert "linka:" in kept
    assert _found(list(openids(journey).values()), kept) == []


def test_screen_key_is_for_hosts_alone(journey: Journey) -> None:
    key = journey.event["screen_path"].partition("key=")[2]
    told = {heard.who for heard in journey.answers() if key in heard.text}
    assert told == {f"staff-{HOST}"}


def test_staff_numbers_of_others_are_for_hosts_alone(journey: Journey) -> None:
    for heard in journey.answers():
        own = heard.who.removeprefix("staff-")
        if own != HOST and "openapi.json" not in heard.asked:
            others = [f'"{number}"' for number in (HOST, *STAFF) if number != own]
            assert _found(others, heard.text) == [], heard.asked


# --- answer keys


@pytest.fixture(scope="module")
def explanations() -> dict[str, str]:
    """Return {stem: explanation} of the sample banks."""
    found = {}
    for file in Path(FIXTURES, "questions").glob("*.csv"):
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()):
            found[row["题干"].strip()] = row["解析"].strip()
    return found


def _json_of(heard: Heard) -> Any:
    head, _, body = heard.text.partition("\n\n")
    return json.loads(body) if "application/json" in head and body else None


def _digs(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every dig in a piece of JSON."""
    if isinstance(value, dict):
        if "deadline_at" in value:
            yield value
        for inner in value.values():
            yield from _digs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _digs(inner)


def test_open_question_carries_nothing_but_what_is_asked(journey: Journey) -> None:
    asked = 0
    for heard in journey.answers():
        for dig in _digs(_json_of(heard)):
            if dig["state"] == "open":
                asked += 1
                assert dig["question"].keys() <= {
                    *("id", "kind", "topic", "difficulty", "stem", "options")
                }
                assert all(
                    option.keys() == {"key", "text"} for option in dig["question"]["options"]
                )
                assert "result" not in dig
    assert asked > 40


def test_explanation_is_told_to_nobody_who_has_not_answered(
    journey: Journey, explanations: dict[str, str]
) -> None:
    told = 0
    for phone in journey.phones.values():
        answered: set[str] = set()
        stems: dict[str, str] = {}
        for heard in phone.heard:
            stems |= {
                str(dig["id"]): dig["question"]["stem"] for dig in _digs(_json_of(heard) or {})
            }
            if heard.asked.endswith("/answer") and '"verdict"' in heard.text:
                answered.add(stems[heard.asked.split("/")[-2]])
            for stem, explanation in explanations.items():
                if explanation in heard.text:
                    told += 1
                    assert stem in answered, (heard.who, heard.asked, stem)
    assert told > 20


def test_screens_are_told_no_question(journey: Journey, explanations: dict[str, str]) -> None:
    texts = [*explanations, *explanations.values()]
    assert [heard.asked for heard in journey.pages if _found(texts, heard.text)] == []


def test_options_are_shuffled_for_each_player(journey: Journey) -> None:
    orders: dict[str, set[tuple[str, ...]]] = {}
    for heard in journey.answers():
        for dig in _digs(_json_of(heard)):
            if dig["question"]["kind"] != "truefalse":
                texts = tuple(option["text"] for option in dig["question"]["options"])
                orders.setdefault(dig["question"]["stem"], set()).add(texts)
    bank = {
        tuple(row[f"选项{letter}"] for letter in "ABCDEF" if row[f"选项{letter}"])
        for file in Path(FIXTURES, "questions").glob("*.csv")
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    }
    shown = [order for found in orders.values() for order in found]
    assert sum(order in bank for order in shown) < len(shown) / 2
