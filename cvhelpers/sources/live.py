"""The network: real answers, asked for with patience and politeness.

Waiting and retrying is done by urllib3's `Retry`. A connection that fails, 429, 500, 502, 503 and 504 are tried again
up to four times: at once, then after 1, 2 and 4 seconds, or after whatever ``Retry-After`` says. Any other 4xx is
final, and so is an answer that did not come in time: it had its minute.
"""

from __future__ import annotations

import logging
import re
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import MaxRetryError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from ..errors import seconds_to_wait
from ..exchange import SOURCE_HEADER

log = logging.getLogger(__name__)

TIMEOUT = (5, 60)
"""Seconds to connect, and to wait for each part of an answer, where the caller names no time limit."""
LONGEST_WAIT = 60
"""Seconds. A service that asks for a longer pause is not asked again: the caller gets its answer at once."""
THUMBNAIL_WIDTHS = (20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840)
"""Pixels: the only widths in which Wikimedia serves thumbnails since January 2026; it refuses others with 429."""


class PatientRetry(Retry):
    """urllib3's `Retry` that says when it waits, and gives up at once where the wait would be long."""

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
        if response is not None and _pool is not None and (self.get_retry_after(response) or 0) > LONGEST_WAIT:
            raise MaxRetryError(_pool, url, error)
        if isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def parse_retry_after(self, retry_after: str) -> float:
        """What can't be read is no wait; urllib3 would raise, and the service's own error would be lost."""
        return seconds_to_wait(retry_after) or 0

    def sleep_for_retry(self, response: BaseHTTPResponse) -> bool:
        wait = self.get_retry_after(response)
        if wait and wait >= 2:
            log.warning("The service asks for a pause: trying again in %.0f seconds.", wait)
        return super().sleep_for_retry(response)


class Live(HTTPAdapter):
    """Sends requests over the network; 16 at a time to one host."""

    def __init__(self, backoff: float = 0.5) -> None:
        retries = PatientRetry(
            total=4,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=None,  # also POST: these operations change nothing on the server
            backoff_factor=backoff,
            raise_on_status=False,  # after the last try the service's own error is what the caller reads
        )
        super().__init__(max_retries=retries, pool_maxsize=16)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        request.url = served_address(str(request.url))
        response = super().send(request, stream, timeout or TIMEOUT, verify, cert, proxies)
        response.headers.setdefault(SOURCE_HEADER, f"live; {_service(request.url)}")
        return response


def served_address(url: str) -> str:
    """The same Wikimedia thumbnail in the nearest width that is served; any other address as it is.

    >>> served_address("https://upload.wikimedia.org/wikipedia/commons/thumb/a/af/Quote.png/338px-Quote.png")
    'https://upload.wikimedia.org/wikipedia/commons/thumb/a/af/Quote.png/330px-Quote.png'
    """
    width = thumbnail_width(url)
    if width is None or width in THUMBNAIL_WIDTHS:
        return url
    nearest = min(THUMBNAIL_WIDTHS, key=lambda served: abs(served - width))
    return re.sub(r"/\d+px-(?=[^/]*$)", f"/{nearest}px-", url)


def thumbnail_width(url: str) -> int | None:
    """The width in pixels that the address of a Wikimedia thumbnail asks for, or None.

    >>> thumbnail_width("https://upload.wikimedia.org/wikipedia/commons/thumb/1/12/A.jpg/450px-A.jpg")
    450
    """
    found = re.match(r"https?://upload\.wikimedia\.org/.*/thumb/.*/([0-9]{1,5})px-[^/]*$", url)
    return int(found[1]) if found else None


def _service(url: str) -> str:
    parts = urlsplit(url)
    version = re.search(r"/(v\d+\.\d+)/", parts.path)
    return f"{parts.netloc} {version[1]}" if version else parts.netloc
