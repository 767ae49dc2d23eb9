"""``/openapi.json``: every operation of the service, in the form that programs read.

It is made from the tables in `protocol`, which the service itself obeys, so the two can't disagree about a limit, a
version or a word. Two keys are our own: ``x-limits`` of an operation says which pictures it takes, and
``x-not-known-here`` of a parameter names the values that the real service knew and the models here do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ...protocol import addresses, bing, headers
from ...protocol import vision as protocol
from ...protocol import vision_v4 as v4
from ...protocol.vision import Limits, Version
from ..engine.languages import LANGUAGES
from . import bing_query, reading, uploads
from .api_schemas import COUNT, SCHEMAS, TEXT, ref
from .errors import JsonObject
from .vision import ALIKE, UNREAD_LANGUAGES

OPENAPI = "3.1.0"
ABOUT = (
    "The REST protocol of Azure Computer Vision v1.0 to v3.2, of Image Analysis 4.0 and of Bing Image Search v7, "
    "answered by small open models on this computer. A program that was written for one of these services works with "
    "this one when it is given this address and the key of this service."
)


@cache
def document() -> JsonObject:
    """The OpenAPI document. It is the same wherever the service is: its paths count from the document's own host.

    >>> document()["paths"]["/vision/v3.2/ocr"]["post"]["x-limits"]["maxSide"]
    4199
    """
    paths: JsonObject = {}
    for version in protocol.TABLE.values():
        paths |= _vision_paths(version)
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Vision and image search on this computer",
            "version": "1",
            "description": ABOUT,
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": {**paths, **_v4_paths(), **_bing_paths()},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": headers.KEY}},
        },
    }


# --- Computer Vision


def _vision_paths(version: Version) -> JsonObject:
    language = _query(
        "language", _one_of(version.languages), "The language of the answer.", missing=_unsaid(version.languages)
    )
    exclude = [_list("descriptionExclude", protocol.DETAILS)] if version.exclude else []
    details = _list("details", protocol.DETAILS, protocol.DETAILS)
    model = [_model_version()] if version.model_version else []
    side = {"type": "integer", "minimum": 1, "maximum": version.max_thumbnail_side}
    candidates = {"type": "integer", "minimum": 1, "maximum": protocol.MAX_CANDIDATES, "default": 1}
    unread = sorted(UNREAD_LANGUAGES)
    operations: dict[str, tuple[str, list[JsonObject], JsonObject]] = {
        "analyze": (
            "Look at a picture: what is in it, which colours it has, and a sentence about it.",
            [
                _list("visualFeatures", version.features, {"Brands"} & set(version.features)),
                details,
                language,
                *exclude,
                *model,
            ],
            _json("ImageAnalysis"),
        ),
        "describe": (
            "Say in a sentence what a picture shows.",
            [_query("maxCandidates", candidates, "At most so many captions."), language, *exclude, *model],
            _json("ImageDescription"),
        ),
        "tag": ("List words for what a picture shows.", [language, *model], _json("TagResult")),
        "detect": ("Find things, and where they are.", model, _json("DetectResult")),
        "areaOfInterest": ("Find the part of a picture that matters most.", model, _json("AreaOfInterestResult")),
        "generateThumbnail": (
            "Make a small copy of a picture.",
            [
                _query("width", side, "In pixels.", required=True),
                _query("height", side, "In pixels.", required=True),
                _query("smartCropping", _flag(False), "Keep the part that matters where the proportions differ."),
                *model,
            ],
            {"image/jpeg": {"schema": {"type": "string", "contentMediaType": "image/jpeg"}}},
        ),
        "models/{model}/analyze": (
            "Ask for celebrities or landmarks. This computer knows none, and says so with an empty list.",
            [_in_path("model", _one_of(protocol.MODELS)), language, *model],
            _json("DomainModelResults"),
        ),
        "ocr": (
            "Read printed text, word for word, with a box around each.",
            [
                _query(
                    "language",
                    _one_of(protocol.OCR_LANGUAGES),
                    "The language of the text; unk: find it out.",
                    missing=unread,
                ),
                _query("detectOrientation", _flag(True), "Turn the picture upright first."),
                *model,
            ],
            _json("OcrResult"),
        ),
    }
    new = ("detect", "areaOfInterest")
    paths: JsonObject = {
        _path(version, name): {"post": _on_picture(version, name, *parts)}
        for name, parts in operations.items()
        if version.objects or name not in new
    }
    paths[_path(version, "models")] = {
        "get": _operation(version, "models", "List the models for celebrities and landmarks.", [], {
            "200": _answer(_json("ListModelsResult")), **_errors(version)
        })
    }  # fmt: skip
    return {**paths, **_reading_paths(version, model)}


def _reading_paths(version: Version, model: list[JsonObject]) -> JsonObject:
    if version.text_operation == "read/analyze":
        missing = sorted(reading.UNREAD_LANGUAGES & set(version.read_languages))
        parameters = [
            _query(
                "language",
                _one_of(version.read_languages),
                "The language of the text; best left out.",
                missing=missing,
            )
        ]
        if version.model_version:
            orders = _one_of(protocol.READING_ORDERS)
            parameters += [_query("pages", TEXT, "Which pages, such as 1,3-5."), _query("readingOrder", orders), *model]
        return _later(
            version, "read/analyze", version.result_path, parameters, "ReadOperationResult", "text of any kind"
        )
    mode = (
        _query("mode", _one_of(protocol.MODES), "The kind of text.", required=True)
        if version.text_mode == "mode"
        else _query(version.text_mode, _flag(False), "Is the text written by hand?")
    )
    paths = _later(
        version, "recognizeText", version.result_path, [mode], "TextOperationResult", "the text in a picture"
    )
    if version.batch_read:
        name, result = "read/core/asyncBatchAnalyze", "read/operations"
        paths |= _later(version, name, result, [], "BatchReadOperationResult", "a document")
    return paths


def _later(
    version: Version, name: str, result: str, parameters: list[JsonObject], schema: str, what: str
) -> JsonObject:
    """An operation that answers later: where it starts, and where its result is asked for."""
    location = _header(f"Where to ask for the result: ask until it says {version.status('Succeeded')}.")
    started = {"description": "Started.", "headers": {headers.OPERATION_LOCATION: location, **_HEADERS}}
    start = _on_picture(
        version, name, f"Start to read {what}. The result is asked for later.", parameters, {}, forms=False
    )
    start["responses"] = {"202": started, **_errors(version, read="read" in name)}
    ask = _operation(
        version,
        f"{result}/result",
        "Ask for the result.",
        [_in_path("id", TEXT)],
        {"200": _answer(_json(schema)), **_errors(version, read="read" in name)},
    )
    return {_path(version, name): {"post": start}, _path(version, f"{result}/{{id}}"): {"get": ask}}


def _on_picture(
    version: Version, name: str, summary: str, parameters: list[JsonObject], content: JsonObject, forms: bool = True
) -> JsonObject:
    limits = protocol.LIMITS.get(name, protocol.ANALYZE)
    responses = {"200": _answer(content), **_errors(version)}
    return {
        **_operation(version, name, summary, parameters, responses),
        "requestBody": _picture(forms),
        "x-limits": _limits(limits),
    }


def _operation(
    version: Version, name: str, summary: str, parameters: list[JsonObject], responses: JsonObject
) -> JsonObject:
    return {
        "tags": [f"Computer Vision {version.name}"],
        "operationId": f"{version.name}_{name}".replace("/", "_").replace("{", "").replace("}", ""),
        "summary": summary,
        "deprecated": version.name in protocol.RETIRED,
        "parameters": parameters,
        "responses": responses,
    }


def _path(version: Version, name: str) -> str:
    return addresses.vision_url("", version.name, name)


def _unsaid(languages: Iterable[str]) -> list[str]:
    """Languages in which the models here say nothing."""
    return [code for code in languages if ALIKE.get(code, code) not in LANGUAGES]


def _model_version() -> JsonObject:
    schema = {"type": "string", "pattern": f"^{protocol.MODEL_VERSION}$", "default": "latest"}
    return _query("model-version", schema, "Any value is accepted. The answer comes from the models of this computer.")


# --- Image Analysis 4.0


def _v4_paths() -> JsonObject:
    least, most = v4.ASPECT_RATIOS
    operation = {
        "tags": [f"Image Analysis {v4.NAME}"],
        "operationId": f"{v4.NAME}_analyze",
        "summary": "Everything about a picture at once: captions, tags, things, people, text, crops.",
        "parameters": [
            _query("api-version", _one_of(v4.API_VERSIONS), "The version of 4.0.", required=True),
            {**_list("features", v4.FEATURES), "required": True},
            _query("language", _one_of(v4.LANGUAGES), "Captions are in English only.", missing=_unsaid(v4.LANGUAGES)),
            _query("gender-neutral-caption", _flag(False), "Captions here never tell anyone's gender."),
            _query("smartcrops-aspect-ratios", TEXT, f"Width : height of each crop, from {least} to {most}."),
            _model_version(),
        ],
        "requestBody": _picture(forms=False),
        "responses": {"200": _answer(_json("ImageAnalysisResult")), **_failed("NestedError", "GatewayError")},
        "x-limits": _limits(v4.LIMITS),
    }
    return {addresses.vision_v4_url("", v4.OPERATION): {"post": operation}}


# --- Bing Image Search


def _bing_paths() -> JsonObject:
    market = [
        _query("mkt", {"type": "string", "pattern": f"^{bing.MARKET}$"}, "Language and country, such as en-US."),
        _query("cc", TEXT, "A country; not together with mkt."),
        _query("safeSearch", _one_of(bing.SAFE_SEARCH)),
        _query("setLang", TEXT),
    ]
    words = {"type": "string", "maxLength": bing.MAX_QUERY}
    numbers = [_query(name, COUNT) for name in bing_query.NUMBERS]
    search = [
        _query("q", words, "What to look for.", required=True),
        _query("count", {"type": "integer", "minimum": 1, "default": bing.DEFAULT_COUNT}, f"{bing.MAX_COUNT} at most."),
        _query("offset", {**COUNT, "default": 0}, "How many to leave out at the beginning."),
        _query("license", _one_of(bing.LICENSES)),
        _query("imageType", _one_of(bing.IMAGE_TYPES)),
        _query("size", _one_of(bing.SIZES)),
        _query("aspect", _one_of(bing.ASPECTS)),
        _query("color", _one_of(bing.COLORS)),
        _query("freshness", _one_of(bing.FRESHNESS)),
        _query("imageContent", _one_of(bing.IMAGE_CONTENT), missing=list(bing.IMAGE_CONTENT)),
        _query("id", TEXT, "The picture to put first."),
        *numbers,
        *market,
    ]
    details = [
        _query("insightsToken", TEXT, "From a search: which picture."),
        _query("id", TEXT, "Its id, in place of the token."),
        _list("modules", bing.MODULES),
        *market,
    ]
    paths: JsonObject = {}
    for where in addresses.SEARCH_PATHS:
        paths[where] = {"get": _search(where, "Find pictures with words.", search, _json("Images"))}
    for where in addresses.DETAILS_PATHS:
        paths[where] = {"get": _search(where, "What is known of one picture.", details, _json("ImageInsights"))}
    for where in addresses.TRENDING_PATHS:
        paths[where] = {"get": _search(where, "Some searches to begin with.", market, _json("TrendingImages"))}
    side = {"type": "integer", "minimum": 1, "maximum": bing.MAX_THUMBNAIL_SIDE}
    small = [
        _query("id", TEXT, "The picture."),
        _query("q", words, "Words, in place of an id: the picture that fits them best."),
        _query("w", side, "Width in pixels."),
        _query("h", side, "Height in pixels."),
        _query("c", COUNT, "0 keeps the proportions; else the picture is cut to fill the frame."),
        _query("pid", TEXT, "Ignored."),
    ]
    picture = {kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in ("image/jpeg", "image/png")}
    content = f"{addresses.CONTENT_PATH}/{{id}}"
    paths[addresses.THUMBNAIL_PATH] = {
        "get": {**_search(addresses.THUMBNAIL_PATH, "A small copy of a picture.", small, picture), "security": []}
    }
    paths[content] = {
        "get": {**_search(content, "A picture as it is.", [_in_path("id", TEXT)], picture), "security": []}
    }
    return paths


def _search(where: str, summary: str, parameters: list[JsonObject], content: JsonObject) -> JsonObject:
    return {
        "tags": ["Bing Image Search v7"],
        "operationId": where.strip("/").replace("/", "_").replace("{", "").replace("}", ""),
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": _answer(content), **_failed("BingError", "GatewayError")},
    }


# --- what all operations share


def _picture(forms: bool) -> JsonObject:
    """The body of a request that brings or names a picture."""
    data = {"type": "string", "format": "binary"}
    content: JsonObject = {
        headers.JSON: {"schema": ref("ImageUrl")},
        headers.BYTES: {"schema": data},
    }
    if forms:
        content[headers.FORM] = {"schema": {"type": "object", "properties": {"file": data}}}
    return {"required": True, "content": content}


def _limits(limits: Limits) -> JsonObject:
    """Which pictures an operation takes: sides in pixels from ``minSide`` to ``maxSide``, ``maxPixels`` in all."""
    return {
        "formats": list(limits.formats),
        "bytesBelow": limits.max_bytes,
        "minSide": limits.min_side,
        "maxSide": limits.max_side,
        "maxPixels": limits.max_pixels or uploads.MOST_PIXELS,
    }


def _query(
    name: str, schema: JsonObject, description: str = "", required: bool = False, missing: Iterable[str] = ()
) -> JsonObject:
    parameter: JsonObject = {"name": name, "in": "query", "required": required, "schema": schema}
    if description:
        parameter["description"] = description
    if missing:
        parameter["x-not-known-here"] = list(missing)
    return parameter


def _list(name: str, words: Iterable[str], missing: Iterable[str] = ()) -> JsonObject:
    """Several of these words, with commas between them."""
    schema = {"type": "array", "items": _one_of(words)}
    return {**_query(name, schema, missing=missing), "style": "form", "explode": False}


def _in_path(name: str, schema: JsonObject) -> JsonObject:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _one_of(words: Iterable[str]) -> JsonObject:
    return {"type": "string", "enum": list(words)}


def _flag(default: bool) -> JsonObject:
    return {"type": "boolean", "default": default}


def _json(name: str) -> JsonObject:
    return {headers.JSON: {"schema": ref(name)}}


def _header(description: str) -> JsonObject:
    return {"description": description, "schema": TEXT}


_HEADERS = {
    headers.SOURCE: _header("Where the answer comes from, and which models gave it."),
    headers.REQUEST_ID: _header("A name of this answer."),
}


def _answer(content: JsonObject) -> JsonObject:
    return {"description": "Done.", "headers": _HEADERS, "content": content}


def _errors(version: Version, read: bool = False) -> JsonObject:
    """What a version answers to a mistake: see `errors`."""
    service = "NestedError" if version.nested_errors and not read else "FlatError"
    old = version.text_operation == "recognizeText"
    return _failed(service, *(("OldGatewayError", "GatewayError") if old else ("GatewayError",)))


def _failed(*names: str) -> JsonObject:
    schema = {"anyOf": [ref(name) for name in names]}
    description = (
        "A mistake in the request (400, 404, 415), a wrong or missing key (401), too many calls (429, with "
        f"{headers.RETRY_AFTER}), or a service that is busy (503)."
    )
    return {"default": {"description": description, "content": {headers.JSON: {"schema": schema}}}}
