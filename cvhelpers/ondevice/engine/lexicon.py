"""Lexicon: the words of a language and how common they are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("lexicons")
LANGUAGES = ("en", "fr")
"""Those whose gain was measured (benchmarks/engine_quality.py)."""

LETTERS = re.compile(r"[^\W\d_]+")
IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
GLUED = re.compile(r"[^\W\d_]\d|\d[^\W\d_]|[,.;:!?][^\W\d_]")  # where a space may be missing
COMMONEST = 7.5  # the frequency of "the"
SHORT, COMMON = 2, 5.5  # a word of so few letters must be so common: lists are full of abbreviations
# What a word costs, as the logarithm of a probability: the rarer the more, and most of all what is no word.
# Capitals may be names, which no list knows.
RARENESS, CAPITAL, UNKNOWN, UNKNOWN_NAME, JOINED = 0.5, 0.5, 6.0, 4.0, 3.0
# The longer an unknown word, the more likely it is several: each letter beyond so many costs so much more.
LONG, PER_LETTER = 8, 0.5


class Lexicon:
    """Words in small letters, each with the common logarithm of how often it stands among a thousand million words."""

    def __init__(self, words: Mapping[str, float]) -> None:
        self.words = words
        self.ordered = sorted(words)
        self.costs: dict[str, float] = {}
        self.begun: dict[str, float] = {}

    def knows(self, text: str) -> bool:
        """Whether all words of a text are known, at least one of two letters or more.

        >>> Lexicon({"last": 6.0, "week": 5.5}).knows("last week, 1998")
        True
        """
        runs = LETTERS.findall(text)
        return all(map(self.has, runs)) and any(len(run) > 1 for run in runs)

    def has(self, word: str) -> bool:
        """Whether this is a word, in small letters, in capitals, or begun with one."""
        frequency = self.words.get(word.lower())
        if frequency is None or (len(word) <= SHORT and frequency < COMMON):
            return False
        return word.islower() or word.isupper() or word[1:].islower()

    def doubts(self, text: str) -> bool:
        """Whether a text between two spaces looks like a word that is none, or like words without a space between.

        >>> known = Lexicon({"till": 5.5})
        >>> [known.doubts(text) for text in ("till", "ti1l", "fill", "till12:30", "XK-4471-B", "14:30")]
        [False, True, True, True, False, False]
        """
        letters = sum(map(str.isalpha, text))
        if letters < 2 or letters * 2 < len(text) - 1 or IDEOGRAPH.search(text):
            return False
        return bool(GLUED.search(text)) or not all(map(self.has, LETTERS.findall(text)))

    def cost(self, word: str) -> float:
        """What a word costs a reading; nothing for none."""
        if word and word not in self.costs:
            capital = CAPITAL if looks_like_name(word) else 0.0
            rare = RARENESS * max(0.0, COMMONEST - self.words.get(word.lower(), 0.0))
            self.costs[word] = rare + capital if self.has(word) else unknown(word)
        return self.costs.get(word, 0.0)

    def cost_joined(self, pair: str) -> float:
        """What it costs that two characters stand beside each other without a space."""
        return JOINED if GLUED.fullmatch(pair) else 0.0

    def cost_begun(self, letters: str) -> float:
        """What the beginning of a word costs already: nothing if it may become one."""
        if letters and letters not in self.begun:
            place = bisect_left(self.ordered, letters.lower())
            begins = place < len(self.ordered) and self.ordered[place].startswith(letters.lower())
            self.begun[letters] = 0.0 if begins else unknown(letters)
        return self.begun.get(letters, 0.0)


def unknown(word: str) -> float:
    """What a word costs that is not in the list."""
    return (UNKNOWN_NAME if looks_like_name(word) else UNKNOWN) + PER_LETTER * max(0, len(word) - LONG)


def looks_like_name(word: str) -> bool:
    """Whether a word has a capital that says something: not where all is in capitals, as on signs.

    >>> [looks_like_name(word) for word in ("Wivenhoe", "I", "PARKING", "parking")]
    [True, True, False, False]
    """
    return word[0].isupper() and not (len(word) > 1 and word.isupper())


@cache
def of_language(code: str) -> Lexicon | None:
    """The lexicon of a language, read once; that of all together if the language is unknown; None if there is none.

    >>> of_language("en").has("Thursday"), of_language("unk").has("jeudi"), of_language("ja")
    (True, True, None)
    """
    if code == "unk":
        known = [words(language) for language in LANGUAGES]
        return Lexicon({word: max(each.get(word, 0.0) for each in known) for word in set().union(*known)})
    return Lexicon(words(code)) if code in LANGUAGES else None


@cache
def words(language: str) -> dict[str, float]:
    """The words of a language, and the common logarithm of how often each stands among a thousand million."""
    found: dict[str, float] = {}
    for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            frequency, *listed = line.split()
            found.update(dict.fromkeys(listed, float(frequency)))
    return found
