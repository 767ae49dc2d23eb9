"""Pick a picture or a search term, and see at once what comes of it."""

from __future__ import annotations

import io
import mimetypes
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from typing import Any

import ipywidgets as W
import requests
import traitlets

from ..errors import PictureError
from ..pictures import Picture, frames, is_address, open_picture, sample, sample_names
from ..sources.reach import check_host, public_only
from .explained import FITTING, HIDDEN, SHOWN, WIDE, WRAPPING, Explained, Message, html_of, preview
from .front import Gallery, OwnPicture
from .work import Job, Worker


class PicturePicker(Explained):
    """The sample pictures, and a picture of one's own.

    Attributes
    ----------
    picture : Picture or None
        The last picture that was picked and could be opened.
    result : object
        What ``on_pick`` returned for it.
    """

    picture = traitlets.Any(None)

    def __init__(
        self,
        on_pick: Callable[[Picture], object] | None = None,
        session: requests.Session | None = None,
        samples: Sequence[str] | None = None,
        chosen: Picture | None = None,
        title: str = "",
    ) -> None:
        self.names = list(samples or sample_names())
        self.on_pick, self.session = on_pick, session
        self.result: object = None
        self.worker = Worker()
        self.gallery = Gallery(description=title or "A sample picture", items=[_item(name) for name in self.names])
        self.own = OwnPicture(description="Or a picture of your own")
        self.chosen, self.message, self.view = W.HTML(), Message(), W.HTML()
        self.cancel_button = W.Button(description="Cancel", layout={"width": "auto", "display": HIDDEN})
        self.gallery.observe(self._sample_chosen, "selected")
        self.own.on_file, self.own.on_address = self._file_taken, self._address_taken
        self.own.on_refused = self.message.alert
        self.cancel_button.on_click(lambda _: self.cancel())
        super().__init__(
            "Pick a picture",
            "One of the samples, an address, a file of your own, or one from the camera.",
            [self.gallery, self.own, self.chosen, self.message, self.cancel_button, self.view],
        )
        self.picture = chosen
        self._show_chosen()

    def pick(self, open_it: Callable[[], Picture]) -> None:
        """Open what was picked and show what ``on_pick`` makes of it, in the background."""

        def work(job: Job) -> tuple[Picture, object, str]:
            picture = open_it()
            job.check()
            result = self.on_pick(picture) if self.on_pick else None
            return picture, result, html_of(result)  # to draw a figure takes its time, too

        self.message.working("Working …")
        self.cancel_button.layout.display = SHOWN
        self.worker.start(work, lambda made: self._done(*made), self._failed)

    def choose(self, picture: Picture) -> None:
        """Set the picture from the outside; nothing else happens."""
        self.worker.cancel()
        self.picture = picture
        self.message.clear()
        self._show_chosen()

    def cancel(self) -> None:
        """Stop waiting for a picture. The last one stays."""
        self.worker.cancel()
        self.message.say(f"Cancelled. The picture is still {self.picture.name}." if self.picture else "Cancelled.")
        self._show_chosen()

    def _done(self, picture: Picture, result: object, shown: str) -> None:
        self.choose(picture)
        self.result, self.view.value = result, shown

    def _failed(self, error: Exception) -> None:
        self.message.alert(error, f"The picture is still {self.picture.name}." if self.picture else "")
        self._show_chosen()

    def _sample_chosen(self, change: dict[str, Any]) -> None:
        place = change["new"]
        if 0 <= place < len(self.names) and not (self.picture and self.picture.name == self.names[place]):
            self.pick(lambda: sample(self.names[place]))

    def _address_taken(self, address: str) -> None:
        self.pick(lambda: open_public(address, self.session))

    def _file_taken(self, name: str, data: bytes) -> None:
        self.pick(lambda: open_file(name, data))

    def _show_chosen(self) -> None:
        """The line below the controls, and the mark in the gallery."""
        self.cancel_button.layout.display = HIDDEN
        if self.picture is None:
            return
        of_samples = self.picture.name in self.names and self.picture.data == sample(self.picture.name).data
        self.gallery.selected = self.names.index(self.picture.name) if of_samples else -1
        small = f'<img src="{preview(self.picture)}" alt="">'
        about = f"{self.picture.name}, {self.picture.width} × {self.picture.height} {self.picture.format}"
        number = frames(self.picture)
        moves = f"<br>It has {number} frames. Only its first one is used." if number > 1 else ""
        self.chosen.value = (
            f'<div class="cvh-chosen">{"" if of_samples else small}Your picture: '
            f"<strong>{escape(about)}</strong>{moves}</div>"
        )


class TermPicker(Explained):
    """A search term. ``result`` is what ``on_pick`` returned last."""

    def __init__(self, on_pick: Callable[[str], object], term: str = "") -> None:
        self.on_pick = on_pick
        self.result: object = None
        self.worker = Worker()
        self.text = W.Text(value=term, placeholder="puppies", description="Search for", style=WIDE)
        self.button = W.Button(description="Search", layout=FITTING)
        self.message, self.view = Message(), W.HTML()
        self.text.on_msg(lambda _, content, __: self.pick() if content.get("event") == "submit" else None)
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


def open_file(name: str, data: bytes) -> Picture:
    """A file that was uploaded. An error has its name and its kind, and nothing of what is in it."""
    file = io.BytesIO(data)
    file.name = name
    try:
        return open_picture(file)
    except PictureError:
        kind = mimetypes.guess_type(name)[0]
        if kind is None or kind.startswith("image/"):
            raise
    raise PictureError(
        f"{name} is not a picture: its kind is {kind}. Choose a JPEG, PNG, GIF, WebP, TIFF or HEIC file."
    )


def open_public(address: str, session: requests.Session | None) -> Picture:
    """The picture at an address, if everyone may see it. Raises `PictureError` for this computer and its own network.

    A page with these controls may be served to others, who shall not look around on the computer that serves it. So
    neither the address nor one to which it redirects may be private.

    >>> open_public("https://192.0.2.1/cat.jpg", None)
    Traceback (most recent call last):
    cvhelpers.errors.PictureError: 192.0.2.1 is not a public address. Open the picture yourself and choose its file.
    """
    address = address.strip()
    if not is_address(address):
        raise PictureError(
            "This is not an address: an address begins with https://. To open a file of yours, choose it above."
        )
    check_host(address)  # of any source, also of one that would not fetch it
    with public_only():
        return open_picture(address, session)


@cache
def _item(name: str) -> dict[str, str]:
    return {"title": name, "src": preview(sample(name), 160, 110)}
