"""Files of one page or several that are to be read: a picture, a TIFF file, a PDF file."""

from __future__ import annotations

import io
from dataclasses import dataclass

import PIL.Image

from ..engine import Engine
from ..engine.readings import Reading
from . import pdf
from .errors import ApiError
from .memory import room_for
from .uploads import Rules, count_pages, decode

_PDF = b"%PDF-"
_BLANKS = b"\xef\xbb\xbf \t\r\n"
"""What may stand before it: a byte-order mark, blanks and line ends."""
_DOTS_PER_INCH = 200
"""At which a page is drawn for reading: twelve-point letters are 33 pixels tall."""
_POINTS_PER_INCH = 72
_MOST_INCHES = 17
"""The service took pages of at most 17 by 17 inches."""


@dataclass(frozen=True)
class ReadPage:
    """What was read on one page.

    Attributes
    ----------
    number : int
        From 1.
    reading : Reading
        In the pixels that were looked at.
    width, height : float
        Of the page, in its unit.
    unit : str
        "pixel", or "inch" for a page of a PDF file.
    scale : tuple of float
        How many units one pixel of the reading is: in a row, in a column.
    """

    number: int
    reading: Reading
    width: float
    height: float
    unit: str
    scale: tuple[float, float]


def page_count(data: bytes, rules: Rules, most: int) -> int:
    """The number of pages, ``most`` if there are more.

    Raises `ApiError` for what is no picture and no document that the operation takes.
    """
    if _is_pdf(data, rules):
        return min(_pdf(data, rules).pages, most)
    decode(data, rules)
    with PIL.Image.open(io.BytesIO(data), formats=rules.formats) as image:
        return count_pages(image, most)


def read_page(engine: Engine, data: bytes, rules: Rules, number: int) -> ReadPage:
    """Read one page. Raises `ApiError` if it can't be drawn or decoded."""
    if _is_pdf(data, rules):
        image, width, height = _draw(data, rules, number)
        unit, scale = "inch", (1 / _DOTS_PER_INCH, 1 / _DOTS_PER_INCH)
    else:
        picture = decode(data, rules, number)
        image, width, height, unit, scale = picture.image, picture.width, picture.height, "pixel", picture.scale
    with room_for(image, engine):
        return ReadPage(number, engine.read(image), width, height, unit, scale)


def _is_pdf(data: bytes, rules: Rules) -> bool:
    return rules.documents and data[:1024].lstrip(_BLANKS).startswith(_PDF)


def _draw(data: bytes, rules: Rules, number: int) -> tuple[PIL.Image.Image, float, float]:
    """A page as a picture, with its width and height in inches."""
    page = _pdf(data, rules, number)
    if not page.pixels:
        raise ApiError(rules.size_code, f"A page is larger than {_MOST_INCHES} by {_MOST_INCHES} inches.")
    image = PIL.Image.frombytes("RGB", page.size, page.pixels)
    return image, page.width / _POINTS_PER_INCH, page.height / _POINTS_PER_INCH


def _pdf(data: bytes, rules: Rules, number: int = 0) -> pdf.PdfPage:
    try:
        return pdf.draw(data, number, _DOTS_PER_INCH / _POINTS_PER_INCH, _MOST_INCHES * _POINTS_PER_INCH)
    except pdf.PdfError:
        raise ApiError(rules.format_code, "Input data is not a valid PDF file, or asks for a password.") from None
    except pdf.PdfTooSlow:
        raise ApiError(rules.format_code, f"The PDF file can't be drawn within {pdf.SECONDS:.0f} seconds.") from None
