"""Handwritten or printed text, as ``recognizeText`` (v1, v2) or ``read`` (v2 to v3.2) answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from ..errors import OperationFailed, UnexpectedAnswer, parse_error_body
from .fields import Json, items, json_object, missing, number_if_any, read_all, text, text_if_any, whole_if_any
from .shapes import Polygon, ResultList, Rows, corners, read_polygon, row


@dataclass(frozen=True)
class ReadWord:
    """A word, its polygon, and how sure the service is: a number (v3), "Low" or "High" (v2), or None."""

    text: str
    polygon: Polygon
    confidence: float | str | None = None


@dataclass(frozen=True)
class ReadLine:
    """A line of text with the polygon around it."""

    text: str
    polygon: Polygon
    words: tuple[ReadWord, ...] = ()
    page: int = 1
    handwritten: bool | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ReadResult(ResultList[ReadLine]):
    """Handwritten or printed text, as ``recognizeText`` (v1, v2) or ``read`` (v2 to v3.2) answers.

    ``lines`` are in reading order. The older operations return them in the order in which they were found, so
    they are sorted here; ``raw`` keeps the service's order. ``width`` and ``height`` are those of the first page, in
    ``unit``: "pixel" for a picture, "inch" for a PDF. ``sent`` says what was done to the picture before it was sent;
    empty if nothing.
    """

    lines: tuple[ReadLine, ...] = ()
    status: str = "succeeded"
    width: float | None = None
    height: float | None = None
    angle: float | None = None
    unit: str = "pixel"
    source: str = ""
    sent: str = ""
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(
        cls, body: object, source: str = "", width: float | None = None, height: float | None = None
    ) -> ReadResult:
        """Read the answer of a finished operation.

        Raises `OperationFailed` where its status says so, and `UnexpectedAnswer` where it is still running.
        """
        data = json_object(body, "a text recognition result")
        status = text_if_any(data, "status", "the answer").lower()
        if status in ("running", "notstarted"):
            raise UnexpectedAnswer(f"The operation is not finished: its status is {data['status']!r}. Ask again.")
        if data.get("error") or {"code", "message"} <= set(data) or status not in ("", "succeeded"):
            raise OperationFailed(_why(data, str(data.get("status") or "not told")))
        pages = _pages(data)
        first = pages[0] if pages else {}
        told_width, told_height, angle, turned = (
            number_if_any(first, key, "a page") for key in ("width", "height", "angle", "clockwiseOrientation")
        )
        lines = tuple(_read_line(line, page) for page in pages for line in items(page, "lines", "the result"))
        return cls(
            lines=lines if "analyzeResult" in data else reading_order(lines),
            status=status or "succeeded",
            width=width if told_width is None else told_width,
            height=height if told_height is None else told_height,
            angle=turned if angle is None else angle,
            unit=text_if_any(first, "unit", "a page") or "pixel",
            source=source,
            raw=data,
        )

    @property
    def words(self) -> tuple[ReadWord, ...]:
        """All words, line by line."""
        return tuple(word for line in self.lines for word in line.words)

    def _found(self) -> tuple[ReadLine, ...]:
        return self.lines

    def __str__(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def to_rows(self) -> Rows:
        """A row for each line: its number (from 1, as drawn), the text, the rectangle around it, and its corners."""
        return [
            row(n, "line", line.text, None, line.polygon, page=line.page, corners=_corners(line.polygon))
            for n, line in enumerate(self.lines, start=1)
        ]


def _corners(polygon: Polygon) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in corners(polygon))


def _why(data: Json, status: str) -> str:
    """Why an operation ended without a result, in the service's words where it has any."""
    said = parse_error_body(json.dumps(dict(data))).message
    because = f": {said}" if said else ""
    return f"The service ended the operation with the status {status}{because}. Try again, or with another picture."


def reading_order(lines: tuple[ReadLine, ...]) -> tuple[ReadLine, ...]:
    """Lines from top to bottom, and those beside one another from left to right.

    Two lines stand beside one another if they share more than half of the lower one's height and no column.
    """
    rows: list[list[ReadLine]] = []
    for line in sorted(lines, key=lambda one: (one.page, sum(one.polygon[1::2]))):
        if rows and line.page == rows[-1][0].page and all(_beside(line, other) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda one: min(one.polygon[0::2])))


def _beside(one: ReadLine, other: ReadLine) -> bool:
    def shared(axis: int) -> float:
        a, b = one.polygon[axis::2], other.polygon[axis::2]
        return min(max(a), max(b)) - max(min(a), min(b))

    lower = min(max(p[1::2]) - min(p[1::2]) for p in (one.polygon, other.polygon))
    return shared(1) > lower / 2 and shared(0) <= 0


def _pages(data: Json) -> list[Json]:
    """Where each version keeps its pages: recognizeText, read/core (v2), read/analyze (v3)."""
    if "recognitionResult" in data:
        return [json_object(data["recognitionResult"], "recognitionResult")]
    if "recognitionResults" in data:
        return [json_object(p, "recognitionResults") for p in items(data, "recognitionResults", "the result")]
    if "analyzeResult" in data:
        result = json_object(data["analyzeResult"], "analyzeResult")
        if "readResults" not in result:
            raise missing("a text recognition result", "readResults", result)
        return [json_object(p, "readResults") for p in items(result, "readResults", "analyzeResult")]
    wanted = "recognitionResult, recognitionResults or analyzeResult"
    raise missing("a text recognition result", wanted, data)


def _read_line(data: Json, page: Json) -> ReadLine:
    line = json_object(data, "a line")
    appearance = json_object(line.get("appearance") or {}, "appearance")
    style = json_object(appearance.get("style") or {}, "style")
    return ReadLine(
        text=text(line, "text", "a line"),
        polygon=read_polygon(line, "a line"),
        words=read_all(line, "words", _read_word),
        page=whole_if_any(page, "page", "a page") or 1,
        handwritten=style["name"] == "handwriting" if "name" in style else None,
    )


def _read_word(data: Json) -> ReadWord:
    confidence = data.get("confidence")
    if not isinstance(confidence, str):  # v2 says "Low"
        confidence = number_if_any(data, "confidence", "a word")
    return ReadWord(text(data, "text", "a word"), read_polygon(data, "a word"), confidence)
