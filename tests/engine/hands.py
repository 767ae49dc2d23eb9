"""Pages that are hard to read as real hands are: no two letters alike, wavy and slanted lines, paper, light, pencil.

    python -m tests.engine.hands FOLDER      writes all of them as PNG files, to be looked at

The letters come from handwriting fonts, but each one is moved, turned, scaled and thinned or thickened by itself, and
the whole page is warped a little. That is nearer to a hand than a font is, and still not a hand: the figures that come
from these pages serve to compare two versions of the engine, not to promise how a real page will be read.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .pages import HAND_SIZES, Page, font, jpeg, shadowed, text

SIZES = {
    **HAND_SIZES,
    "cedarville-cursive": 38,
    "dancing-script": 40,
    "la-belle-aurore": 40,
    "nothing-you-could-do": 36,
    "shadows-into-light": 40,
    "zeyada": 48,
}
UNSEEN_SIZES = {
    "dawning-of-a-new-day": 44,
    "gochi-hand": 40,
    "handlee": 38,
    "indie-flower": 38,
    "over-the-rainbow": 34,
    "sue-ellen-francisco": 46,
}
FRENCH = ("velo", "abeille", "lettre", "volcan")
ENGLISH_HANDS = (
    "kalam",
    "cedarville-cursive",
    "caveat",
    "homemade-apple",
    "shadows-into-light",
    "reenie-beanie",
    "nothing-you-could-do",
    "patrick-hand",
)
ENGLISH = ("errands", "physics", "diary", "note")
# Texts and hands that were not looked at when the engine was made: their figures are the ones to believe.
UNSEEN_ENGLISH = ("market", "garden", "museum", "choir")
UNSEEN_FRENCH = ("musee", "gateau", "foret", "gare")


@dataclass(frozen=True)
class Style:
    """How a page is written and seen. Lengths are parts of the letter size, angles are degrees."""

    scale: float = 1.0  # of the letters and the paper, in pixels
    jitter: float = 0.03  # of each letter's place and size
    turn: float = 2.0  # of each letter
    wave: float = 0.12  # of the base line
    slope: float = 0.0  # of the lines: positive rises to the right
    fan: float = 0.0  # how much the slope differs from line to line
    step: float = 1.6  # from line to line
    paper: str = "blank"  # or ruled, squared, copybook
    ink: tuple[int, int, int] = (28, 40, 96)
    pressure: float = 0.35  # how much the thickness and darkness of the ink change
    seen: str = "scanned"  # or photographed, dim, small


STYLES = {
    "scanned": Style(paper="copybook", fan=0.4, slope=0.3),
    "slanted": Style(slope=3.5, fan=1.2, wave=0.2, jitter=0.05, turn=4),
    "pencil": Style(paper="ruled", ink=(150, 150, 152), pressure=0.6, wave=0.15),
    "photographed": Style(paper="squared", slope=-2, fan=0.6, seen="photographed", jitter=0.04, turn=3),
    "dense": Style(step=1.25, scale=0.75, paper="copybook", wave=0.15, slope=-0.8, fan=0.5),
    "small": Style(paper="ruled", seen="small", wave=0.15, slope=1.5),
}


def smooth_noise(rng: np.random.Generator, count: int, step: int) -> np.ndarray:
    """Numbers from about -1 to 1 that change slowly: one new direction every `step`."""
    knots = rng.normal(0, 0.5, count // step + 3)
    return np.interp(np.arange(count), np.arange(knots.size) * step, knots)


def draw_paper(image: Image.Image, kind: str, step: float, baseline: float) -> None:
    draw = ImageDraw.Draw(image)
    width, height = image.size
    gaps = {"blank": [], "ruled": [(step, "#b9cbe4", 2)], "squared": [(step / 2, "#c3cfe0", 2)]}
    gaps["copybook"] = [(step / 4, "#d5d3ea", 1), (step, "#a9a2d2", 2)]
    for gap, color, thickness in gaps[kind]:
        y = baseline % gap
        while y < height:
            draw.line((0, y, width, y), color, thickness)
            y += gap
        x = 0.0
        while kind in ("squared", "copybook") and x < width:
            draw.line((x, 0, x, height), color if kind == "squared" else "#cfc9ea", thickness)
            x += gap if kind == "squared" else step
    if kind in ("ruled", "copybook"):
        draw.line((70, 0, 70, height), "#e6a5a5", 3)


def glyph(
    letter: str, letters: ImageFont.FreeTypeFont, rng: np.random.Generator, style: Style
) -> tuple[Image.Image, float]:
    """One letter as a mask, turned and scaled by itself; its origin is a third in, two thirds down."""
    size = letters.size
    side = round(size * 3)
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).text((side / 3, side * 2 / 3), letter, 255, letters, anchor="ls")
    grow = 1 + rng.normal(0, style.jitter, 2)
    turn = np.radians(rng.normal(0, style.turn))
    cos, sin = np.cos(turn), np.sin(turn)
    inverse = np.linalg.inv(np.array([[cos * grow[0], -sin * grow[1]], [sin * grow[0], cos * grow[1]]]))
    origin = np.array([side / 3, side * 2 / 3])
    shift = origin - inverse @ origin
    data = (inverse[0, 0], inverse[0, 1], shift[0], inverse[1, 0], inverse[1, 1], shift[1])
    return mask.transform(mask.size, Image.Transform.AFFINE, data, Image.Resampling.BICUBIC), letters.getlength(
        letter
    ) * grow[0]


def handwriting(written: str, face: str, style: Style, seed: int) -> Image.Image:
    """A sheet written by hand, nearly."""
    rng = np.random.default_rng(seed)
    size = round((SIZES | UNSEEN_SIZES)[face] * 1.25 * style.scale)
    letters = font(face, size)
    lines = written.splitlines()
    step = size * style.step
    longest = max(letters.getlength(line) for line in lines)
    rise = longest * np.tan(np.radians(abs(style.slope) + style.fan))
    width, height = round(longest * 1.06 + 200), round(step * len(lines) + 160 + 1.5 * rise + size)
    paper = Image.new("RGB", (width, height), (250, 248, 242))
    top = 90 + size + rise * (1 if style.slope > 0 else 0.3)
    draw_paper(paper, style.paper, step, top + 4)
    ink = np.zeros((height, width), np.float32)
    for number, line in enumerate(lines):
        slope = np.tan(np.radians(style.slope + rng.normal(0, style.fan)))
        x, y = 100 + rng.uniform(0, size / 2), top + step * number
        wave = smooth_noise(rng, len(line), 6) * style.wave * size
        force = 1 - style.pressure * np.clip(smooth_noise(rng, len(line), 4) + 0.5, 0, 1)
        start = x
        for i, letter in enumerate(line):
            if letter == " ":
                x += letters.getlength(" ") * (1.25 + abs(rng.normal(0, 0.3)))
                continue
            mask, advance = glyph(letter, letters, rng, style)
            side = mask.width
            place_x = round(x - side / 3 + rng.normal(0, style.jitter) * size)
            place_y = round(y - (x - start) * slope + wave[i] - side * 2 / 3 + rng.normal(0, style.jitter) * size)
            put(ink, np.asarray(mask, np.float32) / 255 * force[i], place_x, place_y)
            x += advance
    ink = warped(ink, rng, size)
    color = np.array(style.ink, np.float32)
    pixels = np.asarray(paper, np.float32) * (1 - ink[:, :, None]) + color * ink[:, :, None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def put(ink: np.ndarray, mask: np.ndarray, x: int, y: int) -> None:
    left, top = max(0, x), max(0, y)
    right, bottom = min(ink.shape[1], x + mask.shape[1]), min(ink.shape[0], y + mask.shape[0])
    if right > left and bottom > top:
        part = ink[top:bottom, left:right]
        np.maximum(part, mask[top - y : bottom - y, left - x : right - x], out=part)


def smooth_field(knots: np.ndarray, width: int, height: int) -> np.ndarray:
    return cv2.resize(knots.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)


def warped(ink: np.ndarray, rng: np.random.Generator, size: int) -> np.ndarray:
    """Strokes bent by a slow random field, so that no letter is the same twice."""
    height, width = ink.shape
    fields = []
    for grain, amount in ((0.5, 0.045), (1.2, 0.06)):
        shape = (2, max(2, round(height / (size * grain))), max(2, round(width / (size * grain))))
        fields.append([smooth_field(knots, width, height) for knots in rng.normal(0, amount * size, shape)])
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    dx, dy = (sum(field[i] for field in fields) for i in (0, 1))
    return cv2.remap(ink, x + dx, y + dy, cv2.INTER_LINEAR)


def seen(image: Image.Image, how: str, seed: int) -> Image.Image:
    """The sheet as a camera or a scanner has it."""
    rng = np.random.default_rng(seed)
    if how == "small":
        return jpeg(image.resize((image.width * 9 // 20, image.height * 9 // 20), Image.Resampling.BOX), 70)
    if how == "photographed":
        width, height = image.size
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        moved = (corners + 80 + rng.uniform(-0.05, 0.05, (4, 2)) * (width, height)).astype(np.float32)
        matrix = cv2.getPerspectiveTransform(corners, moved)
        shot = cv2.warpPerspective(
            np.asarray(image), matrix, (width + 160, height + 160), flags=cv2.INTER_CUBIC, borderValue=(90, 70, 55)
        )
        image = shadowed(Image.fromarray(shot))
    noisy = np.asarray(image, float) + rng.normal(0, 4, (image.height, image.width, 1))
    return jpeg(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)), 80)


def pages(
    names: tuple[str, ...], kind: str, faces: tuple[str, ...], conditions: Iterable[str], texts: Iterable[str] = ()
) -> Iterator[Page]:
    """Each text in each condition, in hands that change from page to page; of all texts, or of some."""
    turns = [(condition, name) for condition in STYLES for name in names]
    for turn, (condition, name) in enumerate(turns):
        if condition not in conditions or name not in (texts or names):
            continue
        face = faces[turn % len(faces)]
        seed = zlib.crc32(f"{condition}-{name}-{face}".encode())
        sheet = handwriting(text(name), face, STYLES[condition], seed)
        yield Page(kind, condition, f"{name}-{face}", seen(sheet, STYLES[condition].seen, seed), text(name))


def notes(conditions: Iterable[str] = tuple(STYLES), texts: Iterable[str] = ()) -> Iterator[Page]:
    """English notes: four in each condition, 24 in all."""
    return pages(ENGLISH, "notes", ENGLISH_HANDS, conditions, texts)


def french(conditions: Iterable[str] = tuple(STYLES), texts: Iterable[str] = ()) -> Iterator[Page]:
    """French pages: four in each condition, 24 in all."""
    return pages(FRENCH, "french", tuple(SIZES), conditions, texts)


def unseen_notes(conditions: Iterable[str] = tuple(STYLES)) -> Iterator[Page]:
    """English notes that nothing was tuned on: other texts, other hands. 24 in all."""
    return pages(UNSEEN_ENGLISH, "unseen notes", tuple(UNSEEN_SIZES), conditions)


def unseen_french(conditions: Iterable[str] = tuple(STYLES)) -> Iterator[Page]:
    """French pages that nothing was tuned on: other texts, other hands. 24 in all."""
    return pages(UNSEEN_FRENCH, "unseen french", tuple(UNSEEN_SIZES), conditions)


def codes(conditions: Iterable[str] = ("scanned", "pencil", "photographed", "small")) -> Iterator[Page]:
    """Codes, names, numbers and misspelt words: what is written must be read, not what a word list would like."""
    return pages(("codes",) * 4, "codes", tuple(UNSEEN_SIZES), conditions)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for each in (*notes(), *french(), *unseen_notes(), *unseen_french(), *codes()):
        each.image.save(folder / f"{each.name}.png")
