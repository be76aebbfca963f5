"""Assets by hand, with the lists of access they usually have."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.desk import AT, Desk
from tests.register.recorded import business_center
from valetkey.audit.models import Entry
from valetkey.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from valetkey.register import services
from valetkey.register.models import Asset, Surface
from valetkey.timeline.models import Version

pytestmark = pytest.mark.django_db


def test_it_comes_with_its_usual_lists(desk: Desk) -> None:
    row = business_center(desk, note="Made by the agency.")
    lists = services.surfaces(asset=row)
    assert [(one.name, one.kind) for one in lists] == [
        ("Business Center partners", "partners"),
        ("Business Center people", "people"),
    ]
    assert row.platform_id == "Northwind BC", "its name stands for the id that nobody knows"
    events = Entry.objects.order_by("-seq").values_list("event", flat=True)[:3]
    assert list(events) == ["surface.entered", "surface.entered", "asset.entered"]
    assert Version.objects.filter(asset=row.reference, kind="surface").count() == 2
    assert Version.objects.get(kind="asset", reference=row.reference).facts["note"] == "Made by the agency."


def test_it_can_come_without_lists_and_a_page_of_nowhere_has_none(desk: Desk) -> None:
    bare = business_center(desk, with_surfaces=False)
    assert not services.surfaces(asset=bare)
    assert len(services.add_usual_surfaces(asset=bare, actor=desk.kim, at=AT)) == 2
    assert services.add_usual_surfaces(asset=bare, actor=desk.kim, at=AT) == [], "what is there is not added twice"
    other = business_center(desk, platform="other", kind="page", name="Somewhere")
    assert not services.surfaces(asset=other)


def test_a_list_that_has_the_name_already_gets_its_kind_and_stays_the_one(desk: Desk) -> None:
    bare = business_center(desk, with_surfaces=False)
    mine = services.enter_surface(asset=bare, name="business center People", actor=desk.kim, at=AT)
    added = services.add_usual_surfaces(asset=bare, actor=desk.kim, at=AT)
    mine.refresh_from_db()
    assert mine.kind == "people" and [one.kind for one in added] == ["partners"]


@pytest.mark.parametrize(
    ("given", "kind", "code"),
    [
        ({"kind": "post"}, Invalid, "asset_kind"),
        ({"kind": "ad_account"}, Invalid, "asset_kind"),
        ({"platform": "myspace"}, Invalid, "platform"),
        ({"name": ""}, Invalid, "text_missing"),
        ({"note": "password: Sunflower88!"}, Invalid, "credential_in_text"),
    ],
)
def test_what_cannot_be_used_is_refused(desk: Desk, given: dict[str, Any], kind: type[Refused], code: str) -> None:
    before = Asset.objects.count(), Surface.objects.count(), Entry.objects.count()
    with pytest.raises(kind) as refused:
        business_center(desk, **given)
    assert refused.value.code == code and refused.value.next_step
    assert (Asset.objects.count(), Surface.objects.count(), Entry.objects.count()) == before


def test_each_record_has_it_once(desk: Desk) -> None:
    row = business_center(desk)
    with pytest.raises(Conflict) as refused:
        business_center(desk)
    assert row.reference in refused.value.sentence
    assert business_center(desk, held_by=desk.creator, actor=desk.mara).pk != row.pk


def test_it_belongs_to_another_of_the_same_record_and_never_to_itself(desk: Desk) -> None:
    center = business_center(desk)
    shop = business_center(desk, kind="shop", name="Northwind Shop", within=center)
    assert shop.within == center
    theirs = business_center(desk, held_by=desk.creator, actor=desk.mara, name="Mara's")
    with pytest.raises(Invalid) as foreign:
        services.change_asset(asset=shop, changes={"within": theirs}, actor=desk.kim, at=AT)
    assert foreign.value.code == "asset_of_another"
    with pytest.raises(Invalid) as circle:
        services.change_asset(asset=center, changes={"within": shop}, actor=desk.kim, at=AT)
    assert circle.value.code == "asset_circle"


def test_posts_and_ad_accounts_are_noted_on_and_named_elsewhere(desk: Desk) -> None:
    center = business_center(desk)
    plain = Asset.objects.get(pk=desk.eu.pk)
    changed = services.change_asset(asset=plain, changes={"within": center, "note": "Ours."}, actor=desk.kim, at=AT)
    assert (changed.within, changed.note) == (center, "Ours.")
    with pytest.raises(Conflict) as refused:
        services.change_asset(asset=plain, changes={"name": "Mine"}, actor=desk.kim, at=AT)
    assert refused.value.code == "asset_of_its_own"
    versions = Version.objects.filter(kind="asset", reference=plain.reference)
    assert [each.facts["within"] for each in versions.order_by("pk")] == ["", center.reference]


def test_its_region_is_a_country_in_two_letters_or_not_known(desk: Desk) -> None:
    row = business_center(desk, kind="account", name="@northwind", region=" de ")
    assert row.region == "DE"
    for changed, became in (({"region": "gb"}, "GB"), ({"note": "Ours."}, "GB"), ({"region": ""}, "")):
        assert services.change_asset(asset=row, changes=changed, actor=desk.kim, at=AT).region == became
    versions = Version.objects.filter(kind="asset", reference=row.reference).order_by("pk")
    assert [each.facts["region"] for each in versions] == ["DE", "GB", "GB", ""]
    with pytest.raises(Invalid) as refused:
        services.change_asset(asset=row, changes={"region": "UK"}, actor=desk.kim, at=AT)
    assert refused.value.code == "region" and "GB" in refused.value.next_step
    ad_account = Asset.objects.get(pk=desk.eu.pk)
    assert services.change_asset(asset=ad_account, changes={"region": "us"}, actor=desk.kim, at=AT).region == "US"


def test_a_change_keeps_what_it_was(desk: Desk) -> None:
    row = business_center(desk)
    services.change_asset(asset=row, changes={"name": "NW Center", "platform_id": "7001"}, actor=desk.kim, at=AT)
    assert Entry.objects.latest("seq").detail["changed"]["name"] == {"from": "Northwind BC", "to": "NW Center"}
    names = Version.objects.filter(kind="asset", reference=row.reference).order_by("pk")
    assert [each.facts["name"] for each in names] == ["Northwind BC", "NW Center"]
    with pytest.raises(TypeError):
        services.change_asset(asset=row, changes={"held_by": desk.creator}, actor=desk.kim, at=AT)


def test_assets_are_found_by_reference_id_and_name_and_told_apart(desk: Desk) -> None:
    row = business_center(desk, platform_id="7001")
    for text in (row.reference.lower(), "7001", "Northwind BC"):
        assert services.find_asset(text=text, actor=desk.viewer) == row
    assert services.find_asset(text=desk.eu.platform_id, actor=desk.viewer).pk == desk.eu.pk
    shop = business_center(desk, kind="shop", name="Northwind BC")
    with pytest.raises(Conflict) as several:
        services.find_asset(text="Northwind BC", actor=desk.viewer)
    assert shop.reference in several.value.sentence
    for text in ("Northwind", ""):
        with pytest.raises(NotFound):
            services.find_asset(text=text, actor=desk.viewer)


def test_a_list_of_ones_own_and_a_list_of_the_catalogue(desk: Desk) -> None:
    row = business_center(desk, with_surfaces=False)
    own = services.enter_surface(asset=row, name="Shared mailbox", path="Mail → Delegates", actor=desk.kim, at=AT)
    assert (own.kind, own.path) == ("", "Mail → Delegates")
    services.enter_surface(asset=row, name="People", kind="people", actor=desk.kim, at=AT)
    for given, code in (
        ({"name": "shared MAILBOX"}, "surface_exists"),
        ({"name": "Staff", "kind": "staff"}, "surface_kind"),
        ({"name": ""}, "text_missing"),
    ):
        with pytest.raises(Refused) as refused:
            services.enter_surface(asset=row, **given, actor=desk.kim, at=AT)
        assert refused.value.code == code
    changed = services.change_surface(surface=own, changes={"name": "Mail", "path": ""}, actor=desk.kim, at=AT)
    assert (changed.name, changed.path) == ("Mail", "")
    assert services.find_surface(text="Mail", actor=desk.viewer) == own
    assert services.find_surface(text=own.reference, actor=desk.viewer) == own
    with pytest.raises(Conflict):
        services.change_surface(surface=own, changes={"name": "People"}, actor=desk.kim, at=AT)


def test_two_lists_of_one_name_are_told_apart_by_their_references(desk: Desk) -> None:
    business_center(desk)
    business_center(desk, name="Second")
    with pytest.raises(Conflict) as refused:
        services.find_surface(text="Business Center people", actor=desk.kim)
    assert refused.value.code == "several_surfaces"


def test_viewers_read_and_strangers_are_told_that_there_is_nothing(desk: Desk) -> None:
    row = business_center(desk)
    one = services.surfaces(asset=row)[0]
    for actor, kind in ((desk.viewer, Forbidden), (desk.auditor, Forbidden), (desk.stranger, NotFound)):
        given: dict[str, Any] = {"actor": actor, "at": AT}
        attempts: list[Callable[[], object]] = [
            partial(business_center, desk, name="New", actor=actor),
            partial(services.change_asset, asset=row, changes={"name": "X"}, **given),
            partial(services.enter_surface, asset=row, name="X", **given),
            partial(services.add_usual_surfaces, asset=row, **given),
            partial(services.change_surface, surface=one, changes={"name": "X"}, **given),
        ]
        for attempt in attempts:
            with pytest.raises(kind):
                attempt()
    for find, text, code in (
        (services.find_asset, row.reference, "no_such_asset"),
        (services.find_surface, one.reference, "no_such_surface"),
    ):
        with pytest.raises(NotFound) as refused:
            find(text=text, actor=desk.stranger)
        assert refused.value.code == code
    assert row not in services.assets(actor=desk.stranger)
    assert row in services.assets(actor=desk.viewer, text="northwind b")
