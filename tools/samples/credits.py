"""Write cvhelpers/samples/CREDITS.md from pictures.json and fonts.json: python -m tools.samples.credits

A new picture needs a file in cvhelpers/samples/pictures and an entry in pictures.json there. This program fills in
the fingerprints (SHA-256) and writes the tables. With --check it changes nothing and tells whether everything agrees.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .brushes import FONTS, SAMPLES

LICENSES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "Public domain": "https://creativecommons.org/publicdomain/mark/1.0/",
    "No known copyright restrictions": "https://rightsstatements.org/vocab/NKC/1.0/",
    "OFL-1.1": "https://openfontlicense.org/open-font-license-official-text/",
}
PAGE = """# Credits

The drawings and the photographs of this folder, and the fonts of the drawings, come from the people named here.
Thank you! This page is written by `python -m tools.samples.credits` from `pictures.json` and
`tools/samples/fonts.json`.

## Drawings

The pictures that the quickstarts used can't be shipped, because their licences couldn't be traced. These
drawings stand in for them. `python -m tools.samples.draw` draws them again. They are given to everyone
under CC0.

{drawings}

## Photographs

`python -m tools.samples.photographs` makes these files from those in the wheel of scikit-image 0.26.0:
made smaller, where they are large, until the longest side has 640 pixels, and saved as JPEG with quality 88
and without metadata. The licences are those that scikit-image's documentation states for each photograph.
The people and organisations shown have nothing to do with this project.

{photographs}

## Thumbnails

`cvhelpers record` keeps the answer of this project's own image search to *puppies*, with its small pictures, in
`recordings/`. They are parts of the picture library, whose sources are named in `ondevice/library/PROVENANCE.md`.

{thumbnails}

## Fonts

The drawings are written with these fonts. The files are not part of the package: they are in `tools/samples/fonts` of
the repository. Each keeps only the letters that the drawings may need. It was made with fonttools 4.68.0 and brotli:

    pyftsubset FILE.woff2 --unicodes=U+0020-007E,U+2019,U+00B7 --layout-features=kern --no-hinting
               --name-IDs='*' --output-file=NAME.ttf

The licence's text lies beside each font. None of these fonts has a reserved name.

{fonts}
"""


def lists() -> dict[str, Path]:
    """The two lists by name. The files that a list names are in the folder of the same name beside it."""
    return {"pictures": SAMPLES / "pictures.json", "fonts": FONTS.with_suffix(".json")}


def entries(name: str) -> list[dict[str, Any]]:
    """The entries of a list: "pictures" or "fonts"."""
    found: list[dict[str, Any]] = json.loads(lists()[name].read_text(encoding="utf-8"))
    return found


def fingerprint(file: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def with_fingerprints(name: str) -> str:
    """The list as it should be, with the fingerprint of each entry's file."""
    folder = lists()[name].with_suffix("")
    found = entries(name)
    for entry in found:
        entry["sha256"] = fingerprint(folder / entry["file"])
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def linked(text: str) -> str:
    """The text with each address made a link.

    >>> linked("NASA, https://nasa.gov, by way of a friend")
    'NASA, <https://nasa.gov>, by way of a friend'
    """
    words = text.split(" ")
    for number, word in enumerate(words):
        if word.startswith(("http://", "https://")):
            address = word.rstrip(",")
            words[number] = f"<{address}>{word[len(address) :]}"
    return " ".join(words)


def table(headings: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown.

    >>> print(table(["file", "author"], [["a.jpg", "Ann"]]))
    | file | author |
    | --- | --- |
    | a.jpg | Ann |
    """
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def license_link(license: str) -> str:
    """The licence's name as a link to its text."""
    return f"[{license}]({LICENSES[license]})"


def picture_row(entry: dict[str, Any]) -> list[str]:
    """One picture's row."""
    title = entry["title"]
    if entry["stand_in_for"]:
        title += f". {entry['stand_in_for']['note']}"
    source, license = linked(entry["source"]), license_link(entry["license"])
    return [f"`{entry['file']}`", title, entry["author"], source, license, f"`{entry['sha256']}`"]


def thumbnail_rows() -> list[list[str]]:
    """The small pictures of the recorded search, as the search itself credits them."""
    found = json.loads((SAMPLES / "recordings" / "on-device-search-puppies.json").read_text(encoding="utf-8"))
    rows = []
    for number, image in enumerate(found["response"]["body"]["json"]["value"], start=1):
        (file,) = (SAMPLES / "recordings" / "thumbnails").glob(f"on-device-thumbnail-{number:02}.*")
        source = image["attribution"].replace("|", "/")
        rows.append(
            [
                f"`{file.name}`",
                image["name"],
                image["creator"],
                source,
                image["creativeCommons"],
                f"`{fingerprint(file)}`",
            ]
        )
    return rows


def font_row(entry: dict[str, Any]) -> list[str]:
    """One font's row."""
    license = f"{license_link(entry['license'])}, in `{entry['license_file']}`"
    title = f"{entry['title']}, for {entry['used_for']}"
    source = f"{linked(entry['source'])}, by way of {entry['made_from']}"
    return [f"`{entry['file']}`", title, entry["author"], source, license, f"`{entry['sha256']}`"]


def page() -> str:
    """The whole of CREDITS.md."""
    headings = ["file", "what it shows", "author", "source", "licence", "SHA-256"]
    pictures = entries("pictures")
    return PAGE.format(
        drawings=table(headings, [picture_row(entry) for entry in pictures if entry["stand_in_for"]]),
        photographs=table(headings, [picture_row(entry) for entry in pictures if not entry["stand_in_for"]]),
        thumbnails=table(headings, thumbnail_rows()),
        fonts=table(["file", "font", *headings[2:]], [font_row(entry) for entry in entries("fonts")]),
    )


def wanted() -> Iterator[tuple[Path, str]]:
    """Each file and what it should hold. The page comes last: it repeats what the lists say."""
    for name, file in lists().items():
        yield file, with_fingerprints(name)
    yield SAMPLES / "CREDITS.md", page()


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or check them."""
    check = "--check" in (sys.argv[1:] if arguments is None else arguments)
    stale = []
    for file, text in wanted():
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            stale.append(file.name)
            if not check:
                file.write_text(text, encoding="utf-8")
    print(f"{'out of date' if check else 'written'}: {', '.join(stale) if stale else 'nothing'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
