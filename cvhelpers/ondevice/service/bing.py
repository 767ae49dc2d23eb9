"""Bing Image Search v7: its addresses, and the pictures that its answers name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...protocol import addresses, headers
from ...protocol import bing as protocol
from ..library import Library
from . import bing_answers, parameters
from .bing_query import INVALID, check_market, read_details, read_query
from .calls import call_of
from .errors import BING, JsonObject, not_found
from .gateway import Endpoint, Gateway, JsonAnswer, own_address, route
from .library_pictures import LibraryPictures, PictureFile
from .web_pictures import WebPictures
from .workers import Workers

T = TypeVar("T")


class WebAnswer(Protocol):
    """What a search of the open web gives: an HTTP answer, and where it comes from."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> Mapping[str, Any]: ...
    @property
    def source(self) -> str: ...


WebSearch = Callable[[Mapping[str, str]], WebAnswer]

SOURCE = "on-device; cvhelpers picture library 1.0"


class Bing:
    """Image search in the library, or on the open web where there is a ``web_search``."""

    def __init__(
        self,
        library: Library,
        pictures: LibraryPictures,
        gateway: Gateway,
        workers: Workers,
        web_search: WebSearch | None = None,
        web_pictures: WebPictures | None = None,
    ) -> None:
        self.library, self.pictures, self.gateway, self.workers = library, pictures, gateway, workers
        self.web_search, self.web_pictures = web_search, web_pictures

    def routes(self) -> list[Route]:
        """The operations at both of their addresses, and the pictures. These need no key: a browser shows them."""
        return [
            *self._routes(addresses.SEARCH_PATHS, self.search, "ImageSearch"),
            *self._routes(addresses.DETAILS_PATHS, self.details, "ImageDetails"),
            *self._routes(addresses.TRENDING_PATHS, self.trending, "TrendingImages"),
            *self._routes((addresses.THUMBNAIL_PATH,), self.thumbnail, "Thumbnail", keyless=True),
            *self._routes((f"{addresses.CONTENT_PATH}/{{id}}",), self.content, "Content", keyless=True),
        ]

    def _routes(self, paths: tuple[str, ...], operation: Endpoint, name: str, keyless: bool = False) -> list[Route]:
        endpoint = self.gateway.guard(operation, BING, name, keyless)
        return [route("GET", path, endpoint) for path in paths]

    async def search(self, request: Request) -> Response:
        if self.web_search is not None:
            return await self._search_the_web(request, self.web_search)
        query, base = read_query(request.query_params), own_address(request)

        def find() -> JsonObject:
            page = self.library.search(query)
            return bing_answers.images(page, query, base, self.pictures)

        return self._answer(request, await self._in_library(request, find))

    async def _search_the_web(self, request: Request, web_search: WebSearch) -> Response:
        """The answer of a service on the open web, in Bing's shape already."""
        asked = dict(request.query_params)
        with self.gateway.quotas.fetches.held(call_of(request).client):
            answer = await anyio.to_thread.run_sync(web_search, asked, abandon_on_cancel=True)
        body = dict(answer.body)
        if self.web_pictures is not None:
            body = self.web_pictures.shown_here(body, own_address(request))
        return JsonAnswer(body, answer.status, {**answer.headers, headers.SOURCE: answer.source})

    async def details(self, request: Request) -> Response:
        image_id, modules = read_details(request.query_params)
        base = own_address(request)
        return self._answer(
            request,
            await self._in_library(
                request,
                lambda: bing_answers.insights(
                    self.library, self.pictures, self.library.details(image_id), modules, base
                ),
            ),
        )

    async def trending(self, request: Request) -> Response:
        check_market(request.query_params)
        base = own_address(request)
        return self._answer(
            request, await self._in_library(request, lambda: bing_answers.trending(self.library, self.pictures, base))
        )

    async def thumbnail(self, request: Request) -> Response:
        query = request.query_params
        if self.web_pictures is not None and query.get("id", "").startswith("web-"):
            try:
                return _picture(await self.web_pictures.thumbnail(query["id"]))
            except KeyError:
                raise not_found() from None
        width, height = (
            parameters.number(query, side, 1, protocol.MAX_THUMBNAIL_SIDE, None, INVALID) if side in query else None
            for side in "wh"
        )
        # Bing's c says how to cut: 0 not at all, anything else so that the picture fills the frame.
        fill = parameters.number(query, "c", 0, 99, 0, INVALID) != 0
        crop = fill and width is not None and height is not None

        def make() -> PictureFile:
            if "id" in query:
                return self.pictures.thumbnail(query["id"], width, height, crop)
            return self.pictures.first_thumbnail(query.get("q", ""))

        return _picture(await self._in_library(request, make))

    async def content(self, request: Request) -> Response:
        image_id = request.path_params["id"]
        return _picture(await self._in_library(request, lambda: self.pictures.content(image_id)))

    async def _in_library(self, request: Request, question: Callable[[], T]) -> T:
        """The library's answer, when it is this caller's turn."""
        call = call_of(request)
        call.work.take(1)
        try:
            return await self.workers.run(call.client, question)
        except KeyError:  # no such picture
            raise not_found() from None

    def _answer(self, request: Request, body: JsonObject) -> Response:
        answer = JsonAnswer(body)
        market = request.query_params.get("mkt", "")
        answer.headers[headers.SOURCE] = SOURCE
        answer.headers[headers.TRACE_ID] = call_of(request).id.replace("-", "").upper()
        answer.headers[headers.MARKET] = market if re.fullmatch(protocol.MARKET, market) else "en-US"
        return answer


def _picture(file: PictureFile) -> Response:
    return Response(
        file.data, media_type=file.media_type, headers={"Cache-Control": "max-age=86400", headers.SOURCE: SOURCE}
    )
