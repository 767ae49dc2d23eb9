"""Controls for notebooks: pick a picture or a search term, and see at once what comes of it.

Each control calls a function of yours with what was picked and shows what the function returns. An error appears in
words beside the control, and the last good result stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as W
import requests

from .errors import CvhelpersError
from .pictures import Picture, open_picture, sample, sample_names

WIDE = {"description_width": "9em"}
"""Descriptions are sentences here, and must not be cut off."""


class Picker(W.VBox):  # type: ignore[misc]
    """Controls above, a message and the result below. ``result`` is what the function returned last."""

    def __init__(self, title: str, controls: Sequence[W.Widget], on_pick: Callable[[Any], object]) -> None:
        self.title, self.on_pick = title, on_pick
        self.result: object = None
        self.message, self.view = W.HTML(), W.HTML()
        super().__init__([*controls, self.message, self.view])

    def pick(self, open_it: Callable[[], object]) -> None:
        """Open what was picked and show what ``on_pick`` makes of it."""
        self.message.value = "<p>Working …</p>"
        try:
            self.result = self.on_pick(open_it())
            self.view.value = _html(self.result)
        except CvhelpersError as error:
            said = escape(str(error)).replace("\n", "<br>")
            self.message.value = f'<p role="alert"><strong>That did not work.</strong> {said}</p>'
        else:
            self.message.value = ""

    def __repr__(self) -> str:
        return f"{self.title} (the controls appear where the notebook runs)"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options) or {}
        return {**bundle, "text/plain": repr(self)}


def pick_picture(
    on_pick: Callable[[Picture], object], session: requests.Session | None = None, samples: Sequence[str] | None = None
) -> Picker:
    """Pick a picture: one of the samples, a path or an address, or an upload.

    Parameters
    ----------
    on_pick : function
        Called with the `Picture`; what it returns, a figure for instance, is shown.
    session : requests.Session, optional
        What an address is fetched with.
    samples : list of str, optional
        The names to choose from; by default all of ``sample_names()``.
    """
    choose = W.Dropdown(options=list(samples or sample_names()), description="A sample", style=WIDE)
    address = W.Text(placeholder="photo.jpg or https://…", description="A path or address", style=WIDE)
    upload = W.FileUpload(accept="image/*", description="Upload a picture", layout={"width": "auto"})
    show = [W.Button(description=text, layout={"width": "auto"}) for text in ("Show the sample", "Open the address")]
    picker = Picker("Pick a picture", [W.HBox([choose, show[0]]), W.HBox([address, show[1]]), upload], on_pick)

    def uploaded(change: dict[str, Any]) -> None:
        if change["new"]:
            picker.pick(lambda: open_picture(bytes(change["new"][0]["content"])))

    show[0].on_click(lambda _: picker.pick(lambda: sample(choose.value)))
    show[1].on_click(lambda _: picker.pick(lambda: open_picture(address.value.strip(), session)))
    upload.observe(uploaded, "value")
    return picker


def pick_search_term(on_pick: Callable[[str], object], term: str = "") -> Picker:
    """Pick a search term: type it and press Search, or the Enter key."""
    text = W.Text(value=term, placeholder="puppies", description="Search for", style=WIDE, continuous_update=False)
    button = W.Button(description="Search", layout={"width": "auto"})
    picker = Picker("Pick a search term", [W.HBox([text, button])], on_pick)
    button.on_click(lambda _: picker.pick(lambda: text.value))
    text.observe(lambda change: picker.pick(lambda: change["new"]), "value")
    return picker


def _html(result: object) -> str:
    show = getattr(result, "_repr_html_", None)
    return show() if show else f"<pre>{escape(str(result))}</pre>"
