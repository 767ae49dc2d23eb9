"""Categories: the service's taxonomy of 86 names, filled from what was found.

The names are a closed list of two levels; one that ends in "_" is a parent. Not all can be told from what
our models know: those without a rule below ("people_tattoo", "plant_leaves", ...) are never given.
"""

from __future__ import annotations

from collections.abc import Iterable

from .classes import Classes
from .readings import CategoryScore, DetectedFace, Detection, ImageStyle
from .wordlist import words

NAMES = words(
    "abstract_, abstract_net, abstract_nonphoto, abstract_rect, abstract_shape, abstract_texture, "
    "animal_, animal_bird, animal_cat, animal_dog, animal_horse, animal_panda, "
    "building_, building_arch, building_brickwall, building_church, building_corner, building_doorwindows, "
    "building_pillar, building_stair, building_street, "
    "dark_, drink_, drink_can, dark_fire, dark_fireworks, dark_light, "
    "food_, food_bread, food_fastfood, food_grilled, food_pizza, "
    "indoor_, indoor_churchwindow, indoor_court, indoor_doorwindows, indoor_marketstore, indoor_room, "
    "indoor_venue, object_screen, object_sculpture, others_, "
    "outdoor_, outdoor_city, outdoor_field, outdoor_grass, outdoor_house, outdoor_mountain, "
    "outdoor_oceanbeach, outdoor_playground, outdoor_pool, outdoor_railway, outdoor_road, "
    "outdoor_sportsfield, outdoor_stonerock, outdoor_street, outdoor_water, outdoor_waterside, "
    "people_, people_baby, people_crowd, people_group, people_hand, people_many, people_portrait, "
    "people_show, people_swimming, people_tattoo, people_young, "
    "plant_, plant_branch, plant_flower, plant_leaves, plant_tree, sky_cloud, sky_object, sky_sun, "
    "text_, text_mag, text_map, text_menu, text_sign, trans_bicycle, trans_bus, trans_car, "
    "trans_trainstation"
)

# The words of WordNet whose classes fall into a category.
FROM_CLASSES = {
    "animal_": "animal",
    "animal_bird": "bird",
    "animal_cat": "domestic cat",
    "animal_dog": "dog",
    "animal_panda": "giant panda,lesser panda",
    "building_": "building,residence,palace,castle,establishment",
    "building_arch": "triumphal arch,viaduct",
    "building_church": "place of worship,bell cote,monastery,stupa",
    "building_stair": "bannister",
    "drink_": "beverage",
    "food_": "food,edible fruit,vegetable",
    "food_bread": "bread,bakery",
    "food_fastfood": "hotdog,cheeseburger",
    "food_pizza": "pizza",
    "indoor_": "furniture,home appliance,shower curtain,bathtub",
    "indoor_marketstore": "mercantile establishment",
    "indoor_room": "bed,dining table,studio couch,home theater",
    "indoor_venue": "theater,restaurant,stage",
    "object_screen": "screen,television,computer",
    "outdoor_mountain": "mountain,natural elevation,valley,cliff",
    "outdoor_oceanbeach": "seashore,sandbar,coral reef,promontory",
    "outdoor_waterside": "lakeside,dock,pier,breakwater",
    "outdoor_house": "mobile home,boathouse,thatch,tile roof,patio,barn",
    "outdoor_playground": "swing",
    "outdoor_railway": "locomotive,passenger car",
    "outdoor_stonerock": "stone wall,cliff dwelling,megalith",
    "outdoor_street": "street sign,traffic light,parking meter,streetcar",
    "people_swimming": "swimsuit,bathing cap,snorkel",
    "plant_flower": "flower",
    "sky_object": "aircraft,spacecraft,parachute,balloon",
    "text_mag": "comic book,book jacket",
    "text_menu": "menu,web site",
    "trans_bicycle": "bicycle",
    "trans_bus": "bus",
    "trans_car": "car",
}
FROM_OBJECTS = {
    "animal_bird": "bird",
    "animal_cat": "cat",
    "animal_dog": "dog",
    "animal_horse": "horse",
    "drink_": "wine glass,cup",
    "food_": "banana,apple,orange,broccoli,carrot,sandwich,hot dog,donut,cake",
    "food_pizza": "pizza",
    "object_screen": "television,laptop",
    "outdoor_railway": "train",
    "outdoor_street": "traffic light,stop sign,parking meter,fire hydrant",
    "trans_bicycle": "bicycle",
    "trans_bus": "bus",
    "trans_car": "car,truck",
}
ENOUGH = 0.4  # the least score of a category
DARK = 40  # a picture half of which is darker than this (of 255) is dark


def find(
    classes: Classes,
    objects: Iterable[Detection],
    faces: Iterable[DetectedFace],
    image_type: ImageStyle,
    text_share: float,
    median_grey: float,
    size: tuple[int, int],
) -> tuple[CategoryScore, ...]:
    """Categories, the surest first; "others_" if there is none. `text_share` of the picture is text."""
    scores = {name: classes.share(words(listed)) for name, listed in FROM_CLASSES.items()}
    scores["animal_"] = max(0.0, (scores["animal_"] - 0.4) / 0.6)  # 398 of the 1000 classes are animals
    things = list(objects)
    for name, kinds in FROM_OBJECTS.items():
        sure = [thing.confidence for thing in things if thing.name in words(kinds)]
        scores[name] = max([scores.get(name, 0.0), *sure])
    scores |= people(things, list(faces), size)
    scores["text_"] = min(1.0, 3 * text_share)
    scores["dark_"] = darkness(median_grey)
    scores["abstract_nonphoto"] = (0.0, 0.3, 0.6, 0.9)[image_type.clip_art]
    found = [CategoryScore(name, round(score, 4)) for name, score in scores.items() if score >= ENOUGH]
    found.sort(key=lambda category: (-category.score, NAMES.index(category.name)))
    return tuple(found) or (CategoryScore("others_", 0.01),)


def darkness(median_grey: float) -> float:
    """How dark a picture is: 1 if more than half of it is black, 0 or less if it is not dark.

    >>> darkness(0), darkness(DARK), darkness(2 * DARK)
    (1.0, 0.5, 0.0)
    """
    return 1 - median_grey / (2 * DARK)


def people(objects: list[Detection], faces: list[DetectedFace], size: tuple[int, int]) -> dict[str, float]:
    """How many people there are, by their bodies or their faces, and whether it is a portrait."""
    bodies = [thing.confidence for thing in objects if thing.name == "person"]
    count = max(len(bodies), len(faces))
    if not count:
        return {}
    score = max([*bodies, *(face.confidence for face in faces)])
    if count == 1:
        largest = max((face.box.area for face in faces), default=0) / (size[0] * size[1])
        return {"people_portrait" if largest >= 0.04 else "people_": score}
    return {"people_group" if count < 6 else "people_many" if count < 12 else "people_crowd": score}
