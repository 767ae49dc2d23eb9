"""The command `cvhelpers index` with an engine that takes its time, for tests that run two at once or stop one.

python index_slowly.py SECONDS FOLDER --database FILE
"""

import sys
import time
from types import SimpleNamespace
from typing import Any

from PIL import Image

import cvhelpers.ondevice
from cvhelpers.__main__ import main


class SlowEngine:
    """Sees a zebra on every picture."""

    def analyze(self, image: Image.Image, features: object) -> Any:
        time.sleep(float(sys.argv[1]))
        described = SimpleNamespace(tags=("zebra",), captions=[SimpleNamespace(text="a zebra")])
        return SimpleNamespace(description=described, image_type=SimpleNamespace(clip_art=0))

    def read(self, image: Image.Image) -> Any:
        return SimpleNamespace(text="")


if __name__ == "__main__":
    cvhelpers.ondevice.Engine = SlowEngine  # type: ignore[assignment, misc]
    sys.exit(main(["index", *sys.argv[2:]]))
