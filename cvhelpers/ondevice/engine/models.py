"""The models: ONNX files in `weights/`, run by onnxruntime on the processor."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

# onnxruntime would send its maker what it does, from 1.29 on Linux and macOS too, where this alone keeps it from making
# an identity for the computer. Of use only before the import; Windows has the function.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort

ort.disable_telemetry_events()

WEIGHTS = Path(__file__).parent / "weights"
THREADS = 2


@cache
def share_memory() -> None:
    """Let all models take their memory from one arena: a third less than with one for each, or with none."""
    ort.create_and_register_allocator(
        ort.OrtMemoryInfo("Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT),
        ort.OrtArenaCfg(0, -1, -1, -1),  # no limit, and onnxruntime's own way of growing
    )


@cache
def giving_back() -> ort.RunOptions:
    """Options for a run at whose end the arena returns what no model uses. It would keep all that it ever had."""
    options = ort.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def load(name: str, *, unpack: bool = False, threads: int = THREADS) -> ort.InferenceSession:
    """Load `weights/{name}.onnx`. A session may be run by several threads at once.

    `unpack` is for the models whose weights alone are stored as 8-bit integers: they are turned into floats
    once, here, which halves the time of every answer. The others calculate in 8 bits.
    """
    share_memory()
    options = ort.SessionOptions()
    options.log_severity_level = 3  # errors only
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A thread that waits sleeps instead of spinning: other work on this computer goes on.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.use_env_allocators", "1")  # the shared arena
    if unpack:
        options.add_session_config_entry("session.disable_quant_qdq", "1")
    return ort.InferenceSession(WEIGHTS / f"{name}.onnx", options, providers=["CPUExecutionProvider"])
