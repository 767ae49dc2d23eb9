"""The studio's own modules without a browser, in the Node that comes with Playwright.

A service is played that answers as the real one never does here, and clicks are tested that need no drawn page.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from playwright._impl._driver import compute_driver_executable

import cvhelpers

FRONT = Path(cvhelpers.__file__).parent / "front"

BROWSER = """
// As much of a browser as the modules ask for. Nothing is waited for. `hears` holds what listens at a part.
class Part {
  children = [];
  hears = {};
  append(...more) { this.children.push(...more); }
  replaceChildren(...all) { this.children = all; }
  addEventListener(name, act) { this.hears[name] = act; }
  setAttribute() {}
  removeAttribute() {}
  querySelector() { return new Part(); }
  all() { return [this, ...this.children.flatMap((one) => one.all?.() ?? [])]; }
  find(wanted) { return this.all().find(wanted); }
}
globalThis.document = { createElement: () => new Part(), getElementById: () => new Part() };
globalThis.location = { origin: "http://studio.example" };
globalThis.setTimeout = queueMicrotask;
"""

Modules = Callable[[str], Any]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    """Runs a script beside the studio's modules, and returns what it gives to ``tell``."""
    folder = tmp_path_factory.mktemp("studio")
    for path in (*FRONT.glob("*.js"), *FRONT.glob("studio/*.js")):
        shutil.copy(path, folder)  # in one folder, as they are served
    (folder / "package.json").write_text('{"type": "module"}')
    node, _ = compute_driver_executable()

    def run(script: str) -> Any:
        program = f"{BROWSER}\nconst tell = (told) => console.log(JSON.stringify(told));\n{script}"
        command = [node, "--input-type=module", "--eval", program]
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=20)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_a_result_is_asked_for_until_the_operation_has_ended_well_or_not(modules: Modules) -> None:
    """After its last answer the played service can't be reached: a poll that goes on gets another message."""
    told = modules("""
        import { sendAndWait } from "./api.js";
        const headers = { "Operation-Location": "http://elsewhere.example/it/1" };
        const told = [];
        for (const statuses of [["notStarted", "running", "succeeded"], ["running", "failed"], ["Running", "Failed"]]) {
          const answers = statuses.map((status) => Response.json({ status }));
          answers.unshift(new Response("", { status: 202, headers }));
          const asked = [], watched = [];
          globalThis.fetch = async (url, { method }) => {
            asked.push(`${method} ${url}`);
            return answers.shift() ?? Promise.reject(new TypeError("nothing more"));
          };
          const call = { method: "POST", path: "/read", params: [], headers: {} };
          const watch = (exchanges) => watched.push(exchanges.length);
          const ended = await sendAndWait(call, "key", undefined, watch).then(
            (exchanges) => exchanges.at(-1).json.status,
            (error) => error.message,
          );
          told.push([ended, watched, asked.at(-1)]);
        }
        tell(told);
    """)
    here = "GET http://studio.example/it/1"  # as the page itself: whatever host the service takes itself for
    failed = "The service began to read, but failed. Try another picture."
    assert told == [["succeeded", [1, 2, 3, 4], here], [failed, [1, 2, 3], here], [failed, [1, 2, 3], here]]


def test_the_code_for_programs_waits_until_the_operation_has_ended_well_or_not(
    modules: Modules, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """JavaScript and Python are run here against a service that fails; the others need the same two words."""
    code, said = modules("""
        import { LANGUAGES } from "./snippets.js";
        const headers = { "Content-Type": "application/json" };
        const call = { method: "POST", path: "/read", params: [], headers, json: { url: "http://other.example/" } };
        const code = Object.fromEntries(Object.entries(LANGUAGES).map(([name, make]) => [name, make(call, true)]));
        const answers = [new Response("", { headers: { "Operation-Location": "http://studio.example/it/1" } })];
        for (const status of ["Running", "Failed"]) answers.push(Response.json({ status }));
        globalThis.fetch = async () => answers.shift();
        const log = console.log, said = [];
        console.log = (text) => said.push(JSON.parse(text));
        await import(`data:text/javascript,${encodeURIComponent(code.JavaScript)}`);
        console.log = log;
        tell([code, said]);
    """)
    assert said == [{"status": "Failed"}]
    statuses = ["Failed", "Running"]
    here = {"Operation-Location": "http://studio.example/it/1"}
    started = SimpleNamespace(headers=here, raise_for_status=lambda: None)

    def get(address: str, **_: object) -> SimpleNamespace:
        status = statuses.pop()
        return SimpleNamespace(raise_for_status=lambda: None, json=lambda: {"status": status})

    monkeypatch.setattr(requests, "request", lambda *_, **__: started)
    monkeypatch.setattr(requests, "get", get)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    monkeypatch.setenv("VISION_KEY", "key")
    exec(code["Python"], {})
    assert capsys.readouterr().out == "{'status': 'Failed'}\n"
    for language in code:
        assert re.search(r"succeeded\W+(or\W+)?failed\b", code[language]), language


def test_the_pages_of_a_search_are_turned_one_by_one(modules: Modules) -> None:
    """From the third page back comes the second; the page with the last picture is the last one."""
    told = modules("""
        import { showPage } from "./search.js";
        const told = [];
        for (const nextOffset of [71, 72, undefined]) {
          const answer = { value: [{ name: "a" }, {}], nextOffset, totalEstimatedMatches: 72 };
          const el = new Part(), turned = [];
          showPage(el, answer, 48, [0, 24], () => {}, (...page) => turned.push(page));
          const named = (text) => el.find((one) => one.textContent === text);
          named("Page back").hears.click();
          named("Page forward").hears.click();
          const words = el.all().flatMap((one) => one.children).filter((one) => typeof one === "string");
          told.push([turned, named("Page forward").disabled, words[0]]);
        }
        tell(told);
    """)
    back, shown = [24, [0]], "49 to 50 of about 72"
    assert told[0] == [[back, [71, [0, 24, 48]]], False, shown]
    assert [(turned[0], disabled) for turned, disabled, _ in told[1:]] == [(back, True), (back, True)]


def test_of_several_pictures_chosen_quickly_the_last_one_is_opened(modules: Modules) -> None:
    told = modules("""
        import { PicturePanel } from "./picture.js";
        const seen = [], arrive = {};
        const failed = (error) => error && seen.push(error.message);
        const panel = new PicturePanel(() => seen.push(panel.current.name), failed);
        panel.show = () => {};
        const open = (name) => panel.open(() => new Promise((done, fail) => (arrive[name] = [done, fail])), name);
        const opened = [open("slow"), open("broken"), open("last")];
        arrive.last[0]({ name: "last" });
        await opened[2];
        arrive.slow[0]({ name: "slow" });
        arrive.broken[1](new Error("broken"));
        tell([await Promise.all(opened), seen]);
    """)
    assert told == [[False, False, True], ["last"]]


def test_a_picture_of_ones_own_is_sent_in_pieces_if_it_is_not_too_large(modules: Modules) -> None:
    told = modules("""
        import own from "./own_picture.js";
        const MIB = 2 ** 20, el = new Part(), sent = [];
        const values = { description: "", most_bytes: 2 * MIB, piece_bytes: MIB };
        const send = ({ name, upload, total }, _, [part]) => sent.push([name, upload, total, part.byteLength]);
        own.render({ model: { get: (name) => values[name], send }, el });
        const input = el.find((one) => one.type === "file"), status = el.find((one) => one.className === "cvh-said");
        const told = [];
        for (const size of [2 * MIB + 1, 0, 2 * MIB, MIB + 5]) {
          input.files = [new File([new Uint8Array(size)], "a.png")];
          input.hears.change();
          await new Promise(setImmediate);
          const pieces = sent.splice(0);
          const uploads = new Set(pieces.map(([name, upload, total]) => `${name} ${upload} ${total - size}`));
          told.push([status.textContent, pieces.map((one) => one[3]), uploads.size]);
        }
        tell(told);
    """)
    mib = 2**20
    assert told == [
        ["a.png has 2.0 MB; up to 2 MB can be taken. Save a smaller copy.", [], 0],
        ["a.png is empty: it has no bytes at all.", [], 0],
        ["", [mib, mib], 1],
        ["", [mib, 5], 1],
    ]


def test_pasted_text_goes_into_the_field_and_a_pasted_picture_is_opened(modules: Modules) -> None:
    told = modules("""
        import own from "./own_picture.js";
        import { PicturePanel } from "./picture.js";
        const el = new Part(), opened = [];
        const values = { most_bytes: 9, piece_bytes: 9 };
        own.render({ model: { get: (name) => values[name], send: ({ name }) => opened.push(name) }, el });
        const group = el.find((one) => one.hears.paste), panel = new PicturePanel(() => {}, () => {});
        panel.openFile = (_, name) => opened.push(name);
        const anywhere = (event) => panel.dropped(event, event.clipboardData, "pasted.png");
        const file = (name, type) => [new File(["a"], name, { type })];
        const told = [];
        for (const files of [[], file("a.txt", "text/plain"), file("a.png", "image/png")]) {
          for (const paste of [group.hears.paste, anywhere]) {
            let isTaken = false;
            paste({ clipboardData: { files }, preventDefault: () => (isTaken = true), stopPropagation() {} });
            await new Promise(setImmediate);
            told.push([isTaken, ...opened.splice(0)]);
          }
        }
        tell(told);
    """)
    text, file, picture = told[:2], told[2:4], told[4:]
    assert text == [[False], [False]]
    assert file == [[False], [True, "a.txt"]], "the page names what is no picture"
    assert picture == [[True, "a.png"], [True, "a.png"]]


def test_a_table_is_written_so_that_every_program_reads_the_same_cells(modules: Modules) -> None:
    rows = [["1", "a, b", 'say "hi"'], ["", "two\nlines", "-1"], ["=1", "-a", " @b"]]
    told = modules(f"""
        import {{ csv }} from "./shared.js";
        tell(csv({json.dumps(rows)}));
    """)
    assert told == '1,"a, b","say ""hi"""\r\n,two lines,-1\r\n\'=1,\'-a,\'@b\r\n'
