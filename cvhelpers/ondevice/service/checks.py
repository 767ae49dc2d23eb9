"""What is checked before the engine sees a request: options, and the picture's format and size."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

import PIL.Image
import PIL.ImageOps
from starlette.datastructures import QueryParams

from .errors import ApiError

# --- options -----------------------------------------------------------------------------------------------


def choice(query: QueryParams, name: str, allowed: Iterable[str], default: str = "", code: str = "BadArgument") -> str:
    """One of the allowed values, in their spelling; upper and lower case count the same.

    >>> choice(QueryParams("mode=handwritten"), "mode", ("Handwritten", "Printed"))
    'Handwritten'
    """
    value = query.get(name) or default
    for known in allowed:
        if known.lower() == value.lower():
            return known
    raise ApiError(code, f"{value!r} is no value of {name}." if value else f"{name} is missing.", 400, name, value)


def choices(query: QueryParams, name: str, allowed: Iterable[str], code: str) -> tuple[str, ...]:
    """The allowed values in a list with commas, each once."""
    names = {known.lower(): known for known in allowed}
    found = []
    for value in ",".join(query.getlist(name)).split(","):
        if value.strip().lower() in names:
            found.append(names[value.strip().lower()])
        elif value.strip():
            raise ApiError(code, f"{value.strip()!r} is not a value of {name} that this service answers.")
    return tuple(dict.fromkeys(found))


def flag(query: QueryParams, name: str, default: bool) -> bool:
    """True or false."""
    return choice(query, name, ("true", "false"), str(default)) == "true"


def number(query: QueryParams, name: str, least: int, most: int, default: int | None, code: str = "BadArgument") -> int:
    """A whole number from ``least`` to ``most``.

    >>> number(QueryParams("width=100"), "width", 1, 1024, None)
    100
    """
    text = query.get(name)
    if text is None and default is not None:
        return default
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise ApiError(code, f"{name} must be a whole number from {least} to {most}.", 400, name, text or "")
    return int(text)


# --- pictures ----------------------------------------------------------------------------------------------

MOST_BYTES = 4 * 2**20
"""A file must be smaller than this."""
LEAST_SIDE = 50
MOST_PIXELS = 30_000_000
"""Of an operation without a limit of its own: what a small computer has the memory for, twice at once."""

FORMATS = {"JPEG": "Jpeg", "MPO": "Jpeg", "PNG": "Png", "GIF": "Gif", "BMP": "Bmp", "TIFF": "Tiff"}
"""Pillow's names and the service's. A JPEG with a second picture in it, as some phones write it, opens as an MPO."""


@dataclass(frozen=True)
class Limits:
    """Which pictures an operation takes. Sides are in pixels and must be under ``side``."""

    formats: tuple[str, ...] = ("JPEG", "PNG", "GIF", "BMP")
    side: int = 16000
    pixels: int = MOST_PIXELS
    format_code: str = "InvalidImageFormat"
    size_code: str = "InvalidImageSize"


ANALYZE = Limits()
OCR = Limits(side=4200, pixels=10_000_000)
RECOGNIZE_TEXT = Limits(("JPEG", "PNG", "BMP"), side=4200, size_code="InvalidImageDimension")
READ = Limits(("JPEG", "PNG", "BMP", "TIFF"), 10_001, MOST_PIXELS, "InvalidImage", "InvalidImageDimension")


@dataclass(frozen=True)
class Picture:
    """A decoded picture, upright, with the service's name of its format. ``pages`` is more than 1 for some TIFFs."""

    image: PIL.Image.Image
    format: str
    pages: int = 1


def open_picture(data: bytes, limits: Limits, page: int = 1) -> Picture:
    """The picture in these bytes, or the service's word for why not."""
    try:
        image = PIL.Image.open(io.BytesIO(data), formats=limits.formats)
        pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1  # elsewhere frames are no pages
        if 1 < page <= pages:
            image.seek(page - 1)
        _check_size(image.size, limits)
        name = FORMATS[str(image.format)]
        image.load()
        # Pictures are answered as they are seen: a phone writes "turn me" instead of turning.
        PIL.ImageOps.exif_transpose(image, in_place=True)
        return Picture(image, name, pages)
    except ApiError:
        raise
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        raise ApiError(limits.size_code, "Input image is too large.") from None
    except Exception:  # Pillow's decoders raise nearly anything on a broken file
        raise ApiError(limits.format_code, "Input data is not a valid image.") from None


def _check_size(size: tuple[int, int], limits: Limits) -> None:
    width, height = size
    if min(size) < LEAST_SIDE:
        raise ApiError(limits.size_code, f"Image must be at least {LEAST_SIDE} pixels in width and height")
    if max(size) >= limits.side or width * height > limits.pixels:
        raise ApiError(limits.size_code, "Input image is too large.")
