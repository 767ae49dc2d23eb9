"""What is asked again, and when.

A connection that can't be made is tried once more. One that breaks off, and the statuses 429, 500, 502, 503 and 504,
are tried again up to four times: at once, then after 1, 2 and 4 seconds, or after whatever ``Retry-After`` says, as
long as the deadline allows. Any other 4xx is final.
"""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Self

from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import MaxRetryError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from ..errors import seconds_to_wait
from . import deadline

log = logging.getLogger(__name__)

STATUSES = (429, 500, 502, 503, 504)
BACKOFF = 0.5
"""Seconds; the pauses are 0, 2, 4 and 8 times as long."""
LONGEST_WAIT = 60
"""Seconds. A service that asks for a longer pause is not asked again: the caller gets its answer at once."""


class PatientRetry(Retry):
    """urllib3's `Retry` that keeps to the deadline, and says when it waits."""

    RETRY_AFTER_STATUS_CODES = frozenset({429, 503})  # urllib3 has 413 among them: too large stays too large

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """The next try. Raises where there is none, or no time for it."""
        call = deadline.current()
        left = call.left() if len(self.history) < call.tries_again else 0
        if error is not None and left <= 0:
            raise error
        following = super().increment(method, url, response, error, _pool, _stacktrace)
        out_of_tries = len(self.history) >= call.tries_again
        too_long = response is not None and following.pause(response) > min(LONGEST_WAIT, left)
        if response is not None and _pool is not None and (out_of_tries or too_long):
            raise MaxRetryError(_pool, url or "", error)  # the caller gets this answer
        return following

    def pause(self, response: BaseHTTPResponse | None) -> float:
        """Seconds before this try."""
        asked = self.get_retry_after(response) if response is not None else None
        return max(asked or 0, self.get_backoff_time())

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        pause = self.pause(response)
        if pause >= 2:
            log.warning("The service asks for a pause: trying again in %.0f seconds.", pause)
        deadline.current().sleep(pause)

    def parse_retry_after(self, retry_after: str) -> float:
        """What can't be read is no wait; urllib3 would raise, and the service's own error would be lost."""
        return seconds_to_wait(retry_after) or 0


def patient(backoff: float = BACKOFF, statuses: tuple[int, ...] = STATUSES) -> PatientRetry:
    """The rule above, for these statuses."""
    return PatientRetry(
        total=deadline.TRIES_AGAIN,
        connect=1,  # a host that does not exist, or refuses, will not do better later
        status_forcelist=statuses,
        allowed_methods=None,  # also POST: these operations change nothing on the server
        backoff_factor=backoff,
        raise_on_status=False,  # after the last try the service's own error is what the caller reads
    )
