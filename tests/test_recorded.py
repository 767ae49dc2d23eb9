"""What the recorded source promises: the same request gets the same answer, and no socket is ever opened.

The recordings that these tests write are their own; the ones that come with the package are looked at in the end.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

import cvhelpers as cv
from azure import Azure
from cvhelpers.errors import RecordingNotFound, SetupError
from cvhelpers.session import Connection, connect
from cvhelpers.sources import on_device
from cvhelpers.sources.keys import NO_KEY
from cvhelpers.sources.recorded import ANSWER_HEADERS, RECORDINGS, Recorded, read_request

KEY = {"Ocp-Apim-Subscription-Key": NO_KEY}
HOST = "https://westus.api.cognitive.microsoft.com"
ANALYZE = f"{HOST}/vision/v2.0/analyze"
BYTES = {**KEY, "Content-Type": "application/octet-stream"}
PATH = {"path": "/vision/v2.0/analyze", "query": {"visualFeatures": "Tags", "language": "en"}}


def recording(request: dict, answer: object, status: int = 200, **response: object) -> dict:
    return {
        "provenance": {"kind": "written for a test", "document": "test_recorded.py", "date": "2026-01-01"},
        "request": {"method": "POST", **request},
        "response": {"status": status, "body": {"json": answer}, **response},
    }


def polled(number: int) -> list[dict]:
    """An operation: accepted, running, done."""
    asked = {"method": "GET", "path": f"/vision/v2.0/textOperations/{number}"}
    accepted = {"Operation-Location": "{host}" + asked["path"]}
    begun = {"path": "/vision/v2.0/recognizeText", "body": {"json": {"url": f"https://example.org/{number}.png"}}}
    return [
        recording(begun, None, 202, headers=accepted, body={}),
        recording(asked, "running"),
        recording(asked, "done"),
    ]


@pytest.fixture
def session(tmp_path: Path) -> Connection:
    """A session on recordings of every kind."""
    picture, audible = hashlib.sha256(b"a picture").hexdigest(), {"json": {"url": "https://example.org/a.png"}}
    recordings = [
        recording({**PATH, "body": audible}, "by address"),
        recording({**PATH, "body": {"sha256": picture}}, "by bytes"),
        *polled(1),
        *polled(2),
        recording({"path": "/vision/", "fault": "wrong key"}, {"code": "401"}, 401),
    ]
    for number, one in enumerate(recordings):
        (tmp_path / f"{number}.json").write_text(json.dumps(one))
    return Connection(Recorded(tmp_path))


def ask(session: requests.Session, url: str = ANALYZE, headers: dict = KEY, **request: object) -> object:
    request = {"params": {"visualFeatures": "Tags", "language": "en"}, **request}
    return session.post(url, headers=headers, **request).json()


A = {"url": "https://example.org/a.png"}

# --- what is compared, and what is not -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", [ANALYZE, ANALYZE.replace("westus", "eastus"), "http://127.0.0.1:1/vision/v2.0/analyze"]
)
def test_the_host_is_not_compared(session, url):
    assert ask(session, url, json=A) == "by address"


def test_the_order_of_the_query_is_not_compared(session):
    assert ask(session, params={"language": "en", "visualFeatures": "Tags"}, json=A) == "by address"


def folder_of(folder: Path, *recordings: dict) -> Connection:
    """A session on these recordings."""
    for number, one in enumerate(recordings):
        (folder / f"extra-{number}.json").write_text(json.dumps(one))
    return Connection(Recorded(folder))


def test_a_parameter_without_a_value_is_compared_too(tmp_path):
    empty = recording({"path": "/vision/v2.0/ocr", "query": {"language": ""}}, "empty")
    without = recording({"path": "/vision/v2.0/ocr"}, "without")
    session = folder_of(tmp_path, empty, without)
    assert session.post(f"{HOST}/vision/v2.0/ocr?language=", headers=KEY).json() == "empty"
    assert session.post(f"{HOST}/vision/v2.0/ocr", headers=KEY).json() == "without"
    with pytest.raises(RecordingNotFound):
        session.post(f"{HOST}/vision/v2.0/ocr?mode=", headers=KEY)


def test_a_path_is_compared_as_the_characters_that_it_stands_for(tmp_path):
    session = folder_of(tmp_path, recording({"method": "GET", "path": "/wiki/it's a café.png"}, "found"))
    for path in ("/wiki/it's a café.png", "/wiki/it%27s%20a%20caf%C3%A9.png"):
        assert session.get(f"https://example.org{path}").json() == "found"


def test_json_is_compared_as_json(session):
    spaced = '{  "url"\n:"https:\\u002f/example.org/a.png" }'
    assert ask(session, headers={**KEY, "Content-Type": "application/json; charset=utf-8"}, data=spaced) == "by address"


def test_bytes_are_compared_by_their_sha256(session, tmp_path):
    assert ask(session, headers=BYTES, data=b"a picture") == "by bytes"
    (tmp_path / "file").write_bytes(b"a picture")
    with open(tmp_path / "file", "rb") as file:
        assert ask(session, headers=BYTES, data=file) == "by bytes", "an open file as well"
    assert ask(session, headers=BYTES, data=iter([b"a pic", b"ture"])) == "by bytes", "and a stream"


@pytest.mark.parametrize(
    "other",
    [
        {"url": f"{HOST}/vision/v2.0/describe", "json": A},
        {"url": f"{HOST}/vision/v3.2/analyze", "json": A},
        {"params": {"visualFeatures": "Tags"}, "json": A},
        {"params": {"visualFeatures": "Tags", "language": "es"}, "json": A},
        {"json": {"url": "https://example.org/b.png"}},
        {"json": {**A, "more": 1}},
        {"headers": BYTES, "data": b"another picture"},
        {"headers": BYTES, "data": json.dumps(A)},  # JSON's bytes are not JSON
        {},
    ],
)
def test_what_differs_is_not_found(session, other):
    with pytest.raises(RecordingNotFound):
        ask(session, **other)


def test_the_method_is_compared(session):
    with pytest.raises(RecordingNotFound):
        session.put(ANALYZE, params={"visualFeatures": "Tags", "language": "en"}, headers=KEY, json=A)


def test_every_answer_says_where_it_came_from(session):
    response = session.post(ANALYZE, params=PATH["query"], headers=KEY, json=A)
    assert response.headers["Cvhelpers-Source"] == "recorded; written for a test, test_recorded.py, 2026-01-01"
    assert response.reason == "OK"
    assert repr(response.status_code) == "200"


# --- the same again ------------------------------------------------------------------------------------------


def begin(session: requests.Session, number: int = 1) -> str:
    address = {"url": f"https://example.org/{number}.png"}
    response = session.post(f"{HOST}/vision/v2.0/recognizeText", headers=KEY, json=address)
    assert response.status_code == 202
    return response.headers["Operation-Location"]


def test_a_cell_that_is_run_twice_gets_the_same_answer(session):
    assert [ask(session, json=A) for _ in range(3)] == ["by address"] * 3


def test_an_operation_stays_at_the_host_that_was_asked(session):
    assert begin(session).startswith(HOST + "/")


def test_polling_starts_anew_with_each_post(session):
    for _ in range(2):
        operation = begin(session)
        polls = [session.get(operation, headers=KEY).json() for _ in range(4)]
        assert polls == ["running", "done", "done", "done"]


def test_operations_do_not_disturb_one_another(session):
    first, second = begin(session, 1), begin(session, 2)
    assert session.get(first, headers=KEY).json() == "running"
    assert session.get(first, headers=KEY).json() == "done"
    assert session.get(second, headers=KEY).json() == "running"


def test_sixteen_threads_get_their_own_answers(session):
    def work(number: int) -> tuple[object, ...]:
        operation = begin(session, 1 + number % 2)
        polls = [session.get(operation, headers=KEY).json() for _ in range(40)]
        return ask(session, json=A), ask(session, headers=BYTES, data=b"a picture"), set(polls)

    with ThreadPoolExecutor(16) as pool:
        for address, data, polls in pool.map(work, range(64)):
            assert (address, data) == ("by address", "by bytes")
            assert polls <= {"running", "done"}
    assert session.get(begin(session), headers=KEY).json() == "running"


# --- requests that no service would take ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "request_", "status", "words"),
    [
        ({}, {"json": A}, 401, "missing subscription key"),
        ({"Ocp-Apim-Subscription-Key": "wrong"}, {"json": A}, 401, "invalid subscription key"),
        (KEY, {"data": b"a picture"}, 415, "Unsupported media type"),
        ({**KEY, "Content-Type": "image/png"}, {"data": b"a picture"}, 415, "Unsupported media type"),
    ],
)
def test_faults_are_answered_as_the_service_did(headers, request_, status, words):
    response = connect("recorded").post(ANALYZE, headers=headers, **request_)
    assert response.status_code == status
    assert words in cv.errors.parse_error_body(response.content).message


@pytest.mark.parametrize("fault", ["missing key", "wrong key"])
def test_a_fault_is_answered_by_the_service_that_was_asked(tmp_path, fault):
    """Whichever of them is written down first."""
    services = {"/bing/": "bing says", "/vision/": "vision says"}
    session = folder_of(tmp_path, *(recording({"path": p, "fault": fault}, said, 401) for p, said in services.items()))
    headers = {} if fault == "missing key" else {"Ocp-Apim-Subscription-Key": "wrong"}
    assert session.post(ANALYZE, headers=headers, json=A).json() == "vision says"
    search = "https://api.cognitive.microsoft.com/bing/v7.0/images/search?q=a"
    assert session.get(search, headers=headers).json() == "bing says"


def test_a_recording_can_t_name_a_file_elsewhere_on_the_disk(tmp_path):
    (tmp_path / "secret.txt").write_text("a secret")
    folder = tmp_path / "recordings"
    folder.mkdir()
    for name in ("../secret.txt", str(tmp_path / "secret.txt"), "/etc/passwd"):
        one = recording({"path": "/vision/v2.0/ocr"}, None, body={"file": name})
        (folder / "bad.json").write_text(json.dumps(one))
        with pytest.raises(SetupError, match="is not in the folder of the recording"):
            Recorded(folder)


def test_a_folder_that_is_given_counts_more_than_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("CVHELPERS_RECORDINGS", str(RECORDINGS))
    session = folder_of(tmp_path, recording({"method": "GET", "path": "/a"}, "given"))
    assert session.get(f"{HOST}/a").json() == "given"


def test_the_bytes_of_a_picture_are_given_as_they_are(tmp_path):
    (tmp_path / "a.png").write_bytes(b"PNG {host}")
    answer = {"body": {"file": "a.png"}, "headers": {"Content-Type": "image/png"}}
    session = folder_of(tmp_path, recording({"method": "GET", "path": "/a.png"}, None, **answer))
    assert session.get(f"{HOST}/a.png").content == b"PNG {host}"


def test_a_body_that_can_be_read_once_is_there_for_the_next_source():
    request = requests.Request("POST", ANALYZE, BYTES, data=iter([b"a ", b"picture"])).prepare()
    assert read_request(request).body == f"sha256:{hashlib.sha256(b'a picture').hexdigest()}"
    assert request.body == b"a picture"


def test_a_key_may_be_given_in_bytes(session):
    headers = {"Ocp-Apim-Subscription-Key": NO_KEY.encode()}
    assert ask(session, headers=headers, json=A) == "by address"


def test_a_miss_shows_the_beginning_of_a_long_body_only(session):
    with pytest.raises(RecordingNotFound) as caught:
        ask(session, json={"url": "https://example.org/" + "a" * 5000})
    assert len(str(caught.value)) < 1000


def test_bing_has_its_faults_too():
    url = "https://api.cognitive.microsoft.com/bing/v7.0/images/search?q=puppies"
    assert connect("recorded").get(url).status_code == 401
    assert connect("recorded").get(url, headers={"Ocp-Apim-Subscription-Key": "wrong"}).status_code == 401


def test_a_fault_that_was_not_recorded_is_a_miss(session):
    assert ask(session, headers={"Ocp-Apim-Subscription-Key": "wrong"}, json=A) == {"code": "401"}
    with pytest.raises(RecordingNotFound, match="missing key"):
        ask(session, headers={}, json=A)


def test_a_picture_needs_no_key():
    assert connect("recorded").get(cv.sample("democritus").url).content == cv.sample("democritus").data


# --- a miss names the nearest recording, and the next step ---------------------------------------------------


def test_a_miss_says_what_to_do():
    vision = cv.VisionClient(connect("recorded"))
    with pytest.raises(RecordingNotFound) as caught:
        vision.analyze(cv.sample("street-at-night"), features=["Categories", "Description"])
    told = str(caught.value)
    assert "visualFeatures=Categories,Description {" in told, "what was asked"
    assert "nearest recording is analyze-remote-image.json" in told
    assert "visualFeatures=Categories,Description,Color" in told, "what could have been asked"
    assert 'connect("on-device")' in told, "the next step"


def test_a_miss_names_a_recording_of_the_same_operation():
    vision, picture = cv.VisionClient(connect("recorded")), cv.sample("cat")
    for ask_about, operation in ((vision.ocr, "ocr"), (vision.recognize_text, "recognizeText")):
        with pytest.raises(RecordingNotFound, match=rf"nearest recording is .*\n  POST /vision/v2.0/{operation}\?"):
            ask_about(picture)


def test_a_miss_in_an_empty_folder(tmp_path):
    with pytest.raises(RecordingNotFound, match="No recorded answer fits"):
        ask(Connection(Recorded(tmp_path)), json=A)


# --- files that are no recordings ----------------------------------------------------------------------------


GOOD = json.dumps(recording({**PATH, "body": {"json": A}}, "by address"))


@pytest.mark.parametrize(
    "text",
    [
        "", "not JSON", "[]", "null", "{}", "[" * 100_000, b"\xff\xfe".decode("latin-1"),
        GOOD[:-20],
        GOOD.replace('"provenance"', '"origin"'),
        GOOD.replace('"kind"', '"sort"'),
        GOOD.replace('"kind": "written for a test"', '"kind": 7'),
        GOOD.replace('"path"', '"address"'),
        GOOD.replace('"status": 200', '"status": "fine"'),
        GOOD.replace('"status": 200', '"status": 1200'),
        GOOD.replace('"query": {', '"query": 1, "was": {'),
        GOOD.replace('"status": 200', '"status": 200, "headers": {"Set-Cookie": "a=b"}'),
        GOOD.replace('"status": 200', '"status": 200, "headers": ["Content-Type"]'),
        GOOD.replace('"method"', '"headers": {"Ocp-Apim-Subscription-Key": "secret"}, "method"'),
        GOOD.replace('"json": "by address"', '"file": "missing.png"'),
    ],
)  # fmt: skip
def test_a_file_that_is_no_recording_is_named(tmp_path, text):
    assert text != GOOD
    (tmp_path / "broken-one.json").write_text(text)
    with pytest.raises(SetupError, match=r"broken-one\.json is not a recording"):
        Recorded(tmp_path)


def test_a_file_that_can_t_be_read_is_named(tmp_path):
    (tmp_path / "broken-one.json").mkdir()
    with pytest.raises(SetupError, match=r"broken-one\.json"):
        Recorded(tmp_path)
    with pytest.raises(SetupError, match="nowhere"):
        Recorded(tmp_path / "nowhere")


def test_the_folder_may_be_named_in_the_environment(tmp_path, monkeypatch):
    (tmp_path / "one.json").write_text(GOOD)
    monkeypatch.setenv("CVHELPERS_RECORDINGS", str(tmp_path))
    assert ask(connect("recorded"), json=A) == "by address"


# --- no socket -----------------------------------------------------------------------------------------------

EVERYTHING = """
import socket
from concurrent.futures import ThreadPoolExecutor

def refuse(*arguments, **options):
    raise AssertionError(f"a socket was asked for: {arguments}")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
socket.gethostbyname = refuse

import cvhelpers as cv
from cvhelpers.errors import RecordingNotFound

def work(number):
    session = cv.connect()
    vision = cv.VisionClient(session)
    street, quotation, pangrams = (cv.sample(name) for name in ("street-at-night", "democritus", "pangrams"))
    for picture in (street, quotation, pangrams):
        assert cv.open_picture(picture.url, session).data == picture.data
    assert str(vision.analyze(street)) == str(vision.analyze(street.url))
    assert vision.ocr(quotation).words[0].text == "NOTHING"
    assert len(vision.recognize_text(pangrams)) > 1
    assert len(cv.ImageSearchClient(session).search("tropical ocean")) == 1
    for miss in (lambda: vision.analyze(b"GIF89a"), lambda: vision.ocr("https://example.org/never-recorded.png")):
        try:
            miss()
        except cv.CvhelpersError:
            continue
        raise AssertionError("that was no miss")

with ThreadPoolExecutor(16) as pool:
    list(pool.map(work, range(16)))
print("no socket")
"""


@pytest.mark.parametrize("source", ["recorded", "keyless"])
def test_no_socket_is_opened(source):
    """Where every way to a socket raises, everything that is recorded still answers: with 16 threads, and twice."""
    run = subprocess.run(
        [sys.executable, "-c", EVERYTHING],
        env={**os.environ, "CVHELPERS_SOURCE": source},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.stdout == "no socket\n", run.stderr


def test_a_canary_counts_no_request(session):
    """A server that is really there, and is asked by its address, hears nothing."""
    with Azure() as canary:

        def work(_: int) -> None:
            assert ask(session, f"{canary.address}/vision/v2.0/analyze", json=A) == "by address"
            for miss in ("/vision/v2.0/describe", "/a-picture.png"):
                with pytest.raises(RecordingNotFound):
                    session.get(canary.address + miss, headers=KEY)

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(work, range(64)))
        assert canary.seen == []
        assert requests.get(canary.address).ok, "it would have heard"
        assert len(canary.seen) == 1


def test_keyless_asks_the_web_for_pictures_only():
    with Azure() as canary:
        session = connect("keyless")
        answer = session.get(f"{canary.address}/bing/v7.0/images/search", headers=KEY, params={"q": "a sleepy cat"})
        assert answer.headers["Cvhelpers-Source"].startswith("on-device; ")
        assert canary.seen == []
        session.get(f"{canary.address}/a-picture.png")
        assert len(canary.seen) == 1
        session.close()


def test_without_the_models_keyless_says_what_was_missing_and_what_to_install(monkeypatch):
    def not_installed():
        raise on_device.NotInstalled("onnxruntime is not installed")

    monkeypatch.setattr(on_device, "application", not_installed)
    with pytest.raises(RecordingNotFound, match="nearest recording") as caught:
        cv.ImageSearchClient(connect("keyless")).search("a sleepy cat")
    assert 'pip install "cvhelpers[ondevice]"' in str(caught.value)


# --- the recordings that come with the package ---------------------------------------------------------------

SHIPPED = sorted(RECORDINGS.glob("*.json"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_recording_is_readable_and_says_where_it_is_from(path):
    text = path.read_text(encoding="utf-8")
    data = json.loads(text)
    assert data["provenance"]["kind"]
    assert data["provenance"]["document"]
    if data["provenance"]["kind"].startswith("sample answer printed"):
        assert re.fullmatch(r"201[89]-\d\d-\d\d", data["provenance"]["date"])
    assert {name.lower() for name in data["response"].get("headers", {})} <= ANSWER_HEADERS
    assert "headers" not in data["request"]
    assert "\n" in text.strip(), "a person can read it"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_recording_holds_no_key(path):
    """A key is 32 hexadecimal digits on their own; those that stand in Bing's ids are 40 long."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?<![0-9a-fA-F])[0-9a-fA-F]{32}(?![0-9a-fA-F])", text)
    assert "subscription-key" not in text.lower().replace("missing subscription key", "")


def test_the_answers_of_all_five_documents_are_there():
    documents = {
        json.loads(path.read_text(encoding="utf-8"))["provenance"]["document"]
        for path in SHIPPED
        if '"sample answer printed in the quickstart"' in path.read_text(encoding="utf-8")
    }
    assert documents == {
        "Analyze a remote image (REST, Python)",
        "Analyze a local image (REST, Python)",
        "Extract printed text (REST, Python)",
        "Extract handwritten text (Python)",
        "Send search queries using the REST API and Python (Bing Image Search)",
    }
    session = connect("recorded")
    vision = cv.VisionClient(session)
    assert vision.analyze(cv.sample("street-at-night").url).colors is not None
    assert len(vision.ocr(cv.sample("democritus").url)) == 11
    lines = vision.recognize_text(cv.sample("pangrams").url)
    assert [(len(line.polygon), bool(line.words)) for line in lines] == [(8, True)] * len(lines)
    assert lines[0].text == "The quick brown fox jumps over the lazy"
    assert cv.ImageSearchClient(session).search("tropical ocean").total == 842
