"""Openverse: a search engine for openly licensed pictures of Flickr, Wikimedia Commons, museums and others.

The parameters and fields are those of its API's documentation (api.openverse.org/v1). Anonymous callers have about 20
requests a minute and 200 a day, pages of at most 20 pictures, and the first 240 pictures of a search. The parameter
``mature`` is never sent: any value, even "false", has switched sensitive pictures on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ...results.fields import items, json_object, text_if_any, whole_if_any
from .answer import FoundPicture, encoding_format
from .query import WebQuery
from .service import OpenService

ENDPOINT = "https://api.openverse.org"
LONGEST_QUERY = 200
THUMBNAIL_WIDTH = 600

LICENSES = {
    "Public": ("license", "cc0,pdm"),
    "Share": ("license_type", "all-cc"),
    "ShareCommercially": ("license_type", "commercial"),
    "Modify": ("license_type", "modification"),
    "ModifyCommercially": ("license_type", "commercial,modification"),
}
KINDS = {
    "Photo": ("category", "photograph"),
    "Clipart": ("category", "illustration"),
    "Line": ("category", "illustration"),
    "AnimatedGif": ("extension", "gif"),
    "AnimatedGifHttps": ("extension", "gif"),
}
ASPECTS = {"Square": "square", "Wide": "wide", "Tall": "tall"}
SIZES = {"Small": "small", "Medium": "medium", "Large": "large", "Wallpaper": "large"}
WITHOUT_COUNTERPART = ("color", "freshness", "imageContent")
"""Filters of Bing that Openverse has no counterpart for. Its date is that of the index, not of the picture."""


class Openverse(OpenService):
    """Searches Openverse."""

    name = "Openverse"
    notice = "Found with the Openverse API. Openverse does not endorse this product. Check each licence at its source."

    def parameters(self, query: WebQuery, page: int) -> tuple[str, dict[str, str]]:
        words = query.words
        asked = {"q": query.text[:LONGEST_QUERY], "page": str(page + 1), "page_size": str(self.page_size)}
        for table, name in ((LICENSES, "license"), (KINDS, "imageType")):
            if words.get(name) in table:
                key, value = table[words[name]]
                asked[key] = value
        if "aspect" in words:
            asked["aspect_ratio"] = ASPECTS[words["aspect"]]
        if "size" in words:
            asked["size"] = SIZES[words["size"]]
        if words.get("size") == "Wallpaper":
            asked["aspect_ratio"] = "wide"
        return "/v1/images/", asked

    def unsupported(self, query: WebQuery) -> list[str]:
        left_out = [name for name in WITHOUT_COUNTERPART if name in query.words]
        kind = query.words.get("imageType")
        left_out += [f"imageType={kind}"] if kind and kind not in KINDS else []
        left_out += ["safeSearch=Off"] if query.words.get("safeSearch") == "Off" else []
        return left_out + (["mkt"] if query.market else [])

    def web_page(self, query: WebQuery) -> str:
        return f"https://openverse.org/search/image?{urlencode({'q': query.text})}"

    def read(self, body: Mapping[str, Any]) -> tuple[list[FoundPicture], int | None, bool]:
        found = [_found(json_object(one, "a result")) for one in items(body, "results", "the answer")]
        total = whole_if_any(body, "result_count", "the answer")
        pages, page = (whole_if_any(body, key, "the answer") or 0 for key in ("page_count", "page"))
        return found, total, bool(found) and page < pages

    def note_limits(self, headers: Mapping[str, str]) -> None:
        """Two limits hold: so many requests a minute, and so many a day."""
        for limit, seconds in (("anon_burst", 60), ("anon_sustained", 3600)):
            if headers.get(f"X-RateLimit-Available-{limit}") == "0":
                self.pause(seconds)


def _found(data: Mapping[str, Any]) -> FoundPicture:
    def text(key: str) -> str:
        return text_if_any(data, key, "a result")

    width, height = (whole_if_any(data, key, "a result") for key in ("width", "height"))
    thumbnail_width = min(width, THUMBNAIL_WIDTH) if width else None
    code, version = text("license"), text("license_version")
    return FoundPicture(
        id=text("id"),
        title=text("title"),
        url=text("url"),
        page=text("foreign_landing_url"),
        thumbnail=text("thumbnail") or text("url"),
        width=width,
        height=height,
        thumbnail_width=thumbnail_width,
        thumbnail_height=round(thumbnail_width * height / width) if thumbnail_width and width and height else None,
        size=whole_if_any(data, "filesize", "a result"),
        format=encoding_format(text("filetype"), text("url")),
        creator=text("creator"),
        creator_url=text("creator_url"),
        license=f"{code}-{version}".strip("-"),
        license_name=license_name(code, version),
        license_url=text("license_url"),
        attribution=text("attribution"),
    )


def license_name(code: str, version: str) -> str:
    """A licence as a person reads it.

    >>> license_name("by-sa", "2.0"), license_name("cc0", "1.0"), license_name("pdm", "1.0")
    ('CC BY-SA 2.0', 'CC0 1.0', 'Public Domain Mark 1.0')
    """
    names = {"cc0": "CC0", "pdm": "Public Domain Mark", "sampling+": "CC Sampling+", "nc-sampling+": "CC NC-Sampling+"}
    name = names.get(code, f"CC {code.upper()}" if code else "")
    return f"{name} {version}".strip()
