"""PURE. The codes: who asked which creator, what came of it, where it was applied, and how it ended. All by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from valetkey.authorizations.coverage import end_of_term
from valetkey.seed.acts import DAY, HOUR, Key, Script
from valetkey.seed.cast import AGENCY, Brand, Cast, Creator
from valetkey.seed.places import Places

_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789+/"
_DAYS: Final = (7, 30, 60, 365)
_HOW_OFTEN: Final = (6, 52, 32, 10)
_WHY_SHORT: Final = "More days when it goes well."


@dataclass(frozen=True)
class Deal:
    """One authorization. `buyer`: whose ad account it is for, the agency or a brand that asks by itself."""

    key: str
    creator: Creator
    brand: Brand
    post: str

    @property
    def buyer(self) -> str:
        return self.brand.key if self.brand.by_itself else AGENCY


class Codes:
    """`applied`: how many came to be applied; each of them is an access, too. `planning`: dice for which campaigns use
    what nobody had asked for.
    """

    def __init__(self, cast: Cast, places: Places, script: Script, *, number: int, planning: Random) -> None:
        self.cast, self.places, self.script, self.planning = cast, places, script, planning
        self.applied = self.made = 0
        self._most = number
        for creator in cast.creators:
            self._meet(creator)
        while self.made < number:
            self._begin()

    def _begin(self) -> None:
        script, dice = self.script, self.script.dice
        brand = dice.choice(self.cast.brands)
        at = script.moment(brand.begun + 4 * DAY, (brand.ended or script.now) - 2 * DAY)
        creator = dice.choice(self.cast.creators)
        deal = self._deal(creator, brand, self.places.number("7", 18))
        if script.often(0.6):
            self._ask(deal, at)
        else:
            script.add(
                at, "note_post", by=creator.user if creator.signs_in else "", makes=f"post {deal.key}",
                held_by=Key(creator.key), platform="tiktok", platform_id=deal.post,
            )  # fmt: skip
            self._record(deal, at + HOUR / 60, post=Key(f"post {deal.key}"), advertiser=Key(deal.buyer))
            self._plan(deal, at + DAY)

    def _plan(self, deal: Deal, at: datetime) -> None:
        """A code that was sent unasked is named in a campaign that runs, or that is to come."""
        known = [each for each in self.places.campaigns.get(deal.brand.key, ()) if each.noted < at < each.ends]
        if known and at < self.script.now and self.planning.random() < 0.8:
            self.script.add(
                at, "set_campaigns", by=self.cast.head.user if not deal.brand.by_itself else deal.brand.user,
                authorization=Key(deal.key), campaigns=(Key(self.planning.choice(known).key),),
            )  # fmt: skip

    def _deal(self, creator: Creator, brand: Brand, post: str) -> Deal:
        self.made += 1
        return Deal(f"z{self.made}", creator, brand, post)

    def _meet(self, creator: Creator) -> None:
        """Entered before anybody asks for anything."""
        at = self.cast.begun + 2 * HOUR
        self.script.add(at, "create_party", makes=creator.key, name=creator.name, kind="creator")
        if creator.signs_in:
            mail = f"{creator.name.removeprefix('@')}@creators.example"
            self.script.add(
                at, "let_in", makes=creator.user, name=creator.name.removeprefix("@"), mail=mail,
                party=Key(creator.key), role="manager",
            )  # fmt: skip

    def _hand(self, deal: Deal, at: datetime) -> str:
        return deal.brand.user if deal.brand.by_itself else self.cast.hand(at).user

    def _ask(self, deal: Deal, at: datetime) -> None:
        script, dice = self.script, self.script.dice
        running = [each for each in self.places.campaigns.get(deal.brand.key, ()) if each.begins <= at < each.ends]
        days = dice.choices(_DAYS, _HOW_OFTEN)[0]
        script.add(
            at, "request", by=self._hand(deal, at), makes=deal.key, creator=Key(deal.creator.key),
            advertiser=Key(deal.buyer), platform="tiktok", post_id=deal.post, days=days, short_reason=_WHY_SHORT,
            message=f"May {deal.brand.name} run this post as an ad?",
            campaigns=tuple(Key(each.key) for each in running[:1]) if script.often(0.6) else (),
        )  # fmt: skip
        answered = script.moment(at + HOUR, at + 5 * DAY)
        if answered >= script.now:
            return
        luck = dice.random()
        if luck < 0.06:
            reason = "This one stays as it is."
            script.add(answered, "decline", by=self._creator(deal), authorization=Key(deal.key), reason=reason)
        elif luck < 0.1:
            script.add(answered, "withdraw", by=self._hand(deal, answered), authorization=Key(deal.key))
        else:
            self._record(deal, answered, authorization=Key(deal.key), days=days)

    def _creator(self, deal: Deal) -> str:
        return deal.creator.user if deal.creator.signs_in else ""

    def _code(self) -> str:
        return "#" + "".join(self.script.dice.choices(_LETTERS, k=28)) + "="

    def _record(self, deal: Deal, at: datetime, **given: object) -> None:
        """The creator types it in where they use the desk; else whoever got it from them."""
        days = int(str(given.pop("days", self.script.dice.choices(_DAYS, _HOW_OFTEN)[0])))
        by = deal.creator.user if deal.creator.signs_in else self._hand(deal, at)
        self.script.add(
            at, "record_code", by=by, makes=deal.key, code=self._code(), days=days, issued_at=at,
            short_reason=_WHY_SHORT, **given,
        )  # fmt: skip
        self._live(deal, at, end_of_term(at, days))

    def _live(self, deal: Deal, at: datetime, ends: datetime) -> None:
        script, row = self.script, Key(deal.key)
        soon = script.moment(at + HOUR, at + DAY)
        if deal.creator.signs_in and soon < script.now:
            script.add(soon, "hand_over", by=deal.creator.user, authorization=row, recipient=deal.brand.name)
        seen = script.moment(at + DAY + HOUR, at + 3 * DAY)
        if seen < script.now:
            for _ in range(script.dice.choice((1, 1, 2))):
                script.add(seen, "open_code", by=self._hand(deal, seen), authorization=row)
        used = script.moment(at + 3 * DAY, at + 5 * DAY)
        if seen < script.now and used < script.now and script.often(0.93):
            account = script.dice.choice(self.places.ad_accounts[deal.brand.key])
            script.add(used, "apply", by=self._hand(deal, used), authorization=row, ad_account=Key(account))
            self.applied += 1
        self._later(deal, at + 5 * DAY + HOUR, ends)

    def _later(self, deal: Deal, first: datetime, ends: datetime) -> None:
        script, row = self.script, Key(deal.key)
        luck = script.dice.random()
        at = script.moment(first, ends - DAY)
        if at < script.now and luck < 0.15:
            days = script.dice.choice((30, 60))
            script.add(at, "extend", by=self._creator(deal), authorization=row, days=days, short_reason=_WHY_SHORT)
            ends = end_of_term(ends, days)
        elif at < script.now and luck < 0.2 and self.made < self._most:
            next_one = self._deal(deal.creator, deal.brand, deal.post)
            days = script.dice.choice((30, 60))
            script.add(
                at, "replace", by=self._creator(deal), makes=next_one.key, authorization=row, code=self._code(),
                days=days, short_reason=_WHY_SHORT,
            )  # fmt: skip
            self._live(next_one, at, end_of_term(at, days))
        elif at < script.now and luck < 0.3 and self._end(deal, at):
            return
        over = ends + HOUR
        if over < script.now:
            script.add(over, "expire", authorization=row)

    def _end(self, deal: Deal, at: datetime) -> bool:
        """Step by step, as far as there is time; whether it came to its end."""
        script, row, creator = self.script, Key(deal.key), self._creator(deal)
        steps: tuple[tuple[str, str, dict[str, str]], ...] = (
            ("ask_to_end", creator, {"reason": "The season is over."}),
            ("acknowledge_end", self._hand(deal, at), {}),
            ("pause_ads", self._hand(deal, at), {}),
            ("switch_off", creator, {}),
            ("confirm_end", creator, {"seen": "The switch is off in the app."}),
            ("tell_advertiser", creator, {"how": "By mail."}),
        )
        for index, (verb, by, given) in enumerate(steps):
            when = at + index * 3 * HOUR
            if when >= script.now:
                return False
            script.add(when, verb, by=by, makes="", authorization=row, **given)
        return True
