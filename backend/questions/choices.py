"""The letters that a player chose, as phones send them."""

from functools import cached_property
from typing import Any

import marshmallow as ma
from marshmallow import validate

from backend.questions.marking import LETTERS
from backend.web.schema import MAX_ID, Schema

_CHOSEN = frozenset(("T", *LETTERS))
_MOST = 6


class ChoiceSchema(Schema):
    """The letters that the player chose, as they were shown; `T` or `F` for true or false.

    Subclasses add required fields of the class `Id` alone.
    """

    choice = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(["T", *LETTERS])),
        required=True,
        validate=validate.Length(1, _MOST),
    )

    def load(self, data: Any, **how: Any) -> Any:
        """Return what was sent if it is as usual; marshmallow, which takes ten times as long, reads
        everything else."""
        if not how and self._is_usual(data):
            return data
        return super().load(data, **how)

    def _is_usual(self, data: Any) -> bool:
        if type(data) is not dict or data.keys() != self.load_fields.keys():
            return False
        choice = data["choice"]
        return (
            type(choice) is list
            and 0 < len(choice) <= _MOST
            and all(type(letter) is str and letter in _CHOSEN for letter in choice)
            and all(type(data[name]) is int and 0 < data[name] <= MAX_ID for name in self._ids)
        )

    @cached_property
    def _ids(self) -> list[str]:
        return [name for name in self.load_fields if name != "choice"]
