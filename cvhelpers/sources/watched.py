"""Connections that tell the deadline which socket they use, so that it can shut them down, and that check their end."""

from __future__ import annotations

import socket
from typing import Any

import urllib3

from . import deadline, reach


class _Watched:
    sock: Any
    proxy: Any

    def _new_conn(self) -> socket.socket:
        connection: socket.socket = super()._new_conn()  # type: ignore[misc]
        deadline.current().watch(connection)
        self._check(connection)
        return connection

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        deadline.current().watch(self.sock)  # with TLS it is another one

    def request(self, *args: Any, **options: Any) -> Any:
        if self.sock is not None:  # it was opened by an earlier call
            deadline.current().watch(self.sock)
            self._check(self.sock)
        return super().request(*args, **options)  # type: ignore[misc]

    def _check(self, connection: socket.socket) -> None:
        if self.proxy is None:  # what is behind a proxy only the proxy can know
            reach.check_connection(connection)


class _HttpConnection(_Watched, urllib3.connection.HTTPConnection):
    pass


class _HttpsConnection(_Watched, urllib3.connection.HTTPSConnection):
    pass


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


POOLS: dict[str, Any] = {"http": _HttpPool, "https": _HttpsPool}
"""For urllib3's ``pool_classes_by_scheme``."""
