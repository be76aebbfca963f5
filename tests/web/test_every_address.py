"""Every address, for everybody: who sees a page, who may send to it, and who is told that there is nothing.

A letter is one cell. Y: the page, or its form with what is missing. R: led on to where they may go. F: told that it is
another's. N: told that there is no such page. L: asked to sign in first. -: nothing can be sent there.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from tests.desk import AT, HOST, Desk
from tests.findings.test_inbox import finding
from tests.many import many
from tests.test_permissions import everything
from tests.web.on_record import on_record
from tests.web.reading import same_clock  # noqa: F401  # a fixture
from valetkey.accounts import services as accounts
from valetkey.accounts.models import ApiToken, Invitation, Membership, Party, User
from valetkey.accounts.policy import Role
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization, HandOver
from valetkey.changes.models import Change
from valetkey.changes.services import do_step, find_step, open_change
from valetkey.connectors.models import Connection
from valetkey.intake.models import Batch
from valetkey.intake.services import try_sheet
from valetkey.notices.services import add_endpoint, add_feed
from valetkey.register.exposed import Shared
from valetkey.register.services import open_exposure
from valetkey.reviews.services import open_review

pytestmark = pytest.mark.django_db

PEOPLE: Final = (
    "mara", "vic", "olga", "bo", "kim", "vera", "sam", "ada", "otto", "nobody",
)  # fmt: skip
"""The creator's manager and viewer, another creator; the buyer's manager, member and viewer; the stranger; the desk's
admin and auditor; somebody who is not signed in."""

MOST_QUERIES: Final = 40
HEAVIEST: Final = 100_000
"""Bytes of a page without pictures."""

ELSEWHERE: Final = ("account_", "mfa_", "admin")
"""What allauth and Django's admin bring has tests of its own."""

_USED_UP: Final = {"calendar_end", "acting", "acting_end", "disconnect", "token_end"}
"""Who sends first has it done, and there is nothing under that number any more for the next."""
_LAST: Final = (
    "acting", "request_withdraw", "sharing_stop", "disconnect", "acting_end", "token_end", "invited_withdraw",
    "someone_desk_role", "someone_end", "devices", "calendar_end", "webhook_end",
)  # fmt: skip
"""What ends something comes after everything else."""

#                       GET           POST
#                       mvobkvsaon    mvobkvsaon
TABLE: Final[dict[str, tuple[str, str]]] = {
    "access_change": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "access_confirm": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "access_end": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "access_let_end": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "access_open": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "acting": ("NNNYNNNYYL", "NNNRNNNRFL"),
    "acting_end": ("---------L", "NNNRNNNRFL"),
    "ad_account": ("NNNYYYNYYL", "NNNRFFNRFL"),
    "ad_account_new": ("FFFYFFYYFL", "FFFRFFYRFL"),
    "ad_accounts": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "answer": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "answer_certificate": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "answer_decline": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "answer_steps": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "answer_tick": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "answer_unknown": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "answer_visit": ("RRRRRRRRRR", "RRRRRRRRRR"),
    "asset_change": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "asset_new": ("YFYYYFYYFL", "YFYYYFYYFL"),
    "asset_ownership": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "authorization": ("YYNYYYNYYL", "YYNYYYNYYL"),
    "authorization_campaigns": ("FFNYYFNYFL", "FFNRRFNRFL"),
    "authorization_owner": ("YFNYYFNYFL", "RFNYYFNRFL"),
    "authorizations": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "authorize": ("YFNNNNNYFL", "YFNNNNNYFL"),
    "calendar_end": ("---------L", "NNNRNNNRFL"),
    "calendar_feed": ("NNNNNNNNNN", "----------"),
    "calendars": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "campaign": ("NNNYYYNYYL", "NNNRFFNRFL"),
    "campaign_new": ("YFYYFFYYFL", "YFYYFFYYFL"),
    "campaigns": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "certificate": ("YYNYYYNYYL", "---------L"),
    "change": ("NNNYYYNYYL", "---------L"),
    "change_close": ("---------L", "NNNYYFNYFL"),
    "change_new": ("YFYYYFYYFL", "YFYYYFYYFL"),
    "change_picture": ("NNNYYYNYYL", "---------L"),
    "change_refresh": ("---------L", "NNNRRFNRFL"),
    "change_report": ("NNNYYYNYYL", "---------L"),
    "change_step": ("NNNYYYNYYL", "NNNRRFNRFL"),
    "changes": ("YYYYYYYYYL", "---------L"),
    "code": ("RRRRRRRRRL", "YFNYYFNFFL"),
    "code_copied": ("RRRRRRRRRL", "YFNYYFNFFL"),
    "connect": ("YFYYFFYYFL", "YFYYFFYYFL"),
    "connections": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "desk_health": ("FFFFFFFYYL", "---------L"),
    "diagnose": ("RRRRRRRRRR", "RRRRRRRRRR"),
    "diagnose_authorization": ("YYNYYYNYYL", "YYNYYYNYYL"),
    "diagnose_in": ("YYYYYYYYYY", "YYYYYYYYYY"),
    "devices": ("YYYYYYYYYL", "RRRRRRRRRL"),
    "disconnect": ("NNNYFFNYFL", "NNNRFFNRFL"),
    "do": ("YFNYYFNYFL", "RFNRRFNRFL"),
    "engagement_change": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "engagement_end": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "engagement_new": ("YFYYYFYYFL", "YFYYYFYYFL"),
    "engagements": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "export": ("FFFFFFFYYL", "FFFFFFFYYL"),
    "exposure": ("YYNNNNNYYL", "RFNNNNNRFL"),
    "exposure_close": ("YFNNNNNYFL", "RFNNNNNRFL"),
    "exposure_new": ("YFYYYFYYFL", "YFYYYFYYFL"),
    "exposures": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "finding": ("NNNYYYNYYL", "NNNRRFNRFL"),
    "finding_rules": ("YYYYYYYYYL", "FFFFFFFYFL"),
    "findings": ("YYYYYYYYYL", "NNNRRFNRFL"),
    "forget_view": ("---------L", "YYYYYYYYYL"),
    "front": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "given": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "guide": ("YYYYYYYYYY", "----------"),
    "guide_of_case": ("YYNYYYNYYL", "RRNRRRNRRL"),
    "guide_share": ("---------L", "RFNRRFNRFL"),
    "guide_shared": ("NNNNNNNNNN", "----------"),
    "guide_unshare": ("---------L", "YFNYYFNYFL"),
    "guide_visit": ("RRRRRRRRRR", "RRRRRRRRRR"),
    "guides": ("RRRRRRRRRR", "----------"),
    "guides_in": ("YYYYYYYYYY", "----------"),
    "guides_of_case": ("YYNYYYNYYL", "---------L"),
    "history": ("FFFFFFFYYL", "FFFFFFFYYL"),
    "history_about": ("YYNYYYNYYL", "YYNYYYNYYL"),
    "history_export": ("FFFFFFFYYL", "FFFFFFFYYL"),
    "history_of": ("YYNYYYNYYL", "YYNYYYNYYL"),
    "history_verify": ("FFFFFFFYYL", "FFFFFFFYYL"),
    "intake": ("NNNYYYNYYL", "---------L"),
    "intake_columns": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "intake_do": ("---------L", "NNNRYFNYFL"),
    "intake_new": ("YFYYYFYYFL", "YFYYYFYYFL"),
    "intake_rejected": ("NNNYYYNYYL", "---------L"),
    "intake_undo": ("---------L", "NNNYYFNYFL"),
    "intakes": ("YYYYYYYYYL", "---------L"),
    "invitation": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "invitation_visit": ("RRRRRRRRRR", "RRRRRRRRRR"),
    "invite": ("YFYYFFYYFL", "YFYYFFYYFL"),
    "invited": ("NNNYNNNYYL", "NNNYNNNYYL"),
    "invited_withdraw": ("---------L", "NNNYNNNYFL"),
    "issue": ("YYNYYYNYYL", "YYNYYYNYYL"),
    "me": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "my_notices": ("YYYYYYYYYL", "RRRRRRRRRL"),
    "notices": ("YYYYYYYYYL", "RRRRRRRRRL"),
    "ownership_confirm": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "people": ("YFYYFFYYYL", "YFYYFFYYYL"),
    "person_back": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "person_change": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "person_left": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "person_new": ("YFYYYFYYFL", "YFYYYFYYFL"),
    "person_open": ("NNNYYFNYFL", "NNNYYFNYFL"),
    "plan": ("YYYYYYYYYL", "FFFFFFFYFL"),
    "plans": ("YYYYYYYYYL", "---------L"),
    "post": ("YYNNNNNYYL", "RFNNNNNRFL"),
    "post_add": ("YFYRRRRRRL", "YFYRRRRRRL"),
    "posts": ("YYYYYYYYYL", "RRRYYYYYYL"),
    "record": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "record_access": ("NNNYYYNYYL", "NNNYYYNYYL"),
    "record_asset": ("NNNYYYNYYL", "NNNYYYNYYL"),
    "record_assets": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "record_parties": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "record_party": ("YYNYYYNYYL", "YYNYYYNYYL"),
    "record_people": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "record_person": ("NNNYYYNYYL", "NNNYYYNYYL"),
    "record_surface": ("NNNYYYNYYL", "NNNYYYNYYL"),
    "request": ("YYNYYYNYYL", "---------L"),
    "request_extend": ("---------L", "FFNYYFNYFL"),
    "request_new": ("FFFYYFYYFL", "FFFYYFYYFL"),
    "request_remind": ("---------L", "FFNRYFNYFL"),
    "request_send": ("---------L", "FFNRYFNYFL"),
    "request_withdraw": ("---------L", "FFNRYFNYFL"),
    "requests": ("YYYYYYYYYL", "---------L"),
    "responsibilities": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "responsibility_end": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "responsibility_new": ("YFYYYFYYFL", "YFYYYFYYFL"),
    "responsibility_pass": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "review": ("NNNYYYNYYL", "NNNRRFNRFL"),
    "review_close": ("NNNYYFNYFL", "NNNYYFNYFL"),
    "review_line": ("NNNYYYNYYL", "NNNRRFNRFL"),
    "review_new": ("YFYYYFYYFL", "YFYYYFYYFL"),
    "reviews": ("YYYYYYYYYL", "---------L"),
    "save_view": ("---------L", "YYYYYYYYYL"),
    "shared": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "shared_certificate": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "shared_code": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "shared_copied": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "shared_prove": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "shared_send": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "shared_unknown": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "shared_visit": ("RRRRRRRRRR", "RRRRRRRRRR"),
    "sharing": ("YYNFFFNYYL", "RFNFFFNRFL"),
    "sharing_stop": ("---------L", "YFNFFFNYFL"),
    "someone": ("NNNNNNNYYL", "NNNNNNNYYL"),
    "someone_desk_role": ("---------L", "NNNNNNNRFL"),
    "someone_end": ("NNNNNNNYFL", "NNNNNNNRFL"),
    "someone_factors": ("---------L", "NNNNNNNYFL"),
    "stakes": ("YYNYYYNYYL", "YYNYYYNYYL"),
    "stops_asset": ("NNNYYYNYYL", "NNNYYYNYYL"),
    "stops_authorization": ("YYNYYYNYYL", "YYNYYYNYYL"),
    "stops_party": ("YYNYYYNYYL", "YYNYYYNYYL"),
    "stops_person": ("NNNYYYNYYL", "NNNYYYNYYL"),
    "surface_change": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "surface_new": ("NNNYYFNYFL", "NNNRRFNRFL"),
    "surfaces_usual": ("---------L", "NNNRRFNRFL"),
    "token_end": ("---------L", "NNNRNNNNNL"),
    "tokens": ("YYYYYYYYYL", "YYYYYYYYYL"),
    "unsubscribe": ("NNNNNNNNNN", "NNNNNNNNNN"),
    "webhook": ("NNNYNNNYYL", "---------L"),
    "webhook_end": ("---------L", "NNNRNNNRFL"),
    "webhook_new": ("YFYYFFYYFL", "YFYYFFYYFL"),
    "webhook_replay": ("---------L", "NNNRNNNRFL"),
    "webhook_rotate": ("---------L", "NNNYNNNYFL"),
    "webhooks": ("YYYYYYYYYL", "---------L"),
}
"""Address → who sees it, who may send to it."""


@dataclass
class Stage:
    desk: Desk
    row: Authorization
    asked: Authorization
    arguments: dict[str, dict[str, Any]]

    def sends(self, name: str) -> dict[str, Any]:
        """What a form of that page sends when it is filled in."""
        forms: dict[str, dict[str, Any]] = {
            "guide_of_case": {"step": "counted"},
            "guide_share": {"recipient": "Lou", "days": 7},
            "request_extend": {"days": 7},
            **dict.fromkeys(
                ("finding", "findings"),
                {"finding": self.arguments["finding"]["reference"], "decision": "acknowledge", "reason": "We know."},
            ),
            **dict.fromkeys(("diagnose_in", "diagnose_authorization"), {"code": "#AbC+dEf/12345678=", "error": "4025"}),
            "request_send": {"recipient": "Mara", "mail": "mara@example.org", "days": 7},
            "request_withdraw": {"reason": "Not needed."},
            "sharing": {"recipient": "Lou", "mail": "lou@example.org", "days": 7},
            "authorization_campaigns": {"campaigns": []},
            "authorization_owner": {"person": "mara@example.org"},
            **dict.fromkeys(
                ("person_change", "person_new", "asset_change", "asset_new", "surface_new"), {"name": "New"}
            ),
            "person_left": {"on": "2026-11-30"},
            "access_open": {"role": "Operator", "end": "unknown", "holder": "Contoso"},
            "access_confirm": {"how": "Seen."},
            **dict.fromkeys(("access_end", "engagement_end", "responsibility_end"), {"reason": "Done."}),
            "engagement_change": {"purpose": "media buying", "starts_on": "2026-11-01"},
            "someone_factors": {"reason": "Seen in person."},
            "someone_end": {"reason": "Left."},
            "someone_desk_role": {"desk_role": "auditor"},
            "acting": {"role": "viewer"},
            "export": {"form": "jsonl"},
            "change_step": {"act": "assign", "person": ""},
            "review_line": {"decision": "keep", "note": ""},
            "review_close": {"next_on": "2027-05-03"},
            "exposure": {"name": "Jo"},
            "exposure_close": {"how": "Changed in the app."},
            "ad_account": {"name": "EU", "time_zone": "Europe/Berlin"},
            "ad_account_new": {
                "held_by": self.desk.advertiser.reference,
                "party": self.desk.advertiser.reference,
                "platform_id": "123",
                "name": "New",
                "time_zone": "Europe/Berlin",
            },
            "campaign": {"name": "Shoes", "starts_on": "2026-12-01", "ends_on": "2026-12-31"},
            "post": {"visibility": "public", "medium": "video", "ad_authorization": "yes"},
        }
        return forms.get(name, {})

    def address(self, name: str) -> str:
        return reverse(name, kwargs=self.arguments.get(name, self._usual(name)))

    def _usual(self, name: str) -> dict[str, Any]:
        (pattern,) = [each for each in _patterns() if each.name == name]
        converters = set(pattern.pattern.converters)
        return {"reference": self.row.reference} if "reference" in converters else {}


@pytest.fixture
def stage(desk: Desk, same_clock: None) -> Stage:  # noqa: F811  # that fixture
    row = desk.in_use()
    services.hand_over(authorization=row, recipient="Kai", mail="kai@example.org", actor=desk.mara, at=desk.at)
    asked = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok",
        post_id=desk.seeded.creators[0].posts["public_two"], days=30, actor=desk.bo, at=desk.at,
    )  # fmt: skip
    sent = services.send_request(
        authorization=asked, recipient="Mara", mail="mara@example.org", send_mail=False, actor=desk.bo, at=desk.at
    )
    other = accounts.create_party(name="Olga Other", kind=Party.Kind.CREATOR, actor=HOST, at=AT)
    for name, party, role in (
        ("Vic", desk.creator, Role.VIEWER),
        ("Olga", other, Role.MANAGER),
        ("Zoe", desk.advertiser, Role.MEMBER),
        ("Yan", desk.advertiser, Role.MEMBER),
    ):
        user = accounts.create_user(email=f"{name.lower()}@example.org", name=name, actor=HOST, at=AT)
        accounts.join(user=user, party=party, role=role, actor=HOST, at=AT)
    accounts.invite(mail="new@example.org", party=desk.advertiser, role=Role.MEMBER, actor=desk.bo, at=desk.at)
    bo = User.objects.get(email="bo@example.org")
    accounts.make_token(user=bo, label="script", actor=desk.bo, at=desk.at)
    hand_over = HandOver.objects.get(mail="kai@example.org")
    shared = services.share_guide(
        authorization=row, name="extend-a-code", recipient="Lou", actor=desk.mara, at=desk.at
    ).guide_link
    connection = Connection.objects.live().get(party=desk.advertiser)
    campaign = desk.campaign()
    exposure = open_exposure(
        held_by=desk.creator, platform="tiktok", account="@mara", shared=Shared.PASSWORD, actor=HOST, at=desk.at
    )
    kept = on_record(desk)
    change = opened_change(desk)
    sheet = a_sheet(desk)
    review = open_review(kept_by=desk.advertiser, actor=desk.bo, at=desk.at)
    feed = add_feed(user=bo, actor=desk.bo, at=desk.at).feed
    webhook = add_endpoint(party=desk.advertiser, url="https://8.8.8.8/", actor=desk.bo, at=desk.at).endpoint
    found = finding(desk, desk.advertiser, subject=row.reference, rule="ends_soon_in_use")
    found.save()
    invitation = Invitation.objects.get()
    number: dict[str, int] = {
        "token_end": ApiToken.objects.get().pk, "disconnect": connection.pk,
        **dict.fromkeys(("invited", "invited_withdraw"), invitation.pk),
        "acting": _acts("zoe").pk, "acting_end": _acts("yan").pk,
        **dict.fromkeys(("someone", "someone_desk_role", "someone_factors", "someone_end"), _acts("zoe").user_id),
        **{each.name: sent.request_link.pk for each in _patterns() if each.name and each.name.startswith("answer")},
        **{each.name: hand_over.pk for each in _patterns() if each.name and each.name.startswith("shared")},
    }  # fmt: skip
    arguments: dict[str, dict[str, Any]] = {name: {"number": value} for name, value in number.items()}
    arguments |= {
        "answer_unknown": {}, "shared_unknown": {}, "diagnose_in": {"language": "de"},
        **dict.fromkeys(
            ("answer_visit", "shared_visit", "invitation_visit", "guide_visit", "calendar_feed"), {"token": "x" * 43}
        ),
        "calendar_end": {"reference": feed.reference},
        **dict.fromkeys(
            ("webhook", "webhook_end", "webhook_replay", "webhook_rotate"), {"reference": webhook.reference}
        ),
        "post": {"reference": desk.post.reference}, "authorize": {"reference": desk.post.reference},
        "campaign": {"reference": campaign.reference}, "ad_account": {"reference": desk.eu.reference},
        "finding": {"reference": found.reference}, "stops_asset": {"reference": desk.eu.reference},
        "stops_person": {"reference": kept["record_person"]}, "stops_party": {"reference": kept["record_party"]},
        **dict.fromkeys(("exposure", "exposure_close"), {"reference": exposure.reference}),
        **dict.fromkeys(
            ("change", "change_close", "change_refresh", "change_report"), {"reference": change.reference}
        ),
        "change_picture": {"reference": change.reference, "number": change.steps.get(state="done").number},
        "change_step": {"reference": change.reference, "number": change.steps.get(name="a_day_without").number},
        **dict.fromkeys(("review", "review_close"), {"reference": review.reference}),
        "review_line": {"reference": review.reference, "number": 1},
        "plan": {"name": "leaver"},
        **dict.fromkeys(
            ("intake", "intake_columns", "intake_do", "intake_rejected", "intake_undo"), {"reference": sheet.reference}
        ),
        "do": {"reference": row.reference, "verb": "check"},
        "unsubscribe": {"signed": "1-all.signature"},
        "guides_in": {"language": "en"}, "guide": {"language": "en", "name": "extend-a-code"},
        **dict.fromkeys(("guide_of_case", "guide_share"), {"reference": row.reference, "name": "extend-a-code"}),
        "guide_unshare": {"reference": row.reference, "name": "extend-a-code", "number": shared.pk},
        "guide_shared": {"number": shared.pk},
        "sharing_stop": {"reference": row.reference, "number": hand_over.pk},
        **{each.name: {"reference": asked.reference} for each in _patterns()
           if each.name and each.name.startswith("request_") and each.name != "request_new"},
        **{each.name: {"reference": kept[about]} for each in _patterns() for about in kept
           if each.name and each.name.startswith(about) and "<slug:reference>" in str(each.pattern)},
        "request": {"reference": asked.reference}, "issue": {"reference": asked.reference},
    }  # fmt: skip
    return Stage(desk, row, asked, arguments)


def opened_change(desk: Desk) -> Change:
    """With a picture as the proof of one of its steps."""
    given: dict[str, Any] = {"actor": desk.bo, "at": desk.at}
    change = open_change(occasion="continuity_check", kept_by=desk.advertiser, day=AT.date(), **given)
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(out, "PNG")
    proven = find_step(change=change, number=change.steps.get(name="backup_codes").number)
    do_step(step=proven, picture=out.getvalue(), **given)
    return change


def a_sheet(desk: Desk) -> Batch:
    content = b"Name,Role\nJo Berg,\nMo Park,\nAl,Admin\n"
    return try_sheet(kept_by=desk.advertiser, content=content, name="people.csv", actor=desk.bo, at=desk.at)


def _acts(name: str) -> Membership:
    return Membership.objects.get(user__email=f"{name}@example.org")


def _patterns() -> list[URLPattern]:
    """Those of the desk's own pages."""
    found: list[URLPattern] = []
    waiting: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    for each in waiting:
        if isinstance(each, URLResolver):
            if each.app_name != "admin":
                waiting.extend(each.url_patterns)
        elif each.name and not each.name.startswith(ELSEWHERE):
            found.append(each)
    return found


_CELLS: Final = {200: "Y", 204: "Y", 400: "Y", 409: "Y", 422: "Y", 403: "F", 404: "N", 410: "N", 405: "-"}


def _client(who: str) -> Client:
    client = Client()
    if who != "nobody":
        client.force_login(User.objects.get(email=f"{who}@example.org"))
    return client


def _cell(answer: Any) -> str:
    if answer.streaming:
        b"".join(answer)  # a file that stays open until it is read
    if answer.status_code in {301, 302}:
        return "L" if answer.headers["Location"].startswith("/account/login/") else "R"
    return _CELLS[answer.status_code]


def test_no_address_is_forgotten() -> None:
    assert set(TABLE) == {each.name for each in _patterns()}


def test_everybody_sees_what_is_theirs_and_nothing_else(stage: Stage) -> None:
    before = everything()
    clients = {who: _client(who) for who in PEOPLE}
    seen = {
        name: "".join(_cell(client.get(stage.address(name))) for client in clients.values()) for name in sorted(TABLE)
    }
    assert seen == {name: expected for name, (expected, _) in sorted(TABLE.items())}
    assert everything() == before, "looking changes nothing"


def test_who_may_not_send_is_told_so_and_changes_nothing(stage: Stage) -> None:
    before = everything()
    clients = {who: _client(who) for who in PEOPLE}
    denied = {
        (name, who): cell
        for name, (_, expected) in sorted(TABLE.items())
        for who, cell in zip(PEOPLE, expected, strict=True)
        if cell not in "YR"
    }
    told = {
        (name, who): _cell(clients[who].post(stage.address(name), stage.sends(name))) for name, who in sorted(denied)
    }
    assert told == denied
    assert everything() == before


@pytest.mark.parametrize("order", [1, -1], ids=["as listed", "the other way round"])
def test_who_may_send_gets_through(stage: Stage, order: int) -> None:
    """Several do it one after the other; that it is done already is an answer for those who may."""
    clients = {who: _client(who) for who in PEOPLE}
    stopped: dict[tuple[str, str], str] = {}
    for name in sorted(TABLE, key=lambda name: (name in _LAST, name)):
        expected = TABLE[name][1]
        may = [who for who, cell in zip(PEOPLE, expected, strict=True) if cell in "YR"][::order]
        told = {who: _cell(clients[who].post(stage.address(name), stage.sends(name))) for who in may}
        if name in _USED_UP:
            told = dict(list(told.items())[:1])
        stopped |= {(name, who): cell for who, cell in told.items() if cell not in "YR"}
    assert not stopped


def test_the_guest_of_one_link_reaches_no_other(stage: Stage) -> None:
    """Whoever opened one link has a session; the numbers of other links in it open nothing."""
    desk = stage.desk
    other = services.hand_over(
        authorization=stage.row, recipient="Lou", mail="lou@example.org", actor=desk.mara, at=desk.at
    )
    client = Client()
    client.get(reverse("shared_visit", kwargs={"token": other.link.reveal()}))
    own = {"number": other.hand_over.pk}
    assert client.get(reverse("shared", kwargs=own)).status_code == 200
    for name in TABLE:
        if name.startswith(("answer", "shared")) and not name.endswith(("visit", "unknown")):
            assert _cell(client.get(stage.address(name))) in "N-", name
            assert _cell(client.post(stage.address(name))) in "N-", name


def test_no_page_grows_with_the_desk(stage: Stage) -> None:
    """At ten thousand authorizations: a bounded number of questions to the database, and less than 100 kB."""
    many(stage.desk)
    heavy = {}
    for who in ("mara", "bo", "ada"):
        client = _client(who)
        for name in sorted(TABLE):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(stage.address(name))
            if len(asked) > MOST_QUERIES or len(answer.content) >= HEAVIEST:
                heavy[name, who] = (len(asked), len(answer.content))
    assert not heavy
