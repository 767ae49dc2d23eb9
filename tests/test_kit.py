"""The kit for a room without a network: made here, installed and run where there is no interface but the loopback."""

import re
import shutil
import subprocess
import sys
import sysconfig
from html.parser import HTMLParser

import pytest
from packaging.utils import parse_wheel_filename

from cvhelpers.__main__ import main
from cvhelpers.commands import kit
from toys import ROOT

FIRST = ROOT / "notebooks" / "00-start-here.ipynb"
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


@pytest.mark.slow
@on_linux
def test_a_kit_installs_and_runs_without_a_network(folder, no_network):
    """To the letter of the page that comes with it, up to the command that opens a browser."""
    install = commands(folder)["macOS and Linux"][0].replace(f"python{HERE}", sys.executable)
    run = f"lab/bin/cvhelpers execute {FIRST} --out out --source on-device"
    done = subprocess.run(
        [*no_network, "sh", "-ec", f"{install}\n{run}"], cwd=folder, capture_output=True, text=True, timeout=500
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 notebooks ran without a failure" in done.stdout


@pytest.mark.slow
@on_linux
def test_a_kit_brings_the_notebooks(folder):
    (wheel,) = folder.glob("wheels/cvhelpers-*.whl")
    listed = subprocess.run([sys.executable, "-m", "zipfile", "-l", wheel], capture_output=True, text=True, check=True)
    assert "cvhelpers/notebooks/00-start-here.ipynb" in listed.stdout


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


def test_without_a_network_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(kit.shutil, "which", lambda name: name)
    failing = subprocess.CompletedProcess([], 1, "", "error: dns error")
    monkeypatch.setattr(kit.subprocess, "run", lambda *_, **__: failing)
    assert main(["kit", str(tmp_path / "kit")]) == 2
    assert "Is there a network here?\nerror: dns error" in capsys.readouterr().err


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


def test_wheels_of_a_kit_fit_its_computer_and_python(folder):
    wanted = {"any", "linux_x86_64"}
    for wheel in (folder / "wheels").iterdir():
        _, _, _, tags = parse_wheel_filename(wheel.name)
        assert any(tag.platform in wanted or tag.platform.startswith("manylinux") for tag in tags), wheel.name
