"""Controls for notebooks: pick a picture, ask the service, look at what was sent and what came back.

Every function here makes one control; each has a twin in plain code that does the same without it:

====================================  ==========================================================
``pick_picture(on_pick)``             ``on_pick(open_picture("cat"))``
``pick_search_term(on_pick)``         ``on_pick("puppies")``
``explore_analyze()``                 ``show_caption(picture, vision.analyze(picture))``
``explore_printed_text()``            ``show_words(picture, vision.ocr(picture))``
``explore_handwritten_text()``        ``show_lines(picture, vision.recognize_text(picture))``
``explore_search()``                  ``show_grid(search.search("puppies"))``
``explore_comparison()``              ``compare_results(vision.ocr(one), vision.ocr(other))``
====================================  ==========================================================

Work is done in the background: a control never blocks the notebook, a second start replaces the first, and what
went wrong is said in words beside the control while the last good result stays.

===========================================  =====================================================================
`front`                                      the parts that run in the browser: gallery, own picture, reading, frame
`explained`                                  what every control is made of, and small helpers
`work`                                       one piece of work at a time, in a thread, that can be cancelled
`picker`                                     pick a picture or a search term
`source_switch`                              a switch for where answers come from
`operations`                                 the three operations of the vision service, and their options
`vision_result`, `exchange_view`             an answer shown; the HTTP exchange shown: request, answer, code
`explorer`                                   what the explorers share
`vision_explorer`, `search_explorer`         the explorers
`side_by_side`                               two answers compared
===========================================  =====================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import requests

from ..pictures import AnyPicture, Picture
from .operations import ANALYZE, HANDWRITTEN_TEXT, PRINTED_TEXT
from .picker import PicturePicker, TermPicker
from .search_explorer import SearchExplorer
from .side_by_side import SideBySide
from .vision_explorer import VisionExplorer

__all__ = [
    "explore_analyze",
    "explore_comparison",
    "explore_handwritten_text",
    "explore_printed_text",
    "explore_search",
    "pick_picture",
    "pick_search_term",
]


def pick_picture(
    on_pick: Callable[[Picture], object] | None = None,
    session: requests.Session | None = None,
    samples: Sequence[str] | None = None,
) -> PicturePicker:
    """Pick a picture: one of the samples, an address, a file of your own, or one from the camera.

    Parameters
    ----------
    on_pick : function, optional
        Called with the `Picture`; what it returns, a figure for instance, is shown.
    session : requests.Session, optional
        What an address is fetched with.
    samples : list of str, optional
        The names to choose from; by default all of ``sample_names()``.

    >>> pick_picture(print)
    Pick a picture (the controls appear where the notebook runs)
    """
    return PicturePicker(on_pick, session, samples)


def pick_search_term(on_pick: Callable[[str], object], term: str = "") -> TermPicker:
    """Pick a search term: type it and press Search, or the Enter key.

    >>> pick_search_term(print).text.description
    'Search for'
    """
    return TermPicker(on_pick, term)


def explore_analyze(session: requests.Session | None = None) -> VisionExplorer:
    """Choose a picture and visual features, and see what the service says, what was sent, and what came back.

    >>> explorer = explore_analyze()
    >>> explorer.run(); explorer.worker.wait()
    >>> str(explorer.result)
    'a group of people on a city street at night'
    """
    return VisionExplorer(ANALYZE, session)


def explore_printed_text(session: requests.Session | None = None) -> VisionExplorer:
    """Choose a picture and a language, and see the printed words that the service reads in it.

    >>> explorer = explore_printed_text()
    >>> explorer.run(); explorer.worker.wait()
    >>> len(explorer.result)
    11
    """
    return VisionExplorer(PRINTED_TEXT, session)


def explore_handwritten_text(session: requests.Session | None = None) -> VisionExplorer:
    """Choose a picture, start the operation, and watch how its result is asked for until there is one.

    >>> explorer = explore_handwritten_text()
    >>> explorer.run(); explorer.worker.wait(10)
    >>> [exchange.method for exchange in explorer.exchanges]
    ['POST', 'GET', 'GET']
    """
    return VisionExplorer(HANDWRITTEN_TEXT, session)


def explore_search(session: requests.Session | None = None, term: str = "puppies") -> SearchExplorer:
    """Search with words and filters, turn the pages, and ask what the service sees in a result.

    >>> explorer = explore_search()
    >>> explorer.run(); explorer.worker.wait()
    >>> len(explorer.result)
    16
    """
    return SearchExplorer(session, term)


def explore_comparison(
    left: AnyPicture = "democritus",
    right: AnyPicture | None = None,
    session: requests.Session | None = None,
) -> SideBySide:
    """Ask twice and see what differs: two sources about one picture, or one source about two pictures.

    Parameters
    ----------
    left, right : picture, optional
        What ``open_picture`` takes; the right one is the same as the left one unless it is given.
    session : requests.Session, optional
        For the source of both sides to start with.

    >>> side_by_side = explore_comparison("democritus")
    >>> side_by_side.run(); side_by_side.worker.wait()
    >>> side_by_side.result
    The 11 words are the same on both sides.
    """
    return SideBySide(left, right, session)
