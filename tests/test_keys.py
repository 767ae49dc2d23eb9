"""The key is sent to the service, and turns up nowhere else.

A key is planted, and everything that a person can print, log, save or see in an error is searched for it.
"""

from __future__ import annotations

import copy
import json
import logging
import pickle
import signal
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests

import cvhelpers as cv
from azure import Azure, Reply
from cvhelpers.clients.exchange import Exchange
from cvhelpers.session import Connection
from cvhelpers.sources.keys import Key, KeyRing
from cvhelpers.sources.live import Live
from cvhelpers.sources.recorded import read_request

KEY = "canary0123456789abcdef0123456789"
NAME = "Ocp-Apim-Subscription-Key"
PICTURE = "https://example.org/picture.jpg"
ANALYSIS = Reply(json={"tags": [], "requestId": "1"})
ACCEPTED = Reply(202, headers={"Operation-Location": "{host}/vision/v2.0/textOperations/1"})


def sessions() -> dict[str, Callable[[], requests.Session]]:
    return {"live": lambda: Connection(Live(backoff=0)), "plain": requests.Session}


@pytest.fixture(params=sessions())
def session(request) -> requests.Session:
    return sessions()[request.param]()


@pytest.fixture(autouse=True)
def _the_key_is_never_logged(caplog) -> Iterator[None]:
    """Holds for every test of this file, at the finest level, for urllib3 as well."""
    caplog.set_level(logging.DEBUG)
    yield
    assert KEY not in caplog.text


def shown(thing: Any) -> Iterator[str]:
    """Everything that a person may do to see what a thing is."""
    yield from (repr(thing), str(thing), f"{thing:>60}" if isinstance(thing, str) else f"{thing}")
    yield from (text(thing) for text in (lambda one: json.dumps(one, default=repr), lambda one: repr(dir(one))))
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        try:
            yield repr(copied(thing))
        except TypeError as error:  # a lock, a connection, a key
            yield str(error)
    if isinstance(thing, dict):
        values = "".join(map(str, thing.values()))
        yield from (values, values.upper(), "|".join(f"{value!s:>60}"[:60] for value in thing.values()))


def everything(thing: Any, seen: set[int] | None = None, depth: int = 6) -> Iterator[str]:
    """The same of all its attributes, and of theirs."""
    seen = set() if seen is None else seen
    if id(thing) in seen or depth == 0 or isinstance(thing, type | Key):
        return
    seen.add(id(thing))
    yield repr(thing)
    inside: list[Any] = list(getattr(thing, "__dict__", {}).values())
    if isinstance(thing, dict):
        inside += [*thing, *thing.values()]
    elif isinstance(thing, list | tuple | set | frozenset):
        inside += thing
    for one in inside:
        yield from everything(one, seen, depth - 1)


def test_this_search_would_find_a_key():
    """A test of the test."""
    assert KEY in " ".join(everything({"deep": [type("Thing", (), {})()], "in": {"it": {"a": (KEY,)}}}))
    assert KEY.upper() in " ".join(shown({"a": KEY}))


# --- at rest -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [cv.VisionClient, cv.ImageSearchClient])
def test_a_client_shows_no_key(session, kind):
    with Azure(ANALYSIS) as azure:
        client = kind(session, azure.address, KEY)
    for thing in (client, client.headers, client.session, vars(client), vars(client.session), client.source):
        assert KEY not in " ".join(shown(thing))
        assert KEY.upper() not in " ".join(shown(thing))
    assert KEY not in " ".join(everything(client))


def test_the_headers_hold_a_text_that_stands_for_the_key():
    with Azure(ANALYSIS) as azure:
        vision = cv.VisionClient(Connection(Live()), azure.address, KEY)
    assert vision.headers == {NAME: "(your key)"}
    assert cv.VisionClient(cv.connect("recorded")).headers == {NAME: "no-key-needed"}


def test_a_key_object_shows_nothing():
    key = Key(KEY)
    assert KEY not in f"{key} {key!r} {key!s:>99} {[key]} {vars(type(key))}"
    with pytest.raises(TypeError, match=r"can't be copied|never saved"):
        pickle.dumps(key)
    with pytest.raises(TypeError, match=r"can't be copied|never saved"):
        copy.deepcopy(key)
    with pytest.raises(TypeError):
        json.dumps(key)


# --- sent, and where to --------------------------------------------------------------------------------------


def test_the_service_gets_the_key_and_the_response_has_none(session):
    with Azure(ANALYSIS) as azure:
        vision = cv.VisionClient(session, azure.address, KEY, "v2.0")
        vision.analyze(PICTURE)
        response = vision.session.post(vision.url("analyze"), headers=vision.headers, json={"url": PICTURE})
    assert [one.key for one in azure.seen] == [KEY, KEY]
    assert response.request.headers[NAME] == "(your key)"
    for thing in (response, response.request, vision.last_exchange, vars(vision.last_exchange)):
        assert KEY not in " ".join(shown(thing))
    assert KEY not in " ".join(everything(response))
    exchange = vision.last_exchange
    assert KEY not in exchange.as_curl() + exchange.as_python() + exchange._repr_html_()
    assert "•••" in exchange._repr_html_()
    assert KEY not in str(read_request(response.request)), "what a recording is made of"


def test_an_exchange_hides_a_key_that_someone_sent_by_hand():
    with Azure(ANALYSIS) as azure:
        exchange = Exchange(requests.post(azure.address, headers={NAME.lower(): KEY}, json={}))
    assert azure.seen[0].key == KEY
    assert KEY not in " ".join(everything(exchange)) + exchange.as_curl() + exchange.as_python()


def test_each_of_two_clients_of_a_session_sends_its_own_key():
    with Azure(ANALYSIS) as one, Azure(ANALYSIS) as other:
        session = Connection(Live())
        first = cv.VisionClient(session, one.address, KEY, "v2.0")
        second = cv.VisionClient(session, other.address, KEY[::-1], "v2.0")
        again = cv.VisionClient(session, one.address, KEY, "v2.0")
        for client in (first, second, again):
            client.analyze(PICTURE)
        session.post(f"{other.address}/vision/v2.0/analyze", headers=first.headers)
    assert [seen.key for seen in one.seen] == [KEY, KEY]
    assert [seen.key for seen in other.seen] == [KEY[::-1], "(your key)"], "the key of one is not sent to the other"
    assert first.headers == again.headers != second.headers


@pytest.mark.parametrize("path", ["/vision/v2.0/analyze", "/a-picture.png"])
def test_no_other_host_gets_the_key(path):
    with Azure(ANALYSIS) as azure, Azure(ANALYSIS) as other:
        vision = cv.VisionClient(Connection(Live()), azure.address, KEY, "v2.0")
        vision.session.get(other.address + path, headers=vision.headers)
        vision.session.get(other.address.replace("127.0.0.1", "localhost") + path, headers=vision.headers)
    assert [seen.key for seen in other.seen] == ["(your key)"] * 2


def test_a_picture_s_host_gets_no_key_at_all():
    with Azure(Reply(body=cv.sample("cat").data)) as host, Azure(ANALYSIS) as azure:
        vision = cv.VisionClient(Connection(Live()), azure.address, KEY, "v2.0")
        vision.analyze(cv.open_picture(f"{host.address}/cat.jpg", vision.session))
    assert host.seen[0].key is None
    assert azure.seen[0].key == KEY


# --- in errors -----------------------------------------------------------------------------------------------


def verbose(error: BaseException) -> str:
    """What a notebook shows after ``%xmode Verbose``: every name in every line of every frame."""
    from IPython.core.ultratb import VerboseTB

    return str(VerboseTB(theme_name="nocolor").text(type(error), error, error.__traceback__))


def told(error: BaseException | None) -> str:
    """What an error says anywhere: itself, the errors behind it, and the names of all frames that it passed."""
    text = ""
    while error is not None:
        text += f"{error!s} {error!r} {error.args!r} {vars(error)!r} {''.join(traceback.format_exception(error))}"
        text += verbose(error)
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if frame.f_globals.get("__name__") != __name__:  # this test knows the key
                text += " ".join(map(repr, frame.f_locals.values()))
                for value in frame.f_locals.values():
                    text += repr(getattr(value, "headers", None)) + repr(getattr(value, "__dict__", None))
        error = error.__cause__ or error.__context__
    return text


def closed_port() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}"


FAULTS = {
    "refused": None,
    "too slow": Reply(delay=3),
    "too slow with its body": Reply(json={}, stall=3),
    "cut off": Reply(json={"tags": []}, cut="length"),
    "cut off chunks": Reply(json={"tags": []}, cut="chunked"),
    "not JSON": Reply(body=b"<html>"),
    "no analysis": Reply(json={}),
    "400": Reply(400),
    "401": Reply(401, {"error": {"code": "401", "message": "Access denied"}}),
    "429": Reply(429, headers={"Retry-After": "30"}),
    "500": Reply(500),
    "redirect": Reply(307, headers={"Location": "http://127.0.0.1:9/"}),
    "a status that is none": Reply(1000),
    "a wrong gzip": Reply(body=b"plain", headers={"Content-Encoding": "gzip"}),
    "two lengths": Reply(json={}, headers={"content-length": "3"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_error_tells_the_key(session, fault):
    with Azure(FAULTS[fault] or Reply()) as azure:
        address = closed_port() if fault == "refused" else azure.address
        vision = cv.VisionClient(session, address, KEY, "v2.0")
        calls = [
            lambda: vision.analyze(PICTURE, timeout=0.4),
            lambda: vision.recognize_text(PICTURE, timeout=0.4),
            lambda: vision.wait(f"{address}/vision/v2.0/textOperations/1", timeout=0.4),
        ]
        for call in calls:
            with pytest.raises(cv.CvhelpersError) as caught:
                call()
            assert KEY not in told(caught.value)


class Credential:
    """Gives a token in place of a key; ``bad`` gives one that no header can carry, and an error that repeats it."""

    def __init__(self, bad: str = "") -> None:
        self.bad = bad

    def get_token(self, *scopes: str) -> SimpleNamespace:
        if self.bad == "raises":
            raise ValueError(f"refused: {KEY}")
        return SimpleNamespace(token=KEY + "\n" * bool(self.bad), expires_on=time.time() + 3600)


@pytest.mark.parametrize("bad", ["", "raises", "has a line end"])
@pytest.mark.parametrize("fault", ["refused", "too slow", "cut off", "401", "500", "redirect"])
def test_no_error_tells_a_token(fault, bad):
    with Azure(FAULTS[fault] or Reply()) as azure:
        address = closed_port() if fault == "refused" else azure.address
        vision = cv.VisionClient(Connection(Live(backoff=0)), address, credential=Credential(bad))
        with pytest.raises(cv.CvhelpersError) as caught:
            vision.analyze(PICTURE, timeout=0.4)
        assert KEY not in told(caught.value)
        assert KEY not in " ".join(everything(vision)) + " ".join(shown(vision.headers))


def test_an_error_in_the_midst_of_a_library_does_not_tell_it(monkeypatch):
    """A fault of ours, or of a library, is no error that anyone catches: it goes up with all its frames."""

    def broken(self, *args, **options):
        sent = dict(options.get("headers") or {})
        raise MemoryError(f"{len(sent)} headers")

    monkeypatch.setattr("urllib3.connectionpool.HTTPConnectionPool.urlopen", broken)
    vision = cv.VisionClient(Connection(Live()), "http://127.0.0.1:9", KEY)
    with pytest.raises(MemoryError) as caught:
        vision.analyze(PICTURE)
    assert KEY not in told(caught.value)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="a Stop can't be played here")
def test_stop_does_not_tell_the_key(session):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    try:
        with Azure(Reply(delay=5)) as azure:
            vision = cv.VisionClient(session, azure.address, KEY, "v2.0")
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(KeyboardInterrupt) as caught:
                vision.analyze(PICTURE)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert KEY not in told(caught.value)


@pytest.mark.parametrize("source", ["recorded", "keyless", "on-device"])
def test_a_source_without_a_network_does_not_tell_it_either(source):
    """A learner tries a key of her own there: it is refused as a wrong one, which is the lesson."""
    vision = cv.VisionClient(cv.connect(source), key=KEY)
    with pytest.raises(cv.WrongKey) as caught:
        vision.analyze(cv.sample("cat"))
    assert KEY not in told(caught.value)
    assert KEY not in " ".join(everything(vision))


@pytest.mark.parametrize("key", [KEY + "\n0", KEY + "…", KEY + "\x00", f"{KEY} {KEY}"])
def test_a_key_that_can_t_be_one_is_refused_without_repeating_it(session, key):
    with Azure() as azure, pytest.raises(cv.SetupError) as caught:
        cv.VisionClient(session, azure.address, key, "v2.0")
    assert KEY not in told(caught.value).replace(repr(key), "")
    assert KEY not in str(caught.value)
    assert azure.seen == []


@pytest.mark.parametrize("key", [KEY, KEY + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEF"])
def test_a_key_in_the_place_of_the_endpoint_is_not_repeated(key):
    """The older keys have 32 letters, those of today 84."""
    with pytest.raises(cv.SetupError, match="looks like a key") as caught:
        cv.VisionClient(cv.connect("live"), endpoint=key, key="https://westus")
    assert KEY not in str(caught.value)


def test_blanks_around_a_key_are_no_part_of_it(session):
    with Azure(ANALYSIS) as azure:
        cv.VisionClient(session, azure.address, f" {KEY}\n", "v2.0").analyze(PICTURE)
    assert azure.seen[0].key == KEY


@pytest.mark.parametrize(
    ("client", "given"),
    [
        (cv.VisionClient, "as an argument"),
        (cv.VisionClient, "in the environment"),
        (cv.ImageSearchClient, "as an argument"),  # its endpoint is never taken from the environment
    ],
)
def test_a_key_in_the_place_of_the_endpoint_is_in_no_frame_of_the_traceback(monkeypatch, client, given):
    """``%xmode Verbose`` prints what each function was given, and the values of its lines."""
    if given == "in the environment":
        monkeypatch.setenv("VISION_ENDPOINT", KEY)
        monkeypatch.setenv("VISION_KEY", "k")
        session, arguments = cv.connect("live"), {}
    else:
        session, arguments = cv.connect("live"), {"endpoint": KEY, "key": "k"}
    with pytest.raises(cv.SetupError) as caught:
        client(session, **arguments)
    shown, frame = [], caught.tb.tb_next  # the first frame is this test's own
    while frame is not None:
        shown += [repr(value) for value in frame.tb_frame.f_locals.values()]
        frame = frame.tb_next
    assert len(shown) > 2
    assert not [text for text in shown if KEY in text]


def test_a_password_in_an_address_is_not_repeated():
    with Azure(Reply(404)) as azure:
        address = azure.address.replace("//", f"//ada:{KEY}@")
        for call in (lambda: cv.open_picture(f"{address}/a.png", cv.connect("live")),
                     lambda: cv.open_picture(f"{address}0000/a.png", cv.connect("live")),
                     lambda: cv.VisionClient(cv.connect("live"), endpoint=address, key="k"),
                     lambda: cv.VisionClient(cv.connect("live"), closed_port(), "k").wait(address)):  # fmt: skip
            with pytest.raises(cv.CvhelpersError) as caught:
                call()
            assert KEY not in str(caught.value)


def test_the_ring_keeps_the_answers_of_a_source_as_they_are():
    class Asked(requests.adapters.BaseAdapter):
        def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
            response = requests.Response()
            response.status_code, response.request = 204, request
            return response

        def close(self) -> None:
            self.closed = True

    ring = KeyRing(Asked())
    text = ring.add("https://a.example", Key(KEY))
    request = requests.Request("GET", "https://a.example/", {NAME: text}).prepare()
    assert ring.send(request).request is request
    assert request.headers[NAME] == text
    ring.close()
    assert ring.answers.closed
    assert ring.add("https://a.example", Key("no-key-needed")) == "no-key-needed"
