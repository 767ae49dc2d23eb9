"""Bing Image Search v7, through both doors."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import PIL.Image
import pytest
import requests

from cvhelpers.ondevice.service import bing_answers

from . import schemas
from .conftest import Service
from .fakes import FakeLibrary, file_of

SEARCH = "/bing/v7.0/images/search"


def refusal(answer: requests.Response) -> tuple[int, str, str]:
    """Status, code with sub-code, and the parameter that was wrong."""
    jsonschema.validate(answer.json(), schemas.BING_ERROR)
    (error,) = answer.json()["errors"]
    assert all(error.values()), "what there is nothing to say of is left out"
    return answer.status_code, "/".join(filter(None, (error["code"], error.get("subCode")))), error.get("parameter", "")


@pytest.mark.parametrize("path", [SEARCH, "/v7.0/images/search"])
def test_search_at_the_old_and_at_the_new_address(service: Service, path: str) -> None:
    answer = service.get(f"{path}?q=red+puppies&license=public&imageType=photo")
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), schemas.IMAGES)
    assert len(answer.json()["value"]) == 20
    assert answer.json()["queryContext"] == {"originalQuery": "red puppies"}
    assert re.fullmatch("[0-9A-F]{32}", answer.headers["BingAPIs-TraceId"])


def test_a_search_says_how_to_go_on(service: Service) -> None:
    """The fake library knows "dogs" as a related word and "animal" as a broader one."""
    answer = service.get(f"{SEARCH}?q=red+puppies").json()
    (narrower,), (related,), (broader,) = (
        answer[name] for name in ("queryExpansions", "relatedSearches", "similarTerms")
    )
    assert (narrower["text"], narrower["displayText"]) == ("red puppies dogs", "dogs")
    assert (related["text"], broader["text"]) == ("dogs", "animal")
    suggestions = {
        pivot["pivot"]: [one["text"] for one in pivot["suggestions"]] for pivot in answer["pivotSuggestions"]
    }
    assert suggestions == {"red": ["dogs puppies"], "puppies": ["red dogs"]}

    assert service.get(related["searchLink"]).json()["queryContext"] == {"originalQuery": "dogs"}
    small = service.get(related["thumbnail"]["thumbnailUrl"], key=None)
    assert (small.status_code, small.headers["Content-Type"]) == (200, "image/jpeg")


def test_an_answer_says_that_it_is_one_to_a_broader_word(
    service: Service, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "warnings" not in service.get(f"{SEARCH}?q=bird").json()
    monkeypatch.setattr(library, "instead", ("bird",))
    answer = service.get(f"{SEARCH}?q=sparrow").json()
    jsonschema.validate(answer, schemas.IMAGES)
    assert answer["warnings"] == [
        'No picture is described with "sparrow". These pictures were found with another word: "bird".'
    ]
    assert "warnings" not in service.get(f"{SEARCH}?q=nothing").json(), "no pictures, so none with a broader word"


def test_an_answer_says_which_spelling_was_searched_for_and_goes_on_with_it(
    service: Service, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "corrected", "puppies")
    answer = service.get(f"{SEARCH}?q=pupies").json()
    assert answer["queryContext"] == {"originalQuery": "pupies", "alteredQuery": "puppies"}
    assert answer["queryExpansions"][0]["text"] == "puppies dogs"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("", "en-US"),
        ("mkt=de-DE", "de-DE"),
        ("mkt=de-DE%0d%0aX:1", "en-US"),
        ("mkt=%E4%B8%AD", "en-US"),
        ("mkt=", "en-US"),
    ],
)
def test_the_answer_names_the_market(service: Service, asked: str, answered: str) -> None:
    """A header holds what looks like a market, and nothing else."""
    answer = service.get(f"{SEARCH}?q=grey&{asked}")
    assert (answer.status_code, answer.headers["BingAPIs-Market"]) == (200, answered)
    assert "X" not in answer.headers


# --- one picture, and what is trending


@pytest.mark.parametrize("base", ["/bing/v7.0/images", "/v7.0/images"])
def test_details_of_a_picture_by_its_token(service: Service, base: str, library: FakeLibrary) -> None:
    found = service.get(f"{SEARCH}?q=grey&count=1").json()["value"][0]
    answer = service.get(f"{base}/details?q=grey&insightsToken={found['imageInsightsToken']}&modules=All").json()
    jsonschema.validate(answer, schemas.INSIGHTS)
    assert answer["imageInsightsToken"] == found["imageInsightsToken"]
    assert answer["imageCaption"]["caption"] == found["name"]
    assert answer["imageTags"] == {"value": [{"name": "grey"}]}
    assert answer["pagesIncluding"]["value"] == [found]
    similar = [one["imageId"] for one in answer["visuallySimilarImages"]["value"]]
    assert len(similar) == 12
    assert found["imageId"] not in similar
    assert library.asked is not None
    asked = library.asked
    assert (asked.image_type, asked.text, asked.color) == ("Photo", f"{found['name']} grey", None), "grey has no colour"
    assert found["hostPageDisplayUrl"] == "example.org/grey"


def test_details_has_the_parts_that_were_asked_for(service: Service, library: FakeLibrary) -> None:
    name = next(iter(library.contents))
    answer = service.get(f"/v7.0/images/details?id={name}&modules=Tags,caption").json()
    assert set(answer) == {"_type", "imageInsightsToken", "imageTags", "imageCaption"}
    nothing = service.get(f"/v7.0/images/details?id={name}&modules=Recipes").json()
    assert set(nothing) == {"_type", "imageInsightsToken"}  # no recipes are known, and none are made up


def test_details_of_nothing(service: Service) -> None:
    missing = service.get("/bing/v7.0/images/details?q=grey")
    assert refusal(missing) == (400, "InvalidRequest/ParameterMissing", "insightsToken")
    wrong = service.get("/bing/v7.0/images/details?id=x&modules=Everything")
    assert refusal(wrong)[:2] == (400, "InvalidRequest/ParameterInvalidValue")
    assert refusal(service.get("/bing/v7.0/images/details?id=x&safeSearch=Maybe"))[2] == "safeSearch"
    assert service.get("/bing/v7.0/images/details?id=unknown").status_code == 404
    assert service.get("/bing/v7.0/images/details?id=unknown", key=None).status_code == 401


@pytest.mark.parametrize("path", ["/bing/v7.0/images/trending", "/v7.0/images/trending"])
def test_trending_shows_searches_with_a_picture_each(service: Service, path: str) -> None:
    answer = service.get(f"{path}?mkt=en-US").json()
    jsonschema.validate(answer, schemas.TRENDING)
    tiles = [tile for category in answer["categories"] for tile in category["tiles"]]
    assert len(tiles) >= 16
    assert service.get(tiles[0]["query"]["searchLink"]).json()["value"][0] == tiles[0]["image"]
    assert service.get(path, key=None).status_code == 401


def test_a_search_that_finds_nothing_is_no_trend(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bing_answers, "TRENDING", {"A title": ("nothing", "cats")})
    ((tile,),) = (category["tiles"] for category in service.get("/v7.0/images/trending").json()["categories"])
    assert tile["query"]["text"] == "cats"


def test_an_answer_without_a_picture_is_an_answer(service: Service) -> None:
    answer = service.get(f"{SEARCH}?q=nothing")
    jsonschema.validate(answer.json(), schemas.IMAGES)
    assert (answer.json()["value"], answer.json()["totalEstimatedMatches"]) == ([], 0)


def test_pages_follow_one_another_without_repeats(service: Service) -> None:
    first = service.get(f"{SEARCH}?q=grey&count=7").json()
    second = service.get(f"{SEARCH}?q=grey&count=7&offset={first['nextOffset']}").json()
    assert second["currentOffset"] == 7
    assert not {one["imageId"] for one in first["value"]} & {one["imageId"] for one in second["value"]}
    last = service.get(f"{SEARCH}?q=grey&offset={first['totalEstimatedMatches'] - 1}").json()
    assert len(last["value"]) == 1
    assert "nextOffset" not in last


def test_every_filter_reaches_the_library(service: Service, library: FakeLibrary) -> None:
    filters: dict[str, Any] = {
        "license": "modifycommercially", "imageType": "clipart", "size": "large", "aspect": "tall", "color": "red",
        "minWidth": 100, "maxWidth": 900, "height": 300, "minFileSize": 10, "maxFileSize": 520192, "id": "a" * 40,
        "freshness": "Week", "count": 12, "offset": 3, "safeSearch": "Strict", "mkt": "de-DE", "unheard": "of",
    }  # fmt: skip
    assert service.get(SEARCH, params={"q": " something to drink ", **filters}).status_code == 200
    asked = library.asked
    assert asked is not None
    assert (asked.text, asked.count, asked.offset) == ("something to drink", 12, 3)
    assert (asked.license, asked.image_type, asked.size, asked.aspect, asked.color) == (
        "ModifyCommercially", "Clipart", "Large", "Tall", "Red",
    )  # fmt: skip
    assert (asked.min_width, asked.max_width, asked.height) == (100, 900, 300)
    assert (asked.min_file_size, asked.max_file_size, asked.first) == (10, 520192, "a" * 40)
    assert asked.published_since == datetime.now(UTC).date() - timedelta(days=7)


def test_more_than_150_are_not_given_at_once(service: Service, library: FakeLibrary) -> None:
    assert service.get(f"{SEARCH}?q=grey&count=1000").status_code == 200
    assert library.asked is not None
    assert library.asked.count == 150


@pytest.mark.parametrize("query", ["", "q=", "q=%20%20", "count=3"])
def test_a_search_needs_a_query(service: Service, query: str) -> None:
    answer = service.get(f"{SEARCH}?{query}")
    assert refusal(answer) == (400, "InvalidRequest/ParameterMissing", "q")
    assert answer.json()["errors"][0]["message"] == "Required parameter is missing."


@pytest.mark.parametrize(
    ("name", "value"),
    [("count", "0"), ("count", "many"), ("count", "-1"), ("offset", "-1"), ("offset", "9" * 40), ("license", "Free"),
     ("imageType", "Painting"), ("size", "Huge"), ("aspect", "Round"), ("color", "Mauve"), ("freshness", "Year"),
     ("safeSearch", "Maybe"), ("minWidth", "wide"), ("imageContent", "Face"), ("count", "１２"), ("q", "grey " * 41)],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_parameter(service: Service, name: str, value: str) -> None:
    answer = service.get(SEARCH, params={"q": "grey", name: value})
    assert refusal(answer) == (400, "InvalidRequest/ParameterInvalidValue", name)
    assert answer.json()["errors"][0]["value"] == value


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("width=5&minWidth=2", "width"), ("mkt=en-US&cc=US", "cc"), ("height=1&maxHeight=2", "height")],
)
def test_parameters_that_exclude_each_other(service: Service, query: str, parameter: str) -> None:
    answer = service.get(f"{SEARCH}?q=grey&{query}")
    assert refusal(answer) == (400, "InvalidRequest/ParameterInvalidValue", parameter)


@pytest.mark.parametrize("key", [None, "wrong"])
def test_a_search_needs_the_key(service: Service, key: str | None) -> None:
    answer = service.get(f"{SEARCH}?q=grey", key=key)
    assert refusal(answer) == (401, "InvalidAuthorization/AuthorizationMissing", "")


def test_thumbnails_and_pictures_need_no_key(service: Service) -> None:
    """The quickstart fetches them with a plain GET, and a browser shows them in an <img>."""
    found = service.get(f"{SEARCH}?q=grey").json()["value"][0]
    small = service.get(found["thumbnailUrl"], key=None)
    whole = service.get(found["contentUrl"], key=None)
    assert (small.status_code, small.headers["Content-Type"]) == (200, "image/jpeg")
    assert PIL.Image.open(io.BytesIO(small.content)).size == (
        found["thumbnail"]["width"],
        found["thumbnail"]["height"],
    )
    assert (whole.status_code, whole.headers["Cache-Control"]) == (200, "max-age=86400")
    assert f"{len(whole.content)} B" == found["contentSize"]


@pytest.mark.parametrize("place", [0, -1])
def test_pictures_are_handed_out_in_formats_that_computer_vision_takes(service: Service, place: int) -> None:
    """The library keeps WebP, which no version ever took. What is transparent stays so."""
    found = service.get(f"{SEARCH}?q=grey").json()["value"][place]
    transparent = place == -1
    for url in (found["thumbnailUrl"], f"{found['thumbnailUrl']}&w=60&h=60", found["contentUrl"]):
        answer = service.get(url, key=None)
        image = PIL.Image.open(io.BytesIO(answer.content))
        assert image.format == ("PNG" if transparent else "JPEG")
        assert answer.headers["Content-Type"] == PIL.Image.MIME[image.format]
        assert image.has_transparency_data == transparent
    assert found["encodingFormat"] == ("png" if transparent else "jpeg")
    assert service.post("/vision/v2.0/tag", answer.content).status_code == 200


def test_a_picture_of_ones_own_is_made_when_someone_asks_for_it(
    service: Service, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be large, and may have changed since the search: nobody says how many bytes it will have."""
    entry = library._entry(library.glass)
    mine = {"path": "/home/me/glass.heic", "source": "file:///home/me/glass.heic", "collection": "me"}
    own = replace(entry, author="", license="", **mine)
    monkeypatch.setattr(library, "_entry", lambda name: own if name == library.glass else entry)
    monkeypatch.setattr(library, "picture", lambda name: (file_of(format="JPEG"), "image/jpeg"))
    first, *_, found = service.get(f"{SEARCH}?q=grey").json()["value"]
    assert "contentSize" not in found
    assert found["webSearchUrl"] == found["hostPageUrl"] == found["contentUrl"], (
        "no browser opens a file of another host"
    )
    assert (found["attribution"], first["attribution"]) == ("me", "A. Painter, Greys, CC0-1.0")
    assert first["hostPageUrl"] == "https://example.org/grey"
    assert found["encodingFormat"] == "jpeg"
    assert service.get(found["contentUrl"], key=None).headers["Content-Type"] == "image/jpeg"
    assert service.get(found["thumbnailUrl"], key=None).headers["Content-Type"] == "image/jpeg"


def test_a_thumbnail_can_be_asked_for_in_a_size(service: Service) -> None:
    found = service.get(f"{SEARCH}?q=grey").json()["value"][0]
    answer = service.get(f"{found['thumbnailUrl']}&w=30&h=20&c=7", key=None)
    assert PIL.Image.open(io.BytesIO(answer.content)).size == (30, 20)
    one_side = service.get(f"{found['thumbnailUrl']}&w=30&c=7", key=None)
    assert PIL.Image.open(io.BytesIO(one_side.content)).size == (30, 20), "nothing to cut to"
    wrong = service.get(f"{found['thumbnailUrl']}&w=0", key=None)
    assert refusal(wrong) == (400, "InvalidRequest/ParameterInvalidValue", "w")


@pytest.mark.parametrize(("cut", "size"), [("&c=7", (30, 60)), ("&c=1", (30, 60)), ("&c=0", (30, 20)), ("", (30, 20))])
def test_a_thumbnail_is_cut_only_where_the_address_says_so(service: Service, cut: str, size: tuple[int, int]) -> None:
    """Without ``c``, or with 0, all of the picture is shown, in its proportions: here 3 to 2. One is transparent."""
    found = service.get("/bing/v7.0/images/search?q=a").json()["value"]
    for one in (found[0], found[-1]):
        answer = service.get(f"{one['thumbnailUrl']}&w=30&h=60{cut}", key=None)
        with PIL.Image.open(io.BytesIO(answer.content)) as image:
            assert image.size == size


@pytest.mark.parametrize(
    "path",
    ["/th", "/th?id=", "/th?q=", "/th?q=nothing", "/th?id=../../etc", "/bing/v7.0/images/content/nothing",
     f"/th?q={'grey+' * 41}"],
)  # fmt: skip
def test_a_picture_that_is_not_there(service: Service, path: str) -> None:
    assert service.get(path, key=None).status_code == 404


def test_an_answer_names_the_library_and_not_the_models_that_had_no_part_in_it(service: Service) -> None:
    answer = service.get(f"{SEARCH}?q=puppies")
    assert answer.headers["Cvhelpers-Source"] == "on-device; cvhelpers picture library 1.0"
