"""What the tests in a real browser share: Debian's Chromium, JupyterLab, axe, screenshots.

Without a Chromium they are skipped with a word. CVHELPERS_CHROMIUM names one that is elsewhere, and with
CVHELPERS_BROWSER_REQUIRED=1, which `.ci/run` sets, a missing one is a failure.

To open a notebook and run it::

    def test_it(lab):
        page = lab.open("notebooks/00-start-here.ipynb")
        lab.run_all(page)
        assert not lab.errors(page)
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from systems import interrupt

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",  # Chromium refuses to run as root with one, as containers do
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a camera that shows a test picture ...
    "--use-fake-ui-for-media-stream",  # ... and may be used without a question
]
SIZES = {
    "1280": {"width": 1280, "height": 800},
    "768": {"width": 768, "height": 1024},
    "390": {"width": 390, "height": 844},
}


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome on this computer."""
    names = (os.environ.get("CVHELPERS_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Plain `pytest` leaves these tests out, `pytest -m browser` runs them.

    They come last: Playwright keeps an event loop running in this thread, in which no other can start.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.is_relative_to(HERE))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless browser for all tests."""
    required = os.environ.get("CVHELPERS_BROWSER_REQUIRED") == "1"
    path = find_chromium()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sync_playwright = None
    if path is None or sync_playwright is None:
        word = (
            "no Chromium found: install it, for instance with apt-get install chromium"
            if sync_playwright
            else ("playwright is not installed")
        )
        pytest.fail(word) if required else pytest.skip(word)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield chromium
        chromium.close()


# --------------------------------------------------------------------------------------------------------------
# servers


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def jupyter_environment(folder: Path) -> dict[str, str]:
    """Settings of its own, so that nobody's own Jupyter is read or changed."""
    names = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    own = {f"JUPYTER_{name}": str(folder / name.lower()) for name in names}
    own |= {"IPYTHONDIR": str(folder / "ipython"), "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces")}
    return {**os.environ, **own, "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}


@contextlib.contextmanager
def serving(command: list[str], port: int, environment: dict[str, str], log: Path) -> Iterator[None]:
    """A server that runs until the block ends."""
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(port, server, log)
        yield
    finally:
        interrupt(server)
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.terminate()
            server.wait(10)


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"{server.args} did not come up:\n{log.read_text(encoding='utf-8')[-2000:]}")


class Lab:
    """JupyterLab with a folder of the repository, and pages of it in the browser."""

    def __init__(self, browser: Any, port: int, token: str) -> None:
        self.browser, self.port, self.token = browser, port, token

    def open(self, notebook: str, size: str = "1280", theme: str = "light") -> Any:
        """Open a notebook, by its path in the repository, with a kernel that is ready."""
        page = self.browser.new_page(viewport=SIZES[size])
        page.set_default_timeout(15_000)
        page.goto(f"http://127.0.0.1:{self.port}/lab/tree/{notebook}?token={self.token}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
        page.evaluate("""async () => {
            const session = jupyterapp.shell.currentWidget.sessionContext;
            await session.ready;
            await session.session.kernel.info;  // the kernel itself has answered: an earlier "idle" is a guess
        }""")
        page.evaluate("jupyterapp.shell.collapseLeft()")  # on a narrow screen the list of files leaves no room
        self.set_theme(page, theme)
        return page

    def set_theme(self, page: Any, theme: str) -> None:
        """ "light" or "dark"."""
        name = f"JupyterLab {theme.capitalize()}"
        if page.evaluate("document.body.dataset.jpThemeName") == name:
            return
        page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)

    def run_all(self, page: Any, seconds: float = 120) -> None:
        """Run all cells; returns when the last one is done, or one has failed."""
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_timeout(500)  # by then every cell is queued, and has lost the number of an earlier run
        done = """() => {
            const cells = [...jupyterapp.shell.currentWidget.content.model.cells]
                .filter(cell => cell.type === "code" && cell.sharedModel.source.trim());
            const failed = cell => cell.toJSON().outputs.some(output => output.output_type === "error");
            return cells.every(cell => cell.executionCount !== null) || cells.some(failed);
        }"""
        page.wait_for_function(done, timeout=seconds * 1000)

    def errors(self, page: Any) -> list[str]:
        """What the cells say that failed, whether they are on the screen or not."""
        return list(
            page.evaluate("""() => [...jupyterapp.shell.currentWidget.content.model.cells]
                .flatMap(cell => cell.toJSON().outputs || [])
                .filter(output => output.output_type === "error")
                .map(output => `${output.ename}: ${output.evalue}`)""")
        )


JUPYTERLAB = (
    "from cvhelpers.commands import quicken_jupyter as quicken; quicken(); from jupyterlab.labapp import main; main()"
)
"""As `cvhelpers lab` starts it."""


@pytest.fixture(scope="session")
def lab(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab at the root of the repository."""
    folder = tmp_path_factory.mktemp("lab")
    news = folder / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    news.parent.mkdir(parents=True)
    news.write_text(json.dumps({"fetchNews": "false"}))
    saving = folder / "settings" / "@jupyterlab" / "docmanager-extension" / "plugin.jupyterlab-settings"
    saving.parent.mkdir(parents=True)
    saving.write_text(json.dumps({"autosave": False}))  # the stored notebooks stay as they are
    port, token = free_port(), secrets.token_hex(8)
    command = [
        sys.executable, "-c", JUPYTERLAB, "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={ROOT}", "--ServerApp.port_retries=0",
        "--LabApp.news_url=None", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    with serving(command, port, jupyter_environment(folder), folder / "lab.log"):
        yield Lab(browser, port, token)


@contextlib.contextmanager
def learners_lab(folder: Path) -> Iterator[str]:
    """`cvhelpers lab` in a learner's folder, which has notebooks and nothing else; the address that it prints."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    command = [sys.executable, "-m", "cvhelpers", "lab", "--no-browser", f"--port={free_port()}"]
    command += ["--LabApp.expose_app_in_browser=True"]
    environment = jupyter_environment(folder / "jupyter")
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as lab:
        try:
            assert lab.stdout
            yield next(found[0] for line in lab.stdout if (found := re.search(r"http://\S+", line)))
        finally:
            lab.terminate()
            lab.wait(20)
