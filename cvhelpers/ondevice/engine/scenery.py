"""Scenery: how much of a picture looks like sky, plants, water, sand, snow or pavement, by colour and height.

A colour alone proves nothing: a blue wall is no sky. So `places.py` takes these shares for one witness of two.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .pixels import Pixels, resized

SIDE = 96
TOP, BOTTOM = slice(0, SIDE // 3), slice(SIDE * 7 // 12, SIDE)
SMOOTH = 4.0  # mean deviation of the greys round a pixel, of 255: less than this is smooth, as a sky is


@dataclass(frozen=True)
class Scenery:
    """Shares, 0 to 1: of the top third (`sky`, `blue_sky`), of the bottom (`..._below`), or of all.

    `water` is the share below the horizon, as far as that is a little above the middle.
    """

    sky: float
    blue_sky: float
    green: float
    rough_green: float
    green_below: float
    blue_below: float
    water: float
    water_below: float
    sand_below: float
    snow_below: float
    grey_below: float
    vivid_center: float


def look(pixels: Pixels) -> Scenery:
    """The scenery of a picture.

    >>> blue_over_green = np.zeros((60, 60, 3), np.uint8)
    >>> blue_over_green[:30], blue_over_green[30:] = (110, 170, 240), (60, 140, 40)
    >>> seen = look(blue_over_green)
    >>> seen.sky, seen.green_below, seen.water_below
    (1.0, 1.0, 0.0)
    """
    small = resized(pixels, SIDE, SIDE)
    hue, saturation, value = (part.astype(np.int16) for part in cv2.split(cv2.cvtColor(small, cv2.COLOR_RGB2HSV)))
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    smooth = cv2.blur(np.abs(grey - cv2.blur(grey, (5, 5))), (5, 5)) < SMOOTH

    blue = (hue >= 92) & (hue <= 128) & (saturation > 30)
    bright_grey = (saturation < 45) & (value > 165)
    green = (hue >= 28) & (hue <= 88) & (saturation > 50) & (value > 30)
    vivid = (saturation > 120) & (value > 110) & ~green & ~((hue >= 92) & (hue <= 128))
    watery = (hue >= 80) & (hue <= 130) & (saturation > 30) & (value > 50)
    middle = slice(SIDE // 4, SIDE * 3 // 4)
    return Scenery(
        sky=share((smooth & ((blue & (value > 90)) | bright_grey))[TOP]),
        blue_sky=share((smooth & blue & (value > 70))[TOP]),
        green=share(green),
        rough_green=share(green & ~smooth),
        green_below=share(green[BOTTOM]),
        blue_below=share((smooth & blue & (value > 70))[BOTTOM]),
        water=share(watery[SIDE * 9 // 20 :]),
        water_below=share(watery[BOTTOM]),
        sand_below=share(((hue >= 8) & (hue <= 28) & (saturation > 25) & (saturation < 140) & (value > 120))[BOTTOM]),
        snow_below=share(((saturation < 40) & (value > 190))[BOTTOM]),
        grey_below=share(((saturation < 45) & (value > 50) & (value < 190))[BOTTOM]),
        vivid_center=share(vivid[middle, middle]),
    )


def is_desert(seen: Scenery) -> bool:
    """Whether there is much sand and no water: the classifier takes such a picture for a beach."""
    return seen.sand_below >= 0.5 and seen.water < 0.06


def share(mask: NDArray[np.bool_]) -> float:
    return float(mask.mean())
