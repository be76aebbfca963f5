"""PURE. Who owns an asset, and whether a second person could step in.

Speaks only where the record knows something: an asset of which nobody wrote down anything is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from valetkey.findings.facts import AssetFacts
from valetkey.findings.finding import About, Evidence, Found, Group, Severity, Told
from valetkey.findings.limits import Limits
from valetkey.findings.rule import Rule
from valetkey.findings.rules.on_record import gone, has_gone, later, of_asset, recorded

_WITH_ADMINS: Final = frozenset({"account", "business_center", "shop", "page", "channel"})
"""Kinds with a login or with admins of their own. What an ad account or a post has, it has from those above it."""


def owned_by_agency(asset: AssetFacts, at: datetime, _: Limits) -> Iterator[Found]:
    owner = asset.owned_by
    if owner is not None and asset.owned_by_kind == "agency" and owner.reference != asset.kept_by.reference:
        sentence = f"{asset.name} belongs to {owner.name}, an agency, and not to {asset.kept_by.name}."
        evidence = recorded(f"Owned by {owner.name}", asset.changed_at)
        yield of_asset("owned_by_agency", asset, at, Severity.IMPORTANT, sentence, evidence)


def few_admins(asset: AssetFacts, at: datetime, _: Limits) -> Iterator[Found]:
    """Where nobody is on record with such a role, nothing is known: that is no finding."""
    admins = sorted(asset.admins, key=lambda who: (who.name, who.reference))
    there = [who for who in admins if not has_gone(who, at)]
    if asset.kind in _WITH_ADMINS and admins and len(there) < 2:
        known = f"knows {there[0].name} alone" if there else "knows only people who have left"
        sentence = f"Of those who can manage {asset.name}, the record {known}."
        evidence = [recorded(f"{who.name} has a role that can let others in") for who in there]
        evidence += [gone(who) for who in admins if has_gone(who, at)]
        severity = Severity.SOON if there else Severity.IMPORTANT
        yield of_asset("few_admins", asset, at, severity, sentence, *evidence)


def no_backup_owner(asset: AssetFacts, at: datetime, _: Limits) -> Iterator[Found]:
    if asset.kind not in _WITH_ADMINS or not (asset.has_ownership or asset.admins):
        return
    backup = asset.backup_owner
    if backup is None:
        evidence = recorded("No backup owner is on record", asset.changed_at)
    elif has_gone(backup, at):
        evidence = gone(backup)
    elif asset.owner is not None and asset.owner.reference == backup.reference:
        evidence = recorded(f"{backup.name} is on record as both", asset.changed_at)
    else:
        return
    sentence = f"There is no backup owner of {asset.name} on record who could step in."
    severity = Severity.NOTE if asset.kept_by_kind == "creator" else Severity.SOON
    yield of_asset("no_backup_owner", asset, at, severity, sentence, evidence)


def ownership_unconfirmed(asset: AssetFacts, at: datetime, limits: Limits) -> Iterator[Found]:
    seen = asset.confirmed_at or asset.changed_at
    if asset.has_ownership and seen is not None and at >= later(seen, limits.unconfirmed_after):
        sentence = f"Nobody has looked for long whether {asset.name} is still in the hands that the record names."
        what = "Last confirmed" if asset.confirmed_at else "Written down, and never confirmed"
        evidence = Evidence(what, Told.OBSERVED if asset.confirmed_at else Told.RECORDED, seen)
        yield of_asset("ownership_unconfirmed", asset, at, Severity.NOTE, sentence, evidence)


ON_OWNERSHIP: Final = (
    Rule(
        "owned_by_agency", About.ASSET, Group.OWNERSHIP,
        "Owned by an agency",
        "When the work ends, the account may stay with the agency, with all that was built on it.",
        "secure-an-asset", "owner", owned_by_agency, "asset_ownership",
    ),
    Rule(
        "few_admins", About.ASSET, Group.OWNERSHIP,
        "Fewer than two admins",
        "When the only one is ill, or locked out, nobody can take anybody off or let anybody in.",
        "secure-an-asset", "admins", few_admins, "record_asset",
    ),
    Rule(
        "no_backup_owner", About.ASSET, Group.OWNERSHIP,
        "No backup owner",
        "When the owner cannot be reached, nobody knows who decides.",
        "secure-an-asset", "admins", no_backup_owner, "asset_ownership",
    ),
    Rule(
        "ownership_unconfirmed", About.ASSET, Group.PROOF,
        "Ownership not looked at for long",
        "Phones and mailboxes change hands without anybody writing it down.",
        "secure-an-asset", "owner", ownership_unconfirmed, "ownership_confirm",
    ),
)  # fmt: skip
