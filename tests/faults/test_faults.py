"""Whatever happens on the way: the right result or one of our own errors, in time, and never the key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cvhelpers.sources import live

from .playing import play, service
from .table import FAULTS, Fault


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with service() as address:
        yield address


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_promise_is_kept(fault: Fault, address: str) -> None:
    came = play(fault, address)
    assert came.what in fault.outcome, came.message
    assert came.seconds <= fault.seconds
    assert came.megabytes <= fault.megabytes
    assert not came.told_the_key


def test_a_broken_promise_would_be_noticed(address: str) -> None:
    """A test of the test."""
    stall = next(fault for fault in FAULTS if fault.name == "stall before the answer")
    assert not play(stall, address).keeps(Fault(stall.name, stall.spoil, stall.outcome, seconds=0.1, ask=stall.ask))


def test_memory_without_a_bound_would_be_noticed(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another test of the test: a client that reads whatever comes."""
    monkeypatch.setattr(live, "MAX_ANSWER", 2**40)
    bomb = next(fault for fault in FAULTS if fault.name == "a gzip bomb")
    assert play(bomb, address).megabytes > bomb.megabytes
