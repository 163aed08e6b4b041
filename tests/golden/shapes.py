"""The shape of an answer: its fields, and their types."""

from collections.abc import Container, Iterator
from typing import Any

NOTHING = "nothing"
# The body of a step: phones send it back as it is, and look at nothing in it.
SENT_BACK = "body"
_NAMES = {bool: "yes or no", int: "number", float: "number", str: "text", type(None): NOTHING}


def shape(answer: Any, words: Container[str]) -> Any:
    """Return the shape of an answer, with only those fields that are among the words.

    The shape of a list is that of its first item.
    """
    if isinstance(answer, dict):
        return {name: shape(value, words) for name, value in answer.items() if name in words}
    if isinstance(answer, list):
        return [shape(item, words) for item in answer[:1]]
    return _NAMES[type(answer)]


def missing(wanted: Any, answer: Any, where: str = "answer") -> Iterator[str]:
    """Yield a sentence for each part of an answer that lacks its earlier shape.

    What was null may be anything now; a list may be empty, and a list or an object null, because
    questions and seats are drawn at random. New fields are ignored.
    """
    if answer is None and isinstance(wanted, dict | list):
        return
    if isinstance(wanted, dict):
        if not isinstance(answer, dict):
            yield f"{where} is no object"
            return
        for name, part in wanted.items():
            if name not in answer:
                yield f"{where}.{name} is gone"
            elif name == SENT_BACK and isinstance(part, dict):
                if not isinstance(answer[name], dict):
                    yield f"{where}.{name} is no object"
            else:
                yield from missing(part, answer[name], f"{where}.{name}")
    elif isinstance(wanted, list):
        if not isinstance(answer, list):
            yield f"{where} is no list"
            return
        for part, item in zip(wanted, answer, strict=False):
            yield from missing(part, item, f"{where}[0]")
    elif wanted != NOTHING and _NAMES.get(type(answer)) != wanted:
        yield f"{where} is no {wanted}"
