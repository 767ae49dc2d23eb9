"""Computer Vision v3.2, the version that is still alive: the shared operations, and read in place of recognizeText."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..engine.readings import Reading
from . import checks, wire
from .bodies import picture_or_url
from .errors import READ, V3, ApiError, not_found
from .gateway import JsonAnswer
from .operations import Operations
from .vision import House, Vision

PATH = "/vision/v3.2"

READ_LANGUAGES = (
    "af ast bi br ca ceb ch co crh cs csb da de en es et eu fi fil fj fr fur fy ga gd gil gl gv hni hsb ht hu ia id it "
    "iu ja jv kaa kac kea kha kl ku kw lb ms mww nap nl no oc pl pt quc rm sco sl sq sv sw tet tr tt uz vo wae yua "
    "za zh-Hans zh-Hant zu"
).split()
"""Those of the service's that are written in letters the engine reads: no ko."""

MOST_PAGES = 2
"""Of a document, as in the free tier."""


class VisionV3(Vision):
    """Adds the operation that reads text of any kind, which answers later."""

    def __init__(self, house: House) -> None:
        super().__init__(house, PATH, V3, newer=True)
        self.operations = Operations()

    def routes(self) -> list[Route]:
        return [
            *super().routes(),
            self.route("POST", "read/analyze", self.read, "Read", READ),
            self.route("GET", "read/analyzeResults/{id}", self.read_result, "GetReadResult", READ),
        ]

    async def read(self, request: Request) -> Response:
        query, house = request.query_params, self.house
        checks.choice(query, "model-version", (wire.MODEL,), wire.MODEL)
        checks.choice(query, "language", ("", *READ_LANGUAGES), "", "NotSupportedLanguage")
        checks.choice(query, "readingOrder", ("basic", "natural"), "basic", "InvalidReadingOrder")
        wanted = query.get("pages", "")
        given = await picture_or_url(request, forms=False)
        with house.workers.place():
            data = await self.bytes_of(given, READ)
            picture = await house.workers.run(lambda: checks.open_picture(data, checks.READ))
            numbers = page_numbers(wanted, min(picture.pages, MOST_PAGES))

        def read_page(number: int) -> Reading:
            return house.engine.read(checks.open_picture(data, checks.READ, number).image)

        name = self.operations.start(house.workers, lambda: {number: read_page(number) for number in numbers})
        location = f"{request.url.scheme}://{request.url.netloc}{PATH}/read/analyzeResults/{name}"
        return Response(status_code=202, headers={"Operation-Location": location})

    async def read_result(self, request: Request) -> Response:
        operation = self.operations.get(request.path_params["id"])
        if operation is None:
            raise not_found()
        return JsonAnswer(wire.read_operation(operation))


def page_numbers(wanted: str, pages: int) -> list[int]:
    """The pages that are meant by a list of numbers and ranges; all if it is empty.

    >>> page_numbers("1,3-", 5)
    [1, 3, 4, 5]
    """
    numbers: set[int] = set()
    for part in wanted.split(",") if wanted else ["-"]:
        match = re.fullmatch(r"(\d{0,6})(-?)(\d{0,6})", part.strip(), re.ASCII)
        if not match or not part.strip() or (match[3] and not match[2]):
            raise ApiError("InvalidPageRange", f"{part!r} is no page and no range of pages.")
        first = int(match[1] or 1)
        last = int(match[3] or pages) if match[2] else first
        numbers.update(range(first, min(last, pages) + 1))
    numbers.discard(0)
    if not numbers:
        raise ApiError("InvalidPageRange", f"The document has no page {wanted}.")
    return sorted(numbers)
