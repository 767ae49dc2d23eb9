"""cvhelpers serve: the services' REST API over HTTP."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from cvhelpers import ondevice
from cvhelpers.commands import CommandError
from cvhelpers.sources.deadline import Deadline
from cvhelpers.sources.live import open_search
from cvhelpers.sources.open_search.search import SERVICES, HttpAnswer

SECONDS = 30.0
"""How long a search of the open web may last."""


def main(arguments: Sequence[str]) -> int:
    """Serve until stopped."""
    try:
        return ondevice.serve_command(arguments, {name: partial(_web_search, name) for name in SERVICES})
    except ModuleNotFoundError as error:
        raise CommandError(f"{error.name} is missing. Install it with: pip install 'cvhelpers[ondevice]'") from None
    except (ondevice.LibraryError, ondevice.ServeError) as error:
        raise CommandError(str(error)) from None


def _web_search(name: str) -> Callable[[Mapping[str, Any]], HttpAnswer]:
    search = open_search(name)
    return lambda parameters: search.answer_whatever_happens(parameters, Deadline(SECONDS))
