"""What each command of the command line does, one module a command, and what they share."""

import sys

# jsonschema, with which notebooks are read, takes two seconds of work to build 39 grammars for addresses with letters
# of all scripts. No notebook needs them, and jsonschema does without where this module can't be imported.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


class CommandError(Exception):
    """The command cannot start. The message says why and what to do next."""
