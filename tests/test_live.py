"""What the live source promises, proved against a server on this computer that plays Azure.

It is patient (retries what may pass, and nothing else), polite (waits as long as it is asked to, within reason), says
in words what went wrong, and keeps the key: every test here runs with one that must not turn up anywhere.
"""

from __future__ import annotations

import contextlib
import email.utils
import gzip
import json
import logging
import socket
import time
import traceback
from collections.abc import Callable

import pytest
import requests
import urllib3

from azure import Azure, Reply
from cvhelpers.clients.base import base_address
from cvhelpers.clients.image_search import ImageSearchClient
from cvhelpers.clients.vision import VisionClient
from cvhelpers.errors import (
    BadRequest,
    CvhelpersError,
    Forbidden,
    OperationFailed,
    OperationTimeout,
    OptionError,
    RateLimited,
    Retired,
    ServerProblem,
    ServiceError,
    ServiceUnreachable,
    SetupError,
    TimedOut,
    UnexpectedAnswer,
    WrongKey,
    WrongMediaType,
)
from cvhelpers.session import Connection, connect, no_answer
from cvhelpers.sources.deadline import Deadline
from cvhelpers.sources.live import CHUNK, Live, unpacked

KEY = "canary0123456789abcdef0123456789"
PICTURE = "https://example.org/picture.jpg"
ANALYSIS = {"description": {"captions": [{"text": "a canary", "confidence": 0.9}]}, "metadata": {}}
LINES = [{"boundingBox": [0, 0, 9, 0, 9, 9, 0, 9], "text": "hello", "words": []}]
READ_V2 = {"status": "Succeeded", "recognitionResult": {"lines": LINES}}
READ_V3 = {
    "status": "succeeded",
    "analyzeResult": {"readResults": [{"page": 1, "width": 9, "height": 9, "lines": LINES}]},
}
ACCEPTED = Reply(202, headers={"Operation-Location": "{host}/vision/v2.0/textOperations/1"})
RUNNING = Reply(json={"status": "Running"})


@pytest.fixture(autouse=True)
def _the_key_is_never_logged(caplog):
    """Holds for every test of this file, at the finest level, for urllib3 as well."""
    caplog.set_level(logging.DEBUG)
    yield
    assert KEY not in caplog.text


def client(azure: Azure, version: str = "v3.2", **options: float) -> VisionClient:
    """A live client of that server, which does not wait between its tries."""
    vision = VisionClient(Connection(Live(backoff=0)), azure.address, KEY, version)
    assert KEY not in f"{vision} {vision!r} {vision.headers} {vision.session!r} {vars(vision)}"
    return vision


def everything_told(error: BaseException | None) -> str:
    """What an error says anywhere: itself, its traceback, and each error behind it, shown or not."""
    told = ""
    while error is not None:
        told += f"{error!s} {error!r} {error.args!r} {''.join(traceback.format_exception(error))}"
        error = error.__cause__ or error.__context__
    return told


def failing(kind: type[CvhelpersError], call: Callable[[], object]) -> CvhelpersError:
    """The error that a call ends in, after a look whether it tells the key."""
    with pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    assert KEY not in everything_told(caught.value)
    return caught.value


# --- success -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["v2.0", "v3.2"])
def test_analyze_gives_the_same_on_both_versions(version):
    with Azure(Reply(json=ANALYSIS)) as azure:
        vision = client(azure, version)
        analysis = vision.analyze(PICTURE, features=["tags", "Description"])
    assert str(analysis) == "a canary"
    assert analysis.source == f"live; {azure.address.removeprefix('http://')} {version}"
    [asked] = azure.seen
    assert (asked.method, asked.path) == ("POST", f"/vision/{version}/analyze?visualFeatures=Tags%2CDescription")
    assert asked.key == KEY, "the service itself must get the key"
    assert asked.headers["user-agent"].startswith("cvhelpers/")


@pytest.mark.parametrize(
    ("version", "begun_at", "answers"),
    [
        ("v2.0", "/vision/v2.0/recognizeText?mode=Handwritten", ("NotStarted", "Running", READ_V2)),
        ("v3.2", "/vision/v3.2/read/analyze", ("notStarted", "running", READ_V3)),
    ],
)
def test_handwriting_is_polled_to_success(version, begun_at, answers):
    not_started, running, done = answers
    replies = (ACCEPTED, Reply(json={"status": not_started}), Reply(json={"status": running}), Reply(json=done))
    with Azure(*replies) as azure:
        result = client(azure, version).recognize_text(PICTURE)
    assert str(result) == "hello"
    assert [(one.method, one.key) for one in azure.seen] == [("POST", KEY)] + [("GET", KEY)] * 3
    assert azure.seen[0].path == begun_at


def test_the_picture_s_bytes_arrive_as_they_are():
    data = b"GIF89a"
    with Azure(Reply(json=ANALYSIS)) as azure:
        client(azure).session.post(f"{azure.address}/vision/v3.2/analyze", data=data, headers={"Content-Type": "a/b"})
    assert azure.seen[0].body == data


# --- what goes wrong -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "kind", "hint"),
    [
        (Reply(400, {"error": {"innererror": {"code": "InvalidImageUrl"}}}), BadRequest, "browser"),
        (Reply(401, {"error": {"code": "401", "message": "Access denied"}}), WrongKey, "VISION_KEY"),
        (Reply(403, {"statusCode": 403, "message": "Out of call volume quota."}), Forbidden, "quota"),
        (Reply(404, {"error": {"code": "404", "message": "Resource not found"}}), Retired, "v3.2"),
        (Reply(410, body=b"<html><title>Gone</title></html>"), Retired, "retired"),
        (Reply(413, headers={"Retry-After": "0"}), ServiceError, "documentation"),
        (Reply(415, {"code": "UnsupportedMediaType"}), WrongMediaType, "octet-stream"),
        (Reply(418), ServiceError, "documentation"),
    ],
)
def test_a_refusal_is_final(reply, kind, hint):
    """4xx other than 429 does not get better by asking again."""
    with Azure(reply) as azure:
        vision = client(azure)
        error = failing(kind, lambda: vision.analyze(PICTURE))
    assert error.status == reply.status
    assert hint in error.hint
    assert len(azure.seen) == 1
    assert vision.last_exchange.status == reply.status, "the failed exchange can be looked at"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(status):
    with Azure(Reply(status), Reply(status), Reply(json=ANALYSIS)) as azure:
        assert str(client(azure).analyze(PICTURE)) == "a canary"
    assert len(azure.seen) == 3
    assert {one.body for one in azure.seen} == {azure.seen[0].body}, "each try sends the picture"


@pytest.mark.parametrize("status", [500, 503])
def test_after_four_more_tries_the_service_s_own_error_is_told(status):
    with Azure(Reply(status, {"error": {"code": "ServiceUnavailable", "message": "Busy."}})) as azure:
        error = failing(ServerProblem, lambda: client(azure).analyze(PICTURE))
    assert (error.status, error.code, error.message) == (status, "ServiceUnavailable", "Busy.")
    assert len(azure.seen) == 5


@pytest.mark.parametrize("form", ["number", "date"])
def test_retry_after_is_honoured(form, monkeypatch, caplog):
    naps: list[float] = []
    monkeypatch.setattr(Deadline, "sleep", lambda self, seconds: naps.append(seconds))
    wait = "3" if form == "number" else email.utils.formatdate(time.time() + 4, usegmt=True)
    with Azure(Reply(429, headers={"Retry-After": wait}), Reply(json=ANALYSIS)) as azure:
        assert str(client(azure).analyze(PICTURE)) == "a canary"
    assert 2 < max(naps) <= 4
    assert "trying again in" in caplog.text, "who waits is told why"


def naps_of(monkeypatch: pytest.MonkeyPatch, session: Connection, *replies: Reply, timeout: float = 600) -> list[float]:
    """The pauses of a call, in seconds."""
    naps: list[float] = []
    monkeypatch.setattr(Deadline, "sleep", lambda self, seconds: naps.append(seconds))
    with Azure(*replies) as azure, contextlib.suppress(ServiceError):
        VisionClient(session, azure.address, KEY).analyze(PICTURE, timeout=timeout)
    return naps


def test_the_pauses_between_the_tries(monkeypatch):
    """At once, then after 1, 2 and 4 seconds."""
    assert naps_of(monkeypatch, connect("live"), Reply(503)) == [0, 1, 2, 4]


@pytest.mark.parametrize(("asked", "naps"), [("60", [60] * 4), ("61", []), ("1800", [])])
def test_a_pause_of_a_minute_is_the_longest(monkeypatch, asked, naps):
    assert naps_of(monkeypatch, connect("live"), Reply(429, headers={"Retry-After": asked})) == naps


@pytest.mark.parametrize(("timeout", "naps"), [(25, [20] * 4), (15, [])])
def test_a_pause_beyond_the_time_limit_is_not_begun(monkeypatch, timeout, naps):
    busy = Reply(429, headers={"Retry-After": "20"})
    assert naps_of(monkeypatch, connect("live"), busy, timeout=timeout) == naps


def test_without_a_time_limit_it_is_a_minute(monkeypatch):
    """Of each call, for a request of a learner's own, and for a session that is not ours."""
    given: list[float] = []
    real = Deadline.run
    monkeypatch.setattr(Deadline, "run", lambda self, job: (given.append(self.left()), real(self, job))[1])
    with Azure(Reply(json=ANALYSIS)) as azure:
        connect("live").get(azure.address)
        for session in (connect("live"), requests.Session()):
            VisionClient(session, azure.address, KEY).analyze(PICTURE)
    assert len(given) == 3
    assert all(59 < seconds <= 60 for seconds in given)


def test_a_plain_session_lends_its_settings():
    """A class may need its school's proxy and certificates."""
    session = requests.Session()
    session.headers["X-Class"] = "7b"
    session.params = {"room": "12"}
    session.cookies.set("tea", "yes")
    session.verify, session.trust_env, session.max_redirects = "certificates.pem", False, 2
    session.proxies = {"https": "http://proxy.example:3128"}
    with Azure(Reply(json=ANALYSIS)) as azure:
        vision = VisionClient(session, azure.address, KEY)
        vision.analyze(PICTURE)
    seen = azure.seen[0]
    assert (seen.headers["x-class"], seen.headers["cookie"]) == ("7b", "tea=yes")
    assert "room=12" in seen.path
    assert seen.headers["user-agent"].startswith("cvhelpers/")
    ours = vision.session
    assert (ours.verify, ours.trust_env, ours.max_redirects) == ("certificates.pem", False, 2)
    assert ours.proxies == session.proxies


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: VisionClient("recorded"), "A session is what cvhelpers.connect(source) gives, not str."),
        (lambda: connect("record"), "There is no source 'record'."),
        (lambda: connect("live", calls_per_minute=0), "calls_per_minute is a whole number from 1 on"),
        (lambda: connect("live", calls_per_minute="20"), "not '20'."),
    ],
)
def test_a_wrong_setting_is_said_before_anything_is_asked(call, message):
    assert message in str(failing(OptionError, call))


def test_a_host_that_can_t_be_reached_is_given_up_after_five_seconds():
    connecting, reading = Deadline(60).timeouts()
    assert connecting == 5
    assert 59 < reading <= 60
    connecting, reading = Deadline(2).timeouts()
    assert 1.9 < connecting <= reading <= 2


def test_a_long_pause_is_not_waited_for():
    """The learner reads how long, instead of watching a cell that does not end."""
    with Azure(Reply(429, headers={"Retry-After": "3600"})) as azure:
        error = failing(RateLimited, lambda: client(azure).analyze(PICTURE))
    assert error.retry_after == 3600
    assert "Wait 3600 seconds" in error.hint
    assert len(azure.seen) == 1


def test_an_unreadable_retry_after_does_not_hide_the_service_s_error():
    with Azure(
        Reply(429, {"error": {"code": "429", "message": "Slow down."}}, headers={"Retry-After": "soon"})
    ) as azure:
        assert failing(RateLimited, lambda: client(azure).analyze(PICTURE)).message == "Slow down."
    assert len(azure.seen) == 5


def test_connection_refused():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    vision = VisionClient(Connection(Live(backoff=0)), f"127.0.0.1:{port}", KEY)
    error = failing(ServiceUnreachable, lambda: vision.analyze(PICTURE))
    assert f"No connection to 127.0.0.1:{port}" in str(error)
    assert 'connect("recorded")' in str(error)
    assert vision.last_exchange is None


@pytest.mark.parametrize("slow", [{"delay": 0.5}, {"stall": 0.5}], ids=["before its headers", "before its body"])
def test_a_service_that_is_too_slow_is_asked_once(slow):
    with Azure(Reply(json=ANALYSIS, **slow)) as azure:
        error = failing(TimedOut, lambda: client(azure).analyze(PICTURE, timeout=0.1))
    assert "did not answer in time" in str(error)
    assert len(azure.seen) == 1


@pytest.mark.parametrize("cut", ["length", "chunked"])
def test_an_answer_that_is_cut_off(cut):
    with Azure(Reply(json=ANALYSIS, cut=cut)) as azure:
        error = failing(ServiceUnreachable, lambda: client(azure).analyze(PICTURE))
    assert "stopped in the middle" in str(error)


@pytest.mark.parametrize("body", [b"", b"<html>Sign in to the hotel's network</html>", b'{"tags": [', b"[" * 100_000])
def test_an_answer_that_is_not_json(body):
    with Azure(Reply(body=body, headers={"Content-Type": "text/html"})) as azure:
        error = failing(UnexpectedAnswer, lambda: client(azure).analyze(PICTURE))
    assert "not with JSON (text/html)" in str(error)
    assert len(str(error)) < 300


def test_a_host_that_can_t_be_reached_is_tried_twice(monkeypatch):
    tries = []

    def refuse(address, *_, **__):
        tries.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(urllib3.util.connection, "create_connection", refuse)
    with pytest.raises(ServiceUnreachable, match="No connection to"):
        Connection(Live(backoff=0)).get("http://a.example/")
    assert tries == [("a.example", 80)] * 2


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        (urllib3.exceptions.ReadTimeoutError(None, "/", "Read timed out."), TimedOut, "did not answer in time"),
        (ConnectionResetError(104, "reset"), ServiceUnreachable, "closed the connection without an answer"),
        (BrokenPipeError(32, "pipe"), ServiceUnreachable, "closed the connection without an answer"),
        (OSError(113, "no route"), ServiceUnreachable, "No connection to a.example"),
    ],
)
def test_what_the_libraries_below_tell_is_told_in_words(error, kind, told):
    below = urllib3.exceptions.ProtocolError("Connection aborted.", error)
    failure = no_answer("http://a.example/", requests.ConnectionError(below))
    assert (type(failure), told in str(failure)) == (kind, True)


def test_a_service_of_this_project_says_itself_where_its_answers_come_from():
    said = {"Cvhelpers-Source": "on-device; at the teacher's"}
    with Azure(Reply(json=ANALYSIS, headers=said)) as azure:
        analysis = VisionClient(connect("live"), azure.address, KEY).analyze(PICTURE)
    assert analysis.source == "on-device; at the teacher's"


def test_a_byte_order_mark_before_the_json_is_no_part_of_it():
    with Azure(Reply(body=b"\xef\xbb\xbf" + json.dumps(ANALYSIS).encode())) as azure:
        vision = client(azure)
        assert str(vision.analyze(PICTURE)) == "a canary"
    assert vision.last_exchange.json == ANALYSIS


def test_an_operation_that_fails():
    with Azure(ACCEPTED, Reply(json={"status": "Failed"})) as azure:
        failing(OperationFailed, lambda: client(azure).recognize_text(PICTURE))
    assert len(azure.seen) == 2, "the quickstart would ask forever"


def test_an_operation_that_never_ends():
    with Azure(ACCEPTED, RUNNING) as azure:
        began = time.monotonic()
        error = failing(OperationTimeout, lambda: client(azure).recognize_text(PICTURE, timeout=0.5))
    assert 0.25 <= time.monotonic() - began < 0.6
    assert f"vision.wait('{azure.address}/vision/v2.0/textOperations/1')" in str(error)


def test_an_error_while_polling_is_told():
    with Azure(ACCEPTED, RUNNING, Reply(404)) as azure:
        failing(Retired, lambda: client(azure).recognize_text(PICTURE))


def test_an_accepted_picture_without_an_operation():
    with Azure(Reply(202)) as azure:
        error = failing(UnexpectedAnswer, lambda: client(azure).recognize_text(PICTURE))
    assert "Operation-Location" in str(error)


# --- the key stays ------------------------------------------------------------------------------------------


def test_the_key_is_not_sent_to_an_operation_elsewhere():
    with Azure() as elsewhere, Azure(Reply(202, headers={"Operation-Location": f"{elsewhere.address}/x"})) as azure:
        error = failing(UnexpectedAnswer, lambda: client(azure).recognize_text(PICTURE))
    assert elsewhere.seen == []
    assert "the key was not sent there" in str(error)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/vision/v3.2/read/1",
        "http://westus.api.cognitive.microsoft.com/vision/v3.2/read/1",  # not encrypted
        "https://evil.example\\.cognitiveservices.azure.com/1",  # urllib3 would go to evil.example
        "https://westus.api.cognitive.microsoft.com@evil.example/1",
        "https://evil.example/.cognitiveservices.azure.com/1",
        "https://westus.api.cognitive.microsoft.com.evil.example/1",
        "https://evilcognitiveservices.azure.com/1",
        "/vision/v3.2/read/1",
        "",
    ],
)
def test_addresses_that_only_look_like_the_service_s(address):
    with Azure() as azure:
        failing(UnexpectedAnswer, lambda: client(azure).wait(address))


def test_an_address_that_begins_like_the_endpoint_is_not_the_endpoint():
    with Azure() as azure:
        failing(UnexpectedAnswer, lambda: client(azure).wait(f"{azure.address}@evil.example/1"))
        failing(UnexpectedAnswer, lambda: client(azure).wait(f"{azure.address}0/1"))


def test_an_operation_may_go_on_at_the_region_s_host(monkeypatch):
    asked = []

    def answer(self, request, *args, **options):
        asked.append(request.url)
        raise requests.ConnectionError

    monkeypatch.setattr(Live, "send", answer)
    vision = VisionClient(connect("live"), "https://mine.cognitiveservices.azure.com", KEY)
    failing(ServiceUnreachable, lambda: vision.wait("https://WestUS.api.cognitive.microsoft.com/vision/v3.2/read/1"))
    assert len(asked) == 1


def test_the_exchange_hides_the_key():
    with Azure(Reply(json=ANALYSIS)) as azure:
        vision = client(azure)
        vision.analyze(PICTURE)
    exchange = vision.last_exchange
    shown = (
        f"{exchange} {exchange!r} {exchange._repr_html_()} {exchange.as_curl()} {exchange.as_python()} {vars(exchange)}"
    )
    assert KEY not in shown
    assert "•••" in exchange._repr_html_()


@pytest.mark.parametrize("key", [KEY + "\n0", KEY + "…", KEY + "\x00"])
def test_a_key_that_can_t_be_one_is_refused_without_repeating_it(key):
    """urllib3 or http.client would raise an error of their own, with the key in it."""
    with Azure() as azure:
        failing(SetupError, lambda: VisionClient(connect("live"), azure.address, key))
    assert azure.seen == []


def test_a_key_in_the_place_of_the_endpoint_is_not_repeated():
    error = failing(SetupError, lambda: VisionClient(connect("live"), endpoint=KEY, key="https://westus"))
    assert "looks like a key" in str(error)


# --- setting up ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["VISION_ENDPOINT", "VISION_KEY"])
def test_what_is_missing_is_named(name, monkeypatch):
    monkeypatch.setenv("VISION_ENDPOINT", "westus")
    monkeypatch.setenv("VISION_KEY", KEY)
    monkeypatch.setenv(name, " ")
    error = failing(SetupError, lambda: VisionClient(connect("live")))
    assert name in str(error)


def test_the_environment_sets_up_the_live_source(monkeypatch):
    monkeypatch.setenv("CVHELPERS_SOURCE", "live")
    monkeypatch.setenv("VISION_KEY", f" {KEY}\n")
    with Azure(Reply(json=ANALYSIS)) as azure:
        monkeypatch.setenv("VISION_ENDPOINT", azure.address)
        VisionClient().analyze(PICTURE)
    assert azure.seen[0].key == KEY
    assert azure.seen[0].path.startswith("/vision/v3.2/"), "the version that is alive"


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("westus", "https://westus.api.cognitive.microsoft.com"),
        ("WestUS2", "https://westus2.api.cognitive.microsoft.com"),
        ("westus.api.cognitive.microsoft.com", "https://westus.api.cognitive.microsoft.com"),
        ("https://westus.api.cognitive.microsoft.com/", "https://westus.api.cognitive.microsoft.com"),
        ("https://westus.api.cognitive.microsoft.com/vision/v2.0/", "https://westus.api.cognitive.microsoft.com"),
        (" https://Mine.cognitiveservices.azure.com \n", "https://mine.cognitiveservices.azure.com"),
        (
            "https://mine.cognitiveservices.azure.com/vision/v3.2/analyze?a=b",
            "https://mine.cognitiveservices.azure.com",
        ),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("localhost:8000/", "http://localhost:8000"),
        ("localhost", "http://localhost"),
        ("[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_endpoints_are_understood_in_every_form(given, understood):
    assert base_address(given) == understood


@pytest.mark.parametrize(
    "endpoint", ["", "ftp://mine.cognitiveservices.azure.com", "https://", "http://[", "a b", "x:y@z.com"]
)
def test_what_is_no_endpoint(endpoint):
    with pytest.raises(SetupError, match="not an endpoint"):
        base_address(endpoint)


def test_a_search_goes_to_the_endpoint_that_is_named():
    with Azure(Reply(json={"value": []})) as azure:
        search = ImageSearchClient(connect("live"), endpoint=azure.address, key=KEY)
        search.search("puppies")
    assert search.url() == f"{azure.address}/bing/v7.0/images/search"
    assert [(one.path, one.key) for one in azure.seen] == [("/bing/v7.0/images/search?q=puppies", KEY)]


# --- packed answers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, 3 * CHUNK, 2**20])
@pytest.mark.parametrize("at_once", [1, 7, CHUNK])
def test_what_was_packed_in_parts_is_unpacked_whole_and_in_small_pieces(size, at_once):
    """Also where a part ends just where a piece does, which urllib3 takes for twice as much."""
    packed = 5 * gzip.compress(bytes(size)) + bytes(512)
    pieces = list(unpacked(packed[start : start + at_once] for start in range(0, len(packed), at_once)))
    assert b"".join(pieces) == bytes(5 * size)
    assert max(map(len, pieces)) <= CHUNK


@pytest.mark.parametrize("cut", [1, 8, 12])
def test_a_packed_answer_that_is_not_complete_is_an_error(cut):
    with pytest.raises(requests.exceptions.ContentDecodingError, match="too early"):
        list(unpacked([gzip.compress(bytes(range(256)))[:-cut]]))


def test_no_packing_is_asked_for_that_is_not_unpacked():
    with Azure() as azure:
        connect("live").get(azure.address)
    assert azure.seen[0].headers["accept-encoding"] == "gzip"
