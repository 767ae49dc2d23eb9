"""How fast and how large the engine is, beside its peers on the same pages:  python benchmarks/engine.py

To repeat it quietly: close everything else, run it twice, and believe it only if `load` is below 1 at the start.
Each engine runs with one thread and with two: it is kept to so many processors, where the system can do that (Linux).

Each engine runs in a process of its own and tells its times and its peak memory: this project's engine, Tesseract
(the command `tesseract`, on Debian the package tesseract-ocr) and RapidOCR (in an environment that uv makes for it).
A peer that can't be had is said to be missing. Other work on the computer shows in the times: `load` is printed.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

REPEATS = 5
THREADS = (1, 2)
PHOTOGRAPHS = ("astronaut", "cat", "coffee", "coins", "photographer", "rocket", "street-at-night")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def keep_to(threads: int) -> None:
    """Keep this process and its children to so many processors."""
    os.environ["OMP_THREAD_LIMIT"] = str(threads)  # for Tesseract
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def peak_memory() -> float:
    """Megabytes this process has needed at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


# --- each in a process of its own --------------------------------------------------------------------------


def measure_ours(folder: Path) -> dict[str, object]:
    start = time.perf_counter()
    from PIL import Image

    from cvhelpers.ondevice.engine import Engine

    engine = Engine()
    engine.load()
    loaded = time.perf_counter() - start
    pictures = [Image.open(p) for p in sorted((ROOT / "cvhelpers/samples/pictures").glob("*.jpg"))]
    for picture in pictures:
        picture.load()
    first = timed(lambda: engine.analyze(pictures[0]))
    analyze = [timed(lambda p=picture: engine.analyze(p)) for _ in range(REPEATS) for picture in pictures]
    reads, texts = read_pages(folder, lambda page: engine.read(page).text)
    return {
        "version": f"{engine.name} {engine.version}",
        "load": loaded,
        "first answer": loaded + first,
        "analyze": statistics.median(analyze),
        "read": statistics.median(reads),
        "memory": peak_memory(),
        "texts": texts,
    }


def measure_rapidocr(folder: Path) -> dict[str, object]:
    start = time.perf_counter()
    import logging
    from importlib.metadata import version

    import numpy as np
    from rapidocr import RapidOCR

    logging.disable(logging.CRITICAL)
    engine = RapidOCR()
    loaded = time.perf_counter() - start

    def read(page: object) -> str:
        return "\n".join(engine(np.asarray(page)[:, :, ::-1]).txts or ())

    reads, texts = read_pages(folder, read)
    return {
        "version": f"RapidOCR {version('rapidocr')}",
        "load": loaded,
        "read": statistics.median(reads),
        "memory": peak_memory(),
        "texts": texts,
    }


def measure_tesseract(folder: Path) -> dict[str, object]:
    def read(path: Path) -> str:
        command = ["tesseract", str(path), "-", "--psm", "1"]  # 1: find the orientation too
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    texts, reads = {}, []
    for path in sorted(folder.glob("*.png")):
        times = [timed(lambda p=path: texts.__setitem__(p.stem, read(p))) for _ in range(2)]
        if "clean" in path.stem:
            reads.append(min(times))
    version = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "version": version.splitlines()[0],
        "read": statistics.median(reads),  # with the start of a process, as it is used
        "memory": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "texts": texts,
    }


def read_pages(folder: Path, read: Callable[[object], str]) -> tuple[list[float], dict[str, str]]:
    """Read each page once, the clean printed ones several times against the clock."""
    from PIL import Image

    texts: dict[str, str] = {}
    reads: list[float] = []
    for path in sorted(folder.glob("*.png")):
        page = Image.open(path).convert("RGB")
        texts[path.stem] = read(page)
        if "clean" in path.stem:
            reads += [timed(lambda p=page: read(p)) for _ in range(REPEATS)]
    return reads, texts


MEASURES = {"ours": measure_ours, "rapidocr": measure_rapidocr, "tesseract": measure_tesseract}


# --- the table ---------------------------------------------------------------------------------------------


def main() -> None:
    from engine import pages

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = [*pages.printed(), *pages.handwritten()]
        for page in written:
            page.image.save(folder / f"{page.name}.png")
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start\n")
        columns = "threads|load s|first answer s|analyze ms|printed page ms|memory MB|errors printed|errors handwritten"
        print(f"| | {columns.replace('|', ' | ')} |\n|---{'|--:' * (columns.count('|') + 1)}|")
        for (kind, python), threads in itertools.product(pythons(folder).items(), THREADS):
            if python is None:
                print(f"| {kind}: could not be had here | {threads} | | | | | | | |")
                continue
            command = [python, __file__, kind, name, str(threads)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"| {kind}: failed: {done.stderr.strip().splitlines()[-1]} | {threads} | | | | | | | |")
                continue
            measured = json.loads(done.stdout.splitlines()[-1])
            rates = []
            for of in ("printed", "handwritten"):
                errors = [
                    pages.character_errors(measured["texts"][page.name], page.text)
                    for page in written
                    if page.kind == of
                ]
                rates.append(sum(errors) / sum(len(page.text) for page in written if page.kind == of))
            print(
                f"| {measured['version']} | {threads} "
                f"| {seconds(measured.get('load'))} | {seconds(measured.get('first answer'))} "
                f"| {milliseconds(measured.get('analyze'))} | {milliseconds(measured['read'])} "
                f"| {measured['memory']:.0f} | {rates[0]:.2%} | {rates[1]:.2%} |"
            )
        print(f"\nload {os.getloadavg()[0]:.1f} at the end")


def pythons(folder: Path) -> dict[str, str | None]:
    """Each engine and the Python that runs it, or None if it can't be had."""
    found: dict[str, str | None] = {"ours": sys.executable}
    found["tesseract"] = sys.executable if shutil.which("tesseract") else None
    environment = folder / "rapidocr"
    python = str(environment / "bin" / "python")
    found["rapidocr"] = python
    for command in (
        ["uv", "venv", "-q", str(environment), "--python", sys.executable],
        ["uv", "pip", "install", "-q", "--python", python, "rapidocr==3.10.0", "onnxruntime", "pillow"],
    ):
        if not shutil.which("uv") or subprocess.run(command, capture_output=True, check=False).returncode:
            found["rapidocr"] = None
            break
    return found


def seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def milliseconds(value: float | None) -> str:
    return "" if value is None else f"{1000 * value:.0f}"


if __name__ == "__main__":
    if len(sys.argv) > 2:
        keep_to(int(sys.argv[3]))
        print(json.dumps(MEASURES[sys.argv[1]](Path(sys.argv[2]))))
    else:
        main()
