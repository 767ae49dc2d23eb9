"""What every source brings beside its answers: how its services are reached, and how it addresses a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter

from ..protocol import addresses

if TYPE_CHECKING:
    from ..pictures import Picture

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

    def __repr__(self) -> str:
        return "•••"

    def __reduce__(self) -> Any:
        raise TypeError("A key is not written anywhere. Give it to the client again.")


@dataclass(frozen=True)
class Service:
    """How a service is reached: its endpoint, the key, and for Computer Vision the version."""

    endpoint: str
    key: Key
    api_version: str = ""


class Source(HTTPAdapter):
    """A place where answers come from.

    ``name`` is what ``connect`` calls it. `own_hosts` are the hosts for which it plays a service although they are
    none of the real ones: a client adds the endpoint that it was given.
    """

    name = ""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.own_hosts: set[str] = set()

    def vision_service(self, endpoint: str | None, key: str | None, api_version: str | None) -> Service:
        """Computer Vision as this source offers it; what is given counts more than what it brings itself."""
        return Service(endpoint or addresses.VISION_ENDPOINT, Key(key or NO_KEY), api_version or "v2.0")

    def search_service(self, endpoint: str | None, key: str | None) -> Service:
        """Image search as this source offers it. Raises `SetupError` where it has none."""
        return Service(endpoint or addresses.SEARCH_ENDPOINT, Key(key or NO_KEY))

    def picture_address(self, picture: Picture) -> str | None:
        """The address by which a request names this picture, or None: then its bytes are sent."""
        return picture.url

    def served_address(self, url: str) -> str:
        """The address that this source asks for when it is given this one."""
        return url

    def is_service(self, url: str) -> bool:
        """Is this the address of one of the services, and not of a picture somewhere on the web?

        >>> Source().is_service("https://westus.api.cognitive.microsoft.com/vision/v2.0/ocr")
        True
        >>> Source().is_service("https://www.example.org/vision/cat.jpg")
        False
        """
        base = addresses.base_of(url)
        ours = addresses.is_service_host(base.partition("//")[2]) or base in self.own_hosts
        return ours and addresses.is_service_path(addresses.path_of(url))

    def needs_key(self, url: str) -> bool:
        """Is this the address of an operation that asks for a key?"""
        return self.is_service(url) and addresses.needs_key(addresses.path_of(url))
