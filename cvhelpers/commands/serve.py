"""cvhelpers serve: the services' REST API over HTTP."""

from collections.abc import Sequence

from cvhelpers import ondevice
from cvhelpers.commands import CommandError


def main(arguments: Sequence[str]) -> int:
    """Serve until stopped."""
    try:
        return ondevice.serve_command(arguments)
    except ModuleNotFoundError as error:
        raise CommandError(f"{error.name} is missing. Install it with: pip install 'cvhelpers[ondevice]'") from None
    except (ondevice.LibraryError, ondevice.ServeError) as error:
        raise CommandError(str(error)) from None
