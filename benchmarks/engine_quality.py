"""How well the engine on this computer reads and tells, as a table:  python benchmarks/engine_quality.py

The pages are written with open fonts (tests/engine/pages.py), the truth is their text. Handwriting fonts repeat
their letters, real hands do not; `notes` and `french` (tests/engine/hands.py) change every letter, bend every line
and are nearer to hands. No page of a real hand is among them: expect more errors on real handwriting.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from cvhelpers.ondevice.engine import Engine  # noqa: E402
from engine import hands, pages, quality  # noqa: E402


def main() -> None:
    engine = Engine()
    print(f"on this computer: {engine.name} {engine.version}\n")
    print("| pages | condition | pages | characters | errors | character error rate |\n|---|---|--:|--:|--:|--:|")
    for chosen in (pages.printed(), pages.handwritten(), hands.notes(), hands.french()):
        scores = quality.read_pages(lambda image: engine.read(image).text, chosen)
        for (kind, condition), score in scores.items():
            counts = f"{score.pages} | {score.characters} | {score.errors} | {score.rate:.2%}"
            print(f"| {kind} | {condition} | {counts} |")
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
