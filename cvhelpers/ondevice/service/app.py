"""The application: every operation of the services at its address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...protocol.vision import TABLE
from ..engine import Engine
from ..library import Library, default_database
from .bing import Bing, WebSearch
from .bodies import MAX_BYTES
from .errors import BING, not_found
from .fetching import fetch
from .gateway import Gateway, refuse
from .library_pictures import LibraryPictures
from .pages import Studio, openapi_routes
from .resources import Fetch, Resources
from .vision import Vision
from .vision_v4 import VisionV4
from .web_pictures import WebPictures
from .workers import Workers


def create_app(
    engine: Engine,
    library: Library,
    key: str,
    calls_per_minute: int | None = None,
    public: bool = False,
    fetch_picture: Fetch | None = None,
    web_search: WebSearch | None = None,
    studio: Studio | None = None,
) -> Starlette:
    """The service as an ASGI application.

    Parameters
    ----------
    engine, library
        What answers about pictures, and what is searched.
    key : str
        The one subscription key that is accepted.
    calls_per_minute : int, optional
        How many calls each client may make in a minute; the free tier had 20. Not limited by default.
    public : bool
        Others than this computer can reach the service, so it fetches pictures from the public internet only.
    fetch_picture : coroutine function, optional
        What fetches the picture at an address, in place of the network.
    web_search : function, optional
        What answers image searches in place of the library: it takes a request's parameters.
    studio : Studio, optional
        The page for a person's browser.
    """
    gateway = Gateway(key, f"{engine.name} {engine.version}", calls_per_minute)
    pictures = LibraryPictures(library)
    workers, library_workers = Workers(threads=2), Workers(threads=1)  # a search is quick, and waits for no model
    resources = Resources(
        engine=engine,
        gateway=gateway,
        workers=workers,
        library_workers=library_workers,
        shown=pictures,
        fetch=fetch_picture or partial(fetch, public=public),
    )
    versions: list[Vision | VisionV4] = [*(Vision(resources, one) for one in TABLE.values()), VisionV4(resources)]
    web_pictures = WebPictures(partial(fetch, most=MAX_BYTES, public=public)) if web_search else None
    search = Bing(library, pictures, gateway, library_workers, web_search, web_pictures)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        workers.close()
        library_workers.close()

    async def no_such_operation(request: Request, error: Exception) -> Response:
        name = str(uuid4())
        return gateway.stamp(refuse(not_found(), BING, name), name)  # the same words in every version

    pages = [*openapi_routes(), *(studio.routes() if studio else ())]
    app = Starlette(
        routes=[*(route for version in versions for route in version.routes()), *search.routes(), *pages],
        exception_handlers={HTTPException: no_such_operation},  # 404, and 405: the gateway knew no other
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def open_library(own: bool = True) -> Library:
    """The library that ships, and with ``own`` the pictures that `cvhelpers index` has added on this computer."""
    return Library(own=default_database() if own else None)
