"""Quadrilaterals round lines of text: shape (4, 2), x and y in pixels, clockwise from the first corner."""

from __future__ import annotations

import math
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from .readings import Corners, Rect

Quad: TypeAlias = NDArray[np.float64]


def from_rectangle(rectangle: tuple[tuple[float, float], tuple[float, float], float]) -> Quad:
    """OpenCV's rotated rectangle as a quad whose top runs within 45 degrees of the horizontal."""
    return facing(np.asarray(cv2.boxPoints(rectangle), np.float64), 0.0)


def size(quad: Quad) -> tuple[float, float]:
    """Width (along the first side) and height: means of the two opposite sides."""
    top, right, bottom, left = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    return float(top + bottom) / 2, float(left + right) / 2


def direction(quad: Quad) -> float:
    """Angle in radians in which the first side runs: 0 to the right, pi/2 down."""
    dx, dy = (quad[1] - quad[0]) + (quad[2] - quad[3])
    return math.atan2(dy, dx)


def facing(quad: Quad, angle: float) -> Quad:
    """The same quad, begun at the corner that makes its first side run as near as possible to `angle`."""
    quarters = round((angle - direction(quad)) / (math.pi / 2))
    return np.roll(quad, -quarters, axis=0)


def turned(points: Quad, angle: float, center: tuple[float, float]) -> Quad:
    """Points of a picture after it was turned clockwise by `angle` radians about its centre.

    >>> turned(np.array([[1.0, 0.0]]), math.pi / 2, (0, 0)).round(6).tolist()
    [[0.0, 1.0]]
    """
    cos, sin = math.cos(angle), math.sin(angle)
    return np.asarray((points - center) @ np.array([[cos, sin], [-sin, cos]]) + center, np.float64)


def points(quad: Quad, along: ArrayLike, down: ArrayLike) -> Quad:
    """Points of a quad, each given by fractions of its width and of its height.

    >>> points(np.array([[0, 0], [10, 0], [10, 4], [0, 4]]), [0.5, 1], [0.25, 1]).tolist()
    [[5.0, 1.0], [10.0, 4.0]]
    """
    across, below = np.asarray(along)[..., None], np.asarray(down)[..., None]
    on_top = quad[0] + across * (quad[1] - quad[0])
    under = quad[3] + across * (quad[2] - quad[3])
    return np.asarray(on_top + below * (under - on_top), np.float64)


def enclosing(points: Quad) -> Rect:
    """The smallest upright box of whole pixels round the points."""
    xs, ys = points.T.tolist()
    left, top = math.floor(min(xs) + 0.01), math.floor(min(ys) + 0.01)
    right, bottom = math.ceil(max(xs) - 0.01), math.ceil(max(ys) - 0.01)
    return Rect(left, top, max(1, right - left), max(1, bottom - top))


def polygon(quad: Quad) -> Corners:
    """The corners as eight numbers, to a tenth of a pixel."""
    x1, y1, x2, y2, x3, y3, x4, y4 = (round(v, 1) for v in quad.ravel().tolist())
    return x1, y1, x2, y2, x3, y3, x4, y4


def union(boxes: list[Rect]) -> Rect:
    """The smallest box round all boxes.

    >>> union([Rect(0, 0, 2, 2), Rect(5, 1, 1, 4)])
    Rect(x=0, y=0, w=6, h=5)
    """
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    right, bottom = max(b.x + b.w for b in boxes), max(b.y + b.h for b in boxes)
    return Rect(left, top, right - left, bottom - top)
