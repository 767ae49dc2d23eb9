"""Captions: one sentence made from what was found, that says no more than what was found.

There is no model that writes sentences here. Rules put together a subject, what goes with it and the words
that can be read. A thing is named only if two witnesses agree (the detector and the classifier) or one is
very sure; else the caption says something broader, at last only the colours. The confidence is that of
the witnesses together, so it is low where the caption says little.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .objects import BRANCHES
from .readings import Box, Caption, Colors, DetectedObject, Face, ImageType, Line
from .tags import OUTDOOR, Classes, readable

AGREED = 0.3  # the classifier's share, over the whole picture, from which on it confirms an object
SURE_ALONE = 0.85  # from here on the classifier is believed without the detector
BROAD_ALONE = 0.65  # the same for a broader word, such as "building"
LEAST = 0.65  # how sure both must be together
LONGEST_QUOTE = 80

PLURALS = {"person": "people", "sheep": "sheep", "skis": "skis", "scissors": "scissors", "knife": "knives"}
NUMBERS = {2: "two", 3: "three", 4: "four"}
PLURAL_ONLY = {"skis", "scissors"}

# Broader words that make a fair caption by themselves, the more telling first.
BROADER = {
    "dog": "dog",
    "cat": "cat",
    "bird": "bird",
    "butterfly": "butterfly",
    "insect": "insect",
    "monkey": "monkey",
    "snake": "snake",
    "fish": "fish",
    "motorcycle": "motorcycle",
    "bus": "bus",
    "car": "car",
    "ship": "ship",
    "boat": "boat",
    "aircraft": "aircraft",
    "vehicle": "vehicle",
    "coffee": "cup of coffee",
    "edible fruit": "fruit",
    "flower": "flower",
    "food": "food",
    "mountain": "mountain",
    "geological formation": "landscape",
    "building": "building",
    "bridge": "bridge",
    "musical instrument": "musical instrument",
    "timepiece": "clock",
    "furniture": "piece of furniture",
    "animal": "animal",
    "structure": "building or structure",
}
MASS = {"food", "fruit"}  # no article


@dataclass(frozen=True)
class Findings:
    """All that a caption is made from. `lines` are those that were read surely."""

    width: int
    height: int
    classes: Classes
    objects: tuple[DetectedObject, ...]
    faces: tuple[Face, ...]
    lines: tuple[Line, ...]
    colors: Colors
    image_type: ImageType

    def share(self, box: Box) -> float:
        """How much of the picture a box covers."""
        return box.area / (self.width * self.height)

    @property
    def text_share(self) -> float:
        """How much of the picture is text."""
        return min(1.0, sum(self.share(line.box) for line in self.lines))


def write(found: Findings) -> Caption:
    """The caption."""
    subject = page(found)
    if subject is None:
        subject = joined(people(found) or thing(found) or classified(found), quote(found))
    subject = subject or outdoors(found)
    if subject is None:
        return Caption(by_colors(found), 0.1)
    link = " with " if subject.text.startswith("the words") else " of "
    text = link.join([*filter(None, [manner(found)]), subject.text])
    return Caption(text, round(min(0.99, subject.confidence), 4))


def manner(found: Findings) -> str:
    """What kind of picture it is, where it is not a colour photograph."""
    if found.image_type.line_drawing and not found.text_share > 0.05:
        return "a line drawing"
    if found.image_type.clip_art >= 2 and not found.text_share > 0.05:
        return "a drawing"
    return "a black and white photo" if found.colors.black_and_white and found.text_share < 0.05 else ""


def by_colors(found: Findings) -> str:
    """The last resort: true, and little."""
    kind = "drawing" if found.image_type.clip_art >= 2 else "picture"
    if found.colors.black_and_white:
        return f"a black and white {kind}"
    return f"a {kind} that is mainly {listed([name.lower() for name in found.colors.dominant[:2]])}"


# --- subjects ----------------------------------------------------------------------------------------------


def page(found: Findings) -> Caption | None:
    """A picture that is mostly text."""
    if len(found.lines) < 3 or found.text_share < 0.1 or found.faces:
        return None
    confidence = sum(line.confidence for line in found.lines) / len(found.lines)
    return Caption(f"a page of text that begins “{shortened(found.lines[0].text)}”", confidence)


def joined(subject: Caption | None, words: Caption | None) -> Caption | None:
    """What is seen, and what is read."""
    if subject is None or words is None:
        return subject or words
    link = "and" if words.text.startswith("a sign") else "with"
    return Caption(f"{subject.text} {link} {words.text}", min(subject.confidence, words.confidence))


def quote(found: Findings) -> Caption | None:
    """The words that can be read. They are called a sign only where something says there is one."""
    if not found.lines or found.text_share < 0.004:
        return None
    words = shortened(" ".join(line.text for line in found.lines))
    street = {"car", "bus", "truck", "traffic light", "stop sign", "parking meter"}
    signs = found.classes.share(["sign", "pay-phone", "parking meter", "gas pump"])
    is_sign = signs >= 0.2 or any(thing.name in street for thing in found.objects)
    confidence = sum(line.confidence for line in found.lines) / len(found.lines)
    return Caption(f"a sign that reads “{words}”" if is_sign else f"the words “{words}”", confidence)


def people(found: Findings) -> Caption | None:
    """People, and what they have with them."""
    bodies = [thing for thing in found.objects if thing.name == "person" and thing.confidence >= 0.6]
    count = max(len(bodies), len(found.faces))
    if not count:
        return None
    who = "a person" if count == 1 else "two people" if count == 2 else "a group of people"
    confidence = together([*(b.confidence for b in bodies), *(f.confidence for f in found.faces)])
    others = [thing for thing in found.objects if thing.name != "person"]
    carried = listed(named(others, found)[:2])
    return Caption(f"{who} with {carried}" if carried else who, confidence)


def thing(found: Findings) -> Caption | None:
    """Objects without people, the most striking first: those the classifier sees too, then the largest."""
    agreed = [o for o in found.objects if agreement(o, found) >= AGREED or found.share(o.box) < 0.2]
    large = [o for o in agreed if found.share(o.box) >= 0.05]
    if not large:
        return None
    large.sort(key=lambda o: -(agreement(o, found) + found.share(o.box) * o.confidence))
    confidence = together([large[0].confidence, agreement(large[0], found)])
    if confidence < LEAST:
        return None
    names = named(large, found)
    if len(large) == 1 and found.share(large[0].box) > 0.6:
        return Caption(f"a close up of {names[0]}", confidence)
    return Caption(f"{names[0]} with {listed(names[1:3])}" if names[1:] else names[0], confidence)


def classified(found: Findings) -> Caption | None:
    """What the classifier alone is sure of, as narrow as it is sure."""
    best = found.classes.best
    if best.confidence >= SURE_ALONE and found.image_type.clip_art < 2:
        return Caption(with_article(readable(best.name)), best.confidence)
    for word, shown in BROADER.items():
        share = found.classes.share([word])
        if share >= (0.8 if word == "animal" else BROAD_ALONE):
            return Caption(shown if shown in MASS else with_article(shown), share * 0.9)
    return None


def outdoors(found: Findings) -> Caption | None:
    """What many classes together hint at, none of them sure by itself."""
    share = found.classes.share(OUTDOOR)
    return Caption("an outdoor scene", share * 0.9) if share >= 0.5 else None


def agreement(thing: DetectedObject, found: Findings) -> float:
    """The classifier's share, over the whole picture, in the branch of an object; 0 for unknown branches."""
    return found.classes.share(BRANCHES.get(thing.name, set()))


# --- words -------------------------------------------------------------------------------------------------


def named(things: list[DetectedObject], found: Findings) -> list[str]:
    """Objects as phrases, one for each kind: "a cat", "two cups"."""
    counts = Counter(thing.name for thing in things)
    phrases = [counted(name, count) for name, count in counts.items()]
    if counts["cup"] == 1 and found.classes.share(["coffee"]) >= 0.5:
        phrases = ["a cup of coffee" if phrase == "a cup" else phrase for phrase in phrases]
    return phrases


def counted(name: str, count: int) -> str:
    """
    >>> counted("cup", 1), counted("orange", 3), counted("bus", 7), counted("skis", 1)
    ('a cup', 'three oranges', 'a group of buses', 'skis')
    """
    if count == 1:
        return name if name in PLURAL_ONLY else with_article(name)
    plural = PLURALS.get(name) or name + ("es" if name.endswith(("s", "sh", "ch", "x")) else "s")
    return f"{NUMBERS[count]} {plural}" if count in NUMBERS else f"a group of {plural}"


def with_article(name: str) -> str:
    """
    >>> with_article("apple"), with_article("cat")
    ('an apple', 'a cat')
    """
    return ("an " if name[0].lower() in "aeiou" else "a ") + name


def listed(phrases: list[str]) -> str:
    """
    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    """
    return " and ".join([*filter(None, [", ".join(phrases[:-1])]), *phrases[-1:]])


def shortened(text: str) -> str:
    """
    >>> shortened("word " * 30)
    'word word word word word word word word word word word word word word word word …'
    """
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def together(confidences: list[float]) -> float:
    """How sure independent witnesses are together: the chance that not all are wrong.

    >>> together([0.5, 0.5])
    0.75
    """
    doubt = 1.0
    for confidence in confidences:
        doubt *= 1 - confidence
    return 1 - doubt
