"""What has to happen between two sides so that each rule of codes speaks: made by the services, step by step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from tests.authorizations.stage import APPLY, by_hand, order, refused, switch
from tests.desk import HOST, Desk
from tests.register.on_record import somebody
from valetkey.accounts.services import person_left
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.connectors.models import SANDBOX
from valetkey.register.models import Asset
from valetkey.register.services import end_engagement, start_engagement

OTHER: Final = "#anotherCode1234567890abcdefgh="


def used(desk: Desk, **given: Any) -> Authorization:
    """Authorized as given, and applied on the EU ad account."""
    row = desk.issued(**given)
    services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    services.open(authorization=row, actor=desk.bo, at=desk.at)
    desk.applied(row)
    row.refresh_from_db()
    return row


def _with_campaign(desk: Desk) -> Authorization:
    return used(desk, campaigns=(desk.campaign(),))


def _ran_out(desk: Desk) -> None:
    row = _with_campaign(desk)
    desk.later(days=31)
    services.expire(authorization=row, actor=desk.admin, at=desk.at)


def _starts_late(desk: Desk) -> None:
    by_hand(desk, issued_at=desk.at + timedelta(days=5), campaigns=(desk.campaign(days=20),))


def _successor(desk: Desk) -> None:
    switch(desk, setting_on_again="new_code")
    row = desk.in_use()
    desk.later(days=3)
    services.replace(authorization=row, days=60, actor=desk.mara, at=desk.at)


def _agreed_day_passed(desk: Desk) -> None:
    used(desk, agreed_until=desk.at.date() + timedelta(days=5))
    desk.later(days=7)


def _work_ended(desk: Desk) -> None:
    work = start_engagement(
        kept_by=desk.creator, party=desk.advertiser, purpose="Shoes", starts_on=desk.at.date(), actor=desk.mara,
        at=desk.at,
    )  # fmt: skip
    used(desk)
    desk.later(hours=1)
    end_engagement(engagement=work, reason="Over.", actor=desk.mara, at=desk.at)


def _one_code_at_two(desk: Desk) -> None:
    by_hand(desk)
    by_hand(desk, advertiser=desk.rival)


def _typed_for_another_post(desk: Desk) -> None:
    row = desk.issued()
    assert row.code is not None
    by_hand(desk, row.code.reveal(), post=desk.note("public_two"), advertiser=desk.rival)


def _two_codes(desk: Desk) -> None:
    desk.issued()
    desk.later(hours=1)
    by_hand(desk, OTHER, advertiser=desk.rival)


def _asked(desk: Desk) -> None:
    services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    desk.later(days=4)


def _kept(desk: Desk) -> None:
    desk.issued(campaigns=(desk.campaign(),))
    desk.later(days=4)


def _never_opened(desk: Desk) -> None:
    services.hand_over(authorization=desk.issued(), recipient="Bo", actor=desk.mara, at=desk.at)
    desk.later(days=4)


def _never_applied(desk: Desk) -> None:
    desk.opened()
    desk.later(days=6)


def _uncertain(desk: Desk) -> None:
    row = desk.opened()
    order(desk, APPLY, "drop_after")
    with refused("outcome_uncertain"):
        desk.applied(row)
    desk.later(days=2)


def _owner_gone(desk: Desk) -> None:
    person = somebody(desk, "Nia")
    services.name_owner(authorization=desk.in_use(), person=person, actor=desk.mara, at=desk.at)
    person_left(person=person, on=desk.at.date(), actor=desk.mara, at=desk.at)
    desk.later(days=2)


def ending(steps: int) -> Callable[[Desk], Authorization]:
    """So many steps of the end, each by hand, and then nobody does anything for three days."""

    def stage(desk: Desk) -> Authorization:
        row = _with_campaign(desk)
        mara: dict[str, Any] = {"authorization": row, "actor": desk.mara, "at": desk.at}
        bo = {**mara, "actor": desk.bo}
        acts: list[Callable[[], object]] = [
            lambda: services.ask_to_end(reason="Early.", **mara),
            lambda: services.acknowledge_end(**bo),
            lambda: services.pause_ads(by_hand=True, **bo),
            lambda: services.switch_off(by_hand=True, **mara),
            lambda: services.confirm_end(seen="It looked off to me.", **mara),
        ]
        for act in acts[:steps]:
            act()
        desk.later(days=3)
        return row

    return stage


def _drifted(desk: Desk) -> None:
    switch(desk, setting_on_again="new_code")
    row = desk.in_use()
    side = connections.creator_side(party=desk.creator, platform="tiktok", at=desk.at)
    assert side is not None
    side.switch_on(post_id=desk.post.platform_id, term_days=7)
    services.check(authorization=row, actor=desk.admin, at=desk.at)


def _not_looked_at(desk: Desk) -> None:
    desk.in_use()
    desk.later(days=20)


def _seen_as(visibility: str) -> Callable[[Desk], None]:
    def stage(desk: Desk) -> None:
        desk.in_use()
        desk.note("public", visibility=visibility)

    return stage


def _abroad(desk: Desk) -> None:
    desk.in_use()
    account = {"platform": "tiktok", "kind": "account", "created_at": desk.at}
    Asset.objects.create(held_by=desk.creator, platform_id="1", name="mara.makes", region="DE", **account)
    Asset.objects.filter(pk=desk.eu.pk).update(region="US")


def _lapsing(desk: Desk) -> None:
    mara = desk.seeded.creators[0]
    connections.connect(
        party=desk.creator, platform="tiktok", level=Level.CREATOR, token=mara.token, account_id=mara.account_id,
        base_url=SANDBOX, token_ends_at=desk.at + timedelta(days=1), actor=HOST, at=desk.at,
    )  # fmt: skip


STAGES: Final[dict[str, Callable[[Desk], object]]] = {
    "ends_before_campaign": _with_campaign,
    "ran_out_under_campaign": _ran_out,
    "starts_after_campaign": _starts_late,
    "ends_soon_in_use": lambda desk: desk.in_use(),
    "ends_soon_unused": lambda desk: desk.issued(),
    "successor_not_applied": _successor,
    "end_unknown": lambda desk: by_hand(desk, days=None, campaigns=(desk.campaign(),)),
    "code_past_end": lambda desk: (desk.in_use(), desk.later(days=32)),
    "agreed_use_over": _agreed_day_passed,
    "ads_past_agreed_use": _agreed_day_passed,
    "code_after_engagement": _work_ended,
    "other_ad_account": lambda desk: used(desk, ad_account=desk.us),
    "code_elsewhere": _one_code_at_two,
    "code_of_another_post": _typed_for_another_post,
    "two_live_codes": _two_codes,
    "request_unanswered": _asked,
    "not_handed_over": _kept,
    "never_opened": _never_opened,
    "never_applied": _never_applied,
    "outcome_unknown": _uncertain,
    "code_owner_left": _owner_gone,
    "end_asked_under_campaign": ending(1),
    "end_not_read": ending(1),
    "ads_not_paused": ending(2),
    "not_switched_off": ending(3),
    "end_not_seen": ending(4),
    "advertiser_not_told": ending(5),
    "ended_without_proof": ending(5),
    "drift": _drifted,
    "code_not_checked": _not_looked_at,
    "post_hidden": _seen_as("private"),
    "post_gone": _seen_as("deleted"),
    "regions_differ": _abroad,
    "ad_account_full": lambda desk: desk.in_use(),
    "token_lapses": _lapsing,
}
