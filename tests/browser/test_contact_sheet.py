"""The contact sheet that `cvhelpers analyze` writes: complete offline, open to everyone, in light and dark."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from browsing import axe, outside, shoot

from cvhelpers.__main__ import main
from toys import ROOT


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Of two photographs, a page of text, a picture with a bad name, and a file that is no picture."""
    folder, samples = tmp_path / "pictures", ROOT / "cvhelpers/samples/pictures"
    folder.mkdir()
    for name in ("cat.jpg", "coffee.jpg", "democritus.png"):
        shutil.copy(samples / name, folder)
    shutil.copy(samples / "rocket.jpg", folder / '<b onload="x">&amp; a name without an end that is very long.jpg')
    (folder / "broken.jpg").write_bytes(b"no picture")
    assert main(["analyze", str(folder), "--source", "keyless", "--out", str(tmp_path / "sheet.html")]) == 1
    return tmp_path / "sheet.html"


@pytest.mark.slow
def test_it_bars_nobody_and_needs_no_network(browser: Any, sheet: Path) -> None:
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 320)):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        asked = outside(page)
        page.goto(sheet.as_uri())
        for number in range(page.locator("summary").count()):
            page.locator("summary").nth(number).click()
        assert asked == []
        assert [(found["id"], found["nodes"][0]["html"][:120]) for found in axe(page)] == []
        assert page.evaluate("[...document.images].filter(one => !one.alt).length") == 0
        room, needed = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollWidth]")
        assert needed <= room, "nothing sticks out"
        shoot(page, f"contact-sheet-{scheme}-{width}", whole=True)
        page.close()
