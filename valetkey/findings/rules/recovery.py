"""PURE. Who could get the login of an asset back: recovery contacts, second factor, backup codes.

Knows only in whose hands they are on record; never an address, a number or a code.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.findings.facts import AssetFacts, Who
from valetkey.findings.finding import About, Found, Group, Severity
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.on_record import gone, has_gone, of_asset, recorded

_CONTACTS: Final = {"recovery_mail": "the recovery mail address", "recovery_phone": "the recovery phone number"}

_WITH_CODES: Final = frozenset({"account", "shop", "channel"})
"""Kinds that somebody signs in to. Who manages a page or a Business Center signs in to an account of their own."""


def recovery_of_leaver(asset: AssetFacts, at: datetime, _: Limits) -> Iterator[Found]:
    controls = _CONTACTS | {"second_factor": "the second factor"}
    left = [(what, who) for what, who in _in_hand(asset, controls) if has_gone(who, at)]
    if left:
        hands = ", ".join(f"{what} ({who.name})" for what, who in left)
        sentence = f"Somebody who has left is on record as having in hand, of {asset.name}: {hands}."
        hold = [recorded(f"{who.name} has {what}", asset.changed_at) for what, who in left]
        days = {who.reference: gone(who) for _what, who in left}
        yield of_asset("recovery_of_leaver", asset, at, Severity.URGENT, sentence, *hold, *days.values())


def recovery_of_outsider(asset: AssetFacts, at: datetime, _: Limits) -> Iterator[Found]:
    own = {name: what for name, what in _CONTACTS.items() if name in asset.recovery_is_personal}
    held = [(what, who) for what, who in _in_hand(asset, own) if not has_gone(who, at)]
    if held:
        hands = ", ".join(f"{what} ({who.name})" for what, who in held)
        sentence = f"Somebody who works for another party is on record as having in hand, of {asset.name}: {hands}."
        evidence = [recorded(f"{who.name} has {what}", asset.changed_at) for what, who in held]
        yield of_asset("recovery_of_outsider", asset, at, Severity.SOON, sentence, *evidence)


def recovery_beside_owners(asset: AssetFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """The contact of somebody inside who is no owner. Whether it is their private one the record cannot say."""
    if asset.owner is None:
        return
    trusted = {who.reference for who in (asset.owner, asset.backup_owner) if who is not None}
    inside = {name: what for name, what in _CONTACTS.items() if name not in asset.recovery_is_personal}
    held = [
        (what, who) for what, who in _in_hand(asset, inside) if who.reference not in trusted and not has_gone(who, at)
    ]
    if held:
        hands = ", ".join(f"{what} ({who.name})" for what, who in held)
        sentence = f"Neither the owner nor the backup owner of {asset.name} has in hand: {hands}."
        evidence = [recorded(f"{who.name} has {what}", asset.changed_at) for what, who in held]
        yield of_asset("recovery_beside_owners", asset, at, Severity.NOTE, sentence, *evidence)


def no_backup_codes(asset: AssetFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """Not every account has such codes: TikTok's documents that we read do not say."""
    if asset.kind not in _WITH_CODES or not asset.has_ownership:
        return
    keeper = asset.backup_codes
    if keeper is None:
        sentence = f"Nobody is on record as keeping the backup codes of {asset.name}, if it has any."
        evidence = recorded("No keeper of backup codes is on record", asset.changed_at)
        yield of_asset("no_backup_codes", asset, at, Severity.NOTE, sentence, evidence)
    elif has_gone(keeper, at):
        sentence = f"{keeper.name}, who keeps the backup codes of {asset.name}, has left."
        yield of_asset("no_backup_codes", asset, at, Severity.SOON, sentence, gone(keeper))


def _in_hand(asset: AssetFacts, controls: dict[str, str]) -> Iterator[tuple[str, Who]]:
    for name, what in controls.items():
        who: Who | None = getattr(asset, name)
        if who is not None:
            yield what, who


ON_RECOVERY: Final = (
    Rule(
        "recovery_of_leaver", About.ASSET, Group.OWNERSHIP,
        "Recovery in the hands of somebody who left",
        "Whoever holds a recovery contact can usually set a new password at any time.",
        "secure-an-asset", "recovery", recovery_of_leaver, "asset_ownership",
    ),
    Rule(
        "recovery_of_outsider", About.ASSET, Group.OWNERSHIP,
        "Recovery in the hands of another party",
        "Whoever holds a recovery contact can usually set a new password, also after the work has ended.",
        "secure-an-asset", "recovery", recovery_of_outsider, "asset_ownership",
    ),
    Rule(
        "recovery_beside_owners", About.ASSET, Group.OWNERSHIP,
        "Recovery contact of neither owner",
        "If it is a person's private address or number, it goes when they go.",
        "secure-an-asset", "recovery", recovery_beside_owners, "asset_ownership",
    ),
    Rule(
        "no_backup_codes", About.ASSET, Group.OWNERSHIP,
        "Nobody keeps the backup codes",
        "A lost phone can then lock everybody out.",
        "secure-an-asset", "backup_codes", no_backup_codes, "asset_ownership",
    ),
)  # fmt: skip
