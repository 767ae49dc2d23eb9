"""cvhelpers lab: open JupyterLab at the learner's own copy of the first notebook."""

import argparse
import os
import secrets
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from cvhelpers.commands import CommandError
from cvhelpers.commands.copies import Copies
from cvhelpers.commands.notebook_files import FIRST_NOTEBOOK, collection

SETTINGS = Path(__file__).parent / "jupyter"
"""Jupyter looks in this folder for defaults of the front end: no question about news."""

WELCOME = """\
Your own notebooks are in {folder}.
JupyterLab opens in your browser. If it does not, copy this address, password included: {url}
Leave this window open while you work. To stop, press Ctrl-C here, and once more if it asks."""


def main(arguments: Sequence[str]) -> NoReturn:
    """Open JupyterLab and stay until it is stopped. Then the process ends."""
    parser = argparse.ArgumentParser(
        prog="cvhelpers lab",
        usage="cvhelpers lab [any argument of jupyter lab]",
        description="Open your own copies of the notebooks in JupyterLab, at the first of them, on a free port.",
        epilog="Examples: --no-browser; --port 9999; --ip 0.0.0.0 (reachable from outside a container).",
    )
    _, passed_on = parser.parse_known_args(arguments)

    copies = Copies(collection())
    try:
        from jupyterlab.labapp import LabApp
    except ImportError:
        raise CommandError("JupyterLab is not installed here. Install it with: pip install 'cvhelpers[all]'") from None

    for message in copies.make():
        print(message)
    _add_settings()
    warnings.simplefilter("ignore", DeprecationWarning)  # they are about Jupyter's own code
    server = LabApp.initialize_server(argv=[*_arguments(copies), *passed_on])
    server.io_loop.add_callback(_welcome, server, copies)  # after the one by which the server begins to listen
    server.start()
    # A thread that answered a request at the end waits for the next one for ever, and Python would wait for the thread.
    sys.stdout.flush()
    os._exit(0)


def _welcome(server: Any, copies: Copies) -> None:
    """Print the address, with the port that Jupyter found: the next free one when 8888 is in use."""
    address = server.display_url.split()[0].replace("token=...", f"token={server.identity_provider.token}")
    print(WELCOME.format(folder=copies.folder, url=address), flush=True)


def _add_settings() -> None:
    known = os.environ.get("JUPYTER_CONFIG_PATH", "")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [known, str(SETTINGS)]))


def _arguments(copies: Copies) -> list[str]:
    arguments = [
        f"--ServerApp.root_dir={copies.root}",
        f"--LabApp.default_url=/lab/tree/{copies.folder.name}/{FIRST_NOTEBOOK}",
        "--LabApp.news_url=None",  # ask no other computer for news
        "--LabApp.extension_manager=readonly",  # nor for extensions: the other manager also takes its time to start
        f"--IdentityProvider.token={secrets.token_hex(16)}",  # of our own, so that the address is printed once, here
        "--KernelManager.transport_encryption=auto",  # else each kernel warns that it has none
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")  # Jupyter refuses root otherwise, and in a container there is no one else
    return arguments
