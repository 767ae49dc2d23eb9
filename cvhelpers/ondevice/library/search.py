"""The door of the library: search, pictures, thumbnails."""

import io
import sqlite3
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from .filters import conditions
from .picture import Page, Picture, Query
from .store import WEIGHTS, built_in
from .transparency import on_white
from .vocabulary import Vocabulary
from .words import STOPWORDS, joined, phrase, words_of

# While the words of a query have found fewer pictures than this, other words for them are searched too.
_ENOUGH = 35
# A broader word that describes more pictures than this says too little: "animal" does not help "dog".
_BROAD = 60
_NEAREST = 2  # how many broader words are searched at most
# How many places later each further picture of a family stands than its words alone would put it.
_SPREAD = 6
_RELATED = 8  # how many words to continue with
_THUMBNAIL = 474  # pixels a side that a thumbnail has at most when no size was asked for
_LONGEST = 1_024  # pixels a side that a thumbnail can have
_QUALITY = 85
_RANK = f"bm25({', '.join(map(str, WEIGHTS.values()))})"


class Library:
    """The pictures that ship with the package and, with `extra`, a person's own.

    `path` is the library that ships unless another is named, `extra` a database made by `index_folder`.
    Both are only read. One `Library` serves any number of threads, each with a connection of its own.

    Raises `FileNotFoundError` if a database is not there.

    >>> page = Library().search(Query("puppies", count=16))
    >>> len(page.pictures), page.next_offset
    (16, 16)
    """

    def __init__(self, path: Path | None = None, extra: Path | None = None) -> None:
        self._path = path or built_in()
        self._extra = extra
        for file in (self._path, self._extra):
            if file and not file.is_file():
                raise FileNotFoundError(file)
        self._local = threading.local()

    def search(self, query: Query) -> Page:
        """The pictures that fit the query best, one page of them.

        Without words the page shows a bit of everything. A word that nothing is known about is taken
        for a misspelling and corrected if a likely word is near. Pictures that fit the words come
        first, then those that fit broader words (dogs, for puppies), then those that fit one word of
        several. The same query gives the same order, so that pages do not overlap.
        """
        words, corrected = self._understood(query.text)
        tiers, widened = self._tiers(words, query)
        if tiers or not words:
            statement, values = _ranking(self._schemas, tiers, query)
            ranked = self._connection.execute(f"{statement} LIMIT ? OFFSET ?", (*values, query.count, query.offset))
            rows = [self._by_row(place, row) for place, row in ranked]
            total = self._count(tiers, query)
        else:
            rows, total = [], 0
        pictures = tuple(_picture(row) for row in rows)
        return Page(
            pictures=pictures,
            total=total,
            next_offset=min(query.offset, total) + len(pictures),
            corrected_query=corrected,
            widened=widened,
            related=_related(pictures, words_of(corrected or query.text)),
        )

    def details(self, image_id: str) -> Picture:
        """What is known of one picture. Raises `KeyError` if the library does not have it."""
        return _picture(self._row(image_id)[1])

    def picture(self, image_id: str) -> tuple[bytes, str]:
        """The bytes of one picture and their media type. Raises `KeyError` if there is no such picture.

        A person's own picture is given as a copy without its metadata (where and when it was taken), in
        full size if its file is still there, else as small as the index keeps it.
        """
        schema, row = self._row(image_id)
        if row["path"] is not None:
            try:
                with Image.open(row["path"]) as image:
                    return _saved(ImageOps.exif_transpose(image)), "image/jpeg"
            except OSError:
                with Image.open(io.BytesIO(self._stored(schema, row))) as image:
                    return _saved(on_white(image)), "image/jpeg"
        return self._stored(schema, row), row["media_type"]

    def thumbnail(
        self, image_id: str, width: int | None = None, height: int | None = None, crop: bool = False
    ) -> tuple[bytes, str]:
        """A small JPEG of one picture, on white, and its media type.

        `width` and `height` are limits in pixels, 1 to 1024: the picture keeps its proportions within
        them and is not enlarged. With `crop` it fills exactly width × height, cut at the sides.

        Raises `KeyError` if there is no such picture, `ValueError` for a size out of range or a `crop`
        without both.
        """
        for side in (width, height):
            if side is not None and not 1 <= side <= _LONGEST:
                raise ValueError(f"{side} is not 1 to {_LONGEST} pixels")
        with Image.open(io.BytesIO(self._stored(*self._row(image_id)))) as image:
            small = on_white(image)
        if crop:
            if width is None or height is None:
                raise ValueError("crop needs a width and a height")
            return _saved(ImageOps.fit(small, (width, height), Image.Resampling.LANCZOS)), "image/jpeg"
        limit = _THUMBNAIL if width is None and height is None else _LONGEST
        small.thumbnail((width or limit, height or limit), Image.Resampling.LANCZOS)
        return _saved(small), "image/jpeg"

    def __len__(self) -> int:
        """The number of pictures."""
        counts = (f"SELECT count(*) FROM {schema}.pictures" for schema in self._schemas)
        return sum(self._connection.execute(count).fetchone()[0] for count in counts)

    def close(self) -> None:
        """Close the connection of this thread; those of other threads close when their threads end."""
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            connection.row_factory = sqlite3.Row
            if self._extra:
                connection.execute("ATTACH ? AS own", (f"{self._extra.resolve().as_uri()}?mode=ro",))
            self._local.connection = connection
            self._local.vocabulary = Vocabulary(connection)
        found: sqlite3.Connection = self._local.connection
        return found

    @property
    def _vocabulary(self) -> Vocabulary:
        _ = self._connection
        found: Vocabulary = self._local.vocabulary
        return found

    @cached_property
    def _schemas(self) -> tuple[str, ...]:
        return ("own", "main") if self._extra else ("main",)

    def _understood(self, text: str) -> tuple[list[str], str | None]:
        """The words to search for, and the query with its misspelled words corrected, if there were any."""
        words = words_of(text)
        said = [word for word in words if word not in STOPWORDS] or words
        corrections = {word: self._vocabulary.corrected(word) for word in said if not self._knows(word)}
        meant = {word: other for word, other in corrections.items() if other}
        corrected = " ".join(meant.get(word, word) for word in words) if meant else None
        return joined([meant.get(word, word) for word in said], self._vocabulary.compounds), corrected

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

    def _row(self, image_id: str) -> tuple[str, sqlite3.Row]:
        for schema in self._schemas:
            statement = f"SELECT * FROM {schema}.pictures WHERE image_id = ?"
            if row := self._connection.execute(statement, (image_id,)).fetchone():
                return schema, row
        raise KeyError(image_id)

    def _stored(self, schema: str, row: sqlite3.Row) -> bytes:
        statement = f"SELECT bytes FROM {schema}.contents WHERE picture = ?"
        content: bytes = self._connection.execute(statement, (row["id"],)).fetchone()[0]
        return content


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
        SELECT place, id FROM spread ORDER BY image_id IS NOT ?, tier, place = 'main', turn, number
        """,
        [*values, first],
    )


def _either(word: str, others: Sequence[str]) -> str:
    """The word anywhere, or one of the others among those that describe a picture itself."""
    return "(" + " OR ".join([phrase(word), *(_described(other) for other in others)]) + ")"


def _described(word: str) -> str:
    """Another word, among those that describe a picture itself."""
    return "{title keywords} : " + phrase(word)


def _picture(row: sqlite3.Row) -> Picture:
    return Picture(
        image_id=row["image_id"],
        title=row["title"],
        description=row["description"],
        keywords=tuple(row["keywords"].splitlines()),
        author=row["author"],
        licence=row["licence"],
        license=row["license"],
        collection=row["collection"],
        source=row["source"],
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        kind=row["kind"],
        transparent=bool(row["transparent"]),
        width=row["width"],
        height=row["height"],
        file_size=row["file_size"],
        media_type=row["media_type"],
        colors=tuple(row["colors"].strip(",").split(",")),
        monochrome=bool(row["monochrome"]),
        accent_color=row["accent_color"],
        path=row["path"],
    )


def _related(pictures: Sequence[Picture], words: Sequence[str]) -> tuple[str, ...]:
    """The keywords that most of these pictures share, without those that were asked for."""
    keywords = Counter(word for picture in pictures for word in picture.keywords if not {*words_of(word)} & {*words})
    return tuple(word for word, count in keywords.most_common(_RELATED) if count > 1)


def _saved(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
