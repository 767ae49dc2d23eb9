"""Sentences for alt texts: what was found, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..pictures import Picture
    from .labels import Point

NAMED = 16
"""So many words are named in an alt text; all of them are in the table."""


def one_line(text: str) -> str:
    """On one line, as an alt text needs it."""
    return " ".join(text.split())


def counted(number: int, noun: str) -> str:
    """
    >>> counted(1, "word"), counted(0, "word")
    ('1 word', '0 words')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def sentence(text: str) -> str:
    """With a full stop, unless it ends already."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def listed(names: Sequence[str], most: int) -> str:
    """
    >>> listed(["one", "two", "three"], most=2)
    'one, two and 1 more'
    """
    more = len(names) - most
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:most])} and {more} more"


def found_text(
    picture: Picture, noun: str, how: str, outlines: Sequence[Sequence[Point]], texts: Sequence[str], nothing: str
) -> str:
    """What was found and where: ``Picture ‘page’ with 2 words boxed: at the top 1 NOTHING; in the middle 2 EXISTS.``"""
    subject = f"Picture ‘{one_line(picture.name)}’"
    if not texts:
        return f"{subject}: {nothing}."
    parts: list[str] = []
    last = ""
    for n, (outline, text) in enumerate(zip(outlines[:NAMED], texts, strict=False), start=1):
        here = place(outline, picture.width, picture.height)
        parts.append(f", {n} {one_line(text)}" if here == last else f"; {here} {n} {one_line(text)}")
        last = here
    more = f" and {len(texts) - NAMED} more; all are in the table" if len(texts) > NAMED else ""
    return sentence(f"{subject} with {counted(len(texts), noun)} {how}: {''.join(parts)[2:]}{more}")


def place(outline: Sequence[Point], width: float, height: float) -> str:
    """Where the middle of an outline lies in a picture of that size.

    >>> place([(300, 10), (380, 10), (380, 30), (300, 30)], width=400, height=300)
    'at the top right'
    """
    x = sum(x for x, _ in outline) / len(outline) / width
    y = sum(y for _, y in outline) / len(outline) / height
    column = "left" if x < 1 / 3 else "right" if x > 2 / 3 else ""
    row = "top" if y < 1 / 3 else "bottom" if y > 2 / 3 else ""
    if not row:
        return f"on the {column}" if column else "in the middle"
    return f"at the {row} {column}".strip()
