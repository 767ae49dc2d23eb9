"""What the vision client promises: nothing wrong is sent, what is sent is right, and polling has measure."""

from __future__ import annotations

import io
import time
from pathlib import Path

import PIL.Image
import pytest

import cvhelpers as cv
from azure import Azure, Reply
from cvhelpers.clients import vision as module
from cvhelpers.clients.vision import LIMITS, VERSIONS, VisionClient
from cvhelpers.errors import OperationTimeout, OptionError, PictureError, RecordingNotFound
from cvhelpers.pictures import Picture
from cvhelpers.session import Connection, connect
from cvhelpers.sources.live import Live

ANALYSIS = Reply(json={"tags": [], "metadata": {}})
OCR = Reply(json={"language": "en", "regions": []})
ACCEPTED = Reply(202, headers={"Operation-Location": "{host}/vision/v3.2/read/analyzeResults/1"})
RUNNING = Reply(json={"status": "running"})
DONE = Reply(json={"status": "succeeded", "recognitionResult": {"lines": []}})
WIKIMEDIA = "https://upload.wikimedia.org/wikipedia/commons/thumb/a/af/Quote.png/{}px-Quote.png"


def client(azure: Azure, version: str = "v2.0") -> VisionClient:
    return VisionClient(Connection(Live(backoff=0)), azure.address, "key", version)


def picture(width: int, height: int, format: str = "PNG", size: int = 1000) -> Picture:
    """A picture as far as its limits go: nothing looks at its pixels."""
    return Picture(bytes(size), width, height, format, "the-picture")


# --- checked before it is sent -------------------------------------------------------------------------------

ASK = {
    "analyze": lambda vision, it: vision.analyze(it),
    "ocr": lambda vision, it: vision.ocr(it),
    "recognizeText": lambda vision, it: vision.recognize_text(it),
    "read/analyze": lambda vision, it: vision.recognize_text(it),
}
OFFERED = [("v2.0", "analyze"), ("v2.0", "ocr"), ("v2.0", "recognizeText")]
OFFERED += [("v3.2", "analyze"), ("v3.2", "ocr"), ("v3.2", "read/analyze")]


@pytest.mark.parametrize(("version", "operation"), OFFERED)
@pytest.mark.parametrize(
    ("made", "limit", "actual"),
    [
        (lambda limits: picture(49, 80), "of 50 to {most}", "49 × 80 pixels"),
        (lambda limits: picture(80, 49), "of 50 to {most}", "80 × 49 pixels"),
        (lambda limits: picture(limits.most + 1, 60), "to {most} pixels a side", "{over} × 60 pixels"),
        (lambda limits: picture(60, limits.most + 1), "to {most} pixels a side", "60 × {over} pixels"),
        (lambda limits: picture(60, 60, "WEBP"), "takes JPEG, PNG", "is WEBP"),
        (lambda limits: picture(60, 60, "JPEG", limits.bytes), "less than {mb:g} MB", "has {mb:.1f} MB"),
    ],
    ids=["narrow", "low", "wide", "high", "format", "bytes"],
)
def test_a_picture_beyond_a_limit_is_not_sent(version, operation, made, limit, actual, monkeypatch):
    limits = LIMITS[operation]
    if limits.bytes > 10**8:  # half a gigabyte is checked in principle
        limits = module.Limits(limits.formats, 10**6, limits.least, limits.most, limits.pixels)
        monkeypatch.setitem(LIMITS, operation, limits)
    with Azure() as azure, pytest.raises(PictureError) as caught:
        ASK[operation](client(azure, version), made(limits))
    told = str(caught.value)
    numbers = {"most": limits.most, "over": limits.most + 1, "mb": limits.bytes / 2**20}
    assert f"{operation} {version}" in told
    assert limit.format(**numbers) in told
    assert actual.format(**numbers) in told
    assert "the-picture" in told
    assert azure.seen == []


def test_ten_million_pixels_are_too_many_for_ocr():
    with Azure(OCR) as azure:
        client(azure).ocr(picture(4000, 2500))
        with pytest.raises(PictureError, match=r"up to 10 million pixels; the-picture has 4000 × 2501"):
            client(azure).ocr(picture(4000, 2501))
    assert len(azure.seen) == 1


@pytest.mark.parametrize(("version", "operation"), OFFERED)
def test_a_picture_at_the_limit_is_sent(version, operation):
    limits = LIMITS[operation]
    with Azure(ANALYSIS if operation == "analyze" else OCR if operation == "ocr" else ACCEPTED, DONE) as azure:
        ASK[operation](client(azure, version), picture(50, limits.most, size=min(limits.bytes - 1, 5 * 2**20)))
    assert azure.seen[0].path.startswith(f"/vision/{version}/{operation}")


def test_gif_is_not_read():
    with Azure() as azure, pytest.raises(PictureError, match=r"recognizeText v2\.0 takes JPEG, PNG and BMP; .* is GIF"):
        client(azure).recognize_text(picture(60, 60, "GIF"))


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
    with pytest.raises(OptionError, match=r"Choose from: v2\.0, v3\.2"):
        VisionClient(connect("recorded"), api_version="v4.0")
    assert VERSIONS == ("v2.0", "v3.2")
    assert VisionClient(connect("recorded")).api_version == "v2.0", "which the recordings answer"


@pytest.mark.parametrize(
    ("call", "query"),
    [
        (lambda v: v.analyze("http://a/"), "analyze?visualFeatures=Categories%2CDescription%2CColor"),
        (lambda v: v.analyze("http://a/", features="tags, faces"), "analyze?visualFeatures=Tags%2CFaces"),
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


def test_a_local_file_is_not_sent_as_an_address():
    """The commonest mistake of all: {"url": "C:/Documents/picture.jpg"}."""
    with Azure() as azure, pytest.raises(PictureError, match="no file"):
        client(azure).analyze("Documents/ImageToAnalyze.jpg")
    assert azure.seen == []


def test_live_wikimedia_is_named_in_a_width_that_it_serves():
    """Azure would fetch it in the other width, and be refused."""
    stand_in = Picture(b"", 338, 490, "PNG", "stand-in", url=WIKIMEDIA.format(338))
    with Azure(OCR) as azure:
        by_address = client(azure).ocr(WIKIMEDIA.format(338))
        by_picture = client(azure).ocr(stand_in)
    assert {one.body.decode() for one in azure.seen} == {f'{{"url": "{WIKIMEDIA.format(330)}"}}'}
    assert by_address.width == by_picture.width == 330, "the boxes are those of the picture that was read"


# --- the size that the boxes are given in --------------------------------------------------------------------


def test_a_result_knows_the_size_of_the_picture():
    with Azure(OCR) as azure:
        of_bytes = client(azure).ocr(picture(60, 70))
        of_address = client(azure).ocr("https://example.org/a.png")
    assert (of_bytes.width, of_bytes.height) == (60, 70)
    assert (of_address.width, of_address.height) == (None, None)
    vision = VisionClient(connect("recorded"))
    assert vision.ocr(cv.sample("democritus").url).width == 338
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
    """For the client; the server keeps the real time."""
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
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


def test_the_time_limit_is_kept_to_the_end_and_no_longer(clock):
    with Azure(ACCEPTED, RUNNING) as azure, pytest.raises(OperationTimeout, match="after 10 seconds"):
        client(azure).recognize_text("http://a/", timeout=10)
    assert sum(clock.naps) == pytest.approx(10)


def test_a_pause_beyond_the_time_limit_is_not_begun(clock):
    patient = Reply(json={"status": "running"}, headers={"Retry-After": "70"})
    with Azure(ACCEPTED, patient) as azure, pytest.raises(OperationTimeout, match="48 hours"):
        client(azure).recognize_text("http://a/")
    assert clock.naps == []


def test_who_gave_up_can_ask_again(clock):
    with Azure(ACCEPTED, RUNNING, DONE) as azure:
        vision = client(azure)
        with pytest.raises(OperationTimeout) as caught:
            vision.recognize_text("http://a/", timeout=0)
        address = str(caught.value).split("vision.wait('")[1].split("'")[0]
        assert vision.wait(address).status == "succeeded"


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
