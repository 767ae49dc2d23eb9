"""What the image search promises: options in any case, nothing sent that is wrong, thumbnails together and in order."""

from __future__ import annotations

import io
import threading
import time

import PIL.Image
import pytest

import cvhelpers as cv
from azure import Azure, Reply, Seen
from cvhelpers.clients.image_search import ImageSearchClient, thumbnails
from cvhelpers.errors import OptionError, PictureError, ServiceUnreachable, UnexpectedAnswer
from cvhelpers.pictures import Picture
from cvhelpers.results import ImageSearchResults
from cvhelpers.session import Connection
from cvhelpers.sources.live import Live

NOTHING = Reply(json={"value": []})


def png(width: int) -> bytes:
    data = io.BytesIO()
    PIL.Image.new("RGB", (width, 10)).save(data, "PNG")
    return data.getvalue()


def asked(**options: object) -> str:
    """The query that a search sends."""
    with Azure(NOTHING) as azure:
        ImageSearchClient(Connection(Live(backoff=0)), azure.address, "key").search("puppies", **options)
    assert azure.seen[0].path.startswith("/bing/v7.0/images/search?q=puppies")
    return azure.seen[0].path.removeprefix("/bing/v7.0/images/search?q=puppies")


def test_nothing_is_sent_that_was_not_asked_for():
    assert asked() == asked(license=None, size="") == ""


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ({"count": 16, "offset": 0}, "&count=16&offset=0"),
        ({"license": "public", "image_type": "PHOTO"}, "&license=Public&imageType=Photo"),
        ({"size": "wallpaper", "aspect": "wide"}, "&size=Wallpaper&aspect=Wide"),
        (
            {"color": "coloronly", "safe_search": "strict", "market": "en-US"},
            "&color=ColorOnly&safeSearch=Strict&mkt=en-US",
        ),
    ],
)
def test_options_in_any_case_arrive_in_the_service_s(options, query):
    assert asked(**options) == query


@pytest.mark.parametrize(
    ("term", "options", "message"),
    [
        ("  ", {}, "search term"),
        (None, {}, "search term"),
        ("a", {"license": "publik"}, "'publik' is no license. Did you mean 'Public'?"),
        ("a", {"image_type": "foto"}, "'foto' is no image_type. Did you mean 'Photo'?"),
        ("a", {"size": "huge"}, "Choose from: All, Small, Medium, Large, Wallpaper"),
        ("a", {"count": 0}, "count is 1 to 150, not 0"),
        ("a", {"count": 151}, "not 151"),
        ("a", {"count": "5"}, "count is 1 to 150, not '5'"),
        ("a", {"count": 2.5}, "not 2.5"),
        ("a", {"offset": -1}, "offset is 0 or more, not -1"),
        ("a", {"offset": "1"}, "not '1'"),
    ],
)
def test_what_is_wrong_is_not_sent(term, options, message):
    with Azure(NOTHING) as azure, pytest.raises(OptionError) as caught:
        ImageSearchClient(Connection(Live()), azure.address, "key").search(term, **options)
    assert message in str(caught.value)
    assert azure.seen == []


def test_the_recorded_search():
    search = ImageSearchClient(cv.connect("recorded"))
    found = [search.search("tropical ocean") for _ in range(2)][1]
    assert len(search.exchanges) == 1, "of the last call only"
    assert found.query == "tropical ocean"
    assert "Tropical" not in found.source
    assert search.last_exchange.status == 200
    assert repr(search) == "<ImageSearchClient https://api.cognitive.microsoft.com, source='recorded'>"


def test_a_search_ends_when_its_time_is_over():
    with Azure(Reply(delay=0.5)) as azure, pytest.raises(cv.TimedOut):
        ImageSearchClient(Connection(Live()), azure.address, "key").search("a", timeout=0.1)


def test_an_answer_that_is_none():
    with Azure(Reply(json={"_type": "ErrorResponse"})) as azure, pytest.raises(UnexpectedAnswer, match="value"):
        ImageSearchClient(Connection(Live()), azure.address, "key").search("a")


# --- thumbnails ----------------------------------------------------------------------------------------------


def results(*addresses: str | None) -> ImageSearchResults:
    return ImageSearchResults.from_json({"value": [{"thumbnailUrl": address} for address in addresses]})


def test_thumbnails_come_in_order_though_they_arrive_in_another():
    def answer(seen: Seen) -> Reply:
        number = int(seen.path.strip("/"))
        return Reply(body=png(number + 1), delay=0.1 if number % 2 else 0)

    with Azure(answer=answer) as azure:
        hits = results(*(f"{azure.address}/{n}" for n in range(20))).from_session(cv.connect("recorded"))
        found = thumbnails(hits, Connection(Live()))  # the one that is given, not the one that found them
    assert [picture.width for picture in found] == list(range(1, 21))


def test_sixteen_thumbnails_are_fetched_at_the_same_time():
    """The server answers none before all 16 have asked; one at a time would wait in vain."""
    together = threading.Barrier(16)

    def answer(seen: Seen) -> Reply:
        together.wait(timeout=5)
        return Reply(body=png(1))

    with Azure(answer=answer) as azure:
        found = thumbnails(results(*[f"{azure.address}/{n}" for n in range(16)]), Connection(Live(backoff=0)))
    assert len(found) == 16
    assert all(isinstance(picture, Picture) for picture in found)


def test_the_connections_of_a_page_of_thumbnails_serve_for_the_next_page():
    """Opening one costs several times as much as a thumbnail does."""
    together = threading.Barrier(16)
    ports = set()

    def answer(seen: Seen) -> Reply:
        ports.add(seen.port)
        together.wait(timeout=5)
        return Reply(body=png(1))

    with Azure(answer=answer) as azure:
        session = Connection(Live(backoff=0))
        for _ in range(2):
            thumbnails(results(*[f"{azure.address}/{n}" for n in range(16)]), session)
    assert len(ports) == 16


def test_a_thumbnail_that_fails_leaves_its_error_in_its_place():
    def answer(seen: Seen) -> Reply:
        return {"/gone": Reply(404), "/page": Reply(body=b"<html>")}.get(seen.path, Reply(body=png(1)))

    with Azure(answer=answer) as azure:
        base = azure.address
        addresses = [
            f"{base}/1",
            f"{base}/gone",
            None,
            f"{base}/page",
            "/etc/passwd",
            "street-at-night",
            "http://",
            f"{base}/2",
        ]
        found = thumbnails(results(*addresses), Connection(Live(backoff=0)))
    kinds = [type(one) for one in found]
    assert kinds == [Picture, *[PictureError] * 6, Picture]
    assert "404" in str(found[1])
    assert "no address of a thumbnail" in str(found[2])
    assert "no address" in str(found[4]), "an answer can't make us open a file of this computer"
    assert "no address" in str(found[5])


def test_thumbnails_of_a_host_that_is_not_there_are_errors_of_ours():
    [error] = thumbnails(results("http://127.0.0.1:9/1"), Connection(Live(backoff=0)))
    assert "No connection to 127.0.0.1:9" in str(error)


def test_no_results_no_thumbnails():
    assert thumbnails(results()) == []


def test_a_service_that_is_not_there():
    search = ImageSearchClient(Connection(Live(backoff=0)), "127.0.0.1:9", "key")
    began = time.monotonic()
    with pytest.raises(ServiceUnreachable):
        search.search("puppies")
    assert time.monotonic() - began < 5
