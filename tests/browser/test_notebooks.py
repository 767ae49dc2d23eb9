"""Every notebook in JupyterLab, as a learner has it: opened, run from top to bottom, without an error."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import shoot
from conftest import SIZES

from toys import NOTEBOOKS, stem


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=stem)
def test_a_notebook_runs_from_top_to_bottom(lab: Any, notebook: Any) -> None:
    page = lab.open(f"notebooks/{notebook.name}")
    try:
        lab.run_all(page)
        assert lab.errors(page) == []
        shoot(page, f"lab-{notebook.stem}")
    finally:
        page.close()


@pytest.mark.slow
@pytest.mark.parametrize(("size", "theme"), [("1280", "dark"), ("768", "light")])
def test_a_notebook_looks_right_elsewhere_too(lab: Any, size: str, theme: str) -> None:
    page = lab.open("notebooks/00-start-here.ipynb", theme=theme)
    try:
        page.set_viewport_size(SIZES[size])
        lab.run_all(page)
        assert lab.errors(page) == []
        shoot(page, f"lab-00-{size}-{theme}")
    finally:
        page.close()


@pytest.mark.slow
def test_a_cell_that_fails_is_noticed(lab: Any) -> None:
    """A test of the test: a name that nobody defined, put into the last cell."""
    page = lab.open("notebooks/00-start-here.ipynb")
    try:
        page.evaluate("""() => {
            const cells = [...jupyterapp.shell.currentWidget.content.model.cells];
            cells.filter(cell => cell.type === "code").at(-1).sharedModel.setSource("nobody_defined_this");
        }""")
        lab.run_all(page)
        assert [error.split(":")[0] for error in lab.errors(page)] == ["NameError"]
    finally:
        page.close()
