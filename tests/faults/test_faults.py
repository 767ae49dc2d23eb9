"""Whatever happens on the way: the right result or one of our own errors, in time, and never the key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
    assert not came.told_the_key


def test_a_broken_promise_would_be_noticed(address: str) -> None:
    """A test of the test."""
    stall = next(fault for fault in FAULTS if fault.name == "stall before the answer")
    assert not play(stall, address).keeps(Fault(stall.name, stall.spoil, stall.outcome, seconds=0.1, ask=stall.ask))
