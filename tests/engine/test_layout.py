"""How lines that were read are put in order, and how bands follow lines: no model is needed for these."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest

from cvhelpers.ondevice.engine import Reading, bands, decoding, geometry, layout, ocr
from cvhelpers.ondevice.engine.bands import Band


def line(text: str, x: float, y: float, width: float, height: float = 20, degrees: float = 0) -> ocr.TextLine:
    """A line read at x, y (the middle of its left side), which falls to the right by so many degrees."""
    turn = math.radians(degrees)
    center = (x + width / 2 * math.cos(turn), y + width / 2 * math.sin(turn))
    quad = geometry.from_rectangle((center, (width, height), degrees))
    places = (np.arange(len(text)) + 0.5) / len(text)
    characters = tuple(decoding.Character(c, 0.9, float(place)) for c, place in zip(text, places, strict=True))
    return ocr.TextLine(Band(quad), np.zeros((round(height), round(width), 3), np.uint8), characters)


def read(*lines: ocr.TextLine) -> Reading:
    return layout.reading(list(lines), 800, 600)


def test_a_heading_then_the_left_column_then_the_right_one_then_the_foot():
    found = read(
        line("foot", 20, 400, 700),
        line("right two", 420, 130, 300),
        line("left one", 20, 100, 300),
        line("right one", 420, 100, 300),
        line("left two", 20, 130, 300),
        line("heading", 20, 30, 700),
    )
    assert found.text.split("\n") == ["heading", "left one", "left two", "right one", "right two", "foot"]
    assert [len(region.lines) for region in found.regions] == [1, 2, 2, 1]


def test_a_column_that_begins_higher_on_the_right_is_still_read_second():
    found = read(line("right", 420, 90, 300), line("left", 20, 100, 300), line("left below", 20, 128, 300))
    assert found.text.split("\n") == ["left", "left below", "right"]


def test_pieces_of_a_row_are_one_line_though_one_stands_a_little_higher():
    found = read(line("world", 128, 106, 90), line("hello", 20, 112, 100), line("below", 20, 140, 200))
    assert found.text.split("\n") == ["hello world", "below"]
    (hello, world), polygon = found.lines[0].words, found.lines[0].polygon
    assert (hello.text, world.text) == ("hello", "world")
    assert polygon == (20, 102, 218, 96, 218, 116, 20, 122)


def sure(text: str, x: float, *confidences: float) -> ocr.TextLine:
    """A line with a confidence for each of its characters."""
    plain = line(text, x, 100, 90)
    pairs = zip(plain.characters, confidences, strict=True)
    return replace(plain, characters=tuple(replace(one, confidence=confidence) for one, confidence in pairs))


def test_a_word_is_as_sure_as_its_letters_are_on_average():
    (found,) = read(sure("word", 20, 1.0, 0.8, 0.6, 0.4)).lines
    assert found.words[0].confidence == 0.7


def test_a_line_of_pieces_is_as_sure_as_they_are_each_counted_by_its_letters():
    (found,) = read(sure("abcd", 20, 0.9, 0.9, 0.9, 0.9), sure("x", 120, 0.4), sure("y", 220, 0.2)).lines
    assert found.text == "abcd x y"
    assert found.confidence == 0.7


def test_a_region_is_as_large_as_its_lines_together():
    (region,) = read(line("one", 20, 100, 300), line("two", 40, 128, 320)).regions
    assert region.box == geometry.union([one.box for one in region.lines])
    assert (region.box.x, region.box.x + region.box.w) == (20, 360)


@pytest.mark.parametrize(
    ("case", "other"),
    [
        ("too far to the right", line("b", 145, 100, 90)),
        ("half a line lower", line("b", 125, 110, 90)),
        ("much larger letters", line("b", 130, 100, 90, height=60)),
        ("above it for the most part", line("b", 60, 100, 90)),
    ],
)
def test_what_is_no_row_is_not_joined(case: str, other: ocr.TextLine):
    assert len(read(line("aa", 20, 100, 100), other).lines) == 2


def test_lines_of_a_slanted_page_are_read_by_where_they_run():
    """The second line ends higher than the first begins, and the lines are not parallel."""
    found = read(
        line("one", 20, 100, 600, degrees=-6),
        line("two", 20, 126, 600, degrees=-7),
        line("three", 22, 152, 200, degrees=-4),
        line("four", 300, 128, 300, degrees=-5),
        line("five", 20, 185, 600, degrees=-6),
    )
    assert found.text.replace("three\nfour", "three four").split("\n") == ["one", "two", "three four", "five"]
    assert math.degrees(found.angle_radians) == pytest.approx(6, abs=0.1)


def test_long_lines_say_how_the_page_is_turned_though_short_ones_are_more():
    short = [line("a", 20, 200 + 60 * i, 30, degrees=20) for i in range(5)]
    found = read(line("a long line", 20, 100, 700, degrees=3), *short)
    assert math.degrees(found.angle_radians) == pytest.approx(-3, abs=0.1)


def test_paragraphs_end_where_nearly_a_line_is_left_empty():
    found = read(*(line(str(y), 20, y, 300) for y in (100, 135, 170, 208, 243)))
    assert [len(region.lines) for region in found.regions] == [3, 2]


def test_polygons_are_rounded_to_a_tenth_of_a_pixel():
    (found,) = read(line("word", 20.26, 100.08, 100)).lines
    assert found.polygon == (20.3, 90.1, 120.3, 90.1, 120.3, 110.1, 20.3, 110.1)


@pytest.mark.parametrize(
    ("text", "confidence", "is_text"),
    [
        ("ab", 0.61, True),
        ("ab", 0.59, False),
        ("a", 0.91, True),
        ("a", 0.89, False),
        (" ", 0.99, False),
        ("●", 0.99, False),
    ],
)
def test_what_counts_as_text(text: str, confidence: float, is_text: bool):
    characters = tuple(decoding.Character(c, confidence, 0.5) for c in text)
    read_line = ocr.TextLine(Band(np.zeros((4, 2))), np.zeros((1, 1, 3), np.uint8), characters)
    assert read_line.is_text is is_text


def test_a_piece_above_the_end_of_a_falling_row_comes_before_it():
    """By its middle it stands lower, and its box begins lower."""
    (line_read,) = read(line("any", 20, 100, 100)).lines
    falling = layout.Placed(line_read, (20, 100), (620, 200), 20)
    piece = layout.Placed(line_read, (500, 162), (600, 162), 20)
    last = layout.Placed(line_read, (20, 300), (600, 300), 20)
    assert layout.downwards([falling, last, piece]) == [piece, falling, last]


# --- bands -------------------------------------------------------------------------------------------------


def drawn(*strokes: list[tuple[int, int]], size: tuple[int, int] = (200, 500), thickness: int = 9) -> np.ndarray:
    """A map of probabilities with strokes, as the detector gives it."""
    probability = np.zeros(size, np.uint8)
    for points in strokes:
        cv2.polylines(probability, [np.array(points)], False, 1, thickness)
    return probability.astype(np.float32) * np.float32(0.9)


def middles(band: Band) -> np.ndarray:
    """Five points of the middle of a band."""
    return np.array([band.part(along, 0.5, along, 0.5)[0] for along in (0.1, 0.3, 0.5, 0.7, 0.9)])


@pytest.mark.parametrize("fall", [0, 60, -60])
def test_a_straight_stroke_is_a_straight_band(fall: int):
    stroke = drawn([(50, 100), (450, 100 + fall)])
    (band,) = bands.find(stroke)
    thickness = np.count_nonzero(stroke) / math.hypot(410, fall)
    assert math.degrees(geometry.direction(band.quad)) == pytest.approx(math.degrees(math.atan(fall / 400)), abs=0.4)
    assert np.abs(band.bend).max() < 0.05
    assert band.size[1] == pytest.approx(thickness * (1 + bands.GROWTH), abs=2.5)
    assert band.quad.mean(axis=0) == pytest.approx((250.5, 100.5 + fall / 2), abs=1)


@pytest.mark.parametrize("deep", [30, -30])
def test_a_band_follows_a_stroke_that_bends(deep: int):
    points = [(x, round(100 + deep * math.sin((x - 50) / 400 * math.pi))) for x in range(50, 451, 10)]
    (band,) = bands.find(drawn(points))
    for x, y in middles(band):
        assert y == pytest.approx(100.5 + deep * math.sin((x - 50) / 400 * math.pi), abs=2.5)
    assert band.size[1] < 37


def test_lines_that_touch_are_several_bands():
    found = bands.find(drawn([(50, 60), (450, 110)], [(50, 110), (450, 112)], [(50, 160), (440, 116)]))
    assert len(found) == 3
    starts = sorted(float(middles(band)[0][1]) for band in found)
    assert starts == pytest.approx([64, 110, 156], abs=4)


def test_lines_that_touch_at_both_ends_are_two_bands():
    found = bands.find(
        drawn([(50, 102), (60, 80), (440, 80), (450, 102)], [(50, 102), (60, 124), (440, 124), (450, 102)])
    )
    assert sorted(float(middles(band)[2][1]) for band in found) == pytest.approx([80, 124], abs=3)


def test_where_lines_meet_the_longer_one_goes_on():
    found = bands.find(drawn([(50, 120), (380, 112), (450, 112)], [(250, 84), (380, 108), (450, 108)]))
    longer, shorter = sorted((band.size[0] for band in found), reverse=True)
    assert (longer > 400, shorter < 200) == (True, True)


def test_a_spur_is_no_line():
    assert len(bands.find(drawn([(50, 100), (450, 100)], [(244, 70), (250, 100)]))) == 1


def test_a_short_thick_blob_is_its_rectangle():
    (band,) = bands.find(drawn([(100, 100), (140, 100)], thickness=31))
    assert band.bend == bands.STRAIGHT
    assert band.size == pytest.approx((71 + 34.5, 31 + 34.5), abs=5)


def blob(width: int, height: int) -> np.ndarray:
    """A map of probabilities with an upright rectangle; its corner is at (50, 60)."""
    probability = np.zeros((200, 500), np.float32)
    probability[60 : 60 + height, 50 : 50 + width] = 0.9
    return probability


@pytest.mark.parametrize(("width", "height"), [(400, 9), (40, 31)])
def test_a_band_lies_round_its_blob_to_a_tenth_of_a_pixel(width: int, height: int):
    """A long blob is followed, a short one is its rectangle: both grow alike on all sides."""
    (band,) = bands.find(blob(width, height))
    grown = width * height * bands.GROWTH / (width + height) / 2
    left, top, right, bottom = 50 - grown, 60 - grown, 50 + width + grown, 60 + height + grown
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    assert band.quad == pytest.approx(np.array(corners), abs=0.1)


def test_thin_and_doubtful_blobs_are_no_lines():
    assert [len(bands.find(blob(400, height))) for height in (1, 2, 3)] == [0, 0, 1]
    assert bands.find(drawn([(50, 100), (450, 100)]) * np.float32(0.5)) == []


def test_an_upright_band_is_flattened_to_the_same_pixels():
    noise = np.random.default_rng(1).integers(0, 255, (20, 30, 3), np.uint8)
    band = Band(np.array([[5, 4], [25, 4], [25, 12], [5, 12]], float))
    assert (band.flattened(noise) == noise[4:12, 5:25]).all(), "not shifted by half a pixel"


def test_a_bent_band_is_flattened():
    """Paper with a line drawn along the bend shows a straight line."""
    paper = np.full((200, 500, 3), 255, np.uint8)
    band = Band(np.array([[50, 60], [450, 60], [450, 140], [50, 140]], float), (0.0, 0.3, 0.0))
    points = [(x, round(100 + 24 * (1 - abs(x - 250) / 200))) for x in range(50, 451)]
    cv2.polylines(paper, [np.array(points)], False, (0, 0, 0), 3)
    flat = band.flattened(paper)
    assert flat.shape == (80, 400, 3)
    assert np.flatnonzero(flat[:, 20:380].max(axis=(1, 2)) < 128).tolist() in ([39, 40], [39, 40, 41], [40, 41], [40])


@pytest.mark.parametrize(("angle", "bend"), [(0, (0.1, 0.2)), (math.pi, (-0.2, -0.1)), (math.pi / 2, (0.0, 0.0))])
def test_a_band_read_from_its_other_end_bends_the_other_way(angle: float, bend: tuple[float, float]):
    band = Band(np.array([[0, 0], [10, 0], [10, 4], [0, 4]], float), (0.1, 0.2))
    assert band.facing(angle).bend == bend


def test_a_page_of_many_small_lines_is_looked_at_more_closely():
    def page(lines: int, height: int) -> list[Band]:
        return [Band(geometry.from_rectangle(((500, 50 * i), (400, height), 0.0))) for i in range(lines)]

    large = np.zeros((2000, 1000, 3), np.uint8)  # the first look halves its sides
    assert ocr.closer(page(20, 48), large) == pytest.approx(0.75)
    assert ocr.closer(page(20, 20), large) == pytest.approx(math.sqrt(0.6))
    assert ocr.closer(page(20, 72), large) is None
    assert ocr.closer(page(4, 48), large) is None
    assert ocr.closer(page(20, 24), large[:500]) is None
