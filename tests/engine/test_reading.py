"""How pages are read: words, boxes, angles, order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cvhelpers.ondevice.engine import Engine, Rect, bands, decoding, geometry, language, layout, ocr
from cvhelpers.ondevice.engine.geometry import turned

from . import pages

WRITTEN = "The ferry leaves at 8:15\nfrom the northern pier.\nBring 40 crowns in coins."
TURNS = {
    "Up": None,
    "Left": Image.Transpose.ROTATE_90,  # Pillow turns counter-clockwise
    "Down": Image.Transpose.ROTATE_180,
    "Right": Image.Transpose.ROTATE_270,
}


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return pages.sheet(WRITTEN, "open-sans", 26)


def corners(box: Rect) -> np.ndarray:
    x, y, w, h = box
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], float)


@pytest.mark.parametrize("orientation", TURNS)
def test_a_turned_page_is_read_and_its_orientation_named(engine: Engine, page: Image.Image, orientation: str):
    turn = TURNS[orientation]
    image = page.transpose(turn) if turn is not None else page
    reading = engine.read(image)
    assert reading.text == WRITTEN
    assert reading.orientation == orientation
    assert abs(reading.angle_radians) < 0.01
    assert (reading.width, reading.height) == image.size


@pytest.mark.parametrize(("orientation", "x", "y"), [("Up", 1, 0), ("Right", 0, 1), ("Down", -1, 0), ("Left", 0, -1)])
def test_polygons_begin_where_the_text_begins(engine: Engine, page: Image.Image, orientation: str, x: int, y: int):
    turn = TURNS[orientation]
    reading = engine.read(page.transpose(turn) if turn is not None else page)
    assert reading.text == WRITTEN
    for line in reading.lines:
        x1, y1, x2, y2, *_ = line.polygon
        assert np.sign(round((x2 - x1) / 50)) == x
        assert np.sign(round((y2 - y1) / 50)) == y


@pytest.mark.parametrize("degrees", [14, 7, -3, -12])
def test_the_angle_is_how_far_to_turn_clockwise(engine: Engine, page: Image.Image, degrees: int):
    """Text risen to the right by 14 degrees gives 0.244 radians, as the service's recordings have it."""
    reading = engine.read(pages.tilted(page, degrees))  # Pillow: counter-clockwise, so the right side rises
    assert reading.text == WRITTEN
    assert math.degrees(reading.angle_radians) == pytest.approx(degrees, abs=0.6)
    assert reading.clockwise_orientation == pytest.approx(-degrees % 360, abs=0.6)


def test_boxes_lie_in_the_picture_turned_by_the_angle(engine: Engine):
    """Each box, turned back, encloses the ink of its word and little else."""
    image = pages.tilted(pages.sheet("Lighthouse", "open-sans", 60), 10)
    reading = engine.read(image)
    (word,) = reading.lines[0].words
    center = (image.width / 2, image.height / 2)
    upright = image.rotate(-math.degrees(reading.angle_radians), Image.Resampling.BICUBIC, fillcolor="white")
    left, top, right, bottom = (
        Image.fromarray(255 - np.asarray(upright.convert("L"))).point(lambda v: 255 * (v > 128)).getbbox()
    )
    assert word.box == pytest.approx((left, top, right - left, bottom - top), abs=4)
    back = turned(corners(word.box), -reading.angle_radians, center)
    assert np.abs(back - np.array(word.polygon).reshape(4, 2)).max() < 25


def test_word_boxes_are_tight_on_an_upright_page(engine: Engine):
    image = Image.new("RGB", (500, 120), "white")
    draw = ImageDraw.Draw(image)
    letters = pages.font("source-serif-4", 40)
    truth = {}
    x = 30
    for word in ("open", "until", "Friday"):
        draw.text((x, 30), word, "black", letters)
        left, top, right, bottom = draw.textbbox((x, 30), word, letters)
        truth[word] = Rect(left, top, right - left, bottom - top)
        x = right + 14
    (line,) = engine.read(image).lines
    assert [word.text for word in line.words] == list(truth)
    for word in line.words:
        assert word.box == pytest.approx(truth[word.text], abs=3)
        assert 0.9 < word.confidence <= 1


def test_two_columns_are_read_one_after_the_other(engine: Engine):
    left = pages.sheet("Monday is the day\nfor washing shirts\nand for baking bread.", "open-sans", 24)
    right = pages.sheet("Sunday is the day\nfor long walks and\nfor reading novels.", "open-sans", 24)
    both = Image.new("RGB", (left.width + right.width, left.height), "white")
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    reading = engine.read(both)
    assert [region.lines[0].text for region in reading.regions] == ["Monday is the day", "Sunday is the day"]
    assert reading.lines == tuple(line for region in reading.regions for line in region.lines)


def test_without_orientation_an_upright_page_reads_the_same(engine: Engine, page: Image.Image):
    assert engine.read(page, orientation=False) == engine.read(page)


def test_a_page_without_text(engine: Engine):
    reading = engine.read(Image.new("RGB", (300, 200), "white"))
    assert (reading.lines, reading.regions, reading.text) == ((), (), "")
    assert (reading.orientation, reading.language, reading.angle_radians) == ("NotDetected", "unk", 0)


def test_light_letters_on_a_dark_ground(engine: Engine):
    page = pages.sheet("Exit through the gift shop", "open-sans", 30)
    inverted = Image.fromarray(255 - np.asarray(page))
    assert engine.read(inverted).text == "Exit through the gift shop"


def test_facing_begins_the_quad_at_the_right_corner():
    quad = np.array([[0, 0], [10, 0], [10, 4], [0, 4]], float)
    assert geometry.facing(quad, 0)[0].tolist() == [0, 0]
    assert geometry.facing(quad, math.pi / 2)[0].tolist() == [10, 0]
    assert geometry.facing(quad, math.pi)[0].tolist() == [10, 4]
    assert geometry.facing(quad, -math.pi / 2)[0].tolist() == [0, 4]


@pytest.mark.parametrize("degrees", [-44, -10, 0, 30, 46, 90, 170])
def test_rectangles_run_within_45_degrees_of_the_horizontal(degrees: int):
    quad = geometry.from_rectangle(((50, 60), (30, 10), degrees))
    assert abs(geometry.direction(quad)) <= math.pi / 4 + 1e-9
    assert quad.mean(axis=0) == pytest.approx((50, 60))
    assert sorted(geometry.size(quad)) == pytest.approx([10, 30])


def test_turning_and_turning_back():
    points = np.array([[3.0, 4.0], [100.0, 20.0]])
    assert turned(turned(points, 0.3, (50, 50)), -0.3, (50, 50)) == pytest.approx(points)


def test_repeats_and_blanks_are_dropped():
    steps = np.eye(3)[[0, 1, 1, 0, 1, 2, 2]]  # blank a a blank a b b
    assert [index for index, _, _ in decoding.plain(np.pad(steps, ((0, 0), (0, 1))))] == [1, 1, 2]


def test_a_line_that_is_hard_to_read_is_read_again_without_its_margins(engine: Engine, monkeypatch):
    reader, seen = engine.reader, []
    said = {"first": 0.7, "closer": 0.8}

    def read(strip):
        seen.append(strip.shape[1])
        text, sure = ("first", said["first"]) if len(seen) == 1 else ("closer", said["closer"])
        return tuple(decoding.Character(c, sure, (i + 0.5) / len(text)) for i, c in enumerate(text)), decoding.Steps()

    def found() -> str:
        seen.clear()
        flat = np.full((40, 400, 3), 255, np.uint8)
        band = bands.Band(np.array([[0, 0], [400, 0], [400, 40], [0, 40]], float))
        line = ocr.TextLine(band, flat, read(flat)[0])
        return reader.read_again([line], paper=True)[0].text

    monkeypatch.setattr(reader.careful, "read", read)
    assert found() == "closer"
    assert seen[1] == 600  # 400 by 32 pixels, made 48 high
    said["closer"] = 0.6
    assert found() == "first"
    said["first"] = 0.95
    assert found() == "first"
    assert len(seen) == 1  # it was sure: nothing was read again


def test_an_ideograph_is_a_word():
    characters = tuple(decoding.Character(c, 1.0, 0.5) for c in "日本 2026")
    assert ["".join(c.text for c in word) for word in layout.split(characters)] == ["日", "本", "2026"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("the cat and the dog", "en"),
        ("le chat et le chien sont dans la rue", "fr"),
        ("", "unk"),
        ("東京都", "zh-Hans"),
        ("本日は東京", "ja"),
        ("Wivenhoe", "unk"),
        ("GM 125", "unk"),
        ("NO PARKING AT ALL TIMES", "en"),
        ("huset på bakken er ikke rødt", "da"),
        ("La casa de la señora está en el centro", "es"),
        ("Tervetuloa, se on hyvä", "fi"),
        ("Straße", "de"),
        ("mañana", "es"),
        ("Così", "it"),
        ("pão", "pt"),
        ("språk", "sv"),
        ("kølig", "da"),
        ("żółw", "pl"),
        ("řeka", "cs"),
        ("dağ", "tr"),
        ("el garçon", "es"),  # a word tells more than a letter
    ],
)
def test_languages(text: str, code: str):
    assert language.guess(text) == code
