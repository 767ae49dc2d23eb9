"""Many pictures: a few at a time, no faster than the service allows, and nothing is asked for twice.

With a folder, each answer is kept there as a recording as soon as it is there. A run that was stopped, at whatever
moment, goes on where it was when it is started again; what was answered is neither asked nor paid for once more.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tqdm.auto import tqdm

from ..errors import CvhelpersError, OptionError, SetupError, WrongKey
from ..pictures import AnyPicture, Picture
from ..results import Result, Rows, Tabular

if TYPE_CHECKING:
    from .vision import VisionClient

AT_ONCE = 4
PATIENCE = 600.0
"""Seconds for one picture: among many, it may have to wait for its turn."""


@dataclass(frozen=True)
class Batch(Tabular):
    """The results of many pictures, in the order in which they were given; an error where there is no result.

    ``len``, iteration and ``[n]`` give the results; ``names`` has the pictures' names.

    >>> from cvhelpers.results import ImageAnalysis
    >>> batch = Batch(("cat", "dog"), (ImageAnalysis(), SetupError("no")))
    >>> batch.failed
    {'dog': SetupError('no')}
    """

    names: tuple[str, ...]
    results: tuple[Result | CvhelpersError, ...]

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[Result | CvhelpersError]:
        return iter(self.results)

    def __getitem__(self, index: int) -> Result | CvhelpersError:
        return self.results[index]

    @property
    def failed(self) -> dict[str, CvhelpersError]:
        """The errors by the names of their pictures; empty if all went well."""
        both = zip(self.names, self.results, strict=True)
        return {name: one for name, one in both if isinstance(one, CvhelpersError)}

    def __repr__(self) -> str:
        failed = len(self.failed)
        return f"<Batch of {len(self)} pictures: {len(self) - failed} answered, {failed} failed>"

    def to_rows(self) -> Rows:
        """The rows of all results, each with the picture's name first.

        A picture without an answer has one row, with the error. A picture in which nothing was found has one row, too.
        """
        rows: Rows = []
        for name, one in zip(self.names, self.results, strict=True):
            if isinstance(one, CvhelpersError):
                rows.append({"picture": name, "number": 1, "what": "error", "name": str(one)})
            else:
                found = one.to_rows() or [{"number": 1, "what": "nothing", "name": ""}]
                rows += [{"picture": name, **row} for row in found]
        return rows


def ask_many(
    client: VisionClient,
    method: str,
    pictures: Iterable[AnyPicture],
    options: Mapping[str, Any],
    folder: str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> Batch:
    """Call a method of the client for each picture, a few at a time.

    A wrong key or option ends the run at once: every other call would fail as well. Ctrl+C ends it, too. What was
    answered by then is in the folder. Raises `OptionError` for one picture in place of several.
    """
    if isinstance(pictures, str | bytes) or not isinstance(pictures, Iterable):
        raise OptionError(f"{method}_many takes a list of pictures. For one picture call {method}, or write [picture].")
    pictures = list(pictures)
    session = client.session if folder is None else client.session.keeping(folder)
    names = tuple(_name(picture, n) for n, picture in enumerate(pictures, start=1))
    results: dict[int, Result | CvhelpersError] = {}
    askers: list[VisionClient] = []

    def ask(place: int) -> Result | CvhelpersError:
        asker = client.with_session(session)
        askers.append(asker)
        try:
            result: Result = getattr(asker, method)(pictures[place], **options)
            return result
        except (WrongKey, SetupError, OptionError):
            raise
        except CvhelpersError as error:
            return error

    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="cvhelpers-batch")
    under_way: dict[Future[Result | CvhelpersError], int] = {pool.submit(ask, n): n for n in range(len(pictures))}
    try:
        with tqdm(total=len(pictures), unit="picture", disable=not progress or len(pictures) < 2) as bar:
            while under_way:
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for job in done:
                    results[under_way.pop(job)] = job.result()
                    bar.update()
    finally:  # also when the learner presses Stop
        pool.shutdown(wait=False, cancel_futures=True)
        for asker in askers:
            asker.stop()
    return Batch(names, tuple(results[place] for place in range(len(pictures))))


def _name(picture: AnyPicture, n: int) -> str:
    if isinstance(picture, Picture):
        return picture.name
    return os.fspath(picture) if isinstance(picture, str | os.PathLike) else f"picture {n}"
