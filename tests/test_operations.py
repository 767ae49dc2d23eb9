"""The operations besides analyze, ocr and recognizeText: each version's own, against a server that notes what it is
asked, and against the real service on this computer."""

from __future__ import annotations

import io

import numpy
import PIL.Image
import pytest

import cvhelpers as cv
from azure import Azure, Reply
from cvhelpers.protocol import vision as protocol
from cvhelpers.results import Box, DomainAnalysis, DomainModel
from cvhelpers.session import Connection
from cvhelpers.sources.live import Live

PICTURE = "https://example.org/a.png"
DESCRIBED = {"description": {"tags": ["cat"], "captions": [{"text": "a cat", "confidence": 0.9}]}, "requestId": "1"}
DETECTED = {"objects": [{"object": "cat", "confidence": 0.9, "rectangle": {"x": 1, "y": 2, "w": 30, "h": 40}}]}
FAMOUS = {
    "result": {"celebrities": [{"name": "Ada", "confidence": 0.9,
                                "faceRectangle": {"left": 1, "top": 2, "width": 3, "height": 4}}]},
    "requestId": "7", "metadata": {"width": 60, "height": 50, "format": "Png"},
}  # fmt: skip
MODELS = {"models": [{"name": "celebrities", "categories": ["people_"]}, {"name": "birds", "categories": []}]}
LINE = {"boundingBox": [1, 1, 9, 1, 9, 4, 1, 4], "text": "hello", "words": []}
READ_V2 = {"status": "Succeeded", "recognitionResults": [{"page": 1, "width": 60, "height": 50, "lines": [LINE]}]}
READ_V3 = {"status": "succeeded", "analyzeResult": {"readResults": [{"page": 1, "lines": [LINE]}]}}


def client(azure: Azure, version: str = "v3.2") -> cv.VisionClient:
    return cv.VisionClient(Connection(Live(backoff=0)), azure.address, "key", version)


def drawn(width: int, height: int) -> cv.Picture:
    data = io.BytesIO()
    PIL.Image.new("RGB", (width, height), "teal").save(data, "PNG")
    return cv.open_picture(data.getvalue())


def jpeg(width: int, height: int) -> bytes:
    data = io.BytesIO()
    PIL.Image.new("RGB", (width, height), "teal").save(data, "JPEG")
    return data.getvalue()


# --- what is asked -------------------------------------------------------------------------------------------

CALLS = {
    "describe?maxCandidates=3&language=ja": (lambda v: v.describe(PICTURE, numpy.int64(3), "JA"), DESCRIBED),
    "describe?maxCandidates=1": (lambda v: v.describe(PICTURE), DESCRIBED),
    "tag": (lambda v: v.tag(PICTURE), {"tags": []}),
    "tag?language=es": (lambda v: v.tag(PICTURE, "es"), {"tags": []}),
    "detect": (lambda v: v.detect(PICTURE), DETECTED),
    "areaOfInterest": (lambda v: v.area_of_interest(PICTURE), {"areaOfInterest": {"x": 1, "y": 2, "w": 3, "h": 4}}),
    "models/celebrities/analyze": (lambda v: v.analyze_by_model(PICTURE, "Celebrities"), FAMOUS),
    "models/landmarks/analyze?language=pt": (lambda v: v.analyze_by_model(PICTURE, "landmarks", "pt"), {"result": {}}),
}


@pytest.mark.parametrize("asked", CALLS)
def test_each_operation_is_asked_at_its_own_address_with_its_own_parameters(asked):
    call, answer = CALLS[asked]
    with Azure(Reply(json=answer)) as azure:
        call(client(azure))
    assert [(one.method, one.path) for one in azure.seen] == [("POST", f"/vision/v3.2/{asked}")]
    assert azure.seen[0].body == b'{"url": "https://example.org/a.png"}'


def test_describe_tag_and_detect_give_an_analysis():
    with Azure(
        Reply(json=DESCRIBED), Reply(json={"tags": [{"name": "cat", "confidence": 1}]}), Reply(json=DETECTED)
    ) as a:
        vision = client(a)
        described, tagged, detected = vision.describe(PICTURE), vision.tag(PICTURE), vision.detect(PICTURE)
    assert (str(described), described.description_tags) == ("a cat", ("cat",))
    assert tagged.tags[0].name == "cat"
    assert detected.objects[0].box == Box(1, 2, 30, 40)
    assert described.source.startswith("live; ")


def test_who_or_what_is_famous():
    with Azure(Reply(json=FAMOUS)) as azure:
        found = client(azure).analyze_by_model(PICTURE, "celebrities")
    assert (str(found), len(found), found[0].name, found[0].box) == ("Ada", 1, "Ada", Box(1, 2, 3, 4))
    assert (found.model, found.request_id, found.width, found.height) == ("celebrities", "7", 60, 50)
    assert found.to_rows()[0] == {
        "number": 1, "what": "celebrity", "name": "Ada", "confidence": 0.9, "x": 1, "y": 2, "width": 3, "height": 4,
    }  # fmt: skip
    nobody = DomainAnalysis.from_json({"result": {"landmarks": []}}, "landmarks")
    assert (bool(nobody), str(nobody), nobody.to_rows()) == (True, "(no landmarks known)", [])


def test_the_models_that_there_are():
    with Azure(Reply(json=MODELS)) as azure:
        models = client(azure).models()
    assert models == (DomainModel("celebrities", ("people_",)), DomainModel("birds"))
    assert (azure.seen[0].method, azure.seen[0].path, azure.seen[0].key) == ("GET", "/vision/v3.2/models", "key")


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (lambda v: v.models(), {"tags": []}),
        (lambda v: v.models(), []),
        (lambda v: v.analyze_by_model(PICTURE, "landmarks"), {"tags": []}),
        (lambda v: v.analyze_by_model(PICTURE, "landmarks"), {"result": {"landmarks": [{"confidence": 1}]}}),
        (lambda v: v.area_of_interest(PICTURE), {}),
        (lambda v: v.area_of_interest(PICTURE), {"areaOfInterest": {"x": 1}}),
        (lambda v: v.generate_thumbnail(PICTURE, 50, 50), {"not": "a picture"}),
        (lambda v: v.detect(PICTURE), {"result": {}}),
    ],
)
def test_another_answer_is_named(call, answer):
    with Azure(Reply(json=answer)) as azure, pytest.raises(cv.UnexpectedAnswer):
        call(client(azure))


# --- thumbnails ----------------------------------------------------------------------------------------------


def test_a_thumbnail_is_a_picture_that_keeps_what_is_known_of_the_whole_one():
    whole = cv.sample("cat")
    with Azure(Reply(body=jpeg(50, 40), headers={"Content-Type": "image/jpeg"})) as azure:
        small = client(azure).generate_thumbnail(whole, 50, 40, smart_cropping=True)
        plain = client(azure).generate_thumbnail(PICTURE, 50, 40)
    assert (small.width, small.height, small.format, small.name) == (50, 40, "JPEG", "cat-thumbnail")
    assert (small.credit, small.description) == (whole.credit, whole.description)
    assert whole.credit, "a licence that asks for a name asks for it below a small copy, too"
    assert plain.name == "thumbnail"
    assert azure.seen[0].path == "/vision/v3.2/generateThumbnail?width=50&height=40&smartCropping=true"
    assert azure.seen[1].path.endswith("smartCropping=false")


@pytest.mark.parametrize(
    ("version", "width", "height"),
    [("v3.2", 0, 5), ("v3.2", 5, 1025), ("v3.2", -1, 5), ("v3.2", 5, 5.5), ("v3.2", True, 5), ("v1.0", 1024, 5)],
)
def test_a_size_that_no_thumbnail_has_is_not_sent(version, width, height):
    with Azure() as azure, pytest.raises(cv.OptionError, match=r"is a whole number from 1 to 102[34], not"):
        client(azure, version).generate_thumbnail(PICTURE, width, height)
    assert azure.seen == []


# --- options and versions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda v: v.describe(PICTURE, 0), "max_candidates is a whole number from 1 to 100, not 0"),
        (lambda v: v.describe(PICTURE, language="klingon"), "'klingon' is no language"),
        (lambda v: v.tag(PICTURE, "klingon"), "'klingon' is no language"),
        (lambda v: v.analyze_by_model(PICTURE, "landmark"), "Did you mean 'landmarks'?"),
        (lambda v: v.analyze_by_model(PICTURE, "landmarks", "xx"), "'xx' is no language"),
    ],
)
def test_a_misspelt_option_is_not_sent(call, told):
    with Azure() as azure, pytest.raises(cv.OptionError) as caught:
        call(client(azure))
    assert told in str(caught.value)
    assert azure.seen == []


@pytest.mark.parametrize("call", [lambda v: v.detect(PICTURE), lambda v: v.area_of_interest(PICTURE)])
def test_v1_has_no_objects_and_says_which_version_has(call):
    with Azure() as azure, pytest.raises(cv.OptionError, match=r"v1\.0 has no operation .*: v2\.0, v2\.1, v3\.0"):
        call(client(azure, "v1.0"))
    assert azure.seen == []


@pytest.mark.parametrize("version", protocol.VERSIONS)
def test_read_uses_the_version_s_own_operation(version):
    operation = {"v2.0": "read/core/asyncBatchAnalyze", "v2.1": "read/core/asyncBatchAnalyze"}.get(
        version, "read/analyze"
    )
    answer = READ_V2 if version < "v3" else READ_V3
    accepted = Reply(202, headers={"Operation-Location": "{host}/vision/it/1"})
    with Azure(accepted, Reply(json={"status": "running"}), Reply(json=answer)) as azure:
        if version == "v1.0":
            with pytest.raises(cv.OptionError, match=r"v1\.0 has no read operation\. recognize_text"):
                client(azure, version).read(PICTURE)
            return
        vision = client(azure, version)
        assert str(vision.read(PICTURE)) == "hello"
    assert azure.seen[0].path == f"/vision/{version}/{operation}"
    assert [one.method for one in azure.seen] == ["POST", "GET", "GET"]
    assert len(vision.exchanges) == 3


# --- fit and timeout, as everywhere --------------------------------------------------------------------------

WITH_A_PICTURE = {
    "describe": (lambda v, it, **o: v.describe(it, **o), Reply(json=DESCRIBED)),
    "tag": (lambda v, it, **o: v.tag(it, **o), Reply(json={"tags": []})),
    "detect": (lambda v, it, **o: v.detect(it, **o), Reply(json=DETECTED)),
    "areaOfInterest": (
        lambda v, it, **o: v.area_of_interest(it, **o),
        Reply(json={"areaOfInterest": {"x": 10, "y": 20, "w": 30, "h": 40}}),
    ),
    "models/celebrities/analyze": (lambda v, it, **o: v.analyze_by_model(it, "celebrities", **o), Reply(json=FAMOUS)),
    "generateThumbnail": (lambda v, it, **o: v.generate_thumbnail(it, 50, 40, **o), Reply(body=jpeg(50, 40))),
}


@pytest.mark.parametrize("operation", WITH_A_PICTURE)
def test_a_picture_that_is_too_large_is_made_fit_unless_told_otherwise(operation):
    ask, reply = WITH_A_PICTURE[operation]
    large = drawn(16_002, 60)
    with Azure(reply) as azure:
        vision = client(azure)
        ask(vision, large)
        assert "made smaller from 16002 × 60" in vision.last_exchange.note
        ask(vision, large, fit=False)
    sent = [PIL.Image.open(io.BytesIO(one.body)).size for one in azure.seen]
    assert sent == [(15_999, 59), (16_002, 60)]


def test_places_come_back_in_the_pixels_of_the_picture_that_was_given():
    with Azure(Reply(json={"areaOfInterest": {"x": 10, "y": 20, "w": 30, "h": 40}}), Reply(json=FAMOUS)) as azure:
        vision, large = client(azure), drawn(31_998, 200)
        assert vision.area_of_interest(large) == Box(20, 40, 60, 80)
        famous = vision.analyze_by_model(large, "celebrities")
    assert famous[0].box == Box(2, 4, 6, 8)
    assert "made smaller" in famous.sent


@pytest.mark.parametrize("operation", [*WITH_A_PICTURE, "models"])
def test_the_time_limit_is_kept(operation):
    ask = WITH_A_PICTURE[operation][0] if operation != "models" else lambda v, it, **o: v.models(**o)
    with Azure(Reply(delay=0.5)) as azure, pytest.raises(cv.TimedOut):
        ask(client(azure), PICTURE, timeout=0.1)


# --- on this computer ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", protocol.VERSIONS)
def test_the_service_on_this_computer_answers_each_operation_that_the_version_has(version):
    vision, picture = cv.VisionClient(cv.connect("on-device"), api_version=version), cv.sample("cat")
    assert "cat" in str(vision.describe(picture))
    assert "cat" in [tag.name for tag in vision.tag(picture).tags]
    assert [model.name for model in vision.models()] == ["celebrities", "landmarks"]
    nobody = vision.analyze_by_model(picture, "celebrities")
    assert (len(nobody), nobody.width, nobody.height) == (0, picture.width, picture.height)
    assert nobody.source.startswith("on-device")
    small = vision.generate_thumbnail(picture, 64, 32, smart_cropping=True)
    assert (small.width, small.height) == (64, 32)
    if version != "v1.0":
        [cat] = vision.detect(picture).objects
        area = vision.area_of_interest(picture)
        assert cat.name == "cat"
        assert 0 <= area.x <= cat.box.x + 1
        assert area.x + area.width <= picture.width
        assert "EXCEPT" in str(vision.read("democritus"))
