"""Notebook 05 with a network, as far as it can be tried here: the open web is played on this computer."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from cvhelpers.__main__ import main
from toys import ROOT

NOTEBOOK = ROOT / "notebooks" / "05-search-images.ipynb"


@pytest.mark.slow
def test_it_runs_with_answers_of_the_web(address: str, tmp_path: Path) -> None:
    """All of it; and its own step shows photographs of the web and their makers, whatever the source."""
    assert main(["execute", str(NOTEBOOK), "--source", "live", "--out", str(tmp_path)]) == 0
    cells = nbformat.read(tmp_path / NOTEBOOK.name, as_version=4).cells
    shown = {cell.id: str(cell.get("outputs")) for cell in cells}
    assert "live; Openverse" in shown["05-08"]
    assert "accentColor     not told" in shown["05-12"]
    assert "16 pictures from: live; Openverse" in shown["05-58"]
    assert "Openverse does not endorse this product" in shown["05-58"]
    assert "Photographer 13 is licensed under" in shown["05-58"]
    assert "Not shown" not in shown["05-58"]
