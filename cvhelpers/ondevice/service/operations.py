"""Operations that are answered later: started with a POST, asked for with a GET until they have ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

Status = Literal["NotStarted", "Running", "Succeeded", "Failed"]

log = logging.getLogger("cvhelpers.service")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class TextOperation:
    """One operation: its state, and its result when it has succeeded. ``kind`` is where it was started."""

    kind: str = ""
    status: Status = "NotStarted"
    result: Any = None
    created: datetime = field(default_factory=_now)
    updated: datetime = field(default_factory=_now)

    def advance(self, status: Status, result: Any = None) -> None:
        """Enter the next state."""
        # The result first: who sees "Succeeded" from another thread must find it.
        self.result, self.updated = result, _now()
        self.status = status

    def carry_out(self, job: Callable[[], Any]) -> None:
        """Do the job, and keep its result."""
        self.advance("Running")
        try:
            self.advance("Succeeded", job())
        except Exception:
            log.exception("An operation failed")
            self.advance("Failed")


class Operations:
    """The operations that were started lately, in memory: the oldest go when they are too many or too old.

    Parameters
    ----------
    most : int
        How many are kept.
    age : float
        Seconds that one is kept; the real service keeps them for 48 hours.
    """

    def __init__(self, most: int = 1000, age: float = 48 * 3600, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._age, self._clock = most, age, clock
        self._kept: dict[str, tuple[float, TextOperation]] = {}  # in the order in which they were started
        self._lock = threading.Lock()

    def add(self, kind: str) -> tuple[str, TextOperation]:
        """A new operation with its id."""
        name, operation = str(uuid4()), TextOperation(kind)
        with self._lock:
            self._kept[name] = self._clock(), operation
            self._forget()
        return name, operation

    def get(self, kind: str, name: str) -> TextOperation | None:
        """The operation of that kind and id, if it is still known."""
        with self._lock:
            self._forget()
            _, operation = self._kept.get(name, (0, None))
            return operation if operation and operation.kind == kind else None

    def _forget(self) -> None:
        oldest = self._clock() - self._age
        for name, (started, _) in list(self._kept.items()):
            if started > oldest and len(self._kept) <= self._most:
                return
            del self._kept[name]
