"""Recording: exchanges are kept as files that the recorded source replays, and nothing secret is in them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import PIL.Image
import pytest
import requests

from azure import Azure as Played
from azure import Reply
from cvhelpers.clients.image_search import ImageSearchClient
from cvhelpers.clients.vision import VisionClient
from cvhelpers.errors import RecordingNotFound, SetupError, WrongKey
from cvhelpers.pictures import Picture, open_picture
from cvhelpers.session import Connection, connect
from cvhelpers.sources.live import Live
from cvhelpers.sources.recorded import Recorded
from cvhelpers.sources.recorder import RecordedOperation, Recorder

KEY = "0123456789abcdef0123456789abcdef"
LINES = {"lines": [{"boundingBox": [1, 1, 9, 1, 9, 4, 1, 4], "text": "café", "words": []}]}
PNG = b"\x89PNG\r\n\x1a\n-not-really"


class Azure(BaseHTTPRequestHandler):
    """A service that asks for a key, polls slowly, and names itself in its answers."""

    protocol_version = "HTTP/1.1"
    polls: dict[str, int]
    asked: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(self.path)
        if self.headers["Ocp-Apim-Subscription-Key"] != KEY:
            self.answer(401, {"error": {"code": "401", "message": "Access denied"}})
        elif "recognizeText" in self.path:
            place = f"/vision/v2.0/textOperations/{len(self.asked):08}"
            self.answer(202, None, {"Operation-Location": self.base + place})
        else:
            caption = {"text": "a cat", "confidence": 0.123456789012345}
            self.answer(200, {"description": {"tags": [], "captions": [caption]}, "requestId": "r"})

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if "textOperations" in self.path:
            turn = self.polls[self.path] = self.polls.get(self.path, 0) + 1
            status = "NotStarted" if turn == 1 else "Running" if turn < 4 else "Succeeded"
            done = {"recognitionResult": LINES} if status == "Succeeded" else {}
            self.answer(200, {"status": status, **done})
        elif "images/search" in self.path:
            one = {"name": "a cat", "thumbnailUrl": f"{self.base}/th?id=1"}
            self.answer(200, {"_type": "Images", "value": [one]})
        else:
            self.answer(200, PNG, {"Content-Type": "image/png"})

    @property
    def base(self) -> str:
        return f"http://{self.headers['Host']}"

    def answer(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        told = {
            "Content-Type": "application/json",
            "Set-Cookie": "account=4711",
            "apim-request-id": "4712",
            **(headers or {}),
        }
        for name, value in {**told, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def azure() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    handler = type("Handler", (Azure,), {"polls": {}, "asked": asked, "disable_nagle_algorithm": True})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def service() -> Iterator[tuple[str, list[str]]]:
    with azure() as it:
        yield it


def picture(color: str = "navy") -> Picture:
    return open_picture(PIL.Image.new("RGB", (64, 64), color))


def recording(folder: Path, address: str, key: str = KEY) -> VisionClient:
    return VisionClient(Connection(Recorder(Live(), folder)), address, key, "v2.0")


def replaying(folder: Path, address: str) -> VisionClient:
    return VisionClient(Connection(Recorded(folder)), address, api_version="v2.0")


def test_what_was_recorded_is_replayed_the_same(service: tuple[str, list[str]], tmp_path: Path) -> None:
    address, _ = service
    live = recording(tmp_path, address)
    analysis, written = live.analyze(picture()), live.recognize_text(picture(), timeout=20)
    again = replaying(tmp_path, address)
    assert again.analyze(picture()).raw == analysis.raw
    assert again.recognize_text(picture(), timeout=20).raw == written.raw
    with pytest.raises(RecordingNotFound):
        again.analyze(picture("red"))


def test_nothing_secret_is_written(service: tuple[str, list[str]], tmp_path: Path) -> None:
    address, _ = service
    client = recording(tmp_path, address)
    client.analyze(picture())
    client.recognize_text(picture(), timeout=20)
    text = "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    for secret in (KEY, address.removeprefix("http://"), "4711", "4712", "Set-Cookie", "Ocp-Apim"):
        assert secret not in text, secret


@pytest.mark.parametrize("secret", ["account.example/cat.jpg?sv=2020&Sig=s3cr3t", "ada:s3cr3t@account.example/cat.jpg"])
def test_an_address_with_a_secret_is_not_recorded(secret: str, service: tuple[str, list[str]], tmp_path: Path) -> None:
    address, _ = service
    client = recording(tmp_path, address)
    client.analyze(f"https://{secret}")
    assert list(tmp_path.iterdir()) == []


def test_polling_is_kept_as_its_states_each_once(service: tuple[str, list[str]], tmp_path: Path) -> None:
    address, asked = service
    recording(tmp_path, address).recognize_text(picture(), timeout=20)
    assert sum("textOperations" in path for path in asked) == 4
    states = sorted(path.stem.split("-", 2)[2] for path in tmp_path.iterdir())
    assert states == ["1-accepted", "2-notstarted", "3-running", "4-succeeded"]


@pytest.mark.parametrize("state", ["Done/../../../../gone", "a:b*?", "\\\\host\\x", "\u0000", "x" * 400])
def test_a_state_that_no_file_may_be_called_leads_nowhere_else(state: str, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    recorder = Recorder(Recorded(), folder)
    recorder._operations["/place"] = RecordedOperation("recognizeText-0", {"start": 1})
    answer = requests.Response()
    answer._content = json.dumps({"status": state}).encode()
    recorder._keep_state("/place", {"state": 1}, answer)
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent != folder] == []
    written = sorted(path.name for path in folder.iterdir())
    assert len(written) == 2
    assert all(re.fullmatch(r"recognizeText-0-[12]-[a-z]{1,20}\.json", name) for name in written), written


def test_an_operation_that_was_never_finished_leaves_nothing(service: tuple[str, list[str]], tmp_path: Path) -> None:
    address, _ = service
    with pytest.raises(TimeoutError):
        recording(tmp_path, address).recognize_text(picture(), timeout=0.3)
    assert list(tmp_path.iterdir()) == []


def test_a_second_run_adds_and_never_duplicates(service: tuple[str, list[str]], tmp_path: Path) -> None:
    address, _ = service
    for run in range(2):
        client = recording(tmp_path, address)
        client.analyze(picture())
        client.recognize_text(picture(), timeout=20)
        for path in () if run else tmp_path.iterdir():  # a note of one's own
            path.write_text(path.read_text("utf-8").replace("recorded from", "heard from"), "utf-8")
    assert all("heard from" in path.read_text("utf-8") for path in tmp_path.iterdir())
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(before) == 5
    recording(tmp_path, address).analyze(picture("red"))
    assert len(list(tmp_path.iterdir())) == 6
    assert all(path.read_bytes() == data for path, data in before.items())


def test_pictures_are_kept_beside_and_found_again_at_another_host(
    service: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, _ = service
    with Connection(Recorder(Live(), tmp_path)) as session:
        found = ImageSearchClient(session, address, KEY).search("cats")
        assert session.get(found[0].thumbnail_url).content == PNG
    replay = Connection(Recorded(tmp_path))
    again = ImageSearchClient(replay, "https://elsewhere.example").search("cats")
    assert again[0].thumbnail_url == "https://elsewhere.example/th?id=1"
    assert replay.get(again[0].thumbnail_url).content == PNG


def test_a_redirect_is_not_recorded_but_what_it_leads_to_is(tmp_path: Path) -> None:
    moved = Reply(302, headers={"Location": "{host}/there"})
    with Played(moved, Reply(json={"here": 1})) as web, Connection(Recorder(Live(), tmp_path)) as session:
        assert session.get(f"{web.address}/where").json() == {"here": 1}
    [recorded] = tmp_path.iterdir()
    assert recorded.name.startswith("there-")


def test_it_takes_for_a_service_and_asks_for_what_the_source_behind_it_does(tmp_path: Path) -> None:
    recorder = Recorder(Live(), tmp_path)
    VisionClient(Connection(recorder), "http://127.0.0.1:9", KEY, "v2.0")
    assert recorder.is_service("http://127.0.0.1:9/vision/v2.0/tag")
    commons = "https://upload.wikimedia.org/wikipedia/commons/thumb/a/af/Quote.png/{}px-Quote.png"
    assert recorder.served_address(commons.format(338)) == commons.format(330)


def test_an_error_is_not_recorded(service: tuple[str, list[str]], tmp_path: Path) -> None:
    address, _ = service
    with pytest.raises(WrongKey):
        recording(tmp_path, address, "f" * 32).analyze(picture())
    assert list(tmp_path.iterdir()) == []


def test_long_addresses_that_differ_at_their_ends_are_two_recordings(
    service: tuple[str, list[str]], tmp_path: Path
) -> None:
    for end in ("1.png", "2.png"):
        recording(tmp_path, service[0]).analyze(f"https://example.org/{'long/' * 50}{end}")
    assert len(list(tmp_path.iterdir())) == 2


def test_many_threads_write_whole_files(service: tuple[str, list[str]], tmp_path: Path) -> None:
    address, _ = service
    session = Connection(Recorder(Live(), tmp_path))
    colors = [(n, n, n) for n in range(12)]

    def ask(color: tuple[int, int, int]) -> None:
        one = open_picture(PIL.Image.new("RGB", (64, 64), color))
        VisionClient(session, address, KEY, "v2.0").analyze(one)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, colors * 2))
    assert len(list(tmp_path.iterdir())) == 12
    for path in tmp_path.iterdir():
        json.loads(path.read_text("utf-8"))


def test_a_folder_that_can_t_be_written_to_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match="Choose another folder"):
        Recorder(Live(), tmp_path / "file")


def test_a_class_without_a_key_gets_the_teacher_s_answers_as_the_readme_says(
    service: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _ = service
    teacher = VisionClient(connect("live", record=tmp_path), address, KEY)
    said, stand_in = teacher.analyze(picture()), teacher.analyze("street-at-night")
    monkeypatch.setenv("CVHELPERS_RECORDINGS", str(tmp_path))
    learner = VisionClient(connect("recorded"), api_version="v3.2")
    assert learner.analyze(picture()).raw == said.raw
    assert learner.analyze("street-at-night").raw == stand_in.raw, "the teacher sent it as bytes"
