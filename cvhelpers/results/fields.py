"""Reading JSON that may be anything: a value of the right kind, or `UnexpectedAnswer`; never a KeyError."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..errors import UnexpectedAnswer, parse_error_body

Json = Mapping[str, Any]
T = TypeVar("T")
LARGEST = 1e15
"""Of the numbers in an answer. No picture is so wide, and what is larger is no longer a whole number when scaled."""


def missing(what: str, wanted: str, data: Json) -> UnexpectedAnswer:
    """The error that names what is not there, and what is; in the service's own words where it has any."""
    found = ", ".join(sorted(map(str, data))) or "nothing"
    said = parse_error_body(json.dumps(data)).message if {"error", "errors", "message"} & set(data) else ""
    because = f" The service says: {said}" if said else ""
    return UnexpectedAnswer(f"This is not {what}: it has no {wanted}. It has: {found}.{because}")


def short(value: object) -> str:
    """For messages: a list may be long and nested deep, so its kind must do."""
    if isinstance(value, list | Mapping):
        return "a list" if isinstance(value, list) else "an object"
    return repr(value)[:60]


def json_object(data: object, where: str) -> Json:
    if not isinstance(data, Mapping):
        raise UnexpectedAnswer(f"Expected {where} as a JSON object, got {short(data)}.")
    return data


def items(data: Json, key: str, where: str) -> list[Any]:
    value = data.get(key)
    if value is not None and not isinstance(value, list):
        raise UnexpectedAnswer(f"{key} of {where} should be a list, not {short(value)}.")
    return value or []


def read_all(data: Json, key: str, read: Callable[[Json], T]) -> tuple[T, ...]:
    return tuple(read(json_object(item, key)) for item in items(data, key, "the answer"))


def text(data: Json, key: str, where: str) -> str:
    if key not in data:
        raise missing(where, key, data)
    if not isinstance(data[key], str):
        raise UnexpectedAnswer(f"{key} of {where} should be text, not {short(data[key])}.")
    return str(data[key])


def text_if_any(data: Json, key: str, where: str) -> str:
    return "" if data.get(key) is None else text(data, key, where)


def words(data: Json, key: str, where: str) -> tuple[str, ...]:
    return tuple(text({key: word}, key, where) for word in items(data, key, where))


def number(data: Json, key: str, where: str) -> float:
    """A number that is not beyond `LARGEST`; JSON in Python also has NaN and Infinity."""
    if key not in data:
        raise missing(where, key, data)
    try:
        number = float(data[key])
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not abs(number) <= LARGEST:  # NaN is not less than anything
        raise UnexpectedAnswer(f"{key} of {where} should be a number, not {short(data[key])}.")
    return number


def number_if_any(data: Json, key: str, where: str) -> float | None:
    return None if data.get(key) is None else number(data, key, where)


def whole_if_any(data: Json, key: str, where: str) -> int | None:
    number = number_if_any(data, key, where)
    return None if number is None else round(number)
