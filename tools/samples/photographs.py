"""Make the photographs again from those in scikit-image's wheel: python -m tools.samples.photographs

It needs scikit-image 0.26.0 (pip install scikit-image==0.26.0), which nothing else here does.
"""

from __future__ import annotations

from importlib.resources import as_file, files

from PIL import Image

from .brushes import SAMPLES

LONGEST_SIDE = 640
PHOTOGRAPHS = {
    "astronaut.jpg": "astronaut.png",
    "cat.jpg": "chelsea.png",
    "clock.jpg": "clock_motion.png",
    "coffee.jpg": "coffee.png",
    "coins.jpg": "coins.png",
    "galaxies.jpg": "hubble_deep_field.jpg",
    "photographer.jpg": "camera.png",
    "retina.jpg": "retina.jpg",
    "rocket.jpg": "rocket.jpg",
}


def main() -> None:
    """Open each photograph, make it smaller if it is large, and save it as JPEG without metadata."""
    for name, original in PHOTOGRAPHS.items():
        with as_file(files("skimage") / "data" / original) as path, Image.open(path) as opened:
            picture = opened.convert("L" if opened.mode == "L" else "RGB")
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        picture.info.clear()
        file = SAMPLES / "pictures" / name
        picture.save(file, "JPEG", quality=88, optimize=True)
        print(f"{name}: {picture.width} x {picture.height}, {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
