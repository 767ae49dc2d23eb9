"""Things: what was seen by the detector, the classifier and the finder of faces, under one everyday name each.

What a person would name first is sure and large: a thing's *strength* is how sure it is, times the cube root of
its share of the picture's area. (The square root would forget a dog in a meadow, no root at all would name a
spoon before a person.) What people wear, hold and sit on counts half.

Two witnesses often have two names for one thing: the detector's "cup" is the classifier's "espresso". Names that
stand for the same classes are merged, and their strengths add up, the weaker at half.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from . import everyday, places
from .classes import Classes
from .readings import ColorScheme, DetectedFace, Detection, ImageStyle, Line, Rect
from .scenery import Scenery, is_desert
from .wordlist import words

CLASS_WEIGHT = 0.75  # the classifier doesn't say where a thing is, so its whole picture is not counted in full
COLOR_WEIGHT = 0.4  # sky and plants are named first only where nothing else is sure
FACE_BODY = 6  # a person covers about so many times the area of the face
ACCESSORY = 0.5
TABLE = 0.25  # a table is what other things stand on
FACED = {"animal", "container", "food", "plant", "toy"}  # a face without a body, in the box of one, is that thing's
FLOWER, VIVID = 0.15, 0.5  # how much the classes near flowers, and a vivid colour in the middle, say "flower"
SURE_INSECT = 0.6  # on a flower an insect must be surer than this
SIGN = 0.15  # the share of signs that makes words stand on one
SIGN_BY_TEXT = 0.7  # how likely words with so much of a sign stand on one
SIGN_BOARD = 2  # a sign is so many times as large as its words
SURE = 0.7  # nobody names the sky before a thing as sure as this
GUESS = 0.25  # where nothing else was found, a word of this share is taken
SAME = 0.6  # two names are one thing if they have this part of the smaller one's classes in common

ACCESSORIES = frozenset(
    {
        "tie", "handbag", "backpack", "suitcase", "cell phone", "ball", "remote control", "computer mouse", "keyboard",
        "spoon", "fork", "knife", "book", "bottle", "cup", "wine glass", "traffic light", "parking meter", "bench",
        "chair", "potted plant", "umbrella", "frisbee", "baseball glove", "baseball bat", "dining table",
        "vase", "bowl",
        "skis", "snowboard", "surfboard", "skateboard", "tennis racket",
        "clothing", "suit", "uniform", "dress", "skirt", "coat", "shirt", "jeans", "swimsuit", "hat", "cap", "helmet",
        "shoe", "boot", "glasses", "mask", "wig", "sock", "kimono", "pajama", "cardigan", "poncho", "cloak", "apron",
        "seat belt", "neck brace", "bulletproof vest", "mortarboard", "stole", "feather boa", "microphone", "pole",
        "window", "curtain", "pillow", "blanket", "door", "lamp",
        "bed", "couch",
    }
)  # fmt: skip


FLOWERS = words(
    "daisy, yellow lady's slipper, bee, sulphur butterfly, cabbage butterfly, lycaenid, ladybug, ant, fly, "
    "hummingbird, "
    "rapeseed, cardoon, artichoke, hip"
)
INSECTS = frozenset({"insect", "bee", "fly", "ant", "butterfly", "beetle", "ladybug", "hummingbird", "bird", "animal"})


# Of words that the classifier gave with this share, so many were true (`benchmarks/photographs.py` measures it).
SHARE = (0.0, 0.25, 0.4, 0.5, 0.65, 1.0)
TRUE = (0.0, 0.2, 0.5, 0.75, 0.88, 0.98)


@dataclass(frozen=True)
class Sight:
    """All that was found in a picture.

    `lines` are those that were read surely, `doubtful` the objects that are nearly sure enough to be ones.
    """

    width: int
    height: int
    classes: Classes
    objects: tuple[Detection, ...]
    faces: tuple[DetectedFace, ...]
    lines: tuple[Line, ...]
    colors: ColorScheme
    image_type: ImageStyle
    scenery: Scenery
    doubtful: tuple[Detection, ...] = ()
    largest_color: tuple[str, float] = ("Grey", 0.0)

    def part(self, box: Rect) -> float:
        """How much of the picture a box covers."""
        return min(1.0, box.area / (self.width * self.height))

    @property
    def text_share(self) -> float:
        """How much of the picture is text."""
        return min(1.0, sum(self.part(line.box) for line in self.lines))

    @property
    def people(self) -> tuple[DetectedFace, ...]:
        """The faces that people have. Two dark spots and a curve are a face too: some cups have one."""
        bodies = [thing.box for thing in (*self.objects, *self.doubtful) if thing.name == "person"]
        faced = [thing.box for thing in self.objects if FACED & {*thing.parents}]

        def believed(face: Rect) -> bool:
            return any(inside(face, box) >= 0.5 for box in bodies) or all(inside(face, box) < 0.8 for box in faced)

        return tuple(face for face in self.faces if believed(face.box))

    @property
    def is_page(self) -> bool:
        """Whether the picture is mostly text."""
        return len(self.lines) >= 3 and self.text_share >= 0.1 and not self.faces


@dataclass(frozen=True)
class Thing:
    """A thing, or several of one kind.

    `also` are other names for it. `witnesses` are those who saw it: "object", "class", "face".
    `sureness` is how sure each of them was. `boxes` is where the detector saw it.
    """

    word: str
    strength: float
    sureness: dict[str, float]
    also: tuple[str, ...] = ()
    boxes: tuple[Rect, ...] = ()
    broad: bool = False

    @property
    def confidence(self) -> float:
        """How likely the word is true: the chance that not all witnesses are wrong.

        >>> Thing("cat", 1.0, {"object": 0.6, "class": 0.5}).confidence
        0.9
        """
        doubt = 1.0
        for witness, sureness in self.sureness.items():
            doubt *= 1 - probability(witness, sureness)
        return round(1 - doubt, 4)

    @property
    def witnesses(self) -> frozenset[str]:
        return frozenset(self.sureness)


def probability(witness: str, sureness: float) -> float:
    """How likely a witness is right. That words were read doesn't prove that they stand on a sign."""
    if witness in ("class", "color"):
        return float(np.interp(sureness, SHARE, TRUE))
    return SIGN_BY_TEXT * sureness if witness == "text" else sureness


def inside(box: Rect, other: Rect) -> float:
    """How much of a box lies in another.

    >>> inside(Rect(0, 0, 10, 10), Rect(5, 0, 100, 100))
    0.5
    """
    width = min(box.x + box.w, other.x + other.w) - max(box.x, other.x)
    height = min(box.y + box.h, other.y + other.h) - max(box.y, other.y)
    return max(0, width) * max(0, height) / box.area


def gather(found: Sight) -> tuple[Thing, ...]:
    """All things, the strongest first."""
    things: dict[str, Thing] = {}
    for witness in (by_detector, by_faces, by_text, by_colors, by_classifier):
        witness(found, things)
    return ranked(merged(things.values()))


def by_detector(found: Sight, things: dict[str, Thing]) -> None:
    for thing in found.objects:
        add(things, thing.name, "object", thing.confidence, extent(found.part(thing.box)), thing.box)


def by_faces(found: Sight, things: dict[str, Thing]) -> None:
    for face in found.people:
        add(things, "person", "face", face.confidence, extent(FACE_BODY * found.part(face.box)))


def by_text(found: Sight, things: dict[str, Thing]) -> None:
    """Words stand on a sign, if the classifier sees a little of one."""
    if found.lines and (share := found.classes.of(everyday.family("sign"))) >= SIGN:
        board = SIGN_BOARD * sum(found.part(line.box) for line in found.lines)
        add(things, "sign", "text", max(line.confidence for line in found.lines), extent(board))
        add(things, "sign", "class", share, CLASS_WEIGHT)


def by_colors(found: Sight, things: dict[str, Thing]) -> None:
    """The sky in the open air, and plants."""
    scenery = found.scenery
    openness = places.openness(places.look(found.classes, found.objects, scenery))
    if scenery.blue_sky >= 0.5 and openness >= places.OUT:
        add(things, "sky", "color", scenery.blue_sky, COLOR_WEIGHT)
    if scenery.rough_green >= 0.5:
        add(things, "plant", "color", scenery.rough_green, COLOR_WEIGHT)


def by_classifier(found: Sight, things: dict[str, Thing]) -> None:
    """What the classifier names in photographs (it wasn't taught drawings); its guesses, where nobody saw a thing."""
    if found.image_type.clip_art >= 2:
        return
    named = everyday.named(found.classes)
    if not named and all(thing.witnesses == {"color"} for thing in things.values()):
        named = everyday.named(found.classes, GUESS)
    if (flower := blossom(found)) >= FLOWER:
        add(things, "flower", "class", min(1.0, flower + FLOWER), CLASS_WEIGHT)
        named = {word: share for word, share in named.items() if word not in INSECTS or share >= SURE_INSECT}
    for word, share in named.items():
        desert = word == "beach" and is_desert(found.scenery)
        add(things, "landscape" if desert else word, "class", share, CLASS_WEIGHT)


def extent(area: float) -> float:
    """What an area, as a share of the picture's, weighs: its cube root, at most 1."""
    return float(min(1.0, area) ** (1 / 3))


def ranked(things: list[Thing]) -> tuple[Thing, ...]:
    """The strongest first, but the sky and plants behind all that is sure, however small it is."""
    sure = any(thing.confidence >= SURE for thing in things if thing.witnesses != {"color"})
    return tuple(sorted(things, key=lambda thing: (sure and thing.witnesses == {"color"}, -thing.strength)))


def blossom(found: Sight) -> float:
    """How much it looks like a flower. ImageNet has hardly one but the daisy, and the insects that sit on them.

    So a vivid colour in the middle is asked for as a second witness.
    """
    return found.classes.share(FLOWERS) if found.scenery.vivid_center >= VIVID else 0.0


def add(found: dict[str, Thing], word: str, witness: str, sureness: float, weight: float, *boxes: Rect) -> None:
    """Add what one witness saw to the thing of that name: its strength is that of the strongest."""
    weight *= TABLE if word == "dining table" else ACCESSORY if word in ACCESSORIES else 1
    strength = sureness * weight
    known = found.get(word) or Thing(word, 0.0, {}, broad=word in everyday.BROAD)
    again = witness in known.witnesses
    found[word] = replace(
        known,
        strength=max(known.strength, strength) if again else added(known.strength, strength),
        sureness=known.sureness | {witness: max(sureness, known.sureness.get(witness, 0.0))},
        boxes=(*known.boxes, *boxes),
    )


def added(strength: float, other: float) -> float:
    """What two witnesses of one thing weigh together: the weaker counts half."""
    return max(strength, other) + min(strength, other) / 2


def merged(things: Iterable[Thing]) -> list[Thing]:
    """One thing for each, where several names stand for the same classes."""
    kept: list[Thing] = []
    for thing in sorted(things, key=lambda thing: -thing.strength):
        twin = next((other for other in kept if same(other.word, thing.word)), None)
        if twin is None:
            kept.append(thing)
        else:
            kept[kept.index(twin)] = together(twin, thing)
    return kept


def same(word: str, other: str) -> bool:
    """Whether two words stand for the same classes.

    >>> same("dog", "animal"), same("dog", "cat"), same("bird", "owl")
    (True, False, True)
    """
    classes, others = everyday.family(word), everyday.family(other)
    shared = len(classes & others)
    return shared > 0 and shared >= SAME * min(len(classes), len(others))


def together(stronger: Thing, weaker: Thing) -> Thing:
    """Two names of one thing: called by the detector's name, else by the one that says more."""
    first, second = stronger, weaker
    if ("object" in weaker.witnesses, not weaker.broad) > ("object" in stronger.witnesses, not stronger.broad):
        first, second = weaker, stronger
    sureness = {
        witness: max(first.sureness.get(witness, 0.0), second.sureness.get(witness, 0.0))
        for witness in first.witnesses | second.witnesses
    }
    return Thing(
        first.word,
        added(stronger.strength, weaker.strength),
        sureness,
        (*first.also, second.word, *second.also),
        first.boxes or second.boxes,
        first.broad,
    )
