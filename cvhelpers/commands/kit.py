"""cvhelpers kit FOLDER: all that a computer without a network needs, in one folder, with a page that says how.

uv finds out which packages each kind of computer needs, pip fetches them: uv can't fetch for another computer, and pip
decides by this computer's system which packages another one needs, and would leave out those that Windows alone has.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

from cvhelpers.commands import CommandError
from cvhelpers.commands.notebook_files import CHECKOUT


@dataclass(frozen=True)
class Computer:
    """A kind of computer: its name for people, for uv, and the wheels that fit it, by pip's tags."""

    title: str
    uv: str
    tags: tuple[str, ...]


MACOS = "14.0"
"""The oldest macOS that onnxruntime is built for; uv reads it from its environment."""
_LINUX = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_26", "manylinux_2_24", "manylinux_2_17", "manylinux2014")
COMPUTERS = {
    "windows": Computer("Windows", "x86_64-pc-windows-msvc", ("win_amd64",)),
    "macos": Computer(f"macOS {MACOS} or later, Apple's processors", "aarch64-apple-darwin", ("macosx_14_0_arm64",)),
    "linux": Computer("Linux", "x86_64-manylinux_2_28", tuple(f"{tag}_x86_64" for tag in _LINUX)),
}
MEGABYTE = 1_000_000


def main(arguments: Sequence[str]) -> int:
    """Fill the folder."""
    options = _parser().parse_args(arguments)
    folder: Path = options.folder
    pythons = options.python or [f"{sys.version_info.major}.{sys.version_info.minor}"]
    if not (CHECKOUT / "pyproject.toml").is_file():
        raise CommandError(
            "a kit is made from the project's own folder: clone or unpack it, and run the command there."
        )
    if not shutil.which("uv"):
        raise CommandError("uv is missing. Install it with: python -m pip install uv")
    wheels = folder / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)

    print("The project's own wheel ...", flush=True)
    _run("uv", "build", "--wheel", "--quiet", "--out-dir", str(wheels.resolve()), str(CHECKOUT))
    (wheels / ".gitignore").unlink(missing_ok=True)  # uv build writes one
    for name in options.computers or COMPUTERS:
        for python in pythons:
            print(f"Packages for {name}, Python {python} ...", flush=True)
            fetch(wheels, COMPUTERS[name], python)
    (folder / "HOW-TO.html").write_text(how_to(options.computers or list(COMPUTERS), pythons), encoding="utf-8")
    size = sum(wheel.stat().st_size for wheel in wheels.iterdir())
    print(f"{folder} holds {len(list(wheels.iterdir()))} wheels, {size / MEGABYTE:.0f} MB. Open and print HOW-TO.html.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cvhelpers kit",
        description="Fill a folder with everything that a computer without a network needs: the packages, the "
        "project with its notebooks, and a page that says how to install it. Take it along on a USB stick, with "
        "Python's installer.",
    )
    parser.add_argument("folder", type=Path, help="the folder to fill")
    parser.add_argument(
        "--for",
        dest="computers",
        nargs="+",
        choices=COMPUTERS,
        metavar="COMPUTER",
        help=f"which computers you will meet: {', '.join(COMPUTERS)} (default: all)",
    )
    parser.add_argument(
        "--python",
        nargs="+",
        metavar="VERSION",
        help="which Python they have, such as 3.12 (default: the same as here)",
    )
    return parser


def fetch(wheels: Path, computer: Computer, python: str) -> None:
    """Put into `wheels` what one kind of computer needs, at the versions that the tests run with."""
    with TemporaryDirectory() as folder:
        tested, needed = Path(folder) / "tested.txt", Path(folder) / "needed.txt"
        tested.write_text("\n".join(tested_versions()), encoding="utf-8")
        _run(
            *("uv", "pip", "compile", "--quiet", "--extra", "all", "--constraint", str(tested)),
            *("--python-platform", computer.uv, "--python-version", python, "--only-binary", ":all:"),
            *("--no-header", "--no-annotate", "--output-file", str(needed), str(CHECKOUT / "pyproject.toml")),
        )
        platforms = [word for tag in computer.tags for word in ("--platform", tag)]
        _run(
            *("uv", "tool", "run", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--only-binary", ":all:", "--python-version", python, *platforms),
            *("--requirement", str(needed), "--dest", str(wheels)),
        )


def tested_versions() -> list[str]:
    """The one version of each package that pyproject.toml names for the tests."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    return [line for line in project["dependency-groups"]["dev"] if "==" in line]


def how_to(computers: Sequence[str], pythons: Sequence[str]) -> str:
    """The page to print."""
    text = files("cvhelpers.commands").joinpath("how-to.html").read_text(encoding="utf-8")
    titles = "; ".join(COMPUTERS[name].title for name in computers)
    return Template(text).substitute(computers=titles, pythons=" or ".join(pythons), python=pythons[-1])


def _run(*command: str) -> None:
    """Run a program; in a failure, its own last words are the reason."""
    environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": MACOS}
    done = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        reason = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise CommandError(f"{' '.join(command[:3])} failed. Is there a network here?\n{reason}")
