"""The web page that `cvhelpers execute` writes of each notebook: complete offline, open to everyone, fit to print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from browsing import axe, outside, shoot

from cvhelpers.commands.page import write_page
from toys import NOTEBOOKS, stem

A4 = {"width": 794, "height": 1123}
"""Pixels of a sheet at 96 to the inch, as browsers print it."""


@pytest.fixture(params=NOTEBOOKS, ids=stem)
def written(request: pytest.FixtureRequest, browser: Any, tmp_path: Path) -> Iterator[tuple[Any, list[str]]]:
    """The page of a notebook in the browser, and what it asks other computers for."""
    file = tmp_path / f"{request.param.stem}.html"
    write_page(nbformat.read(request.param, as_version=4), file, request.param.parent)
    page = browser.new_page(viewport=A4)
    asked = outside(page)
    page.goto(file.as_uri())
    yield page, asked
    shoot(page, f"page-{request.param.stem}")
    page.close()


@pytest.mark.slow
def test_a_page_needs_no_network_bars_nobody_and_prints(written: tuple[Any, list[str]]) -> None:
    page, asked = written
    assert asked == [], "nothing comes from another computer"
    assert page.evaluate("[...document.images].filter(one => !one.alt).length") == 0, "every picture has its words"
    everything = axe(page, slight=True)
    assert [(found["id"], found["nodes"][0]["html"][:120]) for found in everything] == []

    page.emulate_media(media="print")
    room, needed = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollWidth]")
    assert needed <= room + 1, "on paper nothing is cut off"
    folded = "[...document.querySelectorAll('details:not([open]) > :not(summary)')]"
    hidden = (
        f"{folded}.filter(one => one.innerText.trim() && !one.checkVisibility({{contentVisibilityAuto: true}})).length"
    )
    assert page.evaluate(hidden) == 0, "on paper nothing stays folded"
    assert page.pdf(format="A4").startswith(b"%PDF")
