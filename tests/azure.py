"""A small server on the loopback interface that plays Azure, or any host that an answer may come from.

    with Azure(Reply(429, headers={"Retry-After": "0"}), Reply(json={"tags": []})) as azure:
        ...                       # azure.address is its endpoint, azure.seen what it was asked

Replies are given in their order, and then the last one again. In their headers ``{host}`` is the server's address.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Reply:
    """An answer, after ``delay`` seconds; its body ``stall`` seconds after its headers.

    ``cut`` ends it before it is complete: "length" or "chunked" say how it was to be sent.
    """

    status: int = 200
    json: Any = None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    stall: float = 0
    cut: str = ""

    @property
    def content(self) -> bytes:
        return self.body if self.json is None else json.dumps(self.json).encode()


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    port: int = 0
    """The port at the other end: the same for all requests of a connection."""

    @property
    def key(self) -> str | None:
        return self.headers.get("ocp-apim-subscription-key")


class Azure(ThreadingHTTPServer):
    """Answers with the replies in turn, or with what a function makes of the request."""

    request_queue_size = 64
    daemon_threads = True

    def __init__(self, *replies: Reply, answer: Callable[[Seen], Reply] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies, self.answer = list(replies) or [Reply()], answer
        self.seen: list[Seen] = []
        self.lock = threading.Lock()
        self.address = f"http://127.0.0.1:{self.server_port}"

    def reply_to(self, seen: Seen) -> Reply:
        with self.lock:
            self.seen.append(seen)
            turn = min(len(self.seen), len(self.replies)) - 1
        return self.answer(seen) if self.answer else self.replies[turn]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests."""

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Azure
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or every answer takes 44 ms
    wbufsize = 64 * 1024

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        seen = Seen(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            body,
            self.client_address[1],
        )
        reply = self.server.reply_to(seen)
        time.sleep(reply.delay)
        self.send_response(reply.status)
        headers = {"Content-Type": "application/json; charset=utf-8"} | reply.headers
        for name, value in headers.items():
            self.send_header(name, value.replace("{host}", self.server.address))
        if reply.cut == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"FF\r\n" + reply.content[:10])
        else:
            self.send_header("Content-Length", str(len(reply.content) + (100 if reply.cut else 0)))
            self.end_headers()
            self.wfile.flush()
            time.sleep(reply.stall)
            self.wfile.write(reply.content)
        self.wfile.flush()
        self.close_connection = bool(reply.cut)

    do_POST = do_HEAD = do_PUT = do_GET

    def log_message(self, *words: object) -> None:
        """Silence: the tests look at ``seen``."""
