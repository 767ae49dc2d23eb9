"""What is found in pictures of things: colours, kinds, categories, objects, crops."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from cvhelpers.ondevice.engine import (
    FEATURES,
    Analysis,
    DetectedFace,
    Engine,
    ImageStyle,
    Rect,
    boxes,
    categories,
    colors,
    crops,
    faces,
    image_type,
    objects,
    pixels,
)
from cvhelpers.ondevice.engine.adult import AdultScorer

from .findings import classes, thing


def plain(color: tuple[int, int, int] | str, size: tuple[int, int] = (80, 60)) -> Image.Image:
    return Image.new("RGB", size, color)


# --- colours -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("color", "name"),
    [
        ("black", "Black"), ("white", "White"), ("grey", "Grey"), ("red", "Red"), ("darkred", "Red"),
        ("orange", "Orange"), ("gold", "Yellow"), ("green", "Green"), ("limegreen", "Green"),
        ("teal", "Teal"), ("darkcyan", "Teal"), ("blue", "Blue"), ("navy", "Blue"), ("steelblue", "Blue"),
        ("purple", "Purple"),
        ("hotpink", "Pink"), ("pink", "Pink"), ("saddlebrown", "Brown"), ("sienna", "Brown"),
        ("silver", "Grey"),
        ("darkgreen", "Green"), ("yellow", "Yellow"), ("skyblue", "Blue"), ("rebeccapurple", "Purple"),
    ],
)  # fmt: skip
def test_color_names(color: str, name: str):
    found = colors.find(pixels.rgb(plain(color)))
    assert (found.foreground, found.background, found.dominant) == (name, name, (name,))


def test_foreground_and_background_differ():
    image = plain("white", (100, 100))
    ImageDraw.Draw(image).rectangle((20, 20, 80, 80), "blue")
    found = colors.find(pixels.rgb(image))
    assert (found.foreground, found.background) == ("Blue", "White")
    assert set(found.dominant) == {"Blue", "White"}


def test_the_twelve_names():
    assert len(colors.NAMES) == 12
    assert sorted(colors.NAMES[:3]) == ["Black", "Blue", "Brown"]


def test_the_accent_is_the_vivid_part():
    image = plain("#808080", (100, 100))
    ImageDraw.Draw(image).rectangle((40, 40, 60, 60), "#c81414")
    accent = colors.find(pixels.rgb(image)).accent
    red, green, blue = (int(accent[i : i + 2], 16) for i in (0, 2, 4))
    assert red > 150
    assert max(green, blue) < 60


def test_black_and_white():
    noise = np.random.default_rng(0).integers(0, 255, (90, 90, 1), np.uint8).repeat(3, 2)
    assert colors.black_and_white(noise)
    noise[20:60, 20:60, 0] = 250
    assert not colors.black_and_white(noise)


# --- image type --------------------------------------------------------------------------------------------


def test_a_drawing_is_called_one():
    drawing = plain("white", (300, 300))
    draw = ImageDraw.Draw(drawing)
    draw.ellipse((60, 60, 240, 240), "#f5c518", "black", 6)
    draw.polygon([(100, 220), (150, 90), (200, 220)], "#2a7")
    assert image_type.classify(pixels.rgb(drawing)).clip_art == 3
    assert image_type.classify(pixels.rgb(drawing)).line_drawing == 0


def test_a_line_drawing_is_called_one():
    drawing = plain("white", (300, 300))
    draw = ImageDraw.Draw(drawing)
    draw.ellipse((60, 60, 240, 240), outline="black", width=3)
    draw.line((60, 150, 240, 150), "black", 3)
    assert image_type.classify(pixels.rgb(drawing)).line_drawing == 1


@pytest.mark.parametrize(("step", "share"), [(2, 0.0), (3, 1.0), (16, 1.0), (17, 0.0)])
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("channel", [0, 1, 2])
def test_an_edge_is_soft_in_any_colour_and_direction(step: int, share: float, axis: int, channel: int):
    stripes = np.zeros((8, 8, 3), np.uint8)
    stripes[..., channel] = np.indices((8, 8))[axis] % 2 * step
    assert image_type.softness(stripes) == share


def test_noise_is_no_drawing():
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    assert image_type.classify(noise) == ImageStyle(0, 0)


# --- categories ------------------------------------------------------------------------------------------


def test_the_list_of_categories_is_complete():
    assert len(categories.NAMES) == len(set(categories.NAMES)) == 86
    used = {*categories.FROM_CLASSES, *categories.FROM_OBJECTS}
    assert used <= set(categories.NAMES)
    assert {"people_portrait", "people_group", "people_many", "people_crowd"} <= set(categories.NAMES)


def test_categories_from_tags():
    found = categories.find(classes(tabby=0.9), [thing("cat")], [], ImageStyle(0, 0), 0, 120, (400, 300))
    assert found[0].name == "animal_cat"
    assert {category.name for category in found} == {"animal_cat", "animal_"}


def test_nothing_known_is_others():
    (only,) = categories.find(classes(), [], [], ImageStyle(0, 0), 0, 120, (400, 300))
    assert only.name == "others_"


def test_people_are_counted():
    face = DetectedFace(Rect(100, 50, 100, 120), 0.9)
    assert categories.people([], [face], (400, 300)) == {"people_portrait": 0.9}
    assert categories.people([thing("person")] * 3, [], (400, 300)) == {"people_group": 0.9}
    assert categories.people([], [], (400, 300)) == {}


# --- objects -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "adult", "racy"), [(0.49, False, False), (0.5, False, True), (0.79, False, True), (0.8, True, True)]
)
def test_a_picture_is_racy_from_a_half_on_and_adult_from_four_fifths(score: float, adult: bool, racy: bool):
    """The model's answer is played; it is asked about the middle of the picture, in blue, green and red."""
    seen = []

    class Played:
        def get_inputs(self):
            return [SimpleNamespace(name="input")]

        def run(self, outputs, inputs):
            seen.append(inputs["input"])
            return [np.array([[1 - score, score]])]

    scorer = AdultScorer.__new__(AdultScorer)
    scorer.model = Played()
    found = scorer.score(np.full((60, 90, 3), (255, 0, 0), np.uint8))
    assert (found.is_adult, found.is_racy, found.adult_score) == (adult, racy, score)
    assert seen[0].shape == (1, 224, 224, 3)
    assert seen[0][0, 0, 0].tolist() == [-104, -117, 255 - 123]


def test_all_anchors():
    anchors = objects.anchors()
    assert anchors.shape == (1917, 4)
    assert anchors[0] == pytest.approx((0.5 / 19, 0.5 / 19, 0.1, 0.1))


def test_no_offset_is_the_anchor_itself():
    anchors = np.array([[0.5, 0.5, 0.2, 0.4]])
    assert objects.decode(np.zeros((1, 4)), anchors)[0] == pytest.approx((0.4, 0.3, 0.6, 0.7))


def test_the_classifier_has_a_say():
    assert objects.agrees(classes(robin=0.5), thing("bird", 0.6))
    assert not objects.agrees(classes(fox_squirrel=0.9), thing("bird", 0.98))
    assert not objects.agrees(classes(), thing("bird", 0.7))
    assert objects.agrees(classes(), thing("bird", 0.95))


def test_every_object_has_a_name_and_known_parents():
    assert len([name for name in objects.NAMES if name]) == 81  # with the background
    assert len(objects.NAMES) == 91
    assert set(objects.PARENTS) | {"background", "person", "sink", "toilet", "book", "clock", "scissors"} | {
        "hair dryer", "toothbrush",
    } >= set(objects.NAMES) - {""}  # fmt: skip
    assert set(objects.BRANCHES) <= set(objects.NAMES)


def test_of_two_boxes_on_one_thing_the_better_stays():
    places = np.array([[0, 0, 10, 10], [1, 1, 11, 11], [30, 30, 40, 40]], float)
    assert boxes.keep_best(places, np.array([0.7, 0.9, 0.8]), 0.5) == [1, 2]


# --- crops -------------------------------------------------------------------------------------------------


def test_the_area_of_interest_is_where_the_things_are(engine: Engine):
    image = plain("#eeeeee", (400, 300))
    ImageDraw.Draw(image).ellipse((280, 40, 380, 140), "red", "black", 4)
    x, y, w, h = engine.area_of_interest(image)
    assert x > 150
    assert w * h < 0.5 * 400 * 300
    assert x <= 280
    assert x + w >= 375
    assert y + h >= 135


@pytest.mark.parametrize(("width", "height"), [(100, 100), (50, 200), (1024, 1), (400, 300)])
def test_a_crop_has_its_proportions_and_lies_inside(engine: Engine, width: int, height: int):
    x, y, w, h = engine.crop(plain("teal", (640, 427)), width, height)
    assert x >= 0
    assert y >= 0
    assert x + w <= 640
    assert y + h <= 427
    assert w == 640 or h == 427
    assert w / h == pytest.approx(width / height, rel=0.02 if height > 1 else 1)


def test_a_face_counts_more_than_a_pattern():
    stripes = np.zeros((200, 400, 3), np.uint8)
    stripes[:, :150:4] = 255
    cells = crops.interest(stripes, [Rect(320, 60, 60, 60)], [])
    assert crops.window(cells, 400, 200, (1, 1)).x > 150


# --- the door ----------------------------------------------------------------------------------------------


def test_only_what_is_asked_for(engine: Engine):
    found = engine.analyze(plain("navy"), ["colors"])
    assert found.colors is not None
    assert found == Analysis(80, 60, colors=found.colors)


def test_an_unknown_feature(engine: Engine):
    with pytest.raises(ValueError, match="brands"):
        engine.analyze(plain("navy"), ["colors", "brands"])


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (50, 50), "white"),
        Image.new("RGB", (1, 1)),
        Image.new("L", (60, 60), 90),
        Image.new("1", (60, 60), 1),
        Image.new("LA", (60, 60), (90, 20)),
        Image.new("P", (60, 60), 3),
        Image.new("RGBA", (60, 60), (10, 200, 30, 0)),
        Image.new("CMYK", (60, 60), (0, 100, 200, 0)),
        Image.new("YCbCr", (60, 60), (90, 100, 200)),
        Image.new("LAB", (60, 60), (90, 100, 200)),
        Image.new("HSV", (60, 60), (90, 100, 200)),
        Image.new("I;16", (60, 60), 40000),
        Image.new("I", (60, 60), 40000),
        Image.new("F", (60, 60), float("nan")),
        Image.new("RGB", (4000, 50), "green"),
        Image.new("RGB", (50, 4000), "green"),
        Image.effect_noise((700, 500), 80),
    ],
    ids=lambda image: f"{image.mode}-{image.width}x{image.height}",
)
def test_odd_pictures_are_answered(engine: Engine, image: Image.Image):
    found = engine.analyze(image)
    assert found.description is not None
    assert found.description.captions[0].text
    assert all(getattr(found, feature) is not None for feature in FEATURES)
    engine.read(image)
    x, y, w, h = engine.area_of_interest(image)
    assert x >= 0
    assert y >= 0
    assert 0 < x + w <= image.width
    assert 0 < y + h <= image.height


def test_transparent_is_white():
    assert pixels.rgb(Image.new("RGBA", (2, 2), (0, 0, 0, 0))).min() == 255
    palette = Image.new("P", (2, 2), 0)
    palette.info["transparency"] = 0
    assert pixels.rgb(palette).min() == 255


def test_an_answer_is_plain_python(engine: Engine):
    """Everything goes into JSON as it is: no numpy number hides in an answer."""
    from dataclasses import asdict

    image = plain("white", (300, 120))
    ImageDraw.Draw(image).text((20, 30), "Hello there", "black", font_size=40)
    json.dumps([asdict(engine.analyze(image)), asdict(engine.read(image))])
    assert all(type(value) is int for value in engine.area_of_interest(image))


def test_the_same_picture_gives_the_same_answer_in_any_thread(engine: Engine):
    images = [Image.effect_noise((200 + 20 * i, 150), 60).convert("RGB") for i in range(3)]
    draw = ImageDraw.Draw(images[0])
    draw.text((20, 40), "Platform 9", "black", font_size=30)
    alone = [(engine.analyze(image), engine.read(image)) for image in images]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda image: (engine.analyze(image), engine.read(image)), images * 4))
    assert together == alone * 4


def test_models_are_loaded_once(monkeypatch: pytest.MonkeyPatch):
    loaded = []

    class Slow:
        def __init__(self) -> None:
            loaded.append(self)

    fresh = Engine()
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _: fresh.model(Slow), range(32)))
    assert len(loaded) == 1
    assert set(map(id, got)) == {id(loaded[0])}


def test_a_face_that_two_neighbouring_cells_have_seen_is_one_face():
    """What the model says is made up: the same face, a little shifted, from two cells beside each other."""
    regressors, logits = np.zeros((1, faces.CELLS**2, 16), np.float32), np.full((1, faces.CELLS**2, 1), -9, np.float32)
    for cell, sureness in ((24 * faces.CELLS + 24, 3), (24 * faces.CELLS + 25, 2)):
        regressors[0, cell, 2:4], logits[0, cell] = 40, sureness
    detector = object.__new__(faces.FaceDetector)
    detector.model = SimpleNamespace(run=lambda *_: (regressors, logits))
    (found,) = detector.find(np.zeros((192, 192, 3), np.uint8), 192, 192)
    assert found.confidence == pytest.approx(0.9526)
    assert (found.box.w, found.box.h) == (40, 40)


def test_two_faces_beside_each_other_are_two():
    regressors, logits = np.zeros((1, faces.CELLS**2, 16), np.float32), np.full((1, faces.CELLS**2, 1), -9, np.float32)
    for cell in (24 * faces.CELLS + 10, 24 * faces.CELLS + 18):
        regressors[0, cell, 2:4], logits[0, cell] = 40, 3
    detector = object.__new__(faces.FaceDetector)
    detector.model = SimpleNamespace(run=lambda *_: (regressors, logits))
    assert len(detector.find(np.zeros((192, 192, 3), np.uint8), 192, 192)) == 2
