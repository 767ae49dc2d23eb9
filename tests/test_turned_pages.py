"""A page that was laid on its side or stood on its head: its words are read, and their boxes drawn where they are.

The engine, the service's JSON and the drawing have each a share in it, so they are tested together.
"""

from __future__ import annotations

import PIL.Image
import pytest

import cvhelpers as cv
from cvhelpers.figures.show import word_corners

TURNS = {
    "Up": None,
    "Left": PIL.Image.Transpose.ROTATE_90,  # Pillow turns counter-clockwise
    "Down": PIL.Image.Transpose.ROTATE_180,
    "Right": PIL.Image.Transpose.ROTATE_270,
}


@pytest.fixture(scope="module")
def vision() -> cv.VisionClient:
    return cv.VisionClient(cv.connect("on-device"))


@pytest.mark.parametrize("orientation", TURNS)
def test_each_box_holds_its_word_however_the_page_lies(vision, orientation):
    turn = TURNS[orientation]
    poster = cv.sample("democritus").image
    page = cv.open_picture(poster if turn is None else poster.transpose(turn))
    printed = vision.ocr(page)
    assert printed.orientation == orientation
    read = [word.text.strip(".") for word in printed]
    assert read == "NOTHING EXISTS EXCEPT ATOMS AND EMPTY SPACE Everything else is opinion".split()

    recorded = cv.VisionClient(cv.connect("recorded")).ocr(cv.sample("democritus"))
    for ours, theirs in zip(printed, recorded, strict=True):
        box = theirs.box
        middle = turned((box.x + box.width / 2, box.y + box.height / 2), orientation, poster.size)
        drawn = word_corners(ours.box, printed, (page.width, page.height))
        assert min(x for x, _ in drawn) < middle[0] < max(x for x, _ in drawn), ours.text
        assert min(y for _, y in drawn) < middle[1] < max(y for _, y in drawn), ours.text


def turned(point: tuple[float, float], orientation: str, size: tuple[int, int]) -> tuple[float, float]:
    """Where a point of the upright poster is once the poster lies with its top to one side."""
    (x, y), (width, height) = point, size
    return {"Up": (x, y), "Left": (y, width - x), "Down": (width - x, height - y), "Right": (height - y, x)}[
        orientation
    ]
