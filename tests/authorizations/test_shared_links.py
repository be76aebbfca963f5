"""The link of a hand-over, for somebody without an account: how it stands, what it shows, how it is stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.authorizations.sharing import look, opened, proven, share, shared
from tests.authorizations.stage import events, fresh, holds, last, refused
from tests.desk import Desk
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import ENDING, LIVE, Drift, State
from valetkey.authorizations.links import HAND_OVER_PATH, Life, Standing, hand_over_standing, secret_in
from valetkey.authorizations.models import HandOver, Reveal
from valetkey.errors import Conflict, Forbidden, NotFound
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LIFE = Life(ends_at=AT + timedelta(days=14))
SETTLED = [State.DECLINED, State.WITHDRAWN, State.ENDED, State.EXPIRED]


@pytest.mark.parametrize("text", ["https://desk.example.org/h/abc/", " http://localhost:8000/h/abc\n", "abc", "abc "])
def test_a_pasted_link_is_its_whole_address_or_its_own_part(text: str) -> None:
    assert secret_in(text, HAND_OVER_PATH).reveal() == "abc"


def standing(state: State, life: Life = LIFE, **facts: Any) -> Standing:
    known = {"was_stopped": False, "is_past": False, "is_superseded": False, "at": AT, **facts}
    return hand_over_standing(state, life, **known)


@pytest.mark.parametrize("state", sorted(LIVE))
def test_while_the_code_lives_the_link_is_open_until_its_own_end(state: State) -> None:
    """While an ending is under way too: the advertiser still has ads to pause, and reads here what it is about."""
    assert standing(state) is Standing.OPEN
    assert standing(state, at=LIFE.ends_at) is Standing.ENDED
    assert standing(state, is_past=True) is Standing.OVER


@pytest.mark.parametrize("state", SETTLED)
def test_what_is_over_is_said_before_the_links_own_end(state: State) -> None:
    assert standing(state) is standing(state, at=LIFE.ends_at) is Standing.OVER
    assert standing(state, is_superseded=True) is Standing.SUPERSEDED


@pytest.mark.parametrize("state", [State.HANDED_OVER, *SETTLED])
def test_whose_link_was_stopped_hears_nothing_of_what_came_after(state: State) -> None:
    stopped = Life(LIFE.ends_at, ended_at=AT)
    assert standing(state, stopped, was_stopped=True, is_superseded=True, is_past=True) is Standing.ENDED


def test_a_link_nobody_made_is_found_nowhere(desk: Desk) -> None:
    handed = share(desk)
    assert services.find_hand_over(link=handed.link) == handed.hand_over
    with refused("no_such_link", NotFound):
        services.find_hand_over(link=Secret("guessed"))


def test_a_visit_is_counted_once_and_writes_no_line(desk: Desk) -> None:
    hand_over = shared(desk)
    lines = Entry.objects.count()
    desk.later(hours=1)
    assert look(desk, hand_over, counts=True).hand_over.views == 1
    found = look(desk, hand_over)
    assert found.hand_over.views == 1 and found.hand_over.viewed_at == desk.at
    assert Entry.objects.count() == lines


def test_a_look_tells_what_it_is_about_and_never_reads_the_code(desk: Desk) -> None:
    row = desk.issued()
    found = look(desk, services.find_hand_over(link=share(desk, row).link))
    assert found.standing is Standing.OPEN and found.asks_for_proof and not found.is_ending
    assert found.authorization == row and found.authorization.post.held_by == desk.creator
    assert "code" in found.authorization.get_deferred_fields()
    assert fresh(row).state == "handed_over", "a look is no step"


def test_without_a_mail_address_it_is_for_people_who_sign_in(desk: Desk) -> None:
    row = desk.issued()
    handed = share(desk, row, mail="")
    assert not look(desk, handed.hand_over).asks_for_proof
    for attempt in (
        lambda: opened(desk, handed.hand_over),
        lambda: services.send_proof(hand_over=handed.hand_over, at=desk.at),
        lambda: services.prove(hand_over=handed.hand_over, number=Secret("12345678"), at=desk.at),
    ):
        with refused("sign_in_needed", Conflict):
            attempt()
    assert services.open(authorization=row, link=handed.link, actor=desk.bo, at=desk.at) == row.code


def test_a_guest_who_proved_their_address_sees_the_code_and_is_in_the_record_by_it(desk: Desk) -> None:
    row = desk.issued()
    hand_over = proven(desk, row)
    at = desk.later(minutes=5)
    assert opened(desk, hand_over) == row.code
    seen = Reveal.objects.get()
    assert (seen.by, seen.user_id, seen.how, seen.at) == ("bo.lind@northwind.example, by link", 0, "shown", at)
    assert seen.hand_over == hand_over
    assert fresh(row).state == "opened" and fresh(row).opened_at == at
    assert last(row) == {"by_link": True, "recipient": "Bo Lind"}
    newest = services.history(authorization=row).last()
    assert newest is not None and newest.actor_name == seen.by and newest.user_id == 0
    assert row.code is not None and row.code.reveal() not in str(newest.__dict__)
    holds()


def test_copying_is_a_reveal_of_its_own(desk: Desk) -> None:
    row = desk.issued()
    hand_over = proven(desk, row)
    opened(desk, hand_over)
    opened(desk, hand_over, how=Reveal.How.COPIED)
    assert list(Reveal.objects.order_by("pk").values_list("how", flat=True)) == ["shown", "copied"]
    assert last(row) == {"by_link": True, "recipient": "Bo Lind", "how": "copied"}


def test_a_second_look_by_the_link_does_not_set_the_state_back(desk: Desk) -> None:
    row = desk.in_use()
    first = row.opened_at
    hand_over = proven(desk, row)
    opened(desk, hand_over)
    assert fresh(row).state == "in_use" and fresh(row).opened_at == first


def test_nobody_sees_the_code_before_a_proof(desk: Desk) -> None:
    hand_over = shared(desk)
    with refused("not_proven", Conflict):
        opened(desk, hand_over)
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("who", ["mara", "bo", "admin", "stranger"])
def test_who_has_an_account_does_not_open_as_a_guest(desk: Desk, who: str) -> None:
    hand_over = proven(desk)
    with pytest.raises(ValueError, match="guest"):
        opened(desk, hand_over, actor=getattr(desk, who))
    assert not Reveal.objects.exists()


def test_past_its_end_the_link_shows_nothing_and_says_when_it_ended(desk: Desk) -> None:
    hand_over = proven(desk, days=1)
    opened(desk, hand_over, at=hand_over.ends_at - timedelta(seconds=1))
    desk.later(days=1)
    assert look(desk, hand_over).standing is Standing.ENDED
    for attempt in (
        lambda: opened(desk, hand_over),
        lambda: services.send_proof(hand_over=hand_over, at=desk.at),
        lambda: services.prove(hand_over=hand_over, number=Secret("12345678"), at=desk.at),
    ):
        with refused("link_ended", Conflict):
            attempt()
    assert Reveal.objects.count() == 1


def test_stopped_it_shows_nothing_more_and_the_history_says_who_stopped_it(desk: Desk) -> None:
    row = desk.issued()
    hand_over, other = proven(desk, row), shared(desk, row, recipient="Kim")
    services.stop_sharing(hand_over=hand_over, actor=desk.mara, at=desk.at)
    assert (
        hand_over.ended_at == desk.at and events(row)[-1] == "sharing.stopped" and last(row) == {"recipient": "Bo Lind"}
    )
    assert look(desk, hand_over).standing is Standing.ENDED
    with refused("link_ended", Conflict):
        opened(desk, hand_over)
    assert look(desk, other).standing is Standing.OPEN, "each link is a matter of its own"
    with refused("link_ended", Conflict):
        services.stop_sharing(hand_over=hand_over, actor=desk.mara, at=desk.at)
    assert events(row).count("sharing.stopped") == 1
    holds()


def test_a_stopped_link_opens_nothing_for_the_signed_in_either(desk: Desk) -> None:
    row = desk.issued()
    handed = share(desk, row, mail="")
    services.stop_sharing(hand_over=handed.hand_over, actor=desk.admin, at=desk.at)
    with refused("link_ended", Conflict):
        services.open(authorization=row, link=handed.link, actor=desk.bo, at=desk.at)
    with refused("not_handed_over", Conflict):
        services.open(authorization=row, actor=desk.bo, at=desk.at)


def test_sharing_is_stopped_by_the_creators_side_alone(desk: Desk) -> None:
    hand_over = shared(desk)
    for who, code, kind in (
        (desk.bo, "not_your_verb", Forbidden),
        (desk.auditor, "not_your_verb", Forbidden),
        (desk.stranger, "no_such_authorization", NotFound),
    ):
        with refused(code, kind):
            services.stop_sharing(hand_over=hand_over, actor=who, at=desk.at)
    assert HandOver.objects.get().ended_at is None


def test_sharing_can_be_stopped_while_a_step_on_the_platform_is_uncertain(desk: Desk) -> None:
    row = desk.issued()
    hand_over = shared(desk, row)
    type(row).objects.filter(pk=row.pk).update(claim_verb="extend", is_uncertain=True)
    services.stop_sharing(hand_over=hand_over, actor=desk.mara, at=desk.at)
    assert hand_over.ended_at == desk.at


def test_replaced_the_old_link_says_so_by_itself_and_the_new_code_has_its_own(desk: Desk) -> None:
    desk.disconnect_all()
    row = services.record(
        code="#typed+in/by==hand123", days=30, post=desk.post, advertiser=desk.advertiser, actor=desk.mara, at=desk.at
    )
    hand_over = proven(desk, row)
    newer = services.replace(authorization=row, days=30, code="#newer+in/by==hand456", actor=desk.mara, at=desk.at)
    assert look(desk, hand_over).standing is Standing.SUPERSEDED
    with refused("superseded", Conflict):
        opened(desk, hand_over)
    assert look(desk, shared(desk, newer)).standing is Standing.OPEN


def test_a_successor_that_never_got_a_code_supersedes_nothing(desk: Desk) -> None:
    row = desk.issued()
    hand_over = shared(desk, row)
    type(row).objects.create(post=row.post, advertiser=row.advertiser, created_at=desk.at, replaces=row)
    assert look(desk, hand_over).standing is Standing.OPEN


def test_another_code_on_the_platform_makes_this_one_a_former_one(desk: Desk) -> None:
    row = desk.issued()
    hand_over = proven(desk, row)
    type(row).objects.filter(pk=row.pk).update(drift=[Drift.OTHER_CODE.name])
    assert look(desk, hand_over).standing is Standing.SUPERSEDED
    with refused("superseded", Conflict):
        opened(desk, hand_over)


@pytest.mark.parametrize("how_far", ["asked", "acknowledged", "paused", "switched off"])
def test_while_it_is_being_ended_the_page_stays_and_the_code_is_given_to_nobody(desk: Desk, how_far: str) -> None:
    row = desk.issued()
    hand_over = proven(desk, row)
    given: dict[str, Any] = {"authorization": row, "at": desk.at}
    services.ask_to_end(reason="Early.", actor=desk.mara, **given)
    if how_far != "asked":
        services.acknowledge_end(actor=desk.bo, **given)
    if how_far in {"paused", "switched off"}:
        services.pause_ads(by_hand=True, actor=desk.bo, **given)
    if how_far == "switched off":
        services.switch_off(actor=desk.mara, **given)
    assert fresh(row).state in ENDING
    assert look(desk, hand_over).standing is Standing.OPEN and look(desk, hand_over).is_ending
    with refused("end_under_way", Conflict):
        opened(desk, hand_over)
    with refused("end_under_way", Conflict):
        services.send_proof(hand_over=hand_over, at=desk.later(minutes=2))
    assert not Reveal.objects.exists()


def test_ended_it_is_over_although_its_links_ended_with_it(desk: Desk) -> None:
    row = desk.issued()
    hand_over, stopped = proven(desk, row), shared(desk, row)
    services.stop_sharing(hand_over=stopped, actor=desk.mara, at=desk.at)
    desk.later(hours=1)
    services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at)
    services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    services.confirm_end(authorization=row, actor=desk.mara, at=desk.at)
    assert look(desk, hand_over).standing is Standing.OVER and look(desk, stopped).standing is Standing.ENDED
    with refused("authorization_over", Conflict):
        opened(desk, hand_over)


def test_past_its_window_nothing_is_given_out_before_anybody_wrote_that_it_expired(desk: Desk) -> None:
    row = desk.issued(days=7)
    hand_over = proven(desk, row, days=90)
    desk.later(days=7)
    assert fresh(row).state == "handed_over"
    assert look(desk, hand_over).standing is Standing.OVER
    with refused("authorization_over", Conflict):
        opened(desk, hand_over)
    services.check(authorization=row, actor=desk.mara, at=desk.at)
    assert fresh(row).state == "expired" and look(desk, hand_over).standing is Standing.OVER
    services.extend(authorization=row, days=30, actor=desk.mara, at=desk.at)
    assert look(desk, hand_over).standing is Standing.OPEN, "extended, the same link works again"
    assert opened(desk, hand_over) == fresh(row).code
