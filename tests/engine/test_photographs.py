"""The table of photographs that the benchmark measures with, and how it judges. The photographs are not needed here."""

from __future__ import annotations

import re
import tomllib

from benchmarks import photographs
from cvhelpers.ondevice.engine import captions
from cvhelpers.ondevice.engine.readings import Meaning, Named

TABLE = tomllib.loads(photographs.TABLE.read_text("utf-8"))
SEEN = [row for row in TABLE["photographs"] if not row.get("unseen", False)]


def of(**words: tuple[str, ...] | int) -> photographs.Photograph:
    known = {"subject": (), "broader": (), "scene": (), "other": (), "count": 1} | words
    return photographs.Photograph("made up", None, **known)  # type: ignore[arg-type]


def test_every_row_says_where_its_photograph_is_from():
    names = [row["name"] for row in TABLE["photographs"]]
    assert len(names) == len(set(names))
    assert sum(row.get("unseen", False) for row in TABLE["photographs"]) == 47
    assert len({row["sha256"] for row in TABLE["photographs"]} - {seen["sha256"] for seen in SEEN}) >= 40
    assert len(SEEN) == 110
    for row in TABLE["photographs"]:
        assert row["package"] in TABLE["packages"]
        assert re.fullmatch("[0-9a-f]{64}", row["sha256"])
        assert row["author"]
        assert row["licence"]
        assert row["subject"]
        assert row["scene"]


def test_every_place_of_a_caption_can_be_judged():
    said = {*captions.PHRASES.values(), *(phrase for pair in captions.SUPPORTS.values() for phrase in pair)}
    scenes = {"kitchen", "bathroom", "bedroom", "shop", "library", "restaurant", "stage", "church", "tennis court"}
    for phrase in said:
        room = phrase.removeprefix("in a ").removeprefix("on a ")
        assert phrase in photographs.PLACES or room in scenes, phrase


def test_a_caption_is_right_if_nothing_in_it_is_false():
    dogs = of(subject=("dog",), broader=("animal",), scene=("outdoor", "grass"), count=2)
    assert photographs.mistakes(Meaning("sure", (Named("dog", 2),), place="on the grass"), dogs) == []
    assert photographs.mistakes(Meaning("sure", (Named("dog"),)), dogs) == ["number"]
    assert photographs.mistakes(Meaning("sure", (Named("dog", 0),), place="on a beach"), dogs) == ["place: on a beach"]
    assert photographs.mistakes(Meaning("sure", (Named("cat"),)), dogs) == ["cat", "subject"]
    assert photographs.mistakes(Meaning("colors", colors=("green",)), dogs) == ["subject"]
