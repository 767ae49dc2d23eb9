"""The parameters in a request's address, checked before the engine or the library sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import QueryParams

from .errors import ApiError


def choice(query: QueryParams, name: str, allowed: Iterable[str], default: str = "", code: str = "BadArgument") -> str:
    """One of the allowed values, in their spelling; upper and lower case count the same.

    A parameter without a value counts as one that is missing.

    >>> choice(QueryParams("mode=handwritten"), "mode", ("Handwritten", "Printed"))
    'Handwritten'
    """
    value = query.get(name) or default
    for known in allowed:
        if known.lower() == value.lower():
            return known
    raise ApiError(code, f"{value!r} is not a value of {name}." if value else f"{name} is missing.", 400, name, value)


def choices(query: QueryParams, name: str, allowed: Iterable[str], code: str) -> tuple[str, ...]:
    """The allowed values in a list with commas, each once.

    >>> choices(QueryParams("visualFeatures=Tags,color,Tags"), "visualFeatures", ("Color", "Tags"), "BadArgument")
    ('Tags', 'Color')
    """
    names = {known.lower(): known for known in allowed}
    found = []
    for value in ",".join(query.getlist(name)).split(","):
        if value.strip().lower() in names:
            found.append(names[value.strip().lower()])
        elif value.strip():
            raise ApiError(code, f"{value.strip()!r} is not a value of {name} that this service answers.")
    return tuple(dict.fromkeys(found))


def flag(query: QueryParams, name: str, default: bool) -> bool:
    """True or false."""
    return choice(query, name, ("true", "false"), str(default)) == "true"


def number(query: QueryParams, name: str, least: int, most: int, default: int | None, code: str = "BadArgument") -> int:
    """A whole number from ``least`` to ``most``.

    >>> number(QueryParams("width=100"), "width", 1, 1024, None)
    100
    """
    text = query.get(name)
    if text is None and default is not None:
        return default
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise ApiError(code, f"{name} must be a whole number from {least} to {most}.", 400, name, text or "")
    return int(text)


def matching(query: QueryParams, name: str, pattern: str, default: str) -> str:
    """A value that looks as a regular expression says.

    >>> matching(QueryParams("model-version=2021-05-01"), "model-version", r"latest|[0-9-]+", "latest")
    '2021-05-01'
    """
    value = query.get(name) or default
    if not re.fullmatch(pattern, value, re.ASCII):
        raise ApiError("BadArgument", f"{value!r} is not a value of {name}.", 400, name, value)
    return value
