"""What the results promise: every version of an answer is read alike, and no JSON, however odd, ends in a KeyError.

The answers here are small ones, written for these tests in the shapes that the services used from 2017 to 2021.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pickle

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from cvhelpers.errors import OperationFailed, UnexpectedAnswer
from cvhelpers.results import (
    Box,
    ImageAnalysis,
    ImageSearchResults,
    OcrResult,
    ReadLine,
    ReadResult,
    scaled,
)
from cvhelpers.results.analysis import Celebrity, Colors, Landmark
from cvhelpers.results.written import reading_order
from cvhelpers.sources.recorded import RECORDINGS

RESULTS = [ImageAnalysis, OcrResult, ReadResult, ImageSearchResults]


def recorded(name: str) -> dict:
    """The answer in one of the recordings that come with the package."""
    return json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))["response"]["body"]["json"]


# --- analyze -------------------------------------------------------------------------------------------------

ANALYSIS = {
    "categories": [
        {"name": "building_", "score": 0.5},  # recorded answers have no detail where none was asked for
        {"name": "outdoor_city", "score": 0.2, "detail": {"landmarks": [{"name": "Space Needle", "confidence": 0.9}]}},
        {
            "name": "people_",
            "score": 0.1,
            "detail": {
                "celebrities": [
                    {
                        "name": "Ada",
                        "confidence": 0.8,
                        "faceRectangle": {"left": 1, "top": 2, "width": 3, "height": 4},
                    }
                ]
            },
        },
    ],
    "adult": {"isAdultContent": False, "isRacyContent": True, "adultScore": 0.01, "racyScore": 0.7},
    "color": {
        "dominantColorForeground": "Black",
        "dominantColorBackground": "White",
        "dominantColors": ["Black", "White"],
        "accentColor": "B98A02",
        "isBwImg": True,
    },
    "imageType": {"clipArtType": 2, "lineDrawingType": 1},
    "tags": [{"name": "bark", "confidence": 0.9, "hint": "tree"}, {"name": "sky", "confidence": 0.8}],
    "description": {
        "tags": ["sky", "outdoor"],
        "captions": [{"text": "a tree", "confidence": 0.4}, {"text": "a tall tree", "confidence": 0.6}],
    },
    "faces": [{"age": 30, "gender": "Female", "faceRectangle": {"left": 1, "top": 2, "width": 3, "height": 4}}],
    "objects": [
        {
            "rectangle": {"x": 5, "y": 6, "w": 7, "h": 8},
            "object": "beagle",
            "confidence": 0.7,
            "parent": {"object": "dog", "confidence": 0.8, "parent": {"object": "animal", "confidence": 0.9}},
        }
    ],
    "brands": [{"name": "Contoso", "confidence": 0.6, "rectangle": {"x": 1, "y": 1, "w": 2, "h": 2}}],
    "requestId": "1-2-3",
    "metadata": {"width": 640, "height": 480, "format": "Jpeg"},
}


def test_every_part_of_an_analysis_is_read():
    analysis = ImageAnalysis.from_json(ANALYSIS, source="a test")
    assert [category.name for category in analysis.categories] == ["building_", "outdoor_city", "people_"]
    assert analysis.categories[1].landmarks == (Landmark("Space Needle", 0.9),)
    assert analysis.categories[2].celebrities == (Celebrity("Ada", 0.8, Box(1, 2, 3, 4)),)
    assert analysis.colors == Colors("Black", "White", ("Black", "White"), "B98A02", True)
    assert (analysis.image_type.clip_art, analysis.image_type.line_drawing) == (2, True)
    assert (analysis.adult.is_adult, analysis.adult.is_racy, analysis.adult.racy_score) == (False, True, 0.7)
    assert (analysis.tags[0].name, analysis.tags[0].hint, analysis.tags[1].hint) == ("bark", "tree", "")
    assert (analysis.faces[0].box, analysis.faces[0].age, analysis.faces[0].gender) == (Box(1, 2, 3, 4), 30, "Female")
    assert (analysis.objects[0].name, analysis.objects[0].box) == ("beagle", Box(5, 6, 7, 8))
    assert analysis.objects[0].parents == ("dog", "animal")
    assert analysis.objects[0].parent_confidences == (0.8, 0.9)
    assert (analysis.brands[0].name, analysis.brands[0].box) == ("Contoso", Box(1, 1, 2, 2))
    assert (analysis.width, analysis.height, analysis.format) == (640, 480, "Jpeg")
    assert (analysis.request_id, analysis.source) == ("1-2-3", "a test")


def test_the_caption_is_the_most_confident_one():
    analysis = ImageAnalysis.from_json(ANALYSIS)
    assert analysis.caption.text == str(analysis) == "a tall tree"


@pytest.mark.parametrize("description", [{}, {"captions": []}, {"captions": None, "tags": ["sky"]}, None])
def test_no_caption_is_no_error(description):
    """The quickstart's captions[0] ended in an IndexError here."""
    analysis = ImageAnalysis.from_json({"description": description, "metadata": {}})
    assert analysis.caption is None
    assert str(analysis) == "(no caption)"


@pytest.mark.parametrize(
    ("color", "expected"),
    [
        ({"isBwImg": True}, True),  # v1.0 of May 2018, v2.0
        ({"isBWImg": True}, True),  # v1.0 until December 2017, and the v2.0 specification
        ({"isBwImg": True, "isBWImg": True}, True),  # v2.1 and v3.1 send both
        ({"isBwImg": False, "isBWImg": False}, False),
        ({"accentColor": "B98A02"}, False),
    ],
)
def test_black_and_white_in_either_spelling(color, expected):
    assert ImageAnalysis.from_json({"color": color}).colors.black_and_white is expected


def test_gore_came_with_v21():
    old = ImageAnalysis.from_json(ANALYSIS).adult
    new = ImageAnalysis.from_json({"adult": ANALYSIS["adult"] | {"isGoryContent": False, "goreScore": 0.03}}).adult
    assert (old.is_gory, old.gore_score) == (None, None)
    assert (new.is_gory, new.gore_score) == (False, 0.03)
    [*_, last] = ImageAnalysis.from_json(
        {"adult": ANALYSIS["adult"] | {"isGoryContent": False, "goreScore": 0}}
    ).to_rows()
    assert (last["what"], last["name"], last["confidence"]) == ("gory", "no", 0), "a score of 0 is a score"


@pytest.mark.parametrize("part", sorted(set(ANALYSIS) - {"requestId", "metadata"}))
def test_describe_tag_and_detect_answer_with_a_part(part):
    analysis = ImageAnalysis.from_json({part: ANALYSIS[part], "requestId": "1", "metadata": ANALYSIS["metadata"]})
    assert analysis.to_rows()
    assert analysis.width == 640


def test_features_with_nothing_found():
    """An empty list, as the services send, and null, as no service should."""
    empty = ImageAnalysis.from_json({"categories": [], "tags": [], "faces": [], "objects": [], "brands": []})
    assert empty.to_rows() == []
    assert ImageAnalysis.from_json({"categories": None, "faces": None, "color": None}).to_rows() == []


ROW = ["number", "what", "name", "confidence", "x", "y", "width", "height"]


def test_rows_hold_everything_that_was_found():
    gory = ANALYSIS["adult"] | {"isGoryContent": True, "goreScore": 0.6}
    rows = ImageAnalysis.from_json(ANALYSIS | {"adult": gory}).to_rows()
    assert [list(row) for row in rows] == [ROW] * len(rows)
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert [tuple(row.values())[1:] for row in rows] == [
        ("caption", "a tree", 0.4, None, None, None, None),
        ("caption", "a tall tree", 0.6, None, None, None, None),
        ("category", "building_", 0.5, None, None, None, None),
        ("category", "outdoor_city", 0.2, None, None, None, None),
        ("landmark", "Space Needle", 0.9, None, None, None, None),
        ("category", "people_", 0.1, None, None, None, None),
        ("celebrity", "Ada", 0.8, 1, 2, 3, 4),
        ("tag", "bark (tree)", 0.9, None, None, None, None),
        ("tag", "sky", 0.8, None, None, None, None),
        ("tag", "outdoor", None, None, None, None, None),  # "sky" is a tag already
        ("object", "beagle", 0.7, 5, 6, 7, 8),
        ("kind of object", "dog", 0.8, 5, 6, 7, 8),
        ("kind of object", "animal", 0.9, 5, 6, 7, 8),
        ("brand", "Contoso", 0.6, 1, 1, 2, 2),
        ("face", "Female, 30", None, 1, 2, 3, 4),
        ("foreground color", "Black", None, None, None, None, None),
        ("background color", "White", None, None, None, None, None),
        ("dominant color", "Black", None, None, None, None, None),
        ("dominant color", "White", None, None, None, None, None),
        ("accent color", "#B98A02", None, None, None, None, None),
        ("black and white", "yes", None, None, None, None, None),
        ("clip art", "2 of 3", None, None, None, None, None),
        ("line drawing", "yes", None, None, None, None, None),
        ("adult", "no", 0.01, None, None, None, None),
        ("racy", "yes", 0.7, None, None, None, None),
        ("gory", "yes", 0.6, None, None, None, None),
    ]


def test_the_verdicts_are_not_mixed_up():
    """Each of the three is told by its own field, whatever the others say."""
    for one in ("adult", "racy", "gory"):
        verdicts = {
            "isAdultContent": one == "adult", "isRacyContent": one == "racy", "isGoryContent": one == "gory",
            "adultScore": 0.1, "racyScore": 0.2, "goreScore": 0.3,
        }  # fmt: skip
        analysis = ImageAnalysis.from_json({"adult": verdicts})
        adult = analysis.adult
        assert [adult.is_adult, adult.is_racy, adult.is_gory] == [one == "adult", one == "racy", one == "gory"]
        assert [adult.adult_score, adult.racy_score, adult.gore_score] == [0.1, 0.2, 0.3]
        assert {row["what"]: row["name"] for row in analysis.to_rows()} == {
            what: "yes" if what == one else "no" for what in ("adult", "racy", "gory")
        }


@pytest.mark.parametrize(
    ("face", "told"),
    [
        ({"age": 0, "gender": "Male"}, "Male, 0"),
        ({"age": 7}, "7"),
        ({"gender": "Female"}, "Female"),
        ({}, "face"),
        ({"age": None, "gender": None}, "face"),
    ],
)
def test_a_face_with_and_without_an_age(face, told):
    place = {"faceRectangle": {"left": 1, "top": 2, "width": 3, "height": 4}}
    [row] = ImageAnalysis.from_json({"faces": [face | place]}).to_rows()
    assert (row["what"], row["name"], row["x"]) == ("face", told, 1)


def test_a_celebrity_without_a_place():
    answer = {"categories": [{"name": "people_", "score": 1, "detail": {"celebrities": [{"name": "Ada"}]}}]}
    assert ImageAnalysis.from_json(answer).categories[0].celebrities == (Celebrity("Ada", None, None),)


def test_boxes_of_half_pixels_are_rounded_and_not_cut_off():
    face = {"faceRectangle": {"left": 1.6, "top": 2.4, "width": 3.6, "height": 4.9}}
    thing = {"object": "cat", "confidence": 1, "rectangle": {"x": 9.7, "y": 1.5001, "w": 0.6, "h": 2.2}}
    size = {"width": 639.6, "height": 480.4}
    analysis = ImageAnalysis.from_json({"faces": [face], "objects": [thing], "metadata": size})
    assert (analysis.width, analysis.height) == (640, 480)
    assert analysis.faces[0].box == Box(2, 2, 4, 5)
    assert analysis.objects[0].box == Box(10, 2, 1, 2)


def test_a_box_that_is_scaled_is_rounded_too():
    assert scaled(Box(1, 2, 3, 5), 1.5) == Box(2, 3, 4, 8)
    assert scaled(Box(3, 3, 3, 3), 0.6) == Box(2, 2, 2, 2)
    assert scaled(OcrResult(width=5, height=7), 1.1) == OcrResult(width=6, height=8)
    assert scaled(line_at("a", 1, 1, 9, 9), 1.5).polygon == (1.5, 1.5, 15, 1.5, 15, 15, 1.5, 15), "a polygon is not"


def test_the_recorded_analysis_is_complete():
    analysis = ImageAnalysis.from_json(recorded("analyze-remote-image"))
    assert str(analysis) == "a group of people on a city street at night"
    assert analysis.caption.confidence == pytest.approx(0.9122, abs=1e-4)
    assert [(c.name, c.score) for c in analysis.categories] == [
        ("outdoor_", 0.00390625),
        ("outdoor_street", 0.33984375),
    ]
    assert len(analysis.description_tags) == 26
    assert analysis.colors.accent


# --- ocr -----------------------------------------------------------------------------------------------------


def ocr_line(*words: str) -> dict:
    return {"boundingBox": "0,0,9,9", "words": [{"boundingBox": "1,2,3,4", "text": word} for word in words]}


OCR = {
    "language": "en",
    "textAngle": -0.0506,
    "orientation": "NotDetected",  # v2.1 and later
    "regions": [
        {"boundingBox": "0,0,9,9", "lines": [ocr_line("NO", "PARKING"), ocr_line("EVER")]},
        {"boundingBox": "20,0,9,9", "lines": [ocr_line("please")]},
    ],
}


def test_printed_text_is_read_region_by_region():
    result = OcrResult.from_json(OCR, source="a test", width=250, height=258)
    assert str(result) == "NO PARKING\nEVER\nplease"
    assert [word.text for word in result] == ["NO", "PARKING", "EVER", "please"]
    assert (len(result), len(result.lines), len(result.regions)) == (4, 3, 2)
    assert (result.language, result.orientation, result.text_angle) == ("en", "NotDetected", -0.0506)
    assert (result.width, result.height, result.source) == (250, 258, "a test")
    assert result.words[0].box == Box(1, 2, 3, 4)
    assert result.words[0].box.polygon == (1, 2, 4, 2, 4, 6, 1, 6)


def test_rows_of_printed_text_are_numbered_as_drawn():
    rows = OcrResult.from_json(OCR).to_rows()
    assert [list(row) for row in rows] == [ROW] * 4
    assert tuple(rows[3].values()) == (4, "word", "please", None, 1, 2, 3, 4)


def test_a_picture_without_text_is_an_answer_too():
    for result in (
        OcrResult.from_json({"regions": []}),
        ReadResult.from_json({"status": "Succeeded", "recognitionResult": {"lines": []}}),
        ImageSearchResults.from_json({"value": []}),
    ):
        assert result
        assert len(result) == 0
        assert str(result) == ""
        assert result.to_rows() == []


def test_the_recorded_printed_text_is_complete():
    words = [word.text for word in OcrResult.from_json(recorded("printed-text"))]
    assert " ".join(words) == "NOTHING EXISTS EXCEPT ATOMS AND EMPTY SPACE. Everything else is opinion."


# --- recognizeText and Read ----------------------------------------------------------------------------------

SQUARE = [0, 0, 9, 0, 9, 9, 0, 9]


def read_line(text: str, box: list[float] = SQUARE, **more: object) -> dict:
    return {"boundingBox": box, "text": text, "words": [{"boundingBox": box, "text": text, **more}]}


def v2(*lines: dict, status: str = "Succeeded") -> dict:
    return {"status": status, "recognitionResult": {"lines": list(lines)}}


def v3(*lines: dict, status: str = "succeeded", **page: object) -> dict:
    page = {"page": 1, "angle": 1.5, "width": 800, "height": 170, "unit": "pixel", "lines": list(lines), **page}
    return {"status": status, "analyzeResult": {"version": "3.2.0", "model-version": "latest", "readResults": [page]}}


def test_the_three_places_where_lines_are_kept():
    batch = {"status": "Succeeded", "recognitionResults": [
        {"page": 1, "clockwiseOrientation": 2.5, "width": 800, "height": 170, "lines": [read_line("hello")]}
    ]}  # fmt: skip
    recognize_text, read_core, read = (
        ReadResult.from_json(body) for body in (v2(read_line("hello")), batch, v3(read_line("hello")))
    )
    assert str(recognize_text) == str(read_core) == str(read) == "hello"
    assert (recognize_text.width, recognize_text.angle) == (None, None)
    assert (read_core.width, read_core.height, read_core.angle) == (800, 170, 2.5)
    assert (read.width, read.height, read.angle) == (800, 170, 1.5)


def test_the_caller_may_tell_the_size_that_v2_does_not():
    assert ReadResult.from_json(v2(read_line("a")), width=800).width == 800
    assert ReadResult.from_json(v3(read_line("a")), width=1).width == 800, "what the service says counts"


@pytest.mark.parametrize(("told", "read"), [("Low", "Low"), (0.25, 0.25), (1, 1.0), (None, None)])
def test_word_confidence_is_a_word_a_number_or_absent(told, read):
    assert ReadResult.from_json(v2(read_line("a", confidence=told))).words[0].confidence == read
    assert ReadResult.from_json(v2(read_line("a"))).words[0].confidence is None


@pytest.mark.parametrize("status", ["Succeeded", "succeeded", "SUCCEEDED"])
def test_status_in_either_case(status):
    assert ReadResult.from_json(v2(read_line("a"), status=status)).status == "succeeded"
    assert ReadResult.from_json(v3(read_line("a"), status=status)).status == "succeeded"


@pytest.mark.parametrize("status", ["Failed", "failed"])
def test_a_failed_operation_raises(status):
    with pytest.raises(OperationFailed, match=f"the status {status}"):
        ReadResult.from_json({"status": status})


@pytest.mark.parametrize("status", ["Paused", "canceled", "Cancelled", "partiallySucceeded", "odd"])
def test_so_does_one_that_ended_in_any_other_way(status):
    """Even where it has something to show for it."""
    with pytest.raises(OperationFailed, match=f"the status {status}"):
        ReadResult.from_json(v2(read_line("a"), status=status))


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": "InvalidImageSize", "message": "Input image is too large."}},
        {"status": "Failed", "error": {"code": "1", "innererror": {"message": "Input image is too large."}}},
        {"status": "Succeeded", "error": {"message": "Input image is too large."}},
        {"status": "Failed", "message": "Input image is too large."},
        {"code": "InvalidImageSize", "message": "Input image is too large."},
    ],
)
def test_why_an_operation_failed_is_told(body):
    """Some services answer 200, and say in the body that it was nothing."""
    with pytest.raises(OperationFailed, match=r"Input image is too large\..*Try again"):
        ReadResult.from_json(body)


@pytest.mark.parametrize("kind", [ImageAnalysis, OcrResult, ImageSearchResults])
@pytest.mark.parametrize(
    "body",
    [
        {"code": "InvalidImageSize", "message": "Input image is too large."},
        {"error": {"code": "InvalidImageSize", "message": "Input image is too large."}},
        {"error": {"innererror": {"message": "Input image is too large."}}},
        {"errors": [{"message": "Input image is too large."}]},
    ],
)
def test_an_error_in_an_answer_that_calls_itself_good_is_told(kind, body):
    with pytest.raises(UnexpectedAnswer, match=r"The service says: Input image is too large\."):
        kind.from_json(body)


@pytest.mark.parametrize("status", ["Running", "running", "NotStarted", "notStarted", "RUNNING"])
def test_an_unfinished_operation_is_no_result(status):
    with pytest.raises(UnexpectedAnswer, match=f"not finished.*{status}"):
        ReadResult.from_json({"status": status})


def test_handwriting_is_told_by_v32():
    def styled(name: str) -> ReadLine:
        line = read_line("a") | {"appearance": {"style": {"name": name, "confidence": 0.9}}}
        return ReadResult.from_json(v3(line)).lines[0]

    assert styled("handwriting").handwritten is True
    assert styled("other").handwritten is False
    assert ReadResult.from_json(v2(read_line("a"))).lines[0].handwritten is None


def test_the_recorded_handwriting_comes_in_reading_order():
    """The service found the line "dog" first, though it is the second one on the paper."""
    body = recorded("handwritten-text-3-succeeded")
    assert body["recognitionResult"]["lines"][0]["text"] == "dog"
    result = ReadResult.from_json(body)
    lines = [line.text for line in result]
    assert lines[:2] == ["The quick brown fox jumps over the lazy", "dog"]
    assert str(result) == "\n".join(lines)
    assert len(result) == len(body["recognitionResult"]["lines"])
    assert result.raw["recognitionResult"]["lines"][0]["text"] == "dog", "raw keeps the service's order"


def line_at(text: str, x: float, y: float, width: float = 100, height: float = 20, page: int = 1) -> ReadLine:
    return ReadLine(text, (x, y, x + width, y, x + width, y + height, x, y + height), page=page)


def test_lines_beside_one_another_go_from_left_to_right():
    lines = (
        line_at("right", 200, 8),
        line_at("second page", 0, 0, page=2),
        line_at("below", 0, 40),
        line_at("left", 0, 12),
    )
    assert [line.text for line in reading_order(lines)] == ["left", "right", "below", "second page"]


def test_a_line_below_one_of_a_row_is_not_in_that_row_though_it_stands_beside_another():
    """The lines of the right column stand half a line lower, so each lies beside two of the left."""
    lines = (
        line_at("left 1", 0, 0, height=40),
        line_at("right", 200, 15, height=40),
        line_at("left 2", 0, 30, height=40),
    )
    assert [line.text for line in reading_order(lines)] == ["left 1", "right", "left 2"]


def test_lines_that_share_a_third_of_their_height_are_two_rows():
    lines = (line_at("left", 0, 20, height=30), line_at("right", 200, 0, height=30))
    assert [line.text for line in reading_order(lines)] == ["right", "left"]


def test_a_small_line_beside_a_tall_one_is_in_its_row():
    lines = (line_at("tall", 200, 0, height=60), line_at("small", 0, 40, height=10))
    assert [line.text for line in reading_order(lines)] == ["small", "tall"]


def test_lines_of_two_pages_never_stand_beside_one_another():
    lines = (line_at("page 2", 0, 0, page=2), line_at("page 1", 200, 0, page=1))
    assert [line.text for line in reading_order(lines)] == ["page 1", "page 2"]


def test_v3_is_already_in_reading_order():
    """The newer service orders columns by itself; sorting again would mix them."""
    left = [read_line("left 1", [0, 0, 9, 0, 9, 9, 0, 9]), read_line("left 2", [0, 20, 9, 20, 9, 29, 0, 29])]
    right = [read_line("right 1", [50, 0, 59, 0, 59, 9, 50, 9])]
    assert [line.text for line in ReadResult.from_json(v3(*left, *right))] == ["left 1", "left 2", "right 1"]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(1, 99), st.integers(1, 99))))
def test_reading_order_loses_and_invents_no_line(places):
    lines = tuple(line_at(str(n), *place) for n, place in enumerate(places))
    assert sorted(line.text for line in reading_order(lines)) == sorted(line.text for line in lines)


def test_rows_of_handwriting_hold_the_corners():
    leaning = [1, 0, 9, 2, 8, 6, 0, 4]
    [row] = ReadResult.from_json(v3(read_line("hello", leaning), page=3)).to_rows()
    assert list(row) == [*ROW, "page", "corners"]
    assert tuple(row.values()) == (1, "line", "hello", None, 0, 0, 9, 6, 3, "1,0 9,2 8,6 0,4")


def test_the_pages_of_a_pdf_are_in_inches():
    assert ReadResult.from_json(v3(read_line("a"), unit="inch", width=8.5, height=11)).unit == "inch"
    assert ReadResult.from_json(v3(read_line("a"))).unit == "pixel"
    assert ReadResult.from_json(v2(read_line("a"))).unit == "pixel", "v2 does not say it"
    result = ReadResult.from_json(v3(read_line("a", [0.25, 0.5] * 4), unit="inch", width=8.5, height=11))
    assert (result.width, result.height, result[0].polygon[:2]) == (8.5, 11, (0.25, 0.5)), "nothing is rounded"


def test_lines_know_their_page():
    pages = [
        {"page": n, "width": 9 * n, "height": 8 * n, "unit": "pixel", "lines": [read_line(f"page {n}")]} for n in (1, 2)
    ]
    result = ReadResult.from_json({"status": "succeeded", "analyzeResult": {"readResults": pages}})
    assert [(line.text, line.page) for line in result] == [("page 1", 1), ("page 2", 2)]
    assert (result.width, result.height) == (9, 8), "of the first page"


def test_each_result_that_is_a_list_has_an_index():
    printed, written = OcrResult.from_json(OCR), ReadResult.from_json(v2(read_line("hello")))
    found = ImageSearchResults.from_json({"value": [HIT]})
    assert (printed[0].text, printed[-1].text) == ("NO", "please")
    assert (written[0].text, found[0].name) == ("hello", "A puppy")
    for result in (printed, written, found):
        assert list(result) == [result[n] for n in range(len(result))]
        with pytest.raises(IndexError):
            result[len(result)]


# --- image search --------------------------------------------------------------------------------------------

HIT = {
    "name": "A puppy",
    "thumbnailUrl": "https://example.org/thumb.jpg",
    "contentUrl": "https://example.org/full.jpg",
    "hostPageUrl": "https://photos.example.org/puppy",
    "contentSize": "108428 B",
    "encodingFormat": "jpeg",
    "datePublished": "2017-11-03T08:51:00.0000000Z",
    "width": 1920,
    "height": 1200,
    "thumbnail": {"width": 474, "height": 296},
    "imageId": "ABC",
    "accentColor": "996732",
}


def test_every_part_of_a_search_is_read():
    body = {
        "value": [HIT],
        "totalEstimatedMatches": 842,
        "nextOffset": 47,
        "queryContext": {"originalQuery": "puppies"},
    }
    found = ImageSearchResults.from_json(body, source="a test")
    assert (len(found), found.total, found.next_offset, found.query) == (1, 842, 47, "puppies")
    assert (found[0].width, found[0].height, found[0].content_size) == (1920, 1200, 108428)
    assert (found[0].thumbnail_width, found[0].thumbnail_height) == (474, 296)
    assert [image.name for image in found] == ["A puppy"] == [str(found)]
    assert found[0].credit == "photos.example.org"
    assert ImageSearchResults.from_json(body, query="what was asked").query == "what was asked"
    assert pickle.loads(pickle.dumps(found.from_session(requests.Session()))).session is None
    [row] = found.to_rows()
    assert list(row) == [*ROW, "format", "credit"]
    assert tuple(row.values()) == (1, "picture", "A puppy", None, None, None, 1920, 1200, "jpeg", "photos.example.org")


def test_a_search_hit_of_nulls():
    """Other services that answer in this form know less of a picture, and say null."""
    hit = ImageSearchResults.from_json({"value": [dict.fromkeys(HIT)], "totalEstimatedMatches": None})[0]
    assert (hit.name, hit.thumbnail_url, hit.width, hit.content_size, hit.credit) == ("", "", None, None, "")


def test_credit_is_the_attribution_where_there_is_one():
    made = {"creator": "Ada", "creativeCommons": "CC BY 4.0"}
    assert ImageSearchResults.from_json({"value": [HIT | made]})[0].credit == "Ada, CC BY 4.0"
    made["attribution"] = "“A puppy” by Ada, CC BY 4.0"
    assert ImageSearchResults.from_json({"value": [HIT | made]})[0].credit == made["attribution"]


def test_the_recorded_search_is_complete():
    found = ImageSearchResults.from_json(recorded("image-search"))
    assert (len(found), found.total, found.next_offset) == (1, 842, 47)
    assert (found[0].accent_color, found[0].content_size) == ("0050B2", 897388)


# --- what holds for all --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (ImageAnalysis, ANALYSIS),
        (OcrResult, OCR),
        (ReadResult, v2(read_line("a"))),
        (ImageSearchResults, {"value": [HIT]}),
    ],
)
def test_results_are_frozen_and_keep_what_they_do_not_know(kind, body):
    result = kind.from_json(body | {"invented": [1, 2]})
    assert result.raw["invented"] == [1, 2]
    assert "invented" not in repr(result)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.source = "elsewhere"
    assert result == kind.from_json(body), "what is compared is what was read"
    assert hash(result) == hash(kind.from_json(body))


@pytest.mark.parametrize(
    ("kind", "body", "named"),
    [
        (ImageAnalysis, {"regions": []}, "categories"),
        (ImageAnalysis, {"tags": [{"name": "sky"}]}, "confidence"),
        (ImageAnalysis, {"tags": [{"name": None, "confidence": 1}]}, "name of a tag should be text, not None"),
        (ImageAnalysis, {"objects": [{"object": "cat", "confidence": 1}]}, "has no x"),
        (
            ImageAnalysis,
            {"tags": [], "metadata": {"width": "wide"}},
            "width of metadata should be a number, not 'wide'",
        ),
        (ImageAnalysis, {"tags": [], "metadata": {"width": float("inf")}}, "a number, not inf"),
        (ImageAnalysis, {"tags": [], "metadata": {"width": 10**400}}, "a number, not 1000"),
        (ImageAnalysis, {"tags": [], "metadata": {"width": 1.1e15}}, "a number, not 1100"),
        # answers of other operations and versions
        (ImageAnalysis, {"metadata": {"width": 9, "height": 9}, "requestId": "1"}, "It has: metadata, requestId"),
        (ImageAnalysis, {"areaOfInterest": {"x": 0, "y": 0, "w": 9, "h": 9}, "metadata": {}}, "areaOfInterest"),
        (ImageAnalysis, {"result": {"celebrities": []}, "metadata": {}}, "It has: metadata, result"),
        (ImageAnalysis, {"modelVersion": "2023", "captionResult": {}, "metadata": {}}, "captionResult"),
        (ImageAnalysis, {"color": {"dominantColors": "Black"}}, "dominantColors of color should be a list"),
        (ImageAnalysis, [], "a JSON object, got a list"),
        (OcrResult, {"language": "en"}, "has no regions"),
        (OcrResult, {"regions": [{"boundingBox": "1,2,3"}]}, "'1,2,3'"),
        (OcrResult, {"regions": [{"boundingBox": [1, 2, 3, 4]}]}, "boundingBox"),
        (OcrResult, {"regions": [{"boundingBox": "-1100000000000000,2,3,4"}]}, "four whole numbers"),
        (ReadResult, {"status": "Succeeded"}, "recognitionResult"),
        # of Document Intelligence, which took the place of read
        (ReadResult, {"status": "succeeded", "analyzeResult": {"content": "a", "pages": []}}, "has no readResults"),
        (ReadResult, v2({"text": "a", "boundingBox": [1, 2]}), "eight numbers"),
        (ReadResult, v2({"text": "a", "boundingBox": [float("nan")] * 8}), "a number, not nan"),
        (ReadResult, v3(read_line("a") | {"appearance": "neat"}), "appearance"),
        (ImageSearchResults, {"_type": "ErrorResponse"}, "value"),
        (ImageSearchResults, {"value": [{"name": "no picture"}]}, "thumbnailUrl"),
        (ImageSearchResults, {"value": [], "queryContext": ["puppies"]}, "queryContext"),
        (ImageSearchResults, None, "got None"),
    ],
)
def test_json_that_is_no_such_answer_is_named(kind, body, named):
    with pytest.raises(UnexpectedAnswer, match=named) as caught:
        kind.from_json(body)
    assert len(str(caught.value)) < 300
    assert caught.value.args == (str(caught.value),), "a message, and no error inside of it"


def nested(depth: int) -> object:
    data: object = {}
    for _ in range(depth):
        data = {"parent": data, "object": "a"}
    return data


def keys_of(data: object) -> set[str]:
    if isinstance(data, list):
        return set().union(*map(keys_of, data))
    return set(data).union(*map(keys_of, data.values())) if isinstance(data, dict) else set()


KEYS = sorted(set().union(*map(keys_of, (ANALYSIS, OCR, v2(read_line("a")), v3(read_line("a")), {"value": [HIT]}))))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([10**400, "1,2,3,4"])
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.sampled_from(KEYS), inner), max_leaves=30
)


def paths_of(data: object, path: tuple = ()) -> list[tuple]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path] + [deeper for key, value in inside for deeper in paths_of(value, (*path, key))]


def replaced(data: object, path: tuple, value: object) -> object:
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = replaced(data[path[0]], path[1:], value)
    return copy


def only_our_errors(kind: type, body: object) -> None:
    with contextlib.suppress(UnexpectedAnswer, OperationFailed):
        result = kind.from_json(body)
        assert isinstance(str(result) + repr(result), str)
        assert isinstance(result.to_rows(), list)


@pytest.mark.parametrize("kind", RESULTS)
@given(body=JSON)
@settings(max_examples=60, deadline=None)
def test_arbitrary_json_raises_nothing_else(kind, body):
    only_our_errors(kind, body)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (ImageAnalysis, ANALYSIS),
        (OcrResult, OCR),
        (ReadResult, v2(read_line("a"))),
        (ReadResult, v3(read_line("a") | {"appearance": {"style": {"name": "other"}}})),
        (ImageSearchResults, {"value": [HIT], "queryContext": {"originalQuery": "puppies"}, "nextOffset": 1}),
    ],
    ids=["analysis", "ocr", "v2", "v3", "search"],
)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_right_answer_with_one_wrong_part_raises_nothing_else(kind, body, data):
    """Random JSON rarely gets far; an answer that is right but for one value gets everywhere."""
    path = data.draw(st.sampled_from(paths_of(body)))
    only_our_errors(kind, replaced(body, path, data.draw(JSON)))


@pytest.mark.parametrize("kind", RESULTS)
def test_very_deep_json_raises_nothing_else(kind):
    for key in KEYS:
        only_our_errors(kind, {"metadata": {}, "regions": [], "value": [], "recognitionResult": {}, key: nested(900)})
        only_our_errors(kind, {"value": [{"thumbnailUrl": "a", key: nested(900)}], "objects": [{key: nested(900)}]})
