"""Slow, broken and hostile clients, byte by byte: none of them keeps others waiting, fills the memory or gets a fault.

Whatever comes in, the service answers in HTTP or says that it waited long enough, and nothing is logged as a failure.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from cvhelpers.ondevice.service import bodies, calls, http_server
from cvhelpers.ondevice.service.app import create_app
from cvhelpers.ondevice.service.errors import ApiError
from cvhelpers.ondevice.service.gateway import own_address
from cvhelpers.ondevice.service.http_server import listen

from .conftest import KEY, served
from .fakes import FakeEngine, FakeLibrary, file_of

HEAD = f"POST /vision/v2.0/tag HTTP/1.1\r\nHost: x\r\nOcp-Apim-Subscription-Key: {KEY}\r\n".encode()
OCTETS = b"Content-Type: application/octet-stream\r\n"
MODELS = HEAD.replace(b"POST /vision/v2.0/tag", b"GET /vision/v2.0/models") + b"\r\n"


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    """A service with little patience."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http_server, "HEAD_SECONDS", 0.3)
        patch.setattr(bodies, "PAUSE", 0.3)
        patch.setattr(bodies, "SECONDS", 3.0)
        patch.setattr(calls, "MEMORY", 2**20)
        with served(create_app(FakeEngine(), FakeLibrary(), KEY)) as base:
            parts = urlsplit(base)
            yield str(parts.hostname), int(str(parts.port))


def connect(address: tuple[str, int], data: bytes = b"") -> socket.socket:
    connection = socket.create_connection(address, timeout=10)
    connection.sendall(data)
    return connection


def all_of(connection: socket.socket) -> bytes:
    """What comes until the service closes the connection."""
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := connection.recv(65536):
            answer += chunk
    connection.close()
    return answer


def statuses(answer: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", answer)]


def test_without_a_host_the_address_is_the_one_that_the_service_listens_at() -> None:
    for server, address in ((("::1", 8000), "http://[::1]:8000"), (("10.0.0.7", 8000), "http://10.0.0.7:8000")):
        assert own_address(Request({"type": "http", "scheme": "http", "headers": [], "server": server})) == address


# --- large


def body_of(kind: str, chunks: Iterator[bytes]) -> bytes | str:
    """What is made of a body that comes in chunks, and says that more will come."""

    async def receive() -> dict[str, Any]:
        chunk = next(chunks, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    request = Request({"type": "http", "headers": [(b"content-type", kind.encode())]}, receive)
    calls.begin(request, calls.Quotas())
    return asyncio.run(bodies.picture_or_url(request, most=5000))


@pytest.mark.parametrize(
    ("kind", "read"), [("application/octet-stream", 6), ("multipart/form-data", 71), ("application/json", 66)]
)
def test_a_body_is_read_until_it_is_too_large(kind: str, read: int) -> None:
    """In chunks of a thousand bytes, which all count. JSON, and what is around a file, may have 64 KB."""
    chunks = iter([bytes(1000)] * 200)
    with pytest.raises(ApiError):
        body_of(kind, chunks)
    assert 200 - len(list(chunks)) == read


def test_the_largest_json_that_is_taken() -> None:
    body = b'{"url": "https://example.org/%s"}'
    fits = body % (b"a" * (2**16 - len(body) + 2))
    assert str(body_of("application/json", iter([fits]))).endswith("aaa")
    with pytest.raises(ApiError):
        body_of("application/json", iter([fits, b" "]))


# --- slow


def test_answers_are_sent_without_delay() -> None:
    """Else each answer on a connection that stays open would wait 40 ms for a packet that says the last one came."""
    seen = []

    async def accept() -> None:
        def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listener = listen("127.0.0.1", 0)
        async with await asyncio.start_server(note, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            await asyncio.sleep(0.1)
            writer.close()

    asyncio.run(accept())
    assert seen
    assert all(seen)


@pytest.mark.parametrize("sent", [HEAD, b"G", MODELS + HEAD], ids=["half", "one byte", "the second one"])
def test_half_a_head_is_not_waited_for(address: tuple[str, int], sent: bytes) -> None:
    connections = [connect(address, sent) for _ in range(100)]
    began = time.monotonic()
    answers = [statuses(all_of(connection)) for connection in connections]
    assert time.monotonic() - began < 9  # behind a request that was answered, it is closed as an idle one, after 5 s
    first = [200] if sent.startswith(MODELS) else []
    assert {tuple(answer) for answer in answers} <= {(*first, 408), tuple(first)}


def test_a_connection_without_a_request_is_closed(address: tuple[str, int]) -> None:
    began = time.monotonic()
    assert all_of(connect(address)) == b""
    assert time.monotonic() - began < 3


def test_a_connection_at_work_is_not_closed(address: tuple[str, int]) -> None:
    """Requests that follow one another at once are answered on one connection."""
    with requests.Session() as session:
        for _ in range(5):
            answer = session.get(
                f"http://{address[0]}:{address[1]}/vision/v2.0/models", headers={"Ocp-Apim-Subscription-Key": KEY}
            )
            assert answer.status_code == 200
            time.sleep(0.15)


def test_half_a_body_is_not_waited_for(address: tuple[str, int]) -> None:
    sent = HEAD + OCTETS + b"Content-Length: 10000\r\n\r\nhalf of it"
    connections = [connect(address, sent) for _ in range(50)]
    began = time.monotonic()
    assert {tuple(statuses(all_of(connection))) for connection in connections} == {(408,)}
    assert time.monotonic() - began < 2.5  # after a pause, not when the time for all of it is over


def test_a_body_that_comes_byte_by_byte_has_an_end(address: tuple[str, int]) -> None:
    connection = connect(address, HEAD + OCTETS + b"Content-Length: 10000\r\n\r\n")
    began = time.monotonic()
    with contextlib.suppress(OSError):  # it is closed while bytes are still coming
        while time.monotonic() - began < 9:
            connection.sendall(b"x")
            time.sleep(0.1)
    assert time.monotonic() - began < 8


def test_a_slow_body_of_no_account_is_dropped(address: tuple[str, int]) -> None:
    """The answer does not need the body: who goes on sending it is not listened to for ever."""
    connection = connect(address, HEAD.replace(KEY.encode(), b"wrong") + OCTETS + b"Content-Length: 10000\r\n\r\nx")
    began = time.monotonic()
    with contextlib.suppress(OSError):  # it is closed while bytes are still coming
        while time.monotonic() - began < 5:
            connection.sendall(b"x")
            time.sleep(0.05)
    assert time.monotonic() - began < 4


def test_bodies_that_wait_fill_a_bounded_memory(address: tuple[str, int]) -> None:
    """Of the one megabyte that this service has, one client may hold three quarters."""
    sent = HEAD + OCTETS + b"Content-Length: 500000\r\n\r\n" + bytes(300_000)
    connections = [connect(address, sent) for _ in range(4)]
    answers = sorted(statuses(all_of(connection)) for connection in connections)
    assert answers == [[408], [408], [503], [503]]
    fits = connect(address, HEAD + OCTETS + b"Connection: close\r\nContent-Length: 700000\r\n\r\n" + bytes(700_000))
    assert statuses(all_of(fits)) == [400]  # the memory is free again, and 700 KB of nothing are no picture


# --- broken and hostile


@pytest.mark.parametrize(
    "head",
    [
        b"GET /vision/v2.0/textOperations/%00 HTTP/1.1\r\nHost: x",
        b"POST /vision/v2.0/models/\xe2\x98\x83/analyze HTTP/1.1\r\nHost: x",
        b"POST /vision/v2.0/models/%E2%98%83/analyze HTTP/1.1\r\nHost: x",
        b"GET /bing/v7.0/images/search?q=a&mkt=a%0d%0aX:1 HTTP/1.1\r\nHost: x",
        b"GET /vision/v2.0/models HTTP/1.1\r\nHost: [",
        b'GET /vision/v2.0/models HTTP/1.1\r\nHost: a b"c',
        b"GET /vision/v2.0/models HTTP/1.1\r\nHost: \xff\xfe",
        b"GET http://[/vision/v2.0/models HTTP/1.1\r\nHost: x",
        b"GET //vision HTTP/1.1\r\nHost: x",
        b"OPTIONS * HTTP/1.1\r\nHost: x",
        b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x",
        b"GET /th?id=%FF%FE&w=%00 HTTP/1.1\r\nHost: x",
        b"GET /vision/v2.0/models HTTP/1.1",
        b"GET /vision/v2.0/models HTTP/9.9\r\nHost: x",
        b"GET /vision/v2.0/models HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade",
        b"GET /vision/v2.0/models HTTP/1.1\r\nHost: x\r\nOcp-Apim-Subscription-Key: \xff\xff",
        b"POST /vision/v2.0/tag HTTP/1.1\r\nHost: x\r\nContent-Length: -1",
        b"POST /vision/v2.0/tag HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x",
        b"\x16\x03\x01\x02\x00\x01\x00",
    ],
)
def test_an_odd_head_gets_an_answer(address: tuple[str, int], head: bytes, caplog: pytest.LogCaptureFixture) -> None:
    answer = all_of(connect(address, head + b"\r\nConnection: close\r\n\r\n"))
    assert statuses(answer), answer
    assert 400 <= statuses(answer)[0] < 500
    assert b"\r\nX:" not in answer
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("host", [b'a b"c', b"[", b"\xff\xfe", b"x/y", b"", b"x" * 300])
def test_a_host_that_is_none_is_not_repeated(address: tuple[str, int], host: bytes) -> None:
    """Addresses in answers name the host that the caller asked for, if it can be one."""
    path = b"GET /vision/v2.0/models HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n"
    answer = all_of(connect(address, path % host))
    assert statuses(answer) == [401]
    assert f'realm="http://{address[0]}:{address[1]}/vision'.encode() in answer


def printable(*more: str) -> st.SearchStrategy[bytes]:
    return st.one_of(st.sampled_from(more), st.text(st.characters(max_codepoint=255), max_size=12)).map(
        lambda text: text.encode("latin-1")
    )


HEADS = st.builds(
    lambda method, path, query, headers, rest: b"%b %b?%b HTTP/1.1\r\n%b\r\n\r\n%b"
    % (method, path, query, b"\r\n".join(b"%b: %b" % pair for pair in headers), rest),
    printable("GET", "POST", "HEAD", "PUT"),
    printable("/vision/v2.0/models", "/vision/v3.2/ocr", "/vision/v1.0/models/%E2%98%83/analyze", "/th",
              "/bing/v7.0/images/search", "/v7.0/images/details", "/bing/v7.0/images/content/%2e%2e", "/"),
    printable("q=a&mkt=%0d%0aX:1", "id=%00", "width=%FF&height=1", "q=%F0%9F%90%B6", "visualFeatures=%2C"),
    st.lists(
        st.tuples(
            printable("Host", "Ocp-Apim-Subscription-Key", "Content-Length", "Content-Type", "Transfer-Encoding",
                      "Expect", "Connection", "Upgrade", "X-Forwarded-For"),
            printable(KEY, "0", "7", "chunked", "100-continue", "application/json", "multipart/form-data; boundary=\"",
                      "[::1", "close", "h2c"),
        ),
        max_size=6,
    ),
    st.binary(max_size=20),
)  # fmt: skip


@settings(deadline=None, max_examples=100, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(HEADS, HEADS, st.binary(max_size=60)))
def test_any_bytes_get_an_answer_in_time(
    address: tuple[str, int], caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    answer = all_of(connect(address, sent))
    assert statuses(answer) or not sent.strip(), answer
    assert not {500, 502} & set(statuses(answer))
    assert b"\r\nX:" not in answer
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR], caplog.text


@settings(deadline=None, max_examples=40, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["tag", "analyze?visualFeatures=Tags", "ocr", "generateThumbnail?width=9&height=9"]),
    st.sampled_from([b"Content-Length: %d\r\n", b"Transfer-Encoding: chunked\r\n"]),
    st.lists(st.one_of(st.binary(max_size=30), st.just(file_of()[:70]), st.just(file_of())), max_size=4),
    st.booleans(),
)
def test_any_body_in_any_pieces_gets_an_answer(
    address: tuple[str, int], path: str, how: bytes, pieces: list[bytes], whole: bool
) -> None:
    """In one piece or many, with a length or in chunks, whole or broken off."""
    head = HEAD.replace(b"tag", path.encode()) + OCTETS + b"Connection: close\r\n"
    pieces = [piece for piece in pieces if piece]
    if b"%d" in how:
        sent = [head + how % (sum(map(len, pieces)) + (0 if whole else 5)) + b"\r\n", *pieces]
    else:
        sent = [head + how + b"\r\n", *(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)]
        sent += [b"0\r\n\r\n"] if whole else [b"fffff\r\nx"]
    connection = connect(address)
    for part in sent:
        connection.sendall(part)
    (status,) = statuses(all_of(connection))
    assert status in ((200, 400) if whole else (408,))
