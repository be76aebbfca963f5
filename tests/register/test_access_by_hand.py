"""Access that somebody enters: three kinds of end, one row at a time, and nothing that an authorization decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from tests.desk import AT, HOST, Desk
from tests.register.recorded import business_center, given_access, jo, people_list
from valetkey.accounts.services import enter_person
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from valetkey.register import services
from valetkey.register.models import Access, Asset, Source
from valetkey.timeline.models import Version

pytestmark = pytest.mark.django_db

UNTIL = AT + timedelta(days=30)
LATER = AT + timedelta(days=1)


def versions(row: Access) -> list[Version]:
    return list(Version.objects.filter(kind="access", reference=row.reference).order_by("known_from", "pk"))


def of_an_authorization(desk: Desk) -> Access:
    return services.record_access(
        asset=desk.post, surface="Spark authorizations", holder=desk.advertiser, role="run this post as an ad",
        since=AT, until=UNTIL, basis="authorization A", source=Source.OBSERVED, actor=HOST, at=AT,
    )  # fmt: skip


def test_a_person_on_a_list_is_told_with_every_name(desk: Desk) -> None:
    row = given_access(desk, since=AT, end="at", until=UNTIL, purpose="Cuts the films", basis="Contract 7")
    assert (row.holder, row.person, row.way, row.source) == (desk.advertiser, jo(desk), "entered", "stated")
    entry = Entry.objects.latest("seq")
    assert (entry.event, entry.subject) == ("access.opened", row.subject)
    told = {"name": "Jo Berg", "holder": "Northwind", "role": "Standard", "asset": "Northwind BC", "end": "at"}
    assert told.items() <= entry.detail.items() and entry.detail["surface"] == "Business Center people"
    (version,) = versions(row)
    assert (version.kept_by, version.shared_with) == (desk.advertiser.reference, "")
    assert (version.holds_from, version.holds_until) == (AT, UNTIL)


def test_a_party_as_a_whole_and_a_person_who_works_for_another(desk: Desk) -> None:
    whole = given_access(desk, person=None, holder=desk.rival, role="partner")
    assert (whole.person, whole.holder) == (None, desk.rival)
    theirs = enter_person(kept_by=desk.advertiser, name="Ana", party=desk.rival, actor=desk.kim, at=AT)
    assert given_access(desk, person=theirs).holder == desk.rival
    assert whole not in services.accesses(actor=desk.stranger), "what is kept of them is not shown to them"


@pytest.mark.parametrize(
    ("end", "until", "code"),
    [
        ("at", None, "end_not_clear"),
        ("none", UNTIL, "end_not_clear"),
        ("unknown", UNTIL, "end_not_clear"),
        ("", None, "access_end"),
        ("soon", None, "access_end"),
        ("at", AT - timedelta(days=1), "ends_before_it_starts"),
        ("at", AT, "ends_before_it_starts"),
    ],
)
def test_an_end_that_is_not_clear_is_refused(desk: Desk, end: str, until: Any, code: str) -> None:
    people_list(desk), jo(desk)
    count = Entry.objects.count()
    with pytest.raises(Invalid) as refused:
        given_access(desk, since=AT, end=end, until=until)
    assert refused.value.code == code and Entry.objects.count() == count and not Access.objects.exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"person": None}, "nobody_named"),
        ({"role": " "}, "text_missing"),
        ({"role": "x" * 101}, "text_too_long"),
        ({"note": "Their password is Sunflower88!"}, "credential_in_text"),
        ({"review_on": date(9026, 1, 1)}, "day_out_of_reach"),
    ],
)
def test_what_cannot_be_used_is_refused(desk: Desk, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        given_access(desk, **given)
    assert refused.value.code == code and not Access.objects.exists()


def test_people_of_another_record_can_neither_have_it_nor_answer_for_it(desk: Desk) -> None:
    lou = enter_person(kept_by=desk.creator, name="Lou", actor=desk.mara, at=AT)
    for given in ({"person": lou}, {"owner": lou}):
        with pytest.raises(Invalid) as refused:
            given_access(desk, **given)
        assert refused.value.code == "not_on_record"
    with pytest.raises(Invalid):
        services.change_access(access=given_access(desk), changes={"owner": lou}, actor=desk.kim, at=AT)


def test_a_renewal_with_an_overlap_leaves_the_new_one_alive(desk: Desk) -> None:
    """The old one was ended on renewal, and the end of the new one went with it."""
    old = given_access(desk, since=AT, end="at", until=UNTIL)
    with pytest.raises(Conflict) as refused:
        given_access(desk, since=AT, end="at", until=UNTIL)
    assert refused.value.code == "access_exists" and old.reference in refused.value.sentence
    new = given_access(desk, since=UNTIL - timedelta(days=7), end="at", until=UNTIL + timedelta(days=90))
    services.end_access(access=old, reason="Renewed", actor=desk.kim, at=UNTIL - timedelta(days=1))
    new.refresh_from_db()
    assert new.ended_at is None and list(Access.objects.live(UNTIL)) == [new] and len(versions(new)) == 1


def test_ending_one_ends_no_other_and_says_what_was_seen(desk: Desk) -> None:
    one, other = given_access(desk), given_access(desk, role="Finance Analyst")
    ended = services.end_access(access=one, reason="Left", how="Gone from the list.", actor=desk.kim, at=LATER)
    assert (ended.ended_at, ended.ended_reason, ended.ended_how) == (LATER, "Left", "Gone from the list.")
    other.refresh_from_db()
    assert other.ended_at is None
    assert [version.holds_until for version in versions(one)] == [None, LATER]
    for again in (
        partial(services.end_access, access=one, reason="Again"),
        partial(services.confirm_access, access=one, how="There."),
        partial(services.let_access_end, access=one),
        partial(services.change_access, access=one, changes={"role": "Admin"}),
    ):
        with pytest.raises(Conflict) as refused:
            again(actor=desk.kim, at=LATER)
        assert refused.value.code == "access_ended"


def test_a_note_changes_no_state(desk: Desk) -> None:
    """A flag was cleared by an edit that had nothing to do with it."""
    row = given_access(desk, end="at", until=UNTIL)
    services.confirm_access(access=row, how="On the list.", actor=desk.kim, at=AT)
    services.let_access_end(access=row, actor=desk.kim, at=AT)
    before: dict[str, Any] = dict(Access.objects.filter(pk=row.pk).values().get())
    services.change_access(access=row, changes={"note": "Asked twice.", "purpose": "Films"}, actor=desk.bo, at=LATER)
    after: dict[str, Any] = dict(Access.objects.filter(pk=row.pk).values().get())
    assert {name for name in before if before[name] != after[name]} == {"note", "purpose"}
    services.end_access(access=row, reason="Left", actor=desk.kim, at=LATER)
    services.change_access(access=row, changes={"note": "Said goodbye."}, actor=desk.kim, at=LATER)
    row.refresh_from_db()
    assert (row.note, row.ended_reason) == ("Said goodbye.", "Left")


@pytest.mark.parametrize(
    ("changes", "end", "until"),
    [
        ({"until": UNTIL}, "at", UNTIL),
        ({"until": None}, "unknown", None),
        ({"end": "none"}, "none", None),
        ({"end": "unknown"}, "unknown", None),
        ({"end": "at", "until": UNTIL}, "at", UNTIL),
        ({"end": "none", "until": None}, "none", None),
    ],
)
def test_the_end_is_changed_from_each_kind_to_each_other(
    desk: Desk, changes: dict[str, Any], end: str, until: Any
) -> None:
    for first in ({"end": "none"}, {"end": "unknown"}, {"end": "at", "until": AT + timedelta(days=3)}):
        row = given_access(desk, **first)
        changed = services.change_access(access=row, changes=changes, actor=desk.kim, at=LATER)
        assert (changed.end, changed.until) == (end, until)
        Version.objects.all().delete()
        Access.objects.all().delete()


@pytest.mark.parametrize("changes", [{"end": "at"}, {"end": "none", "until": UNTIL}])
def test_a_change_to_an_end_that_is_not_clear_is_refused(desk: Desk, changes: dict[str, Any]) -> None:
    row = given_access(desk)
    with pytest.raises(Invalid):
        services.change_access(access=row, changes=changes, actor=desk.kim, at=LATER)
    row.refresh_from_db()
    assert (row.end, row.until) == ("none", None)


def test_a_decision_to_let_it_end_holds_for_that_end(desk: Desk) -> None:
    row = given_access(desk, end="at", until=UNTIL)
    decided = services.let_access_end(access=row, actor=desk.kim, at=AT)
    assert (decided.let_end_at, decided.let_end_by, decided.ended_at) == (AT, "Kim", None)
    with pytest.raises(Conflict, match="Kim decided"):
        services.let_access_end(access=row, actor=desk.bo, at=LATER)
    later = services.change_access(access=row, changes={"until": UNTIL + timedelta(days=9)}, actor=desk.kim, at=LATER)
    assert later.let_end_at is None, "nobody has decided about this one"
    endless = given_access(desk)
    with pytest.raises(Conflict) as refused:
        services.let_access_end(access=endless, actor=desk.kim, at=AT)
    assert refused.value.code == "no_known_end"


def test_confirming_says_who_looked_and_what_they_saw(desk: Desk) -> None:
    row = services.confirm_access(access=given_access(desk), how="Fourth in the list.", actor=desk.bo, at=LATER)
    assert (row.confirmed_at, row.confirmed_by, row.confirmed_how) == (LATER, "Bo", "Fourth in the list.")
    assert Entry.objects.latest("seq").detail["how"] == "Fourth in the list."
    with pytest.raises(Invalid):
        services.confirm_access(access=row, how=" ", actor=desk.bo, at=LATER)


def test_an_end_that_nobody_saw_is_seen_later_once_and_stays_that_end(desk: Desk) -> None:
    row = services.end_access(access=given_access(desk), reason="Left", actor=desk.kim, at=AT)
    with pytest.raises(Invalid):
        services.confirm_access(access=row, how=" ", actor=desk.bo, at=LATER)
    seen = services.confirm_access(access=row, how="No longer in the list.", actor=desk.bo, at=LATER)
    assert (seen.ended_at, seen.ended_reason, seen.ended_how) == (AT, "Left", "No longer in the list.")
    assert seen.confirmed_at is None and Entry.objects.latest("seq").event == "access.seen_gone"
    assert [version.facts["ended_how"] for version in versions(row)] == ["", "", "No longer in the list."]
    with pytest.raises(Conflict) as again:
        services.confirm_access(access=row, how="Still gone.", actor=desk.bo, at=LATER)
    assert again.value.code == "access_ended"


def test_what_an_authorization_gives_follows_it_alone(desk: Desk) -> None:
    row = of_an_authorization(desk)
    assert row.surface.kind == "spark_authorizations"
    for attempt in (
        partial(services.end_access, reason="Over"),
        *(
            partial(services.change_access, changes=changes)
            for changes in ({"until": None}, {"since": None}, {"role": "x"}, {"basis": "x"}, {"owner": None})
        ),
    ):
        with pytest.raises(Conflict) as refused:
            attempt(access=row, actor=desk.mara, at=LATER)
        assert refused.value.code == "access_of_authorization"
    changed = services.change_access(access=row, changes={"purpose": "Spring"}, actor=desk.mara, at=LATER)
    assert changed.purpose == "Spring"
    assert services.confirm_access(access=row, how="In the list.", actor=desk.mara, at=LATER).confirmed_by == "Mara"


def test_its_owner_is_brought_up_to_date_and_moving_keeps_what_was_confirmed(desk: Desk) -> None:
    row = of_an_authorization(desk)
    lou = enter_person(kept_by=desk.creator, name="Lou", actor=desk.mara, at=AT)
    services.let_access_end(access=row, actor=desk.mara, at=AT)
    again: dict[str, Any] = {
        "asset": desk.post, "surface": "Spark authorizations", "holder": desk.advertiser, "role": row.role,
        "since": AT, "basis": "authorization A", "source": Source.STATED, "actor": HOST, "at": LATER,
    }  # fmt: skip
    passed = services.record_access(**again, until=UNTIL, owner=lou)
    assert (passed.pk, passed.owner, passed.source) == (row.pk, lou, "observed")
    assert passed.let_end_at == AT and Entry.objects.latest("seq").event == "access.passed_on"
    moved = services.record_access(**again, until=UNTIL + timedelta(days=1), owner=lou)
    assert (moved.let_end_at, moved.source) == (None, "stated") and Entry.objects.latest("seq").event == "access.moved"
    count = Entry.objects.count()
    services.record_access(**again, until=UNTIL + timedelta(days=1), owner=lou)
    assert Entry.objects.count() == count


def test_the_same_words_as_a_basis_by_hand_are_not_the_authorizations(desk: Desk) -> None:
    mine = given_access(desk, basis="authorization A")
    theirs = of_an_authorization(desk)
    assert theirs.pk != mine.pk
    services.close_access(basis="authorization A", reason="over", actor=HOST, at=LATER)
    mine.refresh_from_db()
    assert mine.ended_at is None


def test_the_holder_sees_what_an_authorization_gives_and_reads_only(desk: Desk) -> None:
    row, own = of_an_authorization(desk), given_access(desk)
    assert set(services.accesses(actor=desk.kim)) == {row, own}
    assert set(services.accesses(actor=desk.mara)) == {row}, "nothing of the other side's own record"
    with pytest.raises(Forbidden) as refused:
        services.confirm_access(access=row, how="Seen.", actor=desk.kim, at=AT)
    assert refused.value.code == "kept_by_another"


@pytest.mark.parametrize(
    ("who", "kind"), [("viewer", Forbidden), ("auditor", Forbidden), ("mara", NotFound), ("stranger", NotFound)]
)
def test_who_may_not_is_refused_and_nothing_changes(desk: Desk, who: str, kind: type[Refused]) -> None:
    actor: Actor = getattr(desk, who)
    row = given_access(desk, end="at", until=UNTIL)
    attempts: list[Callable[[], object]] = [
        partial(given_access, desk, actor=actor),
        *(
            partial(service, access=row, actor=actor, at=AT, **given)
            for service, given in (
                (services.change_access, {"changes": {"note": "x"}}),
                (services.confirm_access, {"how": "x"}),
                (services.end_access, {"reason": "x"}),
                (services.let_access_end, {}),
            )
        ),
    ]
    before = Entry.objects.count(), list(Access.objects.values()), Version.objects.count()
    for attempt in attempts:
        with pytest.raises(kind):
            attempt()
    assert (Entry.objects.count(), list(Access.objects.values()), Version.objects.count()) == before
    if kind is NotFound:
        with pytest.raises(NotFound) as gone:
            services.find_access(text=row.reference, actor=actor)
        assert gone.value.code == "no_such_access"


def test_what_ends_soonest_is_first_and_what_is_over_last(desk: Desk) -> None:
    over = given_access(desk, role="Admin", end="at", until=AT + timedelta(days=1))
    services.end_access(access=over, reason="Left", actor=desk.kim, at=AT)
    endless, late = given_access(desk), given_access(desk, end="at", until=UNTIL)
    soon = given_access(desk, end="at", until=AT + timedelta(days=2))
    assert list(services.accesses(actor=desk.kim)) == [soon, late, endless, over]


def test_an_asset_of_another_kind_takes_the_same_words(desk: Desk) -> None:
    channel = business_center(desk, platform="youtube", kind=Asset.Kind.CHANNEL, name="Northwind TV")
    (row,) = services.surfaces(asset=channel).filter(kind="permissions")
    assert given_access(desk, surface=row, role="Editor", end="unknown").surface.asset == channel
