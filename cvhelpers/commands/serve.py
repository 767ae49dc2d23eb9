"""cvhelpers serve: the services' REST API over HTTP."""

from collections.abc import Sequence

from cvhelpers.commands import CommandError


def main(arguments: Sequence[str]) -> int:
    """Serve until stopped."""
    try:
        from cvhelpers.ondevice.library import LibraryError
        from cvhelpers.ondevice.service import serve
    except ModuleNotFoundError as error:
        raise CommandError(f"{error.name} is missing. Install it with: pip install 'cvhelpers[ondevice]'") from None
    try:
        return serve.main(arguments)
    except LibraryError as error:
        raise CommandError(str(error)) from None
