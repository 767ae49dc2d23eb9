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
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from requests.adapters import BaseAdapter

from .errors import CvhelpersError, OptionError, ServiceUnreachable, TimedOut
from .protocol import addresses, headers
from .protocol.agent import user_agent
from .sources.base import NO_KEY, Key, Source
from .sources.deadline import Deadline

if TYPE_CHECKING:
    pass

DEFAULT_SOURCE = "keyless"


def _recorded() -> Source:
    from .sources.recorded import Recorded

    return Recorded()


def _keyless() -> Source:
    from .sources.keyless import Keyless

    return Keyless()


def _on_device() -> Source:
    from .sources.keyless import on_device

    return on_device()


def _live() -> Source:
    from .sources.live import Live

    return Live()


_MAKERS: dict[str, Callable[[], Source]] = {
    "keyless": _keyless,
    "recorded": _recorded,
    "on-device": _on_device,
    "live": _live,
}
SOURCES = tuple(_MAKERS)


class Connection(requests.Session):
    """A `requests.Session` whose answers come from a source.

    It names itself to servers, gives every call a time limit, puts a client's key on requests to the client's own
    endpoint and nowhere else, and says in words why no answer came.

    A ``timeout`` is for the whole call, in seconds: connecting, redirects, retries, and reading to the last byte.
    Without one it is 60. Raises `ServiceUnreachable`, or `TimedOut` when the time is over.
    """

    def __init__(self, answers: Source) -> None:
        super().__init__()
        self.answers = answers
        self.headers["User-Agent"] = user_agent("requests")
        self._keys = _Keys(answers)
        self.mount("https://", self._keys)
        self.mount("http://", self._keys)

    @property
    def source(self) -> str:
        """The name of the source: "keyless", "recorded", "on-device" or "live"."""
        return self.answers.name

    def add_key(self, endpoint: str, key: Key) -> str:
        """Use a key for an endpoint. Returns the text that stands for it in the headers of a request."""
        return self._keys.add(endpoint, key)

    def request(self, method: str, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        try:
            return super().request(method, url, *args, **options)
        except CvhelpersError:
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            failure = no_answer(str(url), error)
        raise failure  # outside of the handler: what failed inside may have held the key, and is forgotten

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        options["timeout"] = Deadline.of(options.get("timeout"))  # one for the request and all its redirects
        return super().send(request, **options)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where a redirect leads. Only a GET follows one: a picture is sent where it was meant to go, or nowhere."""
        return super().get_redirect_target(resp) if resp.request.method in ("GET", "HEAD") else None

    def __repr__(self) -> str:
        return f"<Connection source={self.source!r}>"


class _Keys(BaseAdapter):
    """Puts the key on a copy of a request at the last moment, so that nothing that a person can print has it."""

    def __init__(self, answers: Source) -> None:
        super().__init__()
        self._answers = answers
        self._known: dict[str, tuple[str, Key]] = {}

    def add(self, endpoint: str, key: Key) -> str:
        if key.reveal() == NO_KEY:
            return NO_KEY
        for text, (base, known) in self._known.items():
            if base == endpoint and known.reveal() == key.reveal():
                return text
        text = "(your key)" if not self._known else f"(your key {len(self._known) + 1})"
        self._known[text] = endpoint, key
        return text

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        base, key = self._known.get(str(request.headers.get(headers.KEY)), ("", None))
        if key is None or not may_have_key(str(request.url), base):
            return self._answers.send(request, *args, **options)
        signed = request.copy()
        signed.headers[headers.KEY] = key.reveal()
        response = self._answers.send(signed, *args, **options)
        response.request = request
        return response

    def close(self) -> None:
        self._answers.close()


def connect(source: str | None = None) -> Connection:
    """A session whose answers come from ``source``: see the table above.

    Without an argument the environment variable ``CVHELPERS_SOURCE`` decides, else it is "keyless".

    >>> connect("recorded")
    <Connection source='recorded'>
    """
    source = source or os.environ.get("CVHELPERS_SOURCE") or DEFAULT_SOURCE
    if source not in SOURCES:
        raise OptionError(f"There is no source {source!r}. Choose one of: {', '.join(SOURCES)}.")
    return Connection(_MAKERS[source]())


def source_of(session: requests.Session) -> Source:
    """The source behind a session; a plain `requests.Session` reaches out to the network."""
    return session.answers if isinstance(session, Connection) else _live()


def may_have_key(url: str, endpoint: str) -> bool:
    """May a request to this address carry the key of that endpoint?

    An operation that was begun at a resource's own host may be continued at its region's.

    >>> may_have_key("https://a.example/vision", "https://a.example")
    True
    >>> may_have_key("https://a.example.evil/vision", "https://a.example")
    False
    >>> may_have_key("https://westus.api.cognitive.microsoft.com/", "https://name.cognitiveservices.azure.com")
    True
    """
    bases = addresses.base_of(url), endpoint.lower()
    return bases[0] == bases[1] or all(
        base.startswith("https://") and addresses.is_service_host(base.removeprefix("https://")) for base in bases
    )


def no_answer(url: str, error: Exception) -> ServiceUnreachable:
    """Why no answer came from this address, and what to do, in two sentences."""
    host = urlsplit_host(url)
    if isinstance(error, requests.exceptions.TooManyRedirects):
        return ServiceUnreachable(f"{host} leads from one address to the next without an end. Check the address.")
    if isinstance(error, requests.exceptions.InvalidJSONError):
        return ServiceUnreachable(f"This can't be sent as JSON: {error}. Look for NaN or an object in it.")
    if isinstance(error, requests.exceptions.InvalidHeader):
        return ServiceUnreachable("A header has a character that a header can't have. Copy its value once more.")
    address = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)
    if not host or isinstance(error, address):
        return ServiceUnreachable(
            "This is not a complete address, or it leads to one that is not. "
            "Copy it once more, from https:// to its end."
        )
    while_reading = error.args and isinstance(error.args[0], urllib3.exceptions.ReadTimeoutError)
    if isinstance(error, requests.Timeout) or while_reading:
        return TimedOut(f"{host} did not answer in time. Try again, or give it more time with timeout=.")
    if isinstance(error, requests.exceptions.SSLError):
        return ServiceUnreachable(
            f"{host} has no certificate that this computer trusts. Check the address, or your network's proxy."
        )
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return ServiceUnreachable(f"{host} broke off in the middle of its answer. Try again.")
    if "BadStatusLine" in repr(error) or "HTTPException" in repr(error):
        return ServiceUnreachable(f"{host} answers, but not in HTTP. Check the address and its port.")
    return ServiceUnreachable(
        f"No connection to {host}. Check the address and your network; "
        'without a network cvhelpers.connect("recorded") answers.'
    )


def urlsplit_host(url: str) -> str:
    """The host of an address, without a name and password that may stand before it; empty where there is none."""
    try:
        return urlsplit(url.strip()).netloc.rpartition("@")[2]
    except ValueError:
        return ""
