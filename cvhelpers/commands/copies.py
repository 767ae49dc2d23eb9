"""cvhelpers copies and cvhelpers reset: the learner's own notebooks, in a folder of their own, without outputs.

The collection is stored executed, for reading. Nobody learns in it: the answer would stand under the question, and an
update would overwrite what a learner wrote. So a learner works in `my-notebooks`, beside the collection, or in the
current folder when the collection came with the installed package or lies where nobody may write, as in a folder that
a class shares. A copy that is there is never overwritten.

Each copy keeps a hash of the original that it was made from. When the original has changed since, `Copies.make` says
so, and `cvhelpers reset` brings the new one.
"""

import argparse
import hashlib
import itertools
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from cvhelpers.commands import CommandError
from cvhelpers.commands.notebook_files import (
    COPIES,
    PACKAGE,
    Notebook,
    all_notebooks,
    bring_pictures,
    clear_outputs,
    collection,
    find,
    read_notebook,
    use_pictures_beside,
    working_folder,
    write_notebook,
)


def main(arguments: Sequence[str]) -> int:
    """Make the copies that are missing, and say what is there."""
    argparse.ArgumentParser(
        prog="cvhelpers copies",
        description=f"Write your own copies of the notebooks into the folder {COPIES}, without outputs. A copy that "
        "is there already stays as it is. `cvhelpers lab` does the same before it starts.",
    ).parse_args(arguments)
    copies = Copies(collection())
    print(*copies.make(), f"Your own notebooks are in {copies.folder}.", sep="\n")
    return 0


def reset(arguments: Sequence[str]) -> int:
    """Bring notebooks back as they were, and keep the present ones under another name."""
    parser = argparse.ArgumentParser(
        prog="cvhelpers reset",
        description=f"Start a notebook in {COPIES} again. Your present copy is kept under another name.",
    )
    parser.add_argument("notebooks", nargs="+", metavar="notebook", help="its number, or its name; such as 03")
    wanted = parser.parse_args(arguments).notebooks
    copies = Copies(collection())
    for original in [find(name, copies.originals) for name in wanted]:
        kept = copies.reset(original)
        print(
            f"{original.name} is as it was at the beginning." + (f" Your old one is now {kept.name}." if kept else "")
        )
    print("If one of them is open in JupyterLab, close it there and open it again.")
    return 0


class Copies:
    """The learner's copies of the notebooks in a folder."""

    def __init__(self, originals: Path) -> None:
        self.originals = originals
        from_package, beside = originals == PACKAGE / "notebooks", originals.resolve().parent
        self.root = beside if os.access(beside, os.W_OK) and not from_package else working_folder()
        self.folder = self.root / COPIES

    def make(self) -> list[str]:
        """Write what is missing; say in sentences which copies have an original that changed, or can't be read."""
        bring_pictures(self.originals, self.folder)
        return [message for original in all_notebooks(self.originals) if (message := self._make(original))]

    def _make(self, original: Path) -> str | None:
        copy, fresh = self.folder / original.name, fresh_copy(original)
        again = f"`cvhelpers reset {original.name[:2]}` brings it, and keeps yours under another name."
        if not copy.exists():
            write_notebook(fresh, copy)
            return None
        try:
            begun = read_notebook(copy)["metadata"].get("cvhelpers", {}).get("original")
        except CommandError:
            return f"Your copy of {original.name} can't be read. The original is still there: {again}"
        if begun != fresh["metadata"]["cvhelpers"]["original"]:
            return f"There is a newer {original.name}. Your copy stays as it is: {again}"
        return None

    def reset(self, original: Path) -> Path | None:
        """Write a fresh copy; where the one before it is now, if there was one."""
        bring_pictures(self.originals, self.folder)
        copy, fresh = self.folder / original.name, fresh_copy(original)
        kept = _free_name(copy) if copy.exists() else None
        if kept:
            os.rename(copy, kept)
        write_notebook(fresh, copy)
        return kept


def _free_name(copy: Path) -> Path:
    names = (copy.with_stem(f"{copy.stem}-old-{number}") for number in itertools.count(1))
    return next(name for name in names if not name.exists())


def fresh_copy(original: Path) -> Notebook:
    """A notebook as a learner begins it, with a hash of what its author wrote."""
    notebook = read_notebook(original)
    clear_outputs(notebook)
    use_pictures_beside(notebook)
    digest = hashlib.sha256(json.dumps(notebook["cells"], sort_keys=True).encode()).hexdigest()
    notebook["metadata"] |= {"cvhelpers": {"original": digest}, "language_info": language_info()}
    return notebook


def language_info() -> dict[str, object]:
    """What a kernel will say of itself: when it is stored already, opening a notebook changes nothing in it."""
    return {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": platform.python_version(),
    }
