"""`cvhelpers serve`, and the quickstarts' programs against it: plain requests, nothing changed but key and address.

The programs in ``programs/`` are our own and do what the five quickstarts do.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from cvhelpers.__main__ import main
from cvhelpers.ondevice.service.http_server import HttpServer
from systems import POSIX

from .serving import Server, start

PROGRAMS = Path(__file__).parent / "programs"

pytestmark = pytest.mark.slow


def run(program: str, *arguments: str) -> list[str]:
    """The lines that a program prints."""
    done = subprocess.run([sys.executable, PROGRAMS / program, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@POSIX
def test_it_says_how_to_use_it_and_stops_when_told() -> None:
    server = start("--key", "classroom", "--calls-per-minute", "2")
    assert server.endpoint.startswith("http://127.0.0.1:")
    assert server.key == "classroom"
    headers = {"Ocp-Apim-Subscription-Key": server.key}
    statuses = [requests.get(f"{server.endpoint}/vision/v2.0/models", headers=headers).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert "Stopped." in server.stop()
    assert server.process.returncode == 0


@POSIX
def test_it_makes_up_a_key_and_ends_on_a_sigterm() -> None:
    server = start()
    assert re.fullmatch("[0-9a-f]{32}", server.key)
    assert requests.get(f"{server.endpoint}/vision/v2.0/models").status_code == 401
    server.process.terminate()
    server.process.wait(10)
    assert server.process.returncode == -signal.SIGTERM


def test_open_to_others_it_fetches_nothing_from_this_computer(samples: str) -> None:
    server = start("--host", "0.0.0.0", "--key", "classroom")
    try:
        port = server.endpoint.rpartition(":")[2]
        answer = requests.post(
            f"http://127.0.0.1:{port}/vision/v2.0/tag",
            headers={"Ocp-Apim-Subscription-Key": "classroom"},
            json={"url": f"{samples}/cat.jpg"},
        )
    finally:
        server.stop()
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidImageUrl")


@pytest.fixture
def never_serving(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a start that must fail, in this process: should it begin to serve, that is a failure, not a wait."""

    def run(*_: object, **__: object) -> None:
        raise AssertionError("it serves")

    monkeypatch.setattr(HttpServer, "run", run)


@pytest.mark.usefixtures("never_serving")
def test_a_port_that_is_taken_is_said_to_be(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    port = server.endpoint.rpartition(":")[2]
    assert main(["serve", "--port", port]) == 2
    assert f"Can't listen at 127.0.0.1 port {port}" in capsys.readouterr().err


@pytest.mark.usefixtures("never_serving")
@pytest.mark.parametrize("key", ["schlüssel", "two words", "", "tab\t"])
def test_a_key_that_no_header_can_carry_is_refused_at_the_start(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", "--key", key]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("cvhelpers serve: A key can have the letters a to z")
    assert "Choose another one with --key" in said.err


def test_requests_that_follow_one_another_are_answered_without_delay(server: Server) -> None:
    """Half of them in less than the 40 ms that each would wait for a packet if small answers were held back."""
    seconds = []
    with requests.Session() as session:
        for _ in range(40):
            began = time.perf_counter()
            session.get(f"{server.endpoint}/vision/v2.0/models", headers={"Ocp-Apim-Subscription-Key": server.key})
            seconds.append(time.perf_counter() - began)
    assert sorted(seconds)[20] < 0.035


def test_analyze(server: Server, samples: str, folder: Path) -> None:
    lines = run("analyze.py", server.endpoint, server.key, f"{samples}/cat.jpg", str(folder / "cat.jpg"))
    assert lines[:2] == lines[2:]
    assert "cat" in lines[0]
    assert re.fullmatch(r"animal_\w* [0-9A-F]{6} Jpeg", lines[1])


def test_ocr(server: Server, samples: str) -> None:
    lines = run("ocr.py", server.endpoint, server.key, f"{samples}/democritus.png")
    assert "ATOMS True" in lines
    assert all(line.endswith(" True") for line in lines)


def test_handwriting(server: Server, samples: str) -> None:
    lines = run("handwriting.py", server.endpoint, server.key, f"{samples}/pangrams.png")
    assert all(line.startswith("8 ") for line in lines)
    assert "five dozen liquor jugs" in " ".join(lines)


def test_search(server: Server) -> None:
    lines = run("search.py", server.endpoint, server.key)
    assert len(lines) == 14, "it asks for 16; so many of the library are free of all rights"
    assert all(line.startswith("True ") for line in lines)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory a process has")
def test_nothing_of_a_picture_is_kept(server: Server, folder: Path) -> None:
    """Forty calls more leave the process as large as it was."""
    picture = (folder / "cat.jpg").read_bytes()
    headers = {"Ocp-Apim-Subscription-Key": server.key, "Content-Type": "application/octet-stream"}

    def kilobytes_after(calls: int) -> int:
        for _ in range(calls):
            answer = requests.post(f"{server.endpoint}/vision/v2.0/ocr", headers=headers, data=picture)
            assert answer.status_code == 200
        status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
        return int(status.partition("VmRSS:")[2].split()[0])

    before = kilobytes_after(40)  # by then both workers have what they need
    assert kilobytes_after(40) - before < 20_000
