"""What models might have found, for tests that don't run them."""

from __future__ import annotations

import numpy as np

from cvhelpers.ondevice.engine import ColorScheme, Detection, ImageStyle, Line, Rect, objects
from cvhelpers.ondevice.engine.classes import Classes, rows
from cvhelpers.ondevice.engine.scenery import Scenery
from cvhelpers.ondevice.engine.things import Sight

GREY = ColorScheme("Grey", "Grey", ("Grey",), "808080", False)
BLACK_AND_WHITE = ColorScheme("Black", "White", ("White",), "000000", True)
NOWHERE = dict.fromkeys(Scenery.__dataclass_fields__, 0.0)


def classes(**shares: float) -> Classes:
    """Probabilities of classes by name, spaces as underscores; the rest is spread over all."""
    names = [row.name for row in rows()]
    probabilities = np.full(1000, (1 - sum(shares.values())) / 1000)
    for name, share in shares.items():
        probabilities[names.index(name.replace("_", " "))] += share
    return Classes(probabilities)


def thing(name: str, confidence: float = 0.9, box: Rect = Rect(50, 50, 250, 200)) -> Detection:  # noqa: B008
    return Detection(name, box, confidence, objects.PARENTS.get(name, ()))


def line(text: str, box: Rect = Rect(20, 20, 200, 30)) -> Line:  # noqa: B008
    return Line(text, box, (0, 0, 1, 0, 1, 1, 0, 1), 0.98, ())


def scenery(**shares: float) -> Scenery:
    return Scenery(**(NOWHERE | shares))


def sight(**known: object) -> Sight:
    """A picture of 400 x 300 pixels in which nothing was found but what is given."""
    usual: dict[str, object] = {
        "width": 400,
        "height": 300,
        "classes": classes(),
        "objects": (),
        "faces": (),
        "lines": (),
        "colors": GREY,
        "image_type": ImageStyle(0, 0),
        "scenery": scenery(),
    }
    return Sight(**(usual | known))  # type: ignore[arg-type]
