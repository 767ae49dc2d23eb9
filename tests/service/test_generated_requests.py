"""Requests that nobody thought of: none of them makes the service fail or answer as it never did."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from urllib.parse import quote

import jsonschema
import PIL.Image
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cvhelpers.ondevice.service.app import create_app
from cvhelpers.ondevice.service.fetching import FetchError
from cvhelpers.sources.on_device import OnDevice

from . import schemas
from .conftest import KEY, Service, served
from .fakes import FakeEngine, FakeLibrary, file_of

DOCUMENTED = {200, 202, 400, 401, 404, 415}  # 429 and 503 only when there are too many
BODIES = [
    schemas.FLAT,
    schemas.NESTED,
    schemas.OLD_GATEWAY,
    schemas.NEW_GATEWAY,
    schemas.BING_ERROR,
]
SETTINGS = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)

VISION = [
    f"/vision/{version}/{operation}"
    for version in ("v1.0", "v2.0", "v2.1", "v3.0", "v3.1", "v3.2")
    for operation in (
        "analyze", "describe", "tag", "detect", "ocr", "generateThumbnail", "areaOfInterest", "recognizeText",
        "read/analyze", "read/core/asyncBatchAnalyze", "models/landmarks/analyze", "models/☃/analyze",
    )
]  # fmt: skip
OPTIONS = {
    "visualFeatures": ["Tags", "Color,Faces", "Brands", ",,", "tags,TAGS"],
    "details": ["", "Landmarks"],
    "language": ["en", "unk", "ja", "EN", ""],
    "maxCandidates": ["1", "3", "0"],
    "detectOrientation": ["true", "False", "1"],
    "width": ["1", "64", "1024", "1025"],
    "height": ["1", "64", "1024", "-5"],
    "smartCropping": ["true", "false"],
    "mode": ["Handwritten", "printed"],
    "pages": ["1", "1-", "-", "2-1", "1,1", "٣"],
    "readingOrder": ["natural", "basic"],
    "model-version": ["latest", "2021-04-12"],
    "descriptionExclude": ["Celebrities", "Cats"],
}
FILTERS = {
    "q": ["puppies", "nothing", " "],
    "count": ["1", "150", "151", "x"],
    "offset": ["0", "19", "20", "1000000"],
    "license": ["public", "Any", "none"],
    "imageType": ["photo", "AnimatedGif"],
    "size": ["Small", "Wallpaper"],
    "aspect": ["Square"],
    "color": ["Red", "ColorOnly"],
    "width": ["5"],
    "minWidth": ["5", "0"],
    "maxFileSize": ["520192"],
    "freshness": ["Day", "day", "?"],
    "mkt": ["en-US", "\u4e2d"],
    "cc": ["US"],
    "id": ["", "0" * 40],
}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def queries(known: dict[str, list[str]]) -> st.SearchStrategy[dict[str, str]]:
    """Some of the parameters with a known, a near or any value."""
    options = {name: st.one_of(st.sampled_from(values), TEXT) for name, values in known.items()}
    return st.fixed_dictionaries({}, optional=options)


def broken(data: bytes) -> st.SearchStrategy[bytes]:
    """A file with a byte changed and its end cut off."""

    def change(place: int, value: int, end: int) -> bytes:
        changed = bytearray(data)
        changed[place] = value
        return bytes(changed[:end])

    size = len(data)
    return st.builds(change, st.integers(0, size - 1), st.integers(0, 255), st.integers(size // 2, size))


def sides(format: str) -> st.SearchStrategy[bytes]:
    def draw(width: int, height: int) -> bytes:
        file = io.BytesIO()
        PIL.Image.new("RGB", (width, height)).save(file, format)
        return file.getvalue()

    return st.builds(draw, st.integers(1, 120), st.integers(1, 120))


PICTURES = st.one_of(
    *(sides(format) for format in ("PNG", "JPEG", "GIF", "BMP", "TIFF")),
    *(broken(file_of(format=format)) for format in ("PNG", "JPEG", "GIF", "TIFF")),
    st.binary(max_size=200),
)
JSON_BODIES = st.one_of(
    st.recursive(st.none() | st.booleans() | TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner)),
    st.fixed_dictionaries(
        {
            "url": TEXT
            | st.sampled_from(["http://127.0.0.1:1/", "http://[", "https://api.cognitive.microsoft.com/th?id=%00&w=x"])
        }
    ),
).map(lambda value: json.dumps(value).encode())
MEDIA_TYPES = st.sampled_from(
    ["application/octet-stream"] * 3
    + ["application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "", "image/png"]
)


@pytest.fixture(scope="module", params=["in process", "over HTTP"])
def quick(request: pytest.FixtureRequest) -> Iterator[Service]:
    """A service that reaches no network: what is fetched comes from no server."""

    async def nothing_there(url: str, most: int, took: object) -> bytes:
        raise FetchError(url)

    app = create_app(FakeEngine(), FakeLibrary(), KEY, fetch_picture=nothing_there)
    session = requests.Session()
    if request.param == "in process":
        session.mount("https://", OnDevice(app=app))
        yield Service(session, "https://westus.api.cognitive.microsoft.com")
    else:
        with served(app) as base:
            yield Service(session, base)


def check(answer: requests.Response) -> None:
    assert answer.status_code in DOCUMENTED, (answer.status_code, answer.text)
    assert answer.headers["Cvhelpers-Source"].startswith("on-device; ")
    if answer.status_code >= 400:
        body = answer.json()
        assert any(jsonschema.Draft202012Validator(schema).is_valid(body) for schema in BODIES), body


@settings(SETTINGS, max_examples=150)
@given(st.sampled_from(VISION), queries(OPTIONS), PICTURES, MEDIA_TYPES)
def test_any_picture_with_any_options(
    quick: Service, path: str, query: dict[str, str], data: bytes, media_type: str
) -> None:
    check(quick.post(path, data, params=query, headers={"Content-Type": media_type}))


@settings(SETTINGS, max_examples=80)
@given(st.sampled_from(VISION), JSON_BODIES)
def test_any_json(quick: Service, path: str, data: bytes) -> None:
    check(quick.post(path + "?mode=Printed", data, headers={"Content-Type": "application/json"}))


@settings(SETTINGS, max_examples=120)
@given(queries(FILTERS))
def test_any_search(quick: Service, query: dict[str, str]) -> None:
    check(quick.get("/bing/v7.0/images/search", params=query))


@settings(SETTINGS, max_examples=100)
@given(
    st.sampled_from(["/bing/v7.0/images/details", "/v7.0/images/trending", "/th", "/bing/v7.0/images/content/x"]),
    queries(
        FILTERS | {"insightsToken": ["mid_", "mid_1"], "modules": ["All", "Tags,Recipes"], "w": ["1", "0"], "h": ["9"]}
    ),
)
def test_any_picture_of_the_library(quick: Service, path: str, query: dict[str, str]) -> None:
    answer = quick.get(path, params=query)
    check(answer)


@settings(SETTINGS, max_examples=100)
@given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]),
    st.sampled_from(["/vision/", "/vision/v2.0/", "/vision/v3.2/read/", "/bing/v7.0/images/search", "/th"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\\"), max_size=20),
    st.sampled_from([KEY, None, "wrong"]),
)
def test_any_address(quick: Service, method: str, start: str, rest: str, key: str | None) -> None:
    # An address outside of the services is not asked in process: that is the source's matter.
    path = start + quote(rest, safe="/.%") if start.startswith("/vision") else f"{start}?{quote(rest)}"
    check(quick.request(method, quick.base + path, key=key, allow_redirects=False))
