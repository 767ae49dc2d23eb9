"""No more requests under way to a host than it allows: whoever comes too early waits for a turn."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from ..protocol import addresses
from .deadline import STEP, Deadline

AT_ONCE = {"commons.wikimedia.org": 3, "upload.wikimedia.org": 3, "thumb.wikimedia.org": 3}
"""Wikimedia asks for this; the other hosts name no such limit."""

_lock = threading.Lock()
_places: dict[str, threading.BoundedSemaphore] = {}


@contextmanager
def turn(url: str, deadline: Deadline) -> Iterator[None]:
    """Hold one of the host's places as long as the block runs. Raises `requests.ReadTimeout` at the deadline.

    A mirror of Commons, which COMMONS_ENDPOINT names, is treated as Commons is.

    >>> with turn("https://upload.wikimedia.org/cat.jpg", Deadline(1)):
    ...     print("one of three")
    one of three
    """
    host = addresses.host_of(url)
    mirror = addresses.host_of(os.environ.get("COMMONS_ENDPOINT", ""))
    most = AT_ONCE["commons.wikimedia.org"] if mirror and host == mirror else AT_ONCE.get(host)
    if most is None:
        yield
        return
    with _lock:
        places = _places.setdefault(host, threading.BoundedSemaphore(most))
    while not places.acquire(timeout=STEP):
        if deadline.over:
            raise requests.ReadTimeout("The time limit was reached.")
    try:
        yield
    finally:
        places.release()
