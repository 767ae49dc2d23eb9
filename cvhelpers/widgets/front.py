"""The parts that run in the browser, by anywidget: each a class here and a script of the same name in ``front``.

They speak HTML's own controls (radio buttons, a form, a table, a dialog), so that the keyboard and a screen reader
work as everywhere; colours are the notebook's own, light or dark. The scripts are plain ES modules. The studio, a page
of its own, imports them as they are; here each goes to the notebook as one text.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets as t

from ..errors import PictureError

_SCRIPTS = Path(__file__).parents[1] / "front"
MIB = 2**20


def _file(name: str) -> str:
    return (_SCRIPTS / name).read_text(encoding="utf-8")


def _module(name: str) -> str:
    """A script with what it imports from shared.js in place of the import: a notebook takes one text."""
    lines = _file(name).splitlines(keepends=True)
    own = "".join(line for line in lines if not line.startswith("import "))
    return _file("shared.js").replace("export ", "") + own


class Frame(anywidget.AnyWidget):
    """What all controls share in the browser. It shows nothing unless the kernel is gone.

    Keys stay in the control and do not drive the notebook around it. When the kernel was restarted, words say so.
    Buttons with ``data-copy`` and ``data-save`` copy and save the text after them. Each higher number in ``scrolls``
    brings the result into view where it is out of sight. A message comes when the control has appeared.
    """

    _esm, _css = _module("frame.js"), _file("style.css")
    scrolls = t.Int(0).tag(sync=True)


class Gallery(anywidget.AnyWidget):
    """Small pictures with their names, one of which can be chosen, as radio buttons.

    An item is a dict with ``title``, ``note`` and ``src``, the address or data of its small picture, which may be
    empty. ``selected`` is the place of the chosen one, -1 for none. With ``opens`` they are buttons instead, and a
    click sends the message ``{"open": place}``.
    """

    _esm, _css = _module("gallery.js"), _file("style.css")
    description = t.Unicode().tag(sync=True)
    items = t.List(t.Dict()).tag(sync=True)
    selected = t.Int(-1).tag(sync=True)
    opens = t.Bool(False).tag(sync=True)


class OwnPicture(anywidget.AnyWidget):
    """An address; a file that is chosen, dropped or pasted; or a shot of the camera.

    A file comes in pieces, because a notebook's connection carries 10 MiB at once: each message has ``name``,
    ``upload``, a number of its own, ``total``, the bytes of the whole file, ``type``, and one buffer.
    """

    _esm, _css = _module("own_picture.js"), _file("style.css")
    description = t.Unicode().tag(sync=True)
    most_bytes = t.Int(50 * MIB).tag(sync=True)
    piece_bytes = t.Int(4 * MIB).tag(sync=True)

    on_file: Callable[[str, bytes], object]
    on_address: Callable[[str], object]
    on_refused: Callable[[Exception], object]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._upload, self._pieces = "", bytearray()
        self.on_msg(self._take)

    def _take(self, _: object, content: dict[str, Any], buffers: list[memoryview]) -> None:
        if "address" in content:
            self.on_address(str(content["address"]))
            return
        if not buffers:
            return
        total = int(content["total"])
        if str(content["upload"]) != self._upload:
            self._upload, self._pieces = str(content["upload"]), bytearray()
        if max(total, len(self._pieces) + len(buffers[0])) > self.most_bytes:
            self._pieces = bytearray()
            self.on_refused(PictureError(f"More than {self.most_bytes // MIB} MB. Save a smaller copy of it first."))
            return
        self._pieces += buffers[0]
        if len(self._pieces) >= total:
            data, self._pieces, self._upload = bytes(self._pieces), bytearray(), ""
            self.on_file(Path(str(content.get("name") or "picture")).name, data)


class ResultView(anywidget.AnyWidget):
    """A drawing, and a table of what is in it: a click on a row shows its outline, and the other way round.

    ``outlines`` has a list of points for each row, in pixels of the drawing, or None where a row has no place.
    ``highlighted`` is the number of a row, -1 for none. ``headline`` stands above, ``text`` can be copied. With
    ``has_threshold`` a slider sets ``least``, the confidence from which on things are shown. A click on the drawing
    asks with a message for ``large``, the same drawing with more pixels.
    """

    _esm, _css = _module("reading.js"), _file("style.css")
    description = t.Unicode().tag(sync=True)
    headline = t.Unicode().tag(sync=True)
    text = t.Unicode().tag(sync=True)
    has_threshold = t.Bool(False).tag(sync=True)
    least = t.Float(0.0).tag(sync=True)
    src = t.Unicode().tag(sync=True)
    large = t.Unicode().tag(sync=True)
    alt = t.Unicode().tag(sync=True)
    size = t.List(t.Float(), [1.0, 1.0]).tag(sync=True)
    notes = t.List(t.Unicode()).tag(sync=True)
    columns = t.List(t.Unicode()).tag(sync=True)
    rows = t.List(t.List(t.Unicode())).tag(sync=True)
    outlines = t.List(t.Any()).tag(sync=True)
    highlighted = t.Int(-1).tag(sync=True)
