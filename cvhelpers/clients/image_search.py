"""Bing Image Search v7: find pictures by words, and fetch their thumbnails.

The service was retired on 11 August 2025. Its protocol is kept: recordings answer in it, and any server that speaks it
can be named as ``endpoint``.
"""

from __future__ import annotations

import contextvars
import warnings
from concurrent.futures import ThreadPoolExecutor

import requests

from ..errors import CvhelpersError, OptionError, PictureError, RecordingNotFound
from ..pictures import Picture, fetch_picture
from ..protocol import addresses, bing
from ..results import ImageResult, ImageSearchResults
from ..session import connection_of
from ..sources.deadline import DEFAULT_SECONDS, Deadline
from ..sources.keys import Key, hidden, without_key
from .base import Client, answer_source, is_whole, one_of, read_json

THUMBNAILS_AT_ONCE = 16


class ImageSearchClient(Client):
    """Searches for pictures.

    >>> import cvhelpers as cv
    >>> search = ImageSearchClient(cv.connect("recorded"))
    >>> found = search.search("tropical ocean")
    >>> len(found), found[0].width, found[0].height
    (1, 1920, 1200)
    """

    def __init__(
        self, session: requests.Session | None = None, endpoint: str | None = None, key: str | Key | None = None
    ) -> None:
        # From here on no traceback shows the key, wherever it was given.
        key, endpoint = hidden(key), endpoint and without_key(endpoint)
        connection = connection_of(session)
        super().__init__(connection, connection.answers.search_service(endpoint, key))

    def url(self, operation: str = "images/search") -> str:
        """The address of an operation.

        >>> import cvhelpers as cv
        >>> ImageSearchClient(cv.connect("recorded")).url()
        'https://api.cognitive.microsoft.com/bing/v7.0/images/search'
        """
        return f"{self.endpoint}{addresses.SEARCH_PATHS[0].removesuffix('images/search')}{operation}"

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
        timeout: float = DEFAULT_SECONDS,
    ) -> ImageSearchResults:
        """Find pictures for a search term. What is not given is left to the service (35 pictures, any licence).

        ``count`` is 1 to 150; ``offset`` is 0, or the last answer's ``next_offset`` for the next page. The other
        options take the words of `cvhelpers.protocol.bing`; ``market`` is a language and country such as "en-US".
        ``timeout`` is in seconds, for the whole call.
        """
        if not isinstance(term, str) or not term.strip():
            raise OptionError("A search needs a search term. Give some words, for instance 'puppies'.")
        if count is not None and not is_whole(count, 1, bing.MAX_COUNT):
            raise OptionError(
                f"count is 1 to {bing.MAX_COUNT}, not {count!r}. Ask for the rest with offset=found.next_offset."
            )
        if offset is not None and not is_whole(offset, 0):
            raise OptionError(f"offset is 0 or more, not {offset!r}. The first page begins at 0.")
        options = {
            "count": count,
            "offset": offset,
            "license": license and one_of(license, bing.LICENSES, "license"),
            "imageType": image_type and one_of(image_type, bing.IMAGE_TYPES, "image_type"),
            "size": size and one_of(size, bing.SIZES, "size"),
            "aspect": aspect and one_of(aspect, bing.ASPECTS, "aspect"),
            "color": color and one_of(color, bing.COLORS, "color"),
            "safeSearch": safe_search and one_of(safe_search, bing.SAFE_SEARCH, "safe_search"),
            "mkt": market,
        }
        params = {"q": term} | {name: value for name, value in options.items() if value not in (None, "")}
        response = self._send("GET", self.url(), self._begin(timeout), params=params)
        found = ImageSearchResults.from_json(read_json(response), answer_source(response), query=term)
        for warning in found.warnings:
            warnings.warn(warning, stacklevel=2)
        return found.from_session(self.session)


def thumbnails(
    found: ImageSearchResults, session: requests.Session | None = None, timeout: float = DEFAULT_SECONDS
) -> list[Picture | CvhelpersError]:
    """The thumbnails in the order of the results, fetched 16 at a time, or fewer where a host allows fewer.

    One that fails is tried once more; where that fails, too, its error stands in its place.

    They are fetched with the session that found them, or with ``session``; ``timeout`` is in seconds, for all.
    """
    asked = connection_of(session or found.session)
    deadline = Deadline(timeout)
    under_way: list[Deadline] = []

    def fetch(image: ImageResult) -> Picture | CvhelpersError:
        if not image.thumbnail_url.startswith(("http://", "https://")):  # else it would be taken for a path
            return PictureError(f"The service gave no address of a thumbnail for {image.name!r}.")
        mine = Deadline(deadline.left(), tries_again=1)
        under_way.append(mine)
        try:
            return fetch_picture(image.thumbnail_url, asked, mine)
        except RecordingNotFound:
            return PictureError("This thumbnail was never recorded, only the answer's text was.")
        except CvhelpersError as error:
            return error

    pool = ThreadPoolExecutor(THUMBNAILS_AT_ONCE, thread_name_prefix="cvhelpers-thumbnail")
    try:
        waiting = [pool.submit(contextvars.copy_context().run, fetch, image) for image in found]
        return [one.result() for one in waiting]
    finally:  # also when the learner presses Stop
        pool.shutdown(wait=False, cancel_futures=True)
        for one in list(under_way):
            one.stop()
