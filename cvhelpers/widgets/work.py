"""One piece of work at a time, in the background: a new one replaces the old one, and any can be cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Cancelled(Exception):
    """Raised inside of work that nobody waits for any more."""


class Job:
    """One piece of work. What it calls now and then asks `check` whether to go on."""

    def __init__(self) -> None:
        self.cancelled = False

    def check(self) -> None:
        """Raise `Cancelled` once the job was cancelled or replaced."""
        if self.cancelled:
            raise Cancelled


class Worker:
    """Does one piece of work at a time in a thread of its own.

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
        """Begin; ``done`` or ``failed`` is called at the end, unless the job was cancelled or replaced before."""
        job = Job()
        with self._lock:
            self.cancel()
            self._job = job
            self._thread = threading.Thread(target=self._run, args=(job, work, done, failed), daemon=True)
            self._thread.start()

    def cancel(self) -> None:
        """Nobody waits any more: what is under way ends at its next `Job.check`, and its result is dropped."""
        with self._lock:
            if self._job:
                self._job.cancelled = True
            self._job = None

    def wait(self, seconds: float = 60) -> None:
        """Wait for the end of the work, for programs and tests; a notebook has no need to."""
        if self._thread:
            self._thread.join(seconds)

    def _run(
        self, job: Job, work: Callable[[Job], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        error: Exception | None = None
        try:
            result = work(job)
        except Cancelled:
            return
        except Exception as raised:  # whatever a learner's own function raises, too, is said beside the control
            error = raised
        with self._lock:
            if job.cancelled:
                return
            self._job = None
            if error:
                failed(error)
            else:
                done(result)
