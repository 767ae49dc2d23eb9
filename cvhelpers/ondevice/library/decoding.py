"""Turning the bytes of a picture into pixels. Only the formats that are named here are tried."""

import io
from functools import cache

from PIL import Image, ImageOps, UnidentifiedImageError

# Pillow knows more formats. Some of them it would hand to another program, as EPS to Ghostscript.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
# What Pillow raises for a damaged file, by format.
_DAMAGED = (OSError, ValueError, SyntaxError, TypeError, EOFError, IndexError, KeyError, OverflowError)
SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".mpo", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".heif"}
)


class NotAPicture(Exception):
    """The bytes are not a picture that can be read. The message says why."""


@cache
def formats() -> tuple[str, ...]:
    """The formats that can be read on this computer, by Pillow's names.

    HEIF, the format of many telephones, needs the package pi-heif.
    """
    try:
        from pi_heif import register_heif_opener
    except ImportError:
        pass
    else:
        register_heif_opener()
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)


def decoded(content: bytes) -> Image.Image:
    """The first frame of a picture, turned upright as its metadata asks for. Raises `NotAPicture`.

    >>> file = io.BytesIO()
    >>> Image.new("RGB", (3, 2)).save(file, "PNG")
    >>> decoded(file.getvalue()).size
    (3, 2)
    """
    try:
        with Image.open(io.BytesIO(content), formats=formats()) as opened:
            opened.load()
            return ImageOps.exif_transpose(opened)
    except UnidentifiedImageError:
        raise NotAPicture(_unknown(content)) from None
    except Image.DecompressionBombError as error:
        raise NotAPicture(f"too large: {error}") from None
    except _DAMAGED:
        raise NotAPicture("the picture is damaged or cut off") from None


def _unknown(content: bytes) -> str:
    if not content:
        return "the file is empty"
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc") and "HEIF" not in formats():
        return "reading HEIC needs another package: pip install pi-heif"
    return f"not a picture in a format that can be read ({', '.join(formats())})"
