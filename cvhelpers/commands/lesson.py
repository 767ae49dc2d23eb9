"""cvhelpers lesson: copies of the notebooks for a class, for the learners or for the teacher.

An exercise is four cells, told apart by their tags: the task (`exercise`), the cell to write in (`answer`), hint and
solution folded in a text (`help`), and the check (`check`). The solution stands in that text and nowhere else.

A teacher's copy has it in the cell to write in, between nbgrader's marks; a learner's copy does not have it at all.
"""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from cvhelpers.commands import CommandError
from cvhelpers.commands.notebook_files import (
    Cell,
    Notebook,
    bring_pictures,
    chosen,
    clear_outputs,
    has_tag,
    read_notebook,
    set_text,
    text_of,
    use_pictures_beside,
    write_notebook,
)

SOLUTION = re.compile(
    r"\n*<details>\s*<summary>Solution</summary>\s*```python\n(?P<code>.*?)\n```\s*</details>", re.DOTALL
)
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
HIDDEN_TEST = "\n\n### BEGIN HIDDEN TESTS\nassert right\n### END HIDDEN TESTS"


def main(arguments: Sequence[str]) -> int:
    """Write a copy of each notebook."""
    args = _parser().parse_args(arguments)
    paths = chosen(args.notebooks, args.out)
    args.out.mkdir(parents=True, exist_ok=True)
    for path in paths:
        notebook = read_notebook(path)
        clear_outputs(notebook)
        make = without_solutions if args.without_solutions else with_solutions
        notebook = make(notebook, nbgrader=args.nbgrader)
        use_pictures_beside(notebook)
        bring_pictures(path.parent, args.out)
        write_notebook(notebook, args.out / path.name)
        number = sum(has_tag(cell, "answer") for cell in notebook["cells"])
        print(f"{path.stem:<32}{number} exercise{'' if number == 1 else 's'}")
    kind = "learner's copies, without solutions" if args.without_solutions else "teacher's copies, with solutions"
    print(f"The {kind}, are in {args.out}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cvhelpers lesson",
        description="Write copies of the notebooks for a class, without outputs: with the solutions in their cells, "
        "for the teacher, or without any, for the learners.",
    )
    parser.add_argument(
        "notebooks", nargs="*", metavar="notebook", help="its number, such as 03, or its path (default: all of them)"
    )
    parser.add_argument("--without-solutions", action="store_true", help="for the learners")
    parser.add_argument("--nbgrader", action="store_true", help="mark the cells for nbgrader")
    parser.add_argument(
        "--out", type=Path, default=Path("out/lesson"), help="the folder to write to (default: out/lesson)"
    )
    return parser


def with_solutions(notebook: Notebook, nbgrader: bool = False) -> Notebook:
    """The teacher's copy: each solution below what the learner begins with, in the cell to write in."""
    for answer, told, checked in exercises(notebook):
        set_text(answer, f"{text_of(answer)}\n\n{BEGIN}\n{solution(told)}\n{END}")
        if nbgrader:
            set_text(checked, text_of(checked) + HIDDEN_TEST)
    return _without_help(notebook, nbgrader)


def without_solutions(notebook: Notebook, nbgrader: bool = False) -> Notebook:
    """The learner's copy: what the learner begins with, and the hints."""
    return _without_help(notebook, nbgrader)


def _without_help(notebook: Notebook, nbgrader: bool) -> Notebook:
    for number, (answer, told, checked) in enumerate(exercises(notebook), start=1):
        set_text(told, SOLUTION.sub("", text_of(told)))
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
    found = SOLUTION.search(text_of(told))
    if not found:
        raise CommandError(f"there is no folded solution in the cell that begins: {text_of(told)[:60]!r}")
    return found["code"]
