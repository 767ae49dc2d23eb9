"""The explorers on a web page, by Voila, without a notebook around them: for axe, the keyboard, and a dark theme.

JupyterLab around them would have findings of its own. To see it: python tests/browser/explorers_page/page.py FOLDER
"""

import json
import os
import sys
from pathlib import Path

TEMPLATES = Path(__file__).parent
"""Voila's own page without what it would fetch from another host."""
TITLE = "Explore what machines see"
SECTIONS = {
    "Analyze a picture": ("Which features does the service find, and how sure is it?", "explore_analyze(session)"),
    "Read printed text": ("Each word in its box.", "explore_printed_text(session)"),
    "Read handwritten text": (
        "An operation that is started, and asked for its result.",
        "explore_handwritten_text(session)",
    ),
    "Search for pictures": ("With words and filters; then ask what the service sees.", "explore_search(session)"),
    "Compare two answers": ("Two sources, or two pictures.", "explore_comparison(session=session)"),
}
"""For each section of the page what it is about, and the call that makes its explorer."""


def main(folder: str, *voila_arguments: str) -> None:
    """Serve the page, made in `folder`, until it is stopped."""
    from voila.app import Voila

    page = Path(folder) / "explore.ipynb"
    page.write_text(json.dumps(page_notebook()), encoding="utf-8")
    os.environ["JUPYTER_PATH"] = str(TEMPLATES)  # Jupyter looks for templates below the folders in this variable
    ready = ["--template=cvhelpers", "--theme=light", "--preheat_kernel=True", "--pool_size=1"]
    Voila.launch_instance([str(page), *ready, *voila_arguments])


def page_notebook() -> dict[str, object]:
    """The page as a notebook: a heading and a call for each explorer."""
    links = " · ".join(f"[{title}](#{title.replace(' ', '-')})" for title in SECTIONS)
    cells = [
        _cell("markdown", f"# {TITLE}\n\nChange something, ask again, and see what changes.\n\n{links}"),
        _cell("code", "import cvhelpers as cv\n\nsession = cv.connect()"),
    ]
    for title, (about, call) in SECTIONS.items():
        cells += [_cell("markdown", f"## {title}\n\n{about}"), _cell("code", f"cv.{call}")]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "title": TITLE}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


def _cell(kind: str, source: str) -> dict[str, object]:
    code: dict[str, object] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "source": source, "metadata": {}, **code}


if __name__ == "__main__":
    main(*sys.argv[1:])
