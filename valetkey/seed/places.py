"""PURE. What the agency has on record, of its own and of each brand: accounts, Business Centers, ad accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from valetkey.register import catalogue
from valetkey.register.catalogue import SurfaceKind
from valetkey.seed import names
from valetkey.seed.acts import DAY, HOUR, Key, Script
from valetkey.seed.cast import AGENCY, Brand, Cast

_FOR_PARTNERS: Final = frozenset({"partners", "brand_account"})
_LOGINS: Final = frozenset({"devices", "logins"})
_NOBODYS: Final = frozenset({"affiliate_authorization", "spark_authorizations"})
_ZONES: Final = ("Europe/Berlin", "Europe/Lisbon", "America/New_York")
_CAMPAIGNS: Final = ("Spring launch", "Summer table", "Back to school", "Autumn colours", "Winter craft", "Always on")


@dataclass(frozen=True)
class Place:
    """An asset on the agency's record. `there`: from when on."""

    key: str
    platform: str
    kind: str
    there: datetime

    def lists(self, *, for_partners: bool = False) -> list[SurfaceKind]:
        """Those on which people are, or partners as a whole; logins are nobody's usual list."""
        found = catalogue.usual(self.platform, self.kind)
        return [each for each in found if each.key not in _NOBODYS and (each.key in _FOR_PARTNERS) is for_partners]

    def list_key(self, kind: SurfaceKind) -> Key:
        return Key(f"{self.key}/{kind.key}")

    @property
    def has_login(self) -> bool:
        return self.kind != "ad_account"


@dataclass(frozen=True)
class Campaign:
    """`noted`: when it was put on record."""

    key: str
    noted: datetime
    begins: datetime
    ends: datetime


def is_login(kind: SurfaceKind) -> bool:
    return kind.key in _LOGINS


class Places:
    """`of`: brand (or the agency itself) → its places. `campaigns` and `ad_accounts`: of whom the codes are for."""

    def __init__(self, cast: Cast, script: Script) -> None:
        self.cast, self.script = cast, script
        self.of: dict[str, list[Place]] = {}
        self.campaigns: dict[str, list[Campaign]] = {}
        self.ad_accounts: dict[str, list[str]] = {}
        self._numbers: set[str] = set()
        self._enter(AGENCY, names.AGENCY, cast.begun + HOUR, has_all=False)
        for brand in cast.brands:
            self._enter(brand.key, brand.name, brand.begun + HOUR, has_all=True)
            if brand.by_itself:
                self._own_ad_account(brand)
            self._plan_campaigns(brand)

    def number(self, first: str, length: int) -> str:
        """An id as platforms give them, once."""
        while (text := first + "".join(self.script.dice.choices("0123456789", k=length))) in self._numbers:
            pass
        self._numbers.add(text)
        return text

    def _enter(self, whose: str, name: str, at: datetime, *, has_all: bool) -> None:
        handle = "@" + "".join(letter for letter in name.lower() if letter.isalnum())
        center = self._asset(whose, "tiktok", "business_center", f"{name} BC", at, self.number("7", 18))
        self._asset(whose, "tiktok", "account", f"{handle} on TikTok", at, handle, within=center.key)
        self._asset(whose, "instagram", "account", f"{handle} on Instagram", at, handle)
        if not has_all:
            return
        for which in ("EU", "US"):
            self._ad_account(whose, f"{name} {which}", at + HOUR, within=center.key)
        self._asset(whose, "facebook", "page", f"{name} page", at, handle)
        if self.script.often(0.5):
            self._asset(whose, "tiktok", "shop", f"{name} shop", at, self.number("8", 11))
        if self.script.often(0.4):
            self._asset(whose, "youtube", "channel", f"{name} channel", at, handle)

    def _asset(
        self, whose: str, platform: str, kind: str, name: str, at: datetime, platform_id: str, within: str = ""
    ) -> Place:
        place = self._place(whose, platform, kind, at)
        self.script.add(
            at, "enter_asset", by=self.cast.head.user, makes=place.key, held_by=Key(AGENCY), platform=platform,
            kind=kind, name=name, platform_id=platform_id, within=Key(within) if within else None,
        )  # fmt: skip
        return place

    def _ad_account(self, whose: str, name: str, at: datetime, within: str) -> None:
        place = self._place(whose, "tiktok", "ad_account", at)
        self.script.add(
            at, "enter_ad_account", by=self.cast.head.user, makes=place.key, held_by=Key(AGENCY), platform="tiktok",
            platform_id=self.number("70", 14), name=name, time_zone=self.script.dice.choice(_ZONES), within=Key(within),
        )  # fmt: skip
        self.ad_accounts.setdefault(whose, []).append(place.key)

    def _own_ad_account(self, brand: Brand) -> None:
        """On the brand's own record: what the agency has of it on its own is another line."""
        self.script.add(
            brand.begun + HOUR, "note_ad_account", by=brand.user, makes=f"{brand.key}.own", held_by=Key(brand.key),
            platform="tiktok", platform_id=self.number("71", 14), name=f"{brand.name} own", time_zone="Europe/Berlin",
        )  # fmt: skip
        self.ad_accounts[brand.key] = [f"{brand.key}.own"]

    def _place(self, whose: str, platform: str, kind: str, at: datetime) -> Place:
        own = self.of.setdefault(whose, [])
        place = Place(f"{whose}.{len(own)}", platform, kind, at)
        own.append(place)
        return place

    def _plan_campaigns(self, brand: Brand) -> None:
        """One after the other, each of some weeks, on the first of the ad accounts that codes are applied to."""
        script, dice = self.script, self.script.dice
        by = brand.user if brand.by_itself else self.cast.head.user
        at = brand.begun + DAY
        for number in _forever():
            begins = at + dice.randrange(5, 40) * DAY
            if begins >= (brand.ended or script.now):
                return
            campaign = Campaign(f"{brand.key}.k{number}", at, begins, begins + dice.randrange(20, 75) * DAY)
            script.add(
                at, "note_campaign", by=by, makes=campaign.key, ad_account=Key(self.ad_accounts[brand.key][0]),
                name=f"{dice.choice(_CAMPAIGNS)} {number + 1}", starts_on=campaign.begins.date(),
                ends_on=campaign.ends.date(),
            )  # fmt: skip
            self.campaigns.setdefault(brand.key, []).append(campaign)
            at = campaign.ends if campaign.ends < script.now else script.now - HOUR
            if at <= begins:
                return


def _forever() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1
