"""Every operation of Computer Vision, through both doors: what goes in, what comes out."""

from __future__ import annotations

import io

import jsonschema
import PIL.Image
import pytest

from . import schemas
from .conftest import Pictures, Service
from .fakes import FakeEngine, color_of, file_of

VERSIONS = ("v2.0", "v3.2")
ALL = "Adult,Categories,Color,Description,Faces,ImageType,Objects,Tags"
PARTS = ("adult", "categories", "color", "description", "faces", "imageType", "objects", "tags")


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_analyze_answers_with_what_was_asked_for_and_nothing_else(service: Service, version: str) -> None:
    answer = service.post(f"/vision/{version}/analyze", file_of(), params={"visualFeatures": ALL})
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), schemas.about_picture(version, *PARTS))

    two = service.post(f"/vision/{version}/analyze", file_of(), params={"visualFeatures": "Color, Tags"})
    jsonschema.validate(two.json(), schemas.about_picture(version, "color", "tags"))


def test_analyze_gives_categories_when_nothing_is_asked_for(service: Service, version: str) -> None:
    answer = service.post(f"/vision/{version}/analyze", file_of())
    jsonschema.validate(answer.json(), schemas.about_picture(version, "categories"))


def test_the_key_of_black_and_white_is_the_one_each_version_wrote(service: Service, version: str) -> None:
    color = service.post(f"/vision/{version}/analyze?visualFeatures=Color", file_of()).json()["color"]
    assert {key for key in color if key.lower() == "isbwimg"} == (
        {"isBwImg"} if version == "v2.0" else {"isBwImg", "isBWImg"}
    )


def test_faces_have_a_place_and_neither_age_nor_gender(service: Service, version: str) -> None:
    faces = service.post(f"/vision/{version}/analyze?visualFeatures=Faces", file_of()).json()["faces"]
    assert faces == [{"faceRectangle": {"left": 1, "top": 2, "width": 3, "height": 4}}]


def test_an_object_names_its_broader_words_from_the_nearest_on(service: Service, version: str) -> None:
    (found,) = service.post(f"/vision/{version}/detect", file_of()).json()["objects"]
    assert (found["object"], found["parent"]["object"], found["parent"]["parent"]["object"]) == (
        "dog",
        "mammal",
        "animal",
    )
    assert found["rectangle"] == {"x": 0, "y": 0, "w": 120, "h": 80}


@pytest.mark.parametrize(
    ("operation", "part"),
    [("describe", "description"), ("tag", "tags"), ("detect", "objects"), ("areaOfInterest", "areaOfInterest")],
)
def test_the_operations_with_one_part(service: Service, version: str, operation: str, part: str) -> None:
    answer = service.post(f"/vision/{version}/{operation}", file_of())
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), schemas.about_picture(version, part))
    assert answer.json()["requestId"] == answer.headers["apim-request-id"]
    assert answer.json()["metadata"] == {"width": 120, "height": 80, "format": "Png"}


def test_models_of_celebrities_and_landmarks_are_not_offered(service: Service, version: str) -> None:
    answer = service.get(f"/vision/{version}/models")
    jsonschema.validate(answer.json(), schemas.MODELS)
    assert answer.json() == {"models": []}


def test_ocr_gives_regions_lines_and_words(service: Service, version: str, engine: FakeEngine) -> None:
    answer = service.post(f"/vision/{version}/ocr?language=unk&detectOrientation=true", file_of())
    jsonschema.validate(answer.json(), schemas.ocr(version))
    assert engine.oriented is True
    assert answer.json()["language"] == "en"
    assert answer.json()["regions"][0]["lines"][0]["words"][0] == {"boundingBox": "10,20,30,12", "text": "C81E3C"}


def test_ocr_leaves_the_page_as_it_stands_if_asked_to(service: Service, version: str, engine: FakeEngine) -> None:
    answer = service.post(f"/vision/{version}/ocr?language=fr&detectOrientation=false", file_of())
    assert (engine.oriented, answer.json()["language"]) == (False, "fr")


@pytest.mark.parametrize("mode", ["Handwritten", "Printed"])
def test_recognize_text_answers_later(service: Service, mode: str) -> None:
    started = service.post(f"/vision/v2.0/recognizeText?mode={mode}", file_of())
    assert (started.status_code, started.content) == (202, b"")
    assert started.headers["Operation-Location"].startswith(f"{service.base}/vision/v2.0/textOperations/")

    answer = service.finished(started)
    jsonschema.validate(answer, schemas.TEXT_OPERATION)
    (line,) = answer["recognitionResult"]["lines"]
    assert line["text"] == "C81E3C unsure"
    assert [word.get("confidence") for word in line["words"]] == [None, "Low"]


def test_read_answers_later(service: Service) -> None:
    started = service.post("/vision/v3.2/read/analyze?language=en&readingOrder=natural", file_of())
    assert (started.status_code, started.content) == (202, b"")
    assert started.headers["Operation-Location"].startswith(f"{service.base}/vision/v3.2/read/analyzeResults/")

    answer = service.finished(started)
    jsonschema.validate(answer, schemas.READ_OPERATION)
    (page,) = answer["analyzeResult"]["readResults"]
    assert (page["page"], page["width"], page["height"], page["unit"]) == (1, 120, 80, "pixel")
    assert page["angle"] == pytest.approx(-5.7296, abs=1e-4)  # the fake's 0.1 radians, clockwise


def test_read_takes_a_document_of_pages(service: Service) -> None:
    file = io.BytesIO()
    first, *others = (PIL.Image.new("RGB", (120, 80), color) for color in ("red", "lime", "blue"))
    first.save(file, "TIFF", save_all=True, append_images=others)

    def lines(pages: str) -> list[tuple[int, str]]:
        answer = service.finished(service.post(f"/vision/v3.2/read/analyze?pages={pages}", file.getvalue()))
        return [(page["page"], page["lines"][0]["text"][:6]) for page in answer["analyzeResult"]["readResults"]]

    assert lines("") == [(1, "FF0000"), (2, "00FF00")]  # two pages, as in the free tier
    assert lines("2") == [(2, "00FF00")]


def test_an_operation_goes_from_not_started_over_running_to_its_end(service: Service, engine: FakeEngine) -> None:
    engine.gate.clear()
    try:
        # There are two workers, so of three operations one has to wait.
        started = [service.post("/vision/v2.0/recognizeText?mode=Printed", file_of()) for _ in range(2)]
        waiting = [service.get(one.headers["Operation-Location"]).json() for one in started]
    finally:
        engine.gate.set()
    assert all(state in ({"status": "NotStarted"}, {"status": "Running"}) for state in waiting)
    assert [service.finished(one)["status"] for one in started] == ["Succeeded", "Succeeded"]


@pytest.mark.parametrize("smart", ["true", "false"])
def test_a_thumbnail_is_a_jpeg_of_the_size_that_was_asked_for(service: Service, version: str, smart: str) -> None:
    answer = service.post(
        f"/vision/{version}/generateThumbnail?width=64&height=32&smartCropping={smart}", file_of((0, 128, 0))
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    thumbnail = PIL.Image.open(io.BytesIO(answer.content))
    assert (thumbnail.format, thumbnail.size) == ("JPEG", (64, 32))


def test_a_picture_comes_as_bytes_in_a_form_or_by_its_address(
    service: Service, version: str, pictures: Pictures
) -> None:
    """Three ways to bring the same picture; the answer is the same."""
    path = f"/vision/{version}/tag"
    answers = [
        service.post(path, file_of()),
        service.post(path, files={"image": ("picture.png", file_of(), "image/png")}),
        service.post(path, json={"url": f"{pictures.base}/picture.png"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {answer.json()["tags"][0]["name"] for answer in answers} == {"C81E3C"}


@pytest.mark.parametrize(("format", "name"), [("JPEG", "Jpeg"), ("PNG", "Png"), ("GIF", "Gif"), ("BMP", "Bmp")])
def test_the_four_formats(service: Service, version: str, format: str, name: str) -> None:
    answer = service.post(f"/vision/{version}/tag", file_of(format=format))
    assert answer.json()["metadata"]["format"] == name


def test_a_picture_is_answered_as_it_is_seen(service: Service) -> None:
    """A phone stores a photograph lying on its side with the note to turn it."""
    image, file = PIL.Image.new("RGB", (120, 80)), io.BytesIO()
    image.getexif()[0x0112] = 6  # turn me a quarter clockwise
    image.save(file, "JPEG", exif=image.getexif())
    answer = service.post("/vision/v2.0/tag", file.getvalue())
    assert answer.json()["metadata"] == {"width": 80, "height": 120, "format": "Jpeg"}


def test_what_is_transparent_is_white_in_a_thumbnail(service: Service) -> None:
    file = io.BytesIO()
    PIL.Image.new("RGBA", (60, 60), (255, 0, 0, 0)).save(file, "PNG")
    answer = service.post("/vision/v2.0/generateThumbnail?width=50&height=50", file.getvalue())
    assert color_of(PIL.Image.open(io.BytesIO(answer.content))) == "FFFFFF"


def test_every_answer_says_that_it_was_made_on_this_computer_and_by_what(service: Service) -> None:
    answers = [
        service.post("/vision/v2.0/tag", file_of()),
        service.post("/vision/v2.0/tag", b"no picture"),
        service.get("/vision/v2.0/models", key=None),
        service.get("/vision/nowhere"),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 401, 404]
    assert {answer.headers["Cvhelpers-Source"] for answer in answers} == {"on-device; fake engine 0"}
    assert len({answer.headers["apim-request-id"] for answer in answers}) == 4
    assert {answer.headers["Content-Type"] for answer in answers} == {"application/json; charset=utf-8"}
