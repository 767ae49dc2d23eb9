"""What an exercise is made of: the name of a function, cases to try it on, and a word of praise."""

from __future__ import annotations

import copy
import math
import reprlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .trial import attempt

Judge = Callable[[Any, Any], bool]
"""Is this answer right? It gets what the function returned and what is wanted."""


def same(got: Any, wanted: Any) -> bool:
    """Equal to a fair reader: a tuple may stand for a list, and a number may be off by rounding.

    >>> same((1, [2.0000001]), [1, (2,)]), same("1", 1), same(True, 1), same({1: 2, 3: 4}, {1: 2})
    (True, False, False, False)
    """
    if hasattr(got, "tolist"):  # numpy's arrays and numbers
        got = got.tolist()
    if isinstance(wanted, list | tuple):
        return (
            isinstance(got, list | tuple)
            and len(got) == len(wanted)
            and all(same(one, other) for one, other in zip(got, wanted, strict=True))
        )
    if isinstance(wanted, dict):
        return isinstance(got, dict) and got.keys() == wanted.keys() and all(same(got[k], wanted[k]) for k in wanted)
    if isinstance(got, bool) or isinstance(wanted, bool):
        return got is wanted
    if isinstance(got, int | float) and isinstance(wanted, int | float):
        return math.isclose(got, wanted, rel_tol=1e-6, abs_tol=1e-6)
    return type(got) is type(wanted) and bool(got == wanted)


def short(value: object) -> str:
    """A value in a sentence: its repr, cut in the middle where it is long; of many bytes their number.

    >>> short("a"), short(b"GIF89a" + bytes(1000))
    ("'a'", "1,006 bytes that begin with b'GIF8'")
    """
    return " ".join(_REPR.repr(value).split())


class _Short(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = 70
        self.maxlist = self.maxdict = self.maxtuple = 8

    def repr_bytes(self, value: bytes, level: int) -> str:
        return repr(value) if len(value) <= 40 else f"{len(value):,} bytes that begin with {value[:4]!r}"


_REPR = _Short()


@dataclass(frozen=True)
class Case:
    """One call of the learner's function.

    Attributes
    ----------
    given : tuple, or a function that makes one
        The arguments. Each call gets a copy, so that a function may change what it is given.
    wanted : object
        What should come back; what it means is up to ``judge``.
    hint : str
        What to look at when something else comes back.
    shown : str
        The arguments as the learner reads them, where their repr would not help.
    judge : function
        Gets what came back and ``wanted``. A judge that needs the arguments too is made by ``given`` itself.
    expected : str
        ``wanted`` in words; empty for its repr.
    describe : function
        Gets what came back, and says it in words.
    """

    given: tuple[Any, ...] | Callable[[], tuple[Any, ...]]
    wanted: Any
    hint: str
    shown: str = ""
    judge: Judge = same
    expected: str = ""
    describe: Callable[[Any], str] = short

    def arguments(self) -> tuple[Any, ...]:
        return self.given() if callable(self.given) else copy.deepcopy(self.given)


@dataclass(frozen=True)
class Exercise:
    """The name of the function to write, the cases to try it on, and what to say when all of them are right."""

    function: str
    cases: Sequence[Case]
    praise: str

    def problem(self, space: Mapping[str, object]) -> str:
        """What is wrong with the answer, in one line; empty if nothing."""
        if self.function not in space:
            return f"There is no function {self.function} yet. Run your cell first, and keep the name."
        function = space[self.function]
        if not callable(function):
            return f"{self.function} should be a function: begin with def {self.function}(…):"
        return next((wrong for case in self.cases if (wrong := self._try(function, case))), "")

    def _try(self, function: Callable[..., object], case: Case) -> str:
        arguments = case.arguments()
        shown = case.shown or ", ".join(map(short, arguments))
        trial = attempt(function, arguments)
        if trial.problem:
            return f"For {self.function}({shown}): {trial.problem} {case.hint}"
        try:
            if case.judge(trial.value, case.wanted):
                return ""
        except Exception as error:
            return (
                f"The check itself stopped with {type(error).__name__}; that is its fault, not yours. "
                f"Your function gave {short(trial.value)}, and something else was expected. {case.hint}"
            )
        wrong = f"{self.function}({shown}) should be {case.expected or short(case.wanted)}; yours gives"
        if trial.value is None:
            return f"{wrong} nothing back (None). Does each way through your function end with return?"
        kind = ", which is a text" if isinstance(trial.value, str) and not isinstance(case.wanted, str) else ""
        return f"{wrong} {case.describe(trial.value)}{kind}. {case.hint}"
