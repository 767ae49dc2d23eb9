"""What each command of the command line does, one module a command, and what they share."""

from pathlib import Path

FIRST_NOTEBOOK = "00-start-here.ipynb"
_CHECKOUT = Path(__file__).resolve().parents[2]


class CommandError(Exception):
    """The command cannot start. The message says why and what to do next."""


def notebooks_folder() -> Path:
    """The folder of the notebooks: of the current checkout, or of the one this package runs from."""
    here = Path.cwd()
    for folder in (here / "notebooks", here, _CHECKOUT / "notebooks"):
        if (folder / FIRST_NOTEBOOK).is_file():
            return folder
    raise CommandError(
        f"there is no notebooks/{FIRST_NOTEBOOK} in {here}.\n"
        "The notebooks come with the project, not with the installed package: "
        "change into the folder that you cloned or unpacked (cd FOLDER) and run the command there."
    )
