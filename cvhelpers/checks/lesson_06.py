"""The exercises of notebook 06."""

from __future__ import annotations

from collections.abc import Sequence

from .exercise import Case, Exercise


def _plain(text: str, wanted: str) -> Case:
    return Case((text,), wanted, "Small letters, digits and single spaces, and nothing at the ends.")


def _glued(truth: str, reading: str, wanted: Sequence[str]) -> Case:
    hint = "A word is glued when it is no word of the reading, but its letters stand inside one of them."
    return Case((truth, reading), list(wanted), hint)


def _means(measured: list[tuple[float, float]], wanted: dict[float, float]) -> Case:
    hint = "The mean of all errors at the same strength, and nothing rounded."
    return Case((measured,), wanted, hint)


def _share(pairs: list[tuple[float, bool]], low: float, high: float, wanted: float | None, hint: str) -> Case:
    return Case((pairs, low, high), wanted, hint)


_RANGE = "Count the words with low <= confidence < high only: how many of those are right?"

EXERCISES = {
    "06-1": Exercise(
        "plain",
        [
            _plain("Do NOT enter!", "do not enter"),
            _plain("  Room 101,\n second floor ", "room 101 second floor"),
            _plain("tea/coffee -- free", "tea coffee free"),
        ],
        "Now NOTHING and nothing count as the same word.",
    ),
    "06-2": Exercise(
        "glued",
        [
            _glued("atoms and empty space", "atoms andempty space", ["and", "empty"]),
            _glued("keep off the grass", "keep the grass", []),
            _glued("the cat sat", "thecat sat", ["the", "cat"]),
            _glued("one two three", "one two three", []),
            _glued("one two three", "onetwothree", ["one", "two", "three"]),
            _glued("he saw the sea", "he saw thesea", ["the", "sea"]),
            _glued("go to bed to rest", "goto bed torest", ["go", "to", "to", "rest"]),
            _glued("keep it open", "kee pit open", ["it"]),
        ],
        "A word that is glued was seen. Only the space was lost.",
    ),
    "06-3": Exercise(
        "means",
        [
            _means([(1, 0.0), (1, 0.25), (2, 0.5), (2, 0.6)], {1: 0.125, 2: 0.55}),
            _means([(5, 0.09), (5, 0.36), (5, 0.0)], {5: 0.15}),
            _means([(0, 0.2), (3, 0.4), (0, 0.1), (3, 1.0)], {0: 0.15, 3: 0.7}),
        ],
        "The rounding had hidden every small loss, and only the last repeat had counted.",
    ),
    "06-4": Exercise(
        "share_right",
        [
            _share([(0.95, True), (0.91, True), (0.99, False), (0.4, False)], 0.9, 1.01, 2 / 3, _RANGE),
            _share([(0.5, True), (0.55, False), (0.6, False)], 0.5, 0.6, 0.5, _RANGE),
            _share([(0.9, True)], 0.1, 0.2, None, "Without any word in the range there is no share: return None."),
            _share([(0.3, False), (0.35, False)], 0.3, 0.4, 0.0, _RANGE),
        ],
        "That is one bar of a calibration plot.",
    ),
}
