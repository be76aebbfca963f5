"""What the record tells of an authorization that does not work, the platform's last answer included: its case.

Writes nothing and asks no platform. Knows nothing of what was pasted but which other records have that code.
"""

from __future__ import annotations

from typing import Final

from valetkey.accounts.policy import Standing
from valetkey.audit.entry import Actor
from valetkey.authorizations import code_text
from valetkey.authorizations.lifecycle import BOUND, Drift, State, Verb
from valetkey.authorizations.models import Application, Authorization
from valetkey.authorizations.services import history
from valetkey.authorizations.turn import Whose
from valetkey.connectors import registry
from valetkey.connectors.base import Level, PostKind, Says, Trouble, Visibility
from valetkey.connectors.models import Connection
from valetkey.diagnosis.case import Answer, AppliedOn, Case, Connected, Flight, KnownPost, Origin, Other, Tried
from valetkey.errors import Invalid
from valetkey.register.models import AdAccount, Source
from valetkey.secret import Secret
from valetkey.vault import keyring

_ENTRIES_READ: Final = 100
_OTHERS_READ: Final = 20

_ANEW: Final = frozenset({Verb.ISSUE, Verb.RECORD, Verb.EXTEND, Verb.SEEN_LIVE})
"""Verbs that give a code or a window: what the platform answered before them says nothing any more."""


def troubles_in(text: str, authorization: Authorization | None) -> tuple[Trouble, ...]:
    """By the platform of the post; without a post, by every platform this desk knows."""
    names = [authorization.post.platform] if authorization else registry.names()
    found = [trouble for name in names for trouble in registry.platform(name).trouble_in(text)]
    return tuple(dict.fromkeys(found))


def others_with(text: str, row: Authorization, actor: Actor) -> tuple[Other, ...]:
    """Other records of the code in this text, as far as the actor may see them."""
    try:
        code = code_text.clean(text)
    except Invalid:
        return ()
    return _others_of(code, row, actor)


def _others_of(code: Secret, row: Authorization, actor: Actor) -> tuple[Other, ...]:
    prints = [one for spelling in code_text.spellings(code) for one in keyring().fingerprints(spelling)]
    found = Authorization.objects.visible_to(actor).filter(code_fingerprint__in=prints).exclude(pk=row.pk)
    platform, post_id = row.post.platform, row.post.platform_id
    return tuple(
        Other(
            reference=other.reference,
            post=other.post.name,
            is_same_post=(other.post.platform, other.post.platform_id) == (platform, post_id),
            is_same_advertiser=other.advertiser_id == row.advertiser_id,
        )
        for other in found.select_related("post").defer("code")[:_OTHERS_READ]
    )


def case_of(row: Authorization, standing: Standing, actor: Actor) -> Case:
    applications = list(row.applications.all())
    claims = sorted(
        (one for one in (row, *applications) if one.claim_id is not None), key=lambda one: not one.is_uncertain
    )
    made = row.window_changes.filter(verb__in=(Verb.ISSUE, Verb.RECORD)).values_list("at", flat=True).first()
    newer = row.replaced_by.exclude(code_fingerprint=None).values_list("reference", flat=True).first()
    creator_side, advertiser_side = _connected(row)
    return Case(
        asker=_asker(standing),
        creator=row.post.held_by.name,
        advertiser=row.advertiser.name,
        state=State(row.state),
        claim=Verb(claims[0].claim_verb) if claims else None,
        is_uncertain=bool(claims) and claims[0].is_uncertain,
        post=_post(row),
        issued_at=made,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        window_source=row.window_source,
        checked_at=row.checked_at,
        drifts=tuple(Drift[name] for name in row.drift if name in Drift.__members__),
        ended_at=row.ended_at,
        end_source=row.end_source,
        replaced_by=newer or "",
        campaigns=tuple(Flight(each.name, each.span()) for each in row.campaigns.all()),
        agreed_ad_account=row.agreed_ad_account.name if row.agreed_ad_account else "",
        applied_on=_applied_on(row, applications),
        same_code=_others_of(row.code, row, actor) if row.code else (),
        creator_side=creator_side,
        advertiser_side=advertiser_side,
    )


def _asker(standing: Standing) -> Whose:
    if standing.creator is not None and standing.advertiser is None:
        return Whose.CREATOR
    if standing.advertiser is not None and standing.creator is None:
        return Whose.ADVERTISER
    return Whose.EITHER


def _post(row: Authorization) -> KnownPost:
    post = row.post
    return KnownPost(
        name=post.name,
        kind=PostKind(post.medium),
        visibility=Visibility(post.visibility),
        origin=Origin.PLATFORM if post.visibility_source == Source.OBSERVED else Origin.RECORD,
        seen_at=post.seen_at,
        ad_authorization_available=post.ad_authorization_available,
    )


def _applied_on(row: Authorization, applications: list[Application]) -> tuple[AppliedOn, ...]:
    bound = {application.ad_account_id: application for application in applications if application.state in BOUND}
    return tuple(AppliedOn(account.name, bound[account.pk].seen_at) for account in row.applied_on())


def _connected(row: Authorization) -> tuple[Connected, Connected]:
    """The creator's side and the advertiser's. A token that is renewed by itself does not lapse."""
    sides = ((row.post.held_by_id, Level.CREATOR), (row.advertiser_id, Level.ADVERTISER))
    live = Connection.objects.live().filter(platform=row.post.platform, party__in=[party for party, _ in sides])
    found = {
        (each.party_id, each.level): Connected(Level(each.level), None if each.app_id else each.token_ends_at)
        for each in live.order_by("pk").only("party_id", "level", "token_ends_at", "app_id")
    }
    creator, advertiser = (found.get((party, level.value), Connected()) for party, level in sides)
    return creator, advertiser


def last_answer(row: Authorization) -> Answer | None:
    """The newest attempt that did not succeed, unless a later one did or the code has a new window since."""
    settled: set[tuple[str, str]] = set()
    for entry in history(authorization=row).order_by("-seq").only("event", "at", "detail")[:_ENTRIES_READ]:
        name, _, outcome = entry.event.removeprefix("authorization.").partition(".")
        account = str(entry.detail.get("ad_account") or "")
        if name not in set(Verb):
            continue
        if outcome in {"", "done"}:
            if name in _ANEW:
                return None
            settled |= {(name, account), (Verb.APPLY.value, account)} if name == Verb.READ_BACK else {(name, account)}
        elif outcome in {"refused", "uncertain"} and (name, account) not in settled:
            cause, raw = str(entry.detail.get("cause") or ""), str(entry.detail.get("platform") or "")
            says = entry.detail.get("says")
            found = Says.UNCERTAIN if outcome == "uncertain" else Says(says) if says in set(Says) else None
            return Answer(Verb(name), entry.at, found, cause, troubles_in(f"{cause}: {raw}", row), account)
    return None


def tried_on(row: Authorization, answer: Answer | None) -> Tried | None:
    """The ad account of that attempt, by the name it had then: one that has another name now may still be theirs."""
    if answer is None or not answer.ad_account:
        return None
    agreed = row.agreed_ad_account
    is_theirs = AdAccount.objects.filter(held_by=row.advertiser_id, name=answer.ad_account).exists()
    return Tried(answer.ad_account, None if agreed is None else agreed.name == answer.ad_account, is_theirs or None)
