"""``connect("live")`` searches the open web without a key; through the client it looks as Bing looked."""

from __future__ import annotations

import pytest

import cvhelpers as cv

from .playing import World


@pytest.fixture
def search(address: str) -> cv.ImageSearchClient:
    return cv.ImageSearchClient(cv.connect("live"))


def test_nobody_needs_a_key(search: cv.ImageSearchClient) -> None:
    found = search.search("puppies", license="Public", image_type="Photo", count=16)
    assert len(found) == 16
    assert found.source == "live; Openverse"
    assert "Openverse API" in found.notice
    assert all(image.attribution for image in found)


def test_a_limit_is_told_with_the_seconds_to_wait(search: cv.ImageSearchClient, world: World) -> None:
    world.burst = 0
    with pytest.raises(cv.RateLimited) as caught:
        search.search("puppies")
    assert caught.value.retry_after == 42


def test_a_key_for_another_service_is_not_used_nor_is_a_slash_at_the_end_of_an_address(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENVERSE_ENDPOINT", f"{address}/")
    search = cv.ImageSearchClient(cv.connect("live"), key="mine")
    assert search.headers == cv.ImageSearchClient(cv.connect("live")).headers
    assert search.session.answers.open_search.service.endpoint == address


def test_the_plain_request_of_the_quickstart_is_answered(search: cv.ImageSearchClient, world: World) -> None:
    parameters = {"q": "puppies", "license": "public", "imageType": "photo"}
    response = search.session.get(search.url(), headers=search.headers, params=parameters)
    response.raise_for_status()
    assert len(response.json()["value"]) >= 16
    assert world.asked[0]["license"] == "cc0,pdm"


def test_commons_is_chosen_by_the_environment(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CVHELPERS_SEARCH", "commons")
    found = cv.ImageSearchClient(cv.connect("live")).search("puppies", count=3)
    assert found.source == "live; Wikimedia Commons"
    monkeypatch.setenv("CVHELPERS_SEARCH", "altavista")
    with pytest.raises(cv.SetupError, match="openverse, commons"):
        cv.ImageSearchClient(cv.connect("live")).search("puppies")


def test_a_filter_that_was_left_out_is_a_warning(search: cv.ImageSearchClient) -> None:
    with pytest.warns(UserWarning, match="can't filter by color"):
        found = search.search("puppies", color="Red", count=3)
    assert found.warnings


def test_errors_become_the_client_s_own(search: cv.ImageSearchClient, world: World) -> None:
    world.burst = 0
    with pytest.raises(cv.RateLimited) as caught:
        search.search("puppies")
    assert caught.value.retry_after == 42
    assert len(world.asked) == 1  # asked once: the answer said when to come back


def test_the_service_s_fault_is_told_as_one(search: cv.ImageSearchClient, world: World) -> None:
    world.always = 404, {}, {"detail": "Not found."}
    with pytest.raises(cv.BadRequest, match="Openverse: Not found"):
        search.search("puppies")


def test_no_network_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENVERSE_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(cv.ServiceUnreachable, match=r"Openverse \(127.0.0.1:9\)"):
        cv.ImageSearchClient(cv.connect("live")).search("puppies", timeout=5)


def test_a_server_of_one_s_own_is_asked_itself(address: str, world: World) -> None:
    with pytest.raises(cv.Retired):  # it has no Bing: but it was asked, and no one else
        cv.ImageSearchClient(cv.connect("live"), endpoint=address).search("puppies")
    assert world.asked[0]["path"] == "/bing/v7.0/images/search"
