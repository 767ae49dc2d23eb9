"""The quality that is promised: pages read, sample pictures told. `benchmarks/engine_quality.py` prints the table.

Half of the benchmark's pages are read here: every text, every font and hand, and every condition.
"""

from __future__ import annotations

import pytest

from cvhelpers.ondevice.engine import Engine

from . import hands, pages, quality


def test_printed_pages_have_at_most_one_percent_of_errors(engine: Engine):
    scores = quality.read_pages(lambda image: engine.read(image).text, pages.printed(step=2))
    assert {condition for _, condition in scores} >= {"clean", "tilted", "turned-90", "turned-180", "photographed"}
    assert max(score.rate for score in scores.values()) <= 0.01


def test_handwritten_pages_have_at_most_two_percent_of_errors(engine: Engine):
    scores = quality.read_pages(lambda image: engine.read(image).text, pages.handwritten(step=2))
    assert {condition for _, condition in scores} >= {"ruled", "blurred", "shadow", "half"}
    assert max(score.rate for score in scores.values()) <= 0.02


def test_pages_nearly_like_real_hands_are_read_with_few_errors(engine: Engine):
    """Slanted, dense and touching lines, in French and English: a part of what `benchmarks/engine_quality.py` reads."""
    hard = [page for page in hands.french(("slanted",)) if page.text.startswith(("L'abeille", "Chère"))]
    hard += [page for page in hands.notes(("dense", "pencil")) if page.text.startswith(("Energy", "We reached"))]
    assert len(hard) == 6
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
