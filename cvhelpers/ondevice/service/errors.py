"""What the service refuses, in its own words: one exception, and the bodies that each version writes for it.

==================  =====================================================================================
version             an error body
==================  =====================================================================================
v1.0 to v2.1        ``{"code", "message", "requestId"}``; the gateway: ``{"statusCode", "message"}``
v3.0, v3.1          ``{"code", "message", "requestId"}``; the gateway: ``{"error": {"code", "message"}}``
v3.2                ``{"error": {"code", "message", "innererror": {"code", "message"}}}``; the gateway as in v3.0
v3.2 read           as in v3.0
4.0                 as v3.2, its outer code always InvalidRequest where the request is at fault
Bing                ``{"_type": "ErrorResponse", "errors": [{"code", "subCode", "message", "parameter", "value"}]}``
==================  =====================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...protocol.vision import Version

JsonObject = dict[str, Any]


class ApiError(Exception):
    """A refusal by the service.

    ``parameter`` and ``value`` say what was wrong with the request, where the version's error body has room for it.
    """

    def __init__(self, code: str, message: str, status: int = 400, parameter: str = "", value: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status
        self.parameter, self.value = parameter, value
        self.headers: dict[str, str] = {}


class GatewayError(ApiError):
    """A refusal by the gateway in front of the service: a key, a rate, an address."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(status), message, status)
        self.headers = headers or {}


class Busy(ApiError):
    """There is no room for another call; it is worth while to come back."""

    def __init__(self) -> None:
        super().__init__("ServiceUnavailable", "The service is busy. Try again in a moment.", 503)
        self.headers = {"Retry-After": "1"}


def not_found() -> GatewayError:
    """No such address, or no such operation any more."""
    return GatewayError(404, "Resource not found")


@dataclass(frozen=True)
class Dialect:
    """How one version words what it and its gateway refuse."""

    service_body: Callable[[ApiError, str], JsonObject]
    gateway_body: Callable[[ApiError], JsonObject]
    missing_key: str
    wrong_key: str
    too_many_calls: str
    url_code: str
    url_message: str

    def url_not_accessible(self) -> ApiError:
        """No picture at the address that was given."""
        return ApiError(self.url_code, self.url_message)

    def body(self, error: ApiError, request_id: str) -> JsonObject:
        """The error as JSON."""
        return self.gateway_body(error) if isinstance(error, GatewayError) else self.service_body(error, request_id)


def _flat(error: ApiError, request_id: str) -> JsonObject:
    return {"code": error.code, "message": error.message, "requestId": request_id}


def _nested(error: ApiError, request_id: str) -> JsonObject:
    inner = {"code": error.code, "message": error.message}
    return {"error": {"code": _outer_code(error), "message": error.message, "innererror": inner}}


def _analysis_4(error: ApiError, request_id: str) -> JsonObject:
    """4.0: the code says which part is wrong, the request or the service; what exactly stands inside."""
    inner = {"code": error.code, "message": error.message}
    message = MESSAGES_OF_4.get(error.code, error.message)
    return {"error": {"code": _outer_code_of_4(error), "message": message, "innererror": inner}}


def _outer_code_of_4(error: ApiError) -> str:
    return "InvalidRequest" if error.status < 500 else _outer_code(error)


MESSAGES_OF_4 = {
    **dict.fromkeys(("NotSupportedVisualFeature", "NotSupportedLanguage", "BadArgument"), "Analyze query is invalid."),
    "InvalidImageUrl": "The provided image url is not accessible.",
    "InvalidImageFormat": "Image format is not valid.",
}


_ABOUT_THE_REQUEST = {"InvalidImageFormat", "InvalidImageSize", "NotSupportedImage", "UnsupportedMediaType", "Timeout"}


def _outer_code(error: ApiError) -> str:
    if error.status >= 500:
        return "ServiceUnavailable" if error.status == 503 else "InternalServerError"
    return "InvalidRequest" if error.code in _ABOUT_THE_REQUEST else "InvalidArgument"


def _old_gateway(error: ApiError) -> JsonObject:
    if error.status == 404:
        return _new_gateway(error)
    return {"statusCode": error.status, "message": error.message}


def _new_gateway(error: ApiError) -> JsonObject:
    return {"error": {"code": error.code, "message": error.message}}


def _bing(error: ApiError, request_id: str) -> JsonObject:
    code, _, sub_code = error.code.partition("/")
    parts = {
        "code": code,
        "subCode": sub_code,
        "message": error.message,
        "parameter": error.parameter,
        "value": error.value,
    }
    return {"_type": "ErrorResponse", "errors": [{name: text for name, text in parts.items() if text}]}


_BING_CODES = {401: "InvalidAuthorization/AuthorizationMissing", 429: "RateLimitExceeded"}


def _bing_gateway(error: ApiError) -> JsonObject:
    if error.status not in _BING_CODES:
        return _new_gateway(error)
    return _bing(ApiError(_BING_CODES[error.status], error.message), "")


_MISSING_KEY = (
    "Access denied due to missing subscription key. "
    "Make sure to include subscription key when making requests to an API."
)
_OLD_WRONG_KEY = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
)
_NEW_WRONG_KEY = (
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an "
    "active subscription and use a correct regional API endpoint for your resource."
)
_OLD_RATE = "Rate limit is exceeded. Try again in {seconds} seconds."
_NEW_RATE = (
    "Requests to the {operation} Operation under Computer Vision API ({version}) have exceeded rate limit of your "
    "current ComputerVision F0 pricing tier. Please retry after {seconds} seconds. "
    "To increase your rate limit switch to a paid tier."
)
_OLD_URL = ("InvalidImageUrl", "Image URL is badly formatted or not accessible.")
_NEW_URL = ("InvalidImageUrl", "Image URL is not accessible.")
_READ_URL = ("FailedToDownloadImage", "The image could not be downloaded from the URL.")

BING = Dialect(_bing, _bing_gateway, _MISSING_KEY, _OLD_WRONG_KEY, _OLD_RATE, *_OLD_URL)


VISION_V4 = Dialect(
    _analysis_4,
    _new_gateway,
    _MISSING_KEY,
    _NEW_WRONG_KEY,
    _NEW_RATE.replace("{version}", "2023-10-01"),
    "InvalidImageUrl",
    "The provided image url is not accessible.",
)


def dialect_of(version: Version, read: bool = False) -> Dialect:
    """How a version of Computer Vision words its errors. ``read``: in its operation of that name."""
    if version.text_operation == "recognizeText":
        return Dialect(_flat, _old_gateway, _MISSING_KEY, _OLD_WRONG_KEY, _OLD_RATE, *_OLD_URL)
    rate = _NEW_RATE.replace("{version}", version.name)
    url = _READ_URL if read else _NEW_URL if version.nested_errors else _OLD_URL
    service_body = _nested if version.nested_errors and not read else _flat
    return Dialect(service_body, _new_gateway, _MISSING_KEY, _NEW_WRONG_KEY, rate, *url)
