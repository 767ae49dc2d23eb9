"""Files of one page or several that are to be read: a picture, a TIFF file, a PDF file."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import PIL.Image
import pypdfium2

from ..engine import Engine
from ..engine.readings import Reading
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

_one_at_a_time = threading.Lock()  # PDFium may be used by one thread at a time


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


def page_count(data: bytes, rules: Rules) -> int:
    """The number of pages. Raises `ApiError` for what is no picture and no document that the operation takes."""
    if _is_pdf(data, rules):
        with _pdf(data, rules) as document:
            return len(document)
    decode(data, rules)
    with PIL.Image.open(io.BytesIO(data), formats=rules.formats) as image:
        return count_pages(image)


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
    with _pdf(data, rules) as document:
        page = document[number - 1]
        width, height = (points / _POINTS_PER_INCH for points in page.get_size())
        if not (min(width, height) > 0 and max(width, height) <= _MOST_INCHES):
            raise ApiError(rules.size_code, f"A page is larger than {_MOST_INCHES} by {_MOST_INCHES} inches.")
        bitmap = page.render(scale=_DOTS_PER_INCH / _POINTS_PER_INCH)
        return bitmap.to_pil().convert("RGB"), width, height


@contextmanager
def _pdf(data: bytes, rules: Rules) -> Iterator[pypdfium2.PdfDocument]:
    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
            try:
                yield document
            finally:
                document.close()
        except pypdfium2.PdfiumError:  # damaged, or asks for a password
            raise ApiError(rules.format_code, "Input data is not a valid PDF file, or asks for a password.") from None
