"""The kit for a room without a network: made here, installed and run where there is no interface but the loopback.

So this is also the proof that each notebook is a recipe: it runs with other ingredients, and without any network. That
each gives its stored outputs is for nbval, through notebook_harness: `pytest notebooks`.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from html.parser import HTMLParser
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.utils import parse_wheel_filename

from cvhelpers.__main__ import main
from cvhelpers.commands import kit
from toys import NOTEBOOKS, code, write_toy

# What each notebook runs with here; different from what its cell of parameters says.
COMMONS = "https://upload.wikimedia.org/wikipedia/commons/thumb"
DEMOCRITUS = f"{COMMONS}/a/af/Atomist_quote_from_Democritus.png/338px-Atomist_quote_from_Democritus.png"
PANGRAMS = f"{COMMONS}/d/dd/Cursive_Writing_on_Notebook_paper.jpg/800px-Cursive_Writing_on_Notebook_paper.jpg"
OTHER_PARAMETERS = {
    "00-start-here": {"source": "on-device"},
    "01-analyze-remote-image": {"source": "on-device", "endpoint": "westus", "image_url": DEMOCRITUS},
    "02-analyze-local-image": {"source": "keyless", "image_path": "../samples/pictures/coffee.jpg"},
    "03-extract-printed-text": {"source": "keyless", "image_url": PANGRAMS, "language": "en"},
    "04-extract-handwritten-text": {"source": "on-device", "image_url": DEMOCRITUS, "mode": "Printed"},
    "05-search-images": {"source": "on-device", "search_term": "coffee", "count": 5},
    "06-what-machines-see": {"source": "recorded", "repeats": 1, "seed": 2},
}
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
on_linux = pytest.mark.skipif(
    sysconfig.get_platform() != "linux-x86_64", reason="the kit's computer is Linux on x86-64"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A kit for this computer."""
    if not shutil.which("uv"):
        pytest.skip("uv is not installed: python -m pip install uv")
    folder = tmp_path_factory.mktemp("kit")
    assert main(["kit", str(folder), "--for", "linux"]) == 0
    return folder


@pytest.fixture(scope="module")
def installed(folder, no_network):
    """The kit, installed to the letter of the page that comes with it; and what runs a command of it."""
    install = commands(folder)["macOS and Linux"][0].replace(f"python{HERE}", sys.executable)

    def run(*command):
        return subprocess.run(
            [*no_network, *command], cwd=folder, capture_output=True, text=True, timeout=500, check=False
        )

    done = run("sh", "-ec", install)
    assert done.returncode == 0, done.stdout + done.stderr
    return run


@pytest.mark.slow
@pytest.mark.packages
@on_linux
@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_a_notebook_of_the_kit_runs_with_other_parameters(name, folder, installed):
    """The wheel brings the notebooks; answers are made on this computer, and nothing else can be reached."""
    assert name in OTHER_PARAMETERS, f"say with which other parameters {name} is to run"
    (notebook,) = folder.glob(f"lab/lib/python*/site-packages/cvhelpers/notebooks/{name}.ipynb")
    parameters = [word for item in OTHER_PARAMETERS[name].items() for word in ("-p", *map(str, item))]
    done = installed("lab/bin/cvhelpers", "execute", str(notebook), "--out", "out", *parameters)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 notebooks ran without a failure" in done.stdout


@pytest.mark.slow
@pytest.mark.packages
@on_linux
def test_without_a_network_means_without(installed, tmp_path):
    reach = "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=5)"
    toy = write_toy(tmp_path / "toy.ipynb", code(reach))
    done = installed("lab/bin/cvhelpers", "execute", str(toy), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "OSError: [Errno 101] Network is unreachable" in done.stdout


@pytest.mark.slow
@pytest.mark.packages
def test_another_computer_gets_its_own_packages(tmp_path, monkeypatch):
    """What Windows alone needs is asked for by uv, whatever this computer is."""
    ran = []

    def run(*command):
        ran.append(command)
        if "compile" in command:
            subprocess.run(command, check=True)
            needed.append((tmp_path / command[command.index("--output-file") + 1]).read_text())

    needed = []
    if not shutil.which("uv"):
        pytest.skip("uv is not installed: python -m pip install uv")
    monkeypatch.setattr(kit, "_run", run)
    kit.fetch(tmp_path, kit.COMPUTERS["windows"], "3.12")
    assert re.search(r"^pywinpty==", needed[0], re.MULTILINE)
    assert re.search(r"^colorama==", needed[0], re.MULTILINE)
    assert not re.search(r"^pexpect==", needed[0], re.MULTILINE)
    assert "win_amd64" in ran[-1]
    tested = dict(line.split("==") for line in kit.tested_versions())
    assert f"jupyterlab=={tested['jupyterlab']}\n" in needed[0], "the versions are those that the tests run with"


def test_a_kit_holds_what_uv_and_pip_bring_for_each_computer_and_python(tmp_path, monkeypatch, capsys):
    """Both are played: the tests above run them."""
    asked, folder = [], tmp_path / "kit"

    def run(command, env, **_):
        after = {word: command[place + 1] for place, word in enumerate(command[:-1])}
        assert env["MACOSX_DEPLOYMENT_TARGET"] == "14.0"
        assert env.items() >= {**os.environ, "MACOSX_DEPLOYMENT_TARGET": "14.0"}.items()
        if "build" in command:
            (Path(after["--out-dir"]) / ".gitignore").write_text("*")
            (Path(after["--out-dir"]) / "a.whl").write_bytes(bytes(1_700_000))
        elif "compile" in command:
            tested = dict(line.split("==") for line in Path(after["--constraint"]).read_text("utf-8").splitlines())
            assert tested["jupyterlab"] == version("jupyterlab"), "the versions are those that the tests run with"
            asked.append((after["--python-platform"], after["--python-version"]))
        else:
            tags = [tag for word, tag in pairwise(command) if word == "--platform"]
            assert Path(after["--dest"]) == folder / "wheels"
            asked.append((tags[-1], after["--python-version"]))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(kit.shutil, "which", lambda name: name)
    monkeypatch.setattr(kit.subprocess, "run", run)
    assert main(["kit", str(folder), "--python", "3.11", "3.12"]) == 0
    each = [
        ("x86_64-pc-windows-msvc", "win_amd64"),
        ("aarch64-apple-darwin", "macosx_14_0_arm64"),
        ("x86_64-manylinux_2_28", "manylinux2014_x86_64"),
    ]
    assert asked == [(word, python) for pair in each for python in ("3.11", "3.12") for word in pair]
    assert os.listdir(folder / "wheels") == ["a.whl"], "what uv would hide from git is copied like all else"
    assert "holds 1 wheels, 2 MB." in capsys.readouterr().out
    page = (folder / "HOW-TO.html").read_text("utf-8")
    assert "Windows; macOS 14.0 or later, Apple's processors; Linux" in page
    assert "3.11 or 3.12" in page


def test_without_a_network_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(kit.shutil, "which", lambda name: name)
    failing = subprocess.CompletedProcess([], 1, "", "error: dns error")
    monkeypatch.setattr(kit.subprocess, "run", lambda *_, **__: failing)
    assert main(["kit", str(tmp_path / "kit")]) == 2
    assert "Is there a network here?\nerror: dns error" in capsys.readouterr().err
    silent = subprocess.CompletedProcess([], 1, "".join(f"{n}\n" for n in range(9)), "")
    monkeypatch.setattr(kit.subprocess, "run", lambda *_, **__: silent)
    assert main(["kit", str(tmp_path / "kit")]) == 2
    assert capsys.readouterr().err.endswith("Is there a network here?\n4\n5\n6\n7\n8\n"), "its last words"


def test_without_uv_it_says_how_to_get_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(kit.shutil, "which", lambda name: None)
    assert main(["kit", str(tmp_path / "kit")]) == 2
    assert "uv is missing. Install it with: python -m pip install uv" in capsys.readouterr().err


def commands(folder):
    """The commands of the printed page, by the system they are for."""
    page = Page((folder / "HOW-TO.html").read_text(encoding="utf-8"))
    return page.commands


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.commands, self.systems, self.inside, self.loaded = {}, "", "", []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.inside = tag
        self.loaded += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data):
        if self.inside == "p" and (found := re.match(r"On (.+):", data)):
            self.systems = found[1]
        if self.inside == "pre" and data.strip():
            self.commands.setdefault(self.systems, []).append(data)

    def handle_endtag(self, tag):
        self.inside = ""


def test_the_page_has_the_commands_of_every_system_and_loads_nothing(tmp_path):
    text = kit.how_to(["windows", "linux"], ["3.11", "3.12"])
    page = Page(text)
    assert "$" not in text, "every place is filled in"
    assert page.loaded == []
    install, start = page.commands["Windows"]
    assert install.startswith("py -3.12 -m venv lab\nlab\\Scripts\\python -m pip install --no-index")
    assert start == "lab\\Scripts\\cvhelpers lab"
    assert len(page.commands["macOS and Linux"]) == 2
    assert "Windows; Linux" in text


@pytest.mark.slow
@pytest.mark.packages
def test_wheels_of_a_kit_fit_its_computer_and_python(folder):
    wanted = {"any", "linux_x86_64"}
    wheels = list((folder / "wheels").iterdir())
    assert wheels
    for wheel in wheels:
        _, _, _, tags = parse_wheel_filename(wheel.name)
        assert any(tag.platform in wanted or tag.platform.startswith("manylinux") for tag in tags), wheel.name
