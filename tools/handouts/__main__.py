"""Make the handouts: python -m tools.handouts [notebook ...]

Writes web pages into out/handouts, each complete in one file: for every notebook its slides, and two pages to print.
No network is needed to make or to show them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import nbformat

from .paper import prediction_sheet, status_card
from .slides import slides

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the handouts, and say where they are."""
    parser = argparse.ArgumentParser(prog="python -m tools.handouts", description="Make slides and pages to print.")
    parser.add_argument("notebooks", nargs="*", type=Path, help="which notebooks (default: all of them)")
    parser.add_argument("--out", type=Path, default=Path("out/handouts"), help="the folder to write to")
    options = parser.parse_args(arguments)
    paths = options.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb"))
    read = {path.stem: nbformat.read(path, as_version=4) for path in paths}  # type: ignore[no-untyped-call]
    pages = {f"slides-{name}.html": slides(notebook, ROOT / "notebooks") for name, notebook in read.items()}
    pages |= {"predictions.html": prediction_sheet(read.values()), "status-codes.html": status_card()}
    options.out.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (options.out / name).write_text(page, encoding="utf-8")
    print(f"{len(pages)} pages are in {options.out}. Open one in a browser; on slides, the arrow keys go on and back.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
