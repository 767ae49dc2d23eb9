"""What Computer Vision v2.0 and v3.2 have in common."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import PIL.Image
import PIL.ImageOps
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..engine import Engine
from ..engine.readings import Analysis
from . import checks, wire
from .bodies import check_bytes, picture_or_url
from .checks import Limits, Picture, open_picture
from .errors import ApiError, Dialect
from .fetching import FetchError
from .gateway import Endpoint, Gateway, JsonAnswer
from .wire import Json
from .workers import Workers

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
"""The service's names and the engine's. The service knew Brands too, which the engine can't tell."""

OCR_LANGUAGES = "unk zh-Hans zh-Hant cs da nl en fi fr de hu it ja nb pl pt es sv tr ro sr-Latn sk".split()
"""Those of the service's that are written in letters the engine reads: no ar, el, ko, ru, sr-Cyrl."""


@dataclass(frozen=True)
class House:
    """What the operations share."""

    engine: Engine
    gateway: Gateway
    workers: Workers
    fetch: Callable[[str], Awaitable[bytes]]


class Vision:
    """The operations that take a picture and answer at once.

    ``newer`` is v3.2, which names the model's version in every answer and has some options more.
    """

    def __init__(self, house: House, path: str, dialect: Dialect, newer: bool) -> None:
        self.house, self.path, self.dialect, self.newer = house, path, dialect, newer

    def routes(self) -> list[Route]:
        """One route for each operation."""
        return [
            self.route("POST", "analyze", self.analyze, "Analyze"),
            self.route("POST", "describe", self.describe, "Describe"),
            self.route("POST", "tag", self.tag, "Tag"),
            self.route("POST", "detect", self.detect, "Detect"),
            self.route("POST", "ocr", self.ocr, "OCR"),
            self.route("POST", "generateThumbnail", self.generate_thumbnail, "GenerateThumbnail"),
            self.route("POST", "areaOfInterest", self.area_of_interest, "AreaOfInterest"),
            self.route("GET", "models", self.models, "ListModels"),
            self.route("POST", "models/{model}/analyze", self.analyze_by_model, "AnalyzeByDomain"),
        ]

    def route(self, method: str, name: str, operation: Endpoint, title: str, dialect: Dialect | None = None) -> Route:
        """A route behind the gateway."""
        endpoint = self.house.gateway.guard(operation, dialect or self.dialect, title)
        return Route(f"{self.path}/{name}", endpoint, methods=[method])

    # --- things

    async def analyze(self, request: Request) -> Response:
        query = request.query_params
        features = checks.choices(query, "visualFeatures", FEATURES, "NotSupportedVisualFeature") or ("Categories",)
        checks.choices(query, "details", (), "InvalidDetails")
        self._check_options(query)
        return await self._see(request, features, lambda found: wire.analysis(found, self.newer))

    async def describe(self, request: Request) -> Response:
        most = checks.number(request.query_params, "maxCandidates", 1, 100, 1)
        self._check_options(request.query_params)
        return await self._see(request, ["Description"], lambda found: {"description": wire.description(found, most)})

    async def tag(self, request: Request) -> Response:
        self._check_options(request.query_params)
        return await self._see(request, ["Tags"], lambda found: {"tags": wire.tags(found)})

    async def detect(self, request: Request) -> Response:
        self._check_model(request.query_params)
        return await self._see(request, ["Objects"], lambda found: {"objects": wire.objects(found)})

    async def area_of_interest(self, request: Request) -> Response:
        self._check_model(request.query_params)

        def find(picture: Picture) -> Json:
            box = self.house.engine.area_of_interest(picture.image)
            return {"areaOfInterest": wire.rectangle(box), **self._about(request, picture)}

        return JsonAnswer(await self.on_picture(request, checks.ANALYZE, find))

    async def generate_thumbnail(self, request: Request) -> Response:
        query = request.query_params
        self._check_model(query)
        width = checks.number(query, "width", 1, 1024, None, "InvalidThumbnailSize")
        height = checks.number(query, "height", 1, 1024, None, "InvalidThumbnailSize")
        smart = checks.flag(query, "smartCropping", False)

        def cut(picture: Picture) -> bytes:
            image = picture.image
            if smart:
                x, y, w, h = self.house.engine.crop(image, width, height)
                image = image.crop((x, y, x + w, y + h))
            return jpeg(PIL.ImageOps.fit(flat(image), (width, height)))

        return Response(await self.on_picture(request, checks.ANALYZE, cut), media_type="image/jpeg")

    async def models(self, request: Request) -> Response:
        # The real service has "celebrities" and "landmarks", which nobody but their owner can answer.
        return JsonAnswer({"models": []})

    async def analyze_by_model(self, request: Request) -> Response:
        raise ApiError("InvalidModel", f"There is no model {request.path_params['model']!r} in this service.")

    # --- words

    async def ocr(self, request: Request) -> Response:
        query = request.query_params
        self._check_model(query)
        language = checks.choice(query, "language", OCR_LANGUAGES, "unk", "NotSupportedLanguage")
        turned = checks.flag(query, "detectOrientation", True)

        def read(picture: Picture) -> Json:
            return {**wire.ocr(self.house.engine.read(picture.image, turned), language), **self._model()}

        return JsonAnswer(await self.on_picture(request, checks.OCR, read))

    # --- shared

    async def on_picture(self, request: Request, limits: Limits, job: Callable[[Picture], T]) -> T:
        """The result of a job on the request's picture, done by one of the workers."""
        given = await picture_or_url(request)
        with self.house.workers.place():
            data = await self.bytes_of(given, self.dialect)
            return await self.house.workers.run(lambda: job(open_picture(data, limits)))

    async def bytes_of(self, given: bytes | str, dialect: Dialect) -> bytes:
        """The bytes of a picture that is given or named."""
        if isinstance(given, bytes):
            return given
        try:
            return check_bytes(await self.house.fetch(given))
        except FetchError:
            # Why is not told: on a server for others it would be a way to look around its network.
            raise dialect.url_not_accessible() from None

    async def _see(self, request: Request, features: Iterable[str], write: Callable[[Analysis], Json]) -> Response:
        names = [FEATURES[feature] for feature in features]

        def analyze(picture: Picture) -> Json:
            return {**write(self.house.engine.analyze(picture.image, names)), **self._about(request, picture)}

        return JsonAnswer(await self.on_picture(request, checks.ANALYZE, analyze))

    def _about(self, request: Request, picture: Picture) -> Json:
        width, height = picture.image.size
        metadata = {"width": width, "height": height, "format": picture.format}
        return {"requestId": request.state.id, "metadata": metadata, **self._model()}

    def _model(self) -> Json:
        return {"modelVersion": wire.MODEL} if self.newer else {}

    def _check_options(self, query: QueryParams) -> None:
        self._check_model(query)
        if self.newer:  # celebrities and landmarks are never in our descriptions
            checks.choices(query, "descriptionExclude", ("Celebrities", "Landmarks"), "BadArgument")
        checks.choice(query, "language", ("en",), "en", "NotSupportedLanguage")

    def _check_model(self, query: QueryParams) -> None:
        if self.newer:
            checks.choice(query, "model-version", (wire.MODEL,), wire.MODEL)


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
