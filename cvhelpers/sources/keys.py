"""Keys: kept where nobody can print them, and put on a request at the last moment.

>>> may_have_key("https://a.example/vision", "https://a.example")
True
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import BaseAdapter

from ..errors import SetupError
from ..protocol import addresses, headers

NO_KEY = "no-key-needed"
"""The one key that the keyless sources take, so that a wrong key can be told from a right one in a lesson."""


class Key:
    """A key that can be sent but not seen: no ``repr``, format, JSON or pickle shows it.

    >>> key = Key("a-secret")
    >>> print(key, f"{key}", [key])
    ••• ••• [•••]
    """

    __slots__ = ("_reveal",)

    def __init__(self, text: str) -> None:
        self._reveal: Callable[[], str] = lambda: text

    def reveal(self) -> str:
        """The key itself, for the moment in which it is sent."""
        return self._reveal()

    def check(self) -> None:
        """Raises `SetupError` for what can't be a key: a header could not carry it."""
        if not all(one.isascii() and one.isprintable() and not one.isspace() for one in self._reveal()):
            raise SetupError("The key has characters that no key has. Copy it once more from the portal.")

    def __repr__(self) -> str:
        return "•••"

    def __reduce__(self) -> Any:
        raise TypeError("A key is not written anywhere. Give it to the client again.")


def hidden(key: str | Key | None) -> Key | None:
    """A key that was given as text, as one that can't be seen; None where none was given."""
    if key is None or isinstance(key, Key):
        return key
    return Key(key.strip()) if key.strip() else None


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
        if key.reveal() == NO_KEY:
            return NO_KEY
        for text, (base, known) in self._keys.items():
            if base == endpoint and known.reveal() == key.reveal():
                return text
        text = "(your key)" if not self._keys else f"(your key {len(self._keys) + 1})"
        self._keys[text] = endpoint, key
        return text

    def share(self, other: KeyRing) -> None:
        """Have the keys of another ring, too."""
        self._keys = other._keys

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        try:
            response = self.answers.send(self._signed(request), *args, **options)
        except BaseException as error:
            failure = error
        else:
            response.request = request
            return response
        raise without_past(failure)  # the frames in which it was raised hold the key

    def close(self) -> None:
        self.answers.close()

    def _signed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        endpoint, key = self._keys.get(str(request.headers.get(headers.KEY)), ("", None))
        if key is None or not may_have_key(str(request.url), endpoint):
            return request
        signed = request.copy()
        signed.headers[headers.KEY] = key.reveal()
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
