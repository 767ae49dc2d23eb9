"""Numbered outlines on a picture, and labels that find a free place beside them.

An outline is a polygon in the coordinates of the axes. Its label is a chip: dark letters on light, so that it can be
read on any ground. A chip never lies on another chip, and on another outline only where the page is so full that
nothing else is left; then the chips shrink to bare numbers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patches import Polygon as Outline
from matplotlib.patheffects import Normal, withStroke
from PIL import Image, ImageDraw

Point = tuple[float, float]
FONT = "DejaVu Sans"
COLOURS = ("#0b4f9c", "#a33600", "#1b653a", "#6a2c91")
"""Each at least 4.5 : 1 against the white halo. Numbers, not colours, tell the outlines apart."""
TEXT_SIZES, NUMBER_SIZES = (8.5, 7.5), (8.0, 6.0, 5.0)
"""In points; the first that fits is taken."""
PAD = 0.15
"""Room around a chip's text, in heights of the text."""
GAP = 2.5
"""Pixels between a chip and its outline."""


@dataclass(frozen=True)
class Chip:
    """A label's place: the centre and size in pixels of the axes, beside a corner or a side of its outline."""

    text: str
    size: float
    x: float
    y: float
    width: float
    height: float
    anchor: int
    covers: float
    """The part of it that lies on outlines."""


def draw_outlines(
    ax: Axes, outlines: Sequence[Sequence[Point]], texts: Sequence[str], hollow: bool = False
) -> list[str]:
    """Draw each outline with a chip that has its number, from 1, and its text where there is room.

    A chip keeps off the inside of an outline, where a word stands. Where outlines are ``hollow``, as around things
    that lie on one another, it keeps off their lines only.

    Returns what each chip says: ``"1 NOTHING"``, ``"1"``, or ``""`` where not even the number found a place.
    """
    ax.apply_aspect()
    pixels = [np.asarray(ax.transData.transform(outline)) - ax.bbox.p0 for outline in outlines]
    line = _line_width(pixels)
    for n, outline in enumerate(outlines):
        ax.add_patch(
            Outline(
                outline,
                closed=True,
                fill=False,
                linewidth=line,
                edgecolor=COLOURS[n % len(COLOURS)],
                path_effects=[withStroke(linewidth=line + 1.6, foreground="white"), Normal()],
            )
        )
    dpi = ax.figure.dpi
    chips = _arrange(pixels, [drawable(text) for text in texts], (ax.bbox.width, ax.bbox.height), dpi, hollow)
    for n, chip in enumerate(chips):
        if chip:
            _draw_chip(ax, chip, outlines[n], pixels[n], COLOURS[n % len(COLOURS)])
    return [chip.text if chip else "" for chip in chips]


def _line_width(outlines: Sequence[np.ndarray]) -> float:
    """In points: thin around small words, whose letters touch their box."""
    heights = sorted(float(np.hypot(*(outline[3] - outline[0]))) for outline in outlines)
    return 1.4 if heights and heights[len(heights) // 2] > 30 else 0.8


def _draw_chip(ax: Axes, chip: Chip, outline: Sequence[Point], pixels: np.ndarray, colour: str) -> None:
    """Hang the chip on its outline at a distance in points, so that it stays there when the figure is resized."""
    x, y = _anchors(pixels)[chip.anchor]
    points = 72 / ax.figure.dpi
    ax.annotate(
        chip.text,
        tuple(_anchors(np.asarray(outline, dtype=float))[chip.anchor]),
        ((chip.x - x) * points, (chip.y - y) * points),
        textcoords="offset points",
        annotation_clip=False,
        ha="center",
        va="center",
        color=colour,
        fontsize=chip.size,
        fontfamily=FONT,
        parse_math=False,
        zorder=5,
        bbox={"boxstyle": f"square,pad={PAD}", "facecolor": "white", "edgecolor": colour, "linewidth": 0.5},
    )


def _arrange(
    outlines: Sequence[np.ndarray],
    texts: Sequence[str],
    area: tuple[float, float],
    dpi: float,
    hollow: bool = False,
) -> list[Chip | None]:
    """Places for all chips: with their texts where at least half of these fit, else with the numbers alone."""
    chips: list[Chip | None] = []
    for size in TEXT_SIZES:
        chips = _Ground(outlines, area, dpi, hollow).place(texts, size)
        with_text = sum(chip is not None and " " in chip.text for chip in chips)
        if all(chips) and 2 * with_text >= len(texts):
            return chips
    for size in NUMBER_SIZES:
        chips = _Ground(outlines, area, dpi, hollow).place([""] * len(texts), size)
        if all(chip and chip.covers < 0.3 for chip in chips):
            break
    return chips


class _Ground:
    """The axes' pixels, and what lies on each: 0 nothing, n the outline n, -1 a chip. Row 0 is the lowest."""

    def __init__(
        self, outlines: Sequence[np.ndarray], area: tuple[float, float], dpi: float, hollow: bool = False
    ) -> None:
        self.outlines, self.dpi = outlines, dpi
        image = Image.new("I", (max(1, int(area[0])), max(1, int(area[1]))))
        for n, outline in enumerate(outlines, start=1):
            corners = [(float(x), float(y)) for x, y in outline]
            ImageDraw.Draw(image).polygon(corners, fill=None if hollow else n, outline=n, width=3 if hollow else 1)
        self.taken = np.array(image)

    def place(self, texts: Sequence[str], size: float) -> list[Chip | None]:
        """One after the other, each with its text if there is a free place for that, else with its number."""
        chips: list[Chip | None] = []
        for n, text in enumerate(texts, start=1):
            full = self._best(n, f"{n} {text}", size) if text else None
            chip = full if full and full.covers <= 0.12 else self._best(n, f"{n}", size)
            if chip:
                self._take(chip)
            chips.append(chip)
        return chips

    def _best(self, n: int, text: str, size: float) -> Chip | None:
        """The first free place, as it may be above the text's beginning; where none is, that which covers least."""
        width, height = text_size(text, size, self.dpi)
        room = 2 * PAD * size * self.dpi / 72 + 1
        width, height = width + room, height + room
        best: Chip | None = None
        for anchor, (x, y) in _places(self.outlines[n - 1], width, height):
            covers = self._covers(n, x, y, width, height)
            if covers is not None and (best is None or covers < best.covers):
                best = Chip(text, size, x, y, width, height, anchor, covers)
                if covers < 0.02:
                    break
        return best

    def _window(self, x: float, y: float, width: float, height: float) -> tuple[slice, slice]:
        left, low = int(np.floor(x - width / 2)), int(np.floor(y - height / 2))
        return slice(low, low + int(np.ceil(height)) + 1), slice(left, left + int(np.ceil(width)) + 1)

    def _covers(self, n: int, x: float, y: float, width: float, height: float) -> float | None:
        rows, columns = self._window(x, y, width, height)
        if rows.start < 0 or columns.start < 0:
            return None
        if rows.stop > self.taken.shape[0] or columns.stop > self.taken.shape[1]:
            return None
        under = self.taken[rows, columns]
        if (under < 0).any():
            return None
        own = int((under == n).sum())
        others = int((under > 0).sum()) - own
        return (others + own / 2) / under.size  # to lie on a neighbour is worse than to lie on one's own word

    def _take(self, chip: Chip) -> None:
        self.taken[self._window(chip.x, chip.y, chip.width, chip.height)] = -1


def _anchors(outline: np.ndarray) -> list[np.ndarray]:
    """The corners, and the middles of the sides, in the order in which a label looks for a place at them."""
    corners = list(outline)
    middles = [(a + b) / 2 for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
    top_left, top_right, bottom_right, bottom_left = corners
    top, right, bottom, left = middles
    return [top_left, top, top_right, left, right, bottom_left, bottom, bottom_right]


def _places(outline: np.ndarray, width: float, height: float) -> Iterator[tuple[int, Point]]:
    """Centres for a label of that size which touches the outline, the likeliest first."""
    sides = [(1, 1), (0, 1), (-1, 1), (-1, 0), (1, 0), (1, -1), (0, -1), (-1, -1)]
    for number, (x, y) in enumerate(_anchors(outline)):
        for right, up in sides:
            yield number, (x + right * (width / 2 + GAP), y + up * (height / 2 + GAP))


# --------------------------------------------------------------------------------------------------------------
# text


@lru_cache(4096)
def text_size(text: str, size: float, dpi: float) -> tuple[float, float]:
    """Width and height in pixels of one line of text; ``size`` in points."""
    if text in ("", "lp"):
        text, least = "lp", 0.0
    else:
        least = text_size("lp", size, dpi)[1]  # every line is at least that high, as in matplotlib's own layout
    font = FontProperties(family=FONT, size=size)
    width, height, _ = _renderer(dpi).get_text_width_height_descent(text, font, False)
    return width, max(height, least)


@cache
def _renderer(dpi: float) -> Any:
    return RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]


@cache
def _letters() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties(family=FONT))).get_charmap())


def drawable(text: str) -> str:
    """The text on one line, with ``□`` for each character that the figures' font lacks.

    >>> drawable("日本 in\\nJapan")
    '□□ in Japan'
    """
    shown = (letter if ord(letter) in _letters() else _substitute(letter) for letter in " ".join(text.split()))
    return "".join(shown)


def _substitute(letter: str) -> str:
    return "" if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc") else "□"


def wrap(text: str, width: float, size: float, dpi: float, lines: int = 99) -> str:
    """The text broken into lines of at most ``width`` pixels; where text is cut off, ``…`` stands.

    >>> wrap("the quick brown fox", width=64, size=8, dpi=100)
    'the quick\\nbrown fox'
    >>> wrap("the quick brown fox", width=64, size=8, dpi=100, lines=1)
    'the quick…'
    """
    done: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if not line or text_size(longer, size, dpi)[0] <= width:
            line = longer
        else:
            done, line = [*done, line], word
    done.append(line)
    if len(done) > lines:
        done = [*done[: lines - 1], done[lines - 1] + "…"]
    return "\n".join(_cut(line, width, size, dpi) for line in done)


def _cut(line: str, width: float, size: float, dpi: float) -> str:
    while len(line) > 1 and text_size(line, size, dpi)[0] > width:
        line = line.removesuffix("…")[:-1] + "…"
    return line
