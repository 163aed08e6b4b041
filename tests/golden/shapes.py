"""The shape of an answer: which fields it has, and of what type they are."""

from collections.abc import Container, Iterator
from typing import Any

NOTHING = "nothing"
_NAMES = {bool: "yes or no", int: "number", float: "number", str: "text", type(None): NOTHING}


def shape(answer: Any, words: Container[str]) -> Any:
    """Return the shape of an answer, with those fields alone that are among the words.

    Of a list, the shape of its first item.
    """
    if isinstance(answer, dict):
        return {name: shape(value, words) for name, value in answer.items() if name in words}
    if isinstance(answer, list):
        return [shape(item, words) for item in answer[:1]]
    return _NAMES[type(answer)]


def missing(wanted: Any, answer: Any, where: str = "answer") -> Iterator[str]:
    """Yield a sentence for each part of an answer that does not have the shape that it had.

    What was nothing may be anything now; a list may be empty, and a list or an object nothing:
    questions and seats are drawn by chance. What is new is not looked at.
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
