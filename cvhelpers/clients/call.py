"""One operation on one picture: how the picture is sent, and how places in the answer become places in the picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import requests

from ..pictures import AnyPicture, Picture, fit, is_address, open_picture
from ..protocol import headers
from ..protocol.vision import Limits
from ..results import DomainAnalysis, ImageAnalysis, OcrResult, ReadResult, scaled
from ..sources.deadline import Deadline

if TYPE_CHECKING:
    from .vision import VisionClient

T = TypeVar("T", ImageAnalysis, OcrResult, ReadResult, DomainAnalysis)


class Call:
    """One operation on one picture: its time limit, and what was sent in place of the picture that was given.

    Attributes
    ----------
    given : Picture or None
        The picture that was given, opened; None where only its address was given.
    size : tuple
        Width and height in pixels of what was sent, or twice None.
    scale : float
        How many pixels of the given picture one pixel of the sent one stands for.
    note : str
        What was done to the picture before it was sent; empty if nothing.
    """

    def __init__(self, client: VisionClient, operation: str, limits: Limits, deadline: Deadline) -> None:
        self.client, self.operation, self.limits, self.deadline = client, operation, limits, deadline
        self.given: Picture | None = None
        self.size: tuple[float | None, float | None] = (None, None)
        self.scale, self.note = 1.0, ""

    def post(self, picture: AnyPicture, params: dict[str, str], make_fit: bool) -> requests.Response:
        """Send the picture by its address or as bytes."""
        client, source = self.client, self.client.source
        if is_address(picture):
            address: str | None = source.served_address(str(picture).strip())
            body: dict[str, Any] = {}
        else:
            address, body = self._open(picture, make_fit)
        if address is not None:
            body = {"json": {"url": address}}
        return client._send("POST", client.url(self.operation), self.deadline, note=self.note, params=params, **body)

    def _open(self, picture: AnyPicture, make_fit: bool) -> tuple[str | None, dict[str, Any]]:
        client, name = self.client, f"{self.operation} {self.client.api_version}"
        self.given = opened = open_picture(picture, client.session)
        sent = fit(opened, self.limits, name) if make_fit else opened
        self.size, self.note = (sent.width, sent.height), sent.change
        # of the longer sides: the shorter one of a strip was rounded by a large part of it
        self.scale = max(opened.width, opened.height) / max(self.size)
        address = client.source.picture_address(opened) if sent is opened else None
        return address, {"data": sent.data, "extra_headers": {"Content-Type": headers.BYTES}}

    def original(self, result: T) -> T:
        """The result in pixels of the picture that was given, with a word on what was sent in its place."""
        return replace(scaled(result, self.scale), sent=self.note)
