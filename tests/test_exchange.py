"""What an exchange promises: it shows what was sent and received, and its code, when pasted, gets the same answer."""

from __future__ import annotations

import html.parser
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import requests

import cvhelpers as cv
from azure import Azure, Reply, Seen
from cvhelpers.clients.exchange import Exchange
from cvhelpers.session import Connection
from cvhelpers.sources.live import Live

KEY = "canary0123456789abcdef0123456789"
HOSTILE = 'a\'b "c" $HOME `id` $(id) ; & | > < \\ * ? # % é 猫 \n ,+=&'


def echo(seen: Seen) -> Reply:
    """Answers with what arrived, so that the same answer means the same request."""
    path, _, query = seen.path.partition("?")
    told = {
        "method": seen.method,
        "path": path,
        "query": parse_qsl(query, keep_blank_values=True),
        "key": seen.key == KEY,
        "type": seen.headers.get("content-type", ""),
    }
    is_json = told["type"].startswith("application/json")
    return Reply(json={**told, "body": json.loads(seen.body) if is_json else seen.body.hex()})


PNG = b"\x89PNG\r\n\x1a\n not really, but bytes: \x00\xff'\""
CASES = {
    "analyze": {
        "method": "POST",
        "params": {"visualFeatures": "Tags,Color"},
        "json": {"url": "https://example.org/a.png"},
    },
    "hostile": {"method": "POST", "params": {"q": HOSTILE, HOSTILE: ""}, "json": {HOSTILE: [HOSTILE, True, None, 1.5]}},
    "search": {"method": "GET", "params": {"q": 'tropical ocean\'s "best" & more'}},
    "bytes": {"method": "POST", "data": PNG, "headers": {"Content-Type": "application/octet-stream"}},
    "bytes without a media type": {"method": "POST", "data": PNG},
    "JSON sent as bytes": {
        "method": "POST",
        "data": b'{"url": 1}',
        "headers": {"Content-Type": "application/octet-stream"},
    },
    "no key": {"method": "POST", "json": {"url": "a"}, "keyless": True},
    "nothing": {"method": "GET"},
}


@pytest.fixture(params=CASES)
def exchange(request):
    """An exchange with the server, which stays up for what is pasted."""
    case = dict(CASES[request.param])
    keys = {} if case.pop("keyless", False) else {"Ocp-Apim-Subscription-Key": KEY}
    headers = {**keys, **case.pop("headers", {})}
    with Azure(answer=echo) as azure:
        session = Connection(Live(backoff=0))
        yield Exchange(session.request(url=f"{azure.address}/vision/v2.0/it's $(id)", headers=headers, **case))


def pasted(command: list[str], folder: Path) -> str:
    env = {**os.environ, "VISION_KEY": KEY, "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", timeout=30)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_as_curl_runs_when_pasted(exchange, tmp_path):
    exchange.save_body(tmp_path)
    assert KEY not in exchange.as_curl()
    assert (
        pasted(["sh", "-c", exchange.as_curl().replace("curl ", "curl -s ", 1)], tmp_path) == exchange.answer.decode()
    )


def test_as_python_runs_when_pasted(exchange, tmp_path):
    exchange.save_body(tmp_path)
    assert KEY not in exchange.as_python()
    assert pasted([sys.executable, "-c", exchange.as_python()], tmp_path) == f"200 {exchange.answer.decode()}\n"


def test_the_code_reads_well():
    """A learner reads it, so its form counts: no more than is needed, a line for each thing."""
    vision = cv.VisionClient(cv.connect("recorded"))
    vision.analyze(cv.sample("street-at-night"))
    url = cv.sample("street-at-night").url
    assert vision.last_exchange.as_python() == (
        "import os\n\nimport requests\n\nresponse = requests.post(\n"
        "    'https://westcentralus.api.cognitive.microsoft.com/vision/v2.0/analyze',\n"
        '    headers={"Ocp-Apim-Subscription-Key": os.environ["VISION_KEY"]},\n'
        "    params={'visualFeatures': 'Categories,Description,Color'},\n"
        f"    json={{'url': '{url}'}},\n)\nprint(response.status_code, response.text)\n"
    )
    assert vision.last_exchange.as_curl() == (
        "curl -X POST 'https://westcentralus.api.cognitive.microsoft.com/vision/v2.0/analyze"
        "?visualFeatures=Categories,Description,Color' \\\n"
        '  -H "Ocp-Apim-Subscription-Key: $VISION_KEY" \\\n'
        "  -H 'Content-Type: application/json' \\\n"
        f"""  --data-binary '{{"url": "{url}"}}'"""
    )


@pytest.mark.parametrize(
    ("data", "name"),
    [(PNG, "png"), (b"\xff\xd8\xff\xe0", "jpg"), (b"GIF89a", "gif"), (b"BM12", "bmp"), (b"II*\x00", "bin")],
)
def test_the_saved_picture_has_a_name_that_opens(data, name, tmp_path):
    with Azure() as azure:
        exchange = Exchange(requests.post(azure.address, data=data, headers={"Content-Type": "a/b"}))
    path = exchange.save_body(tmp_path)
    assert path.name == exchange.file_name == f"picture.{name}"
    assert path.read_bytes() == data


class Markup(html.parser.HTMLParser):
    """Checks that every element is closed in its turn, and keeps the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.names.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_it_shows_itself_well_formed_and_escaped():
    evil = "</pre><script>alert('x')</script>&amp;"
    with Azure(Reply(json={"text": evil}, headers={"x-evil": evil})) as azure:
        session = Connection(Live())
        response = session.post(azure.address + "/it", params={"q": evil}, json={"url": evil}, headers={"Accept": evil})
    page = Markup(Exchange(response)._repr_html_())
    assert page.names <= {
        "h3",
        "p",
        "strong",
        "code",
        "table",
        "caption",
        "tbody",
        "tr",
        "th",
        "td",
        "pre",
        "details",
        "summary",
    }
    assert page.text.count(evil) == 5, "parameter, two headers, body and answer all show what was there"


def test_long_answers_are_folded_and_short_ones_are_not():
    def shown(answer: object) -> Markup:
        with Azure(Reply(json=answer)) as azure:
            return Markup(Exchange(requests.get(azure.address))._repr_html_())

    assert "details" not in shown({"short": 1}).names
    assert "details" in shown(list(range(50))).names


@pytest.mark.parametrize(
    ("answer", "shown"),
    [(b"", "(empty)"), (b"plain <b>", "plain <b>"), (b"\xff\xd8\xff\x00", "4 bytes"), (b"[" * 9999, "[[[")],
)
def test_an_answer_that_is_not_json_is_shown_too(answer, shown):
    with Azure(Reply(body=answer)) as azure:
        exchange = Exchange(requests.get(azure.address))
    assert exchange.json is None
    assert shown in Markup(exchange._repr_html_()).text


def test_what_it_knows():
    vision = cv.VisionClient(cv.connect("recorded"))
    assert vision.last_exchange is None
    vision.ocr(cv.sample("democritus"))
    exchange = vision.last_exchange
    assert (exchange.method, exchange.status, exchange.reason) == ("POST", 200, "OK")
    assert exchange.params == {"language": "unk", "detectOrientation": "true"}
    assert exchange.sent == {"url": cv.sample("democritus").url}
    assert exchange.json["language"] == "en"
    assert exchange.source.startswith("recorded; sample answer printed in the quickstart")
    assert repr(exchange) == f"<Exchange {exchange}>"


def test_json_is_shown_in_the_letters_that_it_stands_for():
    with Azure(Reply(json={"text": "café"})) as azure:
        exchange = Exchange(requests.get(azure.address))
    assert b"caf\\u00e9" in exchange.answer
    assert '"text": "café"' in Markup(exchange._repr_html_()).text


def test_a_header_in_bytes_is_shown_as_it_travelled():
    with Azure() as azure:
        sent = requests.post(azure.address, data=b"x", headers={"Content-Type": b"text/caf\xe9"})
    assert Exchange(sent).headers["Content-Type"] == "text/café"


def test_an_answer_without_a_reason_is_shown_too():
    with Azure() as azure:
        answer = requests.get(azure.address)
    answer.reason = None
    assert "200" in Markup(Exchange(answer)._repr_html_()).text


def test_a_body_that_was_a_stream_is_shown_as_empty(tmp_path):
    (tmp_path / "picture").write_bytes(PNG)
    with Azure() as azure, open(tmp_path / "picture", "rb") as file:
        assert Exchange(requests.post(azure.address, data=file)).body == b""
