"""The engine's readings as the JSON that each version of the service writes."""

from __future__ import annotations

import math
from typing import Any

from ..engine.readings import Adult, Analysis, Box, Colors, DetectedObject, Line, Polygon, Reading, Word
from .operations import Operation

Json = dict[str, Any]

LOW_CONFIDENCE = 0.6
"""Below this a word of recognizeText is marked "Low"; the service never marked one "High"."""

MODEL = "latest"
"""The service's word for a model without a date. Ours are named in the answer's header."""

# --- things ------------------------------------------------------------------------------------------------


def analysis(found: Analysis, newer: bool = False) -> Json:
    """The parts of an analysis that were asked for. ``newer``: as v3.2 writes them."""
    answer: Json = {}
    if found.categories is not None:
        answer["categories"] = [{"name": one.name, "score": one.score} for one in found.categories]
    if found.adult is not None:
        answer["adult"] = adult(found.adult)
    if found.colors is not None:
        answer["color"] = color(found.colors, newer)
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


def adult(found: Adult) -> Json:
    """Scores and verdicts. v3.2 has a score of gore as well, which we can't give."""
    return {
        "isAdultContent": found.is_adult,
        "isRacyContent": found.is_racy,
        "adultScore": found.adult_score,
        "racyScore": found.racy_score,
    }


def color(found: Colors, newer: bool) -> Json:
    """Colours. The key for black and white was isBwImg in v2.0 and is written both ways since."""
    both = {"isBWImg": found.black_and_white} if newer else {}
    return {
        "dominantColorForeground": found.foreground,
        "dominantColorBackground": found.background,
        "dominantColors": list(found.dominant),
        "accentColor": found.accent,
        "isBwImg": found.black_and_white,
        **both,
    }


def tags(found: Analysis) -> list[Json]:
    """Tags with their confidence, and a hint where there is one."""
    return [
        {"name": tag.name, "confidence": tag.confidence, **({"hint": tag.hint} if tag.hint else {})}
        for tag in found.tags or ()
    ]


def description(found: Analysis, most: int = 1) -> Json:
    """Tags and at most so many captions."""
    assert found.description is not None
    captions = found.description.captions[:most]
    return {
        "tags": list(found.description.tags),
        "captions": [{"text": one.text, "confidence": one.confidence} for one in captions],
    }


def objects(found: Analysis) -> list[Json]:
    """Objects with their rectangles and their broader words."""
    return [_object(one) for one in found.objects or ()]


def rectangle(box: Box) -> Json:
    """A box as most operations write it."""
    return {"x": box.x, "y": box.y, "w": box.w, "h": box.h}


def _face_rectangle(box: Box) -> Json:
    return {"left": box.x, "top": box.y, "width": box.w, "height": box.h}


def _object(found: DetectedObject) -> Json:
    # A dog is a mammal at least as surely as it is a dog.
    parent: Json = {}
    for name in reversed(found.parents):
        parent = {"parent": {"object": name, "confidence": found.confidence, **parent}}
    return {"rectangle": rectangle(found.box), "object": found.name, "confidence": found.confidence, **parent}


# --- words -------------------------------------------------------------------------------------------------


def ocr(found: Reading, language: str = "unk") -> Json:
    """Regions, lines and words with upright boxes, for the picture turned upright: by the angle and by quarters.

    The specification speaks of the angle only, but a client that was made for the real service (OpenMPF's
    AzureOcrTextDetection) turns boxes back by quarters as well.
    """

    def four(box: Box) -> str:
        return ",".join(map(str, upright(box, found)))

    def line_of(line: Line) -> Json:
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


def upright(box: Box, page: Reading) -> Box:
    """Where a box is once the page was turned by quarters, so that the top of its text points up."""
    x, y, w, h = box
    if page.orientation == "Left":
        return Box(page.height - y - h, x, h, w)
    if page.orientation == "Right":
        return Box(y, page.width - x - w, h, w)
    if page.orientation == "Down":
        return Box(page.width - x - w, page.height - y - h, w, h)
    return box


def text_operation(operation: Operation) -> Json:
    """The state of a recognizeText operation (v2.0), and what it has read."""
    if operation.status != "Succeeded":
        return {"status": operation.status}
    reading: Reading = operation.result
    return {"status": "Succeeded", "recognitionResult": {"lines": [_line(line, _marked) for line in reading.lines]}}


def read_operation(operation: Operation) -> Json:
    """The state of a read operation (v3.2), and what it has read on each page."""
    state = {
        "status": operation.status[0].lower() + operation.status[1:],
        "createdDateTime": f"{operation.created:%Y-%m-%dT%H:%M:%SZ}",
        "lastUpdatedDateTime": f"{operation.updated:%Y-%m-%dT%H:%M:%SZ}",
    }
    if operation.status != "Succeeded":
        return state
    pages: dict[int, Reading] = operation.result
    results = [_page(number, reading) for number, reading in pages.items()]
    return {**state, "analyzeResult": {"version": "3.2.0", "model-version": MODEL, "readResults": results}}


def _page(number: int, reading: Reading) -> Json:
    language = {} if reading.language == "unk" else {"language": reading.language}
    return {
        "page": number,
        **language,
        "angle": round((reading.clockwise_orientation + 180) % 360 - 180, 4),
        "width": reading.width,
        "height": reading.height,
        "unit": "pixel",
        "lines": [_line(line, _measured) for line in reading.lines],
    }


def _line(line: Line, confidence: Any) -> Json:
    words = [{"boundingBox": _eight(word.polygon), "text": word.text, **confidence(word)} for word in line.words]
    return {"boundingBox": _eight(line.polygon), "text": line.text, "words": words}


def _marked(word: Word) -> Json:
    return {"confidence": "Low"} if word.confidence < LOW_CONFIDENCE else {}


def _measured(word: Word) -> Json:
    return {"confidence": round(word.confidence, 3)}


def _eight(polygon: Polygon) -> list[int]:
    return [math.floor(number + 0.5) for number in polygon]
