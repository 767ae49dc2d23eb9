"""Serving over HTTP: ``cvhelpers serve``."""

from __future__ import annotations

import argparse
import io
import ipaddress
import secrets
import shlex
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

import segno
from starlette.middleware.trustedhost import TrustedHostMiddleware

from ..engine import Engine
from .app import create_app, open_library
from .bing import WebSearch
from .http_server import HttpServer, listen
from .pages import Studio

OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")
"""What a computer calls itself."""


class ServeError(Exception):
    """The service can't start. The message says why, and what to do."""


def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    key: str | None = None,
    calls_per_minute: int | None = None,
    web_search: WebSearch | None = None,
    studio: Studio | None = None,
    announce: Callable[[str, str], object] | None = None,
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
    studio : Studio, optional
        The page for a person's browser.
    announce : function, optional
        Is called with the address and the key once the service listens, in place of printing how to use it.

    Raises `ServeError` for a key that can't be sent, or an address that can't be listened at.
    """
    key = secrets.token_hex(16) if key is None else check_key(key)
    listener = _listen(host, port)
    public = not _is_loopback(host)
    engine = Engine()
    engine.load()
    # A person's own pictures are for this person: not for others in the network.
    app = create_app(
        engine, open_library(own=not public), key, calls_per_minute, public, web_search=web_search, studio=studio
    )
    if not public:  # else a web page elsewhere could have its own name lead here, and read what is shown without a key
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*OWN_NAMES, host], www_redirect=False)
    address = address_of(host, listener.getsockname()[1])
    if announce:
        announce(address, key)
    else:
        print(welcome(address, key, public), flush=True)
    try:
        HttpServer(app).run(sockets=[listener])
    except KeyboardInterrupt:  # Ctrl+C, after the server has stopped
        print("Stopped.")


def welcome(address: str, key: str, public: bool, windows: bool = sys.platform == "win32") -> str:
    """What a person needs to use the service. Where others can reach it, their telephones find the way by a QR code."""
    return f"""\
The service answers at {address}
{_who_can_reach_it(address, key) if public else "Only this computer can reach it. Stop it with Ctrl+C."}

For a browser, key included:

    {with_key(address, key)}

{_for_programs(address, key, windows)}
"""


def _for_programs(address: str, key: str, windows: bool) -> str:
    """The same in the words of the shell that a person has."""
    shell, quoted = ("PowerShell", _quoted_in_powershell) if windows else ("a terminal", shlex.quote)
    setting, curl, goes_on = ("$env:", "curl.exe", "`") if windows else ("export ", "curl", "\\")
    header = quoted(f"Ocp-Apim-Subscription-Key: {key}")
    return f"""\
For a program that is started in {shell}:

    {setting}VISION_ENDPOINT={quoted(address)}
    {setting}VISION_KEY={quoted(key)}

    {curl} {quoted(f"{address}/vision/v2.0/describe")} {goes_on}
         -H {header} {goes_on}
         -H {quoted("Content-Type: application/octet-stream")} --data-binary {quoted("@picture.jpg")}

    {curl} {quoted(f"{address}/bing/v7.0/images/search?q=puppies")} -H {header}
"""


def _quoted_in_powershell(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _who_can_reach_it(address: str, key: str) -> str:
    code = qr_code(with_key(address, key), sys.stdout)
    scan = f"Scan this with a telephone in the same network. It holds the key, {key}:\n\n{code}" if code else ""
    return f"Others in your network can reach it. Stop it with Ctrl+C.\n\n{scan}".rstrip("\n")


def with_key(address: str, key: str) -> str:
    """The studio's address with the key behind a #: a browser keeps that to itself and sends it to nobody.

    >>> with_key("http://127.0.0.1:8000", "class+room")
    'http://127.0.0.1:8000/#key=class%2Broom'
    """
    return f"{address}/#key={quote(key, safe='')}"


def qr_code(text: str, terminal: TextIO) -> str:
    """A QR code in letters; empty for a terminal that has no such letters. Light on dark, whatever the colours are."""
    drawn = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(drawn, border=2, compact=True)
    try:
        drawn.getvalue().encode(terminal.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ""
    if not terminal.isatty():
        return drawn.getvalue()
    white_on_black, plain = "\x1b[97;40m", "\x1b[0m"
    return "".join(f"{white_on_black}{line}{plain}\n" for line in drawn.getvalue().splitlines())


def serve_command(
    arguments: Sequence[str] | None, web_searches: Mapping[str, Callable[[], WebSearch]], front: Path, samples: Path
) -> int:
    """The command line. ``web_searches`` has what can answer image searches in place of the library, by name.

    ``front`` and ``samples`` are the folders of the studio's files: see `Studio`.
    """
    parser = argparse.ArgumentParser(
        prog="cvhelpers serve",
        description="Answer the services' REST API over HTTP, and show a page for browsers at the same address.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets others connect (default: %(default)s)")
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
    studio = Studio(front, samples, web_pictures=web_search is not None)
    serve(options.host, options.port, options.key, options.calls_per_minute, web_search, studio)
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
            "A key can have the letters a to z, digits and signs such as - and _, and no spaces. "
            "Choose another one with --key, or leave --key out: then the program makes a key."
        )
    return key


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except (OSError, OverflowError) as error:
        raise ServeError(
            f"Can't listen at {host} port {port}: {str(error).rstrip('.')}. Choose another one with --port."
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address_of(host: str, port: int) -> str:
    """The address that others can type. For a host that means all of this computer's addresses, one that they reach.

    >>> address_of("127.0.0.1", 8000)
    'http://127.0.0.1:8000'
    """
    if host in ("0.0.0.0", "::"):
        host = _in_the_network(host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _in_the_network(host: str) -> str:
    """This computer's own address there. A datagram's socket knows it without sending anything."""
    family, far_away = (socket.AF_INET, "192.0.2.1") if host == "0.0.0.0" else (socket.AF_INET6, "2001:db8::1")
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((far_away, 9))
            return str(probe.getsockname()[0])
        except OSError:  # no network at all
            return socket.gethostname()
