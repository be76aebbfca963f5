"""The catalogue: every line says where it was read, when and how sure it is, and fits the columns it goes into."""

from __future__ import annotations

from datetime import date

import pytest

from valetkey.register import catalogue
from valetkey.register.catalogue import CONFIDENCES, RoleName, Source, SurfaceKind
from valetkey.register.models import Access, Asset, Surface

EVERY = [
    (platform, kind, one)
    for platform, kinds in catalogue.catalogue().items()
    for kind, found in kinds.items()
    for one in found
]
IDS = [f"{platform} {kind} {one.key}" for platform, kind, one in EVERY]


def test_the_platforms_and_kinds_are_the_records_own() -> None:
    assert set(catalogue.catalogue()) == {"tiktok", "instagram", "facebook", "youtube"}
    assert {kind for _, kind, _ in EVERY} <= set(Asset.Kind.values)


@pytest.mark.parametrize(("platform", "kind", "one"), EVERY, ids=IDS)
def test_a_list_is_complete_sourced_and_fits(platform: str, kind: str, one: SurfaceKind) -> None:
    assert one.path and one.removal.endswith(".") and one.cascade.endswith("."), "how they are removed is known"
    assert one.roles and len({role.name.casefold() for role in one.roles}) == len(one.roles)
    for column, text in (("name", one.name), ("kind", one.key), ("path", one.path)):
        assert len(text) <= getattr(Surface._meta.get_field(column), "max_length", 0)
    assert [each.key for each in catalogue.usual(platform, kind)].count(one.key) == 1
    assert [each.name for each in catalogue.usual(platform, kind)].count(one.name) == 1
    for source in (one.source, *(role.source for role in one.roles)):
        assert source.source and source.confidence in CONFIDENCES
        assert date(2026, 11, 1) <= source.read_on <= date(2026, 12, 31)
        assert source.confidence != "confirmed" or source.address.startswith("https://")


@pytest.mark.parametrize(("platform", "kind", "one"), EVERY, ids=IDS)
def test_every_role_is_explained_and_can_be_written_down(platform: str, kind: str, one: SurfaceKind) -> None:
    for role in one.roles:
        assert role.what.endswith(".") and len(role.name) <= getattr(Access._meta.get_field("role"), "max_length", 0)
        assert catalogue.role(platform, kind, one.key, role.name.upper()) == role


def test_what_can_let_others_in_or_spend_is_marked() -> None:
    marks = {
        name: (role.is_wide, role.has_money)
        for name in ("Admin", "Standard", "Finance Manager")
        for role in [catalogue.role("tiktok", "business_center", "people", name)]
        if role
    }
    assert marks == {"Admin": (True, False), "Standard": (False, False), "Finance Manager": (False, True)}


def test_where_sources_disagree_the_line_says_so() -> None:
    standard = catalogue.role("tiktok", "business_center", "people", "standard")
    assert standard and "Operator and Member" in standard.disagree and standard.source.confidence == "confirmed"
    member = catalogue.role("tiktok", "business_center", "people", "Member")
    assert member and member.source.confidence == "unconfirmed"


def test_what_it_does_not_know_is_nothing_and_no_fault() -> None:
    assert catalogue.usual("other", "account") == () and catalogue.usual("tiktok", "channel") == ()
    assert catalogue.role("tiktok", "shop", "staff", "Chief") is None
    assert catalogue.role("tiktok", "shop", "nothing", "Ads") is None
    assert catalogue.surface_kind("tiktok", "shop", "nothing") is None


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"source": {}, "surface": [{"on": ["shop"], "source": "none"}]}, KeyError),
        ({"source": {"a": {"source": "x", "read_on": date(2026, 1, 1), "confidence": "?"}}, "surface": []}, ValueError),
        ({"source": {"a": {"source": "x", "found_on": date(2026, 11, 1)}}, "surface": []}, TypeError),
    ],
)  # fmt: skip
def test_a_broken_file_is_found_when_it_is_read(told: dict[str, object], fault: type[Exception]) -> None:
    with pytest.raises(fault):
        catalogue.read(told)


def test_a_file_becomes_lists_for_each_kind_it_names() -> None:
    source = {"source": "a page", "read_on": date(2026, 11, 1), "confidence": "second_hand"}
    told = {
        "source": {"a": source},
        "surface": [
            {
                "on": ["shop", "page"], "key": "staff", "name": "Staff", "path": "Here", "removal": "So.",
                "cascade": "Stays.", "source": "a", "role": [{"name": "Boss", "what": "All.", "source": "a"}],
            }
        ],
    }  # fmt: skip
    read = catalogue.read(told)
    kept = Source("a page", date(2026, 11, 1), "second_hand")
    assert read["shop"] == read["page"] == (
        SurfaceKind("staff", "Staff", "Here", "So.", "Stays.", kept, (RoleName("Boss", "All.", kept),)),
    )  # fmt: skip
