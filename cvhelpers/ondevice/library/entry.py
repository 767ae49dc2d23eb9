"""What the library answers with: an entry for each picture, and a page of entries."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Entry:
    """What the library knows of one picture; its bytes are handed out apart.

    `license` is the name of its licence ("CC0-1.0"), or "" when nobody said; `permits` is Bing's word for
    what that licence allows ("Public"). `kind` is Photo, Clipart or Line.
    `width` and `height` are in pixels, `file_size` in bytes, `accent_color` is RRGGBB.
    `colors` are the names of the main colours, the largest first.
    `path` is the file of a person's own picture, and `None` for what ships.
    """

    image_id: str
    title: str
    description: str
    keywords: tuple[str, ...]
    author: str
    license: str
    permits: str
    collection: str
    source: str
    published: date | None
    kind: str
    transparent: bool
    width: int
    height: int
    file_size: int
    media_type: str
    colors: tuple[str, ...]
    monochrome: bool
    accent_color: str
    path: str | None = None


@dataclass(frozen=True)
class SearchPage:
    """One page of results.

    `total` counts all that was found; `next_offset` is where the next page begins, without repeats.
    `corrected_query` is the query that was really searched when a word seemed misspelled, else `None`.
    `widened` are broader words that were searched as well because the words themselves found little.
    `instead` are the broader words that were searched because no picture has the words of the query at all.
    `related` are words to narrow or continue the search with.
    """

    entries: tuple[Entry, ...]
    total: int
    next_offset: int
    corrected_query: str | None = None
    widened: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
