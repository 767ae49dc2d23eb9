"""Notebooks as files: where they are, reading and writing them, and what a cell holds."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cvhelpers.commands import CommandError

Cell = dict[str, Any]
Notebook = dict[str, Any]

FIRST_NOTEBOOK = "00-start-here.ipynb"
COPIES = "my-notebooks"
"""The name of the folder of a learner's own copies."""
PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parent
SAMPLES = "../cvhelpers/samples/pictures/"
"""How a notebook of the collection names the folder of the sample pictures. A copy has them beside it."""
PICTURES = "pictures/"
BESIDE_PACKAGE = "../samples/pictures/"
"""The same folder, as a notebook in the wheel would name it."""


def collection() -> Path:
    """The folder of the notebooks: of the current checkout, of the one this package runs from, or of its wheel."""
    here = working_folder()
    for folder in (here / "notebooks", here, CHECKOUT / "notebooks", PACKAGE / "notebooks"):
        if (folder / FIRST_NOTEBOOK).is_file():
            return folder
    raise CommandError(
        f"there is no notebooks/{FIRST_NOTEBOOK} in {here}, and none came with the package.\n"
        "Change into the folder that you cloned or unpacked (cd FOLDER) and run the command there."
    )


def working_folder() -> Path:
    """The current folder, or the one around it for a command that is given among one's own copies."""
    here = Path.cwd()
    return here.parent if here.name == COPIES else here


def all_notebooks(folder: Path) -> list[Path]:
    """The notebooks in a folder, by name."""
    return sorted(folder.glob("*.ipynb"))


def chosen(paths: Sequence[Path], out: Path) -> list[Path]:
    """The notebooks to work on, all of them when none is named; each can be read and none would be overwritten."""
    found = list(paths) or all_notebooks(collection())
    for path in found:
        read_notebook(path)
        if out.exists() and out.samefile(path.parent):  # whatever its case, where a file system tells none apart
            raise CommandError(f"--out {out} would overwrite the notebooks themselves. Choose another folder.")
    return found


def read_notebook(path: Path) -> Notebook:
    """A notebook from a file; `CommandError` when it is none."""
    example = f"Give a path such as notebooks/{FIRST_NOTEBOOK}."
    if not path.exists():
        raise CommandError(f"there is no notebook {path}. {example}")
    if path.is_dir() or path.suffix != ".ipynb":
        raise CommandError(f"{path} is not a notebook: the name of a notebook ends in .ipynb. {example}")
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
        complete = all(isinstance(cell["metadata"], dict) and "source" in cell for cell in cells)
    except (ValueError, KeyError, TypeError):
        complete = False
    if not complete or notebook.get("nbformat") != 4:
        raise CommandError(
            f"{path} is damaged: it does not hold a notebook (nbformat 4). "
            "Bring it back with `git checkout`, or with `cvhelpers reset` if it is your own copy."
        )
    return dict(notebook)


def write_notebook(notebook: Notebook, path: Path) -> None:
    """Write the whole file or nothing: a full disk leaves no half of a notebook behind."""
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def clear_outputs(notebook: Notebook) -> None:
    """Leave of each cell what its author wrote, not what it answered."""
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def use_pictures_beside(notebook: Notebook) -> None:
    """Name the sample pictures as they lie beside a copy."""
    for cell in notebook["cells"]:
        set_text(cell, text_of(cell).replace(SAMPLES, PICTURES))


def bring_pictures(originals: Path, folder: Path) -> None:
    """Put beside copies in `folder` what their text shows and links to, and the sample pictures."""
    left_out = shutil.ignore_patterns("*.ipynb", ".*", "INSTRUCTORS.md")
    if (originals / FIRST_NOTEBOOK).is_file():
        shutil.copytree(originals, folder, ignore=left_out, dirs_exist_ok=True)
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    for picture in (PACKAGE / "samples" / "pictures").iterdir():
        beside = folder / PICTURES / picture.name
        if not beside.exists():  # it may be a learner's own by now
            shutil.copyfile(picture, beside)


def has_tag(cell: Cell, tag: str) -> bool:
    return tag in cell["metadata"].get("tags", ())


def text_of(cell: Cell) -> str:
    """A cell's text, which a file may hold as one string or as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def set_text(cell: Cell, text: str) -> None:
    cell["source"] = text.splitlines(keepends=True)
