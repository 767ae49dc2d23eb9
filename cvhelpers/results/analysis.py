"""What ``analyze`` says of a picture; ``describe``, ``tag`` and ``detect`` answer with parts of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .fields import Json, json_object, missing, number, number_if_any, read_all, text, text_if_any, whole_if_any, words
from .shapes import Box, Polygon, Rows, Tabular, row
from .written import ReadResult

Finding = tuple[str, str, float | None, Box | Polygon | None]
"""What it is, its name, the confidence, the place."""


@dataclass(frozen=True)
class Tag:
    """A word for what the picture shows. ``hint`` tells apart words of two meanings, and is mostly empty."""

    name: str
    confidence: float
    hint: str = ""


@dataclass(frozen=True)
class Caption:
    """One sentence about the whole picture."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Landmark:
    """A famous building or place."""

    name: str
    confidence: float | None = None


@dataclass(frozen=True)
class Celebrity:
    """A famous person, and where the face is. In old answers only: the service no longer names anyone to everyone."""

    name: str
    confidence: float | None = None
    box: Box | None = None


@dataclass(frozen=True)
class Category:
    """One of the service's 86 categories; a name that ends with ``_`` is a group of them."""

    name: str
    score: float
    landmarks: tuple[Landmark, ...] = ()
    celebrities: tuple[Celebrity, ...] = ()


@dataclass(frozen=True)
class Colors:
    """Colours by name; ``accent`` is a hexadecimal colour without ``#``."""

    foreground: str
    background: str
    dominant: tuple[str, ...]
    accent: str
    black_and_white: bool


@dataclass(frozen=True)
class ImageType:
    """``clip_art``: 0 none, 1 ambiguous, 2 normal, 3 good. ``line_drawing``: is it one?"""

    clip_art: int
    line_drawing: bool


@dataclass(frozen=True)
class Adult:
    """Scores from 0 to 1, and the service's own verdict on them. ``gore`` came with v2.1."""

    adult_score: float
    racy_score: float
    is_adult: bool
    is_racy: bool
    gore_score: float | None = None
    is_gory: bool | None = None


@dataclass(frozen=True)
class Face:
    """Where a face is. Age and gender are in old answers only: the service retired them."""

    box: Box
    age: int | None = None
    gender: str | None = None


@dataclass(frozen=True)
class DetectedObject:
    """An object or a brand with its place; ``parents`` run from the nearest to the most general name.

    ``parent_confidences`` has for each of them how sure the service is of it; None where it does not tell.
    """

    name: str
    confidence: float
    box: Box
    parents: tuple[str, ...] = ()
    parent_confidences: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class DenseCaption:
    """One sentence about a part of the picture; the first one is about the whole. From 4.0."""

    text: str
    confidence: float
    box: Box


@dataclass(frozen=True)
class Person:
    """Where a person is. From 4.0."""

    box: Box
    confidence: float


@dataclass(frozen=True)
class Crop:
    """The part of the picture to keep for a width : height of ``aspect_ratio``. From 4.0."""

    box: Box
    aspect_ratio: float


@dataclass(frozen=True)
class ImageAnalysis(Tabular):
    """What ``analyze`` says of a picture (``describe``, ``tag`` and ``detect`` answer with parts of it).

    A feature that was not asked for, or of which nothing was found, is empty or None. ``sent`` says what was done to
    the picture before it was sent; empty if nothing. ``dense_captions``, ``people``, ``crops`` and ``read``, the text,
    are from Image Analysis 4.0, which in its turn has no categories, colours, faces, brands and the like.

    >>> analysis = ImageAnalysis.from_json({"description": {"tags": ["street"], "captions": [
    ...     {"text": "a city street at night", "confidence": 0.91}]}, "metadata": {"width": 450, "height": 600}})
    >>> str(analysis), analysis.caption.confidence
    ('a city street at night', 0.91)
    """

    captions: tuple[Caption, ...] = ()
    description_tags: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    categories: tuple[Category, ...] = ()
    colors: Colors | None = None
    image_type: ImageType | None = None
    adult: Adult | None = None
    faces: tuple[Face, ...] = ()
    objects: tuple[DetectedObject, ...] = ()
    brands: tuple[DetectedObject, ...] = ()
    dense_captions: tuple[DenseCaption, ...] = ()
    people: tuple[Person, ...] = ()
    crops: tuple[Crop, ...] = ()
    read: ReadResult | None = None
    width: int | None = None
    height: int | None = None
    format: str = ""
    request_id: str = ""
    source: str = ""
    sent: str = ""
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    KEYS = ("categories", "adult", "color", "imageType", "tags", "description", "faces", "objects", "brands")

    @classmethod
    def from_json(cls, body: object, source: str = "") -> ImageAnalysis:
        """Read the answer of v1.0 to v3.2; `analysis_v4` reads that of 4.0.

        Raises `UnexpectedAnswer` for JSON that is no analysis."""
        data = json_object(body, "an image analysis")
        if not any(key in data for key in cls.KEYS):
            raise missing("an image analysis", " or ".join(cls.KEYS), data)
        description = json_object(data.get("description") or {}, "description")
        metadata = json_object(data.get("metadata") or {}, "metadata")
        return cls(
            captions=read_all(description, "captions", _caption),
            description_tags=words(description, "tags", "description"),
            tags=read_all(data, "tags", _tag),
            categories=read_all(data, "categories", _category),
            colors=_colors(json_object(data["color"], "color")) if data.get("color") else None,
            image_type=_image_type(json_object(data["imageType"], "imageType")) if data.get("imageType") else None,
            adult=_adult(json_object(data["adult"], "adult")) if data.get("adult") else None,
            faces=read_all(data, "faces", _face),
            objects=read_all(data, "objects", _detected),
            brands=read_all(data, "brands", _detected),
            width=whole_if_any(metadata, "width", "metadata"),
            height=whole_if_any(metadata, "height", "metadata"),
            format=text_if_any(metadata, "format", "metadata"),
            request_id=text_if_any(data, "requestId", "the answer"),
            source=source,
            raw=data,
        )

    @property
    def caption(self) -> Caption | None:
        """The most confident caption, or None: the service does not always find one."""
        return max(self.captions, key=lambda caption: caption.confidence, default=None)

    def __str__(self) -> str:
        return self.caption.text if self.caption else "(no caption)"

    def to_rows(self) -> Rows:
        """Everything that was found, one row each.

        The more general names of an object have rows of their own, at its place. ``what`` says what it is;
        ``confidence`` is None where none is given.
        """
        found = [*self._words(), *self._things(), *self._picture()]
        return [row(number, *one) for number, one in enumerate(found, start=1)]

    def _words(self) -> Iterator[Finding]:
        for caption in self.captions:
            yield "caption", caption.text, caption.confidence, None
        for part in self.dense_captions:
            yield "caption of a part", part.text, part.confidence, part.box
        for category in self.categories:
            yield "category", category.name, category.score, None
            for landmark in category.landmarks:
                yield "landmark", landmark.name, landmark.confidence, None
            for celebrity in category.celebrities:
                yield "celebrity", celebrity.name, celebrity.confidence, celebrity.box
        for tag in self.tags:
            yield "tag", f"{tag.name} ({tag.hint})" if tag.hint else tag.name, tag.confidence, None
        for name in self.description_tags:
            if name not in {tag.name for tag in self.tags}:
                yield "tag", name, None, None

    def _things(self) -> Iterator[Finding]:
        for what, things in (("object", self.objects), ("brand", self.brands)):
            for thing in things:
                yield what, thing.name, thing.confidence, thing.box
                for parent, confidence in zip(thing.parents, thing.parent_confidences, strict=True):
                    yield f"kind of {what}", parent, confidence, thing.box
        for face in self.faces:
            about = ", ".join(str(part) for part in (face.gender, face.age) if part is not None)
            yield "face", about or "face", None, face.box
        for person in self.people:
            yield "person", "person", person.confidence, person.box
        for crop in self.crops:
            yield "crop", f"{crop.aspect_ratio:g} : 1", None, crop.box
        for line in self.read or ():
            yield "line", line.text, None, line.polygon

    def _picture(self) -> Iterator[Finding]:
        if self.colors:
            if self.colors.foreground:
                yield "foreground color", self.colors.foreground, None, None
            if self.colors.background:
                yield "background color", self.colors.background, None, None
            for name in self.colors.dominant:
                yield "dominant color", name, None, None
            if self.colors.accent:
                yield "accent color", f"#{self.colors.accent}", None, None
            yield "black and white", _yes(self.colors.black_and_white), None, None
        if self.image_type:
            yield "clip art", f"{self.image_type.clip_art} of 3", None, None
            yield "line drawing", _yes(self.image_type.line_drawing), None, None
        if self.adult:
            yield "adult", _yes(self.adult.is_adult), self.adult.adult_score, None
            yield "racy", _yes(self.adult.is_racy), self.adult.racy_score, None
            if self.adult.gore_score is not None:
                yield "gory", _yes(bool(self.adult.is_gory)), self.adult.gore_score, None


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _caption(data: Json) -> Caption:
    return Caption(text(data, "text", "a caption"), number(data, "confidence", "a caption"))


def _tag(data: Json) -> Tag:
    name, confidence = text(data, "name", "a tag"), number(data, "confidence", "a tag")
    return Tag(name, confidence, text_if_any(data, "hint", "a tag"))


def _category(data: Json) -> Category:
    detail = json_object(data.get("detail") or {}, "detail")
    return Category(
        text(data, "name", "a category"),
        number(data, "score", "a category"),
        landmarks=read_all(detail, "landmarks", read_landmark),
        celebrities=read_all(detail, "celebrities", read_celebrity),
    )


def read_landmark(data: Json) -> Landmark:
    return Landmark(text(data, "name", "a landmark"), number_if_any(data, "confidence", "a landmark"))


def read_celebrity(data: Json) -> Celebrity:
    place = data.get("faceRectangle")
    return Celebrity(
        text(data, "name", "a celebrity"),
        number_if_any(data, "confidence", "a celebrity"),
        Box.from_json(json_object(place, "faceRectangle"), "a faceRectangle") if place else None,
    )


def _colors(data: Json) -> Colors:
    return Colors(
        foreground=text_if_any(data, "dominantColorForeground", "color"),
        background=text_if_any(data, "dominantColorBackground", "color"),
        dominant=words(data, "dominantColors", "color"),
        accent=text_if_any(data, "accentColor", "color"),
        black_and_white=any(data.get(key) is True for key in ("isBwImg", "isBWImg")),
    )


def _image_type(data: Json) -> ImageType:
    return ImageType(int(number(data, "clipArtType", "imageType")), bool(data.get("lineDrawingType", 0)))


def _adult(data: Json) -> Adult:
    return Adult(
        adult_score=number(data, "adultScore", "adult"),
        racy_score=number(data, "racyScore", "adult"),
        is_adult=bool(data.get("isAdultContent")),
        is_racy=bool(data.get("isRacyContent")),
        gore_score=number_if_any(data, "goreScore", "adult"),
        is_gory=bool(data["isGoryContent"]) if "isGoryContent" in data else None,
    )


def _face(data: Json) -> Face:
    box = Box.from_json(json_object(data.get("faceRectangle") or {}, "faceRectangle"), "a faceRectangle")
    return Face(box, whole_if_any(data, "age", "a face"), text_if_any(data, "gender", "a face") or None)


def _detected(data: Json) -> DetectedObject:
    name = text(data, "object" if "object" in data else "name", "an object")
    box = Box.from_json(json_object(data.get("rectangle") or {}, "rectangle"), "a rectangle")
    parents: list[str] = []
    confidences: list[float | None] = []
    parent = data.get("parent")
    while isinstance(parent, Mapping):
        parents.append(text(parent, "object", "a parent"))
        confidences.append(number_if_any(parent, "confidence", "a parent"))
        parent = parent.get("parent")
    return DetectedObject(
        name, number(data, "confidence", "an object"), box, tuple(parents), parent_confidences=tuple(confidences)
    )
