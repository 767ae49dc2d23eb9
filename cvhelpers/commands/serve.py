"""cvhelpers serve: the services' REST API over HTTP, with the studio. cvhelpers explore: the studio for one person."""

import argparse
import threading
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from cvhelpers import ondevice
from cvhelpers.commands import CommandError
from cvhelpers.sources.deadline import Deadline
from cvhelpers.sources.live import open_search
from cvhelpers.sources.open_search.search import SERVICES, HttpAnswer

SECONDS = 30.0
"""How long a search of the open web may last."""
PACKAGE = Path(__file__).parents[1]
FRONT, SAMPLES = PACKAGE / "front", PACKAGE / "samples"
"""The studio's files: its scripts, and the pictures to begin with."""


def main(arguments: Sequence[str]) -> int:
    """Serve until stopped."""
    searches = {name: partial(_web_search, name) for name in SERVICES}
    return _in_words(lambda: ondevice.serve_command(arguments, searches, FRONT, SAMPLES))


def explore(arguments: Sequence[str]) -> int:
    """Open the studio on this computer alone, and serve it until stopped."""
    parser = argparse.ArgumentParser(
        prog="cvhelpers explore",
        description="Open the studio in your browser: pictures, what the service sees in them, and the requests.",
    )
    parser.add_argument("--port", type=int, default=0, help="where to listen (default: a free one)")
    parser.add_argument("--no-browser", action="store_true", help="print the address, and open nothing")
    options = parser.parse_args(arguments)

    def announce(address: str, key: str) -> None:
        url = ondevice.with_key(address, key)
        print(OPENED.format(url=url), flush=True)
        if not options.no_browser:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()  # some wait for their end

    def work() -> int:
        ondevice.serve(port=options.port, studio=ondevice.Studio(FRONT, SAMPLES), announce=announce)
        return 0

    return _in_words(work)


OPENED = """\
The studio opens in your browser. If it does not, copy this address, key included: {url}
Only this computer can reach it. Stop it with Ctrl+C."""


def _in_words(work: Callable[[], int]) -> int:
    try:
        return work()
    except ModuleNotFoundError as error:
        raise CommandError(f"{error.name} is missing. Install it with: pip install 'cvhelpers[ondevice]'") from None
    except (ondevice.LibraryError, ondevice.ServeError) as error:
        raise CommandError(str(error)) from None


def _web_search(name: str) -> Callable[[Mapping[str, Any]], HttpAnswer]:
    search = open_search(name)
    return lambda parameters: search.answer_whatever_happens(parameters, Deadline(SECONDS))
