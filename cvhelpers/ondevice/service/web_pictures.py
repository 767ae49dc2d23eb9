"""Thumbnails of pictures that a search of the open web found, handed out by this service.

A program that spoke to Bing fetches thumbnails as it likes: all at once, and without saying who it is. Wikimedia
refuses both. So this service fetches each of them, once for a whole class, and only what its own answers named.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio

from ...protocol import addresses
from .fetching import FetchError
from .library_pictures import PictureFile

AT_ONCE = 3
"""Fetched at the same time: what Wikimedia allows."""
KNOWN, KEPT = 20_000, 500
"""So many addresses are remembered, some 4 MB, and so many thumbnails kept, some 20 MB."""


class WebPictures:
    """The thumbnails of what was found. ``fetch`` gets the bytes at an address of the web."""

    def __init__(self, fetch: Callable[[str], Awaitable[bytes]]) -> None:
        self._fetch = fetch
        self._addresses: OrderedDict[str, str] = OrderedDict()
        self._files: OrderedDict[str, PictureFile] = OrderedDict()
        self._lock = threading.Lock()
        self._places = anyio.CapacityLimiter(AT_ONCE)

    def shown_here(self, body: Mapping[str, Any], base: str) -> dict[str, Any]:
        """The same answer, its thumbnails at this service, which is reached at ``base``."""
        value = [{**one, "thumbnailUrl": self._own(one.get("thumbnailUrl", ""), base)} for one in body.get("value", ())]
        return {**body, "value": value} if "value" in body else dict(body)

    def _own(self, url: str, base: str) -> str:
        if not url.startswith(("http://", "https://")):
            return url
        name = f"web-{hashlib.sha256(url.encode()).hexdigest()[:32]}"
        with self._lock:
            _remember(self._addresses, name, url, KNOWN)
        return f"{base}{addresses.THUMBNAIL_PATH}?id={name}"

    async def thumbnail(self, name: str) -> PictureFile:
        """The thumbnail of that name. Raises `KeyError` where none was found, or it can't be fetched."""
        async with self._places:
            if name not in self._files:
                url = self._addresses[name]
                try:
                    data = await self._fetch(url)
                except FetchError:
                    data = await self._once_more(url)
                with self._lock:
                    _remember(self._files, name, PictureFile(data, _media_type(data)), KEPT)
            return self._files[name]

    async def _once_more(self, url: str) -> bytes:
        try:
            return await self._fetch(url)
        except FetchError:
            raise KeyError(url) from None


def _remember(known: OrderedDict[str, Any], name: str, what: Any, most: int) -> None:
    known[name] = what
    known.move_to_end(name)
    while len(known) > most:
        known.popitem(last=False)


def _media_type(data: bytes) -> str:
    """Of a picture that a page may show; anything else is no thumbnail: raises `KeyError`."""
    begins = {b"\xff\xd8\xff": "jpeg", b"\x89PNG": "png", b"GIF8": "gif", b"RIFF": "webp"}
    for magic, kind in begins.items():
        if data.startswith(magic):
            return f"image/{kind}"
    raise KeyError("no picture")
