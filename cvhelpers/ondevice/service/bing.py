"""Bing Image Search v7: the library's pages as its answers, and the thumbnails that they name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..library import Entry, Library, Page, Query
from . import checks
from .errors import BING, ApiError, not_found
from .gateway import SOURCE_HEADER, Gateway, JsonAnswer
from .wire import Json
from .workers import Workers

T = TypeVar("T")

SEARCH_PATHS = ("/bing/v7.0/images/search", "/v7.0/images/search")
CONTENT_PATH = "/bing/v7.0/images/content"
THUMBNAIL_SIDE = 474
"""A thumbnail fits into a square of this many pixels unless its address says otherwise."""

WORDS = {
    "license": "license",
    "imageType": "image_type",
    "size": "size",
    "aspect": "aspect",
    "color": "color",
    "id": "first",
}
NUMBERS = {
    "width": "width",
    "height": "height",
    "minWidth": "min_width",
    "maxWidth": "max_width",
    "minHeight": "min_height",
    "maxHeight": "max_height",
    "minFileSize": "min_file_size",
    "maxFileSize": "max_file_size",
}
"""Bing's names of the filters and the library's."""
DAYS = {"Day": 1, "Week": 7, "Month": 31}
SOURCE = "on-device; cvhelpers picture library 1.0"
INVALID = "InvalidRequest/ParameterInvalidValue"
MISSING = "InvalidRequest/ParameterMissing"


class Bing:
    """Image search in the library."""

    def __init__(self, library: Library, gateway: Gateway, workers: Workers) -> None:
        self.library, self.gateway, self.workers = library, gateway, workers

    def routes(self) -> list[Route]:
        """The search at both of its addresses, and the pictures. These need no key: a browser shows them."""
        search = self.gateway.guard(self.search, BING, "ImageSearch")
        thumbnail = self.gateway.guard(self.thumbnail, BING, "Thumbnail", keyless=True)
        content = self.gateway.guard(self.content, BING, "Content", keyless=True)
        return [
            *(Route(path, search, methods=["GET"]) for path in SEARCH_PATHS),
            Route("/th", thumbnail, methods=["GET"]),
            Route(f"{CONTENT_PATH}/{{id}}", content, methods=["GET"]),
        ]

    async def search(self, request: Request) -> Response:
        query = read_query(request.query_params)
        with self.workers.place():
            page = await self.workers.run(lambda: self.library.search(query))
        base = f"{request.url.scheme}://{request.url.netloc}"
        answer = JsonAnswer(write_page(page, query, base))
        answer.headers[SOURCE_HEADER] = SOURCE
        answer.headers["BingAPIs-TraceId"] = request.state.id.replace("-", "").upper()
        answer.headers["BingAPIs-Market"] = request.query_params.get("mkt", "en-US").encode("ascii", "replace").decode()
        return answer

    async def thumbnail(self, request: Request) -> Response:
        query = request.query_params
        name = query.get("id", "")
        width, height = (checks.number(query, side, 1, 1024, None, INVALID) if side in query else None for side in "wh")
        # Bing's c says how to cut: 0 not at all, anything else so that the picture fills the frame.
        fill = checks.number(query, "c", 0, 99, 0, INVALID) != 0
        crop = fill and width is not None and height is not None
        with self.workers.place():
            try:
                data, media_type = await self.workers.run(lambda: self.library.thumbnail(name, width, height, crop))
            except KeyError:
                raise not_found() from None
        return _picture(data, media_type)

    async def content(self, request: Request) -> Response:
        with self.workers.place():
            try:
                data, media_type = await self.workers.run(lambda: self.library.picture(request.path_params["id"]))
            except KeyError:
                raise not_found() from None
        return _picture(data, media_type)


def _picture(data: bytes, media_type: str) -> Response:
    return Response(data, media_type=media_type, headers={"Cache-Control": "max-age=86400", SOURCE_HEADER: SOURCE})


# --- reading a request -------------------------------------------------------------------------------------


def read_query(query: QueryParams) -> Query:
    """The library's query for a request's parameters. Parameters that Bing does not know are ignored, as it did.

    >>> read_query(QueryParams("q=puppies&license=public")).license
    'Public'
    """
    if not query.get("q", "").strip():
        raise ApiError(MISSING, "Required parameter is missing.", 400, "q")
    _check_market(query)
    filters: dict[str, object] = {ours: query[name] for name, ours in WORDS.items() if query.get(name)}
    for name, ours in NUMBERS.items():
        if query.get(name):
            filters[ours] = checks.number(query, name, 0, 10**8, None, INVALID)
    if query.get("freshness"):
        days = DAYS[checks.choice(query, "freshness", DAYS, code=INVALID)]
        filters["published_since"] = datetime.now(UTC).date() - timedelta(days=days)
    try:
        return Query(
            text=query["q"].strip(),
            count=min(checks.number(query, "count", 1, 10**8, 35, INVALID), 150),
            offset=checks.number(query, "offset", 0, 10**8, 0, INVALID),
            **filters,  # type: ignore[arg-type]
        )
    except ValueError as error:
        raise _invalid(error, query) from None


def _check_market(query: QueryParams) -> None:
    """Nothing in the library depends on these, but a wrong value is still wrong."""
    if query.get("mkt") and query.get("cc"):
        raise ApiError(INVALID, "mkt and cc exclude each other.", 400, "cc", query["cc"])
    if query.get("safeSearch"):
        checks.choice(query, "safeSearch", ("Off", "Moderate", "Strict"), code=INVALID)
    if query.get("imageContent"):
        message = "This library does not know which of its pictures show faces."
        raise ApiError(INVALID, message, 400, "imageContent", query["imageContent"])


def _invalid(error: ValueError, query: QueryParams) -> ApiError:
    """The library names its own field in front of its message; a person who asked knows Bing's name of it."""
    field, _, message = str(error).partition(": ")
    names = {ours: name for name, ours in (WORDS | NUMBERS).items()}
    name = names.get(field, field)
    return ApiError(INVALID, message or field, 400, name, query.get(name, ""))


# --- writing an answer -------------------------------------------------------------------------------------


def write_page(page: Page, query: Query, base: str) -> Json:
    """A page of results as Bing wrote it. What nobody knows of a picture is left out."""
    search = f"images/search?{urlencode({'q': query.text})}"
    altered = {"alteredQuery": page.corrected_query} if page.corrected_query else {}
    return {
        "_type": "Images",
        "instrumentation": {"_type": "ResponseInstrumentation"},
        "readLink": search,
        "webSearchUrl": f"{base}/bing/v7.0/{search}",
        "queryContext": {"originalQuery": query.text, **altered},
        "totalEstimatedMatches": page.total,
        "nextOffset": page.next_offset,
        "currentOffset": query.offset,
        "value": [_item(picture, base) for picture in page.entries],
        "similarTerms": [{"text": word} for word in page.widened],
        "relatedSearches": [_related(text, base) for text in page.related],
    }


def _related(text: str, base: str) -> Json:
    link = f"{base}/bing/v7.0/images/search?{urlencode({'q': text})}"
    return {"text": text, "displayText": text, "webSearchUrl": link, "searchLink": link}


def _item(picture: Entry, base: str) -> Json:
    name = quote(picture.image_id)
    content = f"{base}{CONTENT_PATH}/{name}"
    host_page = picture.source if picture.source.startswith(("http://", "https://")) else content
    item = {
        "webSearchUrl": host_page,
        "name": picture.title,
        "thumbnailUrl": f"{base}/th?id={name}&pid=Api",
        "contentUrl": content,
        "hostPageUrl": host_page,
        "contentSize": f"{picture.file_size} B",
        "encodingFormat": picture.media_type.partition("/")[2].partition("+")[0],
        "hostPageDisplayUrl": _display(host_page),
        "width": picture.width,
        "height": picture.height,
        "thumbnail": _thumbnail_size(picture.width, picture.height),
        "imageId": picture.image_id,
        "accentColor": picture.accent_color,
    }
    known = {
        "datePublished": _time(picture.published),
        "creator": picture.author,
        "creativeCommons": picture.license,
        "attribution": ", ".join(part for part in (picture.author, picture.collection, picture.license) if part),
    }
    return {**item, **{name: text for name, text in known.items() if text}}


def _thumbnail_size(width: int, height: int) -> Json:
    scale = min(THUMBNAIL_SIDE / max(width, height, 1), 1)
    return {"width": max(round(width * scale), 1), "height": max(round(height * scale), 1)}


def _display(url: str) -> str:
    return urlsplit(url).netloc + urlsplit(url).path


def _time(day: date | None) -> str:
    return f"{day.isoformat()}T00:00:00.0000000Z" if day else ""
