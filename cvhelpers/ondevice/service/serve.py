"""Serving over HTTP: ``cvhelpers serve``."""

from __future__ import annotations

import argparse
import ipaddress
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence

from ..engine import Engine
from .app import create_app, open_library
from .bing import WebSearch
from .http_server import HttpServer, listen


class ServeError(Exception):
    """The service can't start. The message says why, and what to do."""


def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    key: str | None = None,
    calls_per_minute: int | None = None,
    web_search: WebSearch | None = None,
) -> None:
    """Answer over HTTP until stopped with Ctrl+C or a SIGTERM.

    Parameters
    ----------
    host : str
        The address to listen at. The default can be reached from this computer only; "0.0.0.0" by everyone.
    port : int
        0 takes a free one.
    key : str, optional
        What callers must send as their subscription key: letters, digits and signs that a header can carry. One is
        made up if none is given.
    calls_per_minute : int, optional
        Refuse what a client asks beyond this with 429, as the free tier did with 20.
    web_search : function, optional
        What answers image searches in place of the picture library.

    Raises `ServeError` for a key that can't be sent, or an address that can't be listened at.
    """
    key = secrets.token_hex(16) if key is None else check_key(key)
    listener = _listen(host, port)
    public = not _is_loopback(host)
    engine = Engine()
    engine.load()
    # A person's own pictures are for this person: not for others in the network.
    app = create_app(engine, open_library(own=not public), key, calls_per_minute, public, web_search=web_search)
    print(welcome(_address(host, listener.getsockname()[1]), key, public), flush=True)
    try:
        HttpServer(app).run(sockets=[listener])
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


def serve_command(arguments: Sequence[str] | None, web_searches: Mapping[str, Callable[[], WebSearch]]) -> int:
    """The command line. ``web_searches`` has what can answer image searches in place of the library, by name."""
    parser = argparse.ArgumentParser(prog="cvhelpers serve", description="Answer the services' REST API over HTTP.")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets others in (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--key", help="the subscription key that callers must send (default: one is made up)")
    parser.add_argument("--calls-per-minute", type=_positive, metavar="N", help="refuse more; the free tier had 20")
    parser.add_argument(
        "--search",
        choices=["library", *web_searches],
        default="library",
        help="what answers image searches: the picture library, or a service on the open web (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    web_search = web_searches[options.search]() if options.search in web_searches else None
    serve(options.host, options.port, options.key, options.calls_per_minute, web_search)
    return 0


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def check_key(key: str) -> str:
    """The same key, if every program can send it in a header. Raises `ServeError` if not.

    >>> check_key("classroom")
    'classroom'
    """
    if not key or not all("!" <= letter <= "~" for letter in key):
        raise ServeError(
            "The key must be made of the letters a to z, digits and signs such as - and _, without blanks: a header "
            "carries no others. Choose another one with --key, or leave it out, and one is made up."
        )
    return key


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except (OSError, OverflowError) as error:
        raise ServeError(f"Can't listen at {host} port {port}: {error}. Choose another one with --port.") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(host: str, port: int) -> str:
    if host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
