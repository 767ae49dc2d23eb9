"""One process serves a class: right answers for all at once, a bound on what waits, a limit to the calls of each."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from typing import Any

import anyio
import anyio.to_thread
import pytest
import requests

from cvhelpers.ondevice.service import calls, wire
from cvhelpers.ondevice.service import operations as service_operations
from cvhelpers.ondevice.service.app import create_app
from cvhelpers.ondevice.service.documents import ReadPage
from cvhelpers.ondevice.service.errors import Busy
from cvhelpers.ondevice.service.gateway import RateLimit
from cvhelpers.ondevice.service.operations import Operations, TextOperation
from cvhelpers.ondevice.service.quotas import Quota, Share
from cvhelpers.ondevice.service.workers import Workers
from cvhelpers.protocol.vision import TABLE
from systems import ALL_OF_127

from .conftest import KEY, Pictures, Service, served
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


@ALL_OF_127
def test_who_finds_no_place_is_told_when_to_come_back(crowded: tuple[Service, FakeEngine]) -> None:
    """One client may have 48 calls at work; its next four are sent away at once, and the 48 are answered in the end."""
    service, engine = crowded
    paths = {
        "tag": "/vision/v2.0/tag",
        "newer": "/vision/v3.2/tag",
        "later": "/vision/v2.0/recognizeText?mode=Printed",
        "read": "/vision/v3.2/read/analyze",
    }
    engine.gate.clear()
    with ThreadPoolExecutor(52) as pool, contextlib.ExitStack() as at_last:
        at_last.callback(engine.gate.set)  # a failure here ends the test, and does not wait for the engine
        calls = [pool.submit(service.post, paths["tag"], file_of()) for _ in range(48)]
        calls += [pool.submit(service.post, path, file_of()) for path in paths.values()]
        finished = as_completed(calls, timeout=20)
        refused = [next(finished).result() for _ in range(4)]
        another = pool.submit(neighbour(service).post, paths["tag"], file_of())
        with pytest.raises(TimeoutError):
            another.result(timeout=0.3)  # there is room for others: this one waits for the engine
        search = "/bing/v7.0/images/search?q=grey"
        assert service.get(search).status_code == 503, "a search counts, too"
        assert neighbour(service).get(search, timeout=5).status_code == 200, "and waits for no model"
        engine.gate.set()
        answered = [call.result().status_code for call in finished]
        assert another.result().status_code == 200

    assert [answer.status_code for answer in refused] == [503] * 4
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    for answer in refused:
        body = answer.json()
        assert body.get("error", body)["code"] == "ServiceUnavailable"
    assert set(answered) <= {200, 202}
    assert len(answered) == 48
    assert service.post(paths["tag"], file_of()).status_code == 200  # and then there is room again


def test_a_service_that_has_stopped_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    with served(create_app(FakeEngine(), FakeLibrary(), KEY)) as base:
        service = Service(requests.Session(), base)
        assert service.post("/vision/v2.0/tag", file_of()).status_code == 200
        assert service.get("/v7.0/images/search?q=grey").status_code == 200
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert not [name for name in left if name.startswith("cvhelpers")]


def neighbour(service: Service, number: int = 2) -> Service:
    """Another computer, as far as the service can tell: the same calls from 127.0.0.2 or a further address."""

    class FromThere(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            super().init_poolmanager(*args, source_address=(f"127.0.0.{number}", 0), **options)

    session = requests.Session()
    session.mount("http://", FromThere(pool_maxsize=20))
    return Service(session, service.base)


def test_what_a_call_held_is_given_back_when_its_operation_has_ended() -> None:
    quota = Quota(total=10, each=10)
    call = Share(quota, "a")
    call.take(7)
    later = call.moved()
    call.give_back()
    with pytest.raises(Busy):
        quota.take("a", 4)
    later.give_back()
    later.give_back()  # a second time does nothing
    quota.take("a", 10)
    with pytest.raises(Busy):
        quota.take("b", 1)


def test_a_quota_is_shared_by_all_and_bounded_for_each() -> None:
    quota = Quota(total=5, each=3)
    quota.take("a", 3)
    with pytest.raises(Busy):
        quota.take("a")
    quota.take("b", 2)
    with pytest.raises(Busy):
        quota.take("c")
    quota.give_back("a")
    quota.take("c")
    quota.give_back("a", 2)
    quota.give_back("b", 2)
    quota.give_back("c")
    with pytest.raises(ZeroDivisionError), quota.held("a"):
        raise ZeroDivisionError
    assert not quota._taken, "who holds nothing is forgotten"
    quota.take("a", 3)


def test_clients_take_turns() -> None:
    """One who has sent ten pictures before does not keep the next client waiting for all ten."""
    workers, done, gate = Workers(threads=1), [], threading.Event()
    first = workers.submit("a", gate.wait)
    jobs = [workers.submit("a", lambda n=n: done.append(f"a{n}")) for n in range(10)]
    jobs += [workers.submit("b", lambda n=n: done.append(f"b{n}")) for n in range(2)]
    gate.set()
    for job in [first, *jobs]:
        job.result(timeout=5)
    workers.close()
    assert done[:4] in (["a0", "b0", "a1", "b1"], ["b0", "a0", "b1", "a1"])
    assert done[4:] == [f"a{n}" for n in range(2, 10)]


def test_a_job_whose_client_has_gone_is_not_done() -> None:
    workers, gate, done = Workers(threads=1), threading.Event(), []
    first = workers.submit("a", gate.wait)
    gone = workers.submit("a", lambda: done.append("gone"))
    assert gone.cancel()
    gate.set()
    assert first.result(timeout=5)
    assert workers.submit("a", lambda: "next").result(timeout=5) == "next"
    workers.close()
    assert done == []


def test_old_operations_and_too_many_are_forgotten() -> None:
    now = [0.0]
    operations = Operations(most=2, age=100, clock=lambda: now[0])
    first, second, third = (operations.add("here")[0] for _ in range(3))
    assert operations.get("here", first) is None
    assert operations.get("here", second)
    assert operations.get("here", third)
    assert operations.get("elsewhere", third) is None
    now[0] = 101.0
    assert operations.get("here", third) is None


def test_an_operation_is_forgotten_by_its_age_and_not_by_when_it_was_asked_for() -> None:
    now = [0.0]
    operations = Operations(most=2, age=100, clock=lambda: now[0])
    first, now[0] = operations.add("here")[0], 60.0
    second = operations.add("here")[0]
    assert operations.get("here", first), "two are not too many, and asking makes no room for a third"
    now[0] = 100.0
    assert operations.get("here", first) is None
    assert operations.get("here", second)
    operations.add("here")
    assert operations.get("here", second), "what is forgotten takes no room"


def test_operations_that_nobody_asks_for_fill_no_memory() -> None:
    operations = Operations(most=2)
    first = weakref.ref(operations.add("here")[1])
    for _ in range(2):
        operations.add("here")
    assert first() is None


def test_an_operation_says_when_it_began_and_when_its_state_last_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [datetime(2026, 1, 31, 23, 59, second, tzinfo=UTC) for second in (1, 2, 3)]
    monkeypatch.setattr(service_operations, "_now", iter(moments[1:]).__next__)
    operation = TextOperation(created=moments[0], updated=moments[0])

    def told() -> list[str]:
        answer = wire.read_operation(operation, TABLE["v3.2"])
        return [answer["status"], answer["createdDateTime"], answer["lastUpdatedDateTime"]]

    def job() -> list[ReadPage]:
        assert told() == ["running", "2026-01-31T23:59:01Z", "2026-01-31T23:59:02Z"]
        return []

    assert told() == ["notStarted", "2026-01-31T23:59:01Z", "2026-01-31T23:59:01Z"]
    operation.carry_out(job)
    assert told() == ["succeeded", "2026-01-31T23:59:01Z", "2026-01-31T23:59:03Z"]


def test_who_sees_that_an_operation_has_succeeded_finds_its_result() -> None:
    """Another thread may ask at any moment."""

    class Watched(TextOperation):
        def __setattr__(self, name: str, value: Any) -> None:
            super().__setattr__(name, value)
            if name == "status":
                seen.append((value, self.result))

    seen: list[tuple[str, Any]] = []
    Watched().carry_out(lambda: "read")
    assert seen == [("NotStarted", None), ("Running", None), ("Succeeded", "read")]


def test_an_operation_counts_as_work_until_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "WORK", 2)  # one client may have three quarters of it, rounded down
    engine = FakeEngine()
    engine.gate.clear()
    with served(create_app(engine, FakeLibrary(), KEY)) as base:
        service = Service(requests.Session(), base)
        try:
            assert service.post("/vision/v2.0/recognizeText?mode=Printed", file_of()).status_code == 202
            assert service.post("/vision/v2.0/tag", file_of(), timeout=5).status_code == 503
        finally:
            engine.gate.set()


@ALL_OF_127
def test_slow_addresses_keep_nobody_else_waiting() -> None:
    """A client may have 16 pictures fetched at once. Fetching is not work: however many wait, bytes are answered.

    A search of the open web is fetched as well.
    """
    fetching, come = threading.Semaphore(0), threading.Event()

    async def fetch(url: str, most: int, took: object) -> bytes:
        if "slow" in url:
            fetching.release()
            await anyio.to_thread.run_sync(come.wait, 20, limiter=anyio.CapacityLimiter(1))
        return file_of()

    def never(asked: object) -> Any:
        raise AssertionError("the open web is asked")

    with (
        served(create_app(FakeEngine(), FakeLibrary(), KEY, fetch_picture=fetch, web_search=never)) as base,
        ThreadPoolExecutor(80) as pool,
    ):
        here = Service(requests.Session(), base)
        clients = [neighbour(here, number) for number in (2, 3, 4, 5)]
        slow, quick = {"url": "http://slow.example/"}, {"url": "http://quick.example/"}
        calls = []
        try:
            for client in clients:
                calls += [pool.submit(client.post, "/vision/v2.0/tag", json=slow) for _ in range(16)]
                assert all(fetching.acquire(timeout=10) for _ in range(16))
                assert client.post("/vision/v2.0/tag", json=slow).status_code == 503
                assert client.get("/v7.0/images/search?q=puppies").status_code == 503
                if client is clients[0]:
                    assert here.post("/vision/v2.0/tag", json=quick).status_code == 200
            assert here.post("/vision/v2.0/tag", file_of()).status_code == 200
            assert clients[0].post("/vision/v2.0/tag", file_of()).status_code == 200
            assert not any(call.done() for call in calls)
        finally:
            come.set()
        assert {call.result().status_code for call in calls} == {200}


@pytest.mark.parametrize(("most", "status"), [(1000, 200), (300, 503)])
def test_a_picture_that_is_fetched_counts_like_one_that_is_sent(
    pictures: Pictures, monkeypatch: pytest.MonkeyPatch, most: int, status: int
) -> None:
    monkeypatch.setattr(calls, "MEMORY", most)  # one client may take three quarters of it
    name = f"{pictures.base}/picture.png"
    assert 225 < len(file_of()) < 700
    with served(create_app(FakeEngine(), FakeLibrary(), KEY)) as base:
        service = Service(requests.Session(), base)
        assert service.post("/vision/v2.0/tag", json={"url": name}).status_code == status
        assert service.post("/vision/v2.0/tag", file_of()).status_code == status


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

    newest = limited.post("/computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags", file_of())
    assert newest.status_code == 429
    assert "under Computer Vision API (2023-10-01)" in newest.json()["error"]["message"]

    search = limited.get("/bing/v7.0/images/search?q=grey")
    assert (search.status_code, search.json()["errors"][0]["code"]) == (429, "RateLimitExceeded")
    assert limited.get("/th?id=x", key=None).status_code == 404  # thumbnails are not counted


@ALL_OF_127
def test_each_client_has_calls_of_its_own(limited: Service) -> None:
    """In a class each has the free tier. Who forwards a request for others does not count: nobody does."""
    other = neighbour(limited)
    assert [limited.get("/vision/v2.0/models").status_code for _ in range(4)][-1] == 429
    assert [other.get("/vision/v2.0/models").status_code for _ in range(3)] == [200, 200, 200]
    assert other.get("/vision/v2.0/models").status_code == 429
    stranger = neighbour(limited, 3)
    assert {stranger.get("/vision/v2.0/models", key="wrong").status_code for _ in range(4)} == {401}, "not counted"
    # uvicorn would believe a caller from this computer, as if it were a proxy.
    pretended = [{"X-Forwarded-For": f"198.51.100.{n}", "Forwarded": f"for=198.51.100.{n}"} for n in range(4)]
    assert [limited.get("/vision/v2.0/models", headers=one).status_code for one in pretended][-1] == 429


def test_a_minute_later_there_are_calls_again() -> None:
    now = [0.0]
    limit = RateLimit(2, clock=lambda: now[0])
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 60]
    now[0] = 59.5
    assert limit.wait("a") == 1
    now[0] = 60.5
    assert limit.wait("a") == 0
