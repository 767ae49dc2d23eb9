"""How much of something there is for all, and how much of that for each client: memory, work, downloads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Busy


class Quota:
    """So much for all and so much for each client. Nobody waits: who asks for more is refused with `Busy`.

    It belongs to no event loop, so that any number of loops may share it.

    >>> downloads = Quota(total=3, each=2)
    >>> downloads.take("a", 2)
    >>> downloads.take("b")
    >>> downloads.take("b")
    Traceback (most recent call last):
    ...
    cvhelpers.ondevice.service.errors.Busy: The service is busy. Try again in a moment.
    """

    def __init__(self, total: int, each: int) -> None:
        self._total, self._each = total, each
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, client: str, amount: int = 1) -> None:
        """Take some; all of it or nothing."""
        with self._lock:
            if self._taken.total() + amount > self._total or self._taken[client] + amount > self._each:
                raise Busy
            self._taken[client] += amount

    def give_back(self, client: str, amount: int = 1) -> None:
        """Give back what was taken."""
        with self._lock:
            self._taken[client] -= amount
            if self._taken[client] <= 0:  # clients that have nothing are forgotten
                del self._taken[client]

    @contextmanager
    def held(self, client: str, amount: int = 1) -> Iterator[None]:
        """Take some for as long as a ``with`` block lasts."""
        self.take(client, amount)
        try:
            yield
        finally:
            self.give_back(client, amount)


class Share:
    """What one request has taken of a quota. It grows, and goes back all at once."""

    def __init__(self, quota: Quota, client: str) -> None:
        self._quota, self._client, self._amount = quota, client, 0

    def take(self, amount: int) -> None:
        """Take some more; raises `Busy` if there is none."""
        self._quota.take(self._client, amount)
        self._amount += amount

    def give_back(self) -> None:
        """Give all of it back. A second time does nothing."""
        amount, self._amount = self._amount, 0
        if amount:
            self._quota.give_back(self._client, amount)

    def moved(self) -> Share:
        """Another share that holds what this one held; this one holds nothing then."""
        other = Share(self._quota, self._client)
        other._amount, self._amount = self._amount, 0
        return other
