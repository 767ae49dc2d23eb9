"""No picture stops the engine from telling what it sees: any size, mode and content gets a whole answer.

That it reads them all is proved in `test_any_picture.py`.
"""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from cvhelpers.ondevice.engine import FEATURES, Analysis, Engine, Rect, pixels

MODES = ("RGB", "L", "1", "LA", "P", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I;16", "I", "F")
SIZES = st.one_of(
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    st.tuples(st.integers(50, 400), st.integers(50, 400)),
    st.tuples(st.integers(1, 3), st.integers(500, 3000)),
    st.tuples(st.integers(500, 3000), st.integers(1, 3)),
    st.tuples(st.integers(1000, 1500), st.integers(50, 60)),
)
CONTENTS = ("plain", "noise", "bars", "words", "slope", "speckles")


def picture(size: tuple[int, int], mode: str, content: str, seed: int) -> Image.Image:
    """A picture of that content. "bars" and "speckles" have marks one to three pixels wide, some at the edges."""
    width, height = size
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", size, tuple(map(int, rng.integers(0, 256, 3))))
    draw = ImageDraw.Draw(image)
    if content == "noise":
        image = Image.fromarray(rng.integers(0, 256, (height, width, 3), np.uint8))
    elif content == "slope":
        image = Image.fromarray(np.linspace(0, 255, width * height * 3).reshape(height, width, 3).astype(np.uint8))
    elif content == "words":
        for _ in range(4):
            at = int(rng.integers(-20, width)), int(rng.integers(-20, height))
            draw.text(at, "Il I | ll ! 1", tuple(map(int, rng.integers(0, 256, 3))), font_size=int(rng.integers(6, 60)))
        image = image.rotate(int(rng.choice([0, 7, 45, 90, 180])))
    else:
        for _ in range({"bars": 12, "speckles": 60}.get(content, 0)):
            x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
            w, h = (
                (int(rng.integers(0, 3)), 40)
                if content == "bars"
                else (int(rng.integers(0, 3)), int(rng.integers(0, 3)))
            )
            draw.rectangle((x, y, x + w, y + h), tuple(map(int, rng.integers(0, 256, 3))))
    return converted(image, mode)


def converted(image: Image.Image, mode: str) -> Image.Image:
    if mode in ("I;16", "I", "F"):
        values = np.asarray(image.convert("L"), np.float32) * (257 if mode != "F" else 1)
        return Image.fromarray(values.astype({"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]))
    if mode == "LAB":
        return Image.new("LAB", image.size, (90, 100, 200))
    return image.convert(mode)


def inside(box: Rect, width: int, height: int) -> bool:
    return box.x >= 0 and box.y >= 0 and box.w > 0 and box.h > 0 and box.x + box.w <= width and box.y + box.h <= height


def is_whole(found: Analysis) -> None:
    assert all(getattr(found, feature) is not None for feature in FEATURES)
    assert found.description
    assert found.description.captions[0].text
    assert found.objects is not None
    assert found.faces is not None
    assert all(inside(thing.box, found.width, found.height) for thing in (*found.objects, *found.faces))
    json.dumps(asdict(found), allow_nan=False)


@settings(max_examples=20, deadline=None)
@given(SIZES, st.sampled_from(MODES), st.sampled_from(CONTENTS), st.integers(0, 2**16))
@example((1, 1), "RGB", "plain", 0)
@example((1, 3000), "L", "noise", 1)
@example((3000, 1), "RGBA", "bars", 2)
@example((60, 60), "RGB", "speckles", 3)
@example((40_000, 3), "RGB", "noise", 4)
def test_any_picture_gets_a_whole_answer(engine: Engine, size: tuple[int, int], mode: str, content: str, seed: int):
    image = picture(size, mode, content, seed)
    is_whole(engine.analyze(image))
    assert inside(engine.area_of_interest(image), *size)


@pytest.mark.parametrize("scale", [0.25, 1, 4])
def test_boxes_lie_on_the_same_things_at_any_size(engine: Engine, scale: float):
    """The boxes of a picture of up to 4,000 pixels are those of the small one, made larger."""
    large = quarters()
    size = round(large.width * scale / 4), round(large.height * scale / 4)
    one, other = engine.analyze(large.resize(size)), engine.analyze(large)
    assert other.width >= 4000
    for found, wanted in ((one.objects, other.objects), (one.faces, other.faces)):
        assert found
        assert wanted
        best = max(overlap(scaled(found[0].box, other.width / size[0]), thing.box) for thing in wanted)
        assert best > 0.7


def quarters() -> Image.Image:
    """Photographs side by side, 4,096 pixels wide: the astronaut is not in the middle."""
    from .quality import sample

    sheet = Image.new("RGB", (4096, 2048), "#dddddd")
    sheet.paste(sample("astronaut").convert("RGB").resize((1900, 1900), Image.Resampling.LANCZOS), (2150, 100))
    return sheet


def scaled(box: Rect, factor: float) -> tuple[float, float, float, float]:
    return box.x * factor, box.y * factor, box.w * factor, box.h * factor


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def test_the_right_part_of_a_large_picture_is_boxed(engine: Engine):
    found = engine.analyze(quarters(), ["faces", "objects"])
    assert found.faces
    assert found.objects
    x, y, w, h = found.faces[0].box
    left, top, width, height = 2150 + 1900 * 0.36, 100 + 1900 * 0.13, 1900 * 0.18, 1900 * 0.2  # where the face is
    assert overlap((x, y, w, h), (left, top, width, height)) > 0.4
    person = next(thing for thing in found.objects if thing.name == "person")
    assert person.box.x > 2000


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_cup_has_no_person_in_it(engine: Engine, degrees: int):
    """Two dark spots and a curve make the finder of faces see one in the turned cup. Tags and captions know better."""
    from .quality import sample

    found = engine.analyze(sample("coffee").rotate(degrees, expand=True), ["description", "faces", "tags"])
    assert found.description
    assert "person" not in found.description.tags
    assert "person" not in found.description.captions[0].text


def test_a_whole_picture_is_not_changed(engine: Engine):
    image = picture((90, 70), "RGB", "words", 5)
    before = pixels.rgb(image).copy()
    engine.analyze(image)
    assert (pixels.rgb(image) == before).all()
