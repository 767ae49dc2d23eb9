"""Image Analysis 4.0: one operation that answers everything about a picture at once."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...protocol import addresses, headers
from ...protocol import vision as protocol
from ...protocol import vision_v4 as v4
from ..engine.captions import with_article
from ..engine.languages import LANGUAGES, CannotSay, translate
from ..engine.readings import Analysis, Corners, Detection, Reading, Rect
from . import parameters, wire
from .errors import VISION_V4, ApiError, GatewayError, JsonObject, not_found
from .gateway import JsonAnswer, route
from .resources import Resources
from .uploads import LARGE, DecodedPicture, Rules
from .vision import ALIKE, analysis_in_sent_pixels, in_sent_pixels

RULES = Rules(v4.LIMITS, pixels=LARGE)
ENGINE_FEATURES = {
    "caption": ("description",),
    "denseCaptions": ("description", "objects"),
    "tags": ("tags",),
    "objects": ("objects",),
    "people": ("objects",),
}
"""What the engine is asked for. The rest, read and smartCrops, are operations of their own there."""


class VisionV4:
    """The one operation of 4.0. Both of its dated versions are the same in it."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def routes(self) -> list[Route]:
        """The operation's address; its version is a parameter."""
        endpoint = self.resources.gateway.guard(self.analyze, VISION_V4, "Analyze")
        return [route("POST", addresses.vision_v4_url("", v4.OPERATION), endpoint)]

    async def analyze(self, request: Request) -> Response:
        """Everything that was asked for."""
        try:
            asked = AnalysisRequest(request.query_params)
            answer = await self.resources.on_picture(
                request, VISION_V4, RULES, lambda picture: self._look(picture, asked), any_picture=True
            )
        except GatewayError:
            raise
        except ApiError as error:
            error.status = 400 if error.status == 415 else error.status  # a wrong media type is like any other mistake
            error.headers = {**error.headers, headers.ERROR_CODE: "InvalidRequest"}
            raise
        return JsonAnswer(answer, headers={"api-supported-versions": ", ".join(v4.API_VERSIONS)})

    def _look(self, picture: DecodedPicture, asked: AnalysisRequest) -> JsonObject:
        engine = self.resources.engine
        names = {name for feature in asked.features for name in ENGINE_FEATURES.get(feature, ())}
        found = analysis_in_sent_pixels(engine.analyze(picture.image, sorted(names)), picture)
        answer: JsonObject = {
            "modelVersion": wire.MODEL,
            "metadata": {"width": picture.width, "height": picture.height},
        }
        if "caption" in asked.features and found.description and found.description.captions:
            one = found.description.captions[0]
            answer["captionResult"] = {"text": one.text, "confidence": one.confidence}
        if "denseCaptions" in asked.features:
            answer["denseCaptionsResult"] = {"values": dense_captions(found)}
        if "people" in asked.features:
            people = filter(is_person, found.objects or ())
            answer["peopleResult"] = {"values": [{**_place(one.box), "confidence": one.confidence} for one in people]}
        said = _in_language(found, asked.language)
        if "tags" in asked.features:
            tags = [{"name": tag.name, "confidence": tag.confidence} for tag in said.tags or ()]
            answer["tagsResult"] = {"values": tags}
        if "objects" in asked.features:
            answer["objectsResult"] = {"values": [_object(one) for one in said.objects or ()]}
        if "read" in asked.features:
            answer["readResult"] = read_result(engine.read(picture.image), picture.scale)
        if "smartCrops" in asked.features:
            answer["smartCropsResult"] = {"values": self._crops(picture, asked.ratios)}
        return answer

    def _crops(self, picture: DecodedPicture, ratios: Iterable[float]) -> list[JsonObject]:
        """A crop for each ratio; without any, one in the proportions of what matters in the picture."""
        engine = self.resources.engine
        crops = []
        for ratio in ratios or (_own_ratio(engine.area_of_interest(picture.image)),):
            width = min(picture.image.width, picture.image.height * ratio)
            box = engine.crop(picture.image, round(width), round(width / ratio))
            crops.append({"aspectRatio": ratio, **_place(in_sent_pixels(box, picture))})
        return crops


class AnalysisRequest:
    """What a request asks for, checked. Raises `ApiError` for what 4.0 does not have."""

    def __init__(self, query: QueryParams) -> None:
        if query.get("api-version") not in v4.API_VERSIONS:
            raise not_found()
        self.features = parameters.choices(query, "features", v4.FEATURES, "NotSupportedVisualFeature")
        if not self.features:
            raise ApiError("BadArgument", "Either 'features' or 'model-name' needs to be specified.")
        known = [code for code in v4.LANGUAGES if ALIKE.get(code, code) in LANGUAGES]
        language = parameters.choice(query, "language", known, "en", "NotSupportedLanguage")
        self.language = ALIKE.get(language, language)
        if self.language != "en" and {"caption", "denseCaptions"} & set(self.features):
            raise ApiError("NotSupportedLanguage", "Captions are in English only.")
        parameters.flag(query, "gender-neutral-caption", False)  # captions here never tell anyone's gender
        parameters.matching(query, "model-version", protocol.MODEL_VERSION, wire.MODEL)
        self.ratios = [_ratio(text) for text in query.get("smartcrops-aspect-ratios", "").split(",") if text.strip()]


def _ratio(text: str) -> float:
    least, most = v4.ASPECT_RATIOS
    if re.fullmatch(r"\s*\d{1,3}(\.\d{1,20})?\s*", text, re.ASCII) and least <= float(text) <= most:
        return float(text)
    name = "smartcrops-aspect-ratios"
    raise ApiError("BadArgument", f"'{name}' aspect ratio is not in allowed range [{least} to {most}]")


def _own_ratio(area: Rect) -> float:
    least, most = v4.OWN_ASPECT_RATIOS
    return round(min(most, max(least, area.w / area.h)), 2)


def _in_language(found: Analysis, language: str) -> Analysis:
    """Tags and objects in a language. Captions are left out of it: they are in English."""
    try:
        return translate(found, language)
    except CannotSay as error:
        raise ApiError("NotSupportedLanguage", f"{error}. Ask in another language, such as en.") from None


def dense_captions(found: Analysis) -> list[JsonObject]:
    """A caption of the whole picture, then one of each thing, the largest first.

    The engine's captions are about whole pictures. Of a thing nothing more is said than its name.
    """
    whole = Rect(0, 0, found.width, found.height)
    captions = found.description.captions if found.description else ()
    values = [{"text": one.text, "confidence": one.confidence, **_place(whole)} for one in captions[:1]]
    for thing in sorted(found.objects or (), key=lambda one: -one.box.area):
        values.append({"text": with_article(thing.name), "confidence": thing.confidence, **_place(thing.box)})
    return values[: v4.MOST_DENSE_CAPTIONS]


def is_person(thing: Detection) -> bool:
    """Is it a person, whatever more is known of them?"""
    return "person" in (thing.name, *thing.parents)


def read_result(found: Reading, scale: tuple[float, float]) -> JsonObject:
    """All lines in one block; none where there is no text."""

    def corners(polygon: Corners) -> list[JsonObject]:
        sides = [max(0, math.floor(side * scale[place % 2] + 0.5)) for place, side in enumerate(polygon)]
        return [{"x": x, "y": y} for x, y in zip(sides[0::2], sides[1::2], strict=True)]

    lines = [
        {
            "text": line.text,
            "boundingPolygon": corners(line.polygon),
            "words": [
                {"text": word.text, "boundingPolygon": corners(word.polygon), "confidence": round(word.confidence, 3)}
                for word in line.words
            ],
        }
        for line in found.lines
    ]
    return {"blocks": [{"lines": lines}] if lines else []}


def _object(found: Detection) -> JsonObject:
    return {**_place(found.box), "tags": [{"name": found.name, "confidence": found.confidence}]}


def _place(box: Rect) -> JsonObject:
    return {"boundingBox": wire.rectangle(box)}
