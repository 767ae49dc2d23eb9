"""A few threads that do what costs processor time. Clients take turns, so that nobody waits for another's hundred."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class Workers:
    """One pool for all. It belongs to no event loop, so that any number of loops may share it.

    >>> workers = Workers(threads=1)
    >>> workers.submit("a client", lambda: 6 * 7).result()
    42
    """

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="cvhelpers-worker")
        # The jobs of each client; the client whose turn is next comes first.
        self._waiting: dict[str, deque[tuple[Future[Any], Callable[[], Any]]]] = {}
        self._lock = threading.Lock()

    async def run(self, client: str, job: Callable[[], T]) -> T:
        """The result of a job, when a thread has come to it."""
        return await asyncio.wrap_future(self.submit(client, job))

    def submit(self, client: str, job: Callable[[], T]) -> Future[T]:
        """Have a job done."""
        future: Future[T] = Future()
        with self._lock:
            self._waiting.setdefault(client, deque()).append((future, job))
            self._pool.submit(self._do_next)
        return future

    def close(self) -> None:
        """Finish what has begun, drop what has not."""
        self._pool.shutdown(cancel_futures=True)
        for jobs in self._waiting.values():
            for future, _ in jobs:
                future.cancel()

    def _do_next(self) -> None:
        future, job = self._next()
        if not future.set_running_or_notify_cancel():
            return  # the client has gone
        try:
            future.set_result(job())
        except BaseException as error:
            future.set_exception(error)

    def _next(self) -> tuple[Future[Any], Callable[[], Any]]:
        """The first job of the client whose turn it is. Its other jobs wait until all others had a turn."""
        with self._lock:
            client = next(iter(self._waiting))
            jobs = self._waiting.pop(client)
            job = jobs.popleft()
            if jobs:
                self._waiting[client] = jobs
            return job
