"""Whoever uses a page that someone else serves reaches the public internet through it, and nothing else.

The server of these tests is at 127.0.0.1, which counts as public where a test says so.
"""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import PIL.Image
import pytest

import cvhelpers as cv
from cvhelpers.sources import reach
from cvhelpers.widgets.picker import open_public

NOT_PUBLIC = "is not a public address"


class Server(ThreadingHTTPServer):
    """Answers every path with a picture, and /to?address with a redirect to that address."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.port = self.server_address[1]


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        leads, _, target = self.path.partition("?")
        file = io.BytesIO()
        PIL.Image.new("RGB", (90, 90), "teal").save(file, "PNG")
        body = b"" if leads.endswith("/to") else file.getvalue()
        self.send_response(302 if leads.endswith("/to") else 200)
        if leads.endswith("/to"):
            self.send_header("Location", target)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets what a name means, look-up after look-up; the last meaning stays."""
    answers: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host: str, *args: Any, **options: Any) -> Any:
        known = answers.get(host)
        return real(host if not known else known.pop(0) if len(known) > 1 else known[0], *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return lambda name, *means: answers.__setitem__(name, list(means))


@pytest.fixture
def loopback_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    real = reach.is_public
    monkeypatch.setattr(reach, "is_public", lambda address: address == "127.0.0.1" or real(address))


@pytest.fixture(params=["keyless", "on-device", "live"])
def session(request: pytest.FixtureRequest) -> cv.Connection:
    return cv.connect(request.param)


def test_a_public_address_is_opened_also_after_a_redirect(
    server: Server, names: Callable[..., None], loopback_is_public: None, session: cv.Connection
) -> None:
    names("pictures.example", "127.0.0.1")
    base = f"http://pictures.example:{server.port}"
    assert open_public(f"{base}/to?{base}/sea.png", session).url == f"{base}/sea.png"
    assert server.asked == [f"/to?{base}/sea.png", "/sea.png"]


@pytest.mark.parametrize("target", ["http://10.0.0.8/", "http://169.254.169.254/latest/", "http://router.example/"])
def test_a_public_address_that_leads_to_a_private_one_is_refused(
    server: Server, names: Callable[..., None], loopback_is_public: None, session: cv.Connection, target: str
) -> None:
    names("pictures.example", "127.0.0.1")
    names("router.example", "192.168.1.1")
    with pytest.raises(cv.PictureError, match=NOT_PUBLIC):
        open_public(f"http://pictures.example:{server.port}/to?{target}", session)
    assert len(server.asked) == 1


def test_a_name_with_a_public_and_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("198.35.26.112", "10.0.0.8")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
    with pytest.raises(cv.PictureError, match=NOT_PUBLIC):
        reach.check_host("http://pictures.example/cat.jpg")


def test_to_a_private_address_no_connection_is_even_tried() -> None:
    """How long a refusal takes, and in which words it comes, would tell who is at home."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.2)
        for source in ("keyless", "on-device", "live"):
            with reach.public_only(), pytest.raises(cv.PictureError, match=NOT_PUBLIC):
                cv.open_picture(f"http://127.0.0.1:{door.getsockname()[1]}/", cv.connect(source))
            with pytest.raises(TimeoutError):
                door.accept()


def test_the_third_step_is_checked_like_the_first(
    server: Server, names: Callable[..., None], loopback_is_public: None
) -> None:
    names("pictures.example", "127.0.0.1")
    base = f"http://pictures.example:{server.port}"
    with pytest.raises(cv.PictureError, match=NOT_PUBLIC):
        open_public(f"{base}/to?{base}/to?http://10.0.0.8/", cv.connect("live"))
    assert len(server.asked) == 2


def test_a_name_that_changes_its_meaning_after_the_check_gets_no_request(
    server: Server, names: Callable[..., None]
) -> None:
    names("shifty.example", "8.8.8.8", "8.8.8.8", "127.0.0.1")  # the picker's look-up, the hop's, the connection's
    with pytest.raises(cv.PictureError, match=NOT_PUBLIC):
        open_public(f"http://shifty.example:{server.port}/sea.png", cv.connect("live"))
    assert server.asked == []


def test_a_connection_that_is_still_open_is_checked_as_well(server: Server, names: Callable[..., None]) -> None:
    names("shifty.example", "127.0.0.1")
    session, address = cv.connect("live"), f"http://shifty.example:{server.port}/sea.png"
    assert cv.open_picture(address, session).width == 90
    names("shifty.example", "8.8.8.8")
    with pytest.raises(cv.PictureError, match=NOT_PUBLIC):
        open_public(address, session)
    assert len(server.asked) == 1


def test_a_connection_to_where_none_may_lead_is_closed(server: Server) -> None:
    with socket.create_connection(server.server_address[:2]) as connection, reach.public_only():
        with pytest.raises(cv.PictureError, match=NOT_PUBLIC):
            reach.check_connection(connection)
        assert connection.fileno() == -1


def test_an_explorer_asks_within_the_same_limit(server: Server) -> None:
    """The service on this computer fetches the picture that an explorer names, with redirects of its own."""
    asked = []
    explorer = cv.explore_analyze(cv.connect("on-device"))
    explorer.start(lambda: lambda job, exchanges: asked.append(reach.is_public_only()), str)
    explorer.worker.wait()
    assert asked == [True]
    vision = cv.VisionClient(cv.connect("on-device"))
    address = f"http://127.0.0.1:{server.port}/sea.png"
    with reach.public_only(), pytest.raises(cv.BadRequest, match="not accessible"):
        vision.analyze(address)
    assert server.asked == []
    assert vision.analyze(address, ["ImageType"]).width == 90


def test_thumbnails_are_fetched_within_the_limit_of_who_asks(server: Server) -> None:
    found = cv.ImageSearchResults.from_json({
        "_type": "Images",
        "value": [{"thumbnailUrl": f"http://127.0.0.1:{server.port}/{n}.png", "contentUrl": ""} for n in range(3)],
    })  # fmt: skip
    with reach.public_only():
        refused = cv.thumbnails(found, cv.connect("live"))
    assert [str(one).partition(" ")[2][: len(NOT_PUBLIC)] for one in refused] == [NOT_PUBLIC] * 3
    assert server.asked == []
    assert [one.width for one in cv.thumbnails(found, cv.connect("live"))] == [90] * 3


def test_a_service_of_ones_own_is_not_a_picture(server: Server) -> None:
    """Who gives an endpoint, the owner of the page, may have the service at home."""
    session = cv.connect("live")
    vision = cv.VisionClient(session, f"http://127.0.0.1:{server.port}", "a-key")
    with reach.public_only():
        assert session.get(vision.url("models")).ok
    assert server.asked == ["/vision/v3.2/models"]


def test_outside_of_a_page_everyone_may_open_what_the_computer_reaches(server: Server) -> None:
    assert cv.open_picture(f"http://127.0.0.1:{server.port}/sea.png", cv.connect("live")).width == 90
    assert not reach.is_public_only()


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch, server: Server) -> Server:
    """The server in the role of the environment's proxy, which is asked for whole addresses."""
    for name in ("all_proxy", "https_proxy", "ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("no_proxy", "localhost")
    return server


def seen_through(address: str) -> int:
    """What the service in this process answers when someone else names a picture for it."""
    vision = cv.VisionClient(cv.connect("on-device"))
    with reach.public_only():
        return vision.session.post(vision.url("tag"), headers=vision.headers, json={"url": address}).status_code


def test_a_proxy_fetches_what_only_it_knows(proxy: Server) -> None:
    assert seen_through("http://pictures.invalid/sea.png") == 200
    with reach.public_only():
        assert cv.open_picture("http://pictures.invalid/sea.png", cv.connect("live")).width == 90
    assert proxy.asked == ["http://pictures.invalid/sea.png"] * 2


@pytest.mark.parametrize("target", ["http://10.0.0.8/secret.png", "http://169.254.169.254/latest/meta-data/"])
def test_a_proxy_is_not_asked_for_what_is_not_public(proxy: Server, target: str) -> None:
    assert seen_through(target) == 400
    assert proxy.asked == []


@pytest.mark.parametrize("target", ["http://10.0.0.8/secret.png", "http://localhost:{port}/secret.png"])
def test_a_redirect_behind_a_proxy_is_checked_as_well(proxy: Server, target: str) -> None:
    """The proxy would fetch the first from its own network; the second would be fetched without it, from here."""
    start = f"http://pictures.invalid/to?{target.format(port=proxy.port)}"
    assert seen_through(start) == 400
    assert len(proxy.asked) == 1
