"""The part of a post's form that chooses the questions of its micro-lesson (微课练习题)."""

from collections.abc import Sequence
from typing import Any

import flask
from flask import request

from backend.clock import business_day
from backend.console.frame import blueprint
from backend.identity.current import caller
from backend.posts import columns, lesson
from backend.posts.models import Post
from backend.questions import service, supply
from backend.questions.marking import LETTERS, TRUE_FALSE
from backend.questions.models import Question
from backend.questions.reading import KIND_NAMES, TRUEFALSE_OPTIONS
from backend.scoring import corrections
from backend.web import current

MOST_FOUND = 8
# Of the names that are typed at once, so many are read.
MOST_NAMES = 50
# Who may look into the question banks.
FINDERS = ("trainer", "host")


@blueprint.route("/posts/questions")
def found_questions() -> str:
    """Questions of the banks by words, bank and topic, to be chosen, a fragment without keys.

    Writers who are trainers or hosts.
    """
    _require_finder()
    words = request.args.get("words", "").strip()[:60]
    bank, _, topic = request.args.get("in", "").partition(":")
    voided = corrections.not_to_be_drawn(None)
    found = service.find_questions(words, (bank, topic), _today(), voided, MOST_FOUND)
    return flask.render_template(
        "console/posts/_found_questions.html",
        questions=[_shown(one) for one in found.items],
        total=found.total,
    )


@blueprint.route("/posts/questions/named")
def named_questions() -> str:
    """Questions that are named as `bank:code`, and what is wrong with the names, a fragment.

    Writers who are trainers or hosts.
    """
    _require_finder()
    found, wrong = lesson.named(request.args.getlist("name")[:MOST_NAMES])
    return flask.render_template(
        "console/posts/_named_questions.html",
        questions=[_shown(one) for one in found],
        problems=[one.zh for one in wrong],
    )


def choices(post: Post | None = None) -> dict[str, Any]:
    """Return the questions of a post; for people who may look into the banks, also the banks with
    their topics."""
    may_find = any(caller().has(role) for role in FINDERS)
    chosen = lesson.questions_of(post) if post else []
    return {
        "may_find": may_find,
        "names": lesson.written(post) if post else [],
        "chosen": [_shown(one) for one in chosen] if may_find else [],
        "most": lesson.MOST_QUESTIONS,
        "banks": [
            (bank, [topic.value for topic in supply.topics_to_choose([bank.value])])
            for bank in (supply.banks_to_choose() if may_find else ())
        ],
    }


def _require_finder() -> None:
    who = caller()
    columns.writable(who)
    who.require_any(*FINDERS)


def _shown(question: Question) -> dict[str, Any]:
    texts: Sequence[str] = question.options or TRUEFALSE_OPTIONS
    letters = TRUE_FALSE if question.kind == "truefalse" else LETTERS
    return {
        "name": f"{question.bank.name}:{question.code}",
        "kind": KIND_NAMES[question.kind],
        "topic": question.topic,
        "stem": question.stem,
        "options": list(zip(letters, texts, strict=False)),
    }


def _today() -> str:
    settings = current.settings()
    return business_day(current.now(), settings.timezone, settings.day_boundary_hour)
