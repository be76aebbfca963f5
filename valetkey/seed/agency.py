"""PURE. A made-up agency over two years, from a seed: everything that was done, in order of time.

The same seed, day and size make the same acts. Doing them is play.py's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random

from valetkey.seed import names
from valetkey.seed.acts import HOUR, Act, Key, Script
from valetkey.seed.cast import AGENCY, SIZES, Cast
from valetkey.seed.codes import Codes
from valetkey.seed.places import Places
from valetkey.seed.record import Record


@dataclass(frozen=True)
class Agency:
    """`head`: the mail address of who runs it. `member`, `creator`: of one of its people, and of one creator."""

    acts: tuple[Act, ...]
    head: str
    member: str
    creator: str
    admin: str


def agency(*, until: date, size: str, seed: int) -> Agency:
    """All of it lies before the day `until` begins, in UTC."""
    now = datetime.combine(until, time(), tzinfo=UTC)
    script = Script(dice(seed, "agency"), now)
    cast = Cast(SIZES[size], script)
    _let_in(cast, script)
    places = Places(cast, script)
    codes = Codes(cast, places, script, number=cast.size.authorizations, planning=dice(seed, "campaigns"))
    record = Record(cast, places, script, accesses=cast.size.accesses - codes.applied)
    record.answer_for_all()
    record.check_all()
    member = next(each for each in cast.people if each.role == "member" and each.left is None)
    acts = script.played()
    creator = next(str(act.given["mail"]) for act in acts if act.do == "let_in" and act.makes.startswith("user c"))
    return Agency(acts, cast.head.mail, member.mail, creator, f"desk@{names.MAIL}")


def dice(seed: int, what: str) -> Random:
    """One stream for each use: a draw more in one of them moves nothing in another."""
    return Random(f"{seed} {what}")  # noqa: S311  # nothing secret is drawn


def _let_in(cast: Cast, script: Script) -> None:
    """The parties, and everybody who signs in."""
    begun = cast.begun
    script.add(
        begun, "create_user", makes="user desk", email=f"desk@{names.MAIL}", name="Desk Admin", desk_role="admin"
    )
    script.add(begun, "create_party", makes=AGENCY, name=names.AGENCY, kind="agency")
    for person in cast.people:
        script.add(
            person.joined, "employ", makes=person.key, kept_by=Key(AGENCY), name=person.name, mail=person.mail,
            work=person.work, joined_on=person.joined.date(), role=person.role, user=person.user,
        )  # fmt: skip
    for brand in cast.brands:
        at = brand.begun - HOUR
        script.add(at, "create_party", makes=brand.key, name=brand.name, kind="brand")
        mail = f"social@{brand.key}.example"
        if brand.by_itself:
            script.add(
                at, "let_in", makes=brand.user, name=f"{brand.name} social", mail=mail, party=Key(brand.key),
                role="manager",
            )  # fmt: skip
