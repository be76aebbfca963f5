"""Who may do what until when: opened, moved and closed by its basis, and by nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from tests.desk import AT, HOST, Desk
from valetkey.accounts.reference import new_reference
from valetkey.audit.models import Entry
from valetkey.register.models import Access, Source, Surface
from valetkey.register.services import close_access, record_access

pytestmark = pytest.mark.django_db

UNTIL = AT + timedelta(days=30)


def opened(desk: Desk, basis: str = "authorization A", until: datetime | None = UNTIL, **given: Any) -> Access:
    return record_access(**{
        "asset": desk.post, "surface": "Spark authorizations", "holder": desk.advertiser, "role": "run this post",
        "since": AT, "until": until, "basis": basis, "source": Source.OBSERVED, "actor": HOST, "at": AT, **given,
    })  # fmt: skip


def test_a_basis_has_one_live_access_that_moves_with_its_end(desk: Desk) -> None:
    first = opened(desk)
    assert (first.end, first.until) == ("at", UNTIL)
    moved = opened(desk, until=UNTIL + timedelta(days=7))
    assert moved.pk == first.pk and moved.until == UNTIL + timedelta(days=7)
    opened(desk, until=moved.until)
    events = Entry.objects.filter(event__startswith="access").values_list("event", flat=True)
    assert list(events) == ["access.opened", "access.moved"], "the same again is no news"


def test_an_unknown_end_is_kept_as_unknown_and_is_not_never(desk: Desk) -> None:
    """ "No end" sent as nothing was read as "ended yesterday", and as "never ends" elsewhere."""
    access = opened(desk, until=None)
    assert (access.end, access.until) == (Access.End.UNKNOWN, None)
    assert access in Access.objects.live(AT + timedelta(days=9999))
    moved = opened(desk)
    assert (moved.pk, moved.end, moved.until) == (access.pk, Access.End.AT, UNTIL)
    assert access not in Access.objects.live(UNTIL)


def test_live_is_from_the_start_to_just_before_the_end(desk: Desk) -> None:
    access, tick = opened(desk), timedelta(microseconds=1)
    for at, is_live in ((AT - tick, False), (AT, True), (UNTIL - tick, True), (UNTIL, False)):
        assert (access in Access.objects.live(at)) == is_live, at


def test_closing_one_never_closes_another(desk: Desk) -> None:
    """The old one was ended on renewal, and the end of the new one went with it."""
    old, new = opened(desk, "authorization A"), opened(desk, "authorization B")
    elsewhere = opened(desk, "authorization C", asset=desk.eu)
    close_access(basis="authorization A", reason="replaced", actor=HOST, at=AT)
    assert set(Access.objects.live(AT)) == {new, elsewhere}
    old.refresh_from_db()
    assert (old.ended_at, old.ended_reason, old.until) == (AT, "replaced", UNTIL), "ended, with what it was"


def test_closing_again_or_what_is_not_there_does_nothing(desk: Desk) -> None:
    opened(desk)
    close_access(basis="authorization A", reason="over", actor=HOST, at=AT)
    count = Entry.objects.count()
    close_access(basis="authorization A", reason="again", actor=HOST, at=AT + timedelta(days=1))
    close_access(basis="authorization", reason="half a name", actor=HOST, at=AT)
    assert Entry.objects.count() == count
    assert Access.objects.get().ended_at == AT


def test_opened_again_after_its_end_it_is_a_new_line_beside_the_old(desk: Desk) -> None:
    first = opened(desk)
    close_access(basis="authorization A", reason="over", actor=HOST, at=AT)
    second = opened(desk)
    assert second.pk != first.pk
    assert set(Access.objects.all()) == {first, second} and list(Access.objects.live(AT)) == [second]


def test_a_list_of_access_is_there_once(desk: Desk) -> None:
    opened(desk, "authorization A")
    opened(desk, "authorization B")
    assert Surface.objects.count() == 1


@pytest.mark.parametrize(
    ("end", "until", "is_kept"),
    [
        ("at", UNTIL, True),
        ("none", None, True),
        ("unknown", None, True),
        ("at", None, False),
        ("none", UNTIL, False),
        ("unknown", UNTIL, False),
        ("later", None, False),
    ],
)
def test_the_database_keeps_the_three_kinds_of_end_apart(
    desk: Desk, end: str, until: datetime | None, is_kept: bool
) -> None:
    """It took an end "at" without a moment, which every reader then took for something else."""
    access = opened(desk)
    try:
        with transaction.atomic():
            Access.objects.filter(pk=access.pk).update(end=end, until=until)
    except IntegrityError:
        assert not is_kept
    else:
        assert is_kept


def test_the_database_keeps_one_live_access_for_a_basis(desk: Desk) -> None:
    access = opened(desk)
    access.pk, access.reference = None, new_reference()
    with pytest.raises(IntegrityError), transaction.atomic():
        access.save(force_insert=True)
    access.ended_at = AT
    access.save(force_insert=True)


def test_nothing_it_rests_on_can_be_deleted(desk: Desk) -> None:
    opened(desk)
    for row in (desk.post, desk.advertiser, Surface.objects.get()):
        with pytest.raises(ProtectedError):
            row.delete()
