"""Apply: the code is bound to an ad account, and what holds there is read back; then the register says who may what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from tests.authorizations.stage import (
    APPLY,
    LIST,
    Tap,
    accesses,
    application,
    by_hand,
    events,
    fresh,
    holds,
    keep_only,
    last,
    live,
    refused,
    switch,
)  # fmt: skip
from tests.desk import Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Application
from valetkey.connectors import registry
from valetkey.connectors.base import Address, Level
from valetkey.connectors.models import SANDBOX
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, PlatformRefused
from valetkey.register.models import Access

pytestmark = pytest.mark.django_db


def test_applied_is_proven_by_reading_back_and_gives_access_until_the_end(desk: Desk, tap: Tap) -> None:
    row = desk.opened()
    tap.clear()
    done = desk.applied(row)
    assert tap.calls == [("POST", APPLY), ("GET", LIST)]
    assert done.state == "in_use" and done.source == "observed" and done.seen_at == desk.at
    assert done.identity_id and done.identity_type == "AUTH_CODE" and done.ends_at == row.ends_at
    assert fresh(row).state == "in_use"
    assert events(row)[-3:] == ["apply.attempted", "apply.done", "read_back"]
    (access,) = live(desk, row)
    assert access.holder == desk.advertiser and access.until == row.ends_at and access.surface.asset_id == row.post_id
    assert access.basis == done.basis and access.source == "observed"
    holds()


def test_one_code_on_two_ad_accounts_is_two_applications_each_with_its_own_access(desk: Desk) -> None:
    row = desk.in_use()
    second = desk.applied(row, desk.us)
    assert row.applications.bound().count() == 2
    assert [access.basis for access in live(desk, row)] == [application(row, desk.eu).basis, second.basis]
    assert services.warnings(application=second) == (
        "The same code is applied on Northwind EU too. Ending it ends both.",
    )


def test_an_ad_account_nobody_agreed_to_is_warned_of(desk: Desk) -> None:
    row = desk.issued(ad_account=desk.eu)
    done = desk.applied(row, desk.us)
    assert services.warnings(application=done) == (
        "Agreed was Northwind EU; this is Northwind US, which nobody agreed to.",
    )
    assert services.warnings(application=desk.applied(row, desk.eu))[0].startswith("The same code is applied on")


def test_already_applied_says_so_and_is_no_failure_of_the_code(desk: Desk, tap: Tap) -> None:
    """Another tool showed “already authorized” as a failure of the code, though the post was fine."""
    row = desk.in_use()
    tap.clear()
    with refused("already_applied", Conflict):
        desk.applied(row)
    assert tap.calls == [] and fresh(row).state == "in_use" and len(live(desk, row)) == 1


def test_an_ad_account_of_somebody_else_is_not_theirs(desk: Desk, tap: Tap) -> None:
    row = desk.opened()
    tap.clear()
    with refused("not_their_ad_account", NotFound):
        desk.applied(row, desk.rivals_account)
    assert tap.calls == [] and not Application.objects.exists()


@pytest.mark.parametrize("hand", [False, True])
def test_after_the_end_it_is_refused_at_the_very_second(desk: Desk, hand: bool) -> None:
    row = desk.opened()
    desk.later(days=30)
    with refused("code_expired", Invalid):
        services.apply(authorization=row, ad_account=desk.eu, by_hand=hand, actor=desk.bo, at=desk.at)
    done = services.apply(
        authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at - timedelta(seconds=1)
    )
    assert done.state == "applied"


@pytest.mark.parametrize(("who", "code"), [("mara", "not_your_verb"), ("viewer", "not_your_verb")])
def test_only_the_advertisers_side_applies(desk: Desk, who: str, code: str) -> None:
    row = desk.opened()
    with refused(code, Forbidden):
        services.apply(authorization=row, ad_account=desk.eu, actor=getattr(desk, who), at=desk.at)
    with refused("no_such_authorization", NotFound):
        services.apply(authorization=row, ad_account=desk.eu, actor=desk.stranger, at=desk.at)


def test_without_a_code_or_once_it_ends_no_row_is_begun(desk: Desk) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    with refused("no_code", Conflict):
        desk.applied(row)
    services.issue(authorization=row, days=7, actor=desk.mara, at=desk.at)
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    with refused("not_in_this_state", Conflict):
        desk.applied(row)
    assert not Application.objects.exists()


def test_a_code_the_platform_does_not_know_is_its_own_refusal(desk: Desk) -> None:
    row = by_hand(desk, "#typedWrongSomewhere1234567890")
    with refused("auth_code_not_found", PlatformRefused):
        desk.applied(row)
    assert fresh(row).state == "issued" and events(row)[-1] == "apply.refused"
    assert last(row)["says"] == "code_is_bad" and last(row)["ad_account"] == "Northwind EU"
    assert "typedWrong" not in str(last(row)) and accesses(row) == []


def test_no_permission_on_the_ad_account_says_nothing_about_the_code(desk: Desk) -> None:
    switch(desk, foreign_ad_account="40001")
    row = desk.opened()
    desk.eu.platform_id = desk.rivals_account.platform_id
    with refused("no_permission", PlatformRefused):
        desk.applied(row)
    assert last(row)["says"] == "nothing_about_the_code"


def test_a_duet_needs_the_code_of_its_source_too(desk: Desk) -> None:
    theo = desk.seeded.creators[1]
    where = f"{SANDBOX}{settings.VALETKEY_SANDBOX_STATE}"
    side = registry.platform("tiktok").creator(Address(where, theo.token, theo.account_id))
    side.switch_on(post_id=theo.posts["public"], term_days=30)
    source = side.code_of(post_id=theo.posts["public"]).code
    assert source is not None
    row = desk.issued(post=desk.note("duet"))
    with refused("parameter_error", PlatformRefused):
        desk.applied(row)
    done = services.apply(
        authorization=row, ad_account=desk.eu, source_code=f" {source.reveal()} ", actor=desk.bo, at=desk.at
    )
    assert done.state == "in_use"
    assert source.reveal() not in str([entry.detail for entry in services.history(authorization=row)])


def test_by_hand_somebody_says_so_and_the_access_says_stated(desk: Desk, tap: Tap) -> None:
    desk.disconnect_all()
    row = by_hand(desk)
    with refused("by_hand", Conflict):
        desk.applied(row)
    assert not Application.objects.exists()
    done = services.apply(authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at)
    assert done.state == "applied" and done.source == "stated" and done.seen_at is None
    said = {"ad_account": "Northwind EU", "source": "stated", "answers_for": ["Bo"]}
    assert fresh(row).state == "applied" and last(row) == said
    (access,) = live(desk, row)
    assert access.source == "stated" and access.until == row.ends_at and tap.calls == []
    with refused("already_applied", Conflict):
        services.apply(authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at)


def test_by_hand_with_an_unknown_end_the_access_has_an_unknown_end(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk, days=None)
    services.apply(authorization=row, ad_account=desk.eu, by_hand=True, actor=desk.bo, at=desk.at)
    (access,) = live(desk, row)
    assert access.until is None and access.end == Access.End.UNKNOWN


def test_with_a_creators_token_alone_it_is_done_by_hand_and_with_an_advertisers_alone_it_is_done(desk: Desk) -> None:
    row = desk.opened()
    keep_only(desk, Level.ADVERTISER)
    assert desk.applied(row).state == "in_use"
    desk.disconnect_all()
    with refused("by_hand", Conflict):
        desk.applied(row, desk.us)


def test_a_list_that_shows_a_predecessors_code_is_no_proof(desk: Desk) -> None:
    """One line per post is shown. After a replacement it may be the other code's, with the other code's end."""
    switch(desk, setting_on_again="new_code")
    old = desk.in_use()
    new = services.replace(authorization=old, days=60, actor=desk.mara, at=desk.at)
    desk.applied(new)
    assert application(new, desk.eu).ends_at == new.ends_at
    services.check(authorization=old, actor=desk.admin, at=desk.at)
    assert application(old, desk.eu).ends_at == fresh(old).ends_at == desk.at + timedelta(days=30)
    assert application(old, desk.eu).state == "in_use"
