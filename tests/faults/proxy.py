"""A proxy on the loopback interface between a client and a service, which spoils what it passes on."""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Passing:
    """An answer on its way back: the connection to the client, and what the service has answered.

    ``number`` counts the client's requests from 1; ``proxy`` is the proxy's own address.
    """

    connection: socket.socket
    status: int
    headers: dict[str, str]
    body: bytes
    number: int
    proxy: str

    def send(self, status: int | None = None, headers: dict[str, str] | None = None, body: bytes | None = None) -> None:
        """Pass the answer on, or another one in its place."""
        told = self.headers | (headers or {})
        sent = self.body if body is None else body
        told.setdefault("Content-Length", str(len(sent)))
        head = f"HTTP/1.1 {status or self.status} So\r\n" + "".join(f"{name}: {told[name]}\r\n" for name in told)
        self.connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + sent)

    def begin(self, more: int = 0) -> None:
        """Send the head and the first half of the body, whose length is told with so many bytes more."""
        self.send(headers={"Content-Length": str(len(self.body) + more)}, body=self.body[: len(self.body) // 2])

    def reset(self) -> None:
        """End the connection as a crash does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def wait(self, seconds: float = 20) -> None:
        """Keep the client waiting, until it hangs up."""
        self.connection.settimeout(seconds)
        with contextlib.suppress(OSError):
            self.connection.recv(1)


Spoil = Callable[[Passing], None]


class Proxy:
    """Passes each request on to the service, and each answer back as ``spoil`` wants it."""

    def __init__(self, service: str, spoil: Spoil) -> None:
        self.service, self.spoil = urlsplit(service), spoil
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.requests = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._pass_on, args=(connection,), daemon=True).start()

    def _pass_on(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException), connection:
            method, path, headers, body = _request(connection)
            with self._lock:
                self.requests += 1
                number = self.requests
            onward = http.client.HTTPConnection(str(self.service.hostname), self.service.port, timeout=30)
            onward.request(method, path, body, headers | {"Connection": "close", "Accept-Encoding": "identity"})
            answer = onward.getresponse()
            content = answer.read()
            told = {
                name: value.replace(f"http://{self.service.netloc}", self.address)
                for name, value in answer.getheaders()
                if name.lower() not in ("content-length", "connection", "transfer-encoding")
            }
            self.spoil(Passing(connection, answer.status, told, content, number, self.address))


def _request(connection: socket.socket) -> tuple[str, str, dict[str, str], bytes]:
    """One whole request."""
    file = connection.makefile("rb")
    method, path, _ = file.readline().decode().split()
    headers = dict(http.client.parse_headers(file).items())
    return method, path, headers, file.read(int(headers.get("Content-Length", 0)))


def after(seconds: float, spoil: Spoil) -> Spoil:
    """The same, later."""

    def late(passing: Passing) -> None:
        time.sleep(seconds)
        spoil(passing)

    return late


def once(spoil: Spoil) -> Spoil:
    """The same for the first request; the others are passed on as they are."""
    return lambda passing: spoil(passing) if passing.number == 1 else passing.send()
