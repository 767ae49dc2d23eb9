"""What a deadline promises: one point in time for a whole call, and nothing goes on after it."""

from __future__ import annotations

import socket
import threading
import time

import pytest
import requests

from cvhelpers.sources.deadline import Deadline, current


def test_it_gives_what_the_job_gives():
    assert Deadline(5).run(lambda: "done") == "done"
    with pytest.raises(KeyError, match="odd"):
        Deadline(5).run(lambda: {}["odd"])


def test_the_job_knows_its_deadline():
    deadline = Deadline(5)
    assert deadline.run(current) is deadline
    assert current() is not deadline, "another thread has none"


def test_a_job_is_not_begun_when_the_time_is_over():
    begun = []
    with pytest.raises(requests.ReadTimeout):
        Deadline(0).run(lambda: begun.append(True))
    assert begun == []


def test_the_caller_waits_no_longer():
    release = threading.Event()
    began = time.monotonic()
    with pytest.raises(requests.ReadTimeout):
        Deadline(0.1).run(lambda: release.wait(5))
    assert time.monotonic() - began < 1
    release.set()


def test_several_jobs_share_it():
    """The start of an operation, and each question for its result."""
    deadline = Deadline(0.3)
    for _ in range(2):
        deadline.run(lambda: time.sleep(0.1))
    with pytest.raises(requests.ReadTimeout):
        deadline.run(lambda: time.sleep(0.3))
    assert deadline.over


@pytest.mark.parametrize("first", ["stop", "watch"])
def test_its_connections_are_shut_down(first):
    """Also one that was opened too late, because the look-up of its host took long."""
    near, far = socket.socketpair()
    with near, far:
        far.settimeout(2)
        deadline = Deadline(5)
        for step in ("stop", "watch") if first == "stop" else ("watch", "stop"):
            deadline.stop() if step == "stop" else deadline.watch(near)
        assert far.recv(1) == b"", "the other side sees the end"


def test_the_connection_of_a_call_that_has_ended_stays_open():
    """It serves for the calls of others."""
    near, far = socket.socketpair()
    with near, far:
        deadline = Deadline(5)
        deadline.run(lambda: deadline.watch(near))
        deadline.stop()
        near.send(b"!")
        assert far.recv(1) == b"!"


def test_after_a_stop_there_is_no_time_left():
    deadline = Deadline(5)
    deadline.stop()
    assert deadline.left() == 0
    with pytest.raises(requests.ReadTimeout):
        deadline.sleep(3)


def test_a_pause_ends_with_the_deadline():
    began = time.monotonic()
    Deadline(0.1).sleep(5)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("given", "seconds"), [(None, 60), (7, 7), (0.5, 0.5), ((3, 4), 7), ((None, 4), 4), (10**9, 86_400)]
)
def test_what_requests_takes_as_a_timeout(given, seconds):
    assert Deadline.of(given).left() == pytest.approx(seconds, abs=0.2)


def test_a_deadline_stays_the_one_that_it_is():
    deadline = Deadline(5)
    assert Deadline.of(deadline) is deadline
