"""What the project gains over the quickstarts' own way, measured side by side in one run on this computer.

    python -m benchmarks                     # everything, about a minute
    python -m benchmarks thumbnails import   # some of it

The services are played by a server on the loopback interface (tests/azure.py), so no network is measured. Where it says
"quickstart", its loop runs as the document writes it: the same calls in the same order, without the drawing, which
neither side is charged for. Figures are medians; a busy computer makes them worse, for both sides.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import PIL.Image
import requests

import cvhelpers as cv
from cvhelpers.session import Connection
from cvhelpers.sources.live import Live
from tests.azure import Azure, Reply, Seen

ROOT = Path(__file__).parents[1]
LATENCY = 0.05
"""Seconds until the server answers with a thumbnail."""
READY = (0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4, 2.7, 3.0)
"""Seconds until handwriting is read; the service took one to three when it was recorded in 2018."""
Row = tuple[str, str, str, str, str]


def main(names: Iterable[str]) -> None:
    measures: dict[str, Callable[[], Iterable[Row]]] = {
        "thumbnails": thumbnails,
        "handwriting": handwriting,
        "import": importing,
        "notebooks": notebooks,
    }
    chosen = list(names) or list(measures)
    if unknown := set(chosen) - set(measures):
        sys.exit(f"There is no measure {', '.join(unknown)}. There are: {', '.join(measures)}.")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors; load before: {_load()}\n")
    line = "{:44} {:>14} {:>14} {:>14}   {}"
    print(line.format("", "quickstart", "cvhelpers", "", "wanted"))
    for name in chosen:
        for row in measures[name]():
            print(line.format(*row), flush=True)


# --- 16 thumbnails -------------------------------------------------------------------------------------------


def thumbnails(repeats: int = 7) -> Iterable[Row]:
    """Fetch and decode 16 thumbnails, each of which takes the server 50 ms."""
    small = PIL.Image.effect_noise((474, 296), 40)
    data = io.BytesIO()
    small.save(data, "JPEG")
    reply = Reply(body=data.getvalue(), delay=LATENCY, headers={"Content-Type": "image/jpeg"})
    with Azure(reply) as azure:
        addresses = [f"{azure.address}/thumbnail-{n}.jpg" for n in range(16)]
        found = cv.ImageSearchResults.from_json({"value": [{"thumbnailUrl": address} for address in addresses]})

        def quickstart() -> None:
            for i in range(4):
                for j in range(4):
                    image_data = requests.get(addresses[i + 4 * j])
                    image_data.raise_for_status()
                    image = PIL.Image.open(io.BytesIO(image_data.content))
                    image.load()  # which the quickstart's imshow does

        def ours() -> None:
            fetched = cv.thumbnails(found, Connection(Live()))
            assert all(isinstance(one, cv.Picture) for one in fetched)

        theirs, mine = _in_turn(repeats, quickstart, ours)
    yield _ratio(f"16 thumbnails, {LATENCY * 1000:.0f} ms each", theirs, mine, "8 times as fast")


# --- handwriting ---------------------------------------------------------------------------------------------


def handwriting() -> Iterable[Row]:
    """Seconds from the moment when the service is ready to the moment when the caller has the text."""

    def lost(read: Callable[[str], object], ready: float) -> float:
        lines = [{"boundingBox": [0, 0, 9, 0, 9, 9, 0, 9], "text": "hello", "words": []}]
        begun = 0.0

        def answer(seen: Seen) -> Reply:
            nonlocal begun
            if seen.method == "POST":
                begun = time.monotonic()
                return Reply(202, headers={"Operation-Location": "{host}/vision/v2.0/textOperations/1"})
            if time.monotonic() - begun < ready:
                return Reply(json={"status": "Running"})
            return Reply(json={"status": "Succeeded", "recognitionResult": {"lines": lines}})

        with Azure(answer=answer) as azure:
            read(azure.address)
            return time.monotonic() - begun - ready

    def quickstart(address: str) -> None:
        headers = {"Ocp-Apim-Subscription-Key": "key"}
        data = {"url": "https://example.org/a.png"}
        response = requests.post(f"{address}/vision/v2.0/recognizeText", headers=headers, json=data)
        response.raise_for_status()
        analysis: dict[str, object] = {}
        while "recognitionResult" not in analysis:
            response_final = requests.get(response.headers["Operation-Location"], headers=headers)
            analysis = response_final.json()
            time.sleep(1)

    def ours(address: str) -> None:
        vision = cv.VisionClient(Connection(Live()), address, "key", "v2.0")
        vision.recognize_text("https://example.org/a.png")

    with ThreadPoolExecutor(len(READY)) as pool:  # they do nothing but sleep, so they may do it together
        theirs, mine = (
            list(pool.map(lambda ready, read=read: lost(read, ready), READY)) for read in (quickstart, ours)
        )
    what = f"handwriting ready after {min(READY)} to {max(READY)} s: lost"
    theirs_lost, mine_lost = statistics.median(theirs), statistics.median(mine)
    yield what, _seconds(theirs_lost), _seconds(mine_lost), f"{theirs_lost / mine_lost:.1f} times", "under 0.2 s"
    yield "    at the worst", _seconds(max(theirs)), _seconds(max(mine)), "", ""


# --- import --------------------------------------------------------------------------------------------------


def importing(repeats: int = 15) -> Iterable[Row]:
    """Seconds that an import adds to the start of a fresh interpreter whose bytecode is there."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def start(code: str) -> Callable[[], None]:
        return lambda: subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, check=True) and None

    needed = "import requests, matplotlib.pyplot, PIL.Image"
    same = "import cvhelpers as cv; cv.VisionClient(cv.connect('recorded')); cv.show_caption"
    runs = [start("pass"), start(needed), start("import cvhelpers"), start(same)]
    for run in runs:
        run()  # the first start writes the bytecode
    bare, theirs, package, mine = _in_turn(repeats, *runs)
    yield "import cvhelpers (fresh interpreter)", "", _seconds(package - bare), "", "under 0.020 s"
    ratio = f"{(theirs - bare) / (mine - bare):.1f} times"
    yield "    and all that a quickstart imports", _seconds(theirs - bare), _seconds(mine - bare), ratio, ""


# --- notebooks -----------------------------------------------------------------------------------------------

MEMORY = "import resource as _r; print(_r.getrusage(_r.RUSAGE_SELF).ru_maxrss)"
"""A last cell, which tells the kernel's peak: in KiB, on macOS in bytes."""


def notebooks() -> Iterable[Row]:
    """All notebooks run from the recordings, as ``cvhelpers execute`` runs them, and the largest of their kernels."""
    import nbformat

    from cvhelpers.commands.run import run_notebook

    os.environ["CVHELPERS_SOURCE"] = "recorded"
    seconds, peaks = [], []
    with tempfile.TemporaryDirectory() as folder:
        copies = Path(folder) / "notebooks"
        shutil.copytree(ROOT / "notebooks", copies)
        shutil.copytree(ROOT / "cvhelpers" / "samples", Path(folder) / "cvhelpers" / "samples")  # they open some files
        for path in sorted(copies.glob("*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            notebook.cells.append(nbformat.v4.new_code_cell(MEMORY))
            nbformat.write(notebook, path)
            began = time.perf_counter()
            with contextlib.redirect_stderr(io.StringIO()):  # the progress bar
                failed = run_notebook(path, Path(folder), {}, pages=(), timeout=60, label=path.stem)
            seconds.append(time.perf_counter() - began)
            if failed:
                yield f"{path.stem}: {failed}", "", "failed", "", ""
                continue
            told = nbformat.read(Path(folder) / path.name, as_version=4).cells[-1].outputs[0].text
            peaks.append(int(told) / (2**20 if sys.platform == "darwin" else 2**10))
    yield f"{len(seconds)} notebooks executed, one after the other", "", f"{sum(seconds):.1f} s", "", ""
    if peaks:
        yield "    peak memory of the largest kernel", "", f"{max(peaks):.0f} MB", "", "under 300 MB"


# --- measuring -----------------------------------------------------------------------------------------------


def _in_turn(repeats: int, *runs: Callable[[], object]) -> list[float]:
    """The median seconds of each, taken in turn, so that a busy moment hits them alike."""
    took: list[list[float]] = [[] for _ in runs]
    for _ in range(repeats):
        for times, run in zip(took, runs, strict=True):
            began = time.perf_counter()
            run()
            times.append(time.perf_counter() - began)
    return [statistics.median(times) for times in took]


def _ratio(what: str, theirs: float, mine: float, wanted: str) -> Row:
    return what, _seconds(theirs), _seconds(mine), f"{theirs / mine:.1f} times", wanted


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f} s"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


if __name__ == "__main__":
    main(sys.argv[1:])
