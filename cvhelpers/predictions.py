"""Predict before you run: choose an answer with buttons, or write it, and see it beside what came out.

>>> guess = predict("Which status code will come back?", ["200", "401"])
>>> guess
Predict: Which status code will come back? Choose from: 200, 401.
>>> guess.choose("200")
>>> guess.compare(401)
You predicted 200. It is 401.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Sequence
from html import escape
from typing import Any

from .errors import OptionError


def predict(question: str, choices: Sequence[str]) -> Prediction:
    """Ask for a prediction. Show it as a cell's last line: a notebook then has a button for each choice.

    A cell that runs again keeps what was chosen. (A click on a button selects its cell, so Shift+Enter runs it again.)
    """
    return _asked(question, tuple(map(str, choices)))


@functools.cache
def _asked(question: str, choices: tuple[str, ...]) -> Prediction:
    return Prediction(question, choices)


class Prediction:
    """A question with its choices, and what was chosen.

    Attributes
    ----------
    question : str
    choices : tuple of str
    chosen : str or None
        None as long as nothing is chosen.
    """

    def __init__(self, question: str, choices: Sequence[str]) -> None:
        self.question, self.choices = question, tuple(map(str, choices))
        self.chosen: str | None = None
        self._buttons: Any = None

    def choose(self, choice: object) -> None:
        """What the buttons do, for those who write. Raises `OptionError` for what is no choice.

        >>> predict("Is it?", ["yes", "no"]).choose("yess")
        Traceback (most recent call last):
        cvhelpers.errors.OptionError: 'yess' is not one of the choices. Did you mean 'yes'? Choose from: yes, no.
        """
        spelling = {one.lower(): one for one in self.choices}
        text = str(choice).strip().lower()
        if text not in spelling:
            near = difflib.get_close_matches(text, spelling, n=1)
            hint = f"Did you mean {spelling[near[0]]!r}? " if near else ""
            raise OptionError(f"{choice!r} is not one of the choices. {hint}Choose from: {', '.join(self.choices)}.")
        self.chosen = spelling[text]
        if self._buttons is not None:
            self._buttons.value = self.chosen

    def compare(self, result: object) -> None:
        """Print the prediction beside the result.

        >>> predict("Is it?", ["yes", "no"]).compare("yes")
        You made no prediction. It is yes.
        """
        if self.chosen is None:
            print(f"You made no prediction. It is {result}.")
        elif self.chosen.lower() == str(result).lower():
            print(f"You predicted {self.chosen}, and that is right.")
        else:
            print(f"You predicted {self.chosen}. It is {result}.")

    def __repr__(self) -> str:
        return f"Predict: {self.question} Choose from: {', '.join(self.choices)}."

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        import ipywidgets as W

        if self._buttons is None:
            self._buttons = W.RadioButtons(
                options=self.choices, value=self.chosen, description="I predict:", layout={"width": "max-content"}
            )
            self._buttons.observe(self._clicked, names="value")
        shown = W.VBox([W.HTML(f"<p>{escape(self.question)}</p>"), self._buttons])
        bundle: dict[str, Any] = shown._repr_mimebundle_()
        return {**bundle, "text/plain": repr(self)}

    def _clicked(self, change: dict[str, Any]) -> None:
        self.chosen = change["new"]
