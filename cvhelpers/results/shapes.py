"""Places in a picture, the one shape that a row of every result has, and what all results have.

Coordinates are pixels from the top left corner, x to the right and y down.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Generic, TypeVar

from ..errors import SetupError, UnexpectedAnswer
from .fields import LARGEST, Json, items, number, short

Polygon = tuple[float, ...]
"""Eight numbers: x and y of the four corners, clockwise from the top left one of the text."""
Rows = list[dict[str, object]]
T = TypeVar("T")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels: its top left corner, width and height."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def parse(cls, text: object) -> Box:
        """Read the comma-separated form that ``ocr`` answers with.

        >>> Box.parse("28,16,288,41")
        Box(x=28, y=16, width=288, height=41)
        """
        try:
            x, y, width, height = sides = [int(side) for side in text.split(",")] if isinstance(text, str) else []
            if max(map(abs, sides)) > LARGEST:
                raise ValueError
        except ValueError:
            wanted = "four whole numbers 'x,y,width,height'"
            raise UnexpectedAnswer(f"A boundingBox is {wanted}, not {short(text)}.") from None
        return cls(x, y, width, height)

    @classmethod
    def from_json(cls, data: Json, where: str) -> Box:
        """Read ``{x, y, w, h}`` (objects and brands) or ``{left, top, width, height}`` (faces)."""
        names = ("left", "top", "width", "height") if "left" in data else ("x", "y", "w", "h")
        return cls(*(round(number(data, name, where)) for name in names))

    @property
    def polygon(self) -> Polygon:
        """The four corners, clockwise from the top left."""
        right, bottom = self.x + self.width, self.y + self.height
        return (self.x, self.y, right, self.y, right, bottom, self.x, bottom)


def corners(polygon: Polygon) -> list[tuple[float, float]]:
    """Eight numbers as four points.

    >>> corners((0, 0, 9, 0, 9, 4, 0, 4))
    [(0, 0), (9, 0), (9, 4), (0, 4)]
    """
    return list(zip(polygon[0::2], polygon[1::2], strict=True))


def read_polygon(data: Json, where: str) -> Polygon:
    numbers = items(data, "boundingBox", where)
    if len(numbers) != 8:
        raise UnexpectedAnswer(f"boundingBox of {where} should be eight numbers, not {len(numbers)}.")
    return tuple(number({"boundingBox": side}, "boundingBox", where) for side in numbers)


def around(polygon: Polygon) -> tuple[float, float, float, float]:
    """The upright rectangle around a polygon: x, y, width and height.

    >>> around((1, 0, 9, 2, 8, 6, 0, 4))
    (0, 0, 9, 6)
    """
    xs, ys = polygon[0::2], polygon[1::2]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


class Tabular(ABC):
    """Something with rows, which pandas can take over."""

    @abstractmethod
    def to_rows(self) -> Rows:
        """A dictionary for each row."""

    def to_dataframe(self) -> Any:
        """The rows as a `pandas.DataFrame`. pandas is no part of cvhelpers: raises `SetupError` where it is missing."""
        try:
            import pandas
        except ModuleNotFoundError:
            raise SetupError("A data frame needs pandas. Install it with: pip install pandas") from None
        return pandas.DataFrame(self.to_rows())


class ResultList(Tabular, Generic[Item]):
    """A result that is a list: iteration, ``len`` and ``[n]`` give what was found."""

    @abstractmethod
    def _found(self) -> tuple[Item, ...]:
        """What the list has."""

    def __iter__(self) -> Iterator[Item]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())

    def __getitem__(self, index: int) -> Item:
        return self._found()[index]

    def __bool__(self) -> bool:
        return True  # nothing found is an answer too


def row(
    number: int,
    what: str,
    name: str,
    confidence: float | str | None = None,
    place: Box | Polygon | None = None,
    **more: object,
) -> dict[str, object]:
    """One row of a result: its number from 1, what it is, its name or text, the confidence, and where it lies.

    ``x``, ``y``, ``width`` and ``height`` are numbers in pixels, or None for what has no place.

    >>> row(1, "object", "cat", 0.9, Box(10, 20, 30, 40))["width"]
    30
    """
    if isinstance(place, Box):
        place = place.polygon
    x, y, width, height = around(place) if place else (None, None, None, None)
    return {
        "number": number,
        "what": what,
        "name": name,
        "confidence": confidence,
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        **more,
    }


def scaled(result: T, factor: float) -> T:
    """The same result for a picture that is so many times larger: boxes, polygons, width and height.

    >>> scaled(Box(1, 2, 3, 4), 2)
    Box(x=2, y=4, width=6, height=8)
    """
    return result if factor == 1 else _scaled(result, factor)


def _scaled(value: Any, factor: float) -> Any:
    if isinstance(value, Box):
        return Box(*(round(side * factor) for side in (value.x, value.y, value.width, value.height)))
    if isinstance(value, tuple):
        return tuple(_scaled(one, factor) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, Any] = {}
    for field in fields(value):
        old = getattr(value, field.name)
        if field.name == "polygon":
            changes[field.name] = tuple(side * factor for side in old)
        elif field.name in ("width", "height") and old is not None:
            changes[field.name] = round(old * factor)
        elif isinstance(old, tuple | Box) or is_dataclass(old):
            changes[field.name] = _scaled(old, factor)
    return replace(value, **changes)
