"""Keys and tokens: kept where nobody can print them, and put on a request at the last moment.

>>> may_have_key("https://a.example/vision", "https://a.example")
True
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import requests
from requests.adapters import BaseAdapter

from ..errors import OptionError, SetupError
from ..protocol import addresses, headers
from .deadline import Deadline

NO_KEY = "no-key-needed"
"""The one key that the keyless sources take, so that a wrong key can be told from a right one in a lesson."""
DOTS = "•••"
"""What is shown of a key."""
SCOPE = "https://cognitiveservices.azure.com/.default"
"""What a token of Microsoft Entra has to be for."""
MARGIN = 300
"""Seconds before its end at which a token is asked for anew."""


class Key:
    """A key that can be sent but not seen: no ``repr``, format, JSON or pickle shows it.

    >>> key = Key("a-secret")
    >>> print(key, f"{key}", [key])
    ••• ••• [•••]
    """

    __slots__ = ("_reveal",)
    stand_in = "your key"

    def __init__(self, text: str) -> None:
        self._reveal: Callable[[], str] = lambda: text

    def reveal(self) -> str:
        """The key itself, for the moment in which it is sent."""
        return self._reveal()

    def check(self) -> None:
        """Raises `SetupError` for what can't be a key: a header could not carry it."""
        if not _fits_a_header(self._reveal()):
            raise SetupError("The key has characters that a key can't have. Copy it once more from the portal.")

    def is_same(self, other: Key) -> bool:
        """Does it let the same person in?"""
        return type(self) is type(other) is Key and self._reveal() == other._reveal()

    def sign(self, request: requests.PreparedRequest) -> None:
        """Put it on a request."""
        request.headers[headers.KEY] = self.reveal()

    def __repr__(self) -> str:
        return DOTS

    def __reduce__(self) -> Any:
        raise TypeError("A key is never saved. Give it to the client again.")


class AccessToken(Protocol):
    """A token of Microsoft Entra, and until when it is good: seconds since 1970."""

    token: str
    expires_on: int


class Credential(Protocol):
    """What azure-identity's credentials have in common."""

    def get_token(self, *scopes: str) -> Any:
        """An `AccessToken` for these scopes."""


class Token(Key):
    """A token in place of a key. It is asked for when it is first needed, and again shortly before it ends."""

    __slots__ = ("_clock", "_ends", "_get", "_lock")
    stand_in = "your token"

    def __init__(self, credential: Credential, clock: Callable[[], float] = time.time) -> None:
        super().__init__("")
        if not callable(getattr(credential, "get_token", None)):
            raise OptionError(
                f"A credential is an object with get_token, as azure-identity gives, not {type(credential).__name__}."
            )
        self._get: Callable[[], AccessToken] = lambda: credential.get_token(SCOPE)
        self._clock, self._ends = clock, 0.0
        self._lock = threading.Lock()

    def reveal(self) -> str:
        """The token itself. Raises `SetupError` where the credential gives none."""
        with self._lock:
            if self._clock() > self._ends - MARGIN:
                self._renew()
            return super().reveal()

    def _renew(self) -> None:
        failure = ""
        try:
            given = self._get()
            text, self._ends = str(given.token), float(given.expires_on)
        except Exception as error:  # what it says is not repeated: it comes from anywhere, and may hold the token
            failure = type(error).__name__
        if failure or not text or not _fits_a_header(text):
            raise SetupError(
                f"The credential gave no token ({failure or 'what it gave is none'}). "
                "Sign in again, for instance with: az login"
            )
        self._reveal = lambda: text

    def check(self) -> None:
        """Nothing is asked for yet."""

    def is_same(self, other: Key) -> bool:
        return self is other

    def sign(self, request: requests.PreparedRequest) -> None:
        request.headers.pop(headers.KEY, None)
        request.headers[headers.AUTHORIZATION] = f"Bearer {self.reveal()}"


def _fits_a_header(text: str) -> bool:
    return all(one.isascii() and one.isprintable() and not one.isspace() for one in text)


def hidden(key: str | Key | None) -> Key | None:
    """A key that was given as text, as one that can't be seen; None where none was given."""
    if key is None or isinstance(key, Key):
        return key
    return Key(key.strip()) if key.strip() else None


def without_key(endpoint: str) -> str:
    """The endpoint; dots in place of a key that was given as one, so that no traceback shows it.

    >>> without_key("westus"), without_key("0123456789abcdef0123456789abcdef")
    ('westus', '•••')
    """
    return DOTS if re.fullmatch(r"\s*[0-9A-Za-z]{30,}\s*", endpoint) else endpoint


class KeyRing(BaseAdapter):
    """Puts the key on a copy of a request at the last moment, so that nothing that a person can print has it.

    A request names its key by a text that stands for it. Only an address of the key's own endpoint gets it.
    """

    def __init__(self, answers: BaseAdapter) -> None:
        super().__init__()
        self.answers = answers
        self._keys: dict[str, tuple[str, Key]] = {}

    def add(self, endpoint: str, key: Key) -> str:
        """Keep a key for an endpoint. Returns the text that stands for it in the headers of a request."""
        if key.is_same(Key(NO_KEY)):
            return NO_KEY
        for text, (base, known) in self._keys.items():
            if base == endpoint and known.is_same(key):
                return text
        text = f"({key.stand_in})" if not self._keys else f"({key.stand_in} {len(self._keys) + 1})"
        self._keys[text] = endpoint, key
        return text

    def share(self, other: KeyRing) -> None:
        """Have the keys of another ring, too."""
        self._keys = other._keys

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        try:
            response = self.answers.send(self._signed(request, Deadline.of(options.get("timeout"))), *args, **options)
        except BaseException as error:
            failure = error
        else:
            response.request = request
            return response
        raise without_past(failure)  # the frames in which it was raised hold the key

    def close(self) -> None:
        self.answers.close()

    def _signed(self, request: requests.PreparedRequest, deadline: Deadline) -> requests.PreparedRequest:
        endpoint, key = self._keys.get(str(request.headers.get(headers.KEY)), ("", None))
        if key is None or not may_have_key(str(request.url), endpoint):
            return request
        signed = request.copy()
        if isinstance(key, Token):  # which may have to be asked for over the network
            deadline.run(lambda: key.sign(signed))
        else:
            key.sign(signed)
        return signed


def without_past(error: BaseException) -> BaseException:
    """The same error without its traceback so far, and without the errors that led to it."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def may_have_key(url: str, endpoint: str) -> bool:
    """May a request to this address carry the key of that endpoint?

    An operation that was begun at a resource's own host may be continued at its region's.

    >>> may_have_key("https://a.example.evil/vision", "https://a.example")
    False
    >>> may_have_key("https://westus.api.cognitive.microsoft.com/", "https://name.cognitiveservices.azure.com")
    True
    """
    base, own = addresses.base_of(url), endpoint.lower()
    return base == own or (_is_service(base) and _is_service(own))


def _is_service(base: str) -> bool:
    return base.startswith("https://") and addresses.is_service_host(base.removeprefix("https://"))
