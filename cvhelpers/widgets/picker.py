"""Pick a picture or a search term, and see at once what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as W
import requests

from ..pictures import Picture, open_picture, sample, sample_names
from .front import Gallery, OwnPicture
from .pieces import FITTING, WIDE, WRAPPING, Explained, Message, html_of, preview
from .work import Job, Worker


class PicturePicker(Explained):
    """The sample pictures, and a picture of one's own.

    Attributes
    ----------
    picture : Picture or None
        What was picked last and could be opened.
    result : object
        What ``on_pick`` returned for it.
    """

    def __init__(
        self,
        on_pick: Callable[[Picture], object] | None = None,
        session: requests.Session | None = None,
        samples: Sequence[str] | None = None,
        chosen: Picture | None = None,
    ) -> None:
        self.names = list(samples or sample_names())
        self.on_pick, self.session = on_pick, session
        self.picture = chosen
        self.result: object = None
        self.worker = Worker()
        self.gallery = Gallery(description="A sample picture", items=[_item(name) for name in self.names])
        self.own = OwnPicture(description="Or a picture of your own")
        self.chosen, self.message, self.view = W.HTML(), Message(), W.HTML()
        self._show_chosen()
        self.gallery.observe(self._sample_chosen, "selected")
        self.own.on_msg(self._own_chosen)
        super().__init__(
            "Pick a picture",
            "One of the samples, a path or an address, a file of your own, or one from the camera.",
            [self.gallery, self.own, self.chosen, self.message, self.view],
        )

    def pick(self, open_it: Callable[[], Picture]) -> None:
        """Open what was picked and show what ``on_pick`` makes of it, in the background."""

        def work(job: Job) -> tuple[Picture, object]:
            picture = open_it()
            job.check()
            return picture, self.on_pick(picture) if self.on_pick else None

        self.message.working("Working …")
        self.worker.start(work, lambda outcome: self._done(*outcome), self._failed)

    def choose(self, picture: Picture) -> None:
        """Set the picture from the outside; nothing else happens."""
        self.worker.cancel()
        self.picture = picture
        self.message.clear()
        self._show_chosen()

    def _done(self, picture: Picture, result: object) -> None:
        self.choose(picture)
        self.result, self.view.value = result, html_of(result)

    def _failed(self, error: Exception) -> None:
        self.message.alert(error, f"The picture is still {self.picture.name}." if self.picture else "")
        self._show_chosen()

    def _sample_chosen(self, change: dict[str, Any]) -> None:
        place = change["new"]
        if 0 <= place < len(self.names) and not (self.picture and self.picture.name == self.names[place]):
            self.pick(lambda: sample(self.names[place]))

    def _own_chosen(self, _: W.Widget, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        if content.get("address"):
            self.pick(lambda: open_picture(str(content["address"]), self.session))
        elif buffers:
            name = Path(str(content.get("name") or "picture")).stem
            self.pick(lambda: replace(open_picture(bytes(buffers[0])), name=name))

    def _show_chosen(self) -> None:
        """The line below the controls, and the mark in the gallery."""
        if self.picture is None:
            return
        of_samples = self.picture.name in self.names and self.picture.data == sample(self.picture.name).data
        self.gallery.selected = self.names.index(self.picture.name) if of_samples else -1
        small = f'<img src="{preview(self.picture)}" alt="" style="max-height: 110px; display: block">'
        about = f"{self.picture.name}, {self.picture.width} × {self.picture.height} {self.picture.format}"
        self.chosen.value = (
            f'<div class="cvh-chosen">{"" if of_samples else small}Your picture: <strong>{escape(about)}</strong></div>'
        )


class TermPicker(Explained):
    """A search term. ``result`` is what ``on_pick`` returned last."""

    def __init__(self, on_pick: Callable[[str], object], term: str = "") -> None:
        self.on_pick = on_pick
        self.result: object = None
        self.worker = Worker()
        self.text = W.Text(value=term, placeholder="puppies", description="Search for", style=WIDE,
                           continuous_update=False)  # fmt: skip
        self.button = W.Button(description="Search", layout=FITTING)
        self.message, self.view = Message(), W.HTML()
        self.text.observe(lambda _: self.pick(), "value")  # the Enter key, or leaving the field
        self.button.on_click(lambda _: self.pick())
        row = W.HBox([self.text, self.button], layout=WRAPPING)
        super().__init__("Pick a search term", "Type it and press Search.", [row, self.message, self.view])

    def pick(self) -> None:
        """Show what ``on_pick`` makes of the term, in the background."""
        term = self.text.value
        self.message.working("Working …")
        self.worker.start(lambda job: self.on_pick(term), self._done, self.message.alert)

    def _done(self, result: object) -> None:
        self.message.clear()
        self.result, self.view.value = result, html_of(result)


@cache
def _item(name: str) -> dict[str, str]:
    return {"title": name, "src": preview(sample(name))}
