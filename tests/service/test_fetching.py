"""The picture at an address is fetched politely, and the service lends nobody its place in the network."""

from __future__ import annotations

import time
from collections.abc import Callable

import anyio
import httpx2
import pytest

from cvhelpers.ondevice.service import fetching
from cvhelpers.ondevice.service.errors import Busy
from cvhelpers.ondevice.service.fetching import FetchError, fetch
from cvhelpers.protocol.public_addresses import is_public

from .conftest import Pictures
from .fakes import file_of

MOST = 4 * 2**20


def get(url: str, public: bool = False, seconds: float = 5, most: int = MOST) -> bytes:
    return anyio.run(lambda: fetch(url, most, public=public, seconds=seconds))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """A name service of the test's own, and 127.0.0.1 in the role of a server on the internet.

    Returns a function that sets what a name means, look-up after look-up, and gives the list of look-ups.
    """
    asked: list[str] = []
    answers: dict[str, list[list[str]]] = {}

    def resolve(host: str) -> list[str]:
        asked.append(host)
        known = answers.get(host, [[host.strip("[]")]])
        return known.pop(0) if len(known) > 1 else known[0]

    real = fetching.is_public
    monkeypatch.setattr(fetching, "resolve", resolve)
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1" or real(address))

    def mean(name: str, *lookups: list[str]) -> list[str]:
        answers[name] = list(lookups)
        return asked

    return mean


def test_it_says_who_asks_and_how_to_reach_us(pictures: Pictures) -> None:
    """Wikimedia refuses clients that do not."""
    assert get(f"{pictures.base}/picture.png") == file_of()
    agent = pictures.seen[0]["User-Agent"]
    assert agent.startswith("cvhelpers/")
    assert "(https://" in agent


def test_a_few_redirects_are_followed_and_no_more(pictures: Pictures) -> None:
    twice = "/redirect?to=/redirect?to=/picture.png"
    assert get(pictures.base + twice) == file_of()
    with pytest.raises(FetchError, match="too many"):
        get(f"{pictures.base}/redirect?to=/redirect")
    assert len(pictures.seen) == 3 + 6


# --- what costs too much


def test_an_endless_download_is_cut_off(pictures: Pictures) -> None:
    assert len(get(f"{pictures.base}/endless")) <= MOST + 2**20
    assert pictures.cut_off.wait(5)


def test_who_counts_the_bytes_can_end_a_download(pictures: Pictures) -> None:
    """So that many large pictures at once are refused before they fill the memory."""
    counted: list[int] = []

    def took(size: int) -> None:
        counted.append(size)
        if sum(counted) > 2**20:
            raise Busy

    with pytest.raises(Busy):
        anyio.run(lambda: fetch(f"{pictures.base}/endless", MOST, took))
    assert sum(counted) < 2**21
    assert pictures.cut_off.wait(5)


@pytest.mark.parametrize("path", ["/slow", "/silent"])
def test_a_slow_download_is_cut_off(pictures: Pictures, path: str) -> None:
    """A byte now and then would keep a time limit per read waiting for ever."""
    began = time.monotonic()
    with pytest.raises(FetchError, match="Timeout"):
        get(pictures.base + path, seconds=0.4)
    assert time.monotonic() - began < 2


# --- where a server that others can reach does not go


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",
     "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[fe80::1]", "[fc00::1]",
     "[64:ff9b::7f00:1]", "[::7f00:1]", "[64:ff9b:1::7f00:1]", "[fec0::1]",
     "[2002:7f00:1::]", "224.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_addresses_that_are_not_of_the_public_internet(pictures: Pictures, host: str) -> None:
    port = pictures.base.rpartition(":")[2]
    with pytest.raises(FetchError):
        get(f"http://{host}:{port}/picture.png", public=True)
    assert pictures.seen == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("2001:4860:4860::8888", True),
        ("64:ff9b::808:808", True),  # NAT64 of a public address
        ("2002:808:808::1", True),  # 6to4 of one
        ("::ffff:8.8.8.8", True),
        ("::7f00:1", False),  # IPv4-compatible, RFC 4291
        ("::808:808", False),
        ("::ffff:0:7f00:1", False),  # IPv4-translated, RFC 7915
        ("64:ff9b::a00:8", False),
        ("64:ff9b:1::808:808", False),  # NAT64 of a network of its own, RFC 8215
        ("100::1", False),  # RFC 6666
        ("2001::a00:8", False),  # Teredo, RFC 4380
        ("2001:0:808:808:0:0:f5ff:fff7", False),  # Teredo: the client behind it is 10.0.0.8
        ("2001:2::1", False),  # RFC 5180
        ("2001:db8::1", False),  # RFC 3849
        ("2002:a00:8::1", False),
        ("3fff::1", False),  # RFC 9637
        ("5f00::1", False),  # RFC 9602
        ("fc00::1", False),
        ("fd12:3456:789a::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),  # RFC 3879
        ("ff02::1", False),
        ("::", False),
        ("::1", False),
        ("0.1.2.3", False),
        ("100.64.0.1", False),  # RFC 6598
        ("192.0.0.8", False),
        ("192.0.2.1", False),
        ("192.88.99.1", False),  # RFC 7526
        ("198.18.0.1", False),  # RFC 2544
        ("198.51.100.1", False),
        ("203.0.113.1", False),
        ("240.0.0.1", False),
        ("224.0.0.1", False),  # groups of computers
        ("233.252.0.1", False),
        ("239.255.255.250", False),
        ("255.255.255.255", False),
    ],
)
def test_the_public_internet(address: str, public: bool) -> None:
    """An address that is packed into another counts as what it leads to."""
    assert is_public(address) == public


def test_this_computer_may_fetch_from_itself(pictures: Pictures) -> None:
    assert get(f"{pictures.base}/picture.png", public=False) == file_of()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/a.png", "gopher://example.org/", "data:,x", ""]
)
@pytest.mark.parametrize("public", [True, False])
def test_schemes_other_than_http(url: str, public: bool) -> None:
    with pytest.raises(FetchError, match="not the address"):
        get(url, public)


def test_an_address_with_a_password_in_it_is_not_fetched(pictures: Pictures) -> None:
    with pytest.raises(FetchError, match="not the address of a picture"):
        get(pictures.base.replace("//", "//user:secret@") + "/picture.png")
    assert pictures.seen == []


def test_a_public_host_is_reached_by_its_checked_address_and_under_its_own_name(
    pictures: Pictures, names: Callable[..., list[str]]
) -> None:
    names("pictures.example", ["127.0.0.1"])
    port = pictures.base.rpartition(":")[2]
    assert get(f"http://pictures.example:{port}/picture.png", public=True) == file_of()
    assert pictures.seen[0]["Host"] == f"pictures.example:{port}"

    async def request() -> httpx2.Request:
        async with httpx2.AsyncClient() as client:
            return await fetching._request(client, httpx2.URL("https://pictures.example/"), public=True, proxied=False)

    secure = anyio.run(request)
    assert (secure.url.host, secure.extensions["sni_hostname"]) == ("127.0.0.1", "pictures.example")


def test_a_name_that_means_a_private_address(pictures: Pictures, names: Callable[..., list[str]]) -> None:
    names("router.example", ["192.168.1.1"])
    with pytest.raises(FetchError, match="public"):
        get("http://router.example/", public=True)
    with pytest.raises(FetchError, match="public"):  # nor is a proxy asked for it
        anyio.run(lambda: fetch("http://router.example/", MOST, public=True, by_proxy=lambda url: True))


def test_a_name_that_means_both(pictures: Pictures, names: Callable[..., list[str]]) -> None:
    names("both.example", ["127.0.0.1", "10.0.0.8"])
    with pytest.raises(FetchError, match="public"):
        get("http://both.example/", public=True)


def test_a_name_that_changes_its_meaning_after_the_check(pictures: Pictures, names: Callable[..., list[str]]) -> None:
    """It is looked up once, and the connection goes to what was checked."""
    asked = names("shifty.example", ["127.0.0.1"], ["10.0.0.8"])
    port = pictures.base.rpartition(":")[2]
    assert get(f"http://shifty.example:{port}/picture.png", public=True) == file_of()
    assert asked == ["shifty.example"]


@pytest.mark.parametrize("target", ["http://10.0.0.8/", "http://169.254.169.254/latest/", "file:///etc/passwd"])
def test_a_redirect_to_where_it_may_not_go(pictures: Pictures, names: Callable[..., list[str]], target: str) -> None:
    names("pictures.example", ["127.0.0.1"])
    port = pictures.base.rpartition(":")[2]
    with pytest.raises(FetchError, match=r"public|not the address"):
        get(f"http://pictures.example:{port}/redirect?to={target}", public=True)
    assert len(pictures.seen) == 1


def test_a_proxy_of_the_environment_is_not_asked_on_behalf_of_others(
    pictures: Pictures, names: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would look the name up again, by itself."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    names("pictures.example", ["127.0.0.1"])
    port = pictures.base.rpartition(":")[2]
    assert get(f"http://pictures.example:{port}/picture.png", public=True) == file_of()
    with pytest.raises(FetchError):
        get(f"http://pictures.example:{port}/picture.png", public=False)
