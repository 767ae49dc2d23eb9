"""What the controls are made of: a control that explains itself, a message, a source switch, the explorers' frame."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Any

import ipywidgets as W
import requests

from ..clients.base import Client
from ..clients.exchange import Exchange
from ..clients.vision import VisionClient
from ..errors import CvhelpersError, SetupError
from ..pictures import Picture
from ..session import SOURCES, connect, source_of
from . import lesson
from .work import Job, Worker

WIDE = {"description_width": "initial"}
"""Descriptions are words here, and must not be cut off."""
FITTING = {"width": "auto"}
WRAPPING = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "4px 12px"}
HIDDEN, SHOWN = "none", ""


# --------------------------------------------------------------------------------------------------------------
# a control that explains itself


class Explained(W.VBox):  # type: ignore[misc]
    """A control with a title and a sentence about it, which stand in its place where no notebook runs."""

    def __init__(self, title: str, about: str, children: Sequence[W.Widget]) -> None:
        self.title, self.about = title, about
        super().__init__(children, layout={"grid_gap": "6px", "overflow": "visible"})
        self.add_class("cvh")

    def __repr__(self) -> str:
        return f"{self.title} (the controls appear where the notebook runs)"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options) or {}
        named = [str(w.description) for w in walk(self) if not isinstance(w, W.HTML) and hasattr(w, "description")]
        trace = (
            f"<p><strong>{escape(self.title)}.</strong> {escape(self.about)} "
            "The controls appear where the notebook runs: "
            f"{escape(', '.join(name for name in dict.fromkeys(named) if name))}.</p>"
        )
        return {**bundle, "text/plain": repr(self), "text/html": trace}


def walk(widget: W.Widget) -> Iterator[W.Widget]:
    """A widget and all that is in it.

    >>> len(list(walk(W.VBox([W.Text(), W.HBox([W.Button()])]))))
    4
    """
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


class Message(W.HTML):  # type: ignore[misc]
    """A place for words: what goes on, what was done, what went wrong."""

    def say(self, text: str) -> None:
        self._put("status", escape(text))

    def working(self, text: str) -> None:
        """With a bar that moves as long as nobody knows how long it takes."""
        self._put("status", f'<progress aria-label="At work"></progress> {escape(text)}')

    def alert(self, error: Exception, after: str = "") -> None:
        """An error in words; of an error that is not ours also its name."""
        said = str(error) if isinstance(error, CvhelpersError) else f"{type(error).__name__}: {error}"
        self._put("alert", f"<strong>That did not work.</strong> {escape(' '.join([said, after]).strip())}")

    def clear(self) -> None:
        self.value = ""

    def _put(self, role: str, html: str) -> None:
        self.value = f'<div class="cvh-message" role="{role}">{html}</div>'


def preview(picture: Picture, width: int = 220, height: int = 160) -> str:
    """A small copy as a data address, for a gallery."""
    image = picture.image
    image.thumbnail((width, height))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"


def dropdown(description: str, options: Sequence[object], value: object) -> W.Dropdown:
    """A list to choose from; an option is a value, or a pair of what is shown and the value.

    >>> dropdown("Language", [("find out", "unk"), "en"], "unk").options
    (('find out', 'unk'), ('en', 'en'))
    """
    pairs = [option if isinstance(option, tuple) else (str(option), option) for option in options]
    return W.Dropdown(options=pairs, value=value, description=description, style=WIDE, layout={"width": "max-content"})


def html_of(result: object) -> str:
    """A result as a notebook would show it."""
    show = getattr(result, "_repr_html_", None)
    return "" if result is None else show() if show else f"<pre>{escape(str(result))}</pre>"


# --------------------------------------------------------------------------------------------------------------
# where answers come from

ABOUT = {
    "keyless": "Needs nothing. A recorded answer where there is one",
    "recorded": "Needs nothing. Answers what was recorded: the quickstarts' own pictures with their own options.",
    "on-device": "Needs no key and no network. Open models on this computer answer.",
    "live": "Needs a network, and VISION_ENDPOINT and VISION_KEY in the environment. Azure answers, and counts calls.",
}


class SourceSwitch(W.VBox):  # type: ignore[misc]
    """Where answers come from, what that needs, and whether it is there."""

    def __init__(self, session: requests.Session | None = None, description: str = "Answers from") -> None:
        session = session if session is not None else connect()
        self._sessions: dict[str, requests.Session] = {source_of(session).name: session}
        names = list(dict.fromkeys([*SOURCES, source_of(session).name]))
        self.choice = dropdown(description, names, source_of(session).name)
        self.about = W.HTML()
        self.choice.observe(lambda _: self._tell(), "value")
        super().__init__([self.choice, self.about])
        self._tell()

    @property
    def session(self) -> requests.Session:
        """A session with the chosen source. Raises `SetupError` where something has to be set up first."""
        name = str(self.choice.value)
        if name not in self._sessions:
            self._sessions[name] = connect(name)
        return self._sessions[name]

    def _tell(self) -> None:
        name = str(self.choice.value)
        about = ABOUT.get(name, "")
        if name == "keyless":
            about += ", else open models on this computer." if "on-device" in SOURCES else "."
        try:
            VisionClient(self.session)
        except SetupError as error:
            about = f"<strong>Not ready:</strong> {escape(str(error))}"
        else:
            about = escape(about)
        self.about.value = f'<div class="cvh-needs">{about}</div>'


# --------------------------------------------------------------------------------------------------------------
# what the explorers share


class Watched(Client):
    """A client that tells of each exchange, and sends nothing more once nobody waits for it."""

    def watch(self, job: Job, told: Callable[[Exchange], None]) -> None:
        self._job, self._told = job, told

    def _send(self, method: str, url: str, *args: Any, **options: Any) -> requests.Response:
        self._job.check()
        before = self.last_exchange
        try:
            return super()._send(method, url, *args, **options)
        finally:
            if self.last_exchange is not None and self.last_exchange is not before:
                self._told(self.last_exchange)


class Explorer(Explained):
    """Controls and a button; then the result and the exchange in tabs.

    A kind of explorer says in `prepare` what is to be done and in `show` what becomes of it.

    Attributes
    ----------
    result : object
        The last good result; None before the first.
    exchanges : list of Exchange
        What was sent and received last.
    worker : Worker
        ``explorer.worker.wait()`` waits for what is under way.
    """

    def __init__(
        self,
        title: str,
        about: str,
        controls: Sequence[W.Widget],
        result: Sequence[W.Widget],
        action: str = "Run",
    ) -> None:
        self.worker = Worker()
        self.result: Any = None
        self.exchanges: list[Exchange] = []
        self.button = W.Button(description=action, button_style="primary", layout=FITTING)
        self.cancel_button = W.Button(description="Cancel", disabled=True, layout=FITTING)
        self.message = Message()
        self.lesson = [W.HTML() for _ in range(3)]
        self.tabs = W.Tab([W.VBox(result), *self.lesson], titles=("Result", "Request", "Answer", "Code"))
        self.button.on_click(lambda _: self.run())
        self.cancel_button.on_click(lambda _: self.cancel())
        self.message.say(f"Nothing was asked yet. Press {action}.")
        self._teach([])
        buttons = W.HBox([self.button, self.cancel_button], layout=WRAPPING)
        super().__init__(title, about, [*controls, buttons, self.message, self.tabs])

    def prepare(self) -> Callable[[Job, list[Exchange]], Any]:
        """Read the controls, here and now; the function that is returned asks, in the background."""
        raise NotImplementedError

    def show(self, outcome: Any) -> str:
        """Show what was made, and return a sentence about it."""
        raise NotImplementedError

    def run(self) -> None:
        """Ask, in the background; what was under way is dropped."""
        exchanges: list[Exchange] = []
        self.cancel_button.disabled = False
        self.message.working("Asking …")
        try:
            work = self.prepare()
        except CvhelpersError as error:
            self.worker.cancel()
            self._failed(error, exchanges)
            return
        self.worker.start(
            lambda job: work(job, exchanges),
            lambda outcome: self._done(outcome, exchanges),
            lambda error: self._failed(error, exchanges),
        )

    def cancel(self) -> None:
        """Stop waiting; the last good result stays."""
        self.worker.cancel()
        self.cancel_button.disabled = True
        self.message.say("Cancelled. What is shown below is the last good result." if self.result else "Cancelled.")

    def watch(self, client: Watched, job: Job, exchanges: list[Exchange]) -> None:
        """Collect the client's exchanges and tell how far it is."""

        def told(exchange: Exchange) -> None:
            exchanges.append(exchange)
            if not job.cancelled:
                times = "1 answer" if len(exchanges) == 1 else f"{len(exchanges)} answers"
                self.message.working(f"Asking … {times} so far, the last one {exchange.status} {exchange.reason}")

        client.watch(job, told)

    def _done(self, outcome: Any, exchanges: list[Exchange]) -> None:
        self.cancel_button.disabled = True
        self._teach(exchanges)
        self.message.say(self.show(outcome))

    def _failed(self, error: Exception, exchanges: list[Exchange]) -> None:
        self.cancel_button.disabled = True
        if exchanges:
            self._teach(exchanges)
        stays = "The result below is still the last good one." if self.result is not None else ""
        self.message.alert(error, stays)

    def _teach(self, exchanges: list[Exchange]) -> None:
        self.exchanges = exchanges
        pages = (lesson.request_html, lesson.answer_html, lesson.code_html)
        for widget, page in zip(self.lesson, pages, strict=True):
            widget.value = page(exchanges)
