"""The pictures that people send: checked against the limits of the operation, and decoded.

What is decoded at once is bounded. A JPEG of many pixels is decoded at a half, a quarter or an eighth of its size,
which costs little; any other large picture is decoded alone and made smaller before anyone looks at it. Nothing that
is found gets lost by that: the models look at less than this anyway. Positions are answered in the pixels of the
picture that was sent.
"""

from __future__ import annotations

import io
import struct
import threading
from contextlib import nullcontext
from dataclasses import dataclass

import PIL.Image
import PIL.ImageOps

from ...protocol import vision as protocol
from .errors import ApiError

MOST_PIXELS = 30_000_000
"""More than this is refused where the service itself has no limit: a small computer has no memory for it."""
LARGE = 12_000_000
"""Pixels, about those of a telephone's photograph. What has more is made smaller than this."""
MOST_SCANS = 500
"""Each goes over all pixels of a JPEG: thousands would take minutes. Ten are usual."""
SEEN = 6_000_000
"""Pixels that are enough to see what is on a picture; reading needs more."""

_FORMATS = {
    "JPEG": "Jpeg", "MPO": "Jpeg", "PNG": "Png", "GIF": "Gif", "BMP": "Bmp", "TIFF": "Tiff", "WEBP": "Webp",
    "ICO": "Ico",
}  # fmt: skip
"""Pillow's names and the service's."""

_ICON = b"\0\0\1\0"
_SCAN = b"\xff\xda"
"""Begins a scan of a JPEG. In other data inside it, as a film, these bytes come by chance, once in 64 KB."""

_one_large_picture = threading.Lock()


@dataclass(frozen=True)
class Rules:
    """What an operation takes, the service's words for what it refuses, and how many pixels it looks at.

    ``documents``: PDF files as well, and the pages of TIFF files.
    """

    limits: protocol.Limits
    format_code: str = "InvalidImageFormat"
    size_code: str = "InvalidImageSize"
    pixels: int = LARGE
    documents: bool = False

    @property
    def formats(self) -> tuple[str, ...]:
        """By Pillow's names. A JPEG with a second picture in it, which some telephones write, opens as "MPO"."""
        return (*self.limits.formats, "MPO")


ANALYZE = Rules(protocol.ANALYZE, pixels=SEEN)
OCR = Rules(protocol.OCR)
RECOGNIZE_TEXT = Rules(protocol.RECOGNIZE_TEXT, size_code="InvalidImageDimension")
BATCH_READ = Rules(protocol.READ, size_code="InvalidImageDimension", documents=True)
READ = Rules(protocol.READ, "InvalidImage", "InvalidImageDimension", documents=True)


@dataclass(frozen=True)
class DecodedPicture:
    """A picture to look at, upright.

    Attributes
    ----------
    image : PIL.Image.Image
        The pixels, perhaps fewer than were sent.
    width, height : int
        Of the picture that was sent, once it is upright.
    format : str
        The service's name of it: "Jpeg", "Png", "Gif", "Bmp" or "Tiff".
    """

    image: PIL.Image.Image
    width: int
    height: int
    format: str

    @property
    def scale(self) -> tuple[float, float]:
        """How many pixels of the picture that was sent one pixel of `image` stands for: in a row, in a column."""
        return self.width / self.image.width, self.height / self.image.height


def decode(data: bytes, rules: Rules, page: int = 1) -> DecodedPicture:
    """The picture in these bytes, or `ApiError` with the service's word for why not. ``page`` counts from 1."""
    try:
        if data.startswith(_ICON):
            _check_icon(data, rules)
        with PIL.Image.open(io.BytesIO(data), formats=rules.formats) as image:
            if page > 1 and image.format == "TIFF":
                image.seek(page - 1)
            _check_size(image.size, rules)
            if image.format in ("JPEG", "MPO") and data.count(_SCAN) > MOST_SCANS:
                raise ApiError(rules.format_code, "Input data is not a valid image.")
            (width, height), name = image.size, _FORMATS[str(image.format)]
            with _one_large_picture if width * height > LARGE else nullcontext():
                _reduce(image, rules.pixels)
            lying = image.size
            # Pictures are answered as they are seen: a telephone writes "turn me" instead of turning.
            PIL.ImageOps.exif_transpose(image, in_place=True)
            if image.size != lying:
                width, height = height, width
            return DecodedPicture(image, width, height, name)
    except ApiError:
        raise
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        raise ApiError(rules.size_code, "Input image is too large.") from None
    except Exception:  # Pillow's decoders raise nearly anything on a broken file
        raise ApiError(rules.format_code, "Input data is not a valid image.") from None


def count_pages(image: PIL.Image.Image, most: int) -> int:
    """The pages of a TIFF file, counted up to ``most``: it takes minutes to count all that fit into one.

    Elsewhere frames are no pages: they move, or are the same picture made smaller.
    """
    if image.format == "TIFF":
        for number in range(1, most):
            try:
                image.seek(number)
            except EOFError:
                return number
        return most
    return 1


def _check_size(size: tuple[int, int], rules: Rules) -> None:
    least = rules.limits.min_side
    if min(size) < least:
        raise ApiError(rules.size_code, f"Image must be at least {least} pixels in width and height")
    _check_not_too_large(size, rules)


def _check_icon(data: bytes, rules: Rules) -> None:
    """The pictures in an icon. Pillow decodes one as soon as it opens the file, whose head may name a smaller size."""
    (count,) = struct.unpack_from("<H", data, len(_ICON))
    for number in range(count):
        (start,) = struct.unpack_from("<I", data, 18 + 16 * number)
        is_png = data.startswith(b"\x89PNG", start)
        width, height = (
            struct.unpack_from(">II", data, start + 16) if is_png else struct.unpack_from("<ii", data, start + 4)
        )
        _check_not_too_large((width, abs(height)), rules)  # below 0 where the rows go from the top down


def _check_not_too_large(size: tuple[int, int], rules: Rules) -> None:
    limits, (width, height) = rules.limits, size
    if max(size) > limits.max_side or width * height > (limits.max_pixels or MOST_PIXELS):
        raise ApiError(rules.size_code, "Input image is too large.")


def _reduce(image: PIL.Image.Image, pixels: int) -> None:
    """Decode a picture, and make it smaller in its proportions if it has more pixels than this."""
    width, height = image.size
    if width * height > pixels:
        scale = (pixels / (width * height)) ** 0.5
        image.thumbnail((max(int(width * scale), 1), max(int(height * scale), 1)))  # decodes less of a JPEG
    image.load()
