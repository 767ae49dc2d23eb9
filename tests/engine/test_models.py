"""The models' runtime keeps to itself what it does."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_runtime_counts_nothing_for_its_maker(tmp_path: Path) -> None:
    """onnxruntime 1.29 and later otherwise makes an identity for this computer, and a store of what to send."""
    quiet = ("CI", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")  # with one of these it does not
    environment = {name: value for name, value in os.environ.items() if name not in quiet} | {"HOME": str(tmp_path)}
    code = "from cvhelpers.ondevice.engine import models; models.load('adult')"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert [str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()] == []
