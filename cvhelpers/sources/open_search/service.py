"""What the open services share: asking politely, filtering here what they can't filter, and putting pages together."""

from __future__ import annotations

import logging
import re
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from ...errors import ServiceUnreachable, TimedOut, UnexpectedAnswer, parse_error_body, seconds_to_wait
from ...protocol.agent import user_agent
from ..deadline import Deadline
from .answer import FoundPage, FoundPicture, Refusal
from .query import WebQuery

Send = Callable[[requests.PreparedRequest, Deadline], requests.Response]
"""What sends a request over the network, within a deadline."""
log = logging.getLogger(__name__)
LONGEST_PAUSE = 60.0
"""Seconds that are waited for a rate limit; a longer pause is told to the caller instead."""


class OpenService(ABC):
    """One open service.

    Attributes
    ----------
    name : str
        As a person reads it.
    notice : str
        What the service's terms ask to be said.
    depth : int
        How many pictures of one search can be had at most.
    page_size : int
        How many pictures are asked for at once.
    at_once : int
        How many requests may be under way at the same time.
    """

    name = ""
    notice = ""
    depth = 240
    page_size = 20
    at_once = 1

    def __init__(self, endpoint: str, send: Send) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._send = send
        self._places = threading.BoundedSemaphore(self.at_once)
        self._pause_until = 0.0

    @abstractmethod
    def parameters(self, query: WebQuery, page: int) -> tuple[str, dict[str, str]]:
        """The path and the parameters that ask for a page, counted from 0."""

    @abstractmethod
    def read(self, body: Mapping[str, Any]) -> tuple[list[FoundPicture], int | None, bool]:
        """The pictures of an answer, how many there are in all if that is told, and whether more pages follow."""

    @abstractmethod
    def unsupported(self, query: WebQuery) -> list[str]:
        """The filters of a query that have no counterpart, and can't be applied here either."""

    @abstractmethod
    def web_page(self, query: WebQuery) -> str:
        """The address of the same search for a person."""

    def takes(self, query: WebQuery, found: FoundPicture) -> bool:
        """Does a picture pass the filters that are applied here?"""
        return query.takes(found.width, found.height, found.size)

    def search(self, query: WebQuery, deadline: Deadline) -> FoundPage:
        """The pictures that a query asks for. Raises `Refusal`, or what sending raises.

        An offset counts the pictures of the open service, before the filters that are applied here. A page may have
        less than was asked for, where a file or a link is gone; the next one begins at its own place all the same.
        """
        page = FoundPage(notice=self.notice, warnings=self._warnings(query))
        at, more = query.offset, True
        while more and len(page.found) < query.count and at < self.depth:
            try:
                found, page.total, more = self._page(query, at, deadline)
            except Refusal as refusal:
                if not page.found:
                    raise
                page.warnings.append(f"{refusal.message} These are the pictures that were found before.")
                break
            following = (at // self.page_size + 1) * self.page_size
            for one in found:
                at += 1
                if self.takes(query, one):
                    page.found.append(one)
                if len(page.found) == query.count:
                    break
            else:
                at = following
        page.next_offset = at if at < min(self.depth, page.total) else None
        return page

    def _warnings(self, query: WebQuery) -> list[str]:
        left_out = self.unsupported(query)
        names = ", ".join(left_out)
        verb = "was" if len(left_out) == 1 else "were"
        return [f"{self.name} can't filter by {names}: it {verb} left out."] if left_out else []

    def _page(self, query: WebQuery, at: int, deadline: Deadline) -> tuple[list[FoundPicture], int, bool]:
        """The pictures from a place in the list to the end of its page, the total, and whether more follow."""
        number, skipped = divmod(at, self.page_size)
        path, parameters = self.parameters(query, number)
        response = self._ask(path, parameters, deadline)
        if number and response.status_code == 500:  # Openverse answers so past the last page of a narrow search
            return [], at, False
        if response.status_code >= 400:
            raise self._refusal(response)
        found, total, more = self.read(_json(response, self.name))
        if total is None:
            total = self.depth if more else number * self.page_size + len(found)
        return found[skipped:], min(total, self.depth), more

    def _ask(self, path: str, parameters: dict[str, str], deadline: Deadline) -> requests.Response:
        request = requests.Request("GET", self.endpoint + path, params=parameters, headers=self.headers()).prepare()
        with self._places:
            self._wait_for_limit(deadline)
            try:
                response = self._send(request, deadline)
            except requests.Timeout:
                raise TimedOut(f"{self.name} did not answer in time. Try again, or give it more time.") from None
            except requests.RequestException:
                raise ServiceUnreachable(
                    f"No connection to {self.name} ({urlsplit(self.endpoint).netloc}). Check your network; without one "
                    'cvhelpers.connect("keyless") answers.'
                ) from None
        self.note_limits(response.headers)
        return response

    def headers(self) -> dict[str, str]:
        """What a request of ours says of itself."""
        return {"User-Agent": user_agent("requests"), "Accept": "application/json"}

    def note_limits(self, headers: Mapping[str, str]) -> None:  # noqa: B027  # a service without limits tells none
        """Remember from an answer when the next request may be sent."""

    def pause(self, seconds: float) -> None:
        """Send no request for so many seconds."""
        self._pause_until = max(self._pause_until, time.monotonic() + seconds)

    def _wait_for_limit(self, deadline: Deadline) -> None:
        wait = self._pause_until - time.monotonic()
        if wait <= 0:
            return
        if wait > min(LONGEST_PAUSE, deadline.left()):
            raise Refusal(429, "RateLimitExceeded", f"{self.name} asks us to wait {wait:.0f} seconds.", wait)
        log.warning("%s asks for a pause: going on in %.0f seconds.", self.name, wait)
        deadline.sleep(wait)

    def _refusal(self, response: requests.Response) -> Refusal:
        said = _said(response)
        wait = seconds_to_wait(response.headers.get("Retry-After", ""))
        available = re.search(r"available in (\d{1,9}) second", said)  # Openverse says it in words
        wait = float(available[1]) if wait is None and available else wait
        if response.status_code == 429:
            self.pause(wait if wait is not None else 60)
            return Refusal(429, "RateLimitExceeded", f"{self.name}: {said}", wait)
        if response.status_code >= 500:
            return Refusal(503, "ServerError", f"{self.name} has an error of its own: {said}", wait)
        if response.status_code == 403:
            return Refusal(403, "InsufficientAuthorization", f"{self.name} refuses us: {said}")
        return Refusal(400, "InvalidRequest", f"{self.name}: {said}")


def _json(response: requests.Response, name: str) -> Mapping[str, Any]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        what = response.headers.get("Content-Type", "no content type")
        raise UnexpectedAnswer(f"{name} answered, but not with a JSON object ({what}). Try again later.")
    return body


def _said(response: requests.Response) -> str:
    """The reason that an error body gives: Openverse's ``detail``, a text or lists of texts by field; Commons' info."""
    try:
        body = response.json()
        detail = body.get("detail") or body.get("error", {}).get("info")
    except (ValueError, RecursionError, AttributeError):
        detail = None
    if isinstance(detail, dict):
        texts = {key: value if isinstance(value, list) else [value] for key, value in detail.items()}
        return "; ".join(f"{key}: {' '.join(map(str, values))}" for key, values in texts.items())
    return str(detail) if detail else parse_error_body(response.content).message or f"status {response.status_code}"
