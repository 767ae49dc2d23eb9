"""Fetching the picture at an address, politely and with care.

A server that others can reach must not become their way into its own network. There the name is resolved here, every
address that it has is checked, and the connection is made to a checked address, not to the name: a second look-up
could answer differently. Each redirect is checked anew, also behind a proxy, which looks names up by itself.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable
from functools import cache

import anyio
import anyio.to_thread
import httpx2

from ...protocol.agent import user_agent
from ...protocol.public_addresses import is_public
from .errors import ApiError

SECONDS = 15.0
"""For the whole of a download, all redirects included."""
REDIRECTS = 5


class FetchError(Exception):
    """The picture could not be fetched."""


def never(url: str) -> bool:
    """No address is fetched by a proxy."""
    return False


async def fetch(
    url: str,
    most: int,
    took: Callable[[int], None] = lambda size: None,
    public: bool = False,
    seconds: float = SECONDS,
    by_proxy: Callable[[str], bool] = never,
) -> bytes:
    """The bytes at an address, cut off once they are more than ``most``.

    ``took`` is told how many have come each time that some do; what it raises ends the download. ``public`` says that
    others can reach this server: then it connects to addresses of the public internet only, and to the environment's
    proxy where ``by_proxy`` says so of an address. What is known here not to be public no proxy is asked for.
    """
    try:
        with anyio.fail_after(seconds):
            return await _follow(url, most, took, seconds, public, by_proxy)
    except (FetchError, ApiError):
        raise
    except Exception as error:  # no such host or port, a broken or slow answer: a dozen kinds, from four libraries
        raise FetchError(f"{type(error).__name__}: {error}") from None


async def _follow(
    url: str,
    most: int,
    took: Callable[[int], None],
    seconds: float,
    public: bool,
    by_proxy: Callable[[str], bool],
) -> bytes:
    address = httpx2.URL(url)
    for _ in range(REDIRECTS + 1):
        proxied = not public or by_proxy(str(address))  # where only we ask, httpx2 looks into the environment itself
        async with httpx2.AsyncClient(verify=_certificates(), timeout=seconds, trust_env=proxied) as client:
            request = await _request(client, address, public, proxied)
            response = await client.send(request, stream=True, follow_redirects=False)
            try:
                if not response.has_redirect_location:
                    return await _content(response, most, took)
                address = address.join(response.headers["Location"])
            finally:
                await response.aclose()
    raise FetchError("too many redirects")


async def _request(client: httpx2.AsyncClient, address: httpx2.URL, public: bool, proxied: bool) -> httpx2.Request:
    if address.scheme not in ("http", "https") or not address.host or address.userinfo:
        raise FetchError("not the address of a picture on the web")
    headers = {"User-Agent": user_agent("httpx2"), "Accept": "image/*", "Accept-Encoding": "identity"}
    host = address.raw_host.decode("ascii")
    if not public:
        return client.build_request("GET", address, headers=headers)
    if proxied:
        with contextlib.suppress(OSError):  # a name that only the proxy knows
            await _public_address(host)
        return client.build_request("GET", address, headers=headers)
    checked = address.copy_with(host=await _public_address(host))
    # The host's own name still goes into the request, and the server must have a certificate for it.
    headers["Host"] = address.netloc.decode("ascii")
    return client.build_request("GET", checked, headers=headers, extensions={"sni_hostname": host})


async def _content(response: httpx2.Response, most: int, took: Callable[[int], None]) -> bytes:
    if response.status_code != 200:
        raise FetchError(f"the server answered {response.status_code}")
    data = bytearray()
    async for chunk in response.aiter_raw():
        took(len(chunk))
        data += chunk
        if len(data) > most:
            break
    return bytes(data)


async def _public_address(host: str) -> str:
    addresses = await anyio.to_thread.run_sync(resolve, host, abandon_on_cancel=True)
    if not all(map(is_public, addresses)):
        raise FetchError("not an address of the public internet")
    return addresses[0]


def resolve(host: str) -> list[str]:
    """All addresses of a host, IPv4 first: not every network carries the other."""
    found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in sorted(found, key=lambda one: one[0] != socket.AF_INET)]


@cache
def _certificates() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
