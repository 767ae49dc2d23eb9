"""A person's own pictures: read once, kept up to date, found by what is on them."""

import io
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import EpsImagePlugin, Image

from cvhelpers.ondevice.library import Findings, Library, Query, default_database, index_folder
from cvhelpers.ondevice.library.decoding import NotAPicture, decoded
from cvhelpers.ondevice.service.app import open_library
from service.fakes import header_of

TAGS = {"red": "fire engine", "green": "tree", "blue": "ocean", "brown": "dog"}


class PaintReader:
    """Reads a picture of one colour honestly: each colour stands for a thing."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, image: Image.Image) -> Findings:
        self.calls += 1
        pixel = image.convert("RGB").getpixel((0, 0))
        color = next(name for name in TAGS if Image.new("RGB", (1, 1), name).getpixel((0, 0)) == pixel)
        return Findings(tags=(TAGS[color],), caption=f"a picture of a {TAGS[color]}", text=f"LETTERS{color}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    (folder / "holiday").mkdir(parents=True)
    for name, color in (("one.png", "red"), ("two.png", "green"), ("holiday/three.png", "brown")):
        paint(folder / name, color)
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "own" / "pictures.sqlite"


def paint(path: Path, color: str, size: tuple[int, int] = (640, 480)) -> None:
    Image.new("RGB", size, color).save(path)


def own(database: Path, text: str) -> list[str]:
    """The files of one's own that a search finds."""
    pictures = Library(own=database).search(Query(text, count=150)).entries
    return [Path(picture.path).name for picture in pictures if picture.path]


class TestFinding:
    def test_they_are_found_by_what_is_on_them_before_the_others(self, folder: Path, database: Path) -> None:
        index_folder(folder, database, read=PaintReader(), progress=False)
        page = Library(own=database).search(Query("dog"))
        assert page.entries[0].path == str(folder / "holiday/three.png")
        assert page.entries[0].title == "a picture of a dog"
        assert any(picture.collection == "Open Clip Art Library" for picture in page.entries)

    @pytest.mark.parametrize(
        ("text", "name"),
        [("three", "three.png"), ("Hund", "three.png"), ("animal", "three.png"), ("trees", "two.png"),
         ("lettersred", "one.png"), ("fire engine", "one.png")],
    )  # fmt: skip
    def test_also_by_the_files_name_in_other_languages_by_broader_words_and_by_what_is_written(
        self, folder: Path, database: Path, text: str, name: str
    ) -> None:
        index_folder(folder, database, read=PaintReader(), progress=False)
        assert name in own(database, text)

    def test_they_come_before_others_that_fit_as_well(self, folder: Path, database: Path) -> None:
        index_folder(folder, database, read=PaintReader(), progress=False)
        first, *others = Library(own=database).search(Query("fire engine")).entries
        assert first.description == "one.png"
        assert others

    def test_a_word_that_only_they_have_is_no_misspelling(self, folder: Path, database: Path) -> None:
        index_folder(folder, database, read=lambda image: Findings(("elehpant",)), progress=False)
        page = Library(own=database).search(Query("elehpant"))
        assert (page.corrected_query, [bool(entry.path) for entry in page.entries]) == (None, [True] * 3)

    @pytest.mark.parametrize("text", ["dog", ""])
    def test_the_newest_come_first(self, folder: Path, database: Path, text: str) -> None:
        for day, name in enumerate(("old.png", "newest.png", "new.png")):
            paint(folder / name, "brown", (300 + day, 200))
        for name, time in (("old.png", 1e9), ("newest.png", 1.2e9), ("new.png", 1.1e9), ("holiday/three.png", 0.9e9)):
            os.utime(folder / name, (time, time))
        index_folder(folder, database, read=PaintReader(), progress=False)
        brown = [name for name in own(database, text) if name not in ("one.png", "two.png")]
        assert brown == ["newest.png", "new.png", "old.png", "three.png"]

    def test_they_are_handed_out_without_their_metadata(self, folder: Path, database: Path) -> None:
        exif = Image.Exif()
        exif[0x010F] = "Secret Camera"
        exif[0x0112] = 6  # turned by a quarter
        Image.new("RGB", (640, 480), "blue").save(folder / "photo.png", exif=exif)
        index_folder(folder, database, read=PaintReader(), progress=False)
        library = Library(own=database)
        picture = next(p for p in library.search(Query("ocean")).entries if p.path)
        content, media_type = library.picture(picture.image_id)
        with Image.open(io.BytesIO(content)) as image:
            assert media_type == "image/jpeg"
            assert image.size == (480, 640) == (picture.width, picture.height)
            assert not image.getexif()
        (folder / "photo.png").unlink()
        assert library.picture(picture.image_id)[0]  # the small copy of the index
        assert library.thumbnail(picture.image_id, width=100)[0]

    def test_what_is_transparent_is_handed_out_on_white(self, folder: Path, database: Path) -> None:
        picture = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
        picture.paste("brown", (0, 0, 30, 40))
        picture.save(folder / "half.png")
        index_folder(folder, database, read=lambda image: Findings(("zebra",)), progress=False)
        library = Library(own=database)
        entry = next(e for e in library.search(Query("zebra", count=150)).entries if e.description == "half.png")
        assert entry.transparent
        for content, _ in (library.picture(entry.image_id), library.thumbnail(entry.image_id)):
            with Image.open(io.BytesIO(content)) as image:
                assert min(image.convert("L").getpixel((x, 20)) for x in (45, 55)) > 245  # type: ignore[type-var]

    def test_nobody_said_that_they_may_be_shared(self, folder: Path, database: Path) -> None:
        index_folder(folder, database, read=PaintReader(), progress=False)
        pictures = Library(own=database).search(Query("dog", license="Any", count=150)).entries
        assert not [picture for picture in pictures if picture.path]

    def test_a_service_for_others_does_not_have_them(
        self, folder: Path, database: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        index_folder(folder, database, read=PaintReader(), progress=False)
        monkeypatch.setenv("CVHELPERS_LIBRARY", str(database))
        assert len(open_library(own=True)) == len(open_library(own=False)) + 3

    def test_the_folder_is_only_read(self, folder: Path, database: Path) -> None:
        before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
        index_folder(folder, database, read=PaintReader(), progress=False)
        assert {file: file.stat().st_mtime_ns for file in folder.rglob("*")} == before


SIDES = (
    (199, 199),
    (200, 100),
    (499, 900),
    (500, 500),
    (1024, 1023),
    (1023, 600),
    (1024, 1024),
    (120, 100),
    (121, 100),
    (100, 121),
)


@pytest.fixture(scope="module")
def sized(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A picture of each of these sizes."""
    folder = tmp_path_factory.mktemp("sizes")
    database = folder / "own.sqlite"
    for width, height in SIDES:
        Image.new("RGB", (width, height), (width % 256, height % 256, 0)).save(folder / f"{width}x{height}.png")
    index_folder(folder, database, read=lambda image: Findings(("zebra",)), progress=False)
    return Library(own=database)


class TestSizes:
    """Where Bing's words for sizes and shapes begin and end, in pixels."""

    @pytest.mark.parametrize(
        ("filters", "sides"),
        [
            ({"size": "Small"}, {(199, 199), (120, 100), (121, 100), (100, 121)}),
            ({"size": "Medium"}, {(200, 100), (499, 900)}),
            ({"size": "Large"}, {(500, 500), (1024, 1023), (1023, 600), (1024, 1024)}),
            ({"size": "Wallpaper"}, {(1024, 1023)}),
            ({"size": "Small", "aspect": "Square"}, {(199, 199), (120, 100)}),
            ({"size": "Small", "aspect": "Wide"}, {(121, 100)}),
            ({"size": "Small", "aspect": "Tall"}, {(100, 121)}),
            ({"width": 500}, {(500, 500)}),
            ({"min_width": 1023, "max_height": 1023}, {(1024, 1023), (1023, 600)}),
        ],
    )
    def test_a_filter_keeps_these(self, sized: Library, filters: dict[str, Any], sides: set[tuple[int, int]]) -> None:
        found = sized.search(Query("zebra", count=150, **filters)).entries
        assert {(entry.width, entry.height) for entry in found if entry.path} == sides


class TestKeepingUpToDate:
    def test_what_did_not_change_is_not_read_again(self, folder: Path, database: Path) -> None:
        reader = PaintReader()
        first = index_folder(folder, database, read=reader, progress=False)
        again = index_folder(folder, database, read=reader, progress=False)
        assert (first.read, first.unchanged) == (3, 0)
        assert (again.read, again.unchanged, reader.calls) == (0, 3, 3)

    def test_a_file_that_was_only_touched_copied_or_moved_is_not_read_again(self, folder: Path, database: Path) -> None:
        reader = PaintReader()
        index_folder(folder, database, read=reader, progress=False)
        os.utime(folder / "one.png", (1, 1))
        (folder / "copy.png").write_bytes((folder / "two.png").read_bytes())
        (folder / "holiday/three.png").rename(folder / "moved.png")
        index_folder(folder, database, read=reader, progress=False)
        assert reader.calls == 3
        assert own(database, "dog") == ["moved.png"]
        assert own(database, "fire engine") == ["one.png"]
        (folder / "two.png").unlink()
        index_folder(folder, database, read=reader, progress=False)
        assert own(database, "tree") == ["copy.png"]

    def test_a_changed_file_is_read_again_and_a_removed_one_dropped(self, folder: Path, database: Path) -> None:
        paint(folder / "one.bmp", "red")
        index_folder(folder, database, read=PaintReader(), progress=False)
        paint(folder / "one.bmp", "blue")  # as many bytes as before
        (folder / "one.png").unlink()
        (folder / "two.png").unlink()
        result = index_folder(folder, database, read=PaintReader(), progress=False)
        assert (result.read, result.unchanged, result.removed) == (1, 1, 2)
        assert own(database, "ocean") == ["one.bmp"]
        assert own(database, "fire engine") == own(database, "tree") == []

    @pytest.mark.parametrize("removed", ["one.png", "zcopy.png"])
    def test_of_two_equal_files_the_one_that_is_left_is_the_picture(
        self, folder: Path, database: Path, removed: str
    ) -> None:
        (folder / "zcopy.png").write_bytes((folder / "one.png").read_bytes())
        index_folder(folder, database, read=PaintReader(), progress=False)
        assert own(database, "fire engine") == ["one.png"]
        (folder / removed).unlink()
        index_folder(folder, database, read=PaintReader(), progress=False)
        assert own(database, "fire engine") == [({"one.png", "zcopy.png"} - {removed}).pop()]

    @pytest.mark.parametrize("then", ["searched", "indexed again"])
    def test_an_index_with_the_names_of_version_1_goes_on(self, folder: Path, database: Path, then: str) -> None:
        index_folder(folder, database, read=PaintReader(), progress=False)
        with closing(sqlite3.connect(database)) as older, older:
            older.execute("ALTER TABLE pictures RENAME COLUMN license TO licence")
            older.execute("ALTER TABLE pictures RENAME COLUMN permits TO license")
            older.execute("UPDATE pictures SET licence = 'of the file', license = 'what it permits'")
            older.execute("PRAGMA user_version = 1")
        if then == "indexed again":
            assert index_folder(folder, database, read=PaintReader(), progress=False).unchanged == 3
        first = Library(own=database).search(Query("dog")).entries[0]
        assert (first.description, first.license, first.permits) == ("three.png", "of the file", "what it permits")

    def test_another_folder_leaves_the_first_as_it_is(self, folder: Path, database: Path, tmp_path: Path) -> None:
        index_folder(folder, database, read=PaintReader(), progress=False)
        other = tmp_path / "pictures-2"
        other.mkdir()
        paint(other / "sea.png", "blue")
        assert index_folder(other, database, read=PaintReader(), progress=False).removed == 0
        assert own(database, "dog") == ["three.png"]
        assert own(database, "ocean") == ["sea.png"]
        (other / "sea.png").unlink()
        assert index_folder(folder, database, read=PaintReader(), progress=False).removed == 0


class TestKinds:
    @pytest.mark.parametrize(
        ("name", "format"),
        [("a.jpg", "JPEG"), ("a.JPEG", "JPEG"), ("a.mpo", "MPO"), ("a.png", "PNG"), ("a.webp", "WEBP"),
         ("a.gif", "GIF"), ("a.bmp", "BMP"), ("a.tif", "TIFF"), ("a.avif", "AVIF"), ("a.heic", "HEIF")],
    )  # fmt: skip
    def test_pictures_of_every_kind_are_read(self, tmp_path: Path, database: Path, name: str, format: str) -> None:
        folder = tmp_path / "kinds"
        folder.mkdir()
        if format == "HEIF":
            shutil.copy(Path(__file__).parent / "own" / "brown.heic", folder / name)
        else:
            Image.new("RGB", (64, 48), "brown").save(folder / name, format)
        result = index_folder(folder, database, read=lambda image: Findings(("zebra",)), progress=False)
        assert (result.read, result.skipped) == (1, ())
        library = Library(own=database)
        (entry,) = (entry for entry in library.search(Query("zebra")).entries if entry.path)
        assert (entry.width, entry.height, entry.colors) == (64, 48, ("Red",))
        with Image.open(io.BytesIO(library.picture(entry.image_id)[0])) as picture:
            assert (picture.format, picture.size) == ("JPEG", (64, 48))

    def test_of_a_moving_picture_the_first_frame_is_read(self, tmp_path: Path, database: Path) -> None:
        folder = tmp_path / "moving"
        folder.mkdir()
        frames = [Image.new("RGB", (40, 30), color) for color in ("brown", "green", "blue")]
        frames[0].save(folder / "moving.gif", save_all=True, append_images=frames[1:])
        index_folder(folder, database, read=PaintReader(), progress=False)
        assert own(database, "dog") == ["moving.gif"]
        assert own(database, "tree") == own(database, "ocean") == []

    @pytest.mark.parametrize("name", ["drawing.jpg", "drawing.eps"])
    def test_postscript_is_never_given_to_another_program(
        self, folder: Path, database: Path, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_, **__: pytest.fail("Ghostscript was started"))
        Image.new("RGB", (40, 30), "red").save(folder / name, "EPS")
        with pytest.raises(NotAPicture, match="not a picture in a format that can be read"):
            decoded((folder / name).read_bytes())
        result = index_folder(folder, database, read=PaintReader(), progress=False)
        assert result.read == 3
        assert [path.name for path, _ in result.skipped] == (["drawing.jpg"] if name.endswith("jpg") else [])

    def test_one_of_ones_own_that_became_postscript_is_shown_as_it_was(
        self, folder: Path, database: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_, **__: pytest.fail("Ghostscript was started"))
        index_folder(folder, database, read=PaintReader(), progress=False)
        library = Library(own=database)
        (entry,) = (entry for entry in library.search(Query("tree")).entries if entry.path)
        Image.new("RGB", (40, 30), "red").save(folder / "two.png", "EPS")
        with Image.open(io.BytesIO(library.picture(entry.image_id)[0])) as picture:
            assert max(picture.size) == 480

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are those of POSIX")
    def test_what_is_no_file_is_not_waited_for(self, folder: Path, database: Path) -> None:
        os.mkfifo(folder / "pipe.jpg")
        result = index_folder(folder, database, read=PaintReader(), progress=False)
        assert result.read == 3
        assert [path.name for path, _ in result.skipped] == ["pipe.jpg"]

    def test_a_file_too_large_for_a_picture_is_not_read(self, folder: Path, database: Path) -> None:
        with (folder / "film.tif").open("wb") as file:
            file.truncate(3 * 2**30)  # takes no room on the disk
        result = index_folder(folder, database, read=PaintReader(), progress=False)
        assert result.read == 3
        assert [(path.name, why) for path, why in result.skipped] == [("film.tif", "larger than 256 MB")]

    def test_a_picture_that_would_fill_the_memory_is_not_unpacked(self) -> None:
        with pytest.raises(NotAPicture, match="too large"):
            decoded(header_of(20_000, 20_000))

    def test_without_the_package_for_heic_the_message_names_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("cvhelpers.ondevice.library.decoding.formats", lambda: ("JPEG",))
        content = (Path(__file__).parent / "own" / "brown.heic").read_bytes()
        with pytest.raises(NotAPicture, match="pip install pi-heif"):
            decoded(content)


class TestTrouble:
    def test_a_broken_file_is_reported_and_skipped_each_time(self, folder: Path, database: Path) -> None:
        (folder / "broken.jpg").write_bytes(b"no picture")
        cut = (folder / "one.png").read_bytes()[:300]
        (folder / "cut.png").write_bytes(cut)
        (folder / "empty.png").write_bytes(b"")
        for _ in range(2):
            result = index_folder(folder, database, read=PaintReader(), progress=False)
            assert {path.name: reason.partition(" (")[0] for path, reason in result.skipped} == {
                "broken.jpg": "not a picture in a format that can be read",
                "cut.png": "the picture is damaged or cut off",
                "empty.png": "the file is empty",
            }
        assert own(database, "dog") == ["three.png"]

    @pytest.mark.skipif(sys.platform != "linux", reason="Windows and macOS have only names in Unicode")
    def test_a_name_that_is_no_text_is_skipped(self, folder: Path, database: Path) -> None:
        shutil.copy(folder / "one.png", os.fsencode(folder) + b"/caf\xe9.png")
        result = index_folder(folder, database, read=PaintReader(), progress=False)
        assert result.read == 3
        assert [why for _, why in result.skipped] == ["its name is not in Unicode; give it another one"]

    def test_a_reader_that_fails_on_one_picture_does_not_stop_the_others(self, folder: Path, database: Path) -> None:
        paint(folder / "odd.png", "magenta")  # the reader knows no such colour
        result = index_folder(folder, database, read=PaintReader(), progress=False)
        assert result.read == 3
        assert [path.name for path, _ in result.skipped] == ["odd.png"]

    def test_an_interruption_loses_nothing(self, folder: Path, database: Path) -> None:
        class Interrupted(PaintReader):
            def __call__(self, image: Image.Image) -> Findings:
                if self.calls == 2:
                    raise KeyboardInterrupt
                return super().__call__(image)

        with pytest.raises(KeyboardInterrupt):
            index_folder(folder, database, read=Interrupted(), progress=False)
        reader = PaintReader()
        result = index_folder(folder, database, read=reader, progress=False)
        assert (result.read, result.unchanged, reader.calls) == (1, 2, 1)
        assert own(database, "dog") == ["three.png"]
        assert own(database, "tree") == ["two.png"]

    def test_other_files_and_hidden_ones_are_passed_over(self, folder: Path, database: Path) -> None:
        (folder / "notes.txt").write_text("no picture")
        (folder / ".hidden").mkdir()
        paint(folder / ".hidden/secret.png", "blue")
        paint(folder / ".secret.png", "blue")
        result = index_folder(folder, database, read=PaintReader(), progress=False)
        assert (result.read, result.skipped) == (3, ())

    def test_a_folder_that_is_not_there_says_so(self, database: Path, tmp_path: Path) -> None:
        with pytest.raises(NotADirectoryError):
            index_folder(tmp_path / "nothing", database, read=PaintReader(), progress=False)

    def test_a_progress_bar_is_shown(self, folder: Path, database: Path, capsys: pytest.CaptureFixture[str]) -> None:
        pytest.importorskip("tqdm")
        index_folder(folder, database, read=PaintReader())
        assert "3/3" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="each platform has a place of its own")
def test_the_index_is_kept_with_the_persons_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CVHELPERS_LIBRARY", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_database() == tmp_path / "cvhelpers" / "pictures.sqlite"
    monkeypatch.delenv("XDG_DATA_HOME")
    assert default_database() == Path.home() / ".local" / "share" / "cvhelpers" / "pictures.sqlite"
    monkeypatch.setattr("os.path.expanduser", lambda path: path)  # as for an account that has no home folder
    monkeypatch.chdir(tmp_path)
    assert default_database() == tmp_path / "cvhelpers.sqlite"


def test_an_environment_variable_names_another_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CVHELPERS_LIBRARY", str(tmp_path / "mine.sqlite"))
    assert default_database() == tmp_path / "mine.sqlite"
    monkeypatch.setenv("CVHELPERS_LIBRARY", "~/mine.sqlite")
    assert default_database() == Path.home() / "mine.sqlite"
