"""The sample centre: its people, and the right answers of its questions."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

FIXTURES = Path(__file__).parent.parent / "fixtures"
TRUE_FALSE = {"对": "T", "错": "F"}
# How many people of a team play at least, because a team of one says nothing on a team board.
COMING_TOGETHER = 4


class NoCentre(Exception):
    """The sample centre cannot be read; the text names what is missing."""


@dataclass(frozen=True)
class RosterLine:
    """A line of the roster."""

    number: str
    name: str
    team: str
    shift: str
    invite_code: str

    @property
    def user(self) -> str:
        """Return the WeChat user that the emulator knows this person as, the same in every run."""
        return f"staff-{self.number}"


class AnswerBook:
    """The right answers as printed in the question files."""

    def __init__(self) -> None:
        self._right: dict[str, list[frozenset[str]]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._right)

    def learn(self, stem: str, right_texts: Iterable[str]) -> None:
        """Store the texts of the right options (`对` or `错` if there are none)."""
        self._right[stem].append(frozenset(right_texts))

    def right_choice(self, question: dict[str, Any]) -> list[str] | None:
        """Return the keys of the right options in this player's order; None for an unknown
        question."""
        if question["kind"] == "truefalse":
            texts = dict(TRUE_FALSE)
        else:
            texts = {option["text"]: option["key"] for option in question["options"]}
        for right in self._right.get(question["stem"], ()):
            if right <= texts.keys():
                return sorted(texts[text] for text in right)
        return None


@dataclass(frozen=True)
class Centre:
    """Roster, roles and question banks of the sample."""

    roster: tuple[RosterLine, ...]
    host: RosterLine
    answers: AnswerBook
    with_roles: frozenset[str]

    def pick(self, count: int, random: Random) -> list[RosterLine]:
        """Return people without roles, some of each team, and within a team of all its shifts.

        With few people only some teams play. Returns fewer than asked for if the centre is smaller.
        """
        teams = [_by_shift(team, random) for team in _teams(self._players()).values()]
        random.shuffle(teams)
        picked: list[RosterLine] = []
        while any(teams) and len(picked) < count:
            for team in teams:
                picked += team[:COMING_TOGETHER]
                del team[:COMING_TOGETHER]
        return picked[:count]

    def _players(self) -> list[RosterLine]:
        return [person for person in self.roster if person.number not in self.with_roles]


def _teams(people: Iterable[RosterLine]) -> dict[str, list[RosterLine]]:
    teams: dict[str, list[RosterLine]] = defaultdict(list)
    for person in people:
        teams[person.team].append(person)
    return teams


def _by_shift(team: Sequence[RosterLine], random: Random) -> list[RosterLine]:
    """Return a team ordered so that the shifts alternate."""
    drawn = random.sample(team, len(team))
    turns: dict[str, int] = defaultdict(int)
    ordered: list[tuple[int, int, RosterLine]] = []
    for person in drawn:
        ordered.append((turns[person.shift], len(ordered), person))
        turns[person.shift] += 1
    return [person for *_, person in sorted(ordered, key=lambda item: item[:2])]


def load_centre(folder: Path = FIXTURES) -> Centre:
    """Read the sample centre; raises `NoCentre`."""
    try:
        sample = yaml.safe_load((folder / "sample.yaml").read_text(encoding="utf-8"))
        roster = tuple(_staff(row) for row in _rows(folder / sample["roster"]))
        answers = AnswerBook()
        for bank in sample["banks"]:
            for row in _rows(folder / bank["file"]):
                answers.learn(row["题干"], _right_texts(row))
    except (OSError, KeyError) as error:
        raise NoCentre(f"样例中心读不出来：{error}") from None
    grants = [(grant["role"], str(grant["staff_number"])) for grant in sample["grants"]]
    host_numbers = [number for role, number in grants if role == "host"]
    host = next((person for person in roster if person.number in host_numbers), None)
    if host is None:
        raise NoCentre(f"{folder} 里没有主持人")
    return Centre(roster, host, answers, frozenset(number for _, number in grants))


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _staff(row: dict[str, str]) -> RosterLine:
    return RosterLine(row["工号"], row["姓名"], row["班组"], row["班次"], row["邀请码"])


def _right_texts(row: dict[str, str]) -> list[str]:
    key = row["答案"].strip()
    return [key] if key in TRUE_FALSE else [row[f"选项{letter}"].strip() for letter in key]


def settings_of(template: str) -> dict[str, Any]:
    """Return the settings of the first game in a sample template, none for a template unknown here."""
    file = FIXTURES / "events" / f"{template}.yaml"
    if not file.exists():
        return {}
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found["activities"][0]["settings"]
