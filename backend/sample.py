"""The sample centre: the roster, banks and roles that a fresh installation starts with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import backend
from backend.activities import KINDS
from backend.clock import Clock, business_day
from backend.config import Settings
from backend.db import Database
from backend.errors import OperatorError
from backend.identity.grants import grant
from backend.identity.invites import InviteCodes
from backend.identity.roster import apply, compare, read_roster
from backend.lookup.importing import import_rows
from backend.lookup.kinds import KINDS as LOOKUP_KINDS
from backend.moderation.models import BlockedWord
from backend.moderation.words import read_list, replace_list
from backend.posts.importing import UNCHANGED, import_post, read_post
from backend.questions.importing import BankName, import_questions
from backend.questions.reading import read_questions
from backend.sheets import read_sheet

FIXTURES = Path(backend.__file__).parent.parent / "fixtures"


@dataclass(frozen=True)
class LoadedCounts:
    """How many objects of the sample were new; all zero if it had been loaded before."""

    people: int
    questions: int
    posts: int
    lookups: int
    of_kinds: int
    blocked_words: int
    roles: int


def load_sample(
    settings: Settings, database: Database, clock: Clock, folder: Path = FIXTURES
) -> LoadedCounts:
    """Load what `sample.yaml` in the folder names; loading again changes nothing.

    The parts are a transaction each. Raises `OperatorError` if the sample is missing, and in
    production, because its invite codes are published; and what the importers raise if a file is
    wrong.
    """
    if settings.in_production:
        raise OperatorError("the sample centre is for trying things out, not for production")
    try:
        sample = yaml.safe_load((folder / "sample.yaml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OperatorError(f"the sample centre is missing: no sample.yaml in {folder}") from None
    return LoadedCounts(
        people=_load_roster(settings, database, clock.now(), folder / sample["roster"]),
        questions=sum(
            _load_bank(settings, database, clock.now(), folder, bank) for bank in sample["banks"]
        ),
        posts=_load_posts(database, clock.now(), folder / sample["posts"]),
        lookups=sum(
            _load_lookup(database, clock.now(), name, folder / sample["lookup"][name])
            for name in sample["lookup"]
        ),
        of_kinds=sum(kind.load_sample(sample, folder, database, clock.now()) for kind in KINDS),
        blocked_words=_load_blocked(database, clock.now(), folder / sample["blocked_words"]),
        roles=sum(
            grant(item["role"], item["staff_number"], database=database, now=clock.now())
            for item in sample["grants"]
        ),
    )


def _load_roster(settings: Settings, database: Database, now: int, file: Path) -> int:
    roster = read_roster(file.read_bytes())
    codes = InviteCodes(settings.secret)
    diff = compare(roster, codes)
    apply(
        roster,
        diff,
        database=database,
        codes=codes,
        now=now,
        source=file.name,
    )
    return len(diff.added) + len(diff.changed) + len(diff.reactivated)


def _load_bank(
    settings: Settings, database: Database, now: int, folder: Path, bank: dict[str, Any]
) -> int:
    today = business_day(now, settings.timezone, settings.day_boundary_hour)
    parsed = read_questions((folder / bank["file"]).read_bytes(), today)
    name = BankName(bank["name"], bank["title"])
    diff = import_questions(parsed, name, database=database, now=now)
    return len(diff.added) + len(diff.changed)


def _load_posts(database: Database, now: int, folder: Path) -> int:
    files = [read_post(file) for file in _markdown(folder)]
    return sum(import_post(database, file, now) != UNCHANGED for file in files)


def _load_lookup(database: Database, now: int, name: str, file: Path) -> int:
    """Load a table or the cards of the sample, unless there are some."""
    kind = LOOKUP_KINDS[name]
    if kind.model.select().exists():
        return 0
    sheet = read_sheet(file.read_bytes(), *kind.columns)
    return len(import_rows(kind, sheet, database=database, now=now).added)


def _markdown(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.md"))


def _load_blocked(database: Database, now: int, file: Path) -> int:
    """Load the sample's list of words that are not shown, unless there is a list already."""
    if BlockedWord.select().exists():
        return 0
    return replace_list(read_list(file.read_bytes()), database=database, now=now)
