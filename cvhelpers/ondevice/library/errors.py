"""What can be wrong with a database, in words: which file, what is wrong with it, and what to do."""

import sqlite3
from pathlib import Path


class LibraryError(Exception):
    """The picture library or a person's index cannot be used. The message names the file and says what to do."""


class WrongFile(Exception):
    """The file is no database of ours. The message is the end of a sentence that begins with its path."""


# What reading a damaged database raises: besides SQLite's own errors, text that is not UTF-8.
DAMAGE = (sqlite3.Error, UnicodeError)

# What SQLite (https://www.sqlite.org/rescode.html) calls a problem, by the part of its code that counts.
_REASONS = {
    sqlite3.SQLITE_NOTADB: "is not an index of pictures",
    sqlite3.SQLITE_CORRUPT: "is damaged",
    sqlite3.SQLITE_BUSY: "is in use by another program",
    sqlite3.SQLITE_LOCKED: "is in use by another program",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_PERM: "cannot be opened",
    sqlite3.SQLITE_READONLY: "cannot be written",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full",
    sqlite3.SQLITE_IOERR: "cannot be read or written",
}


def reason(error: Exception) -> str:
    """What is wrong with a database, as the end of a sentence that begins with its path.

    >>> reason(WrongFile("is empty"))
    'is empty'
    """
    if isinstance(error, WrongFile):
        return str(error)
    if isinstance(error, OSError):
        return f"cannot be opened: {error.strerror or error}"
    return _REASONS.get(_code(error), "is damaged")


def is_in_use(error: Exception) -> bool:
    """Whether waiting helps."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _code(error: Exception) -> int:
    """The lower byte of SQLite's code; the upper ones say more than anyone needs."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)) & 0xFF


def cannot_index(database: Path, error: Exception) -> LibraryError:
    """Why an index cannot be written, and what to do about it."""
    code = _code(error)
    if isinstance(error, OSError) or code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY):
        advice = (  # Windows neither renames nor removes a file that a program has open
            "Name another file with --database FILE, change the permissions of its folder, or close the programs "
            "that use it."
        )
    elif code == sqlite3.SQLITE_FULL:
        advice = "Make room and run the command again: what was read is kept."
    elif code == sqlite3.SQLITE_IOERR:
        advice = "See whether the disk is full or gone, then run the command again: what was read is kept."
    elif is_in_use(error):
        advice = "Wait until it is done, then run the command again: what was read is kept."
    else:
        advice = "With --rebuild it is set aside, and a new one is made from your pictures."
    return LibraryError(f"{database} {reason(error)}. {advice}")
