"""Windows and macOS: what they need that Linux does not, tested on any of the three."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from cvhelpers.commands.page import way_to
from cvhelpers.ondevice.library.opening import sqlite_address

ROOT = Path(__file__).parents[1]
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}


@pytest.fixture(scope="module")
def files() -> list[PurePosixPath]:
    """All files of the project."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False).stdout
    if not listed:
        pytest.skip("this is no clone: git knows no files here")
    return [PurePosixPath(name) for name in listed.splitlines()]


def test_every_file_has_a_name_that_windows_takes(files: list[PurePosixPath]) -> None:
    for file in files:
        for part in file.parts:
            assert not set(part) & set('<>:"\\|?*'), file
            assert part.partition(".")[0].lower() not in RESERVED, file
            assert part[-1] not in " .", file
        assert len(str(file)) <= 120, f"{file}: Windows takes 260 letters, the folder around it included"


def test_no_two_files_are_one_where_case_does_not_count(files: list[PurePosixPath]) -> None:
    folders = {folder for file in files for folder in file.parents}
    counted = Counter(str(one).lower() for one in [*files, *folders])
    assert {name for name, number in counted.items() if number > 1} == set()


def test_git_gives_windows_the_same_lines_as_everyone(files: list[PurePosixPath]) -> None:
    """bash in Binder takes no CR, and the wheel shall have the same bytes wherever it is built."""
    asked = ["git", "check-attr", "eol", "text", "--", "binder/start", "cvhelpers/front/studio/index.html"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    assert said.count("eol: lf") == 2
    assert said.count("text: auto") == 2


@pytest.mark.parametrize(
    ("file", "folder", "way"),
    [
        (r"C:\lessons\notebooks\a.jpg", r"C:\lessons\out", "../notebooks/a.jpg"),
        (r"C:\lessons\a #1.jpg", r"C:\lessons", "a%20%231.jpg"),
        (r"C:\lessons\a.jpg", r"D:\out", "file:///C:/lessons/a.jpg"),
        (r"\\school\home\a.jpg", r"C:\out", "file://school/home/a.jpg"),
    ],
)
def test_a_page_names_files_by_the_way_or_by_their_address_from_another_drive(file: str, folder: str, way: str) -> None:
    assert way_to(PureWindowsPath(file), PureWindowsPath(folder)) == way


def test_sqlite_opens_a_library_in_a_network_folder_of_windows() -> None:
    """It takes no address with a host: the two slashes become four."""
    library = PureWindowsPath(r"\\school\home\ana\lab\pictures.sqlite")
    assert sqlite_address(library) == "file:////school/home/ana/lab/pictures.sqlite"
    assert sqlite_address(PureWindowsPath(r"C:\lab\pictures.sqlite")) == "file:///C:/lab/pictures.sqlite"
