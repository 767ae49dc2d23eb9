"""Computer Vision: analyze a picture, read printed or handwritten text; v2.0 as in the quickstarts, v3.2, and 4.0.

A picture is an address, a path, bytes, an open file, a PIL image or a `Picture`. Options are checked before anything
is sent, and a picture that is too large, or of a format that the operation does not take, is made fit first.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import requests

from ..errors import (
    OperationTimeout,
    OptionError,
    PictureError,
    RateLimited,
    TimedOut,
    UnexpectedAnswer,
    seconds_to_wait,
)
from ..pictures import AnyPicture, Picture, open_picture
from ..protocol import addresses, headers
from ..protocol import vision as protocol
from ..protocol import vision_v4 as v4
from ..results import Box, DomainAnalysis, DomainModel, ImageAnalysis, OcrResult, ReadResult, scaled
from ..results.fields import json_object, missing, read_all
from ..session import connection_of
from ..sources.deadline import DEFAULT_SECONDS, Deadline
from ..sources.keys import Credential, Key, Token, hidden, may_have_key, without_key
from . import vision_v4
from .base import Client, answer_source, many_of, one_of, read_json, whole
from .batch import PATIENCE, Batch, ask_many
from .call import Call


class VisionClient(Client):
    """Asks Computer Vision about pictures.

    Parameters
    ----------
    session : requests.Session, optional
        From ``connect``; without it, one of the default source.
    endpoint, key : str, optional
        For the live source: your resource's address and key; without them the environment variables
        VISION_ENDPOINT and VISION_KEY. The keyless sources need neither.
    credential : object with ``get_token``, optional
        In place of a key: one of azure-identity's credentials, for instance ``DefaultAzureCredential()``. It needs
        the address of your own resource, https://NAME.cognitiveservices.azure.com/, not that of a region.
    api_version : str, optional
        "v2.0", which the quickstarts call and the recordings answer, "v3.2", which is still alive, or "4.0", its
        successor; the versions between v1.0 and v3.2 are spoken, too.

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
        *,
        credential: Credential | None = None,
    ) -> None:
        # From here on no traceback shows the key, wherever it was given.
        key, endpoint = hidden(key), endpoint and without_key(endpoint)
        if credential is not None:
            if key is not None:
                raise OptionError("Both a key and a credential were given. Give only one of them.")
            key = Token(credential)
        connection = connection_of(session)
        service = connection.answers.vision_service(endpoint, key, api_version)
        super().__init__(connection, service)
        self.api_version = one_of(service.api_version, (*protocol.VERSIONS, v4.NAME), "api_version")
        self.version = v4.VERSION if self.api_version == v4.NAME else protocol.TABLE[self.api_version]

    def url(self, operation: str) -> str:
        """The address of an operation, for instance ``url("analyze")``."""
        if self.version.one_operation:
            return addresses.vision_v4_url(self.endpoint, operation)
        return addresses.vision_url(self.endpoint, self.api_version, operation)

    def analyze(
        self,
        picture: AnyPicture,
        features: Iterable[str] | None = None,
        details: Iterable[str] = (),
        language: str | None = None,
        *,
        aspect_ratios: Iterable[float] = (),
        gender_neutral: bool = False,
        timeout: float = DEFAULT_SECONDS,
        fit: bool = True,
    ) -> ImageAnalysis:
        """What is in the picture: visual features, with details, in one of the version's languages (English first).

        The features are Categories, Tags, Description, Faces, ImageType, Color, Adult, Objects and Brands; the
        details Celebrities and Landmarks. Without any it is Categories, Description and Color, as in the quickstarts.

        4.0 has caption, denseCaptions, tags, objects, people, read and smartCrops, and no details; without any it is
        caption and tags. There ``aspect_ratios`` are those of the crops, width divided by height, from 0.75 to 1.8,
        and ``gender_neutral`` asks for captions with "person" in place of "man" or "woman".
        """
        if self.version.one_operation:
            wanted = v4.DEFAULT_FEATURES if features is None else features
            params = vision_v4.params_of(wanted, details, language, aspect_ratios, gender_neutral)
            return vision_v4.analyze(self, picture, params, timeout, fit)
        if gender_neutral or tuple(aspect_ratios):
            raise OptionError(f"{self.api_version} has no aspect_ratios and no gender_neutral: they came with 4.0.")
        features = protocol.DEFAULT_FEATURES if features is None else features
        params = {
            "visualFeatures": ",".join(many_of(features, self.version.features, "feature")),
            "details": ",".join(many_of(details, protocol.DETAILS, "detail")),
        }
        return self._look("analyze", picture, params, language, timeout, fit)

    def describe(
        self,
        picture: AnyPicture,
        max_candidates: int = 1,
        language: str | None = None,
        *,
        timeout: float = DEFAULT_SECONDS,
        fit: bool = True,
    ) -> ImageAnalysis:
        """One sentence about the picture, or up to ``max_candidates`` of them, and words for what it shows.

        >>> import cvhelpers as cv
        >>> str(VisionClient(cv.connect("keyless")).describe("cat"))
        'a cat'
        """
        if self.version.one_operation:
            if max_candidates != 1:
                raise OptionError("4.0 gives one caption. Leave max_candidates out, or ask for denseCaptions.")
            return self.analyze(picture, ["caption"], (), language, timeout=timeout, fit=fit)
        params = {"maxCandidates": whole(max_candidates, "max_candidates", protocol.MAX_CANDIDATES)}
        return self._look("describe", picture, params, language, timeout, fit)

    def tag(
        self,
        picture: AnyPicture,
        language: str | None = None,
        *,
        timeout: float = DEFAULT_SECONDS,
        fit: bool = True,
    ) -> ImageAnalysis:
        """Words for what the picture shows, each with a confidence."""
        if self.version.one_operation:
            return self.analyze(picture, ["tags"], (), language, timeout=timeout, fit=fit)
        return self._look("tag", picture, {}, language, timeout, fit)

    def detect(self, picture: AnyPicture, *, timeout: float = DEFAULT_SECONDS, fit: bool = True) -> ImageAnalysis:
        """The things in the picture, each with its place. v1.0 has no such operation."""
        if self.version.one_operation:
            return self.analyze(picture, ["objects"], timeout=timeout, fit=fit)
        return self._look("detect", picture, {}, None, timeout, fit)

    def area_of_interest(self, picture: AnyPicture, *, timeout: float = DEFAULT_SECONDS, fit: bool = True) -> Box:
        """The part of the picture that matters most. v1.0 has no such operation."""
        call = self._call("areaOfInterest", timeout)
        data = json_object(read_json(call.post(picture, {}, fit)), "an area of interest")
        place = json_object(data.get("areaOfInterest"), "areaOfInterest")
        return scaled(Box.from_json(place, "areaOfInterest"), call.scale)

    def generate_thumbnail(
        self,
        picture: AnyPicture,
        width: int,
        height: int,
        smart_cropping: bool = False,
        *,
        timeout: float = DEFAULT_SECONDS,
        fit: bool = True,
    ) -> Picture:
        """A small copy of the picture, so many pixels wide and high, 1024 at most.

        ``smart_cropping`` cuts it so that what matters stays in it; without, the picture's middle stays.
        """
        most = self.version.max_thumbnail_side
        params = {
            "width": whole(width, "width", most),
            "height": whole(height, "height", most),
            "smartCropping": str(bool(smart_cropping)).lower(),
        }
        call = self._call("generateThumbnail", timeout)
        response = call.post(picture, params, fit)
        try:
            small = open_picture(response.content)
        except PictureError as error:
            what = f"The service answered {response.status_code}, but not with a picture"
            raise UnexpectedAnswer(f"{what}: {error} Check the endpoint.") from None
        given = call.given
        if given is None:
            return replace(small, name="thumbnail")
        about = {name: getattr(given, name) for name in ("credit", "note", "description")}
        return replace(small, name=f"{given.name}-thumbnail", change=call.note, **about)

    def models(self, *, timeout: float = DEFAULT_SECONDS) -> tuple[DomainModel, ...]:
        """The domain models of the service: what `analyze_by_model` takes.

        >>> import cvhelpers as cv
        >>> [model.name for model in VisionClient(cv.connect("keyless")).models()]
        ['celebrities', 'landmarks']
        """
        self._must_have("models")
        response = self._send("GET", self.url("models"), self._begin(timeout))
        data = json_object(read_json(response), "a list of models")
        if "models" not in data:
            raise missing("a list of models", "models", data)
        return read_all(data, "models", DomainModel.from_json)

    def analyze_by_model(
        self,
        picture: AnyPicture,
        model: str,
        language: str | None = None,
        *,
        timeout: float = DEFAULT_SECONDS,
        fit: bool = True,
    ) -> DomainAnalysis:
        """Whom or what a domain model knows in the picture: "celebrities" or "landmarks".

        The models on this computer know nobody and no place; their answer is empty.
        """
        model = one_of(model, tuple(protocol.MODELS), "model")
        call = self._call(f"models/{model}/analyze", timeout)
        response = call.post(picture, self._language(language), fit)
        return call.original(DomainAnalysis.from_json(read_json(response), model, answer_source(response)))

    def ocr(
        self,
        picture: AnyPicture,
        language: str = "unk",
        detect_orientation: bool = True,
        *,
        timeout: float = DEFAULT_SECONDS,
        fit: bool = True,
    ) -> OcrResult:
        """Printed text. ``language`` is a code such as "en"; "unk" lets the service find out.

        4.0 reads printed and handwritten text alike, and finds out both language and orientation.
        """
        if self.version.one_operation:
            return vision_v4.ocr(self, picture, language, detect_orientation, timeout, fit)
        params = {
            "language": one_of(language, protocol.OCR_LANGUAGES, "language"),
            "detectOrientation": "true" if detect_orientation else "false",
        }
        call = self._call("ocr", timeout)
        response = call.post(picture, params, fit)
        return call.original(OcrResult.from_json(read_json(response), answer_source(response), *call.size))

    def recognize_text(
        self, picture: AnyPicture, mode: str | None = None, timeout: float = DEFAULT_SECONDS, *, fit: bool = True
    ) -> ReadResult:
        """Handwritten or printed text: starts the operation and waits for its end, at most ``timeout`` seconds.

        Up to v2.1 the operation is ``recognizeText`` with a ``mode``, "Handwritten" (the default) or "Printed". From
        v3.0 on it is ``read/analyze``, which reads both kinds at once and takes no mode. 4.0 answers without waiting.
        """
        if self.version.one_operation and mode is None:
            return vision_v4.read(self, picture, timeout, fit)
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
        return self._written(operation, picture, params, timeout, fit)

    def read(self, picture: AnyPicture, *, timeout: float = DEFAULT_SECONDS, fit: bool = True) -> ReadResult:
        """Text of any kind, printed or handwritten: starts the version's read operation and waits for its end.

        In v2.0 and v2.1 that is ``read/core/asyncBatchAnalyze``, from v3.0 on ``read/analyze``; v1.0 has none.
        4.0 answers without waiting.
        """
        if self.version.one_operation:
            return vision_v4.read(self, picture, timeout, fit)
        if not self.version.read_operation:
            raise OptionError(f"{self.api_version} has no read operation. recognize_text reads text there.")
        return self._written(self.version.read_operation, picture, {}, timeout, fit)

    def analyze_many(
        self,
        pictures: Iterable[AnyPicture],
        *,
        folder: str | os.PathLike[str] | None = None,
        progress: bool = True,
        timeout: float = PATIENCE,
        **options: Any,
    ) -> Batch:
        """`analyze` for many pictures, a few at a time. One that fails does not stop the others.

        Parameters
        ----------
        pictures : list, or what else gives them one after the other, such as ``folder.glob("*.jpg")``
            Each is what `analyze` takes.
        folder : path, optional
            Where each answer is kept at once. Run it again, and what is kept is not asked for again.
        progress : bool, optional
            Show a progress bar.
        timeout : float
            Seconds for each picture: among many, it may have to wait for its turn.
        **options
            The other options of `analyze`.

        >>> import cvhelpers as cv
        >>> VisionClient(cv.connect("recorded")).analyze_many(["street-at-night"])
        <Batch of 1 pictures: 1 answered, 0 failed>
        """
        return ask_many(self, "analyze", pictures, {"timeout": timeout, **options}, folder, progress)

    def ocr_many(
        self,
        pictures: Iterable[AnyPicture],
        *,
        folder: str | os.PathLike[str] | None = None,
        progress: bool = True,
        timeout: float = PATIENCE,
        **options: Any,
    ) -> Batch:
        """`ocr` for many pictures, in the way of `analyze_many`."""
        return ask_many(self, "ocr", pictures, {"timeout": timeout, **options}, folder, progress)

    def recognize_text_many(
        self,
        pictures: Iterable[AnyPicture],
        *,
        folder: str | os.PathLike[str] | None = None,
        progress: bool = True,
        timeout: float = PATIENCE,
        **options: Any,
    ) -> Batch:
        """`recognize_text` for many pictures, in the way of `analyze_many`."""
        return ask_many(self, "recognize_text", pictures, {"timeout": timeout, **options}, folder, progress)

    def read_many(
        self,
        pictures: Iterable[AnyPicture],
        *,
        folder: str | os.PathLike[str] | None = None,
        progress: bool = True,
        timeout: float = PATIENCE,
        **options: Any,
    ) -> Batch:
        """`read` for many pictures, in the way of `analyze_many`."""
        return ask_many(self, "read", pictures, {"timeout": timeout, **options}, folder, progress)

    # --- shared

    def _call(self, operation: str, timeout: float) -> Call:
        """A call of an operation that takes a picture. Raises `OptionError` where the version does not have it."""
        self._must_have(operation)
        limits = v4.LIMITS if self.version.one_operation else protocol.LIMITS[operation]
        return Call(self, operation, limits, self._begin(timeout))

    def _must_have(self, operation: str) -> None:
        if operation in self.version.operations:
            return
        if self.version.one_operation and operation in v4.INSTEAD:
            raise OptionError(f"{self.api_version} has no operation {operation}: {v4.INSTEAD[operation]}.")
        having = [name for name, version in protocol.TABLE.items() if operation in version.operations]
        raise OptionError(
            f"{self.api_version} has no operation {operation}. Choose an api_version that has it: {', '.join(having)}."
        )

    def _language(self, language: str | None) -> dict[str, str]:
        """The parameter ``language``, where one was given."""
        return {} if language is None else {"language": one_of(language, self.version.languages, "language")}

    def _look(
        self,
        operation: str,
        picture: AnyPicture,
        params: dict[str, str],
        language: str | None,
        timeout: float,
        fit: bool,
    ) -> ImageAnalysis:
        """An operation that answers with an analysis, or with a part of one."""
        params = {name: value for name, value in {**params, **self._language(language)}.items() if value}
        call = self._call(operation, timeout)
        response = call.post(picture, params, fit)
        return call.original(ImageAnalysis.from_json(read_json(response), answer_source(response)))

    def _written(
        self, operation: str, picture: AnyPicture, params: dict[str, str], timeout: float, fit: bool
    ) -> ReadResult:
        """An operation that reads text and answers later."""
        call = self._call(operation, timeout)
        response = call.post(picture, params, fit)
        if headers.OPERATION_LOCATION not in response.headers:
            raise UnexpectedAnswer("The service accepted the picture but sent no header Operation-Location. Try again.")
        result = self._wait(response.headers[headers.OPERATION_LOCATION], call.deadline, timeout)
        if result.width is None:
            result = replace(result, width=call.size[0], height=call.size[1])
        return call.original(result)

    def wait(self, operation_url: str, timeout: float = DEFAULT_SECONDS) -> ReadResult:
        """Ask an operation for its result until it has one, at most ``timeout`` seconds.

        The pauses grow with the time that went by: 0.2 s at first, then an eighth of it, 2 s at most, or what
        ``Retry-After`` says. Each question counts as a call, and the free tier has 20 a minute.
        """
        return self._wait(operation_url, self._begin(timeout), timeout)

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
            with suppress(requests.ReadTimeout):  # after `stop` nothing is sent any more
                deadline.sleep(pause)
        raise OperationTimeout(
            f"The service has no result within {timeout:g} seconds (its last status: {status}). "
            f"It keeps the result for 48 hours: vision.wait({operation_url!r}) asks again."
        )

    def _must_be_ours(self, address: str) -> None:
        """The key goes to the service and nowhere else, whatever address an answer names."""
        if may_have_key(address, self.endpoint):
            return
        raise UnexpectedAnswer(
            f"{(addresses.host_of(address) or address)[:80]!r} is not the service at {self.endpoint}, "
            "so the key was not sent there. Check the endpoint, and the operation's address."
        )


def _pause(retry_after: str, passed: float) -> float:
    """Seconds to wait before the next question.

    >>> _pause("", 0.5), _pause("", 8), _pause("", 60), _pause("7", 8)
    (0.2, 1.0, 2, 7.0)
    """
    return max(seconds_to_wait(retry_after) or 0.0, min(max(0.2, passed / 8), 2))
