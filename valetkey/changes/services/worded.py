"""Rows of the record as words for a step: what its placeholders stand for, and who answers for the row.

Only what the row holds, and what is known of such a list in general. No code, no address.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils import timezone

from valetkey.accounts.models import ApiToken, Membership, Person
from valetkey.authorizations.models import Authorization
from valetkey.changes.checklist import Found
from valetkey.changes.grammar import words as occasion_words
from valetkey.register import catalogue, exposed
from valetkey.register.models import Access, Asset, Engagement, Exposure, Ownership, Responsibility

CONTROLS: Final = {
    "owner": "main owner",
    "backup_owner": "backup owner",
    "recovery_mail": "recovery mail",
    "recovery_phone": "recovery phone",
    "second_factor": "second factor",
    "backup_codes": "backup codes",
}
_PLATFORMS: Final = dict(Asset.Platform.choices)


def day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def platform(asset: Asset) -> str:
    return str(_PLATFORMS.get(asset.platform, asset.platform))


def access(row: Access) -> Found:
    surface, asset = row.surface, row.surface.asset
    usual = catalogue.surface_kind(asset.platform, asset.kind, surface.kind) if surface.kind else None
    path = surface.path or (usual.path if usual else "") or f"The list “{surface.name}” of {asset.name}."
    removal = row.removal or (usual.removal if usual else "") or "Take them off this list."
    words = {
        "holder": str(row.person or row.holder),
        "role": row.role,
        "surface": surface.name,
        "asset": asset.name,
        "path": path,
        "removal": sentence(removal),
    }
    return Found(row.reference, words, _reference(row.owner))


def authorization(row: Authorization, owner: Person | None) -> Found:
    ends = day(timezone.localtime(row.ends_at).date()) if row.ends_at else "an end that is not known"
    words = {
        "authorization": row.reference,
        "post": row.post.name,
        "creator": row.post.held_by.name,
        "advertiser": row.advertiser.name,
        "ends": ends,
    }
    return Found(row.reference, words, _reference(owner))


def exposure(row: Exposure) -> Found:
    words = {"account": row.account, "shared": exposed.words(row.shared), "remedy": exposed.remedy(row.shared)}
    return Found(row.reference, words)


def in_hand(row: Ownership, person: Person) -> Found:
    held = [CONTROLS[name] for name in Ownership.CONTROLS if getattr(row, f"{name}_id") == person.pk]
    return Found(row.asset.reference, {"asset": row.asset.name, "controls": ", ".join(held)}, _reference(row.owner))


def ownership(asset: Asset, row: Ownership | None) -> Found:
    """Who has what, by name."""
    has = [f"{CONTROLS[name]}: {getattr(row, name, None) or 'nobody known'}" for name in Ownership.CONTROLS]
    owned_by = row.owned_by if row is not None else None
    told = f"owned by {owned_by or 'nobody known'}, {', '.join(has)}"
    return Found(asset.reference, {"asset": asset.name, "controls": told}, _reference(row.owner if row else None))


def owned(row: Ownership) -> Found:
    words = {"asset": row.asset.name, "owned_by": str(row.owned_by)}
    return Found(row.asset.reference, words, _reference(row.owner))


def responsibility(row: Responsibility) -> Found:
    words = {"what": row.what.rstrip("."), "occasion": occasion_words(row.occasion)}
    return Found(row.reference, words, row.person.reference)


def engagement(row: Engagement) -> Found:
    words = {"partner": row.party.name, "purpose": sentence(row.purpose)}
    return Found(row.reference, words, _reference(row.owner))


def sign_in(row: Membership) -> Found:
    return Found(str(row.user.pk), {"who": str(row.user), "role": row.role})


def token(row: ApiToken) -> Found:
    return Found(str(row.pk), {"who": str(row.user), "label": row.label})


def sentence(text: str) -> str:
    """With its full stop, so that another may follow."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…", "”")) else f"{text}."


def _reference(person: Person | None) -> str:
    return person.reference if person is not None and person.left_on is None else ""
