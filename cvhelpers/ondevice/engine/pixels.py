"""Pixels: any picture as an array of red, green and blue."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels: TypeAlias = NDArray[np.uint8]
"""Shape (height, width, 3), red, green, blue, 0 to 255."""


def rgb(image: Image.Image) -> Pixels:
    """The pixels of a picture of any mode; what is transparent becomes white.

    >>> rgb(Image.new("RGBA", (2, 1), (255, 0, 0, 0))).tolist()
    [[[255, 255, 255], [255, 255, 255]]]
    >>> rgb(Image.new("I;16", (1, 1), 65535)).tolist()
    [[[255, 255, 255]]]
    """
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep_greys(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return np.array(image.convert("RGB"), np.uint8)


def _from_deep_greys(image: Image.Image) -> Pixels:
    """16 bits or more: scaled to 0..255 by the range of the type, or by the values where they exceed it."""
    values = np.nan_to_num(np.asarray(image, np.float64))
    top = 255.0 if values.max(initial=0) <= 255 else max(65535.0, float(values.max()))
    greys = np.clip(values * (255 / top), 0, 255).astype(np.uint8)
    return np.repeat(greys[:, :, None], 3, axis=2)


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """Resize without moiré: by averaging where it gets smaller, by cubic curves where it gets larger."""
    smaller = width * height < pixels.shape[0] * pixels.shape[1]
    method = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=method), np.uint8)


def shrunk(pixels: Pixels, side: int) -> Pixels:
    """The same picture with at most `side` pixels a side; as it is if it has no more.

    >>> shrunk(np.zeros((200, 400, 3), np.uint8), 100).shape
    (50, 100, 3)
    """
    height, width = pixels.shape[:2]
    scale = side / max(width, height)
    return pixels if scale >= 1 else resized(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
