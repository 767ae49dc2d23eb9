"""Thumbnails of what the open web has: as many at a time as the host allows, one retry, a blank with the reason."""

from __future__ import annotations

import contextlib
import dataclasses
from html import unescape

import pytest
import requests

import cvhelpers as cv
from cvhelpers.figures.show import show_grid
from cvhelpers.sources.deadline import Deadline
from cvhelpers.sources.turns import turn

from .playing import World


def searched(name: str, monkeypatch: pytest.MonkeyPatch, count: int = 16) -> cv.ImageSearchResults:
    monkeypatch.setenv("CVHELPERS_SEARCH", name)
    return cv.ImageSearchClient(cv.connect("live")).search("puppies", count=count)


@pytest.mark.parametrize("name", ["openverse", "commons"])
def test_sixteen_photographs_are_drawn(name: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = cv.thumbnails(searched(name, monkeypatch))
    assert [type(one) for one in pictures] == [cv.Picture] * 16
    assert len({one.data for one in pictures}) == 16


def test_commons_is_asked_for_three_thumbnails_at_a_time(
    address: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = searched("commons", monkeypatch)
    world.delay, world.most_at_once = 0.05, 0
    assert all(isinstance(one, cv.Picture) for one in cv.thumbnails(found))
    assert world.most_at_once == 3


@pytest.mark.parametrize("host", ["upload.wikimedia.org", "commons.wikimedia.org"])
def test_wikimedia_s_own_hosts_have_three_places(host: str) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(3):
            held.enter_context(turn(f"https://{host}/cat.jpg", Deadline(1)))
        with pytest.raises(requests.ReadTimeout), turn(f"https://{host}/dog.jpg", Deadline(0.01)):
            pass


def test_openverse_names_no_such_limit(address: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMMONS_ENDPOINT")  # the same host plays both
    found = searched("openverse", monkeypatch)
    world.delay, world.most_at_once = 0.1, 0
    cv.thumbnails(found)
    assert world.most_at_once > 3


def test_a_turn_is_not_waited_for_longer_than_the_time_limit(
    address: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = searched("commons", monkeypatch)
    world.delay = 0.8
    came = cv.thumbnails(found, timeout=1)
    assert sum(isinstance(one, cv.Picture) for one in came) <= 3
    assert any("did not answer in time" in str(one) for one in came)


def test_a_thumbnail_is_tried_once_more_and_no_more(
    address: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = searched("openverse", monkeypatch, count=1)
    world.shaky = {"0"}
    assert isinstance(cv.thumbnails(found)[0], cv.Picture)
    world.asked.clear()
    world.always = 503, {}, {"detail": "Down."}
    assert "503" in str(cv.thumbnails(found)[0])
    assert len(world.asked) == 2


@pytest.fixture
def grid(address: str, world: World, monkeypatch: pytest.MonkeyPatch) -> cv.Figure:
    found = searched("openverse", monkeypatch, count=8)
    world.missing = {"2"}
    return show_grid(dataclasses.replace(found, warnings=("Openverse can't filter by color: it was left out.",)))


def test_a_missing_one_is_a_blank_with_the_reason(grid: cv.Figure) -> None:
    assert "Not shown: 3." in grid.alt
    assert "404" in str(grid.rows[2]["not shown"])
    assert [row["not shown"] for row in grid.rows].count("") == 7


def test_who_made_them_is_under_the_figure_in_full_and_in_its_alt_text(grid: cv.Figure) -> None:
    (credits,) = [note for note in grid.notes if note.startswith("Pictures: ")]
    assert '2 "Puppy 1" by Photographer 1 is licensed under CC BY.' in credits
    assert "Photographer 7" in credits
    assert "2 Puppy 1 by Photographer 1," in grid.alt


def test_what_the_service_asks_for_and_what_it_left_out_is_said(grid: cv.Figure) -> None:
    for text in ("Openverse does not endorse this product", "can't filter by color"):
        assert text in grid.alt
        assert text in unescape(grid.html).partition("<figcaption")[2]
