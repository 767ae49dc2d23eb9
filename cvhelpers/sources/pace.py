"""No more calls in a minute than the service allows: whoever comes too early waits."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

log = logging.getLogger(__name__)

FREE_TIER = 20
"""Calls a minute. Each poll of an operation is one."""


class Pace:
    """So many calls in any sixty seconds.

    >>> clock, naps = [0.0], []
    >>> def sleep(seconds):
    ...     naps.append(seconds)
    ...     clock[0] += seconds
    >>> pace = Pace(2, clock=lambda: clock[0])
    >>> [pace.wait(sleep) for _ in range(3)], naps
    ([None, None, None], [60.0])
    """

    def __init__(self, calls_per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = calls_per_minute, clock
        self._calls: deque[float] = deque()
        self._lock = threading.Lock()

    def wait(self, sleep: Callable[[float], object] = time.sleep) -> None:
        """Wait until one more call is allowed, and count it."""
        with self._lock:
            now = self._clock()
            at = max(now, self._calls[0] + 60) if len(self._calls) == self._most else now
            if len(self._calls) == self._most:
                self._calls.popleft()
            self._calls.append(at)
        if at - now >= 1:
            log.warning(
                "The free tier allows %d calls a minute: going on in %.0f seconds. "
                'A paid tier allows more: connect("live", calls_per_minute=600).',
                self._most,
                at - now,
            )
        if at > now:
            sleep(at - now)
