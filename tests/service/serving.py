"""The server as a person starts it: a process of its own, with the real engine and the real library."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass

from systems import interrupt

SERVE = [sys.executable, "-m", "cvhelpers", "serve"]


@dataclass(frozen=True)
class Server:
    """A running server; its address and its key are what it printed."""

    process: subprocess.Popen[str]
    endpoint: str
    key: str

    def stop(self) -> str:
        """Press Ctrl+C. What it says at the end, which must come soon."""
        interrupt(self.process)
        return self.process.communicate(timeout=10)[0]


def start(*arguments: str) -> Server:
    """Start a server at a free port and wait until it has said how to use it."""
    process = subprocess.Popen([*SERVE, "--port", "0", *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "bing/v7.0" in line:
            break
    endpoint, key = re.search(r"VISION_ENDPOINT='?([^\s']+)", said), re.search(r"VISION_KEY='?([^\s']+)", said)
    assert endpoint, said
    assert key, said
    return Server(process, endpoint[1], key[1])
