"""What the service shows to a person's browser: the studio at ``/``, and the description of its operations.

All files are read once and kept in memory, so a visitor costs no process, no thread and no disk. Nothing on the pages
comes from another host, and the Content-Security-Policy has the browser see to it.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path

import PIL.Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import api_page
from .api_document import document

_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".jpg": "image/jpeg",
    ".png": "image/png",
}
_ASK_AGAIN, _KEEP = "no-cache", "max-age=86400"
"""The pages are asked for anew each time, and answered with 304 while they are the same; pictures are kept a day."""
_SMALL = (200, 140)
"""Pixels that the small copy of a sample fits into."""


@dataclass(frozen=True)
class File:
    """A file as it is sent."""

    data: bytes
    media_type: str
    cache: str = _ASK_AGAIN

    @property
    def etag(self) -> str:
        """Changes when the file does."""
        return f'"{hashlib.sha256(self.data).hexdigest()[:32]}"'


class Studio:
    """The studio's files: ``front`` has its scripts, ``samples`` the sample pictures with their ``pictures.json``.

    ``web_pictures`` lets the page show pictures of other hosts: what a search of the open web finds stands there.
    """

    def __init__(self, front: Path, samples: Path, web_pictures: bool = False) -> None:
        self._headers = _headers(web_pictures)
        self._page = _read(front / "studio" / "index.html")
        self._about = _as_json({"studio": "/", "operations": "/docs", "openapi": "/openapi.json"})
        self._docs = File(api_page.page().encode(), "text/html; charset=utf-8")
        scripts = [*front.glob("*.js"), *front.glob("*.css"), *(front / "studio").iterdir()]
        self._files = {path.name: _read(path) for path in scripts if path.suffix in _TYPES}
        self._files |= _samples(samples)

    def routes(self) -> list[Route]:
        """The page, what belongs to it, and the operations' description for people."""
        return [
            Route("/", self._root, methods=["GET"]),
            Route("/docs", self._description, methods=["GET"]),
            Route("/studio/{name:path}", self._file, methods=["GET"]),
        ]

    async def _root(self, request: Request) -> Response:
        """The studio for a browser; for a program, where to read on."""
        for_people = "text/html" in request.headers.get("accept", "")
        response = self._send(request, self._page if for_people else self._about)
        response.headers["Vary"] = "Accept"
        return response

    async def _description(self, request: Request) -> Response:
        return self._send(request, self._docs)

    async def _file(self, request: Request) -> Response:
        file = self._files.get(request.path_params["name"])
        return Response(status_code=404, headers=self._headers) if file is None else self._send(request, file)

    def _send(self, request: Request, file: File) -> Response:
        return send(request, file, self._headers)


def openapi_routes() -> list[Route]:
    """Where programs read what the operations are."""
    file = _as_json(document())

    async def openapi(request: Request) -> Response:
        # Everyone may read it, a page of another host too: it holds no secret.
        return send(request, file, {"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"})

    return [Route("/openapi.json", openapi, methods=["GET"])]


def send(request: Request, file: File, headers: dict[str, str]) -> Response:
    """The file, or 304 if the browser has it already."""
    headers = {**headers, "ETag": file.etag, "Cache-Control": file.cache}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if file.etag in known:
        return Response(status_code=304, headers=headers)
    return Response(file.data, media_type=file.media_type, headers=headers)


def _headers(web_pictures: bool) -> dict[str, str]:
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:" + (" https:" if web_pictures else ""),
        "media-src": "'self' blob:",
        "connect-src": "'self' data: blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    }


def _read(path: Path) -> File:
    media_type = _TYPES[path.suffix]
    text = not media_type.startswith("image/") or path.suffix == ".svg"
    return File(path.read_bytes(), f"{media_type}; charset=utf-8" if text else media_type)


def _as_json(data: object) -> File:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return File(text.encode(), "application/json; charset=utf-8")


def _samples(folder: Path) -> dict[str, File]:
    """The sample pictures by their addresses below ``/studio/``, each with a small copy; and a list of them."""
    files, listed = {}, []
    for one in json.loads((folder / "pictures.json").read_text(encoding="utf-8")):
        path = folder / "pictures" / one["file"]
        with PIL.Image.open(path) as image:
            size = image.size
            small = _small(image)
        places = {"src": f"samples/{path.name}", "small": f"samples/small/{path.stem}.jpg"}
        files[places["src"]] = File(path.read_bytes(), _TYPES[path.suffix], _KEEP)
        files[places["small"]] = File(small, "image/jpeg", _KEEP)
        about = {name: one[name] for name in ("name", "title", "description")}
        listed.append({**about, "file": path.name, "width": size[0], "height": size[1], **places})
    return {**files, "samples.json": _as_json(listed)}


def _small(image: PIL.Image.Image) -> bytes:
    copy = image.convert("RGB")
    copy.thumbnail(_SMALL)
    file = io.BytesIO()
    copy.save(file, "JPEG", quality=82)
    return file.getvalue()
