"""The command `cvhelpers index`: two at once, stopped half way, and whatever cannot be read or written."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from cvhelpers.__main__ import main
from cvhelpers.commands.index import findings
from cvhelpers.ondevice.engine.readings import Description, ImageStyle, Sentence
from cvhelpers.ondevice.library import Findings, Library, Query
from cvhelpers.ondevice.library import index as library_index
from cvhelpers.ondevice.library.opening import open_own, transaction
from cvhelpers.sources import recorded
from systems import POSIX

PROGRAM = Path(__file__).with_name("index_slowly.py")
SAMPLES = recorded.RECORDINGS.parent / "pictures"
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and permissions are those of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve pictures, each another."""
    folder = tmp_path / "my pictures"
    folder.mkdir()
    for number in range(12):
        Image.new("RGB", (40, 30), (20 * number, 0, 0)).save(folder / f"{number:02}.png")
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "own.sqlite"


def start(folder: Path, database: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), str(seconds), str(folder), "--database", str(database)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def counts(text: str) -> tuple[int, ...]:
    """How many were read, unchanged, removed and skipped."""
    found = re.search(r"(\d+) read, (\d+) unchanged, (\d+) removed, (\d+) skipped", text)
    assert found, text
    return tuple(map(int, found.groups()))


def files_of(database: Path) -> list[str]:
    """The files in an index that is whole."""
    with closing(sqlite3.connect(database)) as own:
        assert own.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        pictures, contents = (
            own.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("pictures", "contents")
        )
        assert pictures == contents
        return [Path(path).name for (path,) in own.execute("SELECT path FROM files ORDER BY path")]


def wait_for_files(database: Path, number: int) -> None:
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        try:
            with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as own:
                if own.execute("SELECT count(*) FROM files").fetchone()[0] >= number:
                    return
        except sqlite3.OperationalError:  # not made yet
            pass
        time.sleep(0.02)
    raise AssertionError(f"{database} does not hold {number} files after 30 s")


# --- the work ------------------------------------------------------------------------------------------------


def test_a_folder_of_photographs_is_found_by_what_is_on_them(
    tmp_path: Path, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the real engine. The sample photographs ship with the library, so these copies are turned round."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    for name in ("cat.jpg", "coffee.jpg"):
        with Image.open(SAMPLES / name) as picture:
            picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / name)
    assert main(["index", str(folder), "--database", str(database)]) == 0
    out = capsys.readouterr().out
    assert counts(out) == (2, 0, 0, 0)
    assert out.endswith(f"The index is {database}.\n")
    for word in ("cat", "coffee"):
        first = Library(own=database).search(Query(word)).entries[0]
        assert Path(first.path or "").name == f"{word}.jpg"
        assert word in first.keywords
        assert first.kind == "Photo"
    assert main(["index", str(folder), "--database", str(database)]) == 0
    assert counts(capsys.readouterr().out) == (0, 2, 0, 0)


def test_what_cannot_be_read_is_told_and_the_exit_status_is_1(
    folder: Path, database: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "notes.jpg").write_text("not a picture")
    monkeypatch.setattr(library_index, "SUFFIXES", frozenset({".jpg"}))
    assert main(["index", str(folder), "--database", str(database)]) == 1
    out = capsys.readouterr().out
    assert f"skipped {folder / 'notes.jpg'}: not a picture in a format that can be read" in out
    assert counts(out) == (0, 0, 0, 1)


@pytest.mark.parametrize(("clip_art", "kind"), [(0, "Photo"), (1, "Photo"), (2, "Clipart"), (3, "Clipart")])
def test_what_the_engine_found_is_kept_in_the_words_of_the_index(clip_art: int, kind: str) -> None:
    """2 (normal) and 3 (good) are what the service called clip art; 1 was ambiguous."""
    description = Description(("indoor", "cup"), (Sentence("a cup", 0.9), Sentence("a bowl", 0.2)))
    reads = SimpleNamespace(
        analyze=lambda image, features: SimpleNamespace(
            description=description if "description" in features else None,
            image_type=ImageStyle(clip_art, 0) if "image_type" in features else None,
        ),
        read=lambda image: SimpleNamespace(text="HOT TEA"),
    )
    found = findings(reads, Image.new("RGB", (60, 60)))  # type: ignore[arg-type]
    assert found == Findings(("indoor", "cup"), "a cup", "HOT TEA", kind)


# --- two at once, and stopped --------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", range(2))
def test_three_at_once_share_the_work(turn: int, folder: Path, database: Path) -> None:
    runs = [start(folder, database, 0.05) for _ in range(3)]
    told = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], [errors for _, errors in told]
    found = [counts(out) for out, _ in told]
    assert sum(read for read, *_ in found) == 12, "each picture is stored once"
    assert all((read + unchanged, removed, skipped) == (12, 0, 0) for read, unchanged, removed, skipped in found)
    assert len(files_of(database)) == 12


def test_what_one_run_looks_up_and_stores_no_other_run_can_come_between(folder: Path, database: Path) -> None:
    start(folder, database, 0).communicate(timeout=60)
    with closing(open_own(database)) as first, closing(sqlite3.connect(database, timeout=0.05)) as second:
        second.isolation_level = None
        with transaction(first):
            assert first.execute("SELECT count(*) FROM files").fetchone() == (12,)
            with pytest.raises(sqlite3.OperationalError, match="locked"), transaction(second):
                pytest.fail("the other run came between")
        with transaction(second):
            second.execute("DELETE FROM files")


@POSIX
@posix
def test_ctrl_c_keeps_what_was_read_and_the_next_run_goes_on(folder: Path, database: Path) -> None:
    run = start(folder, database, 0.3)
    wait_for_files(database, 2)
    run.send_signal(signal.SIGINT)
    out, errors = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Interrupted. What was read is kept" in out
    assert "Traceback" not in errors
    kept = len(files_of(database))
    assert 2 <= kept < 12
    again = start(folder, database, 0)
    assert counts(again.communicate(timeout=60)[0]) == (12 - kept, kept, 0, 0)


@POSIX
@posix
def test_a_run_that_was_killed_keeps_what_it_had_read(folder: Path, database: Path) -> None:
    run = start(folder, database, 0.1)
    wait_for_files(database, 3)
    run.kill()
    run.communicate(timeout=60)
    kept = len(files_of(database))
    assert kept >= 3
    again = start(folder, database, 0)
    assert counts(again.communicate(timeout=60)[0]) == (12 - kept, kept, 0, 0)
    assert len(files_of(database)) == 12


# --- an index that cannot be used ----------------------------------------------------------------------------


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What the command says when it cannot start: one line, exit status 2, no traceback."""
    assert main(["index", *map(str, arguments)]) == 2
    said = capsys.readouterr().err.splitlines()
    return next(line for line in said if line.startswith("cvhelpers index: "))


def test_a_damaged_index_is_set_aside_on_request_and_made_anew(
    folder: Path, database: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_index, "SUFFIXES", frozenset({".none"}))
    for number in ("", "1"):
        database.write_text("This is no database. " * 50, encoding="utf-8")
        database.with_name("own.sqlite-journal").write_text("Nor is this a journal.")
        said = refused(capsys, folder, "--database", database)
        assert f"{database} is not an index of pictures. With --rebuild it is set aside" in said
        assert main(["index", str(folder), "--database", str(database), "--rebuild"]) == 0
        assert f"The old index is now {database}.old{number}." in capsys.readouterr().out
        assert database.with_name(f"own.sqlite.old{number}").read_text().startswith("This is no database.")
        assert not database.with_name("own.sqlite-journal").exists(), "it would spoil the new index"
        assert files_of(database) == []


def test_rebuild_without_an_index_just_makes_one(folder: Path, database: Path) -> None:
    run = start(folder, database, 0)
    run.communicate(timeout=60)
    database.unlink()
    again = [sys.executable, str(PROGRAM), "0", str(folder), "--database", str(database), "--rebuild"]
    out = subprocess.run(again, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "old index" not in out
    assert counts(out) == (12, 0, 0, 0)


def test_another_programs_database_is_left_as_it_is(
    folder: Path, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(database)) as other:
        other.execute("CREATE TABLE bookmarks (address TEXT)")
    before = database.read_bytes()
    assert "is not an index of pictures" in refused(capsys, folder, "--database", database)
    assert database.read_bytes() == before


def test_a_folder_in_place_of_the_index_is_named(
    folder: Path, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database.mkdir()
    assert f"{database} is a folder, not an index." in refused(capsys, folder, "--database", database)


def test_a_place_where_no_folder_can_be_made_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "own.sqlite"
    said = refused(capsys, folder, "--database", place)
    assert f"{place} cannot be opened" in said
    assert "--database FILE" in said


@pytest.mark.parametrize("missing", [True, False])
def test_a_folder_of_pictures_that_is_not_one(
    missing: bool, tmp_path: Path, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "given"
    if not missing:
        given.write_text("")
    what = "does not exist" if missing else "is a file; give the folder it is in"
    assert f"{given} {what}." in refused(capsys, given, "--database", database)
    assert not database.exists()


def test_a_folder_without_pictures(tmp_path: Path, database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("a note")
    assert main(["index", str(tmp_path), "--database", str(database)]) == 0
    assert f"There is no picture in {tmp_path}" in capsys.readouterr().out


def test_a_full_disk_keeps_what_was_read(
    folder: Path, database: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite refuses to grow beyond a number of pages with the error that it has for a full disk."""
    for file in sorted(folder.glob("*.png")):  # noise: each copy in the index takes many pages
        Image.effect_noise((480, 480), 90).convert("RGB").save(file)
    monkeypatch.setattr("cvhelpers.ondevice.Engine", lambda: None)
    monkeypatch.setattr("cvhelpers.commands.index.findings", lambda engine, image: Findings(("zebra",)))
    opened = library_index.open_own

    def small(path: Path) -> sqlite3.Connection:
        connection = opened(path)
        connection.execute("PRAGMA max_page_count = 120")
        return connection

    with monkeypatch.context() as full:
        full.setattr(library_index, "open_own", small)
        said = refused(capsys, folder, "--database", database)
    assert f"{database} cannot grow: the disk is full. Make room and run the command again" in said
    kept = len(files_of(database))
    assert 0 < kept < 12
    assert main(["index", str(folder), "--database", str(database)]) == 0
    assert counts(capsys.readouterr().out) == (12 - kept, kept, 0, 0)


# --- permissions ---------------------------------------------------------------------------------------------


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder of a person who is not the administrator, and this process as that person."""
    with tempfile.TemporaryDirectory() as place:
        mine = Path(place)
        mine.chmod(0o777)
        administrator = os.geteuid() == 0
        if administrator:
            os.seteuid(65534)
        try:
            yield mine
        finally:
            if administrator:
                os.seteuid(0)


@POSIX
@posix
def test_a_folder_that_may_not_be_listed_is_told_and_its_pictures_stay_in_the_index(
    nobody: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cvhelpers.ondevice.Engine", lambda: None)
    monkeypatch.setattr("cvhelpers.commands.index.findings", lambda engine, image: Findings(("zebra",)))
    pictures, database = nobody / "pictures", nobody / "own.sqlite"
    (pictures / "holiday").mkdir(parents=True)
    Image.new("RGB", (40, 30), "red").save(pictures / "one.png")
    Image.new("RGB", (40, 30), "blue").save(pictures / "holiday" / "two.png")
    assert main(["index", str(pictures), "--database", str(database)]) == 0
    capsys.readouterr()
    (pictures / "holiday").chmod(0)
    try:
        assert main(["index", str(pictures), "--database", str(database)]) == 1
        out = capsys.readouterr().out
        assert f"skipped {pictures / 'holiday'}: Permission denied" in out
        assert counts(out) == (0, 1, 0, 1)
        assert files_of(database) == ["two.png", "one.png"]
        pictures.chmod(0)
        said = refused(capsys, pictures, "--database", database)
        assert f"{pictures} cannot be read: Permission denied" in said
        assert files_of(database) == ["two.png", "one.png"]
    finally:
        pictures.chmod(0o700)
        (pictures / "holiday").chmod(0o700)


@posix
def test_an_index_that_may_not_be_written_is_named(nobody: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pictures, shelf = nobody / "pictures", nobody / "shelf"
    pictures.mkdir()
    Image.new("RGB", (40, 30), "red").save(pictures / "one.png")
    shelf.mkdir(mode=0o500)
    said = refused(capsys, pictures, "--database", shelf / "own.sqlite")
    assert f"{shelf / 'own.sqlite'} cannot be opened. Name another file with --database FILE" in said
