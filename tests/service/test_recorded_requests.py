"""Requests as Microsoft's own tests sent them from 2017 to 2021, version by version: method, address, media type.

Written down by hand after the recordings of the Azure SDK for .NET and, where those have none, after the specification
of the version; with the status that they have. The pictures are
ours: a request's bytes are answered whatever they show.
"""

from __future__ import annotations

import pytest

from .conftest import KEY, Pictures, Service
from .fakes import file_of
from .test_documents import document

JSON = "application/json; charset=utf-8"
OCTETS = "application/octet-stream"
PDF = "PDF"

SENT = [
    # 2017
    ("v1.0/analyze?visualFeatures=ImageType%2CFaces%2CAdult%2CCategories%2CColor%2CTags%2CDescription", JSON, 200),
    ("v1.0/describe?maxCandidates=1", OCTETS, 200),
    ("v1.0/models/celebrities/analyze?language=en", JSON, 200),
    ("v1.0/ocr?detectOrientation=true&language=de", JSON, 200),
    ("v1.0/ocr?language=unk&detectOrientation=true", OCTETS, 200),
    ("v1.0/tag?language=en", JSON, 200),
    ("v1.0/generateThumbnail?width=64&height=64&smartCropping=false", JSON, 200),
    ("v1.0/recognizeText?detectHandwriting=true", JSON, 202),
    ("v1.0/recognizeText?detectHandwriting=false", OCTETS, 202),
    # June 2018
    ("v2.0/analyze?visualFeatures=Adult%2CCategories%2CColor%2CFaces%2CImageType%2CTags", JSON, 200),
    ("v2.0/analyze?visualFeatures=Adult%2CCategories%2CColor%2CFaces%2CImageType%2CTags", OCTETS, 200),
    ("v2.0/describe?maxCandidates=2", JSON, 200),
    ("v2.0/models/landmarks/analyze", JSON, 200),
    ("v2.0/recognizeText?mode=Handwritten", OCTETS, 202),
    ("v2.0/recognizeText?mode=Printed", JSON, 202),
    ("v2.0/generateThumbnail?width=64&height=64&smartCropping=false", OCTETS, 200),
    # December 2018
    ("v2.0/areaOfInterest", JSON, 200),
    ("v2.0/detect", OCTETS, 200),
    ("v2.0/analyze?visualFeatures=Brands", OCTETS, 200),
    ("v2.0/read/core/asyncBatchAnalyze", JSON, 202),
    ("v2.0/read/core/asyncBatchAnalyze", PDF, 202),
    # 2019
    ("v2.1/analyze?visualFeatures=Adult%2CCategories%2CColor%2CFaces%2CImageType%2CTags", JSON, 200),
    ("v2.1/analyze?visualFeatures=Brands", JSON, 200),
    ("v2.1/models/celebrities/analyze", OCTETS, 200),
    ("v2.1/read/core/asyncBatchAnalyze", OCTETS, 202),
    ("v2.1/recognizeText?mode=Printed", JSON, 202),
    # 2020
    ("v3.0/analyze?visualFeatures=Brands", OCTETS, 200),
    ("v3.0/read/analyze?language=en", JSON, 202),
    ("v3.0/read/analyze", PDF, 202),
    ("v3.1/analyze?visualFeatures=Categories%2CDescription%2CColor&details=Landmarks", JSON, 200),
    ("v3.1/read/analyze?language=en", OCTETS, 202),
    # 2021
    ("v3.2/analyze?visualFeatures=Categories&model-version=2021-04-01", OCTETS, 200),
    ("v3.2/models/celebrities/analyze?model-version=2021-04-01", OCTETS, 200),
    ("v3.2/read/analyze?model-version=latest", JSON, 202),
    ("v3.2/read/analyze?model-version=2021-04-12&readingOrder=basic", JSON, 202),
    ("v3.2/read/analyze?model-version=latest&readingOrder=natural", JSON, 202),
    ("v3.2/read/analyze", PDF, 202),
    # in other languages
    ("v2.0/describe?maxCandidates=1&language=ja", JSON, 200),
    ("v2.0/tag?language=zh", OCTETS, 200),
    ("v2.0/models/landmarks/analyze?language=pt", JSON, 200),
]


@pytest.mark.parametrize(("sent", "media_type", "status"), SENT)
def test_a_request_as_it_was_recorded(
    service: Service, pictures: Pictures, sent: str, media_type: str, status: int
) -> None:
    path = f"/vision/{sent}"
    if media_type == JSON:
        body = f'{{\r\n  "url": "{pictures.base}/picture.png"\r\n}}'.encode()
        answer = service.post(path, body, headers={"Content-Type": JSON})
    else:
        answer = service.post(path, document("PDF") if media_type == PDF else file_of())
    assert answer.status_code == status, answer.text
    if status == 202:
        assert service.finished(answer)["status"].lower() == "succeeded"


# --- as programs and the documentation of those years wrote them, and the service took it


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("//vision/v3.1/describe?maxCandidates=1&language=ja", 200),  # the endpoint ended with a slash
        ("//computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags", 200),
        ("/vision/v1.0/RecognizeText?handwriting=true", 202),
        ("/vision/v1.0/models/Celebrities/analyze", 200),  # Microsoft's first client
        ("/Vision/V2.0/OCR?language=unk&detectOrientation%20=true", 200),
    ],
)
def test_an_address_with_other_capitals_or_a_slash_too_many(service: Service, path: str, status: int) -> None:
    assert service.post(service.base + path, file_of()).status_code == status


@pytest.mark.parametrize(
    "body", ["{'url':'%s'}", "{'url' :'%s'}", '{"Url": "%s"}', ' {url: "%s"}\n', '\ufeff{\r\n  "url": "%s"\r\n}']
)
def test_the_address_of_a_picture_in_loose_json(service: Service, pictures: Pictures, body: str) -> None:
    data = (body % f"{pictures.base}/picture.png").encode()
    assert service.post("/vision/v3.2/tag", data, headers={"Content-Type": JSON}).status_code == 200


def test_the_key_may_stand_in_the_address(service: Service) -> None:
    path = "/vision/v2.0/analyze?visualFeatures=Tags&subscription-key="
    assert service.post(path + KEY, file_of(), key=None).status_code == 200
    refused = service.post(path + "wrong", file_of(), key=None)
    assert refused.json()["message"].startswith("Access denied due to invalid")


def test_image_analysis_4_0_takes_a_picture_under_its_own_media_type(service: Service) -> None:
    path = "/computervision/imageanalysis:analyze?api-version=2024-02-01&features=tags"
    assert service.post(path, file_of(), headers={"Content-Type": "image/png"}).status_code == 200
    assert service.post("/vision/v3.2/tag", file_of(), headers={"Content-Type": "image/png"}).status_code == 415


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/vision/v2.0/tag"), ("GET", "/bing/v7.0/images/search?q=puppies")]
)
def test_a_program_in_a_web_page_of_another_host_may_ask(service: Service, method: str, path: str) -> None:
    """Microsoft's programs in JavaScript are web pages. A browser asks first whether they may send the key."""
    asked = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": method}
    may = service.request("OPTIONS", path, key=None, headers=asked)
    assert (may.status_code, may.content) == (200, b"")
    assert may.headers["Access-Control-Allow-Headers"] == "*"
    answer = service.request(method, path, data=file_of(), headers={"Content-Type": OCTETS, **asked})
    refused = service.request(method, path, key="wrong", headers=asked)
    assert [one.headers["Access-Control-Allow-Origin"] for one in (may, answer, refused)] == ["*", "*", "*"]


def test_no_page_of_another_host_reads_a_picture_that_needs_no_key(service: Service) -> None:
    for method in ("GET", "OPTIONS"):
        answer = service.request(method, "/th?q=puppies", key=None, headers={"Origin": "http://localhost:3000"})
        assert "Access-Control-Allow-Origin" not in answer.headers
