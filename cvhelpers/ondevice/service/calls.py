"""A call: one request at the service, from its arrival until it is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from starlette.requests import Request

from .quotas import Quota, Share

MEMORY = 96 * 2**20
"""Bytes of bodies and downloads that are held at once, for all calls together."""
WORK = 64
"""Calls that work or wait for it at once."""
FETCHES = 64
"""Pictures that are fetched at once. While it is fetched a picture costs no work."""


@dataclass(frozen=True)
class Quotas:
    """What all calls share. One client may take three quarters of it, or a quarter of the downloads: they are slow."""

    memory: Quota = field(default_factory=lambda: Quota(MEMORY, MEMORY * 3 // 4))
    work: Quota = field(default_factory=lambda: Quota(WORK, WORK * 3 // 4))
    fetches: Quota = field(default_factory=lambda: Quota(FETCHES, FETCHES // 4))


@dataclass(frozen=True)
class RequestContext:
    """Who calls, under which id, and what the call holds of what all share.

    ``work`` is taken once the picture is there; ``memory`` grows as it arrives.
    """

    client: str
    id: str
    memory: Share
    work: Share

    def give_back(self) -> None:
        """Give back what it holds."""
        self.memory.give_back()
        self.work.give_back()

    def continued(self) -> RequestContext:
        """The call that goes on after its answer: it holds what this one held."""
        return RequestContext(self.client, self.id, self.memory.moved(), self.work.moved())


def begin(request: Request, quotas: Quotas) -> RequestContext:
    """The call that a request is from now on."""
    client = request.client.host if request.client else ""
    call = RequestContext(client, str(uuid4()), Share(quotas.memory, client), Share(quotas.work, client))
    request.state.call = call
    return call


def call_of(request: Request) -> RequestContext:
    """The call that a request is."""
    call: RequestContext = request.state.call
    return call
