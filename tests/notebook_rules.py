"""What every notebook keeps to, one rule a function: it reads a notebook and returns its complaints."""

import re
import statistics

import nbformat

OPENING = ("What you'll do", "What you'll learn", "What you'll need")
CLOSING = ("Recap", "Exercises", "Next")
WIDGET = "application/vnd.jupyter.widget-view+json"

# How a goal begins, and what a title holds. Missing a verb? Add it here.
WORDS_THAT_DO = """
    add analyse analyze ask bring build call change check choose compare convert correct count cut describe
    detect doubt draw edit explain extract fetch find fix follow go handle hear learn list load look make mark match
    measure meet mend move name open order pack pick place play plot point predict print put rank rate read recognise
    recognize replace run save say search see send set show sort spot start stop store switch take tell test
    tidy trace try turn type understand use view wait walk watch work write
"""
VERBS = set(WORDS_THAT_DO.split())


# --- layout


def valid(notebook):
    """nbformat 4.5 or later, with cell ids, for the kernel python3."""
    complaints = []
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        complaints.append(f"not a valid notebook: {error.message}")
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        complaints.append("nbformat older than 4.5")
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        complaints.append("the kernel is not python3")
    return complaints


def small(notebook):
    """At most 1 MB."""
    size = len(nbformat.writes(notebook).encode())
    return [f"{size / 1e6:.1f} MB, more than 1 MB"] if size > 1_000_000 else []


# --- how a lesson goes


def title(notebook):
    """The first cell begins with the only H1, and there is a verb in it."""
    ones = [text for _, level, text in headings(notebook) if level == 1]
    if len(ones) != 1:
        return [f"{len(ones)} headings of level 1, not one"]
    if not notebook.cells[0].source.startswith("# "):
        return ["the first cell does not begin with the title"]
    return [] if VERBS & set(words(ones[0])) else [f"no verb of VERBS in the title {ones[0]!r}"]


def opening(notebook):
    """Before any code: what you'll do, learn and need, and the minutes it takes."""
    before = "\n".join(cell.source for cell in notebook.cells[: first_code(notebook)])
    parts = {name: part(before, name) for name in OPENING}
    complaints = [f"no section {name!r} before the first code" for name in OPENING if parts[name] is None]
    goals = re.findall(r"^[-*] +(.*)", parts["What you'll learn"] or "", re.MULTILINE)
    if len(goals) < 3:
        complaints.append(f"{len(goals)} goals under What you'll learn, fewer than 3")
    for goal in goals:
        if words(goal)[:1] and words(goal)[0] not in VERBS:
            complaints.append(f"a goal that begins with no verb of VERBS: {goal!r}")
        if "about" in words(goal):
            complaints.append(f"a goal with 'about': {goal!r}")
    if not re.search(r"^\|.*Necessary.*\|", parts["What you'll need"] or "", re.MULTILINE):
        complaints.append("no table Necessary/Helpful under What you'll need")
    if not re.search(r"\b\d+ minutes\b", before):
        complaints.append("no minutes before the first code")
    return complaints


def recap(notebook):
    """A Recap, after which nothing but exercises and what is next."""
    sections = [text for _, level, text in headings(notebook) if level == 2]
    if "Recap" not in sections:
        return ["no section Recap"]
    after = sections[sections.index("Recap") :]
    return [f"{name!r} comes after the Recap" for name in after if name not in CLOSING]


def code_after_text(notebook):
    """Every code cell has text before it."""
    pairs = zip([None, *notebook.cells], notebook.cells, strict=False)
    return [
        f"code without text before it: {start(cell)}"
        for before, cell in pairs
        if cell.cell_type == "code" and (before is None or before.cell_type != "markdown")
    ]


def short_cells(notebook):
    """No code cell over 12 lines, half of them at most 5."""
    lengths = {start(cell): len(cell.source.splitlines()) for cell in code_cells(notebook)}
    complaints = [f"{length} lines, more than 12: {name}" for name, length in lengths.items() if length > 12]
    if lengths and statistics.median(lengths.values()) > 5:
        complaints.append(f"the median code cell has {statistics.median(lengths.values())} lines, more than 5")
    return complaints


def early_result(notebook):
    """Something to see by the third code cell."""
    first = code_cells(notebook)[:3]
    return [] if any(cell.outputs for cell in first) else ["nothing to see by the third code cell"]


def predict_then_run(notebook):
    """In each main section with code, a question to answer before running it."""
    complaints = []
    for name, cells in main_sections(notebook):
        kinds = [cell.cell_type for cell in cells]
        if "code" not in kinds:
            continue
        last_code = len(kinds) - 1 - kinds[::-1].index("code")
        if not any("**Predict" in cell.source for cell in cells[:last_code] if cell.cell_type == "markdown"):
            complaints.append(f"no **Predict** before the code of {name!r}")
    return complaints


def exercises(notebook):
    """3 to 5 exercises from a tweak to something built, one of them a bug hunt, each with its four parts in order."""
    cells = [cell for cell in notebook.cells if PARTS & set(tags(cell))]
    kinds = [next(tag for tag in tags(cell) if tag in PARTS) for cell in cells]
    titles = [re.match(r"### Exercise (\d): .+ \(([a-z ]+)\)\n\n\S", cell.source) for cell in tagged(cells, "exercise")]
    complaints = []
    if kinds != ["exercise", "answer", "help", "check"] * (len(kinds) // 4) or not 3 <= len(titles) <= 5:
        complaints.append(f"not 3 to 5 times task, answer, help and check, but {kinds}")
    if [each and each[1] for each in titles] != [str(number) for number in range(1, len(titles) + 1)]:
        complaints.append("the titles of the exercises are not 1, 2, 3 … with their kind in brackets")
    sizes = [each and each[2] for each in titles]
    if sizes[:1] != ["tweak"] or sizes[-1:] != ["build"]:
        complaints.append(f"the exercises do not go from tweak to build: {sizes}")
    if sizes.count("bug hunt") != 1 or sizes.count("bug hunt") != len(tagged(cells, "bug-hunt")):
        complaints.append("not one bug hunt")
    for cell in tagged(cells, "help"):
        for name in ("Hint", "Solution"):
            if f"<details>\n<summary>{name}</summary>\n\n" not in cell.source:
                complaints.append(f"no folded {name} (with an empty line after its name) in: {start(cell)}")
    for cell in tagged(cells, "check"):
        if not re.fullmatch(r'right = check\("\d\d-\d", globals\(\)\)', cell.source):
            complaints.append(f"a check that is not of cvhelpers.checks: {start(cell)}")
    return complaints


PARTS = {"exercise", "answer", "help", "check"}


def plain_words(notebook):
    """No syntax of documentation sites, no bare addresses, no 'click here', nothing called easy."""
    complaints = []
    for cell in markdown_cells(notebook):
        prose = without_code(cell.source)
        if re.search(r"^> *\[!|^:::", prose, re.MULTILINE):
            complaints.append(f"syntax of a documentation site: {start(cell)}")
        unlinked = re.sub(r"\]\([^)]*\)|<(?:a|img)\b[^>]*>|^\[[^\]]+\]: .*$", "", prose, flags=re.MULTILINE)
        complaints += [f"a bare address: {url}" for url in re.findall(r"https?://\S+", unlinked)]
        easy = re.findall(r"\b(click here|simply|just|obviously)\b", prose, re.IGNORECASE)
        complaints += [f"{word!r}: {start(cell)}" for word in easy]
    return complaints


# --- what a test can rely on


def run_in_order(notebook):
    """Code cells run once, from the first to the last, without errors but the announced ones."""
    complaints = []
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        complaints.append(f"execution counts are {counts}, not 1 to {len(counts)}")
    for cell in code_cells(notebook):
        failed = any(output.output_type == "error" for output in cell.outputs)
        if failed and "raises-exception" not in cell.metadata.get("tags", []):
            complaints.append(f"an error that no tag raises-exception announces: {start(cell)}")
    return complaints


def portable_code(notebook):
    """Code that is the same on any computer and any day."""
    habits = {
        r";[ \t]*$": "a ; at the end of a line",
        r"^[ \t]*!|^%%(bash|sh|cmd|script)": "a command of the shell",
        r"datetime\.now|\btoday\(\)|utcnow|time\.c?time\(": "the time of now",
        ABSOLUTE_PATH: "an absolute path",
    }
    return [
        f"{name}: {start(cell)}"
        for cell in code_cells(notebook)
        for pattern, name in habits.items()
        if re.search(pattern, cell.source, re.MULTILINE)
    ]


ABSOLUTE_PATH = r"(?<![\w.:/-])(?:/(?:home|Users|root|tmp|usr|opt|mnt|var|private|work)/|[A-Za-z]:\\\w)"


def portable_outputs(notebook):
    """Outputs that are the same on any computer and in any run."""
    complaints = []
    for cell in code_cells(notebook):
        text = "\n".join(shown(output) for output in cell.outputs)
        if found := re.search(r"\b0x[0-9a-f]{6,16}\b", text):
            complaints.append(f"a memory address {found[0]} in the output of: {start(cell)}")
        if found := re.search(ABSOLUTE_PATH, text):
            complaints.append(f"an absolute path {found[0]} in the output of: {start(cell)}")
    return complaints


def no_keys(notebook):
    """Nothing anywhere that looks like a key: 32 hexadecimal digits, but for the names of widgets."""
    states = notebook.metadata.get("widgets", {}).values()
    names = {name for each in states for name in each.get("state", {})}
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    names |= {output.data[WIDGET]["model_id"] for output in outputs if WIDGET in output.get("data", {})}
    alike = re.findall(r"(?<![0-9A-Za-z+/])[0-9a-fA-F]{32}(?![0-9A-Za-z+/])", nbformat.writes(notebook))
    return [f"a string that looks like a key: {each[:4]}…" for each in set(alike) - names]


# --- for those who do not see it


def pictures_described(notebook):
    """Every picture has an alt text of 20 characters or more."""
    complaints = []
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        if any(kind in output.get("data", {}) for output in outputs for kind in ("image/png", "image/jpeg")):
            complaints.append(f"a picture that is no <img alt>, in the output of: {start(cell)}")
        html = "\n".join(output.get("data", {}).get("text/html", "") for output in outputs)
        text = without_code(cell.source) if cell.cell_type == "markdown" else ""
        alts = [alt_text(tag) for tag in re.findall(r"<img\b[^>]*>", html + text)]
        alts += re.findall(r"!\[([^\]]*)\]\(", text)
        complaints += [f"alt text {alt!r}, too short, in {start(cell)}" for alt in alts if len(alt) < 20]
    return complaints


def pictures_told(notebook):
    """Beside every figure, the same as a table or list: in its cell or the next.

    A picture that is shown as it is has only its alt text; nothing was found in it yet.
    """
    complaints = []
    for cell, following in zip(notebook.cells, [*notebook.cells[1:], None], strict=True):
        said = "".join(map(shown, cell.outputs)) if cell.cell_type == "code" else ""
        if "<img" in said and "<Picture " not in said:
            near = said + (told(following) if following else "")
            if not re.search(r"<table|<li\b|^[-*|] ?\S", near, re.MULTILINE):
                complaints.append(f"a picture without a table or list: {start(cell)}")
    return complaints


def heading_levels(notebook):
    """No heading skips a level."""
    levels = [(level, text) for _, level, text in headings(notebook)]
    pairs = zip([(0, ""), *levels], levels, strict=False)
    return [f"{text!r} skips a level" for (above, _), (level, text) in pairs if level > above + 1]


def controls_named(notebook):
    """Every control says in words what it is for, and a cell beside it does the same without it."""
    complaints = []
    cells = code_cells(notebook)
    for index, cell in enumerate(cells):
        views = [output.data for output in cell.outputs if WIDGET in output.get("data", {})]
        for view in views:
            bare = re.sub(r"\w+\(.*\)", "", view.get("text/plain", ""))  # the name of a class is no words
            if not bare and not re.search(r"description='[^']+'", view.get("text/plain", "")):
                complaints.append(f"a control without a description: {start(cell)}")
        twins = cells[max(0, index - 1) : index] + cells[index + 1 : index + 2]
        plain = [output for twin in twins for output in twin.outputs if WIDGET not in output.get("data", {})]
        if views and not plain:
            complaints.append(f"a control with no plain cell beside it: {start(cell)}")
    return complaints


RULES = [
    valid,
    small,
    title,
    opening,
    recap,
    code_after_text,
    short_cells,
    early_result,
    predict_then_run,
    exercises,
    plain_words,
    run_in_order,
    portable_code,
    portable_outputs,
    no_keys,
    pictures_described,
    pictures_told,
    heading_levels,
    controls_named,
]


# --- reading a notebook


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell):
    return cell.metadata.get("tags", [])


def tagged(cells, tag):
    return [cell for cell in cells if tag in tags(cell)]


def markdown_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def first_code(notebook):
    kinds = [cell.cell_type for cell in notebook.cells]
    return kinds.index("code") if "code" in kinds else len(kinds)


def headings(notebook):
    """(index of the cell, level, text) of every heading, with plain apostrophes."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            for marks, text in re.findall(r"^(#{1,6}) +(.+?) *$", without_fences(cell.source), re.MULTILINE):
                yield index, len(marks), plain(text)


def main_sections(notebook):
    """(name, cells) of each H2 section between opening and recap."""
    starts = [(index, text) for index, level, text in headings(notebook) if level == 2]
    ends = [index for index, _ in starts[1:]] + [len(notebook.cells)]
    for (begin, name), end in zip(starts, ends, strict=True):
        if name not in OPENING + CLOSING:
            yield name, notebook.cells[begin:end]


def part(text, name):
    """What stands under a heading, or after a word in bold, up to the next of these; or None."""
    begin = rf"^(?:#+ +|\*\*){re.escape(name)}[:*]* *"
    found = re.search(rf"{begin}(.*?)(?=^#|^\*\*|\Z)", plain(text), re.MULTILINE | re.DOTALL)
    return found[1] if found else None


def plain(text):
    return text.replace("’", "'")


def words(text):
    return re.findall(r"[a-z']+", text.lower())


def without_fences(text):
    return re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)


def without_code(text):
    return re.sub(r"`[^`\n]*`", "", without_fences(text))


def start(cell):
    """The first words of a cell, to find it by."""
    return repr((cell.source.strip().splitlines() or [""])[0][:60])


def shown(output):
    """What an output says in words, without the pictures themselves."""
    data = output.get("data", {})
    said = [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", [])]
    said += [data.get(kind, "") for kind in ("text/plain", "text/html", "text/markdown")]
    return re.sub(r"data:image/\w+;base64,[A-Za-z0-9+/=\s]+", "", "\n".join(said))


def told(cell):
    return cell.source if cell.cell_type == "markdown" else "\n".join(map(shown, cell.outputs))


def alt_text(tag):
    found = re.search(r"""\balt=(?:"([^"]*)"|'([^']*)')""", tag)
    return (found[1] or found[2] or "") if found else ""
