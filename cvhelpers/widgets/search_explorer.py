"""The search explorer: a term, filters, pages; and what the vision service sees in a picture that was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import ipywidgets as W
import requests

from ..clients.exchange import Exchange
from ..clients.image_search import ImageSearchClient, thumbnails
from ..errors import CvhelpersError, PictureError, RecordingNotFound
from ..pictures import Picture, open_picture
from ..protocol.bing import ASPECTS, COLORS, IMAGE_TYPES, LICENSES, SAFE_SEARCH, SIZES
from ..results import ImageAnalysis, ImageResult, ImageSearchResults
from .explained import FITTING, HIDDEN, SHOWN, WIDE, WRAPPING, Choice, preview
from .explorer import Explorer, WatchedSearch, WatchedVision
from .front import Gallery
from .operations import ANALYZE
from .source_switch import SourceSwitch
from .vision_result import Seen, VisionResult
from .work import Job

FILTERS = {
    "license": ("Licence", LICENSES),
    "image_type": ("Kind", IMAGE_TYPES),
    "size": ("Size", SIZES),
    "aspect": ("Shape", ASPECTS),
    "color": ("Colour", COLORS),
    "safe_search": ("Safe search", SAFE_SEARCH),
}
"""For each argument of ``search`` its name here, and its words."""
COUNT = 16
"""Pictures on a page to begin with, as in the recorded answer."""
LOOKED_FOR = ("Description", "Tags", "Objects", "Faces", "Color")
"""What the service is asked about a picture that was found."""


@dataclass(frozen=True)
class ShownPage:
    """One page of a search: the answer, its thumbnails, and where this page and those before it begin."""

    found: ImageSearchResults
    thumbnails: list[Picture | CvhelpersError]
    offsets: tuple[int, ...]
    session: requests.Session

    def number(self, place: int) -> int:
        """The number of a picture, counted through all pages."""
        return self.offsets[-1] + place + 1


class Turner(W.HBox):  # type: ignore[misc]
    """Two buttons that turn the pages; one pair stands above the pictures, and one below."""

    def __init__(self, turn: Callable[[int], None]) -> None:
        self.back = W.Button(description="Page back", disabled=True, layout=FITTING)
        self.forward = W.Button(description="Page forward", disabled=True, layout=FITTING)
        self.back.on_click(lambda _: turn(-1))
        self.forward.on_click(lambda _: turn(1))
        super().__init__([self.back, self.forward], layout=WRAPPING)

    def set(self, back: bool, forward: bool) -> None:
        self.back.disabled, self.forward.disabled = not back, not forward


class SearchExplorer(Explorer):
    """The image search, to play with.

    Attributes
    ----------
    result : ImageSearchResults
        The page that is shown.
    seen : ImageAnalysis or None
        What the service sees in the picture that was opened last.
    """

    def __init__(self, session: requests.Session | None = None, term: str = "puppies") -> None:
        self.term = W.Text(value=term, description="Search for", style=WIDE, layout={"max_width": "100%"})
        self.count = Choice("How many", [("as the service chooses", ""), 8, COUNT, 32], COUNT)
        self.filters = {name: Choice(title, [("any", ""), *words], "") for name, (title, words) in FILTERS.items()}
        self.source = SourceSwitch(session, client=ImageSearchClient)
        self.gallery = Gallery(description="Open a picture: what does the service see in it?", opens=True)
        self.above, self.below = Turner(self.turn), Turner(self.turn)
        self.opened, self.view = W.HTML(), VisionResult()
        self.close_button = W.Button(description="Back to the pictures", layout={"width": "max-content"})
        self.seen: ImageAnalysis | None = None
        self._page: ShownPage | None = None
        self._offsets: tuple[int, ...] = (0,)

        self.term.on_msg(lambda _, content, __: self.run() if content.get("event") == "submit" else None)
        self.gallery.on_msg(lambda _, content, __: self.look_at(int(content["open"])))
        self.close_button.on_click(lambda _: self.close_picture())
        self.pages = W.VBox([self.above, self.gallery, self.below])
        self.detail = W.VBox([self.close_button, self.opened, self.view], layout={"display": HIDDEN})
        super().__init__(
            "Explore: image search",
            "Search with words and filters, turn the pages, and ask what the service sees in a picture.",
            [self.term, W.HBox([*self.filters.values(), self.count], layout=WRAPPING), self.source],
            [self.pages, self.detail],
            [self.source],
            action="Search",
        )

    def run(self) -> None:
        """Search anew, from the first page."""
        self._offsets = (0,)
        super().run()

    def turn(self, pages: int) -> None:
        """One page forward (1) or back (-1), with the controls as they are."""
        if self._page is None:
            return
        here, after = self._page.offsets, self._page.found.next_offset
        if pages > 0 and after is not None:
            self._offsets = (*here, after)
        elif pages < 0 and len(here) > 1:
            self._offsets = here[:-1]
        else:
            return
        super().run()

    def prepare(self) -> Callable[[Job, list[Exchange]], ShownPage]:
        term, offsets, session = self.term.value, self._offsets, self.source.session
        controls = {**self.filters, "count": self.count}
        options: dict[str, Any] = {name: control.value or None for name, control in controls.items()}
        options["offset"] = offsets[-1] or None
        client = WatchedSearch(session)

        def work(job: Job, exchanges: list[Exchange]) -> ShownPage:
            self.watch(client, job, exchanges)
            found = client.search(term, **options)
            job.check()
            return ShownPage(found, thumbnails(found), offsets, session)

        return work

    def show(self, made: ShownPage) -> str:
        self._page, self.result = made, made.found
        found, page = made.found, len(made.offsets)
        self.gallery.items = [
            _item(made.number(place), image, small)
            for place, (image, small) in enumerate(zip(found, made.thumbnails, strict=True))
        ]
        for turner in (self.above, self.below):
            turner.set(back=page > 1, forward=found.next_offset is not None and bool(found.images))
        self._show_pages(True)
        if not found.images:
            return f"Page {page}: nothing was found for ‘{found.query}’. Answer: {found.source}"
        total = f" of about {found.total:,}" if found.total else ""
        return f"Page {page}: pictures {made.number(0)} to {made.number(len(found) - 1)}{total}. Answer: {found.source}"

    # --- one of the pictures

    def look_at(self, place: int) -> None:
        """Open a picture of the page here, and ask what the service sees in it."""
        page = self._page
        if page is None or not 0 <= place < len(page.found):
            return
        image, small = page.found[place], page.thumbnails[place]
        self.view.clear()
        self.opened.value = _opened(page.number(place), image, small)
        self._show_pages(False)
        self.frame.scrolls += 1

        def prepare() -> Callable[[Job, list[Exchange]], Seen]:
            client = WatchedVision(page.session)

            def work(job: Job, exchanges: list[Exchange]) -> Seen:
                self.watch(client, job, exchanges)
                picture = _fetch(image, small, page.session)
                job.check()
                return Seen.draw(ANALYZE, picture, _look(client, picture))

            return work

        self.start(prepare, self._show_seen)

    def close_picture(self) -> None:
        """Back to the page of pictures, as it was."""
        self.worker.cancel()
        self.cancel_button.disabled = True
        self._show_pages(True)
        self.message.say("The pictures of the last search.")

    def _show_seen(self, seen: Seen) -> str:
        sentence = self.view.show(seen)
        self.opened.value = self.opened.value.partition("<img")[0]  # the drawing has the picture now
        if isinstance(seen.result, ImageAnalysis):
            self.seen = seen.result
        return sentence

    def _show_pages(self, pages: bool) -> None:
        self.pages.layout.display, self.detail.layout.display = (SHOWN, HIDDEN) if pages else (HIDDEN, SHOWN)


def _look(client: WatchedVision, picture: Picture) -> ImageAnalysis:
    try:
        return client.analyze(picture, LOOKED_FOR)
    except RecordingNotFound:
        raise PictureError(
            "What the service sees in this picture was not recorded. "
            "Choose another source under ‘Answers from’ and search again."
        ) from None


def _fetch(image: ImageResult, small: Picture | CvhelpersError, session: requests.Session) -> Picture:
    """The picture itself; where it can't be had, its thumbnail. It is sent as bytes: it is here already."""
    try:
        picture = open_picture(image.content_url or image.thumbnail_url, session)
    except CvhelpersError:
        if not isinstance(small, Picture):
            raise PictureError("Neither this picture nor its thumbnail could be loaded. Choose another one.") from None
        picture = small
    return replace(picture, url=None, name=image.name or "untitled", credit=image.credit)


def _title(number: int, image: ImageResult) -> str:
    return f"{number} {image.name or 'without a title'}"


def _item(number: int, image: ImageResult, thumbnail: Picture | CvhelpersError) -> dict[str, str]:
    item = {"title": _title(number, image), "note": image.credit or "no credit given"}
    if isinstance(thumbnail, Picture):
        return {**item, "src": preview(thumbnail, 340, 264)}
    return {**item, "src": "", "missing": f"Not shown: {str(thumbnail).split('. ')[0]}"}


def _opened(number: int, image: ImageResult, thumbnail: Picture | CvhelpersError) -> str:
    """The heading, and the small picture until the drawing is there."""
    heading = f"<strong>{escape(_title(number, image))}</strong><br>{escape(image.credit or 'no credit given')}"
    small = f'<br><img src="{preview(thumbnail, 340, 264)}" alt="">' if isinstance(thumbnail, Picture) else ""
    return f'<div class="cvh-opened">{heading}{small}</div>'
