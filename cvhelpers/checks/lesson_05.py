"""The exercises of notebook 05."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..figures.alt import counted
from .answers import TooOften, travels_as
from .exercise import Case, Exercise


class Pages:
    """Stands in for a search: gives the page at an offset, and nothing at offsets that no page named.

    >>> Pages([("a", "b"), ("c",)])(0)
    {'value': [{'name': 'a'}, {'name': 'b'}], 'nextOffset': 3}
    """

    def __init__(self, pages: Sequence[Sequence[str]]) -> None:
        self.pages: dict[int, dict[str, Any]] = {}
        self.asked, offset = 0, 0
        for number, names in enumerate(pages, start=1):
            page: dict[str, Any] = {"value": [{"name": name} for name in names]}
            following = offset + len(names) + 1  # one further on than a learner who counts would think
            self.pages[offset] = page if number == len(pages) else {**page, "nextOffset": following}
            offset = following

    def __call__(self, offset: int = 0) -> dict[str, Any]:
        self.asked += 1
        if self.asked > len(self.pages) + 2:
            raise TooOften("ask was called for more pages than there are")
        if offset not in self.pages:
            raise LookupError(f"no page begins at {offset}: use the nextOffset of the page before")
        return self.pages[offset]


def _asking(term: str, count: int) -> Case:
    wanted = {"q": term, "license": "public", "imageType": "photo"}
    return Case(
        (term, count),
        {**wanted, "count": str(count)},
        "Four parameters: q, license, imageType with a capital T, and count.",
        judge=travels_as,
        expected=str({**wanted, "count": count}),
    )


def _wide(**sizes: tuple[int, int]) -> Case:
    pictures = [{"name": name, "width": width, "height": height} for name, (width, height) in sizes.items()]
    wanted = [name for name, (width, height) in sizes.items() if width > height]
    return Case((pictures,), wanted, "A picture is wide when its width is more than its height.", str(sizes))


def _rows(number: int) -> Case:
    names = [f"p{n}" for n in range(1, number + 1)]
    wanted = [names[start : start + 4] for start in range(0, number, 4)]
    hint = "Rows of four from left to right; the last row has what is left, and no picture is lost."
    return Case((names,), wanted, hint, counted(number, "name"))


def _all(*pages: Sequence[str]) -> Case:
    hint = "Go on with nextOffset, until a page has none."
    return Case(
        lambda: (Pages(pages),),
        [name for page in pages for name in page],
        hint,
        f"a search of {counted(len(pages), 'page')}",
    )


EXERCISES = {
    "05-1": Exercise(
        "params_for",
        [_asking("puppies", 8), _asking("tropical ocean", 16), _asking("Hund & Katze", 1)],
        "Public means that nobody has rights in the picture. Even so, say who made it.",
    ),
    "05-2": Exercise(
        "wide",
        [
            _wide(beach=(1920, 1200), lighthouse=(800, 1400), island=(1024, 768)),
            _wide(stamp=(500, 500), tower=(300, 900)),
            _wide(wall=(2000, 300), tile=(640, 640), bridge=(640, 639)),
            _wide(),
        ],
        "The service could have done it for you, with aspect=Wide.",
    ),
    "05-3": Exercise(
        "rows_of",
        [_rows(16), _rows(6), _rows(0), _rows(17), _rows(3), _rows(4)],
        "A search seldom finds as many as you planned for.",
    ),
    "05-4": Exercise(
        "all_names",
        [_all("ab", "c", "d"), _all("d"), _all("pqr", "", "s"), _all("ab", "cd", "ef", "gh", "i")],
        "Of course you would ask a real service for no more pages than you need.",
    ),
}
