"""Image search on the living web: a request as Bing took it, answered in Bing's shape by Openverse or Commons.

Both services are played on this computer, from their documentation: nothing here has met the real ones.
"""

from __future__ import annotations

import json
import threading

import pytest

from cvhelpers.errors import parse_error_body
from cvhelpers.results import ImageSearchResults
from cvhelpers.sources.deadline import Deadline
from cvhelpers.sources.open_search.answer import FoundPicture, Refusal
from cvhelpers.sources.open_search.commons import Commons
from cvhelpers.sources.open_search.query import WebQuery

from .conftest import Ask, asking
from .playing import World, openverse_picture

QUICKSTART = {"license": "public", "imageType": "photo"}


def test_the_quickstart_s_own_request_gets_sixteen_pictures(ask: Ask) -> None:
    found = ImageSearchResults.from_json(ask(**QUICKSTART).body)
    assert len(found) >= 16
    assert all(image.thumbnail_url.startswith("http") and image.content_url for image in found)


def test_the_quickstart_s_request_becomes_openverse_s_words(ask_openverse: Ask, world: World) -> None:
    ask_openverse(**QUICKSTART)
    assert world.asked[0] == {
        "path": "/v1/images/", "q": "puppies", "page": "1", "page_size": "20", "license": "cc0,pdm",
        "category": "photograph",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parameters", "sent"),
    [
        ({"license": "Share"}, {"license_type": "all-cc"}),
        ({"license": "ShareCommercially"}, {"license_type": "commercial"}),
        ({"license": "Modify"}, {"license_type": "modification"}),
        ({"license": "ModifyCommercially"}, {"license_type": "commercial,modification"}),
        ({"imageType": "Clipart"}, {"category": "illustration"}),
        ({"imageType": "AnimatedGif"}, {"extension": "gif"}),
        ({"aspect": "Tall"}, {"aspect_ratio": "tall"}),
        ({"size": "medium"}, {"size": "medium"}),
        ({"size": "Wallpaper"}, {"size": "large", "aspect_ratio": "wide"}),
        ({"license": "All", "aspect": "All"}, {}),
    ],
)
def test_each_filter_becomes_its_counterpart(
    ask_openverse: Ask, world: World, parameters: dict[str, str], sent: dict[str, str]
) -> None:
    ask_openverse(**parameters)
    base = {"path": "/v1/images/", "q": "puppies", "page": "1", "page_size": "20"}
    assert world.asked[0] == base | sent


@pytest.mark.parametrize("safe", ["Off", "Moderate", "Strict"])
def test_mature_is_never_sent(ask_openverse: Ask, world: World, safe: str) -> None:
    answer = ask_openverse(safeSearch=safe)
    assert answer.status == 200
    assert not any("mature" in asked for asked in world.asked)
    assert any("safeSearch" in warning for warning in answer.body["warnings"]) == (safe == "Off")


@pytest.mark.parametrize("name", ["color", "freshness", "imageContent", "mkt"])
def test_a_filter_without_a_counterpart_is_named_in_the_answer(ask: Ask, name: str) -> None:
    values = {"color": "Red", "freshness": "Week", "imageContent": "Face", "mkt": "en-US"}
    warnings = ask(**{name: values[name]}).body["warnings"]
    assert any(name in warning and "left out" in warning for warning in warnings)
    assert ask().body["warnings"] == []


def test_what_openverse_s_terms_ask_for_is_said(ask_openverse: Ask) -> None:
    assert "Openverse API" in ask_openverse().body["notice"]
    assert "not endorse" in ask_openverse().body["notice"]


def test_pages_of_twenty_are_put_together(ask: Ask, world: World) -> None:
    body = ask(count="50").body
    names = [item["imageId"] for item in body["value"]]
    assert len(names) == len(set(names)) == 50
    assert len(world.asked) == 3
    assert body["nextOffset"] == 50


def test_the_next_page_begins_where_the_last_one_ended(ask: Ask) -> None:
    whole = [item["imageId"] for item in ask(count="40").body["value"]]
    first = ask(count="13").body
    second = ask(count="27", offset=str(first["nextOffset"])).body
    assert [item["imageId"] for item in (*first["value"], *second["value"])] == whole


def test_a_page_may_have_less_than_was_asked_for(ask: Ask, world: World) -> None:
    """A file was deleted, or a link is dead. The next page is asked for all the same, and only once."""
    world.gone = {3, 25}
    first = ask(count="30").body
    assert len(first["value"]) == 30
    assert len(world.asked) == 2
    second = ask(count="30", offset=str(first["nextOffset"])).body
    ids = [one["imageId"] for body in (first, second) for one in body["value"]]
    assert len(set(ids)) == len(ids)


def test_no_picture_after_the_240th_is_asked_for(ask_openverse: Ask, world: World) -> None:
    world.burst = 1000
    offset, seen = 0, 0
    for _ in range(10):
        answer = ask_openverse(count="50", offset=str(offset))
        assert answer.status == 200
        seen += len(answer.body["value"])
        if "nextOffset" not in answer.body:
            break
        offset = answer.body["nextOffset"]
    assert seen == 240
    assert max(int(asked["page"]) for asked in world.asked) == 12


def test_a_small_result_ends_without_a_next_page(ask: Ask, world: World) -> None:
    world.pictures = 7
    body = ask().body
    assert len(body["value"]) == 7
    assert "nextOffset" not in body
    assert body["totalEstimatedMatches"] == 7
    assert (len(world.asked), body["warnings"]) == (1, [])
    world.pictures = 25
    assert ask(offset="20").body["totalEstimatedMatches"] == 25


def test_past_the_last_page_there_is_nothing_and_no_error(ask: Ask, world: World) -> None:
    world.pictures = 7
    answer = ask(offset="60")
    assert answer.status == 200
    assert answer.body["value"] == []


def test_widths_and_sizes_are_filtered_here(ask: Ask) -> None:
    body = ask(minWidth="700", maxWidth="900", count="20").body
    assert body["value"]
    assert all(700 <= item["width"] <= 900 for item in body["value"])


def test_commons_filters_licences_and_shapes_here(ask_commons: Ask) -> None:
    public = ask_commons(license="Public", count="10").body["value"]
    assert {item["creativeCommons"] for item in public} == {"CC0", "Public domain"}
    wide = ask_commons(aspect="Wide", count="10").body["value"]
    assert len(wide) == 10
    assert all(item["width"] > item["height"] for item in wide)
    assert ask_commons(size="Large").body["value"] == [], "none of them is 500 pixels high"


@pytest.mark.parametrize(
    ("filters", "taken", "left"),
    [
        ({"size": "Small"}, [(199, 199)], [(199, 200), (200, 199)]),
        ({"size": "Medium"}, [(200, 100), (100, 200), (900, 499)], [(199, 199), (500, 500)]),
        ({"size": "Large"}, [(500, 500)], [(499, 900), (900, 499)]),
        ({"size": "Wallpaper"}, [(501, 500)], [(500, 500), (500, 900), (900, 499)]),
        ({"aspect": "Square"}, [(110, 100), (90, 100)], [(111, 100), (89, 100)]),
        ({"aspect": "Wide"}, [(111, 100)], [(110, 100)]),
        ({"aspect": "Tall"}, [(89, 100)], [(90, 100)]),
        ({}, [(None, None)], []),
    ],
)
def test_where_the_sizes_and_shapes_of_bing_begin_and_end(
    filters: dict[str, str], taken: list[tuple[int | None, int | None]], left: list[tuple[int | None, int | None]]
) -> None:
    commons, query = Commons("https://commons.example", asking), WebQuery("puppies", words=filters)
    unknown: list[tuple[int | None, int | None]] = [(None, None)] if filters else []
    for sizes, expected in ((taken, True), ([*left, *unknown], False)):
        for width, height in sizes:
            picture = FoundPicture("1", "", "", "", "", width, height)
            assert commons.takes(query, picture) is expected, (width, height)


def test_every_picture_keeps_who_made_it_and_its_licence(ask: Ask) -> None:
    for image in ImageSearchResults.from_json(ask(count="20").body):
        assert image.credit
    first = ImageSearchResults.from_json(ask(count="2").body)[1]
    assert first.raw["contentSize"] == f"{first.content_size} B"
    assert (first.license and first.license_url and first.creator) != ""


def test_commons_html_becomes_text_and_its_order_is_that_of_relevance(ask_commons: Ask) -> None:
    value = ask_commons(count="3").body["value"]
    assert [item["name"] for item in value] == ["Puppy 0", "Puppy 1", "Puppy 2"]
    assert value[1]["creator"] == "P1 & Co"
    assert value[0]["creator"] == "User0"  # without metadata: the user who brought it


def test_who_made_it_is_credited_in_the_words_they_ask_for(ask_commons: Ask, world: World) -> None:
    """A file's own words for its credit; and an unknown author, whom Commons writes twice, once not to be seen."""
    hidden = 'Unknown author<span style="display: none;">Unknown author</span>'
    world.about = {"Artist": {"value": hidden}, "LicenseShortName": {"value": "CC0"}}
    image = ask_commons(count="1").body["value"][0]
    assert image["creator"] == "Unknown author"
    assert image["attribution"] == "Unknown author, CC0, via Wikimedia Commons"
    world.about["Attribution"] = {"value": 'Photograph by <a href="//x">Ada</a>, Society of Engines'}
    image = ask_commons(count="1").body["value"][0]
    assert image["attribution"] == "Photograph by Ada, Society of Engines, CC0, via Wikimedia Commons"


def test_the_thumbnails_of_openverse_are_600_pixels_wide_at_most(ask_openverse: Ask) -> None:
    value = ask_openverse(count="4").body["value"]
    assert [(item["width"], item["height"]) for item in value[::3]] == [(400, 300), (700, 600)]
    assert [item["thumbnail"] for item in value[::3]] == [{"width": 400, "height": 300}, {"width": 600, "height": 514}]


def test_what_openverse_does_not_know_is_left_out_not_invented(ask_openverse: Ask) -> None:
    poor = ask_openverse(count="5").body["value"][4]
    assert poor["name"] == ""
    assert not {"width", "height", "contentSize", "creator", "thumbnail", "datePublished", "accentColor"} & set(poor)
    assert poor["encodingFormat"] == "jpeg"  # from the end of its address
    assert openverse_picture(4)["width"] is None


def test_commons_is_asked_in_the_way_it_asks_for(ask_commons: Ask, world: World) -> None:
    ask_commons(count="40")
    assert all("cvhelpers/" in agent and "(http" in agent for agent in world.agents)
    assert {asked["iiurlwidth"] for asked in world.asked} == {"330"}
    assert {asked["maxlag"] for asked in world.asked} == {"5"}


def test_commons_is_asked_three_at_a_time(address: str, world: World) -> None:
    world.delay = 0.1
    ask = asking("commons")
    threads = [threading.Thread(target=ask) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.most_at_once == 3


# --- limits and faults


def test_when_the_minute_is_used_up_no_request_is_sent(ask_openverse: Ask, world: World) -> None:
    world.burst = 1
    assert ask_openverse().status == 200
    asked = len(world.asked)
    answer = ask_openverse(seconds=2)
    assert answer.status == 429
    assert 55 < float(answer.headers["Retry-After"]) <= 60
    assert len(world.asked) == asked


def test_when_the_day_is_used_up_no_request_is_sent_for_an_hour(ask_openverse: Ask, world: World) -> None:
    world.sustained = 1
    assert ask_openverse().status == 200
    assert 3595 < float(ask_openverse(seconds=2).headers["Retry-After"]) <= 3600
    assert len(world.asked) == 1


def test_a_short_pause_does_not_end_a_long_one() -> None:
    commons = Commons("https://commons.example", asking)
    for seconds in (50, 5):
        commons.pause(seconds)
    with pytest.raises(Refusal) as caught:
        commons._wait_for_limit(Deadline(1))
    assert caught.value.retry_after > 40


def test_a_limit_in_the_middle_gives_what_was_found_until_then(ask_openverse: Ask, world: World) -> None:
    world.burst = 2
    body = ask_openverse(count="100", seconds=2).body
    assert len(body["value"]) == 40
    assert body["nextOffset"] == 40
    assert "wait" in body["warnings"][-1]


def test_where_the_limit_is_over_at_once_nobody_waits(ask_openverse: Ask, world: World) -> None:
    """What the header says counts more than the words."""
    world.always = 429, {"Retry-After": "0"}, {"detail": "Request was throttled. Expected available in 42 seconds."}
    for _ in range(2):
        assert ask_openverse(seconds=2).headers["Retry-After"] == "0"
    assert len(world.asked) == 2


def test_a_throttled_request_says_how_long_to_wait(ask_openverse: Ask, world: World) -> None:
    world.burst = 0
    answer = ask_openverse()
    assert (answer.status, answer.headers["Retry-After"]) == (429, "42")
    assert parse_error_body(json.dumps(answer.body)).code == "RateLimitExceeded"


@pytest.mark.parametrize(
    ("status", "body", "ours"),
    [
        (400, {"error": "InputError", "detail": "Invalid input given for fields."}, 400),
        (400, {"detail": {"license": ["License 'X' does not exist."]}}, 400),
        (401, {"detail": "page_size may not exceed 20 for anonymous requests"}, 400),
        (403, b"Please set a user-agent", 403),
        (404, {"detail": "Not found."}, 400),
        (500, b"<html><title>Server Error</title></html>", 503),
        (503, b"", 503),
        (200, b"<html>a login page</html>", 502),
        (200, b"[1, 2]", 502),
        (200, {"results": 7, "query": 7}, 502),
        (200, {"results": [{"id": 7}], "query": {"pages": [{"imageinfo": [{"url": 7}]}]}}, 502),
    ],
)
def test_each_fault_becomes_an_error_of_bing_s(ask: Ask, world: World, status: int, body: object, ours: int) -> None:
    world.always = status, {}, body
    answer = ask()
    assert answer.status == ours
    assert answer.body["_type"] == "ErrorResponse"
    assert answer.body["errors"][0]["message"]


@pytest.mark.parametrize("code", ["maxlag", "ratelimited", "readonly"])
def test_a_fault_that_mediawiki_tells_with_200_is_one(address: str, world: World, code: str) -> None:
    world.always = 200, {}, {"error": {"code": code, "info": "Waiting for a database"}}
    commons = asking("commons")
    answer = commons()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert (commons(seconds=1).status, len(world.asked)) == (429, 1), "until then it is left alone"
    world.always = 500, {}, {"error": {"code": "internal_api_error_DBQueryError", "info": "A database query error"}}
    assert "A database query error" in asking("commons")().body["errors"][0]["message"]
    world.always = 200, {}, {"error": {"code": "cirrussearch-too-busy-error", "info": "Search is currently too busy."}}
    assert asking("commons")().status == 503
    world.always = 200, {}, {"error": {"code": "badvalue", "info": "Unrecognized value"}}
    assert asking("commons")().status == 400


@pytest.mark.parametrize(
    ("parameters", "parameter", "sub_code"),
    [
        ({"q": " "}, "q", "ParameterMissing"),
        ({"count": "0"}, "count", "ParameterInvalidValue"),
        ({"count": "many"}, "count", "ParameterInvalidValue"),
        ({"license": "Free"}, "license", "ParameterInvalidValue"),
        ({"minWidth": "-1"}, "minWidth", "ParameterInvalidValue"),
    ],
)
def test_a_wrong_parameter_is_refused_as_bing_refused_it(
    ask: Ask, world: World, parameters: dict[str, str], parameter: str, sub_code: str
) -> None:
    answer = ask(**parameters)
    assert answer.status == 400
    assert answer.body["errors"][0]["parameter"] == parameter
    assert answer.body["errors"][0]["subCode"] == sub_code
    assert not world.asked


def test_a_search_term_longer_than_openverse_takes_is_cut(ask_openverse: Ask, world: World) -> None:
    assert ask_openverse(q="puppy " * 60).status == 200
    assert len(world.asked[0]["q"]) == 200
