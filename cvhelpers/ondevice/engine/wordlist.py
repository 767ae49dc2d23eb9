"""Lists of words, written as one would read them."""

from __future__ import annotations


def words(listed: str) -> tuple[str, ...]:
    """Split at commas. An empty place stays.

    >>> words("hot dog, pizza,, donut")
    ('hot dog', 'pizza', '', 'donut')
    """
    return tuple(word.strip() for word in listed.split(","))
