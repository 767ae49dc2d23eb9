"""cvhelpers index FOLDER: read a person's own pictures, so that the image search finds them by what is on them."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cvhelpers.commands import CommandError

if TYPE_CHECKING:
    from PIL.Image import Image

    from cvhelpers.ondevice import Engine, Findings


def main(arguments: Sequence[str]) -> int:
    """Read what is new or changed in a folder. Exit status 1 if a file could not be read."""
    options = _parser().parse_args(arguments)
    try:
        from cvhelpers.ondevice import Engine, LibraryError, default_database, index_folder, set_aside
    except ModuleNotFoundError as error:
        raise CommandError(f"{error.name} is missing. Install it with: pip install 'cvhelpers[ondevice]'") from None

    folder: Path = options.folder.expanduser()
    if not folder.is_dir():
        what = "is a file; give the folder it is in" if folder.is_file() else "does not exist"
        raise CommandError(f"{folder} {what}.")
    database = options.database or default_database()
    try:
        if options.rebuild and (aside := set_aside(database)):
            print(f"The old index is now {aside}. If it held other folders too, read them again as well.")
        engine = Engine()
        done = index_folder(folder, database, read=lambda image: findings(engine, image))
    except LibraryError as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        print("Interrupted. What was read is kept; the same command goes on from here.")
        return 130
    for path, problem in done.skipped:
        print(f"skipped {path}: {problem}")
    print(f"{done.read} read, {done.unchanged} unchanged, {done.removed} removed, {len(done.skipped)} skipped.")
    print(f"The index is {database}.")
    if not (done.read or done.unchanged):
        print(f"There is no picture in {folder} that can be found.")
    elif not options.database:
        print("The image search on this computer finds them from now on; try it with: cvhelpers explore")
    return 1 if done.skipped else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cvhelpers index",
        description="Read a folder of pictures, and the folders in it. What was read before is not read again; "
        "a run that was interrupted goes on where it stopped. Nothing leaves this computer.",
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", type=Path, help="where the index is kept (default: your data folder)")
    parser.add_argument("--rebuild", action="store_true", help="set the index aside and make a new one")
    return parser


def findings(engine: "Engine", image: "Image") -> "Findings":
    """What the engine finds on a picture, in the words of the index."""
    from cvhelpers.ondevice import Findings

    found = engine.analyze(image, ("description", "image_type"))
    assert found.description is not None
    assert found.image_type is not None
    return Findings(
        tags=found.description.tags,
        caption=found.description.captions[0].text,
        text=engine.read(image).text,
        kind="Clipart" if found.image_type.clip_art >= 2 else "Photo",
    )
