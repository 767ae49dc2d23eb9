"""One key, planted; everything that a full run leaves behind, searched for it.

A service that takes this key is played on the loopback interface. Against it run notebooks of ours, one of its own that
shows, logs and breaks whatever it can, the commands that ask a service, a recording, and a batch.
"""

from __future__ import annotations

import base64
import gzip
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from cvhelpers.commands.page import write_page
from faults.playing import service
from open_search.playing import World, playing
from toys import NOTEBOOKS, ROOT, code, write_toy

KEY = "canary0123456789abcdef0123456789"  # of faults.playing
CELLS = [
    # what a person may switch on to look closer
    """import json, logging, pickle, sys, traceback, warnings
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, force=True)
get_ipython().run_line_magic("xmode", "Verbose")
import cvhelpers as cv
session = cv.connect("live", record="recordings")
vision = cv.VisionClient(session)""",
    # a call, and all that it leaves
    """result = vision.analyze("cat", features=["Tags", "Objects"])
print(result, repr(result), result.raw, result.to_rows(), json.dumps(result.raw))
exchange = vision.last_exchange
print(exchange, repr(exchange), vars(exchange), exchange.as_curl(), exchange.as_python())
exchange""",
    """print(vision, repr(vision), vars(vision), vision.headers, session, vars(session), session.headers)
for adapter in session.adapters.values():
    print(adapter, vars(adapter), [vars(part) for part in vars(adapter).values() if hasattr(part, "__dict__")])
response = session.post(vision.url("tag"), headers=vision.headers, json={"url": "http://127.0.0.1:9/a.png"})
print(response, vars(response), response.request.headers, vars(response.request))""",
    """for thing in (vision, session, response, response.request, exchange):
    for way in (pickle.dumps, json.dumps, "{0!r:>9}".format, str):
        try:
            print(way(thing))
        except Exception as error:
            print(type(error).__name__, error)""",
    # operations that are polled, text, many pictures
    """print(vision.read("democritus"), vision.ocr("democritus"), vision.models())
batch = vision.analyze_many(["cat", "coffee", "no-such-file.png"], folder="kept")
print(batch, batch.failed, batch.to_rows(), batch.to_dataframe())""",
    # controls, and the check
    """cv.explore_analyze("cat", session)""",
    """check = cv.check_setup()
print(check, vars(check), check.client)
check""",
    """cv.show_objects(cv.sample("cat"), result)""",
    # what breaks, with the values of all variables in the traceback
    """vision.analyze("cat", features=["Smell"])""",
    """vision.analyze("no-such-file.png")""",
    """vision.analyze("http://127.0.0.1:9/a.png")""",
    """cv.VisionClient(cv.connect("live"), "127.0.0.1:9").tag("cat")""",
    """cv.VisionClient(cv.connect("live"), "ftp://nowhere")""",
    """vision.wait("http://127.0.0.1:9/vision/v3.2/read/analyzeResults/1")""",
    """vision.tag("cat", timeout=0.0001)""",
    """session.post(vision.url("analyze"), headers=vision.headers, json=float("nan"))""",
    """cv.VisionClient(session, api_version="4.0").area_of_interest("cat")""",
    """def deep(n, key=vision.headers):
    return deep(n - 1) if n else vision.detect(b"no picture", fit=False)
deep(5)""",
    """try:
    vision.analyze(b"no picture")
except cv.CvhelpersError as error:
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    print("".join(told.format()))
    raise RuntimeError("while it was handled") from error""",
]
"""A notebook that shows, logs and breaks whatever it can."""


def forms(key: str) -> dict[str, bytes]:
    """How a key may look in a file: as it is, in UTF-16, in hexadecimal digits, and within base64 at any place."""
    text = key.encode()
    within = {f"base64, {n} before": base64.b64encode(b"x" * n + text)[4 if n else 0 : -4] for n in range(3)}
    return {"plain": text, "UTF-16": key.encode("utf-16-le"), "hexadecimal": text.hex().encode(), **within}


def told(folder: Path) -> list[str]:
    """Where a key is told in a folder: the files by name, looked into where they are packed."""
    return [
        f"{path.relative_to(folder)}: {form}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for content in contents(path)
        for form, secret in forms(KEY).items()
        if secret in content
    ]


def contents(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from map(packed.read, packed.namelist())


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all that is left behind: each program's output and errors are in it as files."""
    folder = tmp_path_factory.mktemp("left")
    with service() as address, playing(World()) as web, pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "VISION_ENDPOINT": address,
            "VISION_KEY": KEY,
            "CVHELPERS_SOURCE": "live",
            "OPENVERSE_ENDPOINT": web,
            "HOME": str(folder / "home"),
            "IPYTHONDIR": str(folder / "home" / "ipython"),
            "JUPYTER_DATA_DIR": os.environ.get("JUPYTER_DATA_DIR", str(Path(sys.prefix) / "share/jupyter")),
            "PYTHONFAULTHANDLER": "1",
        }.items():
            patch.setenv(name, value)
        (folder / "home").mkdir()
        # 02 runs to its end, and 05 asks the open web as well. 01, 03 and 04 end at their first picture of the web; 00
        # does nothing that the notebook of our own does not do, and 06 asks this computer only.
        asking = [path for path in NOTEBOOKS if path.stem[:2] in ("02", "05")]
        run(folder, "execute", "execute", *asking, "--source", "live", "--out", folder / "executed")
        run(folder, "check", "check")
        run(folder, "wrong-version", "check", "--api-version", "v2.0")
        samples = ROOT / "cvhelpers/samples/pictures"
        outs = [word for kind in ("csv", "jsonl", "html") for word in ("--out", folder / f"sheet.{kind}")]
        run(folder, "analyze", "analyze", samples, "--operation", "read", *outs)
        notebook = nbformat.read(write_toy(folder / "own.ipynb", *map(code, CELLS)), as_version=4)
        at = {"metadata": {"path": str(folder)}}
        NotebookClient(notebook, timeout=120, allow_errors=True, resources=at, store_widget_state=True).execute()
        nbformat.write(notebook, folder / "own.ipynb")
        write_page(notebook, folder / "own.html", folder)
    return folder


def run(folder: Path, name: str, *arguments: object) -> None:
    """A command with its output in files; what it says and how it ends is not the point here."""
    command = [sys.executable, "-X", "dev", "-m", "cvhelpers", *map(str, arguments)]
    with (folder / f"{name}.out").open("wb") as out, (folder / f"{name}.err").open("wb") as err:
        subprocess.run(command, cwd=ROOT, stdout=out, stderr=err, timeout=400, check=False)


@pytest.mark.slow
def test_nothing_that_is_left_behind_tells_the_key(left: Path) -> None:
    assert told(left) == []


@pytest.mark.slow
def test_the_run_was_a_full_one(left: Path) -> None:
    """Else nothing would have been searched."""
    own = (left / "own.ipynb").read_text("utf-8")
    for proof in ("(your key)", "Traceback", "ServiceUnreachable", "TimedOut", "DEBUG:urllib3", "curl", "All is well"):
        assert proof in own, proof
    notebook = nbformat.reads(own, as_version=4)
    assert "widgets" in notebook.metadata
    assert all(cell.outputs for cell in notebook.cells if cell.source in CELLS[1:]), "each cell says something"
    assert len(list((left / "executed").glob("*.ipynb"))) == 2
    assert len(list((left / "executed").glob("*.html"))) >= 3
    assert "fake engine" in (left / "executed/02-analyze-local-image.ipynb").read_text("utf-8"), (
        "the played service answered"
    )
    assert len(list((left / "recordings").glob("*.json"))) >= 5
    assert len(list((left / "kept").glob("*.json"))) == 2
    assert "12 of 12 pictures answered" in (left / "analyze.out").read_text("utf-8")
    assert "All is well" in (left / "check.out").read_text("utf-8")


@pytest.mark.slow
def test_notebook_05_ran_with_answers_of_the_open_web(left: Path) -> None:
    """All of it; and its own step shows photographs of the web and their makers, whatever the source."""
    assert re.search(r"05-search-images +[0-9.]+ s +ok", (left / "execute.out").read_text("utf-8"))
    cells = nbformat.read(left / "executed/05-search-images.ipynb", as_version=4).cells
    shown = {cell.id: str(cell.get("outputs")) for cell in cells}
    assert "live; Openverse" in shown["05-08"]
    assert "accentColor     not told" in shown["05-12"]
    assert "16 pictures from: live; Openverse" in shown["05-58"]
    assert "Openverse does not endorse this product" in shown["05-58"]
    assert "Photographer 13 is licensed under" in shown["05-58"]
    assert "Not shown" not in shown["05-58"]


@pytest.mark.parametrize("form", forms(KEY))
def test_a_key_in_any_form_is_found(tmp_path: Path, form: str) -> None:
    """A test of the test."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/file").write_bytes(b"before " + forms(KEY)[form] + b" after")
    assert told(tmp_path) == [f"deep/file: {form}"]


def test_a_key_in_a_packed_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(KEY.encode()))
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inside", KEY * 9)
    assert told(tmp_path) == ["a.gz: plain", "b.zip: plain"]


@pytest.mark.parametrize("before", range(3))
def test_a_key_within_base64_is_found(tmp_path: Path, before: int) -> None:
    (tmp_path / "a").write_bytes(base64.b64encode(b"y" * before + f"{KEY} and more".encode()))
    assert [where.partition(",")[0] for where in told(tmp_path)] == ["a: base64"]
