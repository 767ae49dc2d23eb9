"""A search of the open web by this service: the answer is passed on, and thumbnails are fetched with care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest
import requests

from cvhelpers.ondevice.service import web_pictures
from cvhelpers.ondevice.service.app import create_app
from cvhelpers.ondevice.service.fetching import FetchError
from cvhelpers.ondevice.service.web_pictures import WebPictures
from cvhelpers.sources.on_device import OnDevice

from .conftest import KEY, Pictures
from .fakes import FakeEngine, FakeLibrary, file_of

SEARCH = "https://api.bing.microsoft.com/v7.0/images/search?q=puppies"


@dataclass(frozen=True)
class Answer:
    """What a search of the open web gives."""

    body: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    source: str = "live; Openverse"


def service(answer: Answer, public: bool = False) -> requests.Session:
    """A service whose searches of the open web all have this answer."""
    app = create_app(FakeEngine(), FakeLibrary(), KEY, public=public, web_search=lambda asked: answer)
    session = requests.Session()
    session.headers["Ocp-Apim-Subscription-Key"] = KEY
    session.mount("https://", OnDevice(app=app))
    return session


def test_an_answer_is_passed_on_with_its_status_and_headers() -> None:
    busy = Answer({"_type": "ErrorResponse"}, 429, {"Retry-After": "7"})
    answer = service(busy).get(SEARCH)
    assert (answer.status_code, answer.json()) == (429, busy.body)
    assert (answer.headers["Retry-After"], answer.headers["Cvhelpers-Source"]) == ("7", "live; Openverse")


@pytest.mark.parametrize(("public", "status"), [(False, 200), (True, 404)])
def test_a_service_that_others_reach_fetches_no_thumbnail_from_its_own_network(
    pictures: Pictures, public: bool, status: int
) -> None:
    """The address is one that a stranger wrote."""
    session = service(Answer({"value": [{"thumbnailUrl": f"{pictures.base}/picture.png"}]}), public)
    (found,) = session.get(SEARCH).json()["value"]
    assert session.get(found["thumbnailUrl"]).status_code == status
    assert bool(pictures.seen) == (not public)


class Web:
    """The open web, of which ``failing`` says how many more requests fail."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.failing = self.now = self.most_at_once = 0
        self.data = file_of()
        self.pictures = WebPictures(self.fetch)

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        await anyio.sleep(0.01)
        self.now -= 1
        if self.failing:
            self.failing -= 1
            raise FetchError("503")
        return self.data

    def named(self, *urls: str) -> list[str]:
        """The names of the thumbnails at these addresses, after a search has found them."""
        body = self.pictures.shown_here({"value": [{"thumbnailUrl": url} for url in urls]}, "http://here")
        return [one["thumbnailUrl"].removeprefix("http://here/th?id=") for one in body["value"]]

    def thumbnails(self, *names: str) -> list[bytes]:
        """All of them, asked for at once."""
        found: list[bytes] = []

        async def one(name: str) -> None:
            found.append((await self.pictures.thumbnail(name)).data)

        async def every() -> None:
            async with anyio.create_task_group() as group:
                for name in names:
                    group.start_soon(one, name)

        anyio.run(every)
        return found


def test_three_thumbnails_are_fetched_at_a_time_and_each_once() -> None:
    web = Web()
    names = web.named(*(f"https://example.org/{n}" for n in range(8)))
    for _ in range(2):
        assert web.thumbnails(*names) == [web.data] * 8
    assert (web.most_at_once, len(web.asked)) == (3, 8)


@pytest.mark.parametrize(("failing", "asked"), [(1, 2), (2, 2)])
def test_a_thumbnail_is_tried_once_more_and_no_more(failing: int, asked: int) -> None:
    web = Web()
    web.failing = failing
    names = web.named("http://example.org/1")
    if failing < 2:
        assert web.thumbnails(*names) == [web.data]
    else:
        with pytest.raises(ExceptionGroup) as caught:
            web.thumbnails(*names)
        assert caught.group_contains(KeyError)
    assert len(web.asked) == asked


def test_what_is_no_picture_is_not_handed_out() -> None:
    web = Web()
    web.data = b"<script>"
    with pytest.raises(ExceptionGroup) as caught:
        web.thumbnails(*web.named("https://example.org/1"))
    assert caught.group_contains(KeyError)
    assert web.named("data:image/png;base64,", "") == ["data:image/png;base64,", ""], "no address of the web"


def test_of_too_many_addresses_those_that_were_found_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_pictures, "KNOWN", 2)
    web = Web()
    first, second, again, third = web.named(*(f"https://example.org/{n}" for n in (1, 2, 1, 3)))
    assert first == again
    assert web.thumbnails(first, third) == [web.data] * 2
    with pytest.raises(ExceptionGroup):
        web.thumbnails(second)
