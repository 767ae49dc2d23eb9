"""One piece of work at a time, in the background: a new one replaces the old one, and any can be cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Cancelled(Exception):
    """Raised inside of work whose result nobody waits for any more."""


class Job:
    """One piece of work. It calls `check` now and then to learn whether to go on."""

    def __init__(self) -> None:
        self.cancelled = False

    def check(self) -> None:
        """Raise `Cancelled` once the job was cancelled or replaced."""
        if self.cancelled:
            raise Cancelled


class Worker:
    """Does one piece of work at a time, in a thread.

    Each piece has a thread of its own, so that a cancelled one that still waits for an answer holds up nobody. The
    threads are daemons: one that waits does not keep a kernel from stopping, as those of `concurrent.futures` do.

    >>> worker, seen = Worker(), []
    >>> worker.start(lambda job: 6 * 7, seen.append, seen.append)
    >>> worker.wait()
    >>> seen
    [42]
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._job: Job | None = None
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        return self._job is not None

    def start(self, work: Callable[[Job], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Begin. At the end ``done`` or ``failed`` is called, unless the job was cancelled or replaced before.

        ``failed`` is called as well when ``done`` raises an error: what can't be shown is said.
        """
        job = Job()
        with self._lock:
            self.cancel()
            self._job = job
            self._thread = threading.Thread(target=self._run, args=(job, work, done, failed), daemon=True)
            self._thread.start()

    def cancel(self) -> None:
        """Wait no more: the work ends at its next `Job.check`, and its result is dropped."""
        with self._lock:
            if self._job:
                self._job.cancelled = True
            self._job = None

    def wait(self, seconds: float = 60) -> None:
        """Wait for the end of the work. For programs and tests; a notebook has no need to."""
        if self._thread:
            self._thread.join(seconds)

    def _run(
        self, job: Job, work: Callable[[Job], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        try:
            result = work(job)
        except Cancelled:
            return
        except Exception as error:  # a learner's own function may raise anything
            self._end(job, failed, error, failed)
        else:
            self._end(job, done, result, failed)

    def _end(self, job: Job, call: Callable[[T], None], value: T, failed: Callable[[Exception], None]) -> None:
        with self._lock:
            if job.cancelled:
                return
            self._job = None
            try:
                call(value)
            except Exception as error:
                failed(error)
