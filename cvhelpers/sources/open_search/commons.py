"""Wikimedia Commons: free pictures, drawings and scans that people of the Wikimedia projects collect.

The parameters and fields are those of MediaWiki's API (``generator=search`` with ``prop=imageinfo``). Requests name
themselves as the User-Agent policy asks, at most three at a time, and thumbnails are asked for in a served width.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from ...results.fields import items, json_object, number_if_any, text_if_any, whole_if_any
from .answer import FoundPicture, Refusal, encoding_format
from .query import WebQuery
from .service import OpenService

ENDPOINT = "https://commons.wikimedia.org"
THUMBNAIL_WIDTH = 330
"""Pixels: one of the widths that are served."""

KINDS = {
    "Photo": "filetype:bitmap",
    "Clipart": "filetype:drawing",
    "Line": "filetype:drawing",
    "AnimatedGif": "filemime:image/gif",
    "AnimatedGifHttps": "filemime:image/gif",
}
PUBLIC = re.compile(r"cc0|pd|public")
"""How the code of a licence begins that leaves a picture to everyone."""
BUSY = re.compile(r"maxlag|ratelimited|readonly|internal_api_error|cirrussearch-(\w+-)?(too-busy|backend)")
"""How the code of a fault begins that is not the request's: it is worth while to come back."""
SMALL, LARGE = 200, 500
"""Bing's sizes: Small is below 200 × 200 pixels, Large from 500 × 500 on, Medium between."""
WITHOUT_COUNTERPART = ("color", "freshness", "imageContent", "safeSearch")


class Commons(OpenService):
    """Searches Wikimedia Commons. All that is there may be shared and changed, for money as well."""

    name = "Wikimedia Commons"
    notice = "Found on Wikimedia Commons. Check each licence at its source."
    at_once = 3

    def parameters(self, query: WebQuery, page: int) -> tuple[str, dict[str, str]]:
        kind = KINDS.get(query.words.get("imageType", ""), "filetype:bitmap|drawing")
        return "/w/api.php", {
            "action": "query",
            "format": "json",
            "formatversion": "2",
            "maxlag": "5",
            "generator": "search",
            "gsrsearch": f"{query.text} {kind}",
            "gsrnamespace": "6",
            "gsrlimit": str(self.page_size),
            "gsroffset": str(page * self.page_size),
            "prop": "imageinfo",
            "iiprop": "url|size|mime|user|timestamp|extmetadata",
            "iiurlwidth": str(THUMBNAIL_WIDTH),
        }

    def unsupported(self, query: WebQuery) -> list[str]:
        left_out = [name for name in WITHOUT_COUNTERPART if name in query.words]
        kind = query.words.get("imageType")
        left_out += [f"imageType={kind}"] if kind and kind not in KINDS else []
        return left_out + (["mkt"] if query.market else [])

    def web_page(self, query: WebQuery) -> str:
        return f"https://commons.wikimedia.org/w/index.php?{urlencode({'search': query.text, 'ns6': 1})}"

    def takes(self, query: WebQuery, found: FoundPicture) -> bool:
        words = query.words
        if words.get("license") == "Public" and not PUBLIC.match(found.license):
            return False
        return (
            super().takes(query, found)
            and _has_size(words.get("size", ""), found)
            and _has_aspect(words.get("aspect", ""), found)
        )

    def read(self, body: Mapping[str, Any]) -> tuple[list[FoundPicture], int | None, bool]:
        if "error" in body:  # MediaWiki says so with status 200
            raise self._fault(json_object(body["error"], "error"))
        query = json_object(body.get("query") or {}, "query")
        pages = [json_object(page, "a page") for page in items(query, "pages", "query")]
        pages.sort(key=lambda page: number_if_any(page, "index", "a page") or 0)  # not the order of the answer
        found = [_found(page) for page in pages if page.get("imageinfo")]
        following = json_object(body.get("continue") or {}, "continue")
        offset = whole_if_any(following, "gsroffset", "continue")
        return found, None, offset is not None  # with a generator the total is not told

    def _fault(self, error: Mapping[str, Any]) -> Refusal:
        code, info = text_if_any(error, "code", "error"), text_if_any(error, "info", "error")
        if BUSY.match(code):
            self.pause(5)
            return Refusal(503, "ServerError", f"{self.name} is busy: {info}", 5)
        return Refusal(400, "InvalidRequest", f"{self.name}: {info or code}")


def _has_size(size: str, found: FoundPicture) -> bool:
    if not size:
        return True
    if not (found.width and found.height):
        return False
    if size == "Small":
        return max(found.width, found.height) < SMALL
    large = min(found.width, found.height) >= LARGE
    if size == "Wallpaper":
        return large and found.width > found.height
    return large if size == "Large" else not large and max(found.width, found.height) >= SMALL


def _has_aspect(aspect: str, found: FoundPicture) -> bool:
    if not aspect:
        return True
    if not (found.width and found.height):
        return False
    ratio = found.width / found.height
    return {"Square": 0.9 <= ratio <= 1.1, "Wide": ratio > 1.1, "Tall": ratio < 0.9}[aspect]


def _found(page: Mapping[str, Any]) -> FoundPicture:
    info = json_object(items(page, "imageinfo", "a page")[0], "imageinfo")
    about = json_object(info.get("extmetadata") or {}, "extmetadata")

    def text(key: str) -> str:
        return text_if_any(info, key, "imageinfo")

    def told(key: str) -> str:
        entry = about.get(key)
        return plain(str(entry.get("value") or "")) if isinstance(entry, Mapping) else ""

    title = text_if_any(page, "title", "a page").removeprefix("File:").rpartition(".")[0].replace("_", " ")
    creator, licence = told("Artist") or text("user"), told("LicenseShortName")
    return FoundPicture(
        id=str(page.get("pageid", "")),
        title=told("ObjectName") or title,
        url=text("url"),
        page=text("descriptionurl"),
        thumbnail=text("thumburl") or text("url"),
        width=whole_if_any(info, "width", "imageinfo"),
        height=whole_if_any(info, "height", "imageinfo"),
        thumbnail_width=whole_if_any(info, "thumbwidth", "imageinfo"),
        thumbnail_height=whole_if_any(info, "thumbheight", "imageinfo"),
        size=whole_if_any(info, "size", "imageinfo"),
        format=encoding_format(text("mime"), text("url")),
        creator=creator,
        license=told("License").lower(),
        license_name=licence,
        license_url=told("LicenseUrl"),
        attribution=", ".join(
            part for part in (told("Attribution") or creator, licence, "via Wikimedia Commons") if part
        ),
    )


def plain(html: str) -> str:
    """The text that a browser shows of a piece of HTML.

    >>> plain('<a href="//example.org">Jane &amp; Joe</a>, 2020<br>H<sub>2</sub>O<i style="display: none;">secret</i>')
    'Jane & Joe, 2020 H2O'
    """
    shown = _ShownText()
    shown.feed(html)
    shown.close()
    return " ".join("".join(shown.parts).split())


class _ShownText(HTMLParser):
    """Gathers the text; ``hidden`` counts the open elements that a browser does not show."""

    INLINE = frozenset("a abbr b bdi big cite code em i kbd small span strong sub sup tt u var".split())
    EMPTY = frozenset("br hr img input link meta wbr".split())

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        style = (dict(attrs).get("style") or "").replace(" ", "").lower()
        if tag not in self.EMPTY and (self.hidden or tag in ("style", "script") or "display:none" in style):
            self.hidden += 1
        self._between(tag)

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag not in self.EMPTY and self.hidden > 0
        self._between(tag)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)

    def _between(self, tag: str) -> None:
        """What is no part of a line stands apart from it."""
        if tag not in self.INLINE:
            self.parts.append(" ")
