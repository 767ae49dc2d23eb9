"""Boxes as arrays of shape (n, 4): left, top, right, bottom."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .readings import Rect

Boxes = NDArray[np.float64]


def keep_best(boxes: Boxes, scores: NDArray[np.float64], limit: float) -> list[int]:
    """Non-maximum suppression: indices of the boxes that no better one overlaps by more than `limit`.

    Overlap is intersection over union. The scores are above 0.

    >>> keep_best(np.array([[0.0, 0, 2, 2], [0, 0, 2, 3], [5, 5, 6, 6]]), np.array([0.7, 0.9, 0.8]), 0.5)
    [1, 2]
    """
    sides = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
    return [int(index) for index in cv2.dnn.NMSBoxes(sides.tolist(), scores.tolist(), 0.0, limit)]


def in_pixels(box: Boxes, width: int, height: int) -> Rect:
    """A box as whole pixels inside a picture, at least one pixel wide and high.

    >>> in_pixels(np.array([9.8, 3.0, 12.0, 3.2]), 10, 10)
    Rect(x=9, y=3, w=1, h=1)
    """
    left, top = (int(v) for v in np.clip(np.round(box[:2]), 0, (width - 1, height - 1)))
    right, bottom = (int(v) for v in np.clip(np.round(box[2:]), (left + 1, top + 1), (width, height)))
    return Rect(left, top, right - left, bottom - top)
