"""PURE. How the agency's record came to be: who got on which list and came off it, who owns what, who answers for what,
what was shared that should not have been, and the checklists and reviews that were made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from valetkey.register.catalogue import SurfaceKind
from valetkey.register.occasions import Occasion
from valetkey.seed import names
from valetkey.seed.acts import DAY, HOUR, Key, Script
from valetkey.seed.cast import AGENCY, Brand, Cast, Partner
from valetkey.seed.places import Place, Places, is_login

_PURPOSES: Final = ("Runs the ads", "Answers comments", "Plans posts", "Reports every week", "Ships samples", "")
_OVER: Final = ("Moved to another brand.", "The campaign is over.", "Not needed any more.", "Given twice.")
_SEEN: Final = "Looked at the list: the name is gone."
_CONTROLS: Final = ("owner", "backup_owner", "recovery_mail", "recovery_phone", "second_factor", "backup_codes")
_SHARED: Final = ("password", "recovery_codes", "session", "recovery_contact", "one_time_codes")
_DUTIES: Final = {
    Occasion.JOINER: "Put them on the lists of their first brand, and on no other",
    Occasion.MOVER: "Look at what they need no more",
    Occasion.LEAVER: "Take them off every list on their last day",
    Occasion.AGENCY_START: "Agree what the partner gets, and until when",
    Occasion.AGENCY_END: "Take the partner and its people off",
    Occasion.CODE_GIVEN: "Write down what the code is for",
    Occasion.CODE_ENDED: "Pause the ads and tell the creator",
    Occasion.OWNERSHIP_CHECK: "See who holds phone and mail of the account",
    Occasion.CONTINUITY_CHECK: "See that nobody is the only one",
    Occasion.INCIDENT: "Stop it first, then ask how it came",
}


@dataclass(frozen=True)
class Stay:
    """Somebody works for somebody: on lists from `begins` until `ends`, or as long as they are there (`gone`)."""

    holder: dict[str, object]
    whose: str
    begins: datetime
    ends: datetime
    gone: datetime | None
    is_orderly: bool = True


@dataclass(frozen=True)
class Opened:
    key: str
    place: Place
    begins: datetime
    ends: datetime | None
    until: datetime | None


class Record:
    def __init__(self, cast: Cast, places: Places, script: Script, *, accesses: int) -> None:
        self.cast, self.places, self.script = cast, places, script
        self.opened: list[Opened] = []
        self._most = accesses
        self._partners()
        self._fill()

    # ---- Access

    def _fill(self) -> None:
        """Stay after stay, in any order, until there are as many accesses as there are to be."""
        pairs = [(person, brand) for person in self.cast.people for brand in self.cast.brands]
        self.script.dice.shuffle(pairs)
        free = {pair: max(pair[0].joined, pair[1].begun) + 3 * DAY for pair in pairs}
        while len(self.opened) < self._most:
            if not pairs:
                raise ValueError("There is no time left in which anybody could get on another list.")
            for pair in list(pairs):
                person, brand = pair
                last = min(each for each in (person.left, brand.ended, self.script.now) if each) - 4 * DAY
                begins = self.script.moment(free[pair], free[pair] + 200 * DAY)
                if begins >= last:
                    pairs.remove(pair)
                    continue
                ends = begins + self.script.dice.randrange(30, 420) * DAY
                free[pair] = ends + 10 * DAY
                stay = Stay({"person": Key(person.key)}, brand.key, begins, ends, person.left, person.is_orderly)
                self._stay(stay, brand.ended)

    def _stay(self, stay: Stay, over: datetime | None = None) -> None:
        for place in self.places.of[stay.whose]:
            for kind in place.lists():
                if len(self.opened) < self._most and self.script.often(0.15 if is_login(kind) else 0.75):
                    self._open(place, kind, stay, over)

    def _open(self, place: Place, kind: SurfaceKind, stay: Stay, over: datetime | None = None) -> None:
        script, dice = self.script, self.script.dice
        at = stay.begins + dice.randrange(1, 600) * HOUR / 60
        planned = min(stay.ends, over or stay.ends)
        end = dice.choices(("at", "none", "unknown"), (45, 35, 20))[0]
        until = planned if end == "at" else None
        key = f"a{len(self.opened)}"
        by, owner = self.cast.hand(at).user, self.cast.hand(at).key
        script.add(
            at, "open_access", by=by, makes=key, surface=place.list_key(kind), **stay.holder,
            role=dice.choice(kind.roles[-4:]).name, since=None if script.often(0.04) else stay.begins, end=end,
            until=until, purpose=dice.choice(_PURPOSES), owner=Key(owner) if script.often(0.7) else None,
            review_on=(at + 180 * DAY).date() if script.often(0.3) else None,
        )  # fmt: skip
        ends = self._end(key, at, planned, stay)
        self.opened.append(Opened(key, place, at, ends or stay.gone, until))
        self._meanwhile(key, at, min(each for each in (ends, stay.gone, script.now) if each))

    def _end(self, key: str, at: datetime, planned: datetime, stay: Stay) -> datetime | None:
        """When somebody took them off; None: it was forgotten, or ends with a checklist, or is still to come."""
        script = self.script
        soon = script.moment(planned, planned + 3 * DAY)
        if stay.gone is not None and soon >= stay.gone - DAY:
            if stay.is_orderly or script.often(0.4):
                return None
            soon = script.moment(stay.gone + HOUR, stay.gone + 9 * DAY)
        if soon >= script.now or (script.often(0.1) and (stay.gone is None or soon < stay.gone)):
            return None
        script.add(
            soon, "end_access", by=self.cast.hand(soon).user, access=Key(key), reason=script.dice.choice(_OVER),
            how=_SEEN if script.often(0.8) else "",
        )  # fmt: skip
        return soon

    def _meanwhile(self, key: str, first: datetime, last: datetime) -> None:
        script = self.script
        if last - first < DAY:
            return
        if script.often(0.2):
            at = script.moment(first + HOUR, last - HOUR)
            how = "Seen on the list, in this role."
            script.add(at, "confirm_access", by=self.cast.hand(at).user, access=Key(key), how=how)
        if script.often(0.08):
            at = script.moment(first + HOUR, last - HOUR)
            changes = {"note": "Asked by mail.", "review_on": (at + 90 * DAY).date()}
            script.add(at, "change_access", by=self.cast.hand(at).user, access=Key(key), changes=changes)

    # ---- Partners

    def _partners(self) -> None:
        for partner in self.cast.partners:
            self._begin_with(partner)
            last = partner.ended or self.script.now
            for brand in self.script.dice.sample(self.cast.brands, min(3, len(self.cast.brands))):
                begins = max(partner.begun, brand.begun) + 2 * DAY
                if begins + DAY >= last:
                    continue
                as_whole = Stay({"holder": Key(partner.key)}, brand.key, begins, last, partner.ended)
                for place in self.places.of[brand.key]:
                    for kind in place.lists(for_partners=True):
                        self._open(place, kind, as_whole)
                for key, _ in partner.people:
                    if self.script.often(0.6):
                        self._stay(Stay({"person": Key(key)}, brand.key, begins, last, partner.ended))

    def _begin_with(self, partner: Partner) -> None:
        script, head = self.script, self.cast.head
        at = partner.begun
        script.add(at, "create_party", makes=partner.key, name=partner.name, kind=partner.kind)
        for key, name in partner.people:
            script.add(
                at, "enter_person", by=head.user, makes=key, kept_by=Key(AGENCY), party=Key(partner.key), name=name,
                work="Account lead",
            )  # fmt: skip
        self._engage(partner.key, at, "Buys media with us", None)
        if at + 2 * DAY < script.now:
            self._check(at + HOUR, "agency_start", party=Key(partner.key))
        if partner.ended is not None:
            self._check(partner.ended, "agency_end", party=Key(partner.key))

    def _engage(self, party: str, at: datetime, purpose: str, ends: datetime | None) -> None:
        self.script.add(
            at, "start_engagement", by=self.cast.head.user, makes=f"engagement {party}", kept_by=Key(AGENCY),
            party=Key(party), purpose=purpose, starts_on=at.date(), review_on=(at + 365 * DAY).date(),
            ends_on=ends.date() if ends else None, owner=Key(self.cast.head.key),
        )  # fmt: skip

    # ---- Who answers for what

    def answer_for_all(self) -> None:
        for brand in self.cast.brands:
            self._engage_brand(brand)
        for places in self.places.of.values():
            for place in places:
                if place.has_login:
                    self._own(place)
        self._duties()
        self._mishaps()

    def _engage_brand(self, brand: Brand) -> None:
        self._engage(brand.key, brand.begun + 2 * HOUR, "Runs their social media and ads", brand.ended)
        if brand.ended is not None:
            self.script.add(
                brand.ended + HOUR, "end_engagement", by=self.cast.head.user, engagement=Key(f"engagement {brand.key}"),
                reason="They went to another agency.",
            )  # fmt: skip

    def _own(self, place: Place) -> None:
        """With gaps: things that nobody knows, and that somebody who may leave has alone."""
        script, whose = self.script, place.key.partition(".")[0]
        at = place.there + 3 * DAY
        if at + DAY >= script.now or script.often(0.12):
            return
        people = self.cast.among(at) or [self.cast.head]
        hands: dict[str, object] = {
            name: Key(script.dice.choice(people).key) if script.often(0.75) else None for name in _CONTROLS
        }
        said = {**hands, "owned_by": Key(whose), "evidence": "Contract, and the page of the account."}
        script.add(at, "set_ownership", by=self.cast.head.user, asset=Key(place.key), changes=said)
        for year in range(2):
            seen = script.moment(at + year * 365 * DAY + HOUR, at + (year + 1) * 365 * DAY)
            if seen < script.now and script.often(0.4):
                script.add(seen, "confirm_ownership", by=self.cast.deputy.user, asset=Key(place.key))

    def _duties(self) -> None:
        script = self.script
        at = self.cast.begun + 5 * DAY
        for occasion, what in _DUTIES.items():
            person, backup = script.dice.sample(self.cast.among(at), 2)
            script.add(
                at, "give_responsibility", by=self.cast.head.user, kept_by=Key(AGENCY), person=Key(person.key),
                backup=Key(backup.key), occasion=occasion.value, what=what,
                within_days=script.dice.choice((0, 1, 3, 7, 14)),
            )  # fmt: skip

    # ---- What went wrong

    def _mishaps(self) -> None:
        """Each on another account; some closed, some by the checklist of an incident, some open to this day."""
        places = [each for found in self.places.of.values() for each in found if each.has_login]
        number = min(len(places), max(2, self.cast.size.people // 3))
        for index, place in enumerate(self.script.dice.sample(places, number)):
            self._mishap(place, f"x{index}", index)

    def _mishap(self, place: Place, key: str, index: int) -> None:
        script, head = self.script, self.cast.head
        at = script.moment(place.there + 5 * DAY, script.now - 3 * DAY)
        script.add(
            at, "open_exposure", by=head.user, makes=key, held_by=Key(AGENCY), platform=place.platform,
            asset=Key(place.key), shared=_SHARED[index % len(_SHARED)], since=(at - 20 * DAY).date(),
        )  # fmt: skip
        knowers = script.dice.sample(self.cast.among(at), min(2, len(self.cast.among(at))))
        for person in knowers:
            script.add(at + HOUR / 60, "add_knower", by=head.user, exposure=Key(key), person=Key(person.key))
        name = names.FREELANCERS[index % len(names.FREELANCERS)]
        script.add(at + HOUR / 30, "add_knower", by=head.user, exposure=Key(key), name=name)
        closed = script.moment(at + DAY, at + 60 * DAY)
        first_gone = min((each.left for each in knowers if each.left), default=script.now)
        if index % 4 == 1 and closed < script.now:
            self._check(closed, "incident", asset=Key(place.key))
        elif index % 4 != 0 and closed < first_gone:
            how = "Changed, and signed out everywhere."
            script.add(closed, "close_exposure", by=head.user, exposure=Key(key), how=how)

    # ---- Checklists and reviews

    def check_all(self) -> None:
        script = self.script
        for person in self.cast.people:
            if person.left is not None and person.is_orderly:
                # The one who went last: half of it is still to be done.
                is_last = script.now - person.left < 20 * DAY
                self._check(person.left, "leaver", is_done=not is_last, person=Key(person.key))
            elif person.left is not None:
                day = person.left.date()
                script.add(person.left, "person_left", by=self.cast.head.user, person=Key(person.key), on=day)
            if person.joined > self.cast.begun + DAY and script.often(0.5):
                self._check(person.joined + HOUR, "joiner", person=Key(person.key))
        for year in (1, 2):
            at = self.cast.begun + year * 330 * DAY
            self._check(at, "continuity_check")
            for brand in self.cast.brands[: 3 * year]:
                self._check(at + DAY, "ownership_check", asset=Key(self.places.of[brand.key][0].key))
        stays = [each for each in self.cast.people[2:] if each.left is None]
        for person in script.dice.sample(stays, min(3, len(stays))):
            at = script.moment(person.joined + 30 * DAY, script.now - DAY)
            self._check(at, "mover", person=Key(person.key))
        self._reviews()

    def _check(self, at: datetime, occasion: str, *, is_done: bool = True, **about: Key) -> None:
        self.script.add(
            at, "go_through", by=self.cast.head.user, occasion=occasion, kept_by=Key(AGENCY), about=about,
            to=Key(self.cast.deputy.key), is_done=is_done,
        )  # fmt: skip

    def _reviews(self) -> None:
        """Every half year the Business Center of some brands, the last of them just begun."""
        script = self.script
        for brand in self.cast.brands[::2]:
            place = self.places.of[brand.key][0]
            for half in range(1, 5):
                at = self.cast.begun + (half * 182 - 3) * DAY
                there = [each for each in self.opened if each.place is place and each.begins < at - DAY]
                if any(each.ends is None or each.ends > at + DAY for each in there):
                    script.add(
                        at, "review", by=self.cast.head.user, kept_by=Key(AGENCY), asset=Key(place.key),
                        is_done=half < 4, next_on=(at + 182 * DAY).date(),
                    )  # fmt: skip
