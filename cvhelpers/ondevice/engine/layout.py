"""Layout: from lines as they were read to words with boxes, regions and a reading order."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from . import geometry, language
from .decoding import Character
from .geometry import Quad
from .ocr import TextLine
from .pixels import Pixels
from .readings import Line, Orientation, Reading, Region, Word

Flags: TypeAlias = NDArray[np.bool_]
Piece: TypeAlias = tuple[list[Character], float, float]
"""The characters of a word, and its left and right border as fractions of the line's width."""

ROW = 0.45  # pieces of one row are less than this part of their height above or below each other
PARAGRAPH = 0.8  # lines of one paragraph have less than this part of their height between them
ALIKE = 2.5  # letters less than this many times as high as others may stand in one row or paragraph with them

ORIENTATIONS: tuple[Orientation, ...] = ("Up", "Right", "Down", "Left")  # by quarter turns clockwise

# Chinese, Japanese: no spaces between words, so each character is one.
IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def reading(found: list[TextLine], width: int, height: int) -> Reading:
    """Put the lines in order and say how the page is turned."""
    if not found:
        return Reading(width, height, 0.0, "NotDetected", "unk", (), ())
    direction = page_direction([line.band.quad for line in found])
    quarters = round(direction / (math.pi / 2))
    angle = quarters * (math.pi / 2) - direction + 0.0  # text that rises to the right is turned clockwise
    center = (width / 2, height / 2)
    regions = group([place(line, to_line(line, angle, center), direction) for line in found])
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
    heights = [extent(ink[:, columns(left, right, ink.shape[1])].max(axis=1)) for _, left, right in pieces]
    tight = line.band.parts(
        [(left, top, right, bottom) for (_, left, right), (top, bottom) in zip(pieces, heights, strict=True)]
    )
    margin = ink.shape[0] / ink.shape[1] / 4  # a quarter of the line's height
    wide = line.band.parts([(left, 0, right, 1) for left, right in widened(pieces, margin)])
    boxes = map(geometry.enclosing, geometry.turned(tight.clip(0, limits), angle, center))
    polygons = map(geometry.polygon, wide.clip(0, limits))
    words = [
        Word(
            "".join(c.text for c in characters),
            box,
            polygon,
            round(sum(c.confidence for c in characters) / len(characters), 4),
        )
        for (characters, _, _), box, polygon in zip(pieces, boxes, polygons, strict=True)
    ]
    box = geometry.union([word.box for word in words])
    polygon = geometry.polygon(line.band.quad.clip(0, limits))
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


# --- rows and regions --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """A line on the page as it stands upright: where its middle runs from and to, and how high its letters are."""

    line: Line
    start: tuple[float, float]
    end: tuple[float, float]
    height: float

    def middle(self, x: float) -> float:
        """How far down the line is at x; before it begins and after it ends as far as there."""
        return float(np.interp(x, (self.start[0], self.end[0]), (self.start[1], self.end[1])))


def place(found: TextLine, line: Line, direction: float) -> Placed:
    begins, ends = found.band.part(0, 0, 0, 1), found.band.part(1, 0, 1, 1)
    start, end = geometry.turned(np.array([begins.mean(axis=0), ends.mean(axis=0)]), -direction, (0, 0)).tolist()
    return Placed(line, (start[0], start[1]), (max(start[0], end[0]), end[1]), found.band.size[1])


def gap(a: Placed, b: Placed) -> float:
    """How far two lines are apart sideways; negative where one is above the other."""
    return max(a.start[0], b.start[0]) - min(a.end[0], b.end[0])


def drop(a: Placed, b: Placed) -> float:
    """How far b runs below a, seen in the middle of what they share, or where they are nearest."""
    shared = (max(a.start[0], b.start[0]) + min(a.end[0], b.end[0])) / 2
    return b.middle(shared) - a.middle(shared)


def same_row(a: Placed, b: Placed) -> bool:
    """Whether one line goes on where the other ends."""
    height = min(a.height, b.height)
    overlap = min(a.end[0] - a.start[0], b.end[0] - b.start[0], 2 * height) / 2
    return -overlap < gap(a, b) < height and abs(drop(a, b)) < ROW * height and alike(a, b)


def alike(a: Placed, b: Placed) -> bool:
    """Whether the letters of two lines are about as high."""
    return max(a.height, b.height) < ALIKE * min(a.height, b.height)


def one_paragraph(a: Placed, b: Placed) -> bool:
    """Whether two lines stand together: less than a line apart, one above the other or beside it."""
    height = min(a.height, b.height)
    stacked = gap(a, b) < 0 and abs(drop(a, b)) < (a.height + b.height) / 2 + PARAGRAPH * height
    return alike(a, b) and (stacked or same_row(a, b))


def clusters(lines: list[Placed], together: Callable[[Placed, Placed], bool]) -> list[list[Placed]]:
    """Lines that are together with one another, directly or by way of others."""
    found: list[list[Placed]] = []
    for line in lines:
        near = [cluster for cluster in found if any(together(line, other) for other in cluster)]
        found = [cluster for cluster in found if cluster not in near]
        found.append([*(other for cluster in near for other in cluster), line])
    return found


def joined(row: list[Placed]) -> Placed:
    """The pieces of a row as one line."""
    if len(row) == 1:
        return row[0]
    row = sorted(row, key=lambda piece: piece.start[0])
    lines = [piece.line for piece in row]
    first, last = lines[0], lines[-1]
    line = Line(
        " ".join(line.text for line in lines),
        geometry.union([line.box for line in lines]),
        (*first.polygon[:2], *last.polygon[2:6], *first.polygon[6:]),
        round(float(np.average([line.confidence for line in lines], weights=[len(line.text) for line in lines])), 4),
        tuple(word for line in lines for word in line.words),
    )
    return Placed(line, row[0].start, row[-1].end, max(piece.height for piece in row))


def group(lines: list[Placed]) -> list[Region]:
    """Regions in reading order, and their lines from top to bottom."""
    rows = [joined(row) for row in clusters(lines, same_row)]
    found = [downwards(region) for region in clusters(rows, one_paragraph)]
    return [
        Region(geometry.union([row.line.box for row in region]), tuple(row.line for row in region))
        for region in in_columns(found)
    ]


def downwards(rows: list[Placed]) -> list[Placed]:
    """Rows from top to bottom; those that are equally high from left to right."""
    rest = sorted(rows, key=lambda row: (row.start[1] + row.end[1], row.start[0]))
    ordered: list[Placed] = []
    while rest:
        free = (row for row in rest if not any(runs_above(other, row) for other in rest if other is not row))
        first = next(free, rest[0])
        rest.remove(first)
        ordered.append(first)
    return ordered


def runs_above(a: Placed, b: Placed) -> bool:
    """Whether a is read before b: it runs above it, or beside it on the left."""
    if gap(a, b) > 0 and abs(drop(a, b)) < ROW * min(a.height, b.height):
        return a.start[0] < b.start[0]
    return drop(a, b) > 0


def in_columns(regions: list[list[Placed]]) -> list[list[Placed]]:
    """Regions in reading order: one that stands above another comes first, else the one on the left."""
    rest = sorted(regions, key=lambda region: min(row.start[0] for row in region))
    ordered: list[list[Placed]] = []
    while rest:
        free = (
            region for region in rest if not any(stands_above(other, region) for other in rest if other is not region)
        )
        first = next(free, rest[0])
        rest.remove(first)
        ordered.append(first)
    return ordered


def stands_above(region: list[Placed], other: list[Placed]) -> bool:
    """Whether a region stands above another: they overlap sideways and its middle is higher."""
    a, b = outline(region), outline(other)
    sideways = min(a[2], b[2]) - max(a[0], b[0])
    return sideways > 0 and a[1] + a[3] < b[1] + b[3]


def outline(region: list[Placed]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    x = [end[0] for row in region for end in (row.start, row.end)]
    y = [end[1] + side * row.height / 2 for row in region for end in (row.start, row.end) for side in (-1, 1)]
    return min(x), min(y), max(x), max(y)
