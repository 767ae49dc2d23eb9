"""Captions: one sentence made from what was found, that says no more than what was found.

There is no model that writes sentences here. Rules put together a subject, what goes with it and where it is:
"two dogs on the grass". What they say is a `Meaning`; `english` puts it into words, `languages.py` into those of
other languages. A number is given only if it is sure, a place only if several witnesses agree (`places.py`).

The confidence is no product of guesses: it is how often captions of that kind were right on those photographs of
`benchmarks/photographs.toml` that were kept apart when the rules were made, and labelled before. Right means: it names
what a person would name first, and nothing in it is false.
"""

from __future__ import annotations

from collections.abc import Iterable

from . import everyday
from .places import Place
from .readings import Meaning, Named, Rect, Sentence
from .things import ACCESSORIES, Sight, Thing, inside
from .wordlist import words

# Kind of caption -> share of them that were right among the 47 unseen photographs, as `python -m
# benchmarks.photographs` measures it: (right + 1) of (all + 2), so that a kind with few examples is not called
# certain. A subject is "agreed" if two witnesses saw it, "sure" or "likely" if it was one; a "scene" is a place. A
# "page" was right on 2 of 7 photographs (the others showed signs and a box) and on the 76 pages of
# `tests/engine/pages.py`, which are written with fonts.
RIGHT = {
    "agreed": 0.8,
    "sure": 0.6,
    "likely": 0.53,
    "scene": 0.33,
    "page": 0.93,
    "words": 0.33,
    "colors": 0.09,
}

SURE = 0.88  # one witness as sure as this is called sure
NAMED = 0.5  # a subject must be as sure as this
BESIDE, BESIDE_STRENGTH = 0.75, 0.2  # the same for what goes with it, and its least strength beside the subject's
DOUBLED = 0.85  # a box that lies in another by more than this is not counted
COUNTED = 0.65  # each of several must be as sure as this for their number to be given
MOST = 5  # people and things are counted up to here
LONGEST_QUOTE = 80

PLURALS = {
    "person": "people",
    "sheep": "sheep",
    "fish": "fish",
    "skis": "skis",
    "scissors": "scissors",
    "knife": "knives",
    "goose": "geese",
    "wolf": "wolves",
    "bookshelf": "bookshelves",
    "computer mouse": "computer mice",
    "fly": "flies",
    "butterfly": "butterflies",
    "dragonfly": "dragonflies",
    "strawberry": "strawberries",
    "potato": "potatoes",
    "buffalo": "buffaloes",
}
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}
PLURAL_ONLY = frozenset(words("skis, scissors, glasses, jeans, binoculars"))
MASS = frozenset(
    words(
        "food, fruit, bread, broccoli, corn, meat, pasta, ice cream, soup, wine, coffee, furniture, clothing, coral, "
        "hay, toilet paper, sky, cabbage, cauliflower, guacamole, dough, chocolate sauce, electronics"
    )
)
"""Words that have no plural and no article."""
SPOKEN = {
    "coffee": "a cup of coffee",
    "wine": "a glass of wine",
    "soup": "a bowl of soup",
    "electronics": "an electronic device",
    "appliance": "a home appliance",
    "sky": "the sky",
    "plant": "green plants",
}
"""Words that are said in a way of their own, if there is one of them."""

HOLDS = {
    "coffee": ("cup", "bowl"),
    "drink": ("cup", "glass", "wine glass", "bottle"),
    "wine": ("wine glass", "glass", "bottle"),
    "soup": ("bowl", "cup"),
    "flower": ("potted plant",),
}
"""What a thing is in, and need not be said."""
WORN = frozenset(words("tie, suit, uniform, hat, dress, skirt, coat, helmet, glasses, swimsuit, kimono"))
SCENES = frozenset(words("mountain, beach, lake, landscape, valley, cliff, sky, plant, coral, pier"))
"""Subjects that are places themselves."""
ON_WATER = frozenset(words("boat, ship, duck, goose, swan, whale, surfboard, canoe, submarine, pelican"))
IN_THE_SKY = frozenset(words("airplane, kite, bird, hot air balloon, airship, parachute, eagle"))
ON_GRASS = frozenset(words("ball, frisbee, bicycle, motorcycle, car, tractor, truck, bench, tent, airplane"))
ON_TABLES = frozenset(words("cup, bowl, vase, bottle, wine glass, glass, book, teapot, candle, potted plant"))
AT_DESKS = frozenset(words("laptop, keyboard, computer mouse, computer, cup, book, cell phone, television"))


def write(found: Sight, things: tuple[Thing, ...], places: tuple[Place, ...]) -> Sentence:
    """The caption."""
    meaning = mean(found, things, places)
    return Sentence(english(meaning), RIGHT[meaning.kind], meaning)


def mean(found: Sight, things: tuple[Thing, ...], places: tuple[Place, ...]) -> Meaning:
    """What the caption says."""
    if found.is_page:
        return Meaning("page", manner=manner(found), quote=shortened(found.lines[0].text))
    quote, sign = quoted(found)
    sure = [thing for thing in things if thing.confidence >= NAMED]
    if sure:
        return subject(found, sure, places, quote, sign)
    if quote:
        return Meaning("words", manner=manner(found), quote=quote, sign=sign)
    if places and found.image_type.clip_art < 2:
        return Meaning("scene", manner=manner(found), place=where(None, places, found))
    colors = () if found.colors.black_and_white else tuple(name.lower() for name in found.colors.dominant[:2])
    return Meaning("colors", manner=manner(found) or "a picture", colors=colors)


def subject(found: Sight, sure: list[Thing], places: tuple[Place, ...], quote: str, sign: bool) -> Meaning:
    """A caption about things: the strongest, one that goes with it, and where they are."""
    first, *others = sure
    other = next((thing for thing in others if goes_with(thing, first)), None)
    place = where(first, places, found)
    if other and (first.word == "sign" or any(part in place.split() for part in other.word.split())):
        other = None
    things = [Named(thing.word, count(thing, found)) for thing in (first, other) if thing]
    kind = "agreed" if len(first.witnesses) > 1 else "sure" if first.confidence >= SURE else "likely"
    return Meaning(
        "scene" if first.word in SCENES else kind,
        things=tuple(things),
        link=link(first, other, found) if other else "",
        place=place,
        manner=manner(found),
        quote=quote,
        sign=sign,
    )


def goes_with(thing: Thing, first: Thing) -> bool:
    """Whether a thing is worth a word beside the subject, and sure enough."""
    strong = thing.strength >= BESIDE_STRENGTH * first.strength and thing.confidence >= BESIDE
    return strong and not thing.broad and thing.word not in (*SCENES, *HOLDS.get(first.word, ()))


def link(first: Thing, other: Thing, found: Sight) -> str:
    """How two things are joined: those of one kind by "and", others by "with"."""
    if first.word == "person" and other.word in WORN and count(first, found) == 1:
        return "wearing"
    if other.word in ACCESSORIES:
        return "with"
    kinds = ("animal", "vehicle", "food", "building")
    alike = any({first.word, other.word} <= among(kind) for kind in kinds)
    return "and" if alike else "with"


def among(kind: str) -> set[str]:
    """The everyday words that are of a kind, as "dog" of "animal"."""
    classes = everyday.table()[kind]
    return {word for word, family in everyday.words().items() if family <= classes}


def count(thing: Thing, found: Sight) -> int:
    """How many there are: a number up to `MOST`, one more for any larger, 0 if there are some and nobody is sure."""
    bodies = len(distinct(thing.boxes))
    faces = len(found.people) if thing.word == "person" else 0
    number = max(1, bodies, faces)
    if number > MOST:
        return MOST + 1
    largest = max((box.area for box in thing.boxes), default=0)
    doubtful = [other.box for other in found.doubtful if other.name == thing.word and 2 * other.box.area >= largest]
    more = len(distinct([*thing.boxes, *doubtful])) > number
    weakest = min((other.confidence for other in found.objects if other.name == thing.word), default=1.0)
    if more or (bodies and bodies != faces and number > 1 and (weakest < COUNTED or (faces and number > 2))):
        return 0
    return number


def distinct(boxes: Iterable[Rect]) -> list[Rect]:
    """The boxes without those that lie mostly in an earlier one, or have it mostly in them."""
    kept: list[Rect] = []
    for box in boxes:
        if all(inside(box, other) <= DOUBLED and inside(other, box) <= DOUBLED for other in kept):
            kept.append(box)
    return kept


# --- where -------------------------------------------------------------------------------------------------


def where(first: Thing | None, places: tuple[Place, ...], found: Sight) -> str:
    """Where the subject is, as a phrase; empty if nobody knows."""
    if first and (support := rests_on(first, found)):
        return support
    phrases = (phrase(place.word, first) for place in places)
    return next((said for said in phrases if said and not (first and first.word in said)), "")


def rests_on(first: Thing, found: Sight) -> str:
    """The furniture below the subject, if the detector saw one whose box holds the subject's feet."""
    for support in found.objects:
        if support.name not in SUPPORTS or support.name == first.word or not first.boxes:
            continue
        box = max(first.boxes, key=lambda box: box.area)
        x, y = box.x + box.w / 2, box.y + 0.9 * box.h
        left, top, w, h = support.box
        if left <= x <= left + w and top <= y <= top + h and support.box.area > 0.7 * box.area:
            on, at = SUPPORTS[support.name]
            return at if first.word == "person" else on
    return ""


SUPPORTS = {
    "bed": ("on a bed", "on a bed"),
    "couch": ("on a couch", "on a couch"),
    "bench": ("on a bench", "on a bench"),
    "dining table": ("on a table", "at a table"),
}
"""Furniture, and how it is said of a thing and of a person."""


def phrase(place: str, first: Thing | None) -> str:
    """A place as it is said of the subject; empty where it doesn't go with it."""
    word = first.word if first else ""
    if word in SCENES:
        return "under a blue sky" if place == "blue sky" and word != "sky" else ""
    lives = word == "person" or word in among("animal")
    laid = word in ON_TABLES or word in among("food")
    rules = {
        "grass": "on the grass" if lives or word in ON_GRASS else "",
        "water": "on the water" if word in ON_WATER else "near the water",
        "sky": "in the sky" if word in IN_THE_SKY else "",
        "office": "at a desk" if word == "person" else "on a desk" if word in AT_DESKS else "",
        "railway": "on railway tracks" if word == "train" else "",
        "table": "at a table" if word == "person" else "on a table" if laid else "",
        "plants": "among plants" if lives or word == "flower" else "",
    }
    return rules.get(place, PHRASES.get(place, ""))


PHRASES = {
    "tennis court": "on a tennis court",
    "sports field": "on a sports field",
    "snow": "in the snow",
    "beach": "on a beach",
    "street": "on a street",
    "mountains": "in the mountains",
    "blue sky": "under a blue sky",
    "outdoors": "outdoors",
    "kitchen": "in a kitchen",
    "bathroom": "in a bathroom",
    "bedroom": "in a bedroom",
    "living room": "in a living room",
    "shop": "in a shop",
    "library": "in a library",
    "restaurant": "in a restaurant",
    "stage": "on a stage",
    "church": "in a church",
    "indoors": "indoors",
}


# --- words and pictures ------------------------------------------------------------------------------------


def quoted(found: Sight) -> tuple[str, bool]:
    """The words that can be read, and whether they stand on a sign: only where something says that there is one."""
    if not found.lines or found.text_share < 0.004:
        return "", False
    street = {"car", "bus", "truck", "traffic light", "stop sign", "parking meter"}
    signs = found.classes.share(["sign", "pay-phone", "parking meter", "gas pump"])
    sign = signs >= 0.2 or any(thing.name in street for thing in found.objects)
    return shortened(" ".join(line.text for line in found.lines)), sign


def manner(found: Sight) -> str:
    """What kind of picture it is, where it is not a colour photograph. A page of text is just a page."""
    if found.text_share > 0.05:
        return ""
    if found.image_type.line_drawing:
        return "a line drawing"
    if found.image_type.clip_art >= 2:
        return "a drawing"
    return "a black and white photo" if found.colors.black_and_white else ""


def shortened(text: str) -> str:
    """
    >>> shortened("word " * 30)
    'word word word word word word word word word word word word word word word word …'
    """
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


# --- English -----------------------------------------------------------------------------------------------


def english(meaning: Meaning) -> str:
    """The sentence.

    >>> english(Meaning("agreed, placed", (Named("dog", 2),), place="on the grass"))
    'two dogs on the grass'
    >>> english(Meaning("agreed", (Named("person"), Named("laptop")), "with", "at a desk"))
    'a person with a laptop at a desk'
    """
    if meaning.kind == "page":
        return f"a page of text that begins “{meaning.quote}”"
    if meaning.kind == "colors":
        return mainly(meaning)
    said = f" {meaning.link} ".join(counted(thing.word, thing.count) for thing in meaning.things)
    if meaning.kind == "scene" and not said:
        return of(meaning.manner, GENERAL.get(meaning.place, f"a scene {meaning.place}"))
    parts = [said, meaning.place]
    if meaning.quote and meaning.sign:
        sign = f"a sign that reads “{meaning.quote}”"
        parts = [sign if said == "a sign" or not said else f"{said} and {sign}", meaning.place]
    elif meaning.quote:
        words = f"the words “{meaning.quote}”"
        parts = [said, meaning.place, f"with {words}" if said or meaning.manner else words]
    text = " ".join(filter(None, parts))
    return f"{meaning.manner} {text}" if text.startswith("with ") else of(meaning.manner, text)


GENERAL = {"outdoors": "an outdoor scene", "indoors": "an indoor scene"}


def of(manner: str, text: str) -> str:
    """
    >>> of("a drawing", "a dog"), of("", "a dog")
    ('a drawing of a dog', 'a dog')
    """
    return f"{manner} of {text}" if manner else text


def mainly(meaning: Meaning) -> str:
    """The last resort: true, and little."""
    if not meaning.colors:
        return "a black and white picture"
    return f"{meaning.manner} that is mainly {' and '.join(meaning.colors)}"


def counted(word: str, number: int) -> str:
    """
    >>> counted("cup", 1), counted("orange", 3), counted("bus", MOST + 1), counted("dog", 0), counted("skis", 1)
    ('a cup', 'three oranges', 'several buses', 'dogs', 'skis')
    >>> counted("person", 0), counted("person", MOST + 1), counted("coffee", 1)
    ('people', 'a group of people', 'a cup of coffee')
    """
    if word in MASS or (number == 1 and word in (*SPOKEN, *PLURAL_ONLY)):
        return SPOKEN.get(word, word)
    if number == 1:
        return with_article(word)
    if word == "person" and number > MOST:
        return "a group of people"
    return f"{'' if number == 0 else NUMBERS.get(number, 'several')} {plural(word)}".strip()


def plural(word: str) -> str:
    """
    >>> plural("bus"), plural("dog"), plural("computer mouse")
    ('buses', 'dogs', 'computer mice')
    """
    return PLURALS.get(word) or word + ("es" if word.endswith(("s", "sh", "ch", "x")) else "s")


def with_article(name: str) -> str:
    """
    >>> with_article("apple"), with_article("cat"), with_article("uniform")
    ('an apple', 'a cat', 'a uniform')
    """
    vowel = name[0].lower() in "aeiou" and not name.startswith(("uni", "one"))
    return ("an " if vowel else "a ") + name
