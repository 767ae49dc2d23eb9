"""Every notebook keeps the rules, and every rule is shown to bite."""

import copy
import re

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import notebook_rules as rules
from toys import NOTEBOOKS, ROOT, stem, write_toy

# 00-start-here is the map, not a lesson: it has no exercises.
EXEMPT = {"00-start-here": {rules.exercises}}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=stem)
def test_the_notebook_keeps_the_rule(path, rule):
    if rule not in EXEMPT.get(path.stem, ()):
        assert rule(nbformat.read(path, as_version=4)) == []


# --- where answers come from: everyone's, unless the learner chooses


def test_each_notebook_has_a_source_that_is_left_open_or_keyless():
    assert without_keyless_source(NOTEBOOKS) == []


def test_a_notebook_without_that_source_is_noticed(tmp_path):
    toys = [
        write_toy(tmp_path / "good.ipynb"),
        write_toy(tmp_path / "bad.ipynb", parameters='source = "live"'),
    ]
    assert without_keyless_source(toys) == ["bad"]


def without_keyless_source(paths):
    defaults = {path.stem: papermill.inspect_notebook(path).get("source", {}).get("default") for path in paths}
    return [name for name, default in defaults.items() if default not in ("None", '"keyless"')]


# --- the index: README and 00-start-here name each notebook, and none that is not there


@pytest.mark.parametrize("index", ["README.md", "notebooks/00-start-here.ipynb"])
def test_the_index_names_each_notebook_and_no_other(index):
    path = ROOT / index
    names = {each.name for each in NOTEBOOKS} - {path.name}
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert set(re.findall(r"\b\d\d-[\w-]+\.ipynb\b", text)) - {path.name} == names


# --- a good notebook, and what each rule says when it is spoilt

OPENING = """# Describe a picture

About 20 minutes.

## What you'll do
Send a picture and read what is in it.

## What you’ll learn
- Send a picture to a service
- Read its answer
- Draw what it found

## What you'll need
| Necessary | Helpful |
|---|---|
| Python | A picture of your own |
"""
FIGURE = "<img alt='A dog on a lawn, found in the middle' src='data:image/png;base64,aaaa'><table></table>"


FOLDED = "<details>\n<summary>{}</summary>\n\n1\n\n</details>"
HELP = FOLDED.format("Hint") + "\n\n" + FOLDED.format("Solution")


def exercise(count, number, kind):
    return [
        new_markdown_cell(
            f"### Exercise {number}: count ({kind})\n\nCount.",
            metadata={"tags": ["exercise"] + ["bug-hunt"] * (kind == "bug hunt")},
        ),
        new_code_cell("# Write your code here", execution_count=count, metadata={"tags": ["answer"]}),
        new_markdown_cell(HELP, metadata={"tags": ["help"]}),
        new_code_cell('right = check("01-1", globals())', execution_count=count + 1, metadata={"tags": ["check"]}),
    ]


def good():
    shown = new_output("execute_result", {"text/html": FIGURE, "text/plain": "<Figure>"}, execution_count=1)
    control = {
        rules.WIDGET: {"model_id": "0123456789abcdef" * 2},
        "text/plain": "Text(description='Picture')",
    }
    cells = [
        new_markdown_cell(OPENING),
        new_markdown_cell("## Ask\n\n**Predict**: what will it say? See [the API](https://example.org)."),
        new_code_cell("figure", execution_count=1, outputs=[shown]),
        new_markdown_cell("### Choose\n\nThe same with a control, at `http://localhost`."),
        new_code_cell("control", execution_count=2, outputs=[new_output("display_data", control)]),
        new_markdown_cell("## Recap\n\n- You sent a picture"),
        new_markdown_cell("## Exercises"),
        *exercise(3, 1, "tweak"),
        *exercise(5, 2, "bug hunt"),
        *exercise(7, 3, "build"),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def text(index, old, new):
    """Replace something in the text of a cell."""

    def spoil(notebook):
        assert old in notebook.cells[index].source
        notebook.cells[index].source = notebook.cells[index].source.replace(old, new)

    return spoil


def said(words):
    """Add an output of the first code cell."""
    return lambda notebook: notebook.cells[2].outputs.append(new_output("stream", name="stdout", text=words))


def shows(**data):
    """Let the first code cell show this and nothing else."""

    def spoil(notebook):
        data_of_kind = {kind.replace("_", "/"): value for kind, value in data.items()}
        notebook.cells[2].outputs = [new_output("display_data", data_of_kind)]

    return spoil


def fails(notebook):
    notebook.cells[2].outputs.append(new_output("error", ename="KeyError", evalue="x", traceback=[]))


def long(notebook):
    for cell in rules.code_cells(notebook):
        cell.source += "\n1" * 5


def quiet(notebook):
    for cell in rules.code_cells(notebook):
        cell.outputs = []


SPOILT = [
    (rules.valid, lambda notebook: notebook.cells[0].update(cell_type="poem"), "not a valid notebook"),
    (rules.valid, lambda notebook: notebook.update(nbformat_minor=4), "older than 4.5"),
    (rules.valid, lambda notebook: notebook.metadata.kernelspec.update(name="ir"), "not python3"),
    (rules.small, said("x" * 1_000_000), "more than 1 MB"),
    (rules.title, text(0, "# Describe a picture", "# A picture"), "no verb"),
    (rules.title, text(1, "## Ask", "# Ask"), "2 headings of level 1"),
    (rules.title, text(0, "# Describe", "Hello\n\n# Describe"), "does not begin with the title"),
    (rules.opening, text(0, "## What you'll do\n", ""), 'no section "What you\'ll do"'),
    (rules.opening, text(0, "- Read its answer\n", ""), "2 goals"),
    (rules.opening, text(0, "- Read its answer", "- Answers"), "begins with no verb"),
    (rules.opening, text(0, "- Read its answer", "- Read about answers"), "with 'about'"),
    (rules.opening, text(0, "Necessary", "Needed"), "no table"),
    (rules.opening, text(0, "20 minutes", "Some time"), "no minutes"),
    (rules.recap, text(5, "## Recap", "## End"), "no section Recap"),
    (rules.recap, text(5, "## Recap", "## Recap\n\n## More"), "'More' comes after"),
    (rules.code_after_text, lambda notebook: notebook.cells.pop(3), "without text"),
    (rules.short_cells, text(2, "figure", "figure\n" * 13), "13 lines"),
    (rules.short_cells, long, "median"),
    (rules.early_result, quiet, "nothing to see"),
    (rules.predict_then_run, text(1, "**Predict**", "Think"), "no **Predict**"),
    (rules.exercises, lambda notebook: notebook.cells.pop(), "not 3 to 5 times"),
    (rules.exercises, lambda notebook: notebook.update(cells=notebook.cells[:-4]), "not 3 to 5 times"),
    (rules.exercises, text(7, "Exercise 1", "Exercise 2"), "not 1, 2, 3"),
    (rules.exercises, text(7, "(tweak)", ""), "with their kind"),
    (rules.exercises, text(7, "(tweak)", "(build)"), "from tweak to build"),
    (rules.exercises, text(11, "(bug hunt)", "(change)"), "not one bug hunt"),
    (rules.exercises, text(9, "<summary>Hint", "<summary>A hint"), "no folded Hint"),
    (rules.exercises, text(9, "Solution</summary>\n\n", "Solution</summary>\n"), "no folded Solution"),
    (rules.exercises, text(10, "check(", "bool("), "not of cvhelpers.checks"),
    (rules.plain_words, text(3, "The same", "> [!NOTE]\n> The same"), "documentation site"),
    (rules.plain_words, text(3, "`http://localhost`", "http://localhost"), "a bare address"),
    (rules.plain_words, text(3, "The same", "Simply the same"), "'Simply'"),
    (rules.plain_words, text(1, "[the API]", "[click here]"), "'click here'"),
    (rules.run_in_order, lambda notebook: notebook.cells[2].update(execution_count=None), "[None, 2"),
    (rules.run_in_order, fails, "an error"),
    (rules.portable_code, text(2, "figure", "figure;"), "a ;"),
    (rules.portable_code, text(2, "figure", "!ls"), "shell"),
    (rules.portable_code, text(2, "figure", "%%bash\nls"), "shell"),
    (rules.portable_code, text(2, "figure", "datetime.now()"), "the time of now"),
    (rules.portable_code, text(2, "figure", "open('/home/ada/dog.png')"), "an absolute path"),
    (rules.portable_outputs, said("<Figure at 0x7f161abc5310>"), "a memory address"),
    (rules.portable_outputs, said("C:\\Users\\ada\\dog.png"), "an absolute path"),
    (rules.no_keys, text(2, "figure", "key = '" + "fedcba9876543210" * 2 + "'"), "looks like a key"),
    (rules.no_keys, said("VISION_KEY=" + "FEDCBA9876543210" * 2), "looks like a key"),
    (rules.pictures_described, shows(image_png="aaaa"), "no <img alt>"),
    (rules.pictures_described, shows(text_html="<img alt='A dog'>"), "'A dog', too short"),
    (rules.pictures_described, shows(text_html="<img src='dog.png'>"), "'', too short"),
    (rules.pictures_described, text(1, "See [", "![dog](dog.png) ["), "'dog', too short"),
    (rules.pictures_told, shows(text_html=FIGURE.removesuffix("<table></table>")), "without a table"),
    (rules.heading_levels, text(3, "### Choose", "#### Choose"), "'Choose' skips"),
    (
        rules.controls_named,
        lambda n: n.cells[4].outputs[0].data.update({"text/plain": "Text()"}),
        "description",
    ),
    (rules.controls_named, lambda n: n.cells[2].update(outputs=[]), "no plain cell"),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_a_good_notebook_gives_no_cause_for_complaint(rule):
    assert rule(good()) == []


@pytest.mark.parametrize(("rule", "spoil", "complaint"), SPOILT, ids=lambda value: getattr(value, "__name__", None))
def test_the_rule_bites(rule, spoil, complaint):
    notebook = copy.deepcopy(good())
    spoil(notebook)
    assert any(complaint in each for each in rule(notebook)), rule(notebook)


def test_every_rule_is_shown_to_bite():
    assert {rule for rule, _, _ in SPOILT} == set(rules.RULES)
