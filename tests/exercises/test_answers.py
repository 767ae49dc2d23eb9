"""The checks are fair: for each exercise, right answers of many kinds pass, and wrong ones do not.

The answers stand in lesson_*.txt, as learners write them: at least five right ones and five wrong ones for each.
"""

import math
import re
from collections import Counter
from pathlib import Path

import pytest

import cvhelpers as cv
from cvhelpers.checks import EXERCISES, check, trial
from cvhelpers.checks.exercise import Case, Exercise
from cvhelpers.pictures import SAMPLES

BLOCK = re.compile(r"^=== (?P<exercise>\S+) (?P<kind>right|wrong): (?P<name>.+)\n(?P<code>(?:(?!===).*\n?)+)", re.M)
ANSWERS = [
    pytest.param(
        found["exercise"], found["kind"], found["code"], id=f"{found['exercise']} {found['kind']}: {found['name']}"
    )
    for file in sorted(Path(__file__).parent.glob("lesson_*.txt"))
    for found in BLOCK.finditer(file.read_text(encoding="utf-8"))
]


@pytest.fixture
def notebook(monkeypatch):
    """The names that a learner finds in the notebooks; the time limit is shorter here."""
    monkeypatch.setattr(trial, "SECONDS", 2)
    image_path = str(SAMPLES / "pictures/street-at-night.jpg")
    return {
        "cv": cv,
        "math": math,
        "Path": Path,
        "image_path": image_path,
        "image_data": Path(image_path).read_bytes(),
        "analyze_url": "https://westcentralus.api.cognitive.microsoft.com/vision/v2.0/analyze",
        "vision": cv.VisionClient(cv.connect("recorded")),
        "params": {"visualFeatures": "Color"},
    }


@pytest.mark.parametrize(("exercise", "kind", "code"), ANSWERS)
def test_a_right_answer_passes_and_a_wrong_one_does_not(exercise, kind, code, notebook, capsys):
    exec(compile(code, "answer", "exec"), notebook)
    assert check(exercise, notebook) == (kind == "right")
    said = capsys.readouterr().out.splitlines()[-1]
    assert said.startswith("Right. " if kind == "right" else "Not yet. ")
    assert "The check itself" not in said


def test_every_exercise_has_at_least_five_answers_of_each_kind():
    counted = Counter(param.values[:2] for param in ANSWERS)
    assert {
        name: counts for name in EXERCISES if min(counts := [counted[name, "right"], counted[name, "wrong"]]) < 5
    } == {}


def test_every_exercise_tries_an_answer_on_at_least_three_cases():
    """One that the task may show, and two that the learner has not seen."""
    assert {name: len(one.cases) for name, one in EXERCISES.items() if len(one.cases) < 3} == {}


# --- a check tells whose fault it was


def exercise(judge=None, given=(4,)):
    return Exercise("double", [Case(given, 8, "Twice as much.", **({"judge": judge} if judge else {}))], "Good.")


def test_what_stops_the_learners_code_is_told_with_its_line(tmp_path):
    (tmp_path / "answer.py").write_text("def double(x):\n    return x[0] * 2\n")
    space = {}
    exec(compile((tmp_path / "answer.py").read_text(), str(tmp_path / "answer.py"), "exec"), space)
    assert exercise().problem(space) == (
        "For double(4): Your code stopped at the line ‘return x[0] * 2’ with TypeError: 'int' object is not "
        "subscriptable. Twice as much."
    )


def test_what_stops_the_check_is_told_as_the_fault_of_the_check():
    def broken(got, wanted):
        return got.split()

    said = exercise(broken).problem({"double": lambda x: x * 2})
    assert said.startswith("The check itself stopped with AttributeError; that is its fault, not yours.")


def test_a_function_with_other_arguments_is_told():
    assert "can't be called as the task says" in exercise().problem({"double": lambda: 8})


def test_a_function_that_never_ends_is_stopped_for_good(monkeypatch):
    monkeypatch.setattr(trial, "SECONDS", 0.2)
    rounds = []

    def double(x):
        while True:
            rounds.append(x)

    assert "did not end within 0.2 seconds" in exercise().problem({"double": double})
    number = len(rounds)
    trial.time.sleep(0.1)
    assert len(rounds) == number, "it is still running"


def test_a_function_that_can_not_be_stopped_is_told(monkeypatch):
    monkeypatch.setattr(trial, "SECONDS", 0.1)
    assert "Restart Kernel" in exercise().problem({"double": lambda x: trial.time.sleep(3)})


def test_a_function_may_change_what_it_is_given():
    def double(numbers):
        return numbers.pop() * 2

    task = exercise(given=([4],))
    assert task.problem({"double": double}) == task.problem({"double": double}) == ""


def test_a_function_that_gives_nothing_back_is_told_from_one_that_gives_an_empty_list():
    assert "gives nothing back" in exercise().problem({"double": lambda x: None})
    assert exercise().problem({"double": lambda x: []}) == "double(4) should be 8; yours gives []. Twice as much."


def test_leaving_the_program_does_not_end_the_check():
    assert "SystemExit" in exercise().problem({"double": lambda x: exit()})


def test_no_function_yet_and_no_function_at_all():
    assert exercise().problem({}) == "There is no function double yet. Run your cell first, and keep the name."
    assert exercise().problem({"double": 8}) == "double should be a function: begin with def double(…):"
