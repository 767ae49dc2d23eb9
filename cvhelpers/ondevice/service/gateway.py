"""The gateway before every operation: the key, the calls per minute, the headers, and errors as answers."""

from __future__ import annotations

import logging
import math
import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ...protocol import headers
from ..library import LibraryError
from .calls import Quotas, begin
from .errors import ApiError, Dialect, GatewayError, not_found

Endpoint = Callable[[Request], Awaitable[Response]]

_HOST = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")

log = logging.getLogger("cvhelpers.service")


class JsonAnswer(JSONResponse):
    """A JSON answer with the service's media type."""

    media_type = "application/json; charset=utf-8"


FROM_ANY_PAGE = {
    f"Access-Control-{what}": "*" for what in ("Allow-Origin", "Allow-Headers", "Allow-Methods", "Expose-Headers")
}
"""Microsoft's programs in JavaScript are web pages: their browser must hear that they may ask and read the answer.

Said of what needs the key only. Without a key any page that a person visits could read the pictures of this computer.
"""


def route(method: str, path: str, endpoint: Endpoint) -> Route:
    """A route that the gateway finds as it did: in capitals or not, and with a slash too many at the start.

    A browser asks with OPTIONS first whether a page may use it.
    """
    found = Route(path, endpoint, methods=[method, "OPTIONS"])
    found.path_regex = re.compile(found.path_regex.pattern.replace("^/", "^/+", 1), re.IGNORECASE)
    return found


class Gateway:
    """Admits requests and stamps answers: ``engine`` is named in all that do not name another source."""

    def __init__(self, key: str, engine: str, calls_per_minute: int | None = None) -> None:
        self._key = key.encode()
        self._engine = engine
        self._rate = RateLimit(calls_per_minute) if calls_per_minute else None
        self.quotas = Quotas()

    def guard(self, operation: Endpoint, dialect: Dialect, name: str, keyless: bool = False) -> Endpoint:
        """The operation behind the gateway, its errors worded in the dialect of its version.

        ``keyless`` lets everyone in, uncounted: an ``<img>`` in a page sends no key.
        """

        async def endpoint(request: Request) -> Response:
            call = begin(request, self.quotas)
            try:
                if request.method == "OPTIONS":
                    if keyless:
                        raise not_found()
                    return Response(headers=FROM_ANY_PAGE)
                if not keyless:
                    self._check_key(request, dialect)
                    self._check_rate(call.client, dialect, name)
                response = await operation(request)
            except ApiError as error:
                response = refuse(error, dialect, call.id)
            except ClientDisconnect:
                response = Response(status_code=400)  # nobody is left to read it
            except LibraryError as error:
                log.error("%s", error)  # the file's name is for who runs the service, not for callers
                failure = ApiError("InternalServerError", "The service can't read its picture library.", 500)
                response = refuse(failure, dialect, call.id)
            except Exception:
                log.exception("%s failed on request %s", name, call.id)
                failure = ApiError("InternalServerError", "The service failed on this request.", 500)
                response = refuse(failure, dialect, call.id)
            finally:
                call.give_back()
            if not keyless:
                response.headers.update(FROM_ANY_PAGE)
            return self.stamp(response, call.id)

        return endpoint

    def stamp(self, response: Response, request_id: str) -> Response:
        """The headers that every answer carries."""
        response.headers[headers.REQUEST_ID] = request_id
        response.headers["x-content-type-options"] = "nosniff"
        response.headers.setdefault(headers.SOURCE, f"on-device; {self._engine}")
        return response

    def _check_key(self, request: Request, dialect: Dialect) -> None:
        given = request.headers.get(headers.KEY, request.query_params.get(headers.KEY_IN_ADDRESS))
        if given is not None and secrets.compare_digest(given.encode(), self._key):
            return
        address = own_address(request) + quote(request.url.path)
        realm = f'AzureApiManagementKey realm="{address}",name="{headers.KEY}",type="header"'
        message = dialect.missing_key if given is None else dialect.wrong_key
        raise GatewayError(401, message, {"WWW-Authenticate": realm})

    def _check_rate(self, client: str, dialect: Dialect, name: str) -> None:
        wait = self._rate.wait(client) if self._rate else 0
        if wait:
            message = dialect.too_many_calls.format(operation=name, seconds=wait)
            raise GatewayError(429, message, {headers.RETRY_AFTER: str(wait)})


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


def own_address(request: Request) -> str:
    """The scheme and host under which the caller reached the service; no ``Host`` header can make it anything else."""
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        name, port = request.scope.get("server") or ("localhost", None)
        host = name if port is None else f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
    return f"{request.scope['scheme']}://{host}"
