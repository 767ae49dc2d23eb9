"""The library as others use it: search, pictures, thumbnails."""

import io
import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PIL import Image, ImageOps

from cvhelpers.protocol.bing import MAX_THUMBNAIL_SIDE

from .decoding import NotAPicture, decoded
from .entry import Entry, SearchPage
from .errors import DAMAGE, LibraryError, WrongFile, is_in_use, reason
from .opening import attach_own, built_in, open_shipped, shipped_is_damaged
from .query import Query
from .search import Search
from .store import entry_of
from .transparency import on_white

_THUMBNAIL = 474  # pixels a side that a thumbnail has at most when no size was asked for
_QUALITY = 85

_REBUILD = "What to do: cvhelpers index FOLDER --rebuild sets it aside and reads your pictures again."

T = TypeVar("T")
_State = tuple[int, int, int] | None  # of a file: its inode, size and time of change; None where there is none

log = logging.getLogger("cvhelpers.library")


class Library:
    """The pictures that ship with the package and, with `own`, a person's own.

    `path` is the library that ships unless another is named, `own` a database made by `index_folder`; it may
    be made, changed or removed while the library is in use, and the next search sees that. Both are only
    read. An `own` that cannot be read is left out with a warning in the log: the library that ships answers.
    One `Library` serves any number of threads, each with a connection of its own.

    Raises `LibraryError`, here and in every method, if the library that ships is missing or damaged.

    >>> page = Library().search(Query("puppies", count=16))
    >>> len(page.entries), page.next_offset
    (16, 16)
    """

    def __init__(self, path: Path | None = None, own: Path | None = None) -> None:
        self._path = path or built_in()
        self._own = own
        self._unreadable: _State = None  # the state of `own` in which it could not be read
        self._warned = ""  # the last warning
        self._local = threading.local()
        self._connected()

    def search(self, query: Query) -> SearchPage:
        """The pictures that fit the query best, one page of them.

        Without words the page shows a bit of everything. A word that nothing is known about is taken
        for a misspelling and corrected if a likely word is near. Pictures that fit the words come
        first, then those that fit broader words (dogs, for puppies), then those that fit one word of
        several. The same query gives the same order, so that pages do not overlap.
        """
        return self._ask(lambda connected: connected.search.page(query))

    def details(self, image_id: str) -> Entry:
        """What is known of one picture. Raises `KeyError` if the library does not have it."""
        return self._stored(image_id)[0]

    def picture(self, image_id: str) -> tuple[bytes, str]:
        """The bytes of one picture and their media type. Raises `KeyError` if there is no such picture.

        A person's own picture is given as a copy without its metadata (where and when it was taken), in
        full size if its file is still there, else as small as the index keeps it.
        """
        entry, content = self._stored(image_id)
        if entry.path is None:
            return content, entry.media_type
        return _jpeg(_full_size(Path(entry.path)) or self._decoded(entry, content)), "image/jpeg"

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
            if side is not None and not 1 <= side <= MAX_THUMBNAIL_SIDE:
                raise ValueError(f"{side} is not 1 to {MAX_THUMBNAIL_SIDE} pixels")
        small = on_white(self._decoded(*self._stored(image_id)))
        if crop:
            if width is None or height is None:
                raise ValueError("crop needs a width and a height")
            return _jpeg(ImageOps.fit(small, (width, height), Image.Resampling.LANCZOS)), "image/jpeg"
        limit = _THUMBNAIL if width is None and height is None else MAX_THUMBNAIL_SIDE
        small.thumbnail((width or limit, height or limit), Image.Resampling.LANCZOS)
        return _jpeg(small), "image/jpeg"

    def __len__(self) -> int:
        """The number of pictures."""
        return self._ask(lambda connected: connected.count())

    def close(self) -> None:
        """Close the connection of this thread; those of other threads close when their threads end."""
        if connected := self._local.__dict__.pop("connected", None):
            connected.connection.close()

    def _stored(self, image_id: str) -> tuple[Entry, bytes]:
        found = self._ask(lambda connected: connected.stored(image_id))
        if found is None:
            raise KeyError(image_id)
        return found

    def _decoded(self, entry: Entry, content: bytes) -> Image.Image:
        try:
            return decoded(content)
        except NotAPicture as error:
            if entry.path is None:
                raise shipped_is_damaged(self._path, error) from error
            raise LibraryError(f"{self._own} is damaged. {_REBUILD}") from error

    def _ask(self, question: Callable[["_Connected"], T]) -> T:
        """The answer of both libraries, or of the one that ships alone if a person's own cannot be read."""
        connected = self._connected()
        try:
            return question(connected)
        except DAMAGE as error:
            if "own" not in connected.schemas:
                raise shipped_is_damaged(self._path, error) from error
            trouble = error
        alone = self._connect(None)
        try:
            answer = question(alone)
        except DAMAGE as error:
            raise shipped_is_damaged(self._path, error) from error
        finally:
            alone.connection.close()
        self._leave_out(connected.state, trouble)
        return answer

    def _connected(self) -> "_Connected":
        """This thread's connection, made anew when the file of a person's own index is another than before."""
        state = self._state()
        connected: _Connected | None = getattr(self._local, "connected", None)
        if connected is None or connected.state != state:
            self.close()
            connected = self._local.connected = self._connect(state)
        return connected

    def _state(self) -> _State:
        try:
            status = self._own.stat() if self._own else None
        except OSError:  # there is none, or none that this person may see
            return None
        if status is None or (state := (status.st_ino, status.st_size, status.st_mtime_ns)) == self._unreadable:
            return None
        return state

    def _connect(self, state: _State) -> "_Connected":
        connection = open_shipped(self._path)
        if state is not None and self._own is not None:
            try:
                attach_own(connection, self._own)
            except (*DAMAGE, OSError, WrongFile) as error:
                self._leave_out(state, error)
                connection.close()
                return self._connect(None)
            return _Connected(connection, ("own", "main"), state)
        return _Connected(connection, ("main",), state)

    def _leave_out(self, state: _State, error: Exception) -> None:
        """Say once what is wrong with a person's own index. It is tried again when it has changed."""
        advice = "It is tried again with the next search."
        if not is_in_use(error):
            self._unreadable = state
            advice = _REBUILD
        warning = f"{self._own} {reason(error)}. Your own pictures are left out of the search. {advice}"
        if warning != self._warned:
            self._warned = warning
            log.warning(warning)


class _Connected:
    """A connection, the schemas it reads, and the state of a person's own index when it was made."""

    def __init__(self, connection: sqlite3.Connection, schemas: tuple[str, ...], state: _State) -> None:
        self.connection, self.schemas, self.state = connection, schemas, state
        self.search = Search(connection, schemas)

    def count(self) -> int:
        counts = (f"SELECT count(*) FROM {schema}.pictures" for schema in self.schemas)
        return sum(self.connection.execute(count).fetchone()[0] for count in counts)

    def stored(self, image_id: str) -> tuple[Entry, bytes] | None:
        for schema in self.schemas:
            statement = f"SELECT * FROM {schema}.pictures WHERE image_id = ?"
            if row := self.connection.execute(statement, (image_id,)).fetchone():
                statement = f"SELECT bytes FROM {schema}.contents WHERE picture = ?"
                content = self.connection.execute(statement, (row["id"],)).fetchone()
                if content is None or not isinstance(content[0], bytes):
                    raise sqlite3.DataError("the bytes of a picture are missing")
                return entry_of(row), content[0]
        return None


def _full_size(file: Path) -> Image.Image | None:
    """A person's own picture as it is now, if it can still be read."""
    try:
        return decoded(file.read_bytes()) if file.is_file() else None
    except (OSError, NotAPicture):
        return None


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    on_white(image).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
