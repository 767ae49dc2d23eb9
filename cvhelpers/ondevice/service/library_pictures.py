"""The library's pictures as files that every operation takes.

The library keeps its pictures as WebP, which Computer Vision never took. So that what a search finds can be analyzed,
by its address as well as by its bytes, it is handed out as PNG where it is transparent, else as JPEG.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

import PIL.Image
import PIL.ImageOps

from ...protocol import addresses, bing
from ..library import Entry, Library, Query

_TAKEN = {"image/jpeg": "jpeg", "image/png": "png", "image/gif": "gif", "image/bmp": "bmp"}
"""Media types that Computer Vision takes, with Bing's names of them."""
_CONVERTED = 512  # files of some 20 KB, kept because every search that finds them states their sizes
THUMBNAIL_SIDE = 474
"""Pixels: a thumbnail fits into a square of this side unless its address says otherwise."""


@dataclass(frozen=True)
class PictureFile:
    """A picture as a file."""

    data: bytes
    media_type: str

    @property
    def encoding(self) -> str:
        """Bing's name of the format: "jpeg", "png", "gif" or "bmp"."""
        return _TAKEN[self.media_type]


class LibraryPictures:
    """Contents and thumbnails, by the ids of pictures or by addresses at which this service shows them."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._converted = lru_cache(_CONVERTED)(self._convert)

    def content(self, image_id: str) -> PictureFile:
        """A picture in full size. Raises `KeyError` if the library does not have it."""
        if self.library.details(image_id).path is not None:  # a person's own may have changed
            return PictureFile(*self.library.picture(image_id))
        return self._converted(image_id)

    def known_file(self, entry: Entry) -> PictureFile | None:
        """The file at a picture's address; None for a person's own, which is made when someone asks for it."""
        return None if entry.path is not None else self._converted(entry.image_id)

    def thumbnail(
        self, image_id: str, width: int | None = None, height: int | None = None, crop: bool = False
    ) -> PictureFile:
        """A small copy in its proportions, or cut to width × height with ``crop``.

        Raises `KeyError` if the library does not have it.
        """
        entry = self.library.details(image_id)
        if not entry.transparent or entry.path is not None:
            return PictureFile(*self.library.thumbnail(image_id, width, height, crop))
        image = _opened(self.content(image_id).data)
        if crop and width and height:
            return _png(PIL.ImageOps.fit(image, (width, height)))
        limit = THUMBNAIL_SIDE if width is None and height is None else bing.MAX_THUMBNAIL_SIDE
        image.thumbnail((width or limit, height or limit))
        return _png(image)

    def first_thumbnail(self, text: str) -> PictureFile:
        """A thumbnail of the picture that fits some words best. Raises `KeyError` for none, or a long text."""
        is_asked = bool(text.strip()) and len(text) <= bing.MAX_QUERY
        page = self.library.search(Query(text, count=1)) if is_asked else None
        if not page or not page.entries:
            raise KeyError(text)
        return self.thumbnail(page.entries[0].image_id)

    def at(self, url: str) -> PictureFile:
        """The picture at one of this service's addresses. Raises `KeyError` if there is none."""
        parts = urlsplit(url)
        path, query = unquote(parts.path), parse_qs(parts.query)
        if path != addresses.THUMBNAIL_PATH:
            return self.content(path.removeprefix(f"{addresses.CONTENT_PATH}/"))
        if "id" not in query:
            return self.first_thumbnail(query.get("q", [""])[0])
        width, height = (_side(query.get(name, [""])[0]) for name in "wh")
        fills = query.get("c", ["0"])[0] != "0" and bool(width and height)
        return self.thumbnail(query["id"][0], width, height, fills)

    def _convert(self, image_id: str) -> PictureFile:
        data, media_type = self.library.picture(image_id)
        if media_type in _TAKEN:
            return PictureFile(data, media_type)
        image = _opened(data)
        if image.has_transparency_data:
            return _png(image)
        file = io.BytesIO()
        image.convert("RGB").save(file, "JPEG", quality=90)
        return PictureFile(file.getvalue(), "image/jpeg")


def is_own_picture(url: str, own_host: str) -> bool:
    """Is this the address of a picture that this service shows? ``own_host`` is how the caller reached it.

    >>> is_own_picture("http://localhost:8000/th?id=1", "localhost:8000")
    True
    >>> is_own_picture("https://api.cognitive.microsoft.com/bing/v7.0/images/content/1", "localhost:8000")
    True
    >>> is_own_picture("http://LocalHost:8000/%74h?id=1", "LOCALHOST:8000")
    True
    >>> is_own_picture("https://www.example.org/th?id=1", "localhost:8000")
    False
    >>> is_own_picture("http://localhost:8000/bing/v7.0/images/search?q=a", "localhost:8000")
    False
    """
    try:
        parts = urlsplit(url)
        host = parts.netloc.lower()
    except ValueError:  # brackets that do not close
        return False
    path = unquote(parts.path)
    ours = host == own_host.lower() or addresses.is_service_host(host)
    shown = path == addresses.THUMBNAIL_PATH or path.startswith(f"{addresses.CONTENT_PATH}/")
    return parts.scheme in ("http", "https") and ours and shown


def thumbnail_size(width: int, height: int) -> tuple[int, int]:
    """The size in pixels of the thumbnail of a picture of this size.

    >>> thumbnail_size(948, 474), thumbnail_size(90, 60)
    ((474, 237), (90, 60))
    """
    scale = min(THUMBNAIL_SIDE / max(width, height, 1), 1)
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _side(text: str) -> int | None:
    """A width or height in an address; nothing if it is none."""
    known = re.fullmatch(r"[0-9]{1,4}", text)
    return int(text) if known and 1 <= int(text) <= bing.MAX_THUMBNAIL_SIDE else None


def _opened(data: bytes) -> PIL.Image.Image:
    with PIL.Image.open(io.BytesIO(data), formats=("WEBP", "PNG", "JPEG")) as image:
        image.load()
        return image


def _png(image: PIL.Image.Image) -> PictureFile:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)  # a seventh larger than the smallest, in a third of the time
    return PictureFile(file.getvalue(), "image/png")
