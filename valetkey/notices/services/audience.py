"""Who is told of findings, as the record has it now: kept for one run, loaded for the parties of a batch at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from valetkey.accounts.models import Membership, Person, User
from valetkey.accounts.policy import DeskRole, Role
from valetkey.findings.finding import Group
from valetkey.findings.models import Finding
from valetkey.notices.models import Preference
from valetkey.notices.recipients import Somebody, Why, told
from valetkey.notices.schedule import LEADS, Wishes

_WORKING = (Role.MANAGER.value, Role.MEMBER.value)


@dataclass(frozen=True)
class Reader:
    user: User
    wishes: Wishes


class Audience:
    """`at`: whoever's last day is over by then has left."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._readers: dict[int, Reader] = {}
        self._teams: dict[int, list[Somebody]] = {}
        self._admins = self._load_admins()

    def load(self, findings: Iterable[Finding]) -> None:
        """The people of their parties. Four queries, however many there are."""
        parties = {each.party_id for each in findings} - self._teams.keys()
        if not parties:
            return
        rows = list(
            Membership.objects.current()
            .filter(party__in=parties, role__in=_WORKING, user__is_active=True)
            .select_related("user")
        )
        self._meet([row.user for row in rows])
        left = _last_days(Person.objects.filter(kept_by__in=parties, user__in=[row.user_id for row in rows]))
        self._teams |= {party: [] for party in parties}
        for row in rows:
            last = left.get(row.user_id, {}).get(row.party_id)
            somebody = Somebody(row.user_id, role=Role(row.role), has_left=self._is_over(row.user_id, last))
            self._teams[row.party_id].append(somebody)

    def of(self, finding: Finding) -> Mapping[int, Why]:
        """Users with the reason why. Its party was loaded, and `owner` and `handed_to` come with it."""
        person = finding.handed_to or finding.owner
        owner = person.user_id if person is not None and person.kept_by_id == finding.party_id else None
        return told(owner, self._teams[finding.party_id], self._admins)

    def reader(self, user: int) -> Reader:
        return self._readers[user]

    def admins(self) -> list[int]:
        return [each.user for each in self._admins if each.is_here]

    def _load_admins(self) -> list[Somebody]:
        users = list(User.objects.filter(desk_role=DeskRole.ADMIN.value, is_active=True).order_by("pk"))
        self._meet(users)
        left = _last_days(Person.objects.filter(user__in=users))
        return [
            Somebody(user.pk, desk_role=DeskRole.ADMIN, has_left=self._has_left_everywhere(user.pk, left.get(user.pk)))
            for user in users
        ]

    def _meet(self, users: Iterable[User]) -> None:
        new = {user.pk: user for user in users if user.pk not in self._readers}
        said = {row.user_id: row for row in Preference.objects.filter(user__in=new)}
        self._readers |= {pk: Reader(user, wishes_of(user, said.get(pk))) for pk, user in new.items()}

    def _is_over(self, user: int, last_day: date | None) -> bool:
        return last_day is not None and last_day < self._at.astimezone(self.reader(user).wishes.zone).date()

    def _has_left_everywhere(self, user: int, last_days: Mapping[int, date | None] | None) -> bool:
        """An admin acts for no party; one who is on record somewhere and has left wherever they are is a leaver."""
        return bool(last_days) and all(self._is_over(user, day) for day in (last_days or {}).values())


def wishes_of(user: User, said: Preference | None) -> Wishes:
    """What they want; without a word of theirs, what everybody gets."""
    zone = ZoneInfo(user.time_zone or settings.VALETKEY_TIME_ZONE)
    if said is None:
        return Wishes(zone)
    quiet = (
        (said.quiet_from, said.quiet_until) if said.quiet_from is not None and said.quiet_until is not None else None
    )
    return Wishes(
        zone,
        by_mail=said.by_mail,
        muted=frozenset(Group(each) for each in said.muted if each in set(Group)),
        leads=tuple(said.lead_days) or LEADS,
        quiet=quiet,
        on_weekends=said.on_weekends,
    )


def _last_days(people: Iterable[Person]) -> dict[int, dict[int, date | None]]:
    """User → party whose record it is → last day."""
    found: dict[int, dict[int, date | None]] = defaultdict(dict)
    for person in people:
        if person.user_id is not None:
            found[person.user_id][person.kept_by_id] = person.left_on
    return found
