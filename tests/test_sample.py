"""The sample centre that a fresh installation starts with."""

from pathlib import Path

import pytest

from backend.clock import SystemClock
from backend.config import load_settings
from backend.db import Database
from backend.errors import OperatorError
from backend.identity.models import Grant, Staff, Team
from backend.posts import lesson
from backend.posts.models import Post, PostPicture, PostVersion
from backend.questions.service import list_banks
from backend.sample import LoadedCounts, load_sample


def test_sample_centre_loads_once(database: Database) -> None:
    settings, clock = load_settings({}), SystemClock()
    loaded = load_sample(settings, database, clock)
    assert (loaded.people, loaded.roles) == (1_200, Grant.select().count())
    assert loaded.questions >= 200
    assert (Staff.select().count(), Team.select().count()) == (1_200, 42)
    assert sum(bank.questions for bank in list_banks()) == loaded.questions
    covers = PostVersion.select().where(PostVersion.cover_id.is_null(False)).count()
    assert loaded.posts == covers == PostPicture.select().count()
    assert lesson.written(Post.get(Post.code == "lesson-number-portability")) == [
        "business:B-081",
        "business:B-083",
        "business:B-085",
    ]
    assert load_sample(settings, database, clock) == LoadedCounts(0, 0, 0, 0, 0, 0, 0)


def test_missing_sample_is_one_clear_line(database: Database, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"no sample\.yaml"):
        load_sample(load_settings({}), database, SystemClock(), tmp_path)
