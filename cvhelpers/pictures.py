"""Pictures: open one from anywhere, check it, make it fit for an operation, fetch it politely.

A `Picture` is what the notebooks hand around: the bytes as they would be sent, the size in pixels, and where they
came from. ``open_picture`` takes whatever a person has: a sample's name, an address, a path, bytes, an open file or
a PIL image.

>>> picture = open_picture(PIL.Image.new("RGB", (320, 200), "navy"))
>>> picture.width, picture.height, picture.format
(320, 200, 'PNG')
"""

from __future__ import annotations

import base64
import contextlib
import difflib
import hashlib
import importlib
import io
import json
import math
import os
import stat
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote, urlsplit

import PIL.Image
import PIL.ImageOps

from .errors import PictureError, ServiceUnreachable, UnexpectedAnswer, parse_error_body

if TYPE_CHECKING:
    import requests

    from .protocol.vision import Limits

SAMPLES = Path(__file__).parent / "samples"
MAX_FILE = 100 * 2**20
"""Bytes of a file that is opened."""
MAX_PIXELS = 89_478_485
"""A picture of more pixels is taken for a decompression bomb; this is Pillow's own limit."""
FORMATS = ("JPEG", "MPO", "PNG", "GIF", "BMP", "WEBP", "TIFF", "AVIF", "ICO", "PPM", "TGA")
"""What is opened, and HEIF where pi-heif is installed. Pillow could hand an EPS file to another program, which is not
for files from anyone."""
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
    change : str
        What `fit` did to it, for instance "made smaller from 4032 × 3024 to 3600 × 2700 pixels"; empty if nothing.
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
    change: str = ""

    @property
    def image(self) -> PIL.Image.Image:
        """The pixels as an RGB image; what was transparent is white."""
        return _rgb(_opened(self.data))

    def _repr_html_(self) -> str:
        """The picture in a notebook, with its description as alternative text and its credit below."""
        alt = (
            self.description or f"The picture {self.name}, {self.width} × {self.height} pixels, without a description."
        )
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


def is_address(source: object) -> bool:
    """Is this the address of a picture on the web?

    >>> is_address(" HTTPS://example.org/cat.jpg"), is_address("cat.jpg")
    (True, False)
    """
    return isinstance(source, str) and source.strip().lower().startswith(("http://", "https://"))


def open_picture(
    source: AnyPicture, session: requests.Session | None = None, *, timeout: float | None = None
) -> Picture:
    """Open a picture from wherever it is. Raises `PictureError` that says what to do.

    Parameters
    ----------
    source : str, path, bytes, file, PIL.Image.Image or Picture
        A sample's name (``sample_names()`` lists them), an address, a path, the bytes, a file opened for reading
        bytes, or an image made with Pillow. A file of your own that has the name of a sample is the file;
        ``sample(name)`` is always the sample.
    session : requests.Session, optional
        What an address is fetched with; without it, a session of the default source.
    timeout : float, optional
        Seconds that fetching may last, 60 if not given.
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, PIL.Image.Image):
        return _from_image(source)
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_bytes(bytes(source), "picture")
    if is_address(source):
        return fetch_picture(str(source).strip(), session, timeout)
    if isinstance(source, str) and source in sample_names() and not Path(source).is_file():
        return sample(source)
    if isinstance(source, str | os.PathLike):
        _must_be_a_path(str(source))
        return _from_path(Path(source))
    if callable(getattr(source, "read", None)):
        return _from_file(source)
    array = " An array becomes an image by PIL.Image.fromarray(array)." if hasattr(source, "__array__") else ""
    raise PictureError(
        f"A picture is a name, an address, a path, bytes, an open file or a PIL image, not {type(source).__name__}."
        f"{array}"
    )


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


# --------------------------------------------------------------------------------------------------------------
# opening


def _must_be_a_path(text: str) -> None:
    """Raises `PictureError` for an empty one, and for an address of another kind, of which Path makes nonsense."""
    if not text.strip():
        raise PictureError("The name of the picture is empty. Give a path, an address, or the name of a sample.")
    scheme, colon, _ = text.partition("://")
    if colon and len(scheme) > 1 and scheme.isalpha():
        raise PictureError(f"{scheme}:// is not fetched here. Give an address with https://, or the path of a file.")


def _from_path(path: Path) -> Picture:
    try:
        path = path.expanduser()
        kind = path.stat()
        if stat.S_ISREG(kind.st_mode) and kind.st_size > MAX_FILE:
            raise _too_large(path.name, kind.st_size)
        if stat.S_ISDIR(kind.st_mode):
            raise PictureError(f"{path} is a folder. Give the path of one picture in it.")
        if not stat.S_ISREG(kind.st_mode):  # a device or a pipe may never end
            raise PictureError(f"{path} is a device, not a file. Give the path of a picture.")
        data = path.read_bytes()
    except PictureError:
        raise
    except FileNotFoundError:
        raise PictureError(f"There is no file {path}.{_nearest(path)}") from None
    except (OSError, ValueError, RuntimeError) as error:  # a null character; ~name without such a user
        raise PictureError(
            f"{path} can't be read: {str(error).rstrip('.')}. Check the path, and that you may read it."
        ) from None
    return _from_bytes(data, path.stem, shown=path.name)


def _nearest(path: Path) -> str:
    """A word on what may have been meant: a file beside it, or a sample."""
    here = os.listdir(path.parent) if os.access(path.parent, os.R_OK | os.X_OK) and path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, here + sample_names(), n=1)
    if near:
        return f" Did you mean {near[0]}?"
    return f" Relative paths start at {Path.cwd().name}/, and the samples are: {', '.join(sample_names())}."


def _from_file(file: Any) -> Picture:
    name = Path(str(getattr(file, "name", "picture")))
    try:
        data = file.read(MAX_FILE + 1)
    except Exception as error:  # whatever another library's file object raises
        raise PictureError(f"{name.name} can't be read: {str(error).rstrip('.')}. Open it again.") from None
    if isinstance(data, str):
        raise PictureError('This file was opened as text. Open it for reading bytes: open(path, "rb").')
    if not isinstance(data, bytes):
        raise PictureError(f"{name.name} gave no bytes, but {type(data).__name__}. Give the path of a picture.")
    if not data and _position(file):
        raise PictureError(f"{name.name} was read to its end before. Open it again, or go back with file.seek(0).")
    if len(data) > MAX_FILE:
        raise _too_large(name.name)
    return _from_bytes(data, name.stem, shown=name.name)


def _position(file: Any) -> int:
    """How many bytes of a file were read; 0 where it can't tell."""
    try:
        return int(file.tell())
    except Exception:  # whatever another library's file object raises
        return 0


def _from_image(image: PIL.Image.Image) -> Picture:
    try:
        data = _encode(_rgb(image))
    except Exception as error:  # a closed image, one without pixels, a mode that can't be converted
        raise PictureError(
            f"This PIL image can't be used: {str(error).rstrip('.')}. Its mode should be RGB, its size above 0."
        ) from None
    return _from_bytes(data, "image")


def _too_large(name: str, size: int | None = None) -> PictureError:
    has = f" has {size / 2**20:.0f} MB," if size else " has more than"
    limit = f"{' more than' if size else ''} {MAX_FILE // 2**20} MB"
    return PictureError(f"{name}{has}{limit}. Save a smaller copy of it first.")


def fetch_picture(url: str, session: requests.Session | None, timeout: Any = None) -> Picture:
    """The picture at an address; ``timeout`` is seconds or a deadline. Raises `PictureError` where there is none."""
    from .session import connection_of

    failure: Exception
    try:
        response = connection_of(session).get(url, timeout=timeout)
    except (ServiceUnreachable, UnexpectedAnswer) as error:
        failure = error
    else:
        data, shown = response.content, _shown(url)
        if not response.ok:
            said = parse_error_body(data).message
            raise PictureError(
                f"{shown} answered {response.status_code} {response.reason or ''} instead of a picture: {said}. "
                "Open the address in a browser to see what is there."
            )
        name = Path(unquote(urlsplit(url).path))
        # An address with a password in it is kept out of what is shown and sent: the picture goes as bytes.
        address = None if "@" in urlsplit(str(response.url)).netloc else str(response.url)
        return replace(_from_bytes(data, name.stem or "picture", shown), url=address)
    raise PictureError(str(failure))


def _shown(url: str) -> str:
    """An address for a message: without a name and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _from_bytes(data: bytes, name: str, shown: str = "") -> Picture:
    """Check that the bytes are a picture; one that a camera stored lying on its side is turned upright.

    It is turned before it is sent, because not every service minds the EXIF orientation, and the boxes must fit.
    """
    shown = shown or name
    if not data:
        raise PictureError(f"{shown} is empty: it has no bytes at all. Save or download it once more.")
    if data[:200].lstrip()[:1] in (b"<", b"{"):
        said = parse_error_body(data).message or "text"
        raise PictureError(f"{shown} is not a picture but {said}. Look at the file, or copy the picture's own address.")
    try:
        image = _opened(data)
        if image.width * image.height > MAX_PIXELS:
            raise PIL.Image.DecompressionBombError
        image.load()
        kind = "JPEG" if image.format == "MPO" else str(image.format)  # a JPEG with a second picture in it
        if image.getexif().get(EXIF_ORIENTATION, 1) != 1:
            data, kind = _encode(_rgb(PIL.ImageOps.exif_transpose(image)), "JPEG"), "JPEG"
            image = _opened(data)
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning):
        raise PictureError(f"{shown} has more than {MAX_PIXELS:,} pixels. Make it smaller first.") from None
    except PIL.UnidentifiedImageError:
        raise PictureError(f"{shown} is not a picture that can be read here.{_kinds(data)}") from None
    except Exception as error:  # bytes from anywhere: Pillow's decoders raise errors of many kinds
        raise PictureError(f"{shown} is a damaged picture: {error}. Open it in an image viewer to see.") from None
    known = _known().get(hashlib.sha256(data).hexdigest(), {})
    return Picture(data, image.width, image.height, kind, **{"name": name, **known})


def _opened(data: bytes) -> PIL.Image.Image:
    """The image that is in the bytes; its pixels are read when they are needed."""
    heif = ("HEIF",) if data[4:8] == b"ftyp" and _reads_heif() else ()
    return PIL.Image.open(io.BytesIO(data), formats=(*_formats(), *heif))


@cache
def _formats() -> tuple[str, ...]:
    """What Pillow can open here. Only the readers of these are imported: Pillow has seventy."""
    PIL.Image.preinit()
    for name in ("WebP", "Tiff", "Avif", "Mpo", "Ico", "Tga"):
        with contextlib.suppress(ImportError):
            importlib.import_module(f"PIL.{name}ImagePlugin")
    return tuple(name for name in FORMATS if name in PIL.Image.OPEN)


@cache
def _reads_heif() -> bool:
    """Can a HEIC be opened, as many telephones write it? It can where pi-heif is installed."""
    with contextlib.suppress(ImportError):
        import pi_heif

        pi_heif.register_heif_opener()
        return True
    return False


def _kinds(data: bytes) -> str:
    """What can be read, or what to install for a HEIC."""
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc") and not _reads_heif():
        return ' It is a HEIC, which needs one more package: pip install "cvhelpers[all]".'
    heic = ", HEIC" if _reads_heif() else ""
    return f" These kinds can: JPEG, PNG, GIF, BMP, WebP, TIFF, AVIF{heic}."


@cache
def _known() -> dict[str, dict[str, str]]:
    """What is known of the sample pictures, by their bytes: found again wherever they are opened from."""
    return {
        row["sha256"]: {
            "name": row["name"],
            "credit": f"{row['author']}, {row['license']}",
            "note": (row["stand_in_for"] or {}).get("note", ""),
            "description": row["description"],
        }
        for row in _samples()
    }


# --------------------------------------------------------------------------------------------------------------
# making fit for an operation


def check(picture: Picture, limits: Limits, operation: str) -> str:
    """Why an operation would refuse this picture, in a sentence; empty if it takes it.

    >>> from cvhelpers.protocol.vision import OCR
    >>> check(open_picture(PIL.Image.new("RGB", (8, 200))), OCR, "ocr")
    'ocr takes pictures of 50 to 4199 pixels a side; image has 8 × 200 pixels.'
    """
    size = f"{picture.width} × {picture.height} pixels"
    if min(picture.width, picture.height) < limits.min_side or max(picture.width, picture.height) > limits.max_side:
        sides = f"{limits.min_side} to {limits.max_side} pixels a side"
        return f"{operation} takes pictures of {sides}; {picture.name} has {size}."
    if limits.max_pixels and picture.width * picture.height > limits.max_pixels:
        return f"{operation} takes up to {limits.max_pixels / 1e6:g} million pixels; {picture.name} has {size}."
    if picture.format not in limits.formats:
        takes = f"{', '.join(limits.formats[:-1])} and {limits.formats[-1]}"
        return f"{operation} takes {takes}; {picture.name} is {picture.format}."
    if len(picture.data) >= limits.max_bytes:
        has = f"{len(picture.data) / 2**20:.1f} MB"
        return f"{operation} takes less than {limits.max_bytes / 2**20:g} MB; {picture.name} has {has}."
    return ""


def fit(picture: Picture, limits: Limits, operation: str = "the operation") -> Picture:
    """The picture, or a copy of it that the operation takes: smaller, larger, or in another format.

    The copy's ``change`` says what was done, and why. Raises `PictureError` where no copy can fit, because the
    picture is a strip hundreds of times longer than wide.

    >>> from cvhelpers.protocol.vision import OCR
    >>> large = open_picture(PIL.Image.new("RGB", (8000, 1000)))
    >>> fit(large, OCR, "ocr").change
    'made smaller from 8000 × 1000 to 4199 × 524 pixels, because ocr takes pictures of 50 to 4199 pixels a side'
    """
    reason = check(picture, limits, operation)
    if not reason:
        return picture
    image = picture.image
    image = _resized(image, _scale(image, limits), picture, limits, operation)
    kind, data = _encoded_below(image, picture, limits)
    while len(data) >= limits.max_bytes:  # the bytes are about as many as the pixels
        scale = min(0.8, 0.9 * math.sqrt(limits.max_bytes / len(data)))
        image = _resized(image, scale, picture, limits, operation)
        kind, data = "JPEG", _encode(image, "JPEG", 85)
    done = []
    if image.size != (picture.width, picture.height):
        way = "smaller" if image.width < picture.width else "larger"
        sizes = f"{picture.width} × {picture.height} to {image.width} × {image.height}"
        done.append(f"made {way} from {sizes} pixels")
    if kind != picture.format or not done:
        first = ", its first frame only" if picture.format in ("GIF", "WEBP") and frames(picture) > 1 else ""
        done.append(f"saved as {kind}{first}")
    change = f"{' and '.join(done)}, because {reason.partition(';')[0]}"
    return replace(picture, data=data, width=image.width, height=image.height, format=kind, url=None, change=change)


def _scale(image: PIL.Image.Image, limits: Limits) -> float:
    """By how much the sides have to change: 1 where they fit already."""
    shortest, longest = sorted(image.size)
    if shortest < limits.min_side:
        return limits.min_side / shortest
    most = math.sqrt(limits.max_pixels / (image.width * image.height)) if limits.max_pixels else 1.0
    return min(1.0, limits.max_side / longest, most)


def _resized(image: PIL.Image.Image, scale: float, picture: Picture, limits: Limits, operation: str) -> PIL.Image.Image:
    if scale == 1:
        return image
    width, height = (max(1, math.floor(round(side * scale, 6))) for side in image.size)
    if min(width, height) < limits.min_side or max(width, height) > limits.max_side:
        raise PictureError(
            f"{picture.name} is {picture.width} × {picture.height} pixels. That is too long and narrow for "
            f"{operation}, which takes {limits.min_side} to {limits.max_side} pixels a side. Cut a part out of it."
        )
    return image.resize((width, height), PIL.Image.Resampling.LANCZOS)


def _encoded_below(image: PIL.Image.Image, picture: Picture, limits: Limits) -> tuple[str, bytes]:
    """Without loss where the original was so and it fits, else as JPEG, at most as coarse as quality 75.

    Of a picture that could fit without loss only if it were almost empty, that is not tried: it takes long.
    """
    if picture.format not in ("JPEG", "HEIF", "AVIF") and 3 * image.width * image.height < 4 * limits.max_bytes:
        data = _encode(image)
        if len(data) < limits.max_bytes:
            return "PNG", data
    for quality in (92, 85, 75):
        data = _encode(image, "JPEG", quality)
        if len(data) < limits.max_bytes:
            break
    return "JPEG", data


def frames(picture: Picture) -> int:
    """How many pictures are in the file: more than one in an animation."""
    return int(getattr(_opened(picture.data), "n_frames", 1))


def _encode(image: PIL.Image.Image, format: str = "PNG", quality: int = 95) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, quality=quality)
    return buffer.getvalue()


def _rgb(image: PIL.Image.Image) -> PIL.Image.Image:
    """The same in RGB, on white where it is transparent."""
    if image.mode.startswith("I"):  # 16 bits a pixel, which convert() would cut off instead of scaling
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode == "La":  # which Pillow converts to LA only
        image = image.convert("LA")
    if image.has_transparency_data:
        white = PIL.Image.new("RGBA", image.size, "white")
        image = PIL.Image.alpha_composite(white, image.convert("RGBA"))
    return image.convert("RGB")
