"""What the clients share: a session, an endpoint, a key, and the exchanges that they made."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from typing import Any, Self
from urllib.parse import urlsplit

import requests

from ..errors import OptionError, ServiceError, SetupError, UnexpectedAnswer
from ..protocol import addresses, headers
from ..session import Connection
from ..sources.base import Service, Source
from ..sources.deadline import Deadline
from ..sources.keys import DOTS, without_key
from .exchange import Exchange


class Client:
    """Sends requests to one service. Closes its session at the end of a ``with`` block.

    Attributes
    ----------
    session : Connection
        What the requests are sent with.
    endpoint : str
        Scheme and host of the service.
    headers : dict
        What a request of your own needs: the key. A key of yours is not in it, only a text that stands for it; the
        session puts the key in when it sends the request to this endpoint.
    exchanges : list of Exchange
        What the last method sent and received: one exchange, or all of an operation that was polled.
    """

    def __init__(self, session: Connection, service: Service) -> None:
        service.key.check()
        self.session = session
        self.source: Source = session.answers
        self.endpoint = base_address(service.endpoint)
        self.source.own_hosts.add(self.endpoint)
        self.headers: dict[str, str] = {headers.KEY: session.add_key(self.endpoint, service.key)}
        self.exchanges: list[Exchange] = []
        self._under_way: Deadline | None = None

    @property
    def last_exchange(self) -> Exchange | None:
        """The last request and its answer; None before the first, and where no answer came."""
        return self.exchanges[-1] if self.exchanges else None

    def with_session(self, session: Connection) -> Self:
        """A client of the same service with another session, and exchanges of its own."""
        other = object.__new__(type(self))
        other.__dict__ = {**self.__dict__, "session": session, "exchanges": [], "_under_way": None}
        return other

    def stop(self) -> None:
        """End the call that another thread is making with this client: nobody waits for it any more."""
        if self._under_way is not None:
            self._under_way.stop()

    def close(self) -> None:
        """Close the session and its connections."""
        self.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, timeout: float) -> Deadline:
        """Begin a call: its exchanges take the place of the last one's. Returns its deadline, which `stop` ends."""
        self._under_way = deadline = Deadline(timeout)
        self.exchanges = []
        return deadline

    def _send(
        self,
        method: str,
        url: str,
        deadline: Deadline,
        extra_headers: Mapping[str, str] | None = None,
        note: str = "",
        **body: Any,
    ) -> requests.Response:
        """Send one request, keep it as an exchange, and turn what goes wrong into our own errors.

        A redirect is not followed: neither the picture nor the key goes to another address than the one asked.
        """
        response = self.session.request(
            method,
            url,
            headers={**self.headers, **(extra_headers or {})},
            timeout=deadline,
            allow_redirects=False,
            **body,
        )
        self.exchanges.append(Exchange(response, note))
        if 300 <= response.status_code < 400:
            host = addresses.host_of(response.headers.get("Location", "")) or "another address"
            raise UnexpectedAnswer(
                f"{self.endpoint} sends us on to {host}. Nothing was sent there. Check the endpoint."
            )
        if not response.ok:
            raise ServiceError.from_response(response)
        return response

    def __reduce__(self) -> Any:
        raise TypeError("A client can't be copied or saved, because it holds a key. Make a new one.")

    def __repr__(self) -> str:
        about = vars(self)  # which are not all there while the client is made
        return f"<{type(self).__name__} {about.get('endpoint')}, source={getattr(about.get('source'), 'name', None)!r}>"


def base_address(endpoint: str) -> str:
    """The scheme and host of an endpoint, however much of the address was copied from the portal.

    >>> base_address("WestUS")
    'https://westus.api.cognitive.microsoft.com'
    >>> base_address("https://my-resource.cognitiveservices.azure.com/vision/v3.2/")
    'https://my-resource.cognitiveservices.azure.com'
    >>> base_address("127.0.0.1:8000")
    'http://127.0.0.1:8000'
    """
    text = endpoint.strip()
    if without_key(text) == DOTS:
        raise SetupError("The endpoint looks like a key. It is an address: https://NAME.cognitiveservices.azure.com/")
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", text) and text != "localhost":
        return f"https://{text.lower()}.api.cognitive.microsoft.com"
    local = re.match(r"(localhost|127\.|\[::1\])", text)
    try:
        parts = urlsplit(text if "//" in text else f"{'http' if local else 'https'}://{text}")
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not re.fullmatch(
        r"([\w.-]+|\[[\da-f:]+\])(:\d+)?", parts.netloc.lower()
    ):
        shown = "This" if "@" in text else repr(endpoint)  # a name and password are not repeated
        raise SetupError(
            f"{shown} is not an endpoint. An endpoint looks like https://NAME.cognitiveservices.azure.com/"
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def read_json(response: requests.Response) -> Any:
    """The answer's JSON. Raises `UnexpectedAnswer` for anything else, such as a login page of the network."""
    try:
        return json.loads(response.content)  # response.json() trips over a byte-order mark
    except (ValueError, RecursionError):
        what = response.headers.get("Content-Type", "no content type")
        raise UnexpectedAnswer(
            f"The service answered {response.status_code}, but not with JSON ({what}): {response.text[:80]!r}. "
            "Check the endpoint."
        ) from None


def answer_source(response: requests.Response) -> str:
    """Where an answer says that it came from."""
    return response.headers.get(headers.SOURCE, urlsplit(response.url).netloc)


def one_of(value: str, allowed: Sequence[str], name: str) -> str:
    """The value in its right spelling. Raises `OptionError` with the nearest one.

    >>> one_of("handwritten", ("Handwritten", "Printed"), "mode")
    'Handwritten'
    """
    spelling = {choice.lower(): choice for choice in allowed}
    if not isinstance(value, str) or value.strip().lower() not in spelling:
        near = difflib.get_close_matches(str(value).lower(), spelling, n=1)
        hint = f"Did you mean {spelling[near[0]]!r}? " if near else ""
        raise OptionError(f"{value!r} is no {name}. {hint}Choose from: {', '.join(allowed)}.")
    return spelling[value.strip().lower()]


def many_of(values: Iterable[str], allowed: Sequence[str], name: str) -> list[str]:
    """Several values, as a list or with commas between them, each once.

    >>> many_of("tags, faces, tags", ("Tags", "Faces"), "feature")
    ['Tags', 'Faces']
    """
    if isinstance(values, str):
        values = [part for part in values.split(",") if part.strip()]
    return list(dict.fromkeys(one_of(value, allowed, name) for value in values))


def is_whole(value: object, least: int, most: float = math.inf) -> bool:
    """Is it a whole number in this range? Those of numpy are, too; True is none.

    >>> is_whole(3, 1, 100), is_whole(3.0, 1, 100), is_whole(0, 1)
    (True, False, False)
    """
    return isinstance(value, Integral) and not isinstance(value, bool) and least <= int(value) <= most


def whole(value: int, name: str, most: int) -> str:
    """A whole number from 1 to ``most`` as a parameter. Raises `OptionError` for anything else.

    >>> whole(3, "max_candidates", 100)
    '3'
    """
    if not is_whole(value, 1, most):
        raise OptionError(f"{name} is a whole number from 1 to {most}, not {value!r}.")
    return str(value)
