"""One HTTP exchange as a lesson: what was sent, what came back, and the code that would send it again.

A client keeps its last exchange as ``last_exchange``. It shows itself in a notebook, folded where it is long, with
the key hidden everywhere; ``as_curl()`` and ``as_python()`` give code that runs when pasted into a terminal or a file.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests

from ..protocol import headers
from ..sources.keys import Token

KEY_VARIABLE = "VISION_KEY"
TOKEN_VARIABLE = "VISION_TOKEN"
_SHOWN = ("content-type", "accept", headers.KEY.lower())
"""Request headers worth showing: the others are the same for every request that `requests` sends."""


class Exchange:
    """The request and the answer of a `requests.Response`.

    ``note`` says what was done to the picture before it was sent; empty if nothing.

    >>> import cvhelpers as cv
    >>> vision = cv.VisionClient(cv.connect("recorded"))
    >>> analysis = vision.analyze(cv.open_picture("street-at-night"))
    >>> print(vision.last_exchange)
    POST https://westcentralus.api.cognitive.microsoft.com/vision/v2.0/analyze → 200 OK
    """

    def __init__(self, response: requests.Response, note: str = "") -> None:
        request = response.request
        self.note = note
        parts = urlsplit(str(request.url))
        self.method = str(request.method)
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path}"
        self.params = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.headers = dict(_shown(name, value) for name, value in request.headers.items() if name.lower() in _SHOWN)
        body = request.body.encode() if isinstance(request.body, str) else request.body
        self.body = body if isinstance(body, bytes) else b""  # an open file has been read to its end
        self.status, self.reason = response.status_code, response.reason
        self.answer_headers = dict(response.headers)
        self.answer = response.content

    @property
    def json(self) -> Any:
        """The answer's JSON, or None if the answer is not JSON."""
        return _json(self.answer)

    @property
    def sent(self) -> Any:
        """The JSON that was sent, or None if the picture's bytes were sent, or nothing."""
        return _json(self.body) if self._content_type.startswith(headers.JSON) else None

    @property
    def _content_type(self) -> str:
        return next((value for name, value in self.headers.items() if name.lower() == "content-type"), "")

    @property
    def source(self) -> str:
        """Where the answer came from."""
        name = headers.SOURCE.lower()  # a server may write a header's name in small letters
        return next((value for one, value in self.answer_headers.items() if one.lower() == name), "")

    def __str__(self) -> str:
        return f"{self.method} {self.url} → {self.status} {self.reason}"

    def __repr__(self) -> str:
        return f"<Exchange {self}>"

    def as_curl(self) -> str:
        """A command for a terminal. The key comes from the variable VISION_KEY, a token in its place from
        VISION_TOKEN, a picture's bytes from a file."""
        query = f"?{urlencode(self.params, safe=',')}" if self.params else ""
        lines = [f"curl -X {self.method} {shlex.quote(self.url + query)}"]
        if headers.KEY in self.headers:
            lines.append(f'-H "{headers.KEY}: ${KEY_VARIABLE}"')
        if headers.AUTHORIZATION in self.headers:
            lines.append(f'-H "{headers.AUTHORIZATION}: Bearer ${TOKEN_VARIABLE}"')
        if self.body:
            lines.append(f"-H {shlex.quote(f'Content-Type: {self._content_type}'.strip())}")
            text = json.dumps(self.sent, ensure_ascii=False)
            lines.append(f"--data-binary {f'@{self.file_name}' if self.sent is None else shlex.quote(text)}")
        return " \\\n  ".join(lines)

    def as_python(self) -> str:
        """A program that needs only `requests`. The key comes from the environment variable VISION_KEY."""
        imports, sent, arguments = ["import requests"], [], []
        if headers.KEY in self.headers:
            imports.insert(0, "import os")
            sent.append(f'"{headers.KEY}": os.environ["{KEY_VARIABLE}"]')
        if headers.AUTHORIZATION in self.headers:
            imports.insert(0, "import os")
            sent.append(f'"{headers.AUTHORIZATION}": "Bearer " + os.environ["{TOKEN_VARIABLE}"]')
        if self.params:
            arguments.append(f"params={self.params!r}")
        if self.sent is not None:
            arguments.append(f"json={self.sent!r}")
        elif self.body:
            imports.insert(-1, "from pathlib import Path")
            sent += [f'"Content-Type": {self._content_type!r}'] if self._content_type else []
            arguments.append(f"data=Path({self.file_name!r}).read_bytes()")
        if sent:
            arguments.insert(0, f"headers={{{', '.join(sent)}}}")
        call = "".join(f"    {argument},\n" for argument in [repr(self.url), *arguments])
        imported = "\n".join(imports).replace("\nimport requests", "\n\nimport requests")
        return (
            f"{imported}\n\nresponse = requests.{self.method.lower()}(\n{call})\n"
            "print(response.status_code, response.text)\n"
        )

    @property
    def file_name(self) -> str:
        """The name that the pasted code reads the picture from; ``save_body`` writes it."""
        kinds = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"BM": "bmp"}
        return "picture." + next((end for start, end in kinds.items() if self.body.startswith(start)), "bin")

    def save_body(self, folder: str | Path = ".") -> Path:
        """Write the bytes that were sent, so that the pasted code finds its picture. Returns the file's path."""
        path = Path(folder) / self.file_name
        path.write_bytes(self.body)
        return path

    def _repr_html_(self) -> str:
        body = _pretty(self.sent) if self.sent is not None else _size(self.body)
        answer = _pretty(self.json) if self.json is not None else _readable(self.answer)
        note = f"<p>The picture was {escape(self.note)}.</p>" if self.note else ""
        return (
            f"<h3>Request</h3><p><strong>{self.method}</strong> <code>{escape(self.url)}</code></p>"
            f"{_table('Parameters', self.params)}{_table('Headers', self.headers)}{_folded('Body', body)}{note}"
            f"<h3>Answer</h3><p><strong>{self.status} {escape(self.reason or '')}</strong></p>"
            f"{_table('Headers', self.answer_headers)}{_folded('Body', answer)}"
        )


def _shown(name: str, value: str | bytes) -> tuple[str, str]:
    """A header for people: a key is hidden, and where it stood for a token, there is the header of a token."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    if name.lower() != headers.KEY.lower():
        return name, text
    return (headers.AUTHORIZATION, "Bearer •••") if Token.stand_in in text else (name, "•••")


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _pretty(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)


def _size(data: bytes) -> str:
    return f"{len(data):,} bytes" if data else "(empty)"


def _readable(data: bytes) -> str:
    try:
        return data.decode() or "(empty)"
    except UnicodeDecodeError:
        return _size(data)


def _table(title: str, rows: Mapping[str, str]) -> str:
    if not rows:
        return ""
    cells = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(name)}</th>'
        f'<td style="text-align:left"><code>{escape(value)}</code></td></tr>'
        for name, value in rows.items()
    )
    return f'<table><caption style="text-align:left">{title}</caption><tbody>{cells}</tbody></table>'


def _folded(title: str, text: str, lines: int = 12) -> str:
    """Short text in the open, long text behind a click."""
    inside = f"<pre>{escape(text)}</pre>"
    if text.count("\n") < lines:
        return f"<p>{title}</p>{inside}"
    return f"<details><summary>{title} ({text.count(chr(10)) + 1} lines)</summary>{inside}</details>"
