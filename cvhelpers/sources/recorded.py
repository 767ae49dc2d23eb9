"""Recorded answers: a `requests` adapter that replays HTTP exchanges from readable JSON files.

A recording is one exchange and its provenance::

    {
      "provenance": {"kind": "sample answer printed in the quickstart", "document": "…", "date": "2019-07-03"},
      "request":    {"method": "POST", "path": "/vision/v2.0/analyze", "query": {"visualFeatures": "Color"},
                     "body": {"json": {"url": "…"}}},
      "response":   {"status": 200, "headers": {"Content-Type": "application/json"}, "body": {"json": {…}}}
    }

A body is ``{"json": …}``, ``{"sha256": "…"}`` (of a request's bytes) or ``{"file": "…"}`` (an answer's bytes, beside
the recording). The host is not compared, and ``{host}`` in an answer stands for the one that was asked, so one
recording serves every region. Recordings of the same request are a sequence in the order of their file names:
polling gets one after the other and then the last again, and starts anew with each POST that began the operation.

A request that no service would take (no key, a wrong key, bytes without their media type) is answered by the
recording whose request has that ``fault`` and whose path begins alike. Nothing here ever opens a socket.
"""

from __future__ import annotations

import difflib
import hashlib
import io
import json
import os
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from ..errors import RecordingNotFound, SetupError
from ..protocol import addresses, headers
from .base import Source
from .keys import NO_KEY

if TYPE_CHECKING:
    from ..pictures import Picture

RECORDINGS = Path(__file__).parents[1] / "samples" / "recordings"
ANSWER_HEADERS = frozenset(
    {"content-type", "operation-location", "retry-after", "apim-request-id", "www-authenticate", "x-ms-error-code"}
)
"""Of an answer's headers, those a recording may hold. Of a request's headers it holds none."""


@dataclass(frozen=True)
class Asked:
    """What of a request is compared: two requests that differ in nothing here get the same answer."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: str = ""

    def __str__(self) -> str:
        query = "&".join(f"{name}={value}" for name, value in self.query)
        return f"{self.method} {self.path}{'?' if query else ''}{query} {self.body[:160]}".strip()


@dataclass(frozen=True)
class Recording:
    """One recorded exchange. ``fault`` is what is wrong with the request, where that is all that counts."""

    name: str
    asked: Asked
    fault: str
    source: str
    status: int
    headers: Mapping[str, str]
    content: bytes


class Recorded(Source):
    """Answers from the recordings in a folder; what is not there raises `RecordingNotFound`."""

    name = "recorded"

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        super().__init__()
        self._answers: dict[Asked, list[Recording]] = defaultdict(list)
        self._faults: list[Recording] = []
        for recording in load(Path(folder or os.environ.get("CVHELPERS_RECORDINGS") or RECORDINGS)):
            (self._faults if recording.fault else self._answers[recording.asked]).append(recording)
        self._addresses = {address for asked in self._answers if (address := _address_in(asked.body))}
        self._turns: dict[Asked, int] = defaultdict(int)
        self._lock = threading.Lock()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        fault = find_fault(request) if self.needs_key(str(request.url)) else ""
        recording = self._for_fault(fault, request) if fault else self._next(read_request(request))
        base = addresses.base_of(str(request.url))
        answered = CaseInsensitiveDict(
            {name: value.replace("{host}", base) for name, value in recording.headers.items()}
        )
        if headers.OPERATION_LOCATION in answered:
            self._start_again(Asked("GET", urlsplit(answered[headers.OPERATION_LOCATION]).path))
        raw = HTTPResponse(
            io.BytesIO(_at(recording, base)),
            {**answered, headers.SOURCE: f"recorded; {recording.source}"},
            recording.status,
            reason=HTTPStatus(recording.status).phrase,
            preload_content=False,
        )
        return self.build_response(request, raw)

    def picture_address(self, picture: Picture) -> str | None:
        """Its address where something is recorded of that; else None: the live source sends the bytes of a stand-in."""
        address = super().picture_address(picture)
        return address if address in self._addresses else None

    def _next(self, asked: Asked) -> Recording:
        with self._lock:
            answers = self._answers.get(asked)
            if not answers:
                raise RecordingNotFound(self._miss(asked))
            turn = self._turns[asked]
            self._turns[asked] = min(turn + 1, len(answers) - 1)
            return answers[turn]

    def _start_again(self, asked: Asked) -> None:
        with self._lock:
            self._turns[asked] = 0

    def _for_fault(self, fault: str, request: requests.PreparedRequest) -> Recording:
        asked = read_request(request)
        for recording in self._faults:
            if recording.fault == fault and asked.path.startswith(recording.asked.path):
                return recording
        raise RecordingNotFound(
            f"This request has a {fault}, and no answer to that is recorded for {asked.path}. "
            "Send the client's own headers with it (vision.headers), and the media type of its body."
        )

    def _miss(self, asked: Asked) -> str:
        alike = [known for known in self._answers if (known.method, known.path) == (asked.method, asked.path)]
        names = {str(known): self._answers[known][0].name for known in alike or self._answers}
        nearest = difflib.get_close_matches(str(asked), names, n=1, cutoff=0)
        near = f"\nThe nearest recording is {names[nearest[0]]}:\n  {nearest[0]}" if nearest else ""
        return (
            f"No recorded answer fits this request:\n  {asked}{near}\n"
            "What to do: ask exactly what was recorded (the notebooks' own pictures and options), or let this computer "
            'answer: cvhelpers.connect("on-device"), which needs pip install "cvhelpers[ondevice]".'
        )


def _at(recording: Recording, base: str) -> bytes:
    """An answer's bytes, with the asked host in JSON that names it: a picture's bytes stay as they are."""
    is_json = recording.headers.get("Content-Type", "").startswith(headers.JSON)
    return recording.content.replace(b"{host}", base.encode()) if is_json else recording.content


def find_fault(request: requests.PreparedRequest) -> str:
    """What a service would refuse before it looks at the picture; empty if nothing."""
    key = request.headers.get(headers.KEY)
    if key is None:
        return "missing key"
    if (key.decode() if isinstance(key, bytes) else key) != NO_KEY:
        return "wrong key"
    media_type = str(request.headers.get("Content-Type", "")).split(";")[0]
    known = (headers.JSON, headers.BYTES, headers.FORM)
    return "wrong media type" if request.body and media_type not in known else ""


def read_request(request: requests.PreparedRequest) -> Asked:
    """What of a request is compared."""
    parts = urlsplit(str(request.url))
    data = _body_of(request)
    is_json = str(request.headers.get("Content-Type", "")).startswith(headers.JSON)
    query = tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return Asked(str(request.method), addresses.path_of(str(request.url)), query, _comparable(data, is_json))


def _address_in(body: str) -> str:
    """The address of a picture that a compared body names; empty where there is none."""
    data = json.loads(body) if body.startswith("{") else None
    return str(data.get("url", "")) if isinstance(data, dict) else ""


def _body_of(request: requests.PreparedRequest) -> bytes:
    """The body as bytes. One that can be read only once, such as an open file, is put back as bytes."""
    if isinstance(request.body, str | bytes | None):
        return request.body.encode() if isinstance(request.body, str) else request.body or b""
    parts = [request.body.read()] if hasattr(request.body, "read") else list(request.body)
    request.body = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return request.body


def _comparable(data: bytes, is_json: bool) -> str:
    """JSON with its keys in order, any other bytes by their SHA-256."""
    if not data:
        return ""
    if is_json:
        try:
            return _canonical(json.loads(data))
        except (ValueError, RecursionError):
            pass  # not JSON, whatever its media type says
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def load(folder: Path) -> list[Recording]:
    """All recordings of a folder in the order of their names. Raises `SetupError` naming a file that is none."""
    if not folder.is_dir():
        raise SetupError(f"There is no folder of recordings at {folder}. Check CVHELPERS_RECORDINGS, which names it.")
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def _read(path: Path) -> Recording:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return _recording(path, data["provenance"], data["request"], data["response"])
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError, OSError) as error:
        raise SetupError(
            f"{path.name} is not a recording: {type(error).__name__}: {error}. Delete it, and record it again."
        ) from None


def _recording(path: Path, provenance: Any, request: Any, response: Any) -> Recording:
    body, answer = request.get("body", {}), response.get("body", {})
    told = CaseInsensitiveDict({str(name): str(value) for name, value in response.get("headers", {}).items()})
    if unknown := [name for name in told if name.lower() not in ANSWER_HEADERS]:
        raise ValueError(f"answer headers that are not on the list: {unknown}")
    if "headers" in request:
        raise ValueError("a recording holds no request headers")
    sha256 = f"sha256:{body['sha256']}" if "sha256" in body else ""
    if "file" in answer:
        content = _file_beside(path, answer["file"]).read_bytes()
    else:
        content = json.dumps(answer["json"], ensure_ascii=False).encode() if "json" in answer else b""
    query = tuple(sorted((str(k), str(v)) for k, v in request.get("query", {}).items()))
    parts = (provenance["kind"], provenance["document"], provenance.get("date"))
    return Recording(
        name=path.name,
        asked=Asked(
            str(request.get("method", "")),
            str(request["path"]),
            query,
            _canonical(body["json"]) if "json" in body else sha256,
        ),
        fault=request.get("fault", ""),
        source=", ".join(part for part in parts if part),
        status=HTTPStatus(response["status"]).value,
        headers=told,
        content=content,
    )


def _file_beside(recording: Path, name: str) -> Path:
    """A file in the recording's own folder, or one of the samples: a recording may come from anyone."""
    file = (recording.parent / name).resolve()
    if not any(file.is_relative_to(folder.resolve()) for folder in (recording.parent, RECORDINGS.parent)):
        raise ValueError(f"the file {name!r} is not in the folder of the recording")
    return file


def _canonical(data: object) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False)
