"""What the pictures promise: opened from anywhere, upright, and an error that says what was there instead."""

from __future__ import annotations

import io
import os
import random
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageChops
import pytest
import requests

import cvhelpers as cv
from azure import Azure, Reply
from cvhelpers import pictures
from cvhelpers.errors import PictureError
from cvhelpers.pictures import open_picture, sample, sample_names
from cvhelpers.protocol.vision import Limits
from cvhelpers.results import ImageAnalysis
from cvhelpers.session import Connection
from cvhelpers.sources.live import THUMBNAIL_WIDTHS, Live, thumbnail_width


def saved(image: PIL.Image.Image, format: str = "PNG", **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, format, **options)
    return data.getvalue()


def corner_red(width: int = 80, height: int = 60) -> PIL.Image.Image:
    """A white picture whose top left quarter is red."""
    image = PIL.Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    return image


def is_red(image: PIL.Image.Image, x: int, y: int) -> bool:
    r, g, b = image.getpixel((x, y))
    return r > 200 and g < 80 and b < 80


@pytest.fixture
def web():
    """A session that fetches without waiting between its tries."""
    return Connection(Live(backoff=0))


# --- from anywhere -------------------------------------------------------------------------------------------


def test_every_kind_of_input_gives_the_same_picture(tmp_path, monkeypatch, web):
    data = saved(corner_red())
    path = tmp_path / "corner.png"
    path.write_bytes(data)
    with open(path, "rb") as file, Azure(Reply(body=data)) as azure:
        opened = [
            open_picture(source, web)
            for source in (
                str(path),
                path,
                data,
                bytearray(data),
                io.BytesIO(data),
                file,
                f"{azure.address}/corner.png",
            )
        ]
    monkeypatch.setenv("HOME", str(tmp_path))
    opened.append(open_picture("~/corner.png"))
    assert {(one.data, one.width, one.height, one.format) for one in opened} == {(data, 80, 60, "PNG")}
    assert [one.name for one in opened] == [
        "corner",
        "corner",
        "picture",
        "picture",
        "picture",
        "corner",
        "corner",
        "corner",
    ]
    assert [one.url for one in opened if one.url] == [f"{azure.address}/corner.png"], (
        "only what has an address is sent by it"
    )
    assert open_picture(opened[0]) is opened[0]


def test_an_image_made_with_pillow():
    picture = open_picture(corner_red())
    assert (picture.width, picture.height, picture.format) == (80, 60, "PNG")
    assert is_red(picture.image, 5, 5)


@pytest.mark.parametrize("odd", [None, 7, ["a.png"], object()])
def test_what_is_no_picture_at_all(odd):
    with pytest.raises(PictureError, match="A picture is a name, an address, a path"):
        open_picture(odd)


def test_a_file_that_was_opened_as_text(tmp_path):
    (tmp_path / "a.txt").write_text("words")
    with open(tmp_path / "a.txt", encoding="utf-8") as file, pytest.raises(PictureError, match="rb"):
        open_picture(file)


# --- samples -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sample_names())
def test_samples_know_their_author_and_what_they_show(name):
    picture = sample(name)
    assert picture.name == name
    assert picture.credit
    assert " " in picture.description
    assert open_picture(name) == picture
    assert open_picture(picture.data).credit == picture.credit, "known by its bytes, wherever it is opened from"
    assert Live().picture_address(replace(picture, url="https://example.org/a.png")) == (
        None if picture.note else "https://example.org/a.png"
    ), "at a stand-in's address the network has another picture"
    assert bool(picture.url) == bool(picture.note), "a stand-in has the address of what it stands in for, and says so"


def test_a_sample_that_is_not_there():
    with pytest.raises(PictureError, match="street-at-night"):
        sample("street-at-noon")


# --- what is wrong with a path -------------------------------------------------------------------------------


def test_a_wrong_path_names_the_nearest_file(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(saved(corner_red()))
    with pytest.raises(PictureError, match=r"no file .*holyday\.jpg\. Did you mean holiday\.jpg\?"):
        open_picture(tmp_path / "holyday.jpg")


def test_a_misspelt_sample_names_the_nearest_sample():
    with pytest.raises(PictureError, match=r"Did you mean democritus\?"):
        open_picture("demokritus")


def test_a_path_like_nothing_names_the_samples():
    with pytest.raises(PictureError, match=f"start at {Path.cwd().name}/, and the samples are: street-at-night"):
        open_picture("nowhere/xyzzy")


def test_a_folder(tmp_path):
    with pytest.raises(PictureError, match="is a folder"):
        open_picture(tmp_path)


@pytest.mark.parametrize("path", ["a\0b.png", "x" * 5000])
def test_a_path_that_the_system_refuses(path):
    with pytest.raises(PictureError, match="can't be read"):
        open_picture(path)


# --- what is no file -----------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices here")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/tty", "/dev/null"])
def test_a_device_is_not_read(device):
    """It may have no end, or wait for someone to type."""
    if Path(device).exists():
        with pytest.raises(PictureError, match="is a device, not a file"):
            open_picture(device)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PictureError, match="is a device, not a file"):
        open_picture(tmp_path / "pipe")


def test_a_huge_file_is_not_read(tmp_path):
    with open(tmp_path / "huge.png", "wb") as file:
        file.truncate(3 * 2**30)  # takes no room on the disk
    with pytest.raises(PictureError, match=r"huge\.png has 3072 MB, more than 100 MB\. Save a smaller copy"):
        open_picture(tmp_path / "huge.png")


def test_a_file_object_without_an_end():
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0, "it would never end"
            self.given += size
            return bytes(size)

    endless = Endless()
    with pytest.raises(PictureError, match="more than 100 MB"):
        open_picture(endless)
    assert endless.given == 100 * 2**20 + 1


@pytest.mark.parametrize("error", [OSError("disk gone"), ValueError("I/O operation on closed file"), KeyError("odd")])
def test_a_file_object_that_fails(error):
    class Failing:
        name = "holiday.png"

        def read(self, size: int = -1) -> bytes:
            raise error

    with pytest.raises(PictureError, match=r"holiday\.png can't be read: .*Open it again"):
        open_picture(Failing())


def test_a_file_object_that_gives_something_else():
    class Odd:
        name = 7  # as an open file descriptor has

        def read(self, size: int = -1) -> object:
            return None

    with pytest.raises(PictureError, match="gave no bytes"):
        open_picture(Odd())


def test_a_home_that_nobody_has():
    with pytest.raises(PictureError, match="can't be read"):
        open_picture("~nobody-has-this-name/x.png")


@pytest.mark.parametrize("name", [".", "..", "/"])
def test_a_path_that_is_a_folder(name):
    with pytest.raises(PictureError, match="is a folder"):
        open_picture(name)


def read_to_its_end():
    file = io.BytesIO()
    PIL.Image.new("RGB", (60, 60)).save(file, "PNG")
    return file


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: " ", "The name of the picture is empty."),
        (lambda: "file:///home/me/cat.jpg", "file:// is not fetched here."),
        (lambda: "ftp://example.org/cat.jpg", "ftp:// is not fetched here."),
        (read_to_its_end, "picture was read to its end before. Open it again, or go back with file.seek(0)."),
        (lambda: np.zeros((60, 60, 3), np.uint8), "not ndarray. An array becomes an image by PIL.Image.fromarray"),
        (ImageAnalysis, "not ImageAnalysis."),
    ],
    ids=["nothing", "file", "ftp", "read before", "array", "an answer, which has an attribute read"],
)
def test_what_comes_close_to_a_picture_is_told_what_to_do(make, told):
    with pytest.raises(PictureError) as caught:
        open_picture(make())
    assert told in str(caught.value)


# --- a file that has the name of a sample ---------------------------------------------------------------------


def test_a_file_of_your_own_counts_more_than_a_sample_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert open_picture("cat") == sample("cat")
    (tmp_path / "cat").mkdir()
    assert open_picture("cat") == sample("cat"), "a folder is no picture"
    (tmp_path / "cat").rmdir()
    (tmp_path / "cat").write_bytes(saved(corner_red()))
    assert open_picture("cat").width == 80
    assert sample("cat").width != 80, "sample() is always the sample"
    assert open_picture("coffee") == sample("coffee")


@pytest.mark.parametrize("scheme", ["HTTP://", "Http://", " http://", "\thttp://", "http://"])
def test_an_address_is_known_however_it_is_written(scheme, web):
    with Azure(Reply(body=saved(corner_red()))) as azure:
        picture = open_picture(f"{scheme}{azure.address.removeprefix('http://')}/a.png \n", web)
    assert picture.width == 80
    assert (picture.url, azure.seen[0].path) == (f"{azure.address}/a.png", "/a.png")


# --- images of Pillow's that have something odd --------------------------------------------------------------


@pytest.mark.parametrize("size", [(0, 0), (0, 9), (9, 0)])
def test_an_image_without_pixels(size):
    with pytest.raises(PictureError, match="This PIL image can't be used"):
        open_picture(PIL.Image.new("RGB", size))


def test_an_image_that_was_closed(tmp_path):
    (tmp_path / "a.png").write_bytes(saved(corner_red()))
    image = PIL.Image.open(tmp_path / "a.png")
    image.close()
    with pytest.raises(PictureError, match="This PIL image can't be used"):
        open_picture(image)


ALL_MODES = ["1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F", "LA", "PA", "RGBX", "RGBa", "La",
             "I;16", "I;16L", "I;16B"]  # fmt: skip


@pytest.mark.parametrize("mode", ALL_MODES)
def test_an_image_of_any_mode_is_opened(mode):
    picture = open_picture(PIL.Image.new(mode, (60, 50)))
    assert (picture.width, picture.height, picture.format) == (60, 50, "PNG")
    assert picture.image.mode == "RGB"


@pytest.mark.parametrize("mode", ["L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LA", "PA", "La", "RGBa", "RGBX"])
def test_an_image_of_any_mode_keeps_its_light_and_dark(mode):
    base = PIL.Image.new("RGBA" if mode in ("RGBA", "LA", "PA", "La", "RGBa") else "RGB", (60, 50), "white")
    base.paste("black", (0, 0, 30, 50))
    for step in {"La": ["LA", "La"], "RGBa": ["RGBA", "RGBa"], "PA": ["P", "PA"], "LA": ["LA"]}.get(mode, [mode]):
        base = base.convert(step)
    assert base.mode == mode
    image = open_picture(base).image
    assert max(image.getpixel((5, 5))) < 8
    assert min(image.getpixel((55, 5))) > 247


# --- upright -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_that_a_camera_stored_on_its_side_is_turned_upright(orientation):
    """Orientation n is stored so that a viewer which minds it sees the red corner at the top left."""
    turn = PIL.Image.Transpose
    undo = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_90,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_270,
    }
    stored = corner_red().transpose(undo[orientation]) if orientation in undo else corner_red()
    exif = PIL.Image.Exif()
    exif[pictures.EXIF_ORIENTATION] = orientation
    data = saved(stored, "JPEG", exif=exif, quality=95)
    picture = open_picture(data)
    assert (picture.width, picture.height) == (80, 60)
    assert is_red(picture.image, 10, 10)
    assert not is_red(picture.image, 70, 50)
    sent = PIL.Image.open(io.BytesIO(picture.data))
    assert sent.size == (80, 60), "what is sent is upright as well: the boxes must fit"
    assert sent.getexif().get(pictures.EXIF_ORIENTATION, 1) == 1
    assert (picture.data == data) == (orientation == 1), "a picture that is upright is sent as it is"


# --- every kind of pixel -------------------------------------------------------------------------------------


def gradient(mode: str) -> bytes:
    """From dark to light over 16 bits a pixel."""
    image = PIL.Image.new(mode, (256, 1))
    for x in range(256):
        image.putpixel((x, 0), x * 257)
    return saved(image, "PNG" if mode == "I;16" else "TIFF")


@pytest.mark.parametrize("mode", ["I;16", "I", "I;16B"])
def test_sixteen_bits_are_scaled_not_cut_off(mode):
    shown = open_picture(gradient(mode)).image
    assert shown.mode == "RGB"
    greys = [shown.getpixel((x, 0))[0] for x in range(256)]
    assert greys == pytest.approx(range(256), abs=1)


@pytest.mark.parametrize(
    ("mode", "format"), [("1", "PNG"), ("L", "PNG"), ("P", "PNG"), ("CMYK", "JPEG"), ("RGB", "BMP")]
)
def test_other_modes_are_shown_in_their_colours(mode, format):
    image = corner_red().convert(mode)
    shown = open_picture(saved(image, format)).image
    expected = image.convert("RGB")
    assert shown.mode == "RGB"
    assert max(high for _, high in PIL.ImageChops.difference(shown, expected).getextrema()) <= 3


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(mode):
    clear = PIL.Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (0, 0, 30, 60))
    shown = open_picture(saved(clear.convert(mode) if mode != "P" else clear.quantize())).image
    assert shown.getpixel((50, 30)) == (255, 255, 255)
    assert shown.getpixel((10, 30)) == (0, 0, 0)
    assert open_picture(clear).image.getpixel((50, 30)) == (255, 255, 255)


def test_a_jpeg_with_a_second_picture_in_it_is_a_jpeg():
    """Some telephones write it, and the services take it."""
    data = saved(corner_red(), "MPO", save_all=True, append_images=[corner_red(20, 10)])
    assert PIL.Image.open(io.BytesIO(data)).format == "MPO"
    assert (open_picture(data).format, open_picture(data).data == data) == ("JPEG", True)


def test_a_photograph_becomes_coarser_before_it_becomes_smaller():
    noise = PIL.Image.frombytes("RGB", (120, 80), random.Random(1).randbytes(120 * 80 * 3))
    fine, coarse = (len(saved(noise, "JPEG", quality=quality)) for quality in (92, 75))
    picture = open_picture(saved(noise))
    for most, side in ((fine + 1, 120), (coarse + 1, 120), (coarse, 96)):
        fitted = pictures.fit(picture, Limits(("JPEG",), max_bytes=most))
        assert len(fitted.data) < most
        assert (fitted.width, fitted.change.startswith("made smaller")) == (side, side < 120)


def test_a_picture_that_is_made_smaller_keeps_what_is_between_its_pixels():
    """Thin strokes would be lost where only every second pixel is taken."""
    stripes = PIL.Image.new("L", (200, 80), "white")
    for x in range(0, 200, 2):
        stripes.paste(0, (x, 0, x + 1, 80))
    small = pictures.fit(open_picture(stripes), Limits(("PNG",), min_side=9, max_side=100)).image
    assert small.size == (100, 40)
    assert all(100 <= low <= high <= 155 for low, high in small.getextrema())


def test_a_picture_is_made_as_large_as_it_may_be():
    """16553 times 10000/16553 is a little less than 10000 on a computer."""
    large = open_picture(PIL.Image.new("RGB", (16_553, 100)))
    assert pictures.fit(large, Limits(("PNG",), max_side=10_000)).width == 10_000


def test_a_heic_that_can_t_be_opened_says_what_to_install(monkeypatch):
    monkeypatch.setattr(pictures, "_reads_heif", lambda: False)
    with pytest.raises(PictureError, match=r"It is a HEIC, which needs one more package: pip install"):
        open_picture(b"\0\0\0\x18ftypheic" + bytes(50))


def test_of_an_animation_the_first_picture_is_shown():
    frames = [PIL.Image.new("RGB", (60, 60), colour) for colour in ("red", "blue")]
    picture = open_picture(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert picture.format == "GIF"
    assert is_red(picture.image, 30, 30)


# --- what is no picture --------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"not a picture at all", b"\x00" * 100])
def test_bytes_that_are_no_picture(data):
    with pytest.raises(PictureError, match="not a picture that can be read here"):
        open_picture(data)


def test_a_web_page_that_was_saved_as_a_picture(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"<!doctype html><title>Sign in</title>")
    with pytest.raises(PictureError, match=r"photo\.jpg is not a picture but a web page: Sign in"):
        open_picture(tmp_path / "photo.jpg")


def test_no_bytes_at_all():
    with pytest.raises(PictureError, match="no bytes at all"):
        open_picture(b"")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "BMP"])
def test_a_truncated_picture(format):
    noise = PIL.Image.effect_noise((200, 200), 90)
    data = saved(noise, format)
    with pytest.raises(PictureError, match="damaged picture"):
        open_picture(data[: len(data) // 2])


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_damage_of_any_kind_raises_nothing_else(format):
    chance = random.Random(4711)
    whole = saved(corner_red(), format)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                open_picture(bytes(data)).image.load()
            except PictureError:
                continue


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_decompression_bombs_are_refused_before_they_are_unpacked(monkeypatch):
    bomb = saved(PIL.Image.new("1", (9000, 9995)))
    assert len(bomb) < 30_000, "a small file"
    bombs = [bomb, saved_header(40_000, 40_000)]
    unpacked = []
    monkeypatch.setattr(PIL.Image.Image, "load", lambda self: unpacked.append(self))
    for data in bombs:
        with pytest.raises(PictureError, match="more than 89,478,485 pixels"):
            open_picture(data)
    assert unpacked == []


def saved_header(width: int, height: int) -> bytes:
    """A BMP that claims a size; its pixels are not there."""
    data = bytearray(saved(PIL.Image.new("1", (8, 8)), "BMP"))
    data[18:26] = width.to_bytes(4, "little") + height.to_bytes(4, "little")
    return bytes(data)


# --- from the web --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (
            Reply(body=b"  <!doctype html><title>Sign in</title>"),
            "/picture.png is not a picture but a web page: Sign in",
        ),
        (Reply(json={"error": {"code": "1", "message": "No such picture"}}), "No such picture"),
        (Reply(json={"tags": []}), "/picture.png is not a picture but text"),
        (Reply(json=[1, 2]), "not a picture that can be read here"),
        (Reply(404, body=b"<html><title>Not here</title>"), "answered 404 Not Found instead of a picture"),
        (Reply(403, body=b"Please set a user-agent and respect our robot policy"), "respect our robot policy"),
        (Reply(body=b""), "no bytes at all"),
        (Reply(body=saved(corner_red())[:100]), "damaged"),
        (Reply(body=saved(corner_red()), cut="length"), "stopped in the middle"),
        (Reply(body=saved(corner_red()), cut="chunked"), "stopped in the middle"),
        (Reply(body=b"\x1f\x8b broken", headers={"Content-Encoding": "gzip"}), "stopped in the middle"),
        (Reply(429), "answered 429 Too Many Requests"),
    ],
)
def test_an_answer_that_is_no_picture_says_what_it_was(reply, told, web):
    """The quickstarts looked at no status, so that a refusal ended in UnidentifiedImageError."""
    with Azure(reply) as azure, pytest.raises(PictureError) as caught:
        open_picture(f"{azure.address}/picture.png", web)
    assert told in str(caught.value)


def test_a_host_that_is_not_there(web):
    with pytest.raises(PictureError, match=r"No connection to 127\.0\.0\.1:9"):
        open_picture("http://127.0.0.1:9/a.png", web)


@pytest.mark.parametrize("url", ["http://", "https://[", "http://a b/", "http://127.0.0.1:port/"])
def test_an_address_that_is_none(url, web):
    with pytest.raises(PictureError):
        open_picture(url, web)


def test_a_server_is_told_who_asks(web):
    with Azure(Reply(body=saved(corner_red()))) as azure:
        open_picture(f"{azure.address}/a%20b.png", web)
    agent = azure.seen[0].headers["user-agent"]
    name, contact, library = agent.split(" ")
    assert name.startswith("cvhelpers/")
    assert contact.startswith("(https://")
    assert library == f"requests/{requests.__version__}"
    assert azure.seen[0].key is None, "a picture's server gets no key"


def test_a_picture_of_the_web_knows_where_it_came_from(web):
    moved = Reply(302, headers={"Location": "{host}/there/caf%C3%A9.png"})
    with Azure(moved, Reply(body=saved(corner_red()))) as azure:
        picture = open_picture(f"{azure.address}/h%C3%A9%20here.png", web)
    assert picture.url == f"{azure.address}/there/caf%C3%A9.png"
    assert picture.name == "hé here"


def test_a_password_in_an_address_is_not_kept_with_the_picture(web):
    """It would be shown with it, and sent to the service."""
    with Azure(Reply(body=saved(corner_red()))) as azure:
        picture = open_picture(azure.address.replace("//", "//ada:secret@") + "/a.png", web)
    assert picture.url is None
    assert "secret" not in f"{picture} {vars(picture)} {picture._repr_html_()}"


# --- Wikimedia -----------------------------------------------------------------------------------------------

COMMONS = "https://upload.wikimedia.org/wikipedia/commons/thumb/a/af/Quote.png/{}px-Quote.png"
NEW_COMMONS = COMMONS.replace("upload", "thumb") + "?utm_source=commons.wikimedia.org&utm_campaign=imageinfo"
"""Since September 2026."""


@pytest.mark.parametrize(("asked", "served"), [(450, 500), (338, 330), (800, 960), (1, 20), (9999, 3840), (500, 500)])
def test_widths_that_wikimedia_refuses_become_the_nearest_served_one(asked, served):
    assert served in THUMBNAIL_WIDTHS
    for address in (COMMONS, NEW_COMMONS):
        assert Live().served_address(address.format(asked)) == address.format(served)
        assert thumbnail_width(address.format(asked)) == asked
    picture = pictures.Picture(b"", 1, 1, "PNG", "a", COMMONS.format(asked))
    named = COMMONS.format(asked) if asked == served else None
    assert Live().picture_address(picture) == named, "there the service would get another picture: its bytes are sent"


@pytest.mark.parametrize(
    "url",
    [
        "https://upload.wikimedia.org/wikipedia/commons/a/af/450px-Quote.png",  # the full picture
        "https://example.org/thumb/a/af/Quote.png/450px-Quote.png",
        "https://upload.wikimedia.org/wikipedia/commons/thumb/a/af/450px-Q.png/Quote.png",
    ],
)
def test_other_addresses_stay_as_they_are(url):
    assert Live().served_address(url) == url
    assert thumbnail_width(url) is None


def test_the_live_source_asks_for_the_served_width(monkeypatch):
    asked = []

    def send(self, request, *args, **options):
        asked.append(request.url)
        raise requests.ConnectionError

    monkeypatch.setattr("requests.adapters.HTTPAdapter.send", send)
    with pytest.raises(PictureError):
        open_picture(COMMONS.format(338), cv.connect("live"))
    assert asked == [COMMONS.format(330)]


def test_the_repr_is_short():
    assert repr(open_picture(corner_red())) == "<Picture image: 80 × 60 PNG, 0 KB>"


def test_the_temporary_directory_is_no_part_of_a_message(tmp_path):
    """Paths of this computer in a committed notebook would differ everywhere."""
    with pytest.raises(PictureError) as caught:
        open_picture(Path("missing.png"))
    assert str(Path.cwd().parent) not in str(caught.value)
