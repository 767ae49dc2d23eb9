"""What the services take, held against extracts from Microsoft's specifications and reference pages.

The numbers and words here are typed from there, not imported: a slip in the tables would otherwise prove itself.
"""

from __future__ import annotations

import re

import pytest
import requests

from cvhelpers.clients.vision import VisionClient
from cvhelpers.protocol import addresses, bing, headers, vision
from cvhelpers.session import connect
from cvhelpers.sources.base import Source, only_fetches
from cvhelpers.sources.keys import may_have_key

# --- Computer Vision: the operations of each version ---------------------------------------------------------

OPERATIONS = {
    "v1.0": "analyze describe generateThumbnail models ocr recognizeText tag",
    "v2.0": "analyze areaOfInterest describe detect generateThumbnail models ocr read/core/asyncBatchAnalyze "
    "recognizeText tag",
    "v2.1": "analyze areaOfInterest describe detect generateThumbnail models ocr read/core/asyncBatchAnalyze "
    "recognizeText tag",
    "v3.0": "analyze areaOfInterest describe detect generateThumbnail models ocr read/analyze tag",
    "v3.1": "analyze areaOfInterest describe detect generateThumbnail models ocr read/analyze tag",
    "v3.2": "analyze areaOfInterest describe detect generateThumbnail models ocr read/analyze tag",
}
"""The paths of the specifications of v1.0 to v3.2; under "models" stands POST models/{model}/analyze."""


def test_the_versions_are_those_of_the_specifications():
    assert list(vision.TABLE) == list(vision.VERSIONS) == list(OPERATIONS)
    assert all(version.name == name for name, version in vision.TABLE.items())
    assert vision.RETIRED == ("v1.0", "v2.0", "v2.1", "v3.0", "v3.1"), "v3.2 is the one that is alive"


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_version_has_its_operations(name):
    specified, version = set(OPERATIONS[name].split()), vision.TABLE[name]
    assert version.objects is ("detect" in specified) is ("areaOfInterest" in specified)
    assert version.batch_read is ("read/core/asyncBatchAnalyze" in specified)
    assert version.text_operation in specified
    assert {"recognizeText": "textOperations", "read/analyze": "read/analyzeResults"}[version.text_operation] == (
        version.result_path
    )


def test_every_operation_that_takes_a_picture_has_limits():
    specified = {name for names in OPERATIONS.values() for name in names.split()} - {"models"}
    assert set(vision.LIMITS) == specified | {"models/celebrities/analyze", "models/landmarks/analyze"}


@pytest.mark.parametrize(
    ("versions", "what", "value"),
    [
        ("v1.0 v2.0", "black_and_white", ("isBwImg",)),
        ("v2.1 v3.0 v3.1 v3.2", "black_and_white", ("isBwImg", "isBWImg")),
        ("v1.0 v2.0", "exclude", False),
        ("v2.1 v3.0 v3.1 v3.2", "exclude", True),
        ("v1.0 v2.0 v2.1 v3.0 v3.1", "model_version", False),
        ("v3.2", "model_version", True),
        ("v1.0 v2.0 v2.1 v3.0 v3.1", "nested_errors", False),
        ("v3.2", "nested_errors", True),
    ],
)
def test_what_one_version_has_and_another_has_not(versions, what, value):
    for name in versions.split():
        assert getattr(vision.TABLE[name], what) == value, name


# --- its words -----------------------------------------------------------------------------------------------

OLD_FEATURES = "ImageType Faces Adult Categories Color Tags Description"
ANALYZE_LANGUAGES_OF_V3_2 = """
    ar az bg bs ca cs cy da de el en es et eu fi fr ga gl he hi hr hu id it ja kk ko lt lv mk ms nb nl pl
    prs pt pt-BR pt-PT ro ru sk sl sr-Cyrl sr-Latn sv th tr uk vi zh zh-Hans zh-Hant
"""
OCR_LANGUAGES = """
    unk zh-Hans zh-Hant cs da nl en fi fr de el hu it ja ko nb pl pt ru es sv tr ar ro sr-Cyrl sr-Latn sk
"""
READ_LANGUAGES_OF_V3_2 = """
    af ast bi br ca ceb ch co crh cs csb da de en es et eu fi fil fj fr fur fy ga gd gil gl gv hni hsb ht hu
    ia id it iu ja jv kaa kac kea kha kl ko ku kw lb ms mww nap nl no oc pl pt quc rm sco sl sq sv sw tet tr
    tt uz vo wae yua za zh-Hans zh-Hant zu
"""


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_words_of_each_version(name):
    version = vision.TABLE[name]
    new = "" if name == "v1.0" else " Objects Brands"
    assert sorted(version.features) == sorted((OLD_FEATURES + new).split())
    languages = ANALYZE_LANGUAGES_OF_V3_2 if name == "v3.2" else "en es ja pt zh"
    assert sorted(version.languages) == sorted(languages.split())
    read = {"v3.0": "de en es fr it nl pt", "v3.1": "de en es fr it nl pt", "v3.2": READ_LANGUAGES_OF_V3_2}
    assert sorted(version.read_languages) == sorted(read.get(name, "").split())


def test_the_words_of_all_versions():
    assert set(vision.OCR_LANGUAGES) == set(OCR_LANGUAGES.split())
    assert len(vision.OCR_LANGUAGES) == 27
    assert vision.DETAILS == ("Celebrities", "Landmarks")
    assert vision.MODES == ("Handwritten", "Printed")
    assert vision.READING_ORDERS == ("basic", "natural")
    assert vision.STATUSES == ("NotStarted", "Running", "Failed", "Succeeded")
    assert vision.MODELS == {"celebrities": ("people_",), "landmarks": ("building_",)}


@pytest.mark.parametrize(("text", "is_one"), [
    ("latest", True), ("2021-04-12", True), ("2022-01-30-preview", True), ("latest-preview", True),
    ("newest", False), ("2021-4-12", False), ("", False), ("latest ", False),
])  # fmt: skip
def test_a_model_version(text, is_one):
    assert (re.fullmatch(vision.MODEL_VERSION, text) is not None) is is_one


def test_no_word_stands_twice():
    lists = [vision.FEATURES, vision.OCR_LANGUAGES, bing.LICENSES, bing.IMAGE_TYPES, bing.SIZES, bing.COLORS]
    lists += [version.languages for version in vision.TABLE.values()]
    lists += [version.read_languages for version in vision.TABLE.values()]
    for words in lists:
        assert len(words) == len(set(words))


# --- its limits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operations", "formats", "min_side", "max_side", "max_pixels"),
    [
        ("analyze describe tag detect areaOfInterest generateThumbnail", "JPEG PNG GIF BMP", 50, 15_999, None),
        ("models/celebrities/analyze models/landmarks/analyze", "JPEG PNG GIF BMP", 50, 15_999, None),
        ("ocr", "JPEG PNG GIF BMP", 50, 4199, 10_000_000),
        ("recognizeText", "JPEG PNG BMP", 50, 4199, None),
        ("read/analyze read/core/asyncBatchAnalyze", "JPEG PNG BMP TIFF", 50, 10_000, None),
    ],
)
def test_the_limits_of_a_picture(operations, formats, min_side, max_side, max_pixels):
    for operation in operations.split():
        limits = vision.LIMITS[operation]
        assert list(limits.formats) == formats.split()
        assert (limits.min_side, limits.max_side, limits.max_pixels) == (min_side, max_side, max_pixels)
        assert limits.max_bytes == 4_194_304, "4 MB, and smaller than that"


def test_the_limits_of_a_thumbnail():
    assert vision.MAX_THUMBNAIL_SIDE == bing.MAX_THUMBNAIL_SIDE == 1024


# --- Bing Image Search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "specified"),
    [
        (bing.LICENSES, "All Any Public Share ShareCommercially Modify ModifyCommercially"),
        (bing.IMAGE_TYPES, "AnimatedGif AnimatedGifHttps Clipart Line Photo Shopping Transparent"),
        (bing.SIZES, "All Small Medium Large Wallpaper"),
        (bing.ASPECTS, "All Square Wide Tall"),
        (
            bing.COLORS,
            "ColorOnly Monochrome Black Blue Brown Gray Green Orange Pink Purple Red Teal White Yellow",
        ),
        (bing.SAFE_SEARCH, "Off Moderate Strict"),
        (bing.FRESHNESS, "Day Week Month"),
        (bing.IMAGE_CONTENT, "Face Portrait"),
    ],
)
def test_the_words_of_the_image_search(words, specified):
    assert list(words) == specified.split()


def test_the_numbers_of_the_image_search():
    assert (bing.DEFAULT_COUNT, bing.MAX_COUNT) == (35, 150)
    assert list(bing.FRESHNESS.values()) == [1, 7, 31]


# --- headers -------------------------------------------------------------------------------------------------


def test_the_headers_are_spelt_as_the_services_spell_them():
    assert headers.KEY == "Ocp-Apim-Subscription-Key"
    assert headers.OPERATION_LOCATION == "Operation-Location"
    assert headers.RETRY_AFTER == "Retry-After"
    assert headers.REQUEST_ID == "apim-request-id"
    assert (headers.TRACE_ID, headers.MARKET) == ("BingAPIs-TraceId", "BingAPIs-Market")
    assert headers.ERROR_CODE == "x-ms-error-code"
    assert (headers.JSON, headers.BYTES, headers.FORM) == (
        "application/json", "application/octet-stream", "multipart/form-data",
    )  # fmt: skip


# --- addresses -----------------------------------------------------------------------------------------------

REGION = "https://westus.api.cognitive.microsoft.com"
OPERATION = ["/vision/v2.0/analyze", "/vision/v1.0/models", "/bing/v7.0/images/search", "/v7.0/images/search",
             "/bing/v7.0/images/details", "/v7.0/images/details", "/bing/v7.0/images/trending",
             "/v7.0/images/trending"]  # fmt: skip
SHOWN = ["/th", "/bing/v7.0/images/content/a.png"]
ELSEWHERE = ["/", "/cat.jpg", "/thumbnail", "/the-cat.jpg", "/th/cat.jpg", "/thx", "/visions/cat.jpg", "/my/vision/a",
             "/bing/v7.0/images/contents/a", "/bing/v7.0/images/content", "/bing/", "/v7.0/"]  # fmt: skip
SERVICE_HOSTS = ["westus.api.cognitive.microsoft.com", "api.cognitive.microsoft.com", "api.bing.microsoft.com",
                 "mine.cognitiveservices.azure.com", "WestUS.API.cognitive.microsoft.com"]  # fmt: skip
OTHER_HOSTS = ["www.example.org", "cognitiveservices.azure.com", "evilcognitiveservices.azure.com",
               "a.b.cognitiveservices.azure.com", "westus.api.cognitive.microsoft.com.evil.example",
               "westusXapi.cognitive.microsoft.com", "api.bing.microsoft.com:8443", "tse1.mm.bing.net", ""]  # fmt: skip


@pytest.mark.parametrize("host", SERVICE_HOSTS)
@pytest.mark.parametrize("path", OPERATION + SHOWN)
def test_these_addresses_are_a_service_s(host, path):
    assert Source().is_service(f"https://{host}{path}?q=a")
    assert Source().needs_key(f"https://{host}{path}") is (path in OPERATION)


@pytest.mark.parametrize("host", OTHER_HOSTS)
@pytest.mark.parametrize("path", OPERATION + SHOWN)
def test_no_address_at_another_host_is(host, path):
    """An ordinary picture may lie in a folder named "vision"."""
    assert not Source().is_service(f"https://{host}{path}")
    assert not Source().needs_key(f"https://{host}{path}")


@pytest.mark.parametrize("path", ELSEWHERE)
def test_no_other_path_is(path):
    assert not Source().is_service(REGION + path)


def test_the_endpoint_of_a_client_is_a_service_s_too():
    source = Source()
    source.own_hosts.add("http://127.0.0.1:8000")
    assert source.is_service("http://127.0.0.1:8000/vision/v2.0/ocr")
    assert not source.is_service("http://127.0.0.1:8001/vision/v2.0/ocr")
    assert not source.is_service("https://127.0.0.1:8000/vision/v2.0/ocr")
    assert not source.is_service("http://127.0.0.1:8000/cat.jpg")


def test_a_path_is_read_as_the_characters_that_it_stands_for():
    assert addresses.path_of("https://a.example/it%27s%20a%2Fcat.png?q=%20") == "/it's a/cat.png"
    assert Source().is_service(f"{REGION}/%76ision/v2.0/ocr")


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.example.org/a", "www.example.org"),
        ("https://ada:secret@www.example.org:8000/a", "www.example.org:8000"),
        ("https://ada@b@www.example.org/", "www.example.org"),
        (" http://[::1]:80/", "[::1]:80"),
        ("http://[::1", ""),
        ("cat.jpg", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address(address, host):
    assert addresses.host_of(address) == host


@pytest.mark.parametrize(
    ("method", "sent", "expected"),
    [
        ("GET", {}, True), ("HEAD", {}, True), ("POST", {}, False), ("PUT", {}, False), ("DELETE", {}, False),
        ("GET", {"ocp-apim-subscription-key": "k"}, False),
    ],
)  # fmt: skip
def test_what_only_fetches_something(method, sent, expected):
    assert only_fetches(requests.Request(method, "https://a.example", sent).prepare()) is expected


@pytest.mark.parametrize(
    ("url", "endpoint", "may"),
    [
        ("http://127.0.0.1:80/a", "http://127.0.0.1:80", True),
        ("HTTP://127.0.0.1:80/a", "http://127.0.0.1:80", True),
        ("http://127.0.0.1:81/a", "http://127.0.0.1:80", False),
        ("https://127.0.0.1:80/a", "http://127.0.0.1:80", False),
        (f"{REGION}/a", "https://mine.cognitiveservices.azure.com", True),
        (f"{REGION}/a".replace("https", "http"), "https://mine.cognitiveservices.azure.com", False),
        (f"{REGION}/a", "https://mine.example.org", False),
        ("https://evil.example/a", REGION, False),
        ("", "http://127.0.0.1:80", False),
    ],
)
def test_where_a_key_may_go(url, endpoint, may):
    assert may_have_key(url, endpoint) is may


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_client_speaks_every_version(name):
    vision_client = VisionClient(connect("recorded"), api_version=name)
    assert vision_client.url("ocr") == f"https://westcentralus.api.cognitive.microsoft.com/vision/{name}/ocr"
