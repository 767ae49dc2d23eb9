"""The explorers in JupyterLab, as a learner has them: with mouse, keyboard, clipboard and files, and by axe.

One notebook is opened once and used by all tests here, in their order; the last one restarts its kernel.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import PIL.Image
import PIL.ImageDraw
import pytest
from browsing import axe, cut_off, outside, shoot
from conftest import ROOT, SIZES, Lab

pytestmark = pytest.mark.slow
SETUP = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests")!r})
import cvhelpers as cv
from cvhelpers.session import Connection
from play_service import Endless
"""
CELLS = {
    "analyze": "cv.explore_analyze(cv.connect('on-device'))",
    "printed": "cv.explore_printed_text()",
    "waiting": "cv.explore_handwritten_text(Connection(Endless()))",
    "search": "cv.explore_search()",
    "compare": "cv.explore_comparison('democritus')",
    "picker": "cv.pick_picture(lambda picture: picture.name)",
}


@pytest.fixture(scope="module")
def notebook() -> str:
    """A notebook with each control, by its path in the repository."""
    cells = [
        {"cell_type": "code", "id": name, "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for name, source in {"setup": SETUP, **CELLS}.items()
    ]
    path = ROOT / "out" / "browser" / "explorers.ipynb"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})
    )
    return str(path.relative_to(ROOT))


@pytest.fixture(scope="module")
def in_lab(lab: Lab, notebook: str) -> Iterator[Any]:
    """The notebook in JupyterLab, run."""
    page = lab.open(notebook)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    asked = outside(page)
    lab.run_all(page)
    assert lab.errors(page) == []
    yield page
    assert asked == [], "a control asked another computer"
    page.close()


def cell(page: Any, name: str) -> Any:
    found = page.locator(".jp-CodeCell").nth(1 + list(CELLS).index(name))
    found.scroll_into_view_if_needed()
    return found


def press(explorer: Any, name: str) -> None:
    explorer.get_by_role("button", name=name, exact=True).first.click()


def says(explorer: Any, words: str) -> None:
    explorer.locator(".cvh-message", has_text=words).first.wait_for(timeout=30_000)


def copied(page: Any) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def cells_of(page: Any) -> list[str]:
    """The sources of all cells, and which one is active."""
    return list(
        page.evaluate("""() => {
            const notebook = jupyterapp.shell.currentWidget.content;
            return [...notebook.model.cells].map(cell => cell.sharedModel.source).concat(notebook.activeCellIndex);
        }""")
    )


# --------------------------------------------------------------------------------------------------------------
# asking


def test_the_first_result_is_there_before_anyone_presses_run(in_lab: Any) -> None:
    for name, words in {"analyze": "Done", "printed": "11 rows", "search": "1 to 16", "compare": "the same"}.items():
        says(cell(in_lab, name), words)


def test_the_result_stands_beside_the_controls(in_lab: Any) -> None:
    explorer = cell(in_lab, "printed")
    controls, result = (explorer.locator(f".cvh-{name}").first.bounding_box() for name in ("controls", "result"))
    assert result["x"] >= controls["x"] + controls["width"]
    assert abs(result["y"] - controls["y"]) < 40


def test_a_key_works_the_control_and_not_the_notebook(in_lab: Any) -> None:
    """The notebook's own keys: arrows change the cell, a and b insert one, x cuts it, d d deletes it."""
    explorer = cell(in_lab, "analyze")
    explorer.get_by_role("radio", name="clock").check()
    before = cells_of(in_lab)
    for key, name in (("ArrowRight", "coffee"), ("ArrowDown", "coins"), ("ArrowLeft", "coffee"), ("ArrowUp", "clock")):
        in_lab.keyboard.press(key)
        explorer.get_by_text(f"Your picture: {name}").wait_for()
    for control in (
        explorer.get_by_role("radio", name="clock"),
        explorer.get_by_role("checkbox", name="Tags"),
        explorer.get_by_role("combobox", name="Answers from"),
        explorer.get_by_role("tab", name="Result"),
        explorer.get_by_role("button", name="Cancel").last,
        explorer.locator(".cvh-table"),
    ):
        control.focus()
        for key in ("b", "x", "a", "d", "d", "Escape", "ArrowDown", "ArrowUp"):
            in_lab.keyboard.press(key)
    tags = explorer.get_by_role("checkbox", name="Tags")
    tags.focus()
    in_lab.keyboard.press("Space")
    assert tags.is_checked()
    assert cells_of(in_lab) == before

    search = cell(in_lab, "search")
    term = search.get_by_label("Search for")
    term.fill("")
    term.focus()
    before = cells_of(in_lab)
    in_lab.keyboard.type("boxes and dx")
    assert term.input_value() == "boxes and dx"
    assert cells_of(in_lab) == before


def test_a_changed_choice_dims_the_result_until_the_next_run(in_lab: Any) -> None:
    explorer = cell(in_lab, "analyze")
    explorer.get_by_role("radio", name="photographer").check()
    explorer.get_by_text("Your picture: photographer").wait_for()
    says(explorer, "belongs to the earlier choice")
    explorer.locator(".cvh-stale").wait_for()
    for name in ("Objects", "Faces"):
        explorer.get_by_role("checkbox", name=name).check()
    press(explorer, "Run")
    says(explorer, "Done")
    explorer.locator(".cvh-stale").wait_for(state="detached")


def test_what_the_source_can_not_do_is_disabled_with_the_reason(in_lab: Any) -> None:
    explorer = cell(in_lab, "analyze")
    for name in ("Brands", "Celebrities", "Landmarks"):
        assert explorer.get_by_role("checkbox", name=name).is_disabled()
        explorer.get_by_text(f"{name}: ").wait_for()
    languages = explorer.get_by_role("combobox", name="Language").locator("option").all_inner_texts()
    assert [name.replace("\N{NO-BREAK SPACE}", " ") for name in languages] == [
        "English, if none is given",
        "en",
        "es",
        "ja",
        "pt",
        "zh",
    ]


def test_work_without_an_end_is_cancelled_at_once_and_freezes_nothing(in_lab: Any) -> None:
    explorer = cell(in_lab, "waiting")
    says(explorer, "Asking")  # the service does not answer
    other = cell(in_lab, "printed")
    press(other, "Run")
    says(other, "Done")
    explorer.get_by_role("button", name="Cancel").last.click()
    explorer.locator(".cvh-message", has_text="Cancelled").wait_for(timeout=2_000)


# --------------------------------------------------------------------------------------------------------------
# the result


def test_things_are_drawn_with_bars_and_a_threshold(in_lab: Any) -> None:
    explorer = cell(in_lab, "analyze")
    alt = explorer.locator(".cvh-drawing img").get_attribute("alt")
    assert "1 person 0." in alt
    assert "face" in alt
    assert explorer.locator(".cvh-bar").count() >= 2
    explorer.locator(".cvh-patch").first.wait_for()
    rows = explorer.locator(".cvh-table tbody tr").count()
    slider = explorer.get_by_role("slider")
    slider.focus()
    in_lab.keyboard.press("End")
    explorer.locator("figcaption", has_text="confidence below 1.00").wait_for()
    assert explorer.locator(".cvh-table tbody tr").count() < rows
    slider.focus()
    in_lab.keyboard.press("Home")
    explorer.locator("figcaption", has_text="confidence below").wait_for(state="detached")


def test_a_row_finds_its_box_and_a_box_its_row(in_lab: Any) -> None:
    explorer = cell(in_lab, "printed")
    first = explorer.locator(".cvh-table tbody button").first
    first.click()
    explorer.locator("g.cvh-on").wait_for()
    in_lab.keyboard.press("ArrowDown")
    in_lab.keyboard.press("Enter")
    explorer.locator("tr.cvh-on", has_text="EXISTS").wait_for()
    in_lab.keyboard.press("Escape")
    explorer.locator("g.cvh-on").wait_for(state="detached")
    explorer.locator("g .cvh-line").first.click()
    explorer.locator("tr.cvh-on").wait_for()


def test_a_drawing_is_enlarged_and_drawn_sharper(in_lab: Any) -> None:
    explorer = cell(in_lab, "printed")
    explorer.locator(".cvh-drawing").click(position={"x": 3, "y": 3})
    dialog = explorer.get_by_role("dialog")
    image = dialog.get_by_role("img")
    fitting = image.bounding_box()["width"]
    dialog.get_by_role("button", name="Larger").click()
    assert image.bounding_box()["width"] > 1.4 * fitting
    in_lab.wait_for_function("[...document.querySelectorAll('dialog img')].some(one => one.naturalWidth > 1000)")
    in_lab.keyboard.press("Escape")
    dialog.wait_for(state="detached")


def test_text_table_figure_and_answer_are_copied_and_saved(in_lab: Any, tmp_path: Path) -> None:
    explorer = cell(in_lab, "printed")
    press(explorer, "Copy text")
    explorer.get_by_text("Copied").wait_for()
    assert copied(in_lab).startswith("NOTHING\nEXISTS")
    saved = {}
    for name in ("Save CSV", "Save PNG", "Save text"):
        with in_lab.expect_download() as download:
            press(explorer, name)
        saved[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[name])
    assert saved["Save CSV"].name == "printed-text-of-democritus.csv"
    assert saved["Save CSV"].read_text(encoding="utf-8").splitlines()[1].startswith("1,word,NOTHING,")
    assert PIL.Image.open(saved["Save PNG"]).width > 400
    press(explorer, "Copy PNG")
    types = "async () => (await navigator.clipboard.read())[0].types"
    in_lab.wait_for_function(f"async () => (await ({types})()).includes('image/png')")
    explorer.get_by_role("tab", name="Answer").click()
    press(explorer, "Copy JSON")
    in_lab.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('{')")
    assert json.loads(copied(in_lab))["orientation"] == "Up"


def test_the_code_asks_an_address_that_answers(in_lab: Any) -> None:
    explorer = cell(in_lab, "printed")
    explorer.get_by_role("tab", name="Code").click()
    explorer.locator(".cvh-warning", has_text="was retired").wait_for()
    press(explorer, "Copy curl")
    in_lab.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('curl -X POST')")
    assert "http://127.0.0.1:8000/vision/v2.0/ocr" in copied(in_lab)
    assert "microsoft.com" not in copied(in_lab).split("-H")[0]
    explorer.get_by_role("tab", name="Result").click()


# --------------------------------------------------------------------------------------------------------------
# a picture of one's own


def encoded(kind: str, size: tuple[int, int] = (640, 480), **options: Any) -> bytes:
    image = PIL.Image.new("RGB", size, "white")
    PIL.ImageDraw.Draw(image).text((size[0] // 8, size[1] // 3), "HELLO", fill="black", font_size=size[1] // 5)
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def upload(explorer: Any, folder: Path, name: str, data: bytes) -> None:
    """From a file, as a learner does; bytes would take Playwright half a minute for 20 MB."""
    (folder / name).write_bytes(data)
    explorer.locator("input[type=file]").set_input_files(folder / name)


def test_pictures_of_every_kind_are_taken(in_lab: Any, tmp_path: Path) -> None:
    explorer = cell(in_lab, "picker")
    second = PIL.Image.new("RGB", (640, 480), "navy")
    pictures = {
        "phone.heic": (ROOT / "tests/library/own/brown.heic").read_bytes(),
        "web.webp": encoded("WEBP"),
        "new.avif": encoded("AVIF"),
        "scan.tiff": encoded("TIFF"),
        "moves.gif": encoded("GIF", save_all=True, append_images=[second]),
        "large.bmp": encoded("BMP", (3000, 2300)),  # 20 MB: more than one message can carry
    }
    assert len(pictures["large.bmp"]) > 20_000_000
    for name, data in pictures.items():
        upload(explorer, tmp_path, name, data)
        explorer.locator(".cvh-chosen", has_text=f"Your picture: {name.split('.')[0]}").wait_for(timeout=30_000)
        moves = explorer.get_by_text("Only its first one is used").count()
        assert moves == (name == "moves.gif")


def test_what_is_no_picture_is_named(in_lab: Any) -> None:
    explorer = cell(in_lab, "picker")
    drop = """(zone, text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "letter.txt", {type: "text/plain"}));
      zone.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
    }"""
    explorer.locator(".cvh-drop").evaluate(drop, "Dear Ada")
    says(explorer, "letter.txt")
    assert "Dear Ada" not in explorer.inner_text()
    explorer.get_by_text("Your picture: large").wait_for()  # the last good one stays
    explorer.get_by_label("An address").fill("/etc/hosts")
    explorer.get_by_label("An address").press("Enter")
    says(explorer, "This is not an address")


def test_a_picture_is_pasted_and_photographed(in_lab: Any) -> None:
    explorer = cell(in_lab, "picker")
    in_lab.evaluate("""async () => {
      const canvas = Object.assign(document.createElement("canvas"), {width: 90, height: 60});
      canvas.getContext("2d").fillRect(0, 0, 45, 60);
      const blob = await new Promise(done => canvas.toBlob(done));
      await navigator.clipboard.write([new ClipboardItem({"image/png": blob})]);
    }""")
    explorer.get_by_role("button", name="Paste").focus()
    before = cells_of(in_lab)
    in_lab.keyboard.press("Control+v")
    explorer.locator(".cvh-chosen", has_text="90 × 60 PNG").wait_for()
    assert cells_of(in_lab) == before
    press(explorer, "Use the camera")
    press(explorer, "Take the picture")
    explorer.get_by_text("Your picture: camera").wait_for()
    press(explorer, "Paste")
    explorer.get_by_text("Your picture: pasted").wait_for()


def test_a_telephones_photograph_is_read_and_the_change_is_told(in_lab: Any, tmp_path: Path) -> None:
    explorer = cell(in_lab, "printed")
    upload(explorer, tmp_path, "photo.jpg", encoded("JPEG", (4032, 3024)))
    explorer.get_by_text("Your picture: photo, 4032 × 3024").wait_for(timeout=30_000)
    press(explorer, "Run")
    says(explorer, "made smaller from 4032 × 3024")
    explorer.locator("figcaption", has_text="because ocr").wait_for()
    explorer.locator(".cvh-table", has_text="HELLO").wait_for()


# --------------------------------------------------------------------------------------------------------------
# searching, comparing


def test_search_turn_pages_and_see(in_lab: Any) -> None:
    explorer = cell(in_lab, "search")
    explorer.get_by_label("Search for").fill("puppies")
    explorer.get_by_label("Search for").press("Enter")
    says(explorer, "pictures 1 to 16")
    press(explorer, "Page forward")
    says(explorer, "pictures 17 to")
    assert explorer.get_by_role("button", name="Page back").count() == 2, "above and below"
    explorer.get_by_role("button", name="Page back").last.click()
    says(explorer, "pictures 1 to 16")
    tile = explorer.locator("button.cvh-tile").nth(6)
    number = tile.inner_text().split()[0]
    assert number == "7"
    tile.focus()
    in_lab.keyboard.press("Enter")
    explorer.locator(".cvh-opened", has_text="7 ").wait_for(timeout=2_000)
    says(explorer, "Done")
    explorer.locator(".cvh-drawing img").wait_for()
    press(explorer, "Back to the pictures")
    explorer.locator("button.cvh-tile").nth(6).wait_for()


def test_compare(in_lab: Any) -> None:
    explorer = cell(in_lab, "compare")
    explorer.get_by_role("radio", name="cat").last.check()
    explorer.get_by_text("Your picture: cat").wait_for()
    press(explorer, "Compare")
    says(explorer, "The left side has 11 words, the right side 0: none is the same, and 11 are only on the left.")
    assert explorer.locator(".cvh-drawing img").count() == 2


# --------------------------------------------------------------------------------------------------------------
# for everyone


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off_and_nobody_is_barred(lab: Lab, in_lab: Any, size: str, theme: str) -> None:
    in_lab.set_viewport_size(SIZES[size])
    lab.set_theme(in_lab, theme)
    for name in CELLS:
        cell(in_lab, name).locator(".cvh").first.evaluate("part => part.scrollIntoView({block: 'start'})")
        in_lab.wait_for_timeout(150)
        shoot(in_lab, f"lab-{name}-{theme}-{size}")
    assert cut_off(in_lab) == []
    assert in_lab.locator(".cvh img:not([alt])").count() == 0
    if size != "768":  # axe takes its time, and the middle width has nothing of its own
        found = [(one["id"], node["html"][:200], node["target"]) for one in axe(in_lab) for node in one["nodes"]]
        assert [one for one in found if "cvh" in str(one)] == []


def test_a_result_out_of_sight_is_brought_into_view(in_lab: Any) -> None:
    in_lab.set_viewport_size(SIZES["390"])
    explorer = cell(in_lab, "printed")
    explorer.get_by_role("radio", name="democritus").check()
    explorer.get_by_text("Your picture: democritus").wait_for()
    explorer.locator(".cvh-controls").first.evaluate("part => part.scrollIntoView({block: 'start'})")
    button = explorer.get_by_role("button", name="Run", exact=True)
    button.evaluate("button => button.click()")
    says(explorer, "11 rows")
    in_lab.wait_for_timeout(600)
    top = explorer.locator(".cvh-result").bounding_box()["y"]
    assert 0 <= top < 400
    in_lab.set_viewport_size(SIZES["1280"])


def test_a_restarted_kernel_is_told_in_words(in_lab: Any) -> None:
    in_lab.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    for name in ("analyze", "search"):
        cell(in_lab, name).get_by_text("Run this cell again").first.wait_for(timeout=30_000)
    cell(in_lab, "search").locator("button.cvh-tile").last.click()  # far below the words
    in_lab.wait_for_timeout(200)
    words = (
        in_lab.locator(".jp-CodeCell").nth(1 + list(CELLS).index("search")).locator(".cvh-gone").first.bounding_box()
    )
    assert 0 <= words["y"] <= SIZES["1280"]["height"] - words["height"]
    shoot(in_lab, "lab-restarted")
    assert in_lab.locator(".cvh-gone:visible").count() == len(CELLS), "once for each control"
    broken = "part => getComputedStyle(part, '::before').content"
    assert set(in_lab.locator(".cvh .jupyter-widgets-disconnected").evaluate_all(f"all => all.map({broken})")) == {
        "none"
    }
