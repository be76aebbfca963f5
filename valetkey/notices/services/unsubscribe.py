"""Links at the end of a mail by which it stops, of one kind or altogether, without signing in.

Such a link is signed and ends never. It stops mails, and opens nothing: not who it is for, not what they were told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer

from valetkey.accounts.models import User
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.audit.services import writing
from valetkey.errors import NotFound
from valetkey.findings.finding import Group
from valetkey.notices.models import Preference
from valetkey.notices.services.preferences import keep_preference

UNSUBSCRIBE_PATH: Final = "u"
_ALL: Final = "all"

GROUPS: Final[dict[Group, str]] = {
    Group.TIME: "ends and dates",
    Group.USE: "how codes are used",
    Group.PEOPLE: "people who come and go",
    Group.OWNERSHIP: "who owns and controls accounts",
    Group.SCOPE: "access that reaches too far",
    Group.PROOF: "what nobody has looked at for long",
}
"""In words, to stand after “about”."""


@dataclass(frozen=True)
class Unsubscribe:
    """What a link stops. `group` None: every mail of this kind."""

    user: User
    group: Group | None

    @property
    def about(self) -> str:
        return GROUPS[self.group] if self.group is not None else ""


def unsubscribe_address(*, user: User, group: Group | None = None) -> str:
    signed = _signer().sign(f"{user.pk}-{group.value if group else _ALL}")
    return f"{settings.VALETKEY_URL}/{UNSUBSCRIBE_PATH}/{signed}/"


def find_unsubscribe(*, signed: str) -> Unsubscribe:
    """Raises NotFound for what this desk has not signed."""
    try:
        number, _, group = _signer().unsign(signed).partition("-")
        user = User.objects.filter(pk=int(number)).first()
        found = Group(group) if group != _ALL else None
    except (BadSignature, ValueError):
        user = None
    if user is None:
        raise NotFound(
            "no_such_link", "This link is not whole.", "Open it from the mail again, or sign in and choose under You."
        )
    return Unsubscribe(user, found)


def unsubscribe(*, found: Unsubscribe, at: datetime) -> None:
    """Twice is once. What they are told stays on their pages."""
    changes: dict[str, object] = {"by_mail": False}
    actor = Actor(name=f"{found.user}, by a link in a mail", door=Door.WEB, user_id=GUEST)
    with writing():
        if found.group is not None:
            said = Preference.objects.filter(user=found.user).first()
            changes = {"muted": [*(said.muted if said else ()), found.group.value]}
        keep_preference(found.user, changes, actor, at)


def _signer() -> Signer:
    return Signer(salt="valetkey.notices.unsubscribe", sep=".")
