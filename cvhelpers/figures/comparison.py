"""Two answers side by side: which words differ, which tags only one of them has.

>>> print(compare_results("the quick brown fox", "the quick fox jumps"))
The left side has 4 words, the right side 4: 3 are the same, 1 is only on the left, and 1 is only on the right.
"""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from html import escape

from ..errors import OptionError
from ..results import ImageAnalysis, OcrResult, ReadResult, Rows
from .alt import counted
from .table import cell

Text = str | OcrResult | ReadResult
DIFFERENCES = ("same", "changed", "only left", "only right")
NAMED = ("caption", "category", "landmark", "celebrity", "tag", "object", "brand", "face")
"""Of an analysis, what is looked for on the other side; colours and scores are in the rows of each."""


@dataclass(frozen=True, repr=False)
class Comparison:
    """What two answers share, and what not.

    Attributes
    ----------
    rows : list of dict
        A row for each piece, with ``left``, ``right`` and ``difference``: "same", "changed", "only left", "only right".
    summary : str
        The same in a sentence.
    """

    rows: Rows
    summary: str

    @property
    def differences(self) -> Rows:
        """The rows that are not the same on both sides."""
        return [row for row in self.rows if row["difference"] != "same"]

    def __repr__(self) -> str:
        return self.summary

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{escape(self.summary)}</p>"
        left = 'style="text-align: left"'  # a notebook puts what is in a table to the right
        head = "".join(f'<th scope="col" {left}>{escape(name)}</th>' for name in self.rows[0])
        body = "".join(
            f"<tr>{''.join(f'<td {left}>{_marked(name, value, row)}</td>' for name, value in row.items())}</tr>"
            for row in self.rows
        )
        return (
            f"<p><strong>{escape(self.summary)}</strong></p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def compare_results(left: Text | ImageAnalysis, right: Text | ImageAnalysis) -> Comparison:
    """Compare two answers of the same kind: two texts word by word, two analyses name by name.

    Parameters
    ----------
    left, right : OcrResult, ReadResult, str or ImageAnalysis
        What was read by two sources, or from two pictures. Raises `OptionError` for anything else.

    >>> one = ImageAnalysis.from_json({"tags": [{"name": "cat", "confidence": 0.99}]})
    >>> other = ImageAnalysis.from_json({"tags": [{"name": "cat", "confidence": 0.8}, {"name": "sofa",
    ...     "confidence": 0.7}]})
    >>> compare_results(one, other).differences
    [{'what': 'tag', 'name': 'sofa', 'left': None, 'right': 0.7, 'difference': 'only right'}]
    """
    if isinstance(left, ImageAnalysis) and isinstance(right, ImageAnalysis):
        return _compare_names(left, right)
    if isinstance(left, ImageAnalysis) or isinstance(right, ImageAnalysis):
        raise OptionError("An analysis can't be compared with a text. Give two texts or two analyses.")
    for side in (left, right):
        if not isinstance(side, Text):
            raise OptionError(f"{type(side).__name__} can't be compared. Give two texts or two analyses.")
    return _compare_words(str(left).split(), str(right).split())


def _compare_words(left: list[str], right: list[str]) -> Comparison:
    rows: Rows = []
    counts: Counter[str] = Counter()
    for _, i, j, k, n in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        one, other = left[i:j], right[k:n]
        difference = "same" if one == other else "changed" if one and other else "only left" if one else "only right"
        counts[difference] += max(len(one), len(other))
        rows.append({"left": " ".join(one), "right": " ".join(other), "difference": difference})
    changed = next((row for row in rows if row["difference"] == "changed"), None)
    example = f" For example ‘{changed['left']}’ on the left is ‘{changed['right']}’ on the right." if changed else ""
    return Comparison(rows, _summary("word", counts, len(left), len(right), example))


def _compare_names(left: ImageAnalysis, right: ImageAnalysis) -> Comparison:
    sides = [
        {(str(r["what"]), str(r["name"])): r["confidence"] for r in side.to_rows() if r["what"] in NAMED}
        for side in (left, right)
    ]
    rows: Rows = []
    for what, name in dict.fromkeys([*sides[0], *sides[1]]):
        here, there = ((what, name) in side for side in sides)
        difference = "same" if here and there else "only left" if here else "only right"
        left_one, right_one = (_confidence(side, (what, name)) for side in sides)
        rows.append({"what": what, "name": name, "left": left_one, "right": right_one, "difference": difference})
    rows.sort(key=lambda row: NAMED.index(str(row["what"])))
    return Comparison(
        rows, _summary("name", Counter(str(row["difference"]) for row in rows), len(sides[0]), len(sides[1]))
    )


def _confidence(side: dict[tuple[str, str], object], key: tuple[str, str]) -> object:
    """The confidence; where there is none, that it was found at all."""
    return None if key not in side else "found" if side[key] is None else side[key]


def _summary(noun: str, counts: Counter[str], left: int, right: int, example: str = "") -> str:
    if left == right == 0:
        return f"Neither side has a {noun}."
    if counts.total() == counts["same"]:
        return f"The {counted(left, noun)} {'is' if left == 1 else 'are'} the same on both sides."
    where = dict(zip(DIFFERENCES, ("the same", "changed", "only on the left", "only on the right"), strict=True))
    parts = [f"{counts[d]} {'is' if counts[d] == 1 else 'are'} {text}" for d, text in where.items() if counts[d]]
    if not counts["same"]:
        parts.insert(0, "none is the same")
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, and {parts[-1]}"
    return f"The left side has {counted(left, noun)}, the right side {right}: {listed}.{example}"


def _marked(name: str, value: object, row: dict[str, object]) -> str:
    text = escape(cell(value))
    differs = row["difference"] != "same" and name in ("left", "right", "name") and text
    return f"<mark>{text}</mark>" if differs else text
