"""cvhelpers explore: the explorers as a web page, by Voila, without a notebook around them."""

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cvhelpers.commands import CommandError
from cvhelpers.commands.execute import SOURCES

TEMPLATES = Path(__file__).parent / "explore_page"
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
    "Compare two answers": ("Two sources, or two pictures.", "compare(session=session)"),
}
"""For each section of the page what it is about, and the call that makes its explorer."""


def main(arguments: Sequence[str]) -> int:
    """Serve the page until it is stopped."""
    args, passed_on = _parser().parse_known_args(arguments)
    try:
        from voila.app import Voila
    except ImportError:
        raise CommandError(
            "Voila is not installed here. Install it with: python -m pip install 'cvhelpers[notebooks]'"
        ) from None
    with tempfile.TemporaryDirectory(prefix="cvhelpers-") as folder:
        page = Path(folder) / "explore.ipynb"
        page.write_text(json.dumps(page_notebook(args.source)), encoding="utf-8")
        _show_templates()
        print("The explorers open in your browser, or at the address that Voila names below. Ctrl-C here stops them.")
        Voila.launch_instance([str(page), *voila_arguments(args.theme), *passed_on])
    return 0


def page_notebook(source: str | None = None) -> dict[str, object]:
    """The page as a notebook: a heading and a call for each explorer."""
    links = " · ".join(f"[{title}](#{title.replace(' ', '-')})" for title in SECTIONS)
    cells = [
        _cell("markdown", f"# {TITLE}\n\nChange something, ask again, and see what changes.\n\n{links}"),
        _cell("code", f"import cvhelpers as cv\n\nsession = cv.connect({source!r})"),
    ]
    for title, (about, call) in SECTIONS.items():
        cells += [_cell("markdown", f"## {title}\n\n{about}"), _cell("code", f"cv.{call}")]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "title": TITLE}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


def _cell(kind: str, source: str) -> dict[str, object]:
    code: dict[str, object] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "source": source, "metadata": {}, **code}


def voila_arguments(theme: str = "light") -> list[str]:
    """What Voila is told: our template, and a kernel that is ready before the first reader comes."""
    return ["--template=cvhelpers", f"--theme={theme}", "--preheat_kernel=True", "--pool_size=1"]


def _show_templates() -> None:
    """Jupyter looks for templates below the folders in this variable."""
    known = os.environ.get("JUPYTER_PATH", "")
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(TEMPLATES), known]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cvhelpers explore",
        description="Serve the explorers as a web page. Any argument of voila is passed on.",
        epilog="Examples: --no-browser; --port 9999; --Voila.ip=0.0.0.0 (reachable from outside a container).",
    )
    parser.add_argument("--source", choices=SOURCES, help="where answers come from to start with (default: keyless)")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    return parser
