"""How far a fetch may reach: what someone else asks for is fetched from the public internet only.

A page with the controls may be served to others, who shall not look around in the network of the computer that serves
it. Every name is looked up and all its addresses are checked before a connection is made, for each redirect anew. The
connection looks the name up once more and might be told something else, so the address that it has reached is checked
as well, before anything is sent.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlsplit

from ..errors import PictureError
from ..protocol.public_addresses import is_public

_public_only: ContextVar[bool] = ContextVar("public_only", default=False)


@contextmanager
def public_only(limited: bool = True) -> Iterator[None]:
    """Inside of this block pictures are fetched from the public internet only; also in threads that it starts for it.

    >>> with public_only():
    ...     is_public_only()
    True
    >>> is_public_only()
    False
    """
    token = _public_only.set(limited)
    try:
        yield
    finally:
        _public_only.reset(token)


def is_public_only() -> bool:
    """Is this code inside of a `public_only` block?"""
    return _public_only.get()


def check_host(url: str) -> None:
    """Raises `PictureError` if the host of an address has an address that is not public, or is one.

    A name that is unknown here passes: a recording may know it, or a proxy.

    >>> check_host("https://192.0.2.1/cat.jpg")
    Traceback (most recent call last):
    cvhelpers.errors.PictureError: 192.0.2.1 is not a public address. Open the picture yourself and choose its file.
    """
    try:
        host = urlsplit(url).hostname or ""
        found = {str(place[0]) for *_, place in socket.getaddrinfo(host, None)}
    except (OSError, ValueError):
        return
    if not all(map(is_public, found)):
        raise _not_public(host)


def check_connection(connection: socket.socket) -> None:
    """Raises `PictureError`, and closes the connection, if it leads somewhere that is not public and should be."""
    if not is_public_only():
        return
    reached = str(connection.getpeername()[0])
    if not is_public(reached):
        connection.close()
        raise _not_public(reached)


def _not_public(host: str) -> PictureError:
    return PictureError(f"{host} is not a public address. Open the picture yourself and choose its file.")
