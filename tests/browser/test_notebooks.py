"""Notebooks in JupyterLab, as a learner has them: opened, run from top to bottom, without an error."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import shoot
from conftest import SIZES

from toys import NOTEBOOKS, stem

LESSONS = [notebook for notebook in NOTEBOOKS if notebook.name.startswith(("00", "03", "05"))]
"""Those with the most different controls. Each control has its tests, and other tests run all notebooks."""


@pytest.mark.slow
@pytest.mark.parametrize("notebook", LESSONS, ids=stem)
def test_a_notebook_runs_from_top_to_bottom(lab: Any, notebook: Any) -> None:
    page = lab.open(f"notebooks/{notebook.name}")
    try:
        lab.run_all(page)
        assert lab.errors(page) == []
        shoot(page, f"lab-{notebook.stem}")
        if notebook == NOTEBOOKS[0]:
            page.set_viewport_size(SIZES["768"])
            shoot(page, "lab-00-768-light")
            page.set_viewport_size(SIZES["1280"])
            lab.set_theme(page, "dark")
            shoot(page, "lab-00-1280-dark")
    finally:
        page.close()


@pytest.mark.slow
def test_a_cell_that_fails_is_noticed(lab: Any) -> None:
    """A test of the test: a name that nobody defined, alone in a notebook's last cell."""
    page = lab.open("notebooks/00-start-here.ipynb")
    try:
        page.evaluate("""async () => {
            const notebook = jupyterapp.shell.currentWidget.content;
            const cells = [...notebook.model.cells];
            const last = cells.findLastIndex(cell => cell.type === "code");
            cells[last].sharedModel.setSource("nobody_defined_this");
            notebook.activeCellIndex = last;
            await jupyterapp.commands.execute("notebook:run-cell");
        }""")
        assert [error.split(":")[0] for error in lab.errors(page)] == ["NameError"]
    finally:
        page.close()
