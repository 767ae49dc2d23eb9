"""What Image Analysis 4.0 says of a picture, in the same words as the versions before where it means the same."""

from __future__ import annotations

from ..errors import UnexpectedAnswer
from .analysis import Caption, Crop, DenseCaption, DetectedObject, ImageAnalysis, Person, Tag
from .fields import Json, items, json_object, missing, number, read_all, text, whole_if_any
from .printed import OcrLine, OcrRegion, OcrResult, OcrWord
from .shapes import Box, Polygon, around
from .written import ReadLine, ReadResult, ReadWord

KEYS = (
    "captionResult", "denseCaptionsResult", "tagsResult", "objectsResult", "peopleResult", "readResult",
    "smartCropsResult",
)  # fmt: skip


def read_analysis(body: object, source: str = "") -> ImageAnalysis:
    """Read an answer of Image Analysis 4.0. Raises `UnexpectedAnswer` for JSON that is none.

    >>> analysis = read_analysis({"captionResult": {"text": "a cat", "confidence": 0.9}})
    >>> str(analysis), analysis.tags
    ('a cat', ())
    """
    data = json_object(body, "an image analysis")
    if not any(key in data for key in KEYS):
        raise missing("an image analysis of 4.0", " or ".join(KEYS), data)
    metadata = json_object(data.get("metadata") or {}, "metadata")
    width, height = (whole_if_any(metadata, key, "metadata") for key in ("width", "height"))
    caption = data.get("captionResult")
    return ImageAnalysis(
        captions=(_caption(json_object(caption, "captionResult")),) if caption else (),
        dense_captions=read_all(_part(data, "denseCaptionsResult"), "values", _dense_caption),
        tags=read_all(_part(data, "tagsResult"), "values", _tag),
        objects=read_all(_part(data, "objectsResult"), "values", _object),
        people=read_all(_part(data, "peopleResult"), "values", _person),
        crops=read_all(_part(data, "smartCropsResult"), "values", _crop),
        read=_read(_part(data, "readResult"), source, width, height) if data.get("readResult") else None,
        width=width,
        height=height,
        source=source,
        raw=data,
    )


def as_printed(found: ReadResult) -> OcrResult:
    """The same text in the shape that ``ocr`` answered in before: words in upright boxes, in the picture as it is.

    4.0 tells no language and no direction of a text, so they are empty, and the angle is 0.
    """
    lines = tuple(
        OcrLine(_box(line.polygon), tuple(OcrWord(word.text, _box(word.polygon)) for word in line.words))
        for line in found.lines
    )
    corners = [line.box.polygon for line in lines]
    whole = _box(tuple(side for polygon in corners for side in polygon)) if corners else None
    regions = (OcrRegion(whole, lines),) if whole else ()
    about = {name: getattr(found, name) for name in ("width", "height", "source", "sent", "raw")}
    return OcrResult(regions, **about)


def _part(data: Json, key: str) -> Json:
    return json_object(data.get(key) or {}, key)


def _place(data: Json, where: str) -> Box:
    return Box.from_json(json_object(data.get("boundingBox") or {}, "boundingBox"), f"the boundingBox of {where}")


def _caption(data: Json) -> Caption:
    return Caption(text(data, "text", "a caption"), number(data, "confidence", "a caption"))


def _dense_caption(data: Json) -> DenseCaption:
    one = _caption(data)
    return DenseCaption(one.text, one.confidence, _place(data, "a caption"))


def _tag(data: Json) -> Tag:
    return Tag(text(data, "name", "a tag"), number(data, "confidence", "a tag"))


def _object(data: Json) -> DetectedObject:
    named = read_all(data, "tags", _tag) or (Tag("object", 0.0),)  # the list of its names may be empty
    return DetectedObject(named[0].name, named[0].confidence, _place(data, "an object"))


def _person(data: Json) -> Person:
    return Person(_place(data, "a person"), number(data, "confidence", "a person"))


def _crop(data: Json) -> Crop:
    return Crop(_place(data, "a crop"), number(data, "aspectRatio", "a crop"))


def _read(data: Json, source: str, width: int | None, height: int | None) -> ReadResult:
    if "blocks" not in data:
        raise missing("the text of 4.0", "blocks", data)
    blocks = (json_object(block, "a block") for block in items(data, "blocks", "readResult"))
    lines = tuple(line for block in blocks for line in read_all(block, "lines", _line))
    return ReadResult(lines, width=width, height=height, source=source, raw=data)


def _line(data: Json) -> ReadLine:
    return ReadLine(text(data, "text", "a line"), _polygon(data, "a line"), read_all(data, "words", _word))


def _word(data: Json) -> ReadWord:
    return ReadWord(text(data, "text", "a word"), _polygon(data, "a word"), number(data, "confidence", "a word"))


def _polygon(data: Json, where: str) -> Polygon:
    points = [json_object(point, "a point") for point in items(data, "boundingPolygon", where)]
    if len(points) != 4:
        raise UnexpectedAnswer(f"boundingPolygon of {where} should be four points, not {len(points)}.")
    return tuple(number(point, axis, "a point") for point in points for axis in ("x", "y"))


def _box(polygon: Polygon) -> Box:
    return Box(*(round(side) for side in around(polygon)))
