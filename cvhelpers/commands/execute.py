"""cvhelpers execute: run notebooks without a browser, and write each with a web page of it."""

import argparse
import time
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cvhelpers.commands import CommandError
from cvhelpers.commands.notebook_files import chosen
from cvhelpers.session import SOURCES


def main(arguments: Sequence[str]) -> int:
    """Run the notebooks one after the other; 1 if a cell of any failed."""
    args = _parser().parse_args(arguments)
    notebooks, out = chosen(args.notebooks, args.out), args.out
    out.mkdir(parents=True, exist_ok=True)
    try:
        from cvhelpers.commands import run
    except ImportError as error:
        raise CommandError(
            f"{error.name} is not installed here. Install it with: python -m pip install 'cvhelpers[all]'"
        ) from None

    wanted = {name: run.parse_value(value) for name, value in args.parameters}
    if args.source:
        wanted["source"] = args.source
    known = {path: run.known_parameters(path) for path in notebooks}
    _check_names(wanted, {name for names in known.values() for name in names})

    texts = run.texts(notebooks)
    pages = [path.stem for path in (*notebooks, *texts)]
    ended: dict[Path, str | None] = {}
    for number, path in enumerate(notebooks, start=1):
        # A parameter goes to the notebooks that have it: a search term is no use to a notebook of pictures.
        parameters = {name: value for name, value in wanted.items() if name in known[path]}
        label = f"[{number}/{len(notebooks)}] {path.stem}"
        started = time.monotonic()
        try:
            failure = run.run_notebook(path, out, parameters, pages=pages, timeout=args.timeout, label=label)
        except KeyboardInterrupt:
            print(f"Stopped in {path.name}. What was done until then is in {out}.")
            return 130
        ended[path] = failure
        seconds = time.monotonic() - started
        print(f"{path.stem:<32}{seconds:6.1f} s  {f'FAILED  {failure}' if failure else 'ok'}", flush=True)
    run.write_index(out, ended, texts)
    failed = sum(failure is not None for failure in ended.values())
    print(f"{len(notebooks) - failed} of {len(notebooks)} notebooks ran without a failure; see {out / 'index.html'}.")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cvhelpers execute",
        description="Run notebooks without a browser. Each is written, with a web page of it, into a folder.",
    )
    parser.add_argument(
        "notebooks",
        nargs="*",
        metavar="notebook",
        help="its number, such as 03, or its path (default: all of them)",
    )
    parser.add_argument(
        "--source", choices=SOURCES, help="where answers come from (default: as the notebooks say, keyless)"
    )
    parser.add_argument(
        "-p",
        dest="parameters",
        nargs=2,
        action="append",
        default=[],
        metavar=("name", "value"),
        help="set a parameter of the notebooks, such as -p search_term kittens; may be given again",
    )
    parser.add_argument("--out", type=Path, default=Path("out"), help="the folder to write to (default: out)")
    parser.add_argument(
        "--timeout",
        type=float,
        default=300,
        metavar="SECONDS",
        help="give up on a cell after this (default: 300)",
    )
    return parser


def _check_names(wanted: dict[str, Any], known: set[str]) -> None:
    for name in wanted:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            names = ", ".join(sorted(known)) or "none"
            raise CommandError(f"no notebook has a parameter {name!r}.{hint} Known parameters: {names}.")
