"""What every source brings beside its answers: how its services are reached, and how it addresses a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter

from ..protocol import addresses, headers
from .keys import NO_KEY, Key
from .pace import Pace

if TYPE_CHECKING:
    from ..pictures import Picture


@dataclass(frozen=True)
class Service:
    """How a service is reached: its endpoint, the key, and for Computer Vision the version."""

    endpoint: str
    key: Key
    api_version: str = ""


class Source(HTTPAdapter):
    """A place where answers come from.

    ``name`` is what ``connect`` calls it. `own_hosts` are the hosts for which it plays a service although they are
    none of the real ones: a client adds the endpoint that it was given. ``pace`` slows calls of Azure down.
    """

    name = ""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.own_hosts: set[str] = set()
        self.pace: Pace | None = None

    def vision_service(self, endpoint: str | None, key: Key | None, api_version: str | None) -> Service:
        """Computer Vision as this source offers it; what is given counts more than what it brings itself."""
        return Service(endpoint or addresses.VISION_ENDPOINT, key or Key(NO_KEY), api_version or "v2.0")

    def search_service(self, endpoint: str | None, key: Key | None) -> Service:
        """Image search as this source offers it. Raises `SetupError` where it has none."""
        return Service(endpoint or addresses.SEARCH_ENDPOINT, key or Key(NO_KEY))

    def picture_address(self, picture: Picture) -> str | None:
        """The address by which a request names this picture, or None: then its bytes are sent.

        The bytes are sent of a thumbnail, too: a service does not fetch from itself.
        """
        return None if picture.url is None or self.is_service(picture.url) else picture.url

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


def only_fetches(request: requests.PreparedRequest) -> bool:
    """Does this request only fetch something, such as a picture, and bring neither a picture nor a key with it?"""
    return request.method in ("GET", "HEAD") and headers.KEY not in request.headers
