"""A Bing request in, a Bing answer out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import CvhelpersError, SetupError, UnexpectedAnswer
from ..deadline import Deadline
from . import commons, openverse
from .answer import Refusal, bad_query_body, error_body, page_body
from .query import BadQuery, WebQuery
from .service import OpenService, Send

SERVICES = ("openverse", "commons")
"""The open services by name; the first is the default."""


@dataclass(frozen=True)
class HttpAnswer:
    """An HTTP answer: where it comes from, its status, its headers, and the JSON in it."""

    source: str
    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]


class OpenSearch:
    """Answers Bing's image search from an open service.

    Parameters
    ----------
    send : function
        What sends a request over the network, within a deadline.
    name : str, optional
        "openverse" or "commons"; else what the environment variable CVHELPERS_SEARCH says, else "openverse".

    The addresses of the services can be set by OPENVERSE_ENDPOINT and COMMONS_ENDPOINT, for mirrors and tests.
    """

    def __init__(self, send: Send, name: str | None = None) -> None:
        self.service = make_service(name or os.environ.get("CVHELPERS_SEARCH") or SERVICES[0], send)

    def answer(self, parameters: Mapping[str, str], deadline: Deadline) -> HttpAnswer:
        """The answer to a request's parameters. Raises what sending raises."""
        source = f"live; {self.service.name}"
        try:
            query = WebQuery.read(parameters)
            page = self.service.search(query, deadline)
        except BadQuery as error:
            return HttpAnswer(source, 400, {}, bad_query_body(error))
        except Refusal as error:
            return HttpAnswer(source, error.status, error.headers, error.body)
        except UnexpectedAnswer as error:
            return HttpAnswer(source, 502, {}, error_body("ServerError", str(error), "UnexpectedError"))
        return HttpAnswer(source, 200, {}, page_body(page, query, self.service.web_page(query)))

    def answer_whatever_happens(self, parameters: Mapping[str, str], deadline: Deadline) -> HttpAnswer:
        """The same for a server, which must answer even where the open service can't be reached."""
        try:
            return self.answer(parameters, deadline)
        except CvhelpersError as error:
            return HttpAnswer(
                f"live; {self.service.name}", 503, {}, error_body("ServerError", str(error), "ResourceError")
            )


def make_service(name: str, send: Send) -> OpenService:
    """The open service of that name, at its own address or the one in the environment."""
    if name == "openverse":
        return openverse.Openverse(os.environ.get("OPENVERSE_ENDPOINT") or openverse.ENDPOINT, send)
    if name == "commons":
        return commons.Commons(os.environ.get("COMMONS_ENDPOINT") or commons.ENDPOINT, send)
    raise SetupError(f"There is no open image search {name!r}. Choose one of: {', '.join(SERVICES)}.")
