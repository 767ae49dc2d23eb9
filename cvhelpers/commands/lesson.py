"""cvhelpers lesson: copies of the notebooks for a class, for the learners or for the teacher.

An exercise is four cells, told apart by their tags: the task (`exercise`), the cell to write in (`answer`), hint and
solution folded in a text (`help`), and the check (`check`). The solution stands in that text and nowhere else.

A teacher's copy has it in the cell to write in, between nbgrader's marks; a learner's copy does not have it at all.
"""

import argparse
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cvhelpers.commands import CommandError, notebooks_folder

Cell = dict[str, Any]
Notebook = dict[str, Any]

SOLUTION = re.compile(
    r"\n*<details>\s*<summary>Solution</summary>\s*```python\n(?P<code>.*?)\n```\s*</details>", re.DOTALL
)
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
HIDDEN_TEST = "\n\n### BEGIN HIDDEN TESTS\nassert right\n### END HIDDEN TESTS"


def main(arguments: Sequence[str]) -> int:
    """Write a copy of each notebook."""
    args = _parser().parse_args(arguments)
    folder = notebooks_folder()
    paths = args.notebooks or sorted(folder.glob("*.ipynb"))
    for path in paths:
        if not path.is_file():
            raise CommandError(f"there is no notebook {path}. Give a path such as notebooks/00-start-here.ipynb.")
        if path.resolve().parent == args.out.resolve():
            raise CommandError(f"--out {args.out} would overwrite the notebooks themselves. Choose another folder.")
    args.out.mkdir(parents=True, exist_ok=True)
    for path in paths:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        make = without_solutions if args.without_solutions else with_solutions
        notebook = make(notebook, nbgrader=args.nbgrader)
        move(notebook, path.parent, args.out)
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        (args.out / path.name).write_text(text, encoding="utf-8")
        number = sum(has_tag(cell, "answer") for cell in notebook["cells"])
        print(f"{path.stem:<32}{number} exercise{'' if number == 1 else 's'}")
    kind = "learner's copies, without solutions" if args.without_solutions else "teacher's copies, with solutions"
    print(f"The {kind}, are in {args.out}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cvhelpers lesson",
        description="Write copies of the notebooks for a class: with the solutions in their cells, for the teacher, "
        "or without any, for the learners.",
    )
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="notebook", help="which (default: all of them)")
    parser.add_argument("--without-solutions", action="store_true", help="for the learners")
    parser.add_argument("--nbgrader", action="store_true", help="mark the cells for nbgrader")
    parser.add_argument(
        "--out", type=Path, default=Path("out/lesson"), help="the folder to write to (default: out/lesson)"
    )
    return parser


def with_solutions(notebook: Notebook, nbgrader: bool = False) -> Notebook:
    """The teacher's copy: each solution below what the learner begins with, in the cell to write in."""
    for answer, told, checked in exercises(notebook):
        write(answer, f"{read(answer)}\n\n{BEGIN}\n{solution(told)}\n{END}")
        if nbgrader:
            write(checked, read(checked) + HIDDEN_TEST)
    return _without_help(notebook, nbgrader)


def without_solutions(notebook: Notebook, nbgrader: bool = False) -> Notebook:
    """The learner's copy: what the learner begins with, and the hints."""
    return _without_help(notebook, nbgrader)


def _without_help(notebook: Notebook, nbgrader: bool) -> Notebook:
    for number, (answer, told, checked) in enumerate(exercises(notebook), start=1):
        write(told, SOLUTION.sub("", read(told)))
        for cell in (answer, checked):
            cell["outputs"], cell["execution_count"] = [], None
        if nbgrader:
            name = f"exercise-{number}"
            answer["metadata"]["nbgrader"] = _marks(name, solution=True)
            checked["metadata"]["nbgrader"] = _marks(f"{name}-check", grade=True, points=1)
    return notebook


def _marks(name: str, solution: bool = False, grade: bool = False, **points: int) -> dict[str, object]:
    """A cell's metadata as nbgrader reads it: version 3 of its format."""
    return {
        "schema_version": 3,
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": grade,
        "task": False,
        **points,
    }


def exercises(notebook: Notebook) -> list[tuple[Cell, Cell, Cell]]:
    """(the cell to write in, hint and solution, the check) of each exercise, in order."""
    cells = ([cell for cell in notebook["cells"] if has_tag(cell, tag)] for tag in ("answer", "help", "check"))
    return list(zip(*cells, strict=True))


def solution(told: Cell) -> str:
    """The code that is folded in the text."""
    found = SOLUTION.search(read(told))
    if not found:
        raise CommandError(f"there is no folded solution in the cell that begins: {read(told)[:60]!r}")
    return found["code"]


def move(notebook: Notebook, old: Path, new: Path) -> None:
    """Let paths that begin with ../ lead to the same files from the new folder, which may be elsewhere."""
    way = Path(os.path.relpath(old.resolve().parent, new.resolve())).as_posix()
    for cell in notebook["cells"]:
        write(cell, re.sub(r"(?<![\w./])\.\./(?=\w)", f"{way}/", read(cell)))


def has_tag(cell: Cell, tag: str) -> bool:
    return tag in cell["metadata"].get("tags", ())


def read(cell: Cell) -> str:
    """A cell's text, which a file may hold as one string or as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def write(cell: Cell, text: str) -> None:
    cell["source"] = text.splitlines(keepends=True)
