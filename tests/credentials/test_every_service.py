"""Every service that takes a text of one's own refuses one that carries a credential; who insists has it kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail

from tests.credentials.everywhere import SECRET, TELLTALE, database
from tests.desk import HOST, Desk
from tests.test_permissions import Stage
from valetkey.accounts import services as accounts
from valetkey.accounts.models import User
from valetkey.accounts.policy import Role
from valetkey.audit.entry import Door
from valetkey.authorizations import services
from valetkey.authorizations.filters import Filters
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.credential import Insisted
from valetkey.errors import Invalid
from valetkey.findings import services as findings
from valetkey.findings.models import Finding
from valetkey.register import services as register
from valetkey.register.exposed import Shared
from valetkey.register.models import Source
from valetkey.register.services import PostFacts
from valetkey.secret import Secret

pytestmark = pytest.mark.django_db

Call = Callable[[str], object]


def _request(stage: Stage, **given: Any) -> Call:
    desk = stage.desk
    usual: dict[str, Any] = {
        "creator": desk.creator, "advertiser": desk.advertiser, "platform": "tiktok",
        "post_id": desk.post.platform_id, "days": 30, "actor": desk.bo, "at": desk.at,
    }  # fmt: skip
    return lambda text: services.request(**{**usual, **{name: text for name in given}})


def _ask(stage: Stage, name: str) -> Call:
    desk = stage.desk
    usual: dict[str, Any] = {
        "creator": "Lena Films", "advertiser": desk.advertiser, "platform": "tiktok", "days": 30,
        "post": "https://www.tiktok.com/@lena/video/7301234567890123456", "actor": desk.bo, "at": desk.at,
    }  # fmt: skip
    return lambda text: services.ask(**{**usual, name: text})


def _of(
    service: Callable[..., object], field: str, start: Callable[[Stage], Any], **more: Any
) -> Callable[[Stage], Call]:
    def made(stage: Stage) -> Call:
        row = start(stage)
        return lambda text: service(authorization=row, **{field: text}, **more, actor=HOST, at=stage.desk.at)

    return made


def _share_guide(stage: Stage) -> Call:
    row, desk = stage.by_hand(), stage.desk
    return lambda text: services.share_guide(
        authorization=row, name="extend-a-code", recipient=text, actor=desk.bo, at=desk.at
    )


def _decline_by_link(stage: Stage) -> Call:
    link = stage.sent().request_links.get()
    return lambda text: services.decline_request(request_link=link, reason=text, actor=HOST, at=stage.desk.at)


def _short_reason(stage: Stage) -> Call:
    desk = stage.desk
    campaigns = (desk.campaign(),)
    return lambda text: services.authorize(
        post=desk.post, advertiser=desk.advertiser, days=30, campaigns=campaigns, short_reason=text,
        actor=desk.mara, at=desk.at,
    )  # fmt: skip


def _view(stage: Stage, **filters: Any) -> Call:
    desk = stage.desk
    if filters:
        return lambda text: services.save_view(name="x", filters=Filters.of({"text": text}), actor=desk.bo, at=desk.at)
    return lambda text: services.save_view(name=text, filters=Filters(), actor=desk.bo, at=desk.at)


def _user(stage: Stage) -> User:
    return User.objects.get(email="kim@example.org")


def _host(service: Callable[..., object], name: str, **more: Any) -> Callable[[Stage], Call]:
    return lambda stage: lambda text: service(**{name: text}, **_told(more, stage), actor=HOST, at=stage.desk.at)


def _told(more: dict[str, Any], stage: Stage) -> dict[str, Any]:
    return {name: value(stage) if callable(value) else value for name, value in more.items()}


def _accept(stage: Stage) -> Call:
    desk = stage.desk
    made = accounts.invite(mail="new@example.org", party=desk.advertiser, role=Role.MEMBER, actor=HOST, at=desk.at)
    return lambda text: accounts.accept_invitation(
        link=made.link, name=text, password=Secret("four quiet lamps at dusk"), door=Door.WEB, at=stage.desk.at
    )


def _factors(stage: Stage) -> Call:
    user = _user(stage)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return lambda text: accounts.forget_factors(user=user, reason=text, actor=stage.desk.admin, at=stage.desk.at)


def _post(stage: Stage, field: str) -> Call:
    def call(text: str) -> object:
        facts: dict[str, Any] = {"caption": text} if field == "caption" else {"url": f"https://x.example/?{text}"}
        if isinstance(text, Insisted):
            facts = {name: Insisted(value) for name, value in facts.items()}
        stated = PostFacts(platform="tiktok", platform_id="7301234567890123456", **facts)
        desk = stage.desk
        return register.note_post(held_by=desk.creator, facts=stated, source=Source.STATED, actor=desk.mara, at=desk.at)

    return call


def _exposure(stage: Stage) -> Any:
    return register.open_exposure(
        held_by=stage.desk.creator, platform="tiktok", account="@mara", shared=Shared.PASSWORD, actor=HOST,
        at=stage.desk.at,
    )  # fmt: skip


def _campaign(stage: Stage) -> dict[str, Any]:
    day = stage.desk.at.date()
    return {"starts_on": day, "ends_on": day + timedelta(days=9)}


def _connect(stage: Stage) -> Call:
    desk = stage.desk
    return lambda text: connections.connect(
        party=desk.creator, platform="tiktok", level=Level.CREATOR, token=Secret("t" * 40), account_id=text,
        actor=HOST, at=desk.at,
    )  # fmt: skip


def _finding(stage: Stage) -> Call:
    stage.applied()
    findings.sweep(actor=HOST, at=stage.desk.at, look=False)
    rows = list(Finding.objects.all())
    return lambda text: findings.acknowledge(findings=rows, reason=text, actor=HOST, at=stage.desk.at)


DOORS: dict[str, Callable[[Stage], Call]] = {
    "request message": lambda stage: _request(stage, message=""),
    "ask creator": lambda stage: _ask(stage, "creator"),
    "ask recipient": lambda stage: _ask(stage, "recipient"),
    "ask message": lambda stage: _ask(stage, "message"),
    "decline": _of(services.decline, "reason", Stage.requested),
    "withdraw": _of(services.withdraw, "reason", Stage.requested),
    "send_request": _of(services.send_request, "recipient", Stage.requested, mail="", send_mail=False),
    "decline by link": _decline_by_link,
    "short_reason": _short_reason,
    "hand_over": _of(services.hand_over, "recipient", Stage.by_hand),
    "share_guide": _share_guide,
    "ask_to_end": _of(services.ask_to_end, "reason", Stage.by_hand),
    "confirm_end": _of(services.confirm_end, "seen", Stage.switched_off),
    "tell_advertiser": _of(services.tell_advertiser, "how", Stage.ended),
    "save_view name": lambda stage: _view(stage),
    "save_view text": lambda stage: _view(stage, text=""),
    "create_party": _host(accounts.create_party, "name", kind="brand"),
    "rename_party": _host(accounts.rename_party, "name", party=lambda stage: stage.desk.rival),
    "enter_creator": _host(accounts.enter_creator, "name"),
    "create_user": _host(accounts.create_user, "name", email="new@example.org"),
    "end_user": _host(accounts.end_user, "reason", user=_user),
    "forget_factors": _factors,
    "make_token": _host(accounts.make_token, "label", user=_user),
    "invite": _host(
        accounts.invite, "name", mail="new@example.org", party=lambda s: s.desk.advertiser, role=Role.MEMBER
    ),
    "accept": _accept,
    "note_post caption": lambda stage: _post(stage, "caption"),
    "note_post url": lambda stage: _post(stage, "url"),
    "note_ad_account": _host(
        register.note_ad_account, "name", held_by=lambda s: s.desk.advertiser, platform="tiktok", platform_id="123",
        time_zone="UTC",
    ),
    "note_campaign": lambda stage: lambda text: register.note_campaign(
        ad_account=stage.desk.eu, name=text, **_campaign(stage), actor=HOST, at=stage.desk.at
    ),
    "change_campaign": _host(register.change_campaign, "name", campaign=lambda s: s.desk.campaign()),
    "exposure account": _host(
        register.open_exposure, "account", held_by=lambda s: s.desk.creator, platform="tiktok", shared=Shared.PASSWORD
    ),
    "exposure note": _host(
        register.open_exposure, "note", held_by=lambda s: s.desk.creator, platform="tiktok", shared=Shared.PASSWORD,
        account="@mara",
    ),
    "add_knower": _host(register.add_knower, "name", exposure=_exposure),
    "close_exposure": _host(register.close_exposure, "how", exposure=_exposure),
    "connect": _connect,
    "finding reason": _finding,
}  # fmt: skip


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk, {})


@pytest.mark.parametrize("name", DOORS)
def test_a_credential_is_refused_and_is_nowhere(stage: Stage, name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    call = DOORS[name](stage)
    with pytest.raises(Invalid) as refused:
        call(SECRET)
    assert refused.value.code == "credential_in_text"
    assert TELLTALE not in f"{refused.value!r} {refused.value}"
    assert TELLTALE not in database()
    assert TELLTALE not in caplog.text
    assert not any(TELLTALE in str(vars(each)) for each in mail.outbox)


@pytest.mark.parametrize("name", DOORS)
def test_who_insists_has_it_kept_as_it_was_typed(stage: Stage, name: str) -> None:
    DOORS[name](stage)(Insisted(SECRET))
    assert SECRET in database()


def test_looking_for_something_is_no_text_that_is_kept(desk: Desk) -> None:
    assert not services.search(filters=Filters.of({"text": SECRET}), actor=desk.bo, at=desk.at)


def test_what_the_platform_sends_nobody_typed(desk: Desk) -> None:
    facts = PostFacts(platform="tiktok", platform_id="7301234567890123456", caption=SECRET)
    register.note_post(held_by=desk.creator, facts=facts, source=Source.OBSERVED, actor=desk.mara, at=desk.at)
