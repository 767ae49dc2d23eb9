"""Many pictures: a few at a time, no faster than the service allows, and nothing is asked for twice.

Each answer is written to a folder as soon as it is there. A run that was stopped, at whatever moment, goes on where it
was when it is started again; what was answered is neither asked nor paid for once more.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import CvhelpersError, RateLimited, SetupError, WrongKey
from ..pictures import AnyPicture, Picture, is_address, open_picture
from ..results import ImageAnalysis, OcrResult, ReadResult, Rows, scaled

Result = ImageAnalysis | OcrResult | ReadResult
KINDS: Mapping[str, type[Result]] = {"analyze": ImageAnalysis, "ocr": OcrResult, "recognize_text": ReadResult}
AT_ONCE = 4
TRIES = 3
"""How often a picture is asked for when the service says that there were too many calls."""


@dataclass(frozen=True)
class Batch:
    """The results of many pictures, in the order in which they were given; an error where there is no result.

    ``len``, iteration and ``[n]`` give the results; ``names`` has the pictures' names.

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
        return {
            name: one for name, one in zip(self.names, self.results, strict=True) if isinstance(one, CvhelpersError)
        }

    def __repr__(self) -> str:
        right = len(self) - len(self.failed)
        return f"<Batch of {len(self)} pictures: {right} answered, {len(self.failed)} failed>"

    def to_rows(self) -> Rows:
        """The rows of all results, each with the picture's name first; for an error one row that says it."""
        rows: Rows = []
        for name, one in zip(self.names, self.results, strict=True):
            if isinstance(one, CvhelpersError):
                rows.append({"picture": name, "number": 1, "what": "error", "name": str(one)})
            else:
                rows += [{"picture": name, **row} for row in one.to_rows()]
        return rows


class Kept:
    """Answers in a folder, a file each, written whole or not at all."""

    def __init__(self, folder: str | os.PathLike[str], kind: str, about: Mapping[str, object]) -> None:
        self.folder, self.kind, self.about = Path(folder), kind, about
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SetupError(f"{self.folder} can't be made: {error.strerror}. Choose another folder.") from None

    def file(self, picture: Picture | str) -> Path:
        """Where the answer about a picture is kept: the name says which picture, and which question."""
        subject = picture if isinstance(picture, str) else hashlib.sha256(picture.data).hexdigest()
        asked = json.dumps({"kind": self.kind, "picture": subject, **self.about}, sort_keys=True, default=str)
        return self.folder / f"{hashlib.sha256(asked.encode()).hexdigest()[:32]}.json"

    def read(self, picture: Picture | str) -> Result | None:
        """The answer that is kept, or None. A file that can't be read is none: it is asked for again."""
        try:
            kept = json.loads(self.file(picture).read_text(encoding="utf-8"))
            result = KINDS[self.kind].from_json(kept["raw"], kept["source"])
            result = scaled(result, float(kept["scale"]))
            sizes = {} if self.kind == "analyze" else {"width": kept["width"], "height": kept["height"]}
            return replace(result, sent=kept["sent"], **sizes)
        except (OSError, ValueError, KeyError, TypeError, CvhelpersError):
            return None

    def write(self, picture: Picture | str, name: str, result: Result, scale: float) -> None:
        """Keep an answer. Raises `SetupError` where the folder can't be written to."""
        kept = {
            "picture": name,
            "source": result.source,
            "sent": result.sent,
            "scale": scale,
            "width": result.width,
            "height": result.height,
            "raw": result.raw,
        }
        try:
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self.folder, suffix=".part", delete=False
            ) as file:
                json.dump(kept, file, ensure_ascii=False)
            os.replace(file.name, self.file(picture))
        except OSError as error:
            raise SetupError(
                f"The answers can't be kept in {self.folder}: {error.strerror}. Make room there, or choose another "
                "folder; what is kept already stays."
            ) from None


class Pace:
    """No more than so many calls in any minute: whoever comes too early waits.

    >>> clock, naps = [0.0], []
    >>> def sleep(seconds):
    ...     naps.append(seconds)
    ...     clock[0] += seconds
    >>> pace = Pace(2, clock=lambda: clock[0], sleep=sleep)
    >>> pace.wait(), pace.wait(), pace.wait(), naps
    (None, None, None, [60.0])
    """

    def __init__(
        self,
        calls_per_minute: int | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._most, self._clock, self._sleep = calls_per_minute, clock, sleep
        self._calls: deque[float] = deque()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Wait until one more call is allowed, and count it."""
        if self._most is None:
            return
        with self._lock:
            now = self._clock()
            if len(self._calls) == self._most:
                early = self._calls.popleft() + 60 - now
                if early > 0:
                    self._sleep(early)
            self._calls.append(self._clock())


def ask_many(
    pictures: Sequence[AnyPicture],
    ask: Callable[[Picture | str], tuple[Result, float]],
    kept: Kept | None,
    pace: Pace,
    progress: bool = True,
) -> Batch:
    """Ask about each picture, a few at a time.

    ``ask`` gives the result, and by how much its coordinates were enlarged. A wrong key ends the run at once: every
    other call would fail as well. Ctrl+C ends it too; what is under way is dropped, what was answered is kept.
    """
    results: list[Result | CvhelpersError | None] = [None] * len(pictures)
    names = [_name(picture, n) for n, picture in enumerate(pictures, start=1)]
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="cvhelpers-batch")
    waiting = iter(range(len(pictures)))
    under_way: dict[Future[Result | CvhelpersError], int] = {}
    stop = threading.Event()
    try:
        with _bar(len(pictures), progress) as bar:
            while True:
                for place in waiting:
                    job = pool.submit(_one, pictures[place], names[place], ask, kept, pace, stop)
                    under_way[job] = place
                    if len(under_way) == AT_ONCE:
                        break
                if not under_way:
                    break
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for job in done:
                    results[under_way.pop(job)] = job.result()
                    bar.update()
    finally:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
    return Batch(tuple(names), tuple(one for one in results if one is not None))


def _one(
    given: AnyPicture,
    name: str,
    ask: Callable[[Picture | str], tuple[Result, float]],
    kept: Kept | None,
    pace: Pace,
    stop: threading.Event,
) -> Result | CvhelpersError:
    """The result of one picture, or its error. Raises what concerns all of them."""
    try:
        picture = str(given).strip() if is_address(given) else open_picture(given)
        known = kept.read(picture) if kept else None
        if known is not None:
            return known
        result, scale = _asked(picture, ask, pace, stop)
    except (WrongKey, SetupError):
        raise
    except CvhelpersError as error:
        return error
    if kept:
        kept.write(picture, name, result, scale)
    return result


def _asked(
    picture: Picture | str, ask: Callable[[Picture | str], tuple[Result, float]], pace: Pace, stop: threading.Event
) -> tuple[Result, float]:
    for attempt in range(TRIES):
        pace.wait()
        try:
            return ask(picture)
        except RateLimited as error:
            if attempt == TRIES - 1 or stop.wait(min(error.retry_after or 10, 60)):
                raise
    raise AssertionError("the last attempt returns or raises")


def _name(picture: AnyPicture, n: int) -> str:
    if isinstance(picture, Picture):
        return picture.name
    if is_address(picture):
        return str(picture).strip()
    return os.fspath(picture) if isinstance(picture, str | os.PathLike) else f"picture {n}"


def _bar(total: int, shown: bool) -> Any:
    from tqdm.auto import tqdm

    return tqdm(total=total, unit="picture", disable=not shown or total < 2)
