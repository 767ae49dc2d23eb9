"""Pictures: open one from anywhere, check it before it is sent, fetch it politely.

A `Picture` is what the notebooks hand around: the bytes as they would be sent, the size in pixels, and where they
came from. ``open_picture`` takes whatever a person has: a sample's name, an address, a path, bytes, an open file or
a PIL image.

>>> picture = open_picture(PIL.Image.new("RGB", (320, 200), "navy"))
>>> picture.width, picture.height, picture.format
(320, 200, 'PNG')
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

import PIL.Image
import PIL.ImageOps
import requests

from .connection import connect, no_answer
from .errors import PictureError, parse_error_body

SAMPLES = Path(__file__).parent / "samples"
MAX_DOWNLOAD = 20 * 2**20
"""Bytes: more than any of the services take, and little enough for a small computer."""
MAX_PIXELS = 89_478_485
"""A picture of more pixels is taken for a decompression bomb; this is Pillow's own limit."""
EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True, repr=False)
class Picture:
    """A picture with its bytes, its size and where it came from.

    Attributes
    ----------
    data : bytes
        The file as it is sent.
    width, height : int
        In pixels.
    format : str
        ``"JPEG"``, ``"PNG"``, … as Pillow names it.
    name : str
        A short name for file names and titles.
    url : str or None
        The address it was fetched from. A picture with an address is sent by its address, any other as bytes.
    credit, note, description : str
        Author and licence; what a reader must know (for instance that this is a drawing in place of a photograph);
        a sentence for someone who can't see it. Empty where nobody wrote them.
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
        """The pixels as an RGB image; what was transparent is white."""
        return _rgb(PIL.Image.open(io.BytesIO(self.data)))

    def _repr_html_(self) -> str:
        """The picture in a notebook, with its description as alternative text and its credit below."""
        alt = self.description or f"The picture {self.name}, {self.width} × {self.height} pixels; nobody described it."
        data = base64.b64encode(self.data).decode()
        below = " ".join(text for text in (self.note, self.credit) if text)
        return (
            f'<figure style="margin:0"><img alt="{escape(alt)}" style="max-width:100%" '
            f'src="data:image/{self.format.lower()};base64,{data}">'
            f"<figcaption><small>{escape(below)}</small></figcaption></figure>"
        )

    def __repr__(self) -> str:
        return f"<Picture {self.name}: {self.width} × {self.height} {self.format}, {len(self.data) / 1024:.0f} KB>"


AnyPicture = str | os.PathLike[str] | bytes | BinaryIO | PIL.Image.Image | Picture


def open_picture(source: AnyPicture, session: requests.Session | None = None) -> Picture:
    """Open a picture from wherever it is. Raises `PictureError` that says what to do.

    Parameters
    ----------
    source : str, path, bytes, file, PIL.Image.Image or Picture
        A sample's name (``sample_names()`` lists them), an address, a path, the bytes, a file opened for reading
        bytes, or an image made with Pillow.
    session : requests.Session, optional
        What an address is fetched with; without it, a session of the default source.
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, PIL.Image.Image):
        return _from_bytes(_encode(source), "image")
    if isinstance(source, bytes | bytearray):
        return _from_bytes(bytes(source), "picture")
    if isinstance(source, str) and source.startswith(("http://", "https://")):
        return _fetch(source, session or connect())
    if isinstance(source, str) and source in sample_names():
        return sample(source)
    if isinstance(source, str | os.PathLike):
        return _from_path(Path(source))
    if hasattr(source, "read"):
        data = source.read()
        if isinstance(data, str):
            raise PictureError('This file was opened as text. Open it for reading bytes: open(path, "rb").')
        return _from_bytes(data, Path(str(getattr(source, "name", "picture"))).stem)
    raise PictureError(f"A picture is a name, an address, a path, bytes, an open file or a PIL image, not {source!r}.")


def sample_names() -> list[str]:
    """The names of the pictures that come with the package.

    >>> "street-at-night" in sample_names()
    True
    """
    return [row["name"] for row in _samples()]


def sample(name: str) -> Picture:
    """A picture that comes with the package. One that stands in for a quickstart's picture has that one's address."""
    for row in _samples():
        if row["name"] == name:
            url = (row["stand_in_for"] or {}).get("url")
            return replace(_from_path(SAMPLES / "pictures" / row["file"]), url=url)
    raise PictureError(f"There is no sample {name!r}. There are: {', '.join(sample_names())}.")


@cache
def _samples() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((SAMPLES / "pictures.json").read_text(encoding="utf-8"))
    return rows


def _from_path(path: Path) -> Picture:
    path = path.expanduser()
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        raise PictureError(f"{path} is a folder. Give the path of one picture in it.") from None
    except FileNotFoundError:
        raise PictureError(f"There is no file {path}.{_nearest(path)}") from None
    except (OSError, ValueError) as error:  # the latter for a null character in the path
        raise PictureError(f"{path} can't be read: {error}.") from None
    return _from_bytes(data, path.stem)


def _nearest(path: Path) -> str:
    """A word on what may have been meant: a file beside it, or a sample."""
    here = os.listdir(path.parent) if os.access(path.parent, os.R_OK | os.X_OK) and path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, here + sample_names(), n=1)
    if near:
        return f" Did you mean {near[0]}?"
    return f" Relative paths start at {Path.cwd().name}/, and the samples are: {', '.join(sample_names())}."


def _fetch(url: str, session: requests.Session) -> Picture:
    """Fetch with a limit on the bytes. Raises `PictureError` for an address that does not give a picture."""
    try:
        with session.get(url, stream=True) as response:
            data = b"".join(_capped(response, url))
    except requests.RequestException as error:
        raise PictureError(no_answer(url, error)) from None
    if not response.ok:
        said = parse_error_body(data).message
        raise PictureError(
            f"{url} answered {response.status_code} {response.reason or ''} instead of a picture: {said}"
        )
    picture = _from_bytes(data, Path(unquote(urlsplit(url).path)).stem or "picture")
    return replace(picture, url=str(response.url))


def _capped(response: requests.Response, url: str) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_content(64 * 1024):
        size += len(chunk)
        if size > MAX_DOWNLOAD:
            raise PictureError(f"{url} is larger than {MAX_DOWNLOAD // 2**20} MB; it was not fetched to its end.")
        yield chunk


def _from_bytes(data: bytes, name: str) -> Picture:
    """Check that the bytes are a picture; one that a camera stored lying on its side is turned upright.

    It is turned before it is sent, because not every service minds the EXIF orientation, and the boxes must fit.
    """
    if not data:
        raise PictureError(f"{name} is empty: no bytes at all.")
    if data.lstrip()[:1] in (b"<", b"{"):
        said = parse_error_body(data).message or "text"
        raise PictureError(f"{name} is no picture but {said}. Look at the file, or copy the picture's own address.")
    try:
        image = PIL.Image.open(io.BytesIO(data))
        if image.width * image.height > MAX_PIXELS:
            raise PIL.Image.DecompressionBombError
        image.load()
        if image.getexif().get(EXIF_ORIENTATION, 1) != 1:
            data = _encode(PIL.ImageOps.exif_transpose(image), "JPEG")
            image = PIL.Image.open(io.BytesIO(data))
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        raise PictureError(f"{name} has more than {MAX_PIXELS:,} pixels; make it smaller first.") from None
    except PIL.UnidentifiedImageError:
        raise PictureError(f"{name} is no picture that Pillow can read; it begins with {data[:16]!r}.") from None
    except Exception as error:  # bytes from anywhere: Pillow's decoders raise errors of many kinds
        raise PictureError(f"{name} is a damaged picture: {error}.") from None
    known = _known().get(hashlib.sha256(data).hexdigest(), {})
    return Picture(data, image.width, image.height, str(image.format), **{"name": name, **known})


@cache
def _known() -> dict[str, dict[str, str]]:
    """What is known of the sample pictures, by their bytes: found again wherever they are opened from."""
    return {
        row["sha256"]: {
            "name": row["name"],
            "credit": f"{row['author']}, {row['licence']}",
            "note": (row["stand_in_for"] or {}).get("note", ""),
            "description": row["description"],
        }
        for row in _samples()
    }


def _encode(image: PIL.Image.Image, format: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    _rgb(image).save(buffer, format, quality=95)
    return buffer.getvalue()


def _rgb(image: PIL.Image.Image) -> PIL.Image.Image:
    if image.mode.startswith("I"):  # 16 bits a pixel, which convert() would cut off instead of scaling
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        upright = image.convert("RGBA")
        ground = PIL.Image.new("RGBA", image.size, "white")
        image = PIL.Image.alpha_composite(ground, upright)
    return image.convert("RGB")
