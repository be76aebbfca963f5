"""Who owns an asset and controls its login: `valetkey ownership`. Who answers for an authorization: `owner`."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer
from rich.console import RenderableType
from rich.text import Text

from valetkey.accounts.services import find_person
from valetkey.authorizations.services import name_owner
from valetkey.cli.answer import facts
from valetkey.cli.session import SESSION
from valetkey.cli.verbs import Reference, find_authorization, show_authorization
from valetkey.cli.views import moment
from valetkey.register import services
from valetkey.register.models import Asset, Ownership

_EMPTY: Final = 'Empty ("") where nobody has it, or nobody knows.'
AssetText = Annotated[str, typer.Argument(metavar="ASSET", help="Its reference or name.")]

OwnedBy = Annotated[str | None, typer.Option("--owned-by", metavar="PARTY", help=f"Whose it is. {_EMPTY}")]
Owner = Annotated[str | None, typer.Option("--owner", metavar="PERSON", help=f"Who answers for it. {_EMPTY}")]
BackupOwner = Annotated[str | None, typer.Option("--backup-owner", metavar="PERSON", help="Who stands in.")]
RecoveryMail = Annotated[
    str | None, typer.Option("--recovery-mail", metavar="PERSON", help="Who reads the recovery mail; no address.")
]
RecoveryPhone = Annotated[
    str | None, typer.Option("--recovery-phone", metavar="PERSON", help="Who has the recovery phone; no number.")
]
SecondFactor = Annotated[
    str | None, typer.Option("--second-factor", metavar="PERSON", help="Who has the second factor.")
]
BackupCodes = Annotated[
    str | None, typer.Option("--backup-codes", metavar="PERSON", help="Who keeps the backup codes; no code.")
]
Evidence = Annotated[str | None, typer.Option("--evidence", help="By what this is known.")]


def show(asset: AssetText) -> None:
    """Who owns it, and who controls what its login is recovered by."""
    _show(_find(asset))


def set_ownership(
    asset: AssetText,
    owned_by: OwnedBy = None,
    owner: Owner = None,
    backup_owner: BackupOwner = None,
    recovery_mail: RecoveryMail = None,
    recovery_phone: RecoveryPhone = None,
    second_factor: SecondFactor = None,
    backup_codes: BackupCodes = None,
    evidence: Evidence = None,
) -> None:
    """Write down who has what in hand. What you leave out stays as it is."""
    actor = SESSION.actor()
    found = _find(asset)
    hands = {
        "owner": owner,
        "backup_owner": backup_owner,
        "recovery_mail": recovery_mail,
        "recovery_phone": recovery_phone,
        "second_factor": second_factor,
        "backup_codes": backup_codes,
    }
    changes: dict[str, object] = {
        name: find_person(text=text, actor=actor) if text else None for name, text in hands.items() if text is not None
    }
    if owned_by is not None:
        changes["owned_by"] = services.find_knowers_party(owned_by) if owned_by else None
    if evidence is not None:
        changes["evidence"] = evidence
    services.set_ownership(asset=found, changes=changes, actor=actor, at=SESSION.at())
    _show(found)


def confirm(
    asset: AssetText,
    evidence: Annotated[str, typer.Option("--evidence", help="What you looked at.")] = "",
) -> None:
    """Say that you looked, and that it is as the record says."""
    found = _find(asset)
    services.confirm_ownership(asset=found, evidence=evidence, actor=SESSION.actor(), at=SESSION.at())
    _show(found)


def owner(
    reference: Reference,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Reference, mail address or name; of your record.")],
) -> None:
    """Say who answers for an authorization on your side."""
    actor = SESSION.actor()
    row = find_authorization(reference)
    found = find_person(text=person, actor=actor)
    show_authorization(name_owner(authorization=row, person=found, actor=actor, at=SESSION.at()))


def _find(text: str) -> Asset:
    return services.find_asset(text=text, actor=SESSION.actor())


def _show(asset: Asset) -> None:
    row = services.ownership_of(asset=asset) or Ownership(asset=asset)
    SESSION.show(_values(row), Text(f"{asset.reference}  {asset.name}"), _facts(row))


def _values(row: Ownership) -> dict[str, Any]:
    hands = {name: getattr(row, name) for name in Ownership.CONTROLS}
    return {
        "asset": row.asset.reference,
        "name": row.asset.name,
        "owned_by": row.owned_by.name if row.owned_by else None,
        **{name: person.name if person else None for name, person in hands.items()},
        "evidence": row.evidence,
        "confirmed_at": row.confirmed_at,
        "confirmed_by": row.confirmed_by or None,
    }


def _facts(row: Ownership) -> RenderableType:
    hands = [(name.replace("_", " "), str(getattr(row, name) or "not known")) for name in Ownership.CONTROLS]
    pairs = [("owned by", str(row.owned_by or "not known")), *hands]
    if row.evidence:
        pairs.append(("evidence", row.evidence))
    is_confirmed = row.confirmed_at is not None
    pairs.append(("confirmed", f"{moment(row.confirmed_at)} by {row.confirmed_by}" if is_confirmed else "not yet"))
    return facts(pairs)
