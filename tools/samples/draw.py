"""Draw the three stand-ins again: python -m tools.samples.draw

The quickstarts' own pictures can't be shipped, because their licences couldn't be traced. These drawings
stand in for them. The script draws the same bytes each time: no clock, no chance without a fixed seed, its
own fonts. With --check it changes nothing and tells whether the shipped files are what it would draw.
"""

from __future__ import annotations

import argparse
import io
import platform
import sys
from collections.abc import Callable
from pathlib import Path

import PIL
from PIL import Image, ImageChops, ImageStat

from .brushes import SAMPLES
from .lettering import democritus, pangrams
from .street import street_at_night

PICTURES = SAMPLES / "pictures"
MADE_WITH = (
    "13.0.0",
    "Linux",
    "x86_64",
)  # the Pillow, the system and the processor that made the shipped files
DRAWINGS: dict[str, Callable[[], Image.Image]] = {
    "democritus.png": democritus,
    "pangrams.png": pangrams,
    "street-at-night.jpg": street_at_night,
}


def encoded(name: str, picture: Image.Image) -> bytes:
    """The picture as the bytes of a PNG or JPEG file."""
    file = io.BytesIO()
    if name.endswith(".png"):
        picture.save(file, "PNG", optimize=True)
    else:
        picture.save(file, "JPEG", quality=88, subsampling=0, optimize=True)
    return file.getvalue()


def difference(first: bytes, second: bytes) -> float:
    """How far two pictures are apart: the mean difference of their colour values, from 0 to 255."""
    one = Image.open(io.BytesIO(first)).convert("RGB")
    other = Image.open(io.BytesIO(second)).convert("RGB")
    if one.size != other.size:
        return 255.0
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def same_tools() -> bool:
    """Whether this computer draws with the tools that made the shipped files."""
    return (PIL.__version__, platform.system(), platform.machine()) == MADE_WITH


def is_as_drawn(name: str, folder: Path = PICTURES) -> bool:
    """Whether the shipped file is what the script draws.

    Equal bytes always will do. Another version of Pillow, or another kind of computer, may round and pack the
    same drawing differently: then the pictures are compared, and a difference that no eye can see is allowed.
    """
    shipped, drawn = (folder / name).read_bytes(), encoded(name, DRAWINGS[name]())
    if shipped == drawn:
        return True
    return not same_tools() and difference(shipped, drawn) < 1.0


def main(arguments: list[str] | None = None) -> int:
    """Draw the stand-ins, or check them."""
    parser = argparse.ArgumentParser(prog="python -m tools.samples.draw", description="Draw the stand-ins.")
    parser.add_argument("--check", action="store_true", help="change nothing; say whether the files are as drawn")
    parser.add_argument("--folder", type=Path, default=PICTURES, help="where the files are or shall be")
    options = parser.parse_args(arguments)
    failed = False
    for name, draw in DRAWINGS.items():
        if options.check:
            good = is_as_drawn(name, options.folder)
            failed = failed or not good
            print(f"{name}: {'as drawn' if good else 'differs from what the script draws'}")
        else:
            file = options.folder / name
            file.write_bytes(encoded(name, draw()))
            print(f"{name}: {file.stat().st_size:,} bytes")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
