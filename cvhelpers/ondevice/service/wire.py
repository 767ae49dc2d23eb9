"""The engine's readings as the JSON that each version of the service writes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ...protocol.vision import MODEL_CATEGORIES, Version
from ..engine.readings import (
    AdultScores,
    Analysis,
    CategoryScore,
    ColorScheme,
    Corners,
    Detection,
    Line,
    Reading,
    Rect,
    Word,
)
from .documents import ReadPage
from .errors import JsonObject
from .operations import TextOperation

LOW_CONFIDENCE = 0.6
"""Below this a word of recognizeText is marked "Low"; the service never marked one "High"."""

MODEL = "latest"
"""The service's word for a model without a date. Ours are named in the answer's header."""

# --- things ------------------------------------------------------------------------------------------------


def analysis(found: Analysis, version: Version, details: Sequence[str] = ()) -> JsonObject:
    """The parts of an analysis that were asked for. ``details`` are names of domain models, which find nobody here."""
    answer: JsonObject = {}
    if found.categories is not None:
        answer["categories"] = [_category(one, details) for one in found.categories]
    if found.adult is not None:
        answer["adult"] = adult(found.adult)
    if found.colors is not None:
        answer["color"] = color(found.colors, version)
    if found.image_type is not None:
        kind = found.image_type
        answer["imageType"] = {"clipArtType": kind.clip_art, "lineDrawingType": kind.line_drawing}
    if found.tags is not None:
        answer["tags"] = tags(found)
    if found.description is not None:
        answer["description"] = description(found)
    if found.faces is not None:
        answer["faces"] = [{"faceRectangle": _face_rectangle(face.box)} for face in found.faces]
    if found.objects is not None:
        answer["objects"] = objects(found)
    return answer


def _category(found: CategoryScore, details: Sequence[str]) -> JsonObject:
    """A category. In those that a domain model was made for, the service wrote what the model had found."""
    detail: JsonObject = {name.lower(): [] for name in details if found.name.startswith(MODEL_CATEGORIES[name.lower()])}
    return {"name": found.name, "score": found.score, **({"detail": detail} if detail else {})}


def adult(found: AdultScores) -> JsonObject:
    """Scores and verdicts. Since v2.1 there was a score of gore as well. No model here tells it: the keys are left out.

    A 0 would say that the picture had been looked at.
    """
    return {
        "isAdultContent": found.is_adult,
        "isRacyContent": found.is_racy,
        "adultScore": found.adult_score,
        "racyScore": found.racy_score,
    }


def color(found: ColorScheme, version: Version) -> JsonObject:
    """Colours. Versions spell the key for black and white differently, and some write it twice."""
    return {
        "dominantColorForeground": found.foreground,
        "dominantColorBackground": found.background,
        "dominantColors": list(found.dominant),
        "accentColor": found.accent,
        **dict.fromkeys(version.black_and_white, found.black_and_white),
    }


def tags(found: Analysis) -> list[JsonObject]:
    """Tags with their confidence, and a hint where there is one."""
    return [
        {"name": tag.name, "confidence": tag.confidence, **({"hint": tag.hint} if tag.hint else {})}
        for tag in found.tags or ()
    ]


def description(found: Analysis) -> JsonObject:
    """Tags and captions."""
    assert found.description is not None
    return {
        "tags": list(found.description.tags),
        "captions": [{"text": one.text, "confidence": one.confidence} for one in found.description.captions],
    }


def objects(found: Analysis) -> list[JsonObject]:
    """Objects with their rectangles and their broader words."""
    return [_object(one) for one in found.objects or ()]


def rectangle(box: Rect) -> JsonObject:
    """A box as most operations write it."""
    return {"x": box.x, "y": box.y, "w": box.w, "h": box.h}


def _face_rectangle(box: Rect) -> JsonObject:
    return {"left": box.x, "top": box.y, "width": box.w, "height": box.h}


def _object(found: Detection) -> JsonObject:
    # A dog is a mammal at least as surely as it is a dog.
    parent: JsonObject = {}
    for name in reversed(found.parents):
        parent = {"parent": {"object": name, "confidence": found.confidence, **parent}}
    return {"rectangle": rectangle(found.box), "object": found.name, "confidence": found.confidence, **parent}


# --- words -------------------------------------------------------------------------------------------------


def ocr(found: Reading, language: str = "unk") -> JsonObject:
    """Regions, lines and words with upright boxes, for the picture turned upright: by the angle and by quarters.

    The specification speaks of the angle only, but a client that was made for the real service (OpenMPF's
    AzureOcrTextDetection) turns boxes back by quarters as well.
    """

    def four(box: Rect) -> str:
        return ",".join(map(str, upright(box, found)))

    def line_of(line: Line) -> JsonObject:
        words = [{"boundingBox": four(word.box), "text": word.text} for word in line.words]
        return {"boundingBox": four(line.box), "words": words}

    return {
        "language": found.language if language == "unk" else language,
        "textAngle": found.angle_radians,
        "orientation": found.orientation,
        "regions": [
            {"boundingBox": four(region.box), "lines": [line_of(line) for line in region.lines]}
            for region in found.regions
        ],
    }


def upright(box: Rect, page: Reading) -> Rect:
    """Where a box is once the page was turned by quarters, so that the top of its text points up."""
    x, y, w, h = box
    if page.orientation == "Left":
        return Rect(page.height - y - h, x, h, w)
    if page.orientation == "Right":
        return Rect(y, page.width - x - w, h, w)
    if page.orientation == "Down":
        return Rect(page.width - x - w, page.height - y - h, w, h)
    return box


def text_operation(operation: TextOperation, version: Version) -> JsonObject:
    """The state of a recognizeText operation, and what it has read."""
    if operation.status != "Succeeded":
        return {"status": version.status(operation.status)}
    (page,) = operation.result
    return {"status": version.status("Succeeded"), "recognitionResult": {"lines": _lines(page, _marked)}}


def batch_read_operation(operation: TextOperation, version: Version) -> JsonObject:
    """The state of a read operation in v2.0 and v2.1, and what it has read on each page."""
    if operation.status != "Succeeded":
        return {"status": version.status(operation.status)}
    pages = [
        {
            "page": page.number,
            "clockwiseOrientation": round(page.reading.clockwise_orientation, 2) % 360,
            **_size(page),
            "lines": _lines(page, _marked),
        }
        for page in operation.result
    ]
    return {"status": version.status("Succeeded"), "recognitionResults": pages}


def read_operation(operation: TextOperation, version: Version) -> JsonObject:
    """The state of a read operation since v3.0, and what it has read on each page."""
    state = {
        "status": version.status(operation.status),
        "createdDateTime": f"{operation.created:%Y-%m-%dT%H:%M:%SZ}",
        "lastUpdatedDateTime": f"{operation.updated:%Y-%m-%dT%H:%M:%SZ}",
    }
    if operation.status != "Succeeded":
        return state
    pages: list[ReadPage] = operation.result
    results = [
        {
            "page": page.number,
            **({} if page.reading.language == "unk" else {"language": page.reading.language}),
            "angle": round((page.reading.clockwise_orientation + 180) % 360 - 180, 4),
            **_size(page),
            "lines": _lines(page, _measured),
        }
        for page in pages
    ]
    number = f"{version.name.removeprefix('v')}.0"
    model = {"model-version": MODEL} if version.model_version else {}
    return {**state, "analyzeResult": {"version": number, **model, "readResults": results}}


def _size(page: ReadPage) -> JsonObject:
    return {"width": _length(page.width, page), "height": _length(page.height, page), "unit": page.unit}


def _lines(page: ReadPage, confidence: Callable[[Word], JsonObject]) -> list[JsonObject]:
    return [_line(line, page, confidence) for line in page.reading.lines]


def _line(line: Line, page: ReadPage, confidence: Callable[[Word], JsonObject]) -> JsonObject:
    words = [{"boundingBox": _eight(word.polygon, page), "text": word.text, **confidence(word)} for word in line.words]
    return {"boundingBox": _eight(line.polygon, page), "text": line.text, "words": words}


def _marked(word: Word) -> JsonObject:
    return {"confidence": "Low"} if word.confidence < LOW_CONFIDENCE else {}


def _measured(word: Word) -> JsonObject:
    return {"confidence": round(word.confidence, 3)}


def _eight(polygon: Corners, page: ReadPage) -> list[float]:
    return [_length(number * page.scale[place % 2], page) for place, number in enumerate(polygon)]


def _length(number: float, page: ReadPage) -> float:
    """Whole pixels, or inches to a ten-thousandth, as the service wrote them."""
    return round(number, 4) if page.unit == "inch" else math.floor(number + 0.5)
