"""Keeps exchanges as recordings, which `recorded` replays: ``connect("live", record="folder")``.

What is written holds no request header, so no key, and ``{host}`` in place of the host that was asked. An operation
that was polled is written once it has ended: the start, and each of its states once. A second run adds what is new
and leaves what is there. Each file is written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import tempfile
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import requests

from ..errors import SetupError
from ..protocol import addresses, headers
from .base import Service, Source
from .keyless import First
from .keys import Key
from .recorded import ANSWER_HEADERS, Asked, Recorded, read_request

if TYPE_CHECKING:
    from ..pictures import Picture

log = logging.getLogger(__name__)
SECRET_PARAMETERS = ("sig", "token", "access_token", headers.KEY_IN_ADDRESS, "x-amz-signature", "key", "code")
"""Parameters of an address that let its bearer in. A request with one of them is not recorded."""


@dataclass
class RecordedOperation:
    """An operation under way: its start, and its states so far, each with its answer."""

    name: str
    start: dict[str, Any]
    states: dict[str, dict[str, Any]] = field(default_factory=dict)


class Recorder(Source):
    """Passes requests on to another source, and writes each exchange into a folder.

    Raises `SetupError` where the folder can't be written to, before anything is asked.
    """

    def __init__(self, inner: Source, folder: str | os.PathLike[str]) -> None:
        super().__init__()
        self.inner, self.folder, self.name = inner, Path(folder), inner.name
        self.own_hosts = inner.own_hosts
        self._operations: dict[str, RecordedOperation] = {}
        self._lock = threading.Lock()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise SetupError(
                f"Recordings can't be written to {folder}: {error.strerror}. Choose another folder."
            ) from None

    def vision_service(self, endpoint: str | None, key: Key | None, api_version: str | None) -> Service:
        return self.inner.vision_service(endpoint, key, api_version)

    def search_service(self, endpoint: str | None, key: Key | None) -> Service:
        return self.inner.search_service(endpoint, key)

    def picture_address(self, picture: Picture) -> str | None:
        return self.inner.picture_address(picture)

    def served_address(self, url: str) -> str:
        return self.inner.served_address(url)

    def is_service(self, url: str) -> bool:
        return self.inner.is_service(url)

    def close(self) -> None:
        self.inner.close()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        asked = read_request(request)
        response = self.inner.send(request, *args, **options)
        if response.ok and not response.is_redirect:
            self._keep(asked, request, response)
        return response

    def _keep(self, asked: Asked, request: requests.PreparedRequest, response: requests.Response) -> None:
        if _has_secret(str(request.url)) or _has_secret_in_body(request):
            log.warning(
                "A request to %s was not recorded: its address holds a secret.", urlsplit(str(request.url)).netloc
            )
            return
        recording = self._recording(asked, request, response)
        with self._lock:
            if response.status_code == 202 and headers.OPERATION_LOCATION in response.headers:
                place = addresses.path_of(response.headers[headers.OPERATION_LOCATION])
                self._operations[place] = RecordedOperation(_name(asked), recording)
            elif asked.path in self._operations:
                self._keep_state(asked.path, recording, response)
            elif not _is_status(response):
                self._write(_name(asked), recording, response)

    def _keep_state(self, place: str, recording: dict[str, Any], response: requests.Response) -> None:
        """Keep a state of an operation; write all of them once it has ended."""
        operation = self._operations[place]
        state = _status(response)
        operation.states.setdefault(state, recording)
        if state in ("notstarted", "running"):
            return
        del self._operations[place]
        for number, (name, one) in enumerate(operation.states.items(), start=2):
            # A service could call its state what no file may be called, or what leads out of the folder.
            self._write(f"{operation.name}-{number}-{re.sub('[^a-z]', '', name)[:20] or 'answer'}", one, None)
        # The start comes last: where it is there, the whole operation is there.
        self._write(f"{operation.name}-1-accepted", operation.start, None)

    def _recording(
        self, asked: Asked, request: requests.PreparedRequest, response: requests.Response
    ) -> dict[str, Any]:
        base = addresses.base_of(str(request.url))
        sent: dict[str, Any] = {"method": asked.method, "path": asked.path, "query": dict(asked.query)}
        if asked.body.startswith("sha256:"):
            sent["body"] = {"sha256": asked.body.removeprefix("sha256:")}
        elif asked.body:
            sent["body"] = {"json": json.loads(asked.body)}
        told = {
            name: re.sub(re.escape(base), "{host}", value, flags=re.IGNORECASE)
            for name, value in response.headers.items()
            if name.lower() in ANSWER_HEADERS and name.lower() != headers.REQUEST_ID
        }
        source = response.headers.get(headers.SOURCE, self.name)
        return {
            "provenance": {
                "kind": "recorded from a service",
                "document": source.replace(urlsplit(base).netloc, "the service"),
                "date": datetime.now(UTC).date().isoformat(),
            },
            "request": sent,
            "response": {"status": response.status_code, "headers": told, "body": _body(response, base)},
        }

    def _write(self, name: str, recording: dict[str, Any], response: requests.Response | None) -> None:
        path = self.folder / f"{name}.json"
        if path.exists():
            return
        if response is not None and recording["response"]["body"] is None:
            file = f"{name}.{_ending(response)}"
            self._write_whole(self.folder / file, response.content)
            recording["response"]["body"] = {"file": file}
        self._write_whole(path, (json.dumps(recording, indent=1, ensure_ascii=False) + "\n").encode())

    def _write_whole(self, path: Path, data: bytes) -> None:
        part = self.folder / f"{uuid4()}.part"
        try:
            part.write_bytes(data)
            os.replace(part, path)
        except OSError as error:
            raise SetupError(
                f"The recording {path.name} can't be written: {error.strerror}. Make room in {self.folder}."
            ) from None
        finally:
            part.unlink(missing_ok=True)


class Kept(Recorded):
    """Recordings of one's own: whoever may read the files needs no key for what is in them."""

    def needs_key(self, url: str) -> bool:
        return False


def kept(inner: Source, folder: str | os.PathLike[str]) -> Source:
    """Answers from the recordings in a folder; what is not there is asked for, and recorded."""
    recorder = Recorder(inner, folder)
    return First(recorder, Kept(folder))


def _name(asked: Asked) -> str:
    """A file name that the same request gets each time, and no other one."""
    operation = re.sub(r"[^a-zA-Z0-9]+", "-", asked.path.strip("/").rpartition("/")[2] or "request")[:40]
    return f"{operation}-{hashlib.sha256(str((asked, asked.body)).encode()).hexdigest()[:12]}"


def _body(response: requests.Response, base: str) -> dict[str, Any] | None:
    """The JSON of an answer, its host replaced; empty for an empty one, None for anything else, such as a picture."""
    if not response.content:
        return {}
    try:
        text = response.content.decode("utf-8")
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    return {"json": json.loads(text.replace(base, "{host}"))}


def _status(response: requests.Response) -> str:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return ""
    return str(body.get("status") or "").lower() if isinstance(body, dict) else ""


def _is_status(response: requests.Response) -> bool:
    """Is this a state of an operation? One that was not started here is not recorded: its start would be missing."""
    return _status(response) in ("notstarted", "running", "succeeded", "failed")


def _ending(response: requests.Response) -> str:
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    return re.sub(r"[^a-z0-9]", "", kind.removeprefix("image/")) if kind.startswith("image/") else "bin"


def _has_secret(url: str) -> bool:
    parts = urlsplit(url)
    return "@" in parts.netloc or any(name.lower() in SECRET_PARAMETERS for name in parse_qs(parts.query))


def _has_secret_in_body(request: requests.PreparedRequest) -> bool:
    body = request.body
    if not str(request.headers.get("Content-Type", "")).startswith(headers.JSON) or not isinstance(body, str | bytes):
        return False
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return False
    url = data.get("url") if isinstance(data, dict) else None
    return isinstance(url, str) and _has_secret(url)
