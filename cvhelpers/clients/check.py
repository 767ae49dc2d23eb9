"""Is everything set up for answers from Azure? One call at most, and words for what is wrong."""

from __future__ import annotations

import getpass
import html
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import PIL.Image
from requests.utils import get_environ_proxies

from ..errors import (
    CvhelpersError,
    Forbidden,
    OptionError,
    RateLimited,
    Retired,
    ServerProblem,
    ServiceError,
    ServiceUnreachable,
    SetupError,
    TimedOut,
    UnexpectedAnswer,
    WrongKey,
)
from ..protocol import addresses
from ..protocol import vision as protocol
from ..session import Connection, connect
from ..sources.keys import Credential, Key, hidden
from ..sources.live import Live
from ..sources.retries import patient
from ..sources.settings import ENDPOINT, KEY, setting
from .base import base_address
from .vision import VisionClient

SECONDS = 20.0


@dataclass(frozen=True)
class SetupCheck:
    """What a check has found. ``print`` says it in words; it is true where all is well.

    Attributes
    ----------
    ok : bool
        Does the service answer to this endpoint and key?
    problem : str
        In two words what is wrong, for instance "wrong key"; empty if nothing.
    message, advice : str
        What was found, and what to do next.
    endpoint : str
        The address that was asked.
    found_in : str
        Where the endpoint and the key came from.
    calls : int
        How many calls were made: 0 or 1.
    client : VisionClient or None
        Where all is well, one that is ready for use, also with a key that was typed.
    """

    ok: bool
    problem: str
    message: str
    advice: str
    endpoint: str = ""
    found_in: str = ""
    calls: int = 0
    client: VisionClient | None = None

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        calls = f"{self.calls} call{'' if self.calls == 1 else 's'} made"
        about = "; ".join(part for part in (self.endpoint, self.found_in, calls) if part)
        title = "All is well" if self.ok else f"Not yet: {self.problem}"
        return f"{title}. {self.message}\nWhat to do: {self.advice}\n({about}.)"

    def _repr_html_(self) -> str:
        return "".join(f"<p>{html.escape(line)}</p>" for line in str(self).splitlines())


def check_setup(
    endpoint: str | None = None,
    key: str | Key | None = None,
    api_version: str = "v3.2",
    *,
    credential: Credential | None = None,
    ask: bool = True,
    timeout: float = SECONDS,
) -> SetupCheck:
    """Look whether Azure Computer Vision answers, with one call at most, and say in words what is wrong.

    Parameters
    ----------
    endpoint, key : str, optional
        Without them: the environment variables VISION_ENDPOINT and VISION_KEY, or a file ``.env`` that has them.
    api_version : str
        The version that you want to use.
    credential : object with ``get_token``, optional
        In place of a key, as azure-identity gives it.
    ask : bool
        Ask for a key that is nowhere, in a field that does not show it. It is not stored.
    timeout : float
        Seconds that it may take.

    >>> print(check_setup("https://", ask=False))
    Not yet: wrong endpoint. 'https://' is not an endpoint. An endpoint looks like https://NAME.cognitiveservices.azure.com/
    What to do: Copy the endpoint once more from the portal: your resource, Keys and Endpoint.
    (0 calls made.)
    """
    key = hidden(key)
    try:
        found = _find(endpoint, key, credential, ask)
    except _NothingThere as nothing:
        return nothing.check
    base = urlsplit(found.endpoint).netloc
    if api_version in protocol.RETIRED and addresses.is_service_host(base):
        return found.wrong("retired version", f"{api_version} was retired on 13 September 2026.", 'Use "v3.2".')
    network = Live()
    network.max_retries = patient(statuses=()).new(total=0)  # one call is one request
    try:
        client = VisionClient(Connection(network), found.endpoint, found.key, api_version, credential=credential)
    except (SetupError, OptionError) as error:
        return found.wrong("wrong setting", str(error), "Change it, and check again.")
    with client:
        try:
            _ask(client, timeout)
        except CvhelpersError as error:
            return _diagnosis(error, found)
    ready = VisionClient(connect("live"), found.endpoint, found.key, api_version, credential=credential)
    message = f"Computer Vision {api_version} answers, and takes your {found.secret}."
    advice = 'cvhelpers.connect("live") answers from there; a client that is ready is in .client of this check.'
    return SetupCheck(True, "", message, advice, found.endpoint, found.found_in, 1, ready)


def _ask(client: VisionClient, timeout: float) -> None:
    """The cheapest call that a version has."""
    if "models" in client.version.operations:
        client.models(timeout=timeout)
    else:
        client.tag(PIL.Image.new("RGB", (64, 64), "teal"), timeout=timeout)


@dataclass(frozen=True)
class _Found:
    """What there is to check."""

    endpoint: str
    key: Key | None
    found_in: str

    @property
    def secret(self) -> str:
        return "key" if self.key else "token"

    def wrong(self, problem: str, message: str, advice: str, calls: int = 0) -> SetupCheck:
        return SetupCheck(False, problem, message, advice, self.endpoint, self.found_in, calls)


class _NothingThere(Exception):
    """There is nothing to check: no endpoint, or no key."""

    def __init__(self, problem: str, message: str, advice: str) -> None:
        super().__init__(message)
        self.check = SetupCheck(False, problem, message, advice)


def _find(endpoint: str | None, key: Key | None, credential: Credential | None, ask: bool) -> _Found:
    """The endpoint and the key, from the first place that has them."""
    told, named = setting(ENDPOINT), "what you passed"
    given, place = (endpoint, named) if endpoint else (told.value, told.where)
    if not given:
        raise _NothingThere(
            "no endpoint",
            "No endpoint was found: not as an argument, not in the environment, and not in a file named .env.",
            f"Set {ENDPOINT} to the address of your resource, or write a file .env with the line "
            f"{ENDPOINT}=https://NAME.cognitiveservices.azure.com/ and another with {KEY}=. "
            'Without a key cvhelpers.connect("keyless") answers.',
        )
    try:
        base = base_address(given)
    except SetupError as error:
        advice = "Copy the endpoint once more from the portal: your resource, Keys and Endpoint."
        raise _NothingThere("wrong endpoint", str(error), advice) from None
    if credential is not None:
        return _Found(base, None, f"endpoint from {place}, token from the credential")
    if key is not None:
        return _Found(base, key, f"endpoint from {place}, key from {named}")
    known = setting(KEY)
    if (secret := hidden(known.value)) is not None:
        return _Found(base, secret, f"endpoint from {place}, key from {known.where}")
    if ask and (secret := _typed()) is not None:
        return _Found(base, secret, f"endpoint from {place}, key as you typed it")
    raise _NothingThere(
        "no key",
        f"There is an endpoint, {base}, but no key for it.",
        f"Set {KEY} in the environment or in a file named .env. The portal shows it: your resource, Keys and Endpoint.",
    )


def _typed() -> Key | None:
    """A key from the keyboard, not shown and not stored; None where nobody can type."""
    if "ipykernel" not in sys.modules and not (sys.stdin and sys.stdin.isatty()):
        return None
    try:
        return hidden(getpass.getpass("Key of your Computer Vision resource (it is not shown and not stored): "))
    except (EOFError, OSError, NotImplementedError):  # a notebook that runs without a person
        return None


def _diagnosis(error: CvhelpersError, found: _Found) -> SetupCheck:
    """What an error of the one call means."""
    explain = next((explain for kind, explain in _EXPLAINED.items() if isinstance(error, kind)), _other)
    problem, message, advice = explain(error, found)
    return found.wrong(problem, message, advice, 0 if problem in _BEFORE_A_CALL else 1)


Advice = tuple[str, str, str]


def _no_answer(error: CvhelpersError, found: _Found) -> Advice:
    host = addresses.host_of(found.endpoint)
    proxy = get_environ_proxies(found.endpoint, None).get(urlsplit(found.endpoint).scheme)
    if proxy:
        through = addresses.host_of(proxy if "//" in proxy else f"//{proxy}")
        return (
            "proxy",
            f"{host} can't be reached through the proxy {through}, which this system's settings name.",
            "Ask whoever runs your network whether the proxy lets Azure through. "
            f"NO_PROXY={host} goes around it, where the network allows that.",
        )
    if not _has_address(host):
        if _has_address("azure.microsoft.com"):
            return (
                "wrong host",
                f"There is no host {host}: the region, or the name of the resource, is misspelt or gone.",
                "Copy the endpoint once more from the portal: your resource, Keys and Endpoint.",
            )
        return (
            "no network",
            f"This computer can't find any host on the internet, not even {host}.",
            'Connect it to a network. Without one cvhelpers.connect("keyless") answers.',
        )
    if isinstance(error, TimedOut):
        return "no answer", f"{host} did not answer in time.", "Try again, with more time: timeout=60."
    message, _, advice = str(error).partition(". ")
    return "no connection", f"{message}.", advice or "Check the address and your network."


def _has_address(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return bool(socket.getaddrinfo(name, None))
    except (OSError, UnicodeError):
        return False


def _refused(error: CvhelpersError, found: _Found) -> Advice:
    said = _said(error)
    if "pricing tier" in said:
        return (
            "wrong tier",
            f"The key belongs to a resource that can't do this. The service says: {said}",
            "Make a resource of the kind Computer Vision (or Azure AI services, several services in one) and take its "
            "key; a key of Azure OpenAI, Speech or another single service does not open it.",
        )
    if found.key is None:
        return (
            "wrong token",
            f"The service does not take the token. It says: {said}",
            "Use the resource's own address, https://NAME.cognitiveservices.azure.com/, not the region's. You also "
            "need the role Cognitive Services User on the resource.",
        )
    return (
        "wrong key",
        f"The service does not take the key: it is misspelt, was changed, or belongs to another resource or region. "
        f"The service says: {said}",
        "Copy endpoint and key from the same page of the portal: your resource, Keys and Endpoint. "
        "A new key takes some minutes to work.",
    )


def _forbidden(error: CvhelpersError, found: _Found) -> Advice:
    said = _said(error)
    if "quota" in said.lower():
        wait = error.hint if isinstance(error, ServiceError) and error.retry_after else ""
        return (
            "quota used up",
            f"The {found.secret} is right, and its quota is used up. The service says: {said}",
            f"{wait} A paid tier has no such limit.".strip(),
        )
    if "network" in said.lower():
        return (
            "closed network",
            f"The resource takes calls from certain networks only. The service says: {said}",
            "In the portal, under Networking of your resource, allow this network, or all.",
        )
    return (
        "not allowed",
        f"The {found.secret} may not do this. The service says: {said}",
        "You need the role Cognitive Services User on the resource. Or use its key.",
    )


def _not_there(error: CvhelpersError, found: _Found) -> Advice:
    return (
        "retired version or wrong resource",
        f"At this address there is no such version of Computer Vision. The service says: {_said(error)}",
        "Use api_version='v3.2'. If that is what you used, the resource is of another kind: make one of the kind "
        "Computer Vision.",
    )


def _too_many(error: CvhelpersError, found: _Found) -> Advice:
    hint = error.hint if isinstance(error, ServiceError) else ""
    return "too many calls", f"The {found.secret} is right, and was used too often just now.", hint


def _broken(error: CvhelpersError, found: _Found) -> Advice:
    return (
        "service in trouble",
        f"The service has an error of its own. It says: {_said(error)}",
        "Try again in some minutes.",
    )


def _foreign(error: CvhelpersError, found: _Found) -> Advice:
    return (
        "another answer",
        f"Something answers at this address, but it is not Computer Vision. {error}",
        "If your network asks people to sign in, do that in a browser first. If it does not, check the endpoint.",
    )


def _not_set_up(error: CvhelpersError, found: _Found) -> Advice:
    return "wrong setting", str(error), "Change it, and check again."


def _other(error: CvhelpersError, found: _Found) -> Advice:
    return "another problem", f"The service says: {_said(error)}", getattr(error, "hint", "Check the endpoint.")


def _said(error: CvhelpersError) -> str:
    return error.message if isinstance(error, ServiceError) else str(error)


_BEFORE_A_CALL = ("no network", "wrong host", "wrong setting")
_EXPLAINED: dict[type[CvhelpersError], Callable[[CvhelpersError, _Found], Advice]] = {
    ServiceUnreachable: _no_answer,
    WrongKey: _refused,
    Forbidden: _forbidden,
    Retired: _not_there,
    RateLimited: _too_many,
    ServerProblem: _broken,
    UnexpectedAnswer: _foreign,
    SetupError: _not_set_up,
}
