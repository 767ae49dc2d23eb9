"""Where the library that ships and a person's own index are, and how they are opened and checked."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path, PurePath
from urllib.parse import quote

import platformdirs

from . import store
from .errors import DAMAGE, LibraryError, WrongFile, reason

# The version of a person's own index, in its user_version. 0 was written before there were versions; up to 1, the
# columns `license` and `permits` were called `licence` and `license`.
VERSION = 2
_SHIPPED = frozenset({"pictures", "contents", "words", "broader", "synonyms", "translations", "compounds", "spelling"})
_OWN = frozenset({"pictures", "contents", "words", "files"})
_WAIT = 30  # seconds that a program waits while another one writes; each writes for milliseconds at a time


def built_in() -> Path:
    """The library that ships with the package."""
    return Path(__file__).with_name("pictures.sqlite")


def default_database() -> Path:
    """Where a person's own pictures are indexed by default: in the data folder of the platform.

    The environment variable `CVHELPERS_LIBRARY` names another file. An account without a home folder has it in the
    current one.
    """
    if named := os.environ.get("CVHELPERS_LIBRARY"):
        return Path(named).expanduser()
    try:
        return platformdirs.user_data_path("cvhelpers", appauthor=False) / "pictures.sqlite"
    except RuntimeError:
        return Path.cwd() / "cvhelpers.sqlite"


def sqlite_address(path: PurePath) -> str:
    """An absolute path as SQLite wants it in an address: without a host, also for a network folder of Windows.

    >>> from pathlib import PureWindowsPath
    >>> sqlite_address(PureWindowsPath("C:/Users/Ana/my pictures.sqlite"))
    'file:///C:/Users/Ana/my%20pictures.sqlite'
    >>> sqlite_address(PureWindowsPath(r"\\\\school\\home\\pictures.sqlite"))
    'file:////school/home/pictures.sqlite'
    """
    return "file:///" + quote(os.fsencode(path.as_posix()), safe="/:").removeprefix("/")


def open_shipped(path: Path) -> sqlite3.Connection:
    """The library that ships, to read. Raises `LibraryError` if it is missing or damaged."""
    try:
        # immutable: nobody writes to it, so that SQLite needs no locks
        connection = sqlite3.connect(f"{sqlite_address(path.resolve())}?mode=ro&immutable=1", uri=True, timeout=5)
        try:
            connection.row_factory = sqlite3.Row
            _check(connection, "main", _SHIPPED)
        except BaseException:
            connection.close()
            raise
    except (*DAMAGE, WrongFile) as error:
        raise shipped_is_damaged(path, error) from error
    return connection


def shipped_is_damaged(path: Path, error: Exception) -> LibraryError:
    """The picture library cannot be read: it has to be installed again."""
    what = reason(error) if path.is_file() else "is missing"
    return LibraryError(
        f"The picture library {path} {what}. Install the package again: "
        "pip install --force-reinstall --no-deps cvhelpers"
    )


def attach_own(connection: sqlite3.Connection, path: Path) -> None:
    """Let a connection to the library that ships also read a person's own index, as the schema `own`.

    Raises `WrongFile`, `OSError` or `sqlite3.Error` if it cannot be read.
    """
    _check_file(path)
    # Read and write, for SQLite mends what an interrupted run left; then only read.
    connection.execute("ATTACH ? AS own", (f"{sqlite_address(path.resolve())}?mode=rw",))
    if _has_old_names(connection, "own"):
        _rename(path)
    connection.execute("PRAGMA query_only = 1")
    _check(connection, "own", _OWN)


def open_own(path: Path) -> sqlite3.Connection:
    """A person's own index, to write; it is made if it is not there yet or empty.

    Raises `WrongFile`, `OSError` or `sqlite3.Error` if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        _check_file(path)
    connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    try:
        if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            if _has_old_names(connection):
                _rename(path)
            _check(connection, "main", _OWN)
        else:
            statements = f"{store.tables(with_text=True)} {store.FILES} PRAGMA user_version = {VERSION};"
            connection.executescript(f"BEGIN IMMEDIATE; {statements} COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection


def _has_old_names(connection: sqlite3.Connection, schema: str = "main") -> bool:
    return ("pictures", "licence") in _columns(connection, schema)


def _rename(path: Path) -> None:
    """Give the columns of an older index the names that they have today."""
    with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as connection, transaction(connection):
        if _has_old_names(connection):  # no other program has done it meanwhile
            connection.execute("ALTER TABLE pictures RENAME COLUMN license TO permits")
            connection.execute("ALTER TABLE pictures RENAME COLUMN licence TO license")
            connection.execute(f"PRAGMA user_version = {VERSION}")


def _check_file(path: Path) -> None:
    path.stat()
    if not path.is_file():
        raise WrongFile("is a folder, not an index" if path.is_dir() else "is not a file")


def _check(connection: sqlite3.Connection, schema: str, needed: frozenset[str]) -> None:
    """Raises `WrongFile` if a database does not have these tables, or not our columns."""
    names = connection.execute(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'")
    tables = {name for (name,) in names}
    if not tables:
        raise WrongFile("is empty")
    if not tables >= _SHIPPED & _OWN:
        raise WrongFile("is not an index of pictures")
    (version,) = connection.execute(f"PRAGMA {schema}.user_version").fetchone()
    if version > VERSION or not needed <= tables or _columns(connection, schema) != _expected():
        raise WrongFile("was made by another version of cvhelpers")


def _columns(connection: sqlite3.Connection, schema: str = "main") -> set[tuple[str, str]]:
    return {
        (table, row[1])
        for table in sorted(_SHIPPED & _OWN)
        for row in connection.execute(f"PRAGMA {schema}.table_info({table})")
    }


@cache
def _expected() -> set[tuple[str, str]]:
    connection = sqlite3.connect(":memory:")
    store.create(connection, with_text=True)
    return _columns(connection)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, and nobody else writes meanwhile. The connection is in autocommit mode."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # SQLite may have rolled it back itself, as on a full disk
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
