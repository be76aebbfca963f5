"""TikTok as a platform of the desk: the port's verbs in, TikTok's words out, and back.

Decides which call answers which verb, and reads back instead of believing the answer of a write. A verb that writes
makes one call and never a second one. Does not decide whether a verb is allowed, nor what a failure tells (`outcomes`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

from valetkey.connectors import base
from valetkey.connectors.tiktok import address, wire
from valetkey.connectors.tiktok.client import Client, Patience
from valetkey.connectors.tiktok.links import post_id_in
from valetkey.connectors.tiktok.troubles import troubles_in
from valetkey.secret import Secret

if TYPE_CHECKING:
    from valetkey.connectors.tiktok.sandbox import Sandbox

POSTS_READ: Final = 1000
"""A creator's newest posts that `posts` reads; an older one is found by its link or id instead."""

PAGES_READ: Final = 200
"""Pages of one list. An ad account holds at most 10,000 Spark Ads (C), which is 200 pages of 50."""

_LIST_PAGE: Final = 50  # the most /tt_video/list/ takes, C2
_VIDEO_PAGE: Final = 20  # the most /business/video/list/ takes, C2
_AD_PAGE: Final = 100  # the bounds of /ad/get/ are U; this is far inside what the SDK's users send
_ADS_AT_ONCE: Final = 20  # 40011 is "too many ids" and no number is published; 20 is what other lists of ids take
_EXACT_KEYWORD: Final = 19  # digits from which /tt_video/list/ takes a keyword for an item id, C2

_VIDEO_FIELDS: Final = ("item_id", "media_type", "share_url", "caption", "create_time")
# An ad needs a call to action and the desk asks nobody for one; people change it where they manage the ad.
_CALL_TO_ACTION: Final = "LEARN_MORE"

_KINDS: Final = {
    wire.MediaType.VIDEO: base.PostKind.VIDEO,
    wire.MediaType.PHOTO: base.PostKind.CAROUSEL,
}
_CODE_STATUSES: Final = {
    wire.AuthCodeStatus.NOT_USED: base.CodeStatus.UNUSED,
    wire.AuthCodeStatus.IN_USE: base.CodeStatus.IN_USE,
    wire.AuthCodeStatus.EXPIRED: base.CodeStatus.EXPIRED,
    wire.AuthCodeStatus.DELETED: base.CodeStatus.DELETED,
}
_APPLIED_STATUSES: Final = {
    wire.AdAuthStatus.AUTHORIZED: base.CodeStatus.IN_USE,
    wire.AdAuthStatus.EXPIRED: base.CodeStatus.EXPIRED,
}
_VISIBILITIES: Final = {
    wire.PostStatus.HESITATE_RECOMMEND: base.Visibility.PUBLIC,
    wire.PostStatus.ONLY_FRIEND_SEE: base.Visibility.FRIENDS,
    wire.PostStatus.ONLY_AUTHOR_SEE: base.Visibility.PRIVATE,
    wire.PostStatus.USER_DELETE: base.Visibility.DELETED,
    wire.PostStatus.AUDIT_DELETE: base.Visibility.REMOVED,
    wire.PostStatus.ONLY_USER_PASS: base.Visibility.REMOVED,
    wire.PostStatus.REVIEW_PENDING: base.Visibility.UNDER_REVIEW,
}


@dataclass
class TikTok:
    """The platform object that settings name. `patience` is for tests; None is the client's own."""

    patience: Patience | None = None
    name: str = "tiktok"
    real_base_url: str = wire.BASE
    # The bounds are those of every source together (U); which terms are offered is the two lists.
    terms: base.Terms = base.Terms(
        confirmed=wire.TERM_DAYS, unconfirmed=wire.TERM_DAYS_UNCONFIRMED, shortest=1, longest=365
    )

    def post_id_in(self, text: str) -> str | None:
        return post_id_in(text)

    def trouble_in(self, text: str) -> tuple[base.Trouble, ...]:
        return troubles_in(text)

    def creator(self, address: base.Address) -> Creator:
        """The creator's verbs. ValueError for an address without an account id, or one no token may be sent to."""
        if not address.account_id:
            raise ValueError("A creator's connection needs the creator's own account id (TikTok calls it open_id).")
        return Creator(_opener(address, self.patience), address.account_id)

    def advertiser(self, address: base.Address) -> Advertiser:
        """The advertiser's verbs. ValueError for an address that no token may be sent to."""
        return Advertiser(_opener(address, self.patience))

    def renew(self, address: base.Address, renewal: base.Renewal) -> base.FreshToken:
        """POST /tt_user/oauth2/refresh_token/: a day's token for a refresh token that lasts a year (C2).

        The fault is UNCERTAIN when no answer came: the refresh token may have changed with the token (U).
        """
        request = wire.TtUserOauth2RefreshTokenRequest(
            renewal.app_id, renewal.app_secret.reveal(), renewal.refresh_token.reveal()
        )
        with _opener(address, self.patience)() as client:
            fresh = client.call(wire.TT_USER_OAUTH2_REFRESH_TOKEN, request)
        if address.account_id and fresh.open_id != address.account_id:
            sentence = "The renewed token belongs to another account than the connection."
            raise _not_understood(sentence, says=base.Says.NOTHING_ABOUT_THE_CODE)
        return base.FreshToken(Secret(fresh.access_token), fresh.expires_in, Secret(fresh.refresh_token))

    def sandbox(self, state: Path) -> base.Sandbox:
        return _sandbox(state)


@dataclass(frozen=True)
class Creator:
    """`base.CreatorSide` over /business/*."""

    _open: Callable[[], Client]
    _account_id: str

    def posts(self, *, newest: int | None = None) -> Sequence[base.SeenPost]:
        """The newest posts, at most POSTS_READ. TikTok's list does not tell who can see a post.

        Each page is a call of its own, and TikTok takes about 40 a minute from an account (C2).
        """
        found: dict[str, base.SeenPost] = {}
        cursor: int | None = None
        with self._open() as client:
            # Pages may be short or empty although there is more, so it is the pages that are counted.
            for _ in range(-(-(newest or POSTS_READ) // _VIDEO_PAGE)):
                answer = client.call(
                    wire.BUSINESS_VIDEO_LIST,
                    wire.BusinessVideoListRequest(
                        self._account_id, fields=_VIDEO_FIELDS, cursor=cursor, max_count=_VIDEO_PAGE
                    ),
                )
                for video in answer.videos:
                    found.setdefault(video.item_id, _post(video))
                if not answer.has_more or answer.cursor is None or answer.cursor == cursor:
                    break
                cursor = answer.cursor
        return tuple(found.values())[:newest]

    def switch_on(self, *, post_id: str, term_days: int) -> None:
        request = wire.BusinessPostAuthorizeSettingRequest(self._account_id, post_id, True, term_days)
        with self._open() as client:
            client.call(wire.BUSINESS_POST_AUTHORIZE_SETTING, request)

    def code_of(self, *, post_id: str) -> base.SeenCode:
        """What the post shows now; UNKNOWN, with no code and no window, when it shows none."""
        with self._open() as client:
            shown = client.call(
                wire.BUSINESS_POST_AUTHORIZE_STATUS,
                wire.BusinessPostAuthorizeStatusRequest(self._account_id, post_id),
            )
        if shown.item_id != post_id:
            raise _not_understood("The answer is about another post than the one asked for.")
        return base.SeenCode(
            post_id=post_id,
            status=_code_status(shown.auth_code_status),
            code=_code(shown.auth_code),
            starts_at=shown.auth_code_start_time,
            ends_at=shown.auth_code_end_time,
            term_days=shown.authorization_days,
        )

    def extend(self, *, post_id: str, days: int) -> None:
        with self._open() as client:
            client.call(
                wire.BUSINESS_POST_AUTHORIZE, wire.BusinessPostAuthorizeRequest(self._account_id, post_id, days)
            )

    def switch_off(self, *, post_id: str) -> None:
        """Switch ad authorization of the post off.

        Not `/business/post/authorize/delete/`: one tool reports that ads made before go on running after it (U).
        """
        request = wire.BusinessPostAuthorizeSettingRequest(self._account_id, post_id, False)
        with self._open() as client:
            client.call(wire.BUSINESS_POST_AUTHORIZE_SETTING, request)


@dataclass(frozen=True)
class Advertiser:
    """`base.AdvertiserSide` over /tt_video/* and /ad/*."""

    _open: Callable[[], Client]

    def apply(self, *, ad_account_id: str, code: Secret, source_code: Secret | None = None) -> None:
        # No name for a revealed code: variables of this frame end in error reports.
        request = wire.TtVideoAuthorizeRequest(
            ad_account_id, code.reveal(), source_code.reveal() if source_code else None
        )
        with self._open() as client:
            client.call(wire.TT_VIDEO_AUTHORIZE, request)

    def application_of(self, *, ad_account_id: str, code: Secret | None, post_id: str) -> base.SeenApplication | None:
        """The row of the ad account's list: by post where it is known, else by code. None: not on the list.

        `/tt_video/info/` is never proof, because it may answer for a code that was not applied (U). It only tells
        which post to look for when a long list would have to be read for a code.
        """
        with self._open() as client:
            if post_id:
                row = _row_of_post(client, ad_account_id, post_id)
            else:
                row = _row_of_code(client, ad_account_id, code) if code else None
        return _application(row) if row else None

    def unbind(self, *, ad_account_id: str, post_id: str) -> None:
        with self._open() as client:
            client.call(wire.TT_VIDEO_UNBIND, wire.TtVideoUnbindRequest(ad_account_id, post_id))

    def ads_on(self, *, ad_account_id: str, post_id: str) -> Sequence[base.SeenAd]:
        """Every ad of the ad account on the post. TikTok cannot filter by post (C), so all ads are read."""
        with self._open() as client:
            return tuple(_ad(ad, post_id) for ad in _ads(client, ad_account_id) if ad.tiktok_item_id == post_id)

    def pause_ads(self, *, ad_account_id: str, ad_ids: Sequence[str]) -> None:
        """Pause ads, twenty to a call. UNCERTAIN when a later call fails: some are paused then. Read with `ads_on`."""
        with self._open() as client:
            for first in range(0, len(ad_ids), _ADS_AT_ONCE):
                some = tuple(ad_ids[first : first + _ADS_AT_ONCE])
                request = wire.AdStatusUpdateRequest(ad_account_id, some, wire.OperationStatus.DISABLE)
                _pause(client, request, is_first=first == 0)

    def create_ad(
        self, *, ad_account_id: str, ad_group_id: str, name: str, post_id: str, identity_id: str, identity_type: str
    ) -> base.SeenAd:
        """One ad that pulls the post, as the platform starts it. A post that is not on the list is refused unasked.

        The list tells whether the post is a carousel, which the ad must say too.
        """
        with self._open() as client:
            row = _row_of_post(client, ad_account_id, post_id)
            if row is None:
                raise _not_listed()
            creative = wire.Creative(
                ad_name=name,
                identity_type=wire.IdentityType(identity_type),
                identity_id=identity_id,
                ad_format=_ad_format(row),
                tiktok_item_id=post_id,
                call_to_action=_CALL_TO_ACTION,
            )
            made = client.call(wire.AD_CREATE, wire.AdCreateRequest(ad_account_id, ad_group_id, (creative,)))
        if not made.ad_ids:
            raise _not_understood("The answer names no ad.", says=base.Says.UNCERTAIN)
        shown = made.creatives[0] if made.creatives else wire.Ad(made.ad_ids[0])
        return base.SeenAd(made.ad_ids[0], shown.ad_name or name, post_id, _is_running(shown))


def _opener(at: base.Address, patience: Patience | None) -> Callable[[], Client]:
    """What opens a client for one verb. A side holds no connection, so nobody has to close it."""

    def opened() -> Client:
        if not at.base_url.startswith(address.SANDBOX):
            return Client(at.base_url, at.token, patience=patience)
        # The name is never looked up. It is a loopback name so that the client's own rule about plain http holds.
        return Client("http://localhost", at.token, _in_this_process(at.base_url), patience)

    # Once for nothing, so that an address or a token that cannot be used is refused before any verb is under way.
    opened().close()
    return opened


def _in_this_process(base_url: str) -> httpx.BaseTransport:
    state = base_url.removeprefix(address.SANDBOX)
    if not state:
        raise ValueError("The sandbox inside this process needs its state: write sandbox: and the path of its file.")
    return httpx.WSGITransport(app=_sandbox(Path(state)).wsgi)


@lru_cache(maxsize=8)
def _sandbox(state: Path) -> Sandbox:
    """One stand-in per state and process: it keeps its file open, and its callers take turns."""
    # Only here: an installation that speaks to TikTok never loads the stand-in.
    from valetkey.connectors.tiktok.sandbox import Sandbox

    return Sandbox(state)


def _row_of_post(client: Client, ad_account_id: str, post_id: str) -> wire.PostObject | None:
    # A shorter keyword would be searched for in captions.
    exact = post_id if post_id.isascii() and post_id.isdigit() and len(post_id) >= _EXACT_KEYWORD else None
    rows = _rows(client, ad_account_id, keyword=exact)
    return next((row for row in rows if row.item_info.item_id == post_id), None)


def _row_of_code(client: Client, ad_account_id: str, code: Secret) -> wire.PostObject | None:
    first = _page(client, ad_account_id, page=1)
    row = next((row for row in first.list if _has(row, code)), None)
    if row or first.page_info.total_page <= 1:
        return row
    post_id = _post_behind(client, ad_account_id, code)
    row = _row_of_post(client, ad_account_id, post_id) if post_id else None
    if row and _has(row, code):
        return row
    return next((row for row in _rows(client, ad_account_id, first=2) if _has(row, code)), None)


def _post_behind(client: Client, ad_account_id: str, code: Secret) -> str:
    try:
        return client.call(wire.TT_VIDEO_INFO, wire.TtVideoInfoRequest(ad_account_id, code.reveal())).item_info.item_id
    except base.PlatformFault:
        # It was only a short cut, and a code that has ended may still stand on the list.
        return ""


def _rows(client: Client, ad_account_id: str, keyword: str | None = None, first: int = 1) -> Iterator[wire.PostObject]:
    for page in range(first, PAGES_READ + 1):
        answer = _page(client, ad_account_id, page, keyword)
        yield from answer.list
        if not answer.list or page >= answer.page_info.total_page:
            return
    raise _list_too_long("posts")


def _page(client: Client, ad_account_id: str, page: int, keyword: str | None = None) -> wire.TtVideoListAnswer:
    request = wire.TtVideoListRequest(ad_account_id, keyword=keyword, page=page, page_size=_LIST_PAGE)
    return client.call(wire.TT_VIDEO_LIST, request)


def _ads(client: Client, ad_account_id: str) -> Iterator[wire.Ad]:
    for page in range(1, PAGES_READ + 1):
        answer = client.call(wire.AD_GET, wire.AdGetRequest(ad_account_id, page=page, page_size=_AD_PAGE))
        yield from answer.list
        if not answer.list or page >= answer.page_info.total_page:
            return
    raise _list_too_long("ads")


def _pause(client: Client, request: wire.AdStatusUpdateRequest, *, is_first: bool) -> None:
    try:
        client.call(wire.AD_STATUS_UPDATE, request)
        return
    except base.PlatformFault as fault:
        last = fault
    says = last.says if is_first else base.Says.UNCERTAIN
    raise base.PlatformFault(says, last.cause, last.raw, last.request_id)


def _has(row: wire.PostObject, code: Secret) -> bool:
    # People copy a code with and without its leading sign; the rest decides.
    shown, asked = (text.removeprefix("#") for text in (row.item_info.auth_code or "", code.reveal()))
    return Secret(shown) == Secret(asked) if shown else False


def _code(text: str | None) -> Secret | None:
    """A code as it came. One that a terminal would obey instead of show is not one. Raises PlatformFault."""
    if text and not text.isprintable():
        raise _not_understood("The platform showed a code with control characters in it.")
    return Secret(text) if text else None


def _post(video: wire.BusinessVideo) -> base.SeenPost:
    return base.SeenPost(
        platform_id=video.item_id,
        kind=next((ours for theirs, ours in _KINDS.items() if theirs == video.media_type), base.PostKind.UNKNOWN),
        caption="".join(one if one.isprintable() else " " for one in video.caption or ""),
        url=video.share_url if (video.share_url or "").startswith("https://") and video.share_url else "",
        visibility=base.Visibility.UNKNOWN,
        published_at=_published(video.create_time),
    )


def _published(create_time: str | None) -> datetime | None:
    try:
        return wire.parse_epoch(create_time) if create_time else None
    except ValueError:
        return None


def _code_status(status: str | None) -> base.CodeStatus:
    return next((ours for theirs, ours in _CODE_STATUSES.items() if theirs == status), base.CodeStatus.UNKNOWN)


def _application(row: wire.PostObject) -> base.SeenApplication:
    shown = row.auth_info
    visible = wire.post_status(row.item_info.status)
    return base.SeenApplication(
        post_id=row.item_info.item_id,
        code=_code(row.item_info.auth_code),
        status=next(
            (ours for theirs, ours in _APPLIED_STATUSES.items() if theirs == shown.ad_auth_status),
            base.CodeStatus.UNKNOWN,
        ),
        starts_at=shown.auth_start_time,
        ends_at=shown.auth_end_time,
        identity_id=row.user_info.identity_id,
        identity_type=row.user_info.identity_type,
        visibility=_VISIBILITIES[visible] if visible else base.Visibility.UNKNOWN,
    )


def _ad(ad: wire.Ad, post_id: str) -> base.SeenAd:
    return base.SeenAd(ad.ad_id, ad.ad_name or "", post_id, _is_running(ad))


def _is_running(ad: wire.Ad) -> bool:
    # An ad whose status is not told counts as running: somebody looks at it before a right is ended.
    return ad.operation_status not in (wire.OperationStatus.DISABLE, wire.OperationStatus.DELETE)


def _ad_format(row: wire.PostObject) -> wire.AdFormat:
    is_carousel = row.item_info.item_type == wire.ItemType.CAROUSEL
    return wire.AdFormat.CAROUSEL_ADS if is_carousel else wire.AdFormat.SINGLE_VIDEO


def _not_understood(sentence: str, says: base.Says = base.Says.TRY_LATER) -> base.PlatformFault:
    return base.PlatformFault(says, "not_understood", sentence)


def _not_listed() -> base.PlatformFault:
    sentence = "The post is not on the ad account's list; apply its code first. Nothing was sent."
    return base.PlatformFault(base.Says.NOTHING_ABOUT_THE_CODE, "not_on_the_list", sentence)


def _list_too_long(what: str) -> base.PlatformFault:
    # "Not on the list" would be a guess after reading a part of it.
    return base.PlatformFault(
        base.Says.NOTHING_ABOUT_THE_CODE, "list_too_long", f"The ad account has more {what} than are read at once."
    )


platform: Final[base.Platform] = TikTok()
