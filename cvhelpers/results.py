"""What an answer says: the service's JSON, of any version, as small frozen dataclasses.

Computer Vision v1.0 to v3.2 and Bing Image Search v7 are read alike. A result knows nothing of HTTP and draws
nothing. Coordinates are pixels from the top left corner, x to the right and y down; confidences run from 0 to 1.
Whatever a dataclass has no field for is still in ``raw``.

>>> result = OcrResult.from_json({"language": "en", "textAngle": 0.0, "orientation": "Up", "regions": [
...     {"boundingBox": "21,16,304,51", "lines": [
...         {"boundingBox": "28,16,288,41", "words": [{"boundingBox": "28,16,288,41", "text": "NOTHING"}]}]}]})
>>> str(result), result.words[0].box.width
('NOTHING', 288)
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .errors import OperationFailed, UnexpectedAnswer

Json = Mapping[str, Any]
Polygon = tuple[float, ...]
"""Eight numbers: x and y of the four corners, clockwise from the top left one of the text."""
Rows = list[dict[str, object]]
T = TypeVar("T")


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels: its top left corner, width and height."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def parse(cls, text: object) -> Box:
        """Read the comma-separated form that ``ocr`` answers with.

        >>> Box.parse("28,16,288,41")
        Box(x=28, y=16, width=288, height=41)
        """
        try:
            x, y, width, height = map(int, text.split(",") if isinstance(text, str) else ())
        except ValueError:
            wanted = "four whole numbers 'x,y,width,height'"
            raise UnexpectedAnswer(f"A boundingBox is {wanted}, not {_short(text)}.") from None
        return cls(x, y, width, height)

    @classmethod
    def from_json(cls, data: Json, where: str) -> Box:
        """Read ``{x, y, w, h}`` (objects and brands) or ``{left, top, width, height}`` (faces)."""
        names = ("left", "top", "width", "height") if "left" in data else ("x", "y", "w", "h")
        return cls(*(round(_number(data, name, where)) for name in names))

    @property
    def polygon(self) -> Polygon:
        """The four corners, clockwise from the top left."""
        right, bottom = self.x + self.width, self.y + self.height
        return (self.x, self.y, right, self.y, right, bottom, self.x, bottom)


# --------------------------------------------------------------------------------------------------------------
# analyze, describe, tag, detect


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
class Category:
    """One of the service's 86 categories; a name that ends with ``_`` is a group of them."""

    name: str
    score: float
    landmarks: tuple[str, ...] = ()
    celebrities: tuple[str, ...] = ()


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
    """An object or a brand with its place; ``parents`` run from the nearest to the most general name."""

    name: str
    confidence: float
    box: Box
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImageAnalysis:
    """What ``analyze`` says of a picture (``describe``, ``tag`` and ``detect`` answer with parts of it).

    A feature that was not asked for, or of which nothing was found, is empty or None.

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
    width: int | None = None
    height: int | None = None
    format: str = ""
    request_id: str = ""
    source: str = ""
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    KEYS = ("categories", "adult", "color", "imageType", "tags", "description", "faces", "objects", "brands")

    @classmethod
    def from_json(cls, body: object, source: str = "") -> ImageAnalysis:
        """Read the answer of any version. Raises `UnexpectedAnswer` for JSON that is no analysis."""
        data = _object(body, "an image analysis")
        if not any(key in data for key in (*cls.KEYS, "metadata")):
            raise UnexpectedAnswer(_missing("an image analysis", " or ".join(cls.KEYS), data))
        description = _object(data.get("description") or {}, "description")
        metadata = _object(data.get("metadata") or {}, "metadata")
        return cls(
            captions=_all(description, "captions", _caption),
            description_tags=_words(description, "tags", "description"),
            tags=_all(data, "tags", _tag),
            categories=_all(data, "categories", _category),
            colors=_colors(_object(data["color"], "color")) if data.get("color") else None,
            image_type=_image_type(_object(data["imageType"], "imageType")) if data.get("imageType") else None,
            adult=_adult(_object(data["adult"], "adult")) if data.get("adult") else None,
            faces=_all(data, "faces", _face),
            objects=_all(data, "objects", _detected),
            brands=_all(data, "brands", _detected),
            width=_whole_if_any(metadata, "width", "metadata"),
            height=_whole_if_any(metadata, "height", "metadata"),
            format=_text_if_any(metadata, "format", "metadata"),
            request_id=_text_if_any(data, "requestId", "the answer"),
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
        """Everything that was found, a row each: ``what``, ``name``, ``confidence`` (None where none is given)."""
        rows: Rows = [_row("caption", c.text, c.confidence) for c in self.captions]
        rows += [_row("category", c.name, c.score) for c in self.categories]
        rows += [_row("tag", t.name, t.confidence) for t in self.tags]
        rows += [_row("tag", name) for name in self.description_tags if name not in {t.name for t in self.tags}]
        rows += [_row("object", o.name, o.confidence, o.box) for o in self.objects]
        rows += [_row("brand", b.name, b.confidence, b.box) for b in self.brands]
        rows += [_row("face", "face", None, f.box) for f in self.faces]
        if self.colors:
            rows.append(_row("foreground colour", self.colors.foreground))
            rows.append(_row("background colour", self.colors.background))
            rows += [_row("dominant colour", name) for name in self.colors.dominant]
            rows.append(_row("accent colour", f"#{self.colors.accent}"))
            rows.append(_row("black and white", "yes" if self.colors.black_and_white else "no"))
        if self.image_type:
            rows.append(_row("clip art", f"{self.image_type.clip_art} of 3"))
            rows.append(_row("line drawing", "yes" if self.image_type.line_drawing else "no"))
        if self.adult:
            rows.append(_row("adult", "yes" if self.adult.is_adult else "no", self.adult.adult_score))
            rows.append(_row("racy", "yes" if self.adult.is_racy else "no", self.adult.racy_score))
        return rows


# --------------------------------------------------------------------------------------------------------------
# ocr: printed text


@dataclass(frozen=True)
class OcrWord:
    """A word and its box, which lies in the picture **turned by the text angle**: see `OcrResult`."""

    text: str
    box: Box


@dataclass(frozen=True)
class OcrLine:
    """A line of words."""

    box: Box
    words: tuple[OcrWord, ...]

    def __str__(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class OcrRegion:
    """A block of lines."""

    box: Box
    lines: tuple[OcrLine, ...]


@dataclass(frozen=True)
class OcrResult:
    """Printed text, as ``ocr`` answers: regions, in them lines, in them words.

    ``text_angle`` is in **radians**, in every version, whatever the specification says. Turn the picture clockwise
    by it about its centre, and the boxes fit. ``orientation`` says which side of the picture is the text's top:
    Up, Down, Left, Right or NotDetected. Iteration gives the words in reading order.
    """

    regions: tuple[OcrRegion, ...] = ()
    language: str = ""
    orientation: str = ""
    text_angle: float = 0.0
    width: float | None = None
    height: float | None = None
    source: str = ""
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(
        cls, body: object, source: str = "", width: float | None = None, height: float | None = None
    ) -> OcrResult:
        """Read an answer of ``ocr``. It does not tell the picture's size, so the caller may, in pixels."""
        data = _object(body, "an OCR result")
        if "regions" not in data:
            raise UnexpectedAnswer(_missing("an OCR result", "regions", data))
        return cls(
            regions=_all(data, "regions", _region),
            language=_text_if_any(data, "language", "the answer"),
            orientation=_text_if_any(data, "orientation", "the answer"),
            text_angle=_number_if_any(data, "textAngle", "the answer") or 0.0,
            width=width,
            height=height,
            source=source,
            raw=data,
        )

    @property
    def lines(self) -> tuple[OcrLine, ...]:
        return tuple(line for region in self.regions for line in region.lines)

    @property
    def words(self) -> tuple[OcrWord, ...]:
        return tuple(word for line in self.lines for word in line.words)

    def __iter__(self) -> Iterator[OcrWord]:
        return iter(self.words)

    def __len__(self) -> int:
        return len(self.words)

    def __bool__(self) -> bool:
        return True  # a picture without text is an answer too

    def __str__(self) -> str:
        return "\n".join(str(line) for line in self.lines)

    def to_rows(self) -> Rows:
        """A row for each word: its number (from 1, as drawn), the text and the box."""
        return [
            {
                "number": n,
                "word": w.text,
                "x": w.box.x,
                "y": w.box.y,
                "width": w.box.width,
                "height": w.box.height,
            }
            for n, w in enumerate(self.words, start=1)
        ]


# --------------------------------------------------------------------------------------------------------------
# recognizeText and Read: handwritten and printed text


@dataclass(frozen=True)
class ReadWord:
    """A word, its polygon, and how sure the service is: a number (v3), "Low" or "High" (v2), or None."""

    text: str
    polygon: Polygon
    confidence: float | str | None = None


@dataclass(frozen=True)
class ReadLine:
    """A line of text with the polygon around it."""

    text: str
    polygon: Polygon
    words: tuple[ReadWord, ...] = ()
    page: int = 1
    handwritten: bool | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ReadResult:
    """Handwritten or printed text, as ``recognizeText`` (v1, v2) or ``read`` (v2 to v3.2) answers.

    ``lines`` are in reading order. The older operations return them in the order in which they were found, so
    they are sorted here; ``raw`` keeps the service's order. ``width`` and ``height`` are those of the first page.
    """

    lines: tuple[ReadLine, ...] = ()
    status: str = "succeeded"
    width: float | None = None
    height: float | None = None
    angle: float | None = None
    source: str = ""
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(
        cls, body: object, source: str = "", width: float | None = None, height: float | None = None
    ) -> ReadResult:
        """Read the answer of a finished operation.

        Raises `OperationFailed` where its status says so, and `UnexpectedAnswer` where it is still running.
        """
        data = _object(body, "a text recognition result")
        status = _text_if_any(data, "status", "the answer").lower()
        if status == "failed":
            raise OperationFailed("The service ended the operation with the status Failed. Try another picture.")
        if status in ("running", "notstarted"):
            raise UnexpectedAnswer(f"The operation is not finished: its status is {data['status']!r}. Ask again.")
        pages = _pages(data)
        first = pages[0] if pages else {}
        told_width, told_height, angle, turned = (
            _number_if_any(first, key, "a page") for key in ("width", "height", "angle", "clockwiseOrientation")
        )
        lines = tuple(_read_line(line, page) for page in pages for line in _list(page, "lines", "the result"))
        return cls(
            lines=lines if "analyzeResult" in data else reading_order(lines),
            status=status or "succeeded",
            width=width if told_width is None else told_width,
            height=height if told_height is None else told_height,
            angle=turned if angle is None else angle,
            source=source,
            raw=data,
        )

    @property
    def words(self) -> tuple[ReadWord, ...]:
        return tuple(word for line in self.lines for word in line.words)

    def __iter__(self) -> Iterator[ReadLine]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def __bool__(self) -> bool:
        return True  # a picture without text is an answer too

    def __str__(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def to_rows(self) -> Rows:
        """A row for each line: its number (from 1, as drawn), the text, its words' count and its corners."""
        return [
            {
                "number": n,
                "line": line.text,
                "words": len(line.words),
                "corners": " ".join(f"{x:g},{y:g}" for x, y in corners(line.polygon)),
            }
            for n, line in enumerate(self.lines, start=1)
        ]


def corners(polygon: Polygon) -> list[tuple[float, float]]:
    """Eight numbers as four points.

    >>> corners((0, 0, 9, 0, 9, 4, 0, 4))
    [(0, 0), (9, 0), (9, 4), (0, 4)]
    """
    return list(zip(polygon[0::2], polygon[1::2], strict=True))


def reading_order(lines: tuple[ReadLine, ...]) -> tuple[ReadLine, ...]:
    """Lines from top to bottom, and those beside one another from left to right.

    Two lines stand beside one another if they share more than half of the lower one's height and no column.
    """
    rows: list[list[ReadLine]] = []
    for line in sorted(lines, key=lambda one: (one.page, sum(one.polygon[1::2]))):
        if rows and line.page == rows[-1][0].page and all(_beside(line, other) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda one: min(one.polygon[0::2])))


def _beside(one: ReadLine, other: ReadLine) -> bool:
    def shared(axis: int) -> float:
        a, b = one.polygon[axis::2], other.polygon[axis::2]
        return min(max(a), max(b)) - max(min(a), min(b))

    lower = min(max(p[1::2]) - min(p[1::2]) for p in (one.polygon, other.polygon))
    return shared(1) > lower / 2 and shared(0) <= 0


def _pages(data: Json) -> list[Json]:
    """Where each version keeps its pages: recognizeText, read/core (v2), read/analyze (v3)."""
    if "recognitionResult" in data:
        return [_object(data["recognitionResult"], "recognitionResult")]
    if "recognitionResults" in data:
        return [_object(p, "recognitionResults") for p in _list(data, "recognitionResults", "the result")]
    if "analyzeResult" in data:
        result = _object(data["analyzeResult"], "analyzeResult")
        return [_object(p, "readResults") for p in _list(result, "readResults", "analyzeResult")]
    wanted = "recognitionResult, recognitionResults or analyzeResult"
    raise UnexpectedAnswer(_missing("a text recognition result", wanted, data))


# --------------------------------------------------------------------------------------------------------------
# image search


@dataclass(frozen=True)
class ImageResult:
    """One picture that a search found. What the service did not tell is empty or None."""

    name: str
    thumbnail_url: str
    content_url: str = ""
    host_page_url: str = ""
    width: int | None = None
    height: int | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None
    encoding_format: str = ""
    content_size: int | None = None
    date_published: str = ""
    accent_color: str = ""
    image_id: str = ""
    license: str = ""
    license_url: str = ""
    creator: str = ""
    attribution: str = ""
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @property
    def credit(self) -> str:
        """Who made it and under which licence; where that is not told, the host that shows it."""
        if self.attribution:
            return self.attribution
        host = self.host_page_url.split("//")[-1].split("/")[0]
        return ", ".join(part for part in (self.creator or host, self.license) if part)


@dataclass(frozen=True)
class ImageSearchResults:
    """The pictures that a search found, in the service's order; iteration, ``len`` and ``[n]`` give the pictures."""

    images: tuple[ImageResult, ...] = ()
    query: str = ""
    total: int | None = None
    next_offset: int | None = None
    source: str = ""
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(cls, body: object, source: str = "", query: str = "") -> ImageSearchResults:
        """Read an answer of Bing Image Search v7. Raises `UnexpectedAnswer` for JSON that is none."""
        data = _object(body, "an image search result")
        if "value" not in data:
            raise UnexpectedAnswer(_missing("an image search result", "value", data))
        context = _object(data.get("queryContext") or {}, "queryContext")
        return cls(
            images=_all(data, "value", _image_result),
            query=query or _text_if_any(context, "originalQuery", "queryContext"),
            total=_whole_if_any(data, "totalEstimatedMatches", "the answer"),
            next_offset=_whole_if_any(data, "nextOffset", "the answer"),
            source=source,
            raw=data,
        )

    def __iter__(self) -> Iterator[ImageResult]:
        return iter(self.images)

    def __len__(self) -> int:
        return len(self.images)

    def __bool__(self) -> bool:
        return True  # a search without a hit is an answer too

    def __getitem__(self, index: int) -> ImageResult:
        return self.images[index]

    def __str__(self) -> str:
        return "\n".join(image.name for image in self.images)

    def to_rows(self) -> Rows:
        """A row for each picture: its number (from 1, as drawn), title, size in pixels, format and credit."""
        return [
            {
                "number": n,
                "title": image.name,
                "size": f"{image.width} × {image.height}" if image.width and image.height else "",
                "format": image.encoding_format,
                "credit": image.credit,
            }
            for n, image in enumerate(self.images, start=1)
        ]


# --------------------------------------------------------------------------------------------------------------
# Reading JSON without ever raising a KeyError


def _missing(what: str, wanted: str, data: Json) -> str:
    found = ", ".join(sorted(map(str, data))) or "nothing"
    return f"This is not {what}: it has no {wanted}. It has: {found}."


def _short(value: object) -> str:
    """For messages: a list may be long and nested deep, so its kind must do."""
    if isinstance(value, list | Mapping):
        return "a list" if isinstance(value, list) else "an object"
    return repr(value)[:60]


def _object(data: object, where: str) -> Json:
    if not isinstance(data, Mapping):
        raise UnexpectedAnswer(f"Expected {where} as a JSON object, got {_short(data)}.")
    return data


def _list(data: Json, key: str, where: str) -> list[Any]:
    value = data.get(key)
    if value is not None and not isinstance(value, list):
        raise UnexpectedAnswer(f"{key} of {where} should be a list, not {_short(value)}.")
    return value or []


def _all(data: Json, key: str, read: Callable[[Json], T]) -> tuple[T, ...]:
    return tuple(read(_object(item, key)) for item in _list(data, key, "the answer"))


def _text(data: Json, key: str, where: str) -> str:
    if key not in data:
        raise UnexpectedAnswer(_missing(where, key, data))
    if not isinstance(data[key], str):
        raise UnexpectedAnswer(f"{key} of {where} should be text, not {_short(data[key])}.")
    return str(data[key])


def _text_if_any(data: Json, key: str, where: str) -> str:
    return "" if data.get(key) is None else _text(data, key, where)


def _words(data: Json, key: str, where: str) -> tuple[str, ...]:
    return tuple(_text({key: word}, key, where) for word in _list(data, key, where))


def _number(data: Json, key: str, where: str) -> float:
    """A finite number; JSON in Python also has NaN, Infinity and whole numbers beyond a float."""
    if key not in data:
        raise UnexpectedAnswer(_missing(where, key, data))
    try:
        number = float(data[key])
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise UnexpectedAnswer(f"{key} of {where} should be a number, not {_short(data[key])}.")
    return number


def _number_if_any(data: Json, key: str, where: str) -> float | None:
    return None if data.get(key) is None else _number(data, key, where)


def _whole_if_any(data: Json, key: str, where: str) -> int | None:
    number = _number_if_any(data, key, where)
    return None if number is None else round(number)


def _polygon(data: Json, where: str) -> Polygon:
    numbers = _list(data, "boundingBox", where)
    if len(numbers) != 8:
        raise UnexpectedAnswer(f"boundingBox of {where} should be eight numbers, not {len(numbers)}.")
    return tuple(_number({"boundingBox": number}, "boundingBox", where) for number in numbers)


def _row(what: str, name: str, confidence: float | None = None, box: Box | None = None) -> dict[str, object]:
    place = f"{box.x}, {box.y}, {box.width} × {box.height}" if box else ""
    return {"what": what, "name": name, "confidence": confidence, "place": place}


def _caption(data: Json) -> Caption:
    return Caption(_text(data, "text", "a caption"), _number(data, "confidence", "a caption"))


def _tag(data: Json) -> Tag:
    name, confidence = _text(data, "name", "a tag"), _number(data, "confidence", "a tag")
    return Tag(name, confidence, _text_if_any(data, "hint", "a tag"))


def _category(data: Json) -> Category:
    detail = _object(data.get("detail") or {}, "detail")
    return Category(
        _text(data, "name", "a category"),
        _number(data, "score", "a category"),
        landmarks=_all(detail, "landmarks", lambda one: _text(one, "name", "a landmark")),
        celebrities=_all(detail, "celebrities", lambda one: _text(one, "name", "a celebrity")),
    )


def _colors(data: Json) -> Colors:
    return Colors(
        foreground=_text_if_any(data, "dominantColorForeground", "color"),
        background=_text_if_any(data, "dominantColorBackground", "color"),
        dominant=_words(data, "dominantColors", "color"),
        accent=_text_if_any(data, "accentColor", "color"),
        black_and_white=bool(data.get("isBwImg", data.get("isBWImg", False))),
    )


def _image_type(data: Json) -> ImageType:
    return ImageType(int(_number(data, "clipArtType", "imageType")), bool(data.get("lineDrawingType", 0)))


def _adult(data: Json) -> Adult:
    return Adult(
        adult_score=_number(data, "adultScore", "adult"),
        racy_score=_number(data, "racyScore", "adult"),
        is_adult=bool(data.get("isAdultContent")),
        is_racy=bool(data.get("isRacyContent")),
        gore_score=_number_if_any(data, "goreScore", "adult"),
        is_gory=bool(data["isGoryContent"]) if "isGoryContent" in data else None,
    )


def _face(data: Json) -> Face:
    box = Box.from_json(_object(data.get("faceRectangle") or {}, "faceRectangle"), "a faceRectangle")
    return Face(box, _whole_if_any(data, "age", "a face"), _text_if_any(data, "gender", "a face") or None)


def _detected(data: Json) -> DetectedObject:
    name = _text(data, "object" if "object" in data else "name", "an object")
    box = Box.from_json(_object(data.get("rectangle") or {}, "rectangle"), "a rectangle")
    parents, parent = [], data.get("parent")
    while isinstance(parent, Mapping):
        parents.append(_text(parent, "object", "a parent"))
        parent = parent.get("parent")
    return DetectedObject(name, _number(data, "confidence", "an object"), box, tuple(parents))


def _region(data: Json) -> OcrRegion:
    return OcrRegion(Box.parse(data.get("boundingBox")), _all(data, "lines", _ocr_line))


def _ocr_line(data: Json) -> OcrLine:
    return OcrLine(Box.parse(data.get("boundingBox")), _all(data, "words", _ocr_word))


def _ocr_word(data: Json) -> OcrWord:
    return OcrWord(_text(data, "text", "a word"), Box.parse(data.get("boundingBox")))


def _read_line(data: Json, page: Json) -> ReadLine:
    line = _object(data, "a line")
    appearance = _object(line.get("appearance") or {}, "appearance")
    style = _object(appearance.get("style") or {}, "style")
    return ReadLine(
        text=_text(line, "text", "a line"),
        polygon=_polygon(line, "a line"),
        words=_all(line, "words", _read_word),
        page=_whole_if_any(page, "page", "a page") or 1,
        handwritten=style["name"] == "handwriting" if "name" in style else None,
    )


def _read_word(data: Json) -> ReadWord:
    confidence = data.get("confidence")
    if not isinstance(confidence, str):  # v2 says "Low"
        confidence = _number_if_any(data, "confidence", "a word")
    return ReadWord(_text(data, "text", "a word"), _polygon(data, "a word"), confidence)


def _bytes(size: object) -> int | None:
    """``"108428 B"`` as a number."""
    digits = re.match(r"[0-9]{1,15}", size) if isinstance(size, str) else None
    return int(digits[0]) if digits else None


def _image_result(data: Json) -> ImageResult:
    thumbnail = _object(data.get("thumbnail") or {}, "thumbnail")

    def text(key: str) -> str:
        return _text_if_any(data, key, "a picture")

    if "thumbnailUrl" not in data:
        raise UnexpectedAnswer(_missing("a picture", "thumbnailUrl", data))
    return ImageResult(
        name=text("name"),
        thumbnail_url=text("thumbnailUrl"),
        content_url=text("contentUrl"),
        host_page_url=text("hostPageUrl"),
        width=_whole_if_any(data, "width", "a picture"),
        height=_whole_if_any(data, "height", "a picture"),
        thumbnail_width=_whole_if_any(thumbnail, "width", "a thumbnail"),
        thumbnail_height=_whole_if_any(thumbnail, "height", "a thumbnail"),
        encoding_format=text("encodingFormat"),
        content_size=_bytes(data.get("contentSize")),
        date_published=text("datePublished"),
        accent_color=text("accentColor"),
        image_id=text("imageId"),
        license=text("creativeCommons"),
        license_url=text("licenseUrl"),
        creator=text("creator"),
        attribution=text("attribution"),
        raw=data,
    )
