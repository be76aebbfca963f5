"""A request answered by its link: look, tick, hand in the code or say no. The link is the authority, and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.authorizations.guests import CODE, GUEST_MARA, answer, asked, look, send, sent
from tests.authorizations.stage import Tap, by_hand, events, fresh, holds, last, refused
from tests.desk import Desk
from valetkey.audit.models import Entry
from valetkey.authorizations import services, terms
from valetkey.authorizations.links import STEPS, Answer, Standing
from valetkey.authorizations.models import Authorization, HandOver, RequestLink, Reveal
from valetkey.errors import Conflict, Invalid, NotFound
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db


def _tick(desk: Desk, link: RequestLink, *steps: str) -> RequestLink:
    return services.tick(request_link=link, steps=steps, at=desk.at)


def _decline(desk: Desk, link: RequestLink, reason: str = "Not this one.") -> Authorization:
    return services.decline_request(request_link=link, reason=reason, actor=GUEST_MARA, at=desk.at)


def _everything() -> list[object]:
    kept = (Entry, Authorization, RequestLink, HandOver, Reveal)
    return [list(model._default_manager.order_by("pk").values_list()) for model in kept]


# Looking


@pytest.mark.parametrize("link", ["", "nobody-made-this", "x" * 5000, "half\udcff"], ids=ascii)
def test_a_link_nobody_made_opens_nothing(desk: Desk, link: str) -> None:
    sent(desk)
    with refused("no_such_link", NotFound):
        services.find_request(link=Secret(link))


def test_a_hand_over_link_opens_no_request_and_a_request_link_no_code(desk: Desk) -> None:
    row = desk.issued()
    handed = services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at)
    with refused("no_such_link", NotFound):
        services.find_request(link=handed.link)
    link = send(desk, asked(desk)).link
    with refused("no_such_link", NotFound):
        services.open(authorization=row, link=link, actor=desk.bo, at=desk.at)


def test_looking_counts_only_when_a_person_looks(desk: Desk) -> None:
    """Mail programs open links to look for danger; the sender must not be told that somebody has read it."""
    link = sent(desk)
    seen = look(desk, link)
    assert seen.standing is Standing.OPEN and seen.answer is Answer.NOT_OPENED and seen.closed() is None
    assert seen.request_link.views == 0 and seen.request_link.opened_at is None
    opened_at = desk.at
    look(desk, link, counts=True)
    desk.later(hours=2)
    seen = look(desk, link, counts=True)
    assert seen.request_link.views == 2 and seen.request_link.viewed_at == desk.at
    assert seen.request_link.opened_at == opened_at and seen.answer is Answer.OPENED
    assert seen.authorization == link.authorization


def test_a_look_shows_the_request_as_it_is_now(desk: Desk) -> None:
    link = sent(desk)
    services.decline(authorization=fresh(link.authorization), reason="No.", actor=desk.mara, at=desk.at)
    seen = look(desk, link)
    assert seen.standing is Standing.ANSWERED and seen.authorization.state == "declined"


# The steps


def test_ticks_are_kept_and_taken_off_again(desk: Desk) -> None:
    link = sent(desk)
    assert _tick(desk, link, "switched_on", "read").steps == ["read", "switched_on"]
    assert look(desk, link).answer is Answer.PARTLY and look(desk, link).request_link.opened_at == desk.at
    assert _tick(desk, link, "read").steps == ["read"]
    assert _tick(desk, link, *STEPS).steps == list(STEPS)
    assert look(desk, link).answer is Answer.PARTLY, "ticking is not answering"


def test_an_unknown_step_is_refused_and_what_was_ticked_stays(desk: Desk) -> None:
    link = _tick(desk, sent(desk), "read")
    with refused("no_such_step", Invalid):
        _tick(desk, link, "read", "paid")
    assert look(desk, link).request_link.steps == ["read"]


# The answer


def test_a_code_from_the_app_answers_and_goes_to_the_advertiser(desk: Desk, tap: Tap) -> None:
    link = _tick(desk, sent(desk), *STEPS)
    row = answer(desk, link, code=f" “{CODE}” ")
    assert row.state == "handed_over" and row.code == Secret(CODE) and row.handed_over_at == desk.at
    assert row.ends_at == desk.at + timedelta(days=30) and row.window_source == "computed"
    assert events(row) == ["request", "request.sent", "record", "terms.seen", "hand_over"]
    entries = list(services.history(authorization=row))
    assert {(one.actor_name, one.user_id) for one in entries[2:]} == {("Mara", 0)}
    assert entries[2].detail["by_link"] is True and entries[2].detail["mail"] == "m…@example.org"
    assert entries[2].detail["recipient"] == "Mara" and entries[3].detail["digest"] == terms.DIGEST
    assert last(row)["recipient"] == "Northwind" and last(row)["answers_request"] is True
    assert CODE not in str([one.detail for one in entries])
    assert tap.calls == [], "the link does not reach the creator's connection, which is there"
    link.refresh_from_db()
    assert link.answered_at == desk.at and look(desk, link).answer is Answer.DONE
    holds()


def test_whoever_asked_opens_it_signed_in_and_nobody_else_does(desk: Desk) -> None:
    row = answer(desk, sent(desk))
    handed = HandOver.objects.get()
    assert handed.recipient == "Northwind" and handed.mail == "" and handed.ends_at == desk.at + timedelta(days=14)
    for outsider in (desk.stranger, GUEST_MARA):
        with refused("no_such_authorization", NotFound):
            services.open(authorization=row, actor=outsider, at=desk.at)
    assert services.open(authorization=row, actor=desk.bo, at=desk.at) == Secret(CODE)
    assert fresh(row).state == "opened" and Reveal.objects.get().by == "Bo"


def test_the_last_day_the_app_shows_is_stated_in_the_creators_zone(desk: Desk) -> None:
    row = answer(desk, sent(desk), days=None, ends_on=date(2026, 12, 1), time_zone="America/New_York")
    assert row.ends_at == datetime(2026, 12, 2, 5, 0, tzinfo=UTC) and row.window_source == "stated"


def test_less_may_be_given_than_was_asked_and_the_record_says_both(desk: Desk) -> None:
    row = answer(desk, sent(desk, agreed_until=date(2026, 12, 24)), days=7, agreed_until=date(2026, 11, 8))
    assert (row.requested_days, row.term_days, row.agreed_until) == (30, 7, date(2026, 11, 8))
    told = services.history(authorization=row).get(event="authorization.record").detail
    assert (told["requested_days"], told["granted_days"]) == (30, 7)
    assert (told["requested_until"], told["granted_until"]) == ("2026-12-24", "2026-11-08")


def test_a_code_may_last_longer_and_use_may_not(desk: Desk) -> None:
    link = sent(desk, agreed_until=date(2026, 12, 24))
    with refused("later_than_asked", Invalid):
        answer(desk, link, days=60, agreed_until=date(2026, 12, 25))
    with refused("agreed_until_past", Invalid):
        answer(desk, link, days=60, agreed_until=date(2026, 11, 1))
    row = answer(desk, link, days=60)
    assert row.term_days == 60 and row.agreed_until == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"terms_seen": False}, "terms_not_seen"),
        ({"code": "   "}, "code_missing"),
        ({"code": "https://vm.tiktok.com/ZM123/"}, "code_is_link"),
        ({"code": "#one\n#two"}, "code_several_lines"),
        ({"days": 400}, "days_out_of_range"),
        ({"days": None, "ends_on": date(2026, 11, 1)}, "end_past"),
        ({"days": None, "ends_on": date(2026, 12, 1), "time_zone": "Mars/Base"}, "time_zone"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_an_answer_that_cannot_be_is_refused_and_the_request_still_waits(
    desk: Desk, given: dict[str, Any], code: str
) -> None:
    link = sent(desk)
    before = _everything()
    with refused(code, Invalid):
        answer(desk, link, **given)
    assert _everything() == before


def test_a_post_that_is_private_is_told_before_anything_is_kept(desk: Desk) -> None:
    link = sent(desk)
    desk.note("public", visibility="private")
    with refused("post_private", Invalid):
        answer(desk, link)
    assert fresh(link.authorization).state == "requested"


def test_a_code_that_was_handed_in_before_is_refused_and_the_other_is_not_named(desk: Desk) -> None:
    """A guest must not learn what else the advertiser has; the advertiser's own side may."""
    first = by_hand(desk, CODE)
    link = sent(desk)
    with pytest.raises(Conflict) as told:
        answer(desk, link, code=CODE.removeprefix("#"))
    assert told.value.code == "same_code" and first.reference not in str(told.value)
    with pytest.raises(Conflict) as told:
        by_hand(desk, CODE, authorization=link.authorization, actor=desk.bo)
    assert told.value.code == "same_code" and first.reference in str(told.value)
    assert fresh(link.authorization).state == "requested" and look(desk, link).standing is Standing.OPEN


def test_saying_no_needs_a_reason_and_is_the_last_word(desk: Desk) -> None:
    link = sent(desk)
    with refused("reason_missing", Invalid):
        _decline(desk, link, " \n")
    row = _decline(desk, link, "  I am with another brand. ")
    assert row.state == "declined" and row.reason == "I am with another brand."
    assert last(row)["by_link"] is True
    assert services.history(authorization=row).filter(actor_name="Mara", user_id=0).count() == 1
    assert look(desk, link).answer is Answer.DECLINED and look(desk, link).request_link.answered_at == desk.at
    attempts: list[Callable[[], object]] = [lambda: answer(desk, link), lambda: _decline(desk, link)]
    for again in attempts:
        with refused("request_answered", Conflict):
            again()
    holds()


# Dead links


def _past_its_end(desk: Desk, link: RequestLink) -> None:
    desk.later(days=14)


def _withdrawn(desk: Desk, link: RequestLink) -> None:
    services.withdraw(authorization=link.authorization, actor=desk.bo, at=desk.at)


def _sent_to_another(desk: Desk, link: RequestLink) -> None:
    send(desk, link.authorization, mail="manager@example.org")


def _answered(desk: Desk, link: RequestLink) -> None:
    answer(desk, link)


def _declined_signed_in(desk: Desk, link: RequestLink) -> None:
    services.decline(authorization=link.authorization, reason="No.", actor=desk.mara, at=desk.at)


def _issued_signed_in(desk: Desk, link: RequestLink) -> None:
    services.issue(authorization=link.authorization, days=7, actor=desk.mara, at=desk.at)


def _in_use_and_over(desk: Desk, link: RequestLink) -> None:
    row = answer(desk, link)
    desk.later(days=31)
    services.expire(authorization=row, actor=desk.admin, at=desk.at)


DEAD = [
    (_past_its_end, Standing.ENDED, "link_ended"),
    (_sent_to_another, Standing.ENDED, "link_ended"),
    (_withdrawn, Standing.WITHDRAWN, "request_withdrawn"),
    (_answered, Standing.ANSWERED, "request_answered"),
    (_declined_signed_in, Standing.ANSWERED, "request_answered"),
    (_issued_signed_in, Standing.ANSWERED, "request_answered"),
    (_in_use_and_over, Standing.ANSWERED, "request_answered"),
]


@pytest.mark.parametrize(("end", "standing", "code"), DEAD, ids=[end.__name__.strip("_") for end, *_ in DEAD])
def test_a_dead_link_takes_nothing_and_says_why(
    desk: Desk, end: Callable[[Desk, RequestLink], None], standing: Standing, code: str
) -> None:
    link = sent(desk)
    end(desk, link)
    before = _everything()
    for do in (
        lambda: answer(desk, link, code="#anotherCode1234567890abcd"),
        lambda: _decline(desk, link),
        lambda: _tick(desk, link, "read"),
    ):
        with refused(code, Conflict):
            do()
    assert _everything() == before
    seen = look(desk, link, counts=True)
    told = seen.closed()
    assert seen.standing is standing and told is not None and told.code == code and told.next_step
    assert seen.request_link.opened_at is None or seen.answer is not Answer.NOT_OPENED
    holds()


def test_a_link_dies_at_its_very_end(desk: Desk) -> None:
    link = sent(desk)
    desk.later(days=13, hours=23, minutes=59, seconds=59)
    assert look(desk, link).standing is Standing.OPEN
    desk.later(seconds=1)
    assert look(desk, link).standing is Standing.ENDED


# A link is good for one request


def test_a_guest_reaches_nothing_else(desk: Desk) -> None:
    link, other = sent(desk), asked(desk)
    row = fresh(link.authorization)
    given: dict[str, Any] = {"actor": GUEST_MARA, "at": desk.at}
    before = _everything()
    attempts: list[Callable[[], object]] = [
        lambda: services.find(reference=row.reference, actor=GUEST_MARA),
        lambda: services.find_post(text=desk.post.reference, actor=GUEST_MARA),
        lambda: services.list_posts(party=desk.creator, platform="tiktok", **given),
        lambda: services.decline(authorization=row, reason="No.", **given),
        lambda: services.issue(authorization=row, days=7, **given),
        lambda: services.record(authorization=row, code=CODE, days=7, **given),
        lambda: services.withdraw(authorization=row, **given),
        lambda: services.remind(authorization=row, **given),
        lambda: services.hand_over(authorization=row, recipient="Sam", **given),
        lambda: services.check(authorization=row, **given),
        lambda: services.decline(authorization=other, reason="No.", **given),
    ]
    for number, attempt in enumerate(attempts):
        with pytest.raises(NotFound) as told:
            attempt()
        assert type(told.value) is NotFound, number
    assert _everything() == before
    answer(desk, link)
    assert fresh(other).state == "requested" and fresh(row).state == "handed_over"


def test_an_answer_of_one_creator_leaves_the_requests_of_others_alone(desk: Desk) -> None:
    mine, same_post = sent(desk), sent(desk)
    answer(desk, mine)
    seen = look(desk, same_post)
    assert seen.standing is Standing.OPEN and seen.request_link.answered_at is None
    assert HandOver.objects.filter(authorization=same_post.authorization).count() == 0


def test_a_code_typed_in_settles_what_the_connection_left_uncertain_and_keeps_what_was_granted(desk: Desk) -> None:
    """The creator tried signed in, the answer was lost, and then answers by the link from the mail."""
    from tests.authorizations.stage import SETTING, order

    link = sent(desk, agreed_until=date(2026, 12, 24))
    order(desk, SETTING, "drop_after")
    with refused("outcome_uncertain"):
        services.issue(
            authorization=link.authorization, days=30, agreed_until=date(2026, 11, 20), actor=desk.mara, at=desk.at
        )
    row = answer(desk, link)
    assert row.claim_id is None and row.agreed_until == date(2026, 11, 20) and row.granted_until is None
    holds()
