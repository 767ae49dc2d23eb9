"""Call a learner's function: with a time limit, and telling whose code it was that stopped."""

from __future__ import annotations

import ctypes
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

SECONDS = 5.0
"""How long a call may take."""


class _Stop(BaseException):
    """Ends a function that does not end. No ``except Exception`` of a learner catches it."""


@dataclass(frozen=True)
class Trial:
    """What a call returned; or, where it returned nothing, in ``problem`` a sentence about why."""

    value: object = None
    problem: str = ""


def attempt(function: Callable[..., object], arguments: tuple[Any, ...], seconds: float | None = None) -> Trial:
    """Call the function in a thread of its own, and stop it when the time is over: after `SECONDS`, if not told.

    >>> attempt(len, ("four",))
    Trial(value=4, problem='')
    >>> def forever():
    ...     while True:
    ...         pass
    >>> attempt(forever, (), seconds=0.1).problem
    'Your function did not end within 0.1 seconds. If it has a loop, what makes its condition false? Leave out input().'
    """
    limit = SECONDS if seconds is None else seconds
    done: list[Trial] = []

    def work() -> None:
        try:
            done.append(Trial(function(*arguments)))
        except _Stop:
            done.append(Trial())
        except BaseException as error:  # also SystemExit: whatever a learner writes is told in words
            done.append(Trial(problem=_told(error, function)))

    def work_quietly() -> None:
        with suppress(_Stop):  # one that arrives when the work has ended
            work()

    thread = threading.Thread(target=work_quietly, daemon=True)
    thread.start()
    thread.join(limit)
    if done:
        return done[0]
    left = "" if _stop(thread, done) else " It is still running: choose Restart Kernel in the menu Kernel."
    return Trial(
        problem=f"Your function did not end within {limit:g} seconds. "
        f"If it has a loop, what makes its condition false? Leave out input().{left}"
    )


def _stop(thread: threading.Thread, done: list[Trial]) -> bool:
    """Raise `_Stop` in the thread, more than once where its code catches everything; say whether it ended."""
    end = time.monotonic() + 1
    while thread.is_alive() and not done and time.monotonic() < end:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_Stop))
        thread.join(0.05)
    return bool(done) or not thread.is_alive()


def _told(error: BaseException, function: Callable[..., object]) -> str:
    """What stopped the function, and at which of its lines."""
    lines = str(error).splitlines() or ["no more was said"]
    what = f"{type(error).__name__}: {lines[0].split('. ')[0].rstrip('.:')}"
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)[1:]  # the first is our own call
    if not frames and isinstance(error, TypeError):
        return f"Your function can't be called as the task says ({what}). Compare its names in brackets with the task."
    theirs = [frame for frame in frames if frame.filename == file]
    at = f" at the line ‘{theirs[-1].line}’" if theirs and theirs[-1].line else ""
    return f"Your code stopped{at} with {what}."
