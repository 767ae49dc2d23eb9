"""The command line: what it promises a learner, a teacher and a CI job."""

import contextlib
import errno
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook, new_output

import cvhelpers
from cvhelpers.__main__ import COMMANDS, main
from cvhelpers.commands import notebook_files
from cvhelpers.commands.copies import Copies
from toys import code, write_toy

COMMAND = [sys.executable, "-m", "cvhelpers"]


def test_help_names_every_command_and_loads_none():
    loaded = "import sys; from cvhelpers.__main__ import main\nmain(['--help']); print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout
    assert all(re.search(rf"^  {name} +\w", shown, re.MULTILINE) for name in COMMANDS)
    assert not {"jupyterlab", "papermill", "requests", "matplotlib"} & set(shown.split())


def test_a_table_is_written_without_what_draws_figures():
    loaded = "import sys, cvhelpers.commands.analyze; print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout
    assert "matplotlib" not in shown.split()


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]], ids=str)
def test_without_a_command_there_is_help(arguments, capsys):
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith("usage: cvhelpers COMMAND")


def test_it_says_its_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"cvhelpers {cvhelpers.__version__}\n"


@pytest.mark.parametrize(
    ("name", "hint"), [("labb", "Did you mean lab?"), ("exceute", "Did you mean execute?"), ("xyz", "names them all")]
)
def test_an_unknown_command_is_answered_with_the_nearest(name, hint, capsys):
    assert main([name]) == 2
    error = capsys.readouterr().err
    assert f"there is no command '{name}'" in error
    assert hint in error


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"serve"}))
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"usage: cvhelpers {name}" in capsys.readouterr().out


# --- what cannot start says why, and what to do next


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder without notebooks, and a package that was installed without them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(notebook_files, "CHECKOUT", tmp_path / "nothing")
    monkeypatch.setattr(notebook_files, "PACKAGE", tmp_path / "nothing")
    return tmp_path


@pytest.mark.parametrize("command", ["lab", "copies", "execute", "lesson"])
def test_away_from_the_notebooks_it_says_where_to_go(elsewhere, capsys, command):
    assert main([command]) == 2
    assert re.search(r"there is no notebooks/00-start-here\.ipynb(.|\n)*cd FOLDER", capsys.readouterr().err)


def test_a_notebook_that_is_not_there_is_named(elsewhere, capsys):
    assert main(["execute", "06-nothing.ipynb"]) == 2
    assert "there is no notebook 06-nothing.ipynb" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["03", "3", "03-read", "notebooks/03-read.ipynb"])
def test_a_notebook_is_named_by_its_number_or_its_path(elsewhere, name):
    for stem in ("00-start-here", "03-read"):
        write_toy(elsewhere / "notebooks" / f"{stem}.ipynb")
    assert [path.stem for path in notebook_files.chosen([name], elsewhere / "out")] == ["03-read"]


@pytest.mark.parametrize("command", ["execute", "lesson"])
def test_what_is_no_notebook_is_told_in_words(elsewhere, capsys, command):
    (elsewhere / "README.md").write_text("# Read me")
    assert main([command, "README.md"]) == 2
    assert "README.md is not a notebook: the name of a notebook ends in .ipynb" in capsys.readouterr().err


DAMAGED = {
    "empty": "",
    "cut off": '{"cells": [',
    "of another kind": '{"a": 1}',
    "a list": "[1]",
    "old": '{"cells": [], "metadata": {}, "nbformat": 3}',
    "without metadata": '{"cells": [], "nbformat": 4}',
    "nested too deep": "[" * 100_000,
    "a cell that is a number": '{"cells": [1], "metadata": {}, "nbformat": 4}',
    "a cell of no kind": '{"cells": [{"metadata": {}, "source": ""}], "metadata": {}, "nbformat": 4}',
    "a source that is a number": '{"cells": [{"cell_type": "code", "metadata": {}, "source": 5}], "metadata": {}, '
    '"nbformat": 4}',
    "tags that are a number": '{"cells": [{"cell_type": "code", "metadata": {"tags": 5}, "source": ""}], '
    '"metadata": {}, "nbformat": 4}',
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("command", ["execute", "lesson"])
def test_a_damaged_notebook_is_told_in_words(elsewhere, capsys, command, text):
    (elsewhere / "toy.ipynb").write_text(text)
    assert main([command, "toy.ipynb"]) == 2
    assert "toy.ipynb is damaged" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["index", "~no one/x"], ["analyze", ".", "--out", "~no one/x.csv"]], ids=" ".join)
def test_a_home_folder_that_is_not_there_is_told_in_words(command, capsys):
    assert main(command) == 2
    assert "there is no such home folder" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["execute", "lesson"])
def test_an_out_that_is_a_file_is_told_in_words(elsewhere, capsys, command):
    write_toy(elsewhere / "toy.ipynb")
    (elsewhere / "taken").write_text("")
    assert main([command, "toy.ipynb", "--out", "taken"]) == 2
    assert "taken: this is a file, and a folder is needed." in capsys.readouterr().err
    assert main([command, "toy.ipynb", "--out", "taken/deeper"]) == 2
    assert "a part of this path is a file" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["execute", "lesson"])
def test_an_out_with_a_name_that_is_too_long_is_told_in_words(elsewhere, capsys, command):
    write_toy(elsewhere / "toy.ipynb")
    assert main([command, "toy.ipynb", "--out", "n" * 300]) == 2
    assert "longer than this system allows" in capsys.readouterr().err


def test_a_disk_that_is_full_after_the_first_file_is_told_in_words(monkeypatch, tmp_path, capsys):
    """The texts beside the notebooks are copied before the notebooks themselves."""

    def copyfile(source, target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(source), None, str(target))

    monkeypatch.setattr("shutil.copyfile", copyfile)
    assert main(["lesson", "--out", str(tmp_path / "out")]) == 2
    assert re.search(rf"{re.escape(str(tmp_path / 'out'))}.*: the disk is full", capsys.readouterr().err)


def test_an_out_among_the_notebooks_is_not_copied_into_itself(tmp_path):
    originals = tmp_path / "notebooks"
    write_toy(originals / "00-start-here.ipynb")
    for name in ("images/a.png", ".hidden/b.png", ".c", "INSTRUCTORS.md", "GLOSSARY.md"):
        (originals / name).parent.mkdir(exist_ok=True)
        (originals / name).write_text("text")
    out = originals / "out"
    for _ in range(2):
        assert main(["lesson", str(originals / "00-start-here.ipynb"), "--out", str(out)]) == 0
        copied = {file.relative_to(out).as_posix() for file in out.rglob("*") if file.is_file()}
        ours = {name for name in copied if not name.startswith("pictures/")}
        assert ours == {"00-start-here.ipynb", "GLOSSARY.md", "images/a.png"}


READ_ONLY = "mount -t tmpfs -o ro tmpfs disk"
FULL = "mount -t tmpfs -o size=4k tmpfs disk"


@pytest.mark.skipif(sys.platform != "linux", reason="a small disk for one test is made by Linux alone")
@pytest.mark.parametrize(("mount", "word"), [(READ_ONLY, "nothing can be written"), (FULL, "the disk is full")])
@pytest.mark.parametrize("command", ["execute", "lesson"])
def test_a_disk_that_takes_nothing_is_told_in_words(tmp_path, command, mount, word):
    (tmp_path / "disk").mkdir()
    write_toy(tmp_path / "toy.ipynb", code("#" * 8000))
    own_disk = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh"]
    if subprocess.run([*own_disk, "true"], cwd=tmp_path, capture_output=True, check=False).returncode:
        pytest.skip("this system allows no mount of one's own")
    arguments = [command, "toy.ipynb", "--out", "disk/out"]
    done = subprocess.run([*own_disk, *COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_the_notebooks_themselves_are_never_overwritten(elsewhere, capsys):
    toy = write_toy(elsewhere / "toy.ipynb")
    before = toy.read_bytes()
    for out in (".", str(elsewhere)):
        assert main(["execute", "toy.ipynb", "--out", out]) == 2
        assert "would overwrite" in capsys.readouterr().err
    assert toy.read_bytes() == before


def test_an_unknown_parameter_is_an_error_that_names_the_nearest(elsewhere, capsys):
    write_toy(elsewhere / "toy.ipynb")
    assert main(["execute", "toy.ipynb", "-p", "pictrue", "pangrams"]) == 2
    error = capsys.readouterr().err
    assert "Did you mean 'picture'?" in error
    assert "Known parameters: picture, source." in error


def test_a_name_that_the_terminal_can_not_write_is_no_traceback(tmp_path):
    """As on Windows, when what is printed goes to a file."""
    write_toy(tmp_path / "é" / "notebooks" / "00-start-here.ipynb")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii:strict"}
    done = subprocess.run(
        [*COMMAND, "copies"], cwd=tmp_path / "é", env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert r"\xe9" in done.stdout


# --- cvhelpers execute

FIGURE = "from IPython.display import HTML\nHTML(\"<img alt='A red dot' src='data:image/gif;base64,R0lGODlh'>\")"
WIDGET = "import ipywidgets\nout = ipywidgets.Output()\nwith out:\n    print('inside')\ndisplay(out)"


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Four notebooks executed in one go: one that works, and one for each way to fail."""
    folder = tmp_path_factory.mktemp("executed")
    toys = folder / "notebooks"
    (toys / "images").mkdir(parents=True)
    (toys / "images" / "plan.svg").write_text("<svg/>")
    (toys / "WORDS.md").write_text("# Words\n\nBack to [the first](00-start-here.ipynb).")
    links = "[next](01-fails.ipynb#there) [words](WORDS.md) [plan](images/plan.svg) [web](https://example.org/a.ipynb)"
    works = [code("1 / 0", "raises-exception"), code(FIGURE), code(WIDGET), code("print(source, picture)")]
    works.insert(0, new_markdown_cell(links))
    write_toy(toys / "00-start-here.ipynb", *works)
    write_toy(toys / "01-fails.ipynb", code("print('before')"), code("raise ValueError('bad\\nluck')"))
    write_toy(toys / "02-hangs.ipynb", code("import time\ntime.sleep(60)"))
    write_toy(toys / "03-dies.ipynb", code("import os\nos._exit(3)"), parameters='source = "keyless"')
    arguments = ["--source", "recorded", "-p", "picture", "7", "--timeout", "3"]
    done = subprocess.run([*COMMAND, "execute", *arguments], cwd=folder, capture_output=True, text=True, timeout=120)
    return done, folder / "out"


def test_one_failure_is_exit_status_1_and_every_notebook_has_its_line(executed):
    done, _ = executed
    lines = [re.sub(r" +[\d.]+ s +(FAILED|ok) *", r" \1 ", line).rstrip() for line in done.stdout.splitlines()]
    lines[3] = re.sub(r" \[[3*]\]", "", lines[3])
    assert done.returncode == 1
    assert lines == [
        "00-start-here ok",
        "01-fails FAILED cell [4] ValueError: bad",
        "02-hangs FAILED cell [3] CellTimeoutError: A cell timed out while it was being executed, after 3 seconds.",
        "03-dies FAILED cell DeadKernelError: Kernel died",  # it may die before it says its number
        f"1 of 4 notebooks ran without a failure; see {Path('out/index.html')}.",
    ]


def test_a_progress_bar_counts_the_cells(executed):
    done, _ = executed
    assert re.search(r"\[1/4\] 00-start-here: .*/8 ", done.stderr)


def test_each_notebook_is_written_with_its_page_however_far_it_came(executed):
    _, out = executed
    names = ["00-start-here", "01-fails", "02-hangs", "03-dies"]
    written = [f"{name}.{kind}" for name in names for kind in ("html", "ipynb")]
    assert sorted(path.name for path in out.iterdir()) == [*written, "WORDS.html", "index.html"]
    assert "before" in (out / "01-fails.html").read_text(encoding="utf-8")
    assert "A cell timed out" in (out / "02-hangs.html").read_text(encoding="utf-8")


def test_parameters_reach_the_notebook_as_papermill_reads_them(executed):
    _, out = executed
    last = nbformat.read(out / "00-start-here.ipynb", as_version=4).cells[-1]
    injected = nbformat.read(out / "00-start-here.ipynb", as_version=4).cells[2]
    assert last.outputs[0].text == "recorded 7\n"
    assert "picture = 7" in injected.source  # a number, not the text "7"


def test_links_of_a_page_lead_to_the_other_pages(executed):
    _, out = executed
    page = (out / "00-start-here.html").read_text(encoding="utf-8")
    found = re.findall(r'<a href="([^"#][^"]*)"', page)
    assert found == ["01-fails.html#there", "WORDS.html", "../notebooks/images/plan.svg", "https://example.org/a.ipynb"]
    assert 'href="00-start-here.html"' in (out / "WORDS.html").read_text(encoding="utf-8")


def test_the_index_links_every_page_and_says_what_failed(executed):
    _, out = executed
    index = (out / "index.html").read_text(encoding="utf-8")
    found = re.findall(r'<a href="([^"#]+)"', index)
    assert found == ["00-start-here.html", "01-fails.html", "02-hangs.html", "03-dies.html", "WORDS.html"]
    assert all((out / name).is_file() for name in found)
    assert "ValueError: bad" in index


class References(HTMLParser):
    """Collect what a page loads from elsewhere, and what it says for those who do not see."""

    def __init__(self, page):
        super().__init__()
        self.loaded, self.language, self.alts = [], None, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.language = attributes.get("lang") if tag == "html" else self.language
        self.alts += [attributes.get("alt")] if tag == "img" else []
        if tag != "a":
            found = [attributes.get(name) for name in ("src", "srcset", "href", "data", "poster")]
            self.loaded += [address for address in found if address and not address.startswith(("data:", "#"))]


def test_a_page_is_complete_without_a_network(executed):
    _, out = executed
    page = (out / "00-start-here.html").read_text(encoding="utf-8")
    references = References(page)
    assert references.loaded == []
    assert re.findall(r"@import[^;]*|url\(\s*['\"]?(?:https?:)?//[^)]*", page) == []
    scripts = "".join(re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL))
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+/\S*", scripts) == []
    assert "It works when the notebook runs." in page


def test_a_page_has_its_language_its_title_and_its_alt_texts(executed):
    _, out = executed
    page = (out / "00-start-here.html").read_text(encoding="utf-8")
    references = References(page)
    assert references.language == "en"
    assert "<title>Try a *toy*</title>" in page
    assert references.alts == ["A red dot"]


@pytest.mark.parametrize(
    ("trace", "shown"),
    [
        ({"text/plain": "Choose from: <a>, b"}, "<p>Choose from: &lt;a&gt;, b</p>"),
        ({"text/plain": "x", "text/html": "<p>Pick <b>one</b></p>"}, "<p>Pick <b>one</b></p>"),
    ],
    ids=["in words", "as a table or list"],
)
def test_a_controls_place_shows_what_it_left_behind(tmp_path, trace, shown):
    from cvhelpers.commands.page import write_page

    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "m", "version_major": 2, "version_minor": 0}}
    cell = code("pick()")
    cell.outputs = [new_output("display_data", {**view, **trace})]
    state = {"state": {"m": {"model_name": "Box", "state": {}}}, "version_major": 2, "version_minor": 0}
    notebook = new_notebook(cells=[cell], metadata={"widgets": {"application/vnd.jupyter.widget-state+json": state}})
    write_page(notebook, tmp_path / "toy.html", pictures_from=tmp_path)
    page = (tmp_path / "toy.html").read_text(encoding="utf-8")
    assert shown in page
    assert "It works when the notebook runs." in page


def test_a_picture_of_the_text_is_put_into_the_page(tmp_path):
    from PIL import Image

    from cvhelpers.commands.page import write_page

    Image.new("RGB", (2, 2)).save(tmp_path / "dot.png")
    notebook = nbformat.read(write_toy(tmp_path / "toy.ipynb"), as_version=4)
    notebook.cells.append(new_markdown_cell("![A black dot](dot.png)"))
    write_page(notebook, tmp_path / "toy.html", pictures_from=tmp_path)
    assert References((tmp_path / "toy.html").read_text(encoding="utf-8")).loaded == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to one process")
def test_ctrl_c_keeps_what_is_done_and_says_so(tmp_path):
    write_toy(tmp_path / "slow.ipynb", code("print('before')"), code("import time\ntime.sleep(60)"))
    running = subprocess.Popen([*COMMAND, "execute", "slow.ipynb"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    written = tmp_path / "out" / "slow.ipynb"
    wait_until(lambda: written.exists() and written.read_text(encoding="utf-8").count("before") == 2)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "Stopped in slow.ipynb. What was done until then is in out." in said
    assert "before" in (tmp_path / "out" / "slow.html").read_text(encoding="utf-8")


def wait_until(ask, seconds=30):
    end = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
    return answer


# --- cvhelpers lab


def fetched(address):
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.URLError:  # not listening yet
        return None


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """What `cvhelpers lab` prints until it serves, the address, the folder that it was started in, and the process."""
    tmp_path = tmp_path_factory.mktemp("lab")
    write_toy(tmp_path / "notebooks" / "00-start-here.ipynb", code("6 * 7"))
    command = [*COMMAND, "lab", "--no-browser", "--ServerApp.open_browser=False"]
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        try:
            printed = []
            for line in running.stdout:
                printed.append(line)
                if "Leave this window" in line:
                    break
            address = re.search(r"http://\S+", "".join(printed))[0]
            wait_until(lambda: fetched(address))
            yield printed, address, tmp_path, running
        finally:
            running.kill()


def test_lab_serves_the_learners_copy_at_the_address_that_it_prints_once(lab):
    printed, address, folder, _ = lab
    assert len(printed) == 3, "three lines and no log"
    assert "".join(printed).count("http") == 1
    assert "If it does not, copy this address" in "".join(printed)
    assert "/lab/tree/my-notebooks/00-start-here.ipynb?token=" in address
    copy = nbformat.read(folder / "my-notebooks" / "00-start-here.ipynb", as_version=4)
    assert [cell.outputs for cell in copy.cells if cell.cell_type == "code"] == [[], []]


def test_lab_asks_nobody_about_news(lab):
    """The front end reads this setting when it starts: "none" is what makes it ask."""
    _, address, *_ = lab
    settings = address.replace("/lab/tree/my-notebooks/00-start-here.ipynb", "/lab/api/settings/" + NEWS)
    properties = json.loads(fetched(settings))["schema"]["properties"]
    assert properties["fetchNews"]["default"] == "false"


NEWS = "@jupyterlab/apputils-extension:notification"


def test_lab_ends_when_it_is_stopped_while_a_page_asks_it(lab):
    """It is the last one here. Jupyter's threads that had answered kept the process from ending."""
    _, address, folder, running = lab
    for number in range(500):  # so that there is always an answer under way
        (folder / "my-notebooks" / f"{number}.txt").touch()
    listing = address.replace("/lab/tree/my-notebooks/00-start-here.ipynb", "/api/contents/my-notebooks")

    def ask():
        with contextlib.suppress(OSError):
            while urllib.request.urlopen(listing, timeout=5).read():
                pass

    for _ in range(4):
        threading.Thread(target=ask, daemon=True).start()
    assert fetched(listing)
    running.terminate()
    assert running.wait(10) == 0


@pytest.mark.parametrize(
    ("arguments", "imported"),
    [(["lab", "--version"], "jupyterlab.labapp"), (["execute", "-p", "no", "1"], "papermill")],
)
def test_jupyter_starts_without_a_grammar_that_nothing_here_uses(arguments, imported, tmp_path):
    """lark would build a grammar of international addresses, which takes more than a second at each start."""
    write_toy(tmp_path / "notebooks" / "00-start-here.ipynb")
    command = [sys.executable, "-X", "importtime", *COMMAND[1:], *arguments]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60).stderr
    modules = set(re.findall(r"\| +([\w.]+)$", said, re.MULTILINE))
    assert {imported, "jsonschema"} <= modules
    assert "lark" not in modules


def test_lab_takes_root_only_from_root(monkeypatch, tmp_path):
    from cvhelpers.commands.lab import _arguments

    copies = Copies(tmp_path / "notebooks")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert "--allow-root" in _arguments(copies)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert "--allow-root" not in _arguments(copies)


def test_each_lab_has_a_password_of_its_own_and_keeps_settings_that_are_known(monkeypatch, tmp_path):
    from cvhelpers.commands import lab

    tokens = {
        word.removeprefix("--IdentityProvider.token=")
        for _ in range(2)
        for word in lab._arguments(Copies(tmp_path / "notebooks"))
        if word.startswith("--IdentityProvider.token=")
    }
    assert [len(token) for token in tokens] == [32, 32]
    for known, expected in (("", [str(lab.SETTINGS)]), ("/etc/mine", ["/etc/mine", str(lab.SETTINGS)])):
        monkeypatch.setenv("JUPYTER_CONFIG_PATH", known)
        lab._add_settings()
        assert os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep) == expected
