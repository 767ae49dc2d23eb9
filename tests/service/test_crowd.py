"""One process serves a class: right answers for all at once, a bound on what waits, a limit to the calls of each."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

import pytest
import requests

from cvhelpers.ondevice.service.app import create_app
from cvhelpers.ondevice.service.errors import Busy
from cvhelpers.ondevice.service.gateway import RateLimit
from cvhelpers.ondevice.service.operations import Operations
from cvhelpers.ondevice.service.workers import Workers

from .conftest import KEY, Service, served
from .fakes import FakeEngine, FakeLibrary, file_of

CLIENTS = 30


def test_30_clients_at_once_get_every_answer_right(service: Service) -> None:
    """Each client sends pictures of its own colour, which every answer to it must name."""
    together = threading.Barrier(CLIENTS)

    def learn(number: int) -> set[str]:
        picture = file_of((number, 2 * number, 3 * number))
        together.wait()
        return {
            service.post("/vision/v2.0/analyze?visualFeatures=Color", picture).json()["color"]["accentColor"],
            service.post("/vision/v3.2/tag", picture).json()["tags"][0]["name"],
            service.finished(service.post("/vision/v2.0/recognizeText?mode=Printed", picture))["recognitionResult"][
                "lines"
            ][0]["words"][0]["text"],
        }

    with ThreadPoolExecutor(CLIENTS) as pool:
        seen = list(pool.map(learn, range(CLIENTS)))
    assert seen == [{f"{n:02X}{2 * n:02X}{3 * n:02X}"} for n in range(CLIENTS)]


@pytest.fixture
def crowded() -> Iterator[tuple[Service, FakeEngine]]:
    """A service of our own, to be filled up."""
    engine = FakeEngine()
    with served(create_app(engine, FakeLibrary(), KEY)) as base:
        try:
            yield Service(requests.Session(), base), engine
        finally:
            engine.gate.set()


def test_who_finds_no_place_is_told_when_to_come_back(crowded: tuple[Service, FakeEngine]) -> None:
    """64 wait while the engine is busy; four more are sent away at once, and the 64 get their answers in the end."""
    service, engine = crowded
    paths = {
        "tag": "/vision/v2.0/tag",
        "newer": "/vision/v3.2/tag",
        "later": "/vision/v2.0/recognizeText?mode=Printed",
        "read": "/vision/v3.2/read/analyze",
    }
    engine.gate.clear()
    with ThreadPoolExecutor(68) as pool:
        calls = [pool.submit(service.post, paths["tag"], file_of()) for _ in range(64)]
        calls += [pool.submit(service.post, path, file_of()) for path in paths.values()]
        finished = as_completed(calls, timeout=20)
        refused = [next(finished).result() for _ in range(4)]
        engine.gate.set()
        answered = [call.result().status_code for call in finished]

    assert [answer.status_code for answer in refused] == [503] * 4
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    for answer in refused:
        body = answer.json()
        assert body.get("error", body)["code"] == "ServiceUnavailable"
    assert set(answered) <= {200, 202}
    assert len(answered) == 64
    assert service.post(paths["tag"], file_of()).status_code == 200  # and then there is room again


def test_places_are_given_back_whatever_happens() -> None:
    workers = Workers(threads=1, places=1)
    operations = Operations()
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), workers.place():
            raise ZeroDivisionError
    name = operations.start(workers, lambda: 1 / 0)
    workers.close()
    operation = operations.get(name)
    assert operation is not None
    assert operation.status == "Failed"
    with workers.place(), pytest.raises(Busy):
        workers.take()


def test_old_operations_and_too_many_are_forgotten() -> None:
    now = [0.0]
    operations, workers = Operations(most=2, age=100, clock=lambda: now[0]), Workers()
    first, second, third = (operations.start(workers, lambda: None) for _ in range(3))
    assert operations.get(first) is None
    assert operations.get(second)
    assert operations.get(third)
    now[0] = 101.0
    assert operations.get(third) is None
    workers.close()


# --- calls per minute


@pytest.fixture(scope="module")
def limited() -> Iterator[Service]:
    with served(create_app(FakeEngine(), FakeLibrary(), KEY, calls_per_minute=3)) as base:
        yield Service(requests.Session(), base)


def test_the_call_after_the_last_allowed_one_is_refused(limited: Service) -> None:
    answers = [limited.get("/vision/v2.0/models") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    wait = int(answers[3].headers["Retry-After"])
    assert 50 <= wait <= 60
    assert answers[3].json() == {"statusCode": 429, "message": f"Rate limit is exceeded. Try again in {wait} seconds."}

    newer = limited.post("/vision/v3.2/ocr", file_of())
    assert newer.status_code == 429
    assert newer.json()["error"]["code"] == "429"
    assert newer.json()["error"]["message"].startswith("Requests to the OCR Operation under Computer Vision API (v3.2)")

    search = limited.get("/bing/v7.0/images/search?q=grey")
    assert (search.status_code, search.json()["errors"][0]["code"]) == (429, "RateLimitExceeded")
    assert limited.get("/th?id=x", key=None).status_code == 404  # thumbnails are not counted


def test_a_minute_later_there_are_calls_again() -> None:
    now = [0.0]
    limit = RateLimit(2, clock=lambda: now[0])
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 60]
    now[0] = 59.5
    assert limit.wait("a") == 1
    now[0] = 60.5
    assert limit.wait("a") == 0
