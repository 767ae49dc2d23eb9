"""`cvhelpers analyze FOLDER`: a row for every picture, nothing is asked twice, and what goes wrong is said in words."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import PIL.Image
import pytest

import cvhelpers as cv
from cvhelpers.__main__ import main
from cvhelpers.clients.batch import Batch
from cvhelpers.commands import contact_sheet, tables
from systems import POSIX
from test_batch import KEY, Azure
from test_batch import azure as azure  # a fixture

COMMAND = [sys.executable, "-m", "cvhelpers", "analyze"]


@pytest.fixture
def folder(tmp_path: Path, azure: type[Azure], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three pictures, of which the service refuses one, in a place from which Azure is played."""
    monkeypatch.setenv("VISION_ENDPOINT", azure.address)  # type: ignore[attr-defined]
    monkeypatch.setenv("VISION_KEY", KEY)
    monkeypatch.setenv("CVHELPERS_SOURCE", "live")
    monkeypatch.chdir(tmp_path)
    for path, width in (("a.png", 60), ("=1+1.png", 61), ("deeper/ä 日本.png", 62)):
        save(tmp_path / "pictures" / path, width)
    return tmp_path / "pictures"


def save(path: Path, width: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    PIL.Image.new("RGB", (width, 60), "navy").save(path)


def run(*arguments: object) -> int:
    return main(["analyze", "pictures", *map(str, arguments)])


def table(path: str = "results.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8-sig"))))


# --- what is written -----------------------------------------------------------------------------------------


def test_every_picture_has_its_rows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert [(row["picture"], row["what"], row["name"]) for row in table()] == [
        ("'=1+1.png", "caption", "61 wide"),
        ("a.png", "caption", "60 wide"),
        ("deeper/ä 日本.png", "caption", "62 wide"),
    ]
    said = capsys.readouterr().out
    assert "3 of 3 pictures answered; see results.csv" in said
    assert "kept in results-answers" in said
    assert sorted(os.listdir()) == ["pictures", "results-answers", "results.csv"], "and nothing else is left"


def test_hidden_files_are_left_alone(folder: Path) -> None:
    """A Mac puts ._a.png beside a.png on a disk of another system. It is no picture."""
    save(folder / ".hidden.png", 63)
    (folder / "._a.png").write_bytes(b"no picture")
    assert run() == 0
    assert {row["picture"] for row in table()} == {"'=1+1.png", "a.png", "deeper/ä 日本.png"}


def test_the_table_opens_in_excel_with_its_letters(folder: Path) -> None:
    run()
    assert Path("results.csv").read_bytes().startswith(b"\xef\xbb\xbfpicture,")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r\n@"])
def test_no_text_becomes_a_formula(folder: Path, sign: str) -> None:
    """Neither a file's name nor what is written on a picture."""
    from cvhelpers.commands.tables import harmless

    assert not str(harmless(f"{sign}SUM(A1)")).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_json_lines_and_a_page_may_be_written_as_well(folder: Path) -> None:
    assert run("--out", "all.CSV", "--out", "lines.jsonl", "--out", "page.html") == 0
    assert Path("all-answers").is_dir(), "the answers are kept beside the first of them"
    lines = [json.loads(line) for line in Path("lines.jsonl").read_text("utf-8").splitlines()]
    assert [line["picture"] for line in lines] == ["=1+1.png", "a.png", "deeper/ä 日本.png"]
    assert lines[0]["text"] == "61 wide"
    page = Path("page.html").read_text("utf-8")
    alts = re.findall(r'<img alt="([^"]+)"', page)
    assert alts[1] == "a.png, in the words of the service: 60 wide."
    assert len(alts) == 3
    assert len(table("all.CSV")) == 3


def test_the_source_can_be_chosen_and_the_folder_be_one_s_own(
    folder: Path, azure: type[Azure], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(7):
        (folder / f"{n}.txt").write_text("no picture", encoding="utf-8")
    save(folder / "B.PNG", 64)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(folder.parent))
    assert main(["analyze", "~/pictures", "--source", "recorded"]) == 1
    assert azure.asked == []
    said = capsys.readouterr().out
    assert said.startswith(f"4 pictures in {folder}.")
    assert "not that of a picture: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 2 more.\n" in said


@pytest.mark.parametrize("write", [tables.as_csv, tables.as_json_lines, contact_sheet.as_html])
def test_a_name_that_is_no_unicode_is_written_all_the_same(tmp_path: Path, write: Any) -> None:
    save(tmp_path / "a.png", 60)
    batch = Batch(("\udcff.png",), (cv.PictureError("gone"),))
    assert b"\\udcff.png" in write(batch, [tmp_path / "a.png"])


def test_what_a_name_or_a_service_says_is_text_on_the_page(tmp_path: Path) -> None:
    save(tmp_path / "a.png", 400)
    spoilt = {"description": {"captions": [{"text": "<i>&quot;", "confidence": 0.9}], "tags": ["cat"] * 7}}
    results = (cv.ImageAnalysis.from_json(spoilt), cv.PictureError("<i>" + "x" * 400), cv.ImageAnalysis())
    page = contact_sheet.as_html(Batch(("<i>.png", "<i>b.png", "c.png"), results), [tmp_path / "a.png"] * 3).decode()
    assert "<i>" not in page
    assert page.count("&lt;i&gt;.png") == 4, "heading, picture, table, and what unfolds it"
    assert "&lt;i&gt;&amp;quot;. Tags: cat, cat, cat, cat, cat, cat." in page, "six tags at most"
    assert f"No answer: &lt;i&gt;{'x' * 297}…" in page, "300 letters are enough to see what it is"
    assert "The service named nothing in it." in page
    assert page.count("<details>") == 1, "nothing unfolds where nothing was found"
    assert "3 pictures, 1 without an answer. Answers: none." in page
    told = (cv.ImageAnalysis(source="recorded; a"), cv.ImageAnalysis(source="on-device; b"), results[1])
    page = contact_sheet.as_html(Batch(("a", "b", "c"), told), [tmp_path / "a.png"] * 3).decode()
    assert "Answers: recorded; a. Answers: on-device; b.</p>" in page
    (small, *_) = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', page)
    assert PIL.Image.open(io.BytesIO(base64.b64decode(small))).size == (320, 48)


def test_a_page_without_a_word_and_a_picture_that_can_t_be_shown_stand_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "gone.png").write_bytes(b"no picture any more")
    save(tmp_path / "a.png", 60)
    empty = cv.OcrResult.from_json({"language": "en", "orientation": "Up", "textAngle": 0.0, "regions": []})
    page = contact_sheet.as_html(
        Batch(("gone.png", "a.png"), (empty, cv.PictureError("gone"))), [tmp_path / "gone.png", tmp_path / "a.png"]
    ).decode()
    gone, shown = page.split("<li>")[1:]
    assert "<p>This file can't be shown.</p>" in gone
    assert "<h2>gone.png</h2>No text was found.</figcaption>" in gone
    assert '<img alt="a.png, which has no description."' in shown


def test_the_operation_and_the_features_can_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    save(tmp_path / "pictures/page.png", 300)
    assert run("--source", "on-device", "--operation", "read") == 0
    assert [row["what"] for row in table()] == ["nothing"], "a picture without a word on it is not lost"
    assert run("--source", "on-device", "--features", "Color,ImageType") == 0
    assert {row["what"] for row in table()} >= {"accent color", "clip art"}
    assert run("--operation", "ocr", "--features", "Color") == 2
    assert "--features is for --operation analyze" in capsys.readouterr().err
    assert run("--features", "Smell", "--source", "on-device") == 2
    assert "'Smell' is no feature" in capsys.readouterr().err, "said once, not of every picture"


# --- what goes wrong -----------------------------------------------------------------------------------------


def test_one_failure_is_a_row_with_its_reason_and_the_status_tells_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(folder / "0.png", 66)
    (folder / "broken.jpg").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("x")
    assert run("--out", "r.csv", "--out", "r.html", "--out", "r.jsonl") == 1
    rows = {row["picture"]: row for row in table("r.csv")}
    assert rows["0.png"]["what"] == rows["broken.jpg"]["what"] == "error"
    assert "NotSupportedImage" in rows["0.png"]["name"]
    assert rows["a.png"]["name"] == "60 wide"
    said = capsys.readouterr().out
    assert "no answer: broken.jpg: broken.jpg is not a picture" in said
    assert "not that of a picture: notes.txt" in said
    assert "No answer: broken.jpg is not a picture" in Path("r.html").read_text("utf-8")
    lines = {line["picture"]: line for line in map(json.loads, Path("r.jsonl").read_text("utf-8").splitlines())}
    assert lines["broken.jpg"].keys() == {"picture", "error", "kind"}
    assert (lines["broken.jpg"]["kind"], lines["0.png"]["kind"]) == ("PictureError", "BadRequest")
    assert lines["broken.jpg"]["error"].startswith("broken.jpg is not a picture")
    assert [row["what"] for row in lines["a.png"]["found"]] == ["caption"]


def test_nothing_is_asked_twice_and_a_failure_is(folder: Path, azure: type[Azure]) -> None:
    save(folder / "refused.png", 66)
    for _ in range(2):
        assert run() == 1
    assert sorted(azure.asked) == [60, 61, 62, 66, 66]


def test_the_files_that_it_wrote_are_not_taken_for_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert run("--out", "pictures/r.csv") == 0
    assert "Left out" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "r.xlsx"], "Let the name end with .csv, .jsonl, .html"),
        (["--out", "pictures/.csv/../a.png"], "Let the name end with"),
        (["--out", "a-file/r.csv"], "Choose another"),
        (["--out", "folder.csv"], "is not a file"),
        (["--api-version", "v9"], "is no api_version"),
    ],
)
def test_what_can_t_be_is_said_before_anything_is_asked(
    folder: Path, azure: type[Azure], arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a-file").write_text("", encoding="utf-8")
    Path("folder.csv").mkdir()
    assert run(*arguments) == 2
    assert said in capsys.readouterr().err
    assert azure.asked == []


@pytest.mark.parametrize(("name", "said"), [("nothing", "does not exist"), ("a.png", "is a file"), ("empty", "no pic")])
def test_a_folder_without_pictures(tmp_path: Path, name: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path / "a.png", 60)
    (tmp_path / "empty").mkdir()
    assert main(["analyze", str(tmp_path / name), "--out", str(tmp_path / "r.csv")]) == 2
    assert said in capsys.readouterr().err


def test_a_wrong_key_ends_it_and_is_not_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "canary0123456789abcdef0123456789"
    monkeypatch.setenv("VISION_KEY", wrong)
    assert run() == 2
    said = capsys.readouterr()
    assert "401" in said.err
    assert wrong not in said.out + said.err
    assert not Path("results.csv").exists()


@POSIX
def test_a_full_disk_leaves_the_old_file_and_says_so(folder: Path) -> None:
    Path("results.csv").write_text("old", encoding="utf-8")

    import resource  # Windows has no such module

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))

    for n in range(12):
        save(folder / f"{'a long name ' * 8}{n}.png", 70)
    run("--out", "first.csv")
    Path("first-answers").rename("results-answers")  # the answers are there: only the table is written
    # Else the child may leave a cut-off .pyc behind, which no later run could import.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*COMMAND, "pictures"],
        capture_output=True,
        text=True,
        env=environment,
        preexec_fn=small_files,
        check=False,
    )
    assert done.returncode == 2
    assert "larger than this system allows" in done.stderr
    assert "Traceback" not in done.stderr
    assert Path("results.csv").read_text(encoding="utf-8") == "old"
    assert not list(Path().glob("*.unfinished"))


@POSIX
@pytest.mark.slow
def test_stopped_at_any_moment_it_goes_on_from_there(folder: Path, azure: type[Azure]) -> None:
    for n in range(40):
        save(folder / f"{n}.png", 100 + n)
    azure.delay = 0.3
    process = subprocess.Popen([*COMMAND, "pictures"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while len(azure.asked) < 8:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert "Stopped. What was answered is in results-answers" in out
    assert "Traceback" not in err
    azure.delay = 0
    before = len(list(Path("results-answers").glob("*.json")))
    assert before >= 4
    first = len(azure.asked)
    time.sleep(0.5)  # calls under way come to their end
    assert run() == 0
    assert len(table()) == 43
    assert len(azure.asked) - first <= 43 - before + 4
