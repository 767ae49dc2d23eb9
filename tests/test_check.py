"""The check of a setup: one call at most, words for what is wrong and what to do, and never the key."""

from __future__ import annotations

import getpass
import logging
import socket
import sys
import threading

import pytest
from IPython.core.error import StdinNotImplementedError

import cvhelpers as cv
from azure import Azure, Reply
from cvhelpers.__main__ import main
from cvhelpers.sources.settings import setting

KEY = "canary0123456789abcdef0123456789"
MODELS = Reply(json={"models": [{"name": "landmarks", "categories": []}]})


@pytest.fixture(autouse=True)
def _nothing_is_set_and_the_key_is_never_logged(monkeypatch, caplog, tmp_path):
    for name in ("VISION_ENDPOINT", "VISION_KEY", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    yield
    assert KEY not in caplog.text


def checked(endpoint: str, key: str | None = KEY, **options: object) -> cv.SetupCheck:
    """A check, after a look whether it shows the key."""
    found = cv.check_setup(endpoint, key, **options)
    assert KEY not in f"{found} {found!r} {found._repr_html_()} {vars(found)}"
    return found


def error(status: int, message: str = "No.", code: str = "", **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"error": {"code": code or str(status), "message": message}}, headers=named)


# --- all is well ---------------------------------------------------------------------------------------------


def test_one_call_is_enough_to_know_that_all_is_well():
    with Azure(MODELS) as azure:
        found = checked(azure.address)
        assert found
        assert (found.ok, found.problem, found.calls) == (True, "", 1)
        assert [(one.method, one.path, one.key) for one in azure.seen] == [("GET", "/vision/v3.2/models", KEY)]
        assert str(found).startswith("All is well. Computer Vision v3.2 answers, and takes your key.")
        assert "endpoint from what you passed, key from what you passed; 1 call made" in str(found)
        assert found.client.models()[0].name == "landmarks", "a client is ready"


def test_the_on_device_service_passes_the_check_too():
    """A teacher's own `cvhelpers serve` is checked in the same way."""
    from cvhelpers.ondevice.service.app import create_app
    from service.conftest import served
    from service.fakes import FakeEngine, FakeLibrary

    with served(create_app(FakeEngine(), FakeLibrary(), "classroom")) as base:
        assert cv.check_setup(base, "classroom").ok
        assert cv.check_setup(base, "classroom", "v2.0").ok, "a version that only Microsoft has retired"
        assert cv.check_setup(base, KEY).problem == "wrong key"


# --- what is wrong -------------------------------------------------------------------------------------------

OLD_QUOTA = "Out of call volume quota. Quota will be replenished in 03:14:17."
WRONG_TIER = (
    "The Analyze Operation under Computer Vision APIs is not supported with the current subscription key and pricing "
    "tier OpenAI.S0."
)
WRONG = [
    (error(401, "Access denied due to invalid subscription key or wrong API endpoint."), "wrong key", "same page"),
    (error(401, WRONG_TIER), "wrong tier", "Computer Vision"),
    (Reply(403, {"statusCode": 403, "message": OLD_QUOTA}), "quota used up", "renewed in 3.2 hours"),
    (error(403, "Quota Exceeded."), "quota used up", "A paid tier"),
    (error(403, "Access denied due to Virtual Network/Firewall rules."), "closed network", "Networking"),
    (error(403, "Principal does not have access to API/Operation."), "not allowed", "Cognitive Services User"),
    (error(404, "Resource not found"), "retired version or wrong resource", "api_version='v3.2'"),
    (Reply(410), "retired version or wrong resource", "v3.2"),
    (error(429, "Please retry after 26 seconds.", Retry_After="26"), "too many calls", "Wait 26 seconds"),
    (error(503, "Busy."), "service in trouble", "some minutes"),
    (error(418, "A teapot."), "another problem", "documentation"),
    (Reply(body=b"<html>Sign in to the hotel's network</html>"), "another answer", "sign in"),
    (Reply(302, headers={"Location": "https://portal.example/login"}), "another answer", "sign in"),
    (Reply(json={"tags": []}), "another answer", "check the endpoint"),
    (Reply(cut="length"), "no connection", "Try again"),
]


@pytest.mark.parametrize(("reply", "problem", "advice"), WRONG)
def test_what_the_answer_means_is_said_in_words_after_one_call(reply, problem, advice):
    with Azure(reply) as azure:
        found = checked(azure.address)
    assert (found.ok, found.problem, found.calls, len(azure.seen)) == (False, problem, 1, 1)
    assert not found
    assert advice in found.advice
    assert f"Not yet: {problem}." in str(found)
    assert found.client is None


def test_a_slow_service():
    with Azure(Reply(delay=0.5)) as azure:
        found = checked(azure.address, timeout=0.1)
    assert (found.problem, found.calls) == ("no answer", 1)


def test_a_port_where_nobody_listens():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        found = checked(f"127.0.0.1:{unused.getsockname()[1]}")
    assert found.problem == "no connection"


def test_a_service_that_hangs_up_is_not_asked_again():
    with socket.create_server(("127.0.0.1", 0)) as server:
        calls = []

        def hang_up():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                calls.append(connection.recv(1000))
                connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        found = checked(f"127.0.0.1:{server.getsockname()[1]}")
    assert (found.problem, found.calls, len(calls)) == ("no connection", 1, 1)


@pytest.mark.parametrize(
    ("known", "problem"), [(["azure.microsoft.com"], "wrong host"), ([], "no network")], ids=["host", "network"]
)
def test_a_wrong_host_is_told_from_a_missing_network(known, problem, monkeypatch):
    def look_up(name, *_, **__):
        if name not in known:
            raise socket.gaierror("unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    found = checked("wetsus")
    assert (found.problem, found.calls) == (problem, 0)
    assert "wetsus.api.cognitive.microsoft.com" in found.message


def test_a_proxy_is_named_without_its_password(monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        proxy = f"127.0.0.1:{unused.getsockname()[1]}"
        monkeypatch.setenv("HTTPS_PROXY", f"http://ada:geheim@{proxy}")
        found = checked("westus")
    assert found.problem == "proxy"
    assert f"the proxy {proxy}" in found.message
    assert "NO_PROXY=westus.api.cognitive.microsoft.com goes around it" in found.advice
    assert "geheim" not in str(found)


def test_a_version_that_is_retired_costs_no_call():
    found = checked("westus", api_version="v2.0")
    assert (found.problem, found.calls) == ("retired version", 0)


@pytest.mark.parametrize(
    ("endpoint", "key", "problem"),
    [("ftp://x", KEY, "wrong endpoint"), (KEY, KEY, "wrong endpoint"), ("westus", KEY + "…", "wrong setting")],
)
def test_what_can_t_be_right_costs_no_call(endpoint, key, problem):
    found = checked(endpoint, key)
    assert (found.problem, found.calls) == (problem, 0)


def test_a_token_that_is_refused():
    class Credential:
        def get_token(self, *scopes):
            return type("AccessToken", (), {"token": KEY, "expires_on": 9e9})

    with Azure(error(401)) as azure:
        found = checked(azure.address, None, credential=Credential())
    assert (found.problem, azure.seen[0].headers["authorization"]) == ("wrong token", f"Bearer {KEY}")
    assert "Cognitive Services User" in found.advice


# --- where the endpoint and the key come from ----------------------------------------------------------------


def test_arguments_come_first_then_the_environment_then_a_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text(f"VISION_ENDPOINT=westus\nVISION_KEY={KEY}\n", encoding="utf-8")
    assert setting("VISION_KEY").value == KEY
    assert "in the file .env" in setting("VISION_KEY").where
    assert KEY not in repr(setting("VISION_KEY"))
    monkeypatch.setenv("VISION_KEY", "another")
    assert (setting("VISION_KEY").value, setting("VISION_ENDPOINT").value) == ("another", "westus")


def test_a_file_around_the_folder_counts_and_stays_out_of_the_environment(monkeypatch, tmp_path):
    with Azure(MODELS) as azure:
        (tmp_path / ".env").write_text(f"VISION_ENDPOINT={azure.address}\nVISION_KEY='{KEY}'\n", encoding="utf-8")
        (tmp_path / "notebooks").mkdir()
        monkeypatch.chdir(tmp_path / "notebooks")
        found = cv.check_setup()
        assert found.ok
        assert cv.VisionClient(cv.connect("live")).models(), "connect finds the same"
    assert {one.key for one in azure.seen} == {KEY}
    assert "VISION_KEY in the file .env" in found.found_in
    assert "VISION_KEY" not in __import__("os").environ


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_file_may_be_what_a_program_of_windows_writes(encoding, tmp_path):
    """Notepad can put a mark before the first letter; PowerShell's > writes UTF-16."""
    (tmp_path / ".env").write_text(f"VISION_ENDPOINT=westus\nVISION_KEY={KEY}\n", encoding=encoding)
    assert (setting("VISION_ENDPOINT").value, setting("VISION_KEY").value) == ("westus", KEY)


def test_a_dollar_sign_in_a_key_is_one(tmp_path):
    (tmp_path / ".env").write_text("VISION_KEY=ab${PATH}cd\n", encoding="utf-8")
    assert setting("VISION_KEY").value == "ab${PATH}cd"


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"= = =\n", b"VISION_KEY\nVISION_ENDPOINT=\n", b"VISION_ENDPOINT=' '\n"]
)
def test_a_file_that_says_nothing_is_no_error(content, monkeypatch, tmp_path):
    monkeypatch.setenv("VISION_ENDPOINT", " ")
    (tmp_path / ".env").write_bytes(content)
    assert cv.check_setup(ask=False).problem == "no endpoint"


def test_a_key_that_is_nowhere_is_asked_for_and_not_stored(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipykernel", object())
    monkeypatch.setattr(getpass, "getpass", lambda prompt: f" {KEY} ")
    with Azure(MODELS) as azure:
        found = checked(azure.address, None)
        assert "key as you typed it" in found.found_in
        assert found.client.models()
        assert checked(azure.address, None, ask=False).problem == "no key"
    assert {one.key for one in azure.seen} == {KEY}
    assert setting("VISION_KEY").value == ""


def test_where_nobody_can_type_the_answer_is_that_there_is_no_key(monkeypatch):
    """A notebook that is run by a machine has no keyboard."""
    monkeypatch.setitem(sys.modules, "ipykernel", object())

    def nobody(prompt):
        raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")

    monkeypatch.setattr(getpass, "getpass", nobody)
    found = checked("westus", None)
    assert (found.problem, found.calls) == ("no key", 0)


# --- the command ---------------------------------------------------------------------------------------------


def test_the_command_says_the_same_and_its_status_tells_the_rest(monkeypatch, capsys):
    with Azure(MODELS) as azure:
        monkeypatch.setenv("VISION_ENDPOINT", azure.address)
        monkeypatch.setenv("VISION_KEY", KEY)
        assert main(["check"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("All is well.")
    with Azure(error(401)) as azure:
        assert main(["check", "--endpoint", azure.address]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("Not yet: wrong key.")
    assert KEY not in told.out + told.err
