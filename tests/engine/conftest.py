"""One engine for all tests of the engine."""

from __future__ import annotations

import pytest

pytest.importorskip("onnxruntime", reason="the engine needs the extra: pip install .[ondevice]")
pytest.importorskip("cv2", reason="the engine needs the extra: pip install .[ondevice]")

from cvhelpers.ondevice.engine import Engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine()
