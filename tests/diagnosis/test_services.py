"""Everything the sandbox can refuse is applied through the desk, fails, and is told by its cause; and who is told what.

Only what somebody may see is looked at, nothing is written, and nothing that was pasted comes out again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.authorizations.conftest import _impatient  # noqa: F401  # the platform answers at once
from tests.authorizations.stage import APPLY, SETTING, STATUS, _control, by_hand, fresh, order, refused, switch
from tests.cli.conftest import everything
from tests.desk import HOST, Desk
from valetkey.accounts import services as accounts
from valetkey.accounts.policy import Role
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import Verb
from valetkey.authorizations.models import Authorization
from valetkey.connectors import registry
from valetkey.connectors import services as connections
from valetkey.connectors.base import Address, Level
from valetkey.connectors.models import SANDBOX, Connection
from valetkey.connectors.tiktok import wire
from valetkey.diagnosis.causes import Name as N
from valetkey.diagnosis.causes import Turn as T
from valetkey.diagnosis.services import LONGEST, Attempt, Diagnosis, diagnose, diagnose_pasted
from valetkey.errors import Invalid, NotFound, PlatformRefused, Refused
from valetkey.register.models import AdAccount, Post
from valetkey.secret import Secret

database = pytest.mark.django_db
MADE_UP: Final = "#AbC+dEf/1234567="


def told(desk: Desk, row: Authorization, who: str = "bo", **given: Any) -> Diagnosis:
    actor = getattr(desk, who)
    asked = {"language": "en", "actor": actor, "at": desk.at, **given}
    return diagnose(authorization=services.find(reference=row.reference, actor=actor), **asked)


def pasted(**given: Any) -> Diagnosis:
    from tests.desk import AT

    return diagnose_pasted(**{"language": "en", "at": AT, **given})


def names(found: Diagnosis) -> list[N]:
    return [each.cause.name for each in (found.first, *found.others)]


def applied(desk: Desk, row: Authorization) -> Refused:
    """Tries to apply, and is refused."""
    with pytest.raises(Refused) as met:
        desk.applied(fresh(row))
    return met.value


# -- every named error, by the sandbox ---------------------------------------------------------------------------------


def _bad_post(name: str) -> Callable[[Desk], Authorization]:
    """A post that gets a code and is refused when it is applied."""
    return lambda desk: desk.issued(post=desk.note(name))


def _gone_bad(status: str) -> Callable[[Desk], Authorization]:
    """A post that was well when its code was made."""

    def start(desk: Desk) -> Authorization:
        row = desk.opened()
        _control(desk, "post", {"item_id": desk.post.platform_id, "status": status})
        return row

    return start


def _ended_there(desk: Desk) -> Authorization:
    """The platform's clock says that it is over; the record does not know yet."""
    row = desk.opened()
    desk.sandbox.set_clock(desk.at + timedelta(days=40))
    return row


def _answers(code: int, message: str, **more: Any) -> Callable[[Desk], Authorization]:
    def start(desk: Desk) -> Authorization:
        row = desk.opened()
        order(desk, APPLY, "refuse", code=code, message=message, times=9, **more)
        return row

    return start


def _fault(fault: str) -> Callable[[Desk], Authorization]:
    def start(desk: Desk) -> Authorization:
        row = desk.opened()
        order(desk, APPLY, fault, times=9)
        return row

    return start


def _used_elsewhere(desk: Desk) -> Authorization:
    switch(desk, many_ad_accounts="refuse")
    row = desk.opened()
    desk.applied(row, desk.us)
    return row


def _government(desk: Desk) -> Authorization:
    row = desk.opened()
    _control(desk, "creator", {"handle": "mara.makes", "is_government": True})
    return row


def _foreign(code: str) -> Callable[[Desk], Authorization]:
    def start(desk: Desk) -> Authorization:
        switch(desk, foreign_ad_account=code)
        row = desk.opened()
        type(desk.eu).objects.filter(pk=desk.eu.pk).update(platform_id="7200000000000000021")
        desk.eu.refresh_from_db()
        return row

    return start


@dataclass(frozen=True)
class Try:
    name: str
    start: Callable[[Desk], Authorization]
    cause: N
    turn: T
    fix: str
    error: wire.SparkCodeError | None = None

    def __str__(self) -> str:
        return self.name


S = wire.SparkCodeError
NAMED: Final = (
    Try("deleted", _gone_bad("USER_DELETE"), N.POST_DELETED, T.CREATOR,
        "request post-not-eligible#not_deleted", S.VIDEO_DELETED),
    Try("taken down", _gone_bad("AUDIT_DELETE"), N.POST_UNAVAILABLE, T.CREATOR,
        "request post-not-eligible#not_taken_down", S.VIDEO_UNAVAILABLE),
    Try("against the rules", _gone_bad("ONLY_USER_PASS"), N.POST_NOT_USABLE, T.CREATOR,
        "request post-not-eligible#not_taken_down", S.ILLEGAL_ITEM_STATUS_ERROR),
    Try("under review", _gone_bad("REVIEW_PENDING"), N.POST_NOT_USABLE, T.CREATOR,
        "request post-not-eligible#not_taken_down", S.ILLEGAL_ITEM_STATUS_ERROR),
    Try("made private", _gone_bad("ONLY_AUTHOR_SEE"), N.POST_NOT_USABLE, T.CREATOR,
        "request post-not-eligible#not_taken_down", S.ILLEGAL_ITEM_STATUS_ERROR),
    Try("story", _bad_post("story"), N.STORY, T.CREATOR,
        "request post-not-eligible#not_a_story", S.STORY_VIDEO_NOT_SUPPORTED),
    Try("carousel duet", _bad_post("carousel_duet"), N.CAROUSEL_DUET, T.CREATOR,
        "request post-not-eligible#other_post_chosen", S.CAROUSEL_DUET_NOT_SUPPORTED),
    Try("duet of a duet", _bad_post("multi_duet"), N.SEVERAL_LEVELS, T.CREATOR,
        "request post-not-eligible#source_agreed", S.MULTI_DUET_STITCH_REFUSED),
    Try("two mentions", _bad_post("two_mentions"), N.SEVERAL_MENTIONS, T.CREATOR,
        "request post-not-eligible#tags_counted", S.MENTION_MULTIPLE_VIDEOS),
    Try("over", _ended_there, N.WINDOW_OVER, T.CREATOR, "extend extend-a-code#extended", S.AUTH_CODE_EXPIRED),
    Try("nobody made it", lambda desk: by_hand(desk, MADE_UP), N.CODE_DELETED, T.CREATOR,
        "replace replace-a-code#replaced", S.AUTH_CODE_NOT_FOUND),
    Try("no code at all", lambda desk: by_hand(desk, "no-hash-in-front-of-it"), N.CODE_MALFORMED, T.ADVERTISER,
        "open code-does-not-work#pasted_whole", S.AUTH_CODE_FORMAT_ERROR),
)  # fmt: skip
"""Refused by name: the code or the post is at fault."""

LOOK: Final = "check code-does-not-work#answer_unclear"
UNCERTAIN: Final = (
    Try("rpc", _answers(-500, "call_rpc_fail: reload"), N.UNCERTAIN, T.EITHER, LOOK, S.CALL_RPC_FAIL),
    Try("db", _answers(-500, "call_db_fail: reload"), N.UNCERTAIN, T.EITHER, LOOK, S.CALL_DB_FAIL),
    Try("server error", _fault("server_error"), N.UNCERTAIN, T.EITHER, LOOK),
    Try("a gateway's page", _fault("not_json"), N.UNCERTAIN, T.EITHER, LOOK),
    Try("no answer", _fault("drop_after"), N.UNCERTAIN, T.EITHER, LOOK),
    Try("duplicate", _answers(40050, "Duplicate request."), N.UNCERTAIN, T.EITHER, LOOK),
)
"""It may have been done: whatever else is wrong, a look comes before anything."""

CONNECTION: Final = "code-does-not-work#connection"
PERMISSION: Final = "advertiser does not grant you /tt_video/authorize/:POST permission"
OTHERS: Final = (
    Try("throttled", _fault("throttle"), N.THROTTLED, T.PLATFORM, "code-does-not-work#too_fast"),
    Try("qps", _answers(40002, "QPS limit reached"), N.THROTTLED, T.PLATFORM, "code-does-not-work#too_fast"),
    Try("token", _answers(40105, "Access token is incorrect."), N.ADVERTISER_LAPSED, T.ADVERTISER, CONNECTION),
    Try("scope", _answers(40001, PERMISSION), N.NO_PERMISSION, T.HOST, "code-does-not-work#permission"),
    Try("login", _answers(40110, "Authorization code is expired."), N.LOGIN_FAILED, T.EITHER, CONNECTION),
    Try("allowlist", _answers(40118, "Not allowed."), N.REGION, T.ADVERTISER, "code-does-not-work#region"),
    Try("government", _government, N.REGION, T.ADVERTISER, "code-does-not-work#region"),
    Try("too many ads", _answers(40502, "Limit."), N.AD_LIMIT, T.ADVERTISER, "code-does-not-work#account_full"),
    Try("parameters", _answers(40002, "auth_code: wrong"), N.PARAMETERS, T.HOST, "code-does-not-work#another_code"),
    Try("applied elsewhere", _used_elsewhere, N.ALREADY_APPLIED_ELSEWHERE, T.ADVERTISER,
        "check take-off-an-ad-account#taken_off"),
    Try("source code", _bad_post("duet"), N.SOURCE_CODE_NEEDED, T.CREATOR, "apply code-does-not-work#source_post"),
    Try("wrong ad account 40001", _foreign("40001"), N.TOKEN_NOT_FOR_AD_ACCOUNT, T.ADVERTISER, CONNECTION),
    Try("wrong ad account 40106", _foreign("40106"), N.TOKEN_NOT_FOR_AD_ACCOUNT, T.ADVERTISER, CONNECTION),
    Try("wrong ad account 40300", _foreign("40300"), N.TOKEN_NOT_FOR_AD_ACCOUNT, T.ADVERTISER, CONNECTION),
)  # fmt: skip


def test_every_name_of_tiktoks_table_is_produced() -> None:
    assert {each.error for each in (*NAMED, *UNCERTAIN)} - {None} == set(wire.SparkCodeError)


@database
@pytest.mark.parametrize(("each", "number"), [*((each, "40002") for each in NAMED), (NAMED[0], "help_center")], ids=str)
def test_what_is_refused_by_name_is_told_by_its_cause(desk: Desk, each: Try, number: str) -> None:
    switch(desk, code_error_number=number)
    row = each.start(desk)
    assert applied(desk, row).code == (each.error.value if each.error else "")
    _is_told(desk, row, each)


@database
@pytest.mark.parametrize("each", [*OTHERS, *UNCERTAIN], ids=str)
def test_what_else_is_refused_is_told_by_its_cause(desk: Desk, each: Try) -> None:
    row = each.start(desk)
    applied(desk, row)
    _is_told(desk, row, each)


def _is_told(desk: Desk, row: Authorization, each: Try) -> None:
    first = told(desk, row).first
    assert first.cause.name is each.cause
    fix = first.cause.fix
    assert (first.cause.turn, f"{fix.verb} {fix.guide}#{fix.step}".strip()) == (each.turn, each.fix)
    assert first.said.title and first.said.why and first.said.do and first.said.turn
    german = told(desk, row, language="de").first
    assert german.cause == first.cause and german.said.title != first.said.title
    assert german.messages == first.messages and set(first.messages) in ({"en", "de"}, set())


@database
def test_behind_an_uncertain_step_stands_what_the_platform_answered(desk: Desk) -> None:
    row = UNCERTAIN[0].start(desk)
    applied(desk, row)
    assert N.PLATFORM_FAULT in names(told(desk, row))


@database
def test_an_ad_account_that_was_given_another_name_since_is_not_called_somebody_elses(desk: Desk) -> None:
    row = desk.opened()
    order(desk, APPLY, "refuse", code=40002, message="auth_code_not_found: x")
    applied(desk, row)
    AdAccount.objects.update(name="Renamed")
    assert N.FOREIGN_AD_ACCOUNT not in names(told(desk, row))


@database
def test_what_the_creators_side_is_refused_is_told_too(desk: Desk) -> None:
    order(desk, SETTING, "refuse", code=40105, message="Access token is incorrect.", times=9)
    with pytest.raises(PlatformRefused):
        desk.issued()
    row = Authorization.objects.get()
    assert told(desk, row, "mara").first.cause.name is N.CREATOR_LAPSED


@database
def test_ads_that_run_keep_a_post_from_being_switched_off(desk: Desk) -> None:
    row = desk.in_use()
    desk.ad(row)
    services.ask_to_end(authorization=row, reason="Early end.", actor=desk.mara, at=desk.at)
    with pytest.raises(PlatformRefused):
        services.switch_off(authorization=row, actor=desk.mara, at=desk.at)
    first = told(desk, row, "mara").first
    assert first.cause.name is N.ADS_RUNNING and first.cause.turn is T.ADVERTISER and first.messages


@database
def test_what_failed_before_it_was_written_down_is_told_by_the_door_that_tried(desk: Desk) -> None:
    row = desk.opened()
    order(desk, STATUS, "refuse", code=40100, message="Too many requests.", times=9)
    with pytest.raises(Refused) as met:
        services.check(authorization=row, actor=desk.mara, at=desk.at)
    assert N.THROTTLED not in names(told(desk, row, "mara"))
    attempt = Attempt(Verb.CHECK, met.value)
    assert told(desk, row, "mara", attempt=attempt).first.cause.name is N.THROTTLED
    lapsed = Attempt(Verb.EXTEND, PlatformRefused("connection_lapsed", "It has lapsed.", "Connect again."))
    assert told(desk, row, "mara", attempt=lapsed).first.cause.name is N.CREATOR_LAPSED


@database
def test_what_was_overtaken_is_told_no_more(desk: Desk) -> None:
    row = desk.opened()
    order(desk, APPLY, "refuse", code=40002, message="auth_code_not_found: x")
    applied(desk, row)
    assert told(desk, row).first.cause.name is N.CODE_DELETED
    desk.applied(fresh(row), desk.us)
    assert told(desk, row).first.cause.name is N.CODE_DELETED, "that was another ad account"
    desk.applied(fresh(row))
    assert N.CODE_DELETED not in names(told(desk, row))


@database
def test_a_new_window_makes_old_answers_stale(desk: Desk) -> None:
    row = desk.opened()
    order(desk, APPLY, "refuse", code=40002, message="auth_code_expired: x")
    applied(desk, row)
    services.extend(authorization=fresh(row), days=30, actor=desk.mara, at=desk.at)
    assert N.WINDOW_OVER not in names(told(desk, row))


# -- from the record and from what is pasted ---------------------------------------------------------------------------


@database
def test_the_record_alone_tells_what_it_knows(desk: Desk) -> None:
    row = desk.in_use()
    assert told(desk, row).first.cause.name is N.WORKS
    desk.later(days=31)
    assert told(desk, row).first.cause.name is N.WINDOW_OVER
    assert told(desk, desk.issued(post=desk.note("public_two"))).first.cause.name is N.NOT_HANDED_OVER
    private = desk.note("carousel", visibility=Post.Visibility.PUBLIC)
    asked = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=private.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    assert told(desk, asked).first.cause.name is N.NO_CODE_YET


@database
def test_a_damaged_paste_is_compared_with_the_code_of_the_record(desk: Desk) -> None:
    desk.disconnect_all()
    row = by_hand(desk, MADE_UP)
    assert told(desk, row, code=MADE_UP.replace("+", " ")).first.cause.name is N.CODE_DAMAGED
    assert told(desk, row, error=MADE_UP.replace("+", " ")).first.cause.name is N.CODE_DAMAGED, "in the wrong field"
    assert N.CODE_DAMAGED not in names(told(desk, row, code=MADE_UP))
    assert told(desk, row, code="auth_code_expired").first.cause.name is N.WINDOW_OVER, "a message where the code goes"
    link = f"https://www.tiktok.com/@mara.makes/video/{desk.post.platform_id}"
    assert told(desk, row, code=link).first.cause.name is N.LINK_PASTED


@database
def test_a_code_of_another_record_is_named_to_those_who_see_that_record_alone(desk: Desk) -> None:
    row = by_hand(desk)
    theirs = by_hand(desk, MADE_UP, advertiser=desk.rival, post=desk.note("public_two"))
    found = told(desk, row, "mara", code=MADE_UP)
    assert found.first.cause.name is N.OTHER_POST and theirs.reference in str(found)
    found = told(desk, row, "bo", code=MADE_UP)
    assert found.first.cause.name is N.OTHER_CODE and theirs.reference not in str(found)


@database
def test_the_same_code_for_two_advertisers_is_told_to_the_creator_alone(desk: Desk) -> None:
    row, theirs = by_hand(desk), by_hand(desk, advertiser=desk.rival)
    order(desk, APPLY, "refuse", code=40002, message="auth_code: already used by another advertiser")
    applied(desk, row)
    creators = told(desk, row, "mara")
    assert creators.first.cause.name is N.APPLIED_BY_OTHERS and theirs.reference in str(creators)
    assert theirs.reference not in str(told(desk, row, "bo")) + str(told(desk, row, "viewer"))
    assert "Contoso" not in str(told(desk, row, "bo"))


@database
def test_a_creator_reads_of_no_ad_account_that_the_page_does_not_show(desk: Desk) -> None:
    row = desk.opened()
    order(desk, APPLY, "refuse", code=40106, message="Token does not fit.", times=9)
    applied(desk, row)
    assert "Northwind EU" in str(told(desk, row, "bo"))
    assert "Northwind EU" not in str(told(desk, row, "mara"))
    assert "Northwind EU" in str(told(desk, row, "auditor"))


@database
def test_a_token_that_is_renewed_by_itself_does_not_lapse(desk: Desk) -> None:
    row = desk.in_use()
    later = desk.at + timedelta(days=2)
    assert N.CREATOR_LAPSED not in names(told(desk, row, "mara", at=later))
    seed = desk.seeded.creators[0]
    connections.connect(
        party=desk.creator, platform="tiktok", level=Level.CREATOR, token=seed.token, account_id=seed.account_id,
        base_url=SANDBOX, token_ends_at=desk.at + timedelta(days=1), actor=HOST, at=desk.at,
    )  # fmt: skip
    assert N.CREATOR_LAPSED in names(told(desk, row, "mara", at=later))
    assert Connection.objects.live().count() == 2


@database
def test_a_mended_code_is_never_given_back(desk: Desk) -> None:
    """Neither what was pasted nor the record's own code stands anywhere in the answer, whole or in a message."""
    row = by_hand(desk, MADE_UP)
    for text in (MADE_UP, MADE_UP.replace("+", " "), MADE_UP[:-3], "#ZyX+another/9876543210="):
        for found in (told(desk, row, code=text), told(desk, row, error=f"It says {text}"), pasted(code=text)):
            assert text not in repr(found) and MADE_UP[1:-1] not in repr(found)


# -- who, how much, and nothing written --------------------------------------------------------------------------------


@database
def test_whoever_sees_the_record_may_ask_and_nobody_else(desk: Desk) -> None:
    row = desk.in_use()
    for who in ("mara", "bo", "kim", "viewer", "admin", "auditor"):
        assert told(desk, row, who).first
    vic = accounts.create_user(email="vic@example.org", name="Vic", actor=HOST, at=desk.at)
    accounts.join(user=vic, party=desk.creator, role=Role.VIEWER, actor=HOST, at=desk.at)
    assert diagnose(
        authorization=row, language="en", actor=Actor(name="Vic", door=Door.WEB, user_id=vic.pk), at=desk.at
    ).first
    guest = Actor(name="bo@example.org, by link", door=Door.WEB, user_id=GUEST)
    for outside in (desk.stranger, guest):
        with refused("no_such_authorization", NotFound):
            diagnose(authorization=row, language="en", actor=outside, at=desk.at)


@database
def test_nothing_is_written(desk: Desk) -> None:
    row = desk.opened()
    order(desk, APPLY, "refuse", code=40002, message="auth_code_not_found: x", times=9)
    applied(desk, row)
    before = everything()
    for who in ("mara", "bo", "admin"):
        told(desk, row, who, code=MADE_UP, error="auth_code_expired")
        told(desk, row, who, language="de", code=f"https://www.tiktok.com/@m/video/{desk.post.platform_id}")
    assert everything() == before


@database
def test_however_much_belongs_to_it_it_costs_the_same(desk: Desk) -> None:
    row = desk.in_use()

    def queries() -> int:
        found = services.find(reference=row.reference, actor=desk.bo)
        with CaptureQueriesContext(connection) as counted:
            diagnose(authorization=found, code=MADE_UP, error="4025", language="en", actor=desk.bo, at=desk.at)
        return len(counted)

    few = queries()
    desk.applied(fresh(row), desk.us)
    for days in (40, 50, 60):
        row.campaigns.add(desk.campaign(days=days))
    desk.disconnect_all()
    by_hand(desk, MADE_UP, post=desk.note("public_two"), advertiser=desk.rival)
    assert queries() <= few + 2 and few <= 25


@database
def test_what_is_far_too_long_is_refused(desk: Desk) -> None:
    row = desk.in_use()
    for given in ({"code": "x" * (LONGEST + 1)}, {"error": "x" * (LONGEST + 1)}):
        with refused("text_too_long", Invalid):
            told(desk, row, **given)
        with refused("text_too_long", Invalid):
            pasted(**given)


# -- without a record --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ({"error": "auth_code_expired"}, N.WINDOW_OVER),
        ({"error": "Error 4013"}, N.CODE_MALFORMED),
        ({"error": "-500"}, N.PLATFORM_FAULT),
        ({"error": "QPS limit"}, N.THROTTLED),
        ({"code": "https://www.tiktok.com/@m/video/7310000000000010007"}, N.LINK_PASTED),
        ({"error": "https://www.tiktok.com/@m/video/7310000000000010007"}, N.LINK_PASTED),
        ({"code": "7310000000000010007"}, N.POST_ID_PASTED),
        ({"code": "#AbC dEf/1234567="}, N.LOOKS_DAMAGED),
        ({"code": "“#AbC+dEf/1234567=”"}, N.QUOTES_AROUND),
        ({"code": MADE_UP}, N.UNKNOWN),
        ({"code": MADE_UP, "error": "story_video_not_supported"}, N.STORY),
        ({}, N.UNKNOWN),
    ],
)
def test_without_a_record_and_without_a_database(given: dict[str, str], cause: N) -> None:
    """This test has no database: asking it anything would fail."""
    for language in ("en", "de"):
        assert pasted(language=language, **given).first.cause.name is cause


def _sides(desk: Desk) -> Secret:
    theo = desk.seeded.creators[1]
    side = registry.platform("tiktok").creator(
        Address(f"{SANDBOX}{settings.VALETKEY_SANDBOX_STATE}", theo.token, theo.account_id)
    )
    side.switch_on(post_id=theo.posts["public"], term_days=30)
    code = side.code_of(post_id=theo.posts["public"]).code
    assert code is not None
    return code


@database
def test_with_the_wrong_source_code_the_source_code_is_still_what_is_missing(desk: Desk) -> None:
    row = desk.issued(post=desk.note("duet"))
    _sides(desk)
    own = fresh(row).code
    assert own is not None
    with pytest.raises(PlatformRefused):
        services.apply(authorization=row, ad_account=desk.eu, source_code=own.reveal(), actor=desk.bo, at=desk.at)
    assert told(desk, row).first.cause.name is N.SOURCE_CODE_NEEDED
