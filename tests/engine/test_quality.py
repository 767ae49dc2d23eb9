"""The quality that is promised: pages read, sample pictures told. `benchmarks/engine_quality.py` prints the table.

A quarter of the benchmark's pages are read here: every text, every font and hand, and every condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

import pytest

from cvhelpers.ondevice.engine import Engine

from . import hands, pages, quality


def every_other(drawn: Iterable[pages.Page]) -> Iterator[pages.Page]:
    """Of one text in one font the first, third and fifth condition, of the next one the others, and so on."""
    for number, (_, conditions) in enumerate(groupby(drawn, key=lambda page: page.font)):
        yield from islice(conditions, number % 2, None, 2)


def test_printed_pages_have_at_most_one_percent_of_errors(engine: Engine):
    scores = quality.read_pages(lambda image: engine.read(image).text, every_other(pages.printed(step=2)))
    conditions = {"clean", "tilted", "turned-90", "turned-180", "turned-270", "photographed"}
    assert {condition for _, condition in scores} == conditions
    assert max(score.rate for score in scores.values()) <= 0.01


def test_handwritten_pages_have_at_most_two_percent_of_errors(engine: Engine):
    scores = quality.read_pages(lambda image: engine.read(image).text, every_other(pages.handwritten(step=2)))
    assert {condition for _, condition in scores} == {"ruled", "blurred", "shadow", "half"}
    assert max(score.rate for score in scores.values()) <= 0.02


def test_pages_nearly_like_real_hands_are_read_with_few_errors(engine: Engine):
    """Slanted, dense and touching lines, in French and English: a part of what `benchmarks/engine_quality.py` reads."""
    hard = [*hands.french(["slanted"], ["abeille", "lettre"])]
    hard += [*hands.notes(["dense"], ["physics"]), *hands.notes(["pencil"], ["diary"])]
    assert len(hard) == 4
    scores = quality.read_pages(lambda image: engine.read(image).text, hard)
    assert quality.rate(scores, "french") <= 0.15
    assert quality.rate(scores, "notes") <= 0.10


@pytest.mark.parametrize(
    ("picture", "recording"),
    [("democritus", "printed-text"), ("pangrams", "handwritten-text-3-succeeded")],
)
def test_the_quickstarts_texts_are_read_without_an_error(engine: Engine, picture: str, recording: str):
    reading = engine.read(quality.sample(picture))
    recorded = quality.recorded_lines(recording)
    assert sorted(line.text for line in reading.lines) == sorted(
        " ".join(word["text"] for word in line["words"]) for line in recorded
    )
    overlaps = quality.overlaps(reading.lines, recorded)
    assert sum(overlaps) / len(overlaps) > 0.6


def test_the_first_tag_is_true_and_no_caption_names_what_is_not_there(engine: Engine):
    looks = quality.look_at_samples(engine)
    told = [look.tag_is_true for look in looks if look.tag_is_true is not None]
    assert sum(told) >= 0.9 * len(told)
    assert [look.caption for look in looks if not look.caption_is_true] == []
