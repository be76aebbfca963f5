"""PURE. Who is told of a finding: whoever answers for it; else the party's managers; else the desk's admins.

Does not know when, nor by which way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from valetkey.accounts.policy import DeskRole, Role


class Why(StrEnum):
    """As whom somebody is told."""

    OWNER = "owner"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True)
class Somebody:
    """A user, as they stand to one party. `role`: what they do for it now; None: nothing, or nothing any more."""

    user: int
    role: Role | None = None
    desk_role: DeskRole = DeskRole.NONE
    is_active: bool = True
    has_left: bool = False

    @property
    def is_here(self) -> bool:
        return self.is_active and not self.has_left

    @property
    def works(self) -> bool:
        """Acts for the party and may change something. A viewer can do nothing about what they would be told."""
        return self.is_here and self.role in {Role.MANAGER, Role.MEMBER}


def told(owner: int | None, team: Collection[Somebody], admins: Collection[Somebody]) -> dict[int, Why]:
    """Users with the reason why. `owner`: the user who answers for it, or to whom it was handed; None: nobody, or
    nobody who is on this desk. Empty where nobody is left who could be told."""
    if any(each.user == owner and each.works for each in team):
        return {owner: Why.OWNER} if owner is not None else {}
    managers = {each.user: Why.MANAGER for each in team if each.works and each.role is Role.MANAGER}
    return managers or dict(_admins(admins))


def _admins(admins: Collection[Somebody]) -> Iterator[tuple[int, Why]]:
    return ((each.user, Why.ADMIN) for each in admins if each.is_here and each.desk_role is DeskRole.ADMIN)
