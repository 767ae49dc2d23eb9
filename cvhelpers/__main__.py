"""The command line: cvhelpers COMMAND, the same as python -m cvhelpers COMMAND.

To add a command, write `cvhelpers/commands/NAME.py` with a `main(arguments) -> int` and name it in COMMANDS.
A command's module is imported only when it is called, so the rest stays quick.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from cvhelpers.commands import CommandError
from cvhelpers.errors import CvhelpersError

COMMANDS = {
    "lab": "open the notebooks in JupyterLab",
    "explore": "serve the explorers as a web page",
    "execute": "run the notebooks without a browser; write them and a web page of each",
    "serve": "answer the services' REST API over HTTP, for a class or any other program",
    "index": "read a folder of your own pictures, so that the image search finds them",
    "record": "make the recordings anew that this computer answered",
    "lesson": "write copies of the notebooks for a class, with or without the solutions",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 it found a failure, 2 it could not start."""
    args = _parser().parse_args(argv)
    command = import_module(f"cvhelpers.commands.{args.command}")
    try:
        return int(command.main(args.arguments))
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except (CommandError, CvhelpersError) as error:
        print(f"cvhelpers {args.command}: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    lines = [f"  {name:<10}{summary}" for name, summary in COMMANDS.items()]
    parser = argparse.ArgumentParser(
        prog="cvhelpers",
        usage="cvhelpers COMMAND [arguments]",
        description="Five famous vision quickstarts as notebooks that run for everyone, without a key.",
        epilog="\n".join(["commands:", *lines, "", "cvhelpers COMMAND --help says what a command takes."]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help=argparse.SUPPRESS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
