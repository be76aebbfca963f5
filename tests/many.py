"""A desk that has lived long: very many authorizations, made at once and past the services."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle, islice
from typing import Final

from django.db import connection

from tests.desk import Desk
from valetkey.authorizations.lifecycle import ENDING, LIVE, ApplicationState, State
from valetkey.authorizations.models import Application, Authorization
from valetkey.register.models import Post, Source
from valetkey.secret import Secret

STATES: Final = (
    State.IN_USE, State.IN_USE, State.REQUESTED, State.ISSUED, State.HANDED_OVER, State.OPENED, State.APPLIED,
    State.END_ASKED, State.END_ACKNOWLEDGED, State.ADS_PAUSED, State.SWITCHED_OFF, State.ENDED, State.EXPIRED,
    State.DECLINED,
)  # fmt: skip
_POSTS: Final = 40


def many(desk: Desk, number: int = 10_000) -> list[Authorization]:
    """In every state there is, half of them used by two campaigns, each live one applied on both ad accounts."""
    posts = [_post(desk, n) for n in range(_POSTS)]
    campaigns = [desk.campaign(), desk.campaign(days=90)]
    rows = Authorization.objects.bulk_create(
        _authorization(desk, n, post, state) for n, post, state in zip(range(number), cycle(posts), cycle(STATES))
    )
    uses = Authorization.campaigns.through
    uses.objects.bulk_create(
        uses(authorization=row, campaign=campaign) for row in islice(rows, 0, None, 2) for campaign in campaigns
    )
    Application.objects.bulk_create(
        Application(
            authorization=row, ad_account=account, state=ApplicationState.IN_USE, source=Source.OBSERVED,
            applied_at=desk.at, seen_at=desk.at, identity_id="7200000000000000001", identity_type="AUTH_CODE",
        )
        for row in rows if row.state in {State.IN_USE, *ENDING} for account in (desk.eu, desk.us)
    )  # fmt: skip
    count_rows()
    return rows


def count_rows() -> None:
    """What PostgreSQL does by itself once rows are committed, and cannot do for a test that rolls them back: without,
    it plans as for empty tables.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _post(desk: Desk, number: int) -> Post:
    caption = f"Shoes number {number}, as long a caption as people write them, with a few words more #shoes #ad"
    return Post.objects.create(
        platform="tiktok", kind="post", platform_id=str(7_400_000_000_000_000_000 + number), name=caption,
        held_by=desk.creator, created_at=desk.at, visibility="public", medium="video",
    )  # fmt: skip


def _authorization(desk: Desk, number: int, post: Post, state: State) -> Authorization:
    starts_at = desk.at - timedelta(days=number % 28)
    has_code = state in LIVE or state in {State.ENDED, State.EXPIRED}
    return Authorization(
        post=post,
        advertiser=desk.advertiser,
        state=state,
        created_at=starts_at,
        requested_days=30,
        agreed_until=(desk.at + timedelta(days=40)).date(),
        agreed_ad_account=desk.eu,
        message="We like this post and would like to run it.",
        code=Secret(f"#made{number:030d}=") if has_code else None,
        code_fingerprint=f"made {number}" if has_code else None,
        term_days=30 if has_code else None,
        starts_at=starts_at if has_code else None,
        ends_at=starts_at + timedelta(days=30) if has_code else None,
        window_source="platform" if has_code else "",
        handed_over_at=starts_at if has_code else None,
        ended_at=desk.at if state is State.ENDED else None,
    )
