"""Logins that were shared: written down by those who hold the account, known to others, over once it was changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from tests.desk import HOST, Desk
from tests.register.on_record import an_account, said, somebody
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound
from valetkey.history import sentences
from valetkey.register import exposed
from valetkey.register.exposed import Shared
from valetkey.register.models import Exposure, ExposureKnower
from valetkey.register.services import (
    add_knower,
    close_exposure,
    exposures,
    find_exposure,
    find_knowers_party,
    open_exposure,
)

pytestmark = pytest.mark.django_db


def opened(desk: Desk, **given: Any) -> Exposure:
    asked = {"held_by": desk.creator, "platform": "tiktok", "account": "@mara.makes", "shared": Shared.PASSWORD}
    return open_exposure(**{**asked, "actor": desk.mara, "at": desk.at, **given})


def known(desk: Desk, row: Exposure, **given: Any) -> ExposureKnower:
    return add_knower(**{"exposure": row, "name": "Jo", "actor": desk.mara, "at": desk.at, **given})


def closed(desk: Desk, row: Exposure, **given: Any) -> Exposure:
    return close_exposure(**{"exposure": row, "how": "Changed in the app.", "actor": desk.mara, "at": desk.at, **given})


def test_it_says_which_account_what_was_shared_and_since_when(desk: Desk) -> None:
    row = opened(desk, since=date(2026, 10, 3), note="  For the launch.  ")
    assert (row.account, row.shared, row.since, row.note) == (
        "@mara.makes",
        "password",
        date(2026, 10, 3),
        "For the launch.",
    )
    assert (row.opened_at, row.opened_by, row.is_open) == (desk.at, "Mara", True)
    assert opened(desk).since is None, "nobody has to know since when"


def test_who_knows_it_is_named_with_or_without_a_party_of_the_desk(desk: Desk) -> None:
    row = opened(desk)
    known(desk, row, party=desk.advertiser, since=date(2026, 10, 4))
    known(desk, row, name="Her cousin")
    assert [(each.name, each.party, each.since) for each in row.knowers.order_by("pk")] == [
        ("Jo", desk.advertiser, date(2026, 10, 4)),
        ("Her cousin", None, None),
    ]


def test_nobody_is_named_twice(desk: Desk) -> None:
    row = opened(desk)
    known(desk, row, name="Jörg")
    with pytest.raises(Conflict) as refused:
        known(desk, row, name=" JÖRG ")
    assert refused.value.code == "known_already" and row.knowers.count() == 1


def test_it_is_over_once_somebody_says_what_was_done(desk: Desk) -> None:
    row = opened(desk)
    with pytest.raises(Invalid) as refused:
        closed(desk, row, how="  ")
    assert refused.value.code == "text_missing"
    row = closed(desk, row, at=desk.later(days=1))
    assert (row.changed_at, row.changed_by, row.how_confirmed) == (desk.at, "Mara", "Changed in the app.")
    assert not row.is_open


def test_it_is_over_once_and_names_nobody_from_then_on(desk: Desk) -> None:
    row = opened(desk)
    closed(desk, row)
    tries: tuple[Callable[[Desk, Exposure], object], ...] = (closed, known)
    for attempt in tries:
        with pytest.raises(Conflict) as refused:
            attempt(desk, row)  # the row in hand still says that it is open
        assert refused.value.code == "exposure_over" and "Mara" in refused.value.sentence
    assert Entry.objects.filter(event="exposure.changed").count() == 1


def test_the_database_takes_no_change_without_what_was_done(desk: Desk) -> None:
    with pytest.raises(IntegrityError):
        Exposure.objects.filter(pk=opened(desk).pk).update(changed_at=desk.at)


@pytest.mark.parametrize("days", [2, 400])
def test_a_day_that_has_begun_nowhere_is_refused(desk: Desk, days: int) -> None:
    to_come = desk.at.date() + timedelta(days=days)
    with pytest.raises(Invalid) as refused:
        opened(desk, since=to_come)
    assert refused.value.code == "since_to_come"
    row = opened(desk, since=desk.at.date())
    with pytest.raises(Invalid):
        known(desk, row, since=to_come)


@pytest.mark.parametrize(
    "given",
    [{"account": ""}, {"account": "x" * 101}, {"note": "x" * 2001}, {"platform": ""}, {"note": "bell\x07"}],
)
def test_texts_that_do_not_fit_are_refused(desk: Desk, given: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        opened(desk, **given)
    assert not Exposure.objects.exists()


def test_the_secret_itself_is_refused_wherever_it_is_typed(desk: Desk) -> None:
    carries, row = "The password is Sunflower88!", opened(desk)
    attempts: list[Callable[[], object]] = [
        lambda: opened(desk, note=carries),
        lambda: opened(desk, account="mara.makes / password: Sunflower88!"),
        lambda: known(desk, row, name="Jo, password: Sunflower88!"),
        lambda: closed(desk, row, how=f"{carries} now."),
    ]
    before = Entry.objects.count()
    for attempt in attempts:
        with pytest.raises(Invalid) as refused:
            attempt()
        assert refused.value.code == "credential_in_text" and "Sunflower" not in str(refused.value)
    assert Entry.objects.count() == before


def test_the_history_tells_each_step_in_words(desk: Desk) -> None:
    row = opened(desk, since=date(2026, 10, 3))
    known(desk, row, party=desk.advertiser)
    closed(desk, row)
    found = list(Entry.objects.filter(subject=f"exposure {row.reference}").order_by("seq"))
    assert [each.event for each in found] == ["exposure.opened", "exposure.known", "exposure.changed"]
    assert [sentences.phrase(each.event) for each in found] == [
        "wrote down that a login was shared",
        "wrote down who knows a shared login",
        "confirmed that a shared login was changed",
    ]
    assert ("shared", "the password") in sentences.facts(found[0].detail)
    assert found[1].detail == {"name": "Jo", "party": "Northwind", "since": None}
    assert ("how", "Changed in the app.") in sentences.facts(found[2].detail)


def test_open_ones_come_first_then_the_last_that_was_changed(desk: Desk) -> None:
    first, second, third = opened(desk), opened(desk), opened(desk)
    known(desk, third)
    closed(desk, second)
    closed(desk, first, at=desk.later(hours=1))
    found = list(exposures(actor=desk.mara))
    assert found == [third, first, second]
    assert [each.known_to for each in found] == [1, 0, 0]  # type: ignore[attr-defined]  # annotated


@pytest.mark.parametrize("who", ["mara", "admin", "auditor"])
def test_its_own_side_and_the_desk_find_it(desk: Desk, who: str) -> None:
    row, actor = opened(desk), getattr(desk, who)
    assert find_exposure(text=row.reference.lower(), actor=actor) == row
    assert list(exposures(actor=actor)) == [row]


@pytest.mark.parametrize("who", ["bo", "viewer", "stranger"])
def test_others_find_nothing_even_if_they_are_named_in_it(desk: Desk, who: str) -> None:
    row, actor = opened(desk), getattr(desk, who)
    known(desk, row, party=desk.advertiser)
    assert not exposures(actor=actor)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: find_exposure(text=row.reference, actor=actor),
        lambda: known(desk, row, name="Me", actor=actor),
        lambda: closed(desk, row, actor=actor),
        lambda: opened(desk, actor=actor),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()


@pytest.mark.parametrize(
    ("who", "kind"), [("kim", None), ("admin", None), ("viewer", Forbidden), ("auditor", Forbidden)]
)
def test_members_and_the_admin_write_viewers_and_auditors_read(
    desk: Desk, who: str, kind: type[Exception] | None
) -> None:
    actor: Actor = getattr(desk, who)
    row = opened(desk, held_by=desk.advertiser, actor=HOST)
    attempts: list[Callable[[], object]] = [
        lambda: opened(desk, held_by=desk.advertiser, actor=actor),
        lambda: known(desk, row, actor=actor),
        lambda: closed(desk, row, actor=actor),
    ]
    for attempt in attempts:
        if kind is None:
            attempt()
        else:
            with pytest.raises(kind):
                attempt()
    assert find_exposure(text=row.reference, actor=actor) == row


def test_a_knowers_party_is_named_exactly(desk: Desk) -> None:
    assert find_knowers_party(" Northwind ") == find_knowers_party(desk.advertiser.reference) == desk.advertiser
    with pytest.raises(NotFound):
        find_knowers_party("North")


def test_managers_are_told_of_theirs_alone(desk: Desk) -> None:
    closed(desk, opened(desk))
    mine = opened(desk)
    opened(desk, held_by=desk.advertiser, actor=HOST)
    assert list(Exposure.objects.of_managed(desk.mara).open()) == [mine]
    for actor in (desk.kim, desk.viewer, desk.admin, desk.stranger, HOST):
        assert not Exposure.objects.of_managed(actor).exists()


def test_every_kind_has_its_words_and_a_way_out() -> None:
    for shared in Shared:
        assert exposed.words(shared.value) and exposed.remedy(shared.value).endswith(".")


def test_the_account_and_who_knows_it_may_be_those_of_the_record(desk: Desk) -> None:
    asset, cleo = an_account(desk), somebody(desk, "Cleo")
    row = open_exposure(
        held_by=desk.creator, platform="", asset=asset, shared=Shared.PASSWORD, actor=desk.mara, at=desk.at
    )
    assert (row.asset, row.account, row.platform) == (asset, "mara.makes", "tiktok")
    knower = known(desk, row, name="", person=cleo)
    assert (knower.name, knower.party, knower.person) == ("Cleo", desk.creator, cleo)
    known(desk, row, name="", person=somebody(desk, "Cleo"))  # two people may have one name
    for again in ({"person": cleo, "name": "Cleo L."}, {"name": "CLEO"}):
        with pytest.raises(Conflict) as refused:
            known(desk, row, **again)
        assert refused.value.code == "known_already"


def test_accounts_and_people_of_another_record_are_refused(desk: Desk) -> None:
    theirs = somebody(desk, "Fay", desk.advertiser, desk.bo)
    with pytest.raises(Invalid) as foreign:
        opened(desk, asset=desk.eu)
    assert foreign.value.code == "not_on_record" and not Exposure.objects.exists()
    with pytest.raises(Invalid) as refused:
        known(desk, opened(desk), person=theirs)
    assert refused.value.code == "not_on_record"


def test_each_step_stays_in_the_timeline(desk: Desk) -> None:
    row, cleo = opened(desk), somebody(desk, "Cleo")
    known(desk, row, name="", person=cleo, at=desk.later(days=1))
    closed(desk, row, at=desk.later(days=1))
    first, second, third = said("exposure", row.reference)
    assert (first["knowers"], second["knowers"][0]["person"], second["changed_at"]) == ([], cleo.reference, None)
    assert third["how_confirmed"] == "Changed in the app." and third["knowers"] == second["knowers"]
