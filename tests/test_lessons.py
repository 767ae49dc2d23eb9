"""Exercises: every one has its four parts, its check speaks in words, and its solution is right."""

import contextlib
import functools
import io
import itertools
import json
import linecache
import os
import re
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest

import notebook_rules as rules
from cvhelpers.__main__ import main
from cvhelpers.checks import EXERCISES
from cvhelpers.commands import CommandError, lesson, page
from toys import NOTEBOOKS, ROOT, stem, write_toy

LESSONS = [path for path in NOTEBOOKS if path.stem[:2] != "00"]


class Copies(dict):
    """The copies of the lessons that the command makes, by name."""

    def __init__(self, folder, *options):
        self.folder = folder
        assert main(["lesson", *map(str, LESSONS), "--out", str(folder), *options]) == 0
        super().__init__({path.stem: nbformat.read(folder / path.name, as_version=4) for path in LESSONS})


@pytest.fixture(scope="module")
def learners(tmp_path_factory):
    return Copies(tmp_path_factory.mktemp("learners"), "--without-solutions")


@pytest.fixture(scope="module")
def teachers(tmp_path_factory):
    return Copies(tmp_path_factory.mktemp("teachers"))


@pytest.fixture(scope="module")
def said(learners, teachers):
    """What the checks of a notebook say, to whoever has
    written nothing, to whoever has broken something, and to whoever has the solution.

    A learner's copy is run from top to bottom in its own folder: without a kernel, so fast. (Of 06 only the exercises:
    its measurements take a minute, and no exercise needs them.) At each check, the solution is then run and the check
    once more, with what nbgrader grades by.
    """

    @functools.cache
    def run(name):
        space, begun, spoilt, solved, answer = {"__name__": "__main__"}, [], [], [], None
        answers = iter(tagged(teachers[name], "answer"))
        with patch.dict(os.environ, CVHELPERS_SOURCE="recorded"), contextlib.chdir(learners.folder):
            cells = learners[name].cells
            if name.startswith("06"):
                execute("import re", space)
                cells = cells[next(n for n, cell in enumerate(cells) if cell.source.startswith("## Exercises")) :]
            for cell in [cell for cell in cells if cell.cell_type == "code"]:
                printed = execute(cell.source, space)
                previous, answer = answer, cell
                if "check" in rules.tags(cell):
                    begun.append(printed)
                    with pytest.raises(AssertionError):
                        execute(lesson.HIDDEN_TEST, space)
                    for variable, value in itertools.product(names(previous), [None, 7, "a", [], {}, len]):
                        spoilt.append(execute(cell.source, {**space, variable: value}))
                    spoilt += [execute(cell.source, without(space, each)) for each in names(previous)]
                    solved.append(execute(next(answers).source + "\n" + cell.source + lesson.HIDDEN_TEST, space))
        return begun, spoilt, solved

    return run


def names(cell):
    """What an answer sets or defines."""
    code = compile(cell.source, "answer", "exec")
    return [name for name in code.co_names if re.search(rf"^(def )?(\w+, )*{name}\b.*[=:]", cell.source, re.MULTILINE)]


def without(space, name):
    return {other: value for other, value in space.items() if other != name}


def execute(source, space):
    """What it prints."""
    name = f"a cell that begins {source[:40]!r}"
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name  # as IPython does it
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(source, name, "exec"), space)
    return printed.getvalue()


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", ())]


# --- one source


@pytest.mark.parametrize("path", LESSONS, ids=stem)
def test_the_solutions_are_right(path, said):
    _, _, solved = said(path.stem)
    assert 3 <= len(solved) <= 5
    assert all(re.fullmatch(r"Right\. .+\n", each) for each in solved), solved


@pytest.mark.parametrize("path", LESSONS, ids=stem)
def test_a_learner_begins_with_nothing_right_and_no_traceback(path, said):
    begun, _, _ = said(path.stem)
    assert all(re.fullmatch(r"Not yet\. .+\n", each) for each in begun), begun
    stored = ["".join(map(rules.shown, cell.outputs)) for cell in tagged(nbformat.read(path, as_version=4), "check")]
    assert [each.strip() for each in stored] == [each.strip() for each in begun]


@pytest.mark.parametrize("path", LESSONS, ids=stem)
def test_whatever_is_broken_is_told_in_words(path, said):
    """Every name that an answer sets is set to something else, or taken away: no check ends in a traceback."""
    _, spoilt, _ = said(path.stem)
    assert len(spoilt) >= 4 * 7
    assert all(re.fullmatch(r"(Not yet|Right)\. .+\n", each) for each in spoilt), spoilt


@pytest.mark.parametrize("path", LESSONS, ids=stem)
def test_teachers_and_learners_differ_in_the_solutions_only(path, teachers, learners):
    theirs, hers = learners[path.stem], teachers[path.stem]
    marked = rf"\n\n{lesson.BEGIN}\n.*?\n{lesson.END}"
    assert [re.sub(marked, "", cell.source, flags=re.DOTALL) for cell in hers.cells] == [
        cell.source for cell in theirs.cells
    ]
    written = [solution["code"] for solution in lesson.SOLUTION.finditer(sources(nbformat.read(path, as_version=4)))]
    put_in = re.findall(rf"{lesson.BEGIN}\n(.*?)\n{lesson.END}", sources(hers), re.DOTALL)
    assert written == put_in
    assert len(written) == len(tagged(hers, "answer"))


@pytest.mark.parametrize("path", LESSONS, ids=stem)
def test_a_learners_copy_holds_no_solution(path, learners):
    text = sources(learners[path.stem])
    assert "Solution" not in text
    assert lesson.BEGIN not in text
    for told in tagged(nbformat.read(path, as_version=4), "help"):
        begun = set(sources(learners[path.stem]).splitlines())
        new = set(lesson.solution(told).splitlines()) - begun
        assert new, f"the solution is there already: {rules.start(told)}"
    for cell in tagged(learners[path.stem], "answer") + tagged(learners[path.stem], "check"):
        assert (cell.outputs, cell.execution_count) == ([], None)
    assert all("# Write your code here" in cell.source for cell in tagged(learners[path.stem], "answer"))


@pytest.mark.parametrize("path", LESSONS, ids=stem)
def test_everything_else_is_copied_as_it_is(path, learners):
    original = nbformat.read(path, as_version=4)
    nbformat.validate(learners[path.stem])
    for ours, copied in zip(original.cells, learners[path.stem].cells, strict=True):
        if not {"answer", "help", "check"} & set(ours.metadata.get("tags", ())) and "../" not in ours.source:
            answered = {"outputs": [], "execution_count": None} if ours.cell_type == "code" else {}
            assert copied == {**ours, **answered}


@pytest.mark.parametrize("path", LESSONS, ids=stem)
def test_no_copy_shows_an_answer_before_it_is_run(path, learners, teachers):
    cells = [*rules.code_cells(learners[path.stem]), *rules.code_cells(teachers[path.stem])]
    assert cells
    assert [cell.source for cell in cells if cell.outputs or cell.execution_count] == []


def sources(notebook):
    return "\n".join(cell.source for cell in notebook.cells)


# --- the command


def test_the_notebooks_themselves_are_never_overwritten(capsys):
    assert main(["lesson", "--out", str(ROOT / "notebooks")]) == 2
    assert "would overwrite" in capsys.readouterr().err


def test_a_notebook_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["lesson", "07-nothing.ipynb", "--out", str(tmp_path)]) == 2
    assert "there is no notebook 07-nothing.ipynb" in capsys.readouterr().err


def test_a_solution_that_is_missing_is_told_with_its_cell():
    with pytest.raises(CommandError, match="there is no folded solution in the cell that begins: 'A hint'"):
        lesson.solution({"source": "A hint"})


def test_copies_go_to_a_folder_of_their_own(tmp_path, monkeypatch):
    write_toy(tmp_path / "toy.ipynb")
    monkeypatch.chdir(tmp_path)
    assert main(["lesson", "toy.ipynb"]) == 0
    assert (tmp_path / "out/lesson/toy.ipynb").is_file()


def test_without_names_all_notebooks_are_copied(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert main(["lesson", "--without-solutions", "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.glob("*.ipynb")) == [path.name for path in NOTEBOOKS]
    said = capsys.readouterr().out
    assert f"The learner's copies, without solutions, are in {tmp_path}." in said
    assert re.search(r"^01-analyze-remote-image +\d exercises$", said, re.MULTILINE)


# --- nbgrader

# What nbgrader's own schema (version 3) asks of the mark in a cell's metadata.
MARK = {
    "schema_version": lambda value: value == 3,
    "grade_id": lambda value: re.fullmatch(r"[a-zA-Z0-9_\-]+", value),
    "grade": lambda value: isinstance(value, bool),
    "solution": lambda value: isinstance(value, bool),
    "locked": lambda value: isinstance(value, bool),
    "task": lambda value: value is False,
    "points": lambda value: value >= 0,
}


@pytest.mark.parametrize("options", [["--nbgrader"], ["--nbgrader", "--without-solutions"]], ids=" ".join)
def test_nbgrader_can_read_the_marks(tmp_path, options):
    for name, notebook in Copies(tmp_path, *options).items():
        nbformat.validate(notebook)
        marks = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
        assert len({mark.grade_id for mark in marks}) == len(marks) == 2 * len(tagged(notebook, "answer")), name
        assert [mark.grade_id for mark in marks[:2]] == ["exercise-1", "exercise-1-check"], name
        for mark in marks:
            assert set(mark) - set(MARK) == set()
            assert all(MARK[key](value) for key, value in mark.items()), mark
            assert mark.get("points") == (1 if mark.grade else None), "points are for cells that are graded"
            assert mark.locked == mark.grade != mark.solution
        assert all(cell.metadata.nbgrader.solution for cell in tagged(notebook, "answer"))
        assert all(cell.metadata.nbgrader.grade for cell in tagged(notebook, "check"))


def test_nbgrader_grades_by_a_hidden_test_that_only_the_teacher_has(tmp_path):
    hers, theirs = Copies(tmp_path / "t", "--nbgrader"), Copies(tmp_path / "l", "--nbgrader", "--without-solutions")
    assert hers
    for name, notebook in hers.items():
        assert all(cell.source.endswith(lesson.HIDDEN_TEST) for cell in tagged(notebook, "check"))
        assert "HIDDEN" not in sources(theirs[name])


def test_without_the_option_there_is_no_mark(teachers, learners):
    for notebook in [*teachers.values(), *learners.values()]:
        assert not [cell for cell in notebook.cells if "nbgrader" in cell.metadata]


# --- which exercise a check is of


@pytest.mark.parametrize("path", LESSONS, ids=stem)
def test_a_check_is_of_the_exercise_above_it(path):
    notebook = nbformat.read(path, as_version=4)
    assert tagged(notebook, "check")
    for number, (answer, checked) in enumerate(
        zip(tagged(notebook, "answer"), tagged(notebook, "check"), strict=True), 1
    ):
        assert checked.source == f'right = check("{path.stem[:2]}-{number}", globals())'
        assert f"def {EXERCISES[f'{path.stem[:2]}-{number}'].function}(" in answer.source


def test_no_exercise_is_without_a_check_cell():
    assert len(EXERCISES) == sum(len(tagged(nbformat.read(path, as_version=4), "check")) for path in LESSONS)


# --- minutes

SLOW_READER = 150  # words a minute: of somebody who reads in a second language
TO_RUN, TO_PREDICT = 1 / 3, 1 / 2  # minutes for a cell, and for a question


@pytest.mark.parametrize("path", NOTEBOOKS, ids=stem)
def test_the_minutes_are_enough_for_a_slow_reader(path):
    """The minutes of a title and of the guide, against the words, cells and questions before the exercises."""
    notebook = nbformat.read(path, as_version=4)
    cells = list(itertools.takewhile(lambda cell: not cell.source.startswith("## Exercises"), notebook.cells))
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    words = len(re.findall(r"\w+", rules.without_fences(text)))
    runs = sum(cell.cell_type == "code" for cell in cells)
    needed = words / SLOW_READER + runs * TO_RUN + text.count("**Predict:**") * TO_PREDICT
    told = int(re.search(r"\*\*Time:\*\* (\d+) minutes", text)[1])
    assert told >= needed
    guide = (ROOT / "notebooks/INSTRUCTORS.md").read_text(encoding="utf-8")
    assert f"]({path.name})\n\n{told} minutes" in guide, "the guide tells other minutes"


# --- what stands beside the notebooks


def test_the_glossary_explains_thirty_terms_in_the_order_of_the_alphabet():
    text = (ROOT / "notebooks/GLOSSARY.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\*\*(.+?)\*\* ", text, re.MULTILINE)
    assert len(terms) >= 30
    assert terms == sorted(terms, key=str.casefold)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=stem)
def test_each_notebook_leads_to_the_glossary_in_its_first_cell(path):
    assert "](GLOSSARY.md)" in nbformat.read(path, as_version=4).cells[0].source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=stem)
def test_links_of_a_notebook_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#:]+)\)", sources(nbformat.read(path, as_version=4)))
    assert links
    for link in links:
        assert (path.parent / link).exists(), link


def test_the_handwriting_of_06_is_the_font_that_the_credits_name():
    font = ROOT / "notebooks/fonts/Caveat-Medium.ttf"
    assert font.read_bytes() == (ROOT / "tools/samples/fonts/Caveat-Medium.ttf").read_bytes()
    assert font.with_name("Caveat-OFL.txt").is_file()


# --- the guide


def test_the_guide_tells_what_a_teacher_needs_of_each_notebook():
    guide = (ROOT / "notebooks/INSTRUCTORS.md").read_text(encoding="utf-8")
    for path in NOTEBOOKS:
        part = re.search(rf"^### \[{path.stem[:2]} .*?\]\({path.name}\)(.*?)(?=^###? |\Z)", guide, re.M | re.S)
        assert part, f"no section on {path.name}"
        assert re.search(r"\d+ minutes", part[1]), path.name
        asked = sources(nbformat.read(path, as_version=4)).count("**Predict:**")
        answers = re.findall(r"^\d+\. ", part[1].partition("**Predict**")[2], re.MULTILINE)
        assert len(answers) == asked, f"{asked} questions to predict in {path.name}"


def test_links_of_the_guide_lead_somewhere():
    folder = ROOT / "notebooks"
    links = re.findall(r"\]\(([^)#:]+)\)", (folder / "INSTRUCTORS.md").read_text(encoding="utf-8"))
    assert links
    for link in links:
        assert (folder / link).exists(), link


def test_solutions_are_not_stored_twice():
    """What is in the file is the text and no more: no solution hides in metadata or outputs."""
    for path in LESSONS:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert not {"nbgrader", "solution"} & set(cell["metadata"]), Path(path).name


@pytest.mark.parametrize("path", LESSONS[:1], ids=stem)
def test_hint_and_solution_are_folded_in_the_web_page_too(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    page.write_page(notebook, tmp_path / "page.html", path.parent)
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    inside = re.findall(r"<details>\s*<summary>(Hint|Solution)</summary>(.*?)</details>", html, re.DOTALL)
    assert [name for name, _ in inside] == ["Hint", "Solution"] * len(tagged(notebook, "answer"))
    assert all(re.search(r"<p>|<pre>", text) for _, text in inside)
