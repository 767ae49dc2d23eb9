"""The service, answered on this computer. Needs the extra: pip install "cvhelpers[ondevice]".

This is the only door: what stands here is what the rest of the package may use of it.

=============  =================================================================================
`service`      the REST protocol of Computer Vision and Bing, over HTTP or in this process
`engine`       the models that read, tag and describe pictures
`library`      the pictures that the image search searches
=============  =================================================================================

What is behind the door imports `cvhelpers.protocol` and nothing else of the package.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["create_service", "fetch", "serve"]


def create_service(key: str, fetch_picture: Callable[[str], Awaitable[bytes]] | None = None) -> Starlette:
    """The service as an ASGI application for this computer's own use, with the pictures of its own index.

    ``fetch_picture`` gives the bytes at an address, or raises an error; without it they come over the network.
    """
    from .engine import Engine
    from .service.app import create_app, open_library

    return create_app(Engine(), open_library(), key=key, fetch_picture=fetch_picture)


async def fetch(url: str) -> bytes:
    """The bytes at an address on the network, no more than the service takes."""
    from ..protocol.vision import ANALYZE
    from .service import fetching

    return await fetching.fetch(url, most=ANALYZE.max_bytes)


def serve(arguments: Sequence[str]) -> int:
    """The command ``cvhelpers serve``: answer over HTTP until stopped."""
    from .service import serve

    return serve.main(arguments)
