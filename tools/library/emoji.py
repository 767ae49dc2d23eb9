"""Emoji of two open sets, described by the words that Unicode's CLDR gives in many languages."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .candidate import Candidate
from .curation import left_out

LANGUAGES = ("de", "es", "fr", "it", "pt", "nl", "pl", "sv", "da", "cs", "tr", "ru", "uk", "ja", "ko", "zh")
# Of the second set only what people search for most: its drawings of things are much like the first one's.
_CATEGORIES = {
    "fluent": ("Animals & Nature", "Food & Drink", "Travel & Places", "Objects", "Activities"),
    "noto": ("Animals & Nature", "Food & Drink"),
}


def candidates(fluent: Path, noto: Path, cldr: Path, cache: Path) -> Iterator[Candidate]:
    """Animals, food, places and things of both sets; people, faces, flags and symbols are left out.

    The Fluent package does not say which character a drawing stands for: both sets name them alike,
    so Noto's table tells.
    """
    characters = _characters(noto)
    annotations = {language: _annotations(cldr, language) for language in ("en", *LANGUAGES)}
    for name, package in (("fluent", fluent), ("noto", noto)):
        information = json.loads((package / "package/info.json").read_text("utf-8"))
        icons = json.loads((package / "package/icons.json").read_text("utf-8"))
        for topic, slugs in _categories(noto, name).items():
            for slug in slugs:
                key = f"{name}/{slug}"
                named = {code: words.get(characters.get(slug, "")) for code, words in annotations.items()}
                if slug not in icons["icons"] or left_out(key) or not named["en"]:
                    continue
                yield _candidate(key, topic, named, icons, information, cache)


def names(cldr: Path) -> dict[str, tuple[str, ...]]:
    """English names of emoji and what other languages call the same: dog, and Hund, perro, chien …"""
    english = _annotations(cldr, "en")
    others = [_annotations(cldr, language) for language in LANGUAGES]
    found = {}
    for character, words in english.items():
        called = [language[character]["tts"][0].lower() for language in others if character in language]
        found[words["tts"][0].lower()] = tuple(dict.fromkeys(called))
    return found


def _candidate(
    key: str, topic: str, named: dict[str, Any], icons: dict[str, Any], information: dict[str, Any], cache: Path
) -> Candidate:
    icon = icons["icons"][key.split("/")[1]]
    width, height = icon.get("width", icons["width"]), icon.get("height", icons["height"])
    file = cache / "emoji" / f"{key}.svg"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">{icon["body"]}</svg>',
        "utf-8",
    )
    name = named["en"]["tts"][0]
    foreign = [words for code, words in named.items() if code != "en" and words]
    return Candidate(
        key=key,
        file=file,
        title=name[:1].upper() + name[1:],
        description="",
        keywords=tuple(dict.fromkeys(word.lower() for word in named["en"]["default"])),
        author=information["author"]["name"],
        license=information["license"]["spdx"],
        permits="ModifyCommercially",
        collection=information["name"],
        source=information["author"]["url"],
        published=datetime.fromtimestamp(icons["lastModified"], UTC).date(),
        topic=topic,
        translations=tuple(
            dict.fromkeys(word.lower() for words in foreign for word in (*words["tts"], *words["default"]))
        ),
    )


def _categories(noto: Path, name: str) -> dict[str, list[str]]:
    categories = json.loads((noto / "package/metadata.json").read_text("utf-8"))["categories"]
    return {topic: categories[topic] for topic in _CATEGORIES[name]}


def _characters(noto: Path) -> dict[str, str]:
    """The character of each name; CLDR writes it without the variation selector."""
    codes = json.loads((noto / "package/chars.json").read_text("utf-8"))
    return {
        slug: "".join(chr(int(code, 16)) for code in codepoints.split("-") if code != "fe0f")
        for codepoints, slug in codes.items()
    }


def _annotations(cldr: Path, language: str) -> dict[str, Any]:
    file = cldr / f"package/annotations/{language}/annotations.json"
    found = json.loads(file.read_text("utf-8"))["annotations"]["annotations"]
    return {character: words for character, words in found.items() if "tts" in words and "default" in words}
