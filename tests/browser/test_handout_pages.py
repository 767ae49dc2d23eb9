"""The handouts in a browser: open to everyone, also in forced colours, and whole on A4 and on Letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browsing import axe, outside
from conftest import ROOT


@pytest.fixture(scope="module")
def handouts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tools.handouts.__main__ import main

    folder = tmp_path_factory.mktemp("handouts")
    main([str(ROOT / "notebooks/01-analyze-remote-image.ipynb"), "--out", str(folder)])
    return folder


@pytest.mark.slow
def test_they_bar_nobody_and_need_no_network(browser: Any, handouts: Path) -> None:
    page = browser.new_page()
    asked = outside(page)
    for file in sorted(handouts.glob("*.html")):
        for colors in ("none", "active"):
            page.emulate_media(forced_colors=colors)
            page.goto(file.as_uri())
            found = [(one["id"], one["nodes"][0]["html"][:100]) for one in axe(page, slight=True)]
            assert found == [], (file.name, colors)
    assert asked == []
    page.close()


@pytest.mark.slow
def test_a_sheet_is_as_wide_as_its_paper(browser: Any, handouts: Path) -> None:
    for width in (794, 816):  # A4 and Letter, at 96 pixels to the inch
        page = browser.new_page(viewport={"width": width, "height": 1000})
        page.emulate_media(media="print")
        for name in ("predictions", "status-codes"):
            page.goto((handouts / f"{name}.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.close()
