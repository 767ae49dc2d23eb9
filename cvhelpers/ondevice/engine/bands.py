"""Bands: where lines of text stand in a picture, straight, slanted or bent, and how they are found.

The text detector gives each pixel a probability of lying in the middle of a line. In that map a line is a blob, long
and thin like a stroke of a pen; lines of handwriting that touch are a blob that forks. A band follows the blob.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from . import geometry
from .geometry import Quad
from .pixels import Pixels

Map: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float64]
Run: TypeAlias = tuple[int, int, int]

LINE_PROBABILITY = 0.3  # a pixel of at least this belongs to a line
BLOB_PROBABILITY = 0.5  # a blob of at least this on average is a line
GROWTH = 1.6  # a blob is the core of a line: its border moves out by area * GROWTH / perimeter
LONG = 6.0  # a blob this many times as long as it is thick shows how its line bends
FORKED = 0.6  # a blob that fills less than this of its rectangle may be several lines
LEAST_BRANCH = 2.0  # a branch this many times as long as it is thick is a line
LONG_BEND = 40  # a stroke of more pixels than this may bend, a shorter one is straight
STEPS = 17  # a bend is told at so many places
LONGEST_SIDE = 32_000  # of a picture that OpenCV can warp
STRAIGHT = (0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Band:
    """A strip of a picture with a line of text.

    `bend` says how far the middle of the line lies below the middle of `quad`, at equal steps from where the line
    begins to where it ends, as parts of the height of `quad`.
    """

    quad: Quad
    bend: tuple[float, ...] = STRAIGHT

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return geometry.size(self.quad)

    def scaled(self, x: float, y: float) -> Band:
        return replace(self, quad=self.quad * (x, y))

    def facing(self, angle: float) -> Band:
        """The same band, begun so that it runs as near as possible to `angle`. Only along its length can it bend."""
        quarters = round((angle - geometry.direction(self.quad)) / (math.pi / 2)) % 4
        bend = (self.bend, STRAIGHT, tuple(-offset for offset in reversed(self.bend)), STRAIGHT)[quarters]
        return Band(geometry.facing(self.quad, angle), bend)

    def bends(self, along: Floats) -> Floats:
        """The bend at fractions of the length."""
        return np.interp(along, np.linspace(0, 1, len(self.bend)), self.bend)

    def part(self, left: float, top: float, right: float, bottom: float) -> Quad:
        """A part of the band; the borders are fractions of its width and height.

        >>> band = Band(np.array([[0, 0], [10, 0], [10, 4], [0, 4]]), bend=(0.0, 0.5))
        >>> band.part(0.5, 0, 1, 1).tolist()
        [[5.0, 1.0], [10.0, 2.0], [10.0, 6.0], [5.0, 5.0]]
        """
        return np.asarray(self.parts([(left, top, right, bottom)])[0])

    def parts(self, borders: Sequence[tuple[float, float, float, float]]) -> Floats:
        """Several parts, as an array of quads; the borders of each are left, top, right, bottom."""
        left, top, right, bottom = np.asarray(borders).T
        along = np.stack([left, right, right, left], axis=1)
        down = np.stack([top, top, bottom, bottom], axis=1) + self.bends(along)
        return geometry.points(self.quad, along, down)

    def flattened(self, pixels: Pixels) -> Pixels:
        """What the band shows, as an upright picture of the band's own size."""
        width, height = (min(LONGEST_SIDE, max(1, round(side))) for side in self.size)
        along, down = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
        below = down[:, None] + self.bends(along)
        start, end, _, under = self.quad
        x, y = (
            start[i] + along * (end - start)[i] + below * (under - start)[i] - 0.5  # pixels have their middles at 0.5
            for i in (0, 1)
        )
        flat = cv2.remap(
            pixels, x.astype(np.float32), y.astype(np.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(flat, np.uint8)


def find(probability: Map) -> list[Band]:
    """The lines in a map of probabilities, as bands that are as high as the letters."""
    mask = (probability > LINE_PROBABILITY).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [band for contour in contours for band in of_blob(probability, contour)]


def of_blob(probability: Map, contour: cv2.typing.MatLike) -> list[Band]:
    """The line of a blob, or the several of a blob that forks; none if it is too thin or too unsure."""
    rectangle = cv2.minAreaRect(contour)
    length, thickness = max(rectangle[1]) + 1, min(rectangle[1]) + 1  # from the middles of the outermost pixels
    left, top, width, height = cv2.boundingRect(contour)
    inside = probability[top : top + height, left : left + width]
    mask = np.zeros((height, width), np.uint8)
    cv2.drawContours(mask, [contour - (left, top)], 0, 1, cv2.FILLED)
    mask &= inside > LINE_PROBABILITY  # lines that touch twice enclose a hole
    if thickness < 3 or cv2.mean(inside, mask)[0] < BLOB_PROBABILITY:
        return []
    area = int(mask.sum())
    angle = across(rectangle)
    if abs(angle) > 45 or length * length < LONG * area:
        return [of_rectangle(rectangle)]
    found = strokes(mask, angle) if area < FORKED * length * thickness else [np.argwhere(mask)[:, ::-1].astype(float)]
    corner = np.array([left + 0.5, top + 0.5])
    return [of_stroke(stroke + corner, angle) for stroke in found]


def across(rectangle: cv2.typing.RotatedRect) -> float:
    """How many degrees the long side of a rectangle falls to the right: more than -90, at most 90."""
    _, (width, height), degrees = rectangle
    return 90 - (90 - (degrees if width >= height else degrees + 90)) % 180


def of_rectangle(rectangle: cv2.typing.RotatedRect) -> Band:
    """The band of a short blob: its rectangle, grown to the size of the letters."""
    (x, y), (width, height), degrees = rectangle
    width, height = width + 1, height + 1
    growth = 2 * width * height * GROWTH / (2 * (width + height))
    return Band(geometry.from_rectangle(((x + 0.5, y + 0.5), (width + growth, height + growth), degrees)))


def of_stroke(points: Floats, angle: float) -> Band:
    """The band of a long stroke that falls to the right by about `angle` degrees: it follows the stroke."""
    turn = math.radians(angle)
    along = points @ (math.cos(turn), math.sin(turn))
    below = points @ (-math.sin(turn), math.cos(turn))
    start, end = float(along.min()) - 0.5, float(along.max()) + 0.5
    middle = (start + end) / 2
    scaled = (along - middle) / (end - start)  # -0.5 to 0.5
    height, rise = fit(scaled, below, 1)
    curve = np.polynomial.Polynomial(fit(scaled, below, 3 if end - start > LONG_BEND else 1))
    thickness = 2 * float(np.percentile(np.abs(below - curve(scaled)), 99)) + 1
    length = end - start
    growth = length * thickness * GROWTH / (length + thickness)
    center = (
        middle * math.cos(turn) - height * math.sin(turn),
        middle * math.sin(turn) + height * math.cos(turn),
    )
    size = (length + growth, thickness + growth)
    slope = math.degrees(math.atan2(rise, length))
    steps = np.linspace(-0.5, 0.5, STEPS) * size[0] / length
    inside = steps.clip(-0.5, 0.5)  # the curve is not followed beyond the stroke
    bend = (curve(inside) - (height + rise * inside)) / size[1]
    return Band(geometry.from_rectangle((center, size, angle + slope)), tuple(bend.tolist()))


def fit(x: Floats, y: Floats, degree: int) -> Floats:
    """The coefficients of the polynomial through many points (least squares), the constant one first.

    Solved by the normal equations: `x` lies between -0.5 and 0.5, and `numpy.polyfit` takes ten times as long.

    >>> fit(np.array([-0.5, 0.0, 0.5]), np.array([1.0, 2.0, 3.0]), 1).round(6).tolist()
    [2.0, 2.0]
    """
    powers = np.polynomial.polynomial.polyvander(x, degree)
    return np.asarray(np.linalg.lstsq(powers.T @ powers, powers.T @ y, rcond=None)[0])


def strokes(mask: Mask, angle: float) -> list[Floats]:
    """The strokes of a blob that may fork, as points: the blob is set upright and followed from left to right."""
    height, width = mask.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    side = math.ceil(math.hypot(width, height)) + 2
    turn[:, 2] += ((side - width) / 2, (side - height) / 2)
    upright = np.asarray(cv2.warpAffine(mask, turn, (side, side), flags=cv2.INTER_NEAREST), np.uint8)
    back = np.asarray(cv2.invertAffineTransform(turn), np.float64)
    found = follow(upright)
    thickness = float(np.median([bottom - top for stroke in found for _, top, bottom in stroke]))
    return [
        np.concatenate([[(x, y) for y in range(top, bottom)] for x, top, bottom in stroke]) @ back[:, :2].T + back[:, 2]
        for stroke in found
        if len(stroke) >= LEAST_BRANCH * thickness
    ]


def follow(mask: Mask) -> list[list[Run]]:
    """Strokes from left to right, as runs: (column, top, bottom). Where strokes meet, the longest goes on.

    >>> fork = np.array([[0, 0, 1], [1, 1, 0], [0, 0, 1]], np.uint8)
    >>> follow(np.repeat(fork, 2, axis=0)[1:-1])
    [[(0, 1, 3), (1, 1, 3)], [(2, 0, 1)], [(2, 3, 4)]]
    """
    found: list[list[Run]] = []
    going: list[list[Run]] = []
    steps = np.diff(np.pad(mask, ((1, 1), (0, 0))).astype(np.int8), axis=0)
    for column in range(mask.shape[1]):
        runs = [(column, top, bottom) for top, bottom in np.flatnonzero(steps[:, column]).reshape(-1, 2).tolist()]
        still = []
        for stroke in sorted(going, key=len, reverse=True):
            _, top, bottom = stroke[-1]
            shared = {run: min(bottom, run[2]) - max(top, run[1]) for run in runs}
            if shared and shared[best := max(shared, key=shared.__getitem__)] > 0:
                stroke.append(best)
                still.append(stroke)
                runs.remove(best)
        new = [[run] for run in runs]
        found += new
        going = still + new
    return found
