"""What each command of the command line does, one module a command, and what they share."""

import sys


class CommandError(Exception):
    """The command cannot start. The message says why and what to do next."""


def quicken_jupyter() -> None:
    """To be called before anything of Jupyter is imported, which then takes two seconds less of work.

    jsonschema, which Jupyter checks its files with, builds a grammar of international addresses if it finds the
    library for it. Jupyter brings this library along and never checks such an address. To have it in `sys.modules`
    as None is Python's own way to say that a module is not there.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
