"""Where an answer comes from: ``connect(source)`` gives a `requests.Session` with the source mounted on it.

================ ======================================================================================
source           an answer comes from
================ ======================================================================================
``"keyless"``    a recording if there is one for the request, else this computer; nobody needs a key. The default
``"recorded"``   recordings only: no connection is ever opened
``"on-device"``  this computer: models that read any picture, and a library of pictures to search
``"live"``       the network: Azure Computer Vision v3.2 with your own endpoint and key; image search by Openverse
                 or Wikimedia Commons, which need no key
================ ======================================================================================

The notebooks post to the same addresses with the same code whichever source is behind the session.
"""

from __future__ import annotations

import http.client
import os
from typing import Any

import requests
import urllib3.exceptions

from .errors import CvhelpersError, OptionError, ServiceUnreachable, TimedOut
from .protocol import addresses
from .protocol.agent import user_agent
from .sources.base import Source, only_fetches
from .sources.deadline import Deadline
from .sources.keys import Key, KeyRing
from .sources.pace import FREE_TIER, Pace

DEFAULT_SOURCE = "keyless"
SOURCES = ("keyless", "recorded", "on-device", "live")


def _source(name: str) -> Source:
    """The source of that name. What it needs is imported only now: on-device needs much, recorded little."""
    if name == "recorded":
        from .sources.recorded import Recorded

        return Recorded()
    if name == "on-device":
        from .sources.keyless import on_device

        return on_device()
    if name == "live":
        from .sources.live import Live

        return Live()
    from .sources.keyless import Keyless

    return Keyless()


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
        self._keys = KeyRing(answers)
        self.mount("https://", self._keys)
        self.mount("http://", self._keys)

    @property
    def source(self) -> str:
        """The name of the source: "keyless", "recorded", "on-device" or "live"."""
        return self.answers.name

    def add_key(self, endpoint: str, key: Key) -> str:
        """Use a key for an endpoint. Returns the text that stands for it in the headers of a request."""
        return self._keys.add(endpoint, key)

    def keeping(self, folder: str | os.PathLike[str]) -> Connection:
        """A session like this one that keeps every answer in a folder, and asks for none of them again."""
        from .sources.recorder import kept

        other = Connection(kept(self.answers, folder))
        other._keys.share(self._keys)
        _take_over(self, other)
        return other

    def request(self, method: str, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        try:
            return super().request(method, url, *args, **options)
        except CvhelpersError:
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            failure = no_answer(str(url), error)
        raise failure  # outside of the handler, so that the learner reads one error and not three

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        options["timeout"] = Deadline.of(options.get("timeout"))  # one for the request and all its redirects
        return super().send(request, **options)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where a redirect leads; None where it is not followed.

        Only the fetching of a picture follows one: neither a picture nor a key is sent to another address than the one
        that was asked, and no answer is taken from there.
        """
        return super().get_redirect_target(resp) if only_fetches(resp.request) else None

    def __reduce__(self) -> Any:
        return connect, (self.source,)  # a copy is a new connection, without the keys

    def __repr__(self) -> str:
        return f"<Connection source={self.source!r}>"


def connect(
    source: str | None = None,
    *,
    record: str | os.PathLike[str] | None = None,
    calls_per_minute: int | None = FREE_TIER,
) -> Connection:
    """A session whose answers come from a source.

    Parameters
    ----------
    source : str, optional
        "keyless" (a recording if there is one, else this computer), "recorded", "on-device" (this computer) or "live"
        (the network). Without it the environment variable ``CVHELPERS_SOURCE`` decides, else it is "keyless".
    record : path, optional
        A folder in which every exchange is kept as a recording: ``CVHELPERS_RECORDINGS=folder`` and
        ``connect("recorded")`` replay them. Raises `SetupError` where it can't be written to.
    calls_per_minute : int or None
        How many calls of Azure the live source makes in a minute at most, by waiting; the free tier allows 20. None
        lifts the limit.

    Raises `OptionError` for another source, or for a limit that is no whole number from 1 on.

    >>> connect("recorded")
    <Connection source='recorded'>
    """
    source = source or os.environ.get("CVHELPERS_SOURCE") or DEFAULT_SOURCE
    if source not in SOURCES:
        raise OptionError(f"There is no source {source!r}. Choose one of: {', '.join(SOURCES)}.")
    if calls_per_minute is not None and (not isinstance(calls_per_minute, int) or calls_per_minute < 1):
        raise OptionError(f"calls_per_minute is a whole number from 1 on, or None, not {calls_per_minute!r}.")
    answers = _source(source)
    answers.pace = None if calls_per_minute is None else Pace(calls_per_minute)
    if record is not None:
        from .sources.recorder import Recorder

        answers = Recorder(answers, record)
    return Connection(answers)


def connection_of(session: requests.Session | None) -> Connection:
    """The session itself, or one of the default source.

    A plain `requests.Session` reaches out to the network. Its settings are taken over: proxies, certificates, cookies,
    headers and the like. Raises `OptionError` for what is no session.
    """
    if session is None:
        return connect()
    if isinstance(session, Connection):
        return session
    if not isinstance(session, requests.Session):
        raise OptionError(f"A session is what cvhelpers.connect(source) gives, not {type(session).__name__}.")
    connection = Connection(_source("live"))
    _take_over(session, connection)
    return connection


def _take_over(session: requests.Session, connection: Connection) -> None:
    """Give a connection the settings of another session."""
    connection.headers.update({k: v for k, v in session.headers.items() if k.lower() != "user-agent"})
    for name in ("auth", "cert", "cookies", "hooks", "max_redirects", "params", "proxies", "trust_env", "verify"):
        setattr(connection, name, getattr(session, name))


def no_answer(url: str, error: Exception) -> ServiceUnreachable:
    """Why no answer came from this address, and what to do, in two sentences."""
    host, errors = addresses.host_of(url), _errors_in(error)

    def is_any(*kinds: type[BaseException]) -> bool:
        return any(isinstance(one, kinds) for one in errors)

    if is_any(requests.exceptions.TooManyRedirects):
        return ServiceUnreachable(f"{host} leads from one address to the next again and again. Check the address.")
    if is_any(requests.exceptions.InvalidJSONError):
        return ServiceUnreachable(f"This can't be sent as JSON: {error}. Look for NaN or an object in it.")
    if is_any(urllib3.exceptions.InvalidHeader):
        return ServiceUnreachable(f"{host} answers, but not in HTTP. Check the address and its port.")
    if is_any(requests.exceptions.InvalidHeader):
        return ServiceUnreachable("A header has a character that a header can't have. Copy its value once more.")
    if is_any(requests.Timeout, urllib3.exceptions.ReadTimeoutError):
        return TimedOut(f"{host} did not answer in time. Try again, or give it more time with timeout=.")
    if is_any(requests.exceptions.SSLError):
        return ServiceUnreachable(
            f"{host} has no certificate that this computer trusts. Check the address, or your network's proxy."
        )
    if is_any(requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
        return ServiceUnreachable(f"{host} stopped in the middle of its answer. Try again.")
    if not host or is_any(ValueError):  # of an address; all that is none of these is an OSError
        return ServiceUnreachable(
            "This is not a complete address, or it leads to one that is not. "
            "Copy it once more, from https:// to its end."
        )
    if is_any(http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        return ServiceUnreachable(f"{host} closed the connection without an answer. Check its port, or try again.")
    if is_any(http.client.HTTPException):
        return ServiceUnreachable(f"{host} answers, but not in HTTP. Check the address and its port.")
    return ServiceUnreachable(
        f"No connection to {host}. Check the address and your network; "
        'without a network cvhelpers.connect("recorded") answers.'
    )


def _errors_in(error: BaseException) -> list[BaseException]:
    """The error, and those of the libraries below that it tells of."""
    inside = [part for part in error.args if isinstance(part, BaseException)]
    return [error, *(found for one in inside for found in _errors_in(one))]
