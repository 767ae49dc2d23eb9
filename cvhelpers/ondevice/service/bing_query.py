"""What a request asks of Bing Image Search, as the library's query."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.datastructures import QueryParams

from ...protocol import bing as protocol
from ..library import Query
from . import parameters
from .errors import ApiError

WORDS = {
    "license": "license",
    "imageType": "image_type",
    "size": "size",
    "aspect": "aspect",
    "color": "color",
    "id": "first",
}
NUMBERS = {
    "width": "width",
    "height": "height",
    "minWidth": "min_width",
    "maxWidth": "max_width",
    "minHeight": "min_height",
    "maxHeight": "max_height",
    "minFileSize": "min_file_size",
    "maxFileSize": "max_file_size",
}
"""Bing's names of the filters and the library's."""
INVALID = "InvalidRequest/ParameterInvalidValue"
MISSING = "InvalidRequest/ParameterMissing"

_TOKEN = "mid_"


def read_query(query: QueryParams) -> Query:
    """The library's query for a request's parameters. Parameters that Bing does not know are ignored, as it did.

    >>> read_query(QueryParams("q=puppies&license=public")).license
    'Public'
    """
    if not query.get("q", "").strip():
        raise ApiError(MISSING, "Required parameter is missing.", 400, "q")
    if len(query["q"]) > protocol.MAX_QUERY:
        raise ApiError(INVALID, f"q has at most {protocol.MAX_QUERY} letters.", 400, "q", query["q"])
    check_market(query)
    filters: dict[str, object] = {ours: query[name] for name, ours in WORDS.items() if query.get(name)}
    for name, ours in NUMBERS.items():
        if query.get(name):
            filters[ours] = parameters.number(query, name, 0, 10**8, None, INVALID)
    if query.get("freshness"):
        days = protocol.FRESHNESS[parameters.choice(query, "freshness", protocol.FRESHNESS, code=INVALID)]
        filters["published_since"] = datetime.now(UTC).date() - timedelta(days=days)
    try:
        return Query(
            text=query["q"].strip(),
            count=min(parameters.number(query, "count", 1, 10**8, protocol.DEFAULT_COUNT, INVALID), protocol.MAX_COUNT),
            offset=parameters.number(query, "offset", 0, 10**8, 0, INVALID),
            **filters,  # type: ignore[arg-type]
        )
    except ValueError as error:
        raise _invalid(error, query) from None


def read_details(query: QueryParams) -> tuple[str, tuple[str, ...]]:
    """The id of the picture that ``details`` is asked about, by ``insightsToken`` or ``id``; and the parts wanted.

    >>> read_details(QueryParams("insightsToken=mid_7&modules=Tags,Caption"))
    ('7', ('Tags', 'Caption'))
    """
    token = query.get("insightsToken", "").removeprefix(_TOKEN) or query.get("id", "")
    if not token:
        raise ApiError(MISSING, "Required parameter is missing.", 400, "insightsToken")
    check_market(query)
    return token, parameters.choices(query, "modules", protocol.MODULES, INVALID) or ("All",)


def insights_token(image_id: str) -> str:
    """What ``details`` is asked with about a picture."""
    return _TOKEN + image_id


def check_market(query: QueryParams) -> None:
    """Nothing in the library depends on these, but a wrong value is still wrong."""
    if query.get("mkt") and query.get("cc"):
        raise ApiError(INVALID, "mkt and cc exclude each other.", 400, "cc", query["cc"])
    if query.get("safeSearch"):
        parameters.choice(query, "safeSearch", protocol.SAFE_SEARCH, code=INVALID)
    if query.get("imageContent"):
        message = "This library does not know which of its pictures show faces."
        raise ApiError(INVALID, message, 400, "imageContent", query["imageContent"])


def _invalid(error: ValueError, query: QueryParams) -> ApiError:
    """The library names its own field in front of its message; a person who asked knows Bing's name of it."""
    field, _, message = str(error).partition(": ")
    names = {ours: name for name, ours in (WORDS | NUMBERS).items()}
    name = names.get(field, field)
    return ApiError(INVALID, message or field, 400, name, query.get(name, ""))
