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
    import imagehash

    opaque = on_white(image)
    bits = int(str(imagehash.phash(opaque)), 16)
    colors = np.asarray(opaque.resize((16, 16), Image.Resampling.BOX), dtype=np.int16)
    return Look(bits, colors, image.width / image.height)


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
