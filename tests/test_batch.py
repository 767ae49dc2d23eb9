"""Many pictures: in order, a few at a time, one failure does not lose the others, and nothing is asked for twice."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
import requests
from urllib3 import HTTPResponse

import azure as played
import cvhelpers as cv
from cvhelpers.session import Connection
from cvhelpers.sources.base import Service, Source
from cvhelpers.sources.keys import Key
from cvhelpers.sources.live import Live
from cvhelpers.sources.pace import Pace

KEY = "0123456789abcdef0123456789abcdef"


class Azure(BaseHTTPRequestHandler):
    """Answers with the width of the picture; refuses one that is 66 pixels wide."""

    protocol_version = "HTTP/1.1"
    asked: list[int]
    state: dict[str, int]
    delay = 0.05

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        state = self.state
        state["now"] += 1
        state["most"] = max(state["most"], state["now"])
        time.sleep(self.delay)
        state["now"] -= 1
        width = int.from_bytes(body[16:20], "big")  # of a PNG
        self.asked.append(width)
        if self.headers["Ocp-Apim-Subscription-Key"] != KEY:
            self.answer(401, {"error": {"code": "401", "message": "Access denied"}})
        elif width == 66:
            self.answer(400, {"code": "NotSupportedImage", "message": "No."})
        else:
            self.answer(200, {"description": {"tags": [], "captions": [{"text": f"{width} wide", "confidence": 1}]}})

    def answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def azure() -> Iterator[type[Azure]]:
    handler = type("Handler", (Azure,), {"asked": [], "state": {"now": 0, "most": 0}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.address = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield handler
    server.shutdown()
    server.server_close()


def client(azure: type[Azure], key: str = KEY) -> cv.VisionClient:
    return cv.VisionClient(cv.connect("live"), azure.address, key, "v2.0")  # type: ignore[attr-defined]


def pictures(*widths: int) -> list[PIL.Image.Image]:
    return [PIL.Image.new("RGB", (width, 60), "navy") for width in widths]


def test_results_come_in_the_order_of_the_pictures(azure: type[Azure]) -> None:
    batch = client(azure).analyze_many(pictures(*range(60, 72)), progress=False)
    assert [str(one) for one in batch if isinstance(one, cv.ImageAnalysis)] == [
        f"{width} wide" for width in range(60, 72) if width != 66
    ]
    assert azure.state["most"] == 4


def test_one_failure_does_not_lose_the_others(azure: type[Azure], tmp_path: Path) -> None:
    missing = tmp_path / "missing.png"
    batch = client(azure).analyze_many([*pictures(60, 66), missing], progress=False)
    assert str(batch[0]) == "60 wide"
    assert isinstance(batch[1], cv.BadRequest)
    assert isinstance(batch[2], cv.PictureError)
    assert set(batch.failed) == {"picture 2", str(missing)}
    assert [row["what"] for row in batch.to_rows()] == ["caption", "error", "error"]


def test_what_was_answered_is_not_asked_again(azure: type[Azure], tmp_path: Path) -> None:
    first = client(azure).analyze_many(pictures(60, 61), folder=tmp_path, progress=False)
    again = client(azure).analyze_many(pictures(60, 61, 62), folder=tmp_path, progress=False)
    assert sorted(azure.asked) == [60, 61, 62]
    assert [str(one) for one in again][:2] == [str(one) for one in first]
    other = client(azure).analyze_many(pictures(60), features=["Tags"], folder=tmp_path, progress=False)
    assert len(azure.asked) == 4  # another question
    assert other.failed == {}


def test_a_failure_is_asked_again(azure: type[Azure], tmp_path: Path) -> None:
    for _ in range(2):
        client(azure).analyze_many(pictures(66), folder=tmp_path, progress=False)
    assert azure.asked == [66, 66]


def test_a_full_disk_ends_the_run_and_says_so(
    azure: type[Azure], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can't be kept would be paid for in vain."""

    def full(source: object, target: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(cv.SetupError, match="Make room in"):
        client(azure).analyze_many(pictures(*range(70, 110)), folder=tmp_path, progress=False)
    assert len(azure.asked) < 20
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions")
def test_what_is_kept_can_be_read_by_a_class(azure: type[Azure], tmp_path: Path) -> None:
    client(azure).analyze_many(pictures(60), folder=tmp_path / "answers", progress=False)
    (tmp_path / "mine").touch()
    (kept,) = (tmp_path / "answers").iterdir()
    assert kept.stat().st_mode == (tmp_path / "mine").stat().st_mode


def test_a_wrong_key_ends_the_run(azure: type[Azure]) -> None:
    with pytest.raises(cv.WrongKey):
        client(azure, "f" * 32).analyze_many(pictures(*range(70, 110)), progress=False)
    assert len(azure.asked) < 20


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_killed_at_any_moment_it_goes_on_where_it_was(azure: type[Azure], tmp_path: Path) -> None:
    azure.delay = 0.2
    program = f"""
import PIL.Image, cvhelpers as cv
pictures = [PIL.Image.new("RGB", (width, 60)) for width in range(70, 110)]
cv.VisionClient(cv.connect("live"), "{azure.address}", "{KEY}", "v2.0").analyze_many(pictures, folder={str(tmp_path)!r})
"""  # type: ignore[attr-defined]
    run = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    began = time.monotonic()
    while len(azure.asked) < 12 and time.monotonic() < began + 60:
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    run.wait()
    time.sleep(0.5)
    kept, asked = len(list(tmp_path.glob("*.json"))), len(azure.asked)
    assert 8 <= kept < 40
    azure.delay = 0.0
    batch = client(azure).analyze_many(
        [PIL.Image.new("RGB", (width, 60)) for width in range(70, 110)], folder=tmp_path, progress=False
    )
    assert [str(one) for one in batch] == [f"{width} wide" for width in range(70, 110)]
    assert len(azure.asked) == asked + 40 - kept


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c_ends_it_at_once_although_the_service_is_stalled(azure: type[Azure], tmp_path: Path) -> None:
    azure.delay = 60.0
    program = f"""
import PIL.Image, cvhelpers as cv
pictures = [PIL.Image.new("RGB", (width, 60)) for width in range(70, 110)]
cv.VisionClient(cv.connect("live"), "{azure.address}", "{KEY}", "v2.0").analyze_many(pictures, folder={str(tmp_path)!r})
"""  # type: ignore[attr-defined]
    run = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    began = time.monotonic()
    while azure.state["now"] < 4 and time.monotonic() < began + 60:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    assert run.wait(10) != 0
    assert list(tmp_path.glob("*.json")) == []


def test_the_free_tier_s_calls_are_kept_by_waiting(caplog: pytest.LogCaptureFixture) -> None:
    clock, naps = [0.0], []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        clock[0] += seconds

    pace = Pace(20, clock=lambda: clock[0])
    for _ in range(41):
        pace.wait(sleep)
    assert naps == [60.0, 60.0]
    quiet = Pace(1, clock=lambda: clock[0])
    quiet.wait(sleep)
    clock[0] += 100
    for _ in range(2):
        quiet.wait(sleep)
    assert naps == [60.0, 60.0, 60.0], "a minute counts from the last call, however long ago the one before was"
    assert "20 calls a minute" in caplog.text


def test_only_azure_s_calls_are_counted() -> None:
    live = cv.connect("live").answers
    azure = "https://westus.api.cognitive.microsoft.com"
    counted = [live._counts_calls(url) for url in (
        f"{azure}/vision/v3.2/analyze", f"{azure}/th?id=1", "http://127.0.0.1:8000/vision/v3.2/analyze",
        "https://upload.wikimedia.org/cat.jpg",
    )]  # fmt: skip
    assert counted == [True, False, False, False]
    assert live.pace._most == 20, "the free tier's"
    assert cv.connect("live", calls_per_minute=600).answers.pace._most == 600
    assert cv.connect("live", calls_per_minute=None).answers.pace is None


def test_a_call_that_counts_waits_for_its_turn_and_no_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    session, waited = cv.connect("live"), []
    monkeypatch.setattr(Pace, "wait", lambda self, sleep: waited.append(sleep))
    with played.Azure() as web:
        session.get(web.address)
        assert waited == []
        monkeypatch.setattr(Live, "_counts_calls", lambda self, url: True)
        session.get(web.address, timeout=5)
    assert [sleep.__self__.left() <= 5 for sleep in waited] == [True], "it waits no longer than the call may last"


class PlayedAzure(Source):
    """Azure at its own host, where a key is looked at: it answers here, and counts."""

    name = "live"

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def vision_service(self, endpoint: str | None, key: Key | None, api_version: str | None) -> Service:
        return Service("https://westus.api.cognitive.microsoft.com", Key(KEY), "v3.2")

    def send(self, request: requests.PreparedRequest, *args: object, **options: object) -> requests.Response:
        self.asked += 1
        assert request.headers["Ocp-Apim-Subscription-Key"] == KEY
        body = b'{"description": {"tags": [], "captions": [{"text": "a cat", "confidence": 1}]}}'
        answered = {"Content-Type": "application/json"}
        return self.build_response(request, HTTPResponse(io.BytesIO(body), answered, 200, preload_content=False))


def test_at_azure_s_own_host_with_a_real_key_nothing_is_paid_for_twice(tmp_path: Path) -> None:
    azure = PlayedAzure()
    for _ in range(2):
        batch = cv.VisionClient(Connection(azure)).analyze_many(pictures(60, 61), folder=tmp_path, progress=False)
        assert batch.failed == {}
    assert azure.asked == 2


def test_a_picture_that_can_t_be_asked_about_is_an_error_like_any_other(azure: type[Azure]) -> None:
    """Its client has made no call that could be ended."""
    batch = client(azure).analyze_many([b"no picture"], progress=False)
    assert isinstance(batch[0], cv.PictureError)
    assert azure.asked == []


@pytest.mark.parametrize(
    ("given", "options"),
    [
        (pictures(60, 61), {"features": ["Smell"]}),
        (pictures(60, 61), {"timeout": "5"}),
        ("cat", {}),
        (cv.sample("cat"), {}),
    ],
    ids=["no such feature", "no time", "a name", "one picture"],
)
def test_what_can_be_right_for_no_picture_is_said_once(azure: type[Azure], given: Any, options: dict[str, Any]) -> None:
    with pytest.raises(cv.OptionError):
        client(azure).analyze_many(given, progress=False, **options)
    assert azure.asked == []


def test_the_pictures_may_come_one_after_the_other(azure: type[Azure], tmp_path: Path) -> None:
    """As those of a folder do."""
    for picture in pictures(60, 61):
        picture.save(tmp_path / f"{picture.width}.png")
    batch = client(azure).analyze_many(tmp_path.glob("*.png"), progress=False)
    assert sorted(str(one) for one in batch) == ["60 wide", "61 wide"]


def test_a_picture_in_which_nothing_was_found_has_a_row_of_its_own():
    batch = cv.Batch(("empty",), (cv.ImageAnalysis(),))
    assert batch.to_rows() == [{"picture": "empty", "number": 1, "what": "nothing", "name": ""}]
