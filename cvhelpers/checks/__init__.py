"""The check cells of the exercises: they try the learner's function on cases, and say in words what is missing.

Each lesson's module has its exercises; an exercise is the name of a function, some cases, and a word of praise. Most of
the cases are not in the notebook, so that an answer that fits the shown case only is not taken for right.

>>> def strongest(categories):
...     return categories[0]["name"]
>>> right = check("01-2", {"strongest": strongest})  # doctest: +ELLIPSIS
Not yet. strongest([{'name': 'low', ...}, {'name': 'high', ...}]) should be 'high'; yours gives 'low'. Look for ...
>>> right
False
"""

from __future__ import annotations

from collections.abc import Mapping

from . import lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06
from .exercise import Exercise

EXERCISES: dict[str, Exercise] = {
    name: exercise
    for lesson in (lesson_01, lesson_02, lesson_03, lesson_04, lesson_05, lesson_06)
    for name, exercise in lesson.EXERCISES.items()
}


def check(exercise: str, space: Mapping[str, object]) -> bool:
    """Try an answer, print one line about it, and return whether it is right.

    ``exercise`` is the notebook's number and its own, such as "01-2"; ``space`` holds what the notebook has defined:
    ``globals()``. A function that never ends is stopped after some seconds.
    """
    task = EXERCISES[exercise]
    missing = task.problem(space)
    print(f"Not yet. {missing}" if missing else f"Right. {task.praise}")
    return not missing
