"""Marks for tests of what not every system has."""

from __future__ import annotations

import sys

import pytest

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals, pipes, devices and permissions")
ALL_OF_127 = pytest.mark.skipif(sys.platform != "linux", reason="only Linux answers at all of 127.0.0.0/8")
