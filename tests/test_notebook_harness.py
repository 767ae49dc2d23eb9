"""The notebooks' own test can fail: each way in which a stored notebook can be wrong is caught.

Toy notebooks are run by the harness in one pytest of their own, and each must end as promised.
"""

import base64
import io
import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, ImageDraw

from notebook_harness import Shown, look_the_same
from toys import ROOT

TESTS = ROOT / "tests"

# A figure as cvhelpers shows it: HTML with the picture inside, and an answer read from a recording.
DRAW = """
import base64, io, json, os
from IPython.display import HTML
from PIL import Image
word = json.load(open(os.path.join(os.environ["CVHELPERS_RECORDINGS"], "toy.json")))["word"]
data = io.BytesIO()
Image.new("RGB", (60, 40), "white").save(data, "PNG")
picture = base64.b64encode(data.getvalue()).decode()
HTML(f'<img alt="A white card that says {word}" src="data:image/png;base64,{picture}">')
"""
SOURCE = 'import os\nprint(os.environ["CVHELPERS_SOURCE"])'
CAPTURED = 'import ipywidgets\nout = ipywidgets.Output()\nwith out:\n    print("inside")\nprint("outside")'


def card(box=None):
    """The picture that DRAW draws, in base64; with a box on it when asked."""
    image = Image.new("RGB", (60, 40), "white")
    if box:
        ImageDraw.Draw(image).rectangle(box, outline="red")
    data = io.BytesIO()
    image.save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


def figure(alt="A white card that says hello", picture=None):
    html = f'<img alt="{alt}" src="data:image/png;base64,{picture or card()}">'
    plain = "<IPython.core.display.HTML object>"
    return new_output("execute_result", {"text/html": html, "text/plain": plain}, execution_count=2)


def measured(*stored):
    """A notebook that prints a measured number and a table, stored with other ones."""
    notebook = toy(figure())
    for number, (source, text) in enumerate(zip(MEASURED, stored, strict=True), start=3):
        notebook.cells.append(new_code_cell(source, execution_count=number, outputs=[printed(text)]))
    return notebook


MEASURED = ["print('confidence', 0.87)", "print('blur  lost\\n2.5 10.20')"]


def printed(text):
    return new_output("stream", name="stdout", text=text)


def toy(*outputs, run=True, draw=DRAW):
    """A notebook that says its source and shows a figure, stored with these outputs."""
    cells = [
        new_markdown_cell("# Show a card"),
        new_code_cell(SOURCE, execution_count=1 if run else None, outputs=[printed("recorded\n")] if run else []),
        new_code_cell(draw, execution_count=2 if run else None, outputs=list(outputs)),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def capturing():
    notebook = toy(figure())
    notebook.cells.append(new_code_cell(CAPTURED, execution_count=3, outputs=[printed("outside\n")]))
    return notebook


NOTEBOOKS = {
    "good": toy(figure()),
    "captured_by_a_widget": capturing(),
    "nearly_the_same_numbers": measured("confidence 0.885\n", "blur  lost\n2.5  9.999\n"),
    "another_number": measured("confidence 0.895\n", "blur  lost\n2.5 10.41\n"),
    "not_run": toy(run=False),
    "picture_changed": toy(figure(picture=card(box=(10, 10, 25, 20)))),
    "alt_word_changed": toy(figure(alt="A white card that says hallo")),
    "table_missing": toy(),
    "recording_changed": toy(figure(), draw=DRAW.replace("toy.json", "changed.json")),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """The failed cells of each toy notebook, by its name: stored beside the recordings that they read, and run."""
    folder = tmp_path_factory.mktemp("toys")
    (folder / "toy.json").write_text(json.dumps({"word": "hello"}))
    (folder / "changed.json").write_text(json.dumps({"word": "jello"}))
    for name, notebook in NOTEBOOKS.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    failed = failed_cells(folder, recordings=folder)
    return {name: failed.get(name, []) for name in NOTEBOOKS}


def failed_cells(notebooks, recordings):
    """Run a notebook or a folder of them by the harness; the cells that did not pass, by notebook."""
    root = notebooks.parent if notebooks.is_file() else notebooks
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(root), "-rA", "--tb=no"]
    command += ["-p", "notebook_harness", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=60"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "CVHELPERS_RECORDINGS": str(recordings)}
    done = subprocess.run([*command, str(notebooks)], env=environment, capture_output=True, text=True, timeout=120)
    ended = re.findall(r"^(PASSED|FAILED|ERROR) .*?([\w-]+)\.ipynb::Cell (\d+)", done.stdout, re.MULTILINE)
    assert ended, done.stdout + done.stderr
    failed = {}
    for state, name, cell in ended:
        if state != "PASSED":
            failed.setdefault(name, []).append(int(cell))
    return failed


@pytest.mark.parametrize("name", ["good", "captured_by_a_widget", "nearly_the_same_numbers"])
def test_a_notebook_stored_as_it_runs_passes(verdicts, name):
    assert verdicts[name] == []


def test_a_notebook_that_was_not_run_fails_in_every_cell(verdicts):
    assert verdicts["not_run"] == [0, 1]


@pytest.mark.parametrize("name", ["picture_changed", "alt_word_changed", "table_missing", "recording_changed"])
def test_a_changed_output_fails_in_its_own_cell(verdicts, name):
    assert verdicts[name] == [1]


def test_a_number_outside_of_the_tolerance_fails_in_its_own_cell(verdicts):
    assert verdicts["another_number"] == [2, 3]


@pytest.mark.parametrize(
    ("stored", "now"),
    [
        ("0.981", "1.0"),
        ("51.0 px", "52.0 px"),
        ("1.5e-3", "0.0"),
        ("<td>0.50</td>", "<td>0.51</td>"),
        ("-0.01", "0.01"),
        ("lost  9.99 %", "lost 10.10 %"),
    ],
)
def test_the_eye_for_numbers_forgives_rounding(stored, now):
    assert Shown(stored) == Shown(now)
    assert (Shown(stored) != Shown(now)) is False


@pytest.mark.parametrize(
    ("stored", "now"),
    [
        ("0.97", "1.0"),
        ("50.0 px", "52.0 px"),
        ("0.5 0.5", "0.5 0.55"),
        ("0.5", "0.5 0.5"),
        ("0.5 px", "0.5 cm"),
        ("7 words", "8 words"),
        ("100", "101"),
        ("99", "99.0"),
        ("vision/v3.1", "vision/v3.11"),
        ("127.0.0.1", "127.0.0.2"),
        ("cvhelpers 1.1.0", "cvhelpers 1.1.1"),
        ("-0.5", "0.5"),
    ],
)
def test_the_eye_for_numbers_forgives_nothing_else(stored, now):
    assert Shown(stored) != Shown(now)
    assert (Shown(stored) == Shown(now)) is False


@pytest.mark.slow
def test_a_word_changed_in_a_recording_of_ours_fails_in_its_notebook(tmp_path):
    samples = shutil.copytree(ROOT / "cvhelpers" / "samples", tmp_path / "samples")
    recording = samples / "recordings" / "printed-text.json"
    as_recorded = recording.read_text(encoding="utf-8")
    assert '"NOTHING"' in as_recorded
    recording.write_text(as_recorded.replace('"NOTHING"', '"NOTHINK"'), encoding="utf-8")
    notebook = ROOT / "notebooks" / "03-extract-printed-text.ipynb"
    failed = failed_cells(notebook, samples / "recordings")[notebook.stem]
    assert 0 not in failed  # what does not depend on the recording still passes
    assert failed


def test_the_eye_for_pictures_forgives_rounding_and_nothing_that_can_be_seen():
    def encode(image):
        data = io.BytesIO()
        image.save(data, "PNG")
        return base64.b64encode(data.getvalue()).decode()

    photograph = Image.radial_gradient("L").convert("RGB").resize((640, 480))
    rounded = photograph.point(lambda value: min(255, value + 2))
    dotted = photograph.copy()
    ImageDraw.Draw(dotted).rectangle((300, 200, 330, 212), outline="yellow")
    assert look_the_same(encode(photograph), encode(rounded))
    assert not look_the_same(encode(photograph), encode(dotted))
    assert not look_the_same(encode(photograph), encode(photograph.resize((640, 481))))
