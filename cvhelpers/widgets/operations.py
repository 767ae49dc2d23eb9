"""The three operations of the vision service: their options, how they are asked, and how their answer is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as W

from ..clients.vision import VisionClient
from ..figures.figure import Figure
from ..figures.labels import Point
from ..figures.show import show_caption, show_lines, show_words, word_corners
from ..pictures import Picture
from ..protocol.vision import DETAILS, FEATURES, LANGUAGES, MODES, OCR_LANGUAGES
from ..results import Box, ImageAnalysis, OcrResult, ReadResult, corners
from .pieces import WIDE, WRAPPING, dropdown

Result = ImageAnalysis | OcrResult | ReadResult
Outlines = list[list[Point] | None]
CHECKED = ("Categories", "Description", "Color")


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes
    ----------
    name : str
        As the list of operations shows it.
    about : str
        A sentence for a reader who can't run the explorer.
    sample : str
        The picture to start with: one for which there is a recorded answer.
    controls : function
        Makes the controls of the options, by the name of the argument that they stand for.
    ask : function
        Asks a client about a picture with those options.
    show : function
        Draws the answer.
    outlines : function
        For each row of the drawing's table where it is in the picture, or None.
    """

    name: str
    about: str
    sample: str
    controls: Callable[[], Mapping[str, W.Widget]]
    ask: Callable[..., Result]
    show: Callable[[Picture, Any], Figure]
    outlines: Callable[[Picture, Any], Outlines]


class CheckBoxes(W.HBox):  # type: ignore[misc]
    """Several check boxes; ``value`` has the names of the checked ones.

    >>> CheckBoxes("Features", ["Tags", "Color"], ["Color"]).value
    ('Color',)
    """

    def __init__(self, title: str, names: Sequence[str], checked: Sequence[str] = ()) -> None:
        boxes = [W.Checkbox(value=n in checked, description=n, indent=False, layout={"width": "auto"}) for n in names]
        super().__init__([W.HTML(f"<strong>{title}</strong>"), *boxes], layout=WRAPPING)

    @property
    def value(self) -> tuple[str, ...]:
        return tuple(box.description for box in self.children[1:] if box.value)


# --------------------------------------------------------------------------------------------------------------
# where each row of a table is in the picture


def _places(picture: Picture, analysis: ImageAnalysis) -> Outlines:
    scale = picture.width / (analysis.width or picture.width)
    things = [*analysis.objects, *analysis.brands]
    boxes = iter([thing.box for thing in things] + [face.box for face in analysis.faces])  # in the order of the rows

    def outline(box: Box) -> list[Point]:
        return [(x * scale, y * scale) for x, y in corners(box.polygon)]

    return [outline(next(boxes)) if row["x"] is not None else None for row in analysis.to_rows()]


def _words(picture: Picture, printed: OcrResult) -> Outlines:
    return [word_corners(word.box, printed, (picture.width, picture.height)) for word in printed]


def _lines(picture: Picture, written: ReadResult) -> Outlines:
    scale = picture.width / (written.width or picture.width)
    return [
        [(x * scale, y * scale) for x, y in corners(line.polygon)] if line.page == written.lines[0].page else None
        for line in written
    ]


# --------------------------------------------------------------------------------------------------------------
# the operations

ANALYZE = Operation(
    name="Analyze",
    about="Choose a picture and visual features, and see what the service says of it.",
    sample="street-at-night",
    controls=lambda: {
        "features": CheckBoxes("Visual features", FEATURES, CHECKED),
        "details": CheckBoxes("Details", DETAILS),
        "language": dropdown("Language", [("not told (English)", ""), *LANGUAGES], ""),
    },
    ask=VisionClient.analyze,
    show=show_caption,
    outlines=_places,
)

PRINTED_TEXT = Operation(
    name="Printed text",
    about="Choose a picture and a language, and see each printed word in its box.",
    sample="democritus",
    controls=lambda: {
        "language": dropdown("Language", [("unk (find out)", "unk"), *OCR_LANGUAGES[1:]], "unk"),
        "detect_orientation": W.Checkbox(value=True, description="Detect orientation", indent=False,
                                         layout={"width": "auto"}),
    },
    ask=VisionClient.ocr,
    show=show_words,
    outlines=_words,
)  # fmt: skip

HANDWRITTEN_TEXT = Operation(
    name="Handwritten text",
    about="Choose a picture, start the operation, and watch how the result is asked for until it is there.",
    sample="pangrams",
    controls=lambda: {
        "mode": dropdown("Mode", MODES, "Handwritten"),
        "timeout": W.BoundedIntText(value=60, min=1, max=600, description="Wait at most (seconds)", style=WIDE,
                                    layout={"width": "230px"}),
    },
    ask=VisionClient.recognize_text,
    show=show_lines,
    outlines=_lines,
)  # fmt: skip

OPERATIONS = (ANALYZE, PRINTED_TEXT, HANDWRITTEN_TEXT)
