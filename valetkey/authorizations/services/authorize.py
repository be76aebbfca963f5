"""Authorize a post: eligibility, then switch ad authorization on and read the code and its window back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q

from valetkey.accounts.models import Party, standing_of
from valetkey.accounts.policy import may
from valetkey.accounts.services import no_such_party
from valetkey.audit.entry import Actor
from valetkey.audit.services import record, writing
from valetkey.authorizations import lifecycle, terms
from valetkey.authorizations.coverage import Window, end_of_term
from valetkey.authorizations.eligibility import KnownPost, hindrances, unknowns
from valetkey.authorizations.lifecycle import State, Verb
from valetkey.authorizations.models import Authorization, AuthorizationQuerySet, WindowSource
from valetkey.authorizations.services.claims import perform, refusal
from valetkey.authorizations.services.name_owner import answer_for, owners_of
from valetkey.authorizations.services.too_short import chosen, need_of, needed_for, said_before
from valetkey.authorizations.services.transition import refuse_unfit, require, take
from valetkey.authorizations.services.window import set_window
from valetkey.connectors import registry
from valetkey.connectors.base import CodeStatus, CreatorSide, PlatformFault, PostKind, Says, SeenCode, Visibility
from valetkey.connectors.services import creator_side
from valetkey.errors import Conflict, Forbidden, Invalid
from valetkey.register.models import AdAccount, Campaign, Post
from valetkey.secret import Secret
from valetkey.vault import keyring

TERMS_SEEN: Final = "authorization.terms.seen"


def authorize(
    *,
    post: Post,
    advertiser: Party,
    days: int,
    agreed_until: date | None = None,
    ad_account: AdAccount | None = None,
    campaigns: tuple[Campaign, ...] = (),
    terms_seen: bool = False,
    short_reason: str = "",
    actor: Actor,
    at: datetime,
) -> Authorization:
    """The creator starts: one post for one advertiser. Nothing is kept when the post cannot be used.

    Raises TooShort for days that end too early, unless `short_reason` says why.
    """
    require_start(post, advertiser, Verb.ISSUE, actor)
    check_days(post.platform, days)
    refuse_past_agreement(agreed_until, at)
    refuse_ineligible(post)
    refuse_foreign(advertiser, ad_account, campaigns)
    chosen(needed_for(campaigns, agreed_until), post.platform, at, days, short_reason)
    creator_side_of(post, at)
    row = start(
        post=post,
        advertiser=advertiser,
        agreed_until=agreed_until,
        ad_account=ad_account,
        campaigns=campaigns,
        actor=actor,
        at=at,
    )
    return issue(authorization=row, days=days, terms_seen=terms_seen, short_reason=short_reason, actor=actor, at=at)


def issue(
    *,
    authorization: Authorization,
    days: int,
    agreed_until: date | None = None,
    terms_seen: bool = False,
    short_reason: str = "",
    actor: Actor,
    at: datetime,
) -> Authorization:
    """Switch ad authorization on for the post and read the code back. Also the answer to a request.

    A request may be granted for less: fewer days, or an earlier `agreed_until`. `terms_seen`: the actor confirms to
    have read `terms`, which goes into the history before anything goes to the platform. Raises TooShort for days that
    end too early, unless `short_reason` says why.
    """
    require(authorization, Verb.ISSUE, actor)
    post = authorization.post
    check_days(post.platform, days)
    check_grant(authorization, agreed_until, at)
    refuse_ineligible(post)
    refuse_unfit(authorization, Verb.ISSUE)
    reason = said_before(authorization, Window(at, end_of_term(at, days)), short_reason)
    said = chosen(need_of(authorization, agreed_until), post.platform, at, days, reason)
    side = creator_side_of(post, at)
    _refuse_second_code(authorization, side)

    def call() -> SeenCode:
        side.switch_on(post_id=post.platform_id, term_days=days)
        seen = read_code(side, post.platform_id)
        if is_known_elsewhere(authorization, seen):
            raise Conflict(
                "same_code",
                "The platform gave the code that is there already; it keeps one code per post.",
                "Extend the one there is, or let it end first.",
            )
        return seen

    def settle(seen: SeenCode) -> Mapping[str, object]:
        taken = take_code(authorization, Verb.ISSUE, seen, days, at)
        return {**taken, **answer_for(authorization, actor=actor, at=at)}

    def legal(row: Authorization) -> None:
        lifecycle.apply(State(row.state), Verb.ISSUE, row.progress())
        _refuse_if_busy(row, at)
        # With the claim, so that it holds too when the answer is lost and a look finds the code.
        if row.granted_until != agreed_until:
            take(row, State(row.state), granted_until=agreed_until)
        if terms_seen:
            write_terms_seen(row, actor=actor, at=at)

    perform(authorization, Verb.ISSUE, actor=actor, at=at, legal=legal, call=call, settle=settle, said=said)
    return authorization


def start(
    *,
    post: Post,
    advertiser: Party,
    agreed_until: date | None,
    ad_account: AdAccount | None,
    campaigns: tuple[Campaign, ...],
    actor: Actor,
    at: datetime,
    replaces: Authorization | None = None,
) -> Authorization:
    """The row of an authorization that has no code yet. A row left over from a refused attempt is used again."""
    with writing(durable=True):
        left = Authorization.objects.filter(post=post, advertiser=advertiser, state=State.NEW, replaces=replaces)
        row = left.first()
        if row is None:
            row = Authorization.objects.create(
                post=post, advertiser=advertiser, created_at=at, replaces=replaces, **owners_of(replaces, at)
            )
            detail = {"post": post.platform_id, "advertiser": advertiser.name, **answer_for(row, actor=actor, at=at)}
            if replaces is not None:
                detail["replaces"] = replaces.reference
            record(event="authorization.started", subject=row.subject, actor=actor, at=at, detail=detail)
        take(row, State.NEW, agreed_until=agreed_until, agreed_ad_account=ad_account)
        row.campaigns.set(campaigns)
    return row


def require_start(post: Post, advertiser: Party, verb: Verb, actor: Actor) -> None:
    """Whether the actor may begin an authorization of this post for this advertiser."""
    standing = standing_of(actor, creator=post.held_by, advertiser=advertiser)
    if not standing.may_see():
        raise no_such_party(advertiser.name)
    if not may(verb.value, standing):
        raise Forbidden("not_your_verb", "This belongs to the creator's side.", f"Ask somebody of {post.held_by}.")


def check_days(platform: str, days: int) -> None:
    terms = registry.platform(platform).terms
    if not terms.shortest <= days <= terms.longest:
        offered = ", ".join(str(term) for term in terms.confirmed)
        raise Invalid(
            "days_out_of_range",
            f"{days} days is not possible: a code lasts {terms.shortest} to {terms.longest} days.",
            f"The platform offers {offered} days.",
        )


def refuse_past_agreement(agreed_until: date | None, at: datetime) -> None:
    if agreed_until is not None and agreed_until < at.date():
        raise Invalid(
            "agreed_until_past", f"The agreed day {agreed_until} is past.", "Give a day that is still to come."
        )


def check_grant(authorization: Authorization, agreed_until: date | None, at: datetime) -> None:
    """Whether a request can be answered with this last day of agreed use: an earlier one than asked, never a later."""
    refuse_past_agreement(agreed_until, at)
    asked = authorization.agreed_until if authorization.requested_days is not None else None
    if agreed_until is not None and asked is not None and agreed_until > asked:
        raise Invalid(
            "later_than_asked",
            f"The request asks for use until {asked}; {agreed_until} is later.",
            "Grant that day or an earlier one.",
        )


def grant_detail(authorization: Authorization, days: int | None, agreed_until: date | None) -> dict[str, object]:
    """For the entry, before the grant is written: what was asked and what is granted, where a request is answered."""
    if authorization.requested_days is None:
        return {}
    asked = authorization.agreed_until
    granted = agreed_until or asked
    return {
        "requested_days": authorization.requested_days,
        "granted_days": days,
        "requested_until": asked.isoformat() if asked else None,
        "granted_until": granted.isoformat() if granted else None,
    }


def write_terms_seen(authorization: Authorization, *, actor: Actor, at: datetime) -> None:
    """Inside the caller's transaction: who confirms to have read what switching on does, with that text's digest."""
    detail: dict[str, object] = {"digest": terms.DIGEST}
    record(event=TERMS_SEEN, subject=authorization.subject, actor=actor, at=at, detail=detail)


def refuse_foreign(advertiser: Party, ad_account: AdAccount | None, campaigns: tuple[Campaign, ...]) -> None:
    """What is agreed on must be the advertiser's own; the other side reads its name."""
    accounts = [*([ad_account] if ad_account else []), *(campaign.ad_account for campaign in campaigns)]
    for account in accounts:
        if account.held_by_id != advertiser.pk:
            raise Invalid(
                "not_the_advertisers",
                f"{account} is no ad account of {advertiser}.",
                f"Name an ad account and campaigns of {advertiser}.",
            )


def refuse_ineligible(post: Post) -> None:
    """Raises Invalid with the first thing that stands in the way and what to do about it."""
    found = hindrances(known(post))
    if found:
        raise Invalid(found[0].code, found[0].sentence, found[0].next_step)


def known(post: Post) -> KnownPost:
    return KnownPost(PostKind(post.medium), Visibility(post.visibility), post.ad_authorization_available)


def not_known(*, post: Post) -> tuple[str, ...]:
    """What the eligibility check could not see, in words."""
    return unknowns(known(post))


def creator_side_of(post: Post, at: datetime) -> CreatorSide:
    """The creator's connection. Raises Conflict where there is none: then the code is made by hand and typed in."""
    side = creator_side(party=post.held_by, platform=post.platform, at=at)
    if side is None:
        raise Conflict(
            "by_hand",
            f"{post.held_by} is not connected, so the desk cannot do this on the platform.",
            "In TikTok open the post, ··· > Ad settings, switch Ad authorization on, generate and copy the code;"
            " then type it in here. Or connect the creator's account first.",
        )
    return side


def read_code(side: CreatorSide, post_id: str) -> SeenCode:
    """Read after a write that was accepted. When no code can be read, the whole is uncertain: the write stands."""
    try:
        seen = side.code_of(post_id=post_id)
    except PlatformFault as fault:
        raise PlatformFault(Says.UNCERTAIN, fault.cause, fault.raw, fault.request_id) from None
    if seen.code is None:
        raise PlatformFault(Says.UNCERTAIN, "no_code_shown", "")
    return seen


def take_code(
    authorization: Authorization, verb: Verb, seen: SeenCode, days: int | None, at: datetime
) -> dict[str, object]:
    """Inside the settling transaction: the code and the window as the platform shows them. `seen` has a code."""
    if seen.code is None:
        raise ValueError("A code is taken over only where one was seen.")
    fields: dict[str, Any] = {
        "code": seen.code,
        "code_fingerprint": keyring().fingerprint(seen.code),
        "term_days": seen.term_days or days,
        "checked_at": at,
        "drift": [],
        "agreed_until": authorization.granted_until or authorization.agreed_until,
        "granted_until": None,
    }
    granted = grant_detail(authorization, days, authorization.granted_until)
    state = lifecycle.apply(State(authorization.state), verb, authorization.progress())
    take(authorization, state, **fields)
    set_window(
        authorization,
        verb,
        starts_at=seen.starts_at,
        ends_at=seen.ends_at,
        source=WindowSource.PLATFORM,
        days=days,
        at=at,
    )
    ends_at = seen.ends_at.isoformat() if seen.ends_at else None
    return {"days": days, "ends_at": ends_at, "source": "platform", **granted}


def is_other_code(authorization: Authorization, seen: Secret | None) -> bool:
    """Whether a code that was shown is certainly not this one. People copy a code with and without its `#`."""
    if seen is None or authorization.code is None:
        return False
    ours, theirs = (code.reveal().removeprefix("#") for code in (authorization.code, seen))
    return Secret(ours) != Secret(theirs)


def is_known_elsewhere(authorization: Authorization, seen: SeenCode) -> bool:
    """Whether the code belongs to another authorization already, a predecessor's above all."""
    if seen.code is None:
        return False
    known = Authorization.objects.filter(code_fingerprint__in=keyring().fingerprints(seen.code))
    return known.exclude(pk=authorization.pk).exists()


def refuse_other_code(authorization: Authorization, seen: SeenCode) -> None:
    """A verb on a post reaches the code the post has now. Raises Conflict when that is not this authorization's."""
    if is_other_code(authorization, seen.code):
        raise Conflict(
            "other_code",
            "The platform shows another code for this post, and this would change that one.",
            "Use the authorization that holds it; the list shows whether this desk knows it.",
        )


def same_post(authorization: Authorization) -> AuthorizationQuerySet:
    """The other authorizations of its post, as its creator keeps them.

    Anybody can enter a post of somebody else's under their own name; that must not stand in the creator's way.
    """
    return Authorization.objects.filter(post=authorization.post_id).exclude(pk=authorization.pk)


def _refuse_if_busy(authorization: Authorization, at: datetime) -> None:
    """Two at the same moment would be given one and the same code; the look before the claim cannot show that."""
    others = same_post(authorization)
    if others.filter(claim_verb=Verb.ISSUE).exists():
        raise Conflict(
            "post_busy",
            "Another authorization of this post is being made.",
            "Wait until it is settled; the list shows it.",
        )
    unended = Q(ends_at=None) | Q(ends_at__gt=at)
    if (
        authorization.replaces_id is None
        and others.live().filter(unended, window_source=WindowSource.PLATFORM).exists()
    ):
        raise _post_has_code()


def _refuse_second_code(authorization: Authorization, side: CreatorSide) -> None:
    """A post has one code at a time (inferred), so switching on again could end or change somebody else's."""
    if authorization.replaces_id is not None:
        return
    try:
        seen = side.code_of(post_id=authorization.post.platform_id)
    except PlatformFault as fault:
        if fault.says is Says.TRY_LATER:
            raise refusal(fault) from None
        return  # a post without a code may well be answered with an error; switching on will tell
    if seen.code is not None and seen.status in {CodeStatus.UNUSED, CodeStatus.IN_USE}:
        raise _post_has_code()


def _post_has_code() -> Conflict:
    return Conflict(
        "post_has_code",
        "This post has a live code on the platform already.",
        "Extend it, replace it, or end it first; the list shows whether this desk knows it.",
    )
