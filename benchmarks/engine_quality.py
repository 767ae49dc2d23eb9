"""How well the engine on this computer reads and tells, as a table:

    python benchmarks/engine_quality.py [FOLDER]

The pages are written with open fonts (tests/engine/pages.py), the truth is their text. Handwriting fonts repeat
their letters, real hands do not; `notes` and `french` (tests/engine/hands.py) change every letter, bend every line
and are nearer to hands. The pages called unseen have other texts and other fonts: no number was fitted to them, but it
was looked at whether the lexicon and the second look at hard lines help there too. On `codes` stand codes, names,
numbers and misspelt words, which the lexicon must leave alone. No page of a real hand is among them: expect more errors
on real handwriting.

The signs are 15 photographs of opencv-doc (`signs.toml`), a package of Debian that is kept in FOLDER, by default
`out/photographs`, and fetched the first time. Each line that a person reads is compared with the nearest one that was
read; other lines are counted as read beside. They are counted as written, and without case and accents.
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path

import PIL.Image

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from benchmarks.photographs import fetched  # noqa: E402
from cvhelpers.ondevice.engine import Engine  # noqa: E402
from engine import hands, pages, quality  # noqa: E402

SETS: tuple[Callable[[], object], ...] = (
    pages.printed,
    pages.handwritten,
    hands.notes,
    hands.french,
    hands.unseen_notes,
    hands.unseen_french,
    hands.codes,
)


def bare(text: str) -> str:
    """A text in small letters without accents: logos have capitals and dots of their own."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def read_signs(engine: Engine, folder: Path, write: Callable[[str], str] = str) -> tuple[int, int, int]:
    """Errors, characters, and lines that were read beside those a person reads."""
    package = fetched("opencv-doc", {"from": "Debian"}, folder)
    errors = characters = beside = 0
    for sign in tomllib.loads(Path(__file__).with_name("signs.toml").read_text("utf-8"))["signs"]:
        path = package / sign["file"]
        if hashlib.sha256(path.read_bytes()).hexdigest() != sign["sha256"]:
            sys.exit(f"{path} is not the picture that signs.toml means: another version of opencv-doc?")
        read = [write(line.text) for line in engine.read(PIL.Image.open(path)).lines]
        for line in map(write, sign["lines"]):
            nearest = min(read, key=lambda other: pages.character_errors(other, line), default="")
            wrong = pages.character_errors(nearest, line)
            errors += min(wrong, len(line))
            characters += len(line)
            if wrong < len(line):
                read.remove(nearest)
        beside += len(read)
    return errors, characters, beside


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out/photographs")
    engine = Engine()
    print(f"on this computer: {engine.name} {engine.version}\n")
    print("| pages | condition | pages | characters | errors | character error rate |\n|---|---|--:|--:|--:|--:|")
    for chosen in SETS:
        scores = quality.read_pages(lambda image: engine.read(image).text, chosen())
        for (kind, condition), score in scores.items():
            counts = f"{score.pages} | {score.characters} | {score.errors} | {score.rate:.2%}"
            print(f"| {kind} | {condition} | {counts} |")
        for kind in dict.fromkeys(kind for kind, _ in scores):
            print(f"| **{kind}** | all | | | | {quality.rate(scores, kind):.2%} |", flush=True)
    for how, write in (("as written", str), ("without case and accents", bare)):
        errors, characters, beside = read_signs(engine, folder, write)
        counts = f"15 | {characters} | {errors} | {errors / characters:.2%}"
        print(f"| **signs** | photographs, {how}; {beside} lines beside | {counts} |")
    print("\n| quickstart text | read without an error | mean overlap of its words with the recorded ones |")
    print("|---|---|--:|")
    for picture, recording in (("democritus", "printed-text"), ("pangrams", "handwritten-text-3-succeeded")):
        recorded = quality.recorded_lines(recording)
        reading = engine.read(quality.sample(picture))
        read = sorted(line.text for line in reading.lines)
        wanted = sorted(" ".join(word["text"] for word in line["words"]) for line in recorded)
        overlaps = quality.overlaps(reading.lines, recorded)
        print(f"| {picture} | {'yes' if read == wanted else 'no'} | {sum(overlaps) / len(overlaps):.2f} |")
    print("\n| sample | first tag | true | names the subject | caption | confidence | true |")
    print("|---|---|---|---|---|--:|---|")
    answer = {True: "yes", False: "no", None: "–"}
    for look in quality.look_at_samples(engine):
        print(
            f"| {look.name} | {look.tags[0]} | {answer[look.tag_is_true]} | {answer[look.tag_is_subject]} "
            f"| {look.caption} | {look.confidence:.2f} | {answer[look.caption_is_true]} |"
        )


if __name__ == "__main__":
    main()
