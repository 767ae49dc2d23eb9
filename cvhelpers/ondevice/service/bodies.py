"""The picture in a request's body: JSON with a URL, bytes, or a form with a file."""

from __future__ import annotations

import json

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from .checks import MOST_BYTES
from .errors import ApiError

_SPARE = 2**16
"""What a form or JSON may have around the picture."""
_PATIENCE = 10 * MOST_BYTES
"""A body that is too large is read up to here and dropped: a client hears the reason only after it has sent all."""


async def picture_or_url(request: Request, forms: bool = True) -> bytes | str:
    """The bytes that the request brings, or the address that it names. ``forms``: are multipart bodies taken?"""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type == "application/json":
        return picture_url(await _read(request, MOST_BYTES))
    if media_type == "application/octet-stream":
        return check_bytes(await _read(request, MOST_BYTES))
    if media_type == "multipart/form-data" and forms:
        return check_bytes(await _file_in_form(request, await _read(request, MOST_BYTES + _SPARE)))
    raise ApiError("UnsupportedMediaType", f"Content type {media_type!r} is not supported.", 415)


def check_bytes(data: bytes) -> bytes:
    """The same bytes, if they are few enough."""
    if len(data) >= MOST_BYTES:
        raise ApiError("InvalidImageSize", "Input image is too large.")
    return data


def picture_url(body: bytes) -> str:
    """The address in a JSON body.

    >>> picture_url(b'{"url": "https://example.org/cat.jpg"}')
    'https://example.org/cat.jpg'
    """
    try:
        url = json.loads(body)["url"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ApiError("BadArgument", 'JSON format error. The body should be {"url": "..."}.') from None
    if not isinstance(url, str):
        raise ApiError("BadArgument", "JSON format error. url should be a string.")
    return url


async def _read(request: Request, most: int) -> bytes:
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= most:
            body += chunk
        elif size > _PATIENCE:
            break
    if size > most:
        raise ApiError("InvalidImageSize", "Input image is too large.")
    return bytes(body)


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
