"""``/openapi.json`` tells the truth about the service that it describes, and about the one that Microsoft specified."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.routing import Route

from cvhelpers.ondevice.service.api_document import document
from cvhelpers.ondevice.service.app import create_app
from cvhelpers.protocol import vision

from .conftest import KEY, Service, served
from .fakes import FakeEngine, FakeLibrary, file_of

DOCUMENT = document()
OPERATIONS = [
    (method, path, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
]
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]
each_operation = pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)


@pytest.fixture(scope="module")
def app() -> Starlette:
    return create_app(FakeEngine(), FakeLibrary(), KEY)


@pytest.fixture(scope="module")
def service(app: Starlette) -> Iterator[Service]:
    with served(app) as base:
        yield Service(requests.Session(), base)


def conforms(data: Any, schema: Any) -> None:
    Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(data)


# --- it is an OpenAPI document, and the service sends it


def test_it_is_valid() -> None:
    import openapi_spec_validator  # half a second, which every worker would pay

    openapi_spec_validator.validate(DOCUMENT)


def test_the_service_sends_it_to_everyone(service: Service) -> None:
    response = service.get("/openapi.json", key=None)
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.json() == DOCUMENT


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names) > 70


# --- it describes this service: nothing is missing, nothing is made up


def test_each_route_stands_in_it_and_nothing_else(app: Starlette) -> None:
    routes = {
        (method.lower(), route.path)
        for route in app.routes
        if isinstance(route, Route) and route.path != "/openapi.json"
        for method in route.methods or ()
        if method not in ("HEAD", "OPTIONS")  # comes with GET; what browsers ask by themselves
    }
    assert routes == {(method, path) for method, path, _ in OPERATIONS}


def parameters_of(operation: Any) -> dict[str, str]:
    """A value for each parameter that is required, and nothing for the others."""
    values = {"id": "of-nothing"}
    for one in operation["parameters"]:
        schema = one["schema"].get("items", one["schema"])
        if one["required"] and one["name"] not in values:
            values[one["name"]] = str(schema.get("enum", [schema.get("minimum", "word")])[0])
    return values


def ask(service: Service, method: str, path: str, operation: Any, key: str | None = KEY) -> requests.Response:
    values = parameters_of(operation)
    for name in re.findall(r"{(\w+)}", path):
        path = path.replace(f"{{{name}}}", values.pop(name))
    values.pop("id", None)
    if path.endswith("details"):
        values["id"] = next(iter(FakeLibrary().contents))
    if method == "post":
        return service.post(path, file_of(), params=values, key=key)
    return service.get(path, params=values, key=key)


@each_operation
def test_each_operation_is_answered_as_it_says(service: Service, method: str, path: str, operation: Any) -> None:
    """With a picture, the parameters that are required, and an answer of the shape that the document gives."""
    if path.endswith("/{id}"):
        path = a_result(service, path)
    elif path == "/th":
        path = f"/th?id={next(iter(FakeLibrary().contents))}"
    response = ask(service, method, path, operation)
    described = operation["responses"][str(response.status_code)]
    for name in set(described["headers"]):
        assert name in response.headers, name
    for kind, content in described.get("content", {}).items():
        if response.headers["Content-Type"].startswith(kind):
            if kind == "application/json":
                conforms(response.json(), content["schema"])
            return
    assert response.status_code == 202


def a_result(service: Service, path: str) -> str:
    """A path of this form that there is something at."""
    if "content" in path:
        return path.replace("{id}", next(iter(FakeLibrary().contents)))
    version, _, below = path.removeprefix("/vision/").partition("/")
    start = {
        "textOperations/{id}": "recognizeText?mode=Printed",
        "read/operations/{id}": "read/core/asyncBatchAnalyze",
        "read/analyzeResults/{id}": "read/analyze",
    }[below]
    started = service.post(f"/vision/{version}/{start}", file_of())
    service.finished(started)
    return started.headers["Operation-Location"].removeprefix(service.base)


@each_operation
def test_each_mistake_is_answered_as_it_says(service: Service, method: str, path: str, operation: Any) -> None:
    """Without a key; what needs none is asked for something that is not there."""
    response = ask(service, method, path, operation, key=None)
    assert response.status_code == (404 if operation.get("security") == [] else 401)
    conforms(response.json(), operation["responses"]["default"]["content"]["application/json"]["schema"])


@each_operation
def test_a_wrong_value_is_refused_as_it_says(service: Service, method: str, path: str, operation: Any) -> None:
    """One below the least number, or a word that is not in the list, for each parameter that has such bounds."""
    for one in operation["parameters"]:
        schema = one["schema"].get("items", one["schema"])
        if one["in"] != "query" or not ("enum" in schema or "minimum" in schema) or one["name"] == "pid":
            continue
        wrong = "nonsense" if "enum" in schema else str(schema["minimum"] - 1)
        values = {**parameters_of(operation), one["name"]: wrong}
        values.pop("id", None)
        url = path.replace("{model}", "celebrities").replace("{id}", "x")
        if path.endswith("details"):
            values["id"] = next(iter(FakeLibrary().contents))
        response = service.post(url, file_of(), params=values) if method == "post" else service.get(url, params=values)
        assert 400 <= response.status_code < 500, f"{one['name']}={wrong}"
        conforms(response.json(), operation["responses"]["default"]["content"]["application/json"]["schema"])


@pytest.mark.parametrize("name", sorted(vision.LIMITS))
def test_the_limits_are_those_that_the_service_keeps(service: Service, name: str) -> None:
    versions = [one for one in vision.TABLE if f"/vision/{one}/{name}" in DOCUMENT["paths"]]
    for version in versions or ["v3.2"]:
        path = f"/vision/{version}/{name}"
        if path not in DOCUMENT["paths"]:
            path = re.sub("models/.*/", "models/{model}/", path)
        limits = DOCUMENT["paths"][path]["post"]["x-limits"]
        operation = DOCUMENT["paths"][path]["post"]
        least = limits["minSide"]
        most = limits["maxSide"]
        sizes = {(least, least): True, (least - 1, least): False, (most, least): True, (most + 1, least): False}
        for size, is_taken in sizes.items():
            values = parameters_of(operation)
            values.pop("id", None)
            response = service.post(path.replace("{model}", values.pop("model", "")), file_of(size=size), params=values)
            assert (response.status_code < 300) == is_taken, (version, size, response.text)


# --- it is true to Microsoft's specifications: what follows was read there

SPECIFIED = {
    "v2.0": {
        "/analyze": {"visualFeatures", "details", "language"},
        "/describe": {"maxCandidates", "language"},
        "/detect": set(),
        "/models": set(),
        "/models/{}/analyze": {"language"},
        "/ocr": {"detectOrientation", "language"},
        "/tag": {"language"},
        "/generateThumbnail": {"width!", "height!", "smartCropping"},
        "/areaOfInterest": set(),
        "/recognizeText": {"mode!"},
        "/textOperations/{}": set(),
        "/read/core/asyncBatchAnalyze": set(),
        "/read/operations/{}": set(),
    },
    "v3.2": {
        "/analyze": {"visualFeatures", "details", "language", "descriptionExclude", "model-version"},
        "/describe": {"maxCandidates", "language", "descriptionExclude", "model-version"},
        "/detect": {"model-version"},
        "/models": set(),
        "/models/{}/analyze": {"language", "model-version"},
        "/ocr": {"detectOrientation", "language", "model-version"},
        "/tag": {"language", "model-version"},
        "/generateThumbnail": {"width!", "height!", "smartCropping", "model-version"},
        "/areaOfInterest": {"model-version"},
        "/read/analyze": {"language", "pages", "model-version", "readingOrder"},
        "/read/analyzeResults/{}": set(),
    },
}  # fmt: skip
"""Paths with the parameters in their query, ``!`` behind those that are required.

The specifications call ``detectOrientation`` required as well; the service did without it, and so does this one.
"""


@pytest.mark.parametrize("version", SPECIFIED)
def test_paths_and_parameters_are_the_specification_s(version: str) -> None:
    start = f"/vision/{version}"
    described = {
        re.sub("{.*}", "{}", path.removeprefix(start)): {
            one["name"] + "!" * one["required"] for one in operation["parameters"] if one["in"] == "query"
        }
        for _, path, operation in OPERATIONS
        if path.startswith(f"{start}/")
    }
    assert described == SPECIFIED[version]


def words_of(path: str, name: str, method: str = "post") -> list[str]:
    (found,) = [one for one in DOCUMENT["paths"][path][method]["parameters"] if one["name"] == name]
    return list(found["schema"].get("items", found["schema"])["enum"])


def test_the_words_of_parameters_are_the_specification_s() -> None:
    features = {"ImageType", "Faces", "Adult", "Categories", "Color", "Tags", "Description", "Objects", "Brands"}
    for version in ("v2.0", "v3.2"):
        assert set(words_of(f"/vision/{version}/analyze", "visualFeatures")) == features
        assert set(words_of(f"/vision/{version}/analyze", "details")) == {"Celebrities", "Landmarks"}
        assert len(words_of(f"/vision/{version}/ocr", "language")) == 27
    assert set(words_of("/vision/v2.0/analyze", "language")) == {"en", "es", "ja", "pt", "zh"}
    assert len(words_of("/vision/v3.2/analyze", "language")) == 52
    assert len(words_of("/vision/v3.2/read/analyze", "language")) == 73
    assert set(words_of("/vision/v2.0/recognizeText", "mode")) == {"Handwritten", "Printed"}
    v4 = {"tags", "caption", "denseCaptions", "objects", "read", "smartCrops", "people"}
    assert set(words_of("/computervision/imageanalysis:analyze", "features")) == v4
    search = "/bing/v7.0/images/search"
    assert set(words_of(search, "aspect", "get")) == {"All", "Square", "Wide", "Tall"}
    assert set(words_of(search, "size", "get")) == {"All", "Small", "Medium", "Large", "Wallpaper"}
    assert len(words_of(search, "color", "get")) == 14
    assert len(words_of("/bing/v7.0/images/details", "modules", "get")) == 12


def test_4_0_and_the_search_have_the_specification_s_parameters() -> None:
    (v4,) = DOCUMENT["paths"]["/computervision/imageanalysis:analyze"].values()
    assert {one["name"] + "!" * one["required"] for one in v4["parameters"]} == {
        "api-version!", "features!", "language", "gender-neutral-caption", "smartcrops-aspect-ratios", "model-version",
    }  # fmt: skip
    search = DOCUMENT["paths"]["/bing/v7.0/images/search"]["get"]
    assert {one["name"] + "!" * one["required"] for one in search["parameters"]} == set(
        "aspect color cc count freshness height id imageContent imageType license mkt maxFileSize maxHeight maxWidth "
        "minFileSize minHeight minWidth offset q! safeSearch size setLang width".split()
    )


def test_the_key_and_the_bodies_are_the_specification_s() -> None:
    (scheme,) = DOCUMENT["components"]["securitySchemes"].values()
    assert scheme == {"type": "apiKey", "in": "header", "name": "Ocp-Apim-Subscription-Key"}
    forms = ["application/json", "application/octet-stream", "multipart/form-data"]
    for version in ("v2.0", "v3.2"):
        assert sorted(DOCUMENT["paths"][f"/vision/{version}/tag"]["post"]["requestBody"]["content"]) == forms
    for path in ("v2.0/recognizeText", "v2.0/read/core/asyncBatchAnalyze", "v3.2/read/analyze"):
        started = DOCUMENT["paths"][f"/vision/{path}"]["post"]
        assert sorted(started["requestBody"]["content"]) == forms[:2]
        assert "202" in started["responses"]
        assert "Operation-Location" in started["responses"]["202"]["headers"]
