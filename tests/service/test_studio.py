"""What a browser is shown: the studio and the description of the operations, and what no page of ours may do."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import PIL.Image
import pytest
import requests

import cvhelpers
from cvhelpers import ondevice
from cvhelpers.ondevice.service.app import create_app

from .conftest import KEY, served
from .fakes import FakeEngine, FakeLibrary

PACKAGE = Path(cvhelpers.__file__).parent
FRONT, SAMPLES = PACKAGE / "front", PACKAGE / "samples"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGES = ("/", "/docs")


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """A service with a studio; its address."""
    with served(create_app(FakeEngine(), FakeLibrary(), KEY, studio=ondevice.Studio(FRONT, SAMPLES))) as address:
        yield address


def get(address: str, **options: object) -> requests.Response:
    return requests.get(address, timeout=10, **options)  # type: ignore[arg-type]


def text_of(base: str, path: str) -> str:
    response = get(base + path, headers=BROWSER)
    assert response.status_code == 200, path
    return response.text


def scripts(base: str) -> dict[str, str]:
    """Everything that the studio's page loads, by its path: what the page names, and what that imports in turn."""
    found: dict[str, str] = {}
    waiting = re.findall(r'(?:src|href)="(/studio/[^"]+)"', text_of(base, "/"))
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = text_of(base, path)
            waiting += [f"/studio/{name}" for name in re.findall(r'from "\./([^"]+)"', found[path])]
    return found


# --- the page


def test_a_browser_gets_the_page_and_a_program_where_to_read_on(base: str) -> None:
    page = get(f"{base}/", headers=BROWSER)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<title>Vision studio</title>" in page.text
    for accept in ("application/json", "*/*"):
        program = get(f"{base}/", headers={"Accept": accept})
        assert program.json() == {"studio": "/", "operations": "/docs", "openapi": "/openapi.json"}
    assert page.headers["Vary"] == program.headers["Vary"] == "Accept", "no cache may mix them up"


@pytest.mark.parametrize("path", ["/", "/docs", "/studio/main.js", "/openapi.json"])
def test_head_answers_with_the_same_headers_and_no_body(base: str, path: str) -> None:
    head = requests.head(base + path, headers=BROWSER, timeout=10)
    whole = get(base + path, headers=BROWSER)
    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
        assert head.headers[name] == whole.headers[name], name


def test_every_script_and_style_that_the_page_needs_is_there(base: str) -> None:
    loaded = scripts(base)
    shipped = {f"/studio/{path.name}" for path in (*FRONT.glob("*.*"), *(FRONT / "studio").glob("*.*"))}
    assert shipped - set(loaded) == {"/studio/index.html", "/studio/frame.js"}, "nothing is shipped in vain"
    assert {"/studio/reading.js", "/studio/gallery.js", "/studio/own_picture.js"} <= set(loaded), "the notebook's own"


def test_the_samples_are_listed_and_served_with_a_small_copy_each(base: str) -> None:
    listed = get(f"{base}/studio/samples.json").json()
    assert [one["name"] for one in listed] == cvhelpers.sample_names()
    for one in listed:
        whole, small = (
            PIL.Image.open(io.BytesIO(get(f"{base}/studio/{one[key]}").content)) for key in ("src", "small")
        )
        assert whole.size == (one["width"], one["height"])
        assert max(small.size) <= 200


def test_a_file_that_is_not_the_studio_s_is_not_given(base: str) -> None:
    with requests.Session() as session:
        for path in ("/studio/../pages.py", "/studio/%2e%2e/samples/pictures.json", "/studio//etc/passwd", "/studio/"):
            request = requests.Request("GET", base).prepare()
            request.url = base + path  # as it is: requests would tidy it up
            assert session.send(request, timeout=10).status_code == 404, path


def test_without_a_studio_nothing_is_at_the_root() -> None:
    """The notebooks' own service, in their process, has no pages."""
    with served(create_app(FakeEngine(), FakeLibrary(), KEY)) as base:
        assert get(f"{base}/", headers=BROWSER).status_code == 404
        assert get(f"{base}/openapi.json").status_code == 200


# --- what a page of ours may not do


@pytest.mark.parametrize("path", [*PAGES, "/studio/main.js", "/studio/studio.css", "/studio/samples.json"])
def test_the_browser_is_told_to_load_nothing_from_elsewhere(base: str, path: str) -> None:
    headers = get(base + path, headers=BROWSER).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert set(policy["connect-src"].split()) <= {"'self'", "data:", "blob:"}
    assert set(policy["img-src"].split()) <= {"'self'", "data:", "blob:"}
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_only_a_search_of_the_open_web_may_show_pictures_of_other_hosts() -> None:
    studio = ondevice.Studio(FRONT, SAMPLES, web_pictures=True)
    with served(create_app(FakeEngine(), FakeLibrary(), KEY, studio=studio)) as base:
        policy = get(f"{base}/", headers=BROWSER).headers["Content-Security-Policy"]
    assert "img-src 'self' data: blob: https:;" in policy
    assert policy.count("https:") == 1


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_script_or_style_of_its_own(base: str, path: str) -> None:
    """The policy would stop it, and the page would be broken."""
    page = text_of(base, path)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_nothing_names_another_host(base: str) -> None:
    for path, text in {**scripts(base), **{path: text_of(base, path) for path in PAGES}}.items():
        hosts = set(re.findall(r"https?://(\w[\w.-]+)", text))
        assert hosts <= {"www.w3.org"}, path  # the name of SVG, which nobody fetches


# --- two hundred visitors


def test_what_the_browser_has_is_not_sent_again(base: str) -> None:
    for path in ("/", "/docs", "/openapi.json", "/studio/main.js", "/studio/samples/cat.jpg"):
        first = get(base + path, headers=BROWSER)
        again = get(base + path, headers={**BROWSER, "If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["ETag"] == first.headers["ETag"]
        changed = get(base + path, headers={**BROWSER, "If-None-Match": '"another"'})
        assert changed.status_code == 200
    assert first.headers["Cache-Control"] == "max-age=86400", "a picture is kept for a day"
    assert get(f"{base}/studio/main.js").headers["Cache-Control"] == "no-cache", "a new version comes at once"
