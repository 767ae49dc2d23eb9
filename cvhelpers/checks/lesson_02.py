"""The exercises of notebook 02."""

from __future__ import annotations

import io
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import urlsplit

import PIL.Image
import requests

from ..pictures import SAMPLES, sample
from ..protocol import headers
from .answers import listening
from .exercise import Case, Exercise, short


def _file(name: str) -> Case:
    data = (SAMPLES / "pictures" / name).read_bytes()
    return Case((name,), data, "Do you read the file whose name the function gets?",
                expected=f"the {len(data):,} bytes of {name}")  # fmt: skip


def _kind(data: bytes, kind: str) -> Case:
    return Case((data,), kind, "What do the very first bytes say?")


def _sending(name: str) -> Case:
    path, data = str(SAMPLES / "pictures" / name), sample(name.split(".")[0]).data
    return Case(
        lambda: (listening(lambda request: _status(request, data)), path),
        data,
        "Call session.post with the headers, the bytes as data=, and a Content-Type that says they are bytes; "
        "return its answer.",
        f"session, {name!r}",
        lambda answer, data: isinstance(answer, requests.Response) and _status(answer.request, data) == 200,
        f"the service's answer to the bytes of {name}, <Response [200]>",
    )


def _status(request: requests.PreparedRequest, data: bytes) -> int:
    """What the service would answer: 200 if this picture travelled to it, as plain bytes or as a part of a form."""
    if request.method != "POST" or not urlsplit(str(request.url)).path.endswith("/analyze"):
        return 404
    if headers.KEY not in request.headers:
        return 401
    kind, body = str(request.headers.get("Content-Type", "")), _bytes_of(request)
    if kind.startswith("multipart/form-data"):
        form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        return 200 if any(part.get_payload(decode=True) == data for part in form.iter_parts()) else 400
    if kind.split(";")[0].strip() == "application/octet-stream":
        return 200 if body == data else 400
    return 400 if kind == "application/json" else 415


def _bytes_of(request: requests.PreparedRequest) -> bytes:
    return request.body if isinstance(request.body, bytes) else b""


def _ready(mode: str, size: tuple[int, int], wanted: tuple[int, int], hint: str) -> Case:
    shown = f"a picture of {size[0]} × {size[1]} pixels, mode {mode}"
    expected = f"the same picture, as the bytes of a JPEG of {wanted[0]} × {wanted[1]} pixels"
    return Case(lambda: (_halves(mode, size),), wanted, hint, shown, _is_ready, expected, _in_words)


def _in_words(answer: Any) -> str:
    """What the bytes are, if they are a picture."""
    try:
        image = PIL.Image.open(io.BytesIO(answer))
    except (TypeError, OSError):
        return short(answer)
    return f"the bytes of a {image.format} of {image.width} × {image.height} pixels"


def _halves(mode: str, size: tuple[int, int]) -> PIL.Image.Image:
    """Red on the left, blue on the right: so it is seen whether the picture was turned or cut."""
    image = PIL.Image.new("RGB", size, (210, 30, 30))
    image.paste((30, 30, 210), (size[0] // 2, 0, *size))
    return image.convert(mode)


def _is_ready(data: Any, wanted: tuple[int, int]) -> bool:
    if not isinstance(data, bytes | bytearray):
        return False
    try:
        image = PIL.Image.open(io.BytesIO(data), formats=["JPEG"])
    except OSError:
        return False
    if any(abs(one - other) > 1 for one, other in zip(image.size, wanted, strict=True)):
        return False
    small: Any = image.convert("RGB")
    left, right = small.getpixel((image.width // 8, image.height // 2)), small.getpixel((image.width * 7 // 8, 0))
    return bool(left[0] > 2 * left[2] and right[2] > 2 * right[0])


EXERCISES = {
    "02-1": Exercise(
        "picture_bytes",
        [_file("coffee.jpg"), _file("cat.jpg"), _file("pangrams.png")],
        "How many bytes a file has depends on the picture in it, not only on its width and height.",
    ),
    "02-2": Exercise(
        "kind_of",
        [
            _kind(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "JPEG"),
            _kind(b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
            _kind(b"<html>", "something else"),
            _kind(b"GIF89a, made from a PNG: \x89PNG", "something else"),
            _kind(b"PNG is only a name", "something else"),
            _kind(b"", "something else"),
            _kind(b"\xff\xd8\xff\xe1\x00\x18Exif\x00", "JPEG"),
        ],
        "Pillow does the same, for more than 40 formats.",
    ),
    "02-3": Exercise(
        "ask",
        [_sending("street-at-night.jpg"), _sending("cat.jpg"), _sending("pangrams.png")],
        "The service can't look into your computer, and that is a good thing.",
    ),
    "02-4": Exercise(
        "ready",
        [
            _ready("RGB", (200, 100), (200, 100), "It should be a JPEG, and a small picture keeps its size."),
            _ready("RGBA", (3000, 2000), (1000, 667), "A JPEG has no transparent layer, and the shape stays: 3 to 2."),
            _ready("RGB", (1200, 2400), (500, 1000), "A picture that is taller than it is wide must fit, too."),
            _ready("RGB", (900, 1300), (692, 1000), "The longer side counts, whether it is the width or the height."),
            _ready(
                "P",
                (1500, 300),
                (1000, 200),
                "Some pictures store numbers of colours: convert each to RGB.",
            ),
        ],
        "Smaller pictures also travel faster, and cost the same.",
    ),
}
