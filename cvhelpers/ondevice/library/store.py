"""The database both libraries are kept in: the one that ships, and a person's own.

`pictures` holds what is known of a picture, `contents` its bytes (apart, so that filters read little),
`words` is the full-text index. The library that ships also holds what is known about words.
"""

import hashlib
import os
import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .picture import Picture

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
    licence TEXT NOT NULL,             -- an SPDX name
    license TEXT NOT NULL,             -- Bing's word for what it allows
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


def built_in() -> Path:
    """The library that ships with the package."""
    return Path(__file__).with_name("pictures.sqlite")


def default_database() -> Path:
    """Where a person's own pictures are indexed unless told otherwise: in the data folder of the platform.

    The environment variable `CVHELPERS_LIBRARY` names another file.
    """
    if named := os.environ.get("CVHELPERS_LIBRARY"):
        return Path(named)
    home = Path.home()
    if sys.platform == "win32":
        data = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        data = home / "Library" / "Application Support"
    else:
        data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return data / "cvhelpers" / "pictures.sqlite"


def create(connection: sqlite3.Connection, *, with_text: bool) -> None:
    """Make the tables where they are not yet.

    `with_text` keeps the indexed text too, which an index that changes needs and one that ships does not.
    """
    connection.executescript(PICTURES.format(options="" if with_text else ", content = ''"))


def image_id(content: bytes) -> str:
    """The name of a picture: the first 40 hexadecimal digits of the SHA-256 of its bytes."""
    return hashlib.sha256(content).hexdigest()[:40]


def insert(
    connection: sqlite3.Connection,
    picture: Picture,
    content: bytes,
    words: Mapping[str, str],
    *,
    family: str,
    position: int,
) -> int:
    """Add one picture, its bytes and its words (by column of the index); returns its row."""
    values: dict[str, Any] = {
        **vars(picture),
        "keywords": "\n".join(picture.keywords),
        "published": picture.published and picture.published.isoformat(),
        "colors": f",{','.join(picture.colors)},",
        "transparent": int(picture.transparent),
        "monochrome": int(picture.monochrome),
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
