"""What can go wrong, and what to do next.

::

    CvhelpersError
    ├── PictureError          the picture can't be opened, sent or fetched (also a ValueError)
    ├── OptionError           an option that the operation does not take (also a ValueError)
    ├── SetupError            an endpoint, a key or a package is missing
    ├── RecordingNotFound     no recorded answer fits the request (also a LookupError)
    ├── UnexpectedAnswer      JSON, but not the answer that was expected (also a ValueError)
    ├── ServiceUnreachable    no answer came at all: no network, a wrong host (also an OSError)
    │   └── TimedOut          no answer came in time (also a TimeoutError)
    ├── OperationFailed       the service took the picture and gave up on it
    ├── OperationTimeout      the service was still at work when the time limit ended (also a TimeoutError)
    └── ServiceError          the service answered with an error status
        ├── BadRequest        400
        ├── WrongKey          401
        ├── Forbidden         403
        ├── Retired           404 and 410
        ├── WrongMediaType    415
        ├── RateLimited       429, with ``retry_after`` in seconds
        └── ServerProblem     500 and above

Each says what is wrong and what to do next; a `ServiceError` has the second in ``hint``. An `UnexpectedAnswer` names
what the answer has in place of what was expected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, Protocol


class CvhelpersError(Exception):
    """The root of the tree: ``except CvhelpersError`` catches all that this package raises itself."""


class PictureError(CvhelpersError, ValueError):
    """The picture can't be opened, sent or fetched."""


class OptionError(CvhelpersError, ValueError):
    """An option that the operation does not take."""


class SetupError(CvhelpersError):
    """Something has to be set up first: an endpoint, a key, a package."""


class RecordingNotFound(CvhelpersError, LookupError):
    """No recorded answer fits the request."""


class UnexpectedAnswer(CvhelpersError, ValueError):
    """The JSON is not the answer that was expected."""


class ServiceUnreachable(CvhelpersError, OSError):
    """No answer came at all."""


class TimedOut(ServiceUnreachable, TimeoutError):
    """No answer came before the time limit."""


class OperationFailed(CvhelpersError):
    """The service accepted the picture, and ended the operation without a result."""


class OperationTimeout(CvhelpersError, TimeoutError):
    """The service was still at work when the time limit ended."""


class ResponseLike(Protocol):
    """The part of a `requests.Response` that an error is read from."""

    status_code: int

    @property
    def content(self) -> bytes: ...

    @property
    def headers(self) -> Mapping[str, str]: ...


class ServiceError(CvhelpersError):
    """The service answered with an error status.

    Attributes
    ----------
    status : int
        The HTTP status, 400 to 599.
    code, message : str
        In the service's own words; the innermost code where an error is nested. ``code`` may be empty.
    request_id : str
        The id to quote when you ask the service's support; may be empty.
    hint : str
        What to do next.
    retry_after : float or None
        Seconds to wait, where the service said so.
    """

    def __init__(
        self,
        status: int,
        code: str = "",
        message: str = "",
        request_id: str = "",
        retry_after: float | None = None,
    ) -> None:
        self.status, self.code, self.message = status, code, message
        self.request_id, self.retry_after = request_id, retry_after
        self.hint = _hint(status, code, message, retry_after)
        name = f"{status} {code}" if code and code != str(status) else f"{status}"
        asked = f" (request {request_id})" if request_id else ""
        super().__init__(f"{name}: {message or 'no message'}{asked}\nWhat to do: {self.hint}")

    def __reduce__(self) -> Any:
        """A copy in another process: an exception's own way would give the message alone to ``__init__``."""
        return type(self), (self.status, self.code, self.message, self.request_id, self.retry_after)

    @classmethod
    def from_response(cls, response: ResponseLike) -> ServiceError:
        """The error that an answer with a status of 400 or more stands for, as the fitting subclass."""
        body = parse_error_body(response.content)
        headers = response.headers
        waits = [seconds_to_wait(headers.get("Retry-After", "")), body.retry_after]
        return _class_for(response.status_code)(
            response.status_code,
            body.code or headers.get("x-ms-error-code", ""),
            body.message,
            body.request_id or headers.get("apim-request-id", "") or headers.get("BingAPIs-TraceId", ""),
            next((wait for wait in waits if wait is not None), None),
        )


class BadRequest(ServiceError):
    """400: the service understood the request and refuses it; ``code`` says why."""


class WrongKey(ServiceError):
    """401: the key is missing, wrong, or belongs to another region or service."""


class Forbidden(ServiceError):
    """403: the key is right but may not do this, or its quota is used up."""


class Retired(ServiceError):
    """404 or 410: nothing answers at this address, perhaps no longer."""


class WrongMediaType(ServiceError):
    """415: the body is of a kind that the service does not read."""


class RateLimited(ServiceError):
    """429: too many calls; ``retry_after`` tells how many seconds to wait."""


class ServerProblem(ServiceError):
    """500 and above: the fault is the service's."""


_CLASSES: dict[int, type[ServiceError]] = {
    400: BadRequest,
    401: WrongKey,
    403: Forbidden,
    404: Retired,
    410: Retired,
    415: WrongMediaType,
    429: RateLimited,
}


def _class_for(status: int) -> type[ServiceError]:
    return ServerProblem if status >= 500 else _CLASSES.get(status, ServiceError)


@dataclass(frozen=True)
class ErrorBody:
    """What an error body says, whichever of its shapes it has."""

    code: str = ""
    message: str = ""
    request_id: str = ""

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait where only the message tells them, as the older gateways did."""
        found = re.search(
            r"(?:again in|retry after|replenished in)\s+(\d{1,9}(?:\.\d+)?)\s+(second|hour|day)",
            self.message,
            re.IGNORECASE,
        )
        if found:
            return float(found[1]) * {"second": 1, "hour": 3600, "day": 86400}[found[2].lower()]
        # .NET writes a span of time with its days before a dot: 22.14:18:12
        clock = re.search(r"replenished in (?:(\d{1,4})\.)?(\d{1,4}):(\d\d):(\d\d)", self.message)
        if clock is None:
            return None
        return float(sum(int(n or 0) * unit for n, unit in zip(clock.groups(), (86400, 3600, 60, 1), strict=True)))


def parse_error_body(body: bytes | str) -> ErrorBody:
    """Read any error body that Computer Vision (v1.0 to v4.0), its gateways or Bing Image Search sends.

    A body that is empty, HTML, or no error at all still gives an `ErrorBody`; nothing is raised.

    >>> parse_error_body('{"error": {"code": "401", "message": "Access denied"}}').code
    '401'
    >>> parse_error_body('{"statusCode": 429, "message": "Try again in 26 seconds."}').retry_after
    26.0
    >>> parse_error_body("<html><title>502 Bad Gateway</title></html>").message
    'a web page: 502 Bad Gateway'
    """
    text = body.decode("utf-8-sig", "replace") if isinstance(body, bytes) else body
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):  # the second for JSON that is nested a thousand deep
        data = None
    if not isinstance(data, dict):
        return ErrorBody(message=_not_json(text))
    return _from_bing(data) if data.get("errors") else _from_vision(data)


def _from_vision(data: dict[str, Any]) -> ErrorBody:
    outer = data.get("error") or data
    if not isinstance(outer, dict):
        return ErrorBody(message=_word(outer))
    inner = outer
    while isinstance(inner.get("innererror"), dict):
        inner = inner["innererror"]
    return ErrorBody(
        code=_word(inner.get("code"), outer.get("code"), outer.get("statusCode")),
        message=_word(inner.get("message"), outer.get("message")),
        request_id=_word(data.get("requestId"), outer.get("requestId"), inner.get("requestId")),
    )


def _from_bing(data: dict[str, Any]) -> ErrorBody:
    errors = data["errors"]
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
    code = "/".join(filter(None, (_word(first.get("code")), _word(first.get("subCode")))))
    message, parameter, value = (_word(first.get(key)) for key in ("message", "parameter", "value"))
    if parameter:
        message += f" (parameter {parameter} = {value!r})" if value else f" (parameter {parameter})"
    return ErrorBody(code, message)


def _word(*candidates: object) -> str:
    """The first of them that is text or a number and says something."""
    return next((str(one) for one in candidates if one and isinstance(one, str | int | float)), "")


def _not_json(text: str) -> str:
    if not text.strip():
        return "the answer was empty"
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    if title:
        return f"a web page: {' '.join(unescape(title[1]).split())}"
    return " ".join(text.split())[:200]


def seconds_to_wait(retry_after: str) -> float | None:
    """Read the header ``Retry-After``: a number of seconds or a date (RFC 9110, 10.2.3), else None.

    >>> seconds_to_wait("26"), seconds_to_wait("Wed, 21 Oct 2015 07:28:00 GMT"), seconds_to_wait("soon")
    (26.0, 0.0, None)
    """
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", retry_after):
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, IndexError, OverflowError):  # all of them come out of email.utils
        return None


_CODE_HINTS = {
    "InvalidImageUrl": "Open the address in a browser: the service must be able to fetch it without signing in. "
    "A picture on your own disk is sent as bytes: give its path.",
    "FailedToDownloadImage": "Open the address in a browser: the service must be able to fetch it.",
    "InvalidImageFormat": "Send a JPEG, PNG, GIF or BMP picture. A picture of another kind at an address is made fit "
    "when you open it first: cvhelpers.open_picture(address).",
    "InvalidImage": "Send a picture that opens in an image viewer.",
    "UnsupportedImageFormat": "Send a JPEG, PNG or BMP picture.",
    "NotSupportedImage": "Send a JPEG, PNG, GIF or BMP picture that shows something else.",
    "InvalidImageSize": "The picture must be smaller than 4 MB and at least 50 × 50 pixels. One at an address is made "
    "fit when you open it first: cvhelpers.open_picture(address).",
    "InvalidImageDimension": "Resize the picture: at least 50 × 50, for reading text at most 4200 pixels a side.",
    "NotSupportedVisualFeature": "Check the spelling of the visual features; this service can't answer one of them.",
    "NotSupportedFeature": "Check the spelling of the visual features; this service can't answer one of them.",
    "InvalidDetails": "details takes Celebrities or Landmarks, where the service offers them.",
    "NotSupportedLanguage": "Choose a language that this operation offers, for instance en.",
    "BadArgument": "Compare the parameters with the operation's documentation: one of them has a wrong value.",
    "InvalidThumbnailSize": "Ask for a width and a height between 1 and 1024.",
    "InsufficientAuthorization": "The open search does not want to answer, whatever is asked. Try again later, or ask "
    "the other one: set CVHELPERS_SEARCH to openverse or to commons.",
    "InvalidRequest/ParameterMissing": "Add the parameter that the message names.",
    "InvalidRequest/ParameterInvalidValue": "Change the value of the parameter that the message names.",
}

_STATUS_HINTS = {
    400: "Compare the parameters and the body with what the operation takes.",
    401: "Use a key of this service and this region. Keyless sources accept the client's own headers "
    "(vision.headers), the live source reads VISION_KEY and VISION_ENDPOINT.",
    403: "The key is valid, but it is not allowed to do this. Its quota may be used up, or its network or tier does "
    "not permit it.",
    404: "Check the address and the version in it: versions before v3.2 were retired on 13 September 2026. "
    'cvhelpers.connect("keyless") answers without any service.',
    410: "This service or version is retired. "
    'Use api_version="v3.2" with a key, or cvhelpers.connect("keyless") without one.',
    415: "Send JSON with a url, or the picture's bytes with Content-Type: application/octet-stream.",
    429: "Wait, then call again; the free tier allows 20 calls a minute, and each poll is a call.",
}


_SEARCH_LIMIT, _SEARCH_FAULT = "RateLimitExceeded", "ServerError"
"""Codes of the image search, which has limits of its own, and takes no picture."""


def _hint(status: int, code: str, message: str, retry_after: float | None) -> str:
    if status == 429 and retry_after is not None:
        limit = "" if code == _SEARCH_LIMIT else ": the free tier allows 20 calls a minute"
        wait = f"{retry_after:.0f} seconds" if retry_after <= 3600 else _hours(retry_after)
        return f"Wait {wait}, then call again{limit}."
    if status == 403 and retry_after is not None:
        return f"The quota is used up. It is renewed in {_hours(retry_after)}."
    if status == 400 and "not supported in this region" in message:
        return "Use a resource in another region, for instance East US, or leave the caption out: tags work everywhere."
    if status in (400, 403) and code in _CODE_HINTS:
        return _CODE_HINTS[code]
    if status >= 500 and "picture library" in message:
        return "Read what the service has logged: it names the file, and says how to mend it."
    if status >= 500:
        smaller = "" if code.startswith(_SEARCH_FAULT) else " If it comes again, use a smaller picture."
        return f"The error is in the service, not in your program. Try again in a minute.{smaller}"
    return _STATUS_HINTS.get(status, "Look up the status in the service's documentation.")


def _hours(seconds: float) -> str:
    """
    >>> _hours(7200), _hours(200_000)
    ('2.0 hours', '2.3 days')
    """
    hours = seconds / 3600
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"
