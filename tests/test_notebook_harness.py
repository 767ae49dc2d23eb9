"""The notebooks' own test can fail: each way in which a stored notebook can be wrong is caught.

Toy notebooks are run by the harness in one pytest of their own, and each must end as promised.
"""

import base64
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, ImageDraw

from notebook_harness import look_the_same

TESTS = Path(__file__).parent

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


def printed(text):
    return new_output("stream", name="stdout", text=text)


def toy(*outputs, run=True):
    """A notebook that says its source and shows a figure, stored with these outputs."""
    cells = [
        new_markdown_cell("# Show a card"),
        new_code_cell(SOURCE, execution_count=1 if run else None, outputs=[printed("recorded\n")] if run else []),
        new_code_cell(DRAW, execution_count=2 if run else None, outputs=list(outputs)),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def capturing():
    notebook = toy(figure())
    notebook.cells.append(new_code_cell(CAPTURED, execution_count=3, outputs=[printed("outside\n")]))
    return notebook


NOTEBOOKS = {
    "good": toy(figure()),
    "captured_by_a_widget": capturing(),
    "not_run": toy(run=False),
    "picture_changed": toy(figure(picture=card(box=(10, 10, 25, 20)))),
    "alt_word_changed": toy(figure(alt="A white card that says hallo")),
    "table_missing": toy(),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """The failed cells of each toy notebook, by the notebook's name."""
    return run_harness(tmp_path_factory.mktemp("toys"), NOTEBOOKS, word="hello")


def run_harness(folder, notebooks, word):
    (folder / "toy.json").write_text(json.dumps({"word": word}))
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "CVHELPERS_RECORDINGS": str(folder)}
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(folder), "-rA", "--tb=no"]
    command += ["-p", "notebook_harness", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=60"]
    done = subprocess.run(
        [*command, str(folder)], env=environment, cwd=folder, capture_output=True, text=True, timeout=120
    )
    ended = re.findall(r"^(PASSED|FAILED|ERROR) (\w+)\.ipynb::Cell (\d+)", done.stdout, re.MULTILINE)
    assert ended, done.stdout + done.stderr
    return {
        name: [int(cell) for state, notebook, cell in ended if notebook == name and state != "PASSED"]
        for name in notebooks
    }


@pytest.mark.parametrize("name", ["good", "captured_by_a_widget"])
def test_a_notebook_stored_as_it_runs_passes(verdicts, name):
    assert verdicts[name] == []


def test_a_notebook_that_was_not_run_fails_in_every_cell(verdicts):
    assert verdicts["not_run"] == [0, 1]


@pytest.mark.parametrize("name", ["picture_changed", "alt_word_changed", "table_missing"])
def test_a_changed_output_fails_in_its_own_cell(verdicts, name):
    assert verdicts[name] == [1]


def test_a_tampered_recording_fails(tmp_path):
    assert run_harness(tmp_path, {"good": toy(figure())}, word="jello") == {"good": [1]}


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
