"""What the library knows about words: broader words, synonyms, other languages, spelling."""

import functools
import sqlite3
from collections.abc import Iterable

from .words import indexed, phrase, singulars, words_of

_CANDIDATES = 80  # words that share letters with a misspelled one and are looked at closely
_SHORT = 5  # up to this length one wrong letter is forgiven, above it two


class Vocabulary:
    """The words of the library that ships; reads only, one connection, one thread.

    >>> from .store import built_in
    >>> words = Vocabulary(sqlite3.connect(built_in()))
    >>> words.corrected("pupies"), words.broader("puppies")
    ('puppies', ('dog',))
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @functools.cached_property
    def compounds(self) -> frozenset[str]:
        """Compounds that are not what their last word says, such as "hot dog"."""
        return frozenset(self._column("SELECT compound FROM compounds"))

    def broader(self, word: str) -> tuple[str, ...]:
        """The nearest broader words that pictures are described with: dog for puppies."""
        return self._known(word, "SELECT other FROM broader WHERE word = ?")

    def all_broader(self, word: str) -> tuple[str, ...]:
        """All broader words: dog, canine, mammal and animal for puppies."""
        return self._known(
            word,
            """WITH RECURSIVE up (word) AS (
                   SELECT other FROM broader WHERE word = ?
                   UNION SELECT other FROM broader JOIN up USING (word)
               ) SELECT word FROM up""",
        )

    def synonyms(self, word: str) -> tuple[str, ...]:
        """Other words for the same, and the singular of an irregular plural: mouse for mice."""
        return self._known(word, "SELECT other FROM synonyms WHERE word = ?")

    def translations(self, word: str) -> tuple[str, ...]:
        """The word in other languages, where Unicode's names of emoji have it."""
        found = self._known(word, "SELECT others FROM translations WHERE word = ?")
        return tuple(found[0].split("\n")) if found else ()

    def described(self, title: str, keywords: Iterable[str], text: str = "") -> dict[str, str]:
        """The index columns of a picture that was described with these words."""
        terms = [*dict.fromkeys(word for part in (title, *keywords) for word in (part, *words_of(part)))]
        columns = {
            "title": [title],
            "keywords": [*keywords],
            "text": [text],
            "translations": [other for term in terms for other in self.translations(term)],
            "synonyms": [other for term in terms for other in self.synonyms(term)],
            "broader": [other for term in terms for other in self.all_broader(term)],
        }
        return {name: indexed("\n".join(parts), self.compounds) for name, parts in columns.items()}

    def corrected(self, word: str) -> str | None:
        """The most likely word that was meant by a misspelled one, or `None`.

        The fewest wrong letters win, then a right first letter, then the more common word.
        """
        if len(word) < 3 or not word.isalpha() or not word.isascii():
            return None
        allowed = 1 if len(word) <= _SHORT else 2
        scored = [
            (distance, other[0] != word[0], -weight, other)
            for other, weight in self._alike(word)
            if abs(len(other) - len(word)) <= allowed and (distance := edits(word, other)) <= allowed
        ]
        return min(scored)[-1] if scored else None

    def _alike(self, word: str) -> list[tuple[str, int]]:
        triples = " OR ".join(phrase(word[start : start + 3]) for start in range(len(word) - 2))
        rows: list[tuple[str, int]] = self._connection.execute(
            """SELECT word, weight FROM spelling WHERE spelling MATCH ?
               AND length(word) BETWEEN ? AND ? ORDER BY rank LIMIT ?""",
            (triples, len(word) - 2, len(word) + 2, _CANDIDATES),
        ).fetchall()
        if len(word) <= _SHORT:  # a wrong letter in the middle of a short word leaves no three together
            rows += self._connection.execute(
                "SELECT word, weight FROM spelling WHERE word GLOB ? AND length(word) BETWEEN ? AND ?",
                (word[0] + "*", len(word) - 1, len(word) + 1),
            )
        return rows

    def _known(self, word: str, statement: str) -> tuple[str, ...]:
        for form in singulars(word.casefold()):
            if found := self._column(statement, form):
                return tuple(found)
        return ()

    def _column(self, statement: str, *values: str) -> list[str]:
        return [value for (value,) in self._connection.execute(statement, values)]


def edits(one: str, other: str) -> float:
    """How many letters must be added, dropped, replaced or swapped with their neighbour.

    A letter doubled or not doubled, the commonest slip, counts half.

    >>> edits("pupies", "puppies"), edits("pupies", "pupils"), edits("dgo", "dog")
    (0.5, 1, 1)
    """
    before: list[float] = []
    row: list[float] = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            dropped = 0.5 if i > 1 and letter == one[i - 2] else 1
            added = 0.5 if j > 1 and wanted == other[j - 2] else 1
            cost = min(before[j] + dropped, row[j - 1] + added, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
