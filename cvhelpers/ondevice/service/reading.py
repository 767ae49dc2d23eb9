"""The operations that read text and answer later: recognizeText, batch read and read, each where a version has it."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...protocol import addresses, headers
from ...protocol import vision as protocol
from ...protocol.vision import Version
from . import parameters, uploads, wire
from .calls import call_of
from .documents import ReadPage, page_count, read_page
from .errors import ApiError, Dialect, JsonObject, dialect_of, not_found
from .gateway import JsonAnswer, own_address
from .operations import TextOperation
from .resources import Resources
from .uploads import Rules

UNREAD_LANGUAGES = frozenset({"ko"})
"""Languages of read that are written in letters the engine does not read."""


class ReadingOperations:
    """The reading operations of one version. An operation is known at the address of its own result only."""

    def __init__(self, resources: Resources, version: Version) -> None:
        self.resources, self.version = resources, version
        self.dialect, self.read_dialect = dialect_of(version), dialect_of(version, read=True)

    def routes(self, route: Callable[..., Route]) -> list[Route]:
        """The routes that the version has, made with ``route(method, path, operation, title, dialect)``."""
        if self.version.text_operation == "read/analyze":
            return [
                route("POST", "read/analyze", self.read, "Read", self.read_dialect),
                route("GET", "read/analyzeResults/{id}", self.read_result, "GetReadResult", self.read_dialect),
            ]
        routes = [
            route("POST", "recognizeText", self.recognize_text, "RecognizeText"),
            route("GET", "textOperations/{id}", self.text_result, "GetTextOperation"),
        ]
        if self.version.batch_read:
            routes += [
                route("POST", "read/core/asyncBatchAnalyze", self.batch_read, "BatchRead"),
                route("GET", "read/operations/{id}", self.batch_read_result, "GetReadOperationResult"),
            ]
        return routes

    async def recognize_text(self, request: Request) -> Response:
        query = request.query_params
        if self.version.text_mode == "mode":
            parameters.choice(query, "mode", protocol.MODES)  # one reader reads both kinds of text
        else:
            for name in ("detectHandwriting", "handwriting"):  # as the first documents spelled it
                parameters.flag(query, name, False)
        return await self._start(request, uploads.RECOGNIZE_TEXT, self.dialect, "textOperations")

    async def text_result(self, request: Request) -> Response:
        return self._state(request, "textOperations", wire.text_operation)

    async def batch_read(self, request: Request) -> Response:
        return await self._start(request, uploads.BATCH_READ, self.dialect, "read/operations")

    async def batch_read_result(self, request: Request) -> Response:
        return self._state(request, "read/operations", wire.batch_read_operation)

    async def read(self, request: Request) -> Response:
        query, version = request.query_params, self.version
        known = [code for code in version.read_languages if code not in UNREAD_LANGUAGES]
        parameters.choice(query, "language", ("", *known), "", "NotSupportedLanguage")
        wanted = ""
        if version.model_version:
            parameters.matching(query, "model-version", protocol.MODEL_VERSION, wire.MODEL)
            parameters.choice(query, "readingOrder", protocol.READING_ORDERS, "basic", "InvalidReadingOrder")
            wanted = query.get("pages", "")
        return await self._start(request, uploads.READ, self.read_dialect, version.result_path, wanted)

    async def read_result(self, request: Request) -> Response:
        return self._state(request, self.version.result_path, wire.read_operation)

    # --- shared

    async def _start(self, request: Request, rules: Rules, dialect: Dialect, path: str, wanted: str = "") -> Response:
        """Begin an operation, and say where its result will be. Of a picture that waits, only the file is kept."""
        engine, workers = self.resources.engine, self.resources.workers
        data = await self.resources.picture_bytes(request, dialect, forms=False)
        pages = await workers.run(call_of(request).client, lambda: page_count(data, rules, protocol.FREE_PAGES))
        numbers = page_numbers(wanted, pages)
        call = call_of(request).continued()
        place = addresses.vision_url("", self.version.name, path)
        name, operation = self.resources.operations.add(place)

        def work() -> list[ReadPage]:
            return [read_page(engine, data, rules, number) for number in numbers]

        done = workers.submit(call.client, lambda: operation.carry_out(work))
        done.add_done_callback(lambda _: call.give_back())
        location = f"{own_address(request)}{place}/{name}"
        return Response(status_code=202, headers={headers.OPERATION_LOCATION: location})

    def _state(self, request: Request, path: str, write: Callable[[TextOperation, Version], JsonObject]) -> Response:
        place = addresses.vision_url("", self.version.name, path)
        operation = self.resources.operations.get(place, request.path_params["id"])
        if operation is None:
            raise not_found()
        return JsonAnswer(write(operation, self.version))


def page_numbers(wanted: str, pages: int) -> list[int]:
    """The pages that are meant by a list of numbers and ranges; all if it is empty.

    >>> page_numbers("1,3-", 5)
    [1, 3, 4, 5]
    """
    numbers: set[int] = set()
    for part in wanted.split(",") if wanted else ["-"]:
        match = re.fullmatch(r"(\d{0,6})(-?)(\d{0,6})", part.strip(), re.ASCII)
        if not match or not part.strip() or (match[3] and not match[2]):
            raise ApiError("InvalidPageRange", f"{part!r} is not a page and not a range of pages.")
        first = int(match[1] or 1)
        last = int(match[3] or pages) if match[2] else first
        numbers.update(range(first, min(last, pages) + 1))
    numbers.discard(0)
    if not numbers:
        raise ApiError("InvalidPageRange", f"The document has no page {wanted}.")
    return sorted(numbers)
