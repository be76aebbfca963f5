"""Connect a party to a platform, end the connection, and speak over it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from valetkey.accounts.models import Party
from valetkey.accounts.services import require_admin, require_manager
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.connectors import registry
from valetkey.connectors.base import AdvertiserSide, CreatorSide, Level, PlatformFault, Renewal, Says
from valetkey.connectors.models import SANDBOX, Connection
from valetkey.credential import refuse
from valetkey.errors import Conflict, Invalid, PlatformDown, PlatformRefused
from valetkey.secret import Secret
from valetkey.vault.keyring import KeyMissing

_WIPED: Final[dict[str, Any]] = {"token": None, "refresh_token": None, "app_secret": None}
_LONGEST_TOKEN: Final = 366 * 24 * 3600
_BEFORE_IT_LAPSES: Final = timedelta(minutes=10)
_WHILE_OTHERS_WRITE: Final = (0.0, 0.1, 0.3, 0.6)
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def connect(
    *,
    party: Party,
    platform: str,
    level: Level,
    token: Secret,
    account_id: str = "",
    base_url: str = "",
    token_ends_at: datetime | None = None,
    renewal: Renewal | None = None,
    actor: Actor,
    at: datetime,
) -> Connection:
    """Keep a token for a party; a newer one takes the older one's place. `base_url` "" is the real address.

    `renewal` renews a creator's token before it lapses at `token_ends_at`; without it the party connects again.
    """
    require_manager(actor, party)
    found = registry.platform(platform)
    if level is Level.BY_HAND:
        raise Invalid(
            "level",
            "By hand needs no connection.",
            "Do the steps in the app, and say each time that you did it by hand.",
        )
    if level is Level.CREATOR and not account_id:
        raise Invalid(
            "account_id", "A creator token needs the account's id.", "It is the open_id of the token's answer."
        )
    if re.fullmatch(r"[!-~]+", token.reveal()) is None:
        raise Invalid(
            "token", "This is not a token: it is empty, or has spaces or odd letters in it.", "Paste the token alone."
        )
    refuse(account_id, what="The account's id")
    refuse(renewal.app_id if renewal else "", what="The app's id")
    base_url = _checked(base_url or found.real_base_url)
    if settings.VALETKEY_IS_DEMO and not _is_sandbox(base_url):
        raise Conflict(
            "demo_desk",
            "This is a demo desk: it never speaks to a real platform.",
            "Connect an account of the sandbox here, and real ones on a desk that is no demo.",
        )
    if base_url != found.real_base_url:
        # Whoever chooses the address decides what "the platform shows", for the other side too.
        require_admin(actor)
    with writing(durable=True):
        end = Connection.objects.live().filter(party=party, platform=platform, level=level)
        end.update(ended_at=at, **_WIPED)
        row = Connection.objects.create(
            party=party, platform=platform, level=level, base_url=base_url, account_id=account_id, token=token,
            token_ends_at=token_ends_at, created_at=at,
            app_id=renewal.app_id if renewal else "",
            app_secret=renewal.app_secret if renewal else None,
            refresh_token=renewal.refresh_token if renewal else None,
        )  # fmt: skip
        detail: dict[str, object] = {"platform": platform, "level": level.value, "base_url": base_url}
        record(event="connection.made", subject=f"party {party.reference}", actor=actor, at=at, detail=detail)
    return row


def disconnect(*, connection: Connection, actor: Actor, at: datetime) -> None:
    """The token is wiped at once; that it was there stays in the history."""
    require_manager(actor, connection.party)
    with writing(durable=True):
        if Connection.objects.live().filter(pk=connection.pk).update(ended_at=at, **_WIPED):
            detail: dict[str, object] = {"platform": connection.platform, "level": connection.level}
            subject = f"party {connection.party.reference}"
            record(event="connection.ended", subject=subject, actor=actor, at=at, detail=detail)


def creator_side(*, party: Party, platform: str, at: datetime) -> CreatorSide | None:
    """The creator's verbs over the party's connection, its token renewed where it lapses; None without a connection."""
    connection = Connection.objects.creator_of(party, platform)
    if connection is None:
        return None
    with _sayable():
        return registry.platform(platform).creator(_fresh(connection, at).address())


def advertiser_side(*, party: Party, platform: str) -> AdvertiserSide | None:
    """The advertiser's verbs over the party's connection; None without one. An advertiser's token never lapses (C2)."""
    connection = Connection.objects.advertiser_of(party, platform)
    with _sayable():
        return None if connection is None else registry.platform(platform).advertiser(connection.address())


@contextmanager
def _sayable() -> Iterator[None]:
    """An address that no token may be sent to, or a proxy that is not spoken, is a sentence and no mistake of ours."""
    try:
        yield
    except KeyMissing:
        raise
    except ValueError as fault:
        raise Invalid("address", str(fault), "Correct it, or connect again.") from None


def _fresh(connection: Connection, at: datetime) -> Connection:
    """Renew a token that has lapsed or is about to. Raises PlatformRefused when the platform does not renew it."""
    if connection.token_ends_at is None or at < connection.token_ends_at - _BEFORE_IT_LAPSES:
        return connection
    renewal = connection.renewal()
    if renewal is None:
        raise _lapsed(connection, "")
    try:
        fresh = registry.platform(connection.platform).renew(connection.address(), renewal)
    except PlatformFault as fault:
        if fault.says is Says.TRY_LATER:
            down = PlatformDown(
                fault.cause, "The platform cannot be reached; nothing was changed.", "Try again in a few minutes."
            )
            down.party_id = connection.party_id
            raise down from None
        by_somebody_else = _renewed_meanwhile(connection)
        if by_somebody_else is None:
            raise _lapsed(connection, fault.raw) from None
        return by_somebody_else
    ends_at = at + timedelta(seconds=min(max(fresh.seconds, 0), _LONGEST_TOKEN))
    with writing(durable=True):
        # Somebody else may have renewed it at the same time; then theirs stands, and ours still works.
        unchanged = Connection.objects.live().filter(pk=connection.pk, token_ends_at=connection.token_ends_at)
        unchanged.update(token=fresh.token, refresh_token=fresh.refresh_token, token_ends_at=ends_at)
    connection.token = fresh.token
    return connection


def _renewed_meanwhile(connection: Connection) -> Connection | None:
    """Where refreshing changes the refresh token (U), the slower of two is refused; the faster one is just writing."""
    for wait in _WHILE_OTHERS_WRITE:
        time.sleep(wait)
        renewed = Connection.objects.live().filter(pk=connection.pk).exclude(token_ends_at=connection.token_ends_at)
        found = renewed.first()
        if found is not None:
            return found
    return None


def _lapsed(connection: Connection, raw: str) -> PlatformRefused:
    said = f" The platform said: {raw}" if raw else ""
    lapsed = PlatformRefused(
        "connection_lapsed",
        f"The connection of {connection.party} has lapsed.",
        f"Let them connect again.{said}",
    )
    lapsed.party_id = connection.party_id
    return lapsed


def _checked(base_url: str) -> str:
    """An address that a token may be sent to: the sandbox, https, or http on this machine."""
    if base_url == SANDBOX:
        return base_url
    try:
        parts = urlsplit(base_url)
        has_port = parts.port != 0
    except ValueError:
        raise _no_address() from None
    is_here = parts.hostname in _HERE
    is_name = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*|[0-9a-f:]+", parts.hostname or "") is not None
    if "@" in parts.netloc or parts.query or parts.fragment or not is_name or not has_port or len(base_url) > 200:
        raise _no_address()
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise Invalid("base_url", "A token travels over https only.", "Use https, or http to 127.0.0.1 for a sandbox.")
    return base_url.rstrip("/")


def _is_sandbox(base_url: str) -> bool:
    """Built in, or one that listens on this machine."""
    return base_url == SANDBOX or urlsplit(base_url).hostname in _HERE


def _no_address() -> Invalid:
    return Invalid("base_url", "This is not an address to connect to.", "Write it as https://host or sandbox:.")
