"""What the library knows about words, made from WordNet and CLDR for the words of its pictures."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise

from cvhelpers.ondevice.library.entry import Entry
from cvhelpers.ondevice.library.words import STOPWORDS, indexed, words_of

from .wordnet import WordNet


class Lexicon:
    """Describes pictures for the index, and writes the tables that `Vocabulary` reads."""

    def __init__(self, words: WordNet, names: Mapping[str, tuple[str, ...]], compounds: Collection[str]) -> None:
        self._words = words
        self._compounds = compounds
        self._translations = self._with_synonyms(names)
        self._used: Counter[str] = Counter()
        self._meant: Counter[tuple[str, int]] = Counter()

    def learn(self, entries: Iterable[Entry]) -> None:
        """Count the words that pictures are described with, and what they mean there."""
        for entry in entries:
            terms = self._terms(entry)
            self._used.update(terms)
            self._meant.update((term, sense) for term in terms if (sense := self._words.sense(term, terms)))

    def described(self, entry: Entry, translations: Iterable[str]) -> dict[str, str]:
        """The index columns of a picture.

        The words of a compound that misleads are taken out: a hot dog loses its keyword "dog", and
        what other languages call a dog.
        """
        dropped = self._dropped(entry)
        foreign = {name for word in dropped for name in self._translations.get(word, ())}
        terms = self._terms(entry)
        senses = [sense for term in terms if (sense := self._words.sense(term, terms))]
        columns = {
            "title": [entry.title],
            "keywords": [*entry.keywords],
            "translations": [
                *(word for word in translations if word not in foreign),
                *(name for term in terms for name in self._translations.get(self._lemma(term), ())),
            ],
            "text": [entry.description],
            "synonyms": [word for sense in senses for word in self._words.synsets[sense].words],
            "broader": [word for sense in senses for word in self._words.broader(sense)],
        }
        return {
            name: indexed("\n".join(part for part in dict.fromkeys(parts) if part not in dropped), self._compounds)
            for name, parts in columns.items()
        }

    def write(self, connection: sqlite3.Connection) -> None:
        """Fill the tables of words."""
        broader = dict(self._broader())
        connection.executemany(
            "INSERT INTO broader VALUES (?, ?)",
            ((word, other) for word, others in broader.items() for other in others),
        )
        connection.executemany("INSERT OR IGNORE INTO synonyms VALUES (?, ?)", self._synonyms(broader))
        connection.executemany(
            "INSERT INTO translations VALUES (?, ?)",
            ((word, "\n".join(others)) for word, others in self._translations.items() if others),
        )
        connection.executemany("INSERT INTO compounds VALUES (?)", ((word,) for word in self._compounds))
        connection.executemany("INSERT INTO spelling (word, weight) VALUES (?, ?)", self._spelling(broader))

    def _terms(self, entry: Entry) -> list[str]:
        """The words of title and keywords, and their neighbours in pairs: polar, bear, polar bear."""
        left_out = self._dropped(entry) | STOPWORDS
        terms: dict[str, None] = {}
        for text in (entry.title, *entry.keywords):
            words = words_of(text)
            terms.update(dict.fromkeys(words))
            terms.update(dict.fromkeys(" ".join(pair) for pair in pairwise(words)))
        return [term for term in terms if term not in left_out]

    def _dropped(self, entry: Entry) -> set[str]:
        """The last words of the misleading compounds in title and keywords."""
        texts = [" ".join(words_of(text)) for text in (entry.title, *entry.keywords)]
        return {compound.split()[-1] for compound in self._compounds if any(compound in text for text in texts)}

    def _sense(self, word: str) -> int | None:
        """What a word means on most of the pictures, or else in most texts."""
        met = max(self._words.senses.get(word, ()), key=lambda sense: self._meant[word, sense], default=None)
        return met if met is not None and self._meant[word, met] else self._words.sense(word)

    def _broader(self) -> Iterable[tuple[str, list[str]]]:
        """For each noun the nearest broader words that pictures are described with, one for each meaning."""
        for word in self._words.senses:
            sense = self._sense(word)
            if sense is None or len(word.split()) > 2:
                continue
            for ancestors in self._words.levels(sense):
                names = (max(self._words.narrow(a), key=self._used.__getitem__, default="") for a in ancestors)
                if found := [name for name in dict.fromkeys(names) if self._used[name] and name != word]:
                    yield word, found
                    break

    def _synonyms(self, broader: Collection[str]) -> Iterable[tuple[str, str]]:
        """Other words for the words of the pictures, and the singulars of irregular plurals."""
        for word in self._used:
            sense = self._sense(word)
            for other in self._words.synsets[sense].words if sense is not None else ():
                if other != word and self._sense(other) == sense:
                    yield word, other
        for plural, singular in self._words.plurals.items():
            if singular in broader or singular in self._used:
                yield plural, singular

    def _spelling(self, broader: Collection[str]) -> Iterable[tuple[str, int]]:
        """Words a misspelled one may be meant to be, with plurals; how common each is."""
        weights: Counter[str] = Counter()
        for word in (*self._used, *broader):
            if word.isascii() and word.isalpha() and len(word) > 2:
                weights[word] = 10 * self._used[word] + self._words.frequency.get(word, 0)
        for word in list(weights):
            if word in self._words.senses and not word.endswith("s"):
                weights.setdefault(_plural(word), weights[word] // 2)
        return ((word, weight) for word, weight in weights.items() if weight > 0)

    def _with_synonyms(self, names: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Names of emoji that are nouns, and the other words for the same in WordNet: car for automobile."""
        senses = {name: sense for name in names if (sense := self._words.sense(name))}
        known = {name: names[name] for name in senses}
        for name, sense in senses.items():
            for word in self._words.synsets[sense].words:
                if self._words.sense(word) == sense:
                    known.setdefault(word, names[name])
        return known

    def _lemma(self, term: str) -> str:
        return term if term in self._translations else self._words.lemma(term) or term


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")
