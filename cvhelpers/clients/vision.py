"""Computer Vision: analyze a picture, read printed or handwritten text; v2.0 as in the quickstarts, and v3.2.

A picture is an address, a path, bytes, an open file, a PIL image or a `Picture`. Options are checked before anything
is sent, and a picture that is too large, or of a format that the operation does not take, is made fit first.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import requests

from ..errors import OperationTimeout, OptionError, RateLimited, TimedOut, UnexpectedAnswer, seconds_to_wait
from ..pictures import AnyPicture, fit, is_address, open_picture
from ..protocol import addresses, headers
from ..protocol import vision as protocol
from ..results import ImageAnalysis, OcrResult, ReadResult, scaled
from ..session import connection_of
from ..sources.deadline import DEFAULT_SECONDS, Deadline
from ..sources.keys import Key, hidden, may_have_key
from .base import Client, answer_source, many_of, one_of, read_json

if TYPE_CHECKING:
    from .batch import Batch

T = TypeVar("T", ImageAnalysis, OcrResult, ReadResult)


class VisionClient(Client):
    """Asks Computer Vision about pictures.

    Parameters
    ----------
    session : requests.Session, optional
        From ``connect``; without it, one of the default source.
    endpoint, key : str, optional
        For the live source: your resource's address and key; without them the environment variables
        VISION_ENDPOINT and VISION_KEY. The keyless sources need neither.
    api_version : str, optional
        "v2.0", which the quickstarts call and the recordings answer, or "v3.2", which is still alive; the versions
        between them are spoken, too.

    Every method takes ``timeout``, the seconds that all of it may last (60 if not given), and raises
    `ServiceUnreachable` when no answer came, `ServiceError` when the service refused, and `UnexpectedAnswer` when it
    answered something else. ``fit=False`` sends a picture as it is, even where the service will refuse it.

    >>> import cvhelpers as cv
    >>> vision = VisionClient(cv.connect("recorded"))
    >>> vision.url("analyze")
    'https://westcentralus.api.cognitive.microsoft.com/vision/v2.0/analyze'
    >>> str(vision.analyze(cv.sample("street-at-night")))
    'a group of people on a city street at night'
    """

    def __init__(
        self,
        session: requests.Session | None = None,
        endpoint: str | None = None,
        key: str | Key | None = None,
        api_version: str | None = None,
    ) -> None:
        key = hidden(key)  # from here on no traceback shows it
        connection = connection_of(session)
        service = connection.answers.vision_service(endpoint, key, api_version)
        super().__init__(connection, service)
        self.api_version = one_of(service.api_version, protocol.VERSIONS, "api_version")
        self.version = protocol.TABLE[self.api_version]

    def url(self, operation: str) -> str:
        """The address of an operation, for instance ``url("analyze")``."""
        return addresses.vision_url(self.endpoint, self.api_version, operation)

    def analyze(
        self,
        picture: AnyPicture,
        features: Iterable[str] = ("Categories", "Description", "Color"),
        details: Iterable[str] = (),
        language: str | None = None,
        *,
        timeout: float = DEFAULT_SECONDS,
        fit: bool = True,
    ) -> ImageAnalysis:
        """What is in the picture: visual features, with details, in one of the version's languages (English first).

        The features are Categories, Tags, Description, Faces, ImageType, Color, Adult, Objects and Brands; the
        details Celebrities and Landmarks.
        """
        params = {
            "visualFeatures": ",".join(many_of(features, self.version.features, "feature")),
            "details": ",".join(many_of(details, protocol.DETAILS, "detail")),
            "language": one_of(language, self.version.languages, "language") if language is not None else "",
        }
        params = {name: value for name, value in params.items() if value}
        call = _Call(self, "analyze", Deadline(timeout))
        response = call.post(picture, params, fit)
        return call.original(ImageAnalysis.from_json(read_json(response), answer_source(response)))

    def ocr(
        self,
        picture: AnyPicture,
        language: str = "unk",
        detect_orientation: bool = True,
        *,
        timeout: float = DEFAULT_SECONDS,
        fit: bool = True,
    ) -> OcrResult:
        """Printed text. ``language`` is a code such as "en"; "unk" lets the service find out."""
        params = {
            "language": one_of(language, protocol.OCR_LANGUAGES, "language"),
            "detectOrientation": "true" if detect_orientation else "false",
        }
        call = _Call(self, "ocr", Deadline(timeout))
        response = call.post(picture, params, fit)
        return call.original(OcrResult.from_json(read_json(response), answer_source(response), *call.size))

    def recognize_text(
        self, picture: AnyPicture, mode: str | None = None, timeout: float = DEFAULT_SECONDS, *, fit: bool = True
    ) -> ReadResult:
        """Handwritten or printed text: starts the operation and waits for its end, at most ``timeout`` seconds.

        Up to v2.1 the operation is ``recognizeText`` with a ``mode``, "Handwritten" (the default) or "Printed". From
        v3.0 on it is ``read/analyze``, which reads both kinds at once and takes no mode.
        """
        operation = self.version.text_operation
        params = {}
        if operation == "recognizeText":
            chosen = one_of(mode or "Handwritten", protocol.MODES, "mode")
            # v1.0 had no mode, but the question whether to look for handwriting.
            old = self.api_version == "v1.0"
            params = {"detectHandwriting": str(chosen == "Handwritten").lower()} if old else {"mode": chosen}
        elif mode is not None:
            raise OptionError(
                f"{self.api_version} has no mode: it reads handwritten and printed text at once. Leave mode out."
            )
        call = _Call(self, operation, Deadline(timeout))
        response = call.post(picture, params, fit)
        if headers.OPERATION_LOCATION not in response.headers:
            raise UnexpectedAnswer("The service accepted the picture but sent no Operation-Location to ask at.")
        result = self._wait(response.headers[headers.OPERATION_LOCATION], call.deadline, timeout)
        if result.width is None:
            result = replace(result, width=call.size[0], height=call.size[1])
        return call.original(result)

    def analyze_many(self, pictures: Sequence[AnyPicture], **options: Any) -> Batch:
        """`analyze` for many pictures, a few at a time. One that fails does not stop the others.

        Parameters
        ----------
        pictures : list
            What `analyze` takes.
        folder : path, optional
            Where each answer is kept at once. Run it again, and what is kept is not asked for again.
        progress : bool, optional
            Show a progress bar; yes, if not given.
        **options
            The options of `analyze`. ``timeout`` is for each picture, 600 seconds if not given.

        >>> import cvhelpers as cv
        >>> VisionClient(cv.connect("recorded")).analyze_many(["street-at-night"])
        <Batch of 1 pictures: 1 answered, 0 failed>
        """
        return self._many("analyze", pictures, options)

    def ocr_many(self, pictures: Sequence[AnyPicture], **options: Any) -> Batch:
        """`ocr` for many pictures, in the way of `analyze_many`."""
        return self._many("ocr", pictures, options)

    def recognize_text_many(self, pictures: Sequence[AnyPicture], **options: Any) -> Batch:
        """`recognize_text` for many pictures, in the way of `analyze_many`."""
        return self._many("recognize_text", pictures, options)

    def _many(self, method: str, pictures: Sequence[AnyPicture], options: dict[str, Any]) -> Batch:
        from .batch import PATIENCE, ask_many

        folder, progress = options.pop("folder", None), options.pop("progress", True)
        return ask_many(self, method, pictures, {"timeout": PATIENCE, **options}, folder, progress)

    def wait(self, operation_url: str, timeout: float = DEFAULT_SECONDS) -> ReadResult:
        """Ask an operation for its result until it has one, at most ``timeout`` seconds.

        The pauses grow with the time that went by: 0.2 s at first, then an eighth of it, 2 s at most, or what
        ``Retry-After`` says. Each question counts as a call, and the free tier has 20 a minute.
        """
        self.exchanges = []
        return self._wait(operation_url, Deadline(timeout), timeout)

    def _wait(self, operation_url: str, deadline: Deadline, timeout: float) -> ReadResult:
        self._must_be_ours(operation_url)
        began = time.monotonic()
        status = "not told"
        while True:
            try:
                response = self._send("GET", operation_url, deadline)
            except TimedOut:
                break
            except RateLimited as error:
                pause = error.retry_after or 2
                status = f"429, wait {pause:.0f} seconds"
            else:
                body = read_json(response)
                status = str(body.get("status")) if isinstance(body, dict) else ""
                if status.lower() not in ("notstarted", "running"):
                    return ReadResult.from_json(body, answer_source(response))
                pause = _pause(response.headers.get(headers.RETRY_AFTER, ""), time.monotonic() - began)
            if pause >= deadline.left():
                break
            time.sleep(pause)
        raise OperationTimeout(
            f"The service has no result within {timeout:g} seconds (its last status: {status}). "
            f"It keeps the result for 48 hours: vision.wait({operation_url!r}) asks again."
        )

    def _must_be_ours(self, address: str) -> None:
        """The key goes to the service and nowhere else, whatever address an answer names."""
        if may_have_key(address, self.endpoint):
            return
        raise UnexpectedAnswer(
            f"The answer sends us to {addresses.host_of(address)[:80]!r}, which is not the service; "
            "the key was not sent there. Check the endpoint."
        )


class _Call:
    """One operation on one picture: its time limit, and what was sent in place of the picture that was given."""

    def __init__(self, client: VisionClient, operation: str, deadline: Deadline) -> None:
        self.client, self.operation, self.deadline = client, operation, deadline
        self.size: tuple[float | None, float | None] = (None, None)
        self.scale, self.note = 1.0, ""
        client.exchanges = []

    def post(self, picture: AnyPicture, params: dict[str, str], make_fit: bool) -> requests.Response:
        """Send the picture by its address or as bytes."""
        client, source = self.client, self.client.source
        if is_address(picture):
            address: str | None = source.served_address(str(picture).strip())
            body: dict[str, Any] = {}
        else:
            address, body = self._open(picture, make_fit)
        if address is not None:
            body = {"json": {"url": address}}
        return client._send("POST", client.url(self.operation), self.deadline, note=self.note, params=params, **body)

    def _open(self, picture: AnyPicture, make_fit: bool) -> tuple[str | None, dict[str, Any]]:
        client = self.client
        limits, name = protocol.LIMITS[self.operation], f"{self.operation} {client.api_version}"
        opened = open_picture(picture, client.session)
        sent = fit(opened, limits, name) if make_fit else opened
        self.size, self.scale, self.note = (sent.width, sent.height), opened.width / sent.width, sent.change
        address = client.source.picture_address(opened) if sent is opened else None
        return address, {"data": sent.data, "extra_headers": {"Content-Type": headers.BYTES}}

    def original(self, result: T) -> T:
        """The result in pixels of the picture that was given, with a word on what was sent in its place."""
        return replace(scaled(result, self.scale), sent=self.note)


def _pause(retry_after: str, passed: float) -> float:
    """Seconds to wait before the next question.

    >>> _pause("", 0.5), _pause("", 8), _pause("", 60), _pause("7", 8)
    (0.2, 1.0, 2, 7.0)
    """
    return max(seconds_to_wait(retry_after) or 0.0, min(max(0.2, passed / 8), 2))
