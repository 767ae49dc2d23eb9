"""A picture that may get into the library, and how it is turned into bytes."""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image

from cvhelpers.ondevice.library.transparency import on_white

# Lengths of the longer side of a drawing, in pixels: the largest whose bytes are within the limit wins.
_SIDES = (200, 256, 320, 400, 512)
_LIMIT = 4_000
_BUSY = 6_500  # bytes of the smallest side at a low quality above which a drawing is too busy to be kept
_DRAFT = 160  # width in pixels of the first look at a drawing
_PHOTO_SIDE = 1024


@dataclass(frozen=True)
class Candidate:
    """What a collection says about one picture.

    `key` names it in its collection and in the curation file; `file` is a picture of pixels or an SVG.
    `license` is the name of its licence, `permits` Bing's word for what that allows. `translations` are
    keywords in other languages, `topic` is the corner of the collection it is from.
    """

    key: str
    file: Path
    title: str
    description: str
    keywords: tuple[str, ...]
    author: str
    license: str
    permits: str
    collection: str
    source: str
    published: date | None
    topic: str
    translations: tuple[str, ...] = ()
    photo: bool = False


def content(candidate: Candidate, cache: Path) -> bytes | None:
    """The bytes to keep, as WebP; `None` if the picture cannot be drawn, is blank or too busy.

    What was drawn once is kept in the cache, as an empty file if there was nothing to keep.
    """
    if candidate.photo:
        with Image.open(candidate.file, formats=("JPEG", "PNG")) as photograph:
            return _webp(photograph.convert("RGB"), _PHOTO_SIDE, 82)
    kept = cache / f"drawn-{_LIMIT}" / f"{candidate.key}.webp"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        image = _drawn(candidate.file)
        kept.write_bytes(_encoded(image) if image else b"")
    return kept.read_bytes() or None


def _drawn(file: Path) -> Image.Image | None:
    """An SVG at the largest side; drawn small first, to see where on its page the drawing is."""
    try:
        draft = _rasterized(file, _DRAFT)
        box = draft.getchannel("A").getbbox()
        if not box:
            return None
        page = _rasterized(file, round(_DRAFT * _SIDES[-1] / max(box[2] - box[0], box[3] - box[1])))
    except (ValueError, OSError):
        return None
    box = page.getchannel("A").getbbox()
    return page.crop(box) if box and _ink(page.crop(box)) > 0.01 else None


def _rasterized(file: Path, width: int) -> Image.Image:
    import resvg_py

    # Old drawings are measured in 90ths of an inch; text is left out, for fonts differ between computers.
    png = resvg_py.svg_to_bytes(svg_path=str(file), width=min(width, 4000), dpi=90, skip_system_fonts=True)
    return Image.open(io.BytesIO(png), formats=("PNG",)).convert("RGBA")


def _ink(image: Image.Image) -> float:
    """The share of pixels that are neither transparent nor nearly white."""
    small = on_white(image).convert("L").resize((64, 64))
    return sum(small.histogram()[:245]) / 64**2


def _encoded(image: Image.Image) -> bytes:
    """A drawing as large as its share of bytes allows, or nothing if it would have to be too small."""
    kept = _webp(image, _SIDES[0], 78)
    if len(kept) > _LIMIT:
        kept = _webp(image, _SIDES[0], 55)
        return kept if len(kept) <= _BUSY else b""
    for side in _SIDES[1:]:
        larger = _webp(image, side, 78)
        if len(larger) > _LIMIT:
            break
        kept = larger
    return kept


def _webp(image: Image.Image, side: int, quality: int) -> bytes:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=quality, method=4, alpha_quality=60)
    return buffer.getvalue()
