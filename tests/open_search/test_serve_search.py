"""``cvhelpers serve --search openverse|commons``: every program that spoke to Bing finds pictures on the open web."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from .playing import World

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


@pytest.mark.slow
@pytest.mark.parametrize("name", ["openverse", "commons"])
def test_the_quickstart_s_search_gets_sixteen_photographs(name: str, address: str, world: World) -> None:
    own = {"OPENVERSE_ENDPOINT": address, "COMMONS_ENDPOINT": address}
    with serving(name, own) as service:
        response = requests.get(f"{service}/bing/v7.0/images/search", headers=KEY, params=QUICKSTART, timeout=30)
        assert response.status_code == 200
        assert len(response.json()["value"]) >= 16
        assert response.headers["Cvhelpers-Source"].startswith("live; ")
        refused = requests.get(f"{service}/bing/v7.0/images/search", params=QUICKSTART, timeout=30)
        assert refused.status_code == 401  # the open service was not asked in the name of a stranger
        world.always = 404, {}, {"detail": "Not found."}
        fault = requests.get(f"{service}/bing/v7.0/images/search", headers=KEY, params=QUICKSTART, timeout=30)
        assert (fault.status_code, fault.json()["_type"]) == (400, "ErrorResponse")


@pytest.mark.slow
def test_without_a_network_it_is_said_in_bing_s_words() -> None:
    with serving("openverse", {"OPENVERSE_ENDPOINT": "http://127.0.0.1:9"}) as service:
        response = requests.get(f"{service}/bing/v7.0/images/search", headers=KEY, params=QUICKSTART, timeout=30)
    assert response.status_code == 503
    assert "No connection to Openverse" in response.json()["errors"][0]["message"]
