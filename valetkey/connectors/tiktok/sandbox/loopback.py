"""This machine or somewhere else: of an address, and of who is calling.

Decides who counts as a caller on this machine. Does not decide what such a caller may do.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address: 127.0.0.0/8, ::1, also in its mapped form, or localhost."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def is_from_here(environ: Mapping[str, Any]) -> bool:
    """A caller on this machine, that is not a proxy for somebody else, and not a web page in this machine's browser."""
    if not is_loopback(environ.get("REMOTE_ADDR", "")):
        return False
    if any(environ.get(name) for name in ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")):
        return False
    # A page could aim a name of its own at 127.0.0.1, or post a form here: neither is this machine's wish.
    hosts = [_host_of("//" + environ.get("HTTP_HOST", "localhost"))]
    if origin := environ.get("HTTP_ORIGIN"):
        hosts.append(_host_of(origin))
    return all(is_loopback(host) for host in hosts)


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # "[" without its "]"
        return ""
