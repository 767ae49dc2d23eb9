"""Decoding: from what the recogniser says about each step of a line to the characters that stand there.

A line of text has several steps a letter. At each step the recogniser gives every character a probability, and one
to the *blank*: "nothing new here" (CTC, Graves et al. 2006). The quick way is to take the best at each step and to drop
repeats and blanks. That is the *plain* reading. A beam search follows several readings at once and adds up all ways in
which the steps can mean the same text; a lexicon tells it which of them are words (Hannun et al. 2014).
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .lexicon import Lexicon

Choices: TypeAlias = tuple[tuple[str, float], ...]
"""What may stand at a step, and how likely it is. The blank is ""."""

BLANK = 0  # its index in the alphabet
LEAST = 0.004  # what is less likely than this at a step does not stand there
BEAM = 12  # so many readings are followed
# The recogniser leaves out spaces: where it sees nothing else, a space is so many times as likely as it says; the
# second where a word is in doubt. Chosen on the pages of tests/engine, print and hands; half or twice as much hardly
# changes anything.
SPACE_ODDS, SPACE_ODDS_IN_DOUBT = 3.0, 13.0


@dataclass(frozen=True)
class Character:
    """One character and where in its line it stands, as a fraction of the line's width."""

    text: str
    confidence: float
    position: float


@dataclass(frozen=True)
class Steps:
    """What may stand at each step of a line that is `width` steps long."""

    choices: tuple[Choices, ...] = ()
    width: float = 1.0
    first: int = 0

    def at(self, position: float) -> int:
        """The step at a fraction of the line's width."""
        return int(position * self.width)

    def part(self, start: int, stop: int) -> Steps:
        return Steps(self.choices[start:stop], self.width, self.first + start)

    def character(self, text: str, confidence: float, step: int) -> Character:
        return Character(text, min(1.0, confidence), min(1.0, (self.first + step + 0.5) / self.width))


UNKNOWN_STEPS = Steps()


def likelier(probability: NDArray[np.float32], odds: float) -> NDArray[np.float32]:
    """Probabilities whose odds are so many times as high.

    >>> likelier(np.array([0.0, 0.25, 0.5, 1.0]), 3).tolist()
    [0.0, 0.5, 0.75, 1.0]
    """
    return np.asarray(probability * odds / (1 + probability * (odds - 1)), probability.dtype)


def plain(output: NDArray[np.float32]) -> list[tuple[int, float, float]]:
    """The plain reading: index in the alphabet, confidence, position (0 to 1) of each character.

    The last of the alphabet is the space.

    >>> plain(np.array([[.1, .9, .0], [.2, .8, .0], [1., .0, .0], [.1, .9, .0]]))  # a a blank a -> a a
    [(1, 0.9, 0.25), (1, 0.9, 0.875)]
    """
    best = output.argmax(axis=1)
    sure = output[np.arange(len(output)), best]
    space = output[:, -1]
    spaced = (best == BLANK) & (space * SPACE_ODDS > sure)
    sure = np.where(spaced, likelier(space, SPACE_ODDS), sure)
    best[spaced] = output.shape[1] - 1
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(starts[1:], len(best))
    return [
        (int(best[start]), float(sure[start:end].max()), (start + end) / 2 / len(best))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        if best[start] != BLANK
    ]


def choices(output: NDArray[np.float32], alphabet: list[str]) -> tuple[Choices, ...]:
    """What is likely at each step; where a blank is likeliest, a space is likelier than the recogniser says.

    The last of the alphabet is the space.

    >>> choices(np.array([[0.0, 1.0, 0.0], [0.001, 0.999, 0.0], [0.9, 0.0, 0.1]]), ["", "a", " "])
    ((('a', 1.0),), (('a', 0.999),), (('', 0.409...), (' ', 0.590...)))
    """
    space = output[:, -1]
    spaced = np.where(output.argmax(axis=1) == BLANK, likelier(space, SPACE_ODDS_IN_DOUBT), space)
    scale = (1 - spaced) / np.maximum(1 - space, np.finfo(output.dtype).tiny)
    likely = np.flatnonzero((output[:, :-1] >= LEAST).any(axis=0))  # at any step: few of thousands of characters
    characters = [*(alphabet[index] for index in likely.tolist()), alphabet[-1]]
    said = np.column_stack([output[:, likely] * scale[:, None], spaced])
    return tuple(
        tuple(pair for pair in zip(characters, step, strict=True) if pair[1] >= LEAST) for step in said.tolist()
    )


# --- with a lexicon -------------------------------------------------------------------------------------


def spelt(characters: tuple[Character, ...], steps: Steps, lexicon: Lexicon) -> tuple[Character, ...]:
    """The characters of a line, with words in place of what is no word, where the steps allow that.

    What has known words or no letters stays as it is, and so does everything that no word fits. Numbers never change;
    a single digit among letters may turn out to be a letter.
    """
    text = "".join(character.text for character in characters)
    changed = len(text) + 1  # from here on
    for stretches in reversed(doubtful(text, lexicon)):
        for start, end in stretches:
            better = respelt(characters, steps, lexicon, start, end) if end < changed else ()
            if better:
                characters = characters[:start] + better + characters[end:]
                changed = start
                break
    return characters


def respelt(
    characters: tuple[Character, ...], steps: Steps, lexicon: Lexicon, start: int, end: int
) -> tuple[Character, ...]:
    """Other characters for those from `start` to before `end`, all of them words; none if no words fit."""
    first = steps.at(characters[start - 2].position) + 1 if start >= 2 else 0
    last = steps.at(characters[end + 1].position) if end + 1 < len(characters) else len(steps.choices)
    better = likeliest(steps.part(first, last), lexicon)
    before, words = ("".join(c.text for c in some) for some in (characters[start:end], better))
    return better if words != before and lexicon.knows(words) and same_numbers(before, words) else ()


def doubtful(text: str, lexicon: Lexicon) -> list[list[tuple[int, int]]]:
    """Where a text has words that the lexicon doubts: start and end of each stretch of them.

    A space may stand where none is, so each stretch comes with the word before it and the word after it, then with one
    of them, then alone.

    >>> doubtful("over the qick brwn fox", Lexicon({"over": 6.0, "the": 7.0, "fox": 4.5}))
    [[(5, 22), (9, 22), (5, 18), (9, 18)]]
    """
    words = [(lexicon.doubts(word.group()), *word.span()) for word in re.finditer(r"\S+", text)]
    found = []
    for doubted, group in itertools.groupby(range(len(words)), lambda i: words[i][0]):
        if doubted:
            first, *_, last = [*group] * 2
            starts, ends = words[max(0, first - 1)][1], words[min(len(words) - 1, last + 1)][2]
            start, end = words[first][1], words[last][2]
            found.append(list(dict.fromkeys([(starts, ends), (start, ends), (starts, end), (start, end)])))
    return found


def same_numbers(before: str, after: str) -> bool:
    """Whether a text has the same digits as before, or none in place of one.

    >>> same_numbers("till12:30", "till 12:30"), same_numbers("she1f", "shelf"), same_numbers("room417", "room 477")
    (True, True, False)
    """
    were, are = re.findall(r"\d", before), re.findall(r"\d", after)
    return were == are or (len(were) == 1 and not are)


@dataclass
class Prefix:
    """The beginning of a reading: how likely it is with a blank at its end and without, and what its words cost."""

    characters: tuple[tuple[str, float, int], ...] = ()  # each with its probability and step
    word: str = ""  # the letters since the last space or sign
    cost: float = 0.0  # of the words before
    blank: float = 0.0
    letter: float = 0.0
    discount: float = field(default=1.0)

    @property
    def likelihood(self) -> float:
        return self.blank + self.letter

    def followed(self, text: str, probability: float, step: int, lexicon: Lexicon) -> Prefix:
        last = self.characters[-1][0] if self.characters else ""
        cost = self.cost + lexicon.cost_joined(last + text)
        word = self.word + text if text.isalpha() else ""
        if not word:
            cost += lexicon.cost(self.word)
        discount = math.exp(-cost - lexicon.cost_begun(word))
        return Prefix((*self.characters, (text, probability, step)), word, cost, discount=discount)


def likeliest(steps: Steps, lexicon: Lexicon) -> tuple[Character, ...]:
    """The reading that is likeliest by what the recogniser saw and by how common its words are."""
    beam = {"": Prefix(blank=1.0)}
    for step, likely in enumerate(steps.choices):
        following: dict[str, Prefix] = {}
        for text, prefix in beam.items():
            for character, probability in likely:
                extend(following, text, prefix, character, probability, step, lexicon)
        best = sorted(following.items(), key=lambda item: -item[1].likelihood * item[1].discount)[:BEAM]
        scale = sum(prefix.likelihood for _, prefix in best) or 1.0
        for _, prefix in best:
            prefix.blank, prefix.letter = prefix.blank / scale, prefix.letter / scale
        beam = dict(best)
    won = max(beam.values(), key=lambda prefix: prefix.likelihood * math.exp(-prefix.cost - lexicon.cost(prefix.word)))
    read = tuple(steps.character(*character) for character in won.characters)
    return read[:-1] if read and read[-1].text == " " else read


def extend(
    following: dict[str, Prefix],
    text: str,
    prefix: Prefix,
    character: str,
    probability: float,
    step: int,
    lexicon: Lexicon,
) -> None:
    """Add to the prefixes of the next step what a prefix becomes with one more character, a repeat or a blank."""
    last = text[-1:]
    stays = character in ("", last) or (character == " " and not text)
    if stays:
        same = following.get(text)
        if same is None:
            same = following[text] = Prefix(prefix.characters, prefix.word, prefix.cost, discount=prefix.discount)
        if character == last != "":
            same.letter += prefix.letter * probability
        else:
            same.blank += prefix.likelihood * probability
    if character == "" or (character == " " and last in ("", " ")):
        return
    gained = (prefix.blank if character == last else prefix.likelihood) * probability
    if gained:
        longer = following.get(text + character)
        if longer is None:
            longer = following[text + character] = prefix.followed(character, probability, step, lexicon)
        longer.letter += gained
