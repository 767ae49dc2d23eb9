"""Two answers compared: two sources about one picture, or one source about two pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ipywidgets as W
import requests

from ..clients.exchange import Exchange
from ..errors import OptionError
from ..figures.comparison import Comparison, compare_results
from ..figures.figure import Figure
from ..pictures import AnyPicture, Picture, open_picture, sample_names
from ..session import SOURCES
from .explorer import WatchedVision
from .operations import OPERATIONS, PRINTED_TEXT, Operation
from .pieces import WIDE, WRAPPING, Explorer, SourceSwitch, dropdown, html_of
from .work import Job


class Side(W.VBox):  # type: ignore[misc]
    """One side: its picture and its source."""

    def __init__(self, name: str, picture: AnyPicture, session: requests.Session | None) -> None:
        self.given = open_picture(picture)
        self.picture = W.Combobox(value=self.given.name, options=sample_names(), description=f"{name} picture",
                                  placeholder="a sample's name, a path or an address", style=WIDE)  # fmt: skip
        self.source = SourceSwitch(session, f"{name} answers from")
        super().__init__([self.picture, self.source], layout={"flex": "1 1 320px"})

    def opener(self) -> Callable[[], Picture]:
        """Reads the controls now; the function that is returned opens the picture."""
        wanted, session = self.picture.value.strip(), self.source.session
        if not wanted:
            raise OptionError("A side has no picture. Give a sample's name, a path or an address.")
        return lambda: self.given if wanted == self.given.name else open_picture(wanted, session)


@dataclass(frozen=True)
class Outcome:
    """What one comparison makes."""

    comparison: Comparison
    figures: list[Figure]


class SideBySide(Explorer):
    """The same operation asked twice.

    Attributes
    ----------
    result : Comparison
        What differs.
    """

    def __init__(self, left: AnyPicture, right: AnyPicture | None, session: requests.Session | None = None) -> None:
        self.operation = dropdown("Operation", [(one.name, one) for one in OPERATIONS], PRINTED_TEXT)
        self.left = Side("Left", left, session)
        self.right = Side("Right", left if right is None else right, session)
        if right is None and "on-device" in SOURCES:
            self.right.source.choice.value = "on-device"
        self.figures, self.table = W.HTML(), W.HTML()
        super().__init__(
            "Compare two answers",
            "Two sources about one picture, or one source about two pictures; what differs is marked.",
            [self.operation, W.HBox([self.left, self.right], layout=WRAPPING | {"align_items": "flex-start"})],
            [self.table, self.figures],
            action="Compare",
        )

    def prepare(self) -> Callable[[Job, list[Exchange]], Outcome]:
        operation: Operation = self.operation.value
        options = {name: value for name, control in operation.controls().items() if (value := control.value) != ""}
        sides = [(side.opener(), WatchedVision(side.source.session)) for side in (self.left, self.right)]

        def work(job: Job, exchanges: list[Exchange]) -> Outcome:
            results: list[Any] = []
            figures: list[Figure] = []
            for opener, client in sides:
                self.watch(client, job, exchanges)
                picture = opener()
                results.append(operation.ask(client, picture, **options))
                figures.append(operation.show(picture, results[-1]))
            return Outcome(compare_results(*results), figures)

        return work

    def show(self, outcome: Outcome) -> str:
        self.result = outcome.comparison
        self.table.value = f'<div class="cvh-lesson">{html_of(outcome.comparison)}</div>'
        both = zip(("Left", "Right"), outcome.figures, strict=True)
        self.figures.value = '<div class="cvh-columns">{}</div>'.format(
            "".join(f"<div><strong>{name}</strong>{html_of(figure)}</div>" for name, figure in both)
        )
        return outcome.comparison.summary
