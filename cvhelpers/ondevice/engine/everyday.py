"""Everyday words: what people call the 1000 classes of ImageNet.

ImageNet tells a Pekinese from a pug, and has no plain dog. A person says "dog". Psychologists call such a word
*basic-level* (Rosch, 1976): the first one that comes to mind. This table has them, each with the words of
WordNet whose classes it stands for; a class that none of them covers is called by its own name. Some words
hold others: "fruit" holds "lemon". `named` takes the narrowest that is sure enough.

All 1000 classes were looked through one by one: `python -m cvhelpers.ondevice.engine.everyday` prints them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from .classes import Classes, members, rows
from .objects import BRANCHES

TABLE = """
fish = fish; shark = great white shark, tiger shark, hammerhead; ray = electric ray, stingray
bird = bird; chicken = cock, hen; ostrich; eagle = bald eagle; vulture; owl = great grey owl; peacock; parrot
hummingbird; toucan; duck = drake, red-breasted merganser; goose; swan = black swan; stork; flamingo
heron = heron, little blue heron, American egret; pelican; penguin = king penguin
frog; salamander; turtle; lizard; crocodile = crocodilian reptile; dinosaur = triceratops; snake
spider = spider, harvestman; scorpion; snail; jellyfish; worm; crab = crab, hermit crab; lobster = lobster, crayfish
starfish; coral = brain coral, coral reef, sea anemone; kangaroo = wallaby; koala; whale; seal = sea lion
dog; wolf = wolf, coyote; fox; hyena; cat = domestic cat, Egyptian cat; big cat; lion; tiger; cheetah
leopard = leopard, snow leopard, jaguar; bear; panda = giant panda; red panda = lesser panda
meerkat = meerkat, mongoose
insect; butterfly; beetle; ladybug; bee; ant; fly; grasshopper = grasshopper, cricket; cockroach; mantis
dragonfly = dragonfly, damselfly
rabbit = rabbit, hare; hamster; guinea pig; squirrel; beaver; horse; zebra; pig = swine; hippo = hippopotamus
cow = ox; buffalo = water buffalo, bison; sheep = ram, bighorn; goat = ibex; antelope; camel; llama; otter; skunk
badger; armadillo; sloth = three-toed sloth; ape; gorilla; chimpanzee; orangutan; monkey; lemur
elephant = elephant, tusker
animal; mammal; pet = domestic animal

car = car, car mirror, grille, car wheel, beach wagon; taxi = cab; ambulance; truck = truck, trailer truck
bus = bus, trolleybus, minibus; fire truck = fire engine; van; tractor = tractor, harvester; tram = streetcar
train = locomotive, bullet train, passenger car, freight car; motorcycle = motorcycle, moped, motor scooter, disk brake
bicycle; tricycle; boat = boat, sailing vessel, canoe, gondola, fireboat, speedboat, lifeboat, paddle; ship; submarine
airplane = airliner, warplane, wing; airship; hot air balloon = balloon; rocket = missile, projectile; space shuttle
tank = #847; cart = horse cart, oxcart; sled; snowmobile; golf cart = golfcart; go-kart; parachute
vehicle = vehicle, paddle, wing, car mirror, grille, car wheel, disk brake

building = building, establishment, residence, palace, castle, place of worship, monastery, stupa, barn, boathouse,
  beacon, bell cote, tile roof, thatch, mobile home, dome, obelisk, water tower, greenhouse, cinema, planetarium,
  prison, library, triumphal arch, yurt, cliff dwelling, lumbermill, vault, altar
church = church, vault, altar, bell cote; mosque; temple = stupa; castle; palace; barn; lighthouse = beacon
house = mobile home, boathouse, tile roof, thatch; bridge = bridge, viaduct; fountain; fence = fence
wall = stone wall; tent = mountain tent, yurt; shop = shop, grocery store; restaurant; stage; pier = pier, dock; dam

pizza; burger = cheeseburger; hot dog = hotdog; bread = bread, bagel, pretzel; ice cream = ice cream, ice lolly
soup = consomme, hot pot; pasta = carbonara; banana; apple = Granny Smith; orange; lemon; strawberry; pineapple; fig
pomegranate; broccoli; cabbage = head cabbage; cauliflower; cucumber = cucumber, zucchini; pepper = bell pepper
pumpkin = jack-o'-lantern, acorn squash, butternut squash, spaghetti squash; mushroom = mushroom, fungus
corn = corn, ear
potato = mashed potato; meat = meat loaf; wine = red wine; coffee = espresso; fruit = edible fruit
vegetable; dessert; food = food, edible fruit, vegetable, meat loaf, plate, dough; drink = beverage

computer = desktop computer, hand-held computer, #664, #782; laptop = laptop, notebook
television = television, home theater, entertainment center
keyboard = computer keyboard, typewriter keyboard, space bar; computer mouse = mouse
telephone; cell phone = cellular telephone; camera; clock = clock, wall clock, analog clock, digital clock
watch = digital watch, stopwatch; book = book jacket, comic book; puzzle = crossword puzzle, jigsaw puzzle
bed = four-poster; couch = studio couch; chair = chair, throne; bench = park bench; desk
dining table; pool table; bookshelf = bookcase; cabinet = cabinet, medicine chest, wardrobe, chiffonier, file
lamp = lamp, lampshade; stove; refrigerator; microwave; toaster; dishwasher; washing machine = washer; beehive = apiary
sink = washbasin; bathtub = bathtub, tub; toilet = toilet seat; curtain = curtain; window = window shade, window screen
door = sliding door; pillow; blanket = quilt; towel = towel; bottle = bottle; wine glass = goblet; glass = glass
bowl = bowl, mixing bowl, soup bowl; potted plant = #738; pot = caldron, coffeepot, Dutch oven; teapot
cup = cup, coffee mug; spoon = wooden spoon, ladle; knife = cleaver, letter opener; pan = frying pan, wok
basket = shopping basket, hamper; box = box, carton; bag = bag, mailbag; backpack; handbag = purse; umbrella; vase
furniture; appliance = home appliance; electronics = electronic equipment

hat = hat, bonnet; cap = bathing cap, shower cap; helmet; shoe; boot = boot; suit; dress = gown; swimsuit; tie = necktie
glasses = sunglass, sunglasses; mask; wig; uniform = military uniform; shirt = jersey, sweatshirt
clothing; skirt = skirt; coat = coat

guitar; piano; violin; drum = drum, steel drum; trumpet = cornet, trombone, French horn; saxophone = sax
microphone; speaker = loudspeaker; musical instrument
ball = baseball, basketball, croquet ball, golf ball, ping-pong ball, rugby ball, soccer ball, tennis ball, volleyball
teddy bear = teddy; skis = ski; tennis racket = racket; swing; candle; tool; gun = firearm; weapon
sign = street sign; traffic light; parking meter; mailbox; gas pump; flag = flagpole; umbrella
toilet paper = toilet tissue, paper towel; pencil = #749, #563, ballpoint

person = person; flower; plant = plant, flower, rapeseed, #738; mountain = alp, volcano; beach = seashore, sandbar
lake = lakeside; cliff = cliff, promontory; landscape = geological formation
"""

# Broader words that are tags after the everyday ones. They are subjects only where nothing narrower is sure.
BROAD = frozenset(
    {
        "animal", "mammal", "pet", "insect", "vehicle", "food", "fruit", "vegetable", "dessert", "drink", "furniture",
        "appliance", "electronics", "clothing", "musical instrument", "tool", "weapon", "plant", "big cat",
    }
)  # fmt: skip

# Names of classes that a reader would stumble over.
RENAMED = {
    "ashcan": "trash can",
    "bannister": "railing",
    "brass": "plaque",
    "cock": "rooster",
    "drake": "duck",
    "ear": "corn",
    "hand blower": "hair dryer",
    "hip": "rose hip",
    "ice bear": "polar bear",
    "jean": "jeans",
    "maillot": "swimsuit",
    "pay-phone": "phone booth",
    "rapeseed": "field of rapeseed",
    "reel": "spool",
    "rule": "ruler",
    "tabby": "tabby cat",
    "web site": "website",
}

SURE = 0.4  # how far a word's share must rise from what a blind guess would give it, to 1, to be named
HALF = 0.5  # a narrower word that holds this part of a broader one's share is named instead of it


@cache
def table() -> dict[str, frozenset[int]]:
    """The everyday words and the classes that each stands for."""
    found = {}
    for entry in TABLE.replace("\n", ";").replace(";  ", " ").split(";"):
        word, _, meant = (part.strip() for part in entry.partition("="))
        if word:
            names = [name.strip() for name in (meant or word).split(",") if name.strip()]
            found[word] = frozenset().union(*map(indices, names))
    return found


def indices(name: str) -> frozenset[int]:
    """The classes of a word of WordNet, or the one with a number ("#738": two classes may have one name)."""
    return frozenset({int(name[1:])}) if name.startswith("#") else members()[name]


@cache
def own_name(index: int) -> str:
    """A class as one would say it."""
    name = rows()[index].name
    return RENAMED.get(name, name)


@cache
def everyday(index: int) -> str:
    """The everyday word for a class: the narrowest that covers it, else its own name.

    >>> names = [row.name for row in rows()]
    >>> [everyday(names.index(name)) for name in ("Pekinese", "beacon", "accordion")]
    ['dog', 'lighthouse', 'accordion']
    """
    covering = [word for word, family in table().items() if index in family and word not in BROAD]
    return min(covering, key=lambda word: len(table()[word]), default=own_name(index))


@cache
def words() -> dict[str, frozenset[int]]:
    """All words that can be named, broad ones too, and their classes."""
    found = {index: everyday(index) for index in range(len(rows()))}
    own = set(found.values()) - set(table())
    return table() | {word: frozenset(index for index, name in found.items() if name == word) for word in own}


@cache
def matrix() -> tuple[list[str], NDArray[np.float64]]:
    """The words, and for each which of the 1000 classes are its: 1 where one is."""
    belongs = np.zeros((len(words()), len(rows())))
    for row, classes in zip(belongs, words().values(), strict=True):
        row[list(classes)] = 1
    return list(words()), belongs


def family(word: str) -> frozenset[int]:
    """The classes that a word stands for: an everyday word, or a detector's kind."""
    if word in words():
        return words()[word]
    return frozenset().union(*(members()[name] for name in BRANCHES.get(word, ())))


def named(seen: Classes, least: float = SURE) -> dict[str, float]:
    """The words for what the classifier saw, narrow ones instead of the broad ones that hold them, and their shares."""
    names, belongs = matrix()
    shares = dict(zip(names, (belongs @ seen.probabilities).tolist(), strict=True))
    sure = {word: share for word, share in shares.items() if share >= raised(len(words()[word]), least)}
    return {
        word: share
        for word, share in sure.items()
        if not any(words()[other] < words()[word] and sure[other] >= HALF * share for other in sure)
    }


def raised(classes: int, least: float) -> float:
    """The share that is wanted of so many of the 1000 classes. Most of all pictures look a little like some animal.

    >>> raised(1, 0.4), raised(400, 0.4)
    (0.4006, 0.64)
    """
    guess = classes / len(rows())
    return round(guess + least * (1 - guess), 4)


if __name__ == "__main__":
    for index, row in enumerate(rows()):
        print(f"{index:4} {row.name:30} {everyday(index)}")
