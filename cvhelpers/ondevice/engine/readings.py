"""What the engine found in a picture: small frozen records of plain Python values.

Pixels have their origin in the top left corner, x to the right and y down.
A confidence or a score is a number from 0 to 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

Orientation = Literal["Up", "Left", "Down", "Right", "NotDetected"]

Corners = tuple[float, float, float, float, float, float, float, float]
"""x1, y1, ... x4, y4: the corners clockwise from the one where the text begins, in pixels of the picture."""


class Rect(NamedTuple):
    """An upright rectangle in pixels.

    >>> Rect(10, 20, 30, 40).area
    1200
    """

    x: int
    y: int
    w: int
    h: int

    @property
    def area(self) -> int:
        return self.w * self.h


# --- words -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Word:
    """One word.

    `box` lies in the picture turned clockwise by `Reading.angle_radians` about its centre, without being
    enlarged, as the OCR operation wants it. `polygon` lies in the picture as it was given, as the Read
    operation wants it.
    """

    text: str
    box: Rect
    polygon: Corners
    confidence: float


@dataclass(frozen=True)
class Line:
    """Words on one line, in the order they are read. `box` and `polygon` as in `Word`."""

    text: str
    box: Rect
    polygon: Corners
    confidence: float
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Region:
    """A paragraph or a column: lines that stand together. `box` as in `Word`."""

    box: Rect
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Reading:
    """The text of a picture.

    `angle_radians` is how far the picture has to be turned clockwise for its lines to become horizontal or
    vertical: more than -pi/4 and at most pi/4. After that turn `orientation` says where the top of the
    letters points: "Up" for an upright page, "Left" for one that was turned a quarter counter-clockwise,
    "Down" for one that stands on its head, "Right" for one turned a quarter clockwise, "NotDetected" where
    there is no text. `language` is a guess as a code ("en", "de", "ja", "zh-Hans", ...) or "unk".

    `lines` are in reading order and are the same objects as those in `regions`.
    """

    width: int
    height: int
    angle_radians: float
    orientation: Orientation
    language: str
    lines: tuple[Line, ...]
    regions: tuple[Region, ...]

    @property
    def text(self) -> str:
        """All lines, one under the other."""
        return "\n".join(line.text for line in self.lines)

    @property
    def clockwise_orientation(self) -> float:
        """Degrees by which the text is turned clockwise, 0 to 360: what the Read operation calls its angle.

        >>> page = Reading(100, 50, math.radians(7), "Up", "en", (), ())
        >>> round(page.clockwise_orientation, 1)   # risen to the right by 7 degrees
        353.0
        """
        quarter = {"Up": 0, "Right": 90, "Down": 180, "Left": 270, "NotDetected": 0}[self.orientation]
        return (quarter - math.degrees(self.angle_radians)) % 360


# --- things ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TagScore:
    """A word for something in the picture, as "cat" or "outdoor". `hint` tells what kind of thing it is.

    `confidence` is how sure it is at least: see `tags.py` for how it goes with the order of the tags.
    """

    name: str
    confidence: float
    hint: str | None = None


@dataclass(frozen=True)
class Detection:
    """A thing and where it is. `parents` are broader words, the nearest first: ("mammal", "animal")."""

    name: str
    box: Rect
    confidence: float
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class DetectedFace:
    """A rectangle round a face. Age and gender are not estimated, on purpose."""

    box: Rect
    confidence: float


@dataclass(frozen=True)
class ColorScheme:
    """Colours by the service's twelve names: Black, Blue, Brown, Grey, Green, Orange, Pink, Purple, Red,
    Teal, White, Yellow. `accent` is the most vivid colour as six hexadecimal digits, "RRGGBB".
    """

    foreground: str
    background: str
    dominant: tuple[str, ...]
    accent: str
    black_and_white: bool


@dataclass(frozen=True)
class ImageStyle:
    """`clip_art`: 0 no, 1 ambiguous, 2 normal, 3 good clip art. `line_drawing`: 0 no, 1 yes."""

    clip_art: int
    line_drawing: int


@dataclass(frozen=True)
class CategoryScore:
    """One of the 86 names in `categories.NAMES`, as "animal_cat"; a trailing "_" marks a parent."""

    name: str
    score: float


@dataclass(frozen=True)
class Named:
    """A thing as a caption names it. `count` is 1 to 5, 6 for more, or 0 for some whose number is not sure."""

    word: str
    count: int = 1


@dataclass(frozen=True)
class Meaning:
    """What a caption says, before it is put into words of a language.

    `kind` says what it rests on: a key of `captions.RIGHT`. `things` are the subject and what goes with it, joined
    by `link`: "with", "and" or "wearing". `place` is a phrase such as "on a street". `manner` is what kind of picture
    it is, if not a colour photograph. `quote` are words that can be read, on a sign if `sign`.
    """

    kind: str
    things: tuple[Named, ...] = ()
    link: str = ""
    place: str = ""
    manner: str = ""
    quote: str = ""
    sign: bool = False
    colors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """One sentence about the picture, made from what was found in it.

    `confidence` is how often captions of its kind were right when they were measured.
    """

    text: str
    confidence: float
    meaning: Meaning | None = None


@dataclass(frozen=True)
class Description:
    """Words for the picture, what a person would name first at the beginning, and one caption (or none)."""

    tags: tuple[str, ...]
    captions: tuple[Sentence, ...]


@dataclass(frozen=True)
class AdultScores:
    """One model gives one score, so `adult_score` and `racy_score` are two readings of the same number.

    See `adult.py` for how. It is no judgement to rely on.
    """

    is_adult: bool
    is_racy: bool
    adult_score: float
    racy_score: float


@dataclass(frozen=True)
class Analysis:
    """What `Engine.analyze` found. A part that was not asked for is None; one with nothing in it is empty."""

    width: int
    height: int
    adult: AdultScores | None = None
    categories: tuple[CategoryScore, ...] | None = None
    colors: ColorScheme | None = None
    description: Description | None = None
    faces: tuple[DetectedFace, ...] | None = None
    image_type: ImageStyle | None = None
    objects: tuple[Detection, ...] | None = None
    tags: tuple[TagScore, ...] | None = None
