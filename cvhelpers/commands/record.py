"""cvhelpers record: make the recordings of this computer's answers again.

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
from cvhelpers.commands import CommandError, write_whole
from cvhelpers.figures.alt import counted
from cvhelpers.pictures import Picture
from cvhelpers.protocol import headers
from cvhelpers.session import Connection
from cvhelpers.sources.on_device import OnDevice, application
from cvhelpers.sources.recorded import ANSWER_HEADERS, RECORDINGS, read_request

FEATURES = "Categories,Description,Color"
SEARCH = {"q": "puppies", "count": "16"}


def main(arguments: Sequence[str]) -> int:
    """Ask the on-device service, then write its answers: all of them came before the first is written."""
    parser = argparse.ArgumentParser(
        prog="cvhelpers record",
        description="Make the recordings of this computer's answers again: for those who change the models, "
        "the library or the sample photographs.",
    )
    parser.add_argument(
        "--folder", type=Path, default=RECORDINGS, help="where the recordings are written (default: %(default)s)"
    )
    folder: Path = parser.parse_args(arguments).folder
    session = Connection(OnDevice(app=application(own=False)))  # what is shipped holds nobody's own pictures
    answers = list(_answers(session))
    try:
        (folder / "thumbnails").mkdir(parents=True, exist_ok=True)
        for name, response in answers:
            write(folder, name, response)
            print(name)
    except OSError as error:
        raise CommandError(
            f"{error.filename or folder} cannot be written: {error.strerror or error}. "
            "Make room or name another folder with --folder, and run the command again. "
            "Every recording in the folder is whole: an old one or a new one."
        ) from None
    print(f"{counted(len(answers), 'recording')} written to {folder}.")
    return 0


def _answers(session: requests.Session) -> Iterator[tuple[str, requests.Response]]:
    """Each answer and the name of its recording."""
    vision, search = cv.VisionClient(session), cv.ImageSearchClient(session)
    sent = {**vision.headers, "Content-Type": headers.BYTES}

    def ask(name: str, *request: Any, **more: Any) -> tuple[str, requests.Response]:
        response = session.send(session.prepare_request(requests.Request(*request, **more)))
        if not response.ok:
            raise CommandError(
                f"{name}: the on-device service answered {response.status_code}, so nothing was written. "
                f"What it said: {response.text[:300]}"
            )
        return name, response

    for picture in photographs():
        name, parameters = f"on-device-analyze-{picture.name}", {"visualFeatures": FEATURES}
        yield ask(name, "POST", vision.url("analyze"), sent, params=parameters, data=picture.data)
    found = ask("on-device-search-puppies", "GET", search.url(), search.headers, params=SEARCH)
    yield found
    for number, image in enumerate(cv.ImageSearchResults.from_json(found[1].json()), start=1):
        yield ask(f"on-device-thumbnail-{number:02}", "GET", image.thumbnail_url)


def photographs() -> list[Picture]:
    """The sample photographs: the stand-ins have recorded answers of their own."""
    return [picture for picture in map(cv.sample, cv.sample_names()) if picture.url is None]


def write(folder: Path, name: str, response: requests.Response) -> None:
    """Write one exchange as a recording, the bytes of a picture in a file beside it."""
    asked = read_request(response.request)
    request: dict[str, Any] = {"method": asked.method, "path": asked.path, "query": dict(asked.query)}
    if response.request.body:
        request["body"] = {"sha256": hashlib.sha256(bytes(response.request.body)).hexdigest()}  # type: ignore[arg-type]
    kept = {key: value for key, value in response.headers.items() if key.lower() in ANSWER_HEADERS}
    kept.pop(headers.REQUEST_ID, None)  # another one each time
    media_type = response.headers["Content-Type"]
    if media_type.startswith("image/"):
        file = f"thumbnails/{name}.{media_type.removeprefix('image/')}"
        write_whole(folder / file, response.content)
        body: dict[str, Any] = {"file": file}
    else:
        body = {"json": {**response.json(), **({"requestId": "0" * 8} if "requestId" in response.json() else {})}}
    provenance = {
        "kind": "answered on a computer, by this project's on-device service",
        "document": response.headers[headers.SOURCE].removeprefix("on-device; "),
        "date": date.today().isoformat(),
    }
    answer = {"status": response.status_code, "headers": kept, "body": body}
    text = json.dumps({"provenance": provenance, "request": request, "response": answer}, indent=1, ensure_ascii=False)
    write_whole(folder / f"{name}.json", f"{text}\n".encode())
