"""The vision explorer: a picture, an operation's options, a source; then the drawing, its table and the exchange."""

from __future__ import annotations

from collections.abc import Callable

import requests

from ..clients.exchange import Exchange
from ..errors import OptionError
from ..figures.figure import Figure
from ..pictures import sample
from .explorer import Explorer, WatchedVision
from .operations import Operation, Options
from .picker import PicturePicker
from .source_switch import SourceSwitch
from .vision_result import Seen, VisionResult
from .work import Job


class VisionExplorer(Explorer):
    """One operation of the vision service, to play with."""

    def __init__(self, operation: Operation, session: requests.Session | None = None) -> None:
        self.operation = operation
        self.picker = PicturePicker(None, session, chosen=sample(operation.sample))
        self.options = Options(operation)
        self.source = SourceSwitch(session)
        self.view = VisionResult()
        super().__init__(
            f"Explore: {operation.name.lower()}",
            operation.about,
            [self.picker, self.options, self.source],
            [self.view],
            [self.source],
        )
        self.options.suit(self.source.name)
        self.source.choice.observe(lambda _: self.options.suit(self.source.name), "value")

    @property
    def figure(self) -> Figure | None:
        """The drawing of the last good result."""
        return self.view.seen.figure if self.view.seen else None

    def prepare(self) -> Callable[[Job, list[Exchange]], Seen]:
        picture, options = self.picker.picture, self.options.value
        if picture is None:
            raise OptionError("There is no picture yet. Choose one first.")
        client = WatchedVision(self.source.session)

        def work(job: Job, exchanges: list[Exchange]) -> Seen:
            self.watch(client, job, exchanges)
            result = self.operation.ask(client, picture, **options)
            job.check()
            return Seen.draw(self.operation, picture, result)

        return work

    def show(self, made: Seen) -> str:
        sentence = self.view.show(made)
        self.result = made.result
        return sentence
