"""Image Analysis 4.0 in the client: the same words and results where they mean the same, a reason where they don't."""

from __future__ import annotations

import io
import json

import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cvhelpers as cv
from azure import Azure, Reply
from cvhelpers.protocol import addresses, vision_v4
from cvhelpers.results import Box
from cvhelpers.results.analysis_v4 import as_printed, read_analysis
from cvhelpers.session import Connection
from cvhelpers.sources.live import Live

PICTURE = "https://example.org/a.png"
PLACE = {"boundingBox": {"x": 1, "y": 2, "w": 30, "h": 40}}
QUAD = [{"x": 1, "y": 2}, {"x": 31, "y": 4}, {"x": 30, "y": 14}, {"x": 0, "y": 12}]
WORD = {"text": "hello", "boundingPolygon": QUAD, "confidence": 0.98}
LINE = {"text": "hello", "boundingPolygon": QUAD, "words": [WORD]}
EVERYTHING = {
    "modelVersion": "2023-10-01",
    "captionResult": {"text": "a cat", "confidence": 0.9},
    "denseCaptionsResult": {"values": [{"text": "a cat on a mat", "confidence": 0.8, **PLACE}]},
    "metadata": {"width": 60, "height": 50},
    "tagsResult": {"values": [{"name": "cat", "confidence": 0.99}]},
    "objectsResult": {"values": [{**PLACE, "tags": [{"name": "cat", "confidence": 0.7}]}]},
    "readResult": {"blocks": [{"lines": [LINE]}]},
    "smartCropsResult": {"values": [{"aspectRatio": 0.75, **PLACE}]},
    "peopleResult": {"values": [{**PLACE, "confidence": 0.6}]},
}


def client(azure: Azure) -> cv.VisionClient:
    return cv.VisionClient(Connection(Live(backoff=0)), azure.address, "key", "4.0")


def drawn(width: int, height: int, format: str = "PNG") -> cv.Picture:
    data = io.BytesIO()
    PIL.Image.new("RGB", (width, height), "teal").save(data, format)
    return cv.open_picture(data.getvalue())


# --- results -------------------------------------------------------------------------------------------------


def test_every_part_of_an_answer_is_read():
    analysis = read_analysis(EVERYTHING, "a test")
    assert (str(analysis), analysis.caption.confidence, analysis.source) == ("a cat", 0.9, "a test")
    assert (analysis.tags[0].name, analysis.tags[0].confidence) == ("cat", 0.99)
    place = Box(1, 2, 30, 40)
    [thing], [person], [part], [crop] = analysis.objects, analysis.people, analysis.dense_captions, analysis.crops
    assert (thing.name, thing.confidence, thing.box, thing.parents) == ("cat", 0.7, place, ())
    assert (person.box, person.confidence) == (place, 0.6)
    assert (part.text, part.confidence, part.box) == ("a cat on a mat", 0.8, place)
    assert (crop.aspect_ratio, crop.box) == (0.75, place)
    assert (str(analysis.read), analysis.read.width, analysis.read.words[0].confidence) == ("hello", 60, 0.98)
    assert analysis.read[0].polygon == (1, 2, 31, 4, 30, 14, 0, 12)
    assert (analysis.width, analysis.height, analysis.raw) == (60, 50, EVERYTHING)
    [nameless] = read_analysis({"objectsResult": {"values": [{**PLACE, "tags": []}]}}).objects
    assert (nameless.name, nameless.confidence) == ("object", 0)


def test_rows_hold_everything():
    rows = [(row["what"], row["name"], row["x"]) for row in read_analysis(EVERYTHING).to_rows()]
    assert rows == [
        ("caption", "a cat", None), ("caption of a part", "a cat on a mat", 1), ("tag", "cat", None),
        ("object", "cat", 1), ("person", "person", 1), ("crop", "0.75 : 1", 1), ("line", "hello", 0),
    ]  # fmt: skip


def test_what_was_not_asked_for_is_empty_and_text_that_is_not_there_is_an_answer():
    analysis = read_analysis({"readResult": {"blocks": []}, "metadata": {"width": 1, "height": 1}})
    assert (len(analysis.read), analysis.captions, analysis.tags, analysis.people) == (0, (), (), ())
    assert read_analysis({"tagsResult": {"values": []}}).read is None


def test_printed_text_has_upright_boxes():
    printed = as_printed(read_analysis(EVERYTHING).read)
    assert (str(printed), printed[0].box, printed.text_angle) == ("hello", Box(0, 2, 31, 12), 0)
    assert printed.regions[0].box == Box(0, 2, 31, 12)
    assert (printed.width, printed.height) == (60, 50)
    assert as_printed(cv.ReadResult()).regions == ()
    between = cv.results.ReadLine("a", (0.6, 1.6, 9.7, 1.6, 9.7, 8.6, 0.6, 8.6))
    assert as_printed(cv.ReadResult((between,))).lines[0].box == Box(1, 2, 9, 7), "rounded, not cut off"


@pytest.mark.parametrize("body", [[], {}, {"tags": []}, {"captionResult": {}}, {"captionResult": {"text": 1}},
                                  {"tagsResult": {"values": 7}}, {"objectsResult": {"values": [{"tags": []}]}},
                                  {"readResult": {"blocks": [{"lines": [{"text": "a", "boundingPolygon": []}]}]}},
                                  {"readResult": {"content": "a", "pages": []}},  # a preview wrote it so
                                  {"readResult": "text"}, {"peopleResult": {"values": [PLACE]}}])  # fmt: skip
def test_json_that_is_no_such_answer_is_named(body):
    if body == {"captionResult": {}}:
        assert read_analysis(body).captions == (), "an empty part is none"
        return
    with pytest.raises(cv.UnexpectedAnswer) as caught:
        read_analysis(body)
    assert caught.value.args == (str(caught.value),), "a message, and no error inside of it"


@settings(max_examples=200)
@given(st.data())
def test_a_right_answer_with_one_wrong_part_raises_nothing_else(data):
    body = json.loads(json.dumps(EVERYTHING))
    node, key = {"": body}, ""
    while isinstance(node[key], dict | list) and node[key] and data.draw(st.integers(0, 3)):
        node = node[key]
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
    values = st.none() | st.booleans() | st.text(max_size=3) | st.floats() | st.just([]) | st.just({}) | st.just([[]])
    node[key] = data.draw(values)
    try:
        analysis = read_analysis(body if node is not body or key else node[""])
        analysis.to_rows(), str(analysis)
    except cv.UnexpectedAnswer:
        pass


def test_a_person_who_is_an_object_too_is_drawn_once_and_text_and_crops_are_not():
    analysis = read_analysis(EVERYTHING | {"metadata": {"width": 80, "height": 60}})
    figure = cv.show_objects(drawn(80, 60), analysis)
    assert "1 thing boxed" in figure.alt
    assert figure.rows[0]["what"] == "object"
    assert {"person", "crop", "line", "caption of a part"} <= {row["what"] for row in figure.rows}, "they are told"
    alone = read_analysis({"peopleResult": EVERYTHING["peopleResult"]})
    assert "1 person 0.60" in cv.show_objects(drawn(80, 60), alone).alt


# --- what is asked -------------------------------------------------------------------------------------------

FIRST = "/computervision/imageanalysis:analyze?api-version=2023-10-01&features="
ASKED = [
    (lambda v: v.analyze(PICTURE), "caption%2Ctags"),
    (lambda v: v.analyze(PICTURE, ["Description", "Tags", "Objects"]), "caption%2Ctags%2Cobjects"),
    (lambda v: v.analyze(PICTURE, ["densecaptions", "PEOPLE", "caption"]), "denseCaptions%2Cpeople%2Ccaption"),
    (lambda v: v.analyze(PICTURE, ["Description", "caption"]), "caption"),
    (lambda v: v.analyze(PICTURE, "tags", language="ES"), "tags&language=es"),
    (lambda v: v.analyze(PICTURE, "smartCrops", aspect_ratios=[1, 0.75]),
     "smartCrops&smartcrops-aspect-ratios=1%2C0.75"),
    (lambda v: v.analyze(PICTURE, "caption", gender_neutral=True), "caption&gender-neutral-caption=true"),
    (lambda v: v.describe(PICTURE), "caption"),
    (lambda v: v.tag(PICTURE, "fr"), "tags&language=fr"),
    (lambda v: v.detect(PICTURE), "objects"),
    (lambda v: v.ocr(PICTURE), "read"),
    (lambda v: v.read(PICTURE), "read"),
    (lambda v: v.recognize_text(PICTURE), "read"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "query"), ASKED)
def test_each_method_asks_the_one_operation(call, query):
    with Azure(Reply(json=EVERYTHING)) as azure:
        vision = client(azure)
        result = call(vision)
    assert [(one.method, one.path, one.key) for one in azure.seen] == [("POST", FIRST + query, "key")]
    assert len(vision.exchanges) == 1, "nothing is polled"
    assert result.source == f"live; {azure.address.removeprefix('http://')} 4.0"
    assert str(result) in ("a cat", "hello")


@pytest.mark.parametrize("name", vision_v4.GONE)
def test_what_is_gone_is_told_with_what_to_use_before_anything_is_sent(name):
    with Azure() as azure, pytest.raises(cv.OptionError, match=f"4.0 no longer has {name}: .*v3.2"):
        client(azure).analyze(PICTURE, [name.lower()])
    assert azure.seen == []


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda v: v.analyze(PICTURE, ["capton"]), "Did you mean 'caption'?"),
        (lambda v: v.analyze(PICTURE, []), "needs at least one feature"),
        (lambda v: v.analyze(PICTURE, details=["Landmarks"]), "v3.2' still takes details"),
        (lambda v: v.analyze(PICTURE, language="de"), "Captions of 4.0 are in English only"),
        (lambda v: v.analyze(PICTURE, "denseCaptions", language="de"), "Captions of 4.0 are in English only"),
        (lambda v: v.analyze(PICTURE, "tags", language="klingon"), "is no language"),
        (
            lambda v: v.analyze(PICTURE, "smartCrops", aspect_ratios=[2]),
            "height, from 0.75 to 1.8, not 2",
        ),
        (lambda v: v.analyze(PICTURE, "smartCrops", aspect_ratios=[0.74]), "not 0.74"),
        (lambda v: v.analyze(PICTURE, "smartCrops", aspect_ratios=[1, 1.81]), "not 1.81"),
        (lambda v: v.analyze(PICTURE, "smartCrops", aspect_ratios=[True]), "not True"),
        (lambda v: v.analyze(PICTURE, "smartCrops", aspect_ratios=[float("nan")]), "not nan"),
        (lambda v: v.describe(PICTURE, 2), "gives one caption"),
        (lambda v: v.ocr(PICTURE, "de"), "Leave both options out"),
        (lambda v: v.ocr(PICTURE, detect_orientation=False), "Leave both options out"),
        (lambda v: v.recognize_text(PICTURE, "Printed"), "4.0 has no mode"),
        (lambda v: v.generate_thumbnail(PICTURE, 5, 5), 'analyze(picture, ["smartCrops"])'),
        (lambda v: v.area_of_interest(PICTURE), 'analyze(picture, ["smartCrops"])'),
        (lambda v: v.models(), "v3.2"),
        (lambda v: v.analyze_by_model(PICTURE, "landmarks"), "v3.2"),
    ],
)
def test_what_can_t_be_asked_is_not_sent(call, told):
    with Azure() as azure, pytest.raises(cv.OptionError) as caught:
        call(client(azure))
    assert told in str(caught.value)
    assert azure.seen == []


def test_the_versions_before_have_no_crops():
    with Azure() as azure, pytest.raises(cv.OptionError, match=r"came with 4\.0"):
        cv.VisionClient(cv.connect("live"), azure.address, "key", "v3.2").analyze(PICTURE, aspect_ratios=[1])
    assert azure.seen == []


def test_an_answer_without_the_text_that_was_asked_for():
    with (
        Azure(Reply(json={"tagsResult": {"values": []}})) as azure,
        pytest.raises(cv.UnexpectedAnswer, match="readRes"),
    ):
        client(azure).read(PICTURE)


def test_its_errors_are_those_of_the_client():
    inner = {"code": "NotSupportedLanguage", "message": "The input language is not supported."}
    body = {"error": {"code": "InvalidRequest", "message": "Analyze query is invalid.", "innererror": inner}}
    refused = Reply(400, body, headers={"x-ms-error-code": "InvalidRequest"})
    with Azure(refused) as azure, pytest.raises(cv.BadRequest) as caught:
        client(azure).analyze(PICTURE)
    assert caught.value.code == "NotSupportedLanguage"
    region = {"error": {"code": "InvalidRequest", "message": "The feature 'Caption' is not supported in this region"}}
    with Azure(Reply(400, region)) as azure, pytest.raises(cv.BadRequest, match="Use a resource in another region"):
        client(azure).analyze(PICTURE)


# --- pictures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["WEBP", "TIFF", "GIF", "BMP", "JPEG", "PNG"])
def test_it_takes_more_formats_than_the_versions_before(format):
    picture = drawn(80, 60, format)
    with Azure(Reply(json=EVERYTHING)) as azure:
        assert client(azure).analyze(picture).sent == ""
    assert azure.seen[0].body == picture.data


def test_twenty_megabytes_are_taken_and_one_byte_more_is_not():
    small = drawn(80, 60, "BMP").data
    for size, is_sent in ((20_971_520, True), (20_971_521, False)):
        padded = cv.open_picture(small + bytes(size - len(small)))
        with Azure(Reply(json=EVERYTHING)) as azure:
            result = client(azure).analyze(padded)
        assert (azure.seen[0].body == padded.data) is is_sent
        assert ("takes less than 20 MB" in result.sent) is not is_sent


def test_places_come_back_in_the_pixels_of_the_picture_that_was_given():
    with Azure(Reply(json=EVERYTHING)) as azure:
        vision, large = client(azure), drawn(32_000, 200)
        analysis, printed = vision.analyze(large), vision.ocr(large)
    assert PIL.Image.open(io.BytesIO(azure.seen[0].body)).size == (16_000, 100)
    double = Box(2, 4, 60, 80)
    assert analysis.objects[0].box == analysis.people[0].box == analysis.crops[0].box == double
    assert analysis.dense_captions[0].box == double
    assert analysis.read[0].polygon == (2, 4, 62, 8, 60, 28, 0, 24)
    assert (analysis.width, analysis.read.width) == (120, 120)
    assert printed[0].box == Box(0, 4, 62, 24)
    assert "made smaller" in printed.sent


# --- addresses, checks, and this computer --------------------------------------------------------------------


def test_its_address_is_a_service_s_and_asks_for_a_key():
    vision = cv.VisionClient(cv.connect("recorded"), api_version="4.0")
    assert (
        vision.url("analyze")
        == "https://westcentralus.api.cognitive.microsoft.com/computervision/imageanalysis:analyze"
    )
    assert addresses.needs_key(addresses.path_of(vision.url("analyze")))
    assert not addresses.needs_key("/computervision/cat.jpg")


def test_the_check_asks_it_for_tags_once():
    with Azure(Reply(json=EVERYTHING)) as azure:
        found = cv.check_setup(azure.address, "key", "4.0")
    assert found.ok
    assert [one.path for one in azure.seen] == [FIRST + "tags"]


def test_an_answer_is_recorded_and_replayed(tmp_path):
    with Azure(Reply(json=EVERYTHING)) as azure:
        session = cv.connect("live", record=tmp_path)
        first = cv.VisionClient(session, azure.address, "key", "4.0").analyze("cat", vision_v4.FEATURES)
    replayed = Connection(cv.connect("recorded").answers.__class__(tmp_path))
    again = cv.VisionClient(replayed, api_version="4.0").analyze("cat", vision_v4.FEATURES)
    assert again.to_rows() == first.to_rows()
    assert len(azure.seen) == 1


def test_the_service_on_this_computer_answers():
    vision = cv.VisionClient(cv.connect("on-device"), api_version="4.0")
    analysis = vision.analyze("street-at-night", vision_v4.FEATURES, aspect_ratios=[1, 1.5])
    assert analysis.caption.text == analysis.dense_captions[0].text
    assert analysis.people
    assert [crop.aspect_ratio for crop in analysis.crops] == [1, 1.5]
    assert "EXCEPT" in str(vision.read("democritus"))
    assert "EXCEPT" in str(vision.ocr("democritus"))
    assert "gato" in [tag.name for tag in vision.tag("cat", "es").tags]
    assert vision.detect("cat").objects[0].name == "cat"
    with cv.VisionClient(cv.connect("on-device"), key="wrong", api_version="4.0") as wrong, pytest.raises(cv.WrongKey):
        wrong.tag("cat")
