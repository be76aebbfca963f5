"""Each rule of the record: fires, does not, closes, at the very instant, and across a clock that is set forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from valetkey.findings.facts import AccessFacts, AssetFacts, EngagementFacts, ExposureFacts, ReviewFacts, Thing, Who
from valetkey.findings.finding import About, Found, Severity, Told
from valetkey.findings.limits import Limits
from valetkey.findings.rules import BY_ID, RULES, judge

AT: Final = datetime(2027, 3, 28, tzinfo=UTC)
"""The night before the clocks of Europe go forward, at one in UTC."""
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
LONG_AGO: Final = AT - timedelta(days=30)
YESTERDAY: Final = date(2027, 3, 27)

US, THEM = Thing("NORTHWIND", "Northwind"), Thing("BRIGHTSIDE", "Brightside")
KIM, JO = Who("KIM", "Kim Lee"), Who("JO", "Jo Berg")
GONE: Final = Who("MIA", "Mia Sand", left_on=YESTERDAY)
"""Since the very instant AT."""

ACCESS: Final = AccessFacts(
    reference="ACCESS",
    kept_by=US,
    asset=Thing("BC", "Northwind BC"),
    surface=Thing("PEOPLE", "Business Center people"),
    holder=US,
    role="Admin",
    end="at",
    until=AT + timedelta(days=300),
    recorded_at=LONG_AGO,
    person=JO,
    owner=KIM,
    purpose="Runs the ads",
)
ASSET: Final = AssetFacts(
    reference="BC",
    name="@northwind",
    kind="account",
    kept_by=US,
    kept_by_kind="brand",
    has_ownership=True,
    owned_by=US,
    owned_by_kind="brand",
    owner=KIM,
    backup_owner=JO,
    recovery_mail=KIM,
    recovery_phone=JO,
    second_factor=KIM,
    backup_codes=JO,
    changed_at=LONG_AGO,
    confirmed_at=LONG_AGO,
    admins=(KIM, JO),
)
EXPOSURE: Final = ExposureFacts(
    reference="EXPOSURE",
    held_by=US,
    account="@northwind",
    shared="the password",
    opened_at=AT,
    knowers=(JO,),
    owner=KIM,
)
ENGAGEMENT: Final = EngagementFacts(
    reference="WORK", kept_by=US, party=THEM, starts_on=date(2026, 1, 1), owner=KIM, review_on=date(2027, 12, 1)
)
REVIEW: Final = ReviewFacts(
    reference="REVIEW",
    kept_by=US,
    scope="all of Northwind",
    opened_at=LONG_AGO,
    closed_at=LONG_AGO,
    next_on=date(2027, 12, 1),
)
WELL: Final = (
    (About.ACCESS, ACCESS),
    (About.ASSET, ASSET),
    (About.ENGAGEMENT, ENGAGEMENT),
    (About.REVIEW, REVIEW),
)
"""Of which nothing is to be said."""

OUTSIDE: Final = {"holder": THEM}
LIMITS: Final = Limits()
OVER: Final = AT - LIMITS.unclosed_after * DAY
UNCONFIRMED: Final = AT - LIMITS.unconfirmed_after * DAY

# The rule, what is otherwise than well, what closes it again, and whether its clock begins at AT (else it has none).
TABLE: Final[list[tuple[str, Any, dict[str, Any], dict[str, Any], bool]]] = [
    ("access_past_end", ACCESS, {"until": OVER}, {"ended_at": AT, "ended_how": "Gone"}, True),
    ("access_past_end", ACCESS, {"until": OVER}, {"until": AT + DAY}, True),
    ("access_past_end", ACCESS, {"until": OVER}, {"way": "authorization"}, True),
    ("access_without_end", ACCESS, {"end": "none", "until": None}, {"review_on": date(2027, 6, 1)}, False),
    ("access_without_end", ACCESS, {"end": "unknown", "until": None}, {"end": "at", "until": AT + DAY}, False),
    ("access_without_end", ACCESS, {"end": "none", "until": None, "since": AT}, {"since": AT + DAY}, True),
    ("access_review_overdue", ACCESS, {"review_on": YESTERDAY}, {"review_on": date(2027, 6, 1)}, True),
    ("access_review_overdue", ACCESS, {"review_on": YESTERDAY}, {"let_end_at": LONG_AGO}, True),
    ("access_review_overdue", ACCESS, {"review_on": YESTERDAY}, {"until": AT}, True),
    ("access_unconfirmed", ACCESS, {"confirmed_at": UNCONFIRMED}, {"confirmed_at": AT}, True),
    ("access_unconfirmed", ACCESS, {"recorded_at": UNCONFIRMED}, {"confirmed_at": AT}, True),
    ("access_unconfirmed", ACCESS, {"recorded_at": UNCONFIRMED}, {"ended_at": AT, "ended_how": "Gone"}, True),
    ("access_ended_unseen", ACCESS, {"ended_at": AT}, {"ended_how": "The list does not show them."}, True),
    ("access_ended_unseen", ACCESS, {"ended_at": AT}, {"way": "authorization"}, True),
    ("left_with_access", ACCESS, {"person": GONE}, {"ended_at": AT, "ended_how": "Gone"}, True),
    ("left_with_access", ACCESS, {"person": GONE, "until": LONG_AGO}, {"person": JO}, True),
    ("left_with_access", ACCESS, {"person": GONE}, {"way": "authorization"}, True),
    ("held_after_engagement", ACCESS, OUTSIDE | {"engagement_ended_at": AT}, {"engagement_ended_at": None}, True),
    ("held_after_engagement", ACCESS, OUTSIDE | {"engagement_ended_at": AT, "person": None}, {"ended_at": AT}, True),
    ("stays_after_partner", ACCESS, OUTSIDE | {"partner_ended_at": AT}, {"ended_at": AT}, True),
    ("stays_after_partner", ACCESS, OUTSIDE | {"partner_ended_at": AT}, {"person": None}, True),
    ("access_owner_left", ACCESS, {"owner": GONE}, {"owner": KIM}, True),
    ("access_owner_left", ACCESS, {"owner": GONE}, {"ended_at": AT}, True),
    ("asset_owner_left", ASSET, {"owner": GONE}, {"owner": KIM}, True),
    ("engagement_owner_left", ENGAGEMENT, {"owner": GONE}, {"owner": KIM}, True),
    ("engagement_owner_left", ENGAGEMENT, {"owner": GONE}, {"ended_at": AT}, True),
    ("exposure_owner_left", EXPOSURE, {"owner": GONE}, {"owner": None}, True),
    ("exposure_owner_left", EXPOSURE, {"owner": GONE}, {"changed_at": AT}, True),
    ("left_and_knew", EXPOSURE, {"knowers": (JO, GONE)}, {"changed_at": AT}, True),
    ("login_unchanged", EXPOSURE, {}, {"changed_at": AT}, True),
    ("login_unchanged", EXPOSURE, {"knowers": ()}, {"knowers": (GONE,)}, True),
    ("owned_by_agency", ASSET, {"owned_by": THEM, "owned_by_kind": "agency"}, {"owned_by": US}, False),
    ("owned_by_agency", ASSET, {"owned_by": THEM, "owned_by_kind": "agency"}, {"owned_by_kind": "brand"}, False),
    ("few_admins", ASSET, {"admins": (KIM,)}, {"admins": (KIM, JO)}, False),
    ("few_admins", ASSET, {"admins": (KIM,)}, {"admins": ()}, False),
    ("few_admins", ASSET, {"admins": (KIM,), "kind": "page"}, {"kind": "ad_account"}, False),
    ("few_admins", ASSET, {"admins": (KIM, GONE)}, {"admins": (KIM, JO)}, True),
    ("no_backup_owner", ASSET, {"backup_owner": None}, {"backup_owner": JO}, False),
    ("no_backup_owner", ASSET, {"backup_owner": None}, {"has_ownership": False, "admins": ()}, False),
    ("no_backup_owner", ASSET, {"backup_owner": KIM}, {"owner": JO}, False),
    ("no_backup_owner", ASSET, {"backup_owner": None}, {"kind": "post"}, False),
    ("no_backup_owner", ASSET, {"backup_owner": GONE}, {"backup_owner": JO}, True),
    ("ownership_unconfirmed", ASSET, {"confirmed_at": UNCONFIRMED}, {"confirmed_at": AT}, True),
    ("ownership_unconfirmed", ASSET, {"confirmed_at": None, "changed_at": UNCONFIRMED}, {"changed_at": AT}, True),
    ("recovery_of_leaver", ASSET, {"recovery_mail": GONE}, {"recovery_mail": KIM}, True),
    ("recovery_of_leaver", ASSET, {"second_factor": GONE}, {"second_factor": None}, True),
    ("recovery_of_outsider", ASSET, {"recovery_is_personal": ("recovery_mail",)}, {"recovery_is_personal": ()}, False),
    ("recovery_of_outsider", ASSET, {"recovery_is_personal": ("recovery_mail",)}, {"recovery_mail": GONE}, False),
    ("recovery_beside_owners", ASSET, {"recovery_phone": Who("BO", "Bo")}, {"recovery_phone": JO}, False),
    ("recovery_beside_owners", ASSET, {"recovery_phone": Who("BO", "Bo")}, {"owner": None}, False),
    ("no_backup_codes", ASSET, {"backup_codes": None}, {"backup_codes": JO}, False),
    ("no_backup_codes", ASSET, {"backup_codes": None}, {"kind": "business_center"}, False),
    ("no_backup_codes", ASSET, {"backup_codes": GONE}, {"backup_codes": JO}, True),
    ("wider_than_the_job", ACCESS, {"is_wide": True, "purpose": ""}, {"purpose": "Lets people in"}, False),
    ("wider_than_the_job", ACCESS, {"is_wide": True, "purpose": ""}, {"owns_asset": True}, False),
    ("wider_than_the_job", ACCESS, {"is_wide": True, "purpose": "", "since": AT}, {"is_wide": False}, True),
    ("money_on_a_general_role", ACCESS, {"is_wide": True, "has_money": True}, {"has_money": False}, False),
    ("money_on_a_general_role", ACCESS, {"is_wide": True, "has_money": True}, {"is_wide": False}, False),
    ("money_on_a_general_role", ACCESS, {"is_wide": True, "has_money": True}, {"owns_asset": True}, False),
    ("seat_without_asset", ACCESS, {"is_seat": True, "has_asset": False}, {"has_asset": True}, False),
    ("seat_without_asset", ACCESS, {"is_seat": True, "has_asset": False}, {"ended_at": AT}, False),
    ("engagement_review_overdue", ENGAGEMENT, {"review_on": YESTERDAY}, {"review_on": date(2027, 6, 1)}, True),
    ("engagement_review_overdue", ENGAGEMENT, {"review_on": YESTERDAY}, {"ended_at": AT}, True),
    ("engagement_past_end", ENGAGEMENT, {"ends_on": date(2027, 3, 26)}, {"ended_at": AT}, True),
    ("review_due_again", REVIEW, {"next_on": YESTERDAY}, {"next_on": date(2027, 6, 1)}, True),
    ("review_left_open", REVIEW, {"closed_at": None, "opened_at": AT - 30 * DAY}, {"closed_at": AT}, True),
]  # fmt: skip
OF_THE_RECORD: Final = {row[0] for row in TABLE}


def said(rule: str, facts: Any, at: datetime = AT, limits: Limits = LIMITS) -> list[Found]:
    return list(BY_ID[rule].judge(facts, at, limits))


def in_zone(facts: Any, zone: str) -> Any:
    """The same instants, as that zone writes them."""
    told = {name: value for name, value in vars(facts).items() if isinstance(value, datetime)}
    return replace(facts, **{name: value.astimezone(ZoneInfo(zone)) for name, value in told.items()})


@pytest.mark.parametrize(("about", "facts"), WELL, ids=[about.value for about, _ in WELL])
def test_of_what_is_well_nothing_is_said(about: About, facts: Any) -> None:
    assert judge(about, [facts], AT, LIMITS) == []


def test_every_rule_about_the_record_stands_in_the_table() -> None:
    kinds = {About.ACCESS, About.EXPOSURE, About.ENGAGEMENT, About.REVIEW}
    assert {rule.id for rule in RULES if rule.about in kinds} <= OF_THE_RECORD <= BY_ID.keys()


@pytest.mark.parametrize(("rule", "well", "wrong", "right", "has_clock"), TABLE)
def test_each_rule(rule: str, well: Any, wrong: dict[str, Any], right: dict[str, Any], has_clock: bool) -> None:
    facts = replace(well, **wrong)
    found = said(rule, facts)
    assert [(each.rule, each.subject, each.party) for each in found] == [(rule, well.reference, "NORTHWIND")]
    assert found[0].evidence and found[0].sentence.endswith(".") and found[0].by is None
    assert said(rule, facts, AT + 100 * DAY)[0].sentence == found[0].sentence, "It says the same on every day."
    assert (said(rule, facts, AT - TICK) == []) is has_clock
    assert said(rule, replace(facts, **right)) == []


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland"])
@pytest.mark.parametrize(("rule", "well", "wrong"), [(row[0], row[1], row[2]) for row in TABLE if row[4]])
def test_a_clock_that_is_set_moves_nothing(rule: str, well: Any, wrong: dict[str, Any], zone: str) -> None:
    """Between the instants of the table and AT the clocks of some of these were set forward, or back."""
    facts, at = in_zone(replace(well, **wrong), zone), AT.astimezone(ZoneInfo(zone))
    assert said(rule, facts, at) == said(rule, replace(well, **wrong))
    assert said(rule, facts, (AT - TICK).astimezone(ZoneInfo(zone))) == []


def test_days_are_24_hours_also_where_a_night_is_shorter() -> None:
    """Berlin skips an hour on 28 March: the day after 27 March, 12:00 there, ends at 13:00."""
    until = datetime(2027, 3, 27, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    facts = replace(ACCESS, until=until)
    due = datetime(2027, 3, 28, 13, tzinfo=ZoneInfo("Europe/Berlin"))
    assert said("access_past_end", facts, due) and not said("access_past_end", facts, (due - TICK).astimezone(UTC))


@pytest.mark.parametrize(
    ("rule", "limit", "facts"),
    [
        ("access_past_end", "unclosed_after", replace(ACCESS, until=AT - 5 * DAY)),
        ("access_unconfirmed", "unconfirmed_after", replace(ACCESS, confirmed_at=AT - 5 * DAY)),
        ("ownership_unconfirmed", "unconfirmed_after", replace(ASSET, confirmed_at=AT - 5 * DAY)),
        ("left_with_access", "left_still_open_after", replace(ACCESS, person=replace(GONE, left_on=date(2027, 3, 22)))),
        ("login_unchanged", "exposure_after", replace(EXPOSURE, opened_at=AT - 5 * DAY)),
        ("engagement_past_end", "unclosed_after", replace(ENGAGEMENT, ends_on=date(2027, 3, 22))),
        ("review_left_open", "review_open_after", replace(REVIEW, closed_at=None, opened_at=AT - 5 * DAY)),
    ],
)
def test_a_desk_may_set_its_own_days(rule: str, limit: str, facts: Any) -> None:
    assert said(rule, facts, limits=Limits(**{limit: 5})) and not said(rule, facts, limits=Limits(**{limit: 6}))


def test_a_decided_end_is_silent_until_it_has_come_and_nobody_closed_it() -> None:
    """Letting it end takes nobody off a list: that somebody looks is still to be done."""
    decided = replace(ACCESS, until=OVER + TICK, review_on=YESTERDAY, let_end_at=LONG_AGO, confirmed_at=UNCONFIRMED)
    assert judge(About.ACCESS, [decided], AT, LIMITS) == []
    assert [each.rule for each in judge(About.ACCESS, [decided], AT + TICK, LIMITS)] == ["access_past_end"]
    someone_left = replace(decided, person=GONE)
    assert [each.rule for each in judge(About.ACCESS, [someone_left], AT, LIMITS)] == ["left_with_access"]


def test_what_an_authorization_gives_is_left_to_the_rules_of_codes() -> None:
    worst = replace(
        ACCESS, way="authorization", until=LONG_AGO, person=GONE, owner=GONE, is_wide=True, has_money=True, purpose="",
        is_seat=True, has_asset=False, engagement_ended_at=LONG_AGO, partner_ended_at=LONG_AGO, review_on=YESTERDAY,
        confirmed_at=UNCONFIRMED,
    )  # fmt: skip
    for facts in (worst, replace(worst, ended_at=LONG_AGO), replace(worst, end="none", until=None)):
        assert judge(About.ACCESS, [facts], AT, LIMITS) == []


def test_it_is_told_to_whoever_answers_for_it_and_never_to_a_leaver() -> None:
    past = replace(ACCESS, until=AT - 50 * DAY)
    assert said("access_past_end", past)[0].owner == "KIM"
    assert said("access_past_end", replace(past, owner=GONE))[0].owner == ""
    assert said("access_past_end", replace(past, owner=None))[0].owner == ""
    assert said("access_owner_left", replace(ACCESS, owner=GONE))[0].owner == ""
    codes = replace(ASSET, backup_codes=None)
    assert said("no_backup_codes", codes)[0].owner == "KIM"
    assert said("no_backup_codes", replace(codes, owner=GONE))[0].owner == "JO"


@pytest.mark.parametrize(
    ("rule", "facts", "severity"),
    [
        ("left_with_access", replace(ACCESS, person=GONE), Severity.IMPORTANT),
        ("left_with_access", replace(ACCESS, person=GONE, is_wide=True), Severity.URGENT),
        ("left_with_access", replace(ACCESS, person=GONE, has_money=True), Severity.URGENT),
        ("access_past_end", replace(ACCESS, until=LONG_AGO), Severity.SOON),
        ("access_past_end", replace(ACCESS, until=LONG_AGO, holder=THEM), Severity.IMPORTANT),
        ("access_without_end", replace(ACCESS, end="none", until=None), Severity.NOTE),
        ("access_without_end", replace(ACCESS, end="unknown", until=None), Severity.SOON),
        ("wider_than_the_job", replace(ACCESS, is_wide=True, purpose="", holder=THEM), Severity.SOON),
        ("left_and_knew", replace(EXPOSURE, knowers=(GONE,)), Severity.URGENT),
        ("recovery_of_leaver", replace(ASSET, recovery_phone=GONE), Severity.URGENT),
        ("few_admins", replace(ASSET, admins=(GONE,)), Severity.IMPORTANT),
        ("no_backup_owner", replace(ASSET, backup_owner=None), Severity.SOON),
        ("no_backup_owner", replace(ASSET, backup_owner=None, kept_by_kind="creator"), Severity.NOTE),
    ],
)
def test_how_pressing_it_is(rule: str, facts: Any, severity: Severity) -> None:
    assert said(rule, facts)[0].severity is severity


def test_a_sentence_says_what_is_known_and_accuses_nobody() -> None:
    left = said("left_with_access", replace(ACCESS, person=GONE, holder=THEM))[0]
    assert left.sentence == (
        "Mia Sand of Brightside has left, and in the record still is “Admin” on Business Center people of Northwind BC."
    )
    assert [(each.what, each.source, each.at) for each in left.evidence] == [
        ("Mia Sand's last day", Told.RECORDED, AT),
        ("Mia Sand of Brightside as “Admin” on Business Center people of Northwind BC", Told.RECORDED, LONG_AGO),
    ]
    wide = said("wider_than_the_job", replace(ACCESS, is_wide=True, purpose=""))[0]
    assert wide.sentence.endswith("a role that reaches far; what it is for is not on record.")
    seen = said("access_unconfirmed", replace(ACCESS, confirmed_at=UNCONFIRMED))[0]
    assert (seen.evidence[0].source, seen.evidence[0].at) == (Told.OBSERVED, UNCONFIRMED)


@pytest.mark.parametrize(
    ("rule", "facts", "turned"),
    [
        ("left_and_knew", EXPOSURE, {"knowers": (JO, GONE, replace(GONE, reference="AL", name="Al"))}),
        ("login_unchanged", EXPOSURE, {"knowers": (JO, KIM)}),
        ("few_admins", ASSET, {"admins": (GONE, KIM, replace(GONE, reference="AL", name="Al"))}),
    ],
)
def test_the_order_of_rows_changes_nothing(rule: str, facts: Any, turned: dict[str, tuple[Who, ...]]) -> None:
    back = {name: value[::-1] for name, value in turned.items()}
    assert said(rule, replace(facts, **turned)) == said(rule, replace(facts, **back)) != []


def test_of_a_login_only_one_thing_is_said() -> None:
    facts = replace(EXPOSURE, knowers=(GONE, JO), others=2)
    found = judge(About.EXPOSURE, [facts], AT, LIMITS)
    assert [each.rule for each in found] == ["left_and_knew"]
    assert found[0].evidence[-1].what == "Written down as shared; known to: Jo Berg, Mia Sand, 2 more"
