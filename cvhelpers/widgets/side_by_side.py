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
from ..pictures import AnyPicture, open_picture
from .explained import HIDDEN, SHOWN, Choice, html_of
from .explorer import Explorer, WatchedVision
from .operations import OPERATIONS, PRINTED_TEXT, Operation, Options
from .picker import PicturePicker
from .source_switch import SourceSwitch
from .vision_result import Seen, VisionResult
from .work import Job

NAMES = ("Left", "Right")


class Side(W.VBox):  # type: ignore[misc]
    """One side: its picture and its source."""

    def __init__(self, name: str, picture: AnyPicture, session: requests.Session | None) -> None:
        self.picker = PicturePicker(None, session, chosen=open_picture(picture), title=f"{name} picture")
        self.source = SourceSwitch(session, f"{name} answers from")
        super().__init__([self.picker, self.source])


@dataclass(frozen=True)
class Both:
    """What one comparison makes."""

    comparison: Comparison
    sides: list[Seen]


class SideBySide(Explorer):
    """The same operation with the same options, asked twice.

    Attributes
    ----------
    result : Comparison
        What differs.
    """

    def __init__(self, left: AnyPicture, right: AnyPicture | None, session: requests.Session | None = None) -> None:
        self.operation = Choice("Operation", [(one.name, one) for one in OPERATIONS], PRINTED_TEXT)
        self.options = {operation: Options(operation) for operation in OPERATIONS}
        self.left = Side(NAMES[0], left, session)
        self.right = Side(NAMES[1], left if right is None else right, session)
        if right is None:
            self.right.source.choice.value = "on-device"
        self.table, self.views = W.HTML(), [VisionResult(), VisionResult()]
        columns = [
            W.VBox([W.HTML(f"<strong>{name}</strong>"), view]) for name, view in zip(NAMES, self.views, strict=True)
        ]
        super().__init__(
            "Compare two answers",
            "Ask two sources about one picture, or one source about two pictures. What differs is marked.",
            [self.operation, *self.options.values(), W.Box([self.left, self.right]).add_class("cvh-columns")],
            [self.table, W.Box(columns).add_class("cvh-columns")],
            [self.left.source, self.right.source],
            action="Compare",
            beside=False,
        )
        self._show_options()
        for control in (self.operation, *(source.choice for source in self.sources)):
            control.observe(lambda _: self._show_options(), "value")

    def prepare(self) -> Callable[[Job, list[Exchange]], Both]:
        operation: Operation = self.operation.value
        options = self.options[operation].value
        asked = [(side.picker.picture, WatchedVision(side.source.session)) for side in (self.left, self.right)]
        if any(picture is None for picture, _ in asked):
            raise OptionError("A side has no picture yet. Choose one first.")

        def work(job: Job, exchanges: list[Exchange]) -> Both:
            results: list[Any] = []
            for picture, client in asked:
                self.watch(client, job, exchanges)
                results.append(operation.ask(client, picture, **options))
            seen = [Seen.draw(operation, one[0], result) for one, result in zip(asked, results, strict=True)]
            return Both(compare_results(*results), seen)

        return work

    def show(self, made: Both) -> str:
        self.table.value = f'<div class="cvh-exchange">{html_of(made.comparison)}</div>'
        for view, seen in zip(self.views, made.sides, strict=True):
            view.show(seen)
        self.result = made.comparison
        return made.comparison.summary

    def _show_options(self) -> None:
        """The options of the chosen operation, as far as both sources can answer them."""
        names = [source.name for source in self.sources]
        narrowest = next((name for name in ("recorded", "on-device", "keyless") if name in names), "live")
        for operation, options in self.options.items():
            options.layout.display = SHOWN if operation is self.operation.value else HIDDEN
            options.suit(narrowest)
