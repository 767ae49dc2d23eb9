"""What the explorers share: controls, a button to ask, the result, and the exchange."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import ipywidgets as W
import requests

from ..clients.base import Client
from ..clients.exchange import Exchange
from ..clients.image_search import ImageSearchClient
from ..clients.vision import VisionClient
from ..errors import RecordingNotFound
from ..sources.reach import public_only
from . import exchange_view
from .explained import FITTING, WRAPPING, Explained, Message, walk
from .source_switch import SourceSwitch
from .work import Job, Worker

T = TypeVar("T")


class Watched(Client):
    """A client that reports each exchange, and sends nothing more once its job is cancelled."""

    def watch(self, job: Job, report: Callable[[Exchange], None]) -> None:
        self._job, self._report = job, report

    def _send(self, method: str, url: str, *args: Any, **options: Any) -> requests.Response:
        self._job.check()
        before = self.last_exchange
        try:
            return super()._send(method, url, *args, **options)
        finally:
            if self.last_exchange is not None and self.last_exchange is not before:
                self._report(self.last_exchange)


class WatchedVision(Watched, VisionClient):
    """A `VisionClient` that an explorer watches."""


class WatchedSearch(Watched, ImageSearchClient):
    """An `ImageSearchClient` that an explorer watches."""


class Explorer(Explained):
    """Controls, a button, and beside them the result and the exchange in tabs.

    A kind of explorer says in `prepare` what is to be done and in `show` how the result is shown. When it appears in
    a browser it asks for the first time by itself, except where calls are counted.

    Attributes
    ----------
    result : object
        The last good result; None before the first.
    exchanges : list of Exchange
        What was sent and received last.
    worker : Worker
        ``explorer.worker.wait()`` waits until the work is done.
    """

    def __init__(
        self,
        title: str,
        about: str,
        controls: Sequence[W.Widget],
        result: Sequence[W.Widget],
        sources: Sequence[SourceSwitch],
        action: str = "Run",
        beside: bool = True,
    ) -> None:
        self.worker, self.sources = Worker(), sources
        self.result: Any = None
        self.exchanges: list[Exchange] = []
        self.button = W.Button(description=action, button_style="primary", layout=FITTING)
        self.cancel_button = W.Button(description="Cancel", disabled=True, layout=FITTING)
        self.message = Message()
        self.exchange_pages = [W.HTML() for _ in range(3)]
        self.tabs = W.Tab([W.VBox(result), *self.exchange_pages], titles=("Result", "Request", "Answer", "Code"))
        self.button.on_click(lambda _: self.run())
        self.cancel_button.on_click(lambda _: self.cancel())
        self._show_exchanges([])

        buttons = W.HBox([self.button, self.cancel_button], layout=WRAPPING)
        left = W.VBox([*controls]).add_class("cvh-controls")
        right = W.VBox([buttons, self.message, self.tabs]).add_class("cvh-result")
        both = W.Box([left, right]).add_class("cvh-beside" if beside else "cvh-below")
        super().__init__(title, about, [both])
        for widget in walk(left):
            for name in ("value", "picture"):
                if widget.has_trait(name) and not isinstance(widget, W.HTML):
                    widget.observe(lambda _: self.changed(), name)
        self._is_stale = False
        self.message.say(f"Nothing was asked yet. Press {action}.")
        self.frame.on_msg(lambda *_: self._appeared())

    def prepare(self) -> Callable[[Job, list[Exchange]], Any]:
        """Read the controls now. The function that is returned asks, in the background."""
        raise NotImplementedError

    def show(self, made: Any) -> str:
        """Show what the work has made, and return a sentence about it."""
        raise NotImplementedError

    def run(self) -> None:
        """Bring the result into view and ask, in the background. Work that is not finished is dropped."""
        self.frame.scrolls += 1
        self.ask()

    def ask(self) -> None:
        """The same without moving the page."""
        self._is_stale = False
        self.start(self.prepare, self.show)

    def start(self, prepare: Callable[[], Callable[[Job, list[Exchange]], T]], show: Callable[[T], str]) -> None:
        """Do a piece of work in the background and show what it makes."""
        exchanges: list[Exchange] = []
        self.cancel_button.disabled = False
        self.message.working("Asking …")
        try:
            work = prepare()
        except Exception as error:
            self.worker.cancel()
            self._failed(error, exchanges)
            return

        def ask(job: Job) -> T:
            with public_only():
                return work(job, exchanges)

        self.worker.start(
            ask,
            lambda made: self._done(show(made), exchanges),
            lambda error: self._failed(error, exchanges),
        )

    def cancel(self) -> None:
        """Stop waiting. The last good result stays."""
        self.worker.cancel()
        self.cancel_button.disabled = True
        self.message.say(f"Cancelled. {self._about_the_last()}".strip())

    def changed(self) -> None:
        """A control was changed: a result that is shown belongs to the earlier choice, and is dimmed."""
        self._is_stale = True
        if self.worker.busy:
            return
        if self.result is None:
            self.message.say(f"Press {self.button.description}.")
        else:
            self._dim()

    def watch(self, client: Watched, job: Job, exchanges: list[Exchange]) -> None:
        """Collect the client's exchanges and say how far it is."""

        def report(exchange: Exchange) -> None:
            exchanges.append(exchange)
            if not job.cancelled:
                times = "1 answer" if len(exchanges) == 1 else f"{len(exchanges)} answers"
                self.message.working(f"Asking … {times} so far, the last one {exchange.status} {exchange.reason}")

        client.watch(job, report)

    def _appeared(self) -> None:
        """The first result is there before anyone presses the button, unless that would count as a call."""
        if self.result is None and not self.worker.busy and all(one.name != "live" for one in self.sources):
            self.ask()

    def _done(self, sentence: str, exchanges: list[Exchange]) -> None:
        self.cancel_button.disabled = True
        self._show_exchanges(exchanges)
        self.tabs.remove_class("cvh-stale")
        self.message.say(sentence)
        if self._is_stale:
            self._dim()

    def _dim(self) -> None:
        self.tabs.add_class("cvh-stale")
        self.message.say(
            f"The result below belongs to the earlier choice. Press {self.button.description} for a new one."
        )

    def _failed(self, error: Exception, exchanges: list[Exchange]) -> None:
        self.cancel_button.disabled = True
        if exchanges:
            self._show_exchanges(exchanges)
        here = (
            "In these controls: choose on-device under ‘Answers from’." if isinstance(error, RecordingNotFound) else ""
        )
        self.message.alert(error, f"{here} {self._about_the_last()}".strip())
        if self.result is not None:
            self.tabs.add_class("cvh-stale")

    def _about_the_last(self) -> str:
        """What is still shown after work that made nothing; it is dimmed if a control was changed meanwhile."""
        if self._is_stale and self.result is not None:
            self.tabs.add_class("cvh-stale")
        earlier = f"That was the earlier choice. Press {self.button.description} for a new result."
        last = "What is shown below is the last good result." if self.result is not None else ""
        return earlier if self._is_stale else last

    def _show_exchanges(self, exchanges: list[Exchange]) -> None:
        self.exchanges = exchanges
        pages = (exchange_view.request_html, exchange_view.answer_html, exchange_view.code_html)
        for widget, page in zip(self.exchange_pages, pages, strict=True):
            widget.value = page(exchanges)
