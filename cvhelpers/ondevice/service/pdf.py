"""PDF files, read by PDFium in a process of its own, which ends when its time is over.

A few hundred bytes of PDF can keep PDFium busy for hours, and a thread can't be stopped. This file is also the program
that runs there: it gets the file, and answers with a line of JSON and the pixels of a page.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

SECONDS = 20.0
"""For counting pages, and for drawing one: ten times what a full page of a magazine needs."""


class PdfError(Exception):
    """The file is damaged or asks for a password."""


class PdfTooSlow(Exception):
    """The file can't be drawn in the time that it may take."""


@dataclass(frozen=True)
class PdfPage:
    """A page: how many there are in all, its width and height in points, and its pixels.

    ``pixels`` are the three bytes of each pixel, row by row. There are none of a page that is larger than was allowed.
    """

    pages: int
    width: float
    height: float
    size: tuple[int, int]
    pixels: bytes


def draw(data: bytes, number: int = 0, scale: float = 1.0, most_points: float = 0.0) -> PdfPage:
    """A page, counted from 1, with so many pixels to a point; only the number of pages for page 0.

    A page with a side of more than ``most_points`` is measured and not drawn. Raises `PdfError` or `PdfTooSlow`.
    """
    # -P: the folder of this file is not a place to import from.
    command = [sys.executable, "-P", __file__, str(number), str(scale), str(most_points)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise PdfTooSlow from None
    head, _, pixels = done.stdout.partition(b"\n")
    try:
        told: dict[str, Any] = json.loads(head)
    except ValueError:  # PDFium crashed
        raise PdfError from None
    if "error" in told:
        raise PdfError
    return PdfPage(told["pages"], told["width"], told["height"], (told["size"][0], told["size"][1]), pixels)


def _answer(data: bytes, number: int, scale: float, most_points: float) -> tuple[dict[str, object], bytes]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        told: dict[str, Any] = {"pages": len(document), "width": 0, "height": 0, "size": (0, 0)}
        if not number:
            return told, b""
        page = document[number - 1]
        told["width"], told["height"] = page.get_size()
        if max(page.get_size()) > most_points:
            return told, b""
        image = page.render(scale=scale).to_pil().convert("RGB")
    except pypdfium2.PdfiumError:
        return {"error": "no PDF file, damaged, or with a password"}, b""
    return {**told, "size": image.size}, image.tobytes()


if __name__ == "__main__":
    number, scale, most_points = sys.argv[1:]
    about, drawn = _answer(sys.stdin.buffer.read(), int(number), float(scale), float(most_points))
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + drawn)
