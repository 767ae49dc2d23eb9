"""Boxes as arrays of shape (n, 4): left, top, right, bottom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .readings import Rect

Boxes = NDArray[np.float64]


def overlap(box: Boxes, boxes: Boxes) -> NDArray[np.float64]:
    """Intersection over union of one box with each of several.

    >>> overlap(np.array([0, 0, 2, 2]), np.array([[0, 0, 2, 2], [1, 0, 3, 2]])).round(2).tolist()
    [1.0, 0.33]
    """
    corner = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.clip(corner, 0, None), axis=1)
    return np.asarray(shared / (area(box[None]) + area(boxes) - shared + 1e-9), np.float64)


def area(boxes: Boxes) -> NDArray[np.float64]:
    return np.asarray(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1), np.float64)


def keep_best(boxes: Boxes, scores: NDArray[np.float64], limit: float) -> list[int]:
    """Non-maximum suppression: indices of the boxes that no better one overlaps by more than `limit`."""
    rest = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while rest.size:
        best, rest = rest[0], rest[1:]
        kept.append(int(best))
        rest = rest[overlap(boxes[best], boxes[rest]) <= limit]
    return kept


def in_pixels(box: Boxes, width: int, height: int) -> Rect:
    """A box as whole pixels inside a picture, at least one pixel wide and high."""
    left, top = (int(v) for v in np.clip(np.round(box[:2]), 0, (width - 1, height - 1)))
    right, bottom = (int(v) for v in np.clip(np.round(box[2:]), (left + 1, top + 1), (width, height)))
    return Rect(left, top, right - left, bottom - top)
