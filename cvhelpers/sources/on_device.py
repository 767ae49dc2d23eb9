"""Answers made on this computer: a `requests` adapter that calls the service in this process, without a port.

The service is a web application for an event loop. Each request gets a loop of its own in the thread that its deadline
gives it: so it works wherever the caller is, in a script, in a thread, or in a notebook whose loop is running.
The models are loaded by the first request that needs them and shared by all.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from ..errors import RecordingNotFound, ServiceUnreachable, SetupError
from . import reach
from .base import Source, only_fetches
from .deadline import Deadline
from .keys import NO_KEY
from .recorded import Recorded

if TYPE_CHECKING:
    import httpx2
    from starlette.applications import Starlette


class NotInstalled(SetupError):
    """The models and the service are not installed: the base install goes without them."""


class OnDevice(Source):
    """Sends requests for the services to the application in this process, whatever host they name.

    Pictures on the web are fetched with ``fallback``; without one that raises `ServiceUnreachable`.
    ``app`` is another application to ask than `application`.
    """

    name = "on-device"

    def __init__(self, fallback: BaseAdapter | None = None, app: Starlette | None = None) -> None:
        super().__init__()
        self.fallback, self.app = fallback, app

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        if self.is_service(str(request.url)) or not only_fetches(request):
            return self._answer(request, Deadline.of(timeout))
        if self.fallback is None:
            raise ServiceUnreachable(
                f"{request.url} is not on this computer. Use a path, or a session that reaches the network."
            )
        return self.fallback.send(request, stream, timeout, verify, cert, proxies)

    def close(self) -> None:
        super().close()
        if self.fallback is not None:
            self.fallback.close()

    def _answer(self, request: requests.PreparedRequest, deadline: Deadline) -> requests.Response:
        app = self.app or application()  # which says what is missing, where something is
        import anyio

        answer = deadline.run(lambda: anyio.run(_call, app, request, deadline.left()))
        raw = HTTPResponse(
            io.BytesIO(answer.content),
            dict(answer.headers),
            answer.status_code,
            reason=HTTPStatus(answer.status_code).phrase,
            preload_content=False,
        )
        return self.build_response(request, raw)


async def _call(app: Starlette, request: requests.PreparedRequest, seconds: float) -> httpx2.Response:
    import anyio
    import httpx2

    headers = [(_latin(name), _latin(value)) for name, value in request.headers.items()]
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as client:
        try:
            with anyio.fail_after(seconds):
                return await client.request(
                    str(request.method), str(request.url), headers=headers, content=_bytes(request)
                )
        except TimeoutError:
            raise requests.ReadTimeout("The service on this computer took too long.") from None


def _proxy(url: str) -> bool:
    """Does a proxy of the environment fetch this address?"""
    return requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url)) is not None


def _latin(text: str | bytes) -> bytes:
    """A header as it would travel."""
    return text.encode("latin-1") if isinstance(text, str) else text


def _bytes(request: requests.PreparedRequest) -> bytes:
    body: Any = request.body
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        return body.encode()
    return bytes(body) if isinstance(body, bytes | bytearray) else b"".join(body or ())


def application(own: bool = True) -> Starlette:
    """The one application of this process, or with ``own=False`` one without a person's own pictures.

    Raises `SetupError` where the extra is not installed or damaged.
    """
    with _making:
        return _make(own)


_making = threading.Lock()


@cache
def _make(own: bool) -> Starlette:
    try:
        from ..ondevice import Engine, LibraryError, create_app, fetch, open_library

        recorded = Recorded()

        async def fetch_picture(url: str, most: int, took: Callable[[int], None]) -> bytes:
            """A quickstart's own picture is the drawing that stands in for it; others come over the network."""
            try:
                return recorded.send(requests.Request("GET", url).prepare()).content
            except (RecordingNotFound, requests.RequestException):
                return await fetch(url, most, took, public=reach.is_public_only(), by_proxy=_proxy)

        try:
            library = open_library(own)
        except LibraryError as error:
            raise SetupError(str(error)) from None
        return create_app(Engine(), library, key=NO_KEY, fetch_picture=fetch_picture)
    except ModuleNotFoundError as error:
        raise NotInstalled(
            f"Answers on this computer need {str(error.name).partition('.')[0]}, which is not installed. "
            'What to do: pip install "cvhelpers[ondevice]"'
        ) from None
