"""The exercises of notebook 04."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .answers import TooOften
from .exercise import Case, Exercise


class FakeOperation:
    """Stands in for an operation: each call gives the next of its answers, the last one again and again.

    It keeps count, and raises `TooOften` at the 21st call.

    >>> ask = FakeOperation("Running", "Failed")
    >>> ask()["status"], ask()["status"], ask.asked
    ('Running', 'Failed', 2)
    """

    def __init__(self, *states: str) -> None:
        self.states, self.asked = states, 0

    def __call__(self) -> dict[str, Any]:
        self.asked += 1
        if self.asked > 20:
            raise TooOften("ask() was called more than 20 times")
        return self.answer(self.states[min(self.asked, len(self.states)) - 1])

    def answer(self, state: str) -> dict[str, Any]:
        """Each answer knows how many came before it, so that a wrong number of questions is noticed."""
        found: dict[str, Any] = {"recognitionResult": {"lines": []}} if state.lower() == "succeeded" else {}
        return {"status": state, "asked": self.asked, **found}


def _edges(*polygon: int) -> Case:
    wanted = (min(polygon[0::2]), min(polygon[1::2]))
    return Case((polygon,), wanted, "left is the smallest of the four x, top the smallest of the four y.")


def _done(status: str, wanted: bool, hint: str) -> Case:
    return Case((status,), wanted, hint, judge=lambda got, right: bool(got) is right)


def _waiting(states: Sequence[str], asked: int, hint: str) -> Case:
    before = "once" if len(states) == 2 else f"{len(states) - 1} times"
    told = f"{states[0]} {before}, then {states[-1]}" if len(states) > 1 else f"always {states[0]}"
    return Case(
        lambda: (FakeOperation(*states),),
        (states[min(asked, len(states)) - 1], asked),
        hint,
        f"an ask() that answers: {told}",
        lambda got, wanted: isinstance(got, dict) and (got.get("status"), got.get("asked")) == wanted,
        f"the answer {states[min(asked, len(states)) - 1]}, after {asked} questions",
    )


def _ordered(hint: str, **polygons: tuple[int, ...]) -> Case:
    """Lines by their texts."""
    lines = [{"text": text, "boundingBox": list(polygon)} for text, polygon in polygons.items()]
    wanted = sorted(polygons, key=lambda text: sum(polygons[text][1::2]))
    return Case((lines,), wanted, hint, f"{len(lines)} lines: {', '.join(polygons)}" if lines else "[]")


_BOTH = "Both spellings should count, with a capital letter and without."
_MIDDLES = "Compare the middles: the mean of all four y of each line."

EXERCISES = {
    "04-1": Exercise(
        "edges",
        [
            _edges(6, 2, 771, 13, 770, 75, 5, 64),
            _edges(20, 40, 300, 10, 310, 60, 30, 90),
            _edges(40, 100, 90, 120, 60, 180, 10, 160),
        ],
        "With the largest x and the largest y as well, you would have an upright box around the line.",
    ),
    "04-2": Exercise(
        "is_done",
        [
            _done("Succeeded", True, _BOTH),
            _done("succeeded", True, _BOTH),
            _done("Failed", True, "A failed operation is done as well."),
            _done("failed", True, _BOTH),
            _done("Running", False, "An operation that is running is not done."),
            _done("running", False, "An operation that is running is not done."),
            _done("NotStarted", False, "An operation that has not started is not done."),
            _done("notStarted", False, "An operation that has not started is not done."),
        ],
        "Now it works with every version.",
    ),
    "04-3": Exercise(
        "wait_for",
        [
            _waiting(["Running", "Running", "Succeeded"], 3, "It should stop as soon as there is a result."),
            _waiting(["Running", "Failed"], 2, "When the operation has failed, return that answer: ask no more."),
            _waiting(["Running"], 10, "Ask 10 times at most, without pauses, and return the last answer."),
            _waiting(["Running"] * 8 + ["Succeeded"], 9, "A result that comes late, but within 10 questions, counts."),
            _waiting(["Failed"], 1, "A failure can come at once."),
        ],
        "Your loop ends, whatever the service does.",
    ),
    "04-4": Exercise(
        "in_order",
        [
            _ordered(_MIDDLES, below=(0, 90, 90, 70, 90, 90, 0, 110), above=(0, 10, 90, 75, 90, 95, 0, 30)),
            _ordered("Without lines, the list should be empty."),
            _ordered(
                _MIDDLES + " One corner is not enough.",
                zebra=(0, 60, 400, 0, 400, 30, 0, 90),
                apple=(0, 40, 400, 100, 400, 130, 0, 70),
                mango=(0, 150, 400, 20, 400, 250, 0, 280),
            ),
            _ordered(
                _MIDDLES + " One edge is not enough either.",
                flat=(0, 100, 400, 100, 400, 130, 0, 130),
                tall=(0, 10, 400, 10, 400, 200, 0, 200),
                deep=(0, 90, 400, 90, 400, 400, 0, 400),
            ),
            _ordered(
                "Only y says how low a line stands: leave x out.",
                left=(0, 60, 300, 60, 300, 90, 0, 90),
                right=(500, 10, 700, 10, 700, 40, 500, 40),
            ),
            _ordered(
                _MIDDLES,
                third=(5, 300, 90, 310, 90, 340, 5, 330),
                first=(5, 10, 90, 20, 90, 50, 5, 40),
                second=(5, 100, 90, 110, 90, 140, 5, 130),
            ),
        ],
        "Text in two columns would need more: what would you compare then?",
    ),
}
