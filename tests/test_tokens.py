"""Tokens of Microsoft Entra in place of a key: asked for when needed, renewed in time, and shown nowhere."""

from __future__ import annotations

import copy
import logging
import pickle
import subprocess
import sys
import threading
import time
import traceback
from typing import NamedTuple

import pytest

import cvhelpers as cv
from azure import Azure, Reply
from cvhelpers.session import Connection
from cvhelpers.sources.keys import SCOPE, Key, KeyRing, Token
from cvhelpers.sources.live import Live
from toys import ROOT

SECRET = "canary.eyJ0eXAiOiJKV1Qi"
PICTURE = "https://example.org/a.png"
ANALYSIS = Reply(json={"tags": [], "requestId": "1"})


class AccessToken(NamedTuple):
    """As azure.core.credentials has it."""

    token: str
    expires_on: int


class Credential:
    """As azure-identity's: counts how often it is asked. Each token is another one."""

    def __init__(self, lasts: float = 3600, pause: float = 0, error: Exception | None = None) -> None:
        self.lasts, self.pause, self.error = lasts, pause, error
        self.asked: list[tuple[str, ...]] = []

    def get_token(self, *scopes: str, **options: object) -> AccessToken:
        self.asked.append(scopes)
        time.sleep(self.pause)
        if self.error:
            raise self.error
        return AccessToken(f"{SECRET}{len(self.asked)}", int(time.time() + self.lasts))


@pytest.fixture(autouse=True)
def _the_token_is_never_logged(caplog):
    caplog.set_level(logging.DEBUG)
    yield
    assert SECRET not in caplog.text


def everything_told(error: BaseException) -> str:
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def client(azure: Azure, credential: object) -> cv.VisionClient:
    return cv.VisionClient(Connection(Live(backoff=0)), azure.address, credential=credential)


def test_the_service_gets_the_token_and_no_key():
    credential = Credential()
    with Azure(ANALYSIS) as azure:
        vision = client(azure, credential)
        assert credential.asked == [], "nothing is asked for before it is needed"
        vision.analyze(PICTURE)
        vision.analyze(PICTURE)
    assert credential.asked == [(SCOPE,)], "one token is good for many calls"
    assert SCOPE == "https://cognitiveservices.azure.com/.default"
    for seen in azure.seen:
        assert seen.headers["authorization"] == f"Bearer {SECRET}1"
        assert "ocp-apim-subscription-key" not in seen.headers


def test_a_token_is_renewed_before_it_ends():
    now = [1000.0]

    class Hourly:
        def get_token(self, *scopes):
            return AccessToken(f"at-{now[0]:.0f}", int(now[0] + 3600))

    token = Token(Hourly(), clock=lambda: now[0])
    assert token.reveal() == "at-1000"
    now[0] += 3200
    assert token.reveal() == "at-1000"
    now[0] += 200
    assert token.reveal() == "at-4400", "five minutes before its end"


def test_many_threads_ask_for_one_token():
    credential = Credential(pause=0.05)
    token = Token(credential)
    threads = [threading.Thread(target=token.reveal) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(credential.asked) == 1


def test_an_operation_is_polled_with_the_token():
    accepted = Reply(202, headers={"Operation-Location": "{host}/vision/v3.2/read/analyzeResults/1"})
    done = Reply(json={"status": "succeeded", "analyzeResult": {"readResults": []}})
    with Azure(accepted, done) as azure:
        client(azure, Credential()).read(PICTURE)
    assert {one.headers["authorization"] for one in azure.seen} == {f"Bearer {SECRET}1"}


def test_the_token_goes_nowhere_else():
    with Azure(Reply(202, headers={"Operation-Location": "https://evil.example/1"})) as azure:
        vision = client(azure, Credential())
        with pytest.raises(cv.UnexpectedAnswer, match="not sent there"):
            vision.read(PICTURE)
    with Azure() as other:
        vision.session.get(f"{other.address}/vision/v3.2/models", headers=vision.headers)
    assert SECRET not in str(other.seen)
    with Azure(ANALYSIS) as third, Azure(Reply(302, headers={"Location": f"{third.address}/x"})) as azure:
        vision = client(azure, Credential())
        vision.session.get(f"{azure.address}/vision/v3.2/models", headers=vision.headers)
    assert third.seen == [], "a redirect is not followed"


def test_nothing_shows_it():
    with Azure(ANALYSIS) as azure:
        vision = client(azure, Credential())
        vision.analyze(PICTURE)
    exchange = vision.last_exchange
    shown = f"{vision!r} {vars(vision)} {vision.headers} {exchange._repr_html_()} {vars(exchange)} {exchange.answer}"
    assert SECRET not in shown
    assert vision.headers == {"Ocp-Apim-Subscription-Key": "(your token)"}
    assert "Bearer •••" in exchange._repr_html_()
    assert '-H "Authorization: Bearer $VISION_TOKEN"' in exchange.as_curl()
    assert '"Authorization": "Bearer " + os.environ["VISION_TOKEN"]' in exchange.as_python()
    compile(exchange.as_python(), "pasted", "exec")
    token = Token(Credential())
    token.reveal()
    assert SECRET not in f"{token} {token!r} {[token]}"
    for copied in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            copied(token)


def test_a_recording_has_no_token(tmp_path, monkeypatch):
    with Azure(ANALYSIS) as azure:
        session = cv.connect("live", record=tmp_path, calls_per_minute=None)
        cv.VisionClient(session, azure.address, credential=Credential()).analyze(PICTURE)
    [recording] = tmp_path.glob("*.json")
    assert SECRET not in recording.read_text(encoding="utf-8")


@pytest.mark.parametrize("status", [401, 500])
def test_an_error_does_not_show_it(status):
    with Azure(Reply(status, {"error": {"code": str(status), "message": "no"}})) as azure:
        vision = client(azure, Credential())
        with pytest.raises(cv.ServiceError) as caught:
            vision.analyze(PICTURE)
    assert SECRET not in "".join(
        traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    )


def test_a_credential_that_gives_no_token_is_told_without_its_own_words():
    with Azure() as azure:
        vision = client(azure, Credential(error=RuntimeError(f"bad {SECRET}")))
        with pytest.raises(cv.SetupError, match=r"gave no token \(RuntimeError\).*az login") as caught:
            vision.analyze(PICTURE)
    assert SECRET not in everything_told(caught.value)
    assert azure.seen == []


@pytest.mark.parametrize("text", ["", "two words", "line\nbreak", "…"])
def test_what_is_no_token_is_not_sent(text):
    class Odd:
        def get_token(self, *scopes):
            return AccessToken(text, int(time.time() + 3600))

    with Azure() as azure, pytest.raises(cv.SetupError, match="gave no token"):
        client(azure, Odd()).analyze(PICTURE)
    assert azure.seen == []


def test_signing_in_belongs_to_the_time_limit():
    with Azure() as azure, pytest.raises(cv.TimedOut):
        client(azure, Credential(pause=0.6)).analyze(PICTURE, timeout=0.1)
    assert azure.seen == []


def test_what_is_no_credential():
    with Azure() as azure:
        with pytest.raises(cv.OptionError, match="an object with get_token"):
            client(azure, "a-token")
        with pytest.raises(cv.OptionError, match="Give only one of them"):
            cv.VisionClient(cv.connect("live"), azure.address, "a-key", credential=Credential())


def test_keys_and_tokens_of_one_session_are_told_apart():
    ring, first, second = KeyRing(Live()), Token(Credential()), Token(Credential())
    names = [ring.add("https://a.example", one) for one in (Key("k"), first, second, first, Key("k"))]
    assert names == ["(your key)", "(your token 2)", "(your token 3)", "(your token 2)", "(your key)"]


REAL = """
import sys, time
from azure.core.credentials import AccessToken, TokenCredential
from azure.identity import ChainedTokenCredential, EnvironmentCredential
import cvhelpers as cv

class Mine:
    def get_token(self, *scopes, **options):
        return AccessToken(sys.argv[2], int(time.time() + 3600))

assert isinstance(Mine(), TokenCredential)
for credential in (Mine(), ChainedTokenCredential(EnvironmentCredential(), Mine()), EnvironmentCredential()):
    try:
        print(cv.VisionClient(cv.connect("live"), sys.argv[1], credential=credential).tag("cat").request_id)
    except cv.SetupError as error:
        print(error)
"""
"""A program with azure-identity's own objects."""


@pytest.mark.slow
@pytest.mark.packages
def test_the_credentials_of_azure_identity_itself_are_taken(tmp_path):
    python = tmp_path / "bin/python"
    subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, tmp_path], check=True)
    subprocess.run(["uv", "pip", "install", "--quiet", "--python", python, "azure-identity==1.27.0", ROOT], check=True)
    with Azure(ANALYSIS, ANALYSIS) as azure:
        command = [python, "-c", REAL, azure.address, SECRET]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False)
    assert done.stdout.splitlines()[:2] == ["1", "1"], done.stderr
    assert "gave no token" in done.stdout.splitlines()[2]
    assert [seen.headers["authorization"] for seen in azure.seen] == [f"Bearer {SECRET}"] * 2
    assert SECRET not in done.stdout + done.stderr
