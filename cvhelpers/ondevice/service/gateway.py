"""The gateway before every operation: the key, the calls per minute, the headers, and errors as answers."""

from __future__ import annotations

import logging
import math
import secrets
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from uuid import uuid4

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from .errors import ApiError, Dialect, GatewayError

Endpoint = Callable[[Request], Awaitable[Response]]

KEY_HEADER = "Ocp-Apim-Subscription-Key"
SOURCE_HEADER = "Cvhelpers-Source"
"""On every answer: that it was made on this computer, and by what: the engine, if nothing else is named."""

log = logging.getLogger("cvhelpers.service")


class JsonAnswer(JSONResponse):
    """A JSON answer with the service's media type."""

    media_type = "application/json; charset=utf-8"


class Gateway:
    """Admits requests and stamps answers."""

    def __init__(self, key: str, engine: str, calls_per_minute: int | None = None) -> None:
        self._key = key.encode()
        self._engine = engine
        self._rate = RateLimit(calls_per_minute) if calls_per_minute else None

    def guard(self, operation: Endpoint, dialect: Dialect, name: str, keyless: bool = False) -> Endpoint:
        """The operation behind the gateway, its errors worded in the dialect of its version.

        ``keyless`` lets everyone in, uncounted: an ``<img>`` in a page sends no key.
        """

        async def endpoint(request: Request) -> Response:
            request.state.id = str(uuid4())
            try:
                if not keyless:
                    self._check_key(request, dialect)
                    self._check_rate(request, dialect, name)
                response = await operation(request)
            except ApiError as error:
                response = refuse(error, dialect, request.state.id)
            except ClientDisconnect:
                response = Response(status_code=400)  # nobody is left to read it
            except Exception:
                log.exception("%s failed on request %s", name, request.state.id)
                failure = ApiError("InternalServerError", "The service failed on this request.", 500)
                response = refuse(failure, dialect, request.state.id)
            return self.stamp(response, request.state.id)

        return endpoint

    def stamp(self, response: Response, request_id: str) -> Response:
        """The headers that every answer carries."""
        response.headers["apim-request-id"] = request_id
        response.headers["x-content-type-options"] = "nosniff"
        response.headers.setdefault(SOURCE_HEADER, f"on-device; {self._engine}")
        return response

    def _check_key(self, request: Request, dialect: Dialect) -> None:
        given = request.headers.get(KEY_HEADER)
        if given is not None and secrets.compare_digest(given.encode(), self._key):
            return
        realm = f'AzureApiManagementKey realm="{request.url.replace(query="")}",name="{KEY_HEADER}",type="header"'
        message = dialect.missing_key if given is None else dialect.wrong_key
        raise GatewayError(401, message, {"WWW-Authenticate": realm})

    def _check_rate(self, request: Request, dialect: Dialect, name: str) -> None:
        client = request.client.host if request.client else ""
        wait = self._rate.wait(client) if self._rate else 0
        if wait:
            message = dialect.too_many_calls.format(operation=name, seconds=wait)
            raise GatewayError(429, message, {"Retry-After": str(wait)})


class RateLimit:
    """So many calls in any sixty seconds for each client: in a class each has the free tier, as with keys of their own.

    >>> limit = RateLimit(2, clock=lambda: 100.0)
    >>> [limit.wait("a"), limit.wait("a"), limit.wait("a"), limit.wait("b")]
    [0, 0, 60, 0]
    """

    def __init__(self, calls_per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = calls_per_minute, clock
        self._calls: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, client: str) -> int:
        """Count a call. Seconds to wait where it is one too many, else 0."""
        now = self._clock()
        with self._lock:
            self._forget(now - 60)
            calls = self._calls.setdefault(client, deque())
            if len(calls) >= self._most:
                return math.ceil(calls[0] + 60 - now)
            calls.append(now)
            return 0

    def _forget(self, before: float) -> None:
        for client, calls in list(self._calls.items()):
            while calls and calls[0] <= before:
                calls.popleft()
            if not calls:
                del self._calls[client]


def refuse(error: ApiError, dialect: Dialect, request_id: str) -> Response:
    """The error as an answer."""
    return JsonAnswer(dialect.body(error, request_id), error.status, error.headers)
