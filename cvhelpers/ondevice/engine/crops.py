"""Crops: the part of a picture that matters, and the best window of given proportions.

What matters is a map of *interest*: edges and colours that stand out from the picture's mean, and above all
faces, then things, then words.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from .pixels import Pixels, resized
from .readings import Rect

SIDE = 160  # the map of interest has at most this many cells a side
KEPT = 0.85  # share of the interest that the area of interest keeps


def interest(pixels: Pixels, faces: Iterable[Rect], things: Iterable[Rect]) -> NDArray[np.float64]:
    """How interesting each cell of the picture is; all cells sum to 1."""
    height, width = pixels.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    lab = cv2.cvtColor(resized(pixels, columns, rows).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    edges = np.hypot(cv2.Sobel(lab[:, :, 0], -1, 1, 0), cv2.Sobel(lab[:, :, 0], -1, 0, 1))
    unusual = np.linalg.norm(lab - lab.mean(axis=(0, 1)), axis=2)
    cells = cv2.GaussianBlur((edges + unusual).astype(np.float64), (0, 0), 3) + 1e-6
    cells /= cells.sum()
    for boxes, weight in ((faces, 2.0), (things, 1.0)):
        for box in boxes:
            left, top = int(box.x * columns / width), int(box.y * rows / height)
            right = max(left + 1, round((box.x + box.w) * columns / width))
            bottom = max(top + 1, round((box.y + box.h) * rows / height))
            cells[top:bottom, left:right] += weight / ((bottom - top) * (right - left))
    return np.asarray(cells / cells.sum(), np.float64)


def area_of_interest(cells: NDArray[np.float64], width: int, height: int) -> Rect:
    """The box that keeps most of the interest: the least interesting side is cut until too little is left."""
    top, left, bottom, right = 0, 0, *cells.shape
    kept = 1.0
    while bottom - top > 1 and right - left > 1:
        sides = {
            "top": cells[top, left:right].sum(),
            "bottom": cells[bottom - 1, left:right].sum(),
            "left": cells[top:bottom, left].sum(),
            "right": cells[top:bottom, right - 1].sum(),
        }
        side = min(sides, key=lambda name: sides[name])
        if kept - sides[side] < KEPT:
            break
        kept -= sides[side]
        top, left = top + (side == "top"), left + (side == "left")
        bottom, right = bottom - (side == "bottom"), right - (side == "right")
    rows, columns = cells.shape
    x, y = left * width // columns, top * height // rows
    return Rect(x, y, max(1, right * width // columns - x), max(1, bottom * height // rows - y))


def window(cells: NDArray[np.float64], width: int, height: int, wanted: tuple[int, int]) -> Rect:
    """The largest box in the proportions `wanted` (width, height) that holds the most interest.

    >>> cells = np.zeros((10, 20)); cells[:, 15] = 0.1
    >>> window(cells, 200, 100, (1, 1))
    Rect(x=80, y=0, w=100, h=100)
    """
    scale = min(width / wanted[0], height / wanted[1])
    w, h = max(1, round(wanted[0] * scale)), max(1, round(wanted[1] * scale))
    x = best_start(cells.sum(axis=0), width, w)
    y = best_start(cells.sum(axis=1), height, h)
    return Rect(x, y, w, h)


def best_start(interest: NDArray[np.float64], length: int, part: int) -> int:
    """Where a part of a side should begin to hold the most interest; the middle of those equally good."""
    if part >= length:
        return 0
    size = max(1, round(interest.size * part / length))
    sums = np.convolve(interest, np.ones(size), "valid")
    best = np.flatnonzero(sums >= sums.max() - 1e-9)
    start = float(best[len(best) // 2]) * length / interest.size
    return int(min(length - part, max(0, round(start))))
