"""Every operation of every version of Computer Vision, through both doors: what goes in, what comes out."""

from __future__ import annotations

import io
from typing import Any

import jsonschema
import PIL.Image
import pytest

from . import schemas
from .conftest import Pictures, Service
from .fakes import FakeEngine, FakeLibrary, color_of, file_of

VERSIONS = ("v1.0", "v2.0", "v2.1", "v3.0", "v3.1", "v3.2")
ALL = {
    "Adult": "adult", "Brands": "brands", "Categories": "categories", "Color": "color", "Description": "description",
    "Faces": "faces", "ImageType": "imageType", "Objects": "objects", "Tags": "tags",
}  # fmt: skip


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=VERSIONS[1:])
def since_v2(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_each_version_has_its_operations_and_no_others(service: Service, version: str) -> None:
    everywhere = {"analyze", "describe", "tag", "ocr", "generateThumbnail", "models/landmarks/analyze"}
    more = {
        "v1.0": {"recognizeText"},
        "v2.0": {"detect", "areaOfInterest", "recognizeText", "read/core/asyncBatchAnalyze"},
        "v2.1": {"detect", "areaOfInterest", "recognizeText", "read/core/asyncBatchAnalyze"},
        "v3.0": {"detect", "areaOfInterest", "read/analyze"},
        "v3.1": {"detect", "areaOfInterest", "read/analyze"},
        "v3.2": {"detect", "areaOfInterest", "read/analyze"},
    }
    asked = everywhere.union(*more.values())
    # Without a picture in it, a request that finds its operation is refused for that.
    found = {name for name in asked if service.post(f"/vision/{version}/{name}", b"x").status_code != 404}
    assert found == everywhere | more[version]
    assert service.get(f"/vision/{version}/models").status_code == 200


# --- analyze


def test_analyze_answers_with_what_was_asked_for_and_nothing_else(service: Service, since_v2: str) -> None:
    answer = service.post(f"/vision/{since_v2}/analyze", file_of(), params={"visualFeatures": ",".join(ALL)})
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), schemas.about_picture(since_v2, *ALL.values()))

    two = service.post(f"/vision/{since_v2}/analyze", file_of(), params={"visualFeatures": "Color, Tags"})
    jsonschema.validate(two.json(), schemas.about_picture(since_v2, "color", "tags"))


def test_v1_had_neither_objects_nor_brands(service: Service) -> None:
    seven = [name for name in ALL if name not in ("Objects", "Brands")]
    answer = service.post("/vision/v1.0/analyze", file_of(), params={"visualFeatures": ",".join(seven)})
    jsonschema.validate(answer.json(), schemas.about_picture("v1.0", *(ALL[name] for name in seven)))
    for name in ("Objects", "Brands"):
        refused = service.post(f"/vision/v1.0/analyze?visualFeatures={name}", file_of())
        assert (refused.status_code, refused.json()["code"]) == (400, "NotSupportedVisualFeature")


def test_brands_are_never_found_and_keep_nobody_from_the_rest(service: Service, since_v2: str) -> None:
    answer = service.post(f"/vision/{since_v2}/analyze?visualFeatures=Brands", file_of())
    jsonschema.validate(answer.json(), schemas.about_picture(since_v2, "brands"))
    assert answer.json()["brands"] == []


@pytest.mark.parametrize("query", ["", "visualFeatures=", "language=&details="])
def test_analyze_gives_categories_when_nothing_is_asked_for(service: Service, version: str, query: str) -> None:
    """A parameter without a value counts as one that is not there."""
    answer = service.post(f"/vision/{version}/analyze?{query}", file_of())
    jsonschema.validate(answer.json(), schemas.about_picture(version, "categories"))


def test_details_stand_in_the_categories_that_they_belong_to(service: Service, version: str) -> None:
    """Nobody famous is ever recognised. The real service wrote empty lists, too, for a picture without anybody."""

    def details(asked: str) -> dict[str, Any]:
        answer = service.post(f"/vision/{version}/analyze?details={asked}", file_of()).json()
        return {one["name"]: one.get("detail") for one in answer["categories"]}

    assert details("") == {"abstract_": None, "outdoor_street": None, "people_": None}
    assert details("Landmarks") == {"abstract_": None, "outdoor_street": {"landmarks": []}, "people_": None}
    both = {"abstract_": None, "outdoor_street": {"landmarks": []}, "people_": {"celebrities": []}}
    assert details("celebrities,Landmarks") == both


def test_the_key_of_black_and_white_is_the_one_each_version_wrote(service: Service, version: str) -> None:
    color = service.post(f"/vision/{version}/analyze?visualFeatures=Color", file_of()).json()["color"]
    assert {key for key in color if key.lower() == "isbwimg"} == (
        {"isBwImg"} if version in ("v1.0", "v2.0") else {"isBwImg", "isBWImg"}
    )


def test_a_score_of_gore_is_not_made_up(service: Service, version: str) -> None:
    """The service had one since v2.1. No model here tells it, and a 0 would be a lie."""
    adult = service.post(f"/vision/{version}/analyze?visualFeatures=Adult", file_of()).json()["adult"]
    assert adult == {"isAdultContent": False, "isRacyContent": True, "adultScore": 0.02, "racyScore": 0.7}


def test_faces_have_a_place_and_neither_age_nor_gender(service: Service, version: str) -> None:
    faces = service.post(f"/vision/{version}/analyze?visualFeatures=Faces", file_of()).json()["faces"]
    assert faces == [{"faceRectangle": {"left": 1, "top": 2, "width": 3, "height": 4}}]


def test_an_object_names_its_broader_words_from_the_nearest_on(service: Service, since_v2: str) -> None:
    (found,) = service.post(f"/vision/{since_v2}/detect", file_of()).json()["objects"]
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
def test_the_operations_with_one_part(service: Service, since_v2: str, operation: str, part: str) -> None:
    answer = service.post(f"/vision/{since_v2}/{operation}", file_of())
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), schemas.about_picture(since_v2, part))
    assert answer.json()["requestId"] == answer.headers["apim-request-id"]
    assert answer.json()["metadata"] == {"width": 120, "height": 80, "format": "Png"}


def test_no_more_captions_than_were_asked_for(service: Service, version: str) -> None:
    one = service.post(f"/vision/{version}/describe", file_of()).json()["description"]["captions"]
    more = service.post(f"/vision/{version}/describe?maxCandidates=3", file_of()).json()["description"]["captions"]
    assert (len(one), len(more)) == (1, 3)


@pytest.mark.parametrize(
    ("language", "word"), [("en", "dog"), ("es", "perro"), ("ja", "犬"), ("pt", "cachorro"), ("zh", "狗"), ("ZH", "狗")]
)
@pytest.mark.parametrize("version", ["v2.0", "v3.2"])
def test_tags_and_captions_are_answered_in_five_languages(
    service: Service, version: str, language: str, word: str
) -> None:
    """The fake engine sees a dog. What it can't name in a language is left out, the colour of the picture."""
    path = f"/vision/{version}/analyze?visualFeatures=Tags,Description&language={language}"
    answer = service.post(path, file_of()).json()
    colors = ["C81E3C"] if language == "en" else []
    assert [tag["name"] for tag in answer["tags"]] == [*colors, word]
    caption = service.post(f"/vision/{version}/describe?language={language}", file_of()).json()["description"]
    assert caption["captions"][0]["text"] == answer["description"]["captions"][0]["text"]
    assert word in caption["captions"][0]["text"] or language == "en"
    objects = service.post(f"/vision/{version}/analyze?visualFeatures=Faces&language={language}", file_of())
    assert objects.status_code == 200


def test_newer_codes_of_the_same_languages(service: Service) -> None:
    for language, word in (("pt-BR", "cachorro"), ("zh-Hans", "狗")):
        answer = service.post(f"/vision/v3.2/tag?language={language}", file_of())
        assert [tag["name"] for tag in answer.json()["tags"]] == [word]
        assert service.post(f"/vision/v3.1/tag?language={language}", file_of()).json()["code"] == "NotSupportedLanguage"


def test_a_caption_that_cannot_be_said_is_refused_as_a_language_is(service: Service, version: str) -> None:
    """The fake engine's second caption has no meaning that could be said in Spanish."""
    answer = service.post(f"/vision/{version}/describe?language=es&maxCandidates=2", file_of()).json()
    error = answer["error"]["innererror"] if version == "v3.2" else answer
    assert error["code"] == "NotSupportedLanguage"
    assert "Ask in another language" in error["message"]


@pytest.mark.parametrize("name", ["latest", "2021-04-01", "2021-09-30-preview", "latest-preview"])
def test_any_model_may_be_asked_for_and_the_answer_names_the_one_that_answered(service: Service, name: str) -> None:
    for path in ("analyze", "tag", "detect", "ocr", "models/celebrities/analyze"):
        answer = service.post(f"/vision/v3.2/{path}?model-version={name}", file_of())
        assert (answer.status_code, answer.json()["modelVersion"]) == (200, "latest")
    read = service.finished(service.post(f"/vision/v3.2/read/analyze?model-version={name}", file_of()))
    assert read["analyzeResult"]["model-version"] == "latest"


@pytest.mark.parametrize("name", ["latest-and-greatest", "2021-04-01x", "2021-4-1", "old", "latest\n"])
def test_what_is_no_name_of_a_model_is_refused(service: Service, name: str) -> None:
    answer = service.post("/vision/v3.2/tag", file_of(), params={"model-version": name})
    assert answer.status_code == 400
    assert answer.json()["error"]["innererror"]["code"] == "BadArgument"


@pytest.mark.parametrize("count", ["0", "-1", "101", "1000", "1.5", "many"])
def test_captions_are_asked_for_in_numbers_from_1_to_100(service: Service, version: str, count: str) -> None:
    answer = service.post(f"/vision/{version}/describe", file_of(), params={"maxCandidates": count})
    assert answer.status_code == 400


def test_an_operation_is_known_at_its_own_address_only(service: Service) -> None:
    place = service.post("/vision/v2.0/recognizeText?mode=Printed", file_of()).headers["Operation-Location"]
    assert service.get(place).status_code == 200
    assert service.get(place.replace("v2.0", "v2.1")).status_code == 404
    assert service.get(place.replace("textOperations", "read/operations")).status_code == 404


# --- models


def test_the_models_are_listed_with_their_categories(service: Service, version: str) -> None:
    answer = service.get(f"/vision/{version}/models")
    jsonschema.validate(answer.json(), schemas.MODELS)
    assert answer.json() == {
        "models": [
            {"name": "celebrities", "categories": ["people_"]},
            {"name": "landmarks", "categories": ["building_"]},
        ]
    }


@pytest.mark.parametrize("model", ["celebrities", "landmarks"])
def test_a_model_finds_nobody(service: Service, version: str, model: str) -> None:
    """As the service answered for a picture without anybody famous."""
    answer = service.post(f"/vision/{version}/models/{model}/analyze?language=en", file_of()).json()
    assert answer["result"] == {model: []}
    assert answer["metadata"] == {"width": 120, "height": 80, "format": "Png"}


# --- words


def test_ocr_gives_regions_lines_and_words(service: Service, version: str, engine: FakeEngine) -> None:
    answer = service.post(f"/vision/{version}/ocr?language=unk&detectOrientation=true", file_of())
    jsonschema.validate(answer.json(), schemas.ocr(version))
    assert engine.oriented is True
    assert (answer.json()["language"], answer.json()["textAngle"], answer.json()["orientation"]) == ("en", 0.1, "Up")
    (region,) = answer.json()["regions"]
    (line,) = region["lines"]
    assert (region["boundingBox"], line["boundingBox"]) == ("5,15,70,40", "9,18,61,15")
    assert line["words"] == [
        {"boundingBox": "10,20,30,12", "text": "C81E3C"},
        {"boundingBox": "44,21,25,11", "text": "unsure"},
    ]


def test_ocr_leaves_the_page_as_it_stands_if_asked_to(service: Service, version: str, engine: FakeEngine) -> None:
    answer = service.post(f"/vision/{version}/ocr?language=fr&detectOrientation=false", file_of())
    assert (engine.oriented, answer.json()["language"]) == (False, "fr")


@pytest.mark.parametrize(
    ("version", "query"),
    [("v1.0", ""), ("v1.0", "detectHandwriting=true"), ("v1.0", "handwriting=false"), ("v2.0", "mode=Handwritten"),
     ("v2.0", "mode=printed"), ("v2.1", "mode=Printed")],
)  # fmt: skip
def test_recognize_text_answers_later(service: Service, version: str, query: str) -> None:
    started = service.post(f"/vision/{version}/recognizeText?{query}", file_of())
    assert (started.status_code, started.content) == (202, b"")
    assert started.headers["Operation-Location"].startswith(f"{service.base}/vision/{version}/textOperations/")

    answer = service.finished(started)
    jsonschema.validate(answer, schemas.TEXT_OPERATION)
    (line,) = answer["recognitionResult"]["lines"]
    assert line["text"] == "C81E3C unsure"
    assert [word.get("confidence") for word in line["words"]] == [None, "Low"]
    assert line["boundingBox"] == [10, 18, 71, 18, 71, 33, 10, 33]  # whole pixels, the nearest
    assert line["words"][0]["boundingBox"] == [10, 20, 40, 20, 40, 32, 10, 32]


@pytest.mark.parametrize("version", ["v2.0", "v2.1"])
def test_batch_read_answers_later(service: Service, version: str) -> None:
    started = service.post(f"/vision/{version}/read/core/asyncBatchAnalyze", file_of())
    assert started.headers["Operation-Location"].startswith(f"{service.base}/vision/{version}/read/operations/")

    answer = service.finished(started)
    jsonschema.validate(answer, schemas.BATCH_READ_OPERATION)
    (page,) = answer["recognitionResults"]
    assert (page["page"], page["width"], page["height"]) == (1, 120, 80)
    assert page["clockwiseOrientation"] == 354.27  # the fake's 0.1 radians, risen to the right
    assert [word.get("confidence") for word in page["lines"][0]["words"]] == [None, "Low"]


@pytest.mark.parametrize("version", ["v3.0", "v3.1", "v3.2"])
def test_read_answers_later(service: Service, version: str) -> None:
    started = service.post(f"/vision/{version}/read/analyze?language=en", file_of())
    assert (started.status_code, started.content) == (202, b"")
    assert started.headers["Operation-Location"].startswith(f"{service.base}/vision/{version}/read/analyzeResults/")

    answer = service.finished(started)
    jsonschema.validate(answer, schemas.read_operation(version))
    (page,) = answer["analyzeResult"]["readResults"]
    assert (page["page"], page["width"], page["height"], page["unit"]) == (1, 120, 80, "pixel")
    assert page["angle"] == pytest.approx(-5.7296, abs=1e-4)  # the fake's 0.1 radians, clockwise
    assert [word["confidence"] for word in page["lines"][0]["words"]] == [0.98, 0.59]


@pytest.mark.parametrize(
    ("path", "statuses"),
    [("/vision/v2.0/recognizeText?mode=Printed", {"NotStarted", "Running"}),
     ("/vision/v2.1/read/core/asyncBatchAnalyze", {"NotStarted", "Running"}),
     ("/vision/v3.1/read/analyze", {"notStarted", "running"})],
)  # fmt: skip
def test_an_operation_says_how_far_it_is_in_its_versions_words(
    service: Service, engine: FakeEngine, path: str, statuses: set[str]
) -> None:
    engine.gate.clear()
    try:
        started = [service.post(path, file_of((n, n, n))) for n in range(2)]
        waiting = [service.get(one.headers["Operation-Location"]).json()["status"] for one in started]
    finally:
        engine.gate.set()
    assert set(waiting) <= statuses
    done = {"Succeeded"} if "Running" in statuses else {"succeeded"}
    assert {service.finished(one)["status"] for one in started} == done


# --- thumbnails


@pytest.mark.parametrize(("smart", "color"), [("true", "red"), ("false", "blue")])
def test_a_smart_thumbnail_is_of_the_part_that_the_engine_names(service: Service, smart: str, color: str) -> None:
    """The fake engine names the top left corner."""
    image, file = PIL.Image.new("RGB", (640, 320), "blue"), io.BytesIO()
    image.paste("red", (0, 0, 70, 40))
    image.save(file, "PNG")
    path = f"/vision/v2.0/generateThumbnail?width=64&height=32&smartCropping={smart}"
    with PIL.Image.open(io.BytesIO(service.post(path, file.getvalue()).content)) as small:
        red, _, blue = small.convert("RGB").getpixel((50, 25))
    assert (red > blue) == (color == "red")


@pytest.mark.parametrize("smart", ["true", "false"])
def test_a_thumbnail_is_a_jpeg_of_the_size_that_was_asked_for(service: Service, version: str, smart: str) -> None:
    answer = service.post(
        f"/vision/{version}/generateThumbnail?width=64&height=32&smartCropping={smart}", file_of((0, 128, 0))
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    thumbnail = PIL.Image.open(io.BytesIO(answer.content))
    assert (thumbnail.format, thumbnail.size) == ("JPEG", (64, 32))


def test_the_largest_thumbnail(service: Service, version: str) -> None:
    def status(side: int) -> int:
        return service.post(f"/vision/{version}/generateThumbnail?width={side}&height=9", file_of()).status_code

    assert (status(1023), status(1024), status(1025)) == (200, 400 if version == "v1.0" else 200, 400)


def test_what_is_transparent_is_white_in_a_thumbnail(service: Service) -> None:
    file = io.BytesIO()
    PIL.Image.new("RGBA", (60, 60), (255, 0, 0, 0)).save(file, "PNG")
    answer = service.post("/vision/v2.0/generateThumbnail?width=50&height=50", file.getvalue())
    assert color_of(PIL.Image.open(io.BytesIO(answer.content))) == "FFFFFF"


# --- how a picture comes in


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


def test_a_picture_that_the_service_shows_itself_is_not_looked_for_on_the_web(
    service: Service, library: FakeLibrary, pictures: Pictures
) -> None:
    """By the address under which the caller reaches the service, and by those of the real services."""
    found = service.get("/bing/v7.0/images/search?q=grey&count=3").json()["value"][2]
    real = "https://tse1.api.cognitive.microsoft.com"
    for base in (service.base, "https://api.cognitive.microsoft.com", "https://api.bing.microsoft.com", real):
        for path in (f"/th?id={found['imageId']}&pid=Api", f"/bing/v7.0/images/content/{found['imageId']}"):
            answer = service.post("/vision/v3.2/tag", json={"url": base + path})
            assert answer.status_code == 200, answer.text
            assert answer.json()["tags"][0]["name"] == "020202"
    sized = service.post("/vision/v3.2/tag", json={"url": f"{found['thumbnailUrl']}&w=60&h=55&c=7"})
    assert sized.json()["metadata"] == {"width": 60, "height": 55, "format": "Jpeg"}
    odd = service.post("/vision/v3.2/tag", json={"url": f"{found['thumbnailUrl']}&w=9999&h=55"})
    assert odd.json()["metadata"]["height"] == 55, "a width that can't be is none"
    assert pictures.seen == []

    for path in ("/th?id=unknown", "/th?id=\ud800", "/th", "/bing/v7.0/images/content/unknown"):
        answer = service.post("/vision/v2.0/tag", json={"url": service.base + path})
        assert (answer.status_code, answer.json()["code"]) == (400, "InvalidImageUrl")
    elsewhere = service.post("/vision/v2.0/tag", json={"url": f"{pictures.base}/th?id={found['imageId']}"})
    assert elsewhere.status_code == 400
    assert len(pictures.seen) == 1


@pytest.mark.parametrize(("format", "name"), [("JPEG", "Jpeg"), ("PNG", "Png"), ("GIF", "Gif"), ("BMP", "Bmp")])
def test_the_four_formats(service: Service, version: str, format: str, name: str) -> None:
    answer = service.post(f"/vision/{version}/tag", file_of(format=format))
    assert answer.json()["metadata"]["format"] == name


def test_a_picture_is_answered_as_it_is_seen(service: Service) -> None:
    """A telephone stores a photograph lying on its side with the note to turn it."""
    image, file = PIL.Image.new("RGB", (120, 80)), io.BytesIO()
    image.getexif()[0x0112] = 6  # turn me a quarter clockwise
    image.save(file, "JPEG", exif=image.getexif())
    answer = service.post("/vision/v2.0/detect", file.getvalue())
    assert answer.json()["metadata"] == {"width": 80, "height": 120, "format": "Jpeg"}
    assert answer.json()["objects"][0]["rectangle"] == {"x": 0, "y": 0, "w": 80, "h": 120}


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
