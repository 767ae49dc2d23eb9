"""What a large picture took goes back to the system: a service that runs all day stays as small as it began."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from cvhelpers.ondevice.engine import Engine
from cvhelpers.ondevice.service.memory import give_back_memory


def resident() -> float:
    """Megabytes of this process in memory."""
    (kilobytes,) = re.findall(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(kilobytes) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory a process has")
def test_the_models_give_back_what_a_large_page_needed(engine: Engine) -> None:
    """The reader's own look at a page of 2 megapixels takes some 150 MB, which the models' arena would keep."""
    page = np.zeros((1, 3, 1472, 1472), np.float32)
    engine.reader.detector.run(None, {"x": page})
    kept = resident()
    engine.give_back_memory()
    give_back_memory()
    assert resident() < kept - 50
