"""``cvhelpers serve`` and ``cvhelpers explore`` as a person starts them: addresses, a QR code, where the key is not."""

from __future__ import annotations

import asyncio
import io
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import requests

from cvhelpers.ondevice.service.serve import address_of, qr_code, welcome, with_key
from systems import LINUX, POSIX, interrupt

from .test_studio import scripts

KEY = "class+room/7"
HEADER = "Ocp-Apim-Subscription-Key"


class Terminal(io.StringIO):
    """A terminal, or a file, with some letters."""

    def __init__(self, encoding: str, is_terminal: bool = True) -> None:
        super().__init__()
        self.letters, self.is_terminal = encoding, is_terminal

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self.letters

    def isatty(self) -> bool:
        return self.is_terminal


# --- what it says


class Probe:
    """A socket of datagrams on a computer with a network, or without one."""

    def __init__(self, own: str) -> None:
        self.own = own

    def __call__(self, *kind: object) -> Probe:
        return self

    def __enter__(self) -> Probe:
        return self

    def __exit__(self, *error: object) -> None: ...

    def connect(self, address: object) -> None:
        if not self.own:
            raise OSError("Network is unreachable")

    def getsockname(self) -> tuple[str, int]:
        return self.own, 54321


@pytest.mark.parametrize(
    ("host", "own", "address"),
    [
        ("0.0.0.0", "10.1.2.3", "http://10.1.2.3:8123"),
        ("::", "fd00::7", "http://[fd00::7]:8123"),
        ("0.0.0.0", "", "http://the-name:8123"),
        ("192.168.1.5", "10.1.2.3", "http://192.168.1.5:8123"),
    ],
)
def test_a_service_for_others_prints_an_address_that_they_can_type(
    monkeypatch: pytest.MonkeyPatch, host: str, own: str, address: str
) -> None:
    """Nothing is listened at here: the address is asked of the system. Its name stands in where there is no network."""
    monkeypatch.setattr(socket, "socket", Probe(own))
    monkeypatch.setattr(socket, "gethostname", lambda: "the-name")
    assert address_of(host, 8123) == address


def test_the_welcome_says_which_key_and_puts_it_behind_the_number_sign() -> None:
    said = welcome("http://192.0.2.7:8000", KEY, public=True)
    assert "The service answers at http://192.0.2.7:8000\n" in said
    assert "Others in your network can reach it." in said
    assert f"the key, {KEY}:" in said
    assert "█" in said, "the code itself"
    assert f"VISION_KEY={KEY}" in said
    assert "http://192.0.2.7:8000/#key=class%2Broom%2F7" in said
    assert not re.search(r"\?\S*class", said), "a key in a query would stand in logs"
    alone = welcome("http://127.0.0.1:8000", KEY, public=False)
    assert "Only this computer can reach it." in alone
    assert "█" not in alone, "no telephone could reach it"


def test_the_welcome_speaks_the_shell_of_the_system() -> None:
    """And a key with signs that a shell would take for its own comes through it whole."""
    key = "it's-$5"
    said = welcome("http://127.0.0.1:8000", key, public=False, windows=True)
    assert "$env:VISION_ENDPOINT='http://127.0.0.1:8000'\n" in said
    assert "$env:VISION_KEY='it''s-$5'\n" in said
    assert "curl.exe 'http://127.0.0.1:8000/vision/v2.0/describe' `\n" in said
    assert "--data-binary '@picture.jpg'" in said, "PowerShell has a meaning of its own for an @"
    assert "export" not in said
    said = welcome("http://127.0.0.1:8000", key, public=False, windows=False)
    lines = [line.strip() for line in said.replace("\\\n", "").splitlines()]
    words = [shlex.split(line) for line in lines if line.startswith(("export", "curl"))]
    assert words[:2] == [["export", "VISION_ENDPOINT=http://127.0.0.1:8000"], ["export", f"VISION_KEY={key}"]]
    assert all(f"Ocp-Apim-Subscription-Key: {key}" in line for line in words[2:])
    assert len(words) == 4


def test_a_telephone_reads_the_address_and_the_key_from_the_qr_code() -> None:
    address = with_key("http://192.168.1.23:8000", KEY)
    for terminal in (Terminal("utf-8"), Terminal("utf-8", is_terminal=False)):
        code = qr_code(address, terminal)
        if terminal.is_terminal:
            assert all(line.startswith("\x1b[97;40m") for line in code.splitlines()), "light on dark, on any ground"
        assert cv2.QRCodeDetector().detectAndDecode(drawn(re.sub("\x1b\\[[0-9;]*m", "", code)))[0] == address


def drawn(code: str) -> np.ndarray:
    """The letters as a picture: each stands for two squares, one over the other. A light square is a full one."""
    halves = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    lines = code.splitlines()
    rows = [[halves[letter][half] for letter in line] for line in lines for half in (0, 1)]
    return np.kron(np.array(rows, np.uint8) * 255, np.ones((8, 8), np.uint8))


def test_a_terminal_without_such_letters_shows_no_qr_code() -> None:
    assert qr_code("http://192.0.2.7:8000/#key=a", Terminal("ascii")) == ""
    assert qr_code("http://192.0.2.7:8000/#key=a", Terminal("no-such-encoding")) == ""


# --- as processes of their own


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[str], Path]]:
    """A service for this computer with our key: its address, its process, and the file with all that it says."""
    log = tmp_path_factory.mktemp("serving") / "log"
    with log.open("w") as output:
        command = [sys.executable, "-m", "cvhelpers", "serve", "--port", "0", "--key", KEY]
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, text=True)
    try:
        yield waited_for(log, r"answers at (\S+)"), process, log
    finally:
        interrupt(process)
        assert process.wait(20) == 0 or sys.platform == "win32"


def waited_for(log: Path, pattern: str) -> str:
    for _ in range(600):
        if found := re.search(pattern, log.read_text(encoding="utf-8")):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_key_is_in_no_log(serving: tuple[str, subprocess.Popen[str], Path]) -> None:
    base, _, log = serving
    waited_for(log, r"(bing/v7\.0)")
    time.sleep(0.2)
    said = log.read_text(encoding="utf-8")
    for key in (KEY, "wrong-" + KEY, ""):
        for path in ("/vision/v3.2/models", "/vision/v3.2/nothing", f"/?key={KEY}", f"/{KEY}", "/studio/main.js"):
            requests.get(base + path, headers={HEADER: key}, timeout=10)
        broken = requests.post(f"{base}/vision/v3.2/tag", data=b"{", headers={HEADER: key}, timeout=10)
        assert KEY not in broken.text + str(broken.headers)
    time.sleep(0.3)
    assert KEY not in log.read_text(encoding="utf-8").removeprefix(said)


@pytest.mark.slow
@pytest.mark.parametrize(("host", "status"), [("localhost:1", 200), ("127.0.0.1", 200), ("rebound.example:1", 400)])
def test_a_service_for_this_computer_has_no_other_name(
    serving: tuple[str, subprocess.Popen[str], Path], host: str, status: int
) -> None:
    """A web page whose own name leads here could read what needs no key: a thumbnail of a picture of one's own."""
    assert requests.get(f"{serving[0]}/th?q=cat", headers={"Host": host}, timeout=30).status_code == status


class Visitor:
    """A browser's connection, as cheap as can be: what is measured here is the server, on the same processors."""

    def __init__(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.host, self.reader, self.writer = host, reader, writer

    @classmethod
    async def at(cls, base: str) -> Visitor:
        host = base.removeprefix("http://")
        name, port = host.split(":")
        return cls(host, *await asyncio.open_connection(name, int(port)))

    async def get(self, path: str) -> bytes:
        """The body, asked for again where the service was busy and said when to come back."""
        lines = (f"GET {path} HTTP/1.1", f"Host: {self.host}", "Accept: text/html", f"{HEADER}: {KEY}", "", "")
        while True:
            self.writer.write("\r\n".join(lines).encode())
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = re.search(r"content-length: (\d+)", head)
            assert length, head
            body = await self.reader.readexactly(int(length[1]))
            if " 503 " not in head.partition("\r\n")[0]:
                assert " 200 " in head.partition("\r\n")[0], head
                return body
            await asyncio.sleep(1)


VISITORS = 200
MOST_SECONDS, MOST_MEGABYTES = 60.0, 80.0


@pytest.mark.slow
@LINUX
def test_two_hundred_visitors_get_the_studio_from_one_process(
    serving: tuple[str, subprocess.Popen[str], Path],
) -> None:
    """Each opens the page with all that it loads, then searches once. It costs no process, and a bound of memory."""
    base, process, _ = serving
    paths = ["/", *scripts(base), "/openapi.json", "/studio/samples.json", "/studio/samples/street-at-night.jpg"]
    before, began = memory_of(process.pid), time.monotonic()

    async def visit() -> None:
        visitor = await Visitor.at(base)
        for path in paths:
            await visitor.get(path)
        assert b'"contentUrl"' in await visitor.get("/bing/v7.0/images/search?q=dog&count=8")

    async def all_visit() -> None:
        await asyncio.gather(*(visit() for _ in range(VISITORS)))

    asyncio.run(asyncio.wait_for(all_visit(), MOST_SECONDS))
    seconds, grown = time.monotonic() - began, memory_of(process.pid) - before
    assert children_of(process.pid) == []
    assert grown < MOST_MEGABYTES, f"{grown:.0f} MB"
    print(f"{VISITORS} visitors, {len(paths) + 1} requests each: {seconds:.1f} s, {grown:.1f} MB more")


def memory_of(process: int) -> float:
    """Resident megabytes."""
    return float(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def children_of(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


@pytest.mark.slow
@POSIX  # whose programs may be a line of text
def test_explore_opens_the_browser_at_the_studio_on_this_computer_alone(tmp_path: Path) -> None:
    opened, log = tmp_path / "opened", tmp_path / "log"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {opened}\n')
    browser.chmod(0o755)
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cvhelpers", "explore"],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "BROWSER": str(browser)},
        )
    try:
        url = waited_for(log, r"(http\S+)")
        for _ in range(100):
            if opened.exists() and opened.read_text():
                break
            time.sleep(0.1)
        assert opened.read_text() == url
        base, key = url.split("/#key=")
        assert base.startswith("http://127.0.0.1:"), "nobody else can reach it"
        assert "Vision studio" in requests.get(base, headers={"Accept": "text/html"}, timeout=10).text
        assert requests.get(f"{base}/vision/v3.2/models", headers={HEADER: key}, timeout=10).status_code == 200
        assert len(key) == 32
    finally:
        interrupt(process)
        assert process.wait(20) == 0
    assert log.read_text(encoding="utf-8").endswith("Stopped.\n")


def test_explore_opens_nothing_where_that_is_not_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    """And a port that is taken is told in words."""
    from cvhelpers.__main__ import main

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["explore", "--no-browser", "--port", str(taken.getsockname()[1])]) == 2
    assert "Choose another one with --port." in capsys.readouterr().err
