"""Calendars at secret addresses: make one, end it, and read what its user may see at that moment.

Whoever has the address reads it, until it is ended or its user may see nothing any more. Not one code is in it.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from valetkey.accounts.models import Membership, Person, User
from valetkey.accounts.services import require_admin
from valetkey.audit.entry import Actor, Door
from valetkey.audit.models import Entry
from valetkey.audit.services import record, writing
from valetkey.errors import Conflict, NotFound
from valetkey.notices.calendar import Told, news, written
from valetkey.notices.models import Feed, FeedEvent
from valetkey.notices.services.happenings import BACK, Ahead, of_campaign, of_parties
from valetkey.register.models import Campaign
from valetkey.secret import Secret
from valetkey.vault import keyring

FEED_PATH: Final = "cal"
_MOST: Final = 20
_NAMES: Final = ("uid", "sequence", "digest", "day", "instant", "is_cancelled", "changed_at")
_NOTED: Final = timedelta(hours=1)
"""How exactly it is noted when a calendar was last read."""


@dataclass(frozen=True)
class MadeFeed:
    """The link is shown this once; the desk keeps a keyed digest."""

    feed: Feed
    link: Secret

    @property
    def address(self) -> str:
        return f"{settings.VALETKEY_URL}/{FEED_PATH}/{self.link.reveal()}.ics"


def add_feed(*, user: User, campaign: Campaign | None = None, actor: Actor, at: datetime) -> MadeFeed:
    """One's own; the admin may make one for somebody. Of all that is theirs, or of one campaign.

    Raises NotFound for a campaign they do not see, Conflict when they have enough or may see nothing at all.
    """
    if actor.user_id != user.pk:
        require_admin(actor)
    link = Secret(secrets.token_urlsafe(32))
    with writing():
        feed = Feed(user=user, campaign=campaign, link_digest=keyring().fingerprint(link), created_at=at)
        _refuse_unfit(feed, at)
        feed.save()
        detail = {"user": str(user), "campaign": campaign.name if campaign else ""}
        record(event="feed.made", subject=feed.subject, actor=actor, at=at, detail=detail)
    return MadeFeed(feed, link)


def _refuse_unfit(feed: Feed, at: datetime) -> None:
    campaign = feed.campaign
    if campaign is not None:
        them = Actor(name=str(feed.user), door=Door.WEB, user_id=feed.user_id)
        if not Campaign.objects.visible_to(them).filter(pk=campaign.pk).exists():
            raise NotFound("no_such_campaign", "There is no such campaign that they can see.", "Look at the list.")
    if Feed.objects.live().filter(user=feed.user_id).count() >= _MOST:
        raise Conflict("enough_feeds", f"There are {_MOST} calendars already.", "End one that nobody uses.")
    if _ahead(feed, at) is None:
        raise Conflict(
            "nothing_to_see", f"{feed.user} acts for nobody here.", "A calendar is for somebody who acts for a party."
        )


def end_feed(*, feed: Feed, actor: Actor, at: datetime) -> None:
    """One's own; the admin ends anybody's. Its address gives nothing any more. Ending it again changes nothing."""
    if actor.user_id != feed.user_id:
        require_admin(actor)
    with writing():
        if Feed.objects.live().filter(pk=feed.pk).update(ended_at=at):
            detail: dict[str, object] = {"user": str(feed.user)}
            record(event="feed.ended", subject=feed.subject, actor=actor, at=at, detail=detail)


def feeds(*, actor: Actor) -> QuerySet[Feed]:
    """One's own that are not ended, newest first; those of all for the host, an admin or an auditor."""
    return Feed.objects.visible_to(actor).live().select_related("user", "campaign").order_by("-pk")


def find_feed(*, reference: str, actor: Actor) -> Feed:
    row = feeds(actor=actor).filter(reference=reference.strip().upper()).first()
    if row is None:
        raise NotFound("no_such_feed", "There is no such calendar that you can see.", "Yours are in a list.")
    return row


def read_feed(*, link: Secret, at: datetime) -> bytes:
    """The calendar as it is now. Raises NotFound, the same for whatever gives nothing: unknown, ended, or its user is
    deactivated, or was since, has left, or does not see that campaign any more."""
    digests = keyring().fingerprints(link)
    feed = Feed.objects.live().filter(link_digest__in=digests).select_related("user", "campaign__ad_account").first()
    ahead = _ahead(feed, at) if feed is not None and not _was_ended(feed) else None
    if feed is None or ahead is None:
        raise NotFound(
            "no_such_link", "There is no calendar at this address.", "Make a new one on your page of calendars."
        )
    known = _known(feed, ahead, at)
    if any(news(known, ahead.happenings, at=at, reach=ahead.reach)) or _is_long_ago(feed.read_at, at):
        known = _catch_up(feed, ahead, at)
    name = f"Valetkey: {feed.campaign or feed.user}"
    return written(name, ahead.happenings, known, at=at)


def _was_ended(feed: Feed) -> bool:
    """Whether its user was, since it was made. Whoever is brought back makes a new one, as with everything else."""
    lines = Entry.objects.filter(subject=f"user {feed.user_id}", event="user.ended", at__gte=feed.created_at)
    return lines.exists()


def _ahead(feed: Feed, at: datetime) -> Ahead | None:
    """None where its user may see nothing."""
    is_all, parties = _parties(feed.user, at)
    if not (is_all or parties):
        return None
    campaign = feed.campaign
    if campaign is None:
        return of_parties(None if is_all else parties, at)
    if not is_all and campaign.ad_account.held_by_id not in parties:
        return None
    return of_campaign(campaign, None if is_all else parties, at)


def _parties(user: User, at: datetime) -> tuple[bool, set[int]]:
    """Whether they see everything, and for whom they act: not where their last day is over, whatever else says so."""
    today = at.astimezone(ZoneInfo(user.time_zone or settings.VALETKEY_TIME_ZONE)).date()
    people = Person.objects.filter(user=user).values_list("kept_by", "left_on")
    left = {party for party, day in people if day is not None and day < today}
    if not user.is_active:
        return False, set()
    memberships = Membership.objects.current().filter(user=user).values_list("party", flat=True)
    has_left = bool(left) and len(left) == len(people)
    return bool(user.desk_role) and not has_left, set(memberships) - left


def _known(feed: Feed, ahead: Ahead, at: datetime) -> dict[str, Told]:
    """Of what is there now, and of what may be gone; not of years ago."""
    told = FeedEvent.objects.filter(feed=feed)
    lately = told.filter(Q(day__gte=(at - BACK).date()) | Q(instant__gte=at - BACK))
    known = {row["uid"]: Told(**row) for row in lately.values(*_NAMES)}
    older = [each.uid for each in ahead.happenings if each.uid not in known]
    if older:
        known |= {row["uid"]: Told(**row) for row in told.filter(uid__in=older).values(*_NAMES)}
    return known


def _catch_up(feed: Feed, ahead: Ahead, at: datetime) -> dict[str, Told]:
    """Again, one after the other: of two who read at once, neither counts a change twice."""
    with writing():
        known = _known(feed, ahead, at)
        changed = {told.uid: told for told in news(known, ahead.happenings, at=at, reach=ahead.reach)}
        FeedEvent.objects.bulk_create(
            [FeedEvent(feed=feed, **asdict(told)) for told in changed.values()],
            update_conflicts=True,
            unique_fields=["feed", "uid"],
            update_fields=_NAMES[1:],
        )
        Feed.objects.filter(Q(read_at=None) | Q(read_at__lt=at), pk=feed.pk).update(read_at=at)
    return known | changed


def _is_long_ago(moment: datetime | None, at: datetime) -> bool:
    return moment is None or at - moment >= _NOTED
