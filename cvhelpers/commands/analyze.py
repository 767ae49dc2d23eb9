"""cvhelpers analyze FOLDER: ask about every picture in a folder, and write a table, JSON lines or a contact sheet."""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cvhelpers.clients.batch import Batch
from cvhelpers.clients.vision import VisionClient
from cvhelpers.commands import CommandError, contact_sheet, tables, write_whole
from cvhelpers.figures.alt import counted, listed
from cvhelpers.session import SOURCES, connect

OPERATIONS = {"analyze": "analyze_many", "ocr": "ocr_many", "read": "recognize_text_many"}
SUFFIXES = frozenset(
    ".jpg .jpeg .mpo .png .webp .gif .bmp .tif .tiff .avif .heic .heif".split()
)  # what cvhelpers opens
WRITERS = {".csv": tables.as_csv, ".jsonl": tables.as_json_lines, ".html": contact_sheet.as_html}


def main(arguments: Sequence[str]) -> int:
    """Ask, then write. Exit status 1 if there is no answer about a picture."""
    options = _parser().parse_args(arguments)
    folder, outs = options.folder.expanduser(), [out.expanduser() for out in options.out or [Path("results.csv")]]
    if options.features and options.operation != "analyze":
        raise CommandError("--features is for --operation analyze. Leave it out.")
    for out in outs:
        _check(out)
    kept = outs[0].with_name(f"{outs[0].stem}-answers")
    pictures, others = _files(folder, [kept, *outs])
    print(f"{counted(len(pictures), 'picture')} in {folder}. The answers are kept in {kept}.", flush=True)
    if others:
        print(f"Left out, because the name is not that of a picture: {listed(others, 5)}.")
    try:
        batch = _ask(options, pictures, kept)
    except KeyboardInterrupt:
        print(f"\nStopped. What was answered is in {kept}: the same command goes on from here.")
        return 130
    batch = Batch(tuple(path.relative_to(folder).as_posix() for path in pictures), batch.results)
    for out in outs:
        write_whole(out, WRITERS[out.suffix.lower()](batch, pictures))
    for name, error in batch.failed.items():
        print(f"no answer: {name}: {' '.join(str(error).split())}")
    answered = len(batch) - len(batch.failed)
    print(f"{answered} of {counted(len(batch), 'picture')} answered; see {', '.join(map(str, outs))}.")
    print(f"Run it again to ask about new or failed pictures only. Delete {kept} when you no longer need it.")
    return 1 if batch.failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cvhelpers analyze",
        description="Ask about every picture in a folder, and in the folders in it. Each answer is kept as soon as it "
        "is there, so that a run that was stopped goes on where it was, and nothing is asked, or paid for, twice.",
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--out",
        type=Path,
        action="append",
        help="the file to write: .csv a table, .jsonl a line of JSON for each picture, .html a contact sheet; may be "
        "given again (default: results.csv)",
    )
    parser.add_argument(
        "--operation",
        choices=list(OPERATIONS),
        default="analyze",
        help="what is in the picture, its printed text (ocr), or text of any kind (read) (default: %(default)s)",
    )
    parser.add_argument("--source", choices=SOURCES, help="where answers come from (default: keyless)")
    parser.add_argument("--features", help="for analyze, with commas: Tags,Objects (default: as the service has it)")
    parser.add_argument("--api-version", help="the version of the service (default: as the source has it)")
    return parser


def _check(out: Path) -> None:
    """Can this file be written? It is asked before anything else is."""
    if out.suffix.lower() not in WRITERS:
        raise CommandError(f"{out} can't be written. Let the name end with {', '.join(WRITERS)}.")
    if out.exists() and not out.is_file():
        raise CommandError(f"{out} is not a file. Choose another name with --out.")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=out.parent):
        pass


def _files(folder: Path, ours: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """The pictures, and the names of the other files that are not ``ours`` or in there."""
    if not folder.is_dir():
        what = "is a file; give the folder it is in" if folder.is_file() else "does not exist"
        raise CommandError(f"{folder} {what}.")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    pictures = [path for path in files if path.suffix.lower() in SUFFIXES]
    if not pictures:
        kinds = ", ".join(sorted(SUFFIXES))
        raise CommandError(f"there is no picture in {folder}. The name of a picture ends with one of {kinds}.")
    written = [path.resolve() for path in ours]
    known = set(pictures) | {path for path in files if {path.resolve(), *path.resolve().parents} & set(written)}
    return pictures, [path.relative_to(folder).as_posix() for path in files if path not in known]


def _ask(options: argparse.Namespace, pictures: Sequence[Path], kept: Path) -> Batch:
    asked: dict[str, Any] = {"features": options.features} if options.features else {}
    with VisionClient(connect(options.source), api_version=options.api_version) as client:
        batch: Batch = getattr(client, OPERATIONS[options.operation])(pictures, folder=kept, **asked)
        return batch
