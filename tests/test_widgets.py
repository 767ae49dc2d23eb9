"""The controls without a browser: what is picked, asked, shown, replaced, cancelled, and said in words."""

from __future__ import annotations

import io
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import ipywidgets as W
import PIL.Image
import pytest

import cvhelpers as cv
from cvhelpers.session import SOURCES, Connection
from cvhelpers.widgets import lesson
from cvhelpers.widgets.explorer import VisionExplorer
from cvhelpers.widgets.front import Gallery, OwnPicture, Reading
from cvhelpers.widgets.operations import CheckBoxes
from cvhelpers.widgets.pieces import Explorer, walk
from cvhelpers.widgets.work import Worker
from play_service import Service, png

MAKERS = [
    cv.explore_analyze,
    cv.explore_printed_text,
    cv.explore_handwritten_text,
    cv.explore_search,
    lambda session=None: cv.compare(session=session),
    lambda session=None: cv.pick_picture(lambda picture: picture, session),
    lambda session=None: cv.pick_search_term(str.upper, "puppies"),
]


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def session(service: Service) -> Connection:
    return Connection("keyless", service)


def ran(explorer: Any) -> Any:
    explorer.run()
    explorer.worker.wait(20)
    return explorer


def upload(explorer: Any, name: str = "mine.png", data: bytes | None = None) -> None:
    picker = explorer if hasattr(explorer, "own") else explorer.picker
    picker._own_chosen(picker.own, {"name": name}, [memoryview(data if data is not None else png())])
    picker.worker.wait()


# --------------------------------------------------------------------------------------------------------------
# what holds for all of them


@pytest.mark.parametrize("make", MAKERS)
def test_every_control_has_a_description(make: Any, session: Connection) -> None:
    for widget in walk(make(session)):
        inputs = (W.Text, W.Dropdown, W.Checkbox, W.Button, W.Combobox, W.BoundedIntText, Gallery, OwnPicture)
        if isinstance(widget, inputs):
            assert widget.description, widget


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


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_says_what_it_needs(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISION_ENDPOINT", raising=False)
    explorer = cv.explore_analyze(cv.connect("recorded"))
    explorer.source.choice.value = source
    assert explorer.source.about.value.count("<div") == 1
    assert ("Not ready" in explorer.source.about.value) or ("Needs" in explorer.source.about.value)


def test_a_source_that_is_not_set_up_says_so_and_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISION_ENDPOINT", raising=False)
    explorer = cv.explore_analyze(cv.connect("recorded"))
    explorer.source.choice.value = "live"
    assert "VISION_ENDPOINT" in explorer.source.about.value
    ran(explorer)
    assert 'role="alert"' in explorer.message.value
    assert "VISION_ENDPOINT" in explorer.message.value


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
    picker._own_chosen(picker.own, {"address": "https://pictures.test/sea.png"}, [])
    picker.worker.wait()
    assert (picker.picture.name, picker.picture.url) == ("sea", "https://pictures.test/sea.png")
    assert picker.gallery.selected == -1


def test_an_error_is_said_in_words_and_the_last_good_result_stays() -> None:
    picker = cv.pick_picture(lambda picture: picture.name)
    picker.pick(lambda: cv.sample("cat"))
    picker.worker.wait()
    upload(picker, "letter.txt", b"Dear Ada, this is no picture")
    assert 'role="alert"' in picker.message.value
    assert "no picture that Pillow can read" in picker.message.value
    assert (picker.result, picker.picture.name, picker.names[picker.gallery.selected]) == ("cat", "cat", "cat")


def test_a_learners_own_error_is_said_with_its_name() -> None:
    picker = cv.pick_picture(lambda picture: picture.nothing_like_it)
    picker.pick(lambda: cv.sample("cat"))
    picker.worker.wait()
    assert "AttributeError" in picker.message.value


def test_a_search_term_is_picked() -> None:
    picker = cv.pick_search_term(str.upper)
    picker.text.value = "puppies"  # as the Enter key does
    picker.worker.wait()
    assert picker.result == "PUPPIES"


# --------------------------------------------------------------------------------------------------------------
# the vision explorers


def test_options_become_parameters(service: Service, session: Connection) -> None:
    explorer = cv.explore_analyze(session)
    for box in explorer.options["features"].children[1:]:
        box.value = box.description in ("Tags", "Objects")
    explorer.options["details"].children[1].value = True
    explorer.options["language"].value = "es"
    ran(explorer)
    assert service.query == {"visualFeatures": "Tags,Objects", "details": "Celebrities", "language": "es"}

    explorer = cv.explore_printed_text(session)
    explorer.options["language"].value = "de"
    explorer.options["detect_orientation"].value = False
    ran(explorer)
    assert service.query == {"language": "de", "detectOrientation": "false"}

    explorer = cv.explore_handwritten_text(session)
    explorer.options["mode"].value = "Printed"
    ran(explorer)
    assert parse_qs(urlsplit(str(service.asked[-3].url)).query) == {"mode": ["Printed"]}
    assert [exchange.method for exchange in explorer.exchanges] == ["POST", "GET", "GET"]


def test_a_picture_of_ones_own_is_sent(service: Service, session: Connection) -> None:
    explorer = cv.explore_printed_text(session)
    upload(explorer)
    ran(explorer)
    assert service.asked[-1].body == png()
    assert "mine" in explorer.reading.description


def test_rows_and_outlines_fit(session: Connection) -> None:
    explorer = cv.explore_analyze(session)
    upload(explorer)
    ran(explorer)
    reading = explorer.reading
    assert reading.columns == ["what", "name", "confidence", "place"]
    placed = {row[1]: outline for row, outline in zip(reading.rows, reading.outlines, strict=True) if outline}
    assert list(placed) == ["cat", "sofa"]
    # the sofa reaches from the left edge of the picture to its middle, and to its lower edge
    width, height = reading.size
    (left, top), (right, _), (_, bottom), _ = placed["sofa"]
    assert 0 <= left < right < width
    assert 0 < top < bottom < height
    assert (right - left) / (bottom - top) == pytest.approx(2, rel=0.02)


def test_outlines_lie_on_the_boxes_that_the_figure_draws() -> None:
    explorer = ran(cv.explore_printed_text(cv.connect("recorded")))
    assert len(explorer.reading.outlines) == len(explorer.reading.rows) == 11
    drawing = PIL.Image.open(io.BytesIO(explorer.figure.png)).convert("RGB")
    for outline in explorer.reading.outlines:
        x, y = outline[3]  # the lower left corner: no chip hangs there
        around = [drawing.getpixel((round(x) + dx, round(y) + dy)) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        assert min(sum(pixel) for pixel in around) < 400, "there is a dark line"


def test_highlighting_ends_with_the_next_result(session: Connection) -> None:
    explorer = ran(cv.explore_printed_text(session))
    explorer.reading.highlighted = 0
    ran(explorer)
    assert explorer.reading.highlighted == -1


def test_an_error_keeps_the_last_result_and_shows_the_exchange() -> None:
    explorer = ran(cv.explore_analyze(cv.connect("recorded")))
    good, shown = explorer.result, explorer.reading.src
    explorer.picker.pick(lambda: cv.open_picture(PIL.Image.new("RGB", (80, 80))))  # which nobody has recorded
    explorer.picker.worker.wait()
    ran(explorer)
    assert 'role="alert"' in explorer.message.value
    assert "No recorded answer fits" in explorer.message.value
    assert "still the last good one" in explorer.message.value
    assert (explorer.result, explorer.reading.src) == (good, shown)


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
    request, answer, code = (widget.value for widget in explorer.lesson)
    assert "visualFeatures" in request
    assert "•••" in request
    assert "no-key-needed" not in request + answer + code
    assert "<details open>" in answer
    assert "captions" in answer
    assert "curl -X POST" in code
    assert "requests.post(" in code
    assert explorer.tabs.titles == ("Result", "Request", "Answer", "Code")


def test_the_tree_has_everything_and_escapes_it() -> None:
    html = lesson.tree({"a": [1, {"b<script>": "<b>"}], "empty": {}, "none": None})
    assert "<script>" not in html
    assert all(part in html for part in ('"a"', "[…] 2 entries", "&lt;b&gt;", '"empty": {}', '"none": null'))


def test_a_long_series_of_polls_is_shortened(service: Service, session: Connection) -> None:
    service.polls_until_done = 5
    explorer = ran(cv.explore_handwritten_text(session))
    assert len(explorer.exchanges) == 6
    assert "and 3 more" in explorer.lesson[0].value


# --------------------------------------------------------------------------------------------------------------
# the search explorer


def test_filters_become_parameters_and_pages_turn(service: Service, session: Connection) -> None:
    explorer = cv.explore_search(session, "puppies")
    explorer.filters["license"].value = "Public"
    explorer.count.value = 8
    ran(explorer)
    assert service.query == {"q": "puppies", "license": "Public", "count": "8"}
    assert explorer.back.disabled
    names = []
    for button in (explorer.forward, explorer.forward, explorer.forward, explorer.back, explorer.back, explorer.back):
        button.click()
        explorer.worker.wait()
        names.append(explorer.result[0].name)
    assert names == ["picture 1", "picture 2", "picture 2", "picture 1", "picture 0", "picture 0"]
    assert "Page 1: pictures 1 to 1 of about 3" in explorer.message.value


def test_every_result_has_its_attribution(session: Connection) -> None:
    explorer = ran(cv.explore_search(session))
    (item,) = explorer.gallery.items
    assert (item["title"], item["note"]) == ("1 picture 0", "Ada, CC0")
    assert item["src"].startswith("data:image/jpeg")


def test_a_click_on_a_result_asks_what_the_service_sees(service: Service, session: Connection) -> None:
    explorer = ran(cv.explore_search(session))
    explorer.gallery.selected = 0
    explorer._fetcher.wait()
    assert isinstance(explorer.seen, VisionExplorer)
    explorer.seen.worker.wait()
    assert explorer.seen.picker.picture.url == "https://pictures.test/0.png"
    assert [one.name for one in explorer.seen.result.objects] == ["cat", "sofa"]


def test_a_result_that_was_not_recorded_says_so() -> None:
    explorer = ran(cv.explore_search(cv.connect("recorded")))
    explorer.gallery.selected = 0
    explorer._fetcher.wait()
    assert "Neither this picture nor its thumbnail was recorded" in explorer.handed.value
    assert "Not shown" in explorer.gallery.items[0]["missing"]


# --------------------------------------------------------------------------------------------------------------
# side by side


def test_two_sources_are_compared(session: Connection) -> None:
    side_by_side = cv.compare("democritus", session=cv.connect("recorded"))
    side_by_side.right.source._sessions["keyless"] = session
    side_by_side.right.source.choice.value = "keyless"
    ran(side_by_side)
    assert side_by_side.result.differences[0]["right"] == "WORD1"
    assert "<mark>" in side_by_side.table.value
    assert side_by_side.figures.value.count("<img") == 2
    assert len(side_by_side.exchanges) == 2


def test_two_pictures_are_compared(service: Service, session: Connection) -> None:
    side_by_side = cv.compare("cat", PIL.Image.new("RGB", (90, 90)), session)
    ran(side_by_side)
    assert [request.headers["Content-Type"] for request in service.asked] == ["application/octet-stream"] * 2
    side_by_side.left.picture.value = ""
    ran(side_by_side)
    assert "has no picture" in side_by_side.message.value


def test_words_are_compared_in_order() -> None:
    comparison = cv.compare_results("to be or not to be", "to be and not to bee or")
    assert [(row["left"], row["right"], row["difference"]) for row in comparison.differences] == [
        ("or", "and", "changed"),
        ("be", "bee or", "changed"),
    ]
    assert str(cv.compare_results("", "")) == "Neither side has a word."


def test_different_kinds_are_not_compared() -> None:
    with pytest.raises(cv.OptionError, match="nothing to compare"):
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


def test_check_boxes_tell_the_checked_names() -> None:
    boxes = CheckBoxes("Features", ["A", "B"], ["B"])
    boxes.children[1].value = True
    assert boxes.value == ("A", "B")


def test_an_explorer_is_told_how_to_work() -> None:
    explorer = Explorer("A title", "A sentence.", [], [])
    with pytest.raises(NotImplementedError):
        explorer.prepare()
    assert Reading().highlighted == -1
