"""Marks for tests of what not every system has, and what the systems do differently."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any

import pytest

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals, pipes, devices and permissions")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells this about a process")
ALL_OF_127 = pytest.mark.skipif(sys.platform != "linux", reason="only Linux answers at all of 127.0.0.0/8")


def interrupt(process: subprocess.Popen[Any]) -> None:
    """Press Ctrl+C. Windows has that for a whole terminal only, so there the process is ended without a word."""
    if sys.platform == "win32":
        process.terminate()
    else:
        process.send_signal(signal.SIGINT)
