"""Objects: 80 kinds of things and where they are, by SSD-MobileNetV2 trained on COCO.

The detector (arXiv:1512.02325, arXiv:1801.04381) compares the picture with 1917 *anchors*, boxes of six
sizes and up to six shapes laid over it like tiles. For each it answers how far the nearest thing is off
the anchor and how likely it is of each kind. It knows its 80 kinds only and takes a squirrel for a bird; so
the classifier, which knows a thousand, has a closer look at each thing, and what they don't agree on is
dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import boxes, models
from .classes import Classes, Classifier
from .pixels import Pixels, resized
from .readings import Detection
from .wordlist import words

SIZE = 300
OBJECT = 0.5  # from this confidence on it is an object
DOUBTFUL = 0.35  # from this confidence on it may be one more of a kind
SAME = 0.6  # boxes of one kind that overlap more show the same thing
MOST = 20

# COCO's 90 numbers; it never used those left empty.
NAMES = words(
    "background, person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, "
    "fire hydrant,, stop sign, parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, "
    "zebra, giraffe,, backpack, umbrella,,, handbag, tie, suitcase, frisbee, skis, snowboard, ball, kite, "
    "baseball bat, baseball glove, skateboard, surfboard, tennis racket, bottle,, wine glass, cup, fork, "
    "knife, spoon, bowl, banana, apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake, "
    "chair, couch, potted plant, bed,, dining table,,, toilet,, television, laptop, computer mouse, "
    "remote control, keyboard, cell phone, microwave, oven, toaster, sink, refrigerator,, book, clock, "
    "vase, scissors, teddy bear, hair dryer, toothbrush"
)

# Broader words, the nearest first: COCO's supercategories and WordNet.
PARENTS: dict[str, tuple[str, ...]] = {
    name: tuple(parents.split(" < "))
    for parents, names in {
        "land vehicle < vehicle": "bicycle,car,motorcycle,bus,train,truck",
        "aircraft < vehicle": "airplane",
        "watercraft < vehicle": "boat",
        "animal": "bird",
        "mammal < animal": "cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe",
        "street furniture": "traffic light,fire hydrant,stop sign,parking meter,bench",
        "luggage and bags": "backpack,handbag,suitcase",
        "accessory": "umbrella,tie",
        "sports equipment": "frisbee,skis,snowboard,ball,kite,baseball bat,baseball glove,skateboard,"
        "surfboard,tennis racket",
        "container": "bottle,wine glass,cup,bowl,vase",
        "cutlery": "fork,knife,spoon",
        "fruit < food": "banana,apple,orange",
        "vegetable < food": "broccoli,carrot",
        "food": "sandwich,hot dog,pizza,donut,cake",
        "seating < furniture": "chair,couch",
        "furniture": "bed,dining table",
        "plant": "potted plant",
        "computer": "laptop",
        "computer equipment": "computer mouse,keyboard",
        "electronics": "television,remote control,cell phone",
        "kitchen appliance": "microwave,oven,toaster,refrigerator",
        "toy": "teddy bear",
    }.items()
    for name in words(names)
}

# What the classifier may see in the box if the detector is right: words of WordNet above ImageNet's classes.
# Kinds that ImageNet doesn't have (people, giraffes, forks) or that are hidden by what lies on them
# (furniture) are missing here: nobody is asked about these.
BRANCHES: dict[str, set[str]] = {
    name: set(words(branch))
    for names, branch in {
        "bird": "bird",
        "cat": "feline",
        "dog": "canine",
        "horse,sheep,cow": "ungulate",
        "elephant": "elephant",
        "bear": "bear,procyonid",
        "zebra": "equine",
        "bicycle,motorcycle": "bicycle,motorcycle,motor scooter,wheel,disk brake,tricycle,unicycle",
        "car,bus,train,truck": "wheeled vehicle,public transport,wheel,car mirror,grille,military vehicle",
        "airplane": "aircraft,wing,spacecraft,warship",
        "boat": "craft,lakeside,seashore,dock,pier,boathouse,paddle",
        "traffic light": "traffic light",
        "stop sign": "street sign",
        "parking meter": "parking meter",
        "bench": "park bench,seat",
        "backpack": "backpack,bag",
        "handbag": "purse,bag,buckle",
        "suitcase": "box,bag,chest,crate",
        "umbrella": "umbrella",
        "tie": "necktie,suit",
        "skis,snowboard": "ski,ski mask,snowmobile",
        "ball": "ball",
        "baseball bat,baseball glove": "ballplayer,baseball",
        "tennis racket": "racket",
        "bottle": "bottle,beverage,lotion,hair spray,sunscreen,vessel",
        "wine glass": "goblet,glass,alcohol",
        "cup": "cup,mug,beverage,vessel,measuring cup",
        "spoon": "spoon,ladle,spatula",
        "bowl": "bowl,food",
        "vase": "vase,jar,pot,vessel",
        "banana,apple,orange": "fruit,produce",
        "broccoli,carrot": "vegetable,produce",
        "sandwich,hot dog,pizza,donut,cake": "food",
        "television": "screen,television,electronic equipment,entertainment center,home theater",
        "laptop": "computer",
        "computer mouse": "mouse",
        "keyboard": "computer keyboard,space bar,keyboard",
        "cell phone,remote control": "telephone,remote control,iPod,hand-held computer",
        "microwave,oven,toaster,refrigerator": "home appliance,kitchen appliance",
        "sink": "washbasin,bathtub,tub",
        "toilet": "toilet seat,washbasin",
        "book": "book jacket,comic book,notebook,binder,menu,library,bookshop,bookcase",
        "clock": "timepiece",
        "teddy bear": "teddy",
        "hair dryer": "hand blower",
    }.items()
    for name in words(names)
}
SUPPORT = 0.1  # so much of the classifier's probability must lie in a kind's branch ...
ALONE = 0.9  # ... or the detector must be as sure as this
UNASKED = 0.6  # how sure it must be of a kind that the classifier can't be asked about


class Detections(NamedTuple):
    """Objects, and those that are nearly sure enough to be ones."""

    objects: tuple[Detection, ...]
    doubtful: tuple[Detection, ...]


class ObjectDetector:
    def __init__(self, classifier: Classifier) -> None:
        self.model = models.load("objects")
        self.input = str(self.model.get_inputs()[0].name)
        self.anchors = anchors()
        self.classifier = classifier

    def find(self, pixels: Pixels, width: int, height: int) -> Detections:
        """Objects on which detector and classifier agree, and doubtful ones.

        Of several of one kind the classifier is asked until it agrees: the others are then believed.
        `pixels` may be a smaller copy of a picture of `width` by `height` pixels, which the boxes are for.
        """
        sure: list[Detection] = []
        doubtful: list[Detection] = []
        for thing, place in self.detect(pixels, width, height):
            unasked = thing.name not in BRANCHES
            if thing.confidence < (UNASKED if unasked else OBJECT):
                doubtful.append(thing)
            elif unasked or thing.name in {other.name for other in sure} or self.confirmed(pixels, place, thing):
                sure.append(thing)
        return Detections(tuple(sure), tuple(doubtful))

    def detect(self, pixels: Pixels, width: int, height: int) -> list[tuple[Detection, boxes.Boxes]]:
        """What the detector says by itself, the surest first, and where it is in fractions of the picture."""
        batch = resized(pixels, SIZE, SIZE)[None].astype(np.float32) / 127.5 - 1
        offsets, logits = (np.asarray(o, np.float64) for o in self.model.run(None, {self.input: batch}))
        places = decode(offsets.reshape(-1, 4), self.anchors)
        scores = 1 / (1 + np.exp(-logits[0]))
        found = []
        for kind in np.unique(np.nonzero(scores[:, 1:] >= DOUBTFUL)[1]) + 1:
            if not NAMES[kind]:
                continue
            likely = np.flatnonzero(scores[:, kind] >= DOUBTFUL)
            for i in likely[boxes.keep_best(places[likely], scores[likely, kind], SAME)]:
                box = boxes.in_pixels(places[i] * (width, height, width, height), width, height)
                score = round(float(scores[i, kind]), 4)
                found.append((Detection(NAMES[kind], box, score, PARENTS.get(NAMES[kind], ())), places[i]))
        return sorted(found, key=lambda pair: -pair[0].confidence)[:MOST]

    def confirmed(self, pixels: Pixels, place: boxes.Boxes, found: Detection) -> bool:
        """Whether the classifier, looking at the object alone, agrees."""
        return agrees(self.classifier.classify(surroundings(pixels, place)), found)


def agrees(seen: Classes, found: Detection) -> bool:
    """Whether what the classifier saw goes with what the detector says it is."""
    if seen.share(BRANCHES[found.name]) >= SUPPORT:
        return True
    sure_of_another = seen.best.confidence >= 0.5
    return found.confidence >= ALONE and not sure_of_another


def surroundings(pixels: Pixels, place: boxes.Boxes, margin: float = 0.1) -> Pixels:
    """The part of the picture that a box (in fractions) shows, and a little more; at least one pixel."""
    height, width = pixels.shape[:2]
    size = (width, height, width, height)
    grown = place + (place[[2, 3, 2, 3]] - place[[0, 1, 0, 1]]) * (-margin, -margin, margin, margin)
    x, y, w, h = boxes.in_pixels(grown * size, width, height)
    return pixels[y : y + h, x : x + w]


def decode(offsets: NDArray[np.float64], anchors: NDArray[np.float64]) -> boxes.Boxes:
    """From offsets (y, x, height, width; scaled by 10, 10, 5, 5) and anchors to boxes from 0 to 1."""
    middle = offsets[:, 1::-1] / 10 * anchors[:, 2:] + anchors[:, :2]
    half = np.exp(np.clip(offsets[:, :1:-1] / 5, -10, 10)) * anchors[:, 2:] / 2
    return np.asarray(np.clip(np.concatenate([middle - half, middle + half], axis=1), 0, 1), np.float64)


def anchors() -> NDArray[np.float64]:
    """Shape (1917, 4): middle x and y, width, height, from 0 to 1.

    By the rules of TensorFlow's Object Detection API for `ssd_anchor_generator` with 6 layers and scales
    from 0.2 to 0.95: shapes 1, 2, 1/2, 3, 1/3 and a larger 1 on each layer, only three on the first.
    """
    scales = [*np.linspace(0.2, 0.95, 6), 1.0]
    layers = []
    for layer, cells in enumerate((19, 10, 5, 3, 2, 1)):
        scale, larger = scales[layer], float(np.sqrt(scales[layer] * scales[layer + 1]))
        shapes: Iterable[tuple[float, float]] = [(scale, r) for r in (1, 2, 1 / 2, 3, 1 / 3)]
        shapes = [(0.1, 1.0), (scale, 2.0), (scale, 0.5)] if layer == 0 else [*shapes, (larger, 1.0)]
        sizes = np.array([(s * np.sqrt(ratio), s / np.sqrt(ratio)) for s, ratio in shapes])
        y, x, shape = np.indices((cells, cells, len(sizes))).reshape(3, -1)
        middles = np.stack([(x + 0.5) / cells, (y + 0.5) / cells], axis=1)
        layers.append(np.concatenate([middles, sizes[shape]], axis=1))
    return np.concatenate(layers)
