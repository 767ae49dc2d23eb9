"""Places: where it is. None of our models was taught places, so several witnesses have to agree.

The witnesses are the classifier (ImageNet has a seashore and a toilet seat), the detector (an oven stands in
a kitchen, a surfboard lies on a beach) and the colours by height (`scenery.py`). A place is named where two of
them speak for it, or where the classifier alone is as sure as `ALONE`. A false place is worse than none: where
no place is certain, "outdoors" or "indoors" may still be, and else nothing is said.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .classes import Classes
from .readings import Detection
from .scenery import Scenery, is_desert
from .wordlist import words

ALONE, HINT = 0.6, 0.15  # the classifier's share from which on no second witness is asked, and for being one
WITNESSED = (0.0, 0.0, 0.8, 0.9, 0.95)  # how sure a place is, by its witnesses
# How much must speak for the open air, and for a room. On the photographs of `benchmarks/photographs.toml` all indoors
# lie below 1.15 and all but one outdoors above -0.3; between the two nothing is said.
OUT, BETWEEN, IN = 1.2, 0.55, -0.6

OUTDOOR_CLASSES = words(
    "geological formation, palace, castle, church, mosque, monastery, stupa, barn, boathouse, bell cote, beacon, "
    "bridge, dam, fence, street sign, traffic light, parking meter, viaduct, obelisk, water tower, drilling platform, "
    "ship, boat, aircraft, locomotive, ski, mountain tent, thatch, tile roof, patio, fountain, pier, dock, breakwater, "
    "radio telescope, streetcar, trolleybus, flagpole, maypole, solar dish, stone wall, missile, megalith, cab, truck, "
    "bullet train, wreck, plow, harvester, tractor, thresher, snowplow, dogsled, bobsled, park bench, swing, "
    "triumphal arch, "
    "picket fence, greenhouse, cliff dwelling, parachute, balloon, umbrella, paddle, mobile home, lawn mower, "
    "jinrikisha"
)
INDOOR_CLASSES = words(  # no shops or restaurants: many pictures show them from the street
    "furniture, home appliance, home theater, shower curtain, bathtub, washbasin, toilet seat, stove, grocery store, "
    "window shade, desktop computer, dishwasher, bannister, monitor, television, computer keyboard, mouse, quilt, "
    "pillow, altar, stage, laptop, notebook, plate, table lamp, lampshade, radiator, medicine chest, shoji, tub, vault"
)
WILD = words(
    "insect, ungulate, primate, reptile, amphibian, bear, big cat, fox, wolf, elephant, rodent, bird, whale, crab, "
    "lepidopterous insect, spider, flower"
)
OUTDOOR_KINDS = frozenset(
    {
        "car", "bus", "truck", "train", "boat", "airplane", "horse", "cow", "sheep", "elephant", "zebra", "giraffe",
        "bear", "traffic light", "stop sign", "parking meter", "fire hydrant", "skis", "snowboard", "surfboard", "kite",
        "bicycle", "motorcycle", "bird", "bench", "skateboard", "frisbee", "baseball bat", "baseball glove",
    }
)  # fmt: skip
INDOOR_KINDS = frozenset(
    {
        "oven", "microwave", "refrigerator", "toaster", "sink", "toilet", "bed", "couch", "television", "dining table",
        "laptop", "keyboard", "computer mouse", "remote control", "book", "vase", "wine glass", "hair dryer",
        "toothbrush", "teddy bear", "cup", "bowl", "fork", "knife", "spoon", "clock", "chair",
    }
)  # fmt: skip
VEHICLES = ("car", "bus", "truck", "motorcycle", "bicycle")
STREET_FURNITURE = ("traffic light", "stop sign", "parking meter", "fire hydrant")
GRAZING = ("cow", "sheep", "horse", "dog", "elephant", "zebra", "giraffe", "frisbee", "ball", "baseball bat")
DINNER = ("pizza", "cake", "sandwich", "hot dog", "donut", "bowl", "cup", "wine glass", "fork", "knife", "spoon")


@dataclass(frozen=True)
class Place:
    """`word` is a tag for it."""

    word: str
    confidence: float


@dataclass(frozen=True)
class View:
    """What the witnesses say."""

    seen: Classes
    kinds: Counter[str]
    scenery: Scenery

    def any(self, *names: str) -> bool:
        """Whether the detector saw one of these."""
        return any(name in self.kinds for name in names)

    def kinds_of(self, names: Iterable[str]) -> int:
        """How many different kinds of these the detector saw."""
        return sum(1 for name in names if name in self.kinds)

    def share(self, listed: str) -> float:
        return self.seen.share(words(listed))


def find(seen: Classes, objects: Iterable[Detection], scenery: Scenery) -> tuple[Place, ...]:
    """All places that are certain enough, the one that says most first; "outdoors" or "indoors" last."""
    view = look(seen, objects, scenery)
    open_air = openness(view)
    rules = OUTDOOR if open_air >= BETWEEN else INDOOR
    found = [place for word, rule in rules.items() if (place := judged(word, *rule(view)))]
    if open_air >= OUT:
        found.append(Place("outdoors", chance(open_air)))
    elif open_air <= IN:
        found.append(Place("indoors", 1 - chance(open_air)))
    return tuple(found)


def look(seen: Classes, objects: Iterable[Detection], scenery: Scenery) -> View:
    return View(seen, Counter(thing.name for thing in objects), scenery)


def judged(word: str, share: float, *witnesses: float) -> Place | None:
    """A place, if the classifier's share and the other witnesses speak for it."""
    count = sum(map(bool, witnesses)) + (2 if share >= ALONE else 1 if share >= HINT else 0)
    return Place(word, WITNESSED[min(count, len(WITNESSED) - 1)]) if count >= 2 else None


def openness(view: View) -> float:
    """How much speaks for the open air (more than 0.6) and how much for a room (less)."""
    scenery = view.scenery
    return (
        2.0 * view.seen.share(OUTDOOR_CLASSES)
        - 2.0 * view.seen.share(INDOOR_CLASSES)
        + 1.0 * view.seen.share(WILD)
        + 1.5 * min(0.6, scenery.blue_sky)  # a blue wall alone makes no open air
        + 0.7 * max(0.0, scenery.sky - scenery.blue_sky)
        + 1.2 * min(0.8, max(scenery.green_below, scenery.rough_green))
        + 0.8 * min(2, view.kinds_of(OUTDOOR_KINDS))
        - 0.7 * min(3, view.kinds_of(INDOOR_KINDS))
    )


def chance(openness: float) -> float:
    """How likely a picture of this openness is one of the open air.

    >>> chance(BETWEEN), chance(OUT) > 0.85, chance(IN) < 0.1
    (0.5, True, True)
    """
    return round(1 / (1 + math.exp(-3 * (openness - BETWEEN))), 4)


# --- the rules: for each place the classifier's share, and what the other witnesses say --------------------


Rule = Callable[[View], tuple[float | bool, ...]]

OUTDOOR: dict[str, Rule] = {
    "tennis court": lambda v: (v.share("racket,tennis ball"), v.any("tennis racket"), False),
    "sports field": lambda v: (
        v.share("ballplayer,baseball,soccer ball,rugby ball,football helmet"),
        v.any("baseball bat", "baseball glove", "ball"),
        v.any("person") and v.scenery.green_below >= 0.35,
    ),
    "snow": lambda v: (
        v.share("ski,snowmobile,dogsled,bobsled,snowplow"),
        v.any("skis", "snowboard"),
        v.scenery.snow_below >= 0.4 and v.scenery.sand_below < 0.2,
    ),
    "beach": lambda v: (
        0.0 if is_desert(v.scenery) else v.share("seashore,sandbar"),
        v.any("surfboard"),
        v.scenery.sand_below >= 0.3 and v.scenery.water >= 0.1,
    ),
    "water": lambda v: (
        v.share("boat,ship,lakeside,dock,pier,canoe,paddle,breakwater,seashore,grey whale,killer whale,aquatic bird"),
        v.any("boat", "surfboard"),
        v.scenery.water_below >= 0.4,
    ),
    "street": lambda v: (
        v.share("street sign,traffic light,cab,streetcar,trolleybus,parking meter,minibus,police van,jinrikisha"),
        v.any(*STREET_FURNITURE),
        sum(v.kinds[name] for name in VEHICLES) >= 2 or v.any("bus", "truck"),
        v.any(*VEHICLES) and v.scenery.grey_below >= 0.35,
        v.any(*VEHICLES) and v.scenery.grey_below >= 0.35 and openness(v) >= OUT,
    ),
    "mountains": lambda v: (
        v.share("mountain,valley,cliff"),
        v.scenery.sky >= 0.3 and v.share("mountain,valley,cliff") >= 0.3,
        False,
    ),
    "grass": lambda v: (
        # without green there is no grass
        v.scenery.green_below >= 0.3
        and v.share("ungulate,park bench,golf ball,lawn mower,worm fence,croquet ball,soccer ball,barn,hay"),
        v.scenery.green_below >= 0.3 and v.any(*GRAZING),
        v.scenery.green_below >= 0.35,
        v.scenery.green_below >= 0.5 and v.scenery.sky >= 0.3,
    ),
    "railway": lambda v: (v.share("locomotive,passenger car,bullet train,freight car"), v.any("train"), False),
    "sky": lambda v: (
        # what stands on the ground is not in the sky
        min(v.scenery.blue_sky, v.scenery.blue_below) >= 0.5 and v.share("aircraft,parachute,balloon,bird"),
        min(v.scenery.blue_sky, v.scenery.blue_below) >= 0.5,
        v.any("airplane", "kite"),
    ),
    "blue sky": lambda v: (
        0.0,
        v.scenery.blue_sky >= 0.5,
        v.seen.share(OUTDOOR_CLASSES) >= 0.35 or v.any(*OUTDOOR_KINDS),
    ),
    "plants": lambda v: (v.seen.share(WILD) * 0.5, v.scenery.rough_green >= 0.35, False),
}
INDOOR: dict[str, Rule] = {
    "kitchen": lambda v: (
        v.share("stove,dishwasher,refrigerator,microwave,toaster,espresso maker,plate rack"),
        v.any("oven", "toaster"),
        v.any("microwave", "refrigerator"),
    ),
    "bathroom": lambda v: (
        v.share("washbasin,toilet seat,bathtub,tub,shower curtain,medicine chest,toilet tissue,soap dispenser"),
        v.any("toilet"),
        v.any("sink"),
    ),
    "bedroom": lambda v: (v.share("quilt,four-poster,pillow,bassinet,crib,wardrobe"), v.any("bed"), False),
    "office": lambda v: (
        v.share("desk,desktop computer,monitor,computer keyboard,mouse,printer"),
        v.any("laptop", "television"),
        v.any("keyboard", "computer mouse"),
    ),
    "living room": lambda v: (
        v.share("entertainment center,home theater,studio couch"),
        v.any("couch"),
        v.any("television"),
    ),
    "shop": lambda v: (v.share("grocery store,butcher shop,confectionery,toyshop,shoe shop,bookshop"), False),
    "library": lambda v: (v.share("library,bookcase,bookshop"), v.kinds["book"] >= 4),
    "restaurant": lambda v: (v.share("restaurant"), v.kinds["dining table"] >= 2),
    "stage": lambda v: (v.share("stage,theater curtain"), False),
    "church": lambda v: (v.share("altar,vault,church,organ,dome"), False),
    "table": lambda v: (
        min(0.5, v.share("plate,dining table,food")),  # food is on a market too
        v.any("dining table"),
        v.any(*DINNER),
    ),
}
