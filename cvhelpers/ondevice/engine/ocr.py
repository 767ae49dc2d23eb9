"""OCR: find the lines of text in a picture and read them.

Models of PP-OCRv6 do the work. The *detector* gives each pixel a probability of lying in the middle of
a line; blobs of it become rotated rectangles, which are grown to the size of the letters (differentiable
binarization, arXiv:1911.08947). The *recogniser* reads a line, flattened and 48 pixels high: for each step
of 8 pixels it gives each character of its alphabet a probability, from which `decoding` makes the text.
There are two recognisers: the quick one reads every line, the careful one, five times slower, reads again
what the quick one was unsure of. At last, words that are none are read once more with a `lexicon`.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from . import bands, decoding, geometry, language, lexicon, models
from .bands import Band
from .decoding import UNKNOWN_STEPS, Character, Steps
from .geometry import Quad
from .pixels import Pixels, resized

DETECTION_PIXELS = 500_000  # a picture is shrunk to about this size to find its lines
CLOSER_PIXELS = 1_200_000  # the same for a second look at a page of small lines
MANY_LINES, SMALL_LINE = 6, 36  # a page has so many lines; they are small below so many pixels
WORTHWHILE = 1.1  # a second look must be closer by this factor
# Of ImageNet's pictures: red, green, blue.
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)

LINE_HEIGHT = 48
LONGEST_LINE = 3200
PROBE = 4  # so many lines, the longest, tell how a page is turned and how hard it is to read
HOPELESS = 0.85  # when the quick model reads them less surely than this, it is not asked for the others
PLAUSIBLE = 0.5  # what the quick model reads less surely than this is hardly text
READ_UPRIGHT = 0.9  # lines read as surely as this stand upright: no need to try another way
SURE = 0.97  # a line that the quick model read as surely as this is not read again by the careful one
HARD = 0.9  # a line that the careful model read less surely than this is read again without its margins
MARGIN = 0.1  # at the top and at the bottom, as a part of the height
INK_SHARE = 2  # percent of the values of a line's pixels that are surely ink
LIGHT, COLORED = 110, 64  # paper is at least so light; its red, green and blue differ at most by so much
LEAST_CONTRAST = 30  # ink is darker than paper by so much
DARK, LEAST_GAIN, MOST_GAIN = 200, 1.2, 3.0  # so much darker than paper is ink made, if that takes such a gain
TEXT, TEXT_ALONE = 0.6, 0.9  # below this confidence it is no text; the same for a single character


@dataclass(frozen=True)
class TextLine:
    """A line as it was read. `band` begins where the line begins."""

    band: Band
    flat: Pixels
    characters: tuple[Character, ...]
    steps: Steps = UNKNOWN_STEPS

    @property
    def text(self) -> str:
        return "".join(c.text for c in self.characters).strip()

    @property
    def confidence(self) -> float:
        """Mean over the letters, digits and signs; 0 for an empty line."""
        sure = [c.confidence for c in self.characters if c.text != " "]
        return float(np.mean(sure)) if sure else 0.0

    @property
    def is_text(self) -> bool:
        """Whether this is rather text than a pattern. One character alone must be a letter or digit, and surer."""
        return (len(self.text) > 1 or self.text.isalnum()) and self.confidence >= (
            TEXT if len(self.text) > 1 else TEXT_ALONE
        )


class Reader:
    """Finds and reads lines."""

    def __init__(self) -> None:
        self.detector = models.load("text_detection")
        self.quick = Recognizer("text_recognition_tiny")
        self.careful = Recognizer("text_recognition_small")

    def lines(
        self, pixels: Pixels, orientation: bool = True, thorough: bool = True, found: list[Band] | None = None
    ) -> list[TextLine]:
        """All lines of a picture, in no particular order, each begun where its text begins.

        Less than `thorough` is for a picture that may well be without text: what the quick model can't make out
        is left at that. `found` are its bands, longest first, if they are known already.
        """
        if max(pixels.shape[:2]) > bands.LONGEST_SIDE / 2:
            return self.shrunk_lines(pixels, orientation, thorough)
        found = self.longest_first(pixels) if found is None else found
        if not found:
            return []
        angle, probe = self.find_direction(pixels, found[:PROBE], orientation, paper=thorough)
        sure = mean_confidence(probe)
        least = 0.0 if thorough else PLAUSIBLE
        if orientation and least <= sure < READ_UPRIGHT:
            angle = self.look_sideways(pixels, angle, sure, paper=thorough)
        if abs(angle) == math.pi / 2:
            return self.sideways_lines(pixels, angle)
        if thorough and sure < SURE and (scale := closer(found, pixels)):
            found, probe = self.detect(pixels, scale), []
        if not thorough or sure >= HOPELESS:
            probe += self.recognize(self.quick, pixels, found[len(probe) :], angle, paper=thorough)
        lines = [line for line in probe if line.confidence >= SURE]
        unsure = [line.band for line in probe if least <= line.confidence < SURE] + found[len(probe) :]
        lines += self.read_again(self.recognize(self.careful, pixels, unsure, angle, paper=thorough), paper=thorough)
        return spelt([line for line in self.stand_up(pixels, lines, paper=thorough) if line.is_text])

    def shrunk_lines(self, pixels: Pixels, orientation: bool, thorough: bool) -> list[TextLine]:
        """The lines of a picture that is too long to be warped."""
        height, width = pixels.shape[:2]
        scale = bands.LONGEST_SIDE / 2 / max(width, height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        lines = self.lines(resized(pixels, *size), orientation, thorough)
        return [replace(line, band=line.band.scaled(width / size[0], height / size[1])) for line in lines]

    def longest_first(self, pixels: Pixels) -> list[Band]:
        return sorted(self.detect(pixels), key=lambda band: -max(band.size))

    def look_sideways(self, pixels: Pixels, angle: float, confidence: float, paper: bool) -> float:
        """The direction in which the page is read surely, if it lies on its side, else `angle`.

        Large letters one below the other can look like lines across; only reading them tells.
        """
        quads = self.longest_first(side := np.ascontiguousarray(np.rot90(pixels)))
        turned, lines = self.find_direction(side, quads[:3], paper=paper)
        if mean_confidence(lines) < max(READ_UPRIGHT, confidence) or turned not in (0.0, math.pi):
            return angle
        return math.pi / 2 if turned == 0.0 else -math.pi / 2

    def sideways_lines(self, pixels: Pixels, angle: float) -> list[TextLine]:
        """The lines of a page that lies on its side. It is set upright first: lines are found best that way."""
        height, width = pixels.shape[:2]
        down = angle > 0
        lines = self.lines(np.ascontiguousarray(np.rot90(pixels, 1 if down else -1)), orientation=False)

        def back(quad: Quad) -> Quad:
            x, y = quad.T
            return np.stack([width - y, x] if down else [y, height - x], axis=1).astype(quad.dtype)

        return [replace(line, band=replace(line.band, quad=back(line.band.quad))) for line in lines]

    # --- finding -------------------------------------------------------------------------------------------

    def detect(self, pixels: Pixels, scale: float | None = None) -> list[Band]:
        """Bands round lines of text, each with its top within 45 degrees of the horizontal."""
        height, width = pixels.shape[:2]
        scale = scale or scale_to(pixels, DETECTION_PIXELS)
        small_width, small_height = (max(32, round(side * scale / 32) * 32) for side in (width, height))
        small = resized(pixels, small_width, small_height)
        (output,) = self.detector.run(None, {"x": normalized(small)})
        x, y = width / small_width, height / small_height
        return [band.scaled(x, y) for band in bands.find(np.asarray(output)[0, 0])]

    def find_direction(
        self, pixels: Pixels, found: list[Band], orientation: bool = True, *, paper: bool
    ) -> tuple[float, list[TextLine]]:
        """The direction in which most of the text runs, in radians: 0 to the right, pi/2 down ...

        Whether lines run across or up and down is seen from the shape of the longest, `found`; which of the
        two ways, by reading them both ways and comparing how sure the recogniser is. Returns them as read.
        Without `orientation` they run to the right.
        """
        across = not orientation or sum(1 if width >= height else -1 for width, height in (b.size for b in found)) > 0
        first, second = (0.0, math.pi) if across else (math.pi / 2, -math.pi / 2)
        lines = self.recognize(self.quick, pixels, found, first, paper)
        if not orientation or mean_confidence(lines) >= READ_UPRIGHT:
            return first, lines
        others = self.recognize(self.quick, pixels, found, second, paper)
        return (first, lines) if mean_confidence(lines) >= mean_confidence(others) else (second, others)

    # --- reading -------------------------------------------------------------------------------------------

    def recognize(
        self, model: Recognizer, pixels: Pixels, found: list[Band], angle: float, paper: bool
    ) -> list[TextLine]:
        """Read each quad in the direction nearest to `angle`; what may be `paper` gets contrast."""

        def read(band: Band) -> TextLine:
            facing = band.facing(angle)
            flat = facing.flattened(pixels)
            return TextLine(facing, flat, *model.read(to_strip(flat, paper)))

        with ThreadPoolExecutor(models.THREADS) as pool:
            return list(pool.map(read, found))

    def read_again(self, lines: list[TextLine], paper: bool) -> list[TextLine]:
        """The lines; those that are hard to read are read once more without their margins: the surer reading counts."""

        def read(line: TextLine) -> TextLine:
            height, width = line.flat.shape[:2]
            if line.confidence >= HARD or width < 2 * height:
                return line
            margin = round(MARGIN * height)
            characters, steps = self.careful.read(to_strip(line.flat[margin : height - margin], paper))
            other = replace(line, characters=characters, steps=steps)
            return max(line, other, key=lambda way: way.confidence)

        with ThreadPoolExecutor(models.THREADS) as pool:
            return list(pool.map(read, lines))

    def stand_up(self, pixels: Pixels, lines: list[TextLine], paper: bool) -> list[TextLine]:
        """A tall narrow box on an upright page is a line of its own direction: the surest reading counts."""
        stood = []
        for line in lines:
            width, height = line.band.size
            if height >= 1.5 * width and len(line.text) != 1:
                angle = geometry.direction(line.band.quad)
                for quarter in (math.pi / 2, -math.pi / 2):
                    (other,) = self.recognize(self.careful, pixels, [line.band], angle + quarter, paper)
                    line = max(line, other, key=lambda way: way.confidence)
            stood.append(line)
        return stood


def mean_confidence(lines: list[TextLine]) -> float:
    return float(np.mean([line.confidence for line in lines])) if lines else 0.0


def normalized(small: Pixels) -> NDArray[np.float32]:
    """A picture as the detector takes it: shape (1, 3, height, width), blue first, as it was trained."""
    batch = np.empty((1, 3, *small.shape[:2]), np.float32)
    for i, (mean, deviation) in enumerate(zip(MEAN, DEVIATION, strict=True)):
        np.multiply(small[:, :, 2 - i], 1 / (255 * deviation), out=batch[0, i])
        batch[0, i] -= mean / deviation
    return batch


def scale_to(pixels: Pixels, area: int) -> float:
    """By how much to shrink a picture so that it has at most so many pixels."""
    return min(1.0, math.sqrt(area / (pixels.shape[0] * pixels.shape[1])))


def closer(found: list[Band], pixels: Pixels) -> float | None:
    """The scale for a second, closer look at a page of many small lines; None where that would gain nothing."""
    height = float(np.median([min(band.size) for band in found]))
    first = scale_to(pixels, DETECTION_PIXELS)
    if len(found) < MANY_LINES or height * first >= SMALL_LINE:
        return None
    scale = min(SMALL_LINE / height, scale_to(pixels, CLOSER_PIXELS))
    return scale if scale > WORTHWHILE * first else None


class Recognizer:
    """One of the two models that read lines."""

    def __init__(self, name: str) -> None:
        self.model = models.load(name, unpack=True, threads=1)  # lines are read beside each other
        alphabet = self.model.get_modelmeta().custom_metadata_map["character"]
        self.alphabet = ["", *alphabet.splitlines(), " "]  # 0 is CTC's blank

    def read(self, strip: NDArray[np.float32]) -> tuple[tuple[Character, ...], Steps]:
        """Read a strip of shape (48, width, 3), -1 to 1: what stands there, and what else might."""
        width = strip.shape[1]
        padded = max(320, math.ceil(width / 32) * 32)
        batch = np.zeros((1, 3, LINE_HEIGHT, padded), np.float32)
        batch[0, :, :, :width] = strip.transpose(2, 0, 1)
        (output,) = self.model.run(None, {"x": batch})
        said = np.asarray(output)[0]
        best = decoding.plain(said)
        return (
            tuple(Character(self.alphabet[i], sure, min(1.0, place * padded / width)) for i, sure, place in best),
            Steps(decoding.choices(said, self.alphabet), len(said) * width / padded),
        )


def spelt(lines: list[TextLine]) -> list[TextLine]:
    """The lines, read with the lexicon of their language if there is one."""
    known = lexicon.of_language(language.guess(" ".join(line.text for line in lines)))
    if not known:
        return lines
    return [replace(line, characters=decoding.spelt(line.characters, line.steps, known)) for line in lines]


def to_strip(flat: Pixels, paper: bool) -> NDArray[np.float32]:
    """A flattened line as the recogniser takes it: 48 pixels high, blue, green, red, -1 to 1."""
    height, width = flat.shape[:2]
    flat = contrasted(flat) if paper else flat
    width = min(LONGEST_LINE, max(16, math.ceil(LINE_HEIGHT * width / height)))
    return resized(flat, width, LINE_HEIGHT)[:, :, ::-1].astype(np.float32) / np.float32(127.5) - np.float32(1)


def contrasted(flat: Pixels) -> Pixels:
    """Dark letters on paper, with the paper white and the ink darker: pencil, or writing between rules and squares.

    Light letters on a dark ground stay as they are.
    """
    paper, ink = np.median(flat, axis=(0, 1)), np.percentile(flat, INK_SHARE)
    contrast = float(paper.mean() - ink)
    is_paper = paper.mean() >= LIGHT and np.ptp(paper) <= COLORED
    if not is_paper or not LEAST_CONTRAST < contrast < DARK / LEAST_GAIN:
        return flat
    gain = min(MOST_GAIN, DARK / contrast)
    return np.asarray(255 - (paper - flat.astype(np.float32)) * gain).clip(0, 255).astype(np.uint8)
