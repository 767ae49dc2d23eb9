"""What the library knows about words: broader words, synonyms, other languages, spelling."""

import functools
import sqlite3
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .words import indexed, singulars, words_of

_SHORT = 5  # up to this length one wrong letter is forgiven, above it two


class Vocabulary:
    """The words of the library that ships; reads only, one connection, one thread.

    >>> from .opening import built_in
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

        The fewest letters that were added, dropped, replaced or swapped with their neighbour win; then the
        same letters, as when only one was doubled or not; then the same first letter; then the more common word.
        """
        if len(word) < 3 or not word.isalpha() or not word.isascii():
            return None
        allowed = 1 if len(word) <= _SHORT else 2
        near = process.extract(word, self._spelling.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=None)
        scored = [
            (distance, set(other) != set(word), other[0] != word[0], -self._spelling[other], other)
            for other, distance, _ in near
        ]
        return min(scored)[-1] if scored else None

    @functools.cached_property
    def _spelling(self) -> dict[str, int]:
        """How common each word is."""
        return dict(self._connection.execute("SELECT word, weight FROM spelling").fetchall())

    def _known(self, word: str, statement: str) -> tuple[str, ...]:
        for form in singulars(word.casefold()):
            if found := self._column(statement, form):
                return tuple(found)
        return ()

    def _column(self, statement: str, *values: str) -> list[str]:
        return [value for (value,) in self._connection.execute(statement, values)]
