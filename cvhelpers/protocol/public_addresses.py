"""Which addresses belong to the public internet.

Python's own ``is_global`` follows the registers of special addresses, but takes addresses for global that carry a
private IPv4 address inside them, and some that were withdrawn. So of IPv6 only what is given out counts: 2000::/3
(RFC 4291, IANA's register), and the addresses of NAT64 that everyone uses (RFC 6052). That leaves out without a list:

==================  ============================================================  =====================
``::/96``           IPv4-compatible addresses, as ``::7f00:1``                    RFC 4291, withdrawn
``::ffff:0:0/96``   IPv4-mapped addresses; taken as the IPv4 address              RFC 4291
``::ffff:0:0:0/96`` IPv4-translated addresses                                     RFC 7915
``64:ff9b:1::/48``  NAT64 within one network                                      RFC 8215
``100::/64``        addresses that lead nowhere                                   RFC 6666
``5f00::/16``       segments of a route                                           RFC 9602
``fc00::/7``        addresses within one network                                  RFC 4193
``fe80::/10``       addresses on one cable                                        RFC 4291
``fec0::/10``       addresses of one site                                         RFC 3879, withdrawn
``ff00::/8``        groups of computers                                           RFC 4291
==================  ============================================================  =====================
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv6Address

_GIVEN_OUT = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SPECIAL = (  # not all of them are known to every version of Python that the project runs on
    ipaddress.ip_network("192.0.0.0/24"),  # RFC 6890
    ipaddress.ip_network("192.88.99.0/24"),  # RFC 7526, withdrawn
)
_DOCUMENTATION = ipaddress.ip_network("3fff::/20")  # RFC 9637


def is_public(address: str) -> bool:
    """Does this address belong to the public internet?

    An IPv4 address that is packed into one of IPv6 counts as what it leads to.

    >>> [is_public(a) for a in ("198.35.26.112", "2620:0:862:ed1a::1", "127.0.0.1", "10.0.0.8", "::7f00:1", "fec0::1")]
    [True, True, False, False, False, False]
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast and not any(ip in network for network in _SPECIAL)
    if (packed := _packed(ip)) is not None:
        return is_public(str(packed))
    return ip in _GIVEN_OUT and ip.is_global and ip not in _DOCUMENTATION


def _packed(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address to which an address of NAT64, 6to4 or Teredo leads, or that it is in another spelling."""
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
