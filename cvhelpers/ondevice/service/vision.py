"""Computer Vision, in each of its versions: the operations that take a picture and answer at once."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

import PIL.Image
import PIL.ImageOps
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...protocol import addresses
from ...protocol import vision as protocol
from ...protocol.vision import Version
from ..engine.languages import LANGUAGES, CannotSay, translate
from ..engine.readings import Analysis, Rect
from . import parameters, uploads, wire
from .calls import call_of
from .errors import ApiError, Dialect, JsonObject, dialect_of
from .gateway import Endpoint, JsonAnswer, route
from .reading import ReadingOperations
from .resources import Resources
from .uploads import DecodedPicture

T = TypeVar("T")

FEATURES = {
    "Adult": "adult",
    "Categories": "categories",
    "Color": "colors",
    "Description": "description",
    "Faces": "faces",
    "ImageType": "image_type",
    "Objects": "objects",
    "Tags": "tags",
}
"""The service's names and the engine's. The service knew Brands too: the engine knows none, so none are found."""

ALIKE = {"pt-BR": "pt", "zh-Hans": "zh"}
"""Languages of v3.2 that the engine knows by an older code."""

UNREAD_LANGUAGES = frozenset({"ar", "el", "ko", "ru", "sr-Cyrl"})
"""Languages of OCR that are written in letters the engine does not read."""


class Vision:
    """One version of the service."""

    def __init__(self, resources: Resources, version: Version) -> None:
        self.resources, self.version = resources, version
        self.dialect = dialect_of(version)
        self.reading = ReadingOperations(resources, version)

    def routes(self) -> list[Route]:
        """One route for each operation that the version has."""
        return [
            self._route("POST", "analyze", self.analyze, "Analyze"),
            self._route("POST", "describe", self.describe, "Describe"),
            self._route("POST", "tag", self.tag, "Tag"),
            self._route("POST", "ocr", self.ocr, "OCR"),
            self._route("POST", "generateThumbnail", self.generate_thumbnail, "GenerateThumbnail"),
            self._route("GET", "models", self.models, "ListModels"),
            self._route("POST", "models/{model}/analyze", self.analyze_by_model, "AnalyzeByDomain"),
            *(self._routes_of_v2() if self.version.objects else ()),
            *self.reading.routes(self._route),
        ]

    def _routes_of_v2(self) -> list[Route]:
        return [
            self._route("POST", "detect", self.detect, "Detect"),
            self._route("POST", "areaOfInterest", self.area_of_interest, "AreaOfInterest"),
        ]

    def _route(self, method: str, name: str, operation: Endpoint, title: str, dialect: Dialect | None = None) -> Route:
        endpoint = self.resources.gateway.guard(operation, dialect or self.dialect, title)
        return route(method, addresses.vision_url("", self.version.name, name), endpoint)

    # --- things

    async def analyze(self, request: Request) -> Response:
        query = request.query_params
        features = parameters.choices(query, "visualFeatures", self.version.features, "NotSupportedVisualFeature")
        details = parameters.choices(query, "details", protocol.DETAILS, "InvalidDetails")
        brands: JsonObject = {"brands": []} if "Brands" in features else {}

        def write(found: Analysis) -> JsonObject:
            return {**wire.analysis(found, self.version, details), **brands}

        self._check_exclude(query)
        return await self._see(request, features or ("Categories",), write, self._check_language(query))

    async def describe(self, request: Request) -> Response:
        query = request.query_params
        most = parameters.number(query, "maxCandidates", 1, protocol.MAX_CANDIDATES, 1)
        self._check_exclude(query)

        def write(found: Analysis) -> JsonObject:
            return {"description": wire.description(found)}

        return await self._see(request, ["Description"], write, self._check_language(query), most)

    async def tag(self, request: Request) -> Response:
        language = self._check_language(request.query_params)
        return await self._see(request, ["Tags"], lambda found: {"tags": wire.tags(found)}, language)

    async def detect(self, request: Request) -> Response:
        return await self._see(request, ["Objects"], lambda found: {"objects": wire.objects(found)})

    async def area_of_interest(self, request: Request) -> Response:
        self._check_model(request.query_params)

        def find(picture: DecodedPicture) -> JsonObject:
            box = in_sent_pixels(self.resources.engine.area_of_interest(picture.image), picture)
            return {"areaOfInterest": wire.rectangle(box), **self._about(request, picture)}

        return JsonAnswer(await self._on_picture(request, find))

    async def generate_thumbnail(self, request: Request) -> Response:
        query, most = request.query_params, self.version.max_thumbnail_side
        self._check_model(query)
        width = parameters.number(query, "width", 1, most, None, "InvalidThumbnailSize")
        height = parameters.number(query, "height", 1, most, None, "InvalidThumbnailSize")
        smart = parameters.flag(query, "smartCropping", False)

        def cut(picture: DecodedPicture) -> bytes:
            image = picture.image
            if smart:
                x, y, w, h = self.resources.engine.crop(image, width, height)
                image = image.crop((x, y, x + w, y + h))
            return jpeg(PIL.ImageOps.fit(flat(image), (width, height)))

        return Response(await self._on_picture(request, cut), media_type="image/jpeg")

    async def models(self, request: Request) -> Response:
        listed = [{"name": name, "categories": list(names)} for name, names in protocol.MODELS.items()]
        return JsonAnswer({"models": listed})

    async def analyze_by_model(self, request: Request) -> Response:
        """What the service answered for a picture without anybody famous: nobody but the service knew them."""
        model = request.path_params["model"].lower()
        if model not in protocol.MODELS:
            raise ApiError("InvalidModel", f"There is no model {model!r}. The models are {', '.join(protocol.MODELS)}.")
        self._check_language(request.query_params)
        self._check_model(request.query_params)
        return JsonAnswer(
            await self._on_picture(request, lambda picture: {"result": {model: []}, **self._about(request, picture)})
        )

    # --- words

    async def ocr(self, request: Request) -> Response:
        query = request.query_params
        self._check_model(query)
        known = [code for code in protocol.OCR_LANGUAGES if code not in UNREAD_LANGUAGES]
        language = parameters.choice(query, "language", known, "unk", "NotSupportedLanguage")
        turned = parameters.flag(query, "detectOrientation", True)

        def read(picture: DecodedPicture) -> JsonObject:
            return {**wire.ocr(self.resources.engine.read(picture.image, turned), language), **self._model()}

        return JsonAnswer(await self.resources.on_picture(request, self.dialect, uploads.OCR, read))

    # --- shared

    async def _on_picture(self, request: Request, job: Callable[[DecodedPicture], T]) -> T:
        return await self.resources.on_picture(request, self.dialect, uploads.ANALYZE, job)

    async def _see(
        self,
        request: Request,
        features: Iterable[str],
        write: Callable[[Analysis], JsonObject],
        language: str = "en",
        captions: int = 1,
    ) -> Response:
        """What the engine finds on the request's picture, as JSON."""
        self._check_model(request.query_params)
        names = [FEATURES[feature] for feature in features if feature in FEATURES]

        def analyze(picture: DecodedPicture) -> JsonObject:
            found = with_captions(self.resources.engine.analyze(picture.image, names), captions)
            try:
                translated = translate(analysis_in_sent_pixels(found, picture), language)
            except CannotSay as error:
                raise ApiError("NotSupportedLanguage", f"{error}. Ask in another language, such as en.") from None
            return {**write(translated), **self._about(request, picture)}

        return JsonAnswer(await self._on_picture(request, analyze))

    def _about(self, request: Request, picture: DecodedPicture) -> JsonObject:
        metadata = {"width": picture.width, "height": picture.height, "format": picture.format}
        return {"requestId": call_of(request).id, "metadata": metadata, **self._model()}

    def _model(self) -> JsonObject:
        return {"modelVersion": wire.MODEL} if self.version.model_version else {}

    def _check_language(self, query: QueryParams) -> str:
        known = [code for code in self.version.languages if ALIKE.get(code, code) in LANGUAGES]
        language = parameters.choice(query, "language", known, "en", "NotSupportedLanguage")
        return ALIKE.get(language, language)

    def _check_exclude(self, query: QueryParams) -> None:
        """Celebrities and landmarks are never in our descriptions, whether they are excluded or not."""
        if self.version.exclude:
            parameters.choices(query, "descriptionExclude", protocol.DETAILS, "BadArgument")

    def _check_model(self, query: QueryParams) -> None:
        """Any model that the service may have had is asked for in vain: the answer names the one that answered."""
        if self.version.model_version:
            parameters.matching(query, "model-version", protocol.MODEL_VERSION, wire.MODEL)


def in_sent_pixels(box: Rect, picture: DecodedPicture) -> Rect:
    """A box in the pixels of the picture that was sent, and within it."""
    across, down = picture.scale
    if across == down == 1:
        return box
    left, top = round(box.x * across), round(box.y * down)
    right, bottom = round((box.x + box.w) * across), round((box.y + box.h) * down)
    return Rect(left, top, min(right, picture.width) - left, min(bottom, picture.height) - top)


def analysis_in_sent_pixels(found: Analysis, picture: DecodedPicture) -> Analysis:
    """An analysis with its boxes in the pixels of the picture that was sent."""
    faces = found.faces and tuple(replace(one, box=in_sent_pixels(one.box, picture)) for one in found.faces)
    objects = found.objects and tuple(replace(one, box=in_sent_pixels(one.box, picture)) for one in found.objects)
    return replace(found, width=picture.width, height=picture.height, faces=faces, objects=objects)


def with_captions(found: Analysis, most: int) -> Analysis:
    """An analysis with at most so many captions."""
    if found.description is None:
        return found
    return replace(found, description=replace(found.description, captions=found.description.captions[:most]))


def flat(image: PIL.Image.Image) -> PIL.Image.Image:
    """The picture as RGB, what is transparent on white.

    >>> flat(PIL.Image.new("RGBA", (1, 1))).getpixel((0, 0))
    (255, 255, 255)
    """
    if not image.has_transparency_data:
        return image.convert("RGB")
    white = PIL.Image.new("RGBA", image.size, "white")
    return PIL.Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


def jpeg(image: PIL.Image.Image) -> bytes:
    """The picture as a JPEG file."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()
