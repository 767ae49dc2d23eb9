"""``cvhelpers serve --search openverse|commons``: every program that spoke to Bing finds pictures on the open web."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import PIL.Image
import pytest
import requests

from service.test_microsoft_clients import SEARCH, Program
from service.test_microsoft_clients import client as client  # a fixture

from .playing import World, playing

KEY = {"Ocp-Apim-Subscription-Key": "classroom"}
QUICKSTART = {"q": "puppies", "license": "public", "imageType": "photo"}


@contextmanager
def serving(name: str, environment: dict[str, str]) -> Iterator[str]:
    command = [sys.executable, "-m", "cvhelpers", "serve", "--port", "0", "--key", "classroom", "--search", name]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        yield found[0]
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module", params=["openverse", "commons"])
def service(request: pytest.FixtureRequest) -> Iterator[tuple[str, World]]:
    """A service that asks one of both for pictures, and what is played to it."""
    world = World()
    with (
        playing(world) as address,
        serving(request.param, {"OPENVERSE_ENDPOINT": address, "COMMONS_ENDPOINT": address}) as base,
    ):
        yield base, world


@pytest.mark.slow
def test_the_quickstart_s_search_gets_sixteen_photographs(
    service: tuple[str, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    base, world = service
    response = requests.get(f"{base}/bing/v7.0/images/search", headers=KEY, params=QUICKSTART, timeout=30)
    assert response.status_code == 200
    assert len(response.json()["value"]) >= 16
    assert response.headers["Cvhelpers-Source"].startswith("live; ")
    refused = requests.get(f"{base}/bing/v7.0/images/search", params=QUICKSTART, timeout=30)
    assert refused.status_code == 401  # the open service was not asked in the name of a stranger
    monkeypatch.setattr(world, "always", (404, {}, {"detail": "Not found."}))
    fault = requests.get(f"{base}/bing/v7.0/images/search", headers=KEY, params=QUICKSTART, timeout=30)
    assert (fault.status_code, fault.json()["_type"]) == (400, "ErrorResponse")


@pytest.mark.slow
def test_a_program_of_2018_draws_sixteen_photographs(service: tuple[str, World], tmp_path: Path) -> None:
    """It fetches thumbnails without saying who it is, which Wikimedia refuses: the service fetches them."""
    program = Path(__file__).parents[1] / "service/programs/search_grid.py"
    command = [sys.executable, program, service[0], "classroom", tmp_path / "grid.png"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert len(set(done.stdout.split("\n")[:-1])) == 16, "sixteen pictures, no two the same"
    with PIL.Image.open(tmp_path / "grid.png") as grid:
        assert len(grid.convert("RGB").getcolors(10**6)) > 10_000, "photographs, not blank tiles"


@pytest.mark.slow
@pytest.mark.packages
def test_microsoft_s_client_gets_sixteen_photographs(client: Program, address: str) -> None:
    with serving("openverse", {"OPENVERSE_ENDPOINT": address}) as service:
        seen = client(f"{SEARCH}==2.0.1", "imagesearch_web.py", service, "classroom")
    assert seen["pictures"] == 16
    assert seen["thumbnails"] == ["image/jpeg"] * 16
    assert all(seen["pages"])
    assert all(seen["credits"])
    assert seen["repeated"] == 0
    assert seen["refused"] == [400, "ParameterInvalidValue"]


@pytest.mark.slow
def test_a_thumbnail_that_was_never_found_is_not_fetched(address: str, world: World) -> None:
    with serving("openverse", {"OPENVERSE_ENDPOINT": address}) as service:
        answer = requests.get(f"{service}/th?id=web-{'0' * 32}", timeout=30)
        assert answer.status_code == 404
        assert world.asked == []
        found = requests.get(f"{service}/bing/v7.0/images/search", headers=KEY, params=QUICKSTART, timeout=30).json()
        world.missing = {"0"}
        first, second = (requests.get(one["thumbnailUrl"], timeout=30) for one in found["value"][:2])
    assert (first.status_code, second.status_code) == (404, 200)
    assert second.headers["Content-Type"] == "image/jpeg"


@pytest.mark.slow
def test_without_a_network_it_is_said_in_bing_s_words() -> None:
    with serving("openverse", {"OPENVERSE_ENDPOINT": "http://127.0.0.1:9"}) as service:
        response = requests.get(f"{service}/bing/v7.0/images/search", headers=KEY, params=QUICKSTART, timeout=30)
    assert response.status_code == 503
    assert "No connection to Openverse" in response.json()["errors"][0]["message"]
