"""The tables of the library that ships and of a person's own index, and a picture's rows in them.

`pictures` holds what is known of a picture, `contents` its bytes (apart, so that filters read little),
`words` is the full-text index. The library that ships also holds what is known about words, a person's own
index also which files were read.
"""

import hashlib
import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

from .entry import Entry

# The columns of the full-text index and what a match in each is worth.
WEIGHTS = {
    "title": 10.0,
    "keywords": 6.0,
    "translations": 5.0,
    "text": 3.0,  # the description, and words that are written on the picture
    "synonyms": 3.0,
    "broader": 1.0,
}
_TOKENIZER = "porter unicode61 remove_diacritics 2"

PICTURES = f"""
CREATE TABLE IF NOT EXISTS pictures (
    id INTEGER PRIMARY KEY,
    image_id TEXT NOT NULL UNIQUE,     -- the first 40 hexadecimal digits of the content's SHA-256
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    keywords TEXT NOT NULL,            -- one a line
    author TEXT NOT NULL,
    license TEXT NOT NULL,             -- an SPDX name
    permits TEXT NOT NULL,             -- Bing's word for what it allows
    collection TEXT NOT NULL,
    source TEXT NOT NULL,
    published TEXT,                    -- an ISO date
    kind TEXT NOT NULL,                -- Photo, Clipart or Line
    transparent INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    file_size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    colors TEXT NOT NULL,              -- ",Red,White,": main colours, the largest first
    monochrome INTEGER NOT NULL,
    accent_color TEXT NOT NULL,        -- RRGGBB
    family TEXT NOT NULL,              -- pictures that look or are named nearly alike
    position INTEGER NOT NULL,         -- the order without a query, and between equals
    path TEXT                          -- where a person's own picture is
) STRICT;
CREATE TABLE IF NOT EXISTS contents (
    picture INTEGER PRIMARY KEY REFERENCES pictures (id) ON DELETE CASCADE,
    bytes BLOB NOT NULL
) STRICT;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    {", ".join(WEIGHTS)}, tokenize = '{_TOKENIZER}' {{options}}
);
"""

VOCABULARY = """
CREATE TABLE broader (word TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (word, other)) WITHOUT ROWID;
CREATE TABLE synonyms (word TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (word, other)) WITHOUT ROWID;
CREATE TABLE translations (word TEXT PRIMARY KEY, others TEXT NOT NULL);  -- one a line
CREATE TABLE compounds (compound TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE spelling USING fts5 (
    word, weight UNINDEXED, tokenize = 'trigram', detail = 'none', columnsize = 0
);
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


FILES = """
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,          -- bytes
    modified INTEGER NOT NULL,      -- nanoseconds
    sha256 TEXT NOT NULL,
    picture INTEGER,                -- its row in pictures; a copy shares that of its original
    problem TEXT                    -- why it could not be opened
) STRICT;
"""


def create(connection: sqlite3.Connection, *, with_text: bool) -> None:
    """Make the tables where they are not yet.

    `with_text` keeps the indexed text too, which an index that changes needs and one that ships does not.
    """
    connection.executescript(tables(with_text=with_text))


def tables(*, with_text: bool) -> str:
    """The statements that make the tables of pictures."""
    return PICTURES.format(options="" if with_text else ", content = ''")


def image_id(content: bytes) -> str:
    """The name of a picture: the first 40 hexadecimal digits of the SHA-256 of its bytes."""
    return hashlib.sha256(content).hexdigest()[:40]


def insert(
    connection: sqlite3.Connection,
    entry: Entry,
    content: bytes,
    words: Mapping[str, str],
    *,
    family: str,
    position: int,
) -> int:
    """Add one picture, its bytes and its words (by column of the index); returns its row."""
    values: dict[str, Any] = {
        **vars(entry),
        "keywords": "\n".join(entry.keywords),
        "published": entry.published and entry.published.isoformat(),
        "colors": f",{','.join(entry.colors)},",
        "transparent": int(entry.transparent),
        "monochrome": int(entry.monochrome),
        "family": family,
        "position": position,
    }
    row = connection.execute(
        f"INSERT INTO pictures ({', '.join(values)}) VALUES ({', '.join(':' + name for name in values)})",
        values,
    ).lastrowid
    assert row is not None
    connection.execute("INSERT INTO contents VALUES (?, ?)", (row, content))
    connection.execute(
        f"INSERT INTO words (rowid, {', '.join(WEIGHTS)}) VALUES (?{', ?' * len(WEIGHTS)})",
        (row, *(words.get(column, "") for column in WEIGHTS)),
    )
    return row


def delete(connection: sqlite3.Connection, row: int) -> None:
    """Take one picture out of a library that changes."""
    connection.execute("DELETE FROM words WHERE rowid = ?", (row,))
    connection.execute("DELETE FROM contents WHERE picture = ?", (row,))
    connection.execute("DELETE FROM pictures WHERE id = ?", (row,))


def entry_of(row: sqlite3.Row) -> Entry:
    """A row of `pictures` as an entry. Raises `sqlite3.DataError` for a row that nobody can have written."""
    try:
        return Entry(
            image_id=row["image_id"],
            title=row["title"],
            description=row["description"],
            keywords=tuple(row["keywords"].splitlines()),
            author=row["author"],
            license=row["license"],
            permits=row["permits"],
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
    except (AttributeError, TypeError, ValueError) as error:
        raise sqlite3.DataError("a row is damaged") from error
