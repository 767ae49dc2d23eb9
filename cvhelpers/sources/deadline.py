"""One time limit for a whole call: connecting, retries, redirects, polling, and reading to the last byte.

A time limit of `requests` counts anew with every byte that arrives, so a server that sends one byte a second is never
too slow for it. Here the call is made in a thread of its own, and the caller waits for it until the deadline and no
longer. When nobody waits any more, the thread's connection is shut down, so that the thread ends as well.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import requests

T = TypeVar("T")
DEFAULT_SECONDS = 60.0
CONNECT_SECONDS = 5.0
"""A host that can't be reached is given up after this many seconds."""

_running = threading.local()


class Deadline:
    """A point in time up to which a call may last.

    >>> deadline = Deadline(60)
    >>> deadline.over, 59 < deadline.left() <= 60
    (False, True)
    """

    def __init__(self, seconds: float = DEFAULT_SECONDS) -> None:
        self._end = time.monotonic() + seconds
        self._sockets: list[socket.socket] = []

    @classmethod
    def of(cls, timeout: Any) -> Deadline:
        """From what `requests` takes as ``timeout``: nothing, seconds, or seconds to connect and to read."""
        if isinstance(timeout, Deadline):
            return timeout
        if isinstance(timeout, tuple):
            timeout = sum(part or 0 for part in timeout)
        return cls(timeout) if timeout is not None else cls()

    def left(self) -> float:
        """Seconds until the deadline; 0 once it has passed."""
        return max(0.0, self._end - time.monotonic())

    @property
    def over(self) -> bool:
        return self.left() <= 0

    def timeouts(self) -> tuple[float, float]:
        """The same for `requests`, as far as it can keep to it: seconds to connect, and for each read."""
        left = max(self.left(), 0.001)
        return min(CONNECT_SECONDS, left), left

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection down if it is still at work when the deadline has passed."""
        self._sockets.append(connection)

    def run(self, job: Callable[[], T]) -> T:
        """The result of a job, or `requests.ReadTimeout` at the deadline."""
        results: list[T] = []
        errors: list[BaseException] = []

        def work() -> None:
            _running.deadline = self
            try:
                results.append(job())
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=work, name="cvhelpers-request", daemon=True)
        thread.start()
        try:
            thread.join(self.left())
        finally:  # also when the learner presses Stop
            if thread.is_alive():
                self._end = 0.0
                self._shut_down()
        if errors:
            raise errors[0]
        if not results:
            raise requests.ReadTimeout("The time limit was reached.")
        return results[0]

    def _shut_down(self) -> None:
        for connection in self._sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def running() -> Deadline | None:
    """The deadline of the call that this thread is making, if it is making one."""
    return getattr(_running, "deadline", None)
