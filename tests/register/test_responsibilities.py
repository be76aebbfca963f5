"""Who must do what when something changes: given, passed on, ended; on one record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.desk import Desk
from tests.register.on_record import an_account, said, somebody
from valetkey.accounts.services import person_left
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from valetkey.register.models import Responsibility
from valetkey.register.services import (
    end_responsibility,
    find_responsibility,
    give_responsibility,
    pass_on_responsibility,
    responsibilities,
)

pytestmark = pytest.mark.django_db


def given(desk: Desk, **more: Any) -> Responsibility:
    asked: dict[str, Any] = {
        "kept_by": desk.creator, "occasion": "leaver", "what": "Change the password", "within_days": 1,
        "actor": desk.mara, "at": desk.at,
    }  # fmt: skip
    return give_responsibility(**{"person": None, **asked, **more})


def test_it_says_who_what_when_and_who_stands_in(desk: Desk) -> None:
    cleo, dora, asset = somebody(desk, "Cleo"), somebody(desk, "Dora"), an_account(desk)
    row = given(desk, person=cleo, backup=dora, asset=asset)
    assert (row.person, row.backup, row.asset, row.occasion, row.within_days) == (cleo, dora, asset, "leaver", 1)
    (facts,) = said("responsibility", row.reference)
    assert facts["what"] == "Change the password" and facts["backup"] == dora.reference
    entry = Entry.objects.get(event="responsibility.given")
    assert entry.subject == f"responsibility {row.reference}"
    assert entry.detail == {
        "what": "Change the password", "occasion": "leaver", "person": "Cleo", "backup": "Dora", "within_days": 1,
        "asset": "mara.makes",
    }  # fmt: skip
    assert given(desk, person=cleo, within_days=0).asset is None, "for whichever it concerns, on the same day"


def test_passed_on_it_is_anothers_and_what_was_before_is_kept(desk: Desk) -> None:
    cleo, dora, ella = (somebody(desk, name) for name in ("Cleo", "Dora", "Ella"))
    row = given(desk, person=cleo, backup=dora)
    row = pass_on_responsibility(responsibility=row, to=ella, actor=desk.mara, at=desk.later(days=1))
    assert (row.person, row.backup) == (ella, dora)
    with pytest.raises(Conflict) as refused:
        pass_on_responsibility(responsibility=row, to=ella, actor=desk.mara, at=desk.at)
    assert refused.value.code == "theirs_already"
    row = pass_on_responsibility(responsibility=row, to=dora, actor=desk.mara, at=desk.later(days=1))
    assert (row.person, row.backup) == (dora, None), "nobody stands in for themselves"
    entry = Entry.objects.filter(event="responsibility.passed_on").order_by("seq")[0]
    assert entry.detail["changes"] == {"person": {"from": "Cleo", "to": "Ella"}}


def test_it_ends_once_and_no_other_with_it(desk: Desk) -> None:
    cleo, dora = somebody(desk, "Cleo"), somebody(desk, "Dora")
    row, other = given(desk, person=cleo), given(desk, person=cleo, occasion="incident")
    row = end_responsibility(responsibility=row, reason="The tool does it.", actor=desk.mara, at=desk.at)
    assert (row.ended_at, row.ended_reason) == (desk.at, "The tool does it.")
    assert list(Responsibility.objects.current()) == [other] and list(responsibilities(actor=desk.mara)) == [other, row]
    tries: tuple[Callable[[], object], ...] = (
        lambda: end_responsibility(responsibility=row, reason="x", actor=desk.mara, at=desk.at),
        lambda: pass_on_responsibility(responsibility=row, to=dora, actor=desk.mara, at=desk.at),
    )
    for attempt in tries:
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == "responsibility_over"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"what": ""}, "text_missing"),
        ({"what": "x" * 301}, "text_too_long"),
        ({"what": "The password is Sunflower88!"}, "credential_in_text"),
        ({"occasion": "birthday"}, "occasion"),
        ({"within_days": -1}, "within_days"),
        ({"within_days": 366}, "within_days"),
    ],
)
def test_what_cannot_be_so_is_refused(desk: Desk, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        given(desk, person=somebody(desk, "Cleo"), **more)
    assert refused.value.code == code and not Responsibility.objects.exists()


def test_people_and_assets_are_those_of_the_record(desk: Desk) -> None:
    cleo, theirs = somebody(desk, "Cleo"), somebody(desk, "Fay", desk.advertiser, desk.bo)
    wrong: tuple[dict[str, Any], ...] = (
        {"person": theirs}, {"person": cleo, "backup": theirs}, {"person": cleo, "asset": desk.eu},
        {"person": cleo, "backup": cleo},
    )  # fmt: skip
    for more in wrong:
        with pytest.raises(Invalid) as refused:
            given(desk, **more)
        assert refused.value.code in {"not_on_record", "backup_is_the_same"}
    row = given(desk, person=cleo)
    with pytest.raises(Invalid):
        pass_on_responsibility(responsibility=row, to=theirs, actor=desk.mara, at=desk.at)


def test_nothing_new_is_given_to_who_has_left(desk: Desk) -> None:
    cleo, dora = somebody(desk, "Cleo"), somebody(desk, "Dora")
    row = given(desk, person=cleo)
    dora = person_left(person=dora, on=desk.at.date(), actor=desk.mara, at=desk.at)
    given(desk, person=dora, what="On their last day they are still there")
    desk.later(days=1)
    tries: tuple[Callable[[], object], ...] = (
        lambda: given(desk, person=dora),
        lambda: given(desk, person=cleo, backup=dora),
        lambda: pass_on_responsibility(responsibility=row, to=dora, actor=desk.mara, at=desk.at),
    )
    for attempt in tries:
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == "person_left"


@pytest.mark.parametrize(("who", "kind"), [("stranger", NotFound), ("bo", NotFound), ("auditor", Forbidden)])
def test_it_is_on_one_record_and_nobody_elses(desk: Desk, who: str, kind: type[Refused]) -> None:
    cleo, dora, actor = somebody(desk, "Cleo"), somebody(desk, "Dora"), getattr(desk, who)
    row = given(desk, person=cleo)
    tries: tuple[Callable[[], object], ...] = (
        lambda: given(desk, person=cleo, actor=actor),
        lambda: pass_on_responsibility(responsibility=row, to=dora, actor=actor, at=desk.at),
        lambda: end_responsibility(responsibility=row, reason="x", actor=actor, at=desk.at),
    )
    for attempt in tries:
        with pytest.raises(kind):
            attempt()
    if kind is NotFound:
        with pytest.raises(NotFound):
            find_responsibility(text=row.reference, actor=actor)
        assert not responsibilities(actor=actor)
    else:
        assert find_responsibility(text=row.reference, actor=actor) == row
