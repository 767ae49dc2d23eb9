"""The command line: cvhelpers COMMAND, the same as python -m cvhelpers COMMAND.

To add a command, write `cvhelpers/commands/NAME.py` with a `main(arguments) -> int` and name it in COMMANDS.
A command's module is imported only when it is called, so the rest stays quick.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from cvhelpers.commands import CommandError

COMMANDS = {
    "lab": "open the notebooks in JupyterLab",
    "execute": "run the notebooks without a browser; write them and a web page of each",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 it found a failure, 2 it could not start."""
    args = _parser().parse_args(argv)
    command = import_module(f"cvhelpers.commands.{args.command}")
    try:
        return int(command.main(args.arguments))
    except CommandError as error:
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
