"""The service behind both of its doors, with the fake engine and the fake library; and a server of pictures."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
import requests
from starlette.applications import Starlette

import cvhelpers
from cvhelpers.ondevice.service.app import create_app
from cvhelpers.ondevice.service.http_server import HttpServer, listen
from cvhelpers.sources.on_device import OnDevice

from .fakes import FakeEngine, FakeLibrary, file_of
from .serving import Server, start

KEY = "no-key-needed"

collect_ignore = ["programs"]  # each is run by a test in a process of its own


@dataclass
class Service:
    """The service at one of its doors: ``service.post("/vision/v2.0/tag", data=...)`` sends the right key."""

    session: requests.Session
    base: str

    def request(self, method: str, path: str, key: str | None = KEY, **options: Any) -> requests.Response:
        headers = {"Ocp-Apim-Subscription-Key": key} if key is not None else {}
        headers |= options.pop("headers", {})
        url = path if "//" in path else self.base + path
        return self.session.request(method, url, headers=headers, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, data: bytes | None = None, **options: Any) -> requests.Response:
        """Bytes go as an octet-stream unless the headers say otherwise."""
        if data is not None:
            options["headers"] = {"Content-Type": "application/octet-stream"} | options.get("headers", {})
        return self.request("POST", path, data=data, **options)

    def finished(self, response: requests.Response) -> dict[str, Any]:
        """The answer of an operation once it has ended."""
        assert response.status_code == 202, response.text
        for _ in range(1500):
            answer: dict[str, Any] = self.get(response.headers["Operation-Location"]).json()
            if answer["status"].lower() not in ("notstarted", "running"):
                return answer
            time.sleep(0.02)
        raise AssertionError(f"still {answer['status']}")


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The application at a free port of this computer, behind the server that ``cvhelpers serve`` runs."""
    listener = listen("127.0.0.1", 0)
    server = HttpServer(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="package")
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture(scope="package")
def library() -> FakeLibrary:
    return FakeLibrary()


@pytest.fixture(scope="package", params=["in process", "over HTTP"])
def service(request: pytest.FixtureRequest, engine: FakeEngine, library: FakeLibrary) -> Iterator[Service]:
    """The same service through each door."""
    app = create_app(engine, library, KEY)
    session = requests.Session()
    if request.param == "over HTTP":
        with served(app) as base:
            yield Service(session, base)
    else:
        session.mount("https://", OnDevice(app=app))
        yield Service(session, "https://westus.api.cognitive.microsoft.com")


class _Pictures(http.server.BaseHTTPRequestHandler):
    """What a picture's address may turn out to be."""

    seen: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        self.seen.append(dict(self.headers))
        what = self.path.split("?")[0].strip("/")
        if what == "redirect":
            self._head(302, Location=self.path.partition("to=")[2])
        elif what == "picture.png":
            self._head(200, Content_Type="image/png")
            self.wfile.write(file_of())
        elif what == "5-megabytes.bmp":
            self._head(200, Content_Type="image/bmp")
            self.wfile.write(file_of(format="BMP") + bytes(5 * 2**20))
        elif what == "endless":
            self._head(200)
            self._repeat(b"x" * 65536, pause=0, times=3000)
        elif what == "slow":
            self._head(200)
            self._repeat(b"x", pause=0.05, times=60)
        elif what == "silent":
            time.sleep(1.5)
        else:
            self._head(404)

    def _head(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _repeat(self, chunk: bytes, pause: float, times: int) -> None:
        try:
            for _ in range(times):
                self.wfile.write(chunk)
                time.sleep(pause)
        except OSError:
            self.server.cut_off.set()  # type: ignore[attr-defined]

    def log_message(self, *args: object) -> None:
        pass


@dataclass
class Pictures:
    """A server of pictures on this computer: what it was asked, and whether it was cut off."""

    base: str
    seen: list[dict[str, str]]
    cut_off: threading.Event


@pytest.fixture
def pictures() -> Iterator[Pictures]:
    handler = type("Handler", (_Pictures,), {"seen": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.cut_off = threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    yield Pictures(f"http://127.0.0.1:{server.server_port}", handler.seen, server.cut_off)  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


# --- the real engine, in a process of its own


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    running = start("--key", "classroom")
    yield running
    running.stop()


@pytest.fixture(scope="package")
def folder() -> Path:
    """The package's sample pictures."""
    return Path(cvhelpers.__file__).parent / "samples" / "pictures"


@pytest.fixture(scope="package")
def samples(folder: Path) -> Iterator[str]:
    """The address at which they can be fetched."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def log_message(self, *args: object) -> None:
            pass

    files = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=files.serve_forever, kwargs={"poll_interval": 0.02}).start()
    yield f"http://127.0.0.1:{files.server_port}"
    files.shutdown()
    files.server_close()
