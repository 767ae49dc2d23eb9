"""A person's own pictures: read once, kept up to date, found by what is on them."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from cvhelpers.ondevice.library import Findings, Library, Query, default_database, index_folder

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
        [("Hund", "three.png"), ("animal", "three.png"), ("trees", "two.png"), ("lettersred", "one.png"),
         ("fire engine", "one.png")],
    )  # fmt: skip
    def test_also_in_other_languages_by_broader_words_and_by_what_is_written(
        self, folder: Path, database: Path, text: str, name: str
    ) -> None:
        index_folder(folder, database, read=PaintReader(), progress=False)
        assert name in own(database, text)

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

    def test_nobody_said_that_they_may_be_shared(self, folder: Path, database: Path) -> None:
        index_folder(folder, database, read=PaintReader(), progress=False)
        pictures = Library(own=database).search(Query("dog", license="Any", count=150)).entries
        assert not [picture for picture in pictures if picture.path]

    def test_the_folder_is_only_read(self, folder: Path, database: Path) -> None:
        before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
        index_folder(folder, database, read=PaintReader(), progress=False)
        assert {file: file.stat().st_mtime_ns for file in folder.rglob("*")} == before


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
        (folder / "two.png").unlink()
        index_folder(folder, database, read=reader, progress=False)
        assert own(database, "tree") == ["copy.png"]

    def test_a_changed_file_is_read_again_and_a_removed_one_dropped(self, folder: Path, database: Path) -> None:
        index_folder(folder, database, read=PaintReader(), progress=False)
        paint(folder / "one.png", "blue", (320, 200))
        (folder / "two.png").unlink()
        result = index_folder(folder, database, read=PaintReader(), progress=False)
        assert (result.read, result.unchanged, result.removed) == (1, 1, 1)
        assert own(database, "ocean") == ["one.png"]
        assert own(database, "fire engine") == own(database, "tree") == []

    def test_another_folder_leaves_the_first_as_it_is(self, folder: Path, database: Path, tmp_path: Path) -> None:
        index_folder(folder, database, read=PaintReader(), progress=False)
        other = tmp_path / "other"
        other.mkdir()
        paint(other / "sea.png", "blue")
        assert index_folder(other, database, read=PaintReader(), progress=False).removed == 0
        assert own(database, "dog") == ["three.png"]
        assert own(database, "ocean") == ["sea.png"]


class TestTrouble:
    def test_a_broken_file_is_reported_and_skipped_each_time(self, folder: Path, database: Path) -> None:
        (folder / "broken.jpg").write_bytes(b"no picture")
        cut = (folder / "one.png").read_bytes()[:300]
        (folder / "cut.png").write_bytes(cut)
        for _ in range(2):
            result = index_folder(folder, database, read=PaintReader(), progress=False)
            assert {path.name for path, _ in result.skipped} == {"broken.jpg", "cut.png"}
            assert all(reason for _, reason in result.skipped)
        assert own(database, "dog") == ["three.png"]

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
        result = index_folder(folder, database, read=PaintReader(), progress=False)
        assert (result.read, result.skipped) == (3, ())

    def test_a_folder_that_is_not_there_says_so(self, database: Path, tmp_path: Path) -> None:
        with pytest.raises(NotADirectoryError):
            index_folder(tmp_path / "nothing", database, read=PaintReader(), progress=False)

    def test_a_progress_bar_is_shown(self, folder: Path, database: Path, capsys: pytest.CaptureFixture[str]) -> None:
        pytest.importorskip("tqdm")
        index_folder(folder, database, read=PaintReader())
        assert "3/3" in capsys.readouterr().err


def test_the_index_is_kept_with_the_persons_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CVHELPERS_LIBRARY", raising=False)
    assert default_database().parts[-2:] == ("cvhelpers", "pictures.sqlite")
    monkeypatch.setenv("CVHELPERS_LIBRARY", str(tmp_path / "mine.sqlite"))
    assert default_database() == tmp_path / "mine.sqlite"
