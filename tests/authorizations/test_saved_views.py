"""Saved views: one's own names for filters. Nobody else finds, forgets or counts them."""

from __future__ import annotations

import pytest

from tests.authorizations.stage import refused
from tests.desk import HOST, Desk
from valetkey.accounts.models import User
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.audit.models import Entry
from valetkey.authorizations import services
from valetkey.authorizations.filters import Filters, Group, Order
from valetkey.authorizations.models import SavedView
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db

SOON = Filters(group=Group.LIVE, ends_within=14, order=Order.ENDS_SOONEST)


def save(desk: Desk, name: str = "Ending soon", filters: Filters = SOON, actor: Actor | None = None) -> SavedView:
    return services.save_view(name=name, filters=filters, actor=actor or desk.bo, at=desk.at)


def names(actor: Actor) -> list[str]:
    return [view.name for view in services.saved_views(actor=actor)]


def test_a_view_brings_its_filters_back(desk: Desk) -> None:
    save(desk, name="  Ending \n soon ")
    view = services.find_view(name="Ending  soon", actor=desk.bo)
    assert view.name == "Ending soon" and Filters.of(view.filters) == SOON
    assert view.filters == {"group": "live", "ends_within": "14", "order": "ends"}


def test_the_same_name_takes_the_place_of_the_earlier_one(desk: Desk) -> None:
    first, again = save(desk), save(desk, filters=Filters(text="shoes"))
    assert first.pk == again.pk and names(desk.bo) == ["Ending soon"]
    assert services.find_view(name="Ending soon", actor=desk.bo).filters == {"text": "shoes"}


def test_each_has_their_own_even_under_the_same_name(desk: Desk) -> None:
    mine, theirs = save(desk), save(desk, actor=desk.kim, filters=Filters())
    assert mine.pk != theirs.pk and names(desk.bo) == names(desk.kim) == ["Ending soon"]
    for actor in (desk.kim, desk.stranger, desk.admin, HOST):
        with refused("no_such_view", NotFound):
            services.forget_view(saved_view=mine, actor=actor, at=desk.at)
    services.forget_view(saved_view=mine, actor=desk.bo, at=desk.at)
    assert names(desk.bo) == [] and names(desk.kim) == ["Ending soon"]
    with refused("no_such_view", NotFound):
        services.forget_view(saved_view=mine, actor=desk.bo, at=desk.at)
    with refused("no_such_view", NotFound):
        services.find_view(name="Ending soon", actor=desk.bo)


def test_whoever_is_no_user_has_none(desk: Desk) -> None:
    User.objects.filter(email="kim@example.org").update(is_active=False)
    guest = Actor(name="bo@example.org", door=Door.WEB, user_id=GUEST)
    for actor in (HOST, guest, desk.kim):
        with refused("not_a_user", Forbidden):
            save(desk, actor=actor)
        assert names(actor) == []


def test_thirty_are_enough_and_the_thirtieth_can_still_be_changed(desk: Desk) -> None:
    for number in range(30):
        save(desk, name=f"View {number}")
    with refused("too_many_views", Conflict):
        save(desk, name="One more")
    save(desk, name="View 29", filters=Filters(text="shoes"))
    save(desk, actor=desk.kim)
    assert len(names(desk.bo)) == 30


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "text_missing"), (" ", "text_missing"), ("x" * 61, "text_too_long"), ("a\x00b", "not_text")],
    ids=["none", "space", "long", "nul"],
)
def test_a_name_is_a_short_text(desk: Desk, name: str, code: str) -> None:
    with refused(code, Invalid):
        save(desk, name=name)
    with refused(code, Invalid):
        services.find_view(name=name, actor=desk.bo)


def test_the_history_does_not_tell_what_somebody_likes_to_look_at(desk: Desk) -> None:
    count = Entry.objects.count()
    services.forget_view(saved_view=save(desk), actor=desk.bo, at=desk.at)
    assert Entry.objects.count() == count
