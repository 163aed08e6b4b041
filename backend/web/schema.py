"""Base classes of schemas, and fields for moments, ids, texts and pages."""

import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

import marshmallow as ma
from marshmallow import validate

from backend.clock import from_datetime, to_iso
from backend.visible import longest_form, shown

# 64-bit ids: anything else cannot exist, and must not reach the database.
MAX_ID = 2**53 - 1

# The largest number of fields of an object, and of members of a list without a limit of its own.
MOST_FIELDS, MOST_MEMBERS = 100, 1_000

_NEVER_TYPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def is_text(value: Any) -> bool:
    """Say whether all text in a value of JSON, names included, can be stored and sent on.

    Half of a surrogate pair cannot; JSON may hold it, written as an escape.
    """
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class Schema(ma.Schema):
    """Base of all schemas. An instance is never changed, so a deep copy returns the instance
    itself: flask-smorest copies the documentation of an operation with each decorator."""

    class Meta:
        ordered = True

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    @cached_property
    def _limits(self) -> dict[str, int]:
        """The limits of the members of lists, by their names in JSON."""
        lists = {
            field.data_key or name: field
            for name, field in self.load_fields.items()
            if isinstance(field, ma.fields.List)
        }
        return {name: _most_members(field) for name, field in lists.items()}

    @ma.pre_load
    def _require_few_members(self, data: Any, **_: Any) -> Any:
        """Refuse objects with too many fields, and long lists, before their members are read.

        Reporting an error for each of 60,000 members takes two seconds.
        """
        if not isinstance(data, Mapping):
            return data
        if len(data) > MOST_FIELDS:
            raise ma.ValidationError("Too many fields.")
        found = {name: data.get(name) for name in self._limits}
        too_long = {
            name: [f"Longer than maximum length {self._limits[name]}."]
            for name, members in found.items()
            if isinstance(members, list) and len(members) > self._limits[name]
        }
        if too_long:
            raise ma.ValidationError(too_long)
        return data


def _most_members(field: ma.fields.List[Any]) -> int:
    """Return the limit of a list, `MOST_MEMBERS` if it has none."""
    stated = [one.equal or one.max for one in field.validators if isinstance(one, validate.Length)]
    return next((most for most in stated if most is not None), MOST_MEMBERS)


class Moment(ma.fields.AwareDateTime):
    """A moment: integer milliseconds inside, ISO 8601 in JSON."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", default_timezone=None, **kwargs)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else to_iso(value)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        moment = from_datetime(super()._deserialize(value, attr, data, **kwargs))
        if not 0 <= moment < 4_102_444_800_000:
            raise ma.ValidationError("Not a moment between 1970 and 2100.")
        return moment


class FullMatch(validate.Regexp):
    """A regular expression written `^…$` that the whole text must match, a last newline included."""

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ma.ValidationError(self._format_error(value))
        return value


class Id(ma.fields.Integer):
    """The id of a thing, as a strict integer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(1, MAX_ID), **kwargs)


class QueryId(ma.fields.Integer):
    """The id of a thing in a query, where every value is text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(1, MAX_ID), **kwargs)


class WholeNumber(ma.fields.Integer):
    """A whole number within bounds."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(low, high), **kwargs)


class Length(validate.Length):
    """A length of text, counted in its longest Unicode form: ﷺ is one character and decomposes into
    18. A text that is already too long as written is refused without decomposing it, which takes a
    minute for 100,000 combining marks in the wrong order.
    """

    def __call__(self, value: Any) -> Any:
        too_long = self.max is not None and len(value) > self.max
        super().__call__(value if too_long else longest_form(value))
        return value


class Text(ma.fields.String):
    """A text of a bounded length, for everything that people type: kept, compared or looked up.

    Invisible characters are dropped, see `visible.shown`; what has nothing visible in it is empty.
    Control characters and lone surrogates, which nobody types, are refused.
    """

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(validate=Length(low, high), **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        typed = str(super()._deserialize(value, attr, data, **kwargs))
        if _NEVER_TYPED.search(typed):
            raise ma.ValidationError("Control characters are not allowed.")
        return shown(typed)


class PageQuery(Schema):
    """Which page of a list."""

    page = ma.fields.Integer(load_default=1, validate=validate.Range(1, 100_000))
    page_size = ma.fields.Integer(load_default=50, validate=validate.Range(1, 200))


def page_of(item: type[Schema], name: str) -> type[Schema]:
    """Return the schema of a page of items."""
    return Schema.from_dict(  # type: ignore[return-value]
        {
            "items": ma.fields.List(ma.fields.Nested(item), required=True),
            "total": ma.fields.Integer(required=True),
            "page": ma.fields.Integer(required=True),
            "page_size": ma.fields.Integer(required=True),
        },
        name=name,
    )


class ErrorBody(Schema):
    """The body of every error."""

    code = ma.fields.Integer(required=True)
    status = ma.fields.String(required=True)
    error = ma.fields.String(
        required=True, metadata={"description": "A slug for programs; it never changes."}
    )
    message = ma.fields.String(required=True, metadata={"description": "A sentence for people."})
    errors = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.List(ma.fields.String()), required=False
    )
    request_id = ma.fields.String(required=True)
