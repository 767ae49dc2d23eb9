"""Where the notebooks are, and toy ones to try things on."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def stem(path):
    """The name of a notebook, as an id of its test."""
    return path.stem


def write_toy(path, *cells, parameters='source = "keyless"\npicture = "quotation"'):
    """Write a notebook with a heading, a cell of parameters and then these code cells."""
    heading = new_markdown_cell("# Try a *toy*")
    first = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[heading, first, *cells], metadata={"kernelspec": kernel})
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def code(source, *tags):
    return new_code_cell(source, metadata={"tags": list(tags)} if tags else {})
