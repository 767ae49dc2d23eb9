"""Image Analysis 4.0 at the service: its answers as Microsoft's specification has them, through both doors."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from .conftest import Pictures, Service
from .fakes import FakeEngine, file_of
from .schemas import COUNT, RECTANGLE, SCORE, TEXT, many, obj

ANALYZE = "/computervision/imageanalysis:analyze?api-version=2023-10-01"
ALL = "caption,denseCaptions,tags,objects,people,read,smartCrops"
PLACE = {"boundingBox": RECTANGLE}
POLYGON = {**many(obj(x=COUNT, y=COUNT)), "minItems": 4, "maxItems": 4}
WORDS = many(obj(text=TEXT, boundingPolygon=POLYGON, confidence=SCORE))
LINES = many(obj(text=TEXT, boundingPolygon=POLYGON, words=WORDS))
PARTS = {
    "captionResult": obj(text=TEXT, confidence=SCORE),
    "denseCaptionsResult": obj(values={**many(obj(text=TEXT, confidence=SCORE, **PLACE)), "maxItems": 10}),
    "tagsResult": obj(values=many(obj(name=TEXT, confidence=SCORE))),
    "objectsResult": obj(values=many(obj(tags=many(obj(name=TEXT, confidence=SCORE)), **PLACE))),
    "peopleResult": obj(values=many(obj(confidence=SCORE, **PLACE))),
    "readResult": obj(blocks={**many(obj(lines=LINES)), "maxItems": 1}),
    "smartCropsResult": obj(values=many(obj(aspectRatio={"type": "number"}, **PLACE))),
}
ANSWER = obj(PARTS, modelVersion=TEXT, metadata=obj(width=COUNT, height=COUNT))


def answer(service: Service, query: str, data: bytes | None = None) -> dict[str, Any]:
    response = service.post(f"{ANALYZE}&{query}", data or file_of())
    assert response.status_code == 200, response.text
    assert response.headers["api-supported-versions"] == "2023-10-01, 2024-02-01"
    assert response.headers["Cvhelpers-Source"].startswith("on-device")
    body: dict[str, Any] = response.json()
    jsonschema.validate(body, ANSWER)
    return body


@pytest.mark.parametrize("feature", ALL.split(","))
def test_only_what_was_asked_for_is_answered(service: Service, feature: str) -> None:
    body = answer(service, f"features={feature}")
    assert set(body) == {"modelVersion", "metadata", f"{feature}Result"}


def test_everything_at_once(service: Service) -> None:
    body = answer(service, f"features={ALL}")
    assert set(body) == {"modelVersion", "metadata", *PARTS}
    assert body["metadata"] == {"width": 120, "height": 80}
    assert body["captionResult"] == {"text": "C81E3C 0", "confidence": 0.5}
    whole = body["denseCaptionsResult"]["values"][0]
    assert whole == {"text": "C81E3C 0", "confidence": 0.5, "boundingBox": {"x": 0, "y": 0, "w": 120, "h": 80}}
    assert body["readResult"]["blocks"][0]["lines"][0]["boundingPolygon"][0] == {"x": 10, "y": 18}


def test_both_versions_and_both_ways_to_bring_a_picture(service: Service, pictures: Any) -> None:
    for version in ("2023-10-01", "2024-02-01"):
        path = f"/computervision/imageanalysis:analyze?api-version={version}&features=tags"
        by_bytes = service.post(path, file_of()).json()
        by_form = service.post(path, files={"file": file_of()}).json()
        by_address = service.post(path, json={"url": f"{pictures.base}/picture.png"}).json()
        assert by_bytes == by_form == by_address
        assert by_bytes["tagsResult"]["values"][0]["name"] == "C81E3C"


@pytest.mark.parametrize("format", ["WEBP", "ICO", "TIFF", "BMP", "GIF", "JPEG", "PNG", "MPO"])
def test_it_takes_more_formats_than_the_versions_before(service: Service, format: str) -> None:
    assert answer(service, "features=tags", file_of(format=format, size=(128, 128)))["tagsResult"]["values"]


def test_it_takes_pictures_of_more_than_four_megabytes(service: Service) -> None:
    large = file_of(format="BMP") + bytes(5 * 2**20)
    assert answer(service, "features=tags", large)
    refused = service.post("/vision/v3.2/tag", large)
    assert refused.json()["error"]["innererror"]["code"] == "InvalidImageSize"
    refused = service.post(f"{ANALYZE}&features=tags", file_of(format="BMP") + bytes(20 * 2**20))
    assert (refused.status_code, refused.json()["error"]["innererror"]["code"]) == (400, "InvalidImageSize")


def test_the_same_is_true_of_a_picture_at_an_address(service: Service, pictures: Pictures) -> None:
    large = {"url": f"{pictures.base}/5-megabytes.bmp"}
    assert service.post(f"{ANALYZE}&features=tags", json=large).json()["tagsResult"]["values"]
    for path, address in (
        ("/vision/v3.2/tag", large),
        (f"{ANALYZE}&features=tags", {"url": f"{pictures.base}/endless"}),
    ):
        refused = service.post(path, json=address)
        assert (refused.status_code, refused.json()["error"]["innererror"]["code"]) == (400, "InvalidImageSize")


def test_boxes_are_in_the_pixels_of_the_picture_that_was_sent(service: Service) -> None:
    """A picture of more pixels than the service looks at is made smaller first."""
    body = answer(service, f"features={ALL}", file_of(format="JPEG", size=(6000, 4000)))
    assert body["metadata"] == {"width": 6000, "height": 4000}
    [crop] = body["smartCropsResult"]["values"]
    assert max(crop["boundingBox"]["w"] / 6000, crop["boundingBox"]["h"] / 4000) > 0.99
    x = body["readResult"]["blocks"][0]["lines"][0]["boundingPolygon"][0]["x"]
    assert x == round(9.7 * 2**0.5), "24 million pixels are looked at as 12"


def test_crops_have_the_proportions_that_were_asked_for(service: Service) -> None:
    body = answer(service, "features=smartCrops&smartcrops-aspect-ratios=0.75,1.8,1")
    assert [one["aspectRatio"] for one in body["smartCropsResult"]["values"]] == [0.75, 1.8, 1]
    for one in body["smartCropsResult"]["values"]:
        box = one["boundingBox"]
        assert box["w"] / box["h"] == pytest.approx(one["aspectRatio"], abs=0.05)
        assert box["x"] + box["w"] <= 120
        assert box["y"] + box["h"] <= 80
    [own] = answer(service, "features=smartCrops")["smartCropsResult"]["values"]
    assert 0.5 <= own["aspectRatio"] <= 2


def test_a_page_without_text_has_no_block(service: Service, engine: FakeEngine, monkeypatch: Any) -> None:
    from cvhelpers.ondevice.engine.readings import Reading

    monkeypatch.setattr(engine, "read", lambda image: Reading(*image.size, 0, "NotDetected", "unk", (), ()))
    assert answer(service, "features=read")["readResult"] == {"blocks": []}


@pytest.mark.parametrize(
    ("query", "inner"),
    [
        ("", "BadArgument"),
        ("features=", "BadArgument"),
        ("features=Categories", "NotSupportedVisualFeature"),
        ("features=tags,colours", "NotSupportedVisualFeature"),
        ("features=tags&language=klingon", "NotSupportedLanguage"),
        ("features=caption&language=es", "NotSupportedLanguage"),
        ("features=smartCrops&smartcrops-aspect-ratios=3", "BadArgument"),
        ("features=smartCrops&smartcrops-aspect-ratios=nan", "BadArgument"),
        ("features=smartCrops&smartcrops-aspect-ratios=1,0.7", "BadArgument"),
        ("features=caption&gender-neutral-caption=maybe", "BadArgument"),
        ("features=tags&model-version=new", "BadArgument"),
    ],
)
def test_what_a_query_can_t_ask(service: Service, query: str, inner: str) -> None:
    refused = service.post(f"{ANALYZE}&{query}", file_of())
    assert refused.status_code == 400
    assert refused.headers["x-ms-error-code"] == "InvalidRequest"
    error = refused.json()["error"]
    assert (error["code"], error["innererror"]["code"]) == ("InvalidRequest", inner)
    assert error["message"] == "Analyze query is invalid."


@pytest.mark.parametrize(
    ("options", "inner"),
    [
        ({"data": b"no picture"}, "InvalidImageFormat"),
        ({"data": file_of(size=(49, 60))}, "InvalidImageSize"),
        ({"json": {"url": "http://127.0.0.1:1/none.png"}}, "InvalidImageUrl"),
        ({"json": {"address": "x"}}, "BadArgument"),
        ({"data": file_of(), "headers": {"Content-Type": "text/plain"}}, "UnsupportedMediaType"),
    ],
)
def test_what_is_no_picture(service: Service, options: dict[str, Any], inner: str) -> None:
    refused = service.post(f"{ANALYZE}&features=tags", **options)
    assert (refused.status_code, refused.headers["x-ms-error-code"]) == (400, "InvalidRequest")
    error = refused.json()["error"]
    assert (error["code"], error["innererror"]["code"]) == ("InvalidRequest", inner)


@pytest.mark.parametrize("version", ["", "api-version=", "api-version=2022-07-31-preview", "api-version=4.0"])
def test_a_version_that_is_gone_or_never_was(service: Service, version: str) -> None:
    refused = service.post(f"/computervision/imageanalysis:analyze?{version}&features=tags", file_of())
    assert (refused.status_code, refused.json()) == (404, {"error": {"code": "404", "message": "Resource not found"}})


@pytest.mark.parametrize("key", [None, "wrong"])
def test_it_asks_for_the_key_too(service: Service, key: str | None) -> None:
    refused = service.post(f"{ANALYZE}&features=tags", file_of(), key=key)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "401")
