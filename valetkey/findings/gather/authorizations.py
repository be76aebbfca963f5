"""What the rules are told of authorizations: a batch in thirteen queries, whatever is in it. No code is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import F, Max, Q

from valetkey.authorizations.lifecycle import BOUND, State
from valetkey.authorizations.models import Application, Authorization, WindowChange
from valetkey.connectors.base import Level
from valetkey.connectors.models import Connection
from valetkey.findings.facts import ApplicationFacts, AuthorizationFacts, CampaignFacts
from valetkey.findings.gather.accesses import last_ends
from valetkey.findings.gather.named import thing, who
from valetkey.findings.gather.other_codes import OtherCodes, grouped
from valetkey.register.models import Access, Asset, Engagement

_WITH: Final = ("post__held_by", "post__within", "advertiser", "creator_owner", "advertiser_owner")


def facts(pks: Collection[int], at: datetime) -> list[AuthorizationFacts]:
    found = Authorization.objects.filter(pk__in=pks).select_related(*_WITH).defer("code", "message")
    around = _Around(list(found.order_by("pk")))
    return [around.facts_of(row) for row in around.rows]


class _Around:
    """What stands beside the rows of one batch, each kind of it found at once."""

    def __init__(self, rows: Sequence[Authorization]) -> None:
        self.rows = rows
        self._keys = [row.pk for row in rows]
        self._others = OtherCodes(rows)
        self._campaigns = self._found_campaigns()
        applications = Application.objects.filter(authorization__in=self._keys).order_by("pk")
        self._applications = grouped(applications.select_related("ad_account__held_by"), "authorization_id")
        changes = WindowChange.objects.filter(authorization__in=self._keys).order_by()
        self._told_at = dict(changes.values_list("authorization").annotate(Max("at")))
        self._let_end = self._found_let_end()
        self._regions = self._found_regions()
        engagements = Engagement.objects.filter(
            kept_by__in={row.post.held_by_id for row in rows}, party__in={row.advertiser_id for row in rows}
        )
        self._engaged = last_ends(engagements.values_list("kept_by", "party", "ended_at"))
        parties = {party for row in rows for party in (row.post.held_by_id, row.advertiser_id)}
        live = Connection.objects.live().filter(party__in=parties)
        self._connected = set(live.values_list("party", "platform", "level"))

    def facts_of(self, row: Authorization) -> AuthorizationFacts:
        post, others = row.post, self._others
        return AuthorizationFacts(
            reference=row.reference,
            post=thing(post),
            creator=thing(post.held_by),
            advertiser=thing(row.advertiser),
            state=row.state,
            created_at=row.created_at,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            window_source=row.window_source,
            window_told_at=self._told_at.get(row.pk),
            agreed_until=row.agreed_until,
            agreed_zone=settings.VALETKEY_TIME_ZONE,  # as where days are given (authorizations.services.too_short)
            creator_owner=who(row.creator_owner),
            advertiser_owner=who(row.advertiser_owner),
            campaigns=tuple(self._campaigns[row.pk]),
            applications=tuple(_application(each, row) for each in self._applications[row.pk]),
            handed_over_at=row.handed_over_at,
            opened_at=row.opened_at,
            end_asked_at=row.end_asked_at,
            end_acknowledged_at=row.end_acknowledged_at,
            ads_paused_at=row.ads_paused_at,
            switched_off_at=row.switched_off_at,
            ended_at=row.ended_at,
            end_source=row.end_source,
            told_at=row.told_at,
            checked_at=row.checked_at,
            drift=tuple(row.drift),
            is_uncertain=row.is_uncertain,
            claimed_until=row.claimed_until,
            visibility=post.visibility,
            visibility_source=post.visibility_source,
            visibility_seen_at=post.seen_at,
            region=self._region(row),
            succeeded_by=others.succeeded_by(row),
            succeeds=others.succeeds(row),
            beside=others.beside(row),
            elsewhere=others.elsewhere(row),
            code_is_of=others.code_is_of(row),
            is_let_end=self._is_let_end(row),
            engagement_ended_at=self._engaged.get((post.held_by_id, row.advertiser_id)),
            creator_connected=(post.held_by_id, post.platform, Level.CREATOR) in self._connected,
            advertiser_connected=(row.advertiser_id, post.platform, Level.ADVERTISER) in self._connected,
        )

    def _found_campaigns(self) -> dict[int, list[CampaignFacts]]:
        found: dict[int, list[CampaignFacts]] = defaultdict(list)
        uses = Authorization.campaigns.through.objects.filter(authorization__in=self._keys)
        for use in uses.select_related("campaign__ad_account").order_by("campaign__ends_at", "campaign"):
            row = use.campaign
            zone = row.ad_account.time_zone
            told = CampaignFacts(row.reference, row.name, row.starts_at, row.ends_at, zone, row.created_at)
            found[use.authorization_id].append(told)
        return found

    def _found_let_end(self) -> dict[str, tuple[bool, bool]]:
        """Of each access that an authorization gives on these posts, or gave to its very end, the newest: whether it is
        open, and whether it was decided that it may end."""
        posts = {row.post_id for row in self.rows}
        to_the_end = Q(ended_at=None) | Q(ended_at__gte=F("until"))
        given = Access.objects.filter(to_the_end, surface__asset__in=posts, way=Access.Way.AUTHORIZATION).order_by("pk")
        told = given.values_list("basis", "ended_at", "let_end_at")
        return {basis: (ended_at is None, let_end_at is not None) for basis, ended_at, let_end_at in told}

    def _is_let_end(self, row: Authorization) -> bool:
        """Of each ad account on which it gives access, or gave when its window ran out."""
        known = [self._let_end[each.basis] for each in self._of(row) if each.basis in self._let_end]
        decided = [is_decided for is_open, is_decided in known if is_open or row.state == State.EXPIRED]
        return bool(decided) and all(decided)

    def _of(self, row: Authorization) -> list[Application]:
        for each in self._applications[row.pk]:
            each.authorization = row
        return self._applications[row.pk]

    def _found_regions(self) -> dict[tuple[int, str], set[str]]:
        """Of the creators' accounts on each platform."""
        creators = {row.post.held_by_id for row in self.rows}
        accounts = Asset.objects.filter(held_by__in=creators, kind=Asset.Kind.ACCOUNT).exclude(region="")
        found: dict[tuple[int, str], set[str]] = defaultdict(set)
        for held_by, platform, region in accounts.values_list("held_by", "platform", "region"):
            found[held_by, platform].add(region)
        return found

    def _region(self, row: Authorization) -> str:
        """Of the account the post is within; where that is not on record, the one that all accounts of theirs have."""
        post = row.post
        if post.within is not None and post.within.region:
            return post.within.region
        regions = self._regions[post.held_by_id, post.platform]
        return next(iter(regions)) if len(regions) == 1 else ""


def _application(row: Application, authorization: Authorization) -> ApplicationFacts:
    account, agreed = row.ad_account, authorization.agreed_ad_account_id
    return ApplicationFacts(
        ad_account=thing(account),
        held_by=account.held_by.reference,
        state=row.state,
        is_bound=row.state in BOUND,
        applied_at=row.applied_at,
        seen_at=row.seen_at,
        is_agreed=agreed is None or agreed == row.ad_account_id,
        is_uncertain=row.is_uncertain,
        claimed_until=row.claimed_until,
        region=account.region,
    )
