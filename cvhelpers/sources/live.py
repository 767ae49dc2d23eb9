"""The network: real answers, asked for with patience and politeness.

`retries` says what is asked again. An answer is read to its end here, within the deadline and a limit on its size.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

import requests
import urllib3

from ..errors import SetupError, UnexpectedAnswer
from ..protocol import addresses, headers
from . import reach
from .base import Service, Source
from .deadline import Deadline
from .keys import Key, hidden, without_key
from .open_search.search import OpenSearch
from .retries import BACKOFF, STATUSES, patient
from .settings import ENDPOINT, KEY, setting
from .turns import turn
from .watched import POOLS

if TYPE_CHECKING:
    from ..pictures import Picture

MAX_ANSWER = 32 * 2**20
"""Bytes, unpacked: more than any answer or picture of the services has."""
CHUNK = 64 * 1024
THUMBNAIL_WIDTHS = (20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840)
"""Pixels: the only widths in which Wikimedia serves thumbnails since January 2026; it refuses others with 429."""


class Live(Source):
    """Sends requests over the network; 16 at a time to one host."""

    name = "live"

    def __init__(self, backoff: float = BACKOFF, statuses: tuple[int, ...] = STATUSES) -> None:
        super().__init__(max_retries=patient(backoff, statuses), pool_maxsize=16)

    def add_headers(self, request: requests.PreparedRequest, **_: Any) -> None:
        """Ask for no other packing than the one that is unpacked here."""
        request.headers["Accept-Encoding"] = "gzip"

    def vision_service(self, endpoint: str | None, key: Key | None, api_version: str | None) -> Service:
        endpoint = without_key(endpoint or setting(ENDPOINT).value) or _missing(ENDPOINT)
        key = key or hidden(setting(KEY).value) or _missing(KEY)
        return Service(endpoint, key, api_version or "v3.2")

    def search_service(self, endpoint: str | None, key: Key | None) -> Service:
        """Bing was retired: at its own address an open service answers, and needs no key."""
        return super().search_service(endpoint, key if endpoint else None)

    @cached_property
    def open_search(self) -> OpenSearch:
        """The open service that answers image searches."""
        return open_search()

    def picture_address(self, picture: Picture) -> str | None:
        address = super().picture_address(picture)
        # A stand-in has the address of the picture that it stands in for, and Wikimedia serves some in another width:
        # of these the network would answer for another picture.
        return None if picture.note or address is None or address != self.served_address(address) else address

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
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **options: Any) -> urllib3.ProxyManager:
        manager: urllib3.ProxyManager = super().proxy_manager_for(*args, **options)
        if type(manager) is urllib3.ProxyManager:  # a SOCKS proxy has pools of its own
            manager.pool_classes_by_scheme = POOLS
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
        if addresses.is_retired_search(request.url):
            return self._search(request, deadline)
        if self.pace is not None and self._counts_calls(request.url):
            self.pace.wait(deadline.sleep)
        response = deadline.run(lambda: self._exchange(request, deadline, verify, cert, proxies))
        response.headers.setdefault(headers.SOURCE, f"live; {_service(request.url)}")
        return response

    def _counts_calls(self, url: str) -> bool:
        """Is this an operation of Azure, which has a limit of calls a minute?"""
        return addresses.is_service_host(addresses.host_of(url)) and addresses.needs_key(addresses.path_of(url))

    def _search(self, request: requests.PreparedRequest, deadline: Deadline) -> requests.Response:
        """An answer in Bing's shape."""
        parameters = dict(parse_qsl(urlsplit(str(request.url)).query))
        answer = self.open_search.answer(parameters, deadline)
        told = {
            "Content-Type": f"{headers.JSON}; charset=utf-8",
            headers.SOURCE: answer.source,
            **answer.headers,
        }
        raw = urllib3.HTTPResponse(
            io.BytesIO(json.dumps(answer.body, ensure_ascii=False).encode()),
            told,
            answer.status,
            reason=HTTPStatus(answer.status).phrase,
            preload_content=False,
        )
        return self.build_response(request, raw)

    def _exchange(
        self, request: requests.PreparedRequest, deadline: Deadline, verify: bool | str, cert: Any, proxies: Any
    ) -> requests.Response:
        limited = reach.is_public_only() and not self.is_service(str(request.url))  # a redirect comes here as well
        if limited:
            reach.check_host(str(request.url))
        with turn(str(request.url), deadline):
            with reach.public_only(limited):
                response = super().send(request, True, deadline.timeouts(), verify, cert, proxies)
            with response:
                data = _read_to_its_end(response, addresses.host_of(str(request.url)))
        response._content = data  # where requests itself keeps an answer that was read
        response.raw = io.BytesIO(data)
        return response


def _read_to_its_end(response: requests.Response, host: str) -> bytes:
    # urllib3 2.8 unpacks with a limit of its own. Where a part ends just there it doubles what is left: with a new
    # zlib, a quarter of a megabyte fills the memory. So it is not told that the answer is packed.
    encoding = response.raw.headers.pop("Content-Encoding", "").strip().lower()
    parts: Iterable[bytes] = response.iter_content(CHUNK)
    if encoding in ("gzip", "x-gzip"):
        parts = unpacked(parts)
    elif encoding not in ("", "identity"):
        raise requests.exceptions.ContentDecodingError(f"The answer is packed as {encoding[:20]}, not as gzip.")
    data = bytearray()
    for part in parts:
        data += part
        if len(data) > MAX_ANSWER:
            raise UnexpectedAnswer(
                f"The answer of {host} is larger than {MAX_ANSWER // 2**20} MB; not all of it was read. "
                "Check the address."
            )
    return bytes(data)


def unpacked(parts: Iterable[bytes]) -> Iterator[bytes]:
    """What was packed with gzip, in pieces of `CHUNK` bytes at most, however small the packed parts are.

    Raises `requests.exceptions.ContentDecodingError` where it is damaged or not complete.

    >>> import gzip
    >>> b"".join(unpacked([gzip.compress(b"a cat"), gzip.compress(b" and a dog")]))
    b'a cat and a dog'
    """
    unpacker = None
    try:
        for part in parts:
            # After its end another packed part may follow, or zeros that fill a block.
            while part := part if unpacker else part.lstrip(b"\0"):
                unpacker = unpacker or zlib.decompressobj(wbits=31)  # 31: gzip
                yield unpacker.decompress(part, CHUNK)
                part = unpacker.unconsumed_tail
                if unpacker.eof:
                    part, unpacker = unpacker.unused_data, None
        while unpacker and not unpacker.eof:
            rest = unpacker.decompress(b"", CHUNK)
            if not rest:
                raise requests.exceptions.ContentDecodingError("The packed answer ends too early.")
            yield rest
    except zlib.error as error:
        raise requests.exceptions.ContentDecodingError(str(error)) from None


def open_search(name: str | None = None) -> OpenSearch:
    """An image search over the network: "openverse", "commons", or the one that the environment names."""
    # It says with 429 when to come back, and Openverse answers 500 past its last page: neither is asked again.
    network = Live(statuses=(502, 503, 504))
    return OpenSearch(lambda request, deadline: network.send(request, timeout=deadline), name)


def thumbnail_width(url: str) -> int | None:
    """The width in pixels that the address of a Wikimedia thumbnail asks for, or None.

    >>> thumbnail_width("https://upload.wikimedia.org/wikipedia/commons/thumb/1/12/A.jpg/450px-A.jpg")
    450
    """
    found = re.match(r"https?://(?:upload|thumb)\.wikimedia\.org/.*/thumb/.*/([0-9]{1,5})px-[^/]*$", url)
    return int(found[1]) if found else None


def _service(url: str) -> str:
    host = addresses.host_of(url)
    path = addresses.path_of(url)
    if path.startswith(addresses.VISION_V4_PATH):
        return f"{host} 4.0"
    version = re.search(r"/(v\d+\.\d+)/", path)
    return f"{host} {version[1]}" if version else host


def _missing(name: str) -> NoReturn:
    raise SetupError(
        f"The live source needs {name}. Set it in the environment before you start Python, write it into a file named "
        '.env, or pass it as an argument; without a key, cvhelpers.connect("keyless") answers.'
    )
