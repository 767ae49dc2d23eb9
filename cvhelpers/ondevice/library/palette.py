"""The main colours of a picture, by the names of Bing's colour filter."""

import colorsys
from collections import Counter
from dataclasses import dataclass

from PIL import Image

_SIDE = 32  # a picture of this many pixels a side tells its colours as well as a large one
_WITHOUT_COLOR = ("Black", "Gray", "White")
_MAIN = 0.2  # a colour that covers this share of a picture is one of its main colours
_MONOCHROME = 0.03  # up to this share of coloured pixels a picture counts as black and white


@dataclass(frozen=True)
class Palette:
    """`names`: main colours, the largest first; `accent`: the most lively one as RRGGBB."""

    names: tuple[str, ...]
    monochrome: bool
    accent: str


def palette_of(image: Image.Image) -> Palette:
    """The colours of what is on the picture; transparent pixels do not count.

    >>> palette_of(Image.new("RGB", (8, 8), "#cc2211"))
    Palette(names=('Red',), monochrome=False, accent='CC2211')
    """
    small = image.convert("RGBA").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    raw = small.tobytes()
    pixels = [tuple(raw[i : i + 3]) for i in range(0, len(raw), 4) if raw[i + 3] > 127]
    if not pixels:
        return Palette(("White",), True, "FFFFFF")
    names = Counter(color_name(*pixel) for pixel in pixels)
    main = [name for name, count in names.most_common() if count >= _MAIN * len(pixels)]
    lively = sum(count for name, count in names.items() if name not in _WITHOUT_COLOR)
    return Palette(
        names=tuple(main) or (names.most_common(1)[0][0],),
        monochrome=lively <= _MONOCHROME * len(pixels),
        accent=_accent(pixels),
    )


def color_name(red: int, green: int, blue: int) -> str:
    """The name of one colour, each channel 0 to 255.

    >>> color_name(255, 255, 255), color_name(90, 60, 30), color_name(0, 128, 128)
    ('White', 'Brown', 'Teal')
    """
    hue, saturation, value = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    degrees = hue * 360
    if value < 0.2:
        return "Black"
    if saturation < 0.12 or (saturation < 0.2 and value < 0.4):
        return "White" if value > 0.88 else "Gray"
    if degrees < 15 or degrees >= 345:
        return "Pink" if saturation < 0.55 and value > 0.75 else "Brown" if value < 0.4 else "Red"
    if degrees < 45:
        return "Brown" if value < 0.72 or (saturation < 0.5 and value < 0.85) else "Orange"
    for limit, name in ((70, "Yellow"), (165, "Green"), (195, "Teal"), (260, "Blue"), (295, "Purple")):
        if degrees < limit:
            return name
    return "Pink" if value > 0.6 else "Purple"


def _accent(pixels: list[tuple[int, ...]]) -> str:
    """The mean of the most lively group of like pixels, large groups preferred."""
    groups: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for pixel in pixels:
        groups.setdefault(tuple(channel // 48 for channel in pixel), []).append(pixel)

    def weight(group: list[tuple[int, ...]]) -> float:
        red, green, blue = group[0]
        _, saturation, value = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
        return len(group) * (0.02 + saturation * value)

    best = max(groups.values(), key=weight)
    return "".join(f"{round(sum(channel) / len(best)):02X}" for channel in zip(*best, strict=True))
