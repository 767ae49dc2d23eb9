"""The pictures that an image search found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from .fields import Json, json_object, missing, read_all, text_if_any, whole_if_any, words
from .shapes import ResultList, Rows, row


@dataclass(frozen=True)
class ImageResult:
    """One picture that a search found. What the service did not tell is empty or None."""

    name: str
    thumbnail_url: str
    content_url: str = ""
    host_page_url: str = ""
    width: int | None = None
    height: int | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None
    encoding_format: str = ""
    content_size: int | None = None
    date_published: str = ""
    accent_color: str = ""
    image_id: str = ""
    license: str = ""
    license_url: str = ""
    creator: str = ""
    attribution: str = ""
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @property
    def credit(self) -> str:
        """Who made it and under which licence; where that is not told, the host that shows it."""
        if self.attribution:
            return self.attribution
        host = self.host_page_url.split("//")[-1].split("/")[0]
        return ", ".join(part for part in (self.creator or host, self.license) if part)


@dataclass(frozen=True)
class ImageSearchResults(ResultList[ImageResult]):
    """The pictures that a search found, in the service's order; iteration, ``len`` and ``[n]`` give the pictures."""

    images: tuple[ImageResult, ...] = ()
    query: str = ""
    total: int | None = None
    next_offset: int | None = None
    source: str = ""
    notice: str = ""
    warnings: tuple[str, ...] = ()
    raw: Json = field(default_factory=dict, repr=False, compare=False)
    session: Any = field(default=None, repr=False, compare=False)

    @classmethod
    def from_json(cls, body: object, source: str = "", query: str = "") -> ImageSearchResults:
        """Read an answer of Bing Image Search v7. Raises `UnexpectedAnswer` for JSON that is none."""
        data = json_object(body, "an image search result")
        if "value" not in data:
            raise missing("an image search result", "value", data)
        context = json_object(data.get("queryContext") or {}, "queryContext")
        return cls(
            images=read_all(data, "value", _image_result),
            query=query or text_if_any(context, "originalQuery", "queryContext"),
            total=whole_if_any(data, "totalEstimatedMatches", "the answer"),
            next_offset=whole_if_any(data, "nextOffset", "the answer"),
            source=source,
            notice=text_if_any(data, "notice", "the answer"),
            warnings=words(data, "warnings", "the answer"),
            raw=data,
        )

    def _found(self) -> tuple[ImageResult, ...]:
        return self.images

    def __str__(self) -> str:
        return "\n".join(image.name for image in self.images)

    def to_rows(self) -> Rows:
        """A row for each picture: its number (from 1, as drawn), title, width and height in pixels, format, credit."""
        return [
            row(n, "picture", image.name)
            | {"width": image.width, "height": image.height, "format": image.encoding_format, "credit": image.credit}
            for n, image in enumerate(self.images, start=1)
        ]

    def from_session(self, session: Any) -> ImageSearchResults:
        """The same, with the session that answered: it gives the thumbnails as well. It is not kept in a pickle."""
        return replace(self, session=session)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "session": None}


def _bytes(size: object) -> int | None:
    """``"108428 B"`` as a number."""
    digits = re.match(r"[0-9]{1,15}", size) if isinstance(size, str) else None
    return int(digits[0]) if digits else None


def _image_result(data: Json) -> ImageResult:
    thumbnail = json_object(data.get("thumbnail") or {}, "thumbnail")

    def text(key: str) -> str:
        return text_if_any(data, key, "a picture")

    if "thumbnailUrl" not in data:
        raise missing("a picture", "thumbnailUrl", data)
    return ImageResult(
        name=text("name"),
        thumbnail_url=text("thumbnailUrl"),
        content_url=text("contentUrl"),
        host_page_url=text("hostPageUrl"),
        width=whole_if_any(data, "width", "a picture"),
        height=whole_if_any(data, "height", "a picture"),
        thumbnail_width=whole_if_any(thumbnail, "width", "a thumbnail"),
        thumbnail_height=whole_if_any(thumbnail, "height", "a thumbnail"),
        encoding_format=text("encodingFormat"),
        content_size=_bytes(data.get("contentSize")),
        date_published=text("datePublished"),
        accent_color=text("accentColor"),
        image_id=text("imageId"),
        license=text("creativeCommons"),
        license_url=text("licenseUrl"),
        creator=text("creator"),
        attribution=text("attribution"),
        raw=data,
    )
