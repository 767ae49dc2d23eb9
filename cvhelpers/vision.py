"""Computer Vision: analyze a picture, read printed or handwritten text; v2.0 as in the quickstarts, and v3.2.

A picture is an address, a path, bytes, an open file, a PIL image or a `Picture`. It is checked against the limits of
the operation before it is sent, and so are the options: an error that costs no call is the cheapest.
"""

from __future__ import annotations

import difflib
import os
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from .connection import VISION_ENDPOINT, Client, connect, read_json, source_of, told_source
from .errors import OperationTimeout, OptionError, PictureError, SetupError, UnexpectedAnswer, seconds_to_wait
from .pictures import AnyPicture, Picture, open_picture
from .results import ImageAnalysis, OcrResult, ReadResult
from .sources.live import served_address, thumbnail_width
from .sources.recorded import NO_KEY

VERSIONS = ("v2.0", "v3.2")
FEATURES = ("Categories", "Tags", "Description", "Faces", "ImageType", "Color", "Adult", "Objects", "Brands")
DETAILS = ("Celebrities", "Landmarks")
LANGUAGES = {
    "v2.0": ("en", "es", "ja", "pt", "zh"),
    "v3.2": (
        "ar", "az", "bg", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr", "ga", "gl",
        "he", "hi", "hr", "hu", "id", "it", "ja", "kk", "ko", "lt", "lv", "mk", "ms", "nb", "nl", "pl", "prs", "pt",
        "pt-BR", "pt-PT", "ro", "ru", "sk", "sl", "sr-Cyrl", "sr-Latn", "sv", "th", "tr", "uk", "vi", "zh", "zh-Hans",
        "zh-Hant",
    ),
}  # fmt: skip
OCR_LANGUAGES = (
    "unk", "zh-Hans", "zh-Hant", "cs", "da", "nl", "en", "fi", "fr", "de", "el", "hu", "it", "ja", "ko", "nb", "pl",
    "pt", "ru", "es", "sv", "tr", "ar", "ro", "sr-Cyrl", "sr-Latn", "sk",
)  # fmt: skip
MODES = ("Handwritten", "Printed")
OUR_HOSTS = r"(?i)https://[a-z0-9-]+\.(cognitiveservices\.azure|api\.cognitive\.microsoft)\.com/"
"""An operation that was begun at a resource's own host may be continued at its region's."""


@dataclass(frozen=True)
class Limits:
    """What an operation takes: formats, bytes, and pixels a side (``least`` to ``most``) and in all."""

    formats: tuple[str, ...]
    bytes: int = 4 * 2**20
    least: int = 50
    most: int = 15_999
    pixels: int | None = None

    def check(self, picture: Picture, operation: str) -> None:
        """Raise `PictureError` with the limit and the actual value."""
        size = f"{picture.width} × {picture.height} pixels"
        side = f"{operation} takes pictures of {self.least} to {self.most} pixels a side; {picture.name} has {size}."
        if min(picture.width, picture.height) < self.least:
            raise PictureError(f"{side} Choose a larger picture.")
        if max(picture.width, picture.height) > self.most:
            raise PictureError(f"{side} Make it smaller first.")
        if self.pixels and picture.width * picture.height > self.pixels:
            raise PictureError(
                f"{operation} takes up to {self.pixels / 1e6:g} million pixels; {picture.name} has {size}."
            )
        if picture.format not in self.formats:
            takes = f"{', '.join(self.formats[:-1])} and {self.formats[-1]}"
            raise PictureError(f"{operation} takes {takes}; {picture.name} is {picture.format}. Save it as PNG.")
        if len(picture.data) >= self.bytes:
            raise PictureError(
                f"{operation} takes less than {self.bytes / 2**20:g} MB; "
                f"{picture.name} has {len(picture.data) / 2**20:.1f} MB. Save it smaller, for instance as JPEG."
            )


LIMITS = {
    "analyze": Limits(("JPEG", "PNG", "GIF", "BMP")),
    "ocr": Limits(("JPEG", "PNG", "GIF", "BMP"), most=4199, pixels=10_000_000),
    "recognizeText": Limits(("JPEG", "PNG", "BMP"), most=4199),
    "read/analyze": Limits(("JPEG", "PNG", "BMP", "TIFF", "MPO"), bytes=500 * 2**20, most=10_000),
}


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
        "v2.0", which the quickstarts call and the recordings answer, or "v3.2", the one that is alive.

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
        key: str | None = None,
        api_version: str | None = None,
    ) -> None:
        session = session if session is not None else connect()
        if source_of(session) == "live":
            endpoint = _setting("VISION_ENDPOINT", endpoint)
            key = _setting("VISION_KEY", key)
            api_version = api_version or "v3.2"
        super().__init__(session, endpoint or VISION_ENDPOINT, key or NO_KEY)
        self.api_version = one_of(api_version or "v2.0", VERSIONS, "api_version")

    def url(self, operation: str) -> str:
        """The address of an operation, for instance ``url("analyze")``."""
        return f"{self.endpoint}/vision/{self.api_version}/{operation}"

    def analyze(
        self,
        picture: AnyPicture,
        features: Iterable[str] = ("Categories", "Description", "Color"),
        details: Iterable[str] = (),
        language: str | None = None,
    ) -> ImageAnalysis:
        """What is in the picture: any of `FEATURES`, with `DETAILS`, in one of `LANGUAGES` (English by default)."""
        params = {"visualFeatures": ",".join(many_of(features, FEATURES, "feature"))}
        if details := many_of(details, DETAILS, "detail"):
            params["details"] = ",".join(details)
        if language is not None:
            params["language"] = one_of(language, LANGUAGES[self.api_version], "language")
        response, _ = self._ask("analyze", picture, params)
        return ImageAnalysis.from_json(read_json(response), told_source(response))

    def ocr(self, picture: AnyPicture, language: str = "unk", detect_orientation: bool = True) -> OcrResult:
        """Printed text. ``language`` is one of `OCR_LANGUAGES`; "unk" lets the service find out."""
        params = {
            "language": one_of(language, OCR_LANGUAGES, "language"),
            "detectOrientation": "true" if detect_orientation else "false",
        }
        response, size = self._ask("ocr", picture, params)
        return OcrResult.from_json(read_json(response), told_source(response), *size)

    def recognize_text(self, picture: AnyPicture, mode: str = "Handwritten", timeout: float = 60) -> ReadResult:
        """Handwritten or printed text: starts the operation and waits for its end, at most ``timeout`` seconds.

        v2.0 has ``recognizeText`` with a ``mode``; v3.2 has ``read/analyze``, which reads both kinds at once.
        """
        one_of(mode, MODES, "mode")
        if self.api_version == "v2.0":
            response, size = self._ask("recognizeText", picture, {"mode": mode})
        else:
            response, size = self._ask("read/analyze", picture, {})
        if "Operation-Location" not in response.headers:
            raise UnexpectedAnswer("The service accepted the picture but sent no Operation-Location to ask at.")
        return self.wait(response.headers["Operation-Location"], timeout, size)

    def wait(self, operation_url: str, timeout: float = 60, size: Sequence[float | None] = (None, None)) -> ReadResult:
        """Ask an operation for its result until it has one, at most ``timeout`` seconds.

        The pauses grow with the time that went by: 0.2 s at first, then an eighth of it, 2 s at most, or what
        ``Retry-After`` says. Each question counts as a call, and the free tier has 20 a minute.
        """
        self._must_be_ours(operation_url)
        began = time.monotonic()
        while True:
            response = self._send("GET", operation_url)
            body = read_json(response)
            status = str(body.get("status")).lower() if isinstance(body, dict) else ""
            if status not in ("notstarted", "running"):
                return ReadResult.from_json(body, told_source(response), *size)
            passed = time.monotonic() - began
            asked_for = seconds_to_wait(response.headers.get("Retry-After", "")) or 0
            if passed + asked_for >= timeout:
                raise OperationTimeout(
                    f"The service was still at work after {passed:.0f} seconds (status {body['status']}). "
                    f"It keeps the result for 48 hours: vision.wait({operation_url!r}) asks again."
                )
            time.sleep(max(asked_for, min(max(0.2, passed / 8), 2, timeout - passed)))

    def _ask(
        self, operation: str, picture: AnyPicture, params: dict[str, str]
    ) -> tuple[requests.Response, tuple[float | None, float | None]]:
        """Send a picture by its address or as bytes. Returns the answer, and the picture's size where known."""
        live = source_of(self.session) == "live"
        address, size = None, (None, None)  # type: str | None, tuple[float | None, float | None]
        if isinstance(picture, str) and picture.startswith(("http://", "https://")):
            address = picture
        else:
            opened = open_picture(picture, self.session)
            LIMITS[operation].check(opened, f"{operation} {self.api_version}")
            size = (opened.width, opened.height)
            # A stand-in has the address of the picture that it stands in for, which the network would answer for.
            address = None if live and opened.note else opened.url
        if address is None:
            body: dict[str, Any] = {"data": opened.data, "headers": {"Content-Type": "application/octet-stream"}}
        else:
            served = served_address(address) if live else address
            if served != address or size == (None, None):
                size = (thumbnail_width(served), None)
            body = {"json": {"url": served}}
        return self._send("POST", self.url(operation), params=params, **body), size

    def _must_be_ours(self, address: str) -> None:
        """The key goes to the service and nowhere else, whatever address an answer names."""
        if address.startswith(f"{self.endpoint}/") or re.match(OUR_HOSTS, address):
            return
        raise UnexpectedAnswer(
            f"The answer sends us to {address[:80]!r}, which is not the service; the key was not sent there."
        )


def one_of(value: str, allowed: Sequence[str], name: str) -> str:
    """The value in its right spelling. Raises `OptionError` with the nearest one.

    >>> one_of("handwritten", MODES, "mode")
    'Handwritten'
    """
    spelling = {choice.lower(): choice for choice in allowed}
    if not isinstance(value, str) or value.strip().lower() not in spelling:
        near = difflib.get_close_matches(str(value).lower(), spelling, n=1)
        hint = f"Did you mean {spelling[near[0]]!r}? " if near else ""
        raise OptionError(f"{value!r} is no {name}. {hint}Choose from: {', '.join(allowed)}.")
    return spelling[value.strip().lower()]


def many_of(values: Iterable[str], allowed: Sequence[str], name: str) -> list[str]:
    """Several values, as a list or with commas between them."""
    if isinstance(values, str):
        values = [part for part in values.split(",") if part.strip()]
    return [one_of(value, allowed, name) for value in values]


def _setting(name: str, given: str | None) -> str:
    value = given or os.environ.get(name, "")
    if not value.strip():
        raise SetupError(
            f"The live source needs {name}. Set it in the environment before you start Python, or pass it as an "
            'argument; without a key, cvhelpers.connect("keyless") answers.'
        )
    return value.strip()
