"""The faults, and for each what is promised. The table was written before the code was tried against it."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from functools import cache

import cvhelpers as cv

from .proxy import Passing, Spoil, once

TIMEOUT = 2.0
"""Seconds that the caller gives each call."""
MEGABYTES = 4.0
"""Of memory that a call may need; the picture that it sends has a tenth of one."""
UNPACKED = 72.0
"""Megabytes where an answer may be unpacked: it is read up to 32, and they are held twice for a moment."""
AT_ONCE = 2.0
"""Seconds in which a call ends that has nothing to wait for; the tries again are close together here."""
RESULT = "the right result"


@dataclass(frozen=True)
class Fault:
    """A fault and its outcome.

    Attributes
    ----------
    name : str
        In words.
    spoil : function
        What the proxy does to an answer; None where there is no proxy at all.
    outcome : tuple of str
        `RESULT`, or the names of our errors that may come.
    seconds : float
        In which the call must have ended.
    ask : function
        The call.
    megabytes : float
        Of memory that it may need at the most.
    """

    name: str
    spoil: Spoil | None
    outcome: tuple[str, ...]
    seconds: float = AT_ONCE
    ask: Callable[[cv.VisionClient], object] = lambda vision: vision.tag(_picture(), timeout=TIMEOUT)
    megabytes: float = MEGABYTES


def _picture() -> cv.Picture:
    return cv.sample("cat")


def read(vision: cv.VisionClient) -> object:
    """The call that polls."""
    return vision.read(_picture(), timeout=TIMEOUT)


def _answer(status: int, **headers: str) -> Spoil:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    body = json.dumps({"error": {"code": str(status), "message": "Not now."}}).encode()
    return lambda passing: passing.send(status, told, body)


def _amid(then: Callable[[Passing], None]) -> Spoil:
    def spoil(passing: Passing) -> None:
        passing.begin()
        then(passing)

    return spoil


def _trickle(passing: Passing) -> None:
    for byte in passing.body:
        passing.connection.sendall(bytes([byte]))
        time.sleep(0.2)


def _begin_trickle(passing: Passing) -> None:
    passing.send(headers={"Content-Length": str(len(passing.body))}, body=b"")
    _trickle(passing)


@cache
def packed() -> bytes:
    """256 MB of blanks in a quarter of a megabyte: parts that follow each other, as gzip allows."""
    return gzip.compress(b" " * 2**20) * 256


def _bomb(passing: Passing) -> None:
    passing.send(headers={"Content-Encoding": "gzip"}, body=packed())


def _endless(passing: Passing) -> None:
    passing.send(headers={"Content-Length": str(2**40)}, body=b"")
    while True:
        passing.connection.sendall(b" " * 2**20)


def _to(path: str) -> Spoil:
    return lambda passing: passing.send(307, {"Location": f"{passing.proxy}{path}"}, b"")


def _on_poll(spoil: Spoil) -> Spoil:
    """The start of an operation is passed on as it is."""
    return lambda passing: passing.send() if passing.number == 1 else spoil(passing)


RUNNING = json.dumps({"status": "running"}).encode()
MODELS = json.dumps({"models": []}).encode()
LONG_AGO, NEXT_YEAR = formatdate(0, usegmt=True), formatdate(time.time() + 365 * 86_400, usegmt=True)

FAULTS = (
    Fault("no fault", Passing.send, (RESULT,)),
    Fault("no fault, polled", Passing.send, (RESULT,), TIMEOUT, read),
    Fault("the connection is refused", None, ("ServiceUnreachable",)),
    Fault("reset before the answer", Passing.reset, ("ServiceUnreachable",)),
    Fault("reset before the answer, once", once(Passing.reset), (RESULT,)),
    Fault("reset amid the answer", _amid(Passing.reset), ("ServiceUnreachable",)),
    Fault("stall before the answer", Passing.wait, ("TimedOut",), TIMEOUT + 0.5),
    Fault("stall amid the answer", _amid(Passing.wait), ("TimedOut",), TIMEOUT + 0.5),
    Fault("a byte every 0.2 seconds", _begin_trickle, ("TimedOut",), TIMEOUT + 0.5),
    Fault(
        "a length that is too short",
        lambda passing: passing.send(headers={"Content-Length": "9"}),
        ("UnexpectedAnswer",),
    ),
    Fault(
        "a length that is too long",
        lambda passing: passing.send(headers={"Content-Length": str(len(passing.body) + 9)}),
        ("ServiceUnreachable",),
    ),
    Fault("a gzip bomb", _bomb, ("UnexpectedAnswer",), TIMEOUT + 0.5, megabytes=UNPACKED),
    Fault("an answer without an end", _endless, ("UnexpectedAnswer", "TimedOut"), TIMEOUT + 0.5, megabytes=UNPACKED),
    Fault(
        "broken gzip",
        lambda passing: passing.send(headers={"Content-Encoding": "gzip"}, body=gzip.compress(passing.body)[:-20]),
        ("ServiceUnreachable", "UnexpectedAnswer"),
    ),
    Fault(
        "no gzip at all",
        lambda passing: passing.send(headers={"Content-Encoding": "gzip"}),
        ("ServiceUnreachable",),
    ),
    Fault("garbage in place of HTTP", lambda p: p.connection.sendall(b"\0\1garbage\r\n\r\n"), ("ServiceUnreachable",)),
    Fault("garbage in place of JSON", lambda p: p.send(body=b"\xff\xfe{[<"), ("UnexpectedAnswer",)),
    *(Fault(f"{status} once", once(_answer(status)), (RESULT,)) for status in (429, 500, 502, 503, 504)),
    Fault("429 for ever", _answer(429), ("RateLimited",)),
    *(Fault(f"{status} for ever", _answer(status), ("ServerProblem",)) for status in (500, 502, 503, 504)),
    Fault("429, come back in 1 second, once", once(_answer(429, Retry_After="1")), (RESULT,), TIMEOUT),
    Fault("429, come back in 1 second, for ever", _answer(429, Retry_After="1"), ("RateLimited",), TIMEOUT + 0.5),
    Fault("429, come back in a huge time", _answer(429, Retry_After="999999999"), ("RateLimited",)),
    Fault("429, come back in -5 seconds", _answer(429, Retry_After="-5"), ("RateLimited",)),
    Fault("429, come back at nonsense", _answer(429, Retry_After="soon"), ("RateLimited",)),
    Fault(
        "429, its clock is a year ahead",
        _answer(429, Retry_After=NEXT_YEAR),
        ("RateLimited",),
    ),
    Fault("429 once, its clock is a year behind", once(_answer(429, Retry_After=LONG_AGO)), (RESULT,)),
    Fault("a redirect to elsewhere", _answer(307, Location="http://127.0.0.1:9/"), ("UnexpectedAnswer",)),
    Fault("a redirect in a loop", _to("/vision/v3.2/tag"), ("UnexpectedAnswer",)),
    Fault("another request's answer", lambda passing: passing.send(body=MODELS), ("UnexpectedAnswer",)),
    Fault(
        "an operation elsewhere",
        lambda passing: passing.send(headers={"operation-location": "http://127.0.0.1:9/vision/v3.2/read/1"}),
        ("UnexpectedAnswer",),
        AT_ONCE,
        read,
    ),
    Fault(
        "an operation that never ends",
        _on_poll(lambda passing: passing.send(200, body=RUNNING)),
        ("OperationTimeout",),
        TIMEOUT + 0.5,
        read,
    ),
    Fault("a poll that stalls", _on_poll(Passing.wait), ("OperationTimeout",), TIMEOUT + 0.5, read),
    Fault(
        "a poll with another request's answer",
        _on_poll(lambda passing: passing.send(200, body=MODELS)),
        ("UnexpectedAnswer",),
        TIMEOUT,
        read,
    ),
)
