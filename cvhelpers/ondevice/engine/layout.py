"""Layout: from lines as they were read to words with boxes, regions and a reading order."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from . import geometry, language
from .geometry import Quad
from .ocr import Character, TextLine
from .pixels import Pixels
from .readings import Box, Line, Orientation, Reading, Region, Word

Flags: TypeAlias = NDArray[np.bool_]
Piece: TypeAlias = tuple[list[Character], float, float]
"""The characters of a word, and its left and right border as fractions of the line's width."""

ORIENTATIONS: tuple[Orientation, ...] = ("Up", "Right", "Down", "Left")  # by quarter turns clockwise

# Chinese, Japanese: no spaces between words, so each character is one.
IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def reading(found: list[TextLine], width: int, height: int) -> Reading:
    """Put the lines in order and say how the page is turned."""
    if not found:
        return Reading(width, height, 0.0, "NotDetected", "unk", (), ())
    direction = page_direction([line.quad for line in found])
    quarters = round(direction / (math.pi / 2))
    angle = quarters * (math.pi / 2) - direction + 0.0  # text that rises to the right is turned clockwise
    center = (width / 2, height / 2)
    lines = [to_line(line, angle, center) for line in found]
    regions = group(lines, quarters)
    ordered = tuple(line for region in regions for line in region.lines)
    code = language.guess(" ".join(line.text for line in ordered))
    return Reading(width, height, angle, ORIENTATIONS[quarters % 4], code, ordered, tuple(regions))


def page_direction(quads: list[Quad]) -> float:
    """The direction of the text in radians: the median of the lines, where long ones count more."""
    first = max(quads, key=lambda quad: geometry.size(quad)[0])
    about = geometry.direction(first)
    # measured from the longest line, so that 179 and -179 degrees are neighbours
    offsets = np.array([math.remainder(geometry.direction(q) - about, 2 * math.pi) for q in quads])
    weights = np.array([geometry.size(quad)[0] for quad in quads])
    order = np.argsort(offsets)
    middle = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    return math.remainder(about + float(offsets[order][middle]), 2 * math.pi)


# --- words -------------------------------------------------------------------------------------------------


def to_line(line: TextLine, angle: float, center: tuple[float, float]) -> Line:
    """Cut a line into words. Their boxes are tight round the ink, their polygons as high as the line."""
    ink = find_ink(line.flat)
    limits = (2 * center[0], 2 * center[1])
    pieces = list(cut(line.characters, ink))
    margin = ink.shape[0] / ink.shape[1] / 4  # a quarter of the line's height
    words = []
    for (characters, left, right), (wide_left, wide_right) in zip(pieces, widened(pieces, margin), strict=True):
        top, bottom = extent(ink[:, columns(left, right, ink.shape[1])].max(axis=1))
        tight = geometry.part(line.quad, left, top, right, bottom).clip(0, limits)
        words.append(
            Word(
                "".join(c.text for c in characters),
                geometry.enclosing(geometry.turned(tight, angle, center)),
                geometry.polygon(geometry.part(line.quad, wide_left, 0, wide_right, 1).clip(0, limits)),
                round(float(np.mean([c.confidence for c in characters])), 4),
            )
        )
    box = geometry.union([word.box for word in words])
    polygon = geometry.polygon(line.quad.clip(0, limits))
    return Line(line.text, box, polygon, round(line.confidence, 4), tuple(words))


def widened(pieces: list[Piece], margin: float) -> list[tuple[float, float]]:
    """Borders with a margin on both sides, which ends halfway to the next word.

    >>> widened([([], 0.1, 0.4), ([], 0.5, 0.9)], 0.2)
    [(0.0, 0.45), (0.45, 1.0)]
    """
    lefts, rights = [left for _, left, _ in pieces], [right for _, _, right in pieces]
    halfway = [(right + left) / 2 for right, left in zip(rights, lefts[1:], strict=False)]
    starts = [max(left - margin, least) for left, least in zip(lefts, [0.0, *halfway], strict=True)]
    ends = [min(right + margin, most) for right, most in zip(rights, [*halfway, 1.0], strict=True)]
    return list(zip(starts, ends, strict=True))


def find_ink(flat: Pixels) -> Flags:
    """Which pixels of a flattened line are ink: those that differ from the paper, be it dark or light."""
    grey = cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY)
    _, mask = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    light = np.asarray(mask, bool)
    return light if light.mean() < 0.5 else ~light  # letters cover less than half of their line


def extent(filled: Flags) -> tuple[float, float]:
    """Where the filled part of a row begins and ends, as fractions; all of it if nothing is filled.

    >>> extent(np.array([False, True, True, False]))
    (0.25, 0.75)
    """
    where = np.flatnonzero(filled)
    return (float(where[0]) / filled.size, (float(where[-1]) + 1) / filled.size) if where.size else (0.0, 1.0)


def columns(left: float, right: float, count: int) -> slice:
    """The columns of a picture between two fractions of its width: at least one.

    >>> columns(0.25, 0.5, 100), columns(0.5, 0.5, 100), columns(1.0, 1.0, 3)
    (slice(25, 50, None), slice(50, 51, None), slice(2, 3, None))
    """
    start = min(round(left * count), count - 1)
    return slice(start, max(start + 1, round(right * count)))


def cut(characters: tuple[Character, ...], ink: Flags) -> Iterator[tuple[list[Character], float, float]]:
    """Each word's characters, and its left and right border as fractions of the line's width.

    The recogniser says about where the middle of each character is; where one word ends and the next one
    begins is seen from the gap in the ink between them.
    """
    words = split(characters)
    columns = ink.max(axis=0)
    begin, end = extent(columns)
    borders = [min(begin, words[0][0].position)]
    for before, after in pairwise(words):
        borders += widest_gap(columns, before[-1].position, after[0].position)
    borders.append(max(end, words[-1][-1].position))
    for word, left, right in zip(words, borders[::2], borders[1::2], strict=True):
        yield word, left, max(right, left + 1 / columns.size)


def split(characters: tuple[Character, ...]) -> list[list[Character]]:
    """Words: what stands between spaces; an ideograph is a word of its own."""
    words: list[list[Character]] = [[]]
    for character in characters:
        if character.text.isspace():
            words.append([])
        elif IDEOGRAPH.match(character.text):
            words += [[character], []]
        else:
            words[-1].append(character)
    return [word for word in words if word]


def widest_gap(columns: Flags, left: float, right: float) -> tuple[float, float]:
    """The widest run of columns without ink between two positions; their middle if there is none."""
    start, stop = int(left * columns.size), max(int(left * columns.size) + 1, int(right * columns.size))
    padded = np.concatenate([[True], columns[start:stop], [True]])
    edges = np.flatnonzero(np.diff(padded.astype(np.int8)))
    runs = edges.reshape(-1, 2)  # begin and end of each empty run
    if not runs.size:
        return (left + right) / 2, (left + right) / 2
    begin, end = max(runs.tolist(), key=lambda run: run[1] - run[0])
    return (start + begin) / columns.size, (start + end) / columns.size


# --- regions -----------------------------------------------------------------------------------------------


def group(lines: list[Line], quarters: int) -> list[Region]:
    """Regions in reading order: lines that stand close above each other and overlap sideways are together."""
    regions: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: upright(line.box, quarters).y):
        near = [region for region in regions if any(belongs(line, other, quarters) for other in region)]
        regions = [region for region in regions if region not in near]
        regions.append([*(member for region in near for member in region), line])
    found = [
        Region(geometry.union([line.box for line in region]), tuple(in_rows(region, quarters))) for region in regions
    ]
    return in_columns(found, quarters)


def upright(box: Box, quarters: int) -> Box:
    """The box as it lies on the page once the page stands upright (its origin may be outside)."""
    x, y, w, h = box
    turned = {0: box, 1: Box(y, -x - w, h, w), 2: Box(-x - w, -y - h, w, h), 3: Box(-y - h, x, h, w)}
    return turned[quarters % 4]


def belongs(line: Line, other: Line, quarters: int) -> bool:
    """Whether two lines are of one paragraph: less than a line apart, one above the other or beside it."""
    a, b = upright(line.box, quarters), upright(other.box, quarters)
    height = min(a.h, b.h)
    below = max(a.y, b.y) - min(a.y + a.h, b.y + b.h)  # negative where they overlap
    beside = max(a.x, b.x) - min(a.x + a.w, b.x + b.w)
    same_size = max(a.h, b.h) < 2.5 * height
    return same_size and ((below < 1.2 * height and beside < 0) or (below < -0.5 * height and beside < height))


def in_rows(lines: list[Line], quarters: int) -> list[Line]:
    """Lines from top to bottom, and from left to right where they stand beside each other."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: middle(line, quarters)):
        box = upright(line.box, quarters)
        last = upright(rows[-1][0].box, quarters) if rows else None
        if last and abs(middle(line, quarters) - (last.y + last.h / 2)) < 0.5 * min(box.h, last.h):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: upright(line.box, quarters).x)]


def middle(line: Line, quarters: int) -> float:
    box = upright(line.box, quarters)
    return box.y + box.h / 2


def in_columns(regions: list[Region], quarters: int) -> list[Region]:
    """Regions in reading order: one that is wholly above another comes first, else the one on the left."""
    rest = sorted(regions, key=lambda region: upright(region.box, quarters).x)
    ordered: list[Region] = []
    while rest:
        first = next(
            (r for r in rest if not any(above(other, r, quarters) for other in rest if other is not r)),
            rest[0],
        )
        rest.remove(first)
        ordered.append(first)
    return ordered


def above(region: Region, other: Region, quarters: int) -> bool:
    """Whether a region stands above another: they overlap sideways and it begins higher."""
    a, b = upright(region.box, quarters), upright(other.box, quarters)
    sideways = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    return sideways > 0 and a.y + a.h / 2 < b.y + b.h / 2
