"""PURE. Which addresses a token may be sent to, and how one is written.

Decides that a token never travels in the clear past this machine. Does not resolve names and opens nothing.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from valetkey.connectors.tiktok import wire

SANDBOX = "sandbox:"


def tidy(base_url: str) -> str:
    """`https://host[:port][/path]` without a slash at its end and without the version prefix, which every call adds.

    ValueError, in a sentence for people, for an address that a token must not be sent to.
    """
    try:
        parts = urlsplit(base_url.strip())
        port = parts.port
    except ValueError:
        raise ValueError("The address of the platform cannot be read; write it like https://host.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("The address of the platform must begin with https:// (or http:// on this machine).")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("The address of the platform must not hold a login, a question mark or a number sign.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("Over plain http the token could be read on the way; use https, or http on this machine only.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    path = parts.path.rstrip("/").removesuffix(wire.PREFIX.rstrip("/")).rstrip("/")
    return f"{parts.scheme}://{host}{f':{port}' if port is not None else ''}{path}"


def is_loopback(host: str) -> bool:
    """Whether a host name can only mean this machine. `localhost` does by RFC 6761, an unknown name never does."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
