"""Large pictures: answered in their own pixels, and decoded without filling the computer's memory."""

from __future__ import annotations

import io
import random
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import PIL.Image
import pytest

from cvhelpers.ondevice.service import memory, uploads, vision_v4
from cvhelpers.ondevice.service.errors import ApiError

from .conftest import Service
from .fakes import FakeEngine, file_of, header_of

WIDE = (4000, 3000)


def test_what_was_found_lies_in_the_pixels_that_were_sent(service: Service) -> None:
    """The fake engine finds an object as large as the picture that it sees, and an area five pixels smaller."""
    data = file_of(format="JPEG", size=WIDE)
    answer = service.post("/vision/v2.0/analyze?visualFeatures=Objects,Faces", data).json()
    assert (answer["metadata"]["width"], answer["metadata"]["height"]) == WIDE
    assert answer["objects"][0]["rectangle"] == {"x": 0, "y": 0, "w": 4000, "h": 3000}
    scale = (12e6 / uploads.SEEN) ** 0.5
    assert answer["faces"][0]["faceRectangle"]["width"] == pytest.approx(3 * scale, abs=1)

    area = service.post("/vision/v2.0/areaOfInterest", data).json()["areaOfInterest"]
    assert area["x"] == area["y"] == round(5 * scale) > 5
    assert (area["x"] + area["w"], area["y"] + area["h"]) == (4000 - area["x"], 3000 - area["y"])


def test_a_large_page_is_read_in_the_pixels_that_were_sent(service: Service) -> None:
    data = file_of(format="JPEG", size=(4400, 3000))
    (page,) = service.finished(service.post("/vision/v3.2/read/analyze", data))["analyzeResult"]["readResults"]
    assert (page["width"], page["height"], page["unit"]) == (4400, 3000, "pixel")
    scale = (13.2e6 / uploads.LARGE) ** 0.5
    assert page["lines"][0]["words"][0]["boundingBox"][:2] == [round(10.2 * scale), round(20.4 * scale)]


def test_a_large_photograph_that_lies_on_its_side(service: Service) -> None:
    image, file = PIL.Image.new("RGB", WIDE, "navy"), io.BytesIO()
    image.getexif()[0x0112] = 6  # turn me a quarter clockwise
    image.save(file, "JPEG", exif=image.getexif())
    answer = service.post("/vision/v2.0/detect", file.getvalue()).json()
    assert (answer["metadata"]["width"], answer["metadata"]["height"]) == (3000, 4000)
    assert answer["objects"][0]["rectangle"] == {"x": 0, "y": 0, "w": 3000, "h": 4000}


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "BMP"])
@pytest.mark.parametrize("size", [(500, 403), (403, 500), (120, 119), (1999, 50)])
def test_no_engine_sees_more_pixels_than_it_needs(format: str, size: tuple[int, int]) -> None:
    few = replace(uploads.ANALYZE, pixels=10_000)
    picture = uploads.decode(file_of(format=format, size=size), few)
    width, height = picture.image.size
    assert few.pixels * 0.8 < width * height <= few.pixels
    assert (picture.width, picture.height) == size
    assert picture.scale[0] == pytest.approx(picture.scale[1], rel=0.1)
    whole = uploads.decode(file_of(format=format, size=size), uploads.ANALYZE)
    assert (whole.image.size, whole.scale) == (size, (1, 1))


def test_a_telephones_photograph_is_read_in_full() -> None:
    """Small letters need every pixel; to see what is on a picture, half of them do."""
    data = file_of(format="JPEG", size=WIDE)
    assert uploads.decode(data, uploads.READ).image.size == WIDE
    assert uploads.decode(data, uploads.ANALYZE).image.size == (2828, 2121)


@pytest.mark.parametrize(
    ("rules", "fits", "too_large"),
    [(uploads.ANALYZE, (6000, 5000), (6001, 5000)), (uploads.OCR, (4000, 2500), (4001, 2500))],
)
def test_so_many_pixels_are_the_most(rules: uploads.Rules, fits: tuple[int, int], too_large: tuple[int, int]) -> None:
    """Ten megapixels for ocr. For analyze the real service took 256; a small computer has no memory for them.

    The files have no pixels: one that is not too large gets as far as that.
    """
    with pytest.raises(ApiError, match="not a valid image"):
        uploads.decode(header_of(*fits), rules)
    with pytest.raises(ApiError, match="too large"):
        uploads.decode(header_of(*too_large), rules)


@pytest.mark.parametrize("size", [(50, 15_999), (15_999, 50)])
def test_the_longest_side_is_15999_pixels(size: tuple[int, int]) -> None:
    assert uploads.decode(file_of(size=size), uploads.ANALYZE).width == size[0]
    longer = (size[0] + (size[0] > 50), size[1] + (size[1] > 50))
    with pytest.raises(ApiError, match="too large"):
        uploads.decode(file_of(size=longer), uploads.ANALYZE)


@pytest.mark.parametrize(
    "inside",
    [header_of(6001, 5000), struct.pack("<Iii", 40, 6001, 5000), struct.pack("<Iii", 40, 6001, -5000)],
    ids=["PNG", "bitmap", "bitmap from the top down"],
)
def test_an_icon_is_as_large_as_the_picture_in_it(inside: bytes) -> None:
    """Its own head says 64 by 64 here."""
    head = struct.pack("<HHHBBBBHHII", 0, 1, 1, 64, 64, 0, 0, 1, 32, len(inside), 22)
    with pytest.raises(ApiError, match="too large"):
        uploads.decode(head + inside, vision_v4.RULES)


def test_a_jpeg_of_thousands_of_scans_is_not_decoded() -> None:
    """Four megabytes of them kept a processor busy for minutes."""
    file = io.BytesIO()
    PIL.Image.new("RGB", (60, 60)).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    assert uploads.decode(data, uploads.ANALYZE).width == 60
    scan = data[data.rindex(b"\xff\xda") : -2]
    with pytest.raises(ApiError, match="not a valid image"):
        uploads.decode(data[:-2] + scan * uploads.MOST_SCANS + data[-2:], uploads.ANALYZE)


def test_only_the_named_formats_are_tried() -> None:
    """Pillow would hand some others to another program."""
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 90 90\n%%EndComments\n"
    for rules in (uploads.ANALYZE, uploads.OCR, uploads.RECOGNIZE_TEXT, uploads.READ):
        with pytest.raises(ApiError, match="not a valid image"):
            uploads.decode(eps, rules)


def test_a_jpeg_that_is_decoded_at_a_part_of_its_size_shows_what_the_whole_shows() -> None:
    noise = random.Random(0).randbytes(50 * 40 * 3)
    image = PIL.Image.frombytes("RGB", (50, 40), noise).resize((1000, 800), PIL.Image.Resampling.BICUBIC)
    seen = []
    for format, options in (("JPEG", {"quality": 60}), ("BMP", {})):
        file = io.BytesIO()
        image.save(file, format, **options)
        picture = uploads.decode(file.getvalue(), replace(uploads.ANALYZE, pixels=100_000))
        seen.append(picture.image.resize((50, 40)).convert("L").tobytes())
    assert sum(abs(a - b) for a, b in zip(*seen, strict=True)) / len(seen[0]) < 6


@pytest.mark.parametrize("path", ["/vision/v2.0/analyze", "/vision/v2.0/ocr", "/vision/v3.2/read/analyze"])
def test_after_a_large_picture_the_models_give_their_memory_back(
    service: Service, engine: FakeEngine, path: str
) -> None:
    for size, times in [((400, 300), 0), ((2000, 1500), 1)]:
        before = engine.gave_back
        answer = service.post(path, file_of(format="JPEG", size=size))
        if answer.status_code == 202:
            service.finished(answer)
        assert engine.gave_back - before == times


def test_large_pictures_are_looked_at_one_at_a_time_and_small_ones_meanwhile() -> None:
    """Two at once would need the memory of both. One that fails makes room for the next, too."""
    engine, seen = FakeEngine(), threading.Event()

    def look(size: tuple[int, int]) -> None:
        with memory.room_for(PIL.Image.new("1", size), engine):
            seen.set()

    with ThreadPoolExecutor(1) as pool:
        with suppress(ValueError), memory.room_for(PIL.Image.new("1", (2000, 1500)), engine):
            look((2000, 1499))
            assert seen.is_set()
            seen.clear()
            other = pool.submit(look, (1500, 2000))
            assert not seen.wait(0.1)
            raise ValueError("the engine fails")
        other.result(timeout=5)
    assert seen.is_set()
    assert engine.gave_back == 2
