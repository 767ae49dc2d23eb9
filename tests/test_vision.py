"""What the vision client promises: nothing wrong is sent, what is sent is right, and polling has measure."""

from __future__ import annotations

import io
import threading
import time
from pathlib import Path

import PIL.Image
import pytest

import cvhelpers as cv
from azure import Azure, Reply
from cvhelpers.clients import vision as module
from cvhelpers.clients.vision import VisionClient
from cvhelpers.errors import OperationTimeout, OptionError, PictureError, RecordingNotFound
from cvhelpers.pictures import Picture
from cvhelpers.session import Connection, connect
from cvhelpers.sources import deadline
from cvhelpers.sources.live import Live

ANALYSIS = Reply(json={"tags": [], "metadata": {}})
OCR = Reply(json={"language": "en", "regions": []})
ACCEPTED = Reply(202, headers={"Operation-Location": "{host}/vision/v3.2/read/analyzeResults/1"})
RUNNING = Reply(json={"status": "running"})
DONE = Reply(json={"status": "succeeded", "recognitionResult": {"lines": []}})
WIKIMEDIA = "https://upload.wikimedia.org/wikipedia/commons/thumb/a/af/Quote.png/{}px-Quote.png"


def client(azure: Azure, version: str = "v2.0") -> VisionClient:
    return VisionClient(Connection(Live(backoff=0)), azure.address, "key", version)


def picture(width: int, height: int, url: str | None = None) -> Picture:
    """A picture for which nothing looks at the pixels."""
    return Picture(bytes(1000), width, height, "PNG", "the-picture", url)


# --- a picture that an operation does not take ---------------------------------------------------------------

ASK = {
    "analyze": lambda vision, it, **options: vision.analyze(it, **options),
    "ocr": lambda vision, it, **options: vision.ocr(it, **options),
    "recognizeText": lambda vision, it, **options: vision.recognize_text(it, **options),
    "read/analyze": lambda vision, it, **options: vision.recognize_text(it, **options),
}
OFFERED = [
    ("v1.0", "analyze"), ("v1.0", "ocr"), ("v1.0", "recognizeText"),
    ("v2.0", "analyze"), ("v2.0", "ocr"), ("v2.0", "recognizeText"),
    ("v3.2", "analyze"), ("v3.2", "ocr"), ("v3.2", "read/analyze"),
]  # fmt: skip
ANSWERS = {"analyze": [ANALYSIS], "ocr": [OCR], "recognizeText": [ACCEPTED, DONE], "read/analyze": [ACCEPTED, DONE]}
LARGEST = {"analyze": 15_999, "ocr": 4199, "recognizeText": 4199, "read/analyze": 10_000}


def image_of(data: bytes) -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(data))


def drawn(width: int, height: int, format: str = "PNG", **options: object) -> cv.Picture:
    """White, with a black block whose left and upper edges are at a quarter of the width and height."""
    image = PIL.Image.new("RGB", (width, height), "white")
    image.paste("black", (width // 4, height // 4, width // 2, height // 2))
    data = io.BytesIO()
    image.save(data, format, **options)
    return cv.open_picture(data.getvalue())


@pytest.mark.parametrize(("version", "operation"), OFFERED)
@pytest.mark.parametrize("side", ["width", "height"])
def test_a_picture_that_is_too_large_is_made_smaller(version, operation, side):
    most = LARGEST[operation]
    size = (most + 1, 60) if side == "width" else (60, most + 1)
    with Azure(*ANSWERS[operation]) as azure:
        vision = client(azure, version)
        result = ASK[operation](vision, drawn(*size))
    assert max(image_of(azure.seen[0].body).size) == most
    assert f"from {size[0]} × {size[1]} to" in result.sent
    assert f"{operation} {version} takes pictures of 50 to {most} pixels a side" in result.sent
    assert vision.exchanges[0].note == result.sent
    assert result.sent.split(", because")[0] in vision.exchanges[0]._repr_html_()


@pytest.mark.parametrize(("version", "operation"), OFFERED)
def test_a_picture_at_the_limit_is_sent_as_it_is(version, operation):
    with Azure(*ANSWERS[operation]) as azure:
        data = drawn(50, LARGEST[operation])
        result = ASK[operation](client(azure, version), data)
    assert azure.seen[0].body == data.data
    assert azure.seen[0].path.startswith(f"/vision/{version}/{operation}")
    assert result.sent == ""


@pytest.mark.parametrize(("version", "operation"), OFFERED)
@pytest.mark.parametrize("size", [(49, 80), (80, 49), (1, 1)])
def test_a_picture_that_is_too_small_is_made_larger(version, operation, size):
    with Azure(*ANSWERS[operation]) as azure:
        result = ASK[operation](client(azure, version), drawn(*size))
    assert min(image_of(azure.seen[0].body).size) == 50
    assert "made larger" in result.sent


@pytest.mark.parametrize(
    ("operation", "format", "arrives"),
    [
        ("analyze", "WEBP", "PNG"), ("analyze", "TIFF", "PNG"), ("analyze", "GIF", "GIF"), ("analyze", "BMP", "BMP"),
        ("analyze", "JPEG", "JPEG"), ("analyze", "AVIF", "JPEG"), ("ocr", "GIF", "GIF"), ("ocr", "WEBP", "PNG"),
        ("recognizeText", "GIF", "PNG"), ("recognizeText", "BMP", "BMP"), ("recognizeText", "TIFF", "PNG"),
        ("read/analyze", "TIFF", "TIFF"), ("read/analyze", "GIF", "PNG"), ("read/analyze", "AVIF", "JPEG"),
    ],
)  # fmt: skip
def test_a_picture_of_another_format_is_saved_in_one_that_is_taken(operation, format, arrives):
    version = "v3.2" if operation == "read/analyze" else "v2.0"
    with Azure(*ANSWERS[operation]) as azure:
        result = ASK[operation](client(azure, version), drawn(80, 60, format))
    assert image_of(azure.seen[0].body).format == arrives
    assert image_of(azure.seen[0].body).size == (80, 60)
    assert bool(result.sent) == (format != arrives)
    assert f"saved as {arrives}" in result.sent or not result.sent


@pytest.mark.parametrize("operation", ["analyze", "ocr", "recognizeText"])
def test_four_megabytes_are_too_many_and_one_byte_less_is_not(operation):
    """The services count 4 MB as 4 × 1024 × 1024 bytes, and refused a picture of exactly so many."""
    small = drawn(80, 60, "BMP").data
    for size, is_sent in ((4_194_303, True), (4_194_304, False)):
        padded = cv.open_picture(small + bytes(size - len(small)))
        with Azure(*ANSWERS[operation]) as azure:
            result = ASK[operation](client(azure), padded)
        assert (azure.seen[0].body == padded.data) is is_sent
        assert ("takes less than 4 MB" in result.sent) is not is_sent
        assert len(azure.seen[0].body) < 4_194_304


def test_ten_million_pixels_are_too_many_for_ocr():
    with Azure(OCR) as azure:
        assert client(azure).ocr(drawn(4000, 2500)).sent == ""
        assert "because ocr v2.0 takes up to 10 million pixels" in client(azure).ocr(drawn(4000, 2501)).sent
    assert image_of(azure.seen[0].body).size == (4000, 2500)
    width, height = image_of(azure.seen[1].body).size
    assert 9_980_000 < width * height <= 10_000_000


def test_a_picture_from_the_web_that_was_made_fit_is_sent_itself():
    """At its address there is still the one that the service refuses."""
    with Azure(Reply(body=drawn(4300, 100).data)) as web, Azure(OCR) as azure:
        opened = cv.open_picture(f"{web.address}/wide.png", connect("live"))
        client(azure).ocr(opened)
        client(azure).ocr(opened, fit=False)
    assert image_of(azure.seen[0].body).size == (4199, 97)
    assert azure.seen[1].body.decode() == f'{{"url": "{opened.url}"}}'


def test_without_fit_the_service_itself_refuses():
    refusal = Reply(400, {"code": "InvalidImageSize", "message": "Input image is too large."})
    with Azure(refusal) as azure, pytest.raises(cv.BadRequest, match="InvalidImageSize"):
        client(azure).ocr(drawn(4200, 60), fit=False)
    assert image_of(azure.seen[0].body).size == (4200, 60)


@pytest.mark.parametrize(("version", "operation"), OFFERED)
def test_fit_can_be_left_out_everywhere(version, operation):
    picture = drawn(20, 20)
    with Azure(*ANSWERS[operation]) as azure:
        ASK[operation](client(azure, version), picture, fit=False)
    assert azure.seen[0].body == picture.data


def test_a_strip_that_no_copy_can_fit_is_not_sent():
    with Azure() as azure, pytest.raises(PictureError, match=r"too long and narrow for ocr v2\.0.*Cut a part out"):
        client(azure).ocr(drawn(9000, 20))
    assert azure.seen == []


def test_boxes_come_back_in_the_pixels_of_the_picture_that_was_given():
    """8400 pixels wide, sent half as wide: a box at 100 of the sent picture is one at 200."""
    picture = drawn(8398, 200)
    word = {"boundingBox": "100,10,30,20", "text": "hello"}
    line = {"boundingBox": "90,5,50,30", "words": [word]}
    printed = Reply(json={"language": "en", "regions": [{"boundingBox": "80,0,70,40", "lines": [line]}]})
    polygon = [100, 10, 130, 10, 130, 30, 100, 30]
    written = {"boundingBox": polygon, "text": "hello", "words": [{"boundingBox": polygon, "text": "hello"}]}
    with Azure(printed) as azure:
        result = client(azure).ocr(picture)
    assert image_of(azure.seen[0].body).size == (4199, 100)
    assert result[0].box == cv.results.Box(200, 20, 60, 40)
    assert result.lines[0].box == cv.results.Box(180, 10, 100, 60)
    assert result.regions[0].box == cv.results.Box(160, 0, 140, 80)
    assert (result.width, result.height) == (8398, 200)
    with Azure(ACCEPTED, Reply(json={"status": "Succeeded", "recognitionResult": {"lines": [written]}})) as azure:
        result = client(azure).recognize_text(picture)
    assert result[0].polygon == result.words[0].polygon == (200, 20, 260, 20, 260, 60, 200, 60)
    assert (result.width, result.height) == (8398, 200)
    # of 31,998 pixels analyze takes half
    answer = {
        "faces": [{"faceRectangle": {"left": 1, "top": 2, "width": 3, "height": 4}}],
        "objects": [{"object": "cat", "confidence": 0.5, "rectangle": {"x": 1, "y": 2, "w": 3, "h": 4}}],
        "categories": [{"name": "people_", "score": 0.5, "detail": {"celebrities": [
            {"name": "Ada", "faceRectangle": {"left": 5, "top": 5, "width": 6, "height": 7}}]}}],
        "metadata": {"width": 15_999, "height": 100},
    }  # fmt: skip
    with Azure(Reply(json=answer)) as azure:
        analysis = client(azure).analyze(drawn(31_998, 200))
    assert analysis.faces[0].box == analysis.objects[0].box == cv.results.Box(2, 4, 6, 8)
    assert analysis.categories[0].celebrities[0].box == cv.results.Box(10, 10, 12, 14)
    assert (analysis.width, analysis.height) == (31_998, 200)


def test_boxes_in_a_strip_come_back_to_their_places():
    """59 pixels wide for 60: were the heights scaled like the widths, a box at the end would lie 268 pixels lower."""
    thing = {"object": "cat", "confidence": 0.5, "rectangle": {"x": 10, "y": 15_900, "w": 30, "h": 90}}
    with Azure(Reply(json={"objects": [thing], "metadata": {"width": 59, "height": 15_999}})) as azure:
        analysis = client(azure).analyze(drawn(60, 16_002))
    assert image_of(azure.seen[0].body).size == (59, 15_999)
    assert analysis.objects[0].box == cv.results.Box(10, 15_903, 30, 90)
    [outline] = cv.show_objects(drawn(60, 16_002), analysis).figure.axes[0].patches
    assert outline.get_xy()[2].tolist() == pytest.approx([40, 15_993], abs=0.1), "and are drawn there"


# --- options -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda v: v.analyze("http://a/", features=["Colour"]), "'Colour' is no feature. Did you mean 'Color'?"),
        (lambda v: v.analyze("http://a/", details=["Landmark"]), "Did you mean 'Landmarks'?"),
        (lambda v: v.analyze("http://a/", language="klingon"), "Choose from: en, es, ja, pt, zh."),
        (lambda v: v.analyze("http://a/", language="de"), "'de' is no language"),
        (lambda v: v.ocr("http://a/", language="sr-cyril"), "Did you mean 'sr-Cyrl'?"),
        (lambda v: v.recognize_text("http://a/", mode="Handwriting"), "Did you mean 'Handwritten'?"),
        (lambda v: v.analyze("http://a/", features=[7]), "7 is no feature"),
    ],
)
def test_a_misspelt_option_is_not_sent(call, told):
    with Azure() as azure, pytest.raises(OptionError) as caught:
        call(client(azure))
    assert told in str(caught.value)
    assert azure.seen == []


def test_the_languages_are_those_of_the_version():
    with Azure(ANALYSIS) as azure:
        client(azure, "v3.2").analyze("http://a/", language="DE")
    assert azure.seen[0].path.endswith("&language=de")


def test_versions():
    with pytest.raises(OptionError, match=r"Choose from: v1\.0, v2\.0, v2\.1, v3\.0, v3\.1, v3\.2, 4\.0\."):
        VisionClient(connect("recorded"), api_version="v4.0")
    assert VisionClient(connect("recorded")).api_version == "v2.0", "which the recordings answer"


@pytest.mark.parametrize(
    ("call", "query"),
    [
        (lambda v: v.analyze("http://a/"), "analyze?visualFeatures=Categories%2CDescription%2CColor"),
        (lambda v: v.analyze("http://a/", features="tags, faces, TAGS"), "analyze?visualFeatures=Tags%2CFaces"),
        (lambda v: v.analyze("http://a/", features=[], details=["Landmarks"]), "analyze?details=Landmarks"),
        (
            lambda v: v.analyze("http://a/", ["Tags"], details=["landmarks"], language="ES"),
            "analyze?visualFeatures=Tags&details=Landmarks&language=es",
        ),
    ],
)
def test_options_in_any_case_arrive_in_the_service_s(call, query):
    with Azure(ANALYSIS) as azure:
        call(client(azure))
    assert azure.seen[0].path == f"/vision/v2.0/{query}"


def test_ocr_s_options():
    with Azure(OCR) as azure:
        client(azure).ocr("http://a/")
        client(azure).ocr("http://a/", language="ZH-hans", detect_orientation=False)
    assert [one.path.split("?")[1] for one in azure.seen] == [
        "language=unk&detectOrientation=true",
        "language=zh-Hans&detectOrientation=false",
    ]


# --- what is sent --------------------------------------------------------------------------------------------


def test_every_kind_of_picture_is_sent(tmp_path):
    data = io.BytesIO()
    image = PIL.Image.new("RGB", (60, 60))
    image.save(data, "PNG")
    path = tmp_path / "it.png"
    path.write_bytes(data.getvalue())
    with Azure(ANALYSIS) as azure, open(path, "rb") as file:
        for it in (path, str(path), data.getvalue(), file, io.BytesIO(data.getvalue()), image, cv.open_picture(path)):
            client(azure).analyze(it)
    assert {one.headers["content-type"] for one in azure.seen} == {"application/octet-stream"}
    assert {one.body for one in azure.seen} == {data.getvalue()}
    assert len(azure.seen) == 7


def test_an_address_is_sent_as_an_address():
    with Azure(ANALYSIS) as azure:
        client(azure).analyze("https://example.org/a.png")
    assert azure.seen[0].body == b'{"url": "https://example.org/a.png"}'


@pytest.mark.parametrize("path", ["th?id=1&pid=Api", "bing/v7.0/images/content/1"])
def test_a_thumbnail_of_a_service_is_sent_itself(path):
    """Another service can't fetch it: it may be of this computer, or of a service that has been retired."""
    tile = picture(80, 60, url=f"https://api.cognitive.microsoft.com/{path}")
    with Azure(ANALYSIS) as azure:
        client(azure).analyze(tile)
    assert azure.seen[0].body == tile.data


def test_a_local_file_is_not_sent_as_an_address():
    """The commonest mistake of all: {"url": "C:/Documents/picture.jpg"}."""
    with Azure() as azure, pytest.raises(PictureError, match="no file"):
        client(azure).analyze("Documents/ImageToAnalyze.jpg")
    assert azure.seen == []


def test_live_wikimedia_is_named_in_a_width_that_it_serves():
    """Azure would fetch it in the other width, and be refused."""
    with Azure(OCR) as azure:
        client(azure).ocr(WIKIMEDIA.format(338))
    assert azure.seen[0].body.decode() == f'{{"url": "{WIKIMEDIA.format(330)}"}}'


def test_a_picture_in_a_width_that_wikimedia_does_not_serve_is_sent_itself():
    """The boxes would be those of the other width."""
    served, other = (picture(width, 490, url=WIKIMEDIA.format(width)) for width in (330, 338))
    with Azure(OCR) as azure:
        client(azure).ocr(served)
        client(azure).ocr(other)
    assert azure.seen[0].body.decode() == f'{{"url": "{WIKIMEDIA.format(330)}"}}'
    assert azure.seen[1].body == other.data


# --- the size that the boxes are given in --------------------------------------------------------------------


def test_a_result_knows_the_size_of_the_picture():
    with Azure(OCR) as azure:
        of_bytes = client(azure).ocr(picture(60, 70))
        of_address = client(azure).ocr("https://example.org/a.png")
    assert (of_bytes.width, of_bytes.height) == (60, 70)
    assert (of_address.width, of_address.height) == (None, None)
    vision = VisionClient(connect("recorded"))
    assert vision.ocr(cv.sample("democritus").url).width is None, "nobody has seen the picture"
    assert (vision.ocr("democritus").width, vision.ocr("democritus").height) == (338, 490)
    written = vision.recognize_text("pangrams")
    assert (written.width, written.height) == (800, 170)


# --- polling -------------------------------------------------------------------------------------------------


class Clock:
    """Time that passes only where someone sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.naps: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    """For the client and its deadline; the server keeps the real time."""
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(deadline, "time", clock)
    monkeypatch.setattr(deadline.Deadline, "sleep", lambda self, seconds: clock.sleep(seconds))
    return clock


def test_the_pauses_grow(clock):
    with Azure(ACCEPTED, *[RUNNING] * 35, DONE) as azure:
        client(azure).recognize_text("http://a/")
    assert clock.naps == sorted(clock.naps)
    assert clock.naps[0] == 0.2
    assert clock.naps[-1] == 2


def test_the_pauses_are_short_against_the_time_that_went_by(clock):
    """What the pauses add to the wait is a small part of it, whenever the service is ready."""
    with Azure(ACCEPTED, *[RUNNING] * 40, DONE) as azure:
        client(azure).recognize_text("http://a/")
    passed = 0.0
    assert len(clock.naps) >= 40
    for nap in clock.naps:
        assert nap <= max(0.2, passed / 8 + 1e-9)
        passed += nap


def test_a_usual_operation_stays_within_the_free_tier(clock):
    """Operations took up to three seconds when they were recorded; 20 calls a minute are free."""
    with Azure(ACCEPTED, *[RUNNING] * 40, DONE) as azure:
        client(azure).recognize_text("http://a/")
    calls = 2 + sum(sum(clock.naps[: n + 1]) < 3 for n in range(len(clock.naps)))
    assert calls <= 16


def test_retry_after_is_honoured(clock):
    patient = Reply(json={"status": "running"}, headers={"Retry-After": "7"})
    with Azure(ACCEPTED, patient, RUNNING, DONE) as azure:
        client(azure).recognize_text("http://a/")
    assert clock.naps == [7, pytest.approx(7 / 8)]


def test_the_time_limit_is_used_almost_to_its_end_and_no_longer(clock):
    told = r"no result within 10 seconds \(its last status: running\)"
    with Azure(ACCEPTED, RUNNING) as azure, pytest.raises(OperationTimeout, match=told):
        client(azure).recognize_text("http://a/", timeout=10)
    assert 8.5 < sum(clock.naps) < 10, "the last pause would be 1.2 seconds or so"


def test_a_service_that_asks_for_a_pause_while_polling_gets_it(clock):
    busy = Reply(429, headers={"Retry-After": "61"})  # more than is waited for inside of one request
    with Azure(ACCEPTED, busy, DONE) as azure:
        assert client(azure).recognize_text("http://a/", timeout=90).status == "succeeded"
    assert clock.naps == [61]
    with Azure(ACCEPTED, busy) as azure, pytest.raises(OperationTimeout, match="429, wait 61 seconds"):
        client(azure).recognize_text("http://a/", timeout=60)
    assert clock.naps == [61]


def test_a_pause_beyond_the_time_limit_is_not_begun(clock):
    patient = Reply(json={"status": "running"}, headers={"Retry-After": "70"})
    with Azure(ACCEPTED, patient) as azure, pytest.raises(OperationTimeout, match="48 hours"):
        client(azure).recognize_text("http://a/")
    assert clock.naps == []


def test_who_gave_up_can_ask_again(clock):
    with Azure(ACCEPTED, RUNNING, DONE) as azure:
        vision = client(azure)
        with pytest.raises(OperationTimeout) as caught:
            vision.recognize_text("http://a/", timeout=0.1)
        address = str(caught.value).split("vision.wait('")[1].split("'")[0]
        assert vision.wait(address).status == "succeeded"


@pytest.mark.parametrize(
    ("call", "replies"),
    [
        (
            lambda vision: vision.recognize_text("http://a/"),
            [ACCEPTED, Reply(json={"status": "running"}, headers={"Retry-After": "30"})],
        ),
        (lambda vision: vision.wait(f"{vision.endpoint}/vision/v2.0/textOperations/1"), [Reply(delay=30)]),
        (lambda vision: vision.models(), [Reply(delay=30)]),
    ],
    ids=["between two questions", "wait", "models"],
)
def test_a_call_that_is_stopped_from_another_thread_ends_at_once(call, replies):
    with Azure(*replies) as azure:
        vision = client(azure)
        threading.Timer(0.4, vision.stop).start()
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            call(vision)
        assert time.monotonic() - began < 5


# --- recorded ------------------------------------------------------------------------------------------------


def test_the_recorded_operation_that_fails():
    vision = VisionClient(connect("recorded"))
    with pytest.raises(cv.errors.OperationFailed):
        vision.recognize_text("https://example.org/a-page-that-fails.png")


def test_the_last_exchange_is_never_an_older_one():
    vision = VisionClient(connect("recorded"))
    vision.ocr("democritus")
    with pytest.raises(RecordingNotFound):
        vision.ocr("https://example.org/never-recorded.png")
    assert vision.last_exchange is None
    vision.recognize_text("pangrams")
    assert (vision.exchanges[0].method, vision.last_exchange.method) == ("POST", "GET")


def test_a_recorded_session_takes_no_real_time():
    vision = VisionClient(connect("recorded"))
    began = time.monotonic()
    vision.recognize_text("pangrams")
    assert time.monotonic() - began < 5


def test_keyless_sources_do_not_look_for_a_key(monkeypatch):
    """A real key in the environment must not turn the lesson into a 401, nor be used up."""
    monkeypatch.setenv("VISION_KEY", "real")
    monkeypatch.setenv("VISION_ENDPOINT", "https://mine.cognitiveservices.azure.com")
    vision = VisionClient(connect("keyless"))
    assert vision.ocr(Path("democritus").name).language == "en"
    assert "mine" not in repr(vision)
    assert repr(vision) == "<VisionClient https://westcentralus.api.cognitive.microsoft.com, source='keyless'>"


def test_over_the_network_a_stand_in_is_sent_itself_and_not_the_address_of_another_picture():
    drawing = cv.sample("street-at-night")
    assert drawing.url.startswith("https://upload.wikimedia.org/")
    with Azure(ANALYSIS) as azure:
        client(azure).analyze(drawing)
    assert azure.seen[0].body == drawing.data


@pytest.mark.parametrize(
    ("mode", "asked"), [(None, "true"), ("handwritten", "true"), ("Printed", "false")], ids=["default", "hand", "print"]
)
def test_v1_is_asked_whether_to_look_for_handwriting(mode, asked):
    """It had no mode."""
    with Azure(ACCEPTED, DONE) as azure:
        client(azure, "v1.0").recognize_text("http://a/", mode=mode)
    assert azure.seen[0].path == f"/vision/v1.0/recognizeText?detectHandwriting={asked}"
