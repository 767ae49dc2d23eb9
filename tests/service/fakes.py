"""An engine and a library for tests of the protocol: small, quick, and honest about what they were given.

The fake engine looks at one thing: the colour of the picture's middle. It says it everywhere, so a test can tell
whether an answer belongs to the picture that was sent.
"""

from __future__ import annotations

import hashlib
import io
import struct
import threading
import zlib
from collections.abc import Iterable
from datetime import date
from typing import Any

import PIL.Image
import PIL.ImageOps

from cvhelpers.ondevice.engine import FEATURES, Engine
from cvhelpers.ondevice.engine.readings import (
    AdultScores,
    Analysis,
    CategoryScore,
    ColorScheme,
    Description,
    DetectedFace,
    Detection,
    ImageStyle,
    Line,
    Meaning,
    Named,
    Reading,
    Rect,
    Region,
    Sentence,
    TagScore,
    Word,
)
from cvhelpers.ondevice.library import Entry, Library, Query, SearchPage

A_DOG = Meaning("agreed", (Named("dog", 1),))
"""What the first caption means: it can be said in every language; the others only in English."""


class FakeEngine(Engine):
    """Every reading names the colour in the middle; ``gate`` holds all work up until it is set."""

    name, version = "fake engine", "0"

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.oriented: bool | None = None
        self.gave_back = 0

    def load(self) -> None:
        pass

    def give_back_memory(self) -> None:
        self.gave_back += 1

    def read(self, image: PIL.Image.Image, orientation: bool = True) -> Reading:
        self.gate.wait(30)
        self.oriented = orientation
        (width, height), name = image.size, color_of(image)
        first = Word(name, Rect(10, 20, 30, 12), (10.2, 20.4, 39.5, 19.6, 40.0, 32.0, 9.5, 32.49), 0.98)
        second = Word("unsure", Rect(44, 21, 25, 11), (44.0, 21.0, 69.0, 21.0, 69.0, 32.0, 44.0, 32.0), 0.59)
        corners = (9.7, 18.2, 70.6, 18.2, 70.6, 33.0, 9.7, 33.0)
        line = Line(f"{name} unsure", Rect(9, 18, 61, 15), corners, 0.9, (first, second))
        return Reading(width, height, 0.1, "Up", "en", (line,), (Region(Rect(5, 15, 70, 40), (line,)),))

    def analyze(self, image: PIL.Image.Image, features: Iterable[str] = FEATURES) -> Analysis:
        self.gate.wait(30)
        color, (width, height) = color_of(image), image.size
        parts = {
            "adult": AdultScores(False, True, 0.02, 0.7),
            "categories": (
                CategoryScore("abstract_", 0.5),
                CategoryScore("outdoor_street", 0.3),
                CategoryScore("people_", 0.2),
            ),
            "colors": ColorScheme("White", "White", ("White",), color, False),
            "description": Description(
                (color,), tuple(Sentence(f"{color} {n}", 0.5, A_DOG if n == 0 else None) for n in range(4))
            ),
            "faces": (DetectedFace(Rect(1, 2, 3, 4), 0.9),),
            "image_type": ImageStyle(0, 0),
            "objects": (Detection("dog", Rect(0, 0, width, height), 0.8, ("mammal", "animal")),),
            "tags": (TagScore(color, 0.9), TagScore("dog", 0.8, "animal")),
        }
        return Analysis(width, height, **{name: parts[name] for name in features})  # type: ignore[arg-type]

    def area_of_interest(self, image: PIL.Image.Image) -> Rect:
        return Rect(5, 5, image.width - 10, image.height - 10)

    def crop(self, image: PIL.Image.Image, width: int, height: int) -> Rect:
        return Rect(0, 0, width, height)


class FakeLibrary(Library):
    """A library of twenty WebP pictures, as the real one's are, found by every query but "nothing".

    All are grey but the last, which is transparent. ``asked`` is the last query; ``instead`` and ``corrected`` are
    what it says was searched for in place of the query.
    """

    def __init__(self) -> None:
        self.asked: Query | None = None
        self.instead: tuple[str, ...] = ()
        self.corrected: str | None = None
        self.contents = {}
        for shade in range(20):
            data = file_of((shade, shade, shade), "WEBP", (90, 60), lossless=True)
            self.contents[hashlib.sha256(data).hexdigest()[:40]] = data
        self.glass = list(self.contents)[-1]
        """The id of the picture that is transparent."""
        file = io.BytesIO()
        PIL.Image.new("RGBA", (90, 60), (255, 0, 0, 0)).save(file, "WEBP", lossless=True)
        self.contents[self.glass] = file.getvalue()

    def search(self, query: Query) -> SearchPage:
        self.asked = query
        found = [] if query.text == "nothing" else list(self.contents)
        pictures = tuple(map(self._entry, found[query.offset : query.offset + query.count]))
        end = query.offset + len(pictures)
        return SearchPage(pictures, len(found), end, self.corrected, ("animal",), self.instead, related=("dogs",))

    def _entry(self, name: str) -> Entry:
        size = len(self.contents[name])
        return Entry(
            image_id=name,
            title=f"Grey {name[:4]}",
            description="",
            keywords=("grey",),
            author="A. Painter",
            license="CC0-1.0",
            permits="Public",
            collection="Greys",
            source="https://example.org/grey",
            published=date(2020, 2, 29),
            kind="Photo",
            transparent=name == self.glass,
            width=90,
            height=60,
            file_size=size,
            media_type="image/webp",
            colors=("Gray",),
            monochrome=True,
            accent_color="101010",
        )

    def details(self, image_id: str) -> Entry:
        image_id.encode()  # as for the database
        if image_id not in self.contents:
            raise KeyError(image_id)
        return self._entry(image_id)

    def picture(self, image_id: str) -> tuple[bytes, str]:
        return self.contents[image_id], "image/webp"

    def thumbnail(
        self, image_id: str, width: int | None = None, height: int | None = None, crop: bool = False
    ) -> tuple[bytes, str]:
        if not all(side is None or 1 <= side <= 1024 for side in (width, height)) or (crop and not (width and height)):
            raise ValueError("as the real library")
        image = PIL.Image.open(io.BytesIO(self.contents[image_id])).convert("RGB")
        fitted = PIL.ImageOps.fit if crop else PIL.ImageOps.contain
        image = fitted(image, (width or 90, height or 60))
        file = io.BytesIO()
        image.save(file, "JPEG")
        return file.getvalue(), "image/jpeg"


def color_of(image: PIL.Image.Image) -> str:
    """The colour of the middle as six hexadecimal digits."""
    return "{:02X}{:02X}{:02X}".format(*image.convert("RGB").getpixel((image.width // 2, image.height // 2)))


def file_of(
    color: tuple[int, ...] = (200, 30, 60), format: str = "PNG", size: tuple[int, int] = (120, 80), **options: Any
) -> bytes:
    """A picture of one colour as a file."""
    file = io.BytesIO()
    PIL.Image.new("RGB", size, color).save(file, format, **options)  # type: ignore[arg-type]
    return file.getvalue()


def header_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels: small as a file, huge in memory."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    pixels = zlib.compress(b"\0" * 1000)
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
