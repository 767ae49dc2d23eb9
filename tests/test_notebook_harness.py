"""The notebooks' own test can fail: each way in which a stored notebook can be wrong is caught.

Toy notebooks are run by the harness in one pytest of their own, and each must end as promised.
"""

import base64
import io
import itertools
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

from notebook_harness import REACH, Measured, Shown, look_the_same
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


def figure(number, alt="A white card that says hello", picture=None):
    html = f'<img alt="{alt}" src="data:image/png;base64,{picture or card()}">'
    plain = "<IPython.core.display.HTML object>"
    return new_output("execute_result", {"text/html": html, "text/plain": plain}, execution_count=number)


def decimals(*stored):
    """Cells that print a number and a table, stored with other ones."""
    return [(source, printed(text)) for source, text in zip(DECIMALS, stored, strict=True)]


COUNTED = "print(34, 'words of', 2834)"
DECIMALS = ["print('confidence', 0.87)", "print('blur  lost\\n2.5 10.20')"]


def printed(text):
    return new_output("stream", name="stdout", text=text)


def toy(*cells, run=True):
    """A notebook of these cells, each with the output that it is stored with, if any."""
    made = [
        new_code_cell(
            source,
            execution_count=number if run else None,
            outputs=[stored] if run and stored else [],
            metadata={"tags": ["measured"] if source == COUNTED else []},
        )
        for number, (source, stored) in enumerate([(SOURCE, printed("recorded\n")), *cells], start=1)
    ]
    kernel = {"name": "python3", "display_name": "Python 3"}
    return new_notebook(cells=[new_markdown_cell("# Show a card"), *made], metadata={"kernelspec": kernel})


RIGHT = {
    "as it runs": [(DRAW, figure(number=2))],
    "captured by a widget": [(CAPTURED, printed("outside\n"))],
    "nearly the same numbers": decimals("confidence 0.885\n", "blur  lost\n2.5  9.999\n"),
    "a measurement": [(COUNTED, printed("33 words of 2835\n"))],
}
WRONG = {
    "another number": decimals("confidence 0.895\n", "blur  lost\n2.5 10.41\n"),
    "another measurement": [(COUNTED, printed("24 words of 2834\n"))],
    "a picture changed": [(DRAW, figure(number=4, picture=card(box=(10, 10, 25, 20))))],
    "a word of the alt text changed": [(DRAW, figure(number=5, alt="A white card that says hallo"))],
    "the table is missing": [(DRAW, None)],
    "a recording changed": [(DRAW.replace("toy.json", "changed.json"), figure(number=7))],
}
"""What is stored and what a cell gives, as it may be and as it may not."""

NOTEBOOKS = {
    "right": toy(*(cell for cells in RIGHT.values() for cell in cells)),
    "wrong": toy(*(cell for cells in WRONG.values() for cell in cells), (CAPTURED, printed("outside\n"))),
    "not_run": toy((DRAW, None), run=False),
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


def failed_cells(notebooks, recordings, *options):
    """Run a notebook or a folder of them by the harness; the cells that did not pass, by notebook."""
    root = notebooks.parent if notebooks.is_file() else notebooks
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(root), "-rA", "--tb=no"]
    command += ["-p", "notebook_harness", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=60"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "CVHELPERS_RECORDINGS": str(recordings)}
    command += [*options, str(notebooks)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    ended = re.findall(r"^(PASSED|FAILED|ERROR) .*?([\w-]+)\.ipynb::Cell (\d+)", done.stdout, re.MULTILINE)
    assert ended, done.stdout + done.stderr
    failed = {}
    for state, name, cell in ended:
        if state != "PASSED":
            failed.setdefault(name, []).append(int(cell))
    return failed


def places(kinds):
    """The numbers of each kind's cells; cell 0 says the source."""
    numbers = itertools.count(1)
    return {kind: [next(numbers) for _ in cells] for kind, cells in kinds.items()}


@pytest.mark.parametrize("kind", RIGHT)
def test_a_notebook_stored_as_it_runs_passes(verdicts, kind):
    assert not set(places(RIGHT)[kind]) & set(verdicts["right"])
    assert 0 not in verdicts["right"], "its source is the recordings"


def test_a_notebook_that_was_not_run_fails_in_every_cell(verdicts):
    assert verdicts["not_run"] == [0, 1]


@pytest.mark.parametrize("kind", WRONG)
def test_a_changed_output_fails_in_its_own_cell(verdicts, kind):
    assert set(places(WRONG)[kind]) <= set(verdicts["wrong"])


def test_a_right_cell_before_and_after_wrong_ones_passes(verdicts):
    assert verdicts["wrong"] == [number for numbers in places(WRONG).values() for number in numbers]


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


@pytest.mark.parametrize(
    ("stored", "now"),
    [
        ("2834 words; 2317 with 0.99", "2833 words; 2316 with 0.99"),
        ("<td>34</td><td>0.47</td>", "<td>39</td><td>0.51</td>"),
        ("0.99 st\n0.98 en\n0.98 ke\n0.97 he\n", "0.99 st\n0.98 en\n0.98 ke\n0.97 sist\n"),
    ],
)
def test_a_measurement_may_come_out_a_little_different(stored, now):
    assert Measured(stored) == Measured(now)
    assert (Measured(stored) != Measured(now)) is False


@pytest.mark.parametrize(
    ("stored", "now"),
    [
        ("letter error 0.26", "letter error 0.39"),
        ("34 words", "52 words"),
        ("34 words", "34 letters"),
        ("0.99 st\n0.98 en\n0.98 ke\n0.97 he\n", "0.99 st\n0.98 en\n0.98 sist\n0.97 bake\n"),
        ("0.99 st\n", ""),
    ],
)
def test_a_measurement_may_not_say_something_else(stored, now):
    assert Measured(stored) != Measured(now)
    assert (Measured(stored) == Measured(now)) is False


@pytest.mark.parametrize(("moved", "same"), [(REACH, True), (REACH + 1, False), (None, False)])
def test_a_mark_of_a_measured_plot_may_stand_a_little_elsewhere(moved, same):
    def plot(at):
        image = Image.new("RGB", (300, 200), "white")
        if at is not None:
            ImageDraw.Draw(image).line((20, at, 280, at), fill="blue")
        data = io.BytesIO()
        image.save(data, "PNG")
        return Measured(f'<img alt="a plot" src="data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}">')

    assert (plot(100) == plot(moved if moved is None else 100 + moved)) is same


@pytest.mark.slow
def test_a_word_changed_in_a_recording_of_ours_fails_in_its_notebook(tmp_path):
    samples = shutil.copytree(ROOT / "cvhelpers" / "samples", tmp_path / "samples")
    recording = samples / "recordings" / "printed-text.json"
    as_recorded = recording.read_text(encoding="utf-8")
    assert '"NOTHING"' in as_recorded
    recording.write_text(as_recorded.replace('"NOTHING"', '"NOTHINK"'), encoding="utf-8")
    notebook = ROOT / "notebooks" / "03-extract-printed-text.ipynb"
    (failed,) = failed_cells(notebook, samples / "recordings", "--exitfirst")[notebook.stem]
    assert failed > 0  # what does not depend on the recording still passes


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
