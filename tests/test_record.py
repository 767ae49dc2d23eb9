"""The command `cvhelpers record`: what it writes can be played again, and nothing that was there is lost."""

import json
import os
from pathlib import Path

import PIL.Image
import pytest
import requests

import cvhelpers as cv
from cvhelpers.__main__ import main
from cvhelpers.commands import record
from cvhelpers.ondevice import Findings, index_folder
from cvhelpers.sources import on_device
from cvhelpers.sources.recorded import RECORDINGS

QUICK = ("clock", "cat")  # two photographs: the others are read the same way


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "photographs", lambda: [cv.sample(name) for name in QUICK])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made on the computer of a person whose own pictures are in the image search."""
    folder = tmp_path_factory.mktemp("recordings") / "new"
    own = folder.with_name("own")
    own.mkdir()
    PIL.Image.new("RGB", (400, 300), "tan").save(own / "my puppies.png")
    index_folder(own, own / "own.sqlite", read=lambda image: Findings(tags=("puppy",), caption="puppies"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CVHELPERS_LIBRARY", str(own / "own.sqlite"))
        on_device._make.cache_clear()  # an earlier test may have opened the library without them
        patch.setattr(record, "photographs", lambda: [cv.sample(name) for name in QUICK])
        assert main(["record", "--folder", str(folder)]) == 0
    on_device._make.cache_clear()
    return folder


def read(file: Path) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_every_photograph_is_recorded_and_no_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    names = {picture.name for picture in record.photographs()}
    assert {f"on-device-analyze-{name}" for name in names} == {
        file.stem for file in RECORDINGS.glob("*-analyze-*.json")
    }
    assert "democritus" not in names


def test_it_writes_one_recording_for_each_photograph_the_search_and_each_thumbnail(made: Path) -> None:
    names = [f"on-device-analyze-{name}" for name in sorted(QUICK, reverse=True)]
    names += ["on-device-search-puppies", *(f"on-device-thumbnail-{number:02}" for number in range(1, 17))]
    assert sorted(file.stem for file in made.glob("*.json")) == sorted(names)
    assert len(list((made / "thumbnails").iterdir())) == 16


@pytest.mark.parametrize("name", ["on-device-search-puppies", "on-device-thumbnail-07", "on-device-analyze-cat"])
def test_a_recording_says_what_was_asked_and_what_answered(made: Path, name: str) -> None:
    new, shipped = read(made / f"{name}.json"), read(RECORDINGS / f"{name}.json")
    assert new["request"] == shipped["request"]
    assert new.keys() == shipped.keys()
    assert new["provenance"]["kind"] == "answered on a computer, by this project's on-device service"
    assert new["provenance"]["date"]
    assert str(new["provenance"]["document"]).startswith("cvhelpers ")
    assert new["response"]["status"] == 200
    assert new["response"]["headers"] == shipped["response"]["headers"], "those that differ each time are left out"
    if name == "on-device-analyze-cat":
        assert new["response"]["body"]["json"]["requestId"] == "00000000", "so does the id of a request"
    assert "key" not in json.dumps(new).lower(), "what was sent to prove who asks is not part of a recording"


def test_the_search_is_what_ships(made: Path) -> None:
    """The same library gives the same answer, without a person's own pictures; only the date may differ."""
    new, shipped = (read(folder / "on-device-search-puppies.json") for folder in (made, RECORDINGS))
    assert new["response"]["body"] == shipped["response"]["body"]


def test_a_thumbnail_is_the_picture_beside_its_recording(made: Path) -> None:
    found = read(made / "on-device-thumbnail-03.json")
    body = found["response"]["body"]
    assert body == {"file": "thumbnails/on-device-thumbnail-03.png"}
    assert (made / "thumbnails/on-device-thumbnail-03.png").read_bytes()[:4] == b"\x89PNG"


# --- trouble -------------------------------------------------------------------------------------------------


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def answered(monkeypatch: pytest.MonkeyPatch, made: Path) -> None:
    """Answers of before, so that a test of writing need not ask for them."""
    response = requests.Response()
    response.status_code = 200
    response.headers.update({"Content-Type": "application/json", "Cvhelpers-Source": "on-device; cvhelpers test"})
    response._content = b"{}"
    response.request = requests.Request("GET", "https://example.org/bing/v7.0/images/search?q=a").prepare()
    monkeypatch.setattr(record, "_answers", lambda session: ((f"on-device-{n}", response) for n in range(5)))


def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(monkeypatch, made)
    (tmp_path / "file").write_text("")
    assert main(["record", "--folder", str(tmp_path / "file")]) == 2
    said = capsys.readouterr().err
    assert str(tmp_path / "file") in said
    assert "cannot be written" in said
    assert "--folder" in said


def test_on_a_full_disk_every_recording_stays_whole(
    tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(monkeypatch, made)
    assert main(["record", "--folder", str(tmp_path)]) == 0
    before = snapshot(tmp_path)
    assert len(before) == 5
    write = Path.write_bytes

    written: list[str] = []

    def full(file: Path, content: bytes) -> int:
        written.append(file.suffix)
        if "on-device-3" in file.name:
            write(file, content[:20])
            raise OSError(28, "No space left on device", str(file))
        return write(file, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["record", "--folder", str(tmp_path)]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert snapshot(tmp_path) == before, "and nothing half-written is left beside them"
    assert set(written) == {".unfinished"}, "a recording gets its name when it is whole"


def test_if_one_answer_is_an_error_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(record, "SEARCH", {"q": "puppies", "count": "none"})
    assert main(["record", "--folder", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "on-device-search-puppies: the on-device service answered 400, so nothing was written." in said
    assert os.listdir(tmp_path) == []
