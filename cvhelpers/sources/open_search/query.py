"""A Bing request, read: the words, the filters, the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...protocol import bing

NUMBERS = (
    "width", "height", "minWidth", "maxWidth", "minHeight", "maxHeight", "minFileSize", "maxFileSize",
)  # fmt: skip
WORDS = {
    "license": bing.LICENSES,
    "imageType": bing.IMAGE_TYPES,
    "size": bing.SIZES,
    "aspect": bing.ASPECTS,
    "color": bing.COLORS,
    "safeSearch": bing.SAFE_SEARCH,
    "freshness": tuple(bing.FRESHNESS),
    "imageContent": bing.IMAGE_CONTENT,
}
LARGEST_OFFSET = 10_000


class BadQuery(Exception):
    """A parameter that Bing refused, with its name, its value, and Bing's code."""

    def __init__(self, parameter: str, value: str = "", message: str = "") -> None:
        self.parameter, self.value = parameter, value
        self.code = "ParameterInvalidValue" if value else "ParameterMissing"
        self.message = message or ("Parameter has invalid value." if value else "Required parameter is missing.")
        super().__init__(f"{self.message} ({parameter})")


@dataclass(frozen=True)
class WebQuery:
    """One request.

    Attributes
    ----------
    text : str
        The search term.
    count, offset : int
        How many pictures are asked for (1 to 150), and how many come before them.
    words : dict
        The filters that take a word, in Bing's spelling; "All" and "Any" are left out.
    numbers : dict
        The limits on width and height in pixels, and on the file's size in bytes.
    market : str
        ``mkt`` or ``cc``; empty if neither was given.
    """

    text: str
    count: int = bing.DEFAULT_COUNT
    offset: int = 0
    words: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    market: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> WebQuery:
        """Read a request's parameters. What Bing did not know is ignored, as it did; a wrong value is `BadQuery`.

        >>> query = WebQuery.read({"q": "puppies", "license": "public", "imageType": "photo"})
        >>> query.words
        {'license': 'Public', 'imageType': 'Photo'}
        """
        text = parameters.get("q", "").strip()
        if not text:
            raise BadQuery("q")
        words = {name: _word(parameters[name], name) for name in WORDS if parameters.get(name)}
        numbers = {name: _number(parameters[name], name) for name in NUMBERS if parameters.get(name)}
        count = _number(parameters.get("count") or str(bing.DEFAULT_COUNT), "count")
        if count < 1:
            raise BadQuery("count", str(count))
        return cls(
            text,
            min(count, bing.MAX_COUNT),
            min(_number(parameters.get("offset") or "0", "offset"), LARGEST_OFFSET),
            {name: word for name, word in words.items() if word not in ("All", "Any")},
            numbers,
            parameters.get("mkt") or parameters.get("cc") or "",
        )

    def takes(self, width: int | None, height: int | None, size: int | None) -> bool:
        """Do these numbers of a picture lie within the limits? A number that nobody told lies within none.

        >>> WebQuery("cat", numbers={"minWidth": 640, "maxHeight": 480}).takes(640, 480, None)
        True
        >>> WebQuery("cat", numbers={"minWidth": 500}).takes(None, 480, None)
        False
        """
        known = {"width": width, "height": height, "fileSize": size}
        return all(_within(limit, name, known) for name, limit in self.numbers.items())


def _within(limit: int, name: str, known: Mapping[str, int | None]) -> bool:
    of = name[3:4].lower() + name[4:] if name.startswith(("min", "max")) else name
    value = known[of]
    if value is None:
        return False
    if name.startswith("min"):
        return value >= limit
    return value <= limit if name.startswith("max") else value == limit


def _word(value: str, name: str) -> str:
    """The word in Bing's spelling; upper and lower case count the same, as they did."""
    spelling = {word.lower(): word for word in WORDS[name]}
    if value.strip().lower() not in spelling:
        raise BadQuery(name, value)
    return spelling[value.strip().lower()]


def _number(value: str, name: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise BadQuery(name, value)
    return int(value)
