"""Handouts: slides that hide a result until it is asked for, and two pages to print."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.handouts.paper import CODES, prediction_sheet, questions, status_card
from tools.handouts.slides import pairs, slides
from toys import NOTEBOOKS


@pytest.fixture
def notebook():
    shown = new_output("stream", text="42\n")
    return new_notebook(
        cells=[
            new_markdown_cell("# Count to **42**"),
            new_code_cell("source = None", metadata={"tags": ["parameters"]}),
            new_markdown_cell("## Count\n\n**Predict:** what comes *out*,\nand why?\n\nRun it."),
            new_code_cell("print(6 * 7)", outputs=[shown]),
            new_markdown_cell("Write.", metadata={"tags": ["exercise"]}),
            new_code_cell("# Write your code here", metadata={"tags": ["answer"]}),
            new_markdown_cell("<details>the solution</details>", metadata={"tags": ["help"]}),
        ]
    )


def test_a_slide_is_a_text_with_its_code(notebook):
    texts = [(text.source.split("\n")[0], code and code.source) for text, code in pairs(notebook)]
    assert texts == [("# Count to **42**", None), ("## Count", "print(6 * 7)"), ("Write.", None)]


def test_a_result_waits_behind_a_class_until_a_key_is_pressed(notebook, tmp_path):
    page = slides(notebook, tmp_path)
    before, _, after = page.partition('<div class="later">')
    assert "print(6 * 7)" in before
    assert "42\n" not in before.partition("<main>")[2]
    assert "42" in after


def test_slides_hold_no_solution_and_need_no_network(notebook, tmp_path):
    page = slides(notebook, tmp_path)
    assert "the solution" not in page
    assert not re.search(r"""(?:src|href)=["']https?://""", page)


def test_a_question_is_the_text_up_to_the_end_of_its_paragraph(notebook):
    assert questions(notebook) == ["what comes *out*, and why?"]
    assert "<td>What comes out, and why?</td>" in prediction_sheet([notebook])


def test_every_question_of_the_notebooks_is_on_the_sheet():
    read = [nbformat.read(path, as_version=4) for path in NOTEBOOKS]
    asked = sum(cell.source.count("**Predict:**") for notebook in read for cell in notebook.cells)
    assert prediction_sheet(read).count("<tr><td>") == asked > 50


def test_the_card_has_the_codes_that_the_notebooks_show():
    shown = set()
    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        outputs = [output.get("text", "") for cell in cells for output in cell.get("outputs", [])]
        shown |= set(
            re.findall(r"^(?:You made no prediction\. It is )?(\d{3})\b[ :.]", "\n".join(outputs), re.MULTILINE)
        )
    codes = {code for code, _, _ in CODES}
    assert {"200", "202", "400", "401", "415"} <= shown & codes
    assert all(f">{code}</th>" in status_card() for code in codes)
