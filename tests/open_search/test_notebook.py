"""Notebook 05 with a network, as far as it can be tried here: the open web is played on this computer."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from cvhelpers.__main__ import main
from toys import ROOT


def executed(out: Path, source: str) -> dict[str, str]:
    """What each cell of the notebook shows, by the cell's id."""
    assert main(["execute", str(ROOT / "notebooks/05-search-images.ipynb"), "--source", source, "--out", str(out)]) == 0
    cells = nbformat.read(out / "05-search-images.ipynb", as_version=4).cells
    return {cell.id: str(cell.get("outputs")) for cell in cells}


@pytest.mark.slow
def test_its_own_step_shows_photographs_of_the_web_and_their_makers(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = executed(tmp_path, "keyless")["05-58"]
    assert "16 pictures from: live; Openverse" in shown
    assert "Openverse does not endorse this product" in shown
    assert "Photographer 13 is licensed under" in shown
    assert "Not shown" not in shown


@pytest.mark.slow
def test_all_of_it_runs_with_answers_of_the_web(address: str, tmp_path: Path) -> None:
    shown = executed(tmp_path, "live")
    assert "live; Openverse" in shown["05-08"]
    assert "accentColor     not told" in shown["05-12"]
