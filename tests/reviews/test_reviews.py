"""A review freezes its lines, each is decided and kept at once, and closing it makes work of the decisions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import HOST, Desk
from tests.register.on_record import said
from tests.reviews.scope import NEXT, center, decide, give, kept, of, opened, somebody, staffed
from valetkey.audit.models import Entry
from valetkey.changes import services as changes
from valetkey.changes.models import Change
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound
from valetkey.register import services as register
from valetkey.register.models import Access
from valetkey.reviews import services
from valetkey.reviews.decisions import Decision
from valetkey.reviews.models import Line, Review

pytestmark = pytest.mark.django_db


def test_every_open_access_of_the_scope_is_frozen_and_nothing_else(desk: Desk) -> None:
    asset, accesses = staffed(desk)
    over = give(desk, asset, somebody(desk, "Old"))
    register.end_access(access=over, reason="Left.", actor=desk.bo, at=desk.at)
    past = give(desk, asset, somebody(desk, "Past"), since=desk.at - timedelta(days=9), until=desk.at)
    to_come = give(desk, asset, somebody(desk, "Soon"), since=desk.at + timedelta(days=3))
    other = give(desk, center(desk, "Shop"), somebody(desk, "Zoe"))
    review = opened(desk, asset)
    frozen = {line.access for line in review.lines.all()}
    assert frozen == {*accesses, past, to_come}
    assert sorted(line.number for line in review.lines.all()) == list(range(1, 8))
    assert {line.access for line in opened(desk).lines.all()} == {*frozen, other}
    assert {line.line.kept_by.name for line in Line.objects.all()} == {"Northwind"}


def test_what_changes_later_changes_no_line(desk: Desk) -> None:
    asset, (jo, *_) = staffed(desk)
    review = opened(desk, asset)
    before = of(review, jo).line
    register.change_access(access=jo, changes={"role": "Admin"}, actor=desk.bo, at=desk.later(days=1))
    after = of(review, jo).line
    assert after == before and after.role == "Operator" and after.until == desk.at + timedelta(days=29)
    assert after.person is not None and after.person.name == "Jo"


def test_of_a_party_it_is_what_that_party_holds(desk: Desk) -> None:
    asset, _ = staffed(desk)
    surface = register.surfaces(asset=asset)[0]
    given: dict[str, Any] = {"role": "partner", "end": "unknown", "actor": desk.bo, "at": desk.at}
    partner = register.open_access(surface=surface, holder=desk.rival, **given)
    review = services.open_review(kept_by=desk.advertiser, party=desk.rival, actor=desk.bo, at=desk.at)
    assert [line.access for line in review.lines.all()] == [partner]
    assert review.scope == "what Contoso holds"


def test_each_decision_becomes_what_it_says(desk: Desk) -> None:
    asset, (jo, lea, max_, nia, pia) = staffed(desk)
    review = opened(desk, asset)
    decide(desk, review, {jo: "keep", lea: "end", nia: "let_it_end", pia: "not mine"})
    decide(desk, review, {max_: "change"}, note="Analyst is enough")
    closed = services.close_review(review=review, next_on=NEXT, actor=desk.bo, at=desk.at)
    assert not closed.is_open and closed.next_on == NEXT
    for access in (jo, lea, max_, nia, pia):
        access.refresh_from_db()
        assert access.ended_at is None, "a decision ends nothing by itself"
    assert jo.review_on == NEXT and nia.let_end_at == desk.at
    change = Change.objects.get()
    assert change.title == "What the review of 2 November 2026 decided: Northwind BC"
    work = {(step.name, step.subject): step for step in change.steps.all()}
    assert set(work) == {
        ("end", lea.reference), ("change", max_.reference), ("whose", pia.reference), ("told", ""),
    }  # fmt: skip
    assert "In the review was said: Analyst is enough." in work["change", max_.reference].do
    assert "nothing more." in work["end", lea.reference].do
    assert {line.access for line in review.lines.filter(work=change.reference)} == {lea, max_, pia}
    told = [each["review_on"] for each in said("access", jo.reference)]
    assert told == [None, "2027-05-03"], "the timeline knows of it"
    step = changes.find_step(change=change, number=work["end", lea.reference].number)
    changes.do_step(step=step, proof="Off the list.", actor=desk.bo, at=desk.at)
    lea.refresh_from_db()
    assert lea.ended_how == "Off the list."
    step = changes.find_step(change=change, number=work["whose", pia.reference].number)
    changes.do_step(step=step, proof="Kim's.", to=somebody(desk, "Ute"), with_offer=True, actor=desk.bo, at=desk.at)
    pia.refresh_from_db()
    assert pia.owner is not None and pia.owner.name == "Ute"
    assert changes.refresh_change(change=change, actor=desk.bo, at=desk.at) == 0


def test_an_authorization_is_asked_to_end_once_however_many_ad_accounts_it_is_on(desk: Desk) -> None:
    row = desk.opened()
    for account in (desk.eu, desk.us):
        desk.applied(row, account)
    review = services.open_review(kept_by=desk.creator, actor=desk.mara, at=desk.at)
    assert review.lines.count() == 2
    for line in review.lines.all():
        line.review = review
        services.decide(line=line, decision="end", actor=desk.mara, at=desk.at)
    services.close_review(review=review, next_on=NEXT, actor=desk.mara, at=desk.at)
    (step,) = Change.objects.get().steps.exclude(name="told")
    assert (step.name, step.thing, step.subject, step.effect) == ("stop", "authorization", row.reference, "ask_to_end")
    found = changes.find_step(change=Change.objects.get(), number=step.number)
    changes.do_step(step=found, proof="Told Bo.", actor=desk.mara, at=desk.at)
    row.refresh_from_db()
    assert row.end_asked_at == desk.at


def test_a_decision_is_kept_at_once_and_may_be_another_one_until_closed(desk: Desk) -> None:
    asset, (jo, lea, *_) = staffed(desk)
    review = opened(desk, asset)
    decide(desk, review, {jo: "k", lea: "end"})
    decide(desk, review, {jo: "e"}, note="Has left")
    decide(desk, review, {jo: "e"}, note="Has left")
    line = of(review, jo)
    assert (line.decision, line.note, line.decided_by) == ("end", "Has left", "Bo")
    told = list(Entry.objects.filter(event="review.decided").order_by("seq").values_list("detail__decision", flat=True))
    assert told == ["keep", "end", "end"], "the same again is no news"
    found = services.progress(review=review)
    assert (found.count, found.decided, found.left, found.next) == (5, 2, 3, 3)
    assert found.by_decision == {Decision.END: 2}
    kept(desk, review)
    with pytest.raises(Conflict, match="closed this review already"):
        decide(desk, review, {jo: "keep"})


def test_what_does_not_fit_is_refused(desk: Desk) -> None:
    asset, (jo, _, for_good, *_) = staffed(desk)
    review = opened(desk, asset)
    with pytest.raises(Invalid, match="what is to be different"):
        decide(desk, review, {jo: "change"})
    with pytest.raises(Conflict, match="no end that is known"):
        decide(desk, review, {for_good: "let_it_end"})
    with pytest.raises(Invalid, match="nothing that can be decided"):
        decide(desk, review, {jo: "maybe"})
    with pytest.raises(Invalid, match="a password"):
        decide(desk, review, {jo: "change"}, note="The new password is Tr0ub4dor&3x")
    assert services.progress(review=review).decided == 0


def test_it_is_closed_only_when_every_line_is_decided_for_a_day_to_come(desk: Desk) -> None:
    asset, accesses = staffed(desk)
    review = opened(desk, asset)
    decide(desk, review, dict.fromkeys(accesses[1:], "keep"))
    with pytest.raises(Conflict, match="1 line is undecided"):
        services.close_review(review=review, next_on=NEXT, actor=desk.bo, at=desk.at)
    decide(desk, review, {accesses[0]: "keep"})
    for day in (desk.at.date(), date(9999, 12, 31)):
        with pytest.raises(Invalid):
            services.close_review(review=review, next_on=day, actor=desk.bo, at=desk.at)
    services.close_review(review=review, next_on=NEXT, actor=desk.bo, at=desk.at)
    assert not Change.objects.exists(), "where everything stays there is nothing to do"
    with pytest.raises(Conflict):
        services.close_review(review=review, next_on=NEXT, actor=desk.bo, at=desk.at)


def test_what_moved_meanwhile_is_not_decided_by_what_was_frozen(desk: Desk) -> None:
    asset, (jo, lea, *rest) = staffed(desk)
    review = opened(desk, asset)
    decide(desk, review, {jo: "let_it_end", lea: "end", **dict.fromkeys(rest, "keep")})
    register.change_access(access=jo, changes={"end": "none"}, actor=desk.bo, at=desk.at)
    register.end_access(access=lea, reason="Left.", actor=desk.bo, at=desk.at)
    with pytest.raises(Conflict, match=r"Line 1 was to be left to its end, and has no known end any more"):
        services.close_review(review=review, next_on=NEXT, actor=desk.bo, at=desk.at)
    rest[0].refresh_from_db()
    assert rest[0].review_on is None, "refused as a whole"
    decide(desk, review, {jo: "keep"})
    services.close_review(review=review, next_on=NEXT, actor=desk.bo, at=desk.at)
    assert not Change.objects.exists(), "what was ended meanwhile is no work"


def test_the_next_one_says_what_is_new_gone_and_changed(desk: Desk) -> None:
    asset, (jo, lea, max_, *_) = staffed(desk)
    first = opened(desk, asset)
    assert not first.lines.exclude(news="").exists(), "there is nothing to compare the first one with"
    kept(desk, first)
    register.end_access(access=jo, reason="Left.", actor=desk.bo, at=desk.at)
    register.change_access(access=lea, changes={"role": "Admin", "until": None}, actor=desk.bo, at=desk.at)
    register.change_access(access=max_, changes={"note": "Asked her."}, actor=desk.bo, at=desk.at)
    new = give(desk, asset, somebody(desk, "Zoe"))
    second = opened(desk, asset)
    assert second.previous == first
    assert [line.access for line in services.gone(review=second)] == [jo]
    assert {line.access: line.news for line in second.lines.exclude(news="")} == {new: "new", lea: "changed"}
    told = {each.label: (each.before, each.after) for each in of(second, lea).differences}
    assert told == {"role": ("Operator", "Admin"), "ends": (lea.until, "end not known")}
    assert of(second, lea).last_decision == "keep" and of(second, new).last_decision == ""


def test_one_review_of_a_scope_at_a_time_and_none_of_nothing(desk: Desk) -> None:
    asset, _ = staffed(desk)
    opened(desk, asset)
    with pytest.raises(Conflict, match="a review of this already"):
        opened(desk, asset)
    opened(desk)
    with pytest.raises(Conflict, match="no access to look at"):
        opened(desk, center(desk, "Empty"))
    with pytest.raises(Invalid):
        services.open_review(kept_by=desk.advertiser, asset=asset, party=desk.rival, actor=desk.bo, at=desk.at)
    with pytest.raises(NotFound):
        services.open_review(kept_by=desk.creator, asset=asset, actor=desk.mara, at=desk.at)
    assert Review.objects.count() == 2


def test_two_reviews_may_become_work_at_the_same_time(desk: Desk) -> None:
    for name in ("One", "Two"):
        asset = center(desk, name)
        access = give(desk, asset, somebody(desk, name))
        review = opened(desk, asset)
        decide(desk, review, {access: "end"})
        services.close_review(review=review, next_on=NEXT, actor=desk.bo, at=desk.at)
    assert Change.objects.open().count() == 2


def test_nobody_opens_its_change_by_hand(desk: Desk) -> None:
    with pytest.raises(Invalid, match="made when a review is closed"):
        changes.open_change(occasion="review", kept_by=desk.advertiser, day=desk.at.date(), actor=desk.bo, at=desk.at)


def test_who_may(desk: Desk) -> None:
    asset, (jo, *_) = staffed(desk)
    review = opened(desk, asset)
    line = of(review, jo)
    by: dict[str, Any] = {"at": desk.at}

    def everything(actor: Any) -> list[Any]:
        return [
            lambda: services.open_review(kept_by=desk.advertiser, actor=actor, **by),
            lambda: services.decide(line=line, decision="keep", actor=actor, **by),
            lambda: services.close_review(review=review, next_on=NEXT, actor=actor, **by),
        ]

    for actor, kind in (
        (desk.stranger, NotFound),
        (desk.mara, NotFound),
        (desk.viewer, Forbidden),
        (desk.auditor, Forbidden),
    ):
        for act in everything(actor):
            with pytest.raises(kind):
                act()
    for actor in (desk.stranger, desk.mara):
        assert not services.reviews(actor=actor).exists()
        with pytest.raises(NotFound):
            services.find_review(text=review.reference, actor=actor)
    for actor in (desk.bo, desk.kim, desk.viewer, desk.admin, desk.auditor, HOST):
        assert services.find_review(text=review.reference.lower(), actor=actor) == review
    services.decide(line=line, decision="keep", actor=desk.kim, **by)
    services.decide(line=line, decision="end", actor=desk.admin, **by)


def test_opening_takes_as_many_queries_for_many_as_for_few(desk: Desk) -> None:
    """Give or take those of each batch."""
    asset, (jo, *_) = staffed(desk)
    with CaptureQueriesContext(
        connection,
    ) as few:
        opened(desk, asset)
    surface = register.surfaces(asset=asset)[0]
    for number in range(150):
        register.open_access(
            surface=surface, person=jo.person, role=f"Role {number}", end="none", actor=desk.bo, at=desk.at
        )
    with CaptureQueriesContext(connection) as many:
        opened(desk)
    assert Line.objects.count() == 160
    assert len(many) <= len(few) + 3
    assert Access.objects.count() == 155
