"""The Open Clip Art Library as Debian packages it: SVG files that tell title, author and licence themselves."""

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from .candidate import Candidate
from .curation import filing_keywords, left_out

_DC = "{http://purl.org/dc/elements/1.1/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PUBLIC_DOMAIN = frozenset(
    {
        "http://web.resource.org/cc/PublicDomain",
        "http://creativecommons.org/licenses/publicdomain/",
    }
)
_DATE = re.compile(r"(?P<year>200[3-9])-(?P<month>\d\d)-(?P<day>\d\d)")
_WINDOWS = re.compile(r"[\x80-\x9f]")
_SERIES = re.compile(r"^clip ?art by [^-]+- ", re.IGNORECASE)
_DOG = re.compile(r"\bdogs?\b|\bpupp(y|ies)\b", re.IGNORECASE)


def candidates(package: Path) -> Iterator[Candidate]:
    """The works that say they are in the public domain, one by one; links to others are passed over."""
    root = package / "usr/share/openclipart/svg"
    for file in sorted(root.rglob("*.svg")):
        key = "openclipart/" + file.relative_to(root).as_posix()
        if file.is_symlink() or left_out(key):
            continue
        if candidate := _read(key, file):
            yield candidate


def _read(key: str, file: Path) -> Candidate | None:
    try:
        svg = ET.parse(file).getroot()
    except ET.ParseError:
        return None
    licences = {element.get(_RDF + "resource") for element in svg.iter() if str(element.tag).endswith("}license")}
    if not licences or not licences <= _PUBLIC_DOMAIN:
        return None
    work = next((e for e in svg.iter() if str(e.tag).endswith("}Work")), svg)
    author, keywords = _author(work), _keywords(work)
    title = _title(work.findtext(_DC + "title"), file)
    if title == author and keywords:
        title = keywords[0].capitalize()
    if _needs_a_font(svg) and not _DOG.search(" ".join((title, *keywords))):
        return None  # text is not drawn, and what is left of such a picture is often an empty sign
    return Candidate(
        key=key,
        file=file,
        title=title,
        description=_clean(work.findtext(_DC + "description")),
        keywords=keywords,
        author=author,
        license="CC-PDDC",
        permits="Public",
        collection="Open Clip Art Library",
        source="https://openclipart.org/",
        published=_published(work.findtext(_DC + "date")),
        topic=key.split("/")[1],
    )


def _clean(text: str | None) -> str:
    """Without markup; some files were saved as Windows-1252 and say they are Latin-1."""
    plain = re.sub(r"<[^>]+>", " ", html.unescape(text or ""))
    plain = _WINDOWS.sub(lambda match: match.group().encode("latin-1").decode("cp1252", "replace"), plain)
    return " ".join("".join(char if char.isprintable() else " " for char in plain).split())


def _title(text: str | None, file: Path) -> str:
    title = _SERIES.sub("", _clean(text).replace("_", " "))
    if not title or title.lower().endswith(".svg") or "\ufffd" in title:
        title = re.sub(r"[_\d]+", " ", file.stem).strip()
    return title[:1].upper() + title[1:]


def _author(work: ET.Element) -> str:
    for role in ("creator", "rights"):
        name = _clean(work.findtext(f"{_DC}{role}/*/{_DC}title"))
        if name:
            return name
    return ""


def _keywords(work: ET.Element) -> tuple[str, ...]:
    words = (_clean(element.text) for element in work.iter(_RDF + "li"))
    kept = (word for word in words if word and word.lower() not in filing_keywords())
    return tuple(dict.fromkeys(word.replace("_", " ").lower() for word in kept))


def _published(text: str | None) -> date | None:
    if found := _DATE.search(text or ""):
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            return None
    return None


def _needs_a_font(svg: ET.Element) -> bool:
    return any(str(e.tag).rpartition("}")[2] in ("text", "flowRoot") for e in svg.iter())
