"""Searching: the words of a query understood, pictures found, filtered and put in order."""

import itertools
import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Any

from .entry import Entry, SearchPage
from .filters import conditions
from .query import Query
from .store import WEIGHTS, entry_of
from .vocabulary import Vocabulary
from .words import STOPWORDS, joined, phrase, spelled_out, words_of

# While the words of a query have found fewer pictures than this, other words for them are searched too.
_ENOUGH = 35
# A broader word that describes more pictures than this says too little: "animal" does not help "dog".
_BROAD = 60
_NEAREST = 2  # how many broader words are searched at most
# How many places later each further picture of a family stands than its words alone would put it.
_SPREAD = 6
_RELATED = 8  # how many words to continue with
_RANK = f"bm25({', '.join(map(str, WEIGHTS.values()))})"


class Search:
    """Searches of one connection: of the library that ships (`main`) and, where it is attached, a person's `own`."""

    def __init__(self, connection: sqlite3.Connection, schemas: Sequence[str]) -> None:
        self._connection = connection
        self._schemas = schemas
        self._vocabulary = Vocabulary(connection)

    def page(self, query: Query) -> SearchPage:
        """The pictures that fit the query best, one page of them."""
        words, corrected = self._understood(query.text)
        tiers, widened = self._tiers(words, query)
        instead = self._instead(words) if tiers and not self._count(tiers, Query()) else ()
        tiers += [phrase(word) for word in instead]
        if tiers or not query.text.strip():
            statement, values = _ranking(self._schemas, tiers, query)
            ranked = self._connection.execute(f"{statement} LIMIT ? OFFSET ?", (*values, query.count, query.offset))
            rows = [self._by_row(place, row) for place, row in ranked]
            total = self._count(tiers, query)
        else:
            rows, total = [], 0
        entries = tuple(entry_of(row) for row in rows)
        return SearchPage(
            entries=entries,
            total=total,
            next_offset=min(query.offset, total) + len(entries),
            corrected_query=corrected,
            widened=widened,
            instead=instead,
            related=_related(entries, words_of(corrected or query.text)),
        )

    def _understood(self, text: str) -> tuple[list[str], str | None]:
        """The words to search for, and the query with its misspelled words corrected, if there were any."""
        words = words_of(spelled_out(text))
        kept = [word for word in words if word not in STOPWORDS] or words
        corrections = {word: self._vocabulary.corrected(word) for word in kept if not self._knows(word)}
        meant = {word: other for word, other in corrections.items() if other}
        corrected = " ".join(meant.get(word, word) for word in words) if meant else None
        return joined([meant.get(word, word) for word in kept], self._vocabulary.compounds), corrected

    def _knows(self, word: str) -> bool:
        if self._vocabulary.broader(word) or self._vocabulary.synonyms(word):
            return True
        return any(
            self._connection.execute(
                f"SELECT 1 FROM {schema}.words WHERE words MATCH ? LIMIT 1", (phrase(word),)
            ).fetchone()
            for schema in self._schemas
        )

    def _tiers(self, words: list[str], query: Query) -> tuple[list[str], tuple[str, ...]]:
        """Full-text expressions, the strictest first, and the other words in them."""
        if not words:
            return [], ()
        tiers = [" AND ".join(phrase(word) for word in words)]
        if self._count(tiers, query) >= _ENOUGH:
            return tiers, ()
        whole = self._others(" ".join(words)) if len(words) > 1 else []
        others = {word: self._others(word) for word in words}
        widened = tuple(dict.fromkeys([*whole, *(other for word in words for other in others[word])]))
        if widened:
            each = " AND ".join(_either(word, others[word]) for word in words)
            tiers.append(" OR ".join([f"({each})", *(_described(other) for other in whole)]))
        if len(words) > 1 and self._count(tiers, query) < _ENOUGH:
            tiers.append(" OR ".join(phrase(word) for word in words))
        return tiers, widened

    def _others(self, word: str) -> list[str]:
        """Synonyms and broader words that describe some pictures, but not too many."""
        broader = [other for other in self._vocabulary.all_broader(word) if 0 < self._matches(other) <= _BROAD]
        return [*self._vocabulary.synonyms(word), *broader[:_NEAREST]]

    def _instead(self, words: Sequence[str]) -> tuple[str, ...]:
        """The nearest broader word of each word, however many pictures it describes: bird for sparrow.

        Where there is none, the first of its synonyms: of an irregular plural its singular, child for children.
        """
        known = self._vocabulary
        near = ((known.broader(word) or known.synonyms(word))[:1] for word in words)
        return tuple(dict.fromkeys(itertools.chain.from_iterable(near)))

    def _matches(self, word: str) -> int:
        statement = "SELECT count(*) FROM words WHERE words MATCH ?"
        found: int = self._connection.execute(statement, (_described(word),)).fetchone()[0]
        return found

    def _count(self, tiers: list[str], query: Query) -> int:
        """How many pictures fit any of the tiers, and the filters."""
        where, filters = conditions(query)
        total = 0
        for schema in self._schemas:
            statement = f"SELECT count(*) FROM {schema}.pictures AS p WHERE {where}"
            if tiers:
                statement += f" AND p.id IN (SELECT rowid FROM {schema}.words WHERE words MATCH ?)"
            values = [*filters, " OR ".join(f"({tier})" for tier in tiers)] if tiers else filters
            total += self._connection.execute(statement, values).fetchone()[0]
        return total

    def _by_row(self, place: str, row: int) -> sqlite3.Row:
        statement = f"SELECT * FROM {place}.pictures WHERE id = ?"
        found: sqlite3.Row = self._connection.execute(statement, (row,)).fetchone()
        return found


def _ranking(schemas: Sequence[str], tiers: Sequence[str], query: Query) -> tuple[str, list[Any]]:
    """One statement that finds, filters and orders; the lower a rank, the better.

    A person's own pictures come before others of the same tier. Pictures that fit equally well, in round
    numbers, stand in the mixed order of the library. Those that look or are named nearly alike are a
    family: each further one of it stands some places later, so that they are not side by side.
    """
    where, filters = conditions(query)
    first = query.first or ""
    found: list[str] = []
    values: list[Any] = []
    for schema in schemas:
        columns = f"SELECT '{schema}' AS place, p.id, p.image_id, p.family, p.position"
        for tier, expression in enumerate(tiers):
            found.append(
                f"{columns}, {tier} AS tier, round(rank) AS fit "
                f"FROM {schema}.words JOIN {schema}.pictures AS p ON p.id = words.rowid "
                f"WHERE words MATCH ? AND rank MATCH '{_RANK}' AND {where}"
            )
            values += [expression, *filters]
        if not tiers:
            found.append(f"{columns}, 0 AS tier, 0 AS fit FROM {schema}.pictures AS p WHERE {where}")
            values += filters
    everything = " UNION ALL ".join(found)
    if not tiers:
        order = "image_id IS NOT ?, place = 'main', position, id"
        return f"SELECT place, id FROM ({everything}) ORDER BY {order}", [*values, first]
    return (
        f"""
        WITH found AS MATERIALIZED ({everything}),
        best AS (SELECT *, min(tier) FROM found GROUP BY place, id),
        ranked AS (
            SELECT *, row_number() OVER (ORDER BY tier, place = 'main', fit, position, id) AS number FROM best
        ),
        spread AS (
            SELECT *, number + {_SPREAD} * row_number() OVER (PARTITION BY place, family ORDER BY number) AS turn
            FROM ranked
        )
        SELECT place, id FROM spread ORDER BY image_id IS NOT ?, tier, turn, number
        """,
        [*values, first],
    )


def _either(word: str, others: Sequence[str]) -> str:
    """The word anywhere, or one of the others among those that describe a picture itself."""
    return "(" + " OR ".join([phrase(word), *(_described(other) for other in others)]) + ")"


def _described(word: str) -> str:
    """Another word, among those that describe a picture itself."""
    return "{title keywords} : " + phrase(word)


def _related(entries: Sequence[Entry], words: Sequence[str]) -> tuple[str, ...]:
    """The keywords that most of these entries share, without those that were asked for."""
    keywords = Counter(word for entry in entries for word in entry.keywords if not {*words_of(word)} & {*words})
    return tuple(word for word, count in keywords.most_common(_RELATED) if count > 1)
