"""What `cvhelpers lab` opens: the learner's own copy, unanswered, unchanged by being opened, with no question asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsing import shoot
from conftest import learners_lab

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def opened(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The page at the address that the command prints, with a kernel that is ready."""
    with learners_lab(tmp_path_factory.mktemp("learner")) as address:
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
        page.wait_for_timeout(3000)  # a question about news comes some seconds later
        yield page
        page.close()


MODEL = "jupyterapp.shell.currentWidget.content.model"


def test_it_shows_the_learners_copy_of_the_first_notebook(opened: Any) -> None:
    assert opened.evaluate("jupyterapp.shell.currentWidget.context.path") == "my-notebooks/00-start-here.ipynb"
    shoot(opened, "lab-opened")


def test_nothing_is_answered_before_it_is_run(opened: Any) -> None:
    count = f"[...{MODEL}.cells].filter(cell => cell.type === 'code').map(cell => cell.outputs.length)"
    answers = opened.evaluate(count)
    assert len(answers) > 3
    assert set(answers) == {0}


def test_nobody_is_asked_about_news(opened: Any) -> None:
    assert opened.locator(".Toastify__toast").count() == 0


def test_an_untouched_notebook_closes_without_a_question(opened: Any) -> None:
    assert opened.evaluate(f"{MODEL}.dirty") is False
    opened.evaluate("jupyterapp.commands.execute('application:close')")
    opened.wait_for_timeout(500)
    assert opened.locator(".jp-Dialog").count() == 0
    assert opened.evaluate("jupyterapp.shell.currentWidget?.context?.path") != "my-notebooks/00-start-here.ipynb"
