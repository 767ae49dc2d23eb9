"""What the service refuses: status, code and body, worded as each version worded them."""

from __future__ import annotations

import io
from typing import Any

import jsonschema
import PIL.Image
import pytest
import requests

from . import schemas
from .conftest import Pictures, Service
from .fakes import FakeEngine, file_of, header_of

OCTETS = {"Content-Type": "application/octet-stream"}
READING = {
    "v1.0": "/vision/v1.0/recognizeText",
    "v2.0": "/vision/v2.0/recognizeText?mode=Printed",
    "v2.1": "/vision/v2.1/read/core/asyncBatchAnalyze",
    "v3.0": "/vision/v3.0/read/analyze",
    "v3.1": "/vision/v3.1/read/analyze",
    "v3.2": "/vision/v3.2/read/analyze",
}
OLD = ("v1.0", "v2.0", "v2.1")
"""The versions word their errors in three ways; `version` is one of each."""


@pytest.fixture(params=["v2.0", "v3.1", "v3.2"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def refusal(answer: requests.Response, version: str) -> tuple[int, str]:
    """Status and innermost code, after the body was found to be worded as that version words it."""
    body: dict[str, Any] = answer.json()
    if version == "v3.2" and "/read/" not in str(answer.url):
        jsonschema.validate(body, schemas.NESTED)
        return answer.status_code, body["error"]["innererror"]["code"]
    jsonschema.validate(body, schemas.FLAT)
    assert body["requestId"] == answer.headers["apim-request-id"]
    return answer.status_code, body["code"]


# --- the gateway


def test_a_call_without_a_key(service: Service, version: str) -> None:
    answer = service.post(f"/vision/{version}/tag", file_of(), key=None)
    assert answer.status_code == 401
    jsonschema.validate(answer.json(), schemas.OLD_GATEWAY if version in OLD else schemas.NEW_GATEWAY)
    assert "Access denied due to missing subscription key." in answer.text
    realm = f'AzureApiManagementKey realm="{service.base}/vision/{version}/tag"'
    assert answer.headers["WWW-Authenticate"].startswith(realm)


def test_a_call_with_a_wrong_key(service: Service, version: str) -> None:
    for path in (f"/vision/{version}/tag", READING[version]):
        answer = service.post(path, file_of(), key="wrong")
        if version in OLD:
            assert (answer.status_code, answer.json()["statusCode"]) == (401, 401)
            assert answer.json()["message"].startswith("Access denied due to invalid subscription key. Make sure")
        else:
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "401")
            message = answer.json()["error"]["message"]
            assert message.startswith("Access denied due to invalid subscription key or wrong API endpoint")


@pytest.mark.parametrize("path", ["models/☃/analyze", "textOperations/%00", "models/%0d%0aX: 1/analyze", 'm"odels'])
def test_an_odd_address_without_a_key_is_refused_like_any_other(service: Service, path: str) -> None:
    """The address stands in a header of the refusal."""
    for method in ("GET", "POST"):
        answer = service.request(method, f"/vision/v2.0/{path}", key=None)
        assert answer.status_code in (401, 404)
        assert "X" not in answer.headers
        assert answer.headers.get("WWW-Authenticate", "").isascii()


@pytest.mark.parametrize("key", ["", "no-key", "NO-KEY-NEEDED", "ключ".encode().decode("latin-1")])
def test_a_key_must_be_right_to_the_letter(service: Service, key: str) -> None:
    assert service.get("/vision/v2.0/models", key=key).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/vision/"),
        ("POST", "/vision/v2.0"),
        ("POST", "/vision/v2.0/read/analyze"),  # of v3.2
        ("POST", "/vision/v3.2/recognizeText"),  # of v2.0
        ("POST", "/vision/v1.1/analyze"),
        ("POST", "/vision/v4.0/analyze"),
        ("GET", "/vision/v2.0/analyze"),
        ("DELETE", "/vision/v2.0/models"),
        ("POST", "/vision/v2.0/analyze/"),
        ("GET", "/vision/v2.0/textOperations/☃"),
        ("GET", "/vision/v2.0/textOperations/00000000-0000-0000-0000-000000000000"),
        ("GET", "/vision/v3.2/read/analyzeResults/00000000-0000-0000-0000-000000000000"),
    ],
)
def test_what_is_not_there_is_not_found(service: Service, method: str, path: str) -> None:
    answer = service.request(method, path, allow_redirects=False)
    assert answer.status_code == 404
    assert answer.json() == {"error": {"code": "404", "message": "Resource not found"}}


def test_an_operation_is_known_to_its_own_version_only(service: Service) -> None:
    started = service.post(READING["v2.0"], file_of())
    name = started.headers["Operation-Location"].rpartition("/")[2]
    assert service.get(f"/vision/v2.0/textOperations/{name}").status_code == 200
    for place in ("v2.0/read/operations", "v2.1/textOperations", "v3.2/read/analyzeResults"):
        assert service.get(f"/vision/{place}/{name}").status_code == 404


# --- bodies


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"17", b'{"uri": "x"}', b'{"url": null}', b"\xff\xfe", b"[" * 60_000]
)
def test_json_that_names_no_url(service: Service, version: str, body: bytes) -> None:
    for path in (f"/vision/{version}/tag", READING[version]):
        answer = service.post(path, body, headers={"Content-Type": "Application/JSON; charset=utf-8"})
        assert refusal(answer, version) == (400, "BadArgument")


@pytest.mark.parametrize("media_type", ["text/plain", "image/png", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_kind(service: Service, version: str, media_type: str) -> None:
    answer = service.post(f"/vision/{version}/tag", file_of(), headers={"Content-Type": media_type})
    assert refusal(answer, version) == (415, "UnsupportedMediaType")


def test_reading_operations_take_no_forms(service: Service, version: str) -> None:
    answer = service.post(READING[version], files={"image": file_of()})
    assert refusal(answer, version) == (415, "UnsupportedMediaType")


@pytest.mark.parametrize(
    "body",
    [b"", b"--x--\r\n", b"no form", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nno picture\r\n--x--'],
)
def test_a_form_without_a_picture(service: Service, version: str, body: bytes) -> None:
    for media_type in ("multipart/form-data; boundary=x", "multipart/form-data"):
        answer = service.post(f"/vision/{version}/tag", body, headers={"Content-Type": media_type})
        assert refusal(answer, version) == (400, "InvalidImageFormat")


@pytest.mark.parametrize(
    "url",
    ["", "cat.jpg", "C:/pictures/cat.jpg", "file:///etc/passwd", "ftp://example.org/cat.jpg", "http://", "http://[",
     "https://user:secret@example.org/", "http://no-such-host.invalid/cat.jpg", "http://127.0.0.1:1/cat.jpg",
     "http://a\u0000b/", "//example.org/cat.jpg", "http://127.0.0.1:99999/"],
)  # fmt: skip
def test_an_address_without_a_picture(service: Service, version: str, url: str) -> None:
    answer = service.post(f"/vision/{version}/tag", json={"url": url})
    assert refusal(answer, version) == (400, "InvalidImageUrl")
    assert "not accessible" in answer.text


def test_an_address_that_answers_not_found(service: Service, version: str, pictures: Pictures) -> None:
    answer = service.post(f"/vision/{version}/tag", json={"url": f"{pictures.base}/gone.png"})
    assert refusal(answer, version) == (400, "InvalidImageUrl")


def test_read_has_a_code_of_its_own_for_that(service: Service) -> None:
    answer = service.post(READING["v3.2"], json={"url": "http://127.0.0.1:1/cat.jpg"})
    assert refusal(answer, "v3.2") == (400, "FailedToDownloadImage")


# --- pictures


@pytest.mark.parametrize("data", [b"", b"no picture", file_of()[:60], file_of(format="JPEG")[:200], b"%PDF-1.7"])
def test_bytes_that_are_no_picture(service: Service, version: str, data: bytes) -> None:
    assert refusal(service.post(f"/vision/{version}/ocr", data), version) == (400, "InvalidImageFormat")


@pytest.mark.parametrize(("options", "code"), [("", "InvalidRequest"), ("?language=xx", "InvalidArgument")])
def test_v3_2_says_first_whether_the_picture_or_an_option_is_wrong(service: Service, options: str, code: str) -> None:
    answer = service.post(f"/vision/v3.2/tag{options}", b"no picture")
    assert answer.json()["error"]["code"] == code


def test_read_has_a_code_of_its_own_for_that_too(service: Service) -> None:
    assert refusal(service.post(READING["v3.2"], b"no picture"), "v3.2") == (400, "InvalidImage")


@pytest.mark.parametrize("format", ["TIFF", "WEBP", "PPM", "ICO"])
def test_formats_that_are_not_taken(service: Service, version: str, format: str) -> None:
    assert refusal(service.post(f"/vision/{version}/tag", file_of(format=format)), version) == (
        400,
        "InvalidImageFormat",
    )


def test_reading_operations_take_no_gif(service: Service, version: str) -> None:
    code = "InvalidImageFormat" if version in OLD else "InvalidImage"
    assert refusal(service.post(READING[version], file_of(format="GIF")), version) == (400, code)


@pytest.mark.parametrize(("size", "status"), [((50, 50), 200), ((49, 50), 400), ((50, 49), 400), ((1, 1), 400)])
def test_a_picture_has_at_least_50_pixels_a_side(
    service: Service, version: str, size: tuple[int, int], status: int
) -> None:
    answer = service.post(f"/vision/{version}/tag", file_of(size=size))
    assert answer.status_code == status
    if status == 400:
        assert refusal(answer, version) == (400, "InvalidImageSize")
        assert "at least 50 pixels" in answer.text


def test_a_file_is_smaller_than_4_mb(service: Service, version: str, pictures: Pictures) -> None:
    limit = 4 * 2**20
    fits = file_of() + bytes(limit - 1 - len(file_of()))  # what follows the end of a PNG is ignored
    assert service.post(f"/vision/{version}/tag", fits).status_code == 200
    for size in (limit, limit + 1, 3 * limit):
        answer = service.post(f"/vision/{version}/tag", bytes(size))
        assert refusal(answer, version) == (400, "InvalidImageSize")
    assert service.post(f"/vision/{version}/tag", files={"image": fits}).status_code == 200
    form = service.post(f"/vision/{version}/tag", files={"image": bytes(limit)})
    assert refusal(form, version) == (400, "InvalidImageSize")
    endless = service.post(f"/vision/{version}/tag", json={"url": f"{pictures.base}/endless"})
    assert refusal(endless, version) == (400, "InvalidImageSize")


@pytest.mark.parametrize(("size", "status"), [((4199, 60), 200), ((4200, 60), 400), ((60, 4200), 400)])
def test_ocr_takes_less_than_4200_pixels_a_side(
    service: Service, version: str, size: tuple[int, int], status: int
) -> None:
    answer = service.post(f"/vision/{version}/ocr", file_of(size=size))
    assert answer.status_code == status
    if status == 400:
        assert refusal(answer, version) == (400, "InvalidImageSize")


def test_ocr_takes_10_megapixels(service: Service, version: str) -> None:
    assert refusal(service.post(f"/vision/{version}/ocr", header_of(4000, 2501)), version) == (400, "InvalidImageSize")


def test_reading_operations_call_it_a_dimension(service: Service, version: str) -> None:
    side = 4200 if "recognizeText" in READING[version] else 10_001
    for picture in (file_of(size=(side, 60)), file_of(size=(49, 60))):
        assert refusal(service.post(READING[version], picture), version) == (400, "InvalidImageDimension")


@pytest.mark.parametrize("size", [(16000, 60), (20000, 20000), (65000, 65000), (8000, 8000)])
def test_a_decompression_bomb_is_not_unpacked(service: Service, version: str, size: tuple[int, int]) -> None:
    for path in (f"/vision/{version}/tag", f"/vision/{version}/ocr"):
        assert refusal(service.post(path, header_of(*size)), version) == (400, "InvalidImageSize")


# --- options


@pytest.mark.parametrize(
    ("operation", "query", "code"),
    [
        ("analyze", "visualFeatures=Tags,Nonsense", "NotSupportedVisualFeature"),
        ("analyze", "details=Nonsense", "InvalidDetails"),
        ("analyze", "visualFeatures=Description&language=fr", "NotSupportedLanguage"),  # v3.2 knew it
        ("describe", "language=ko", "NotSupportedLanguage"),
        ("tag", "language=nonsense", "NotSupportedLanguage"),
        ("describe", "maxCandidates=0", "BadArgument"),
        ("describe", "maxCandidates=many", "BadArgument"),
        ("ocr", "language=xx", "NotSupportedLanguage"),
        ("ocr", "language=ar", "NotSupportedLanguage"),  # of the service, but not of the engine
        ("ocr", "detectOrientation=perhaps", "BadArgument"),
        ("generateThumbnail", "width=100", "InvalidThumbnailSize"),
        ("generateThumbnail", "width=0&height=100", "InvalidThumbnailSize"),
        ("generateThumbnail", "width=100&height=1025", "InvalidThumbnailSize"),
        ("generateThumbnail", "width=-1&height=x", "InvalidThumbnailSize"),
        ("generateThumbnail", "width=10&height=10&smartCropping=9", "BadArgument"),
        ("generateThumbnail", "width=&height=100", "InvalidThumbnailSize"),
        ("models/flags/analyze", "", "InvalidModel"),
        ("models/☃/analyze", "", "InvalidModel"),
        ("models/celebrities/analyze", "language=xx", "NotSupportedLanguage"),
    ],
)
def test_options_that_are_not_answered(service: Service, version: str, operation: str, query: str, code: str) -> None:
    answer = service.post(f"/vision/{version}/{operation}?{query}", file_of())
    assert refusal(answer, version) == (400, code)


@pytest.mark.parametrize("query", ["", "mode=", "mode=Typed"])
def test_recognize_text_needs_a_mode(service: Service, query: str) -> None:
    answer = service.post(f"/vision/v2.0/recognizeText?{query}", file_of())
    assert refusal(answer, "v2.0") == (400, "BadArgument")


def test_v1_asks_for_handwriting_with_true_or_false(service: Service) -> None:
    answer = service.post("/vision/v1.0/recognizeText?detectHandwriting=perhaps", file_of())
    assert refusal(answer, "v1.0") == (400, "BadArgument")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("analyze?model-version=newest", "BadArgument"),
        ("tag?model-version=2021-5-1", "BadArgument"),
        ("ocr?model-version=٢٠٢١-٠٥-٠١", "BadArgument"),
        ("describe?descriptionExclude=Cats", "BadArgument"),
        ("read/analyze?model-version=newest", "BadArgument"),
        ("read/analyze?language=ko", "NotSupportedLanguage"),
        ("read/analyze?readingOrder=upwards", "InvalidReadingOrder"),
        ("read/analyze?pages=2", "InvalidPageRange"),
        ("read/analyze?pages=0", "InvalidPageRange"),
        ("read/analyze?pages=one", "InvalidPageRange"),
        ("read/analyze?pages=1,", "InvalidPageRange"),
    ],
)
def test_options_of_v3_that_are_not_answered(service: Service, path: str, code: str) -> None:
    assert refusal(service.post(f"/vision/v3.2/{path}", file_of()), "v3.2") == (400, code)


def test_options_of_v3_are_unknown_to_v2_and_ignored(service: Service) -> None:
    assert service.post("/vision/v2.0/analyze?model-version=newest", file_of()).status_code == 200
    assert service.post("/vision/v2.0/analyze?descriptionExclude=Cats", file_of()).status_code == 200
    assert service.post("/vision/v3.1/read/analyze?pages=9&readingOrder=upwards", file_of()).status_code == 202
    wrong = service.post("/vision/v2.1/describe?descriptionExclude=Cats", file_of())
    assert refusal(wrong, "v2.1") == (400, "BadArgument")


def test_parameters_that_an_operation_does_not_have_are_ignored(service: Service, version: str) -> None:
    for path in ("tag?descriptionExclude=Cats", "detect?language=xx", "ocr?visualFeatures=x", "detect?details=x"):
        assert service.post(f"/vision/{version}/{path}", file_of()).status_code == 200, path


# --- the service itself


def test_a_failing_engine_is_an_error_of_the_service(
    service: Service, version: str, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(engine, "analyze", fail)
    monkeypatch.setattr(engine, "read", fail)
    answer = service.post(f"/vision/{version}/tag", file_of())
    assert refusal(answer, version) == (500, "InternalServerError")
    assert "secret" not in answer.text

    operation = service.finished(service.post(READING[version], file_of()))
    assert operation["status"] == ("Failed" if version in OLD else "failed")
    assert not {"recognitionResult", "recognitionResults", "analyzeResult"} & set(operation)


def test_an_error_in_a_picture_mode_nobody_thought_of_is_none(service: Service) -> None:
    """Pillow knows many kinds of pixels; each of them is a picture."""
    for mode, format in [("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "GIF"), ("I;16", "PNG"), ("CMYK", "JPEG")]:
        file = io.BytesIO()
        PIL.Image.new(mode, (60, 60)).save(file, format)
        for path in ("tag", "ocr", "generateThumbnail?width=50&height=60"):
            assert service.post(f"/vision/v2.0/{path}", file.getvalue()).status_code == 200, (mode, path)
