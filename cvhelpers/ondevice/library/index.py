"""A person's own pictures: read once, found by what is on them."""

import hashlib
import io
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image, ImageOps

from . import store
from .colors import colors_of
from .picture import Picture
from .transparency import on_white, see_through
from .vocabulary import Vocabulary

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"})
_SIDE = 480  # pixels of the longer side of the copy the index keeps

_FILES = """
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,          -- bytes
    modified INTEGER NOT NULL,      -- nanoseconds
    sha256 TEXT NOT NULL,
    picture INTEGER,                -- its row in pictures; a copy shares that of its original
    problem TEXT                    -- why it could not be opened
) STRICT
"""


@dataclass(frozen=True)
class IndexEntry:
    """What a reader found on a picture: tags, a sentence (it becomes the title) and the words written on it.

    `kind` is Photo, Clipart or Line.
    """

    tags: tuple[str, ...] = ()
    caption: str = ""
    text: str = ""
    kind: str = "Photo"


Reader = Callable[[Image.Image], IndexEntry]


@dataclass(frozen=True)
class Indexed:
    """How many files were read, left as they were and dropped, and which were skipped and why."""

    read: int
    unchanged: int
    removed: int
    skipped: tuple[tuple[Path, str], ...]


def index_folder(folder: Path, database: Path | None = None, *, read: Reader, progress: bool = True) -> Indexed:
    """Bring the index up to date with the pictures in a folder and the folders in it.

    Files that did not change since the last time are not read again, nor are copies and files that
    were only moved. A file that is no picture is skipped and told in the result. Each picture is
    stored as soon as it was read: after an interruption the next run goes on where this one stopped.
    The files themselves are only read. `database` is `default_database()` unless another is named.

    Raises `NotADirectoryError` if there is no such folder.
    """
    folder = folder.expanduser().resolve()
    if not folder.is_dir():
        raise NotADirectoryError(folder)
    database = database or store.default_database()
    database.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(database, timeout=30)) as own, closing(_words()) as words:
        store.create(own, with_text=True)
        own.execute(_FILES)
        files = list(_pictures(folder))
        index = _Index(own, Vocabulary(words), read)
        for file in _shown(files, progress):
            with own:  # one picture, one transaction: what was read stays, whatever comes
                index.update(file)
        removed = _forget(own, folder, {str(file) for file in files})  # last: what moved keeps its reading
    return Indexed(index.read, index.unchanged, removed, tuple(index.skipped))


class _Index:
    """The open index, and what has been done to it so far."""

    def __init__(self, own: sqlite3.Connection, vocabulary: Vocabulary, reader: Reader) -> None:
        self._own = own
        self._vocabulary = vocabulary
        self._reader = reader
        self.read = self.unchanged = 0
        self.skipped: list[tuple[Path, str]] = []

    def update(self, file: Path) -> None:
        """Bring one file up to date."""
        try:
            status = file.stat()
            known = self._own.execute(
                "SELECT size, modified, problem FROM files WHERE path = ?", (str(file),)
            ).fetchone()
            if known and known[:2] == (status.st_size, status.st_mtime_ns):
                self._count(file, known[2])
                return
            content = file.read_bytes()
        except OSError as problem:  # gone meanwhile, or not to be read by this person
            self.skipped.append((file, str(problem)))
            return
        sha256 = hashlib.sha256(content).hexdigest()
        twin = self._own.execute("SELECT picture, problem FROM files WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone()
        if twin:
            row, problem_told = twin
            self._count(file, problem_told)
        else:
            row, problem_told, keep = self._add(file, content, status)
            if not keep:
                _drop(self._own, str(file))
                return
        _drop(self._own, str(file), keep=row)
        self._own.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)",
            (str(file), status.st_size, status.st_mtime_ns, sha256, row, problem_told),
        )

    def _count(self, file: Path, problem: str | None) -> None:
        if problem:
            self.skipped.append((file, problem))
        else:
            self.unchanged += 1

    def _add(self, file: Path, content: bytes, status: os.stat_result) -> tuple[int | None, str | None, bool]:
        """Read a new picture: its row, or what is wrong with it, and whether that will stay so."""
        try:
            with Image.open(io.BytesIO(content)) as opened:
                opened.load()
                image = ImageOps.exif_transpose(opened)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
            told = f"no picture that can be read; it begins with {content[:12]!r}"
            if isinstance(problem, Image.DecompressionBombError):
                told = _sentence(problem)
            self.skipped.append((file, told))
            return None, told, True
        try:
            entry = self._reader(on_white(image))
        except Exception as problem:  # the reader's trouble with one picture must not stop the others
            self.skipped.append((file, f"could not be read: {_sentence(problem)}"))
            return None, None, False
        picture = _described(file, content, image, entry, status)
        columns = self._vocabulary.described(f"{picture.title} {file.stem}", entry.tags, entry.text)
        row = store.insert(
            self._own,
            picture,
            _small(image),
            columns,
            family=picture.image_id,
            position=-int(status.st_mtime),
        )
        self.read += 1
        return row, None, True


def _words() -> sqlite3.Connection:
    return sqlite3.connect(f"{store.built_in().resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _pictures(folder: Path) -> Iterator[Path]:
    """The files that may be pictures, in order, without hidden ones."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                yield Path(root, name)


def _shown(files: list[Path], progress: bool) -> Iterator[Path]:
    if not progress:
        yield from files
        return
    from tqdm.auto import tqdm

    yield from tqdm(files, desc="Reading pictures", unit="picture")


def _forget(own: sqlite3.Connection, folder: Path, present: set[str]) -> int:
    """Drop the files of a folder that are not there any more, and count them."""
    inside = f"{folder}{os.sep}"
    paths = [path for (path,) in own.execute("SELECT path FROM files") if path.startswith(inside)]
    gone = [path for path in paths if path not in present]
    for path in gone:
        with own:
            _drop(own, path)
    return len(gone)


def _drop(own: sqlite3.Connection, path: str, keep: int | None = None) -> None:
    """Drop one file, and its picture if no other file is a copy of it and it is not to be kept."""
    known = own.execute("DELETE FROM files WHERE path = ? RETURNING picture", (path,)).fetchone()
    if not known or known[0] is None or known[0] == keep:
        return
    copy = own.execute("SELECT path FROM files WHERE picture = ? LIMIT 1", known).fetchone()
    if copy:
        own.execute("UPDATE pictures SET path = ? WHERE id = ?", (*copy, known[0]))
    else:
        store.delete(own, known[0])


def _described(file: Path, content: bytes, image: Image.Image, entry: IndexEntry, status: os.stat_result) -> Picture:
    colors = colors_of(image)
    return Picture(
        image_id=store.image_id(content),
        title=entry.caption or file.stem,
        description=file.name,
        keywords=tuple(dict.fromkeys(entry.tags)),
        author="",
        licence="",
        license="",
        collection=file.parent.name,
        source=file.as_uri(),
        published=date.fromtimestamp(status.st_mtime),
        kind=entry.kind,
        transparent=see_through(image),
        width=image.width,
        height=image.height,
        file_size=len(content),
        media_type="image/jpeg",
        colors=colors.names,
        monochrome=colors.monochrome,
        accent_color=colors.accent,
        path=str(file),
    )


def _small(image: Image.Image) -> bytes:
    small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=80)
    return buffer.getvalue()


def _sentence(problem: Exception) -> str:
    return str(problem) or type(problem).__name__
