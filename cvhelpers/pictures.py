"""Pictures: open one from anywhere, check it before it is sent, fetch it politely.

A `Picture` is what the notebooks hand around: the bytes as they would be sent, the size in pixels, and where they
came from. ``open_picture`` takes whatever a person has: a sample's name, an address, a path, bytes, an open file, a
PIL image or an array made from one.

>>> picture = open_picture(PIL.Image.new("RGB", (320, 200), "navy"))
>>> picture.width, picture.height, picture.format
(320, 200, 'PNG')
"""

from __future__ import annotations

import io
import json
import os
import re
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import PIL.Image
import PIL.ImageOps
import requests

from .connection import SOURCE_HEADER, Connection, connect
from .errors import PictureError, ServiceError, ServiceUnreachable

SAMPLES = Path(__file__).parent / "samples" / "pictures"
MAX_DOWNLOAD = 20 * 2**20
"""Bytes: more than any of the services take, and little enough for a small computer."""
MAX_PIXELS = 100_000_000
"""A picture of more pixels is taken for a decompression bomb; the services' own limit is 16000 × 16000."""

AnyPicture = "str | os.PathLike[str] | bytes | BinaryIO | PIL.Image.Image | Picture"


@dataclass(frozen=True, repr=False)
class Picture:
    """A picture with its bytes, its size and where it came from.

    Attributes
    ----------
    data : bytes
        The file as it is; this is what is sent.
    width, height : int
        In pixels, as seen: an EXIF orientation is applied.
    format : str
        ``"JPEG"``, ``"PNG"``, … as Pillow names it.
    name : str
        A short name for file names and titles.
    url : str or None
        The address it was fetched from, if any. A picture with an address is sent by its address.
    credit : str
        Author and licence, where they are known.
    note : str
        What a reader must know, for instance that this is a drawing in place of a photograph.
    description : str
        A sentence for someone who can't see it, where somebody wrote one.
    """

    data: bytes
    width: int
    height: int
    format: str
    name: str
    url: str | None = None
    credit: str = ""
    note: str = ""
    description: str = ""

    @property
    def image(self) -> PIL.Image.Image:
        """The picture upright, as an RGB image."""
        return _decode(self.data)

    def __repr__(self) -> str:
        return f"<Picture {self.name}: {self.width} × {self.height} {self.format}, {len(self.data) / 1024:.0f} KB>"
