"""The exercises of notebook 02."""

from __future__ import annotations

import io
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import PIL.Image
import requests

from ..pictures import SAMPLES, sample
from .answers import listening
from .exercise import Case, Exercise


def _file(name: str) -> Case:
    data = (SAMPLES / "pictures" / name).read_bytes()
    return Case((name,), data, "Do you read the file whose name the function gets?",
                expected=f"the {len(data):,} bytes of {name}")  # fmt: skip


def _kind(data: bytes, kind: str) -> Case:
    return Case((data,), kind, "What do the very first bytes say?")


def _sending(name: str) -> Case:
    path = str(SAMPLES / "pictures" / name)
    return Case(
        lambda: (listening(), path),
        sample(name.split(".")[0]).data,
        "Call session.post with data= and a header Content-Type that says they are bytes, and return the answer.",
        f"session, {name!r}",
        _carries,
        f"an answer to a request that carries the bytes of {name}",
    )


def _carries(answer: Any, data: bytes) -> bool:
    """Whether the picture travelled, as plain bytes or as a part of a form."""
    if not isinstance(answer, requests.Response):
        return False
    kind, body = str(answer.request.headers.get("Content-Type", "")), _bytes_of(answer.request)
    if kind.split(";")[0].strip() == "application/octet-stream":
        return body == data
    if kind.startswith("multipart/form-data"):
        form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        return any(part.get_payload(decode=True) == data for part in form.iter_parts())
    return False


def _bytes_of(request: requests.PreparedRequest) -> bytes:
    return request.body if isinstance(request.body, bytes) else b""


def _ready(mode: str, size: tuple[int, int], wanted: tuple[int, int], hint: str) -> Case:
    shown = f"a picture of {size[0]} × {size[1]} pixels, mode {mode}"
    expected = f"the bytes of a JPEG of {wanted[0]} × {wanted[1]} pixels"
    return Case(lambda: (_halves(mode, size),), wanted, hint, shown, _is_ready, expected)


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
    if image.format != "JPEG" or any(abs(one - other) > 1 for one, other in zip(image.size, wanted, strict=True)):
        return False
    small: Any = image.convert("RGB")
    left, right = small.getpixel((image.width // 8, image.height // 2)), small.getpixel((image.width * 7 // 8, 0))
    return bool(left[0] > 2 * left[2] and right[2] > 2 * right[0])


EXERCISES = {
    "02-1": Exercise(
        "picture_bytes",
        [_file("coffee.jpg"), _file("cat.jpg"), _file("pangrams.png")],
        "Each file has another number of bytes, whatever its width and height.",
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
        "Pillow does the same, for 43 formats.",
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
