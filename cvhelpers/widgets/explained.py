"""What every control is made of: a title, a sentence, a place for messages; and small helpers."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as W

from ..errors import CvhelpersError
from ..pictures import Picture
from .front import Frame

WIDE = {"description_width": "initial"}
"""Descriptions are words here, and must not be cut off."""
FITTING = {"width": "auto"}
HIDDEN, SHOWN = "none", ""
WRAPPING = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "4px 12px"}


class Explained(W.VBox):  # type: ignore[misc]
    """A control with a title and a sentence about it. They stand in its place where no notebook runs.

    ``frame`` does in the browser what all controls share: see `Frame`.
    """

    def __init__(self, title: str, about: str, children: Sequence[W.Widget]) -> None:
        self.title, self.about = title, about
        self.frame = Frame()
        super().__init__([self.frame, *children], layout={"grid_gap": "6px", "overflow": "visible"})
        self.add_class("cvh")

    def __repr__(self) -> str:
        return f"{self.title} (the controls appear where the notebook runs)"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options) or {}
        named = [str(w.description) for w in walk(self) if not isinstance(w, W.HTML) and hasattr(w, "description")]
        trace = (
            f"<p><strong>{escape(self.title)}.</strong> {escape(self.about)} "
            "The controls appear where the notebook runs: "
            f"{escape(', '.join(name for name in dict.fromkeys(named) if name))}.</p>"
        )
        return {**bundle, "text/plain": repr(self), "text/html": trace}


def walk(widget: W.Widget) -> Iterator[W.Widget]:
    """A widget and all that is in it.

    >>> len(list(walk(W.VBox([W.Text(), W.HBox([W.Button()])]))))
    4
    """
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


class Message(W.HTML):  # type: ignore[misc]
    """A place for words: what goes on, what was done, what went wrong."""

    def say(self, text: str) -> None:
        self._put("status", escape(text))

    def working(self, text: str) -> None:
        """With a bar that moves as long as nobody knows how long it takes."""
        self._put("status", f'<progress aria-label="At work"></progress> {escape(text)}')

    def alert(self, error: Exception, after: str = "") -> None:
        """An error in words; of an error that is not ours also its name."""
        words = str(error) if isinstance(error, CvhelpersError) else f"{type(error).__name__}: {error}"
        self._put("alert", f"<strong>That did not work.</strong> {escape(' '.join([words, after]).strip())}")

    def clear(self) -> None:
        self.value = ""

    def _put(self, role: str, html: str) -> None:
        self.value = f'<div class="cvh-message" role="{role}">{html}</div>'


def preview(picture: Picture, width: int = 220, height: int = 160) -> str:
    """A small copy as a data address, for a gallery."""
    image = picture.image
    image.thumbnail((width, height))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"


class Choice(W.Dropdown):  # type: ignore[misc]
    """A list to choose from; an option is a value, or a pair of what is shown and the value.

    >>> Choice("Language", [("find out", "unk"), "en"], "unk").options
    (('find out', 'unk'), ('en', 'en'))
    """

    value: Any

    def __init__(self, description: str, options: Sequence[object], value: object) -> None:
        self._all = [option if isinstance(option, tuple) else (str(option), option) for option in options]
        self._first = value
        super().__init__(
            options=self._all, value=value, description=description, style=WIDE, layout={"width": "max-content"}
        )

    def leave_out(self, reasons: Mapping[str, str]) -> None:
        """Offer all but these values. A list with one value left can't be changed."""
        value = self._first if self.value in reasons else self.value
        self.options = [(shown, one) for shown, one in self._all if one not in reasons]
        self.value = value
        self.disabled = len(self.options) == 1


class CheckBoxes(W.HBox):  # type: ignore[misc]
    """Several check boxes; ``value`` has the names of the checked ones.

    >>> CheckBoxes("Features", ["Tags", "Color"], ["Color"]).value
    ('Color',)
    """

    def __init__(self, title: str, names: Sequence[str], checked: Sequence[str] = ()) -> None:
        self.boxes = [W.Checkbox(value=n in checked, description=n, indent=False, layout=FITTING) for n in names]
        super().__init__([W.HTML(f"<strong>{title}</strong>"), *self.boxes], layout=WRAPPING)

    @property
    def value(self) -> tuple[str, ...]:
        return tuple(box.description for box in self.boxes if box.value)

    @value.setter
    def value(self, names: Sequence[str]) -> None:
        for box in self.boxes:
            box.value = box.description in names

    def leave_out(self, reasons: Mapping[str, str]) -> None:
        """These boxes can't be checked; each tells why when the pointer rests on it."""
        for box in self.boxes:
            box.disabled = box.description in reasons
            box.value = box.value and not box.disabled
            box.tooltip = reasons.get(box.description)


def html_of(result: object) -> str:
    """A result as a notebook would show it."""
    show = getattr(result, "_repr_html_", None)
    return "" if result is None else show() if show else f"<pre>{escape(str(result))}</pre>"
