"""A few threads that work and a bounded number of places to wait: what comes when all are taken is sent away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from .errors import Busy

T = TypeVar("T")


class Workers:
    """One pool for all that costs processor time. It belongs to no event loop, so any number of loops may share it.

    >>> workers = Workers(threads=1, places=1)
    >>> with workers.place(), workers.place():
    ...     pass
    Traceback (most recent call last):
    ...
    cvhelpers.ondevice.service.errors.Busy: The service is busy. Try again in a moment.
    """

    def __init__(self, threads: int = 2, places: int = 64) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="cvhelpers-worker")
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def place(self) -> Iterator[None]:
        """One of the places, from the arrival of a picture to its answer; `Busy` if there is none."""
        self.take()
        try:
            yield
        finally:
            self._places.release()

    def take(self) -> None:
        """Take a place that `work_on` gives back."""
        if not self._places.acquire(blocking=False):
            raise Busy

    async def run(self, job: Callable[[], T]) -> T:
        """The result of a job, when a thread has come to it."""
        return await asyncio.wrap_future(self._pool.submit(job))

    def work_on(self, job: Callable[[], None]) -> None:
        """Do a job for which nobody waits, on a place that was taken before."""
        self._pool.submit(job).add_done_callback(lambda _: self._places.release())

    def close(self) -> None:
        """Finish what has begun, drop what has not."""
        self._pool.shutdown(cancel_futures=True)
