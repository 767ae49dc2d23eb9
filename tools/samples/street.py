"""Draw the third stand-in: a crowded street at night, in the rain.

The scene is a small model in metres, seen by a camera: x goes to the right, y up, z away from the camera.
`Camera.see` turns a place in the model into a point of the picture. Everything is drawn from far to near,
once the right way up and once upside down: what is upside down, blurred, is the reflection in the wet.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .brushes import Colour, Point, font, gradient, mix, noise, shade

SIZE = (450, 600)
FINE = 3  # the scene is drawn this many times larger, then made smaller, so that its edges are smooth
HALF_STREET = 11.0  # metres from the middle of the street to the houses
HAZE: Colour = (122, 70, 38)
AMBER: Colour = (255, 176, 84)
SIGN_COLOURS: list[Colour] = [(255, 150, 50), (255, 92, 40), (255, 196, 96), (230, 58, 44), (255, 222, 160)]
SIGN_WORDS = ["HOTEL", "THEATRE", "MUSIC", "CAFE", "DANCE", "BOOKS", "CINEMA", "NOODLES", "RADIO", "PALACE"]


@dataclass(frozen=True)
class Camera:
    """An eye three metres above the street. A mirrored camera sees what the wet street reflects."""

    mirrored: bool = False
    eye: float = 3.0
    middle: float = 0.5 * SIZE[0] * FINE
    horizon: float = 0.6 * SIZE[1] * FINE
    zoom: float = 540.0 * FINE

    def see(self, x: float, y: float, z: float) -> Point:
        """The point of the picture where a place of the model is seen."""
        y = -y if self.mirrored else y
        return self.middle + self.zoom * x / z, self.horizon + self.zoom * (self.eye - y) / z

    def metres(self, z: float) -> float:
        """How many pixels a metre takes at this distance."""
        return self.zoom / z


@dataclass
class Sheet:
    """What is being drawn on: the things themselves, and apart from them the light that they give."""

    camera: Camera
    things: Image.Image
    light: Image.Image

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        """Draws things."""
        return ImageDraw.Draw(self.things)

    @property
    def torch(self) -> ImageDraw.ImageDraw:
        """Draws light."""
        return ImageDraw.Draw(self.light)

    def shape(self, corners: list[tuple[float, float, float]], colour: Colour, glow: float = 0.0) -> None:
        """A flat shape with corners in metres. What doesn't glow hides the light behind it."""
        points = [self.camera.see(*corner) for corner in corners]
        self.pen.polygon(points, fill=colour)
        self.torch.polygon(points, fill=mix((0, 0, 0), colour, glow))

    def disc(self, centre: tuple[float, float, float], wide: float, high: float, colour: Colour) -> None:
        """An upright ellipse: its centre, half its width and half its height, in metres. It doesn't glow."""
        x, y = self.camera.see(*centre)
        across, up = wide * self.camera.metres(centre[2]), high * self.camera.metres(centre[2])
        box = (x - across, y - up, x + across, y + up)
        self.pen.ellipse(box, fill=colour)
        self.torch.ellipse(box, fill=(0, 0, 0))


def hazy(colour: Colour, z: float) -> Colour:
    """The colour as it looks from far away: the lit mist takes over."""
    return mix(colour, HAZE, 1 - math.exp(-z / 170))


# ---------------------------------------------------------------- houses


@dataclass(frozen=True)
class House:
    """A house on one side of the street, from its near end to its far end."""

    side: int
    near: float
    far: float
    height: float
    colour: Colour
    lit: float

    @property
    def wall(self) -> float:
        """Where its front stands."""
        return self.side * HALF_STREET


def houses(rng: random.Random) -> list[House]:
    """Houses on both sides, the farthest first."""
    row = []
    for side in (-1, 1):
        near = 17.0
        while near < 190:
            far = near + rng.uniform(11, 20)
            colour = mix((58, 34, 24), (92, 58, 40), rng.random())
            row.append(House(side, near, far, rng.uniform(24, 52), colour, rng.uniform(0.35, 0.75)))
            near = far
    return sorted(row, key=lambda house: -house.near)


def draw_front(
    sheet: Sheet,
    house: House,
    low: float,
    high: float,
    near: float,
    far: float,
    colour: Colour,
    glow: float = 0.0,
) -> None:
    """A piece of a house's front, between two heights and two distances."""
    x = house.wall
    sheet.shape([(x, low, near), (x, high, near), (x, high, far), (x, low, far)], colour, glow)


def draw_house(sheet: Sheet, house: House, rng: random.Random) -> None:
    """Walls, ledges, windows and a lit shop."""
    x = house.wall
    outside = x + house.side * 30
    gable = mix(house.colour, (20, 12, 10), 0.5)
    ends = [(x, 0.0, house.near), (x, house.height, house.near), (outside, house.height, house.near)]
    sheet.shape([*ends, (outside, 0.0, house.near)], hazy(gable, house.near))
    draw_front(sheet, house, 0, house.height, house.near, house.far, hazy(house.colour, house.near))
    floors = int((house.height - 6) // 3.1)
    columns = max(int((house.far - house.near) // 1.9), 2)
    step = (house.far - house.near) / columns
    for floor in range(floors):
        low = 5.6 + floor * 3.1
        ledge = hazy(mix(house.colour, (0, 0, 0), 0.35), house.near)
        draw_front(sheet, house, low - 0.75, low - 0.5, house.near, house.far, ledge)
        for column in range(columns):
            near = house.near + step * (column + 0.2)
            draw_window(sheet, house, low, near, near + step * 0.6, rng)
    roof = hazy(mix(house.colour, (190, 120, 70), 0.35), house.near)
    draw_front(sheet, house, house.height - 0.9, house.height, house.near, house.far, roof)
    draw_shop(sheet, house, rng)


def draw_window(sheet: Sheet, house: House, low: float, near: float, far: float, rng: random.Random) -> None:
    """A window, lit or dark, some with half a blind."""
    chance, warmth, blind = rng.random(), rng.random(), rng.random()
    if chance > house.lit:
        draw_front(sheet, house, low, low + 1.9, near, far, hazy((30, 22, 24), near))
        return
    colour = mix((255, 166, 78), (255, 226, 170), warmth)
    colour = mix(colour, (96, 52, 30), rng.random() * 0.55)
    draw_front(sheet, house, low, low + 1.9, near, far, hazy(colour, near * 0.6), 0.45)
    if blind > 0.6:
        draw_front(sheet, house, low + 1.9 - blind, low + 1.9, near, far, hazy(mix(colour, (70, 38, 24), 0.6), near))


def draw_shop(sheet: Sheet, house: House, rng: random.Random) -> None:
    """A shop at street level: bright glass, dark posts, an awning above."""
    light = rng.choice([(255, 190, 110), (255, 214, 150), (255, 160, 84), (255, 232, 200)])
    draw_front(sheet, house, 0.3, 3.3, house.near + 0.4, house.far - 0.4, hazy(light, house.near * 0.4), 0.8)
    for _ in range(7):
        near, high = rng.uniform(house.near + 0.6, house.far - 1.4), rng.uniform(0.7, 1.9)
        goods = mix(light, (110, 50, 26), rng.uniform(0.35, 0.8))
        draw_front(sheet, house, 0.3, high, near, near + rng.uniform(0.3, 0.9), hazy(goods, house.near * 0.4), 0.3)
    post = house.near + 0.4
    while post < house.far - 0.8:
        draw_front(sheet, house, 0, 3.4, post, post + 0.22, hazy((48, 28, 20), post))
        post += 2.1
    cloth = rng.choice([(150, 44, 28), (176, 84, 30), (96, 40, 30), (190, 120, 60)])
    x, inner = house.wall, house.wall - house.side * 1.3
    sheet.shape(
        [
            (x, 4.3, house.near + 0.3),
            (x, 4.3, house.far - 0.3),
            (inner, 3.3, house.far - 0.3),
            (inner, 3.3, house.near + 0.3),
        ],
        hazy(cloth, house.near),
        0.12,
    )


# ---------------------------------------------------------------- signs


def lettered_panel(word: str, size: tuple[int, int], back: Colour, ink: Colour, upright: bool) -> Image.Image:
    """A sign's face: a bright frame and a word, the letters below each other if the sign is upright."""
    width, height = size
    panel = Image.new("RGB", size, back)
    draw = ImageDraw.Draw(panel)
    edge = max(width // 14, 2) if upright else max(height // 10, 2)
    draw.rectangle((edge // 2, edge // 2, width - 1 - edge // 2, height - 1 - edge // 2), outline=ink, width=edge)
    letters = list(word) if upright else [word]
    cell = (height - 3 * edge) / len(letters)
    for number, text in enumerate(letters):
        face = font("BebasNeue-Regular", cell * 0.95)
        fit = min(1.0, (width - 4 * edge) / max(face.getlength(text), 1))
        face = font("BebasNeue-Regular", max(cell * 0.95 * fit, 4))
        draw.text((width / 2, 1.5 * edge + cell * (number + 0.53)), text, font=face, fill=ink, anchor="mm")
    return panel


def hang(sheet: Sheet, panel: Image.Image, corner: Point, glow: float) -> None:
    """Fix a panel to the picture, upside down if the camera is mirrored."""
    if sheet.camera.mirrored:
        panel = panel.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    place = round(corner[0]), round(corner[1])
    sheet.things.paste(panel, place)
    sheet.light.paste(panel.point(lambda value: int(value * glow)), place)


def draw_sign(sheet: Sheet, side: int, z: float, low: float, word: str, colour: Colour) -> None:
    """An upright sign that stands out from a house and faces the camera."""
    width, height = 2.1, 1.55 * len(word)
    inner = side * (HALF_STREET - 0.4) - (width if side > 0 else 0.0)
    tops = [sheet.camera.see(inner, low + height, z), sheet.camera.see(inner, low, z)]
    top = min(point[1] for point in tops)
    size = round(width * sheet.camera.metres(z)), round(height * sheet.camera.metres(z))
    panel = lettered_panel(word, size, mix(colour, (40, 8, 4), 0.82), colour, upright=True)
    hang(sheet, panel, (tops[0][0], top), 0.8)


def draw_screen(sheet: Sheet, house: House, low: float, high: float, rng: random.Random) -> None:
    """A large bright screen on a house's front, showing stripes and discs of colour."""
    first, second = rng.sample(SIGN_COLOURS, 2)
    near, far = house.near + 1.2, house.far - 1.2
    draw_front(sheet, house, low - 0.4, high + 0.4, near - 0.4, far + 0.4, (36, 20, 16))
    bands = 14
    for number in range(bands):
        start = near + (far - near) * number / bands
        wave = 0.5 + 0.5 * math.sin(number * 0.9 + first[1])
        end = start + (far - near) / bands
        draw_front(sheet, house, low, high, start, end, mix(first, second, wave), 0.85)
        crest = low + (high - low) * (0.25 + 0.3 * wave)
        draw_front(sheet, house, low, crest, start, end, mix(second, (120, 24, 16), 0.35 + 0.4 * wave), 0.7)


def draw_tower(sheet: Sheet) -> None:
    """The narrow tower at the end of the street, stacked with screens."""
    z, half = 165.0, 8.5
    sheet.shape([(-half, 0, z), (-half, 70, z), (half, 70, z), (half, 0, z)], hazy((60, 36, 28), z))
    low = 9.0
    for number, height in enumerate((13.0, 9.0, 12.0, 8.0, 9.0)):
        colour = SIGN_COLOURS[(number * 2) % len(SIGN_COLOURS)]
        other = SIGN_COLOURS[(number * 2 + 3) % len(SIGN_COLOURS)]
        for slice_number in range(6):
            bottom = low + height * slice_number / 6
            top = low + height * (slice_number + 1) / 6
            shadeless = mix(colour, other, slice_number / 5)
            sheet.shape(
                [
                    (-half + 1.2, bottom, z),
                    (-half + 1.2, top, z),
                    (half - 1.2, top, z),
                    (half - 1.2, bottom, z),
                ],
                shadeless,
                0.9,
            )
        draw_motif(sheet, number, low, height, z, mix(other, (120, 30, 16), 0.35))
        low += height + 1.0
    sheet.shape([(-0.25, 70, z), (0.25, 70, z), (0.1, 84, z), (-0.1, 84, z)], hazy((90, 50, 36), z))
    lamp = sheet.camera.see(0, 84, z)
    sheet.torch.ellipse((lamp[0] - 7, lamp[1] - 7, lamp[0] + 7, lamp[1] + 7), fill=(255, 60, 40))
    sheet.pen.ellipse((lamp[0] - 5, lamp[1] - 5, lamp[0] + 5, lamp[1] + 5), fill=(255, 120, 90))


def draw_motif(sheet: Sheet, number: int, low: float, height: float, z: float, colour: Colour) -> None:
    """A simple pattern on one of the tower's screens: rays, discs, waves, bars or hills."""
    middle = low + height / 2
    if number == 0:
        for angle in steps(0.15, math.pi - 0.15, 8):
            tip, foot = height * 0.6, 0.5
            x, y = math.cos(angle), math.sin(angle)
            sheet.shape(
                [
                    (x * 2 - y * foot, low + 2.8 + y * 2, z),
                    (x * tip, low + 2.8 + y * tip, z),
                    (x * 2 + y * foot, low + 2.8 + y * 2, z),
                ],
                colour,
                0.5,
            )
        sheet.disc((0.0, low + 2.8, z), 2.6, 2.6, colour)
    elif number == 1:
        for x in (-4.2, 0.0, 4.2):
            sheet.disc((x, middle, z), 1.7, height * 0.3, colour)
    elif number == 2:
        for row in steps(low + 2, low + height - 2, 3):
            wave = [(x, row + 0.9 * math.sin(x * 1.4), z) for x in steps(-6.8, 6.8, 30)]
            sheet.shape(wave + [(x, y - 1.0, z) for x, y, z in reversed(wave)], colour, 0.5)
    elif number == 3:
        for bar, x in enumerate(steps(-6, 5, 6)):
            top = low + height * (0.3 + 0.5 * abs(math.sin(bar * 1.7 + 0.6)))
            sheet.shape(block(x, x + 1.2, low + 0.6, top, z), colour, 0.5)
    else:
        sheet.disc((2.5, middle + 1, z), 2.2, 2.2, (255, 240, 200))
        sheet.shape(
            [(-7.3, low, z), (-3.4, middle + 1, z), (0, low + 1.6, z), (2.4, middle, z), (7.3, low, z)],
            colour,
            0.4,
        )


# ---------------------------------------------------------------- traffic


def draw_lamp(sheet: Sheet, place: tuple[float, float, float], radius: float, colour: Colour) -> None:
    """A round lamp and its light."""
    x, y = sheet.camera.see(*place)
    size = radius * sheet.camera.metres(place[2])
    sheet.pen.ellipse((x - size, y - size, x + size, y + size), fill=mix(colour, (255, 255, 255), 0.5))
    size *= 1.7
    sheet.torch.ellipse((x - size, y - size, x + size, y + size), fill=colour)


def block(
    left: float, right: float, low: float, high: float, z: float, inset: float = 0.0
) -> list[tuple[float, float, float]]:
    """The corners of an upright panel whose top may be narrower than its foot."""
    return [(left, low, z), (left + inset, high, z), (right - inset, high, z), (right, low, z)]


def draw_taxi(sheet: Sheet, x: float, z: float, coming: bool) -> None:
    """A yellow cab that comes towards the camera with its headlights on, or drives away with red lights."""
    paint = hazy((236, 158, 30), z)
    dark = hazy((34, 22, 20), z)
    left, right = x - 0.92, x + 0.92
    for wheel in (left + 0.05, right - 0.33):
        sheet.shape(block(wheel, wheel + 0.28, 0.0, 0.5, z), dark)
    sheet.shape(block(left + 0.1, right - 0.1, 0.85, 1.48, z, 0.26), mix(paint, (255, 240, 200), 0.12))
    sheet.shape(block(left + 0.2, right - 0.2, 0.92, 1.4, z, 0.22), hazy((52, 40, 40), z))
    sheet.shape(block(left + 0.5, right - 0.95, 0.92, 1.4, z, 0.12), hazy((110, 84, 70), z))
    sheet.shape(block(left, right, 0.26, 0.9, z, 0.05), paint)
    sheet.shape(block(left + 0.04, right - 0.04, 0.84, 0.94, z, 0.08), mix(paint, (255, 250, 220), 0.45))
    sheet.shape(block(left + 0.45, right - 0.45, 0.36, 0.66, z), dark)
    sheet.shape(block(left, right, 0.2, 0.32, z), mix(dark, (160, 120, 90), 0.35))
    sheet.shape(block(x - 0.3, x + 0.3, 1.5, 1.68, z, 0.05), (255, 232, 170), 0.9)
    colour: Colour = (255, 224, 170) if coming else (255, 44, 24)
    for lamp in (left + 0.22, right - 0.22):
        draw_lamp(sheet, (lamp, 0.64, z), 0.15 if coming else 0.11, colour)


def draw_bus(sheet: Sheet, x: float, z: float) -> None:
    """A city bus that drives away: tall, a wide lit window, and red lights."""
    red = hazy((156, 40, 24), z)
    left, right = x - 1.28, x + 1.28
    for wheel in (left + 0.1, right - 0.5):
        sheet.shape(block(wheel, wheel + 0.4, 0, 0.6, z), hazy((26, 18, 18), z))
    sheet.shape(block(left, right, 0.4, 4.1, z, 0.08), red)
    sheet.shape(block(left + 0.18, right - 0.18, 2.65, 3.6, z, 0.05), hazy((255, 214, 146), z * 0.4), 0.55)
    sheet.shape(block(left + 0.18, right - 0.18, 1.35, 2.25, z), hazy((255, 196, 122), z * 0.4), 0.5)
    for head in (-0.8, -0.25, 0.4, 0.85):
        for floor in (1.35, 2.65):
            rider = hazy((84, 40, 28), z)
            sheet.shape(block(x + head - 0.2, x + head + 0.2, floor, floor + 0.3, z, 0.08), rider)
            sheet.disc((x + head, floor + 0.42, z), 0.1, 0.13, rider)
    sheet.shape(block(left + 0.5, right - 0.5, 3.68, 3.98, z), (255, 168, 60), 0.9)
    for lamp in (left + 0.2, right - 0.2):
        draw_lamp(sheet, (lamp, 0.85, z), 0.13, (255, 40, 22))


def draw_street_lamp(sheet: Sheet, side: int, z: float) -> None:
    """A lamp post with two globes."""
    x, iron = side * 5.9, hazy((34, 24, 22), z)
    sheet.shape(block(x - 0.09, x + 0.09, 0, 5.2, z, 0.04), iron)
    sheet.shape(block(x - 0.6, x + 0.6, 4.95, 5.07, z), iron)
    for globe in (x - 0.6, x + 0.6):
        draw_lamp(sheet, (globe, 5.25, z), 0.22, (255, 208, 140))


def draw_traffic_light(sheet: Sheet, side: int, z: float) -> None:
    """A post at the crossing with an arm over the road, and a red light shining."""
    x, iron = side * 5.6, (30, 21, 20)
    inner = x - side * 2.6
    sheet.shape(block(x - 0.1, x + 0.1, 0, 6.3, z), iron)
    sheet.shape(block(min(x, inner), max(x, inner), 6.1, 6.24, z), iron)
    sheet.shape(block(inner - 0.28, inner + 0.28, 4.9, 6.5, z), (44, 30, 24))
    sheet.disc((inner, 5.7, z), 0.17, 0.17, (74, 52, 24))
    sheet.disc((inner, 5.2, z), 0.17, 0.17, (34, 50, 34))
    draw_lamp(sheet, (inner, 6.2, z), 0.18, (255, 54, 30))


# ---------------------------------------------------------------- people


@dataclass(frozen=True)
class Person:
    """Someone in the street. Without a face they walk away from the camera."""

    x: float
    z: float
    height: float
    coat: Colour
    hem: float
    stride: float
    umbrella: Colour | None
    bag: bool
    hat: bool
    face: bool
    long_hair: bool


def crowd(rng: random.Random) -> list[Person]:
    """People on both pavements, on the crossing, and close to the camera at its edges."""
    people = []
    for _ in range(230):
        z = 9.5 + 75 * rng.random() ** 1.6
        pavement = rng.uniform(5.6, 10.4)
        people.append(someone(rng, pavement if rng.random() < 0.5 else -pavement, z))
    for x in steps(-5.2, 5.2, 17):
        people.append(someone(rng, x + rng.uniform(-0.25, 0.25), rng.uniform(8.0, 12.5)))
    for x in (-2.25, -1.62, 1.5, 2.2):
        people.append(someone(rng, x, rng.uniform(5.9, 6.7)))
    return people


def someone(rng: random.Random, x: float, z: float) -> Person:
    """A person of some height in some coat, perhaps with an umbrella, a bag or a hat."""
    coats: list[Colour] = [
        (40, 26, 24),
        (62, 36, 26),
        (30, 24, 30),
        (92, 48, 28),
        (24, 20, 22),
        (112, 72, 44),
    ]
    umbrellas: list[Colour] = [(34, 24, 26), (150, 40, 26), (60, 34, 28), (196, 112, 44), (44, 32, 40)]
    return Person(
        x,
        z,
        height=rng.uniform(1.52, 1.88),
        coat=rng.choice(coats),
        hem=rng.uniform(0.26, 0.44),
        stride=rng.uniform(0.04, 0.26),
        umbrella=rng.choice(umbrellas) if rng.random() < 0.34 else None,
        bag=rng.random() < 0.35,
        hat=rng.random() < 0.22,
        face=rng.random() < 0.25,
        long_hair=rng.random() < 0.3,
    )


def draw_person(sheet: Sheet, person: Person) -> None:
    """Legs, coat and head, and an umbrella above. The signs' light catches one side."""
    lit_side = 1.0 if person.x < 0 else -1.0
    edge = hazy(mix(person.coat, AMBER, 0.5), person.z)
    draw_legs(sheet, person)
    draw_coat(sheet, person, 0.022 * lit_side, edge)
    draw_head(sheet, person, 0.016 * lit_side, edge, edge)
    coat = hazy(person.coat, person.z)
    draw_coat(sheet, person, 0.0, coat)
    draw_fold(sheet, person, lit_side, mix(coat, (8, 6, 8), 0.3))
    skin = hazy((166, 104, 72), person.z)
    draw_head(sheet, person, 0.0, hazy((34, 22, 20), person.z), skin)
    if person.umbrella:
        draw_umbrella(sheet, person)


def outline(person: Person, aside: float, right_half: list[tuple[float, float]]) -> list[tuple[float, float, float]]:
    """A shape that is the same on both sides, from its right half in shares of the person's height."""
    x, tall, z = person.x + aside, person.height, person.z
    right = [(x + across * tall, up * tall, z) for across, up in right_half]
    left = [(x - across * tall, up * tall, z) for across, up in reversed(right_half)]
    return right + left


def draw_legs(sheet: Sheet, person: Person) -> None:
    """Two legs in mid-step, and shoes."""
    x, tall, z = person.x, person.height, person.z
    cloth = hazy(mix(person.coat, (14, 10, 12), 0.55), z)
    for way in (-1, 1):
        foot, lift = x + way * (0.05 + person.stride * 0.6), 0.05 if way > 0 else 0.0
        hip = x + way * 0.045 * tall
        sheet.shape(
            [
                (hip - 0.085, tall * 0.5, z),
                (hip + 0.085, tall * 0.5, z),
                (foot + 0.06, lift, z),
                (foot - 0.06, lift, z),
            ],
            cloth,
        )
        shoe = hazy((18, 13, 13), z)
        sheet.shape(
            block(foot + 0.02 * way - 0.085, foot + 0.02 * way + 0.085, lift - 0.01, lift + 0.08, z, 0.025),
            shoe,
        )


def draw_coat(sheet: Sheet, person: Person, aside: float, colour: Colour) -> None:
    """Round shoulders, sleeves and a coat down to its hem."""
    body = [
        (0.036, 0.872),
        (0.07, 0.856),
        (0.115, 0.838),
        (0.138, 0.812),
        (0.142, 0.76),
        (0.112, 0.7),
        (0.1, 0.62),
        (0.118, 0.52),
        (0.132, person.hem),
    ]
    sheet.shape(outline(person, aside, body), colour)
    swing = person.stride * 0.35
    for way in (-1, 1):
        shoulder, hand = way * 0.122, way * (0.138 + swing * 0.2)
        x, tall, z = person.x + aside, person.height, person.z
        sleeve = [
            (shoulder - 0.026, 0.82),
            (shoulder + 0.026, 0.81),
            (hand + 0.026, 0.62),
            (hand + 0.012, 0.47),
            (hand - 0.026, 0.47),
            (hand - 0.028, 0.62),
        ]
        sheet.shape([(x + across * tall, up * tall, z) for across, up in sleeve], colour)
    if person.bag:
        x, tall, z = person.x + aside + 0.2 * person.height, person.height, person.z
        sheet.shape(block(x - 0.11, x + 0.15, tall * 0.28, tall * 0.42, z, 0.02), mix(colour, (120, 66, 36), 0.45))
        sheet.shape(block(x - 0.01, x + 0.04, tall * 0.42, tall * 0.47, z), mix(colour, (60, 34, 24), 0.6))


def draw_fold(sheet: Sheet, person: Person, lit_side: float, colour: Colour) -> None:
    """The side of the coat that the light doesn't reach, and the belt."""
    x, tall, z = person.x, person.height, person.z
    half = [(0.0, 0.84), (0.09, 0.83), (0.07, 0.7), (0.06, 0.6), (0.09, person.hem), (0.03, person.hem)]
    sheet.shape([(x - lit_side * across * tall, up * tall, z) for across, up in half], colour)
    sheet.shape(block(x - 0.1 * tall, x + 0.1 * tall, tall * 0.605, tall * 0.622, z), colour)


def draw_head(sheet: Sheet, person: Person, aside: float, hair: Colour, skin: Colour) -> None:
    """Neck, head and hair, or a hat with a brim."""
    x, tall, z = person.x + aside, person.height, person.z
    sheet.shape(block(x - 0.026 * tall, x + 0.026 * tall, tall * 0.85, tall * 0.9, z), mix(skin, hair, 0.4))
    sheet.disc((x, tall * 0.932, z), 0.052 * tall, 0.07 * tall, skin if person.face else hair)
    if person.face:
        sheet.disc((x, tall * 0.957, z), 0.055 * tall, 0.049 * tall, hair)
    if person.long_hair:
        sheet.shape(block(x - 0.062 * tall, x + 0.062 * tall, tall * 0.8, tall * 0.95, z, 0.014 * tall), hair)
        sheet.disc((x, tall * 0.945, z), 0.056 * tall, 0.062 * tall, hair)
    if person.hat:
        sheet.disc((x, tall * 0.966, z), 0.09 * tall, 0.016 * tall, hair)
        sheet.shape(block(x - 0.054 * tall, x + 0.054 * tall, tall * 0.965, tall * 1.03, z, 0.012 * tall), hair)


def draw_umbrella(sheet: Sheet, person: Person) -> None:
    """A dome of eight cloth panels, a stick, and light on its upper edge."""
    assert person.umbrella is not None
    x, z = person.x + 0.12, person.z
    low, high, half = person.height + 0.02, person.height + 0.44, 0.62
    colour = hazy(person.umbrella, z)
    sheet.shape(
        [(x - 0.015, 1.1, z), (x - 0.015, high, z), (x + 0.015, high, z), (x + 0.015, 1.1, z)],
        hazy((30, 22, 20), z),
    )
    arch = [(x + half * math.cos(a), low + (high - low) * math.sin(a), z) for a in steps(0, math.pi, 20)]
    hem = [(x - half + half * 2 * s, low + 0.05 * abs(math.sin(s * math.pi * 4)), z) for s in steps(0, 1, 24)]
    sheet.shape([(px, py + 0.03, pz) for px, py, pz in arch], hazy(mix(person.umbrella, AMBER, 0.7), z), 0.1)
    sheet.shape(arch + hem, colour)
    for share in (-0.5, 0.0, 0.5):
        points = [sheet.camera.see(x, high, z), sheet.camera.see(x + half * share, low + 0.03, z)]
        sheet.pen.line(points, fill=mix(colour, (0, 0, 0), 0.35), width=2)


def steps(start: float, end: float, count: int) -> list[float]:
    """Evenly spaced numbers from start to end.

    >>> steps(0, 1, 4)
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    return [start + (end - start) * number / count for number in range(count + 1)]


# ---------------------------------------------------------------- the picture


def blank(camera: Camera) -> Sheet:
    """An empty sheet: the night sky for the things, darkness for the light."""
    size = (SIZE[0] * FINE, SIZE[1] * FINE)
    sky = gradient(size, [(0.0, (34, 22, 26)), (0.2, (62, 38, 30)), (0.45, (128, 74, 42)), (1.0, (150, 86, 44))])
    sky = shade(sky, noise(size, (210, 90), random.Random(30)), 0.62)
    if camera.mirrored:
        sky = Image.new("RGB", size, (70, 42, 28))
    return Sheet(camera, sky, Image.new("RGB", size, (0, 0, 0)))


def draw_town(sheet: Sheet) -> None:
    """Houses, screens, signs and the tower, from far to near."""
    rng = random.Random(1909)
    draw_tower(sheet)
    row = houses(rng)
    for number, house in enumerate(row):
        draw_house(sheet, house, rng)
        if number % 4 in (0, 3) or number > len(row) - 4:
            low = rng.uniform(9, 13)
            draw_screen(sheet, house, low, low + rng.uniform(6, 11), rng)
        sign = SIGN_WORDS[number % len(SIGN_WORDS)]
        colour = SIGN_COLOURS[number % len(SIGN_COLOURS)]
        draw_sign(sheet, house.side, house.near + 1.5, rng.uniform(5.2, 8.5), sign, colour)


def draw_street_life(sheet: Sheet) -> None:
    """Traffic and people, from far to near."""
    drawings: list[tuple[float, Callable[[], None]]] = [(26.0, partial(draw_bus, sheet, 4.3, 26.0))]
    for x, z in ((-2.0, 17), (-4.7, 22), (-1.9, 31), (-4.6, 42), (-2.0, 58), (-4.4, 80), (-2.0, 100)):
        drawings.append((z, partial(draw_taxi, sheet, x, z, coming=True)))
    for x, z in ((1.6, 19), (4.4, 46), (1.7, 36), (1.6, 66), (4.4, 88)):
        drawings.append((z, partial(draw_taxi, sheet, x, z, coming=False)))
    for side in (-1, 1):
        drawings.append((13.5, partial(draw_traffic_light, sheet, side, 13.5)))
        for z in range(21, 130, 15):
            drawings.append((z, partial(draw_street_lamp, sheet, side, z)))
    for person in crowd(random.Random(7)):
        drawings.append((person.z, partial(draw_person, sheet, person)))
    for _, draw in sorted(drawings, key=lambda drawing: -drawing[0]):
        draw()


def shining(sheet: Sheet) -> Image.Image:
    """The things with their light spilling over: the same light, blurred a little, more, and a lot."""
    picture = sheet.things
    for radius, strength in ((4, 0.5), (16, 0.55), (60, 0.6)):
        small = sheet.light.reduce(2).filter(ImageFilter.GaussianBlur(radius / 2)).resize(sheet.light.size)
        picture = ImageChops.screen(picture, small.point(lambda value, by=strength: int(value * by)))
    return picture


def wet_street() -> Image.Image:
    """The ground: what the mirrored camera sees, smeared downwards by the wet, rippled and darkened."""
    sheet = blank(Camera(mirrored=True))
    draw_town(sheet)
    draw_street_life(sheet)
    mirror = shining(sheet).point(lambda value: min(255, round(value * 1.4)))
    smeared = mirror.filter(ImageFilter.GaussianBlur((5, 30)))
    puddles = noise(mirror.size, (150, 36), random.Random(3)).point(lambda value: 255 if value > 150 else value)
    mirror = Image.composite(mirror.filter(ImageFilter.GaussianBlur((2, 8))), smeared, puddles.point(lambda v: v // 2))
    asphalt = Image.new("RGB", mirror.size, (52, 33, 25))
    ground = Image.blend(asphalt, mirror, 0.74)
    ground = shade(ground, noise(mirror.size, (44, 9), random.Random(4)), 0.72)
    return shade(ground, noise(mirror.size, (4, 3), random.Random(8)), 0.86)


def draw_road_marks(sheet: Sheet) -> None:
    """Kerbs, the line in the middle and the crossing in front."""
    stripe = Image.new("L", sheet.things.size, 0)
    draw = ImageDraw.Draw(stripe)

    def flat(left: float, right: float, near: float, far: float, grey: int) -> None:
        corners = [(left, 0.0, near), (right, 0.0, near), (right, 0.0, far), (left, 0.0, far)]
        draw.polygon([sheet.camera.see(*corner) for corner in corners], fill=grey)

    for x in steps(-5.4, 4.5, 9):
        flat(x, x + 0.6, 8.2, 11.2, 105)
    for z in range(13, 120, 6):
        flat(-0.1, 0.1, z, z + 3, 110)
    for side in (-5.55, 5.3):
        flat(side, side + 0.25, 6, 160, 90)
    worn = ImageChops.multiply(stripe, noise(stripe.size, (9, 5), random.Random(12)).point(lambda v: 120 + v // 2))
    sheet.things.paste((236, 196, 150), mask=worn)


def rain(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """Thin slanted streaks of light on black."""
    streaks = Image.new("L", size, 0)
    draw = ImageDraw.Draw(streaks)
    for _ in range(420):
        x, y, length = rng.uniform(0, size[0]), rng.uniform(0, size[1]), rng.uniform(18, 60)
        draw.line((x, y, x - length * 0.14, y + length), fill=rng.randrange(16, 60), width=2)
    return streaks.filter(ImageFilter.GaussianBlur(1))


def vignette(picture: Image.Image) -> Image.Image:
    """Darker corners, so that the eye goes to the middle."""
    mask = Image.radial_gradient("L").resize(picture.size).point(lambda value: 255 - max(value - 110, 0) * 3 // 4)
    return shade(picture, mask, 0.35)


def street_at_night() -> Image.Image:
    """The whole picture."""
    sheet = blank(Camera())
    horizon = round(sheet.camera.horizon)
    sheet.things.paste(wet_street().crop((0, horizon, *sheet.things.size)), (0, horizon))
    draw_road_marks(sheet)
    draw_town(sheet)
    draw_street_life(sheet)
    picture = shining(sheet)
    picture = ImageChops.screen(picture, Image.merge("RGB", [rain(picture.size, random.Random(20))] * 3))
    picture = vignette(picture).resize(SIZE, Image.Resampling.LANCZOS)
    return shade(picture, noise(SIZE, (1, 1), random.Random(21)), 0.965)
