"""What each command of the command line does, one module a command, and what they share."""

import os
import sys
from pathlib import Path


class CommandError(Exception):
    """The command cannot start. The message says why and what to do next."""


def quicken_jupyter() -> None:
    """To be called before anything of Jupyter is imported, which then takes two seconds less of work.

    jsonschema, which Jupyter checks its files with, builds a grammar of international addresses if it finds the
    library for it. Jupyter brings this library along and never checks such an address. To have it in `sys.modules`
    as None is Python's own way to say that a module is not there.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def write_whole(path: Path, content: bytes) -> None:
    """Write the whole file or, where that fails, as on a full disk, leave the old one as it was."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
