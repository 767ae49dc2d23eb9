"""cvhelpers serve: the services' REST API over HTTP."""

from collections.abc import Sequence

from cvhelpers.commands import CommandError


def main(arguments: Sequence[str]) -> int:
    """Serve until stopped."""
    try:
        from cvhelpers.ondevice.service import serve
    except ModuleNotFoundError as error:
        raise CommandError(f"{error.name} is missing. Install it with: pip install 'cvhelpers[ondevice]'") from None
    return serve.main(arguments)
