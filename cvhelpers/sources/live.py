"""The network: real answers, asked for with patience and politeness.

Waiting and retrying is done by urllib3's `Retry`. A connection that can't be made is tried once more. One that breaks
off, 429, 500, 502, 503 and 504 are tried again up to four times: at once, then after 1, 2 and 4 seconds, or after
whatever ``Retry-After`` says, as long as the call's deadline allows. Any other 4xx is final. An answer is read to its
end here, within the deadline and a limit on its size.
"""

from __future__ import annotations

import io
import logging
import os
import re
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import MaxRetryError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from ..errors import SetupError, UnexpectedAnswer, seconds_to_wait
from ..protocol import headers
from . import deadline as deadlines
from .base import Key, Service, Source
from .deadline import Deadline

if TYPE_CHECKING:
    from ..pictures import Picture

log = logging.getLogger(__name__)

MAX_ANSWER = 32 * 2**20
"""Bytes, unpacked: more than any answer or picture of the services has."""
LONGEST_WAIT = 60
"""Seconds. A service that asks for a longer pause is not asked again: the caller gets its answer at once."""
THUMBNAIL_WIDTHS = (20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840)
"""Pixels: the only widths in which Wikimedia serves thumbnails since January 2026; it refuses others with 429."""


class PatientRetry(Retry):
    """urllib3's `Retry` that says when it waits, and gives up at once where the wait would be too long."""

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
        left = _left()
        if response is not None and _pool is not None:
            wait = max(self.get_retry_after(response) or 0, self.get_backoff_time())
            if wait > min(LONGEST_WAIT, left):
                raise MaxRetryError(_pool, url or "", error)
        if error is not None and left <= 0:
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


def _left() -> float:
    """Seconds that the call of this thread has left."""
    running = deadlines.running()
    return running.left() if running else LONGEST_WAIT


class Live(Source):
    """Sends requests over the network; 16 at a time to one host."""

    name = "live"

    def __init__(self, backoff: float = 0.5) -> None:
        retries = PatientRetry(
            total=4,
            connect=1,  # a host that does not exist, or refuses, will not do better later
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=None,  # also POST: these operations change nothing on the server
            backoff_factor=backoff,
            raise_on_status=False,  # after the last try the service's own error is what the caller reads
        )
        super().__init__(max_retries=retries, pool_maxsize=16)

    def vision_service(self, endpoint: str | None, key: str | None, api_version: str | None) -> Service:
        endpoint, key = _setting("VISION_ENDPOINT", endpoint), _setting("VISION_KEY", key)
        return Service(endpoint, Key(key), api_version or "v3.2")

    def search_service(self, endpoint: str | None, key: str | None) -> Service:
        if not endpoint:
            raise SetupError(
                "Bing Image Search was retired on 11 August 2025, so there is nothing to go live with. "
                'cvhelpers.connect("keyless") answers; endpoint= names a server that speaks the same protocol.'
            )
        return super().search_service(endpoint, key)

    def picture_address(self, picture: Picture) -> str | None:
        # A stand-in has the address of the picture that it stands in for, which the network would answer for.
        return None if picture.note or picture.url is None else self.served_address(picture.url)

    def served_address(self, url: str) -> str:
        """The same Wikimedia thumbnail in the nearest width that is served; any other address as it is.

        >>> Live().served_address("https://upload.wikimedia.org/wikipedia/commons/thumb/a/af/Quote.png/338px-Quote.png")
        'https://upload.wikimedia.org/wikipedia/commons/thumb/a/af/Quote.png/330px-Quote.png'
        """
        width = thumbnail_width(url)
        if width is None or width in THUMBNAIL_WIDTHS:
            return url
        nearest = min(THUMBNAIL_WIDTHS, key=lambda served: abs(served - width))
        return re.sub(r"/\d+px-(?=[^/]*$)", f"/{nearest}px-", url)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **options: Any) -> urllib3.ProxyManager:
        manager: urllib3.ProxyManager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        request.url = self.served_address(str(request.url))
        deadline = Deadline.of(timeout)
        response = deadline.run(lambda: self._exchange(request, deadline, verify, cert, proxies))
        response.headers.setdefault(headers.SOURCE, f"live; {_service(request.url)}")
        return response

    def _exchange(
        self, request: requests.PreparedRequest, deadline: Deadline, verify: bool | str, cert: Any, proxies: Any
    ) -> requests.Response:
        response = super().send(request, True, deadline.timeouts(), verify, cert, proxies)
        with response:
            data = bytearray()
            for chunk in response.iter_content(64 * 1024):
                data += chunk
                if len(data) > MAX_ANSWER:
                    host = urlsplit(request.url).netloc
                    raise UnexpectedAnswer(
                        f"The answer of {host!s} is larger than {MAX_ANSWER // 2**20} MB; it was not read to its end. "
                        "Check the address."
                    )
        response._content = bytes(data)  # where requests itself keeps an answer that was read
        response.raw = io.BytesIO(response._content)
        return response


class _Watched:
    """A connection that tells the running deadline which socket it uses."""

    sock: Any

    def request(self, *args: Any, **options: Any) -> Any:
        if self.sock is not None:
            _watch(self.sock)
        return super().request(*args, **options)  # type: ignore[misc]

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        _watch(self.sock)


def _watch(connection: Any) -> None:
    running = deadlines.running()
    if running:
        running.watch(connection)


class _HttpConnection(_Watched, urllib3.connection.HTTPConnection):
    pass


class _HttpsConnection(_Watched, urllib3.connection.HTTPSConnection):
    pass


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


_POOLS: dict[str, Any] = {"http": _HttpPool, "https": _HttpsPool}


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
    host = parts.netloc.rpartition("@")[2]  # never a password that stands in an address
    return f"{host} {version[1]}" if version else host


def _setting(name: str, given: str | None) -> str:
    value = given or os.environ.get(name, "")
    if not value.strip():
        raise SetupError(
            f"The live source needs {name}. Set it in the environment before you start Python, or pass it as an "
            'argument; without a key, cvhelpers.connect("keyless") answers.'
        )
    return value.strip()
