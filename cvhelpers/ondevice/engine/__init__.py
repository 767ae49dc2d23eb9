"""The engine: a picture in, readings out, on this computer and without a network.

>>> from PIL import ImageDraw
>>> page = Image.new("RGB", (400, 80), "white")
>>> ImageDraw.Draw(page).text((20, 20), "Mind the gap", "black", font_size=36)
>>> Engine().read(page).text
'Mind the gap'

===========================  =================================================================
`readings`                   what is found: the records that the engine gives out
`models`, `pixels`           the ONNX files, and a picture as an array
`classes`                    which of ImageNet's classes a picture shows
`objects`, `faces`           where things and faces are; `boxes` as arrays
`scenery`, `places`          sky, plants, water and the like; where it is
`everyday`, `things`         what people call it, and what was seen under one name each
`tags`, `categories`         words for a picture
`captions`                   one sentence about it
`languages`                  tags and captions in other languages
`colors`, `image_type`       the colours; photograph, clip art or line drawing
`adult`, `crops`             one score of adult content; the part that matters
`ocr`                        finds lines of text and reads them
`bands`, `geometry`          where lines stand, straight, slanted or bent
`decoding`, `lexicon`        from the recogniser's steps to characters and words
`layout`, `language`         words, regions and reading order; the language of a text
`wordlist`                   lists of words, written as one would read them
===========================  =================================================================
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from . import captions, categories, colors, crops, image_type, layout, objects, pixels, places, scenery, tags, things
from .adult import AdultScorer
from .bands import Band
from .classes import Classes, Classifier
from .faces import FaceDetector
from .geometry import union
from .objects import ObjectDetector
from .ocr import Reader
from .pixels import Pixels
from .readings import (
    AdultScores,
    Analysis,
    CategoryScore,
    ColorScheme,
    Description,
    DetectedFace,
    Detection,
    ImageStyle,
    Line,
    Reading,
    Rect,
    Region,
    Sentence,
    TagScore,
    Word,
)

__all__ = [
    "FEATURES",
    "AdultScores",
    "Analysis",
    "CategoryScore",
    "ColorScheme",
    "Description",
    "DetectedFace",
    "Detection",
    "Engine",
    "ImageStyle",
    "Line",
    "Reading",
    "Rect",
    "Region",
    "Sentence",
    "TagScore",
    "Word",
]

FEATURES = ("adult", "categories", "colors", "description", "faces", "image_type", "objects", "tags")
"""What `Engine.analyze` can be asked for: the names of the parts of an `Analysis`."""

T = TypeVar("T")

# In a picture of things, text below the first confidence is taken for a pattern, below the second if it is short.
SURELY_READ, SURELY_READ_SHORT = 0.8, 0.95
GLANCE = 640  # the pixels a side of a picture that is only glanced at
GLIMPSED = 0.65  # how surely a first glance must read two characters or more for the rest to be read


class Engine:
    """The door. Models are loaded when first needed, once; any number of threads may use one engine.

    A picture may be of any mode and size; what is transparent counts as white. It is taken as its pixels
    are: turn it by its EXIF orientation first if you want that (`PIL.ImageOps.exif_transpose`).
    """

    name = "cvhelpers engine (PP-OCRv6, EfficientNet-Lite0, SSD-MobileNetV2, BlazeFace, Open-NSFW)"
    version = "1.0"

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.models: dict[type[Any], Any] = {}

    def model(self, kind: type[T], *needs: Any) -> T:
        """The one model of a kind. The thread that comes first loads it, the others wait."""
        with self.lock:
            if kind not in self.models:
                self.models[kind] = kind(*needs)
            found: T = self.models[kind]
            return found

    @property
    def reader(self) -> Reader:
        return self.model(Reader)

    @property
    def classifier(self) -> Classifier:
        return self.model(Classifier)

    @property
    def object_detector(self) -> ObjectDetector:
        return self.model(ObjectDetector, self.classifier)

    @property
    def face_detector(self) -> FaceDetector:
        return self.model(FaceDetector)

    @property
    def adult_scorer(self) -> AdultScorer:
        return self.model(AdultScorer)

    def load(self) -> None:
        """Load all models now, so that the first answer comes as fast as the others."""
        _ = self.reader, self.classifier, self.object_detector, self.face_detector, self.adult_scorer

    def give_back_memory(self) -> None:
        """Return to the system what the models have kept from a large picture: a few milliseconds' work."""
        self.face_detector.give_back_memory()  # the quickest one does it for all

    def read(self, image: Image.Image, orientation: bool = True) -> Reading:
        """Read the text. Without `orientation` the page is taken to stand upright (a tilt is still found)."""
        lines = self.reader.lines(pixels.rgb(image), orientation)
        return layout.reading(lines, image.width, image.height)

    def analyze(self, image: Image.Image, features: Iterable[str] = FEATURES) -> Analysis:
        """Find the parts asked for, and only those. An unknown feature is a ValueError."""
        wanted = set(features)
        if unknown := wanted - set(FEATURES):
            raise ValueError(f"unknown features {sorted(unknown)}; there are {', '.join(FEATURES)}")
        look = Look(self, image)
        found: dict[str, Any] = {feature: getattr(look, feature) for feature in sorted(wanted)}
        return Analysis(image.width, image.height, **found)

    def area_of_interest(self, image: Image.Image) -> Rect:
        """The part of the picture that matters most: never empty, inside the picture."""
        look = Look(self, image)
        area = crops.area_of_interest(look.interest, image.width, image.height)
        # nothing found is cut
        return union([area, *(face.box for face in look.faces), *(thing.box for thing in look.objects)])

    def crop(self, image: Image.Image, width: int, height: int) -> Rect:
        """The largest part of the picture in the proportions width : height that keeps what matters."""
        return crops.window(Look(self, image).interest, image.width, image.height, (width, height))


class Look:
    """One look at one picture: each part is found when it is first asked for, and kept."""

    def __init__(self, engine: Engine, image: Image.Image) -> None:
        self.engine = engine
        self.pixels: Pixels = pixels.rgb(image)
        self.width, self.height = image.size

    @cached_property
    def small(self) -> Pixels:
        """At most 1024 pixels a side: enough for all but small letters and distant faces."""
        return pixels.shrunk(self.pixels, 1024)

    @cached_property
    def classes(self) -> Classes:
        return self.engine.classifier.classify_twice(self.small)

    @cached_property
    def detected(self) -> objects.Detections:
        return self.engine.object_detector.find(self.small, self.width, self.height)

    @property
    def objects(self) -> tuple[Detection, ...]:
        return self.detected.objects

    @cached_property
    def faces(self) -> tuple[DetectedFace, ...]:
        return self.engine.face_detector.find(self.small, self.width, self.height)

    @cached_property
    def adult(self) -> AdultScores:
        return self.engine.adult_scorer.score(self.small)

    @cached_property
    def colors(self) -> ColorScheme:
        return colors.find(self.small)

    @cached_property
    def image_type(self) -> ImageStyle:
        return image_type.classify(self.small)

    @cached_property
    def reading(self) -> Reading:
        found = glance(self.engine.reader, pixels.shrunk(self.small, GLANCE), self.width, self.height)
        lines = self.engine.reader.lines(self.pixels, thorough=False, found=found) if found else []
        return layout.reading(lines, self.width, self.height)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are surely text: bars and rings in a picture are often read as figures."""
        return tuple(line for line in self.reading.lines if surely_text(line))

    @cached_property
    def sight(self) -> things.Sight:
        return things.Sight(
            self.width,
            self.height,
            self.classes,
            self.objects,
            self.faces,
            self.lines,
            self.colors,
            self.image_type,
            scenery.look(self.small),
            self.detected.doubtful,
            next(iter(colors.shares(self.small).items())),
        )

    @cached_property
    def things(self) -> tuple[things.Thing, ...]:
        return things.gather(self.sight)

    @cached_property
    def places(self) -> tuple[places.Place, ...]:
        return places.find(self.classes, self.objects, self.sight.scenery)

    @cached_property
    def median_grey(self) -> float:
        return float(np.median(cv2.cvtColor(self.small, cv2.COLOR_RGB2GRAY)))

    @cached_property
    def tags(self) -> tuple[TagScore, ...]:
        return tags.write(self.sight, self.things, self.places, categories.darkness(self.median_grey))

    @cached_property
    def categories(self) -> tuple[CategoryScore, ...]:
        return categories.find(
            self.classes,
            self.objects,
            self.sight.people,
            self.image_type,
            self.sight.text_share,
            self.median_grey,
            (self.width, self.height),
        )

    @cached_property
    def description(self) -> Description:
        caption = captions.write(self.sight, self.things, self.places)
        return Description(tuple(tag.name for tag in self.tags), (caption,))

    @cached_property
    def interest(self) -> NDArray[np.float64]:
        return crops.interest(self.pixels, [face.box for face in self.faces], [thing.box for thing in self.objects])


def glance(reader: Reader, small: Pixels, width: int, height: int) -> list[Band]:
    """The lines of a picture of things, longest first, in the pixels of the whole picture of `width` x `height`.

    None if the longest don't look like letters at this first glance: leaves and bricks look like lines too, and to read
    them all, and carefully, takes longer than all the rest.
    """
    if not (found := reader.longest_first(small)):
        return []
    _, glimpsed = reader.find_direction(small, found[:3], paper=False)
    if not any(len(line.text) >= 2 and line.confidence >= GLIMPSED for line in glimpsed):
        return []
    return [band.scaled(width / small.shape[1], height / small.shape[0]) for band in found]


def surely_text(line: Line) -> bool:
    """Whether a line of a picture of things is text. Bars, rings and leaves are often read as a letter or two."""
    letters = sum(map(str.isalpha, line.text))
    return letters >= 2 and line.confidence >= (SURELY_READ if letters >= 3 else SURELY_READ_SHORT)
