"""The command line: cvhelpers COMMAND, the same as python -m cvhelpers COMMAND.

To add a command, write `cvhelpers/commands/NAME.py` with a `main(arguments) -> int` and name it in COMMANDS.
A command's module is imported only when it is called, so the rest stays quick.
"""

import errno
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper

from cvhelpers import __version__
from cvhelpers.commands import CommandError, quicken_jupyter
from cvhelpers.errors import CvhelpersError

COMMANDS = {
    "lab": ("lab:main", "open your own copies of the notebooks in JupyterLab"),
    "copies": ("copies:main", "make your own copies of the notebooks, without opening them"),
    "reset": ("copies:reset", "start one of your notebooks again; the old one is kept"),
    "execute": ("execute:main", "run the notebooks without a browser; write them and a web page of each"),
    "analyze": ("analyze:main", "ask about every picture in a folder; write a table or a contact sheet"),
    "check": ("check:main", "test whether Azure answers with your endpoint and key"),
    "serve": ("serve:main", "answer the services' REST API over HTTP, for a class or any other program"),
    "explore": ("serve:explore", "open the studio: your pictures and what the service sees in them, on this computer"),
    "index": ("index:main", "read a folder of your own pictures, so that the image search finds them"),
    "record": ("record:main", "make the recordings of this computer's answers again"),
    "lesson": ("lesson:main", "write copies of the notebooks for a class, with or without the solutions"),
    "kit": ("kit:main", "fill a folder with everything that a computer without a network needs"),
}
"""For each command its function in `cvhelpers.commands`, and what it does."""

HELP = """usage: cvhelpers COMMAND [arguments]

Five famous vision quickstarts as notebooks that run for everyone, without a key.

commands:
{commands}

cvhelpers COMMAND --help says what a command takes.
cvhelpers --version says which version this is."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 it found a failure, 2 it could not start."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # on Windows, a file may take fewer letters than a name has
            stream.reconfigure(errors="backslashreplace")
    name, *arguments = (sys.argv[1:] if argv is None else argv) or ["--help"]
    if name in ("-h", "--help", "help"):
        print(HELP.format(commands="\n".join(f"  {name:<10}{what}" for name, (_, what) in COMMANDS.items())))
        return 0
    if name in ("-V", "--version"):
        print(f"cvhelpers {__version__}")
        return 0
    if name not in COMMANDS:
        return _complain(_unknown(name))
    module, function = COMMANDS[name][0].split(":")
    quicken_jupyter()
    try:
        return int(getattr(import_module(f"cvhelpers.commands.{module}"), function)(arguments))
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except (CommandError, CvhelpersError) as error:
        return _complain(str(error), name)
    except RuntimeError as error:
        if "home directory" not in str(error):  # pathlib's words for ~nobody, and for an account that has none
            raise
        return _complain("there is no such home folder. Write the whole path, or set HOME to a folder of yours.", name)
    except OSError as error:
        if error.errno not in FILE_ERRORS:
            raise
        file = error.filename2 or error.filename or "can not write"  # where something is copied, the copy
        return _complain(f"{file}: {FILE_ERRORS[error.errno]}", name)


NOT_YOURS = (
    "this system does not let you read or write there. Choose a folder of your own: change into it (cd FOLDER) or name "
    "it with --out. If this is your home folder, set HOME."
)
FILE_ERRORS = {
    errno.ENOSPC: "the disk is full. Make room on it, or choose another folder with --out.",
    errno.EFBIG: "the file would be larger than this system allows. Choose another folder with --out.",
    errno.EDQUOT: "your share of the disk is full. Make room on it, or choose another folder with --out.",
    errno.EACCES: NOT_YOURS,
    errno.EPERM: NOT_YOURS,
    errno.EROFS: "nothing can be written on this disk. Choose another folder.",
    errno.EEXIST: "this is a file, and a folder is needed. Choose another folder.",
    errno.ENOENT: "this can't be made, because a part of the path is not there. Choose another folder.",
    errno.ENAMETOOLONG: "a name in this path is longer than this system allows. Choose a shorter one.",
    errno.ENOTDIR: "a part of this path is a file, not a folder. Choose another folder.",
}
"""What goes wrong with files and is for the person to mend, and how."""


def _unknown(name: str) -> str:
    near = get_close_matches(name, COMMANDS, n=1)
    hint = f"Did you mean {near[0]}?" if near else "cvhelpers --help names them all."
    return f"there is no command {name!r}. {hint}"


def _complain(message: str, command: str = "") -> int:
    print(f"cvhelpers {command}".rstrip() + f": {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
