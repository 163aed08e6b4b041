"""Editors and askers of look-ups."""

import io
from typing import Any

import openpyxl

from tests.support import Centre, Phone


def found(phone: Phone, text: str) -> dict[str, Any]:
    """Look a text up."""
    answer = phone.app.test_client().get(
        "/api/v1/lookup",
        query_string={"q": text},
        headers={"Authorization": f"Bearer {phone.token}"},
    )
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json  # type: ignore[assignment]
    return shown


def titles(phone: Phone, text: str) -> list[str]:
    """Return the titles of the answers to a text."""
    return [answer["title"] for answer in found(phone, text)["answers"]]


def card(**facts: Any) -> dict[str, Any]:
    """Return a card as it is sent."""
    return {"title": "停车证", "text": "到门卫室登记车牌。", "synonyms": ["车位"], **facts}


def book(rows: list[list[Any]], *, merged: tuple[str, ...] = ()) -> bytes:
    """Return rows as an Excel file; `merged` are ranges of merged cells."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for cells in merged:
        made.active.merge_cells(cells)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def team_mates(centre: Centre, number: str) -> list[str]:
    """Return the 工号 of the team of a person."""
    team = centre.roster[number]["班组"]
    return [other for other, row in centre.roster.items() if row["班组"] == team]
