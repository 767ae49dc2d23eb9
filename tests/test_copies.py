"""A learner works in copies: nothing answered in advance, nothing overwritten, nothing lost, nothing imposed."""

import errno
import json
import os
import re
import subprocess

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_output

from cvhelpers.__main__ import main
from cvhelpers.commands import notebook_files
from cvhelpers.commands.copies import Copies, fresh_copy
from toys import NOTEBOOKS, ROOT, code, stem, write_toy

FIRST = "00-start-here.ipynb"


@pytest.fixture
def collection(tmp_path, monkeypatch):
    """Two executed notebooks and a picture, with the current folder beside them."""
    folder = tmp_path / "notebooks"
    for name in (FIRST, "03-read.ipynb"):
        answered = code("6 * 7")
        answered.outputs, answered.execution_count = [new_output("stream", text="42\n")], 1
        write_toy(folder / name, answered)
    (folder / "images").mkdir()
    (folder / "images" / "drawing.svg").write_text("<svg/>")
    (folder / "INSTRUCTORS.md").write_text("the answers")
    monkeypatch.chdir(tmp_path)
    return folder


def copies_of(collection):
    return Copies(collection)


def sources(path):
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


def test_a_copy_has_the_text_and_the_code_and_no_answer(collection):
    copies = copies_of(collection)
    assert copies.make() == []
    assert copies.folder == collection.parent / "my-notebooks"
    copy = nbformat.read(copies.folder / FIRST, as_version=4)
    nbformat.validate(copy)
    assert sources(copies.folder / FIRST) == sources(collection / FIRST)
    assert [(cell.outputs, cell.execution_count) for cell in copy.cells if cell.cell_type == "code"] == [([], None)] * 2


@pytest.mark.parametrize("path", NOTEBOOKS, ids=stem)
def test_no_copy_of_ours_holds_an_output(path):
    cells = [cell for cell in fresh_copy(path)["cells"] if cell["cell_type"] == "code"]
    stored = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code" and cell.outputs]
    assert stored, "the original has outputs to leave out"
    assert not [cell for cell in cells if cell["outputs"] or cell["execution_count"]]


def test_a_copy_says_of_the_language_what_the_kernel_will_say(collection):
    """Else a notebook that was only opened would be a changed one, and asked about when it is closed."""
    from ipykernel.ipkernel import IPythonKernel

    assert fresh_copy(collection / FIRST)["metadata"]["language_info"] == IPythonKernel.language_info


def test_git_ignores_the_copies():
    asked = subprocess.run(["git", "check-ignore", "my-notebooks/" + FIRST], cwd=ROOT, capture_output=True, check=False)
    if asked.returncode == 128:
        pytest.skip("this is not a git checkout")
    assert asked.returncode == 0


def test_a_notebook_is_written_whole_or_not_at_all(collection, monkeypatch):
    before = {path: path.read_bytes() for path in collection.glob("*.*")}

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        notebook_files.write_notebook({}, collection / FIRST)
    assert {path: path.read_bytes() for path in collection.glob("*.*")} == before


def test_a_copy_that_is_there_is_never_overwritten(collection):
    copies = copies_of(collection)
    copies.make()
    mine = copies.folder / FIRST
    mine.write_text(mine.read_text(encoding="utf-8").replace("6 * 7", "my own work"), encoding="utf-8")
    (copies.folder / "pictures" / "cat.jpg").write_bytes(b"my own cat")
    before = mine.read_bytes()
    assert copies_of(collection).make() == []
    assert mine.read_bytes() == before
    assert (copies.folder / "pictures" / "cat.jpg").read_bytes() == b"my own cat"


def test_a_changed_original_is_told_and_not_imposed(collection, capsys):
    copies = copies_of(collection)
    copies.make()
    before = (copies.folder / "03-read.ipynb").read_bytes()
    write_toy(collection / "03-read.ipynb", code("6 * 9"))
    (message,) = copies_of(collection).make()
    assert "newer 03-read.ipynb" in message
    assert "cvhelpers reset 03" in message
    assert main(["copies"]) == 0
    assert capsys.readouterr().out == f"{message}\nYour own notebooks are in {copies.folder}.\n"
    assert (copies.folder / "03-read.ipynb").read_bytes() == before


def test_an_original_that_was_only_run_again_is_not_a_change(collection):
    copies = copies_of(collection)
    copies.make()
    again = nbformat.read(collection / FIRST, as_version=4)
    again.cells[-1].outputs = [new_output("stream", text="another answer\n")]
    again.cells[-1].execution_count = 5
    again.metadata["language_info"] = {"name": "python", "version": "3.99"}
    nbformat.write(again, collection / FIRST)
    assert copies.make() == []


def test_a_copy_that_jupyter_saved_still_knows_its_original(collection):
    copies = copies_of(collection)
    copies.make()
    saved = nbformat.read(copies.folder / FIRST, as_version=4)
    saved.cells.append(new_markdown_cell("my thoughts"))
    nbformat.write(saved, copies.folder / FIRST)
    assert copies.make() == []


def test_a_spoilt_copy_is_told_with_the_way_out(collection, capsys):
    copies = copies_of(collection)
    copies.make()
    (copies.folder / "03-read.ipynb").write_text('{"cells": [')
    (message,) = copies.make()
    assert "can't be read" in message
    assert main(["reset", "03"]) == 0
    assert copies.make() == []
    assert (copies.folder / "03-read-old-1.ipynb").read_text(encoding="utf-8") == '{"cells": ['


def test_reset_keeps_every_old_one_under_another_name(collection, capsys):
    copies = copies_of(collection)
    copies.make()
    for number in (1, 2):
        (copies.folder / "03-read.ipynb").write_text(f"spoilt {number}")
        assert main(["reset", "03"]) == 0
        assert f"Your old one is now 03-read-old-{number}.ipynb." in capsys.readouterr().out
    assert [(copies.folder / f"03-read-old-{number}.ipynb").read_text(encoding="utf-8") for number in (1, 2)] == [
        "spoilt 1",
        "spoilt 2",
    ]
    assert sources(copies.folder / "03-read.ipynb") == sources(collection / "03-read.ipynb")


def test_reset_takes_a_number_without_its_zero(collection, capsys):
    assert main(["reset", "3"]) == 0
    assert capsys.readouterr().out.startswith("03-read.ipynb is as it was at the beginning.")


def test_reset_makes_the_copy_where_there_was_none(collection, capsys):
    assert main(["reset", "my-notebooks/03-read.ipynb"]) == 0
    assert capsys.readouterr().out.startswith("03-read.ipynb is as it was at the beginning.\nIf ")
    assert (collection.parent / "my-notebooks" / "pictures" / "cat.jpg").is_file()


@pytest.mark.parametrize(
    ("name", "word"), [("07", "fits no notebook"), ("read", "fits no notebook"), ("", "fits more than one notebook")]
)
def test_reset_asks_back_when_it_can_not_tell_which(collection, capsys, name, word):
    assert main(["reset", "03", name]) == 2
    assert word in capsys.readouterr().err
    assert not (collection.parent / "my-notebooks").exists(), "nothing was done by halves"


def test_pictures_come_along_and_the_guide_with_the_answers_does_not(collection):
    copies = copies_of(collection)
    copies.make()
    assert (copies.folder / "images" / "drawing.svg").is_file()
    assert (copies.folder / "pictures" / "cat.jpg").is_file()
    assert not (copies.folder / "INSTRUCTORS.md").exists()


def test_from_a_wheel_the_copies_are_in_the_current_folder(collection, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    package = tmp_path / "site-packages" / "cvhelpers"
    package.mkdir(parents=True)
    collection.rename(package / "notebooks")
    monkeypatch.setattr("cvhelpers.commands.copies.PACKAGE", package)
    with monkeypatch.context() as installed:
        installed.setattr(notebook_files, "PACKAGE", package)
        installed.setattr(notebook_files, "CHECKOUT", package.parent)
        assert notebook_files.collection() == package / "notebooks"
    copies = Copies(package / "notebooks")
    assert (copies.root, copies.folder) == (home, home / "my-notebooks")
    copies.make()
    monkeypatch.chdir(home / "my-notebooks")
    assert Copies(package / "notebooks").folder == home / "my-notebooks", "and not my-notebooks/my-notebooks"


def test_beside_a_collection_that_is_read_only_they_are_in_the_current_folder(collection, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: path != collection.parent)  # root may write anywhere
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    assert copies_of(collection).folder == home / "my-notebooks"


def test_a_command_given_among_the_copies_means_the_collection(collection, monkeypatch):
    copies_of(collection).make()
    monkeypatch.chdir(collection.parent / "my-notebooks")
    assert notebook_files.collection() == collection


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Copies of our own notebooks, far from the checkout, as from a wheel."""
    copies = Copies(ROOT / "notebooks")
    copies.root = tmp_path_factory.mktemp("far")
    copies.folder = copies.root / "my-notebooks"
    copies.make()
    return copies.folder


@pytest.mark.parametrize("path", NOTEBOOKS, ids=stem)
def test_links_pictures_and_paths_of_a_copy_lead_somewhere(path, ours):
    cells = json.loads((ours / path.name).read_text(encoding="utf-8"))["cells"]
    text = "\n".join(notebook_files.text_of(cell) for cell in cells)
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)|<img[^>]*src=[\"']([^\"':]+)[\"']", text)
    paths = re.findall(r"[\"']((?:\.\.|pictures)/[^\"']+)[\"']", text)
    wanted = {link or source for link, source in links} | set(paths)
    missing = {name for name in wanted if not (ours / name).exists()}
    assert missing <= {"pictures/street-at-nihgt.jpg"}, "but for the misspelt name that 02 is about"
    assert wanted, "links are really read"
