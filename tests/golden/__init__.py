"""Requests of the mini program of a release, and what it relies on in the answers.

Phones keep an old version of the mini program for a day or so after a release. Each folder is named
after the last migration of a release, each file plays one activity: `requests` are sent in their
order, with values that earlier answers gave (`keep`) in place of `{names}`. `relies_on` has the
shape of the answer, without what no page of that release mentions.

A release adds a folder of the same requests, and of new ones, at its commit:
`.venv/bin/python -m pytest -n 0 tests/golden --record-golden`, and removes those of releases that no
phone has any more.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*/*.json"))
