"""The picture in a request's body: JSON with a URL, bytes, or a form with a file."""

from __future__ import annotations

import json
import re

import anyio
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from ...protocol import headers
from ...protocol.vision import ANALYZE
from .calls import call_of
from .errors import ApiError

MAX_BYTES = ANALYZE.max_bytes
"""A picture must be smaller than this, with every operation up to v3.2."""
_MAX_JSON = 2**16
_LOOSE_URL = re.compile(
    r"""\s*\{\s*(['"]?)url\1\s*:\s*(['"])(?P<url>[^'"\\]*)\2\s*\}\s*""", re.IGNORECASE
)  # other quotes or none, and Url
_AROUND_THE_FILE = 2**16
"""Bytes that a form may have around the picture."""
SECONDS = 60.0
"""In which a body must have arrived, whole."""
PAUSE = 10.0
"""Seconds that may pass between two parts of it."""


async def picture_or_url(
    request: Request, forms: bool = True, most: int = MAX_BYTES, any_picture: bool = False
) -> bytes | str:
    """The bytes that the request brings, fewer than ``most``, or the address that it names.

    ``forms``: are multipart bodies taken? ``any_picture``: are bodies that call themselves a picture?
    """
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type == headers.JSON:
        return picture_url(await _read(request, _MAX_JSON, _not_a_url()))
    if media_type == headers.BYTES or (any_picture and media_type.startswith(headers.PICTURE)):
        return check_bytes(await _read(request, most, _too_large()), most)
    if media_type == headers.FORM and forms:
        body = await _read(request, most + _AROUND_THE_FILE, _too_large())
        return check_bytes(await _file_in_form(request, body), most)
    raise ApiError("UnsupportedMediaType", f"Content type {media_type!r} is not supported.", 415)


def check_bytes(data: bytes, most: int = MAX_BYTES) -> bytes:
    """The same bytes, if they are few enough."""
    if len(data) >= most:
        raise _too_large()
    return data


def picture_url(body: bytes) -> str:
    """The address in a JSON body, also in the looser JSON that the service took and its own documentation wrote.

    >>> picture_url(b'{"url": "https://example.org/cat.jpg"}'), picture_url(b"{'url':'https://example.org/cat.jpg'}")
    ('https://example.org/cat.jpg', 'https://example.org/cat.jpg')
    """
    try:
        url = json.loads(body)["url"]
    except (ValueError, LookupError, TypeError, RecursionError):
        loose = _LOOSE_URL.fullmatch(body.decode("utf-8-sig", "replace"))
        if loose is None:
            raise _not_a_url() from None
        url = loose["url"]
    if not isinstance(url, str):
        raise ApiError("BadArgument", "JSON format error. url should be a string.")
    return url


def _not_a_url() -> ApiError:
    return ApiError("BadArgument", 'JSON format error. The body should be {"url": "..."}.')


def _too_large() -> ApiError:
    return ApiError("InvalidImageSize", "Input image is too large.")


async def _read(request: Request, most: int, too_large: ApiError) -> bytes:
    """The body, as long as it is not too large and comes in time. Its memory counts until the call is answered."""
    memory, stream = call_of(request).memory, request.stream()
    parts: list[bytes] = []
    size = 0
    try:
        with anyio.fail_after(SECONDS):
            while True:
                with anyio.fail_after(PAUSE):
                    chunk = await anext(stream, None)
                if chunk is None:
                    return b"".join(parts)
                size += len(chunk)
                if size > most:
                    raise too_large  # the server reads the rest and drops it
                memory.take(len(chunk))
                parts.append(chunk)
    except TimeoutError:
        error = ApiError("Timeout", "The body of the request did not arrive in time.", 408)
        error.headers = {"Connection": "close"}
        raise error from None


async def _file_in_form(request: Request, body: bytes) -> bytes:
    """The first part of a form, be it marked as a file or not."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        async with Request(request.scope, receive).form(max_files=1, max_fields=1, max_part_size=len(body)) as form:
            for part in form.values():
                return await part.read() if isinstance(part, UploadFile) else part.encode()
    except HTTPException:
        pass  # not a form
    raise ApiError("InvalidImageFormat", "The form holds no picture.")
