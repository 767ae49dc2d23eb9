"""What servers can do to a caller, and what is promised all the same.

A server may be slow, endless, broken or wicked. A call then ends within its time limit, in one of our own errors that
says what happened; it keeps no thread, takes no more memory than an answer may have, and tells nobody else anything.
"""

from __future__ import annotations

import contextlib
import gzip
import itertools
import os
import signal
import socket
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Self

import pytest
import requests

import cvhelpers as cv
from azure import Azure, Reply
from cvhelpers.session import Connection
from cvhelpers.sources.live import MAX_ANSWER, Live
from systems import POSIX

KEY = "canary0123456789abcdef0123456789"
PICTURE = "https://example.org/picture.jpg"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Server:
    """Talks to each connection as it likes, in bytes; ``connections`` counts them, ``heard`` is what they sent."""

    def __init__(self, talk: Callable[[socket.socket], None], read_first: bool = True) -> None:
        self.talk, self.read_first = talk, read_first
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.connections = 0
        self.heard = b""
        self.open: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True, name="test-server").start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in [self.listener, *self.open]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                self.open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True, name="test-server").start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self.read_first:
                self.heard += connection.recv(65536)
            self.talk(connection)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):  # to close before all was read would reset the connection
                self.heard += part
            connection.close()


def trickle(first: bytes, drop: bytes = b"x", pause: float = 0.1) -> Callable[[socket.socket], None]:
    """Says something, and then a little every now and then, without an end."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(drop)
            time.sleep(pause)

    return talk


def say(*parts: bytes) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return talk


def silence(connection: socket.socket) -> None:
    time.sleep(60)


def client(address: str) -> cv.VisionClient:
    return cv.VisionClient(Connection(Live(backoff=0)), address, KEY, "v2.0")


def plain_client(address: str) -> cv.VisionClient:
    return cv.VisionClient(requests.Session(), address, KEY, "v2.0")


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    """Holds after every test of this file."""
    yield
    for _ in range(100):
        left = [thread.name for thread in threading.enumerate() if thread.name == "cvhelpers-request"]
        if not left:
            return
        time.sleep(0.02)
    raise AssertionError(f"{len(left)} threads are still at work")


# --- time ----------------------------------------------------------------------------------------------------

SLOW = {
    "silent": silence,
    "a byte of the status line now and then": trickle(b"HTTP/1.1 200"),
    "a byte of a header now and then": trickle(OK + b"X-Slow: "),
    "a header now and then": trickle(OK, b"X-Slow: yes\r\n"),
    "a byte of the body now and then": trickle(OK + b"Content-Length: 999\r\n\r\n"),
    "a byte of a body that ends with the connection": trickle(OK + b"Connection: close\r\n\r\n"),
    "a chunk now and then": trickle(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "a gzip that grows slowly": trickle(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10], b"\x00"),
    "100 Continue without an end": trickle(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001),
    "503 at once, again and again": say(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 1\r\n\r\n"),
}


@pytest.mark.parametrize("talk", SLOW.values(), ids=SLOW)
def test_a_call_ends_when_its_time_is_over(talk):
    with Server(talk) as server, within(1.4), pytest.raises((cv.TimedOut, cv.ServerProblem)):
        client(server.address).analyze(PICTURE, timeout=0.4)


def test_it_does_so_with_a_session_that_has_no_time_limit_of_its_own():
    with Server(SLOW["a byte of the body now and then"]) as server, within(1.4), pytest.raises(cv.TimedOut):
        plain_client(server.address).analyze(PICTURE, timeout=0.4)


@pytest.mark.parametrize("talk", SLOW.values(), ids=SLOW)
def test_so_does_the_fetching_of_a_picture(talk):
    with Server(talk) as server, within(1.4), pytest.raises(cv.PictureError, match=r"in time|503"):
        cv.open_picture(f"{server.address}/a.png", cv.connect("live"), timeout=0.4)


def test_a_name_that_takes_long_to_look_up(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: time.sleep(1.5))
    with within(1), pytest.raises(cv.TimedOut):
        client("https://slow.cognitiveservices.azure.com").analyze(PICTURE, timeout=0.4)
    time.sleep(1.2)  # nothing can end a look-up


@pytest.mark.parametrize("timeout", [1, 2])
@pytest.mark.parametrize(
    "poll",
    [
        Reply(429, headers={"Retry-After": "20"}),
        Reply(delay=20),
        Reply(json={"status": "Running"}, stall=20),
        Reply(503, headers={"Retry-After": "20"}),
        Reply(json={"status": "Running"}, headers={"Retry-After": "20"}),
    ],
    ids=["429", "silent", "no body", "503", "told to wait"],
)
def test_a_poll_that_stalls(poll, timeout):
    accepted = Reply(202, headers={"Operation-Location": "{host}/vision/v2.0/textOperations/1"})
    given_up = pytest.raises((cv.OperationTimeout, cv.ServerProblem))
    with Azure(accepted, poll) as azure, within(timeout + 1), given_up as caught:
        client(azure.address).recognize_text(PICTURE, timeout=timeout)
    if caught.type is cv.OperationTimeout:
        assert f"vision.wait('{azure.address}/vision/v2.0/textOperations/1')" in str(caught.value)


def test_too_many_thumbnails_of_a_slow_host_share_one_time_limit():
    with Server(trickle(b"HTTP/1.1 200 OK\r\n\r\n")) as server:
        found = cv.ImageSearchResults.from_json(
            {"value": [{"thumbnailUrl": f"{server.address}/{n}"} for n in range(40)]}
        )
        with within(2):
            fetched = cv.thumbnails(found, cv.connect("live"), timeout=0.7)
    assert [type(one) for one in fetched] == [cv.PictureError] * 40


@pytest.mark.parametrize("timeout", ["5", float("nan"), [5], True])
def test_a_time_limit_is_a_number(timeout):
    with pytest.raises(cv.OptionError, match="timeout is a number of seconds"):
        client("127.0.0.1:9").analyze(PICTURE, timeout=timeout)


@pytest.mark.parametrize("timeout", [0, -3])
def test_no_time_at_all_sends_nothing(timeout):
    with Azure() as azure, pytest.raises(cv.TimedOut):
        client(azure.address).analyze(PICTURE, timeout=timeout)
    assert azure.seen == []


def test_as_much_time_as_anyone_likes():
    with Azure(Reply(json={"tags": []})) as azure:
        client(azure.address).analyze(PICTURE, timeout=float("inf"))
        client(azure.address).session.get(azure.address, timeout=(None, 6000))
    assert len(azure.seen) == 2


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="a Stop can't be played here")
@pytest.mark.parametrize("talk", [silence, SLOW["a byte of the body now and then"]])
def test_stop_ends_a_call_at_once(talk):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    try:
        with Server(talk) as server, within(1):
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(KeyboardInterrupt):
                client(server.address).analyze(PICTURE)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert server.connections == 1


@POSIX
def test_stop_ends_the_fetching_of_many_thumbnails_at_once():
    """Stop is pressed when all 16 that are fetched at a time are under way."""
    arrived = itertools.count(1)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    def talk(connection: socket.socket) -> None:
        if next(arrived) == 16:
            os.kill(os.getpid(), signal.SIGALRM)
        silence(connection)

    before = signal.signal(signal.SIGALRM, stop)
    try:
        with Server(talk) as server, within(5):
            tiles = [{"thumbnailUrl": f"{server.address}/{n}"} for n in range(40)]
            found = cv.ImageSearchResults.from_json({"value": tiles})
            with pytest.raises(KeyboardInterrupt):
                cv.thumbnails(found, cv.connect("live"))
            time.sleep(0.5)
            left = [thread for thread in threading.enumerate() if thread.name.startswith("cvhelpers-thumbnail")]
            assert left == []
            assert server.connections == 16
    finally:
        signal.signal(signal.SIGALRM, before)


@POSIX
def test_a_call_that_was_stopped_is_not_tried_again():
    """The thread may be waiting for its next try when the learner presses Stop."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    try:
        with Azure(Reply(503, headers={"Retry-After": "1"})) as azure:
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(KeyboardInterrupt):
                client(azure.address).analyze(PICTURE)
            time.sleep(1.2)
            assert len(azure.seen) == 1
    finally:
        signal.signal(signal.SIGALRM, before)


# --- memory --------------------------------------------------------------------------------------------------


def endless(connection: socket.socket) -> None:
    connection.sendall(OK + b"Connection: close\r\n\r\n")
    block = bytes(2**20)
    while True:
        connection.sendall(block)


def bomb(connection: socket.socket) -> None:
    """Three gigabytes of nothing in three megabytes."""
    connection.sendall(OK + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n")
    packer, block = zlib.compressobj(9, wbits=31), bytes(2**22)
    for _ in range(750):
        connection.sendall(packer.compress(block))


def endless_header(connection: socket.socket) -> None:
    connection.sendall(OK + b"X-Long: ")
    while True:
        connection.sendall(b"x" * 2**16)


@pytest.mark.parametrize("talk", [endless, bomb, endless_header])
@pytest.mark.skipif(sys.platform == "win32", reason="the memory is not told in this way")
def test_an_answer_without_an_end_takes_little_memory(talk):
    import resource  # Windows has no such module

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Server(talk) as server, within(20), pytest.raises((cv.UnexpectedAnswer, cv.ServiceUnreachable)):
        client(server.address).analyze(PICTURE)
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert taken * (1 if sys.platform == "darwin" else 1024) < 4 * MAX_ANSWER


def test_it_says_that_an_answer_was_too_large():
    with Server(endless) as server:
        with pytest.raises(cv.UnexpectedAnswer, match=r"larger than 32 MB; not all of it was read"):
            client(server.address).analyze(PICTURE)
        with pytest.raises(cv.PictureError, match=r"larger than 32 MB; not all of it was read"):
            cv.open_picture(f"{server.address}/a.png", cv.connect("live"))


# --- broken answers ------------------------------------------------------------------------------------------

BROKEN = {
    "not HTTP": (say(b"SSH-2.0-OpenSSH_9.6\r\n"), "answers, but not in HTTP"),
    "not HTTP, and much of it": (say(b"220 mail.example.org ESMTP\r\n" * 9000), "answers, but not in HTTP"),
    "bytes": (say(bytes(range(256)) * 99), "answers, but not in HTTP"),
    "nothing": (say(), "closed the connection without an answer"),
    "half a status line": (say(b"HTTP/1.1 2"), "not in HTTP|stopped in the middle|closed"),
    "half a header": (say(OK + b"Content-Le"), "not with JSON|stopped in the middle"),
    "half a body": (say(OK + b"Content-Length: 100\r\n\r\n{"), "stopped in the middle"),
    "half a chunk": (say(OK + b"Transfer-Encoding: chunked\r\n\r\nFF\r\n{"), "stopped in the middle"),
    "a chunk of no size": (say(OK + b"Transfer-Encoding: chunked\r\n\r\nzebra\r\n"), "stopped in the middle"),
    "a length that is too short": (say(OK + b'Content-Length: 3\r\n\r\n{"tags": []}'), "not with JSON"),
    "a length below nothing": (
        say(OK + b"Content-Length: -5\r\n\r\n"),
        "not with JSON|stopped in the middle|not in HTTP",
    ),
    "two lengths": (
        say(OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        "not in HTTP|stopped in the middle|image analysis",
    ),
    "a length of letters": (
        say(OK + b"Content-Length: many\r\n\r\n{}"),
        "not in HTTP|stopped in the middle|image analysis",
    ),
    "a gzip that is none": (
        say(OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain"),
        "stopped in the middle",
    ),
    "too many headers": (say(OK + b"X-More: 1\r\n" * 2000 + b"\r\n"), "not in HTTP"),
    "a header of 100 KB": (say(OK + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n"), "not in HTTP"),
    "a status of letters": (say(b"HTTP/1.1 abc Fine\r\n\r\n"), "not in HTTP"),
    "a status of 99": (say(b"HTTP/1.1 99 Low\r\nContent-Length: 0\r\n\r\n"), "not in HTTP|not with JSON"),
    "a status of 999": (say(b"HTTP/1.1 999 High\r\nContent-Length: 0\r\n\r\n"), "999"),
    "HTTP/0.9": (say(b'{"tags": []}'), "not in HTTP"),
    "a character set that is none": (
        say(OK.replace(b"json", b"json; charset=klingon") + b"Content-Length: 1\r\n\r\n<"),
        "not with JSON",
    ),
}


@pytest.mark.parametrize(("talk", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_ends_in_our_own_error(talk, told):
    with Server(talk) as server, within(5), pytest.raises(cv.CvhelpersError, match=told) as caught:
        client(server.address).analyze(PICTURE)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(("talk", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_no_picture(talk, told):
    with Server(talk) as server, within(12), pytest.raises(cv.PictureError):
        cv.open_picture(f"{server.address}/a.png", Connection(Live(backoff=0)))


def test_a_server_that_speaks_no_tls():
    with (
        Server(say(b"HTTP/1.1 400 Bad\r\n\r\n")) as server,
        pytest.raises(cv.ServiceUnreachable, match="no certificate that this computer trusts"),
    ):
        client(server.address.replace("http:", "https:")).analyze(PICTURE)


# --- redirects -----------------------------------------------------------------------------------------------

REDIRECTS = [300, 301, 302, 303, 307, 308]


@pytest.mark.parametrize("make", [client, plain_client])
@pytest.mark.parametrize("status", REDIRECTS)
def test_neither_the_key_nor_the_picture_follows_a_redirect(status, make):
    with Azure(Reply(json={"tags": []})) as elsewhere:
        moved = Reply(status, headers={"Location": f"{elsewhere.address}/vision/v2.0/analyze"})
        with Azure(moved) as azure, pytest.raises(cv.UnexpectedAnswer, match="Nothing was sent there"):
            make(azure.address).analyze(cv.sample("cat"))
    assert elsewhere.seen == []
    assert len(azure.seen) == 1


@pytest.mark.parametrize("status", REDIRECTS)
def test_nor_does_a_poll(status):
    """Its answer would be taken for the service's."""
    done = Reply(json={"status": "Succeeded", "recognitionResult": {"lines": []}})
    with Azure(done) as elsewhere:
        accepted = Reply(202, headers={"Operation-Location": "{host}/vision/v2.0/textOperations/1"})
        moved = Reply(status, headers={"Location": elsewhere.address})
        with Azure(accepted, moved) as azure, pytest.raises(cv.UnexpectedAnswer, match="Nothing was sent there"):
            client(azure.address).recognize_text(PICTURE)
    assert elsewhere.seen == []


def test_an_operation_at_another_address_is_not_asked_about():
    done = Reply(json={"status": "Succeeded", "recognitionResult": {"lines": []}})
    with Azure(done) as elsewhere:
        accepted = Reply(202, headers={"Operation-Location": f"{elsewhere.address}/vision/v2.0/textOperations/1"})
        with Azure(accepted) as azure, pytest.raises(cv.UnexpectedAnswer, match="is not the service at"):
            client(azure.address).recognize_text(PICTURE)
    assert elsewhere.seen == []


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nor_does_a_request_that_a_learner_writes(status, method):
    with Azure() as elsewhere, Azure(Reply(status, headers={"Location": elsewhere.address})) as azure:
        vision = client(azure.address)
        options = {"data": b"a picture"} if method == "post" else {}
        response = getattr(vision.session, method)(vision.url("analyze"), headers=vision.headers, **options)
    assert response.status_code == status
    assert elsewhere.seen == []


def test_a_picture_may_have_moved():
    with (
        Azure(Reply(body=cv.sample("cat").data)) as elsewhere,
        Azure(Reply(302, headers={"Location": f"{elsewhere.address}/cat.jpg"})) as azure,
    ):
        picture = cv.open_picture(f"{azure.address}/a.jpg", cv.connect("live"))
    assert picture.url == f"{elsewhere.address}/cat.jpg"
    assert elsewhere.seen[0].key is None


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("http://[::1", "not a complete address"),
        ("http://", "again and again|not a complete address"),
        ("{host}/again", "from one address to the next again and again"),
        ("file:///etc/passwd", "not a complete address"),
        ("gopher://example.org/", "not a complete address"),
        ("http://127.0.0.1:99999/", "not a complete address"),
        ("//\x00\x01", "address|No connection"),
        ("http://" + "a" * 300 + ".example/", "address|No connection"),
    ],
)
def test_a_redirect_to_nowhere(location, told):
    with Azure(Reply(302, headers={"Location": location})) as azure, within(8):
        with pytest.raises(cv.PictureError, match=told):
            cv.open_picture(f"{azure.address}/a.png", Connection(Live(backoff=0)))
        with pytest.raises(cv.UnexpectedAnswer):
            client(azure.address).analyze(PICTURE)


def test_a_redirect_loop_ends_within_the_time_limit():
    slow = Reply(302, headers={"Location": "{host}/again"}, delay=0.2)
    with Azure(slow) as azure, within(2), pytest.raises(cv.PictureError, match="in time"):
        cv.open_picture(f"{azure.address}/a.png", cv.connect("live"), timeout=0.7)
