"""Colours: the service's twelve names, the accent colour, black and white."""

from __future__ import annotations

import colorsys
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from .pixels import Pixels, resized
from .readings import ColorScheme

# One typical red, green, blue for each name; "nearest" is measured in CIELAB, where distances look alike.
# Some names have several: a dark green is called green and not black, skin rather brown than pink.
TYPICAL = {
    "Black": [(0, 0, 0), (25, 25, 25)],
    "Blue": [(30, 60, 200), (100, 160, 230), (20, 30, 90), (60, 90, 150), (140, 205, 235)],
    "Brown": [(110, 65, 30), (70, 45, 25), (165, 120, 80), (140, 100, 70)],
    "Grey": [(128, 128, 128), (80, 80, 80), (180, 180, 180)],
    "Green": [(40, 140, 40), (20, 70, 25), (130, 180, 70), (110, 130, 60)],
    "Orange": [(245, 130, 20), (220, 110, 40)],
    "Pink": [(245, 160, 190), (230, 90, 150)],
    "Purple": [(120, 40, 160), (70, 30, 90), (170, 130, 200)],
    "Red": [(210, 25, 30), (130, 15, 20)],
    "Teal": [(20, 140, 140), (70, 190, 190), (10, 80, 85)],
    "White": [(255, 255, 255), (235, 235, 235)],
    "Yellow": [(245, 220, 40), (225, 205, 110)],
}
NAMES = tuple(TYPICAL)
WEIGHTS = np.array([0.5, 1, 1], np.float32)  # of lightness and the two axes of colour
DOMINANT = 0.2  # a colour that covers this share of the picture dominates it


def find(pixels: Pixels) -> ColorScheme:
    """The colours of a picture.

    >>> find(np.full((60, 60, 3), (255, 0, 0), np.uint8))
    ColorScheme(foreground='Red', background='Red', dominant=('Red',), accent='CC0000', black_and_white=False)
    """
    small = resized(pixels, 64, 64)
    names = nearest_names(small)
    border = np.ones((64, 64), bool)
    border[10:54, 10:54] = False
    dominant = [name for name, share in shares_by_name(names).items() if share >= DOMINANT]
    return ColorScheme(
        foreground=most_common(names[~border]),
        background=most_common(names[border]),
        dominant=tuple(dominant or [most_common(names)]),
        accent=accent(small),
        black_and_white=black_and_white(pixels),
    )


def shares(pixels: Pixels) -> dict[str, float]:
    """How much of the picture has each colour, the commonest first."""
    return shares_by_name(nearest_names(resized(pixels, 64, 64)))


def shares_by_name(names: NDArray[np.intp]) -> dict[str, float]:
    counts = np.bincount(names.ravel(), minlength=len(NAMES))
    return {NAMES[i]: float(counts[i] / names.size) for i in np.argsort(-counts, kind="stable")}


@cache
def references() -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """The typical colours in CIELAB, shape (n, 3), weighted, and the name that each belongs to."""
    typical = [(i, rgb) for i, name in enumerate(NAMES) for rgb in TYPICAL[name]]
    return to_lab(np.array([[rgb for _, rgb in typical]], np.uint8))[0] * WEIGHTS, np.array([i for i, _ in typical])


def nearest_names(pixels: Pixels) -> NDArray[np.intp]:
    """The index into `NAMES` of each pixel's colour. Lightness counts half: dark green is green."""
    colors, owners = references()
    # The nearest has the least |c|² - 2 p·c: |p|² is the same for all.
    distances = (colors**2).sum(axis=1) - 2 * (to_lab(pixels) * WEIGHTS) @ colors.T
    return np.asarray(owners[distances.argmin(axis=2)], np.intp)


def to_lab(pixels: Pixels) -> NDArray[np.float32]:
    """CIELAB: L* 0 to 100, a* and b* about -100 to 100."""
    scaled = pixels.astype(np.float32) / np.float32(255)
    return np.asarray(cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB), np.float32)


def most_common(names: NDArray[np.intp]) -> str:
    return NAMES[int(np.bincount(names.ravel(), minlength=len(NAMES)).argmax())]


def accent(pixels: Pixels) -> str:
    """The most vivid colour that a fair part of the picture has, made fit to carry white text.

    Pixels are sorted into 12 hues; the hue with the most colour in it wins, and its most vivid pixels are
    averaged. Its brightness is then kept in a range that looks well on a page.
    """
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV_FULL).reshape(-1, 3).astype(float) / 255
    vividness = hsv[:, 1] * hsv[:, 2]
    bins = (hsv[:, 0] * 12).astype(int) % 12
    hue = np.bincount(bins, weights=vividness**2, minlength=12).argmax()
    vivid = (bins == hue) & (vividness >= 0.8 * vividness[bins == hue].max())
    red, green, blue = pixels.reshape(-1, 3)[vivid].mean(axis=0) / 255
    h, s, v = colorsys.rgb_to_hsv(float(red), float(green), float(blue))
    rgb = colorsys.hsv_to_rgb(h, s, min(max(v, 0.2), 0.8))
    return "".join(f"{round(part * 255):02X}" for part in rgb)


def black_and_white(pixels: Pixels) -> bool:
    """Whether hardly a pixel has a colour: in 99 of 100 the strongest and weakest part differ by under 16."""
    small = resized(pixels, 128, 128).astype(int)
    return bool(np.quantile(small.max(axis=2) - small.min(axis=2), 0.99) < 16)
