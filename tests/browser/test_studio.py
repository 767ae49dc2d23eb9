"""The studio as a visitor has it: with mouse, keyboard, clipboard, files and camera, on wide and narrow screens."""

from __future__ import annotations

import csv
import http.server
import io
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import PIL.Image
import PIL.ImageDraw
import pytest
import requests
from browsing import axe, outside, shoot
from conftest import ROOT, SIZES

from systems import interrupt

pytestmark = pytest.mark.slow
THEMES: dict[str, dict[str, str]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}
HEADER = "Ocp-Apim-Subscription-Key"
ANSWER_SECONDS = 30
INTERACTIVE_MILLISECONDS = 1000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where ``cvhelpers explore`` answers, key included."""
    command = [sys.executable, "-m", "cvhelpers", "explore", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        found = re.search(r"http\S+", process.stdout.readline())
        assert found
        yield found[0]
    finally:
        interrupt(process)
        process.communicate(timeout=20)


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Opens the studio in a browser of its own; nothing that any of these pages asks may leave this computer."""
    contexts, asked, faults = [], [], []

    def open_it(url: str = address, size: str = "1280", theme: str = "light", script: str = "", **options: Any) -> Any:
        context = browser.new_context(viewport=SIZES[size], **THEMES[theme], **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(ANSWER_SECONDS * 1000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if script:
            page.add_init_script(script)
        asked.append(outside(page))
        page.goto(url)
        page.locator("html[data-ready]").wait_for()
        page.locator("#chosen canvas").wait_for()
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert faults == []
    assert not any(asked), "a page asked another computer"


def tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def says(page: Any, words: str) -> None:
    page.locator("#said", has_text=words).wait_for()


def ask(page: Any, operation: str) -> None:
    tab(page, operation)
    page.locator("#run").click()
    says(page, "Done")


def choose(page: Any, sample: str) -> None:
    page.get_by_role("radio", name=sample, exact=True).check()
    page.locator("#chosen figcaption", has_text=sample).wait_for()


def encoded(kind: str, size: tuple[int, int] = (640, 480), **options: Any) -> bytes:
    image = PIL.Image.new("RGB", size, "white")
    PIL.ImageDraw.Draw(image).text((size[0] // 8, size[1] // 3), "HELLO", fill="black", font_size=size[1] // 5)
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def upload(page: Any, folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    page.locator(".cvh-drop input[type=file]").set_input_files(folder / name)


# --------------------------------------------------------------------------------------------------------------
# opening


def test_it_can_be_used_within_a_second(visit: Callable[..., Any]) -> None:
    """From the beginning of the navigation until every control works, the middle of five openings."""
    mark = "performance.getEntriesByName('studio-interactive')[0].startTime"
    times = [visit().evaluate(mark) for _ in range(5)]
    print("interactive after", [round(time) for time in times], "milliseconds")
    assert statistics.median(times) < INTERACTIVE_MILLISECONDS


def test_the_key_leaves_the_address_bar_and_goes_into_one_header_only(visit: Callable[..., Any], address: str) -> None:
    key = address.split("#key=")[1]
    page = visit()
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request))
    assert page.url == address.split("#")[0]
    choose(page, "cat")
    ask(page, "Tags")
    (call,) = [one for one in asked if "/vision/" in one.url]
    assert call.headers[HEADER.lower()] == key
    assert not any(key in one.url for one in asked)
    tab(page, "Request")
    page.get_by_text("(your key)").wait_for()
    for view in ("Request", "Code", "JSON", "Result"):
        tab(page, view)
        assert key not in page.content()
    page.reload()  # this tab still knows it
    page.locator("html[data-ready]").wait_for()
    assert page.locator("#key").is_hidden()
    ask(page, "Tags")


def test_without_a_key_there_is_a_field_and_a_wrong_one_is_told(visit: Callable[..., Any], address: str) -> None:
    base, key = address.split("#key=")
    page = visit(base)
    page.get_by_text("Whoever started the service sees the key in the terminal.").wait_for()
    field = page.get_by_label("Key", exact=True)
    assert field.evaluate("field => field === document.activeElement")
    assert axe(page, slight=True) == []
    for wrong, words in {"nonsense": "This is not the key", "two words": "no spaces"}.items():
        field.fill(wrong)
        field.press("Enter")
        page.locator("#key-said", has_text=words).wait_for()
    assert axe(page, slight=True) == []
    shoot(page, "studio-key")
    field.fill(key)
    page.get_by_role("button", name="Use this key").click()
    page.locator("#key").wait_for(state="hidden")
    ask(page, "Tags")


def test_a_wrong_key_in_the_address_brings_the_field(visit: Callable[..., Any], address: str) -> None:
    page = visit(address.split("#")[0] + "#key=wrong")
    page.locator("#run").click()
    page.get_by_text("The service does not accept this key.").wait_for()
    assert "wrong" not in page.url


def test_a_key_that_no_browser_can_send_is_none(visit: Callable[..., Any], address: str) -> None:
    page = visit(address.split("#")[0] + "#key=ключ")
    page.get_by_text("Only people who have the key may ask this service.").wait_for()


# --------------------------------------------------------------------------------------------------------------
# asking


WRITTEN = """window.written = [];
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
  window.written.push(text);
  return write.call(this, text, ...place);
};"""
"""Notes every label that is written on a drawing."""


def test_things_are_drawn_with_number_name_and_confidence(visit: Callable[..., Any]) -> None:
    page = visit(script=WRITTEN)
    choose(page, "photographer")
    ask(page, "Analyze")
    person, face = page.evaluate("window.written.slice(0, 2)")
    assert re.fullmatch(r"1 person 0\.\d\d", person)
    assert face == "2 face"
    drawing = page.locator(".cvh-drawing img")
    assert "1 person, 2 face" in drawing.get_attribute("alt")
    corner = page.evaluate("""() => {
        const width = document.querySelector(".cvh-drawing svg").viewBox.baseVal.width;
        const { x, y } = document.querySelector("g[data-row='0'] .cvh-line").getBBox();
        return [x / width, y / width];
    }""")
    told = [int(page.locator(f".cvh-table tbody tr td:nth-child({n})").first.inner_text()) / 512 for n in (5, 6)]
    assert corner == pytest.approx(told, abs=0.01), "the outline lies where the table says"
    assert abs(told[0] - told[1]) > 0.05, "and not where x and y are changed over"
    page.locator(".cvh-headline", has_text="Confidence").wait_for()
    rows = page.locator(".cvh-table tbody tr")
    before = rows.count()
    page.get_by_role("slider").focus()
    page.keyboard.press("End")
    page.locator("figcaption", has_text="left out").wait_for()
    assert rows.count() < before
    page.locator("figcaption", has_text="Answer: on-device").wait_for()
    page.locator("g .cvh-line").first.click()
    page.locator("tr.cvh-on").wait_for()
    page.get_by_role("button", name="Enlarge").click()
    assert page.get_by_role("dialog").get_by_role("img").evaluate("image => image.naturalWidth") > 900
    page.keyboard.press("Escape")


@pytest.mark.parametrize("degrees", [90, -12])
def test_boxes_of_turned_text_lie_on_the_words(visit: Callable[..., Any], tmp_path: Path, degrees: int) -> None:
    """A page that was laid down, or lies askew: ocr tells boxes on the upright page, the drawing turns them back."""
    page = visit()
    picture = PIL.Image.open(io.BytesIO(encoded("PNG", (800, 500)))).rotate(degrees, expand=True, fillcolor="white")
    file = io.BytesIO()
    picture.save(file, "PNG")
    upload(page, tmp_path, "turned.png", file.getvalue())
    page.locator("#chosen figcaption", has_text=f"{picture.width} × {picture.height}").wait_for()
    ask(page, "Printed text")
    page.locator(".cvh-table", has_text="HELLO").wait_for()
    x, y, width, height = (
        int(page.locator(f".cvh-table tbody tr td:nth-child({n})").first.inner_text()) for n in (4, 5, 6, 7)
    )
    word = picture.crop((x, y, x + width, y + height)).convert("L").histogram()
    everything = picture.convert("L").histogram()
    dark = sum(word[:128]) / sum(everything[:128])
    assert dark > 0.9, "the box holds the word's ink"
    assert width * height < 0.25 * picture.width * picture.height


def test_handwriting_is_asked_for_until_it_is_there(visit: Callable[..., Any]) -> None:
    page = visit()
    choose(page, "pangrams")
    for version, result in (("v3.2", "read/analyzeResults"), ("v2.0", "textOperations")):
        tab(page, "Handwriting")
        page.get_by_label("Version").select_option(version)
        page.locator("#run").click()
        says(page, "Done")
        page.locator(".cvh-table", has_text="quick brown fox").wait_for()
        tab(page, "Request")
        page.get_by_text("Request 1 of").wait_for()
        page.locator("code", has_text=f"/vision/{version}/{result}/").first.wait_for()
        tab(page, "Result")


def test_every_operation_answers_in_its_versions(visit: Callable[..., Any]) -> None:
    page = visit()
    choose(page, "cat")
    asked = 0
    for operation in ("Analyze", "Describe", "Tags", "Objects", "Printed text", "Handwriting"):
        tab(page, operation)
        versions = page.get_by_label("Version").locator("option").evaluate_all("all => all.map(one => one.value)")
        for version in versions:
            if version in ("v2.1", "v3.0"):
                continue  # as v2.0 and v3.1
            page.get_by_label("Version").select_option(version)
            page.locator("#run").click()
            says(page, "Done")
            asked += 1
    assert asked >= 24


def test_what_the_models_do_not_know_can_not_be_chosen(visit: Callable[..., Any]) -> None:
    page = visit()
    assert page.get_by_role("checkbox", name="Brands").is_disabled()
    page.get_by_text("Brands: the models on this computer don't know them.").wait_for()
    assert page.get_by_label("Language").locator("option[value=ar]").is_disabled()


def test_a_changed_choice_says_that_the_answer_is_an_earlier_one(visit: Callable[..., Any]) -> None:
    page = visit()
    ask(page, "Analyze")
    page.get_by_role("checkbox", name="Categories").check()
    says(page, "belongs to the earlier choice")
    page.locator("#answer.cvh-stale").wait_for()
    page.get_by_label("Version").select_option("v2.0")
    tab(page, "Tags")
    tab(page, "Analyze")
    assert page.get_by_label("Version").input_value() == "v2.0"
    assert page.get_by_role("checkbox", name="Categories").is_checked(), "what was chosen stays chosen"
    choose(page, "clock")
    page.get_by_text("The answer will stand here.").wait_for()


def test_a_search_and_what_the_machine_sees_in_a_picture(visit: Callable[..., Any]) -> None:
    page = visit()
    tab(page, "Search")
    field = page.get_by_label("Search for")
    field.fill("dog")
    field.press("Enter")
    says(page, "Done: 24 pictures")
    page.get_by_role("button", name="Page forward").first.click()
    page.get_by_text("25 to").first.wait_for()
    page.get_by_role("button", name="Page back").last.click()
    tile = page.locator("button.cvh-tile").nth(8)
    assert tile.inner_text().startswith("9 ")
    title = tile.locator(".cvh-title").inner_text().split(" ", 1)[1]
    broken = "all => all.filter(one => one.complete && !one.naturalWidth).length"
    page.wait_for_timeout(500)
    assert page.locator("button.cvh-tile img").evaluate_all(broken) == 0
    tile.click()
    says(page, "Done")
    page.locator(".cvh-drawing img").wait_for()
    page.locator("#chosen figcaption", has_text=title).wait_for()
    page.get_by_role("button", name="Back to the pictures").click()
    page.locator("button.cvh-tile").nth(8).wait_for()
    ask(page, "Describe")  # the found picture is the picture now
    page.locator(".cvh-table caption", has_text=title).wait_for()
    tab(page, "Search")
    assert page.get_by_label("Search for").input_value() == "dog", "the word of the pictures that are shown"
    page.get_by_label("Search for").fill("qqqqqqxz")
    page.locator("#run").click()
    says(page, "Nothing was found for ‘qqqqqqxz’.")


# --------------------------------------------------------------------------------------------------------------
# what goes wrong


def test_work_is_cancelled_at_once(visit: Callable[..., Any]) -> None:
    page = visit()
    page.route("**/vision/**", lambda route: None)  # never answered
    page.locator("#run").click()
    says(page, "Asking")
    page.get_by_text("Working …").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.locator("#said", has_text="Cancelled.").wait_for(timeout=2_000)
    assert page.locator("#run").is_enabled()


def test_who_asks_too_often_for_a_result_waits_and_gets_it(visit: Callable[..., Any]) -> None:
    """The service reads on, so nothing has to be sent, or paid for, again."""
    page = visit()
    choose(page, "pangrams")
    page.route("**/analyzeResults/**", refusing(429, {"Retry-After": "1"}, {"error": {"message": "…"}}), times=1)
    ask(page, "Handwriting")
    page.locator(".cvh-table", has_text="quick brown fox").wait_for()
    tab(page, "Request")
    page.get_by_text("429 Too Many Requests").wait_for()


def test_a_saved_table_holds_no_formula(visit: Callable[..., Any], tmp_path: Path) -> None:
    """A word on a photograph must not become something that a spreadsheet carries out."""
    page = visit()
    tags = [{"name": name, "confidence": 0.5} for name in ("=1+1", " @SUM(A1)", "-2+3", "-2", "rösti, warm")]
    page.route("**/vision/**", lambda route: route.fulfill(json={"tags": tags}))
    ask(page, "Tags")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save CSV").click()
    download.value.save_as(tmp_path / "tags.csv")
    data = (tmp_path / "tags.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "else Excel shows Ã¶ for ö"
    names = [row["name"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    assert names == ["'=1+1", "'@SUM(A1)", "'-2+3", "-2", "rösti, warm"]


def refusing(status: int, headers: dict[str, str], body: Any) -> Callable[[Any], None]:
    """What answers in place of the service."""
    return lambda route: route.fulfill(status=status, headers=headers, json=body)


def test_what_the_service_refuses_is_told_in_words(visit: Callable[..., Any]) -> None:
    page = visit()
    refusals = {
        429: ({"Retry-After": "17"}, {"error": {"code": "429", "message": "…"}}, "Wait 17 seconds"),
        503: ({}, {"code": "ServiceUnavailable", "message": "…"}, "busy with other people's questions"),
        400: ({}, {"error": {"code": "x", "message": "…", "innererror": {"message": "Too odd."}}}, "Too odd."),
    }
    for status, (headers, body, words) in refusals.items():
        page.route("**/vision/**", refusing(status, headers, body))
        page.locator("#run").click()
        page.locator("#failed", has_text=words).wait_for()
        tab(page, "JSON")
        page.locator(".cvh-tree", has_text="message").wait_for()
        tab(page, "Result")
        page.unroute("**/vision/**")
    page.route("**/vision/**", lambda route: route.abort())
    page.locator("#run").click()
    page.locator("#failed", has_text="The service can't be reached.").wait_for()
    page.get_by_text("The answer will stand here.").wait_for()  # the refusal before it is not shown any more
    assert axe(page, slight=True) == []
    shoot(page, "studio-unreachable")
    page.unroute("**/vision/**")
    ask(page, "Analyze")
    assert page.locator("#failed").is_hidden(), "a stale complaint goes"


# --------------------------------------------------------------------------------------------------------------
# pictures of one's own


def test_pictures_of_every_kind_are_taken(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    second = PIL.Image.new("RGB", (640, 480), "navy")
    lying = PIL.Image.Exif()
    lying[0x0112] = 6  # turn me: as a telephone writes
    kinds = {
        "a.jpg": (encoded("JPEG"), "640 × 480 pixels, JPEG", ""),
        "turned.jpg": (encoded("JPEG", exif=lying), "480 × 640 pixels, JPEG", ""),
        "b.png": (encoded("PNG"), "PNG", ""),
        "moves.gif": (encoded("GIF", save_all=True, append_images=[second]), "Only its first frame", ""),
        "web.webp": (encoded("WEBP"), "WEBP", "saved as PNG, because tag takes no WEBP files"),
        "new.avif": (encoded("AVIF"), "AVIF", "saved as JPEG, because tag takes no AVIF files"),
        "tiny.png": (encoded("PNG", (20, 16)), "20 × 16", "made larger from 20 × 16 to 63 × 50 pixels"),
        "large.bmp": (encoded("BMP", (3000, 2300)), "3000 × 2300", "only files of less than 4 MB"),
    }
    for name, (data, caption, change) in kinds.items():
        upload(page, tmp_path, name, data)
        page.locator("#chosen figcaption", has_text=name).filter(has_text=caption).wait_for()
        ask(page, "Tags")
        said = page.locator("#said").inner_text()
        assert change in said, name
        assert ("The picture was" in said) == bool(change), name


def test_a_telephone_s_photograph_is_made_fit_and_its_boxes_come_back(
    visit: Callable[..., Any], tmp_path: Path
) -> None:
    page = visit()
    upload(page, tmp_path, "photo.jpg", encoded("JPEG", (4032, 3024)))
    page.locator("#chosen figcaption", has_text="4032 × 3024").wait_for()
    ask(page, "Printed text")
    says(page, "made smaller from 4032 × 3024")
    row = page.locator(".cvh-table tbody tr", has_text="HELLO").first.inner_text().split()
    assert 400 < int(row[3]) < 700, "x is in pixels of the photograph: the word begins at an eighth of it"
    tab(page, "Request")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the picture as it was sent").click()
    download.value.save_as(tmp_path / "sent.jpg")
    sent = PIL.Image.open(tmp_path / "sent.jpg")
    assert sent.width * sent.height <= 10_000_000
    made = page.evaluate("""async () => {
        const { fit } = await import("/studio/fit.js");
        const limits = { formats: ["JPEG", "PNG"], bytesBelow: 20_000, minSide: 50, maxSide: 300, maxPixels: 1e6 };
        const sent = (width, height, bytes) => {
            const image = new OffscreenCanvas(width, height);
            const blob = new Blob([new Uint8Array(bytes)]);
            return fit({ name: "a", kind: "PNG", width, height, image, blob }, limits, "ocr");
        };
        const sizes = [[1200, 400, 9], [100, 100, 20_000], [100, 100, 19_999]];
        const [long, heavy, fine] = await Promise.all(sizes.map((size) => sent(...size)));
        return [long.width, long.height, heavy.blob.size < 20_000, heavy.change, fine.change];
    }""")
    assert made == [300, 100, True, "saved as PNG, because ocr takes only files of less than 0 MB", ""]


def test_what_the_browser_can_not_show_is_sent_as_it_is_or_named(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    upload(page, tmp_path, "scan.tiff", encoded("TIFF"))
    page.get_by_text("This browser can't show TIFF pictures.").wait_for()
    tab(page, "Analyze")
    page.locator("#run").click()
    page.locator("#failed", has_text="scan.tiff is a TIFF picture. analyze does not take this kind").wait_for()
    ask(page, "Handwriting")
    page.locator(".cvh-table", has_text="HELLO").wait_for()
    page.locator(".cvh-drawing img").wait_for()
    shoot(page, "studio-tiff")
    upload(page, tmp_path, "phone.heic", (ROOT / "tests/library/own/brown.heic").read_bytes())
    page.get_by_text("This browser can't show HEIC pictures.").wait_for()
    page.locator("#run").click()
    page.locator("#failed", has_text="phone.heic is a HEIC picture. read does not").filter(
        has_text="Save it as JPEG"
    ).wait_for()


def test_what_is_no_picture_is_named_by_file_and_kind(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    files = {
        "letter.txt": (b"Dear Ada", "its kind is text/plain"),
        "letter.jpg": (b"Dear Ada", "it has the name of one, and something else in it"),
        "form.pdf": (b"%PDF-1.7 ...", "its kind is PDF"),
        "cut.jpg": (encoded("JPEG")[:300], "it begins like a JPEG file and can't be opened"),
    }
    for name, (data, words) in files.items():
        upload(page, tmp_path, name, data)
        page.locator("#picture-said", has_text=name).filter(has_text=words).wait_for()
        assert "Dear Ada" not in page.content()
    upload(page, tmp_path, "empty.png", b"")
    page.locator(".cvh-said", has_text="empty.png is empty").wait_for()
    page.locator("#chosen figcaption", has_text="street-at-night").wait_for()  # the last good one stays
    upload(page, tmp_path, "strip.png", encoded("PNG", (9000, 10)))
    page.locator("#chosen figcaption", has_text="strip.png").wait_for()
    assert page.locator("#picture-said").is_hidden()
    tab(page, "Printed text")
    page.locator("#run").click()
    page.locator("#failed", has_text="too long a strip for ocr").wait_for()


def test_a_picture_is_pasted_dropped_and_photographed(visit: Callable[..., Any]) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write", "camera"])
    page.evaluate("""async () => {
      const canvas = Object.assign(document.createElement("canvas"), {width: 90, height: 60});
      canvas.getContext("2d").fillRect(0, 0, 45, 60);
      const blob = await new Promise(done => canvas.toBlob(done));
      await navigator.clipboard.write([new ClipboardItem({"image/png": blob})]);
    }""")
    page.locator("#run").focus()  # anywhere on the page
    page.keyboard.press("Control+v")
    page.locator("#chosen figcaption", has_text="90 × 60 pixels, PNG").wait_for()
    page.get_by_role("button", name="Use the camera").click()
    page.get_by_role("button", name="Take the picture").click()
    page.locator("#chosen figcaption", has_text="camera.jpg").wait_for()
    page.get_by_role("button", name="Paste").click()
    page.locator("#chosen figcaption", has_text="pasted.png").wait_for()
    drop = """(part, bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], "dropped.png", {type: "image/png"}));
      part.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
    }"""
    for target in (".cvh-drop", "h1"):
        choose(page, "cat")
        page.locator(target).evaluate(drop, list(encoded("PNG", (80, 70))))
        page.locator("#chosen figcaption", has_text="dropped.png").wait_for()


def test_a_telephone_without_https_takes_the_picture_with_its_own_camera(visit: Callable[..., Any]) -> None:
    """As over http:// in a class: there the browser hides the camera from the page."""
    page = visit(size="390", script="Object.defineProperty(navigator, 'mediaDevices', {value: undefined})")
    taken = page.get_by_label("Take a picture")
    assert taken.get_attribute("capture") == "environment"
    page.get_by_text("only at an https:// address").wait_for()
    assert axe(page, slight=True) == []
    taken.set_input_files({"name": "image.jpg", "mimeType": "image/jpeg", "buffer": encoded("JPEG")})
    page.locator("#chosen figcaption", has_text="image.jpg").wait_for()


@pytest.fixture
def pictures() -> Iterator[str]:
    """A server of one picture, at this computer."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = encoded("PNG", (1600, 1200)) if self.path.startswith("/hello.png") else b"no"
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_picture_at_an_address_is_fetched_by_the_service(visit: Callable[..., Any], pictures: str) -> None:
    """The page loads nothing from there: what it shows is the small copy that the service makes."""
    page = visit()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    field = page.get_by_label("An address")
    field.fill(f"{pictures}/hello.png")
    field.press("Enter")
    page.locator("#chosen figcaption", has_text="hello.png").filter(has_text="1600 × 1200").wait_for()
    ask(page, "Printed text")
    page.locator(".cvh-table", has_text="HELLO").wait_for()
    tab(page, "Request")
    page.locator("pre", has_text=f'{{"url":"{pictures}/hello.png"}}').wait_for()
    field.fill(f"{pictures}/hello.png?größe")
    field.press("Enter")
    page.locator("#chosen figcaption", has_text="größe").filter(has_text="1600 × 1200").wait_for()
    ask(page, "Tags")
    for language in (*RUN, "C#"):
        assert "\\u00f6" in (code := shown_code(page, language)), language
        assert code.isascii(), "not every compiler reads a file as UTF-8"
    assert not any(url.startswith(pictures) for url in asked)
    for wrong, words in {"/etc/hosts": "not an address", f"{pictures}/no.png": "is not a valid image"}.items():
        field.fill(wrong)
        field.press("Enter")
        page.locator("#picture-said", has_text=words).wait_for()


# --------------------------------------------------------------------------------------------------------------
# the request, for other programs


def shown_code(page: Any, language: str) -> str:
    tab(page, "Code")
    page.get_by_role("radio", name=language, exact=True).check()
    return str(page.locator(".cvh-code pre").inner_text())


def test_the_request_that_is_shown_is_the_one_that_was_sent(visit: Callable[..., Any], address: str) -> None:
    page = visit()
    choose(page, "coffee")
    with page.expect_request("**/vision/**") as sent:
        ask(page, "Analyze")
    tab(page, "Request")
    request = sent.value
    view = page.locator("#view").inner_text()
    assert f"{request.method} {request.url}" in view
    data = (ROOT / "cvhelpers/samples/pictures/coffee.jpg").read_bytes()
    assert f"{len(data):,} bytes" in view
    assert f"Content-Type\t{request.headers['content-type']}" in view
    tab(page, "JSON")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy JSON").click()
    page.get_by_text("Copied").wait_for()
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    headers = {HEADER: address.split("#key=")[1], "Content-Type": "application/octet-stream"}
    again = requests.post(request.url, data=data, headers=headers, timeout=30).json()
    assert {**copied, "requestId": ""} == {**again, "requestId": ""}


RUN = {
    "curl": ("ask.sh", ["bash"]),
    "Python": ("ask.py", [sys.executable]),
    "JavaScript": ("ask.mjs", ["node"]),
    "Java": ("Ask.java", ["java"]),
}


@pytest.mark.parametrize("operation", ["Analyze", "Handwriting", "Search"])
def test_the_code_asks_the_same_and_holds_no_key(
    visit: Callable[..., Any], address: str, tmp_path: Path, operation: str
) -> None:
    """Each is run, where its language is on this computer: an answer at once, one that comes later, and a GET."""
    key = address.split("#key=")[1]
    page = visit()
    choose(page, "pangrams")
    ask(page, operation)
    (tmp_path / "pangrams.png").write_bytes((ROOT / "cvhelpers/samples/pictures/pangrams.png").read_bytes())
    for language in (*RUN, "C#"):
        code = shown_code(page, language)
        assert key not in code
        assert page.url.rstrip("/") in code
        assert "VISION_KEY" in code
        program, command = RUN.get(language, ("", ["no C# here"]))
        if not shutil.which(command[0]) or (language == "Java" and not has_java_compiler()):
            continue
        (tmp_path / program).write_text(code.replace("export VISION_KEY=...", ":"), encoding="utf-8")
        environment = {**os.environ, "VISION_KEY": key}
        done = subprocess.run(
            [*command, program], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"{language}: {done.stderr}"
        expected = {"Analyze": "captions", "Handwriting": "brown fox", "Search": "contentUrl"}[operation]
        assert expected in done.stdout, language


def has_java_compiler() -> bool:
    listed = subprocess.run(["java", "--list-modules"], capture_output=True, text=True, timeout=30).stdout
    return "jdk.compiler" in listed


# --------------------------------------------------------------------------------------------------------------
# for everyone


# Every width and every theme; what a width changes, a theme does not.
SIGHTS = [("1280", "light"), ("768", "dark"), ("390", "light"), ("390", "forced")]


@pytest.mark.parametrize(("size", "theme"), SIGHTS)
def test_nobody_is_barred_and_nothing_sticks_out(visit: Callable[..., Any], size: str, theme: str) -> None:
    """axe finds nothing at all, whatever is shown, and no page is wider than the screen."""
    page = visit(size=size, theme=theme)

    def look(name: str) -> None:
        assert axe(page, slight=True) == [], name
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{name} is too wide"
        shoot(page, f"studio-{name}-{theme}-{size}", whole=True)

    look("start")
    choose(page, "photographer")
    ask(page, "Analyze")
    look("analyze")
    room = "part => part.closest('.cvh-table').getBoundingClientRect().right - part.getBoundingClientRect().right"
    assert page.locator(".cvh-table caption span").evaluate(room) > 0, "the table is named without scrolling"
    for view in ("JSON", "Request", "Code"):
        tab(page, view)
        look(view.lower())
    tab(page, "Result")
    choose(page, "democritus")
    ask(page, "Printed text")
    look("printed")
    ask(page, "Search")
    page.wait_for_timeout(300)
    ground = page.locator("button.cvh-tile img").first.evaluate("image => getComputedStyle(image).backgroundColor")
    assert ground == "rgb(255, 255, 255)", "black lines on nothing are seen, whatever the colours are"
    look("search")
    page.goto(f"{page.url}docs")
    page.locator("details.operation").first.evaluate("one => (one.open = true)")
    look("docs")


def reach(page: Any, what: str, key: str = "Tab") -> None:
    """Go on with the Tab key until the focus is on what a selector names."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate("what => Boolean(document.activeElement?.matches(what))", what):
            around = "[document.activeElement, document.activeElement.closest('label')].filter(Boolean)"
            assert page.evaluate(f"{around}.some(one => getComputedStyle(one).outlineStyle !== 'none')"), "it is seen"
            return
    raise AssertionError(f"the Tab key does not come to {what}")


def test_the_keyboard_alone_is_enough(visit: Callable[..., Any]) -> None:
    page = visit()
    reach(page, "#samples input")
    page.keyboard.press("ArrowRight")
    page.locator("#chosen figcaption", has_text="democritus").wait_for()
    reach(page, "#own button")
    reach(page, "#own input[type=text]")
    reach(page, "#operations [aria-selected=true]")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "Printed text"
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")  # goes round
    assert page.evaluate("document.activeElement.textContent") == "Analyze"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    reach(page, "#options input[type=checkbox]")
    page.keyboard.press("Space")
    reach(page, "#run")
    page.keyboard.press("Enter")
    says(page, "Done")
    assert page.evaluate("document.activeElement.id") == "run", "the focus stays where it was"
    reach(page, "#views [aria-selected=true]")
    page.keyboard.press("End")
    reach(page, "input[name=code-language]")
    page.keyboard.press("ArrowDown")
    page.locator(".cvh-code pre", has_text="import requests").wait_for()
    reach(page, "#views [aria-selected=true]", "Shift+Tab")
    page.keyboard.press("Home")
    reach(page, ".cvh-table tbody button")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("tr.cvh-on", has_text="EXISTS").wait_for()


def test_who_wants_no_motion_gets_none(visit: Callable[..., Any]) -> None:
    turning = "part => { part.classList.add('busy'); return getComputedStyle(part, '::before').animationName }"
    assert visit().locator("#said").evaluate(turning) == "turn"
    assert visit(reduced_motion="reduce").locator("#said").evaluate(turning) == "none"


def test_on_a_narrow_screen_the_answer_is_brought_into_view(visit: Callable[..., Any]) -> None:
    page = visit(size="390", reduced_motion="reduce")
    ask(page, "Analyze")
    page.wait_for_timeout(300)
    assert 0 <= page.locator("#answer").bounding_box()["y"] < 0.55 * SIZES["390"]["height"]
