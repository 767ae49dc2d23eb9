"""Computer Vision v2.0, the version of the quickstarts: the shared operations, and recognizeText."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import checks, wire
from .bodies import picture_or_url
from .errors import V2, not_found
from .gateway import JsonAnswer
from .operations import Operations
from .vision import House, Vision

PATH = "/vision/v2.0"


class VisionV2(Vision):
    """Adds the operation that reads handwriting, which answers later."""

    def __init__(self, house: House) -> None:
        super().__init__(house, PATH, V2, newer=False)
        self.operations = Operations()

    def routes(self) -> list[Route]:
        return [
            *super().routes(),
            self.route("POST", "recognizeText", self.recognize_text, "RecognizeText"),
            self.route("GET", "textOperations/{id}", self.text_operation, "GetTextOperation"),
        ]

    async def recognize_text(self, request: Request) -> Response:
        checks.choice(request.query_params, "mode", ("Handwritten", "Printed"))  # one reader reads both
        house, limits = self.house, checks.RECOGNIZE_TEXT
        given = await picture_or_url(request, forms=False)
        with house.workers.place():
            data = await self.bytes_of(given, V2)
            await house.workers.run(lambda: checks.open_picture(data, limits))
        # Of a picture that waits only the file is kept, not its many pixels.
        name = self.operations.start(house.workers, lambda: house.engine.read(checks.open_picture(data, limits).image))
        location = f"{request.url.scheme}://{request.url.netloc}{PATH}/textOperations/{name}"
        return Response(status_code=202, headers={"Operation-Location": location})

    async def text_operation(self, request: Request) -> Response:
        operation = self.operations.get(request.path_params["id"])
        if operation is None:
            raise not_found()
        return JsonAnswer(wire.text_operation(operation))
