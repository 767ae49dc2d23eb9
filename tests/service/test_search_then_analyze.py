"""What a search finds can be analyzed, tile by tile: by its addresses and by the files at them, from every source.

With the real engine and the real library.
"""

from __future__ import annotations

import io

import PIL.Image
import pytest
import requests

import cvhelpers as cv

from .serving import Server

TERMS = ("puppies", "red flower")
TILES = 2

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("term", TERMS)
def test_over_http(server: Server, term: str) -> None:
    headers = {"Ocp-Apim-Subscription-Key": server.key}
    tag = f"{server.endpoint}/vision/v2.0/tag"

    def tags(**body: object) -> list[str]:
        media_type = {"Content-Type": "application/octet-stream"} if "data" in body else {}
        answer = requests.post(tag, headers=headers | media_type, **body)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return [one["name"] for one in answer.json()["tags"]]

    found = requests.get(
        f"{server.endpoint}/bing/v7.0/images/search", headers=headers, params={"q": term, "count": TILES}
    ).json()["value"]
    assert len(found) == TILES
    for tile in found:
        small, whole = requests.get(tile["thumbnailUrl"]), requests.get(tile["contentUrl"])
        assert tags(json={"url": tile["thumbnailUrl"]}) == tags(data=small.content)
        assert tags(json={"url": tile["contentUrl"]}) == tags(data=whole.content)

        assert tile["contentSize"] == f"{len(whole.content)} B"
        assert f"image/{tile['encodingFormat']}" == whole.headers["Content-Type"]
        assert PIL.Image.open(io.BytesIO(whole.content)).size == (tile["width"], tile["height"])
        shown = tile["thumbnail"]["width"], tile["thumbnail"]["height"]
        assert PIL.Image.open(io.BytesIO(small.content)).size == shown


@pytest.mark.parametrize(("source", "term"), [("on-device", "puppies"), ("keyless", "red flower")])
def test_in_a_notebook(source: str, term: str) -> None:
    """As a learner does it: ``vision.analyze(found[0].thumbnail_url)``, or the picture opened before."""
    with cv.connect(source) as session:
        vision = cv.VisionClient(session)
        found = cv.ImageSearchClient(session).search(term, count=TILES)
        assert len(found) == TILES
        for tile in found:
            for address in (tile.thumbnail_url, tile.content_url):
                opened = cv.open_picture(address, session)
                assert vision.analyze(address).caption
                assert vision.analyze(opened).caption
                by_bytes = cv.open_picture(opened.data)
                assert by_bytes.format in ("JPEG", "PNG")
                assert vision.analyze(by_bytes, fit=False).caption
