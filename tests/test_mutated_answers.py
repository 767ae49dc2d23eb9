"""Whatever comes in place of an answer: a result or `UnexpectedAnswer`, and an error that can be read. Nothing else.

Answers that are right but for a few places get further than random JSON does. An ordinary run tries some hundred of
them; the nightly one, 10,000 in each test: see `profiles`.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from cvhelpers.clients.base import read_json
from cvhelpers.errors import OperationFailed, ServiceError, UnexpectedAnswer, parse_error_body
from cvhelpers.results import (
    DomainAnalysis,
    DomainModel,
    ImageAnalysis,
    ImageSearchResults,
    OcrResult,
    ReadResult,
    scaled,
)
from cvhelpers.results.analysis_v4 import as_printed, read_analysis
from cvhelpers.results.fields import json_object, read_all
from cvhelpers.sources.open_search.answer import Page, Refusal, page_body
from cvhelpers.sources.open_search.query import Query
from cvhelpers.sources.open_search.search import make_service
from cvhelpers.sources.recorded import RECORDINGS
from open_search.playing import commons_picture, openverse_picture
from test_vision_v4 import EVERYTHING

Read = Callable[[Any], Any]


def open_service(name: str) -> Read:
    """What becomes of an open service's answer: Bing's shape, which is then read like any other."""
    service = make_service(name, send=None)  # type: ignore[arg-type]

    def read(body: Any) -> ImageSearchResults:
        found, total, _ = service.read(json_object(body, "an answer"))
        kept = [one for one in found if service.takes(Query("a", words={"size": "Small", "aspect": "Wide"}), one)]
        page = Page([*found, *kept], total or 0)
        return ImageSearchResults.from_json(json.loads(json.dumps(page_body(page, Query("a"), ""))))

    return read


def recorded(name: str) -> Any:
    return json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))["response"]["body"]["json"]


FACE = {"left": 1, "top": 2, "width": 3, "height": 4}
BOX = {"x": 1, "y": 2, "w": 3, "h": 4}
ANALYSIS = recorded("analyze-remote-image") | {
    "faces": [{"age": 30, "gender": "Female", "faceRectangle": FACE}],
    "objects": [{"object": "cat", "confidence": 0.5, "rectangle": BOX, "parent": {"object": "animal"}}],
    "brands": [{"name": "none", "confidence": 0.5, "rectangle": BOX}],
    "adult": {"adultScore": 0.1, "racyScore": 0.2, "isAdultContent": False, "isRacyContent": False, "goreScore": 0.1},
    "imageType": {"clipArtType": 0, "lineDrawingType": 1},
    "categories": [
        {"name": "people_", "score": 0.9, "detail": {"celebrities": [{"name": "A", "faceRectangle": FACE}]}},
    ],
}
MODELS = {"models": [{"name": "celebrities", "categories": ["people_"]}]}
LINE = {"text": "a b", "boundingBox": [1, 2, 9, 2, 9, 8, 1, 8], "words": [{"text": "a", "boundingBox": [1] * 8}]}
PAGE = {"page": 1, "angle": 0.5, "width": 9, "height": 9, "unit": "pixel", "lines": [LINE]}
READ = {"status": "succeeded", "analyzeResult": {"version": "3.2", "readResults": [PAGE]}}
FAMOUS = {"result": {"landmarks": [{"name": "A", "confidence": 0.9}], "celebrities": []}, "metadata": BOX}
COMMONS = {
    "continue": {"gsroffset": 20},
    "query": {"pages": [commons_picture(n, 330, "https://example.org") for n in range(5)]},
}
OPENVERSE = {"result_count": 5, "page_count": 1, "page": 1, "results": [openverse_picture(n) for n in range(5)]}

ANSWERS: list[tuple[str, Read, Any]] = [
    ("analysis", ImageAnalysis.from_json, ANALYSIS),
    ("analysis of 4.0", read_analysis, EVERYTHING),
    ("printed text", OcrResult.from_json, recorded("printed-text")),
    ("printed text of 4.0", lambda body: as_printed(read_analysis(body).read or ReadResult()), EVERYTHING),
    ("text of v2", ReadResult.from_json, recorded("handwritten-text-3-succeeded")),
    ("text of v3", ReadResult.from_json, READ),
    ("a domain model", partial(DomainAnalysis.from_json, model="landmarks"), FAMOUS),
    ("models", lambda body: read_all(json_object(body, "x"), "models", DomainModel.from_json), MODELS),
    ("search", ImageSearchResults.from_json, recorded("image-search")),
    ("openverse", open_service("openverse"), OPENVERSE),
    ("commons", open_service("commons"), COMMONS),
]  # fmt: skip
ERRORS = [
    {"error": {"code": "InvalidRequest", "message": "No.", "innererror": {"code": "InvalidImageUrl", "message": "No"}}},
    {"code": "InvalidImageUrl", "requestId": "1", "message": "No."},
    {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 26 seconds."},
    {"statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 1.03:14:17."},
    {"_type": "ErrorResponse", "errors": [{"code": "InvalidRequest", "subCode": "X", "parameter": "q", "value": "a"}]},
]

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([10**400, -(10**400), 1e308, "1,2,3,4", "9" * 5000, "", [], {}, "NaN", "\ud800", "succeeded"])
)
WORDS = sorted({word for _, _, body in ANSWERS for word in json.dumps(body).split('"') if word.isidentifier()})
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=12,
)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Each place in JSON: the list or object, and the index or key."""
    inside = list(data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ())
    return [(data, key) for key, _ in inside] + [deeper for _, value in inside for deeper in places(value)]


def mutated(body: Any, data: st.DataObject) -> Any:
    """The same with one to four places changed, left out, doubled, or given the value of another place."""
    body = copy.deepcopy(body)
    for _ in range(data.draw(st.integers(1, 4))):
        known = places(body)
        if not known:
            break
        where, key = data.draw(st.sampled_from(known))
        how = data.draw(st.sampled_from(["change", "leave out", "double", "swap", "wrap"]))
        if how == "change":
            where[key] = data.draw(JSON)
        elif how == "leave out":
            del where[key]
        elif how == "wrap":
            where[key] = [where[key]] if data.draw(st.booleans()) else {"value": where[key]}
        elif how == "double" and isinstance(where, list):
            where.append(copy.deepcopy(where[key]))
        else:
            other, its = data.draw(st.sampled_from(known))
            if its in other if isinstance(other, dict) else its < len(other):
                where[key] = copy.deepcopy(other[its])
    return body


def spoilt(content: bytes, data: st.DataObject) -> bytes:
    """The same bytes with a piece cut out, doubled, or put in the place of another."""
    for _ in range(data.draw(st.integers(1, 3))):
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        piece = data.draw(st.binary(max_size=6) | st.sampled_from([b'"', b"[", b"}", b",", b"\\u0000", b"1e999", b"-"]))
        content = data.draw(
            st.sampled_from(
                [content[:end], content[:start] + content[end:], content[:start] + piece + content[start:],
                 content[:start] + piece + content[start + len(piece) :], content[:end] + content[start:]]
            )
        )  # fmt: skip
    return content


def looked_at(read: Read, body: Any) -> None:
    """Read it, and do with the result what a person does. Only our own error may come."""
    try:
        result = read(body)
    except (UnexpectedAnswer, OperationFailed, Refusal):
        return
    assert isinstance(f"{result}{result!r}", str)
    assert result == read(body) or has_nan(body)
    if hasattr(result, "to_rows"):
        for one in (result, scaled(result, 1.7)):
            assert all(isinstance(row, dict) for row in one.to_rows())
            assert len({tuple(row) for row in one.to_rows()}) <= 1, "each row has the same names"
        for row in result.to_rows():
            assert all(math.isfinite(value) for value in row.values() if isinstance(value, float))


def has_nan(body: Any) -> bool:
    return "NaN" in json.dumps(body)


@given(st.data())
def test_a_mutated_answer_is_a_result_or_unexpected(data: st.DataObject) -> None:
    _, read, body = data.draw(st.sampled_from(ANSWERS))
    looked_at(read, mutated(body, data))


@given(st.data())
def test_a_mutated_answer_is_also_that_for_another_operation(data: st.DataObject) -> None:
    _, _, body = data.draw(st.sampled_from(ANSWERS))
    _, read, _ = data.draw(st.sampled_from(ANSWERS))
    looked_at(read, mutated(body, data))


def response(content: bytes, status: int = 200, **headers: str) -> requests.Response:
    answer = requests.Response()
    answer.status_code, answer._content, answer.url = status, content, "https://example.org/"
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return answer


@given(st.data())
def test_spoilt_bytes_are_a_result_or_unexpected(data: st.DataObject) -> None:
    _, read, body = data.draw(st.sampled_from(ANSWERS))
    content = spoilt(json.dumps(body, ensure_ascii=False).encode(), data)
    try:
        body = read_json(response(content))
    except UnexpectedAnswer:
        return
    looked_at(read, body)


@given(st.data())
def test_a_mutated_error_can_be_read(data: st.DataObject) -> None:
    body = mutated(data.draw(st.sampled_from(ERRORS)), data)
    content = json.dumps(body).encode()
    content = spoilt(content, data) if data.draw(st.booleans()) else content
    status = data.draw(st.sampled_from([400, 401, 403, 404, 410, 415, 418, 429, 500, 503, 599]))
    told = {"Retry_After": data.draw(st.text(max_size=30) | st.integers().map(str)), "apim_request_id": "1"}
    error = ServiceError.from_response(response(content, status, **told))
    read = parse_error_body(content)
    assert all(isinstance(part, str) for part in (read.code, read.message, read.request_id, str(error), error.hint))
    assert "What to do: " in str(error)
    assert error.retry_after is None or 0 <= error.retry_after < math.inf


def test_all_of_them_are_right_before_they_are_mutated() -> None:
    """A test of the tests: else they would prove nothing."""
    for _, read, body in ANSWERS:
        result = read(body)
        assert len(result.to_rows() if hasattr(result, "to_rows") else result) > 0


def test_a_reader_that_trips_is_noticed() -> None:
    with pytest.raises(KeyError):
        looked_at(lambda body: body["regions"], {})
