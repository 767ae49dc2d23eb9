"""A person's own pictures: read once, found by what is on them."""

import hashlib
import io
import itertools
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image

from . import store
from .decoding import SUFFIXES, NotAPicture, decoded
from .entry import Entry
from .errors import DAMAGE, LibraryError, WrongFile, cannot_index
from .opening import built_in, default_database, open_own, open_shipped, shipped_is_damaged, transaction
from .palette import palette_of
from .transparency import on_white, see_through
from .vocabulary import Vocabulary

_SIDE = 480  # pixels of the longer side of the copy that the index keeps
_LARGEST = 256 * 2**20  # bytes of a file; a larger file is not a picture, or would fill the memory


@dataclass(frozen=True)
class Findings:
    """What a reader found on a picture: tags, a sentence (it becomes the title) and the words written on it.

    `kind` is Photo, Clipart or Line.
    """

    tags: tuple[str, ...] = ()
    caption: str = ""
    text: str = ""
    kind: str = "Photo"


Describer = Callable[[Image.Image], Findings]


@dataclass(frozen=True)
class IndexReport:
    """How many files were read, left as they were and dropped, and which were skipped and why."""

    read: int
    unchanged: int
    removed: int
    skipped: tuple[tuple[Path, str], ...]


def index_folder(folder: Path, database: Path | None = None, *, read: Describer, progress: bool = True) -> IndexReport:
    """Bring the index up to date with the pictures in a folder and the folders in it.

    Files that did not change since the last time are not read again, nor are copies and files that
    were only moved. A file that is not a picture is skipped and named in the result. Each picture is
    stored as soon as it was read: after an interruption the next run goes on where this one stopped.
    Two runs at once share the work. The files themselves are only read. `database` is
    `default_database()` unless another is named.

    Raises `NotADirectoryError` if there is no such folder, and `LibraryError` if the folder cannot be
    listed, the index cannot be written (it keeps what was read so far), or the library that ships, whose
    words the index uses, cannot be read.
    """
    folder = folder.expanduser().resolve()
    if not folder.is_dir():
        raise NotADirectoryError(folder)
    database = database or default_database()
    with closing(open_shipped(built_in())) as shipped, closing(_opened(database)) as own:
        update = _Update(own, Vocabulary(shipped), read)
        files = list(update.listed(folder))
        try:
            for file in _shown(files, progress):
                update.file(file)
            update.forget(folder, files)  # last, so that a file that moved is not read again
        except DAMAGE as error:
            raise cannot_index(database, error) from error
    return IndexReport(update.read, update.unchanged, update.removed, tuple(update.skipped))


def _opened(database: Path) -> sqlite3.Connection:
    try:
        return open_own(database)
    except (*DAMAGE, WrongFile, OSError) as error:
        raise cannot_index(database, error) from error


def set_aside(database: Path) -> Path | None:
    """Give an index another name, so that a new one is made in its place; returns the name, if there was one.

    Raises `LibraryError` if that cannot be done.
    """
    if not os.path.lexists(database):
        return None
    names = (database.with_name(f"{database.name}.old{number or ''}") for number in itertools.count())
    aside = next(name for name in names if not os.path.lexists(name))
    try:
        # What SQLite keeps beside a database belongs to it: it would spoil a new one.
        for ending in ("-journal", "-wal", "-shm", ""):
            if os.path.lexists(companion := database.with_name(database.name + ending)):
                companion.rename(aside.with_name(aside.name + ending))
    except OSError as error:
        raise cannot_index(database, error) from error
    return aside


@dataclass(frozen=True)
class _New:
    """All that is stored of a new picture."""

    entry: Entry
    content: bytes
    words: dict[str, str]


class _Update:
    """The open index, and what has been done to it so far."""

    def __init__(self, own: sqlite3.Connection, vocabulary: Vocabulary, reader: Describer) -> None:
        self._own = own
        self._vocabulary = vocabulary
        self._reader = reader
        self.read = self.unchanged = self.removed = 0
        self.skipped: list[tuple[Path, str]] = []

    def listed(self, folder: Path) -> Iterator[Path]:
        """The files that may be pictures, in order, without hidden ones."""
        try:
            os.scandir(folder).close()
        except OSError as error:
            raise LibraryError(f"{folder} cannot be read: {error.strerror}. Change its permissions.") from error
        for root, folders, names in os.walk(folder, onerror=self._skip_folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                    yield Path(root, name)

    def file(self, file: Path) -> None:
        """Bring one file up to date."""
        if not _is_text(str(file)):  # a name of another system's, as on an old stick; SQLite takes only text
            self.skipped.append((file, "its name is not in Unicode; give it another one"))
            return
        try:
            status = file.stat()
            if not stat.S_ISREG(status.st_mode):
                self.skipped.append((file, "not a file"))
                return
            if status.st_size > _LARGEST:
                self.skipped.append((file, f"larger than {_LARGEST // 2**20} MB"))
                return
            if known := self._known(file, status):
                self._count(file, *known)
                return
            content = file.read_bytes()
        except OSError as error:  # gone meanwhile, or not to be read by this person
            self.skipped.append((file, error.strerror or str(error)))
            return
        sha256 = hashlib.sha256(content).hexdigest()
        new: _New | str | None = None
        if self._twin(sha256) is None:
            try:
                new = self._described(file, content, status)
            except _NotRead as error:  # the next run tries again
                self.skipped.append((file, str(error)))
                with transaction(self._own):
                    self._drop(str(file))
                return
        self._store(file, status, sha256, new)

    def forget(self, folder: Path, present: list[Path]) -> None:
        """Drop the files of a folder that are not there any more."""
        inside = f"{str(folder).rstrip(os.sep)}{os.sep}"
        known = {path for (path,) in self._own.execute("SELECT path FROM files") if path.startswith(inside)}
        for path in sorted(known - {str(file) for file in present}):
            if _is_gone(path):
                with transaction(self._own):
                    self._drop(path)
                self.removed += 1

    def _known(self, file: Path, status: os.stat_result) -> tuple[str | None] | None:
        """The problem that a file had, if it was read before and did not change since; else nothing."""
        found: tuple[str | None] | None = self._own.execute(
            "SELECT problem FROM files WHERE path = ? AND size = ? AND modified = ?",
            (str(file), status.st_size, status.st_mtime_ns),
        ).fetchone()
        return found

    def _twin(self, sha256: str) -> tuple[int | None, str | None] | None:
        """The row and the problem of a file with the same bytes."""
        found: tuple[int | None, str | None] | None = self._own.execute(
            "SELECT picture, problem FROM files WHERE sha256 = ? LIMIT 1", (sha256,)
        ).fetchone()
        return found

    def _described(self, file: Path, content: bytes, status: os.stat_result) -> _New | str:
        """A new picture, or what is wrong with it. Raises `_NotRead` if the reader fails."""
        try:
            image = decoded(content)
        except NotAPicture as problem:
            return str(problem)
        try:
            findings = self._reader(on_white(image))
        except Exception as error:  # one picture that the reader cannot read does not stop the others
            raise _NotRead(f"could not be read: {str(error) or type(error).__name__}") from error
        entry = _entry(file, content, image, findings, status)
        try:
            words = self._vocabulary.described(f"{entry.title} {file.stem}", findings.tags, findings.text)
        except DAMAGE as error:
            raise shipped_is_damaged(built_in(), error) from error
        return _New(entry, _small(image), words)

    def _store(self, file: Path, status: os.stat_result, sha256: str, new: _New | str | None) -> None:
        """Store one file and, if no other run has done so since, its picture: both or neither."""
        with transaction(self._own):
            twin = self._twin(sha256)
            if twin:
                row, problem = twin
            elif isinstance(new, _New):
                row, problem = self._insert(new, status), None
            else:
                row, problem = None, new
            self._drop(str(file), keep=row)
            self._own.execute(
                "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)",
                (str(file), status.st_size, status.st_mtime_ns, sha256, row, problem),
            )
        if twin or problem:
            self._count(file, problem)
        else:
            self.read += 1

    def _insert(self, new: _New, status: os.stat_result) -> int:
        return store.insert(
            self._own,
            new.entry,
            new.content,
            new.words,
            family=new.entry.image_id,
            position=-int(status.st_mtime),
        )

    def _drop(self, path: str, keep: int | None = None) -> None:
        """Drop one file, and its picture if no other file is a copy of it and it is not to be kept."""
        known = self._own.execute("DELETE FROM files WHERE path = ? RETURNING picture", (path,)).fetchone()
        if not known or known[0] is None or known[0] == keep:
            return
        copy = self._own.execute("SELECT path FROM files WHERE picture = ? LIMIT 1", known).fetchone()
        if copy:
            self._own.execute("UPDATE pictures SET path = ? WHERE id = ?", (*copy, known[0]))
        else:
            store.delete(self._own, known[0])

    def _count(self, file: Path, problem: str | None) -> None:
        if problem:
            self.skipped.append((file, problem))
        else:
            self.unchanged += 1

    def _skip_folder(self, error: OSError) -> None:
        self.skipped.append((Path(error.filename), error.strerror or str(error)))


class _NotRead(Exception):
    """The reader failed on a picture."""


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_gone(path: str) -> bool:
    """Whether a file is certainly not there: a folder that may not be entered says nothing."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _shown(files: list[Path], progress: bool) -> Iterator[Path]:
    if not progress:
        yield from files
        return
    from tqdm.auto import tqdm

    yield from tqdm(files, desc="Reading pictures", unit="picture")


def _entry(file: Path, content: bytes, image: Image.Image, findings: Findings, status: os.stat_result) -> Entry:
    palette = palette_of(image)
    return Entry(
        image_id=store.image_id(content),
        title=findings.caption or file.stem,
        description=file.name,
        keywords=tuple(dict.fromkeys(findings.tags)),
        author="",
        license="",
        permits="",
        collection=file.parent.name,
        source=file.as_uri(),
        published=date.fromtimestamp(status.st_mtime),
        kind=findings.kind,
        transparent=see_through(image),
        width=image.width,
        height=image.height,
        file_size=len(content),
        media_type="image/jpeg",
        colors=palette.names,
        monochrome=palette.monochrome,
        accent_color=palette.accent,
        path=str(file),
    )


def _small(image: Image.Image) -> bytes:
    small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=80)
    return buffer.getvalue()
