"""Two answers side by side: which words differ, which tags only one of them has.

>>> compare_results("the quick brown fox", "the quick brawn fox jumps")
3 of 4 and 5 words the same; 1 changed, 1 only right.
"""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from html import escape

from ..errors import OptionError
from ..results import ImageAnalysis, OcrResult, ReadResult, Rows

Text = str | OcrResult | ReadResult
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
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.rows[0])
        body = "".join(
            f"<tr>{''.join(f'<td>{_marked(name, value, row)}</td>' for name, value in row.items())}</tr>"
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
        What was read by two sources, or from two pictures.

    >>> one = ImageAnalysis.from_json({"tags": [{"name": "cat", "confidence": 0.99}]})
    >>> other = ImageAnalysis.from_json({"tags": [{"name": "cat", "confidence": 0.8}, {"name": "sofa",
    ...     "confidence": 0.7}]})
    >>> compare_results(one, other).differences
    [{'what': 'tag', 'name': 'sofa', 'left': None, 'right': 0.7, 'difference': 'only right'}]
    """
    if isinstance(left, ImageAnalysis) and isinstance(right, ImageAnalysis):
        return _compare_names(left, right)
    if isinstance(left, ImageAnalysis) or isinstance(right, ImageAnalysis):
        raise OptionError("An analysis and a text have nothing to compare. Give two texts or two analyses.")
    return _compare_words(str(left).split(), str(right).split())


def _compare_words(left: list[str], right: list[str]) -> Comparison:
    rows: Rows = []
    counted: Counter[str] = Counter()
    for _, i, j, k, n in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        one, other = left[i:j], right[k:n]
        difference = "same" if one == other else "changed" if one and other else "only left" if one else "only right"
        counted[difference] += max(len(one), len(other))
        rows.append({"left": " ".join(one), "right": " ".join(other), "difference": difference})
    return Comparison(rows, _summary("word", counted, len(left), len(right)))


def _compare_names(left: ImageAnalysis, right: ImageAnalysis) -> Comparison:
    sides = [
        {(str(r["what"]), str(r["name"])): r["confidence"] for r in side.to_rows() if r["what"] in NAMED}
        for side in (left, right)
    ]
    rows: Rows = []
    for what, name in dict.fromkeys([*sides[0], *sides[1]]):
        here, there = ((what, name) in side for side in sides)
        difference = "same" if here and there else "only left" if here else "only right"
        rows.append({
            "what": what, "name": name, "left": _told(sides[0], (what, name)), "right": _told(sides[1], (what, name)),
            "difference": difference,
        })  # fmt: skip
    rows.sort(key=lambda row: NAMED.index(str(row["what"])))
    return Comparison(rows, _summary("name", Counter(str(row["difference"]) for row in rows), *map(len, sides)))


def _told(side: dict[tuple[str, str], object], key: tuple[str, str]) -> object:
    """The confidence; where none was told, that it was found at all."""
    return None if key not in side else "found" if side[key] is None else side[key]


def _summary(noun: str, counted: Counter[str], left: int, right: int) -> str:
    how_many = f"{left}" if left == right else f"{left} and {right}"
    nouns = noun if left == right == 1 else f"{noun}s"
    if left == right == 0:
        return f"Neither side has a {noun}."
    if counted.total() == counted["same"]:
        return f"The {how_many} {nouns} {'is' if left == 1 else 'are'} the same on both sides."
    others = ", ".join(f"{counted[d]} {d}" for d in ("changed", "only left", "only right") if counted[d])
    return f"{counted['same']} of {how_many} {nouns} the same; {others}."


def _marked(name: str, value: object, row: dict[str, object]) -> str:
    text = escape("" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value))
    differs = row["difference"] != "same" and name in ("left", "right", "name") and text
    return f"<mark>{text}</mark>" if differs else text
