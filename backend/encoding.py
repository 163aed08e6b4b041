"""JSON of what is written most often. orjson takes a tenth of the time of the standard library."""

from typing import Any

import orjson


def encoded(value: Any) -> bytes:
    """Return dicts (their keys are text), lists, tuples, texts, numbers, booleans and None as JSON
    in UTF-8, without spaces: the bytes that Flask's `jsonify` makes of them here.

    Raises `TypeError` for anything else.
    """
    return orjson.dumps(value)
