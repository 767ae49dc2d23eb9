"""Tags: words for a picture, in the order in which a person would name them.

First come the things, the strongest first (`things.py`), each with its other names. Then broader words for them,
the place, text, the kind of picture, a colour, and whether it is outdoors or indoors. Mere guesses come last.

How sure a tag is and where it stands are two different things: a cat is surely an animal, yet a person says "cat"
first. But in a list whose numbers jump up and down nobody finds their way, so a tag never has a higher confidence
than the one before it. It then says less than is known, never more: "at least so sure".

Nothing is said of what was not looked for: there is no model here for actions, moods, ages or names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import everyday
from .objects import PARENTS
from .places import Place
from .readings import TagScore
from .things import Sight, Thing

FINE = 0.7  # from this share on the class itself is a tag too: "Egyptian cat"
LIKELY = 0.5  # things less sure than this are guesses and come last
LEAST = 0.25  # a word less sure than this is no tag
HIGHEST = 0.999
DRAWING = (0.0, 0.0, 0.8, 0.95)  # how sure "drawing" is, by how good the clip art is
LARGE = 0.5  # a colour of at least this share of the picture is a tag

PLACE_TAGS = {
    "outdoors": "outdoor",
    "indoors": "indoor",
    "mountains": "mountain",
    "plants": "plant",
    "office": "desk",
    "blue sky": "sky",
}


def write(found: Sight, things: Iterable[Thing], places: Iterable[Place], dark: float) -> tuple[TagScore, ...]:
    """The tags. `dark` is how dark the picture is, 0 to 1: see `categories.darkness`."""
    sure: dict[str, float] = {}
    likely = [thing for thing in things if thing.confidence >= LIKELY]
    guesses = [thing for thing in things if thing.confidence < LIKELY]
    for word, confidence in [
        *(of_picture(found, dark) if found.is_page else ()),
        *of_things(likely),
        *broader(likely),
        *of_class(found),
        *of_places(places, general=False),
        *of_picture(found, dark),
        *of_places(places, general=True),
        *of_things(guesses),
    ]:
        if confidence >= LEAST:
            sure.setdefault(word, confidence)
    tags, limit = [], HIGHEST
    for word, confidence in sure.items():
        limit = min(limit, confidence)
        tags.append(TagScore(word, round(limit, 4)))
    return tuple(tags)


def of_things(things: Iterable[Thing]) -> Iterator[tuple[str, float]]:
    """What is seen, and its other names."""
    for thing in things:
        for word in (thing.word, *thing.also):
            yield word, thing.confidence


def broader(things: Iterable[Thing]) -> Iterator[tuple[str, float]]:
    """Broader words: those of the detector's kinds, and everyday words that hold all classes of a narrower one."""
    for thing in things:
        classes = everyday.family(thing.word)
        wider = [word for word, family in everyday.table().items() if classes and classes < family]
        for word in (*PARENTS.get(thing.word, ()), *sorted(wider, key=lambda word: len(everyday.table()[word]))):
            yield word, thing.confidence


def of_class(found: Sight) -> Iterator[tuple[str, float]]:
    """The one class that the classifier is sure of."""
    best = int(found.classes.probabilities.argmax())
    share = float(found.classes.probabilities[best])
    if share >= FINE and found.image_type.clip_art < 2:
        yield everyday.own_name(best), share


def of_places(places: Iterable[Place], general: bool) -> Iterator[tuple[str, float]]:
    """Where it is: a certain place, or (`general`) only whether it is outdoors or indoors."""
    for place in places:
        if (place.word in ("outdoors", "indoors")) is general:
            yield PLACE_TAGS.get(place.word, place.word), place.confidence


def of_picture(found: Sight, dark: float) -> Iterator[tuple[str, float]]:
    """What can be said of the picture itself: its words, its kind, its colours."""
    if found.lines:
        yield "text", max(line.confidence for line in found.lines)
    yield "drawing", DRAWING[found.image_type.clip_art]
    if found.colors.black_and_white:
        yield "black and white", 0.95
    color, share = found.largest_color
    if share >= LARGE and color not in ("Black", "Grey", "White"):
        yield color.lower(), share
    if dark > 0.5:
        yield "dark", dark
