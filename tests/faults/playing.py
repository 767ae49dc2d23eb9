"""Plays a fault and says what came of it."""

from __future__ import annotations

import socket
import time
import traceback
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cvhelpers as cv
from cvhelpers.ondevice.service.app import create_app
from cvhelpers.session import Connection
from cvhelpers.sources.live import Live
from tests.service.conftest import served
from tests.service.fakes import FakeEngine, FakeLibrary

from .proxy import Proxy
from .table import RESULT, Fault

KEY = "canary0123456789abcdef0123456789"


@dataclass(frozen=True)
class Outcome:
    """What came of a fault: `RESULT`, "a wrong result" or the name of an error; and whether it told the key.

    ``megabytes`` is how much more memory than before was in use at the most: of the client, and of the proxy and the
    service, which share its process.
    """

    what: str
    seconds: float
    megabytes: float
    told_the_key: bool
    message: str = ""

    def keeps(self, fault: Fault) -> bool:
        """Is it what was promised?"""
        within = self.seconds <= fault.seconds and self.megabytes <= fault.megabytes
        return self.what in fault.outcome and within and not self.told_the_key


@contextmanager
def service() -> Iterator[str]:
    """The address of a service that answers at once."""
    with served(create_app(FakeEngine(), FakeLibrary(), KEY)) as address:
        yield address


def play(fault: Fault, service: str) -> Outcome:
    """Ask the service through the proxy that plays this fault."""
    right = _rows(fault, service)
    if fault.spoil is None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            return _outcome(fault, f"http://127.0.0.1:{unused.getsockname()[1]}", right)
    with Proxy(service, fault.spoil) as proxy:
        return _outcome(fault, proxy.address, right)


def _rows(fault: Fault, address: str) -> object:
    with cv.VisionClient(Connection(Live(backoff=0.02)), address, KEY, "v3.2") as vision:
        return fault.ask(vision).to_rows()  # type: ignore[attr-defined]


def _outcome(fault: Fault, address: str, right: object) -> Outcome:
    tracemalloc.start()
    began = time.monotonic()
    try:
        what, error = (RESULT if _rows(fault, address) == right else "a wrong result"), None
    except Exception as caught:
        what, error = type(caught).__name__, caught
    seconds = time.monotonic() - began
    megabytes = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    told = "" if error is None else "".join(traceback.TracebackException.from_exception(error).format())
    return Outcome(what, seconds, megabytes, KEY in told, str(error or "").splitlines()[0] if error else "")
