"""Draw the two stand-ins that carry words: a printed quotation and two handwritten sentences.

Each word is drawn where the recorded answer says that the service found it, so that the recorded boxes
fit the drawing as they once fitted the photograph.
"""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageStat

from .brushes import SAMPLES, Point, font, noise, shade

POSTER_SIZE = (338, 490)
NOTEBOOK_SIZE = (800, 170)
FINE = 4  # handwriting is drawn this many times larger, then made smaller, so that its edges are smooth


@dataclass(frozen=True)
class Word:
    """A word, the four corners of its place, and the four corners of its line's place."""

    text: str
    corners: tuple[Point, ...]
    line: tuple[Point, ...]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the smallest upright box around the word's corners."""
        across = [x for x, _ in self.corners]
        down = [y for _, y in self.corners]
        return int(min(across)), int(min(down)), int(max(across)), int(max(down))


# ---------------------------------------------------------------- the recorded answers


def recorded_answer(name: str) -> dict[str, Any]:
    """The JSON that the service once gave."""
    recording = json.loads((SAMPLES / "recordings" / f"{name}.json").read_text(encoding="utf-8"))
    answer: dict[str, Any] = recording["response"]["body"]["json"]
    return answer


def corners_of_box(text: str) -> tuple[Point, ...]:
    """The four corners of a box written as "left,top,width,height".

    >>> corners_of_box("10,20,5,8")
    ((10, 20), (15, 20), (15, 28), (10, 28))
    """
    left, top, width, height = (int(number) for number in text.split(","))
    return (left, top), (left + width, top), (left + width, top + height), (left, top + height)


def corners_of_polygon(numbers: list[int]) -> tuple[Point, ...]:
    """The four corners of a polygon written as eight numbers: x, y, x, y and so on.

    >>> corners_of_polygon([0, 1, 9, 1, 9, 5, 0, 5])
    ((0, 1), (9, 1), (9, 5), (0, 5))
    """
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def printed_words() -> list[Word]:
    """The words of the quotation and their boxes."""
    return [
        Word(word["text"], corners_of_box(word["boundingBox"]), corners_of_box(line["boundingBox"]))
        for region in recorded_answer("printed-text")["regions"]
        for line in region["lines"]
        for word in line["words"]
    ]


def written_words() -> list[Word]:
    """The words of the two pangrams and their polygons."""
    return [
        Word(word["text"], corners_of_polygon(word["boundingBox"]), corners_of_polygon(line["boundingBox"]))
        for line in recorded_answer("handwritten-text-3-succeeded")["recognitionResult"]["lines"]
        for word in line["words"]
    ]


# ---------------------------------------------------------------- ink and where it may be


def area(size: tuple[int, int], corners: tuple[Point, ...]) -> Image.Image:
    """White inside the four corners, black outside."""
    inside = Image.new("L", size, 0)
    ImageDraw.Draw(inside).polygon(list(corners), fill=255)
    return inside


def stray_ink(ink: Image.Image, corners: tuple[Point, ...]) -> int:
    """How many pixels of the ink lie outside the four corners."""
    outside = ImageChops.invert(area(ink.size, corners))
    marked = ink.point(lambda value: 255 if value else 0)
    return round(ImageStat.Stat(ImageChops.darker(marked, outside)).sum[0] / 255)


def placed(ink: Image.Image, size: tuple[int, int], left: int, top: int) -> Image.Image:
    """A picture of this size, empty but for the ink."""
    page = Image.new("L", size, 0)
    page.paste(ink, (left, top))
    return page


def cropped(ink: Image.Image) -> Image.Image:
    """The ink without the empty edges around it."""
    box = ink.getbbox()
    assert box is not None, "there is no ink here"
    return ink.crop(box)


# ---------------------------------------------------------------- the printed quotation


def printed_letters(text: str, tracking: float) -> Image.Image:
    """The word in large letters, with so many extra pixels between them."""
    capitals = text.isupper()
    face = font("Cinzel-Bold" if capitals else "EBGaramond-SemiBoldItalic", 400)
    width = round(face.getlength(text) + abs(tracking) * len(text)) + 400
    ink = Image.new("L", (width, 800), 0)
    draw = ImageDraw.Draw(ink)
    for number, letter in enumerate(text):
        pen = face.getlength(text[: number + 1]) - face.getlength(letter) + number * tracking
        draw.text((150 + pen, 500), letter, font=face, fill=255, anchor="ls")
    return cropped(ink)


def printed_ink(word: Word) -> Image.Image:
    """The word alone on the poster. Its ink fills the recorded box, edge to edge."""
    left, top, right, bottom = word.box
    plain = printed_letters(word.text, tracking=0)
    wanted = plain.height * (right - left) / (bottom - top)
    tracking = (wanted - plain.width) / max(len(word.text) - 1, 1)
    spaced = printed_letters(word.text, tracking=min(max(tracking, -12.0), 40.0))
    fitted = spaced.resize((right - left, bottom - top), Image.Resampling.BOX)
    return placed(fitted, POSTER_SIZE, left, top)


def ornament(draw: ImageDraw.ImageDraw, centre: Point, radius: float) -> None:
    """A small atom: a ring of dots around a dot, in a quiet colour."""
    x, y = centre
    draw.ellipse((x - 5 * FINE, y - 5 * FINE, x + 5 * FINE, y + 5 * FINE), fill=(196, 128, 84))
    for number in range(24):
        angle = number * math.tau / 24
        size = (1.0 + 1.2 * (number % 6 == 0)) * FINE
        dot = (x + radius * FINE * math.cos(angle), y + radius * FINE * math.sin(angle) * 0.62)
        draw.ellipse((dot[0] - size, dot[1] - size, dot[0] + size, dot[1] + size), fill=(214, 184, 146))


def poster() -> Image.Image:
    """The empty poster: warm paper, a thin frame, a rule with a dot, and an ornament."""
    large = Image.new("RGB", (POSTER_SIZE[0] * FINE, POSTER_SIZE[1] * FINE), (246, 237, 217))
    draw = ImageDraw.Draw(large)
    width, height = large.size
    draw.rectangle((6 * FINE, 6 * FINE, width - 6 * FINE, height - 6 * FINE), outline=(201, 164, 118), width=3)
    middle, rule = width // 2, 372 * FINE
    for start, end in ((60 * FINE, middle - 9 * FINE), (middle + 9 * FINE, width - 60 * FINE)):
        draw.line((start, rule, end, rule), fill=(201, 164, 118), width=3)
    draw.ellipse((middle - 10, rule - 10, middle + 10, rule + 10), fill=(196, 128, 84))
    ornament(draw, (72 * FINE, 449 * FINE), 32)
    paper = large.resize(POSTER_SIZE, Image.Resampling.LANCZOS)
    return shade(paper, noise(POSTER_SIZE, (60, 70), random.Random(2)), 0.96)


def democritus() -> Image.Image:
    """The quotation as a poster, each word in its recorded box."""
    picture = poster()
    for word in printed_words():
        colour = (43, 30, 24) if word.text not in ("ATOMS", "EMPTY", "SPACE.") else (150, 52, 20)
        picture.paste(colour, mask=printed_ink(word))
    return picture


# ---------------------------------------------------------------- the handwritten pangrams


def side(first: Point, second: Point, share: float) -> Point:
    """A point between two points."""
    return first[0] + (second[0] - first[0]) * share, first[1] + (second[1] - first[1]) * share


def slope(line: tuple[Point, ...]) -> float:
    """How far the line rises, in degrees."""
    (left, top), (right, other) = line[0], line[1]
    return math.degrees(math.atan2(top - other, right - left))


def written_letters(text: str, size: float, rise: float, rng: random.Random) -> tuple[Image.Image, Point]:
    """The word as a hand writes it, no two letters quite alike, and where its baseline begins."""
    face = font("Caveat-Medium", size)
    start = (size, size * 1.6)
    sheet = Image.new("L", (round(face.getlength(text) + size * 2), round(size * 3)), 0)
    for number, letter in enumerate(text):
        pen = start[0] + face.getlength(text[: number + 1]) - face.getlength(letter)
        drop = rng.uniform(-0.018, 0.018) * size
        layer = Image.new("L", sheet.size, 0)
        ImageDraw.Draw(layer).text((pen, start[1] + drop), letter, font=face, fill=255, anchor="ls")
        tilt = rng.uniform(-2.0, 2.0)
        layer = layer.rotate(tilt, Image.Resampling.BICUBIC, center=(pen, start[1]))
        sheet = ImageChops.lighter(sheet, layer)
    return sheet.rotate(rise, Image.Resampling.BICUBIC, center=start), start


SHARES = (0.72, 0.70, 0.74, 0.68, 0.76, 0.66, 0.78)
"""How far down in its line a baseline may stand."""


def written_ink(word: Word) -> Image.Image:
    """The word alone on the page."""
    return written_page()[word]


@cache
def written_page() -> dict[Word, Image.Image]:
    """The ink of each word. The words of a line stand on one baseline, which slants as the line's polygon does."""
    lines: dict[tuple[Point, ...], list[Word]] = {}
    for word in written_words():
        lines.setdefault(word.line, []).append(word)
    return {word: ink for words in lines.values() for word, ink in written_line(words, list(lines)).items()}


def written_line(words: list[Word], lines: list[tuple[Point, ...]]) -> dict[Word, Image.Image]:
    """The ink of the words of one line."""
    for share in SHARES:
        inks = {word: ink for word in words if (ink := fitting_ink(word, share, lines))}
        if len(inks) == len(words):
            return inks
    raise ValueError(f"the words {[word.text for word in words]} don't fit into their polygons")


def fitting_ink(word: Word, share: float, lines: list[tuple[Point, ...]]) -> Image.Image | None:
    """The word alone on the page: as large as its line allows, and smaller if its polygon asks for that, or None.

    Where the edges of other lines' polygons pass through the word, its small letters stand between them: else the
    figure that draws these polygons would strike the word out.
    """
    middle = side(side(word.corners[0], word.corners[1], 0.5), side(word.corners[3], word.corners[2], 0.5), 0.5)
    left = word.line[0][0]
    at_the_edge = word.corners[0][0] == word.corners[3][0] == 0  # the page's edge cuts the polygon off
    above, below = height_at(middle[0], word.line[:2]), height_at(middle[0], (word.line[3], word.line[2]))
    foot, largest = above + share * (below - above), min(54, round((below - above) * 1.12))
    edges = crossing(word, lines)
    if len(edges) == 2:
        foot, largest = edges[1] - 5, round((edges[1] - edges[0] - 9) / SMALL_LETTERS)
    for size in range(largest, largest // 2, -1):
        letters, baseline = fitted_letters(word, size)
        start = left + 4 if at_the_edge else middle[0] - letters.width / 2
        ink = placed(letters, NOTEBOOK_SIZE, round(start), round(foot - baseline))
        if not stray_ink(ink, word.corners) and not stray_ink(ink, word.line):
            return ink
    return None


SMALL_LETTERS = 0.36
"""The height of the letter o, as a share of the size of the font."""


def height_at(x: float, edge: tuple[Point, ...]) -> float:
    """How far down an edge from left to right is at x."""
    (left, start), (right, end) = edge
    return start + (end - start) * (x - left) / (right - left)


def crossing(word: Word, lines: list[tuple[Point, ...]]) -> list[float]:
    """How far down the edges of other lines' polygons pass through the middle of a line of one word."""
    if word.corners[1][0] < word.line[1][0] - 20:
        return []  # a word of a longer line
    left, top, right, bottom = word.box
    edges = [edge for line in lines if line != word.line for edge in (line[:2], (line[3], line[2]))]
    heights = sorted(height_at((left + right) / 2, edge) for edge in edges)
    return [height for height in heights if top < height < bottom]


def fitted_letters(word: Word, size: float) -> tuple[Image.Image, float]:
    """The word's letters, narrower than their place, and how far below their top the baseline is."""
    rise = slope(word.line)
    sheet, start = written_letters(word.text, size * FINE, rise, random.Random(f"{word.text} {word.corners}"))
    left, top, right, bottom = sheet.getbbox() or (0, 0, 1, 1)
    place = min(word.corners[1][0] - word.corners[0][0], word.corners[2][0] - word.corners[3][0])
    room = place - min(30.0, place * 0.34)
    natural = (right - left) / FINE
    width = natural * min(max(room / natural, 0.74), 1.12)
    letters = sheet.crop((left, top, right, bottom)).resize(
        (round(width), round((bottom - top) / FINE)), Image.Resampling.BOX
    )
    baseline = (start[1] - top) / FINE - math.tan(math.radians(rise)) * natural / 2
    return letters, baseline


def notebook() -> Image.Image:
    """An empty notebook page with ruled lines, not quite straight, as in a photograph."""
    width, height = NOTEBOOK_SIZE[0] * FINE, NOTEBOOK_SIZE[1] * FINE
    large = Image.new("RGB", (width, height), (250, 247, 239))
    draw = ImageDraw.Draw(large)
    for number in range(-1, 4):
        left = (47 + 42 * number) * FINE
        right = (50 + 42 * number) * FINE
        draw.line((0, left, width, right), fill=(170, 200, 226), width=5)
    page = large.resize(NOTEBOOK_SIZE, Image.Resampling.LANCZOS)
    page = shade(page, noise(NOTEBOOK_SIZE, (270, 110), random.Random(5)), 0.92)
    return shade(page, noise(NOTEBOOK_SIZE, (2, 2), random.Random(6)), 0.985)


def pangrams() -> Image.Image:
    """Two pangrams in blue ink on ruled paper, each word in its recorded polygon."""
    picture = notebook()
    ink = shade(Image.new("RGB", NOTEBOOK_SIZE, (38, 62, 150)), noise(NOTEBOOK_SIZE, (9, 30), random.Random(7)), 0.6)
    for word in written_words():
        picture.paste(ink, mask=written_ink(word))
    return picture
