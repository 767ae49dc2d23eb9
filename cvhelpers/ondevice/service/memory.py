"""Room for large pictures: they are looked at one at a time, and their memory goes back to the system."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import PIL.Image

from ..engine import Engine

LARGE = 3_000_000
"""Pixels. The models need some ten times the memory of a picture while they look at it."""

_one_at_a_time = threading.Lock()


@contextmanager
def room_for(image: PIL.Image.Image, engine: Engine) -> Iterator[None]:
    """Look at a picture in a ``with`` block. A large one waits until no other large one is looked at."""
    if image.width * image.height < LARGE:
        yield
        return
    with _one_at_a_time:
        try:
            yield
        finally:
            engine.give_back_memory()
            give_back_memory()


def give_back_memory() -> None:
    """Ask the C library to return to the system what was freed. Does nothing where the library can't.

    The GNU C library keeps freed memory for itself, in one pool for each thread: after a few large pictures that was
    twice what the service needs.

    >>> give_back_memory()
    """
    if trim := _malloc_trim():
        trim(0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # macOS, musl and Windows have none
        return None
    return trim
