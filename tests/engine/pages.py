"""Test pages: texts written with open fonts onto paper, tilted, photographed, blurred; the truth is the text.

    python -m tests.engine.pages FOLDER      writes all of them as PNG files, to be looked at

Everything is drawn from the files beside this one and from fixed seeds, so pages are the same each time.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).parent
PRINT = ("open-sans", "source-serif-4")
HANDS = ("caveat", "kalam", "reenie-beanie", "homemade-apple", "patrick-hand")
HAND_SIZES = {"caveat": 44, "kalam": 36, "reenie-beanie": 50, "homemade-apple": 34, "patrick-hand": 40}


@dataclass(frozen=True)
class Page:
    """A picture of a page and what is written on it."""

    kind: str
    condition: str
    font: str
    image: Image.Image
    text: str

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.condition}-{self.font}"


def text(name: str) -> str:
    return (HERE / "texts" / f"{name}.txt").read_text("utf-8").strip()


def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(HERE / "fonts" / f"{name}-latin-400-normal.woff2"), size)


def sheet(written: str, face: str, size: int, ruled: bool = False, ink: str = "black") -> Image.Image:
    """A sheet of paper with lines of text."""
    lines = written.splitlines()
    letters = font(face, size)
    step = round(size * 1.7)
    width = max(round(letters.getlength(line)) for line in lines) + 160
    paper = Image.new("RGB", (width, step * len(lines) + 160), "#fdfcf7" if ruled else "white")
    draw = ImageDraw.Draw(paper)
    for i, line in enumerate(lines):
        baseline = 80 + round(step * (i + 0.75))
        if ruled:
            draw.line((0, baseline + 4, width, baseline + 4), "#b9cbe4", 2)
        draw.text((80, baseline), line, ink, letters, anchor="ls")
    if ruled:
        draw.line((60, 0, 60, paper.height), "#e6a5a5", 2)
    return paper


def tilted(image: Image.Image, degrees: float) -> Image.Image:
    """Turned counter-clockwise on a white ground, which grows with it."""
    return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def shadowed(image: Image.Image) -> Image.Image:
    """A shadow across the right lower half, as of an arm."""
    width, height = image.size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = 1 - 0.45 / (1 + np.exp(-12 * (x * 0.6 + y * 0.6 - 0.7)))
    return Image.fromarray((np.asarray(image) * light[:, :, None]).astype(np.uint8))


def photographed(image: Image.Image, seed: int) -> Image.Image:
    """Seen from the side on a dark table, in uneven light, with noise, a little out of focus, as a JPEG."""
    rng = np.random.default_rng(seed)
    width, height = image.size
    margin = 60
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + margin + rng.uniform(-0.035, 0.035, (4, 2)).astype(np.float32) * (width, height)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    size = (width + 2 * margin, height + 2 * margin)
    seen = cv2.warpPerspective(np.asarray(image), matrix, size, flags=cv2.INTER_CUBIC, borderValue=(74, 62, 52))
    lit = np.asarray(shadowed(Image.fromarray(seen)), float)
    noisy = np.clip(lit + rng.normal(0, 7, lit.shape), 0, 255).astype(np.uint8)
    return jpeg(Image.fromarray(noisy).filter(ImageFilter.GaussianBlur(0.8)), 60)


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def printed(step: int = 1) -> Iterator[Page]:
    """Three texts in two fonts, each in six conditions: 36 pages; 18 with a step of 2, in which the fonts alternate."""
    for number, name in enumerate(("letter", "recipe", "rocket")):
        for face in PRINT[number % step :: step]:
            page = sheet(text(name), face, 26)
            conditions = {
                "clean": page,
                "tilted": tilted(page, 7 if number % 2 else -7),
                "turned-90": page.transpose(Image.Transpose.ROTATE_90),
                "turned-180": page.transpose(Image.Transpose.ROTATE_180),
                "turned-270": page.transpose(Image.Transpose.ROTATE_270),
                "photographed": photographed(page, number),
            }
            for condition, image in conditions.items():
                yield Page("printed", condition, f"{name}-{face}", image, text(name))


def handwritten(step: int = 1) -> Iterator[Page]:
    """Two texts in five hands, each in four conditions: 40 pages; 20 with a step of 2, in which the texts alternate."""
    for number, name in enumerate(("note", "diary")):
        for face in HANDS[number % step :: step]:
            page = sheet(text(name), face, HAND_SIZES[face], ruled=True, ink="#1f2f5c")
            half = page.resize((page.width // 2, page.height // 2), Image.Resampling.BOX)
            conditions = {
                "ruled": page,
                "blurred": page.filter(ImageFilter.GaussianBlur(1.6)),
                "shadow": photographed(page, 10 + number),
                "half": jpeg(half, 75),
            }
            for condition, image in conditions.items():
                yield Page("handwritten", condition, f"{name}-{face}", image, text(name))


def character_errors(read: str, truth: str) -> int:
    """Levenshtein distance of two texts; line breaks count as spaces.

    >>> character_errors("kitten", "sitting")
    3
    """
    a, b = " ".join(read.split()), " ".join(truth.split())
    row = np.arange(len(b) + 1)
    codes = np.frombuffer(b.encode("utf-32-le"), np.uint32)
    for i, char in enumerate(a, 1):
        changed = row[:-1] + (codes != ord(char))
        best = np.concatenate([[i], np.minimum(row[1:] + 1, changed)])
        # an insertion costs 1 for each place to the right of the best
        row = np.minimum.accumulate(best - np.arange(best.size)) + np.arange(best.size)
    return int(row[-1])


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for each in (*printed(), *handwritten()):
        each.image.save(folder / f"{each.name}.png")
