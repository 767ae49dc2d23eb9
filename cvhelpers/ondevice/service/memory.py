"""Giving memory back to the system after large pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


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
