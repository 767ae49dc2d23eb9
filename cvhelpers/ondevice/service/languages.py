"""The languages in which captions and tags are answered.

The engine speaks English. A function ``translate(found, language)`` of the engine that speaks others takes the place
of the one here, with its languages in `LANGUAGES`; nothing else has to change.
"""

from __future__ import annotations

from ..engine.readings import Analysis

LANGUAGES = ("en",)


def translate(found: Analysis, language: str) -> Analysis:
    """The same analysis, its tags and captions in one of `LANGUAGES`."""
    assert language in LANGUAGES
    return found
