"""The parts that run in the browser, by anywidget: each a class here and a script of the same name beside it.

They speak HTML's own controls (radio buttons, a form, a table), so that the keyboard and a screen reader work as
everywhere; colours are the notebook's own, light or dark.
"""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets as t

_HERE = Path(__file__).parent


def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


class Gallery(anywidget.AnyWidget):
    """Small pictures with their names, one of which can be chosen, as radio buttons.

    An item is a dict with ``title``, ``note`` and ``src``, the address or data of its small picture, which may be
    empty. ``selected`` is the place of the chosen one, -1 for none.
    """

    _esm, _css = _file("gallery.js"), _file("style.css")
    description = t.Unicode().tag(sync=True)
    items = t.List(t.Dict()).tag(sync=True)
    selected = t.Int(-1).tag(sync=True)


class OwnPicture(anywidget.AnyWidget):
    """A path or an address, a file that is chosen or dropped, or a shot of the camera.

    Each arrives as a message: ``{"address": …}``, or ``{"name": …}`` with the file's bytes.
    """

    _esm, _css = _file("own_picture.js"), _file("style.css")
    description = t.Unicode().tag(sync=True)
    most_bytes = t.Int(8 * 2**20).tag(sync=True)
    """More than any service takes, and less than what a notebook's connection carries at once."""


class Reading(anywidget.AnyWidget):
    """A drawing, and a table of what is in it: a click on a row shows its outline, and the other way round.

    ``outlines`` has a list of points for each row, in pixels of the drawing, or None where a row has no place.
    ``highlighted`` is the number of a row, -1 for none.
    """

    _esm, _css = _file("reading.js"), _file("style.css")
    description = t.Unicode().tag(sync=True)
    src = t.Unicode().tag(sync=True)
    alt = t.Unicode().tag(sync=True)
    size = t.List(t.Float(), [1.0, 1.0]).tag(sync=True)
    notes = t.List(t.Unicode()).tag(sync=True)
    columns = t.List(t.Unicode()).tag(sync=True)
    rows = t.List(t.List(t.Unicode())).tag(sync=True)
    outlines = t.List(t.Any()).tag(sync=True)
    highlighted = t.Int(-1).tag(sync=True)
