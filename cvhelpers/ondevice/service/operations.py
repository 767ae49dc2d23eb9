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

from .workers import Workers

Status = Literal["NotStarted", "Running", "Succeeded", "Failed"]

log = logging.getLogger("cvhelpers.service")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Operation:
    """One operation: its state, and its result when it has succeeded."""

    status: Status = "NotStarted"
    result: Any = None
    created: datetime = field(default_factory=_now)
    updated: datetime = field(default_factory=_now)

    def advance(self, status: Status, result: Any = None) -> None:
        # The result first: who sees "Succeeded" from another thread must find it.
        self.result, self.updated = result, _now()
        self.status = status


class Operations:
    """The operations of late, in memory: the oldest go when there are too many or they are too old.

    Parameters
    ----------
    most : int
        How many are kept.
    age : float
        Seconds that one is kept; the real service keeps them for 48 hours.
    """

    def __init__(self, most: int = 1000, age: float = 48 * 3600, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._age, self._clock = most, age, clock
        self._kept: dict[str, tuple[float, Operation]] = {}  # in the order in which they were started
        self._lock = threading.Lock()

    def start(self, workers: Workers, job: Callable[[], Any]) -> str:
        """Have a job done and give its id. Raises `errors.Busy` when there is no place to wait."""
        workers.take()
        operation, name = Operation(), str(uuid4())
        with self._lock:
            self._forget(room=1)
            self._kept[name] = self._clock(), operation
        workers.work_on(lambda: _carry_out(operation, job))
        return name

    def get(self, name: str) -> Operation | None:
        """The operation of that id, if it is still known."""
        with self._lock:
            self._forget()
            return self._kept[name][1] if name in self._kept else None

    def _forget(self, room: int = 0) -> None:
        oldest = self._clock() - self._age
        for name, (started, _) in list(self._kept.items()):
            if started > oldest and len(self._kept) + room <= self._most:
                return
            del self._kept[name]


def _carry_out(operation: Operation, job: Callable[[], Any]) -> None:
    operation.advance("Running")
    try:
        operation.advance("Succeeded", job())
    except Exception:
        log.exception("An operation failed")
        operation.advance("Failed")
