"""A switch for where answers come from."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import ipywidgets as W
import requests

from ..clients.base import Client
from ..clients.vision import VisionClient
from ..errors import SetupError
from ..session import SOURCES, connect, connection_of
from .explained import Choice

ABOUT = {
    "keyless": "Needs nothing. A recorded answer where there is one, else open models on this computer.",
    "recorded": "Needs nothing. Answers what was recorded: the samples with the options they were recorded with.",
    "on-device": "Needs no key and no network. Open models on this computer answer.",
    "live": "Needs a network. Azure answers and counts calls; image search by Openverse needs no key.",
}


class SourceSwitch(W.VBox):  # type: ignore[misc]
    """Where answers come from, what that needs, and whether it is there."""

    def __init__(
        self,
        session: requests.Session | None = None,
        description: str = "Answers from",
        client: Callable[..., Client] = VisionClient,
    ) -> None:
        self._client = client
        connection = connection_of(session)
        self._sessions: dict[str, requests.Session] = {connection.source: connection}
        names = list(dict.fromkeys([*SOURCES, connection.source]))
        self.choice = Choice(description, names, connection.source)
        self.about = W.HTML()
        self.choice.observe(lambda _: self._describe(), "value")
        super().__init__([self.choice, self.about])
        self._describe()

    @property
    def name(self) -> str:
        return str(self.choice.value)

    @property
    def session(self) -> requests.Session:
        """A session with the chosen source. Raises `SetupError` where something has to be set up first."""
        if self.name not in self._sessions:
            self._sessions[self.name] = connect(self.name)
        return self._sessions[self.name]

    def _describe(self) -> None:
        try:
            self._client(self.session)
        except SetupError as error:
            about = f"<strong>Not ready:</strong> {escape(str(error))}"
        else:
            about = escape(ABOUT.get(self.name, ""))
        self.about.value = f'<div class="cvh-needs">{about}</div>'
