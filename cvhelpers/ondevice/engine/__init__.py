"""The engine: a picture in, readings out, on this computer and without a network.

>>> from PIL import ImageDraw
>>> page = Image.new("RGB", (400, 80), "white")
>>> ImageDraw.Draw(page).text((20, 20), "Mind the gap", "black", font_size=36)
>>> Engine().read(page).text
'Mind the gap'
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

from . import captions, categories, colors, crops, image_type, layout, pixels
from .adult import AdultScorer
from .faces import FaceDetector
from .geometry import union
from .objects import ObjectDetector
from .ocr import Reader
from .pixels import Pixels
from .readings import (
    Adult,
    Analysis,
    Box,
    Caption,
    Category,
    Colors,
    Description,
    DetectedObject,
    Face,
    ImageType,
    Line,
    Reading,
    Region,
    Tag,
    Word,
)
from .tags import WORDS, Classes, Classifier

__all__ = [
    "FEATURES",
    "Adult",
    "Analysis",
    "Box",
    "Caption",
    "Category",
    "Colors",
    "Description",
    "DetectedObject",
    "Engine",
    "Face",
    "ImageType",
    "Line",
    "Reading",
    "Region",
    "Tag",
    "Word",
]

FEATURES = ("adult", "categories", "colors", "description", "faces", "image_type", "objects", "tags")
"""What `Engine.analyze` can be asked for: the names of the parts of an `Analysis`."""

T = TypeVar("T")

SURELY_READ = 0.8  # in a picture of things, text below this confidence is taken for a pattern


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

    def area_of_interest(self, image: Image.Image) -> Box:
        """The part of the picture that matters most: never empty, inside the picture."""
        look = Look(self, image)
        area = crops.area_of_interest(look.interest, image.width, image.height)
        # nothing found is cut
        return union([area, *(face.box for face in look.faces), *(thing.box for thing in look.objects)])

    def crop(self, image: Image.Image, width: int, height: int) -> Box:
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
        scale = min(1.0, 1024 / max(self.width, self.height))
        size = (max(1, round(side * scale)) for side in (self.width, self.height))
        return self.pixels if scale == 1 else pixels.resized(self.pixels, *size)

    @cached_property
    def classes(self) -> Classes:
        return self.engine.classifier.classify_twice(self.small)

    @cached_property
    def objects(self) -> tuple[DetectedObject, ...]:
        return self.engine.object_detector.find(self.pixels)

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        return self.engine.face_detector.find(self.pixels)

    @cached_property
    def adult(self) -> Adult:
        return self.engine.adult_scorer.score(self.small)

    @cached_property
    def colors(self) -> Colors:
        return colors.find(self.small)

    @cached_property
    def image_type(self) -> ImageType:
        return image_type.classify(self.small)

    @cached_property
    def reading(self) -> Reading:
        return layout.reading(self.engine.reader.lines(self.pixels, thorough=False), self.width, self.height)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are surely text: bars and rings in a picture are often read as figures."""
        return tuple(
            line
            for line in self.reading.lines
            if line.confidence >= SURELY_READ and sum(map(str.isalpha, line.text)) >= 2
        )

    @cached_property
    def findings(self) -> captions.Findings:
        return captions.Findings(
            self.width,
            self.height,
            self.classes,
            self.objects,
            self.faces,
            self.lines,
            self.colors,
            self.image_type,
        )

    @cached_property
    def median_grey(self) -> float:
        return float(np.median(cv2.cvtColor(self.small, cv2.COLOR_RGB2GRAY)))

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """Words from all that was found, the surest first."""
        found = dict(self.classes.tags()) if self.image_type.clip_art < 2 else {}
        for thing in self.objects:
            for name in (thing.name, *(word for word in thing.parents if word in WORDS.values())):
                found[name] = max(found.get(name, 0.0), thing.confidence)
        if self.faces:
            found["person"] = max(found.get("person", 0.0), self.faces[0].confidence)
        if self.lines:
            found["text"] = max(line.confidence for line in self.lines)
        if self.image_type.clip_art >= 2:
            found["drawing"] = (0.0, 0.0, 0.8, 0.95)[self.image_type.clip_art]
        if self.colors.black_and_white:
            found["black and white"] = 0.95
        color, share = next(iter(colors.shares(self.small).items()))
        if share >= 0.5 and color not in ("Black", "Grey", "White"):
            found[color.lower()] = share
        if self.median_grey < categories.DARK:
            found["dark"] = 1 - self.median_grey / (2 * categories.DARK)
        return tuple(
            Tag(name, round(min(0.999, confidence), 4))
            for name, confidence in sorted(found.items(), key=lambda item: -item[1])
        )

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        return categories.find(
            self.classes,
            self.objects,
            self.faces,
            self.image_type,
            self.findings.text_share,
            self.median_grey,
            (self.width, self.height),
        )

    @cached_property
    def description(self) -> Description:
        return Description(tuple(tag.name for tag in self.tags), (captions.write(self.findings),))

    @cached_property
    def interest(self) -> NDArray[np.float64]:
        return crops.interest(self.pixels, [face.box for face in self.faces], [thing.box for thing in self.objects])
