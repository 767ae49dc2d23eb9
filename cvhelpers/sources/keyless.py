"""Answers for everyone: from a recording if there is one, else from this computer."""

from __future__ import annotations

from typing import Any

import requests

from ..errors import RecordingNotFound
from .base import Source
from .live import Live
from .on_device import NotInstalled, OnDevice
from .recorded import Recorded


class First(Source):
    """Asks for a recording first, and sends on what was never recorded."""

    def __init__(self, then: Source, recorded: Recorded | None = None) -> None:
        super().__init__()
        self.recorded, self.then = recorded or Recorded(), then
        self.recorded.own_hosts = then.own_hosts = self.own_hosts

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        try:
            return self.recorded.send(request, *args, **options)
        except RecordingNotFound as miss:
            try:
                return self.then.send(request, *args, **options)
            except NotInstalled:  # the miss is what counts, and it says what to install
                raise miss from None

    def close(self) -> None:
        self.recorded.close()
        self.then.close()


class Keyless(First):
    """Recorded answers first, then this computer. No request to a service ever leaves it."""

    name = "keyless"

    def __init__(self) -> None:
        super().__init__(OnDevice(fallback=Live()))


def on_device() -> OnDevice:
    """This computer; a quickstart's own picture is the drawing that stands in for it, others come over the network."""
    return OnDevice(fallback=First(Live()))
