"""Tags: words for what a picture shows, from EfficientNet-Lite0 and WordNet.

The classifier (arXiv:1905.11946) knows ImageNet's 1000 classes, many of them fine ones: 118 breeds of dogs
and no plain dog. WordNet knows what is broader, so the probabilities of all breeds add up to that of "dog",
those of all beasts to "animal". What ImageNet doesn't know (people, skies, coins) this can't name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import models
from .pixels import Pixels, resized
from .wordlist import words

SIZE = 224
BROAD = 0.55  # how far a broader word must rise from what a blind guess would give it, to 1, to be a tag
FINE = 0.7  # from this probability on a class itself is one

# Words of WordNet that people use, and how they say it. Others ("placental", "covering") are passed over.
WORDS = {
    word: word
    for word in words(
        "aircraft, amphibian, animal, ape, aquatic bird, arthropod, ball, bear, beetle, bicycle, big cat, "
        "bird, boat, bottle, bread, bridge, building, bus, butterfly, camera, car, cat, clothing, coffee, "
        "computer, crab, crustacean, dessert, dish, dog, electronic equipment, elephant, fence, finch, fish, "
        "flower, food, fox, frog, fungus, furniture, glass, guitar, hat, helmet, insect, "
        "kitchen utensil, lamp, lizard, locomotive, mammal, monkey, motorcycle, mountain, "
        "musical instrument, parrot, person, piano, plant, primate, rabbit, reptile, rocket, rodent, "
        "salamander, sandwich, shark, ship, shoe, shop, sign, snake, spacecraft, spaniel, spider, "
        "sports equipment, squirrel, structure, swimsuit, table, tableware, telephone, terrier, tool, "
        "toy dog, truck, turtle, ungulate, van, vegetable, vehicle, weapon, whale, wheeled vehicle, wolf"
    )
} | {
    "beverage": "drink",
    "domestic animal": "pet",
    "edible fruit": "fruit",
    "geological formation": "nature",
    "home appliance": "appliance",
    "place of worship": "church",
    "swine": "pig",
    "timepiece": "clock",
}

# Names of classes that a reader would stumble over.
RENAMED = {
    "alp": "mountain",
    "cock": "rooster",
    "web site": "website",
    "maillot": "swimsuit",
    "reel": "spool",
    "bell cote": "bell tower",
    "Granny Smith": "apple",
    "trolleybus": "bus",
    "monarch": "butterfly",
    "ringlet": "butterfly",
    "admiral": "butterfly",
    "groom": "person",
    "ballplayer": "person",
}

OUTDOOR = words(
    "geological formation, palace, castle, church, mosque, monastery, stupa, barn, boathouse, bell cote, "
    "bridge, dam, fence, street sign, traffic light, parking meter, viaduct, obelisk, water tower, "
    "drilling platform, ship, boat, aircraft, locomotive, ski, mountain tent, thatch, tile roof, patio, "
    "fountain, pier, dock, breakwater, radio telescope, streetcar, trolleybus, flagpole, maypole, "
    "solar dish, stone wall, missile, crane"
)
INDOOR = words(
    "furniture, home appliance, library, bookshop, barbershop, restaurant, home theater, shower curtain, "
    "bathtub, washbasin, toilet seat, stove, grocery store, shoe shop, confectionery, toyshop, "
    "butcher shop, window shade, desktop computer, dishwasher, bannister"
)


class Row(NamedTuple):
    """A class: its name and the broader words, the nearest first."""

    name: str
    broader: tuple[str, ...]


class Found(NamedTuple):
    name: str
    confidence: float


@cache
def rows() -> tuple[Row, ...]:
    """The 1000 classes in the order of the model's answer. `tools/weights/convert.py` made the file."""
    table = json.loads((models.WEIGHTS / "imagenet.json").read_text("utf-8"))
    return tuple(Row(name, tuple(broader)) for name, *broader in table)


@cache
def members() -> dict[str, frozenset[int]]:
    """For each word the classes that are one."""
    found: dict[str, set[int]] = {}
    for index, row in enumerate(rows()):
        for word in (row.name, *row.broader):
            found.setdefault(word, set()).add(index)
    return {word: frozenset(indices) for word, indices in found.items()}


@dataclass(frozen=True)
class Classes:
    """Shape (1000,): how likely the picture shows each class."""

    probabilities: NDArray[np.float64]

    def share(self, among: Iterable[str]) -> float:
        """How likely the picture shows one of these or something narrower."""
        indices = set().union(*(members().get(word, frozenset()) for word in among))
        return float(self.probabilities[sorted(indices)].sum())

    @property
    def best(self) -> Found:
        """The likeliest class."""
        index = int(self.probabilities.argmax())
        return Found(rows()[index].name, float(self.probabilities[index]))

    @property
    def likeliest(self) -> Row:
        return rows()[int(self.probabilities.argmax())]

    def tags(self) -> dict[str, float]:
        """Words for the picture and how likely they are, the likeliest first."""
        found: dict[str, float] = {}
        for word, shown in WORDS.items():
            guess = len(members()[word]) / len(rows())
            if (share := self.share([word])) >= guess + BROAD * (1 - guess):
                found[shown] = max(share, found.get(shown, 0))
        if self.best.confidence >= FINE:
            name = readable(self.best.name)
            found[name] = max(self.best.confidence, found.get(name, 0))
        for place, scenes, least in (("outdoor", OUTDOOR, 0.5), ("indoor", INDOOR, 0.6)):
            if (share := self.share(scenes)) >= least:
                found[place] = share
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def readable(name: str) -> str:
    """A class as one would say it.

    >>> readable("cock"), readable("tabby")
    ('rooster', 'tabby')
    """
    return RENAMED.get(name, name)


class Classifier:
    def __init__(self) -> None:
        self.model = models.load("tags", unpack=True)

    def classify(self, pixels: Pixels) -> Classes:
        """Classes of the whole picture, squeezed into a square."""
        small = resized(pixels, SIZE, SIZE).astype(np.float32)
        batch = ((small - 127) / 128).transpose(2, 0, 1)[None]
        (output,) = self.model.run(None, {"image": batch})
        return Classes(np.asarray(output, np.float64)[0])

    def classify_twice(self, pixels: Pixels) -> Classes:
        """The mean of two views: the middle of the picture undistorted, and the whole of it."""
        height, width = pixels.shape[:2]
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        views = [self.classify(pixels[top : top + side, left : left + side]), self.classify(pixels)]
        return Classes(np.mean([view.probabilities for view in views], axis=0))
