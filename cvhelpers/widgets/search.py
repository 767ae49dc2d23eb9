"""The search explorer: a term, filters, pages; and what the vision service sees in a result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import ipywidgets as W
import requests

from ..clients.exchange import Exchange
from ..clients.image_search import ImageSearchClient, thumbnails
from ..errors import CvhelpersError, PictureError, RecordingNotFound
from ..pictures import Picture, open_picture
from ..protocol.bing import ASPECTS, COLORS, IMAGE_TYPES, LICENSES, SAFE_SEARCH, SIZES
from ..results import ImageResult, ImageSearchResults
from .explorer import VisionExplorer
from .front import Gallery
from .operations import ANALYZE
from .pieces import FITTING, WIDE, WRAPPING, Explorer, Message, SourceSwitch, Watched, dropdown, preview
from .work import Job, Worker

FILTERS = {
    "license": ("Licence", LICENSES),
    "image_type": ("Kind", IMAGE_TYPES),
    "size": ("Size", SIZES),
    "aspect": ("Shape", ASPECTS),
    "color": ("Colour", COLORS),
    "safe_search": ("Safe search", SAFE_SEARCH),
}
"""For each argument of ``search`` its name here, and its words."""


class WatchedSearch(Watched, ImageSearchClient):
    """An `ImageSearchClient` that an explorer watches."""


@dataclass(frozen=True)
class Outcome:
    """What one search makes: the answer, its thumbnails, and the offsets of the pages up to this one."""

    found: ImageSearchResults
    thumbnails: list[Picture | CvhelpersError]
    offsets: tuple[int, ...]
    session: requests.Session


class SearchExplorer(Explorer):
    """The image search, to play with.

    Attributes
    ----------
    result : ImageSearchResults
        The page that is shown.
    seen : VisionExplorer or None
        Asks what the service sees in the result that was clicked last.
    """

    def __init__(self, session: requests.Session | None = None, term: str = "tropical ocean") -> None:
        self.term = W.Text(value=term, description="Search for", style=WIDE)
        self.count = dropdown("How many", [("as the service likes", ""), 8, 16, 32], "")
        self.filters = {name: dropdown(title, [("any", ""), *words], "") for name, (title, words) in FILTERS.items()}
        self.source = SourceSwitch(session)
        self.gallery = Gallery(description="Choose a picture: what does the service see in it?")
        self.gallery.add_class("cvh-large")
        self.back = W.Button(description="Page back", disabled=True, layout=FITTING)
        self.forward = W.Button(description="Page forward", disabled=True, layout=FITTING)
        self.seen: VisionExplorer | None = None
        self.handed, self._fetcher, self._vision = Message(), Worker(), W.VBox()
        self._outcome: Outcome | None = None

        self.back.on_click(lambda _: self.turn(-1))
        self.forward.on_click(lambda _: self.turn(1))
        self.gallery.observe(self._chosen, "selected")
        super().__init__(
            "Explore: image search",
            "Search with words and filters, turn the pages, and ask what the service sees in a result.",
            [self.term, W.HBox([*self.filters.values(), self.count], layout=WRAPPING), self.source],
            [W.HBox([self.back, self.forward], layout=WRAPPING), self.gallery, self.handed, self._vision],
            action="Search",
        )
        self._offsets: tuple[int, ...] = (0,)

    def run(self) -> None:
        """Search anew, from the first page."""
        self._offsets = (0,)
        super().run()

    def turn(self, pages: int) -> None:
        """One page forward (1) or back (-1), with the controls as they are."""
        if self._outcome is None:
            return
        here, after = self._outcome.offsets, self._outcome.found.next_offset
        if pages > 0 and after is not None:
            self._offsets = (*here, after)
        elif pages < 0 and len(here) > 1:
            self._offsets = here[:-1]
        else:
            return
        super().run()

    def prepare(self) -> Callable[[Job, list[Exchange]], Outcome]:
        term, offsets, session = self.term.value, self._offsets, self.source.session
        controls = {**self.filters, "count": self.count}
        options: dict[str, Any] = {name: control.value or None for name, control in controls.items()}
        options["offset"] = offsets[-1] or None
        client = WatchedSearch(session)

        def work(job: Job, exchanges: list[Exchange]) -> Outcome:
            self.watch(client, job, exchanges)
            found = client.search(term, **options)
            job.check()
            return Outcome(found, thumbnails(found, session), offsets, session)

        return work

    def show(self, outcome: Outcome) -> str:
        self._outcome, self.result = outcome, outcome.found
        found, page = outcome.found, len(outcome.offsets)
        self.gallery.selected = -1
        self.gallery.items = [_item(n, *one) for n, one in enumerate(zip(found, outcome.thumbnails, strict=True), 1)]
        self.back.disabled = page == 1
        self.forward.disabled = found.next_offset is None or not found.images
        total = f" of about {found.total:,}" if found.total else ""
        if not found.images:
            return f"Page {page}: nothing was found for ‘{found.query}’. Answer: {found.source}"
        first = outcome.offsets[-1] + 1
        return f"Page {page}: pictures {first} to {first + len(found) - 1}{total}. Answer: {found.source}"

    def _chosen(self, change: dict[str, Any]) -> None:
        """Hand a result to a vision explorer, and run it."""
        if self._outcome is None or not 0 <= change["new"] < len(self._outcome.found):
            return
        image = self._outcome.found[change["new"]]
        small, session = self._outcome.thumbnails[change["new"]], self._outcome.session
        self.handed.working(f"Fetching ‘{image.name}’ …")
        self._fetcher.start(
            lambda job: replace(_fetch(image, small, session), name=image.name or "a result"),
            self._hand_over,
            self.handed.alert,
        )

    def _hand_over(self, picture: Picture) -> None:
        if self.seen is None:
            self.seen = VisionExplorer(ANALYZE, self.source.session)
            self._vision.children = [self.seen]
        self.seen.source.choice.value = self.source.choice.value
        self.seen.picker.choose(picture)
        self.handed.say(f"What does the service see in ‘{picture.name}’? Its explorer is below.")
        self.seen.run()


def _fetch(image: ImageResult, small: Picture | CvhelpersError, session: requests.Session) -> Picture:
    """The picture itself; where it can't be had any more, its thumbnail."""
    try:
        return open_picture(image.content_url or image.thumbnail_url, session)
    except CvhelpersError as error:
        if isinstance(small, Picture):
            return small
        if isinstance(error, RecordingNotFound):
            raise PictureError("Neither this picture nor its thumbnail was recorded. Choose another source.") from None
        raise


def _item(number: int, image: ImageResult, thumbnail: Picture | CvhelpersError) -> dict[str, str]:
    title, note = f"{number} {image.name or 'without a title'}", image.credit or "credit not told"
    if isinstance(thumbnail, Picture):
        return {"title": title, "note": note, "src": preview(thumbnail, 340, 264)}
    return {"title": title, "note": note, "src": "", "missing": f"Not shown: {str(thumbnail).split('. ')[0]}"}
