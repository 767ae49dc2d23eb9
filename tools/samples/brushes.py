"""What both kinds of drawing need: fonts, smooth noise, gradients and colours."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageFont

SAMPLES = Path(__file__).resolve().parents[2] / "cvhelpers" / "samples"  # what is shipped
FONTS = Path(__file__).with_name("fonts")
Colour = tuple[int, int, int]
Point = tuple[float, float]


def font(name: str, size: float) -> ImageFont.FreeTypeFont:
    """One of our fonts, laid out by the basic engine: not every computer has the other one."""
    return ImageFont.truetype(FONTS / f"{name}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """A colour between two: share 0 gives the first, share 1 the second.

    >>> mix((0, 0, 0), (200, 100, 50), 0.5)
    (100, 50, 25)
    """
    share = min(max(share, 0.0), 1.0)
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def noise(size: tuple[int, int], cell: tuple[int, int], rng: random.Random) -> Image.Image:
    """Smooth grey clouds: random grey values, one for each cell, blended into each other."""
    columns = size[0] // cell[0] + 2
    rows = size[1] // cell[1] + 2
    grey = Image.frombytes("L", (columns, rows), rng.randbytes(columns * rows))
    return grey.resize((columns * cell[0], rows * cell[1]), Image.Resampling.BICUBIC).crop((0, 0, *size))


def shade(picture: Image.Image, clouds: Image.Image, darkest: float) -> Image.Image:
    """Darken the picture where the clouds are dark, down to this share of its brightness."""
    dark = picture.point(lambda value: int(value * darkest))
    return Image.composite(picture, dark, clouds)


def gradient(size: tuple[int, int], stops: list[tuple[float, Colour]]) -> Image.Image:
    """Colours that blend from top to bottom. Each stop is a height from 0 to 1 and its colour."""
    column = Image.new("RGB", (1, size[1]))
    for y in range(size[1]):
        height = y / max(size[1] - 1, 1)
        for (start, first), (end, second) in pairwise(stops):
            if start <= height <= end:
                column.putpixel((0, y), mix(first, second, (height - start) / (end - start)))
                break
    return column.resize(size)
