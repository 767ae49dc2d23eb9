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
from urllib.parse import parse_qsl, urlsplit

import requests

KEY_HEADER = "Ocp-Apim-Subscription-Key"
"""The request header that carries the key, of Computer Vision and of Bing alike."""
SOURCE_HEADER = "Cvhelpers-Source"
"""The answer header in which every source says where the answer came from."""
KEY_VARIABLE = "VISION_KEY"
_TOLD = ("content-type", "accept", KEY_HEADER.lower())
"""Request headers worth showing: the others are the same for every request that `requests` sends."""


class Exchange:
    """The request and the answer of a `requests.Response`.

    >>> import cvhelpers as cv
    >>> vision = cv.VisionClient(cv.connect("recorded"))
    >>> analysis = vision.analyze(cv.open_picture("street-at-night"))
    >>> print(vision.last_exchange)
    POST https://westcentralus.api.cognitive.microsoft.com/vision/v2.0/analyze → 200 OK
    """

    def __init__(self, response: requests.Response) -> None:
        request = response.request
        parts = urlsplit(str(request.url))
        self.method = str(request.method)
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path}"
        self.params = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.headers = {name: _shown(name, value) for name, value in request.headers.items() if name.lower() in _TOLD}
        self.body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
        self.status, self.reason = response.status_code, response.reason
        self.answer_headers = dict(response.headers)
        self.answer = response.content

    @property
    def json(self) -> Any:
        """The answer's JSON, or None where the answer is none."""
        return _json(self.answer)

    @property
    def source(self) -> str:
        """Where the answer came from."""
        return self.answer_headers.get(SOURCE_HEADER, "")

    def __str__(self) -> str:
        return f"{self.method} {self.url} → {self.status} {self.reason}"

    def __repr__(self) -> str:
        return f"<Exchange {self}>"

    def as_curl(self) -> str:
        """A command for a terminal. The key comes from the variable VISION_KEY, a picture's bytes from a file."""
        query = f"?{'&'.join(f'{k}={v}' for k, v in _quoted(self.params).items())}" if self.params else ""
        lines = [f"curl -X {self.method} {shlex.quote(self.url + query)}"]
        for name in self.headers:
            if name.lower() == KEY_HEADER.lower():
                lines.append(f'-H "{KEY_HEADER}: ${KEY_VARIABLE}"')
            elif name.lower() == "content-type":
                lines.append(f"-H {shlex.quote(f'{name}: {self.headers[name]}')}")
        if self.body:
            sent = _json(self.body)
            data = shlex.quote(json.dumps(sent, ensure_ascii=False)) if sent is not None else f"@{self.file_name}"
            lines.append(f"--data-binary {data}")
        return " \\\n  ".join(lines)

    def as_python(self) -> str:
        """A program that needs only `requests`. The key comes from the environment variable VISION_KEY."""
        arguments = ['headers={"' + KEY_HEADER + '": os.environ["' + KEY_VARIABLE + '"]}']
        sent = _json(self.body) if self.body else None
        if self.body and sent is None:
            arguments[0] = arguments[0][:-1] + ', "Content-Type": "application/octet-stream"}'
        if self.params:
            arguments.append(f"params={self.params!r}")
        if sent is not None:
            arguments.append(f"json={sent!r}")
        elif self.body:
            arguments.append(f"data=Path({self.file_name!r}).read_bytes()")
        imports = "import os\n" + ("from pathlib import Path\n" if self.body and sent is None else "")
        call = f"requests.{self.method.lower()}(\n    {self.url!r},\n    " + ",\n    ".join(arguments) + ",\n)"
        return f"{imports}\nimport requests\n\nresponse = {call}\nprint(response.status_code, response.text)\n"

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
        sent = _json(self.body) if self.body else None
        body = _pretty(sent) if sent is not None else _size(self.body)
        answer = _pretty(self.json) if self.json is not None else _readable(self.answer)
        return (
            f"<h4>Request</h4><p><strong>{self.method}</strong> <code>{escape(self.url)}</code></p>"
            f"{_table('Parameters', self.params)}{_table('Headers', self.headers)}{_folded('Body', body)}"
            f"<h4>Answer</h4><p><strong>{self.status} {escape(self.reason or '')}</strong></p>"
            f"{_table('Headers', self.answer_headers)}{_folded('Body', answer)}"
        )


def _shown(name: str, value: str | bytes) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return "•••" if name.lower() == KEY_HEADER.lower() else text


def _quoted(params: Mapping[str, str]) -> dict[str, str]:
    return {requests.utils.quote(k): requests.utils.quote(v, safe=",") for k, v in params.items()}  # type: ignore[attr-defined]


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
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
