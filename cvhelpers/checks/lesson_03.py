"""The exercises of notebook 03."""

from __future__ import annotations

import math
import random
from typing import Any

from ..figures.alt import counted
from .answers import travels_as
from .exercise import Case, Exercise

Layout = list[list[list[str]]]
"""Regions of lines of words."""


def page(layout: Layout) -> dict[str, Any]:
    """An answer as ``ocr`` gives it. Each word has a box of its own."""
    rng = random.Random(1)

    def box() -> str:
        return ",".join(str(rng.randrange(1, 400)) for _ in range(4))

    def line(words: list[str]) -> dict[str, Any]:
        return {"boundingBox": box(), "words": [{"boundingBox": box(), "text": word} for word in words]}

    return {
        "language": "en",
        "textAngle": 0.0,
        "orientation": "Up",
        "regions": [{"boundingBox": box(), "lines": [line(words) for words in lines]} for lines in layout],
    }


POEM: Layout = [[["roses", "are", "red"], ["violets", "are", "blue"], ["sugar", "is", "sweet"]]]
COLUMNS: Layout = [[["left", "column"], ["goes", "on"]], [["right", "column"]], [["a", "footnote", "below"]]]


def _box_of(layout: Layout, number: int) -> Case:
    answer = page(layout)
    word = answer["regions"][0]["lines"][number]["words"][0]
    wanted = [int(part) for part in word["boundingBox"].split(",")]
    hint = f"The first word of that line is {word['text']!r}, with the box {word['boundingBox']!r}. Lines count from 0."
    return Case(
        (answer, number),
        wanted,
        hint,
        f"an answer with {counted(len(answer['regions'][0]['lines']), 'line')}, {number}",
    )


def _lines_of(layout: Layout) -> Case:
    wanted = [" ".join(words) for lines in layout for words in lines]
    hint = "Go through all regions and all their lines, and join the words of each line with one space between them."
    return Case((page(layout),), wanted, hint, f"an answer with {counted(len(layout), 'region')}")


def _asking(language: str, detect: bool) -> Case:
    return Case(
        (language, detect),
        {"language": language, "detectOrientation": str(detect).lower()},
        "Compare the names letter by letter, also after their last letter; and does each value come from the call?",
        judge=travels_as,
    )


def _turned(x: float, y: float, angle: float, centre: tuple[float, float], hint: str) -> Case:
    right, down = x - centre[0], y - centre[1]
    cos, sin = math.cos(angle), math.sin(angle)
    wanted = (centre[0] + right * cos + down * sin, centre[1] - right * sin + down * cos)
    expected = f"({wanted[0]:.3f}, {wanted[1]:.3f})"
    shown = f"{x}, {y}, {'math.pi / 2' if angle == math.pi / 2 else angle}, {centre[0]}, {centre[1]}"
    return Case((x, y, angle, *centre), wanted, hint, shown, _near, expected)


def _near(got: Any, wanted: tuple[float, float]) -> bool:
    try:
        x, y = map(float, got)
    except (TypeError, ValueError):  # one number, or more than two, or none at all
        return False
    return math.dist((x, y), wanted) < 0.01


_SIGNS = "Almost. Compare the signs, plus and minus, with the two lines of the task, and do not round."

EXERCISES = {
    "03-1": Exercise(
        "box_of",
        [_box_of(POEM, 1), _box_of(POEM, 0), _box_of(POEM, 2), _box_of(COLUMNS, 1)],
        "The word begins x pixels from the left edge and y from the top.",
    ),
    "03-2": Exercise(
        "lines_of",
        [_lines_of(POEM), _lines_of(COLUMNS), _lines_of([]), _lines_of([[["alone"]], [["again"]]])],
        "The same three layers come back in every service that reads pages.",
    ),
    "03-3": Exercise(
        "params_for",
        [_asking("unk", False), _asking("en", True), _asking("de", False)],
        "A service that ignores what it doesn't know can't tell you of a mistake in a name.",
    ),
    "03-4": Exercise(
        "turned",
        [
            _turned(50, 30, 1, (50, 30), "The centre itself should stay where it is."),
            _turned(70, 30, 0, (50, 30), "Without an angle, every point should stay."),
            _turned(70, 30, math.pi / 2, (50, 30), "A quarter turn: the point comes to lie above the centre."),
            _turned(60, 50, -0.2, (50, 30), _SIGNS),
            _turned(-12, 400, 0.6, (169, 240), _SIGNS),
        ],
        "These two lines are what every tilted page needs, and what the quickstart lacks.",
    ),
}
