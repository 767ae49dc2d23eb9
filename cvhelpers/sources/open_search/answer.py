"""Pictures and errors, written as Bing wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from .query import BadQuery, WebQuery


@dataclass(frozen=True)
class FoundPicture:
    """One picture of an open service. What it did not tell is None or empty.

    ``license`` is a code such as "by-sa-4.0", "cc0-1.0" or "pdm"; ``license_name`` what a person reads. Widths and
    heights are in pixels, ``size`` in bytes.
    """

    id: str
    title: str
    url: str
    page: str
    thumbnail: str
    width: int | None = None
    height: int | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None
    size: int | None = None
    format: str = ""
    creator: str = ""
    creator_url: str = ""
    license: str = ""
    license_name: str = ""
    license_url: str = ""
    attribution: str = ""


@dataclass
class FoundPage:
    """What a service answered: some pictures, how many there are in all, and where the next page begins."""

    found: list[FoundPicture] = field(default_factory=list)
    total: int = 0
    next_offset: int | None = None
    notice: str = ""
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Refusal(Exception):
    """An error of the open service, in the words of Bing's errors."""

    status: int
    code: str
    message: str
    retry_after: float | None = None

    @property
    def body(self) -> dict[str, Any]:
        return error_body(self.code, self.message)

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:.0f}"}


def error_body(code: str, message: str, sub_code: str = "", parameter: str = "", value: str = "") -> dict[str, Any]:
    """An error as Bing wrote it.

    >>> error_body("RateLimitExceeded", "Too many.")
    {'_type': 'ErrorResponse', 'errors': [{'code': 'RateLimitExceeded', 'message': 'Too many.'}]}
    """
    parts = {"code": code, "subCode": sub_code, "message": message, "parameter": parameter, "value": value}
    return {"_type": "ErrorResponse", "errors": [{name: text for name, text in parts.items() if text}]}


def bad_query_body(error: BadQuery) -> dict[str, Any]:
    """A refused parameter as Bing wrote it."""
    return error_body("InvalidRequest", error.message, error.code, error.parameter, error.value)


def page_body(page: FoundPage, query: WebQuery, web_page: str) -> dict[str, Any]:
    """A page of pictures as Bing wrote it, with what the licences ask for beside it: creator, licence, attribution.

    ``notice`` is what the service's terms ask to be said; ``warnings`` say which filters were left out.
    """
    end = {} if page.next_offset is None else {"nextOffset": page.next_offset}
    return {
        "_type": "Images",
        "instrumentation": {"_type": "ResponseInstrumentation"},
        "readLink": f"images/search?{urlencode({'q': query.text})}",
        "webSearchUrl": web_page,
        "queryContext": {"originalQuery": query.text},
        "totalEstimatedMatches": page.total,
        **end,
        "currentOffset": query.offset,
        "value": [item(one) for one in page.found],
        "notice": page.notice,
        "warnings": page.warnings,
    }


def item(found: FoundPicture) -> dict[str, Any]:
    """One picture as Bing wrote it. What nobody told is left out."""
    told: dict[str, Any] = {
        "webSearchUrl": found.page,
        "name": found.title,
        "thumbnailUrl": found.thumbnail,
        "contentUrl": found.url,
        "hostPageUrl": found.page,
        "contentSize": None if found.size is None else f"{found.size} B",
        "encodingFormat": found.format,
        "hostPageDisplayUrl": display(found.page),
        "width": found.width,
        "height": found.height,
        "imageId": found.id,
        "creativeCommons": found.license_name,
        "licenseUrl": found.license_url,
        "creator": found.creator,
        "creatorUrl": found.creator_url,
        "attribution": found.attribution,
    }
    if found.thumbnail_width and found.thumbnail_height:
        told["thumbnail"] = {"width": found.thumbnail_width, "height": found.thumbnail_height}
    needed = ("name", "thumbnailUrl")
    return {name: value for name, value in told.items() if name in needed or value not in (None, "")}


def display(url: str) -> str:
    """An address as a person reads it: without its scheme.

    >>> display("https://www.flickr.com/photos/1")
    'www.flickr.com/photos/1'
    """
    parts = urlsplit(url)
    return parts.netloc + parts.path


def encoding_format(name: str | None, url: str) -> str:
    """Bing's word for a file's format: from the format that was told, else from the end of the address.

    Openverse tells the format of a drawing's source file, such as "eps", beside the address of a picture.

    >>> encoding_format("jpg", ""), encoding_format("eps", "https://example.org/A.PNG")
    ('jpeg', 'png')
    """
    words: Sequence[str] = ("jpeg", "png", "gif", "bmp", "webp", "svg", "tiff", "avif")
    for told in (name or "", urlsplit(url).path.rpartition(".")[2]):
        ending = told.lower().rpartition("/")[2].partition("+")[0]
        ending = {"jpg": "jpeg", "tif": "tiff"}.get(ending, ending)
        if ending in words:
            return ending
    return ""
