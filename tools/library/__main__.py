"""Build `pictures.sqlite`, the library of the on-device image search.

    uv run python -m tools.library --cache build/library

It needs the commands `apt-get`, `dpkg` and `npm` (Debian or Ubuntu), which fetch the packages named in
`sources.py` once; the first run takes some minutes, a later one less than two.
`--sheets` also writes contact sheets of everything that got in, to look at.
"""

import argparse
import hashlib
import io
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path

from PIL import Image

from cvhelpers.ondevice.library import store
from cvhelpers.ondevice.library.entry import Entry
from cvhelpers.ondevice.library.opening import built_in
from cvhelpers.ondevice.library.palette import Palette, palette_of
from cvhelpers.ondevice.library.transparency import see_through

from . import emoji, openclipart, photographs, sources
from .candidate import Candidate, content
from .curation import compounds
from .lexicon import Lexicon
from .likeness import Look, distinct, families, look
from .sheets import write_sheets
from .wordnet import WordNet

_SAMPLES = Path(__file__).resolve().parents[2] / "cvhelpers" / "samples"
_LARGEST = 20_000_000
_SMALLEST = 50  # pixels of the shorter side: the service analyses no smaller picture


@dataclass(frozen=True)
class Prepared:
    """A candidate that could be drawn: its bytes, its main colours and its look."""

    candidate: Candidate
    content: bytes
    size: tuple[int, int]
    transparent: bool
    line: bool
    palette: Palette
    look: Look


def prepare(candidate: Candidate, cache: Path) -> Prepared | None:
    """Draw and measure one candidate; `None` if there is nothing to keep."""
    kept = content(candidate, cache)
    if kept is None:
        return None
    with Image.open(io.BytesIO(kept), formats=("WEBP",)) as opened:
        image = opened.convert("RGB" if candidate.photo else "RGBA")
    if max(image.size) > 8 * min(image.size) or min(image.size) < _SMALLEST:
        return None
    palette = palette_of(image)
    return Prepared(
        candidate=candidate,
        content=kept,
        size=image.size,
        transparent=see_through(image),
        line=not candidate.photo and palette.monochrome and _is_line_drawing(image),
        palette=palette,
        look=look(image),
    )


def _is_line_drawing(image: Image.Image) -> bool:
    """Whether a black-and-white drawing is lines on a ground, and not a silhouette or shades."""
    gray = Image.new("L", image.size, 255)
    gray.paste(image.convert("L"), mask=image.getchannel("A"))
    shades = gray.resize((128, 128)).histogram()
    dark, middle = sum(shades[:64]) / 128**2, sum(shades[96:200]) / 128**2
    return 0.005 < dark < 0.3 and middle < 0.15


def selected(prepared: Sequence[Prepared]) -> list[Prepared]:
    """What gets in: of near-duplicates only the one that is described best."""
    best_first = sorted(
        prepared, key=lambda item: (not item.candidate.photo, -len(item.candidate.keywords), item.candidate.key)
    )
    kept = [best_first[i] for i in distinct([item.look for item in best_first])]
    by_content = {store.image_id(item.content): item for item in reversed(kept)}
    return sorted(by_content.values(), key=lambda item: item.candidate.key)


def mixed(items: Sequence[Prepared]) -> list[int]:
    """Positions for a varied page: one of each topic in turn, in an order that chance fixed once."""
    topics: dict[str, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        topics[item.candidate.topic].append(index)
    for members in topics.values():
        members.sort(key=lambda i: hashlib.sha256(items[i].candidate.key.encode()).digest())
    order = [
        i
        for turn in zip_longest(*(topics[name] for name in sorted(topics, key=str.swapcase)))
        for i in turn
        if i is not None
    ]
    return [position for _, position in sorted(zip(order, range(len(order)), strict=True))]


def write(path: Path, items: Sequence[Prepared], lexicon: Lexicon) -> None:
    """Write the library, all of it or, if anything fails, nothing."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    connection = sqlite3.connect(unfinished)
    connection.execute("PRAGMA page_size = 1024")  # most pictures fill a few pages: small ones waste little
    store.create(connection, with_text=False)
    connection.executescript(store.VOCABULARY)
    groups = families([item.look for item in items], [item.candidate.title for item in items])
    with connection:
        for item, group, position in zip(items, groups, mixed(items), strict=True):
            entry = _entry(item)
            words = lexicon.described(entry, item.candidate.translations)
            store.insert(connection, entry, item.content, words, family=str(group), position=position)
        lexicon.write(connection)
        connection.executemany(
            "INSERT INTO about VALUES (?, ?)",
            [(source.name, f"{source.version} sha256:{source.sha256}") for source in sources.SOURCES],
        )
        for table in ("words", "spelling"):
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
    connection.execute("ANALYZE")
    connection.execute("VACUUM")
    connection.close()
    if (size := unfinished.stat().st_size) >= _LARGEST:
        raise SystemExit(f"{unfinished} has {size:,} bytes, more than {_LARGEST:,}")
    unfinished.replace(path)


def _entry(item: Prepared) -> Entry:
    candidate = item.candidate
    return Entry(
        image_id=store.image_id(item.content),
        title=candidate.title,
        description=candidate.description,
        keywords=candidate.keywords,
        author=candidate.author,
        license=candidate.license,
        permits=candidate.permits,
        collection=candidate.collection,
        source=candidate.source,
        published=candidate.published,
        kind="Photo" if candidate.photo else "Line" if item.line else "Clipart",
        transparent=item.transparent,
        width=item.size[0],
        height=item.size[1],
        file_size=len(item.content),
        media_type="image/webp",
        colors=item.palette.names,
        monochrome=item.palette.monochrome,
        accent_color=item.palette.accent,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the library of the on-device image search.")
    parser.add_argument("--cache", type=Path, default=Path("build/library"))
    parser.add_argument("--samples", type=Path, default=_SAMPLES, help="folder with pictures.json")
    parser.add_argument("--output", type=Path, default=built_in())
    parser.add_argument("--sheets", type=Path, help="folder for contact sheets")
    options = parser.parse_args()

    from tqdm import tqdm

    folders = {source: sources.fetch(source, options.cache) for source in sources.SOURCES}
    candidates = list(
        chain(
            photographs.candidates(options.samples),
            emoji.candidates(folders[sources.FLUENT], folders[sources.NOTO], folders[sources.CLDR], options.cache),
            openclipart.candidates(folders[sources.OPENCLIPART]),
        )
    )
    with ProcessPoolExecutor() as pool:
        drawn = pool.map(partial(prepare, cache=options.cache), candidates, chunksize=16)
        prepared = [item for item in tqdm(drawn, "draw", len(candidates)) if item]
    items = selected(prepared)
    words = WordNet(folders[sources.WORDNET] / "usr/share/wordnet")
    lexicon = Lexicon(words, emoji.names(folders[sources.CLDR]), compounds())
    lexicon.learn([_entry(item) for item in items])
    write(options.output, items, lexicon)

    counts = Counter(item.candidate.collection for item in items)
    print(f"{len(candidates)} candidates, {len(prepared)} drawn, {len(items)} kept: {dict(counts)}")
    print(f"{options.output.stat().st_size:,} bytes")
    if options.sheets:
        write_sheets([(item.candidate.key, item.content) for item in items], options.sheets)


if __name__ == "__main__":
    main()
