"""Both open services, played on this computer, and the search that asks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests

from cvhelpers.sources.deadline import Deadline
from cvhelpers.sources.open_search.search import HttpAnswer, OpenSearch

from .playing import World, playing


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def address(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with playing(world) as address:
        monkeypatch.setenv("OPENVERSE_ENDPOINT", address)
        monkeypatch.setenv("COMMONS_ENDPOINT", address)
        yield address


Ask = Callable[..., HttpAnswer]


@pytest.fixture(params=["openverse", "commons"])
def ask(request: pytest.FixtureRequest, address: str) -> Ask:
    """Either service: what is promised of both."""
    return asking(request.param)


@pytest.fixture
def ask_openverse(address: str) -> Ask:
    return asking("openverse")


@pytest.fixture
def ask_commons(address: str) -> Ask:
    return asking("commons")


def asking(name: str) -> Ask:
    def send(request: requests.PreparedRequest, deadline: Deadline) -> requests.Response:
        return requests.Session().send(request, timeout=deadline.timeouts())

    search = OpenSearch(send, name)
    return lambda q="puppies", seconds=10.0, **parameters: search.answer({"q": q, **parameters}, Deadline(seconds))
