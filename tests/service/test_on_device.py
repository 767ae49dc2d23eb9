"""The door in process: a `requests` adapter that works wherever its caller is."""

from __future__ import annotations

import asyncio
import io
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from cvhelpers.clients.image_search import ImageSearchClient
from cvhelpers.errors import ServerProblem, ServiceUnreachable, SetupError
from cvhelpers.ondevice.library import Library
from cvhelpers.ondevice.library.opening import built_in
from cvhelpers.ondevice.service.app import create_app
from cvhelpers.pictures import sample
from cvhelpers.session import connect
from cvhelpers.sources import on_device
from cvhelpers.sources.keyless import First, Keyless
from cvhelpers.sources.keys import NO_KEY
from cvhelpers.sources.on_device import OnDevice

from .conftest import KEY, Pictures
from .fakes import FakeEngine, FakeLibrary, file_of

TAG = "https://westus.api.cognitive.microsoft.com/vision/v2.0/tag"
HEADERS = {"Ocp-Apim-Subscription-Key": KEY, "Content-Type": "application/octet-stream"}


class Web(BaseAdapter):
    """Stands for the network: remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.closed = False

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.asked.append(str(request.url))
        self.options = args, options
        response = requests.Response()
        response.status_code = 204
        return response

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def session(engine: FakeEngine) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount("https://", OnDevice(app=create_app(engine, FakeLibrary(), KEY)))
        yield session


def test_an_answer_is_a_response_like_any_other(session: requests.Session) -> None:
    response = session.post(TAG, headers=HEADERS, data=file_of())
    assert (response.status_code, response.reason, response.ok) == (200, "OK", True)
    assert response.url == TAG
    assert response.request.method == "POST"
    assert response.encoding == "utf-8"
    assert response.json()["tags"][0]["name"] == "C81E3C"
    with pytest.raises(requests.HTTPError, match="401 Client Error: Unauthorized"):
        session.post(TAG, data=file_of()).raise_for_status()


def test_it_answers_inside_a_running_event_loop(session: requests.Session) -> None:
    """As in a notebook, whose kernel runs one."""

    async def cell() -> int:
        return session.post(TAG, headers=HEADERS, data=file_of()).status_code

    assert asyncio.run(cell()) == 200


def test_it_leaves_no_thread_waiting(session: requests.Session) -> None:
    """Only the workers stay, and they end with the process."""
    session.post(TAG, headers=HEADERS, data=file_of())
    names = {thread.name for thread in threading.enumerate()}
    assert not {name for name in names if name == "cvhelpers-request"}


@pytest.mark.parametrize(
    "body", [file_of(), io.BytesIO(file_of()), iter([file_of()[:50], file_of()[50:]]), bytearray(file_of())]
)
def test_any_body_that_requests_takes(session: requests.Session, body: Any) -> None:
    assert session.post(TAG, headers=HEADERS, data=body).status_code == 200


def test_a_time_limit_is_kept(session: requests.Session, engine: FakeEngine) -> None:
    engine.gate.clear()
    try:
        for timeout in (0.1, (0.05, 0.1)):
            began = time.monotonic()
            with pytest.raises(requests.ReadTimeout):
                session.post(TAG, headers=HEADERS, data=file_of(), timeout=timeout)
            while "cvhelpers-request" in {thread.name for thread in threading.enumerate()}:
                assert time.monotonic() - began < 1, "the call's own thread does not end"
                time.sleep(0.01)
    finally:
        engine.gate.set()
    assert session.post(TAG, headers=HEADERS, data=file_of(), timeout=20).status_code == 200


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="a Stop can't be played here")
def test_stop_ends_a_call_at_once_though_a_model_is_at_work(session: requests.Session, engine: FakeEngine) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    engine.gate.clear()
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            session.post(TAG, headers=HEADERS, data=file_of())
        assert time.monotonic() - began < 1
    finally:
        engine.gate.set()
        signal.signal(signal.SIGALRM, before)


def test_a_request_that_brings_a_picture_or_a_key_does_not_leave_the_computer() -> None:
    """Whatever host it names: a mistyped endpoint must not send anyone's picture somewhere."""
    web = Web()
    with requests.Session() as session:
        session.mount("https://", OnDevice(web, create_app(FakeEngine(), FakeLibrary(), KEY)))
        url = "https://www.example.org/vision/v2.0/tag"
        assert session.post(url, headers=HEADERS, data=file_of()).status_code == 200
        assert session.post(url, data=file_of()).status_code == 401
        assert session.get("https://www.example.org/cat.jpg", headers=HEADERS).status_code == 404
    assert web.asked == []


def test_pictures_on_the_web_go_to_the_fallback() -> None:
    web = Web()
    with requests.Session() as session:
        session.mount("https://", OnDevice(web))
        session.get("https://upload.wikimedia.org/cat.jpg", timeout=7, verify=False)
    assert web.options == ((False, 7, False, None, {}), {}), "with the caller's options"
    assert web.asked == ["https://upload.wikimedia.org/cat.jpg"]
    assert web.closed
    web.closed = False
    First(web).close()
    assert web.closed


def test_a_quickstart_s_own_picture_is_the_drawing_that_stands_in_for_it() -> None:
    drawing = sample("democritus")
    assert connect("on-device").get(drawing.url).content == drawing.data


def test_without_a_fallback_nothing_leaves_the_computer(session: requests.Session) -> None:
    with pytest.raises(ServiceUnreachable, match="not on this computer"):
        session.get("https://upload.wikimedia.org/cat.jpg")


@pytest.mark.parametrize("missing", ["starlette", "onnxruntime", "cv2"])
def test_without_the_extra_it_says_what_to_install(missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "import cvhelpers as cv\n"
        "vision = cv.VisionClient(cv.connect('on-device'))\n"
        "try: vision.analyze(cv.sample('cat'))\n"
        "except cv.SetupError as error: print(error)\n"
        "try: cv.ImageSearchClient(cv.connect('keyless')).search('a sleepy cat')\n"
        "except cv.RecordingNotFound: print('never recorded')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"need {missing}, which is not installed" in done.stdout
    assert 'pip install "cvhelpers[ondevice]"' in done.stdout
    assert "never recorded" in done.stdout


def test_a_damaged_picture_library_is_an_error_of_the_setup_that_names_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    damaged = tmp_path / "pictures.sqlite"
    damaged.write_bytes(b"no database" * 100)
    monkeypatch.setattr("cvhelpers.ondevice.library.library.built_in", lambda: damaged)
    monkeypatch.setattr(on_device, "_make", on_device._make.__wrapped__)
    request = requests.Request("POST", TAG, HEADERS, data=file_of()).prepare()
    for source in (OnDevice(), Keyless()):  # the second must not say that nothing was recorded
        with pytest.raises(SetupError, match=r"pictures\.sqlite .*Install the package again"):
            source.send(request)


def test_a_picture_library_that_turns_out_damaged_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Its first pages are whole, so that it opens. The log names the file, the answer does not."""
    damaged = tmp_path / "pictures.sqlite"
    shutil.copyfile(built_in(), damaged)
    with closing(sqlite3.connect(damaged)) as library, library:
        library.execute("UPDATE pictures SET title = CAST(x'fffe80' AS TEXT)")
    app = create_app(FakeEngine(), Library(damaged), NO_KEY)
    monkeypatch.setattr(on_device, "application", lambda: app)
    with pytest.raises(ServerProblem) as caught:
        ImageSearchClient(connect("on-device")).search("cat")
    assert caught.value.message == "The service can't read its picture library."
    assert "smaller picture" not in caught.value.hint
    assert "Install the package again" in caplog.text
    assert str(damaged) in caplog.text
    assert "Traceback" not in caplog.text


def test_the_adapter_costs_nothing_until_it_is_used() -> None:
    """No model and no web framework is loaded with the module."""
    code = (
        "import sys, cvhelpers.sources.on_device as door; door.OnDevice(); "
        "print(sorted({'starlette', 'httpx2', 'anyio', 'onnxruntime', 'cv2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_service_that_others_reach_fetches_nothing_from_this_computer(pictures: Pictures) -> None:
    app = create_app(FakeEngine(), FakeLibrary(), KEY, public=True)
    headers, body = {"Ocp-Apim-Subscription-Key": KEY}, {"url": f"{pictures.base}/picture.png"}
    with requests.Session() as session:
        session.mount("https://", OnDevice(app=app))
        answer = session.post(TAG, headers=headers, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidImageUrl")
    assert pictures.seen == []


def test_a_process_has_one_application_however_many_sessions() -> None:
    """Two engines would take twice the memory, and an operation started with one would be unknown to the other."""
    with ThreadPoolExecutor(8) as pool:
        apps = set(pool.map(lambda _: id(on_device.application()), range(8)))
    assert len(apps) == 1


def test_a_call_without_the_extra_says_what_to_install() -> None:
    """As in the base install, which has none of the packages of the service."""
    code = """
import sys
for name in ("anyio", "httpx2", "starlette", "uvicorn", "cv2", "onnxruntime", "segno", "platformdirs"):
    sys.modules[name] = None
import PIL.Image
import cvhelpers as cv
try:
    cv.VisionClient(cv.connect("keyless")).analyze(PIL.Image.new("RGB", (60, 60)))
except cv.CvhelpersError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'pip install "cvhelpers[ondevice]"' in done.stdout, done.stderr
