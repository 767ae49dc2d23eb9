"""Printed text, as ``ocr`` answers: regions, in them lines, in them words."""

from __future__ import annotations

from dataclasses import dataclass, field

from .fields import Json, json_object, missing, number_if_any, read_all, text, text_if_any
from .shapes import Box, ResultList, Rows, row


@dataclass(frozen=True)
class OcrWord:
    """A word and its box, which lies in the picture **turned by the text angle**: see `OcrResult`."""

    text: str
    box: Box


@dataclass(frozen=True)
class OcrLine:
    """A line of words."""

    box: Box
    words: tuple[OcrWord, ...]

    def __str__(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class OcrRegion:
    """A block of lines."""

    box: Box
    lines: tuple[OcrLine, ...]


@dataclass(frozen=True)
class OcrResult(ResultList[OcrWord]):
    """Printed text, as ``ocr`` answers: regions, in them lines, in them words.

    ``text_angle`` is in **radians**, in every version, whatever the specification says. Turn the picture clockwise
    by it about its centre, and the boxes fit. ``orientation`` says which side of the picture is the text's top:
    Up, Down, Left, Right or NotDetected. Iteration and ``[n]`` give the words in reading order. ``sent`` says what was
    done to the picture before it was sent; empty if nothing.
    """

    regions: tuple[OcrRegion, ...] = ()
    language: str = ""
    orientation: str = ""
    text_angle: float = 0.0
    width: float | None = None
    height: float | None = None
    source: str = ""
    sent: str = ""
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(
        cls, body: object, source: str = "", width: float | None = None, height: float | None = None
    ) -> OcrResult:
        """Read an answer of ``ocr``. It does not tell the picture's size, so the caller may, in pixels."""
        data = json_object(body, "an OCR result")
        if "regions" not in data:
            raise missing("an OCR result", "regions", data)
        return cls(
            regions=read_all(data, "regions", _region),
            language=text_if_any(data, "language", "the answer"),
            orientation=text_if_any(data, "orientation", "the answer"),
            text_angle=number_if_any(data, "textAngle", "the answer") or 0.0,
            width=width,
            height=height,
            source=source,
            raw=data,
        )

    @property
    def lines(self) -> tuple[OcrLine, ...]:
        """All lines, in reading order."""
        return tuple(line for region in self.regions for line in region.lines)

    @property
    def words(self) -> tuple[OcrWord, ...]:
        """All words, in reading order."""
        return tuple(word for line in self.lines for word in line.words)

    def _found(self) -> tuple[OcrWord, ...]:
        return self.words

    def __str__(self) -> str:
        return "\n".join(str(line) for line in self.lines)

    def to_rows(self) -> Rows:
        """A row for each word: its number (from 1, as drawn), the text and the box."""
        return [row(n, "word", word.text, None, word.box) for n, word in enumerate(self.words, start=1)]


def _region(data: Json) -> OcrRegion:
    return OcrRegion(Box.parse(data.get("boundingBox")), read_all(data, "lines", _ocr_line))


def _ocr_line(data: Json) -> OcrLine:
    return OcrLine(Box.parse(data.get("boundingBox")), read_all(data, "words", _ocr_word))


def _ocr_word(data: Json) -> OcrWord:
    return OcrWord(text(data, "text", "a word"), Box.parse(data.get("boundingBox")))
