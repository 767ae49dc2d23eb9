"""The vision explorer: a picture, an operation's options, a source; then the figure, its table and the exchange."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as W
import requests

from ..clients.exchange import Exchange
from ..clients.vision import VisionClient
from ..errors import OptionError
from ..figures.figure import Figure
from ..figures.labels import Point
from ..pictures import Picture, sample
from .front import Reading
from .operations import Operation, Outlines, Result
from .picker import PicturePicker
from .pieces import WRAPPING, Explorer, SourceSwitch, Watched
from .work import Job


class WatchedVision(Watched, VisionClient):
    """A `VisionClient` that an explorer watches."""


@dataclass(frozen=True)
class Outcome:
    """What one run makes."""

    picture: Picture
    result: Result
    figure: Figure
    outlines: Outlines


class VisionExplorer(Explorer):
    """One operation of the vision service, to play with."""

    def __init__(self, operation: Operation, session: requests.Session | None = None) -> None:
        self.operation = operation
        self.picker = PicturePicker(None, session, chosen=sample(operation.sample))
        self.options = operation.controls()
        self.source = SourceSwitch(session)
        self.reading = Reading()
        super().__init__(
            f"Explore: {operation.name.lower()}",
            operation.about,
            [self.picker, W.HBox(list(self.options.values()), layout=WRAPPING), self.source],
            [self.reading],
        )

    @property
    def figure(self) -> Figure | None:
        """The drawing of the last good result."""
        return self._outcome.figure if self._outcome else None

    _outcome: Outcome | None = None

    def prepare(self) -> Callable[[Job, list[Exchange]], Outcome]:
        picture, operation = self.picker.picture, self.operation
        if picture is None:
            raise OptionError("There is no picture yet. Choose one first.")
        options = {name: value for name, control in self.options.items() if (value := control.value) != ""}
        client = WatchedVision(self.source.session)

        def work(job: Job, exchanges: list[Exchange]) -> Outcome:
            self.watch(client, job, exchanges)
            result = operation.ask(client, picture, **options)
            job.check()
            figure = operation.show(picture, result)
            return Outcome(picture, result, figure, on_drawing(figure, operation.outlines(picture, result)))

        return work

    def show(self, outcome: Outcome) -> str:
        self._outcome, self.result = outcome, outcome.result
        figure, rows = outcome.figure, outcome.figure.rows
        reading = self.reading
        reading.highlighted = -1
        reading.description = f"{self.operation.name} of {outcome.picture.name}"
        reading.alt, reading.notes = figure.alt, [f"Answer: {figure.source}", *figure.notes]
        reading.size = list(map(float, _size(figure)))
        reading.columns = [
            name for name in (rows[0] if rows else ()) if any(row[name] not in ("", None) for row in rows)
        ]
        reading.rows = [[_cell(row[name]) for name in reading.columns] for row in rows]
        reading.outlines = outcome.outlines
        reading.src = f"data:image/png;base64,{base64.b64encode(figure.png).decode()}"
        found = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        return f"Done: {found} in the table. Answer: {figure.source}"


def on_drawing(figure: Figure, outlines: Outlines) -> Outlines:
    """The same outlines in pixels of the drawing, which has margins and its own scale; y runs down."""
    assert figure.png  # drawn first: only then the axes are where they will be
    axes, height = figure.figure.axes[0], _size(figure)[1]

    def moved(point: Point) -> Point:
        x, y = axes.transData.transform(point)
        return round(float(x), 1), round(float(height - y), 1)

    return [None if outline is None else [moved(point) for point in outline] for outline in outlines]


def _size(figure: Figure) -> tuple[int, int]:
    width, height = figure.figure.get_size_inches() * figure.figure.dpi
    return round(float(width)), round(float(height))


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
