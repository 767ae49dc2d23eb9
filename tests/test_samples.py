"""What the sample pictures promise, and the proof.

The quickstarts' own pictures can't be shipped, so drawings stand in for them. A drawing is of use only if
the recorded answers fit it: every recorded box must hold the ink of its own word. The photographs beside
them must be free for everyone, small, and credited.
"""

from __future__ import annotations

import copy
import doctest
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import PIL
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from tools.samples import brushes, credits, draw, lettering, street
from tools.samples.lettering import (
    Word,
    printed_ink,
    printed_words,
    stray_ink,
    written_ink,
    written_words,
)
from toys import ROOT

PICTURES = draw.PICTURES
FREE = {"CC0-1.0", "Public domain", "No known copyright restrictions"}
KINDS = {"analyze", "printed text", "handwritten text"}
WIKIMEDIA = "https://upload.wikimedia.org/wikipedia/commons/thumb/"
STAND_INS = {
    "street-at-night": (450, 600),
    "democritus": (338, 490),
    "pangrams": (800, 170),
}
pictures = credits.entries("pictures")
fonts = credits.entries("fonts")


def named(thing: object) -> str:
    """The name of a test's case."""
    if isinstance(thing, Word):
        return thing.text
    return str(thing["file"]) if isinstance(thing, dict) else str(thing)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the stand-ins, drawn now by another process with another seed for its hashes."""
    folder = tmp_path_factory.mktemp("drawn")
    command = [sys.executable, "-m", "tools.samples.draw", "--folder", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "4711"}, timeout=120)
    return folder


# ---------------------------------------------------------------- every box holds the ink of its own word


def test_the_words_are_those_of_the_recorded_answers() -> None:
    printed = " ".join(word.text for word in printed_words())
    assert printed == "NOTHING EXISTS EXCEPT ATOMS AND EMPTY SPACE. Everything else is opinion."
    written = " ".join(word.text for word in written_words())
    assert written == "dog The quick brown fox jumps over the lazy Pack my box with five dozen liquor jugs"


@pytest.mark.parametrize("word", printed_words(), ids=named)
def test_a_printed_word_fills_its_box_from_edge_to_edge(word: Word) -> None:
    assert printed_ink(word).getbbox() == word.box


@pytest.mark.parametrize("word", printed_words(), ids=named)
def test_a_printed_word_lies_in_its_line_and_its_region(word: Word) -> None:
    assert stray_ink(printed_ink(word), word.line) == 0
    regions = lettering.recorded_answer("printed-text")["regions"]
    assert any(stray_ink(printed_ink(word), lettering.corners_of_box(region["boundingBox"])) == 0 for region in regions)


@pytest.mark.parametrize("word", written_words(), ids=named)
def test_a_handwritten_word_lies_in_its_polygon_and_in_its_line(word: Word) -> None:
    ink = written_ink(word)
    assert ink.getbbox() is not None
    assert stray_ink(ink, word.corners) == 0
    assert stray_ink(ink, word.line) == 0


@pytest.mark.parametrize("word", written_words(), ids=named)
def test_a_handwritten_word_is_as_large_as_its_polygon_suggests(word: Word) -> None:
    left, top, right, bottom = written_ink(word).getbbox() or (0, 0, 0, 0)
    width, height = word.corners[1][0] - word.corners[0][0], word.corners[3][1] - word.corners[0][1]
    assert right - left >= 0.55 * width
    assert bottom - top >= 0.3 * height


@pytest.mark.parametrize("word", [*printed_words(), *written_words()], ids=named)
def test_a_word_that_has_moved_is_caught(word: Word) -> None:
    """The proof that the tests above can fail: the same ink, moved aside by its own width, isn't accepted."""
    printed = word in printed_words()
    ink = printed_ink(word) if printed else written_ink(word)
    left, _, right, _ = ink.getbbox() or (0, 0, 0, 0)
    away = right - left
    moved = Image.new("L", ink.size, 0)
    moved.paste(ink, (away if right + away <= ink.width else -away, 0))
    assert stray_ink(moved, word.corners) > 0
    if printed:
        assert ImageChops.offset(ink, 1, 0).getbbox() != word.box


def is_ink(picture: Image.Image) -> Image.Image:
    """White where the picture is clearly darker than paper."""
    return picture.convert("L").point(lambda value: 255 if value < 110 else 0)


@pytest.mark.parametrize(("name", "words"), [("democritus", printed_words()), ("pangrams", written_words())])
def test_the_shipped_picture_has_ink_in_every_box_and_nowhere_else(name: str, words: list[Word]) -> None:
    """This looks at the file alone, whatever script may have drawn it."""
    with Image.open(PICTURES / f"{name}.png") as picture:
        ink = is_ink(picture)
    elsewhere = ink.copy()
    for word in words:
        own = ImageChops.darker(ink, lettering.area(ink.size, word.corners))
        assert ImageStat.Stat(own).sum[0] / 255 > 80, f"the box of {word.text!r} is empty"
        ImageDraw.Draw(elsewhere).polygon(list(word.corners), fill=0)
    assert elsewhere.getbbox() is None, "there is ink outside the boxes"


# ---------------------------------------------------------------- the script draws the same bytes each time


@pytest.mark.parametrize("name", draw.DRAWINGS)
def test_the_script_draws_the_same_bytes_each_time(name: str, drawn: Path) -> None:
    assert (drawn / name).read_bytes() == draw.encoded(name, draw.DRAWINGS[name]())


@pytest.mark.parametrize("name", draw.DRAWINGS)
def test_the_shipped_files_are_what_the_script_draws(name: str, drawn: Path) -> None:
    shipped, again = (PICTURES / name).read_bytes(), (drawn / name).read_bytes()
    if draw.same_tools():
        assert shipped == again
    else:
        assert draw.difference(shipped, again) < 1.0, f"Pillow {PIL.__version__} draws another picture"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> str:
    """Only one drawing to check, the one that takes least time: all three are compared above."""
    name = "democritus.png"
    monkeypatch.setattr(draw, "DRAWINGS", {name: lettering.democritus})
    return name


def test_check_passes_on_what_is_shipped_and_changes_nothing(quick: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = (PICTURES / quick).stat().st_mtime_ns
    assert draw.main(["--check"]) == 0
    assert capsys.readouterr().out == f"{quick}: as drawn\n"
    assert (PICTURES / quick).stat().st_mtime_ns == before


def test_drawing_again_mends_a_picture_that_was_retouched(
    quick: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Image.open(PICTURES / quick) as picture:
        picture.rotate(180).save(tmp_path / quick)
    assert draw.main(["--check", "--folder", str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"{quick}: differs from what the script draws\n"
    assert draw.main(["--folder", str(tmp_path)]) == 0
    assert draw.main(["--check", "--folder", str(tmp_path)]) == 0


def test_a_changed_recording_changes_the_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The boxes are read from the recording: none of them is written into the script a second time."""
    answer = copy.deepcopy(lettering.recorded_answer("printed-text"))
    word = answer["regions"][0]["lines"][3]["words"][0]
    assert (word["text"], word["boundingBox"]) == ("ATOMS", "24,188,292,54")
    word["boundingBox"] = "24,188,200,54"
    monkeypatch.setattr(lettering, "recorded_answer", lambda name: answer)
    assert not draw.is_as_drawn("democritus.png")


def test_another_size_is_another_picture(drawn: Path) -> None:
    first, second = ((drawn / name).read_bytes() for name in ("democritus.png", "pangrams.png"))
    assert draw.difference(first, first) == 0
    assert draw.difference(first, second) == 255


def test_the_street_at_night_is_brown_dark_above_and_full_of_lights() -> None:
    """The recorded answer calls the photograph's dominant colour brown; the drawing must bear that out."""
    with Image.open(PICTURES / "street-at-night.jpg") as picture:
        red, green, blue = ImageStat.Stat(picture).mean
        sky = ImageStat.Stat(picture.crop((180, 0, 280, 80)).convert("L")).mean[0]
        bright = ImageStat.Stat(picture.convert("L")).extrema[0][1]
    assert red > 1.3 * green > 1.3 * 1.2 * blue
    assert sky < 40
    assert bright > 240


# ---------------------------------------------------------------- small files, free for everyone, credited


def test_the_list_names_every_shipped_picture_once_and_nothing_else() -> None:
    assert sorted(entry["file"] for entry in pictures) == sorted(file.name for file in PICTURES.iterdir())
    assert len({entry["name"] for entry in pictures}) == len(pictures)
    assert all(Path(entry["file"]).stem == entry["name"] for entry in pictures)


def test_there_are_three_stand_ins_and_six_or_more_photographs() -> None:
    stand_ins = {entry["name"] for entry in pictures if entry["stand_in_for"]}
    assert stand_ins == set(STAND_INS)
    assert len(pictures) - len(stand_ins) >= 6


@pytest.mark.parametrize("entry", pictures, ids=named)
def test_a_picture_is_small_sound_and_tells_no_tales(entry: dict[str, str]) -> None:
    file = PICTURES / entry["file"]
    assert file.stat().st_size <= 300 * 1024
    with Image.open(file) as picture:
        picture.load()
        assert picture.mode in ("RGB", "L")
        assert 50 <= min(picture.size) <= max(picture.size) <= 800, "the service accepts 50 pixels and more"
        assert picture.size == STAND_INS.get(entry["name"], picture.size)
        assert not picture.getexif()
        assert "comment" not in picture.info


@pytest.mark.parametrize("entry", pictures, ids=named)
def test_a_picture_is_described_credited_and_free(entry: dict[str, str]) -> None:
    assert credits.fingerprint(PICTURES / entry["file"]) == entry["sha256"]
    assert entry["license"] in FREE
    assert entry["author"]
    assert entry["source"]
    assert entry["title"]
    assert len(entry["description"]) >= 40
    assert entry["description"].endswith(".")
    assert entry["good_for"]
    assert set(entry["good_for"]) <= KINDS


@pytest.mark.parametrize("entry", [entry for entry in pictures if entry["stand_in_for"]], ids=named)
def test_a_stand_in_says_what_it_stands_in_for(entry: dict[str, dict[str, str]]) -> None:
    instead = entry["stand_in_for"]
    assert instead["url"].startswith(WIKIMEDIA)
    assert instead["note"].startswith("A drawing made for this project. It stands in for ‘")
    original = instead["note"].split("‘")[1].split("’")[0].replace(" ", "_")
    assert original in instead["url"]


@pytest.mark.parametrize("entry", [*pictures, *fonts], ids=named)
def test_the_credits_page_has_a_row_with_the_same_facts(entry: dict[str, str]) -> None:
    page = (brushes.SAMPLES / "CREDITS.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith(f"| `{entry['file']}` |")]
    assert len(rows) == 1
    for fact in (entry["title"], entry["author"], entry["license"], entry["sha256"]):
        assert fact in rows[0]


@pytest.mark.parametrize("entry", fonts, ids=named)
def test_a_font_comes_with_its_open_licence(entry: dict[str, str]) -> None:
    folder = brushes.FONTS
    assert credits.fingerprint(folder / entry["file"]) == entry["sha256"]
    assert entry["license"] == "OFL-1.1"
    licence = (folder / entry["license_file"]).read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "with reserved font name" not in licence.lower(), "a smaller font would have to be renamed"


def test_the_list_names_every_shipped_font_and_licence() -> None:
    listed = {entry["file"] for entry in fonts} | {entry["license_file"] for entry in fonts}
    assert listed == {file.name for file in brushes.FONTS.iterdir()}


def test_the_credits_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert credits.main(["--check"]) == 0
    assert capsys.readouterr().out == "out of date: nothing\n"


def test_credits_that_are_out_of_date_are_caught_and_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(brushes.SAMPLES, tmp_path / "samples")
    monkeypatch.setattr(credits, "SAMPLES", tmp_path / "samples")
    with (tmp_path / "samples" / "pictures" / "cat.jpg").open("ab") as file:
        file.write(b"another byte")
    assert credits.main(["--check"]) == 1
    assert "pictures.json" in capsys.readouterr().out
    assert credits.main([]) == 0
    assert credits.main(["--check"]) == 0


@pytest.mark.parametrize("module", [brushes, credits, lettering, street], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
