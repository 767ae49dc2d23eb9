"""Bing Image Search v7: find pictures by words, and fetch their thumbnails.

The service was retired on 11 August 2025. Its protocol is kept: recordings answer in it, and any server that speaks it
can be named as ``endpoint``.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import requests

from .connection import Client, connect, read_json, source_of, told_source
from .errors import CvhelpersError, OptionError, PictureError, RecordingNotFound, SetupError
from .pictures import Picture, open_picture
from .results import ImageResult, ImageSearchResults
from .sources.recorded import NO_KEY
from .vision import one_of

SEARCH_ENDPOINT = "https://api.cognitive.microsoft.com"
LICENSES = ("All", "Any", "Public", "Share", "ShareCommercially", "Modify", "ModifyCommercially")
IMAGE_TYPES = ("AnimatedGif", "AnimatedGifHttps", "Clipart", "Line", "Photo", "Shopping", "Transparent")
SIZES = ("All", "Small", "Medium", "Large", "Wallpaper")
ASPECTS = ("All", "Square", "Wide", "Tall")
COLORS = (
    "ColorOnly", "Monochrome", "Black", "Blue", "Brown", "Gray", "Green", "Orange", "Pink", "Purple", "Red", "Teal",
    "White", "Yellow",
)  # fmt: skip
SAFE_SEARCH = ("Off", "Moderate", "Strict")
AT_ONCE = 16
"""Thumbnails that are fetched at the same time."""


class ImageSearchClient(Client):
    """Searches for pictures.

    >>> import cvhelpers as cv
    >>> search = ImageSearchClient(cv.connect("recorded"))
    >>> found = search.search("tropical ocean")
    >>> len(found), found[0].width, found[0].height
    (1, 1920, 1200)
    """

    def __init__(
        self, session: requests.Session | None = None, endpoint: str | None = None, key: str | None = None
    ) -> None:
        session = session if session is not None else connect()
        if source_of(session) == "live" and not endpoint:
            raise SetupError(
                "Bing Image Search was retired on 11 August 2025, so there is nothing to go live with. "
                'cvhelpers.connect("keyless") answers; endpoint= names a server that speaks the same protocol.'
            )
        super().__init__(session, endpoint or SEARCH_ENDPOINT, key or NO_KEY)
        self.url = f"{self.endpoint}/bing/v7.0/images/search"

    def search(
        self,
        term: str,
        *,
        count: int | None = None,
        offset: int | None = None,
        license: str | None = None,
        image_type: str | None = None,
        size: str | None = None,
        aspect: str | None = None,
        color: str | None = None,
        safe_search: str | None = None,
        market: str | None = None,
    ) -> ImageSearchResults:
        """Find pictures for a search term. What is not given is left to the service (35 pictures, any licence).

        ``count`` is 1 to 150; ``offset`` is 0, or the last answer's ``next_offset`` for the next page. The other
        options take the words in `LICENSES`, `IMAGE_TYPES`, `SIZES`, `ASPECTS`, `COLORS` and `SAFE_SEARCH`;
        ``market`` is a language and country such as "en-US".
        """
        if not term.strip():
            raise OptionError("A search needs a search term.")
        if count is not None and not 1 <= count <= 150:
            raise OptionError(f"count is 1 to 150, not {count}. Ask for the rest with offset=found.next_offset.")
        if offset is not None and offset < 0:
            raise OptionError(f"offset is 0 or more, not {offset}. The first page begins at 0.")
        options = {
            "count": count,
            "offset": offset,
            "license": license and one_of(license, LICENSES, "license"),
            "imageType": image_type and one_of(image_type, IMAGE_TYPES, "image_type"),
            "size": size and one_of(size, SIZES, "size"),
            "aspect": aspect and one_of(aspect, ASPECTS, "aspect"),
            "color": color and one_of(color, COLORS, "color"),
            "safeSearch": safe_search and one_of(safe_search, SAFE_SEARCH, "safe_search"),
            "mkt": market,
        }
        params = {"q": term} | {name: value for name, value in options.items() if value not in (None, "")}
        response = self._send("GET", self.url, params=params)
        return ImageSearchResults.from_json(read_json(response), told_source(response), query=term)


def thumbnails(found: ImageSearchResults, session: requests.Session | None = None) -> list[Picture | CvhelpersError]:
    """The thumbnails in the order of the results, fetched 16 at a time; where one fails, its error instead."""
    session = session if session is not None else connect()

    def fetch(image: ImageResult) -> Picture | CvhelpersError:
        if not image.thumbnail_url.startswith(("http://", "https://")):  # else it would be taken for a path
            return PictureError(f"The service gave no address of a thumbnail for {image.name!r}.")
        try:
            return open_picture(image.thumbnail_url, session)
        except RecordingNotFound:
            return PictureError("this thumbnail was never recorded, only the answer's text was")
        except CvhelpersError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(fetch, found))
