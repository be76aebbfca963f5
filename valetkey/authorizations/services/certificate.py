"""Read the certificate of an authorization. It writes nothing, so reading it twice gives the same twice."""

from __future__ import annotations

from typing import Final

from valetkey.audit.entry import GUEST
from valetkey.audit.models import Entry
from valetkey.authorizations import links
from valetkey.authorizations.certificate import Applied, Certificate, Changed, HandedOn, Revealed, TermsSeen
from valetkey.authorizations.models import Authorization, Reveal
from valetkey.authorizations.services.authorize import TERMS_SEEN
from valetkey.authorizations.services.transition import last_line, somebody_was_faster

_MARK: Final = 16
_READS: Final = 5


def certificate(*, authorization: Authorization) -> Certificate:
    """Of an authorization the caller has found; the same for whoever may see it.

    It is read in several steps; a change in between would make a page that was never true, so it is read again then.
    """
    for _ in range(_READS):
        since = last_line(authorization)
        made = _read(authorization.pk)
        if made.newest_entry == since == last_line(authorization):
            return made
    raise somebody_was_faster()


def _read(pk: int) -> Certificate:
    row = Authorization.objects.select_related(
        "post__held_by", "advertiser", "agreed_ad_account", "replaces"
    ).defer("code").get(pk=pk)  # fmt: skip
    entry = Entry.objects.filter(subject=row.subject).order_by("-seq").first()
    post, account = row.post, row.agreed_ad_account
    applications = list(row.applications.select_related("ad_account").order_by("pk"))
    return Certificate(
        reference=row.reference,
        platform=post.platform,
        post_id=post.platform_id,
        post_url=post.url,
        caption="" if post.name == f"post {post.platform_id}" else post.name,
        creator=post.held_by.name,
        creator_reference=post.held_by.reference,
        advertiser=row.advertiser.name,
        advertiser_reference=row.advertiser.reference,
        state=row.state,
        uncertain=tuple(each.claim_verb for each in (row, *applications) if each.is_uncertain),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        window_source=row.window_source,
        term_days=row.term_days,
        requested_days=row.requested_days,
        agreed_until=row.agreed_until,
        agreed_ad_account=account.name if account else "",
        agreed_ad_account_id=account.platform_id if account else "",
        ended_at=row.ended_at,
        end_source=row.end_source,
        code_mark=(row.code_fingerprint or "")[:_MARK],
        applications=tuple(
            Applied(
                ad_account=each.ad_account.name,
                ad_account_id=each.ad_account.platform_id,
                state=each.state,
                source=each.source,
                since=each.applied_at,
                seen_at=each.seen_at,
            )
            for each in applications
        ),
        terms_seen=_terms_seen(row),
        hand_overs=tuple(
            HandedOn(
                recipient=_masked(each.recipient),
                mail=links.masked(each.mail),
                made_at=each.created_at,
                ends_at=each.ends_at,
                ended_at=each.ended_at,
                proven_at=each.proven_at,
                views=each.views,
            )
            for each in row.hand_overs.order_by("pk")
        ),
        reveals=tuple(_revealed(each) for each in row.reveals.select_related("hand_over").order_by("pk")),
        replaces=row.replaces.reference if row.replaces else "",
        replaced_by=tuple(row.replaced_by.order_by("pk").values_list("reference", flat=True)),
        window_changes=tuple(
            Changed(each.verb, each.days, each.starts_at, each.ends_at, each.source, each.at)
            for each in row.window_changes.order_by("pk")
        ),
        newest_entry=entry.seq if entry else 0,
        newest_digest=entry.digest if entry else "",
    )


def _terms_seen(row: Authorization) -> tuple[TermsSeen, ...]:
    entries = Entry.objects.filter(subject=row.subject, event=TERMS_SEEN).order_by("seq")
    return tuple(TermsSeen(str(each.detail.get("digest", "")), each.actor_name, each.at) for each in entries)


def _revealed(row: Reveal) -> Revealed:
    """A guest goes by the address they proved, which the page shows masked as everywhere."""
    hand_over = row.hand_over
    by = f"{links.masked(hand_over.mail)}, by link" if hand_over and row.user_id == GUEST else row.by
    return Revealed(by, row.at, row.how, _masked(hand_over.recipient) if hand_over else "")


def _masked(recipient: str) -> str:
    """A recipient is a name, and now and then somebody types an address for one."""
    return recipient if " " in recipient else links.masked(recipient) or recipient
