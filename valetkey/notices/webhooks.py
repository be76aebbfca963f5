"""PURE. Webhooks: what a message says, how it is signed, when it is tried again, and which addresses may be spoken to.

Signed as Standard Webhooks says. Does not resolve names and sends nothing.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from standardwebhooks import Webhook

from valetkey.errors import Invalid
from valetkey.secret import Secret

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

KINDS: Final = (
    "access", "ad_account", "asset", "authorization", "campaign", "change", "connection", "engagement", "exposure",
    "finding", "intake", "membership", "ownership", "party", "person", "post", "responsibility", "review", "surface",
)  # fmt: skip
"""The first word of what can be told."""

PATIENCE: Final = timedelta(days=1)
STEPS: Final = tuple(
    timedelta(seconds=each) for each in (5, 60, 300, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 8 * 3600)
)
"""From one try to the next. The last one is when a day is over."""

PORTS: Final = frozenset({443, 8443})
"""Of receivers elsewhere. Inside listed networks, any."""

_LONGEST: Final = 500
_SECRET_BYTES: Final = 32
_NUMBERS: Final = frozenset({"days", "days_short", "link_days", "number", "times", "version"})
_MOMENTS: Final = frozenset(
    {"agreed_until", "by", "ends_at", "ends_on", "granted_until", "left_on", "link_ends_at", "next_on", "review_on",
     "since", "starts_at", "starts_on", "until"}
)  # fmt: skip
_WORDS: Final = frozenset({"about", "decision", "drift", "end", "level", "occasion", "of", "rule", "severity"})
"""Of a line of the history only these are told, and only where their values are what they should be: names, notes,
reasons, mail addresses and texts of platforms stay on the desk."""
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}|[2-9A-Z]{7}")
_PREFIX: Final = re.compile(r"[a-z_]+(\.[a-z_]+)*\.?")
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")
_PATH: Final = re.compile(r"[!-~]*")  # no spaces, nothing that is not ASCII
_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(each)
    for each in (
        "192.0.0.0/24", "192.88.99.0/24", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "3fff::/20",
        "fec0::/10",
    )
)  # fmt: skip
"""What Python takes for public: of protocols and examples, of a site's own network as it was once numbered, and what
stands for another address, which may be anybody's."""


@dataclass(frozen=True)
class Target:
    """Where a webhook goes, taken apart once, so that what was checked is what is spoken to."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"

    def at(self, address: Address) -> str:
        """The same place, at that very address."""
        host = f"[{address}]" if address.version == 6 else str(address)
        return f"{self.scheme}://{host}:{self.port}{self.path}"

    @property
    def server_name(self) -> str | None:
        """What a certificate must be for. None where the host is an address: then it must be for that."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return self.host
        return None


def target(url: str) -> Target:
    """Raises Invalid, which does not quote the address: its path may be a secret of the receiver's."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").removesuffix(".")
        host = host if ":" in host else host.encode("idna").decode().lower()
    except ValueError:  # UnicodeError too
        raise _no_address() from None
    is_fit = parts.scheme in {"http", "https"} and "@" not in parts.netloc and not parts.fragment and port != 0
    is_fit = is_fit and len(url) <= _LONGEST and url.isprintable()  # tabs and ends of lines are not in `parts` any more
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not (is_fit and _is_host(host) and path.startswith("/") and _PATH.fullmatch(path) and "\\" not in url):
        raise _no_address()
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def _is_host(host: str) -> bool:
    if ":" not in host:
        return bool(_HOST.fullmatch(host))
    try:
        return not ipaddress.IPv6Address(host).scope_id
    except ValueError:
        return False


def fit(target: Target, addresses: Collection[str], networks: Collection[Network]) -> list[Address]:
    """Where to connect. Raises Invalid unless every address of that name may be spoken to.

    `networks`: those inside, which whoever hosts the desk has listed.
    """
    found = [_plain(each) for each in addresses]
    if not found:
        raise Invalid("webhook_unknown_host", "Nobody knows this host.", "Look at the address.")
    if all(_is_in(each, networks) for each in found):
        return found
    if not all(_is_in(each, networks) or is_public(each) for each in found):
        raise Invalid(
            "webhook_private",
            "This address is not public.",
            "Give one that can be reached from everywhere, or ask whoever hosts this desk to list its network.",
        )
    if target.scheme != "https" or target.port not in PORTS:
        raise Invalid(
            "webhook_https",
            "Messages go out by https, to port 443 or 8443.",
            "Give an address that begins with https://.",
        )
    return found


def is_public(address: Address) -> bool:
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not _is_in(address, _NOT_PUBLIC)


def _plain(text: str) -> Address:
    """An IPv4 address in IPv6's clothes is that address."""
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_in(address: Address, networks: Collection[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _no_address() -> Invalid:
    return Invalid(
        "webhook_address",
        "This address cannot be used.",
        "Write it as https://example.org/path, without a name or password in it and nothing behind a #.",
    )


def prefixes(events: Sequence[str]) -> list[str]:
    """What an endpoint wants, tidied. Raises Invalid for what nobody could ever be told."""
    for each in events:
        if not _PREFIX.fullmatch(each) or each.partition(".")[0] not in KINDS:
            raise Invalid(
                "webhook_event",
                f"“{each[:60]}” is no beginning of an event.",
                f"Begin with one of: {', '.join(KINDS)}; as in “authorization.” or “finding.opened”.",
            )
    return sorted(set(events))


def wants(events: Sequence[str], event: str) -> bool:
    """`events`: beginnings that end where a word ends; none are all."""
    if event.partition(".")[0] not in KINDS:
        return False
    return not events or any(f"{event}.".startswith(f"{each.removesuffix('.')}.") for each in events)


def payload(*, event: str, at: datetime, subject: str, party: str, detail: Mapping[str, object]) -> dict[str, object]:
    """What is told of one line of the history to one party. `subject`: “kind REFERENCE”."""
    kind, _, reference = subject.partition(" ")
    return {
        "type": event,
        "timestamp": _instant(at),
        "data": {"subject": {"kind": kind, "reference": reference}, "party": party, "facts": facts(detail)},
    }


def facts(detail: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in sorted(detail.items()) if _is_fact(name, value)}


def _is_fact(name: str, value: object) -> bool:
    if name in _NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool)
    if name in _MOMENTS:
        return isinstance(value, str) and _is_moment(value)
    if name in _WORDS:
        several = value if isinstance(value, list) else [value]
        return bool(several) and all(isinstance(each, str) and _WORD.fullmatch(each) for each in several)
    return False


def _is_moment(text: str) -> bool:
    try:
        date.fromisoformat(text) if len(text) <= len("2026-12-31") else datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def body(payload: Mapping[str, object]) -> str:
    """The same letters each time it is tried, whatever the database made of the order."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def new_secret() -> Secret:
    return Secret("whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode())


def headers(message_id: str, at: datetime, body: str, keys: Sequence[Secret]) -> dict[str, str]:
    """`keys`: one, or while a secret is being changed, the new and the old one."""
    moment = at.astimezone(UTC)
    signatures = [Webhook(key.reveal()).sign(message_id, moment, body) for key in keys]
    return {
        "content-type": "application/json",
        "user-agent": "Valetkey",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def next_try(tries: int, *, at: datetime, give_up_at: datetime) -> datetime | None:
    """After so many tries, the last of them at `at`. None: a day of tries went by."""
    if at >= give_up_at:
        return None
    return min(at + STEPS[min(tries, len(STEPS)) - 1], give_up_at)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
