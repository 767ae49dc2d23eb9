"""Where an answer comes from: ``connect(source)`` gives a `requests.Session` with the source mounted on it.

================ ======================================================================================
source           an answer comes from
================ ======================================================================================
``"keyless"``    a recording if there is one for the request, else this computer; nobody needs a key. The default
``"recorded"``   recordings only: no connection is ever opened
``"on-device"``  this computer: models that read any picture, and a library of pictures to search
``"live"``       the network: Azure Computer Vision v3.2 with your own endpoint and key
================ ======================================================================================

The notebooks post to the same addresses with the same code whichever source is behind the session.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib.metadata import metadata, version
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from .errors import OptionError, ServiceError, ServiceUnreachable, SetupError, UnexpectedAnswer
from .exchange import KEY_HEADER, SOURCE_HEADER, Exchange
from .sources.keyless import Keyless, Web
from .sources.live import Live
from .sources.on_device import OnDevice
from .sources.recorded import NO_KEY, Recorded

SOURCES = ("keyless", "recorded", "on-device", "live")
DEFAULT_SOURCE = "keyless"
VISION_ENDPOINT = "https://westcentralus.api.cognitive.microsoft.com"
"""The host that the quickstarts call. Recordings answer for any host; this one keeps the lesson's addresses."""


class Connection(requests.Session):
    """A `requests.Session` that knows its source, names itself to servers, and keeps a key to its own host."""

    def __init__(self, source: str, adapter: requests.adapters.BaseAdapter) -> None:
        super().__init__()
        self.source = source
        self.headers["User-Agent"] = user_agent()
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """On a redirect, requests drops ``Authorization`` for another host; the key's header must go as well."""
        super().rebuild_auth(prepared_request, response)
        if self.should_strip_auth(str(response.request.url), str(prepared_request.url)):
            prepared_request.headers.pop(KEY_HEADER, None)

    def __repr__(self) -> str:
        return f"<Connection source={self.source!r}>"


def connect(source: str | None = None) -> Connection:
    """A session whose answers come from ``source``: see the table above.

    Without an argument the environment variable ``CVHELPERS_SOURCE`` decides, else it is "keyless".

    >>> connect("recorded")
    <Connection source='recorded'>
    """
    source = source or os.environ.get("CVHELPERS_SOURCE") or DEFAULT_SOURCE
    if source not in SOURCES:
        raise OptionError(f"There is no source {source!r}. Choose one of: {', '.join(SOURCES)}.")
    if source == "recorded":
        return Connection(source, Recorded())
    if source == "live":
        return Connection(source, Live())
    return Connection(source, Keyless() if source == "keyless" else OnDevice(fallback=Web()))


def user_agent() -> str:
    """What we call ourselves, in the form that Wikimedia asks of everyone: name, version, and where to write to.

    >>> user_agent().startswith("cvhelpers/")
    True
    """
    about = metadata("cvhelpers")
    contact = about["Project-URL"].split(",")[-1].strip()
    return f"cvhelpers/{about['Version']} ({contact}) python-requests/{version('requests')}"


class Key(str):
    """A key that can be sent but not seen: printing hides it, and so does every dictionary that holds it.

    >>> {"Ocp-Apim-Subscription-Key": Key("a-secret")}
    {'Ocp-Apim-Subscription-Key': '•••'}
    >>> print(Key("a-secret"))
    •••
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'•••'" if self and self != NO_KEY else super().__repr__()

    def __str__(self) -> str:
        return "•••" if self and self != NO_KEY else super().__str__()


def base_address(endpoint: str) -> str:
    """The scheme and host of an endpoint, however much of the address was copied from the portal.

    >>> base_address("westus")
    'https://westus.api.cognitive.microsoft.com'
    >>> base_address("https://my-resource.cognitiveservices.azure.com/vision/v3.2/")
    'https://my-resource.cognitiveservices.azure.com'
    >>> base_address("127.0.0.1:8000")
    'http://127.0.0.1:8000'
    """
    text = endpoint.strip()
    if re.fullmatch(r"[0-9A-Za-z]{30,}", text):  # not repeated in the message: it may well be one
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
        raise SetupError(f"{endpoint!r} is no endpoint. It looks like https://NAME.cognitiveservices.azure.com/")
    return f"{parts.scheme}://{parts.netloc.lower()}"


class Client:
    """What the clients share: a session, an address, a key, and the exchange that they made last."""

    def __init__(self, session: requests.Session | None, endpoint: str, key: str) -> None:
        self.session = session if session is not None else connect()
        if not (key.isascii() and key.isprintable()):
            raise SetupError("The key has characters that no key has. Copy it once more from the portal.")
        self.endpoint = base_address(endpoint)
        self.headers: dict[str, str] = {KEY_HEADER: Key(key)}
        self.last_exchange: Exchange | None = None

    def _send(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, **body: object
    ) -> requests.Response:
        """Send one request, keep it as ``last_exchange``, and turn what goes wrong into our own errors."""
        self.last_exchange = None
        try:
            response = self.session.request(method, url, headers={**self.headers, **(headers or {})}, **body)  # type: ignore[arg-type]
        except requests.RequestException as error:
            raise ServiceUnreachable(no_answer(url, error)) from None
        self.last_exchange = Exchange(response)
        if not response.ok:
            raise ServiceError.from_response(response)
        return response

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.endpoint}, source={source_of(self.session)!r}>"


def source_of(session: requests.Session) -> str:
    """The name of a session's source; a plain `requests.Session` reaches out to the network."""
    return session.source if isinstance(session, Connection) else "live"


def read_json(response: requests.Response) -> Any:
    """The answer's JSON. Raises `UnexpectedAnswer` for anything else, such as a login page of the network."""
    try:
        return response.json()
    except (ValueError, RecursionError):
        what = response.headers.get("Content-Type", "no content type")
        raise UnexpectedAnswer(
            f"The service answered {response.status_code}, but not with JSON ({what}): {response.text[:80]!r}. "
            "Check the endpoint."
        ) from None


def told_source(response: requests.Response) -> str:
    """Where an answer says that it came from."""
    return response.headers.get(SOURCE_HEADER, urlsplit(response.url).netloc)


def no_answer(url: str, error: requests.RequestException) -> str:
    """Why no answer came from this address, and what to do, in two sentences."""
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return f"{url!r} is not a complete address. Copy it once more, from https:// to its end."
    host = urlsplit(url).netloc
    while_reading = error.args and isinstance(error.args[0], urllib3.exceptions.ReadTimeoutError)
    if isinstance(error, requests.Timeout) or while_reading:
        return f"{host} did not answer in time. Try again, or with a smaller picture."
    if isinstance(error, requests.exceptions.SSLError):
        return f"{host} has no certificate that this computer trusts. Check the address, or your network's proxy."
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return f"{host} broke off in the middle of its answer. Try again."
    return (
        f"No connection to {host}. Check the address and your network; "
        'without a network cvhelpers.connect("recorded") answers.'
    )
