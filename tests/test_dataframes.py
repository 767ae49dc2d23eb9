"""`to_dataframe()` of every result, for those who have pandas; for the others a word on what to install."""

from __future__ import annotations

import sys
from typing import get_args

import pytest

import cvhelpers as cv
from cvhelpers.clients.batch import Result
from cvhelpers.results import DomainAnalysis, Tabular


@pytest.fixture
def vision() -> cv.VisionClient:
    return cv.VisionClient(cv.connect("recorded"))


def test_the_words_of_a_text(vision: cv.VisionClient) -> None:
    frame = vision.ocr(cv.sample("democritus")).to_dataframe()
    assert frame.name.tolist()[:2] == ["NOTHING", "EXISTS"]
    assert frame.width.dtype.kind in "if"


def test_the_pictures_of_a_search() -> None:
    found = cv.ImageSearchClient(cv.connect("recorded")).search("puppies", count=16)
    assert found.to_dataframe().shape == (16, len(found.to_rows()[0]))


def test_many_pictures_in_one_table(vision: cv.VisionClient) -> None:
    batch = vision.analyze_many(["cat", "no-such-file.png"], progress=False)
    frame = batch.to_dataframe()
    assert frame.groupby("picture").what.first().to_dict() == {"cat": "caption", "no-such-file.png": "error"}


def test_every_result_has_one() -> None:
    for kind in (*get_args(Result), cv.Batch, cv.ImageSearchResults, DomainAnalysis):
        assert issubclass(kind, Tabular)
        assert kind.to_rows is not Tabular.to_rows


def test_nothing_found_is_an_empty_table() -> None:
    import pandas  # a quarter of a second, which every worker would pay

    assert cv.OcrResult().to_dataframe().equals(pandas.DataFrame())


def test_without_pandas_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(cv.SetupError, match="pip install pandas"):
        cv.OcrResult().to_dataframe()


def test_pandas_is_loaded_by_nothing_else() -> None:
    import subprocess

    code = "import sys, cvhelpers as cv; cv.VisionClient(cv.connect('recorded')); print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
