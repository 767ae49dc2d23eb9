"""Notebooks as files: where they are, reading and writing them, and what a cell holds."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cvhelpers.commands import CommandError, write_whole

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


def find(name: str, folder: Path) -> Path:
    """The notebook in a folder that a number, a beginning or a file name means."""
    known, beginning = all_notebooks(folder), name.zfill(2) if name.isdigit() else name
    found = [path for path in known if path.name == Path(name).name or path.stem.startswith(beginning)]
    if len(found) != 1:
        names = ", ".join(path.stem for path in found or known)
        raise CommandError(f"{name} fits {'more than one' if found else 'no'} notebook. Choose from: {names}.")
    return found[0]


def chosen(names: Sequence[str], out: Path) -> list[Path]:
    """The notebooks to work on, each by its path or its number, all of them when none is named.

    Each can be read and none would be overwritten.
    """
    found = [Path(name) if Path(name).suffix or Path(name).exists() else find(name, collection()) for name in names]
    found = found or all_notebooks(collection())
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
    except (ValueError, RecursionError):
        notebook = None
    if not _is_notebook(notebook):
        raise CommandError(
            f"{path} is damaged: it does not hold a notebook (nbformat 4). "
            "Bring it back with `git checkout`, or with `cvhelpers reset` if it is your own copy."
        )
    return dict(notebook)


def _is_notebook(data: Any) -> bool:
    """Does JSON from anywhere have the parts of a notebook that are used here?"""
    return (
        isinstance(data, dict)
        and data.get("nbformat") == 4
        and isinstance(data.get("metadata"), dict)
        and isinstance(data.get("cells"), list)
        and all(map(_is_cell, data["cells"]))
    )


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata"), dict):
        return False
    source, tags = cell.get("source"), cell["metadata"].get("tags", [])
    texts = [source] if isinstance(source, str) else source
    return cell.get("cell_type") in ("code", "markdown", "raw") and all(
        isinstance(part, list) and all(isinstance(one, str) for one in part) for part in (texts, tags)
    )


def write_notebook(notebook: Notebook, path: Path) -> None:
    """Write the whole file or nothing: a full disk leaves no half of a notebook behind."""
    write_whole(path, f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n".encode())


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
    if (originals / FIRST_NOTEBOOK).is_file():
        for file in _texts_and_pictures(originals, folder):
            beside = folder / file.relative_to(originals)
            beside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, beside)
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    for picture in (PACKAGE / "samples" / "pictures").iterdir():
        beside = folder / PICTURES / picture.name
        if not beside.exists():  # it may be a learner's own by now
            shutil.copyfile(picture, beside)


def _texts_and_pictures(originals: Path, folder: Path) -> list[Path]:
    """What lies beside the notebooks and is for learners. The copies' own folder may lie among them."""
    copies = folder.resolve()
    return [
        file
        for file in sorted(originals.rglob("*"))
        if file.is_file()
        and file.suffix != ".ipynb"
        and file.name != "INSTRUCTORS.md"
        and not any(part.startswith(".") for part in file.relative_to(originals).parts)
        and not file.resolve().is_relative_to(copies)
    ]


def has_tag(cell: Cell, tag: str) -> bool:
    return tag in cell["metadata"].get("tags", ())


def text_of(cell: Cell) -> str:
    """A cell's text, which a file may hold as one string or as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def set_text(cell: Cell, text: str) -> None:
    cell["source"] = text.splitlines(keepends=True)
