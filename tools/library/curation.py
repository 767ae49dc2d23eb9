"""The committed choices of `curation.toml`."""

import fnmatch
import functools
import tomllib
from pathlib import Path
from typing import Any


@functools.cache
def _curation() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("curation.toml").read_text("utf-8"))


def left_out(key: str) -> str | None:
    """Why a picture is left out, or `None` if it is not.

    >>> left_out("openclipart/tools/weapons/knife.svg")
    'not for a classroom'
    """
    collection, _, path = key.partition("/")
    if path in _curation()["kept"]["flags"]:
        return None
    lists = ["openclipart"] if collection == "openclipart" else ["emoji", collection]
    choices = [choice for name in lists for choice in _curation().get(name, {}).items()]
    return next((str(why) for pattern, why in choices if fnmatch.fnmatchcase(path, pattern)), None)


@functools.cache
def filing_keywords() -> frozenset[str]:
    return frozenset(_curation()["keywords"]["filing"])


@functools.cache
def compounds() -> frozenset[str]:
    return frozenset(_curation()["compounds"]["misleading"])


def photograph_keywords(name: str) -> tuple[str, ...]:
    """What is on a sample photograph; its description alone when nobody wrote keywords for it."""
    return tuple(_curation()["photographs"].get(name, ()))
