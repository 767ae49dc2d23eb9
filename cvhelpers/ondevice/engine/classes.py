"""Classes: which of ImageNet's 1000 a picture shows, by EfficientNet-Lite0, and how WordNet groups them.

The classifier (arXiv:1905.11946) knows 118 breeds of dogs and no plain dog. WordNet knows what is broader, so the
probabilities of all breeds add up to that of "dog", those of all beasts to "animal". What ImageNet doesn't know
(people, skies, coins) this can't tell.
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

SIZE = 224


class Row(NamedTuple):
    """A class: its name and the broader words, the nearest first."""

    name: str
    broader: tuple[str, ...]


class ClassScore(NamedTuple):
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
        return self.of(set().union(*(members()[word] for word in among)))

    def of(self, indices: Iterable[int]) -> float:
        """How likely the picture shows one of the classes with these numbers."""
        return float(self.probabilities[sorted(indices)].sum())

    @property
    def best(self) -> ClassScore:
        """The likeliest class."""
        index = int(self.probabilities.argmax())
        return ClassScore(rows()[index].name, float(self.probabilities[index]))


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
