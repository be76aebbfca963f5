"""Look at the platform, write what differs from the record, settle what was left uncertain. It only reads there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from valetkey.accounts.models import standing_of
from valetkey.accounts.policy import Side
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry
from valetkey.audit.services import record, writing
from valetkey.authorizations import lifecycle
from valetkey.authorizations.coverage import days_between
from valetkey.authorizations.lifecycle import Recorded, Seen, State, Verb
from valetkey.authorizations.models import Application, Authorization, WindowSource
from valetkey.authorizations.services.apply import read_back_detail, settle_applied, settle_seen
from valetkey.authorizations.services.authorize import is_known_elsewhere, is_other_code, take_code
from valetkey.authorizations.services.claims import LATE, free, ready_to_settle, refusal
from valetkey.authorizations.services.end import settle_ended
from valetkey.authorizations.services.expire import is_due, settle_expired
from valetkey.authorizations.services.extend import settle_extended
from valetkey.authorizations.services.too_short import as_attempted
from valetkey.authorizations.services.transition import event, last_line, require, somebody_was_faster, take
from valetkey.authorizations.services.unbind import settle_unbound
from valetkey.authorizations.services.window import open_accesses, set_window
from valetkey.connectors.base import CodeStatus, PlatformFault, SeenApplication, SeenCode
from valetkey.connectors.models import Connection
from valetkey.connectors.services import advertiser_side, creator_side
from valetkey.errors import Conflict, Forbidden
from valetkey.register.models import Source

_ALIVE = frozenset({CodeStatus.UNUSED, CodeStatus.IN_USE})


_LOOKS: Final = 3
_CLOCKS_APART: Final = timedelta(minutes=10)
_AN_END_MOVED: Final = timedelta(minutes=1)


@dataclass
class Look:
    """What one look showed. `code` is None without a creator's connection; an application that is gone maps to None."""

    code: SeenCode | None
    applications: dict[int, SeenApplication | None]
    running_ads: int | None = None
    is_stated: bool = False


def check(*, authorization: Authorization, stated: SeenCode | None = None, actor: Actor, at: datetime) -> Authorization:
    """Bring the record up to what the platform shows. `stated`: what a person saw in the app, without a connection.

    Raises PlatformDown when the platform does not answer, and Conflict while a verb may still be under way; then
    nothing was changed.
    """
    require(authorization, Verb.CHECK, actor)
    if stated is not None:
        _refuse_statement(authorization, actor)
    for _ in range(_LOOKS):
        _unsettled(_rows(authorization), actor, at)
        since = last_line(authorization)
        rows = _rows(authorization)
        unsettled = _unsettled(rows, actor, at)
        look = Look(stated, {}, is_stated=True) if stated else _look(authorization, rows[1], at)
        with writing(durable=True):
            # A verb that was settled after the look began makes the look the older of the two: look again.
            if last_line(authorization) == since:
                _take_over(authorization, rows[1], unsettled, look, actor, at)
                return authorization
    raise somebody_was_faster()


def _refuse_statement(authorization: Authorization, actor: Actor) -> None:
    """The app shows the code to its creator. No other word moves the window, and none where it can be asked."""
    standing = standing_of(actor, creator=authorization.post.held_by, advertiser=authorization.advertiser)
    if not {Side.CREATOR, Side.ADMIN} & standing.sides():
        raise Forbidden(
            "not_your_statement",
            "What the app shows of a code is stated by the creator's side.",
            "Ask them; a check without a statement asks the platform.",
        )
    if Connection.objects.creator_of(authorization.post.held_by, authorization.post.platform) is not None:
        raise Conflict(
            "connected",
            f"{authorization.post.held_by} is connected, so the platform is asked itself.",
            "Check again without saying what you saw.",
        )


def _rows(authorization: Authorization) -> tuple[Authorization, list[Application]]:
    authorization.refresh_from_db()
    return authorization, list(authorization.applications.select_related("ad_account", "authorization"))


def _unsettled(
    rows: tuple[Authorization, list[Application]], actor: Actor, at: datetime
) -> list[Authorization | Application]:
    both: list[Authorization | Application] = [rows[0], *rows[1]]
    return [row for row in both if ready_to_settle(row, actor, at)]


def _take_over(
    authorization: Authorization,
    applications: list[Application],
    unsettled: list[Authorization | Application],
    look: Look,
    actor: Actor,
    at: datetime,
) -> None:
    """Inside one transaction: what was uncertain first, then what differs, then the clock."""
    for row in unsettled:
        _settle_claim(row, authorization, look, actor, at)
    authorization.refresh_from_db()
    _take_late_code(authorization, look, actor, at)
    for application in applications:
        _compare_application(application, authorization, look, actor, at)
    _compare(authorization, look, Source.STATED if look.is_stated else Source.OBSERVED, actor, at)
    if is_due(authorization, at):
        settle_expired(authorization, actor, at)
    if look.code is not None or look.applications:
        Authorization.objects.filter(pk=authorization.pk).update(checked_at=at)
    authorization.refresh_from_db()


def _look(authorization: Authorization, applications: list[Application], at: datetime) -> Look:
    post = authorization.post
    creator = creator_side(party=post.held_by, platform=post.platform, at=at)
    advertiser = advertiser_side(party=authorization.advertiser, platform=post.platform)
    if creator is None and advertiser is None:
        raise Conflict(
            "by_hand",
            "Neither side is connected, so there is nothing to ask.",
            "Look in the app, then state what it shows.",
        )
    look = Look(None, {})
    asked = post.held_by
    try:
        if creator is not None:
            look.code = creator.code_of(post_id=post.platform_id)
        asked = authorization.advertiser
        if advertiser is not None:
            for row in applications:
                account_id = row.ad_account.platform_id
                look.applications[row.pk] = advertiser.application_of(
                    ad_account_id=account_id, code=authorization.code, post_id=post.platform_id
                )
            if authorization.claim_verb == Verb.PAUSE_ADS:
                look.running_ads = sum(
                    ad.is_running
                    for row in applications
                    for ad in advertiser.ads_on(ad_account_id=row.ad_account.platform_id, post_id=post.platform_id)
                )
    except PlatformFault as fault:
        refused = refusal(fault)
        refused.party_id = asked.pk
        raise refused from None
    return look


def _settle_claim(
    row: Authorization | Application, authorization: Authorization, look: Look, actor: Actor, at: datetime
) -> None:
    """Decide from the look whether the uncertain verb was carried out, and write it as done or not done.

    Where the look cannot tell, the claim stays as it is and nothing else is changed either.
    """
    row.refresh_from_db()
    if row.claim_id is None:
        return
    verb = Verb(row.claim_verb)
    was_done = _was_done(row, authorization, verb, look, at)
    if was_done is None:
        raise Conflict(
            "still_uncertain",
            f"The platform does not show whether “{lifecycle.words(verb)}” was carried out.",
            "Connect the side that did it and look again, or say what was done by hand.",
        )
    free(row, row.claim_id)
    detail: dict[str, object] = {"found_by": "check"}
    if isinstance(row, Application):
        detail["ad_account"] = row.ad_account.name
    if was_done:
        detail |= {**_settle_done(row, authorization, verb, look, actor, at), **as_attempted(authorization, verb)}
    outcome = "done" if was_done else "not_done"
    record(event=event(verb, outcome), subject=authorization.subject, actor=actor, at=at, detail=detail)


def _was_done(
    row: Authorization | Application, authorization: Authorization, verb: Verb, look: Look, at: datetime
) -> bool | None:
    """Whether the platform shows the effect of a verb; None when this look cannot tell."""
    if isinstance(row, Application):
        if row.pk not in look.applications:
            return None
        shown = look.applications[row.pk]
        is_there = shown is not None and not is_other_code(authorization, shown.code)
        return is_there if verb is Verb.APPLY else not is_there
    if verb is Verb.PAUSE_ADS:
        return None if look.running_ads is None else look.running_ads == 0
    if look.code is None or is_other_code(row, look.code.code):
        return None
    if verb is Verb.ISSUE:
        return _was_issued(row, look.code, is_stated=look.is_stated)
    if verb is Verb.EXTEND:
        return _was_extended(row, look.code)
    return _was_switched_off(row, look.code, at)


def _was_issued(row: Authorization, seen: SeenCode, *, is_stated: bool) -> bool | None:
    """A code that lives, that is nobody else's, and that was not there before the attempt."""
    if seen.code is None:
        # A person cannot type the code into a check, so all they can say is that there is none.
        return None if is_stated and seen.status is not CodeStatus.DELETED else False
    if seen.status not in _ALIVE or is_known_elsewhere(row, seen):
        return False
    if row.claimed_until is None or seen.starts_at is None:
        return True
    attempted_at = row.claimed_until - timedelta(seconds=settings.VALETKEY_CLAIM_SECONDS)
    return seen.starts_at >= attempted_at - _CLOCKS_APART


def _was_extended(row: Authorization, seen: SeenCode) -> bool | None:
    """The end was read when the verb was claimed. Whether days are added or counted anew, an extension moves it."""
    if seen.status is CodeStatus.DELETED:
        return False
    if seen.ends_at is None or row.ends_at is None:
        return None
    return abs(seen.ends_at - row.ends_at) >= _AN_END_MOVED


def _was_switched_off(row: Authorization, seen: SeenCode, at: datetime) -> bool | None:
    """Shown as deleted, or as over before its time: which of the two TikTok shows is not known."""
    if seen.status is CodeStatus.UNKNOWN:
        return None
    early = row.ends_at is None or at < row.ends_at
    return seen.status is CodeStatus.DELETED or (seen.status is CodeStatus.EXPIRED and early)


def _take_late_code(authorization: Authorization, look: Look, actor: Actor, at: datetime) -> None:
    """A look found no code, and the platform's answer came after it: the code there now is the one asked for."""
    seen = look.code
    if State(authorization.state) not in lifecycle.NOTHING_YET or seen is None or seen.code is None:
        return
    came_late = Entry.objects.filter(subject=authorization.subject, event=event(Verb.ISSUE, LATE)).exists()
    if came_late and seen.status in _ALIVE and not is_known_elsewhere(authorization, seen):
        said = as_attempted(authorization, Verb.ISSUE)
        detail = {"found_by": "check", **take_code(authorization, Verb.ISSUE, seen, seen.term_days, at), **said}
        subject = authorization.subject
        record(event=event(Verb.ISSUE, "done"), subject=subject, actor=actor, at=at, detail=detail)


def _settle_done(
    row: Authorization | Application, authorization: Authorization, verb: Verb, look: Look, actor: Actor, at: datetime
) -> dict[str, object]:
    if isinstance(row, Application):
        if verb is Verb.APPLY:
            settle_applied(row, authorization, Source.OBSERVED, at)
        else:
            settle_unbound(row, authorization, actor, at)
        return {}
    if verb is Verb.ISSUE and look.code is not None:
        return take_code(row, verb, look.code, look.code.term_days, at)
    if verb is Verb.EXTEND and look.code is not None:
        seen = look.code
        return settle_extended(
            row, seen.starts_at, seen.ends_at, _window_source(look), _days_added(row, seen), actor, at
        )
    moment = {"ads_paused_at": at} if verb is Verb.PAUSE_ADS else {"switched_off_at": at}
    take(row, lifecycle.apply(State(row.state), verb, row.progress()), **moment)
    return {}


def _compare_application(
    application: Application, authorization: Authorization, look: Look, actor: Actor, at: datetime
) -> None:
    """Read one application back: its proof, or that the ad account no longer has the post."""
    application.refresh_from_db()
    if application.pk not in look.applications or application.claim_id is not None:
        return
    seen = look.applications[application.pk]
    if seen is not None and is_other_code(authorization, seen.code):
        return  # one line per post is shown, and it is a predecessor's or a successor's
    if application.state not in lifecycle.BOUND:
        if seen is None or seen.code is None:
            return
        settle_applied(application, authorization, Source.OBSERVED, at)
    if seen is None:
        settle_unbound(application, authorization, actor, at)
        detail: dict[str, object] = {"ad_account": application.ad_account.name}
        record(event="authorization.vanished", subject=authorization.subject, actor=actor, at=at, detail=detail)
        return
    was = application.state, application.ends_at, application.identity_id
    settle_seen(application, authorization, seen, actor, at)
    if was != (application.state, application.ends_at, application.identity_id):
        detail = read_back_detail(application)
        record(event=event(Verb.READ_BACK), subject=authorization.subject, actor=actor, at=at, detail=detail)


def _compare(authorization: Authorization, look: Look, source: Source, actor: Actor, at: datetime) -> None:
    """The lifecycle decides what a look means; here it is written."""
    authorization.refresh_from_db()
    seen = _seen(authorization, look)
    if authorization.code is None or authorization.claim_id is not None or seen is None:
        return
    recorded = Recorded(State(authorization.state), authorization.ends_at, authorization.applications.bound().count())
    observation = lifecycle.observe(recorded, seen, at)
    names = [drift.name for drift in observation.drifts]
    if names != authorization.drift:
        detail: dict[str, object] = {"drift": names, "source": source.value}
        record(event="authorization.drift", subject=authorization.subject, actor=actor, at=at, detail=detail)
        take(authorization, State(authorization.state), drift=names)
    if lifecycle.Drift.END_DIFFERS in observation.drifts or (
        authorization.ends_at is None and seen.ends_at is not None
    ):
        _take_window(authorization, look, seen, actor, at)
    if observation.verb is not None:
        _carry_out(authorization, observation.verb, source, actor, at)


def _seen(authorization: Authorization, look: Look) -> Seen | None:
    """The creator's view where there is one, else what an ad account shows of the window."""
    if look.code is not None:
        code = look.code
        is_same = None if code.code is None else not is_other_code(authorization, code.code)
        return Seen(code.status, code.ends_at, is_same)
    shown = [seen for seen in look.applications.values() if seen and not is_other_code(authorization, seen.code)]
    return Seen(shown[0].status, shown[0].ends_at, None) if shown else None


def _window_source(look: Look) -> WindowSource:
    return WindowSource.STATED if look.is_stated else WindowSource.PLATFORM


def _days_added(row: Authorization, seen: SeenCode) -> int | None:
    """The days by which the end moved; None where they cannot be the days somebody asked for."""
    if row.ends_at is None or seen.ends_at is None or row.state == State.EXPIRED or seen.ends_at <= row.ends_at:
        return None
    return days_between(row.ends_at, seen.ends_at)


def _take_window(authorization: Authorization, look: Look, seen: Seen, actor: Actor, at: datetime) -> None:
    """The platform's end date overrules arithmetic, and the chain says so."""
    starts_at = (look.code.starts_at if look.code else None) or authorization.starts_at
    window_source = _window_source(look)
    set_window(
        authorization, Verb.CHECK, starts_at=starts_at, ends_at=seen.ends_at, source=window_source, days=None, at=at
    )
    if authorization.state in lifecycle.LIVE:
        open_accesses(authorization, actor=actor, at=at)


def _carry_out(authorization: Authorization, verb: Verb, source: Source, actor: Actor, at: datetime) -> None:
    if verb in {Verb.SEEN_GONE, Verb.CONFIRM_END}:
        settle_ended(authorization, verb, source, actor, at, detail={})
    elif verb is Verb.EXPIRE:
        settle_expired(authorization, actor, at)
    else:
        take(authorization, lifecycle.apply(State(authorization.state), verb, authorization.progress()))
        open_accesses(authorization, actor=actor, at=at)
        record(event=event(verb), subject=authorization.subject, actor=actor, at=at)
