"""A service in this process for the tests of the controls: it answers everything, and waits where it is told to."""

from __future__ import annotations

import io
import json
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import PIL.Image
import requests
from urllib3 import HTTPResponse

from cvhelpers.sources.base import Source

OBJECTS = [
    {"object": "cat", "confidence": 0.9, "rectangle": {"x": 10, "y": 20, "w": 30, "h": 40}},
    {"object": "sofa", "confidence": 0.5, "rectangle": {"x": 0, "y": 50, "w": 100, "h": 50}},
]


def png(color: str = "teal", size: tuple[int, int] = (200, 100)) -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGB", size, color).save(file, "PNG")
    return file.getvalue()


class Service(Source):
    """A service in this process that answers everything, notes what it was asked, and waits where it is told to."""

    name = "keyless"

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[requests.PreparedRequest] = []
        self.begun, self.open = threading.Event(), threading.Event()
        self.open.set()
        self.polls, self.polls_until_done = 0, 2

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the last request for an answer, not for a picture."""
        last = [request for request in self.asked if "pictures.test" not in str(request.url)][-1]
        return {name: values[0] for name, values in parse_qs(urlsplit(str(last.url)).query).items()}

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.asked.append(request)
        self.begun.set()
        assert self.open.wait(10)
        return self.build_response(request, self._answer(request))

    def _answer(self, request: requests.PreparedRequest) -> HTTPResponse:
        path = urlsplit(str(request.url)).path
        if path.endswith(".png"):
            return respond(png("navy", (320, 200)), content_type="image/png")
        if path.endswith("/analyze"):
            return respond({"tags": [{"name": "cat", "confidence": 0.9}], "objects": OBJECTS,
                              "metadata": {"width": 200, "height": 100}})  # fmt: skip
        if path.endswith("/ocr"):
            word = {"boundingBox": "20,30,60,10", "text": f"WORD{len(self.asked)}"}
            region = {"boundingBox": "20,30,60,10", "lines": [{"boundingBox": "20,30,60,10", "words": [word]}]}
            return respond({"language": "en", "orientation": "Up", "textAngle": 0, "regions": [region]})
        if path.endswith("/recognizeText"):
            self.polls = 0
            where = "https://westcentralus.api.cognitive.microsoft.com/vision/v2.0/textOperations/1"
            return respond(b"", 202, **{"Operation-Location": where})
        if "textOperations" in path:
            self.polls += 1
            if self.polls < self.polls_until_done:
                return respond({"status": "Running"})
            return respond({"status": "Succeeded", "recognitionResult": {"lines": []}})
        offset = int(parse_qs(urlsplit(str(request.url)).query).get("offset", ["0"])[0])
        picture = {
            "name": f"picture {offset}",
            "thumbnailUrl": "https://pictures.test/small.png",
            "contentUrl": f"https://pictures.test/{offset}.png",
            "creator": "Ada",
            "creativeCommons": "CC0",
        }
        after = {"nextOffset": offset + 1} if offset < 2 else {}
        return respond({"value": [picture], "totalEstimatedMatches": 3, **after})


class Endless(Service):
    """A service that accepts every picture and never answers."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        threading.Event().wait(60)
        raise requests.ReadTimeout


def respond(body: object, status: int = 200, content_type: str = "application/json", **headers: str) -> HTTPResponse:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {"Content-Type": content_type, "Cvhelpers-Source": "a service of the tests", **headers}
    return HTTPResponse(io.BytesIO(content), named, status, preload_content=False)
