"""Nothing lost: whatever happens to a database, pictures are still found or one clear error says what to do.

A person's own index that cannot be read is left out with a warning; the library that ships answers. A damaged
library that ships is one `LibraryError`, never SQLite's own errors.
"""

import logging
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from cvhelpers.ondevice.library import Findings, Library, LibraryError, Query, index_folder, opening
from cvhelpers.ondevice.library.opening import built_in

Damage = Callable[[Path], None]


def read(image: Image.Image) -> Findings:
    return Findings(tags=("zebra",), caption="a zebra")


def index(database: Path, *names: str) -> Path:
    """An index of a folder with a picture of each name; what is on it is a zebra."""
    folder = database.parent / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        Image.new("RGB", (60, 40), (number, 0, 0)).save(folder / name)
    index_folder(folder, database, read=read, progress=False)
    return database


def own_titles(library: Library) -> list[str]:
    return [entry.title for entry in library.search(Query("zebra", count=150)).entries if entry.path]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return index(tmp_path / "own.sqlite", "one.png")


# --- a person's own index that cannot be read ----------------------------------------------------------------


def empty(file: Path) -> None:
    file.write_bytes(b"")


def text(file: Path) -> None:
    file.write_text("This is no database, but it is long enough to be one. " * 20, encoding="utf-8")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:4096])


def scribbled(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)  # all but the first page
    file.write_bytes(content)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def another_database(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE bookmarks (address TEXT)")


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 999")


def older(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE pictures DROP COLUMN accent_color")


DAMAGES: list[tuple[Damage, str]] = [
    (empty, "is empty"),
    (text, "is not an index of pictures"),
    (cut, "is damaged"),
    (scribbled, "is damaged"),
    (folder, "is a folder, not an index"),
    (another_database, "is not an index of pictures"),
    (newer, "was made by another version of cvhelpers"),
    (older, "was made by another version of cvhelpers"),
]
damaged = pytest.mark.parametrize(("damage", "what"), DAMAGES, ids=[damage.__name__ for damage, _ in DAMAGES])


class TestOwnIndex:
    @damaged
    def test_the_library_that_ships_answers_and_one_warning_says_what_is_wrong(
        self, damage: Damage, what: str, database: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        alone = Library().search(Query("puppies"))
        damage(database)
        library = Library(own=database)
        for _ in range(3):
            assert library.search(Query("puppies")) == alone
        assert library.picture(alone.entries[0].image_id)[0]
        (warning,) = [record.getMessage() for record in caplog.records]
        assert f"{database} {what}. Your own pictures are left out" in warning
        assert "cvhelpers index FOLDER --rebuild" in warning

    def test_an_index_that_cannot_be_read_is_not_tried_again_until_it_changes(
        self, database: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text(database)
        tried: list[Path] = []

        def attach(connection: sqlite3.Connection, path: Path) -> None:
            tried.append(path)
            opening.attach_own(connection, path)

        monkeypatch.setattr("cvhelpers.ondevice.library.library.attach_own", attach)
        library = Library(own=database)
        for _ in range(3):
            library.search(Query("puppies"))
        assert tried == [database]
        database.write_text("Another text that is no database. " * 30, encoding="utf-8")
        library.search(Query("puppies"))
        assert tried == [database, database]

    @damaged
    def test_damage_while_the_library_is_in_use_stops_no_search(
        self, damage: Damage, what: str, database: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        library = Library(own=database)
        assert own_titles(library) == ["a zebra"]
        damage(database)
        assert own_titles(library) == []
        assert len(library.search(Query("puppies", count=16)).entries) == 16
        assert [record.levelno for record in caplog.records] == [logging.WARNING]

    @damaged
    def test_an_index_that_was_made_anew_is_used_again(self, damage: Damage, what: str, database: Path) -> None:
        library = Library(own=database)
        damage(database)
        assert own_titles(library) == []
        shutil.rmtree(database) if database.is_dir() else database.unlink()
        index(database, "one.png")
        assert own_titles(library) == ["a zebra"]

    def test_what_a_killed_run_left_behind_is_mended(self, database: Path, caplog: pytest.LogCaptureFixture) -> None:
        """A journal beside the database that nobody is at work on: SQLite has to undo half a change."""
        half = (
            "import os, sqlite3, sys\n"
            "own = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "own.execute('PRAGMA cache_size = 1')\n"  # so that changes are written before the end
            "own.execute('BEGIN IMMEDIATE')\n"
            "own.execute(\"UPDATE pictures SET title = 'half done'\")\n"
            "own.execute('INSERT INTO contents SELECT 1000 + value, zeroblob(9000) FROM json_each(?)', "
            "('[' + ','.join(map(str, range(300))) + ']',))\n"
            "os._exit(9)\n"
        )
        whole = database.read_bytes()
        killed = subprocess.run([sys.executable, "-c", half, str(database)], timeout=60, check=False)
        assert killed.returncode == 9
        assert database.with_name("own.sqlite-journal").stat().st_size > 0
        assert database.read_bytes() != whole
        assert own_titles(Library(own=database)) == ["a zebra"]
        assert not caplog.records
        assert database.read_bytes() == whole

    def test_an_index_that_another_program_locks_is_left_out_for_that_search_only(
        self, database: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connect = sqlite3.connect
        monkeypatch.setattr(sqlite3, "connect", lambda *args, **more: connect(*args, **{**more, "timeout": 0.05}))
        library = Library(own=database)
        with closing(connect(database, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert own_titles(library) == []
            assert len(library.search(Query("puppies", count=16)).entries) == 16
        (warning,) = [record.getMessage() for record in caplog.records]
        assert "is in use by another program" in warning
        assert own_titles(library) == ["a zebra"]

    def test_an_index_made_while_the_library_is_in_use_is_seen(self, tmp_path: Path) -> None:
        later = tmp_path / "later.sqlite"
        library = Library(own=later)
        count = len(library)
        assert own_titles(library) == []
        index(later, "one.png")
        assert own_titles(library) == ["a zebra"]
        index(later, "one.png", "two.png")
        assert own_titles(library) == ["a zebra", "a zebra"]
        assert len(library) == count + 2
        later.unlink()
        assert own_titles(library) == []

    def test_a_damaged_copy_of_a_picture_is_one_clear_error(self, database: Path) -> None:
        with closing(sqlite3.connect(database)) as own, own:
            own.execute("UPDATE contents SET bytes = X'00'")
        library = Library(own=database)
        (entry,) = (entry for entry in library.search(Query("zebra")).entries if entry.path)
        with pytest.raises(LibraryError, match=r"own\.sqlite is damaged.*--rebuild"):
            library.thumbnail(entry.image_id)


# --- the library that ships ----------------------------------------------------------------------------------


def use(library: Library) -> None:
    """All that a service does with a library."""
    for query in (Query("puppies", count=16), Query("pupies"), Query(""), Query("Hund", offset=5)):
        for entry in library.search(query).entries[::5]:
            library.picture(entry.image_id)
            library.thumbnail(entry.image_id, 60)


def problem_in_use(shipped: Path) -> str | None:
    try:
        use(Library(shipped))
    except LibraryError as error:
        return str(error)
    return None


class TestTheLibraryThatShips:
    @damaged
    def test_damage_is_one_error_that_says_what_to_do(self, damage: Damage, what: str, tmp_path: Path) -> None:
        shipped = tmp_path / "pictures.sqlite"
        shutil.copy(built_in(), shipped)
        damage(shipped)
        with pytest.raises(LibraryError) as caught:
            use(Library(shipped))
        told = "is missing" if damage is folder else what
        assert str(caught.value).startswith(f"The picture library {shipped} {told}")
        assert "pip install --force-reinstall" in str(caught.value)

    def test_a_missing_file_is_told_as_missing(self, tmp_path: Path) -> None:
        with pytest.raises(LibraryError, match=r"nothing\.sqlite is missing\. Install the package again"):
            Library(tmp_path / "nothing.sqlite")

    @pytest.mark.parametrize("seed", range(12))
    def test_wrong_bytes_anywhere_are_that_error_or_do_no_harm(self, seed: int, tmp_path: Path) -> None:
        chance = random.Random(seed)
        content = bytearray(built_in().read_bytes())
        for _ in range(200):
            position = chance.randrange(100, len(content) - 600)
            content[position : position + 500] = chance.randbytes(500)
        shipped = tmp_path / "pictures.sqlite"
        shipped.write_bytes(content)
        told = problem_in_use(shipped)
        assert told is None or "Install the package again" in told

    def test_text_that_is_not_utf_8_is_that_error(self, tmp_path: Path) -> None:
        shipped = tmp_path / "pictures.sqlite"
        shutil.copy(built_in(), shipped)
        with closing(sqlite3.connect(shipped)) as connection, connection:
            connection.execute("UPDATE pictures SET title = CAST(X'ff41' AS TEXT)")
        with pytest.raises(LibraryError, match="is damaged"):
            Library(shipped).search(Query("puppies"))
        assert len(Library(shipped)) > 3000

    def test_an_own_index_is_not_blamed_for_it(self, tmp_path: Path, database: Path) -> None:
        shipped = tmp_path / "pictures.sqlite"
        shutil.copy(built_in(), shipped)
        with closing(sqlite3.connect(shipped)) as connection, connection:
            connection.execute("UPDATE pictures SET published = 'someday'")
        with pytest.raises(LibraryError, match="The picture library"):
            Library(shipped, own=database).search(Query("puppies"))
