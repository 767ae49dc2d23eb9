"""What the library is asked: words, and Bing's filters."""

from dataclasses import dataclass
from datetime import date

from cvhelpers.protocol.bing import ASPECTS, COLORS, DEFAULT_COUNT, IMAGE_TYPES, MAX_COUNT, SIZES

# What each value of Bing's licence filter finds. The less is asked for, the more pictures permit it.
PERMITTED = {
    "Public": ("Public",),
    "ModifyCommercially": ("Public", "ModifyCommercially"),
    "Modify": ("Public", "ModifyCommercially", "Modify"),
    "ShareCommercially": ("Public", "ModifyCommercially", "ShareCommercially"),
    "Share": ("Public", "ModifyCommercially", "Modify", "ShareCommercially", "Share"),
    "Any": ("Public", "ModifyCommercially", "Modify", "ShareCommercially", "Share"),
    "All": (),
}


@dataclass(frozen=True)
class Query:
    """What to search for. The filters have Bing's names and values, compared without regard to case.

    `license` finds the pictures that permit at least this. `count` is 1 to 150, `offset` 0 or more.
    Widths and heights are in pixels, file sizes in bytes; `width` and `height` ask for exactly that and
    exclude the minimum and maximum of the same side. `published_since` keeps pictures of that day or later;
    `first` is the id of a picture to put first.

    Raises `ValueError`, with the name of the field, when a value is out of its range.

    >>> Query("puppies", count=16, license="public").license
    'Public'
    >>> Query("puppies", color="Mauve")
    Traceback (most recent call last):
    ValueError: color: 'Mauve' is not one of ColorOnly, Monochrome, Black, Blue, Brown, Gray, Green, \
Orange, Pink, Purple, Red, Teal, White, Yellow
    """

    text: str = ""
    count: int = DEFAULT_COUNT
    offset: int = 0
    license: str | None = None
    image_type: str | None = None
    size: str | None = None
    aspect: str | None = None
    color: str | None = None
    width: int | None = None
    height: int | None = None
    min_width: int | None = None
    max_width: int | None = None
    min_height: int | None = None
    max_height: int | None = None
    min_file_size: int | None = None
    max_file_size: int | None = None
    published_since: date | None = None
    first: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MAX_COUNT:
            raise ValueError(f"count: {self.count} is not 1 to {MAX_COUNT}")
        if self.offset < 0:
            raise ValueError(f"offset: {self.offset} is less than 0")
        for name, choices in (
            ("license", tuple(PERMITTED)),
            ("image_type", IMAGE_TYPES),
            ("size", SIZES),
            ("aspect", ASPECTS),
            ("color", COLORS),
        ):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, _chosen(name, value, choices))
        for side in ("width", "height"):
            exact, least, most = (getattr(self, part + side) for part in ("", "min_", "max_"))
            if exact is not None and (least is not None or most is not None):
                raise ValueError(f"{side}: an exact {side} excludes min_{side} and max_{side}")


def _chosen(name: str, value: str, choices: tuple[str, ...]) -> str:
    for choice in choices:
        if choice.casefold() == value.casefold():
            return choice
    raise ValueError(f"{name}: {value!r} is not one of {', '.join(choices)}")
