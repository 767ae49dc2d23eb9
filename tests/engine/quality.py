"""How good the engine is, measured against what is known to be true. Used by the tests and by the benchmarks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from cvhelpers.ondevice.engine import Engine, Line

from . import pages

SAMPLES = Path(__file__).parents[2] / "cvhelpers" / "samples"
TRUTH = json.loads((Path(__file__).parent / "truth.json").read_text("utf-8"))


@dataclass
class Score:
    """Character errors in one condition."""

    errors: int = 0
    characters: int = 0
    pages: int = 0
    worst: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.errors / self.characters


def read_pages(read: Callable[[Image.Image], str], chosen: Iterable[pages.Page]) -> dict[tuple[str, str], Score]:
    """Character errors by kind and condition."""
    scores: dict[tuple[str, str], Score] = {}
    for page in chosen:
        score = scores.setdefault((page.kind, page.condition), Score())
        errors = pages.character_errors(read(page.image), page.text)
        score.errors += errors
        score.characters += len(page.text)
        score.pages += 1
    return scores


def rate(scores: dict[tuple[str, str], Score], kind: str) -> float:
    """The character error rate over all pages of a kind."""
    chosen = [score for (of, _), score in scores.items() if of == kind]
    return sum(score.errors for score in chosen) / sum(score.characters for score in chosen)


def sample(name: str) -> Image.Image:
    (path,) = (SAMPLES / "pictures").glob(f"{name}.*")
    return Image.open(path)


def recorded_lines(name: str) -> list[dict]:
    """The lines of a recorded answer, wherever in the file they are."""

    def walk(value: object) -> Iterable[dict]:
        if isinstance(value, dict):
            if "words" in value and "boundingBox" in value:
                yield value
            else:
                for inner in value.values():
                    yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    return list(walk(json.loads((SAMPLES / "recordings" / f"{name}.json").read_text("utf-8"))))


def overlaps(found: Iterable[Line], recorded: list[dict]) -> list[float]:
    """For each recorded word the best overlap (intersection over union) with one that reads the same."""
    words = [word for line in found for word in line.words]
    best = []
    for line in recorded:
        for word in line["words"]:
            box = word["boundingBox"]
            same = [w for w in words if w.text == word["text"]]
            if isinstance(box, str):
                x, y, w, h = (int(number) for number in box.split(","))
                wanted, candidates = upright(x, y, w, h), [upright(*s.box) for s in same]
            else:
                wanted, candidates = as_quad(box), [as_quad(s.polygon) for s in same]
            best.append(max((overlap(wanted, candidate) for candidate in candidates), default=0.0))
    return best


def upright(x: float, y: float, w: float, h: float) -> np.ndarray:
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float32)


def as_quad(numbers: Iterable[float]) -> np.ndarray:
    return cv2.convexHull(np.array(list(numbers), np.float32).reshape(4, 2)).reshape(-1, 2)


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    shared, _ = cv2.intersectConvexConvex(a, b)
    return shared / (cv2.contourArea(a) + cv2.contourArea(b) - shared)


@dataclass(frozen=True)
class Look:
    """What the engine says about a sample, and whether that is so."""

    name: str
    tags: tuple[str, ...]
    caption: str
    confidence: float
    tag_is_true: bool | None
    tag_is_subject: bool | None
    caption_is_true: bool


def look_at_samples(engine: Engine) -> list[Look]:
    looks = []
    for name, captions in TRUTH["captions"].items():
        found = engine.analyze(sample(name), ["description"]).description
        assert found is not None
        truth = TRUTH["photographs"].get(name)
        (caption,) = found.captions
        looks.append(
            Look(
                name,
                found.tags,
                caption.text,
                caption.confidence,
                truth and found.tags[0] in truth["true"],
                truth and found.tags[0] in truth["subject"],
                caption.text in captions,
            )
        )
    return looks
