"""`list` and its filters, saved views, what is at stake, several ad accounts at once, campaigns corrected and named."""

from __future__ import annotations

import pytest

from tests.authorizations.stage import APPLY, order
from tests.cli.cast import CODE, Cast, advance
from tests.cli.conftest import Terminal
from tests.desk import Desk
from valetkey.authorizations.models import Authorization

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["issued", "requested"]),
        (["spring"], ["issued", "requested"]),
        (["mara", "--live"], ["issued"]),
        (["--group", "live"], ["issued"]),
        (["--group", "waiting"], ["requested"]),
        (["--state", "requested", "--state", "declined"], ["requested"]),
        (["--live", "--state", "requested"], []),
        (["--creator", "mara lindt", "--for", "Northwind"], ["issued", "requested"]),
        (["--creator", "Theo"], []),
        (["--ends-within", "30"], ["issued"]),
        (["--ends-within", "29"], []),
        (["--short"], ["issued"]),
        (["--differs"], []),
        (["--uncertain"], []),
        (["--order", "ends"], ["issued", "requested"]),
        (["nothing like it"], []),
    ],
    ids=lambda value: " ".join(value) or "all",
)
def test_every_filter_is_an_option(vk: Terminal, cast: Cast, options: list[str], expected: list[str]) -> None:
    names = {cast.issued.reference: "issued", cast.requested.reference: "requested"}
    shown = vk("list", *options, who="bo", is_json=True).json()
    assert [names[row["reference"]] for row in shown] == expected
    assert vk("list", *options, who="bo").code == 0


def test_a_row_tells_what_it_is_short_of_and_where_it_is_applied(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row = advance(desk, cast.issued, "in_use")
    Authorization.objects.filter(pk=row.pk).update(drift=["END_DIFFERS"])
    shown = vk("list", "--live", who="mara", is_json=True).json()[0]
    assert shown["applied_on"] == ["Northwind EU"] and shown["differs"] and not shown["uncertain"]
    assert shown["coverage"] == [{"campaign": "Spring shoes", "verdict": "both", "days_short": 7}]
    assert "code" not in shown
    heading, line = vk("list", "--live", who="mara").out.splitlines()
    assert heading.split()[-2:] == ["Short", "Applied"]
    assert line.split()[-5:] == ["30", "7", "1", "!", "differs"]


def test_what_is_left_out_is_said(vk: Terminal, cast: Cast) -> None:
    assert vk("list", "--limit", "1").out.splitlines()[-1] == "1 of 2 shown; narrow them down, or raise --limit."
    assert "shown" not in vk("list", "--limit", "2").out
    assert len(vk("list", "--limit", "1", is_json=True).json()) == 1


def test_a_view_is_saved_used_narrowed_replaced_and_forgotten(vk: Terminal, cast: Cast) -> None:
    saved = vk("views", "save", "Soon", "--live", "--ends-within", "30", "--order", "ends", who="bo", is_json=True)
    filters = {"group": "live", "ends_within": "30", "order": "ends"}
    assert saved.json() == {"name": "Soon", "filters": filters}
    assert vk("views", "list", who="bo", is_json=True).json() == [saved.json()]
    assert "group live" in vk("views", "list", who="bo").out and vk("views", "list", who="kim").out.startswith(
        "No saved"
    )
    assert [row["reference"] for row in vk("list", "--view", "Soon", who="bo", is_json=True).json()] == [
        cast.issued.reference
    ]
    assert vk("list", "--view", "Soon", "--state", "ended", who="bo", is_json=True).json() == []
    assert vk("list", "--view", "Soon", who="kim", is_json=True).refused()["code"] == "no_such_view"
    assert vk("views", "save", "Soon", "boots", who="bo", is_json=True).json()["filters"] == {"text": "boots"}
    assert vk("views", "forget", "Soon", who="bo").out == "Soon is forgotten.\n"
    assert vk("views", "forget", "Soon", who="bo").code == 3
    assert vk("views", "save", "Soon", is_json=True).refused()["next_step"] == "Act as one of them: add --as MAIL."


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["list", "--ends-within", "soon"], "filter_days"),
        (["list", "--group", "asleep"], "usage"),
        (["list", "--order", "random"], "usage"),
        (["list", "x" * 201], "text_too_long"),
        (["list", "--creator", "x" * 201], "text_too_long"),
        (["views", "save", "x" * 61], "text_too_long"),
        (["views", "save", " "], "text_missing"),
        (["campaign", "use", "{issued}"], "what_for"),
        (["campaign", "use", "{issued}", "--none", "--campaign", "{campaign}"], "what_for"),
        (["campaign", "change", "{campaign}", "--to", "2026-02-30"], "day"),
        (["campaign", "change", "{campaign}", "--to", "2026-01-01"], "campaign_days"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_what_cannot_be_used_is_refused(vk: Terminal, cast: Cast, words: list[str], code: str) -> None:
    names = {"issued": cast.issued.reference, "campaign": cast.campaign.reference}
    ran = vk(*(word.format(**names) for word in words), who="bo", is_json=True)
    assert ran.code == 2 and ran.refused()["code"] == code


def test_what_stops_is_told_to_both_sides(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row = advance(desk, cast.issued, "in_use")
    desk.ad(row)
    buyers, creators = (vk("stakes", row.reference, who=who, is_json=True).json() for who in ("bo", "mara"))
    assert buyers["running"] == creators["running"] == 1
    assert [one["name"] for one in buyers["ad_accounts"][0]["seen"]] == ["Shoes"]
    assert creators["ad_accounts"][0]["seen"] == [] and creators["campaigns"] == buyers["campaigns"]
    told = vk("stakes", row.reference, who="bo").out
    for words in ("Spring shoes until 2026-12-08: 37 days left", "Northwind EU: ads: 1 running of 1", "running: Shoes"):
        assert words in told
    desk.disconnect_all()
    assert "ads not known: Northwind is not connected." in vk("stakes", row.reference, who="mara").out
    assert "nothing stops" in vk("stakes", cast.requested.reference, who="bo").out
    assert vk("stakes", row.reference, who="sam").code == 3


def test_one_code_goes_on_two_ad_accounts_and_each_is_told(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row = advance(desk, cast.issued, "opened").reference
    both = ("--ad-account", desk.eu.platform_id, "--ad-account", desk.us.reference)
    order(desk, APPLY, "drop_after")
    ran = vk("apply", row, *both, who="bo", is_json=True)
    eu, us = ran.json()
    assert ran.code == 8 and eu["refused"]["code"] == "outcome_uncertain" and eu["application"] is None
    assert "valetkey check" in eu["refused"]["next_step"]
    assert us["refused"] is None and us["application"]["state"] == "in_use"
    assert vk("check", row, who="bo").code == 0
    again = vk("apply", row, *both, who="bo")
    assert again.code == 5 and again.out.count("! refused") == 2
    assert vk("unbind", row, "--ad-account", desk.us.reference, who="bo").code == 0
    assert vk("apply", row, *both, who="bo").out.count("in use") == 1
    eleven = [word for number in range(11) for word in ("--ad-account", desk.eu.reference)]
    assert vk("apply", row, *eleven, who="bo", is_json=True).json()[0]["refused"]["code"] == "already_applied"


def test_several_ad_accounts_by_hand(desk: Desk, vk: Terminal) -> None:
    desk.disconnect_all()
    words = ("record", "--post", desk.post.platform_id, "--for", "Northwind", "--days", "30")
    row = vk(*words, who="mara", typed=CODE, is_json=True).json()["reference"]
    both = ("--ad-account", desk.eu.platform_id, "--ad-account", desk.us.platform_id)
    ran = vk("apply", row, *both, "--by-hand", who="bo")
    assert ran.code == 0 and ran.out.count("as stated") == 2 and ran.out.count("! warning") == 2


def test_a_campaign_is_corrected_and_named_for_an_authorization(desk: Desk, vk: Terminal, cast: Cast) -> None:
    row, campaign = cast.issued.reference, cast.campaign.reference
    changed = vk("campaign", "change", campaign, "--name", "Boots", "--to", "2026-12-02", who="bo", is_json=True).json()
    assert (changed["name"], changed["starts_on"], changed["ends_on"]) == ("Boots", "2026-11-02", "2026-12-02")
    assert vk("show", row, who="mara", is_json=True).json()["coverage"][0]["days_short"] == 1
    assert vk("campaign", "use", row, "--none", who="bo", is_json=True).json()["coverage"] == []
    used = vk("campaign", "use", row, "--campaign", campaign, who="kim", is_json=True).json()
    assert [one["campaign"] for one in used["coverage"]] == ["Boots"]
    assert vk("campaign", "use", row, "--none", who="mara").code == 4
    assert vk("campaign", "change", campaign, "--name", "Mine", who="mara").code == 3
