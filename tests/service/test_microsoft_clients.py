"""Microsoft's own clients complete every operation, by address and by stream, and see errors as their own exceptions.

They are years old and need old packages, so each lives in an environment of its own, made by uv from the package index.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .serving import Server

PROGRAMS = Path(__file__).parent / "programs"
VISION = "azure-cognitiveservices-vision-computervision"
ANALYSIS = "azure-ai-vision-imageanalysis"
SEARCH = "azure-cognitiveservices-search-imagesearch"

pytestmark = [pytest.mark.slow, pytest.mark.packages]

Program = Callable[..., dict[str, Any]]


@pytest.fixture
def client(tmp_path: Path) -> Program:
    """Runs a program with one package in a fresh environment, and gives the JSON that it prints."""

    def run(package: str, program: str, *arguments: str) -> dict[str, Any]:
        python = tmp_path / "bin" / "python"
        subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, tmp_path], check=True)
        subprocess.run(["uv", "pip", "install", "--quiet", "--python", python, package, "pillow"], check=True)
        done = subprocess.run(
            [python, PROGRAMS / program, *arguments], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return run


def check_analysis(seen: dict[str, Any]) -> None:
    """What both versions answer about the cat, once by its address and once as a stream."""
    by_url, by_stream = seen["analyze_image"]
    assert by_url == by_stream
    assert "cat" in by_url["caption"]
    assert "cat" in by_url["tags"]
    assert "cat" in by_url["objects"]
    assert (by_url["categories"], by_url["adult"], by_url["faces"]) == (True, False, [])
    assert "cat" in seen["describe_image"][0][0]
    assert "cat" in seen["tag_image"][0]
    assert "cat" in seen["detect_objects"][0]
    assert seen["get_area_of_interest"] == [True, True]
    assert seen["generate_thumbnail"] == ["ffd8", "ffd8"]  # how a JPEG begins
    assert seen["recognize_printed_text"][0] == seen["recognize_printed_text"][1]
    assert "ATOMS" in seen["recognize_printed_text"][0]
    assert seen["list_models"] == ["celebrities", "landmarks"]
    assert seen["analyze_image_by_domain"] == [[], []]


def test_computer_vision_2_0(client: Program, server: Server, samples: str) -> None:
    seen = client(
        f"{VISION}==0.3.0",
        "computervision_v2.py",
        server.endpoint,
        server.key,
        f"{samples}/cat.jpg",
        f"{samples}/democritus.png",
    )
    check_analysis(seen)
    assert seen["recognize_text"][0] == seen["recognize_text"][1]
    status, lines = seen["recognize_text"][0]
    assert status == "Succeeded"
    assert "EXCEPT" in lines
    status, pages = seen["batch_read_file"]
    assert status == "Succeeded"
    assert [page[:2] for page in pages] == [[1, "inch"]]
    assert "EXCEPT" in pages[0][2]
    assert seen["errors"] == {
        "language": [400, "NotSupportedLanguage"],
        "url": [400, "InvalidImageUrl"],
        "picture": [400, "InvalidImageFormat"],
        "model": [400, "InvalidModel"],
        "thumbnail": [400, "InvalidImageFormat"],
        "key": [401, None],  # the gateway of those days had no code
    }


def test_computer_vision_3_2(client: Program, server: Server, samples: str) -> None:
    seen = client(
        f"{VISION}==0.9.1",
        "computervision_v3.py",
        server.endpoint,
        server.key,
        f"{samples}/cat.jpg",
        f"{samples}/democritus.png",
    )
    check_analysis(seen)
    analysis = seen["analyze_image"][0]
    assert (analysis["black_and_white"], analysis["gore"], analysis["model"]) == (False, None, "latest")
    assert seen["read"][0] == seen["read"][1]
    status, lines, confident, unit = seen["read"][0]
    assert (status, confident, unit) == ("succeeded", True, "pixel")
    assert "EXCEPT" in lines
    assert seen["errors"] == {
        "language": [400, "NotSupportedLanguage"],
        "url": [400, "InvalidImageUrl"],
        "picture": [400, "InvalidImageFormat"],
        "read": [400, "InvalidImage"],
        "pages": [400, "InvalidPageRange"],
        "thumbnail": [400, "InvalidImageFormat"],
        "key": [401, "401"],
    }


def test_image_analysis_4_0(client: Program, server: Server, samples: str) -> None:
    seen = client(
        f"{ANALYSIS}==1.0.0",
        "imageanalysis_v4.py",
        server.endpoint,
        server.key,
        f"{samples}/cat.jpg",
        f"{samples}/democritus.png",
    )
    by_url, by_bytes = seen["everything"]
    assert by_url == by_bytes
    assert "cat" in by_url["caption"]
    assert by_url["dense"][0] == by_url["caption"]
    assert by_url["whole"] == by_url["size"]
    assert "cat" in by_url["tags"]
    assert by_url["objects"] == ["cat"]
    assert (by_url["people"], by_url["crops"], by_url["blocks"], by_url["model"]) == (0, [0.9, 1.33], 0, "latest")
    assert seen["caption"][0] == [by_url["caption"], None, None], "only what was asked for"
    assert seen["crop"] == [1, 1]
    lines, *sound = seen["read"][0]
    assert seen["read"][0] == seen["read"][1]
    assert "EXCEPT" in lines
    assert sound == [4, True, True]
    assert seen["errors"] == {
        "language": [400, "InvalidRequest", "NotSupportedLanguage", "InvalidRequest"],
        "url": [400, "InvalidRequest", "InvalidImageUrl", "InvalidRequest"],
        "picture": [400, "InvalidRequest", "InvalidImageFormat", "InvalidRequest"],
        "feature": [400, "InvalidRequest", "NotSupportedVisualFeature", "InvalidRequest"],
        "ratio": [400, "InvalidRequest", "BadArgument", "InvalidRequest"],
        "key": [401, "401", None, None],
    }


def test_image_search(client: Program, server: Server) -> None:
    seen = client(f"{SEARCH}==2.0.1", "imagesearch.py", server.endpoint, server.key)
    assert seen["puppies"] == 8
    assert seen["repeated"] == 0
    assert seen["thumbnail"] == [200, True]
    assert seen["content"][0] == 200
    assert seen["names"]
    assert seen["total"]
    assert seen["published"]
    assert seen["square"]
    assert seen["details"] == [True, True, True]
    assert seen["trending"] == [True, True]
    assert seen["errors"] == {
        "query": [400, "InvalidRequest", "ParameterMissing"],
        "count": [400, "InvalidRequest", "ParameterInvalidValue"],
        "key": [401, "InvalidAuthorization", "AuthorizationMissing"],
    }
