"""cvhelpers record: make the recordings anew that this computer answered.

The quickstarts print an answer each, and those recordings never change. For the sample photographs, and for the search
for puppies, no service left an answer: the on-device service gives it, and the recording says so.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import requests

import cvhelpers as cv
from cvhelpers.pictures import Picture
from cvhelpers.protocol import headers
from cvhelpers.sources.recorded import ANSWER_HEADERS, RECORDINGS, read_request

FEATURES = "Categories,Description,Color"
SEARCH = {"q": "puppies", "count": "16"}


def main(arguments: Sequence[str]) -> int:
    """Ask the on-device service and write its answers."""
    parser = argparse.ArgumentParser(prog="cvhelpers record", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=RECORDINGS, help="where the recordings are written")
    folder = parser.parse_args(arguments).folder
    (folder / "thumbnails").mkdir(parents=True, exist_ok=True)
    session = cv.connect("on-device")
    for name, request in _requests(session):
        response = session.send(session.prepare_request(request))
        response.raise_for_status()
        write(folder, name, response)
        print(name)
    return 0


def _requests(session: requests.Session) -> Iterator[tuple[str, requests.Request]]:
    vision, search = cv.VisionClient(session), cv.ImageSearchClient(session)
    sent = {**vision.headers, "Content-Type": headers.BYTES}
    for picture in photographs():
        parameters = {"visualFeatures": FEATURES}
        request = requests.Request("POST", vision.url("analyze"), sent, params=parameters, data=picture.data)
        yield f"on-device-analyze-{picture.name}", request
    found = session.get(search.url(), headers=search.headers, params=SEARCH)
    yield "on-device-search-puppies", requests.Request("GET", search.url(), search.headers, params=SEARCH)
    for number, image in enumerate(cv.ImageSearchResults.from_json(found.json()), start=1):
        yield f"on-device-thumbnail-{number:02}", requests.Request("GET", image.thumbnail_url)


def photographs() -> list[Picture]:
    """The sample photographs: the stand-ins have recorded answers of their own."""
    return [picture for picture in map(cv.sample, cv.sample_names()) if picture.url is None]


def write(folder: Path, name: str, response: requests.Response) -> None:
    """Write one exchange as a recording, the bytes of a picture in a file beside it."""
    asked = read_request(response.request)
    request: dict[str, Any] = {"method": asked.method, "path": asked.path, "query": dict(asked.query)}
    if response.request.body:
        request["body"] = {"sha256": hashlib.sha256(bytes(response.request.body)).hexdigest()}  # type: ignore[arg-type]
    told = {key: value for key, value in response.headers.items() if key.lower() in ANSWER_HEADERS}
    told.pop(headers.REQUEST_ID, None)  # another one each time
    media_type = response.headers["Content-Type"]
    if media_type.startswith("image/"):
        file = f"thumbnails/{name}.{media_type.removeprefix('image/')}"
        (folder / file).write_bytes(response.content)
        body: dict[str, Any] = {"file": file}
    else:
        body = {"json": {**response.json(), **({"requestId": "0" * 8} if "requestId" in response.json() else {})}}
    provenance = {
        "kind": "answered on a computer, by this project's on-device service",
        "document": response.headers[headers.SOURCE].removeprefix("on-device; "),
        "date": date.today().isoformat(),
    }
    answer = {"status": response.status_code, "headers": told, "body": body}
    text = json.dumps({"provenance": provenance, "request": request, "response": answer}, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
