"""The pages of findings: whose they are, what is said of one, decisions of one and of several, another day, rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.desk import HOST, Desk
from tests.findings.test_inbox import finding
from tests.web.reading import browser, read, same_clock  # noqa: F401
from valetkey.accounts.models import Person
from valetkey.audit.entry import Actor
from valetkey.authorizations.models import Authorization
from valetkey.authorizations.services import DayAhead
from valetkey.findings import services
from valetkey.findings.finding import Group, Severity
from valetkey.findings.models import Finding, Spell
from valetkey.findings.rules import RULES
from valetkey.web.ahead import HEIGHT, WIDTH, timeline
from valetkey.web.findings import GROUPS, SEVERITIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("same_clock")]

INBOX = reverse("findings")
FRONT = reverse("front")
REASON = "We know."


def see(actor: Actor, address: str, status: int = 200) -> str:
    answer = browser(actor).get(address)
    assert answer.status_code == status
    return read(answer)


def swept(desk: Desk) -> None:
    services.sweep(actor=HOST, at=desk.at, look=False)


@pytest.fixture
def short(desk: Desk) -> Authorization:
    """A code in use that ends in 13 days, under a campaign that runs on: both sides are told."""
    row = desk.issued(campaigns=(desk.campaign(days=50),))
    desk.applied(row)
    desk.later(days=17)
    swept(desk)
    return row


def of(row: Authorization, party: Any) -> Finding:
    return Finding.objects.get(rule="ends_before_campaign", subject=row.reference, party=party)


def page_of(row: Finding) -> str:
    return reverse("finding", args=[row.reference])


def test_everything_has_its_words() -> None:
    assert set(SEVERITIES) == set(Severity) and set(GROUPS) == set(Group)


def test_each_side_sees_its_own_and_the_stranger_none(desk: Desk, short: Authorization) -> None:
    mine, theirs = of(short, desk.creator), of(short, desk.advertiser)
    for actor, seen in ((desk.mara, {mine}), (desk.bo, {theirs}), (desk.admin, {mine, theirs}), (desk.stranger, set())):
        page = browser(actor).get(INBOX).content.decode()
        for each in (mine, theirs):
            assert (page_of(each) in page) is (each in seen)
            see(actor, page_of(each), 200 if each in seen else 404)
    assert "Nothing needs a look" in see(desk.stranger, INBOX)


def test_one_finding_says_all_of_it(desk: Desk, short: Authorization) -> None:
    row = of(short, desk.creator)
    page = browser(desk.mara).get(page_of(row))
    text = read(page)
    rule = next(each for each in RULES if each.id == row.rule)
    assert row.sentence in text and rule.why in text and rule.title in text
    assert "1 campaign hangs on it" in text and "by" in text.lower()
    for each in row.evidence:
        assert each["what"] in text
    assert "Agreed by the two sides" in text or "Seen on the platform" in text
    content = page.content.decode()
    assert reverse("do", args=[short.reference, "extend"]) in content
    assert f"{reverse('guide_of_case', args=[short.reference, rule.guide])}#{rule.step}" in content
    assert reverse("stops_authorization", args=[short.reference]) in content
    assert "First found" in text and "until now" in text


def test_nothing_is_said_to_stop_where_only_a_campaign_hangs_on_it(desk: Desk) -> None:
    """That somebody has left stops no ad."""
    row = finding(desk, desk.creator, 1, rule="code_owner_left", subject=desk.issued().reference, stops=2)
    row.save()
    for address in (page_of(row), INBOX, FRONT):
        text = see(desk.mara, address)
        assert "2 campaigns hang on it" in text and "would stop" not in text.replace("What would stop", "")
        assert "stops 2" not in text


def test_who_cannot_take_the_step_is_told_so(desk: Desk, short: Authorization) -> None:
    row = of(short, desk.advertiser)
    for actor, says in ((desk.bo, "not yours to take now"), (desk.viewer, "belongs to those who act for")):
        page = browser(actor).get(page_of(row))
        assert says in read(page) and reverse("do", args=[short.reference, "extend"]) not in page.content.decode()


def test_a_viewer_reads_and_does_not_decide(desk: Desk, short: Authorization) -> None:
    row = of(short, desk.advertiser)
    client = browser(desk.viewer)
    for address in (INBOX, page_of(row)):
        page = client.get(address)
        assert row.sentence in read(page) and 'name="decision"' not in page.content.decode()
        sent = {"finding": row.reference, "decision": "acknowledge", "reason": REASON}
        assert client.post(address, sent).status_code == 403
    row.refresh_from_db()
    assert row.acknowledged_at is None


def test_each_decision_of_one(desk: Desk, short: Authorization) -> None:
    row, client = of(short, desk.advertiser), browser(desk.bo)
    day = (desk.at + timedelta(days=3)).date()

    def decide(decision: str, **more: object) -> Finding:
        answer = client.post(page_of(row), {"decision": decision, "reason": f"{decision} it", **more}, follow=True)
        assert answer.status_code == 200 and f"“{decision} it”" in read(answer) or decision == "wake", read(answer)
        return Finding.objects.get(pk=row.pk)

    assert decide("acknowledge").acknowledged_by == "Bo"
    snoozed = decide("snooze", until=day.isoformat()).snoozed_until
    assert snoozed is not None and snoozed.date() == day
    assert "put off" in see(desk.bo, f"{INBOX}?which=put_off") and row.sentence not in see(desk.bo, INBOX)
    assert str(decide("hand_on", to="Kim").handed_to) == "Kim"
    assert "Kim , to whom it was handed" in see(desk.bo, page_of(row))
    assert decide("let_end").let_end_by == "Bo"
    assert "left to its end" in see(desk.bo, f"{INBOX}?which=put_off")
    assert decide("wake").let_end_at is None
    text = see(desk.bo, page_of(row))
    assert all(each in text for each in ("acknowledge it", "snooze it", "hand_on it", "let_end it", "wake it"))


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"decision": "acknowledge"}, "This field is required"),
        ({"decision": "snooze", "reason": REASON}, "Name the day"),
        ({"decision": "snooze", "reason": REASON, "until": "2020-01-01"}, "is not to come"),
        ({"decision": "hand_on", "reason": REASON}, "Name somebody"),
        ({"decision": "hand_on", "reason": REASON, "to": "Nobody At All"}, "Nobody At All"),
        ({"decision": "ignore", "reason": REASON}, "valid choice"),
        ({}, "This field is required"),
    ],
)
def test_what_is_missing_stands_on_the_form(desk: Desk, short: Authorization, sent: dict[str, str], says: str) -> None:
    row, client = of(short, desk.advertiser), browser(desk.bo)
    for address in (page_of(row), INBOX):
        answer = client.post(address, {"finding": row.reference, **sent})
        assert answer.status_code == 422 and says in read(answer)
    fresh = Finding.objects.get(pk=row.pk)
    assert (fresh.acknowledged_at, fresh.snoozed_until, fresh.handed_to) == (None, None, None)


def test_several_at_once_with_one_reason(desk: Desk) -> None:
    rows = Finding.objects.bulk_create([finding(desk, desk.advertiser, number) for number in range(3)])
    client = browser(desk.bo)
    sent = {"decision": "acknowledge", "reason": REASON, "finding": [row.reference for row in rows[:2]]}
    answer = client.post(f"{INBOX}?severity=2", sent, follow=True)
    assert answer.redirect_chain[-1][0].endswith("?severity=2") and "2 findings: acknowledged" in read(answer)
    assert [row.acknowledged_by for row in Finding.objects.order_by("pk")] == ["Bo", "Bo", ""]
    assert "Tick at least one" in read(client.post(INBOX, {"decision": "acknowledge", "reason": REASON}))
    strange = finding(desk, desk.creator, 9)
    strange.save()
    sent["finding"] = [rows[2].reference, strange.reference]
    assert client.post(INBOX, sent).status_code == 404
    assert Finding.objects.filter(acknowledged_by="").count() == 2, "all or none"


def test_narrowed_by_state_pressure_group_and_whose(desk: Desk) -> None:
    kim = Person.objects.get(name="Kim")
    Finding.objects.bulk_create(
        [
            finding(desk, desk.advertiser, 1, severity=4, rule="ends_before_campaign"),
            finding(desk, desk.advertiser, 2, severity=1, rule="two_live_codes", owner=kim),
            finding(desk, desk.advertiser, 3, severity=2, closed_at=desk.at),
        ]
    )
    group = next(each.group for each in RULES if each.id == "two_live_codes")
    table = {
        "": {1, 2}, "severity=4": {1}, "which=closed": {3}, "which=all": {1, 2, 3}, "mine=yes": {2},
        f"group={group.value}": {2}, "severity=nonsense": {1, 2},
    }  # fmt: skip
    for query, expected in table.items():
        text = see(desk.kim, f"{INBOX}?{query}")
        assert {number for number in (1, 2, 3) if f"Number {number}." in text} == expected, query
    part = browser(desk.kim).get(INBOX, headers={"HX-Request": "true"}).content.decode()
    assert "<main" not in part and "Number 1." in part


def test_another_day_is_told_plainly(desk: Desk, short: Authorization) -> None:
    row = of(short, desk.creator)
    past, ahead = desk.at.date() - timedelta(days=10), desk.at.date() + timedelta(days=60)
    assert "Nothing was found then" in see(desk.mara, f"{INBOX}?on={past}")
    desk.later(days=3)
    yesterday = desk.at.date() - timedelta(days=1)
    for address in (INBOX, FRONT):
        text = see(desk.mara, f"{address}?on={yesterday}")
        assert "As it was found by the end of" in text and row.sentence in text
        text = see(desk.mara, f"{address}?on={ahead}")
        assert "if nobody changes anything until then" in text
        assert row.sentence not in see(desk.stranger, f"{address}?on={yesterday}")
    assert "What ends in the 30 days from then" in see(desk.mara, f"{FRONT}?on={ahead}")


def test_on_the_page_of_what_it_is_about(desk: Desk, short: Authorization) -> None:
    address = reverse("authorization", args=[short.reference])
    assert "What needs a look" in see(desk.mara, address) and of(short, desk.creator).sentence in see(
        desk.mara, address
    )
    assert of(short, desk.advertiser).reference not in browser(desk.mara).get(address).content.decode()


def test_the_rules_for_everybody_and_the_thresholds_for_the_admin(desk: Desk) -> None:
    address = reverse("finding_rules")
    text = see(desk.viewer, address)
    for rule in RULES:
        assert rule.title in text and rule.why in text
    assert "The admin of the desk sets these" in text
    client = browser(desk.admin)
    assert client.post(address, {"ends_within": "45"}).status_code == 302
    assert services.limits().ends_within == 45
    assert "1 to 365" in read(client.get(address))
    assert client.post(address, {"ends_within": "4000"}).status_code == 422
    client.post(address, {"ends_within": ""})
    assert services.limits().ends_within == 30
    assert browser(desk.bo).post(address, {"ends_within": "9"}).status_code == 403


def test_what_stops(desk: Desk, short: Authorization) -> None:
    for name, reference in (
        ("stops_authorization", short.reference), ("stops_asset", desk.eu.reference),
        ("stops_party", desk.advertiser.reference), ("stops_party", desk.creator.reference),
    ):  # fmt: skip
        address = reverse(name, args=[reference])
        text = see(desk.bo, address)
        assert "1 live authorization" in text and "1 campaign that is not over" in text
        assert short.post.name[:30] in text and "Ads as the platform" not in text
        answer = browser(desk.bo).post(address)
        assert answer.status_code == 200 and "Ads as the platform showed them" in read(answer)
    assert "Nothing would stop" in see(
        desk.bo, reverse("stops_person", args=[Person.objects.get(name="Kim").reference])
    )


def test_the_front_says_nothing_twice(desk: Desk) -> None:
    row = desk.issued()
    assert "Codes to hand over" in see(desk.mara, FRONT)
    told = finding(desk, desk.creator, 1, subject=row.reference, rule="not_handed_over")
    told.save()
    text = see(desk.mara, FRONT)
    assert "What needs a look today" in text and "Number 1." in text and "Codes to hand over" not in text


def test_the_front_draws_what_ends_and_says_it_too(desk: Desk) -> None:
    row = desk.issued()
    desk.later(days=5)
    page = browser(desk.mara).get(FRONT)
    text, content = read(page), page.content.decode()
    assert "What ends in the next 30 days 1 code." in text and "style=" not in content and "<svg" in content
    assert row.ends_at is not None and f"{row.ends_at:%a} {row.ends_at.day} {row.ends_at:%b %Y}: 1 code" in text
    assert "1 live code, and nothing to say about it" in text


def test_whoever_keeps_the_desk_is_told_that_nobody_looks(desk: Desk) -> None:
    assert "No worker was seen lately" in see(desk.admin, FRONT)
    assert "No worker" not in see(desk.bo, FRONT)


def test_the_navigation_counts_ones_own(desk: Desk) -> None:
    kim = Person.objects.get(name="Kim")
    Finding.objects.bulk_create(
        [
            finding(desk, desk.advertiser, 1, owner=kim),
            finding(desk, desk.advertiser, 2, handed_to=kim),
            finding(desk, desk.advertiser, 3, owner=kim, handed_to=Person.objects.get(name="Bo")),
            finding(desk, desk.advertiser, 4, owner=kim, closed_at=desk.at),
            finding(desk, desk.advertiser, 5),
        ]
    )
    page = browser(desk.kim).get(reverse("me")).content.decode()
    assert '2<span class="only-heard"> of yours wait' in page
    assert "of yours wait" not in browser(desk.viewer).get(reverse("me")).content.decode()


def test_pages_stay_quick_at_ten_thousand(desk: Desk) -> None:
    rows = Finding.objects.bulk_create(
        [finding(desk, desk.advertiser, number, severity=1 + number % 4) for number in range(10_000)]
    )
    Spell.objects.bulk_create(
        [Spell(finding=row, opened_at=row.opened_at, severity=2, sentence=row.sentence) for row in rows]
    )
    desk.later(days=2)
    yesterday = desk.at.date() - timedelta(days=1)
    for actor in (desk.bo, desk.admin):
        client = browser(actor)
        for address in (INBOX, f"{INBOX}?page=20", f"{INBOX}?on={yesterday}", FRONT, page_of(rows[0])):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            assert len(asked) <= 40, (address, len(asked))
            assert len(answer.content) < 100_000, (address, len(answer.content))
        assert "More than 1000 findings" in read(client.get(INBOX))


def test_columns_are_as_high_as_what_ends(desk: Desk) -> None:
    day = desk.at.date()
    drawn = timeline([DayAhead(day, 0, 0), DayAhead(day, 400, 1), DayAhead(day, 4, 0), DayAhead(day, 0, 300)])
    assert drawn.width == 4 * WIDTH and len(drawn.codes) == 2 and len(drawn.accesses) == 2
    for each in (*drawn.codes, *drawn.accesses):
        assert each.y >= 0 and each.height > 0 and each.y + each.height <= HEIGHT
        assert each.x >= 0 and each.x + each.width <= drawn.width
    assert drawn.codes[0].y == drawn.accesses[0].y + drawn.accesses[0].height, "one stands on the other"
    assert timeline([DayAhead(day, 0, 0)]).codes == ()
