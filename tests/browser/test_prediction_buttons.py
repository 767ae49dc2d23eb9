"""A learner predicts in JupyterLab, with the mouse or with the keys, and then sees the prediction beside the result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsing import shoot
from conftest import learners_lab

pytestmark = pytest.mark.slow

NOTEBOOK = "jupyterapp.shell.currentWidget.content"


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with learners_lab(tmp_path_factory.mktemp("predicting")) as address:
        yield address


@pytest.fixture
def notebook(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    """A copy of a notebook, run from its beginning to its first prediction."""
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    page.set_default_timeout(60_000)
    page.goto(address.replace("00-start-here", request.param) + "&reset")  # without the tabs of the test before
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    page.evaluate("""async () => {
        const context = jupyterapp.shell.currentWidget.sessionContext;
        await context.ready;
        await context.session.kernel.info;
    }""")
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Escape")
    run_past(page, "predict(")
    page.wait_for_selector(".widget-radio input")
    page.name = request.param
    yield page
    page.close()


def run_past(page: Any, text: str) -> None:
    """Shift+Enter, as a learner does, until the cell that holds a text has run."""
    at = page.evaluate(
        f"text => [...{NOTEBOOK}.model.cells].findIndex((cell, n) => cell.type === 'code' && "
        f"n >= {NOTEBOOK}.activeCellIndex && cell.sharedModel.source.includes(text))",
        text,
    )
    while page.evaluate(f"{NOTEBOOK}.activeCellIndex") <= at:
        page.keyboard.press("Shift+Enter")
    page.wait_for_function(f"n => {NOTEBOOK}.model.cells.get(n).executionCount !== null", arg=at)


def printed(page: Any) -> str:
    """What the cells have printed so far."""
    return str(
        page.evaluate(
            f"""[...{NOTEBOOK}.model.cells].filter(cell => cell.type === 'code')
            .flatMap(cell => cell.toJSON().outputs).map(output => [output.text ?? output.evalue ?? []].flat().join(''))
            .join('')"""
        )
    )


def chosen(page: Any) -> str:
    page.wait_for_selector(".widget-radio input:checked", timeout=10_000)
    return str(page.evaluate("document.querySelector('.widget-radio input:checked').parentNode.textContent.trim()"))


# The buttons are the same in all notebooks; what stands around them is not.


@pytest.mark.parametrize("notebook", ["00-start-here", "04-extract-handwritten-text"], indirect=True)
def test_with_the_mouse(notebook: Any) -> None:
    """A click on a button selects its cell: Shift+Enter runs that again first, and the choice stays."""
    label = notebook.locator(".widget-radio label").nth(1)
    wanted = label.inner_text().strip()
    label.click()
    assert chosen(notebook) == wanted
    run_past(notebook, "guess.compare(")
    notebook.wait_for_timeout(500)
    assert f"You predicted {wanted}" in printed(notebook)
    shoot(notebook, f"predicted-{notebook.name}")


@pytest.mark.parametrize("notebook", ["01-analyze-remote-image"], indirect=True)
def test_with_the_keys(notebook: Any) -> None:
    """The arrow keys choose, and leave the notebook where it is."""
    while not notebook.evaluate("document.activeElement.closest('.widget-radio') !== null"):
        notebook.keyboard.press("Shift+Tab")  # back from the cell below, which is the active one now
        assert notebook.evaluate("document.activeElement !== document.body"), "the buttons can't be reached"
    before = notebook.evaluate(f"{NOTEBOOK}.activeCellIndex")
    notebook.keyboard.press("Space")
    notebook.keyboard.press("ArrowDown")
    wanted = notebook.locator(".widget-radio label").nth(1).inner_text().strip()
    assert chosen(notebook) == wanted
    assert notebook.evaluate(f"{NOTEBOOK}.activeCellIndex") == before
    notebook.keyboard.press("Escape")
    run_past(notebook, "guess.compare(")
    notebook.wait_for_timeout(500)
    assert f"You predicted {wanted}" in printed(notebook)
