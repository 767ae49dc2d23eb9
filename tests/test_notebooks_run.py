"""Each notebook is a recipe: it also runs with other ingredients, and without any network.

That each gives its stored outputs is for nbval, through notebook_harness: `pytest notebooks`.
"""

import subprocess
import sys

import nbformat
import papermill
import pytest

from toys import NOTEBOOKS, ROOT, code, stem, write_toy

# What each notebook runs with here; different from what its cell of parameters says.
COMMONS = "https://upload.wikimedia.org/wikipedia/commons/thumb"
DEMOCRITUS = f"{COMMONS}/a/af/Atomist_quote_from_Democritus.png/338px-Atomist_quote_from_Democritus.png"
PANGRAMS = f"{COMMONS}/d/dd/Cursive_Writing_on_Notebook_paper.jpg/800px-Cursive_Writing_on_Notebook_paper.jpg"
OTHER_PARAMETERS = {
    "00-start-here": {"source": "on-device"},
    "01-analyze-remote-image": {"source": "on-device", "endpoint": "westus", "image_url": DEMOCRITUS},
    "02-analyze-local-image": {"source": "keyless", "image_path": "../cvhelpers/samples/pictures/coffee.jpg"},
    "03-extract-printed-text": {"source": "keyless", "image_url": PANGRAMS, "language": "en"},
    "04-extract-handwritten-text": {"source": "on-device", "image_url": DEMOCRITUS, "mode": "Printed"},
    "05-search-images": {"source": "on-device", "search_term": "coffee", "count": 5},
    "06-what-machines-see": {"source": "recorded", "repeats": 1, "seed": 2},
}


def execute(notebook, out, *before, **parameters):
    """Run `cvhelpers execute` on a notebook; `before` is what starts it, when Python alone is not enough."""
    named = [word for name, value in parameters.items() for word in ("-p", name, str(value))]
    command = [
        *before,
        sys.executable,
        "-m",
        "cvhelpers",
        "execute",
        str(notebook),
        "--out",
        str(out),
        *named,
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=stem)
def test_a_notebook_runs_with_other_parameters_and_without_a_network(notebook, tmp_path, no_network):
    """nbval runs each from recordings; here answers are made on this computer, and nothing else can be reached."""
    assert notebook.stem in OTHER_PARAMETERS, f"say with which other parameters {notebook.name} is to run"
    done = execute(notebook, tmp_path, *no_network, **OTHER_PARAMETERS[notebook.stem])
    assert done.returncode == 0, done.stdout + done.stderr
    assert nbformat.read(tmp_path / notebook.name, as_version=4).cells


def test_each_notebook_has_a_source_that_is_left_open_or_keyless():
    assert without_keyless_source(NOTEBOOKS) == []


def test_a_notebook_without_that_source_is_noticed(tmp_path):
    toys = [
        write_toy(tmp_path / "good.ipynb"),
        write_toy(tmp_path / "bad.ipynb", parameters='source = "live"'),
    ]
    assert without_keyless_source(toys) == ["bad"]


def without_keyless_source(paths):
    defaults = {path.stem: papermill.inspect_notebook(path).get("source", {}).get("default") for path in paths}
    return [name for name, default in defaults.items() if default not in ("None", '"keyless"')]


# --- without a network


def test_without_a_network_means_without(no_network, tmp_path):
    reach = "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=5)"
    toy = write_toy(tmp_path / "toy.ipynb", code(reach))
    done = execute(toy, tmp_path / "out", *no_network)
    assert done.returncode == 1
    assert "OSError: [Errno 101] Network is unreachable" in done.stdout
