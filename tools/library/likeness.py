"""Which pictures look alike: perceptual hashes, and colours where the hashes agree."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from cvhelpers.ondevice.library.transparency import on_white

_SAME = 6  # bits of 64 in which the hashes of near-duplicates differ at most
_SAME_COLORS = 10.0  # their mean difference of colour, of 255
_RELATED = 10  # bits in which the hashes of one family differ at most


@dataclass(frozen=True)
class Look:
    """A perceptual hash of 64 bits, 16 × 16 colours, and width by height."""

    bits: int
    colors: np.ndarray
    aspect: float


def look(image: Image.Image) -> Look:
    """How a picture looks, on white."""
    opaque = on_white(image)
    colors = np.asarray(opaque.resize((16, 16), Image.Resampling.BOX), dtype=np.int16)
    return Look(perceptual_hash(opaque), colors, image.width / image.height)


def perceptual_hash(image: Image.Image) -> int:
    """64 bits, which of the 8 × 8 lowest frequencies are stronger than the middle one: the pHash of imagehash.

    >>> hex(perceptual_hash(Image.new("L", (40, 30), "gray")))  # one color: nothing but the lowest
    '0x8000000000000000'
    """
    gray = np.asarray(image.convert("L").resize((32, 32), Image.Resampling.LANCZOS), dtype=float)
    frequency, place = np.arange(8), np.arange(32)
    waves = np.cos(np.pi * np.outer(frequency, 2 * place + 1) / 64)  # of the discrete cosine transform
    low = np.round(waves @ gray @ waves.T, 6)  # what should be equal is: the rest is noise of the arithmetic
    return int("".join("01"[bit] for bit in (low > np.median(low)).ravel().astype(int)), 2)


def near_duplicate(one: Look, other: Look) -> bool:
    """Whether two pictures are the same to the eye, in shape and in colour."""
    return (
        (one.bits ^ other.bits).bit_count() <= _SAME
        and 0.9 < one.aspect / other.aspect < 1.1
        and float(np.abs(one.colors - other.colors).mean()) <= _SAME_COLORS
    )


def distinct(looks: Sequence[Look]) -> list[int]:
    """The positions of the pictures that are no near-duplicate of an earlier one."""
    hashes = np.array([look.bits for look in looks], dtype=np.uint64)
    kept: list[int] = []
    for position, candidate in enumerate(looks):
        differing = np.bitwise_count(hashes[kept] ^ hashes[position]) if kept else np.array([])
        near = np.flatnonzero(differing <= _SAME)
        if not any(near_duplicate(candidate, looks[kept[i]]) for i in near):
            kept.append(position)
    return kept


def families(looks: Sequence[Look], titles: Sequence[str]) -> list[int]:
    """A number for each picture, the same for those that look alike or are named alike but for a number."""
    family = list(range(len(looks)))

    def head(position: int) -> int:
        while family[position] != position:
            position = family[position]
        return position

    hashes = np.array([look.bits for look in looks], dtype=np.uint64)
    series: dict[str, int] = {}
    for position in range(len(looks)):
        alike = np.flatnonzero(np.bitwise_count(hashes[:position] ^ hashes[position]) <= _RELATED)
        member = series.setdefault(_series(titles[position]), position)
        for other in (*alike.tolist(), member):
            family[head(position)] = head(other)
    return [head(position) for position in range(len(looks))]


def _series(title: str) -> str:
    plain = re.sub(r"\(.*?\)|\bb ?(&|and) ?w\b|\bbw\b|[\W\d_]+", " ", title.lower())
    return " ".join(plain.split())
