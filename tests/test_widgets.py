"""The controls without a browser: what is picked, asked, shown, replaced, cancelled, and said in words."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
import threading
import time
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import ipywidgets as W
import PIL.Image
import pytest

import cvhelpers as cv
from cvhelpers.session import Connection
from cvhelpers.widgets import exchange_view
from cvhelpers.widgets.explained import CheckBoxes, walk
from cvhelpers.widgets.explorer import Explorer
from cvhelpers.widgets.front import Gallery, OwnPicture
from cvhelpers.widgets.operations import HANDWRITTEN_TEXT
from cvhelpers.widgets.picker import open_public
from cvhelpers.widgets.search_explorer import _fetch, _opened
from cvhelpers.widgets.vision_result import Seen, VisionResult
from cvhelpers.widgets.work import Worker
from play_service import Endless, Service, png, respond

MAKERS = [
    cv.explore_analyze,
    cv.explore_printed_text,
    cv.explore_handwritten_text,
    cv.explore_search,
    lambda session=None: cv.explore_comparison(session=session),
    lambda session=None: cv.pick_picture(lambda picture: picture, session),
    lambda session=None: cv.pick_search_term(str.upper, "puppies"),
]


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def session(service: Service) -> Connection:
    return Connection(service)


def ran(explorer: Any) -> Any:
    explorer.run()
    explorer.worker.wait(120)
    return explorer


def upload(explorer: Any, name: str = "mine.png", data: bytes | None = None, piece: int = 4 * 2**20) -> None:
    """As the browser does it: in pieces."""
    picker = explorer if hasattr(explorer, "own") else explorer.picker
    data = png() if data is None else data
    for at in range(0, len(data), piece):
        content = {"name": name, "upload": "1", "total": len(data)}
        picker.own._handle_custom_msg(content, [memoryview(data[at : at + piece])])
    picker.worker.wait()


def open_address(picker: Any, address: str) -> None:
    picker.own._handle_custom_msg({"address": address}, [])
    picker.worker.wait()


def appear(explorer: Any) -> None:
    """As the browser tells it when the control is on the screen."""
    explorer.frame._handle_custom_msg({"appeared": True}, [])
    explorer.worker.wait(120)


# --------------------------------------------------------------------------------------------------------------
# what holds for all of them


@pytest.mark.parametrize("make", MAKERS)
def test_every_control_has_a_description(make: Any, session: Connection) -> None:
    kinds = (W.Text, W.Dropdown, W.Checkbox, W.Button, W.Combobox, W.BoundedIntText, Gallery, OwnPicture)
    inputs = [widget for widget in walk(make(session)) if isinstance(widget, kinds)]
    assert inputs
    assert [widget for widget in inputs if not widget.description] == []


@pytest.mark.parametrize("make", MAKERS)
def test_there_is_no_output_widget(make: Any, session: Connection) -> None:
    assert not any(isinstance(widget, W.Output) for widget in walk(make(session)))


@pytest.mark.parametrize("make", MAKERS)
def test_it_leaves_a_trace_where_widgets_do_not_run(make: Any, session: Connection) -> None:
    control = make(session)
    bundle = control._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == control.model_id
    assert bundle["text/plain"] == f"{control.title} (the controls appear where the notebook runs)"
    assert control.title in bundle["text/html"]
    assert 80 < len(bundle["text/html"]) < 900
    assert bundle == make(session)._repr_mimebundle_() | {
        "application/vnd.jupyter.widget-view+json": bundle["application/vnd.jupyter.widget-view+json"]
    }, "the same each time"


@pytest.mark.parametrize(
    ("source", "says"), [("keyless", "Needs"), ("recorded", "Needs"), ("on-device", "Needs"), ("live", "Not ready")]
)
def test_each_source_says_what_it_needs(source: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISION_ENDPOINT", raising=False)
    explorer = cv.explore_analyze(cv.connect("recorded"))
    explorer.source.choice.value = source
    assert explorer.source.about.value.count("<div") == 1
    assert says in explorer.source.about.value


def test_a_source_that_is_not_set_up_says_so_and_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISION_ENDPOINT", raising=False)
    explorer = cv.explore_analyze(cv.connect("recorded"))
    explorer.source.choice.value = "live"
    assert "VISION_ENDPOINT" in explorer.source.about.value
    ran(explorer)
    assert 'role="alert"' in explorer.message.value
    assert "VISION_ENDPOINT" in explorer.message.value


def test_the_first_result_comes_by_itself_and_once(service: Service, session: Connection) -> None:
    explorer = cv.explore_printed_text(session)
    assert service.asked == []
    appear(explorer)
    assert len(explorer.result) == 1
    appear(explorer)  # a second view of the same control
    assert len(service.asked) == 1
    assert explorer.frame.scrolls == 0, "nobody asked, so the page stays where it is"
    ran(explorer)
    assert explorer.frame.scrolls == 1


def test_where_calls_are_counted_nothing_is_asked_unbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("VISION_KEY", "0123456789abcdef0123456789abcdef")
    explorer = cv.explore_analyze(cv.connect("live"))
    appear(explorer)
    assert explorer.exchanges == []
    assert "Press Run" in explorer.message.value


def test_a_changed_choice_makes_the_result_stale_until_the_next(session: Connection) -> None:
    explorer = ran(cv.explore_printed_text(session))
    changes = [
        lambda: setattr(explorer.options.controls["language"], "value", "de"),
        lambda: explorer.picker.choose(cv.sample("cat")),
        lambda: setattr(explorer.source.choice, "value", "recorded"),
        lambda: setattr(explorer.source.choice, "value", "keyless"),
    ]
    for change in changes:
        change()
        assert "cvh-stale" in explorer.tabs._dom_classes
        assert "belongs to the earlier choice" in explorer.message.value
        explorer.tabs.remove_class("cvh-stale")
    explorer.picker.choose(cv.sample("coffee"))
    ran(explorer)
    assert "cvh-stale" not in explorer.tabs._dom_classes
    assert "Done" in explorer.message.value


def test_a_choice_that_is_changed_meanwhile_makes_the_new_result_stale(service: Service, session: Connection) -> None:
    explorer = cv.explore_printed_text(session)
    service.open.clear()
    explorer.run()
    assert service.begun.wait(5)
    explorer.options.controls["language"].value = "de"
    service.open.set()
    explorer.worker.wait()
    assert "cvh-stale" in explorer.tabs._dom_classes


@pytest.mark.parametrize("end", ["cancelled", "failed"])
def test_a_choice_that_is_changed_meanwhile_makes_the_old_result_stale(
    end: str, service: Service, session: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    explorer = ran(cv.explore_printed_text(session))
    service.open.clear()
    service.begun.clear()
    explorer.run()
    assert service.begun.wait(5)
    explorer.options.controls["language"].value = "de"
    if end == "cancelled":
        explorer.cancel()
    else:
        monkeypatch.setattr(service, "_answer", lambda request: respond({}, 500))
    service.open.set()
    explorer.worker.wait()
    assert "cvh-stale" in explorer.tabs._dom_classes
    assert "earlier choice" in explorer.message.value
    assert ("That did not work" in explorer.message.value) == (end == "failed")


def test_an_old_error_goes_when_the_choice_is_changed() -> None:
    explorer = cv.explore_printed_text(cv.connect("recorded"))
    explorer.picker.choose(cv.sample("cat"))
    ran(explorer)
    assert "No recorded answer fits" in explorer.message.value
    assert "choose on-device under ‘Answers from’" in explorer.message.value
    explorer.picker.choose(cv.sample("democritus"))
    assert explorer.message.value.count("Press Run") == 1
    assert "recorded answer" not in explorer.message.value


@pytest.mark.parametrize("source", ["on-device", "keyless"])
def test_what_this_computer_can_not_answer_can_not_be_chosen(source: str) -> None:
    """Everything else can, and is answered: each feature, each language."""
    explorer = cv.explore_analyze(cv.connect("recorded"))
    explorer.options.controls["features"].value = ("Brands", "Tags")
    explorer.source.choice.value = source
    features, details, language = (explorer.options.controls[name] for name in ("features", "details", "language"))
    assert [box.description for box in features.boxes if box.disabled] == ["Brands"]
    assert all(box.disabled for box in details.boxes)
    assert [value for _, value in language.options] == ["", "en", "es", "ja", "pt", "zh"]
    assert "Brands: the open models" in explorer.options.reasons.value
    features.value = tuple(box.description for box in features.boxes if not box.disabled)
    language.value = "ja"
    ran(explorer)
    assert len(explorer.exchanges) == 1
    assert explorer.exchanges[0].status == 200


def test_each_language_that_is_offered_is_answered_on_this_computer() -> None:
    explorer = cv.explore_printed_text(cv.connect("on-device"))
    vision = cv.VisionClient(explorer.source.session)
    small = cv.open_picture(PIL.Image.new("RGB", (60, 60), "white"))
    codes = [value for _, value in explorer.options.controls["language"].options]
    assert len(codes) == 22
    for code in codes:
        vision.ocr(small, language=code)
    for code in ("ar", "el", "ko", "ru", "sr-Cyrl"):
        with pytest.raises(cv.BadRequest):
            vision.ocr(small, language=code)


def test_of_recordings_only_the_recorded_options_are_offered() -> None:
    explorer = cv.explore_analyze(cv.connect("on-device"))
    explorer.options.controls["features"].value = ("Tags",)
    explorer.source.choice.value = "recorded"
    assert explorer.options.controls["features"].value == ("Categories", "Description", "Color")
    assert all(box.disabled for box in explorer.options.controls["features"].boxes)
    assert explorer.options.controls["language"].disabled
    ran(explorer)
    assert "city street" in str(explorer.result)
    explorer.source.choice.value = "on-device"
    assert not explorer.options.controls["features"].boxes[0].disabled


@pytest.mark.parametrize(
    "make", [cv.explore_printed_text, cv.explore_search, lambda session: cv.explore_comparison("cat", "cat", session)]
)
def test_a_result_that_can_not_be_shown_is_not_passed_over(make: Any, session: Connection) -> None:
    explorer = make(session)
    explorer.show = lambda made: 1 / 0
    ran(explorer)
    assert "ZeroDivisionError" in explorer.message.value
    assert explorer.cancel_button.disabled


def test_a_picked_picture_whose_figure_can_not_be_shown_is_not_passed_over() -> None:
    class Unshowable:
        def _repr_html_(self) -> str:
            raise RuntimeError("no ink")

    picker = cv.pick_picture(lambda picture: Unshowable())
    picker.pick(lambda: cv.sample("cat"))
    picker.worker.wait()
    assert "RuntimeError: no ink" in picker.message.value


def test_a_search_needs_no_key_where_looking_at_a_picture_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISION_ENDPOINT", raising=False)
    search, analyze = cv.explore_search(cv.connect("recorded")), cv.explore_analyze(cv.connect("recorded"))
    for explorer in (search, analyze):
        explorer.source.choice.value = "live"
    assert "Not ready" not in search.source.about.value
    assert "Not ready" in analyze.source.about.value


# --------------------------------------------------------------------------------------------------------------
# the pickers


def test_a_sample_is_picked() -> None:
    picker = cv.pick_picture(lambda picture: f"<{picture.name}>")
    picker.gallery.selected = picker.names.index("cat")
    picker.worker.wait()
    assert picker.picture.name == "cat"
    assert (picker.result, picker.view.value) == ("<cat>", "<pre>&lt;cat&gt;</pre>")
    assert picker.message.value == ""


def test_an_upload_and_an_address_are_picked(session: Connection) -> None:
    picker = cv.pick_picture(None, session)
    upload(picker)
    assert (picker.picture.name, picker.picture.width) == ("mine", 200)
    assert "data:image/jpeg" in picker.chosen.value
    open_address(picker, "https://pictures.test/sea.png")
    assert (picker.picture.name, picker.picture.url) == ("sea", "https://pictures.test/sea.png")
    assert picker.gallery.selected == -1


def test_an_error_is_said_in_words_and_the_last_good_result_stays() -> None:
    picker = cv.pick_picture(lambda picture: picture.name)
    picker.pick(lambda: cv.sample("cat"))
    picker.worker.wait()
    upload(picker, "letter.txt", b"Dear Ada, this is no picture")
    assert 'role="alert"' in picker.message.value
    assert "letter.txt is not a picture: its kind is text/plain." in picker.message.value
    assert "Dear Ada" not in picker.message.value
    assert "The picture is still cat." in picker.message.value
    assert (picker.result, picker.picture.name, picker.names[picker.gallery.selected]) == ("cat", "cat", "cat")


def test_the_bar_moves_until_the_figure_is_drawn() -> None:
    class Figure:
        def _repr_html_(self) -> str:
            return f"drawn while it said: {picker.message.value}"

    picker = cv.pick_picture(lambda picture: Figure())
    picker.pick(lambda: cv.sample("cat"))
    picker.worker.wait()
    assert "Working …" in picker.view.value
    assert picker.message.value == ""


def test_whoever_stops_waiting_is_told_which_picture_stays() -> None:
    picker = cv.pick_picture(None)
    picker.cancel()
    assert "Cancelled.<" in picker.message.value
    picker.pick(lambda: cv.sample("cat"))
    picker.worker.wait()
    picker.cancel()
    assert "Cancelled. The picture is still cat." in picker.message.value


def test_a_large_file_comes_in_pieces(session: Connection) -> None:
    picker = cv.pick_picture(None, session)
    data = png("red", (400, 300))
    upload(picker, "large.png", data, piece=100)
    assert picker.picture.data == data
    upload(picker, "other.png", piece=60)
    assert (picker.picture.name, picker.picture.data) == ("other", png())


def test_a_file_that_was_given_up_does_not_spoil_the_next() -> None:
    picker = cv.pick_picture()
    picker.own._handle_custom_msg({"name": "lost.png", "upload": "0", "total": 999}, [memoryview(b"half of it")])
    upload(picker)
    assert picker.picture.name == "mine"


def test_a_file_beyond_the_limit_is_refused_before_it_fills_the_memory() -> None:
    picker = cv.pick_picture()
    picker.own.most_bytes = 2**20
    upload(picker, "huge.png", bytes(2**20 + 1), piece=2**19)
    assert "More than 1 MB" in picker.message.value
    assert picker.picture is None
    assert len(picker.own._pieces) <= 2**20


def test_of_an_animation_the_first_frame_is_used_and_that_is_said() -> None:
    file = io.BytesIO()
    frames = [PIL.Image.new("RGB", (80, 80), colour) for colour in ("red", "green", "blue")]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    picker = cv.pick_picture()
    upload(picker, "moves.gif", file.getvalue())
    assert "It has 3 frames. Only its first one is used." in picker.chosen.value
    upload(picker)
    assert "frame" not in picker.chosen.value


@pytest.mark.parametrize("address", ["/etc/hosts", "cat.jpg", "file:///etc/hosts", "../notebooks"])
def test_no_path_of_this_computer_is_opened(address: str) -> None:
    picker = cv.pick_picture()
    open_address(picker, address)
    assert "This is not an address" in picker.message.value
    assert picker.picture is None


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_no_address_of_this_computers_own_network_is_opened(host: str) -> None:
    with pytest.raises(cv.PictureError, match="not a public address"):
        open_public(f"http://{host}/cat.jpg", None)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(None, None, 0, "", ("8.8.8.8", 0)), (None, None, 0, "", ("10.0.0.1", 0))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_: both)
    with pytest.raises(cv.PictureError, match="not a public address"):
        open_public("https://both.example/cat.jpg", None)


def test_waiting_for_a_picture_can_be_cancelled(service: Service, session: Connection) -> None:
    picker = cv.pick_picture(None, session)
    service.open.clear()
    picker.own._handle_custom_msg({"address": "https://pictures.test/sea.png"}, [])
    assert service.begun.wait(5)
    assert picker.cancel_button.layout.display == ""
    picker.cancel_button.click()
    assert "Cancelled" in picker.message.value
    assert picker.cancel_button.layout.display == "none"
    service.open.set()
    picker.worker.wait()
    assert picker.picture is None


def test_a_learners_own_error_is_said_with_its_name() -> None:
    picker = cv.pick_picture(lambda picture: picture.nothing_like_it)
    picker.pick(lambda: cv.sample("cat"))
    picker.worker.wait()
    assert "AttributeError" in picker.message.value


def test_a_search_term_is_picked() -> None:
    picker = cv.pick_search_term(str.upper)
    picker.text.value = "puppies"
    picker.text._handle_custom_msg({"event": "submit"}, [])  # as the Enter key does
    picker.worker.wait()
    assert picker.result == "PUPPIES"


# --------------------------------------------------------------------------------------------------------------
# the vision explorers


def test_options_become_parameters(service: Service, session: Connection) -> None:
    explorer = cv.explore_analyze(session)
    service.name = "live"
    explorer.options.suit("live")
    explorer.options.controls["features"].value = ("Tags", "Objects")
    explorer.options.controls["details"].value = ("Celebrities",)
    explorer.options.controls["language"].value = "es"
    ran(explorer)
    assert service.query == {"visualFeatures": "Tags,Objects", "details": "Celebrities", "language": "es"}

    explorer = cv.explore_printed_text(session)
    explorer.options.controls["language"].value = "de"
    explorer.options.controls["detect_orientation"].value = False
    ran(explorer)
    assert service.query == {"language": "de", "detectOrientation": "false"}

    explorer = cv.explore_handwritten_text(session)
    explorer.options.controls["mode"].value = "Printed"
    ran(explorer)
    assert parse_qs(urlsplit(str(service.asked[-3].url)).query) == {"mode": ["Printed"]}
    assert [exchange.method for exchange in explorer.exchanges] == ["POST", "GET", "GET"]


def test_a_picture_of_ones_own_is_sent(service: Service, session: Connection) -> None:
    explorer = cv.explore_printed_text(session)
    upload(explorer)
    ran(explorer)
    assert service.asked[-1].body == png()
    assert "mine" in explorer.view.reading.description


def test_rows_and_outlines_fit(session: Connection) -> None:
    explorer = cv.explore_analyze(session)
    upload(explorer)
    ran(explorer)
    reading = explorer.view.reading
    assert reading.columns == ["number", "what", "name", "confidence", "x", "y", "width", "height"]
    placed = {row[2]: outline for row, outline in zip(reading.rows, reading.outlines, strict=True) if outline}
    assert list(placed) == ["cat", "sofa"]
    # the sofa reaches from the left edge of the picture to its middle, and to its lower edge
    width, height = reading.size
    (left, top), (right, _), (_, bottom), _ = placed["sofa"]
    assert 0 <= left < right < width
    assert 0 < top < bottom < height
    assert (right - left) / (bottom - top) == pytest.approx(2, rel=0.02)


def test_outlines_lie_on_the_boxes_that_the_figure_draws() -> None:
    explorer = ran(cv.explore_printed_text(cv.connect("recorded")))
    assert len(explorer.view.reading.outlines) == len(explorer.view.reading.rows) == 11
    drawing = PIL.Image.open(io.BytesIO(explorer.figure.png)).convert("RGB")
    for outline in explorer.view.reading.outlines:
        x, y = outline[3]  # the lower left corner: no chip hangs there
        around = [drawing.getpixel((round(x) + dx, round(y) + dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        assert min(sum(pixel) for pixel in around) < 400, "there is a dark line"


def test_a_threshold_leaves_out_what_is_less_sure(session: Connection) -> None:
    explorer = cv.explore_analyze(session)
    upload(explorer)
    ran(explorer)
    reading = explorer.view.reading
    assert reading.has_threshold
    before = reading.src
    reading.least = 0.6
    assert [row[2] for row in reading.rows] == ["cat", "cat"]
    assert sum(outline is not None for outline in reading.outlines) == 1
    assert reading.src != before
    ran(explorer)
    assert len(reading.rows) == 2, "the slider counts for the next result as well"
    assert "Done: 2 rows in the table" in explorer.message.value
    upload(explorer, "next.png", png("navy"))
    ran(explorer)
    assert explorer.view.seen.picture.name == "next", "and not for the earlier picture"
    assert reading.description.endswith("next")
    reading.least = 0
    assert len(reading.rows) == 3


def test_the_drawing_is_drawn_again_with_more_pixels_when_asked_for() -> None:
    explorer = ran(cv.explore_printed_text(cv.connect("recorded")))
    assert explorer.view.reading.large == ""
    explorer.view.reading._handle_custom_msg({"enlarge": True}, [])
    small, large = (
        PIL.Image.open(io.BytesIO(base64.b64decode(address.split(",")[1])))
        for address in (explorer.view.reading.src, explorer.view.reading.large)
    )
    assert large.width == pytest.approx(2.5 * small.width, abs=3)
    ran(explorer)
    assert explorer.view.reading.large == "", "it belonged to the earlier drawing"


def test_the_read_text_can_be_copied() -> None:
    explorer = ran(cv.explore_printed_text(cv.connect("recorded")))
    assert explorer.view.reading.text.splitlines()[:2] == ["NOTHING", "EXISTS"]


def test_what_was_done_to_a_picture_is_said() -> None:
    explorer = cv.explore_printed_text(cv.connect("on-device"))
    file = io.BytesIO()
    PIL.Image.new("RGB", (4032, 3024), "white").save(file, "WEBP")
    upload(explorer, "phone.webp", file.getvalue())
    ran(explorer)
    assert "made smaller from 4032 × 3024" in explorer.message.value
    assert any("because ocr" in note for note in explorer.view.reading.notes)
    assert "It was made smaller" in explorer.exchange_pages[0].value


def test_highlighting_ends_with_the_next_result(session: Connection) -> None:
    explorer = ran(cv.explore_printed_text(session))
    explorer.view.reading.highlighted = 0
    ran(explorer)
    assert explorer.view.reading.highlighted == -1


def test_an_error_keeps_the_last_result_and_shows_the_exchange() -> None:
    explorer = ran(cv.explore_analyze(cv.connect("recorded")))
    good, shown = explorer.result, explorer.view.reading.src
    explorer.picker.pick(lambda: cv.open_picture(PIL.Image.new("RGB", (80, 80))))  # which nobody has recorded
    explorer.picker.worker.wait()
    ran(explorer)
    assert 'role="alert"' in explorer.message.value
    assert "No recorded answer fits" in explorer.message.value
    assert "the last good result" in explorer.message.value
    assert (explorer.result, explorer.view.reading.src) == (good, shown)


def test_a_refusal_is_shown_with_what_was_sent(monkeypatch: pytest.MonkeyPatch, service: Service) -> None:
    refusal = {"error": {"code": "InternalServerError", "message": "The machine is tired."}}
    monkeypatch.setattr(service, "_answer", lambda request: respond(refusal, 500))
    explorer = ran(cv.explore_printed_text(Connection(service)))
    assert "The machine is tired." in explorer.message.value
    assert "500" in explorer.exchange_pages[1].value
    assert explorer.cancel_button.disabled


def test_a_second_run_replaces_the_first(service: Service, session: Connection) -> None:
    explorer = cv.explore_printed_text(session)
    service.open.clear()
    explorer.run()
    first = explorer.worker._thread
    assert service.begun.wait(5)
    explorer.run()
    service.open.set()
    explorer.worker.wait()
    assert first is not None
    first.join(10)
    assert len(service.asked) == 2
    assert len(explorer.exchanges) == 1
    assert "Done" in explorer.message.value


def test_running_does_not_block_and_can_be_cancelled(service: Service, session: Connection) -> None:
    explorer = cv.explore_handwritten_text(session)
    service.polls_until_done = 10**6
    explorer.run()  # returns at once
    assert service.begun.wait(5)
    assert "<progress" in explorer.message.value
    assert not explorer.cancel_button.disabled
    explorer.cancel_button.click()
    assert "Cancelled" in explorer.message.value
    assert explorer.cancel_button.disabled
    explorer.worker.wait(10)  # the polling ends ...
    asked = len(service.asked)
    assert not explorer.worker._thread.is_alive()
    assert explorer.result is None
    assert len(service.asked) == asked  # ... and nothing more is sent


def test_a_call_without_an_end_is_given_up_at_once() -> None:
    explorer = cv.explore_printed_text(Connection(Endless()))
    explorer.run()
    began = time.monotonic()
    explorer.cancel_button.click()
    explorer.source._sessions["keyless"] = Connection(Service())
    ran(explorer)  # the thread that still waits holds up nobody
    assert time.monotonic() - began < 5
    assert len(explorer.result) == 1


def test_a_run_after_a_cancel_works(service: Service, session: Connection) -> None:
    explorer = cv.explore_printed_text(session)
    service.open.clear()
    explorer.run()
    explorer.cancel()
    service.open.set()
    ran(explorer)
    assert len(explorer.result) == 1


# --------------------------------------------------------------------------------------------------------------
# the exchange as a lesson


def test_the_tabs_show_the_request_the_answer_and_the_code() -> None:
    explorer = ran(cv.explore_analyze(cv.connect("recorded")))
    request, answer, code = (widget.value for widget in explorer.exchange_pages)
    assert "visualFeatures" in request
    assert "•••" in request
    assert "no-key-needed" not in request + answer + code
    assert "<details open>" in answer
    assert "captions" in answer
    assert "curl -X POST" in code
    assert "requests.post(" in code
    assert explorer.tabs.titles == ("Result", "Request", "Answer", "Code")


def test_the_code_goes_to_an_address_that_answers() -> None:
    """Nobody answers at the quickstarts' hosts any more; the service on this computer speaks the same protocol."""
    explorer = ran(cv.explore_printed_text(cv.connect("recorded")))
    code = explorer.exchange_pages[2].value
    assert "https://westcentralus.api.cognitive.microsoft.com was retired" in code
    assert code.count("microsoft.com") == 1, "in the warning only"
    assert "curl -X POST &#x27;http://127.0.0.1:8000/vision/v2.0/ocr" in code
    assert "cvhelpers serve" in code
    assert code.count("data-copy") == 3


@pytest.mark.parametrize(
    ("url", "working"),
    [
        ("http://127.0.0.1:8765/vision/v2.0/ocr", "http://127.0.0.1:8765"),
        ("https://mine.cognitiveservices.azure.com/vision/v3.2/ocr", "https://mine.cognitiveservices.azure.com"),
        ("https://mine.cognitiveservices.azure.com/vision/v3.1/ocr", exchange_view.SERVED),
        ("https://api.cognitive.microsoft.com/bing/v7.0/images/search", exchange_view.SERVED),
    ],
)
def test_only_what_was_retired_is_asked_elsewhere(session: Connection, url: str, working: str) -> None:
    one = cv.Exchange(session.get(url))
    assert exchange_view.working_address(one) == working
    assert ("was retired" in exchange_view.code_html([one])) == (working == exchange_view.SERVED)


@pytest.mark.parametrize(
    ("endpoint", "working"),
    [
        ("http://192.168.1.5:8123/", "http://192.168.1.5:8123"),
        ("https://mine.cognitiveservices.azure.com", exchange_view.SERVED),
        ("nonsense", exchange_view.SERVED),
    ],
)
def test_the_code_asks_the_service_that_the_learner_has_set_up(
    session: Connection, monkeypatch: pytest.MonkeyPatch, endpoint: str, working: str
) -> None:
    monkeypatch.setenv("VISION_ENDPOINT", endpoint)
    one = cv.Exchange(session.get("https://westus.api.cognitive.microsoft.com/vision/v2.0/ocr"))
    assert exchange_view.working_address(one) == working


def test_the_code_says_where_the_answer_came_from() -> None:
    explorer = cv.explore_printed_text(cv.connect("on-device"))
    explorer.picker.choose(cv.open_picture(PIL.Image.new("RGB", (60, 60), "white")))
    ran(explorer)
    assert "The answer here came from: on-device; cvhelpers engine" in explorer.exchange_pages[2].value


def test_the_answer_can_be_copied_whole() -> None:
    explorer = ran(cv.explore_printed_text(cv.connect("recorded")))
    hidden = explorer.exchange_pages[1].value.split("<pre hidden>")[1].split("</pre>")[0]
    assert json.loads(unescape(hidden)) == explorer.exchanges[0].json


def test_the_tree_has_everything_and_escapes_it() -> None:
    html = exchange_view.tree({"a": [1, {"b<script>": "<b>"}], "empty": {}, "none": None})
    assert "<script>" not in html
    assert all(part in html for part in ('"a"', "[…] 2 entries", "&lt;b&gt;", '"empty": {}', '"none": null'))


def test_a_long_series_of_polls_is_shortened(service: Service, session: Connection) -> None:
    service.polls_until_done = 5
    explorer = ran(cv.explore_handwritten_text(session))
    assert len(explorer.exchanges) == 6
    page = explorer.exchange_pages[0].value
    assert "and 3 more" in page
    assert re.findall(r"Request (\d) of 6", page) == ["1", "5", "6"]


def test_an_answer_without_anything_says_so() -> None:
    empty = cv.ReadResult.from_json({"status": "Succeeded", "recognitionResult": {"lines": []}})
    seen = Seen.draw(HANDWRITTEN_TEXT, cv.open_picture(png("white")), empty)
    assert VisionResult().show(seen).startswith("Done: nothing was found.")


# --------------------------------------------------------------------------------------------------------------
# the search explorer


def test_filters_become_parameters_and_pages_turn(service: Service, session: Connection) -> None:
    explorer = cv.explore_search(session, "puppies")
    explorer.filters["license"].value = "Public"
    explorer.count.value = 8
    explorer.term._handle_custom_msg({"event": "submit"}, [])  # as the Enter key does
    explorer.worker.wait()
    assert service.query == {"q": "puppies", "license": "Public", "count": "8"}
    assert explorer.above.back.disabled
    names = []
    forward, back = explorer.below.forward, explorer.above.back
    for button in (forward, forward, forward, back, back, back):
        button.click()
        explorer.worker.wait()
        names.append((explorer.result[0].name, explorer.gallery.items[0]["title"]))
    assert names == [
        ("picture 1", "2 picture 1"), ("picture 2", "3 picture 2"), ("picture 2", "3 picture 2"),
        ("picture 1", "2 picture 1"), ("picture 0", "1 picture 0"), ("picture 0", "1 picture 0"),
    ]  # fmt: skip
    assert "Page 1: pictures 1 to 1 of about 3" in explorer.message.value
    forward.click()
    explorer.worker.wait()
    ran(explorer)
    assert "Page 1:" in explorer.message.value, "a search begins at its first page"


def test_after_a_page_that_did_not_come_the_same_page_is_asked_for(
    service: Service, session: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    explorer = cv.explore_search(session)
    explorer.turn(1)
    assert service.asked == [], "there is no page yet from which to turn"
    ran(explorer)
    with monkeypatch.context() as tired:
        tired.setattr(service, "_answer", lambda request: respond({"errors": [{"code": "ServerError"}]}, 400))
        explorer.below.forward.click()
        explorer.worker.wait()
    explorer.below.forward.click()
    explorer.worker.wait()
    assert "Page 2:" in explorer.message.value


def test_a_search_that_was_cancelled_fetches_no_pictures(service: Service, session: Connection) -> None:
    explorer = cv.explore_search(session)
    service.open.clear()
    explorer.run()
    assert service.begun.wait(5)
    explorer.cancel()
    service.open.set()
    explorer.worker.wait()
    assert len(service.asked) == 1


def test_every_result_has_its_attribution(session: Connection) -> None:
    explorer = ran(cv.explore_search(session))
    (item,) = explorer.gallery.items
    assert (item["title"], item["note"]) == ("1 picture 0", "Ada, CC0")
    assert item["src"].startswith("data:image/jpeg")


@pytest.mark.parametrize("source", ["keyless", "on-device", "recorded"])
def test_the_first_page_is_full(source: str) -> None:
    explorer = ran(cv.explore_search(cv.connect(source)))
    assert len(explorer.gallery.items) == 16
    assert [bool(item["src"]) for item in explorer.gallery.items] == [True] * 16


@pytest.mark.parametrize(("source", "places"), [("keyless", range(16)), ("on-device", range(0, 16, 5))])
def test_the_service_says_what_it_sees_in_every_picture_that_it_finds(source: str, places: range) -> None:
    """With the real service on this computer, of the pictures as they are in its library."""
    explorer = ran(cv.explore_search(cv.connect(source)))
    for place in places:
        explorer.gallery._handle_custom_msg({"open": place}, [])
        assert explorer.detail.layout.display == ""
        assert explorer.pages.layout.display == "none"
        explorer.worker.wait(30)
        assert "Done" in explorer.message.value, explorer.gallery.items[place]["title"]
        assert explorer.view.reading.src.startswith("data:image/png")
        assert explorer.seen.caption is not None, explorer.gallery.items[place]["title"]
        picture = explorer.view.seen.picture
        assert picture.name == explorer.result[place].name
        assert explorer.exchanges[-1].sent is None, "the picture is here already, and is sent as bytes"
    explorer.close_button.click()
    assert explorer.pages.layout.display == ""
    assert len(explorer.gallery.items) == 16


def test_a_picture_that_is_gone_gives_way_to_its_thumbnail(session: Connection) -> None:
    explorer = ran(cv.explore_search(session))
    image = replace(explorer.result[0], content_url="https://nowhere.invalid/gone.jpg")
    small = cv.open_picture(png("red"))
    assert _fetch(image, small, cv.connect("recorded")).data == small.data
    with pytest.raises(cv.PictureError, match="Neither this picture nor its thumbnail"):
        _fetch(image, cv.PictureError("gone"), cv.connect("recorded"))


def test_a_result_that_was_not_recorded_says_so() -> None:
    explorer = ran(cv.explore_search(cv.connect("recorded")))
    explorer.look_at(0)
    explorer.worker.wait()
    assert "was not recorded. Choose another source" in explorer.message.value
    assert "<img" in explorer.opened.value, "the thumbnail is there"


def test_an_opened_picture_is_sent_as_bytes(service: Service, session: Connection) -> None:
    """It is here already; its address may be one that only this source knows."""
    explorer = ran(cv.explore_search(session))
    explorer.look_at(0)
    explorer.worker.wait()
    assert service.asked[-1].headers["Content-Type"] == "application/octet-stream"


def test_a_place_that_is_not_on_the_page_opens_nothing(session: Connection) -> None:
    explorer = ran(cv.explore_search(session))
    for place in (-1, 1):
        explorer.look_at(place)
        assert explorer.detail.layout.display == "none"


def test_a_search_that_finds_nothing_says_so_and_has_no_next_page(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service()
    monkeypatch.setattr(service, "_answer", lambda request: respond({"value": [], "nextOffset": 16}))
    explorer = ran(cv.explore_search(Connection(service)))
    assert "Page 1: nothing was found for ‘puppies’." in explorer.message.value
    assert explorer.gallery.items == []
    assert explorer.below.forward.disabled


def test_a_thumbnail_that_did_not_come_is_a_blank_with_the_reason(
    service: Service, session: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = service._answer
    gone = respond(b"", 404)
    monkeypatch.setattr(service, "_answer", lambda one: gone if str(one.url).endswith("small.png") else answer(one))
    (item,) = ran(cv.explore_search(session)).gallery.items
    assert item["src"] == ""
    assert item["missing"].startswith("Not shown: ")


def test_an_opened_picture_takes_the_place_of_the_page_and_gives_it_back(service: Service, session: Connection) -> None:
    explorer = ran(cv.explore_search(session))
    explorer.look_at(0)
    assert explorer.frame.scrolls == 2, "it is brought into view, as the page was"
    explorer.worker.wait()
    assert "<img" not in explorer.opened.value, "the drawing has the picture, and one is enough"
    assert explorer.view.seen.picture.credit == "Ada, CC0"
    assert str(service.asked[-2].url) == "https://pictures.test/0.png", "the picture itself, not the small one"
    assert explorer.view.reading.src
    assert explorer.seen is explorer.view.seen.result
    service.open.clear()
    explorer.look_at(0)
    assert explorer.view.reading.src == "", "the earlier drawing does not stand there meanwhile"
    explorer.close_button.click()
    service.open.set()
    explorer.worker.wait()
    assert explorer.message.value.count("The pictures of the last search.") == 1, "nobody waits for it any more"
    assert explorer.cancel_button.disabled


def test_a_picture_is_looked_at_by_the_source_that_found_it(service: Service, session: Connection) -> None:
    explorer = ran(cv.explore_search(session))
    explorer.source.choice.value = "recorded"
    explorer.look_at(0)
    explorer.worker.wait()
    assert str(service.asked[-1].url).split("?")[0].endswith("/analyze")
    assert service.query == {"visualFeatures": "Description,Tags,Objects,Faces,Color"}


def test_what_others_wrote_about_a_picture_is_text(session: Connection) -> None:
    (image,) = ran(cv.explore_search(session)).result
    assert "<i>" not in _opened(1, replace(image, name="<i>", attribution="<i>"), cv.PictureError("gone"))


# --------------------------------------------------------------------------------------------------------------
# side by side


def test_two_sources_are_compared(session: Connection) -> None:
    side_by_side = cv.explore_comparison("democritus", session=cv.connect("recorded"))
    assert (side_by_side.left.source.name, side_by_side.right.source.name) == ("recorded", "on-device")
    side_by_side.right.source._sessions["keyless"] = session
    side_by_side.right.source.choice.value = "keyless"
    assert side_by_side.options[side_by_side.operation.value].controls["language"].disabled, "it was not recorded"
    ran(side_by_side)
    assert side_by_side.result.differences[0]["right"] == "WORD1"
    assert "<mark>" in side_by_side.table.value
    assert all(view.reading.src.startswith("data:image/png") for view in side_by_side.views)
    assert len(side_by_side.exchanges) == 2
    language = side_by_side.options[side_by_side.operation.value].controls["language"]
    for side, source, only_recorded in (("left", "keyless", False), ("right", "recorded", True)):
        getattr(side_by_side, side).source.choice.value = source
        assert language.disabled == only_recorded


def test_two_pictures_are_compared(service: Service, session: Connection) -> None:
    side_by_side = cv.explore_comparison("cat", PIL.Image.new("RGB", (90, 90)), session)
    ran(side_by_side)
    assert [request.headers["Content-Type"] for request in service.asked] == ["application/octet-stream"] * 2
    sent = [PIL.Image.open(io.BytesIO(request.body)).width for request in service.asked]
    assert sent == [view.seen.picture.width for view in side_by_side.views] == [cv.sample("cat").width, 90]
    side_by_side.left.picker.picture = None
    ran(side_by_side)
    assert "has no picture" in side_by_side.message.value


def test_each_side_takes_a_picture_of_ones_own_and_the_options_are_those_of_the_operation(
    service: Service, session: Connection
) -> None:
    side_by_side = cv.explore_comparison("cat", "coffee", session)
    upload(side_by_side.left)
    side_by_side.operation.value = side_by_side.operation.options[0][1]
    shown = [name.name for name, options in side_by_side.options.items() if options.layout.display == ""]
    assert shown == ["Analyze"]
    side_by_side.options[side_by_side.operation.value].controls["features"].value = ("Tags",)
    assert "Press Compare" in side_by_side.message.value
    ran(side_by_side)
    assert service.query == {"visualFeatures": "Tags"}
    assert service.asked[0].body == png()
    assert "the same on both sides" in side_by_side.message.value


def test_words_are_compared_in_order() -> None:
    comparison = cv.compare_results("to be or not to be", "to be and not to bee or")
    assert [(row["left"], row["right"], row["difference"]) for row in comparison.differences] == [
        ("or", "and", "changed"),
        ("be", "bee or", "changed"),
    ]
    assert str(cv.compare_results("", "")) == "Neither side has a word."


def test_what_differs_is_marked() -> None:
    cat, sofa = {"name": "cat", "confidence": 0.9}, {"name": "sofa", "confidence": 0.7}
    one, other = (cv.ImageAnalysis.from_json({"tags": tags}) for tags in ([cat], [cat, sofa]))
    html = cv.compare_results(one, other)._repr_html_()
    assert re.findall("<mark>(.*?)</mark>", html) == ["sofa", "0.7"]
    titled = cv.ImageAnalysis.from_json({"tags": [cat], "description": {"captions": [{**cat, "text": "a cat"}]}})
    assert [row["what"] for row in cv.compare_results(one, titled).rows] == ["caption", "tag"]


@pytest.mark.parametrize(
    ("left", "right", "sentence"),
    [
        ("one two", "one two", "The 2 words are the same on both sides."),
        ("one", "one", "The 1 word is the same on both sides."),
        (
            "the brown fox",
            "the brawn fox jumps",
            "The left side has 3 words, the right side 4: 2 are the same, 1 is changed, and 1 is only on the right. "
            "For example ‘brown’ on the left is ‘brawn’ on the right.",
        ),
        (
            "one two three",
            "",
            "The left side has 3 words, the right side 0: none is the same, and 3 are only on the left.",
        ),
    ],
)
def test_differences_are_told_in_a_sentence(left: str, right: str, sentence: str) -> None:
    assert str(cv.compare_results(left, right)) == sentence


def test_what_differs_is_marked_and_nothing_else() -> None:
    html = cv.compare_results("the brown fox", "the brawn fox")._repr_html_()
    assert re.findall("<mark>(.*?)</mark>", html) == ["brown", "brawn"]


def test_a_name_without_a_confidence_is_found_all_the_same() -> None:
    """Without that, both sides of its row would be empty."""
    box = {"left": 1, "top": 2, "width": 3, "height": 4}
    face = cv.ImageAnalysis.from_json({"faces": [{"faceRectangle": box}]})
    (row,) = cv.compare_results(face, cv.ImageAnalysis()).rows
    assert (row["name"], row["left"], row["right"]) == ("face", "found", None)


def test_different_kinds_are_not_compared() -> None:
    with pytest.raises(cv.OptionError, match="can't be compared"):
        cv.compare_results("a word", cv.ImageAnalysis())


# --------------------------------------------------------------------------------------------------------------
# the parts


def test_a_worker_drops_what_was_replaced() -> None:
    worker, seen = Worker(), []
    gate = threading.Event()
    worker.start(lambda job: gate.wait(5), seen.append, seen.append)
    first = worker._thread
    worker.start(lambda job: "second", seen.append, seen.append)
    gate.set()
    worker.wait()
    assert first is not None
    first.join(5)
    assert seen == ["second"]


def test_a_worker_is_busy_until_its_work_has_ended_or_was_cancelled() -> None:
    worker, gate = Worker(), threading.Event()
    worker.start(lambda job: gate.wait(5), print, print)
    assert worker.busy
    worker.cancel()
    assert not worker.busy
    gate.set()
    worker.start(lambda job: None, lambda made: None, print)
    worker.wait()
    assert not worker.busy


def test_what_is_being_shown_is_shown_whole_before_it_can_be_cancelled() -> None:
    """Else it would stand there after the word "Cancelled"."""
    worker, order, begun = Worker(), [], threading.Event()

    def show(result: object) -> None:
        begun.set()
        time.sleep(0.05)
        order.append("shown")

    worker.start(lambda job: "a result", show, order.append)
    assert begun.wait(5)
    worker.cancel()
    order.append("cancelled")
    worker.wait()
    assert order == ["shown", "cancelled"]


def test_work_without_an_end_does_not_keep_a_kernel_from_stopping() -> None:
    program = (
        "import threading; from cvhelpers.widgets.work import Worker; "
        "Worker().start(lambda job: threading.Event().wait(), print, print)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_check_boxes_tell_the_checked_names() -> None:
    boxes = CheckBoxes("Features", ["A", "B"], ["B"])
    boxes.boxes[0].value = True
    assert boxes.value == ("A", "B")


def test_an_explorer_is_told_how_to_work() -> None:
    explorer = Explorer("A title", "A sentence.", [], [], [])
    with pytest.raises(NotImplementedError):
        explorer.prepare()
