"""What stands in for a service while an answer is checked, and judges that look at what would travel."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import BaseAdapter


class TooOften(Exception):
    """The service was asked more often than the task allows."""


def response(status: int, body: object) -> requests.Response:
    """An answer with a status and JSON.

    >>> response(401, {"message": "no"}).json(), response(401, {}).ok
    ({'message': 'no'}, False)
    """
    made = requests.Response()
    made.status_code, made.reason, made.url = status, HTTPStatus(status).phrase, "https://vision.example/analyze"
    made.headers["Content-Type"] = "application/json"
    made._content = json.dumps(body).encode()
    return made


class Listener(BaseAdapter):
    """Stands behind a session in the place of a service: it answers each request with a status and ``{}``."""

    def __init__(self, status: Callable[[requests.PreparedRequest], int]) -> None:
        super().__init__()
        self.status = status

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        body: Any = request.body
        if hasattr(body, "read"):  # an open file, which the learner's code may close
            request.body = body.read()
        answer = response(self.status(request), {})
        answer.request, answer.url = request, str(request.url)
        return answer

    def close(self) -> None:
        pass


def listening(status: Callable[[requests.PreparedRequest], int]) -> requests.Session:
    """A session whose requests go to a `Listener` and nowhere else."""
    session, listener = requests.Session(), Listener(status)
    session.mount("https://", listener)
    session.mount("http://", listener)
    return session


def travels_as(params: Any, wanted: Mapping[str, str]) -> bool:
    """Would these parameters say the same to the service?

    What counts is the address that ``requests`` makes of them. The service reads small and capital letters alike, a
    list with commas in any order, and a parameter that is given more than once.

    >>> travels_as({"visualFeatures": ("faces", "tags")}, {"visualFeatures": "Tags,Faces"})
    True
    >>> travels_as({"visualFeatures ": "Tags,Faces"}, {"visualFeatures": "Tags,Faces"})
    False
    >>> travels_as({"visualFeatures", "Tags,Faces"}, {"visualFeatures": "Tags,Faces"})
    False
    """
    try:
        address = requests.Request("GET", "https://vision.example", params=params).prepare().url
    except (TypeError, ValueError):  # a set, a number, or whatever else gives no names with values
        return False
    query = parse_qs(urlsplit(str(address)).query, keep_blank_values=True)
    told = {name: parts(",".join(values)) for name, values in query.items()}
    return told == {name: parts(value) for name, value in wanted.items()}


def parts(value: str) -> list[str]:
    """
    >>> parts("Tags, Faces")
    ['faces', 'tags']
    """
    return sorted(part.strip().casefold() for part in value.split(","))
