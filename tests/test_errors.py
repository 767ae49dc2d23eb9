"""What the errors promise: one parser reads every error body, and each status says what to do next."""

from __future__ import annotations

import email.utils
import json
import pickle
import time
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvhelpers import errors
from cvhelpers.errors import (
    BadRequest,
    ErrorBody,
    Forbidden,
    RateLimited,
    Retired,
    ServerProblem,
    ServiceError,
    WrongKey,
    WrongMediaType,
    parse_error_body,
    seconds_to_wait,
)


def refused(status: int, body: object = None, **headers: str) -> ServiceError:
    content = b"" if body is None else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return ServiceError.from_response(SimpleNamespace(status_code=status, content=content, headers=names))


# --- one parser for all bodies -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            {"code": "InvalidImageUrl", "message": "Not accessible.", "requestId": "r-1"},
            ErrorBody("InvalidImageUrl", "Not accessible.", "r-1"),
            id="service, v1.0 to v3.1, and read of v3.2",
        ),
        pytest.param(
            {
                "error": {
                    "code": "InvalidArgument",
                    "message": "Outer.",
                    "innererror": {"code": "InvalidImageUrl", "message": "Not accessible."},
                }
            },
            ErrorBody("InvalidImageUrl", "Not accessible."),
            id="service, v3.2",
        ),
        pytest.param(
            {"error": {"code": "A", "message": "1", "innererror": {"code": "B", "innererror": {"code": "C"}}}},
            ErrorBody("C", "1"),
            id="service, v3.2, two levels deep",
        ),
        pytest.param(
            {"error": {"code": "A", "message": "1", "innererror": {"code": "B", "requestId": "r-1"}}},
            ErrorBody("B", "1", "r-1"),
            id="service, the request's id inside",
        ),
        pytest.param(
            {"error": {"code": "InvalidRequest", "message": "Outer.", "innererror": {}}},
            ErrorBody("InvalidRequest", "Outer."),
            id="service, an innererror without anything in it",
        ),
        pytest.param(
            {"error": {"code": "InvalidRequest", "message": "Bad.", "innererror": None}},
            ErrorBody("InvalidRequest", "Bad."),
            id="service, v4.0",
        ),
        pytest.param(
            {"statusCode": 401, "message": "Access denied."}, ErrorBody("401", "Access denied."), id="gateway, old"
        ),
        pytest.param(
            {"error": {"statusCode": 429, "message": "Rate limit."}},
            ErrorBody("429", "Rate limit."),
            id="gateway, old, 429",
        ),
        pytest.param(
            {"error": {"code": "401", "message": "Access denied."}},
            ErrorBody("401", "Access denied."),
            id="gateway, new",
        ),
        pytest.param(
            {
                "_type": "ErrorResponse",
                "errors": [
                    {
                        "code": "InvalidRequest",
                        "subCode": "ParameterMissing",
                        "message": "Required parameter is missing.",
                        "parameter": "q",
                    },
                    {"code": "Another"},
                ],
            },
            ErrorBody("InvalidRequest/ParameterMissing", "Required parameter is missing. (parameter q)"),
            id="Bing, missing parameter",
        ),
        pytest.param(
            {"errors": [{"code": "InvalidRequest", "message": "Invalid.", "parameter": "count", "value": "many"}]},
            ErrorBody("InvalidRequest", "Invalid. (parameter count = 'many')"),
            id="Bing, wrong value",
        ),
        pytest.param({"errors": []}, ErrorBody(), id="Bing, no errors in it"),
        pytest.param({"errors": [7]}, ErrorBody(), id="Bing, an error that is none"),
        pytest.param({"errors": "odd"}, ErrorBody(), id="errors that are no list"),
        pytest.param({"error": "odd"}, ErrorBody(message="odd"), id="an error that is a sentence"),
        pytest.param({"error": None, "message": "plain"}, ErrorBody(message="plain"), id="an error that is null"),
        pytest.param({"code": ["a"], "message": {"b": 1}}, ErrorBody(), id="words that are no words"),
        pytest.param({}, ErrorBody(), id="an empty object"),
        pytest.param([1, 2], ErrorBody(message="[1, 2]"), id="a list"),
        pytest.param(7, ErrorBody(message="7"), id="a number"),
    ],
)
def test_every_shape_of_a_body_is_read(body, expected):
    assert parse_error_body(json.dumps(body)) == expected
    assert parse_error_body(json.dumps(body).encode()) == expected


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the answer was empty"),
        (b" \n", "the answer was empty"),
        (b"<html><title>502\n Bad &amp; Gateway</title>", "a web page: 502 Bad & Gateway"),
        (b"upstream connect error", "upstream connect error"),
        (b"\xff\xfe broken", "\ufffd\ufffd broken"),
        (b"x" * 1000, "x" * 200),
    ],
)
def test_bodies_that_are_not_json(body, message):
    assert parse_error_body(body) == ErrorBody(message=message)


KEYS = ["error", "errors", "code", "message", "innererror", "statusCode", "requestId", "subCode", "parameter", "value"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=15,
)


@given(st.binary() | st.text() | JSON.map(json.dumps))
@settings(deadline=None)
def test_no_body_raises(body):
    read = parse_error_body(body)
    assert isinstance(read.code + read.message + read.request_id, str)
    assert read.retry_after is None or read.retry_after >= 0


@pytest.mark.parametrize("body", ["[" * 100_000, '{"error":' * 50_000, '{"code":' + "9" * 5000 + "}"])
def test_bodies_that_python_itself_refuses(body):
    assert parse_error_body(body).message


# --- classes, by status --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest), (401, WrongKey), (403, Forbidden), (404, Retired), (410, Retired), (415, WrongMediaType),
        (429, RateLimited), (500, ServerProblem), (503, ServerProblem), (599, ServerProblem), (418, ServiceError),
    ],
)  # fmt: skip
def test_the_status_decides_the_class(status, kind):
    error = refused(status, {"code": "Some", "message": "Words.", "requestId": "r-1"})
    assert type(error) is kind
    assert (error.status, error.code, error.message, error.request_id) == (status, "Some", "Words.", "r-1")
    assert str(error) == f"{status} Some: Words. (request r-1)\nWhat to do: {error.hint}"


def test_headers_tell_what_the_body_does_not():
    error = refused(400, None, x_ms_error_code="InvalidRequest", apim_request_id="r-2")
    assert (error.code, error.request_id) == ("InvalidRequest", "r-2")
    assert refused(500, None, BingAPIs_TraceId="r-3").request_id == "r-3"


def test_the_tree_is_the_one_that_is_drawn():
    drawn = errors.__doc__.split("\n\n")[1:3]
    kinds = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert len(kinds) == 18
    for name in kinds - {"CvhelpersError"}:
        assert f" {name} " in " ".join(drawn).replace("\n", " "), name
    for name in kinds:
        assert issubclass(getattr(errors, name), errors.CvhelpersError)
    assert issubclass(errors.PictureError, ValueError)
    assert issubclass(errors.OptionError, ValueError)
    assert issubclass(errors.RecordingNotFound, LookupError)
    assert issubclass(errors.UnexpectedAnswer, ValueError)
    assert issubclass(errors.OperationTimeout, TimeoutError)


# --- hints: what to do next ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "parameters"),
        (401, "key of this service and this region"),
        (403, "quota"),
        (404, "v3.2"),
        (410, "retired"),
        (415, "application/octet-stream"),
        (429, "20 calls a minute"),
        (500, "in the service, not in your program"),
        (418, "documentation"),
    ],
)
def test_every_status_has_its_own_hint(status, words):
    hint = refused(status).hint
    assert words in hint
    assert hint.endswith(".")
    assert str(refused(status)).endswith(hint)


@pytest.mark.parametrize(
    ("status", "code", "said", "never"),
    [
        (403, "InsufficientAuthorization", "CVHELPERS_SEARCH", "key"),
        (429, "RateLimitExceeded", "call again", "free tier"),
        (503, "ServerError", "Try again in a minute", "picture"),
    ],
)
def test_an_image_search_gets_no_advice_that_is_about_azure(status, code, said, never):
    wait = {"Retry_After": "26"} if status == 429 else {}
    hint = refused(status, {"_type": "ErrorResponse", "errors": [{"code": code}]}, **wait).hint
    assert said in hint
    assert never not in hint


def test_the_hints_differ():
    statuses = (400, 401, 403, 404, 410, 415, 429, 500)
    assert len({refused(status).hint for status in statuses}) == len(statuses)


CODES = """InvalidImageUrl InvalidImageFormat InvalidImageSize InvalidImageDimension NotSupportedVisualFeature
    NotSupportedImage NotSupportedLanguage InvalidDetails BadArgument InvalidThumbnailSize""".split()


def test_a_bad_request_is_explained_by_its_code():
    general = refused(400).hint
    hints = {code: refused(400, {"code": code}).hint for code in CODES}
    assert general not in hints.values()
    assert len(set(hints.values())) == len(CODES)
    assert "give its path" in hints["InvalidImageUrl"]
    assert "4 MB" in hints["InvalidImageSize"]
    inner = {"error": {"code": "InvalidArgument", "innererror": {"code": "InvalidImageUrl"}}}
    assert refused(400, inner).hint == hints["InvalidImageUrl"]
    assert refused(400, {"code": "NeverSeen"}).hint == general


def test_an_error_comes_whole_out_of_another_process():
    error = refused(429, {"code": "TooMany", "message": "Slowly."}, Retry_After="26")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), vars(copy), str(copy)) == (type(error), vars(error), str(error))


def test_429_says_how_many_seconds():
    assert "Wait 26 seconds" in refused(429, None, Retry_After="26").hint
    assert "Wait 24.0 hours" in refused(429, {"message": "Please retry after 86400 seconds."}).hint


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ("Rate limit is exceeded. Try again in 26 seconds.", 26),
        ("Requests have exceeded rate limit. Please retry after 55 seconds. To increase it switch to a paid tier.", 55),
        ("Out of call volume quota. Quota will be replenished in 03:14:17.", 3 * 3600 + 14 * 60 + 17),
        ("Out of call volume quota. Quota will be replenished in 22.14:18:12.", 22 * 86400 + 14 * 3600 + 18 * 60 + 12),
        ("Out of call volume quota. Quota will be replenished in 2.12 days.", 2.12 * 86400),
        ("Out of call volume quota for ComputerVision F0 pricing tier. Please retry after 21 days.", 21 * 86400),
        ("Something else in 5 minutes.", None),
        (f"Try again in {'9' * 6000} seconds", None),
        (f"Quota will be replenished in {'9' * 6000}:00:00.", None),
    ],
)
def test_the_wait_is_found_in_the_message(message, seconds):
    """The older gateways told it nowhere else."""
    assert refused(429, {"statusCode": 429, "message": message}).retry_after == seconds


def test_the_header_counts_more_than_the_message():
    assert refused(429, {"message": "Try again in 26 seconds."}, Retry_After="7").retry_after == 7
    assert refused(429, {"message": "Try again in 26 seconds."}, Retry_After="0").retry_after == 0
    assert refused(429, {"message": "Try again in 26 seconds."}, Retry_After="soon").retry_after == 26


def test_a_used_up_quota_says_when_it_is_filled_again():
    assert "3.2 hours" in refused(403, {"message": "Quota will be replenished in 03:14:17."}).hint
    assert "22.6 days" in refused(403, {"message": "Quota will be replenished in 22.14:18:12."}).hint


def test_a_byte_order_mark_before_the_body_is_no_part_of_it():
    body = b"\xef\xbb\xbf" + json.dumps({"code": "InvalidImageUrl", "message": "Not accessible."}).encode()
    assert parse_error_body(body) == ErrorBody("InvalidImageUrl", "Not accessible.")


def test_retry_after_is_a_number_or_a_date():
    assert seconds_to_wait(" 12 ") == 12
    in_a_minute = email.utils.formatdate(time.time() + 60, usegmt=True)
    assert seconds_to_wait(in_a_minute) == pytest.approx(60, abs=2)
    assert seconds_to_wait("Wed, 21 Oct 2015 07:28:00 GMT") == 0, "a time that has gone by is no wait"


@given(st.text() | st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ .*"))
def test_no_retry_after_raises(header):
    wait = seconds_to_wait(header)
    assert wait is None or wait >= 0


@pytest.mark.parametrize("header", ["", "soon", "-5", "1.5", "²", "9" * 400, "Wed, 21 Oct 2015 07:28:00 -0000"])
def test_a_retry_after_that_says_nothing(header):
    assert seconds_to_wait(header) is None
