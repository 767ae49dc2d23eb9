"""A vision answer shown: the drawing, what is in it as a table, and from which confidence on."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import ipywidgets as W

from ..figures.alt import counted, one_line
from ..figures.figure import Figure
from ..figures.labels import Point
from ..figures.show import confidence_word
from ..figures.table import cell, columns
from ..pictures import Picture
from ..results import ImageAnalysis, Result
from .front import ResultView
from .operations import Operation, Outlines, has_things

ENLARGED = 250
"""Pixels per inch of the drawing that is looked at closely."""


@dataclass(frozen=True)
class Seen:
    """What an operation answered about a picture, drawn."""

    operation: Operation
    picture: Picture
    result: Result
    figure: Figure
    outlines: Outlines

    @classmethod
    def draw(cls, operation: Operation, picture: Picture, result: Result, least: float = 0.0) -> Seen:
        figure = operation.show(picture, result, least)
        outlines = operation.outlines(picture, result, figure.rows)
        return cls(operation, picture, result, figure, on_drawing(figure, outlines))

    def redrawn(self, least: float) -> Seen:
        """The same from another confidence on."""
        return Seen.draw(self.operation, self.picture, self.result, least)


class VisionResult(W.VBox):  # type: ignore[misc]
    """The drawing and its table. A slider leaves out what the service was not sure of."""

    def __init__(self) -> None:
        self.seen: Seen | None = None
        self.reading = ResultView()
        self.reading.observe(lambda _: self._redraw(), "least")
        self.reading.on_msg(lambda *_: self._enlarge())
        super().__init__([self.reading])

    def show(self, seen: Seen) -> str:
        """Show it, and return a sentence about it. What the slider leaves out stays out."""
        self.reading.has_threshold = isinstance(seen.result, ImageAnalysis) and has_things(seen.result)
        if self.reading.has_threshold and self.reading.least:
            seen = seen.redrawn(self.reading.least)
        self._fill(seen)
        rows = len(seen.figure.rows)
        found = f"{counted(rows, 'row')} in the table" if rows else "nothing was found"
        change = f" The picture was {seen.result.sent}." if seen.result.sent else ""
        return f"Done: {found}.{change} Answer: {seen.figure.source}"

    def clear(self) -> None:
        self.seen, self.reading.src, self.reading.has_threshold = None, "", False

    def _redraw(self) -> None:
        if self.seen is not None:
            self._fill(self.seen.redrawn(self.reading.least))

    def _fill(self, seen: Seen) -> None:
        self.seen = seen
        reading, figure, rows = self.reading, seen.figure, seen.figure.rows
        reading.highlighted, reading.large = -1, ""
        reading.description = f"{seen.operation.name} of {seen.picture.name}"
        reading.headline, reading.text = _headline(seen.result), _text(seen.result)
        reading.alt, reading.notes = figure.alt, [f"Answer: {figure.source or 'source unknown'}", *figure.notes]
        reading.size = list(map(float, _size(figure)))
        reading.columns = columns(rows)
        reading.rows = [[cell(row.get(name)) for name in reading.columns] for row in rows]
        reading.outlines = seen.outlines
        reading.src = _address(figure.png)

    def _enlarge(self) -> None:
        """The same drawing with more pixels, when someone looks closely."""
        if self.seen is not None:
            self.reading.large = _address(self.seen.figure.render(ENLARGED))


def on_drawing(figure: Figure, outlines: Outlines) -> Outlines:
    """The same outlines in pixels of the drawing, which has margins and its own scale; y runs down."""
    assert figure.png  # drawn first: only then the axes are where they will be
    axes, height = figure.figure.axes[0], _size(figure)[1]

    def moved(point: Point) -> Point:
        x, y = axes.transData.transform(point)
        return round(float(x), 1), round(float(height - y), 1)

    return [None if outline is None else [moved(point) for point in outline] for outline in outlines]


def _headline(result: Result) -> str:
    """The caption, where the drawing does not have it because it shows boxes."""
    if not isinstance(result, ImageAnalysis) or result.caption is None or not has_things(result):
        return ""
    text, confidence = one_line(result.caption.text), result.caption.confidence
    return f"{text[:1].upper()}{text[1:]}. Confidence {confidence:.2f} ({confidence_word(confidence)})"


def _text(result: Result) -> str:
    """What was read, to copy; of an analysis its caption."""
    return (result.caption.text if result.caption else "") if isinstance(result, ImageAnalysis) else str(result)


def _address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _size(figure: Figure) -> tuple[int, int]:
    width, height = figure.figure.get_size_inches() * figure.figure.dpi
    return round(float(width)), round(float(height))
