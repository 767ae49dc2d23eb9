"""One time limit for a whole call: connecting, retries, redirects, polling, and reading to the last byte.

A time limit of `requests` begins anew with every byte that arrives, so a server that sends one byte a second is never
too slow for it. Here a call is made in a thread of its own, and the caller waits for it until the deadline and no
longer. Then the thread's connections are shut down, so that the thread ends as well.
"""

from __future__ import annotations

import contextlib
import contextvars
import math
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

import requests

from ..errors import OptionError

T = TypeVar("T")
DEFAULT_SECONDS = 60.0
CONNECT_SECONDS = 5.0
"""A host that can't be reached is given up after this many seconds."""
TRIES_AGAIN = 4
"""How often a call is tried again at most."""
LONGEST = 86_400.0
"""Seconds; more than a day is taken for a day, because the system's own clocks have an end."""
STEP = 0.2
"""Seconds that the caller waits at a time: Windows notices a Stop only between two waits."""


class Deadline:
    """A point in time up to which a call may last, and how often it is tried again at most.

    >>> deadline = Deadline(60)
    >>> deadline.over, 59 < deadline.left() <= 60
    (False, True)
    """

    def __init__(self, seconds: float = DEFAULT_SECONDS, tries_again: int = TRIES_AGAIN) -> None:
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or math.isnan(seconds):
            raise OptionError(f"timeout is a number of seconds, not {seconds!r}. Give one, for instance timeout=30.")
        self._end = time.monotonic() + min(seconds, LONGEST)
        self.tries_again = tries_again
        self._stopped = threading.Event()
        self._sockets: list[socket.socket] = []

    @classmethod
    def of(cls, timeout: Any) -> Deadline:
        """From what `requests` takes as ``timeout``: nothing, seconds, or seconds to connect and to read."""
        if isinstance(timeout, Deadline):
            return timeout
        if isinstance(timeout, tuple):
            timeout = sum(part or 0 for part in timeout)
        return cls(DEFAULT_SECONDS if timeout is None else timeout)

    def left(self) -> float:
        """Seconds until the deadline; 0 once it has passed, or once nobody waits any more."""
        return 0.0 if self._stopped.is_set() else max(0.0, self._end - time.monotonic())

    @property
    def over(self) -> bool:
        return self.left() <= 0

    def timeouts(self) -> tuple[float, float]:
        """The same for `requests`, as far as it can keep to it: seconds to connect, and for each read."""
        left = max(self.left(), 0.001)
        return min(CONNECT_SECONDS, left), left

    def sleep(self, seconds: float) -> None:
        """Wait so long. Raises `requests.ReadTimeout` once nobody waits for the answer any more."""
        end = time.monotonic() + min(seconds, self.left())
        while not self._stopped.wait(max(0.0, min(STEP, end - time.monotonic()))):
            if time.monotonic() >= end:
                return
        raise requests.ReadTimeout("The time limit was reached.")

    def run(self, job: Callable[[], T]) -> T:
        """The result of a job, or `requests.ReadTimeout` at the deadline."""
        if self.over:
            raise requests.ReadTimeout("The time limit was reached.")
        outcome: Future[T] = Future()
        work = contextvars.copy_context().run
        threading.Thread(target=work, args=(self._work, job, outcome), name="cvhelpers-request", daemon=True).start()
        try:
            while not outcome.done() and not self.over:
                wait([outcome], min(self.left(), STEP))
        finally:  # also when the learner presses Stop
            if not outcome.done():
                self.stop()
            self._sockets = []  # those of a call that has ended serve for other calls
        if self._stopped.is_set():
            raise requests.ReadTimeout("The time limit was reached.")
        return outcome.result()

    def _work(self, job: Callable[[], T], outcome: Future[T]) -> None:
        _of_thread.deadline = self
        try:
            outcome.set_result(job())
        except BaseException as error:
            outcome.set_exception(error)

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection down if it is still at work when nobody waits any more."""
        self._sockets.append(connection)
        if self._stopped.is_set():
            self.stop()

    def stop(self) -> None:
        """End the call: nobody waits for it any more."""
        self._stopped.set()
        for connection in list(self._sockets):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


_of_thread = threading.local()


def current() -> Deadline:
    """The deadline of the call that this thread is making."""
    deadline: Deadline = getattr(_of_thread, "deadline", None) or Deadline()
    return deadline
