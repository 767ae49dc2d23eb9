"""Any picture of your own gets an answer, and what it says lies where it is in *your* picture.

The pictures are made here, as large and in the formats in which telephones and scanners write them; data/words.heic was
drawn by `photograph`, too, and saved with pillow-heif. The words in them stand at known places. Everything is answered
by the real on-device source: no fake takes what the real one refuses.
"""

from __future__ import annotations

import functools
import io
import itertools
from pathlib import Path

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest
from matplotlib import font_manager

import cvhelpers as cv

pytestmark = pytest.mark.slow
pytest.importorskip("onnxruntime", reason='needs the extra: pip install "cvhelpers[ondevice]"')

TWELVE_MEGAPIXELS = (4032, 3024)
WORDS = {"HARBOUR": (0.12, 0.15), "STATION": (0.55, 0.42), "MUSEUM": (0.2, 0.72)}
"""Where the upper left corner of each word is, as parts of the picture's width and height."""


@pytest.fixture(scope="module")
def vision() -> cv.VisionClient:
    return cv.VisionClient(cv.connect("on-device"))


@functools.cache
def photograph(size: tuple[int, int] = TWELVE_MEGAPIXELS, noise: int = 12) -> PIL.Image.Image:
    """A grainy sheet with three words in it."""
    grain = PIL.Image.effect_noise((500, 500), noise).point(lambda value: min(255, value + 90))
    sheet = PIL.Image.new("RGB", size)
    for x, y in itertools.product(range(0, size[0], 500), range(0, size[1], 500)):
        sheet.paste(grain, (x, y))
    draw, font = PIL.ImageDraw.Draw(sheet), font_of(size)
    for word, (x, y) in WORDS.items():
        draw.text((x * size[0], y * size[1]), word, "black", font)
    return sheet


def font_of(size: tuple[int, int]) -> PIL.ImageFont.FreeTypeFont:
    return PIL.ImageFont.truetype(font_manager.findfont("DejaVu Sans"), min(size) // 14)


def place_of(word: str, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a drawn word, in pixels."""
    at = WORDS[word][0] * size[0], WORDS[word][1] * size[1]
    left, top, right, bottom = font_of(size).getbbox(word)
    return at[0] + left, at[1] + top, at[0] + right, at[1] + bottom


def saved(image: PIL.Image.Image, format: str, **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, format, **options)
    return data.getvalue()


def mpo(image: PIL.Image.Image) -> bytes:
    """A JPEG with a second one in it, as telephones write it beside the depth of the picture."""
    return saved(image, "MPO", save_all=True, append_images=[image.resize((400, 300))])


def heavy_jpeg() -> bytes:
    """Some 20 MB."""
    data = saved(photograph((5600, 4200), 60), "JPEG", quality=97, subsampling=0)
    assert 15e6 < len(data) < 40e6
    return data


def lying_jpeg() -> bytes:
    """Stored on its side, with a note which way is up."""
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    return saved(photograph((2000, 1500)).transpose(PIL.Image.Transpose.ROTATE_90), "JPEG", exif=exif)


def animation(image: PIL.Image.Image) -> bytes:
    frames = [image, PIL.Image.new("RGB", image.size, "navy")]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=200)


def sixteen_bit_tiff() -> bytes:
    grey = photograph((1600, 1200)).convert("L").convert("I").point(lambda value: value * 257)
    return saved(grey.convert("I;16"), "TIFF")


FILES = {
    "JPEG of 12 megapixels": lambda: saved(photograph(), "JPEG"),
    "JPEG of 20 MB": heavy_jpeg,
    "JPEG that lies on its side": lying_jpeg,
    "MPO": lambda: mpo(photograph((1200, 900))),
    "HEIC": (Path(__file__).parent / "data" / "words.heic").read_bytes,
    "WebP": lambda: saved(photograph((1200, 900)), "WEBP", method=0),
    "AVIF": lambda: saved(photograph((1200, 900)), "AVIF", speed=10),
    "TIFF": lambda: saved(photograph((1200, 900)), "TIFF"),
    "TIFF of 16 bits": sixteen_bit_tiff,
    "PNG of 12 megapixels": lambda: saved(photograph(), "PNG", compress_level=1),
    "animated GIF": lambda: animation(photograph((1600, 1200))),
    "CMYK": lambda: saved(photograph((1600, 1200)).convert("CMYK"), "JPEG"),
    "small": lambda: saved(photograph((700, 500)), "PNG"),
}


@functools.cache
def file(name: str) -> bytes:
    """One of FILES: the large ones take longer to make than to ask about."""
    return FILES[name]()


READ = ("JPEG of 20 MB", "JPEG that lies on its side", "HEIC", "TIFF of 16 bits", "animated GIF", "small")
"""Those that are read, too: reading takes longer, and a picture is made fit in one way for all operations."""


@pytest.fixture(scope="module", params=FILES)
def picture(request) -> cv.Picture:
    return cv.open_picture(file(request.param))


@pytest.fixture(scope="module", params=READ)
def page(request) -> cv.Picture:
    return cv.open_picture(file(request.param))


def check_places(found: dict[str, tuple[float, float, float, float]], size: tuple[int, int]) -> None:
    """Each word was found, and lies where it was drawn, give or take half of its height."""
    assert set(found) == set(WORDS)
    for word, box in found.items():
        drawn = place_of(word, size)
        slack = (drawn[3] - drawn[1]) / 2
        assert box == pytest.approx(drawn, abs=slack), word


def test_printed_text_lies_where_it_is_in_the_original(vision, page):
    result = vision.ocr(page)
    size = page.width, page.height
    assert (result.width, result.height) == size
    found = {}
    for word in result:
        box = word.box
        found[word.text.strip(".,")] = (box.x, box.y, box.x + box.width, box.y + box.height)
    check_places(found, size)
    check_what_was_sent(vision, page, result.sent, most_side=4199, most_pixels=10_000_000)


def test_written_text_lies_where_it_is_in_the_original(vision, page):
    result = vision.recognize_text(page, mode="Printed")
    size = page.width, page.height
    assert (result.width, result.height) == size
    found = {}
    for line in result:
        xs, ys = line.polygon[0::2], line.polygon[1::2]
        found[line.text.strip(".,")] = (min(xs), min(ys), max(xs), max(ys))
    check_places(found, size)
    check_what_was_sent(vision, page, result.sent, most_side=4199, formats=("JPEG", "MPO", "PNG", "BMP"))


def test_an_analysis_is_of_the_original(vision, picture):
    result = vision.analyze(picture, features=["Description", "Color", "Tags"])
    assert (result.width, result.height) == (picture.width, picture.height)
    assert result.caption is not None
    check_what_was_sent(vision, picture, result.sent)


def check_what_was_sent(vision, picture, sent, most_side=15_999, most_pixels=None, formats=()) -> None:
    """What was sent is what the exchange shows; it fits; and where it is another one, everything says so."""
    exchange = vision.exchanges[0]
    image = PIL.Image.open(io.BytesIO(exchange.body))
    assert len(exchange.body) < 4 * 2**20
    assert image.format in (formats or ("JPEG", "MPO", "PNG", "GIF", "BMP"))
    assert max(image.size) <= most_side
    assert image.width * image.height <= (most_pixels or 10**9)
    assert image.width / image.height == pytest.approx(picture.width / picture.height, rel=0.01)
    assert exchange.note == sent
    assert bool(sent) == (exchange.body != picture.data)
    if sent:
        assert sent in exchange._repr_html_()
        assert ", because " in sent


@pytest.mark.parametrize("operation", ["analyze", "ocr", "recognize_text"])
def test_without_fit_the_lesson_shows_the_refusal(vision, operation):
    huge = cv.open_picture(file("JPEG of 20 MB"))
    with pytest.raises(cv.BadRequest) as caught:
        getattr(vision, operation)(huge, fit=False)
    assert caught.value.code in ("InvalidImageSize", "InvalidImageDimension")
    assert vision.last_exchange.body == huge.data, "it was really sent"
    webp = cv.open_picture(saved(photograph((700, 500)), "WEBP"))
    with pytest.raises(cv.BadRequest, match="InvalidImageFormat"):
        getattr(vision, operation)(webp, fit=False)


def test_the_figure_says_what_was_sent(vision):
    picture = cv.open_picture(file("JPEG of 12 megapixels"))
    figure = cv.show_words(picture, vision.ocr(picture))
    assert "made smaller from 4032 × 3024" in figure._repr_html_()


# --- what a search found is a picture, too (service/test_search_then_analyze.py takes the library's)


@pytest.mark.parametrize("source", ["recorded", "keyless"])
def test_what_a_recorded_search_found_can_be_looked_at(source):
    session = cv.connect(source)
    found = cv.ImageSearchClient(session).search("puppies", count=16)
    tiles = cv.thumbnails(found)
    assert [type(tile) for tile in tiles] == [cv.Picture] * 16
    if source == "keyless":
        assert cv.VisionClient(session).analyze(tiles[0]).caption is not None
