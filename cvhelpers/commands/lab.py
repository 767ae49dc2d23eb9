"""cvhelpers lab: open JupyterLab at the first notebook."""

import argparse
import os
from collections.abc import Sequence

from cvhelpers.commands import FIRST_NOTEBOOK, CommandError, notebooks_folder

WELCOME = """
JupyterLab is starting at {notebook}.
If no browser opens, copy one of these addresses into yours (they hold the password of this session):

    {url}

Leave this window open while you work. To stop, press Ctrl-C here twice.
"""


def main(arguments: Sequence[str]) -> int:
    """Open JupyterLab and stay until it is stopped."""
    parser = argparse.ArgumentParser(
        prog="cvhelpers lab",
        usage="cvhelpers lab [any argument of jupyter lab]",
        description="Open the notebooks in JupyterLab, at the first of them, on a free port.",
        epilog="Examples: --no-browser; --port 9999; --ip 0.0.0.0 (reachable from outside a container).",
    )
    _, passed_on = parser.parse_known_args(arguments)

    folder = notebooks_folder()
    try:
        from jupyterlab.labapp import LabApp
    except ImportError:
        raise CommandError(
            "JupyterLab is not installed here. Install it with: python -m pip install 'cvhelpers[notebooks]'"
        ) from None

    # Jupyter itself takes the next free port when 8888 is in use.
    server = LabApp.initialize_server(argv=[*_arguments(folder), *passed_on])
    print(WELCOME.format(notebook=f"{folder.name}/{FIRST_NOTEBOOK}", url=server.display_url), flush=True)
    server.start()
    return 0


def _arguments(folder: os.PathLike[str]) -> list[str]:
    root, name = os.path.split(os.fspath(folder))
    arguments = [
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{name}/{FIRST_NOTEBOOK}",
        "--LabApp.news_url=None",  # no pop-up that asks about news
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")  # Jupyter refuses root otherwise, and in a container there is no one else
    return arguments
