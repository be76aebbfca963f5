"""What the map of an asset shows at a moment: who owns it, who controls its login, and who is on each surface."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import islice
from typing import Final

from valetkey.audit.entry import Actor
from valetkey.register import catalogue
from valetkey.register.cells import ending
from valetkey.register.looking import AccessLine, Counted, Look, Moment, Named, OwnershipLine
from valetkey.register.map import Listed, Map, On, lay_out
from valetkey.register.services.looks import look_at_asset, who_has_what

_ORDER: Final = ("admin", "partner", "person", "code")
_MOST: Final = 1000


def map_of(*, asset: str, moment: Moment, actor: Actor, look: Look | None = None) -> Map:
    """`look`: at that asset and moment, where the caller has it. Raises NotFound for whoever does not see it."""
    look = look or look_at_asset(asset=asset, moment=moment, actor=actor)
    on: defaultdict[str, list[AccessLine]] = defaultdict(list)
    for line in islice(who_has_what(asset=asset, moment=moment, actor=actor), _MOST):
        on[line.surface.reference].append(line)
    surfaces = [Listed(each.one, _holders(look, each, on[each.one.reference]), each.count) for each in look.surfaces]
    return lay_out(look.one, _owners(look.ownerships[0]) if look.ownerships else [], surfaces)


def _owners(line: OwnershipLine) -> list[tuple[Named, str]]:
    """Everybody once, with all they have in hand."""
    hands: defaultdict[Named, list[str]] = defaultdict(list)
    if line.owned_by:
        hands[line.owned_by].append("owns it")
    for control, who in line.controls:
        if who:
            hands[who].append(control.replace("_", " "))
    return [(who, ", ".join(what)) for who, what in hands.items()]


def _holders(look: Look, surface: Counted, lines: list[AccessLine]) -> list[On]:
    """Admins first, for they can let others in."""
    found = [On(line.person or line.party, _kind(look, surface, line), line.role, _until(line)) for line in lines]
    return sorted(found, key=lambda on: _ORDER.index(on.kind))


def _kind(look: Look, surface: Counted, line: AccessLine) -> str:
    if line.way == "authorization":
        return "code"
    platform, asset_kind = str(look.facts.get("platform")), str(look.facts.get("kind"))
    role = catalogue.role(platform, asset_kind, surface.kind, line.role)
    if role is not None and role.is_wide:
        return "admin"
    return "person" if line.person else "partner"


def _until(line: AccessLine) -> str:
    match ending(line):
        case datetime() as until:
            return f"until {until:%Y-%m-%d}"
        case "never":
            return "never ends"
    return "end not known"
