"""Serving over HTTP: ``cvhelpers serve``."""

from __future__ import annotations

import argparse
import ipaddress
import secrets
import socket
from collections.abc import Sequence

import uvicorn

from cvhelpers.errors import SetupError

from ..engine import Engine
from .app import create_app, open_library


def serve(
    host: str = "127.0.0.1", port: int = 8000, key: str | None = None, calls_per_minute: int | None = None
) -> None:
    """Answer over HTTP until stopped with Ctrl+C or a SIGTERM.

    Parameters
    ----------
    host : str
        The address to listen at. The default can be reached from this computer only; "0.0.0.0" by everyone.
    port : int
        0 takes a free one.
    key : str, optional
        What callers must send as their subscription key. One is made up if none is given.
    calls_per_minute : int, optional
        Refuse what a client asks beyond this with 429, as the free tier did with 20.
    """
    key = key or secrets.token_hex(16)
    listener = _listen(host, port)
    public = not _is_loopback(host)
    engine = Engine()
    engine.load()
    # A person's own pictures are for this person: not for others in the network.
    app = create_app(engine, open_library(own=not public), key, calls_per_minute, public)
    print(welcome(_address(host, listener.getsockname()[1]), key, public), flush=True)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=10)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:  # Ctrl+C, after the server has stopped
        print("Stopped.")


def welcome(address: str, key: str, public: bool) -> str:
    """What a person needs to use the service."""
    reach = "Others in your network can reach it." if public else "Only this computer can reach it."
    return f"""\
The service answers at {address}
{reach} Stop it with Ctrl+C.

    export VISION_ENDPOINT={address}
    export VISION_KEY={key}

    curl "{address}/vision/v2.0/describe" \\
         -H "Ocp-Apim-Subscription-Key: {key}" \\
         -H "Content-Type: application/octet-stream" --data-binary @picture.jpg

    curl "{address}/bing/v7.0/images/search?q=puppies" -H "Ocp-Apim-Subscription-Key: {key}"
"""


def serve_command(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="cvhelpers serve", description="Answer the services' REST API over HTTP.")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets others in (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--key", help="the subscription key that callers must send (default: one is made up)")
    parser.add_argument("--calls-per-minute", type=_positive, metavar="N", help="refuse more; the free tier had 20")
    options = parser.parse_args(arguments)
    serve(options.host, options.port, options.key, options.calls_per_minute)
    return 0


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise SetupError(f"Can't listen at {host} port {port}: {error}. Choose another one with --port.") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(host: str, port: int) -> str:
    if host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
