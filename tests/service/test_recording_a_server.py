"""A recording taken from our server, replayed, gives the same figures to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

import cvhelpers as cv
from cvhelpers.sources.recorded import Recorded

from .serving import Server

pytestmark = pytest.mark.slow


def figures(session: cv.Connection, endpoint: str, key: str) -> dict[str, cv.Figure]:
    """A figure of each kind of answer."""
    vision = cv.VisionClient(session, endpoint, key, "v3.2")
    found = cv.ImageSearchClient(session, endpoint, key).search("puppies", count=6)
    cat, poster, hand = map(cv.sample, ("cat", "democritus", "pangrams"))
    analysis = vision.analyze(cat, ["Description", "Objects", "Tags"])
    return {
        "caption": cv.show_caption(cat, analysis),
        "objects": cv.show_objects(cat, analysis),
        "words": cv.show_words(poster, vision.ocr(poster)),
        "lines": cv.show_lines(hand, vision.read(hand)),
        "grid": cv.show_grid(found),
    }


def test_figures_of_a_recording_are_those_of_the_server(server: Server, tmp_path: Path) -> None:
    live = figures(cv.connect("live", record=tmp_path, calls_per_minute=None), server.endpoint, server.key)
    replayed = figures(cv.Connection(Recorded(tmp_path)), "https://elsewhere.example", "no-key-needed")
    for kind, figure in live.items():
        assert replayed[kind].png == figure.png, kind
        assert replayed[kind].alt == figure.alt, kind
        assert replayed[kind].source.startswith("recorded"), kind
