"""What all operations of Computer Vision share, and how they come by a picture."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from starlette.requests import Request

from ..engine import Engine
from .bodies import MAX_BYTES, check_bytes, picture_or_url
from .calls import call_of
from .errors import ApiError, Dialect
from .fetching import FetchError
from .gateway import Gateway, own_address
from .library_pictures import LibraryPictures, is_own_picture
from .memory import room_for
from .operations import Operations
from .uploads import DecodedPicture, Rules, decode
from .workers import Workers

T = TypeVar("T")
Fetch = Callable[[str, int, Callable[[int], None]], Awaitable[bytes]]


@dataclass(frozen=True)
class Resources:
    """The engine, what stands before it, and where pictures come from.

    ``fetch`` gets the picture at an address of the web: no more than so many bytes, each of which it counts. ``shown``
    are the service's own pictures: their addresses are not looked for on the web.
    """

    engine: Engine
    gateway: Gateway
    workers: Workers
    library_workers: Workers
    shown: LibraryPictures
    fetch: Fetch
    operations: Operations = field(default_factory=Operations)

    async def picture_bytes(
        self,
        request: Request,
        dialect: Dialect,
        forms: bool = True,
        most: int = MAX_BYTES,
        any_picture: bool = False,
    ) -> bytes:
        """The bytes of the picture that a request brings or names. From then on the call counts as work."""
        given = await picture_or_url(request, forms, most, any_picture)
        if isinstance(given, str):
            data = await self._at_address(request, given, most, dialect.url_not_accessible())
            given = check_bytes(data, most)
        call_of(request).work.take(1)
        return given

    async def on_picture(
        self,
        request: Request,
        dialect: Dialect,
        rules: Rules,
        job: Callable[[DecodedPicture], T],
        any_picture: bool = False,
    ) -> T:
        """The result of a job on the request's picture, done by one of the workers."""
        data = await self.picture_bytes(request, dialect, most=rules.limits.max_bytes, any_picture=any_picture)

        def work() -> T:
            picture = decode(data, rules)
            with room_for(picture.image, self.engine):
                return job(picture)

        return await self.workers.run(call_of(request).client, work)

    async def _at_address(self, request: Request, url: str, most: int, refusal: ApiError) -> bytes:
        call = call_of(request)
        try:
            if is_own_picture(url, urlsplit(own_address(request)).netloc):
                data = (await self.library_workers.run(call.client, lambda: self.shown.at(url))).data
                call.memory.take(len(data))
                return data
            with self.gateway.quotas.fetches.held(call.client):
                return await self.fetch(url, most, call.memory.take)
        except (FetchError, KeyError, UnicodeError):  # half of a surrogate pair is no id that a library could have
            # The reason is kept secret: on a server for others it would be a way to look around its network.
            raise refusal from None
