"""No picture stops the engine from reading: whatever its size, mode and content, and whatever is found in it."""

from __future__ import annotations

import math
from copy import copy

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from cvhelpers.ondevice.engine import Engine, Reading, bands, decoding, geometry, layout, ocr
from cvhelpers.ondevice.engine.bands import Band

from . import pages

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "I", "I;16", "F")
WIDTH, HEIGHT = 120, 80
# an engine may take its time on a busy computer, and one engine serves all examples
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def assert_whole(reading: Reading, width: int, height: int) -> None:
    """Every word has text, a box with an area, and a polygon inside the picture; the lines are those of the regions."""
    assert reading.lines == tuple(line for region in reading.regions for line in region.lines)
    for line in reading.lines:
        assert line.words
        for part in (line, *line.words):
            assert part.text.strip() == part.text != ""
            assert part.box.w >= 1
            assert part.box.h >= 1
            assert 0 <= part.confidence <= 1
            assert all(0 <= x <= width for x in part.polygon[::2])
            assert all(0 <= y <= height for y in part.polygon[1::2])
            assert part.polygon == tuple(round(number, 1) for number in part.polygon)


def striped(width: int, height: int, seed: int) -> Image.Image:
    """Strokes one to three pixels wide, some at the edges: what is found in them is as narrow."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 8)):
        x, thickness = int(rng.choice([0, width - 1, rng.integers(0, width)])), int(rng.integers(1, 4))
        top, bottom = sorted(rng.integers(0, height + 1, 2).tolist())
        draw.line((x, top, x + int(rng.integers(-3, 4)), bottom), "black", thickness)
    return image.rotate(float(rng.choice([0, 0, 90, rng.uniform(-45, 45)])), expand=True, fillcolor="white")


def lettered(width: int, height: int, seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), tuple(rng.integers(0, 256, 3).tolist()))
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 5)):
        word = str(rng.choice(["l", "|", "i l", "1.", "- -", "Hut", "a b c d e f", "MMMMMMMMMM"]))
        place = (int(rng.integers(-20, width)), int(rng.integers(-20, height)))
        ink = tuple(rng.integers(0, 256, 3).tolist())
        draw.text(place, word, ink, pages.font("open-sans", int(rng.integers(4, 80))))
    return image


def noisy(width: int, height: int, seed: int) -> Image.Image:
    grain = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(grain)


@settings(PATIENT, max_examples=30)
@given(
    st.sampled_from([striped, lettered, noisy]),
    st.integers(1, 300),
    st.integers(1, 300),
    st.sampled_from(MODES),
    st.integers(0, 2**32 - 1),
)
def test_pictures_of_any_size_mode_and_content_are_read(engine, draw, width, height, mode, seed):
    image = draw(width, height, seed)
    image = image.convert("L").convert(mode) if mode in ("I", "I;16", "F") else image.convert(mode)
    assert_whole(engine.read(image), *image.size)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (2, 700), (40_000, 3), (3, 40_000)])
def test_pictures_of_extreme_proportions_are_read(engine: Engine, size: tuple[int, int]):
    assert_whole(engine.read(Image.new("RGB", size, "grey")), *size)
    assert_whole(engine.read(noisy(*size, seed=1)), *size)


def test_text_in_a_very_long_picture_is_read(engine: Engine):
    """Some versions of OpenCV warp no picture of more than 32,767 pixels a side."""
    image = Image.new("RGB", (34_000, 60), "white")
    ImageDraw.Draw(image).text((33_500, 10), "STATION", "black", pages.font("open-sans", 36))
    assert engine.read(image).text == "STATION"


@st.composite
def found_bands(draw: st.DrawFn) -> Band:
    """What a detector might give: also 0 to 3 pixels wide, at the edges, outside, turned, bent."""
    edge = st.sampled_from([0.0, float(WIDTH), float(HEIGHT)])
    center = draw(st.tuples(*[edge | st.floats(-40, 160, width=32)] * 2))
    narrow = st.sampled_from([0.0, 0.4, 1.0, 1.5, 2.0, 3.0])
    size = draw(st.tuples(*[narrow | st.floats(0, 130, width=32)] * 2))
    degrees = draw(st.sampled_from([0.0, 90.0]) | st.floats(-180, 180, width=32))
    bend = draw(st.just(bands.STRAIGHT) | st.lists(st.floats(-1, 1), min_size=2, max_size=5).map(tuple))
    return Band(geometry.from_rectangle((center, size, degrees)), bend)


@st.composite
def characters(draw: st.DrawFn) -> tuple[decoding.Character, ...]:
    text = draw(st.text("il1. 日é-", min_size=1, max_size=12).filter(str.strip))
    edge = st.sampled_from([0.0, 1.0, 0.5])
    places = sorted(draw(st.lists(edge | st.floats(0, 1), min_size=len(text), max_size=len(text))))
    return tuple(decoding.Character(c, draw(st.floats(0, 1)), place) for c, place in zip(text, places, strict=True))


@settings(max_examples=75, deadline=None)
@given(st.lists(st.tuples(found_bands(), characters(), st.integers(0, 3)), max_size=6), st.integers(0, 2**32 - 1))
def test_whatever_lines_come_out_the_layout_is_whole(found, seed):
    paper = np.asarray(striped(WIDTH, HEIGHT, seed).resize((WIDTH, HEIGHT)))
    lines = []
    for band, written, quarters in found:
        facing = band.facing(quarters * math.pi / 2)
        lines.append(ocr.TextLine(facing, facing.flattened(paper), written))
    reading = layout.reading(lines, WIDTH, HEIGHT)
    letters = "".join(character.text for line in lines for character in line.characters)
    assert sorted(reading.text.replace(" ", "").replace("\n", "")) == sorted(letters.replace(" ", ""))
    assert_whole(reading, WIDTH, HEIGHT)


@settings(PATIENT, max_examples=5)
@given(st.lists(found_bands(), max_size=4), st.integers(0, 2**32 - 1))
def test_whatever_the_detector_gives_is_read(engine, found, seed):
    paper = np.asarray(lettered(WIDTH, HEIGHT, seed))
    reader = copy(engine.reader)
    reader.detect = lambda pixels, scale=None: found
    assert_whole(layout.reading(reader.lines(paper), WIDTH, HEIGHT), WIDTH, HEIGHT)


def test_a_map_of_chance_has_bands():
    """A test of the next test: with no band at all it would be satisfied."""
    rng = np.random.default_rng(0)
    maps = [np.kron(rng.random((8, 12), np.float32), np.ones((8, 8), np.float32)) for _ in range(20)]
    assert sum(len(bands.find(one)) for one in maps) > 20


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_bands_of_any_map_of_probabilities_have_an_area(seed, grain):
    rng = np.random.default_rng(seed)
    coarse = rng.random((64 // grain, 96 // grain), np.float32)
    probability = np.kron(coarse, np.ones((grain, grain), np.float32))
    for band in bands.find(probability):
        assert np.isfinite(band.quad).all()
        assert np.abs(band.bend).max() < 3
        assert min(band.size) > 1
