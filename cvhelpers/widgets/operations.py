"""The three operations of the vision service: their options, how they are asked, and how their answer is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets as W

from ..clients.vision import VisionClient
from ..figures.figure import Figure
from ..figures.labels import Point
from ..figures.show import scale_of, show_caption, show_lines, show_objects, show_words, thing_corners, word_corners
from ..pictures import Picture
from ..protocol.vision import DETAILS, FEATURES, LANGUAGES, MODES, OCR_LANGUAGES
from ..results import ImageAnalysis, OcrResult, ReadResult, Result, Rows, corners
from .explained import FITTING, WIDE, WRAPPING, CheckBoxes, Choice, walk

Outlines = list[list[Point] | None]
Reasons = Mapping[str, str]
RECORDED_FEATURES = ("Categories", "Description", "Color")


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation.

    Attributes
    ----------
    name : str
        As the list of operations shows it.
    about : str
        A sentence for a reader who can't run the explorer.
    sample : str
        The picture to start with: one with a recorded answer.
    controls : function
        Makes the controls of the options, by the name of the argument that they stand for.
    ask : function
        Asks a client about a picture with those options.
    show : function
        Draws the answer; what has a confidence below the third argument is left out.
    outlines : function
        For each row of the drawing's table where it is in the picture, or None.
    missing : mapping
        For each option the values that the models on this computer can't answer, each with the reason.
    """

    name: str
    about: str
    sample: str
    controls: Callable[[], Mapping[str, Any]]
    ask: Callable[..., Result]
    show: Callable[[Picture, Any, float], Figure]
    outlines: Callable[[Picture, Any, Rows], Outlines]
    missing: Mapping[str, Reasons]


class Options(W.VBox):  # type: ignore[misc]
    """The controls of an operation's options. What a source can't answer can't be chosen, and the reason stands below.

    >>> options = Options(ANALYZE)
    >>> options.suit("on-device")
    >>> [box.description for box in options.controls["features"].boxes if box.disabled]
    ['Brands']
    """

    def __init__(self, operation: Operation) -> None:
        self.operation, self.controls, self.reasons = operation, operation.controls(), W.HTML()
        self._first = {name: control.value for name, control in self.controls.items()}
        super().__init__([W.HBox(list(self.controls.values()), layout=WRAPPING), self.reasons])

    @property
    def value(self) -> dict[str, Any]:
        """The chosen options as keyword arguments; an empty one is left out."""
        return {name: value for name, control in self.controls.items() if (value := control.value) != ""}

    def suit(self, source: str) -> None:
        """Offer what this source can answer: what was recorded, or what this computer has models for."""
        missing = self.operation.missing if source in ("on-device", "keyless") else {}
        for name, control in self.controls.items():
            if source == "recorded":
                control.value = self._first[name]
            for widget in walk(control):
                if isinstance(widget, W.Checkbox | W.Dropdown):
                    widget.disabled = source == "recorded"
            if isinstance(control, CheckBoxes | Choice) and source != "recorded":
                control.leave_out(missing.get(name, {}))
        reasons = ["Only these options were recorded."] if source == "recorded" else _in_words(missing)
        self.reasons.value = "".join(f'<div class="cvh-needs">{escape(reason)}</div>' for reason in reasons)


def _in_words(missing: Mapping[str, Reasons]) -> list[str]:
    """A sentence for each reason, with all that it is the reason for."""
    return [
        f"{', '.join(value for value in reasons if reasons[value] == reason)}: {reason}"
        for reasons in missing.values()
        for reason in dict.fromkeys(reasons.values())
    ]


# --------------------------------------------------------------------------------------------------------------
# where each row of a table is in the picture


def has_things(analysis: ImageAnalysis) -> bool:
    """Is there anything that can be drawn in a box?"""
    return any(row["x"] is not None for row in analysis.to_rows())


def _show_analysis(picture: Picture, analysis: ImageAnalysis, least: float) -> Figure:
    return show_objects(picture, analysis, least=least) if has_things(analysis) else show_caption(picture, analysis)


def _places(picture: Picture, analysis: ImageAnalysis, rows: Rows) -> Outlines:
    scale = scale_of((picture.width, picture.height), analysis)
    return [thing_corners(row, scale) if row["x"] is not None else None for row in rows]


def _words(picture: Picture, printed: OcrResult, rows: Rows) -> Outlines:
    return [word_corners(word.box, printed, (picture.width, picture.height)) for word in printed]


def _lines(picture: Picture, written: ReadResult, rows: Rows) -> Outlines:
    scale = scale_of((picture.width, picture.height), written)
    return [
        [(x * scale, y * scale) for x, y in corners(line.polygon)] if line.page == written.lines[0].page else None
        for line in written
    ]


# --------------------------------------------------------------------------------------------------------------
# the operations

NO_MODEL = "the open models on this computer don't know them."
NO_NAMES = "this computer names nobody by their face."
NO_LETTERS = "the open models on this computer don't read these letters."

ANALYZE = Operation(
    name="Analyze",
    about="Choose a picture and visual features, and see what the service says of it.",
    sample="street-at-night",
    controls=lambda: {
        "features": CheckBoxes("Visual features", FEATURES, RECORDED_FEATURES),
        "details": CheckBoxes("Details", DETAILS),
        "language": Choice("Language", [("English, if none is given", ""), *LANGUAGES], ""),
    },
    ask=VisionClient.analyze,
    show=_show_analysis,
    outlines=_places,
    missing={
        "features": {"Brands": NO_MODEL},
        "details": {"Celebrities": NO_NAMES, "Landmarks": NO_MODEL},
    },
)

PRINTED_TEXT = Operation(
    name="Printed text",
    about="Choose a picture and a language, and see each printed word in its box.",
    sample="democritus",
    controls=lambda: {
        "language": Choice("Language", [("unk (find out)", "unk"), *OCR_LANGUAGES[1:]], "unk"),
        "detect_orientation": W.Checkbox(value=True, description="Detect orientation", indent=False, layout=FITTING),
    },
    ask=VisionClient.ocr,
    show=lambda picture, printed, least: show_words(picture, printed),
    outlines=_words,
    missing={"language": dict.fromkeys(("el", "ko", "ru", "ar", "sr-Cyrl"), NO_LETTERS)},
)

HANDWRITTEN_TEXT = Operation(
    name="Handwritten text",
    about="Choose a picture, start the operation, and watch how the result is asked for until it is there.",
    sample="pangrams",
    controls=lambda: {
        "mode": Choice("Mode", MODES, "Handwritten"),
        "timeout": W.BoundedIntText(
            value=60, min=1, max=600, description="Wait at most (seconds)", style=WIDE, layout={"width": "230px"}
        ),
    },
    ask=VisionClient.recognize_text,
    show=lambda picture, written, least: show_lines(picture, written),
    outlines=_lines,
    missing={},
)

OPERATIONS = (ANALYZE, PRINTED_TEXT, HANDWRITTEN_TEXT)
