"""What any platform's connector must do: one class, run against the stand-in in this process, over HTTP, and for real.

Subclass `PlatformConformance` in the platform's own folder and give it the fixtures below. The tests share one post and
leave it switched off, so that they can run one after another against the real platform too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from valetkey.connectors.base import (
    Address,
    AdvertiserSide,
    CodeStatus,
    CreatorSide,
    Platform,
    PlatformFault,
    Renewal,
    Says,
    SeededAdAccount,
    SeenAd,
    SeenCode,
)
from valetkey.secret import Secret

DAY = timedelta(days=1)


class PlatformConformance:
    """The promises of the port, as tests. A fixture that has nothing to offer skips its tests and says why."""

    # -- what a subclass gives --------------------------------------------------------------------------------------

    @pytest.fixture
    def platform(self) -> Platform:
        raise NotImplementedError("give the platform object that settings name")

    @pytest.fixture
    def creator_address(self) -> Address:
        raise NotImplementedError("give the address, token and account id of a creator who owns `post_id`")

    @pytest.fixture
    def advertiser_address(self) -> Address:
        raise NotImplementedError("give the address and token of an advertiser who holds `ad_account`")

    @pytest.fixture
    def post_id(self) -> str:
        raise NotImplementedError("give a public post with no live code")

    @pytest.fixture
    def ad_account(self) -> SeededAdAccount:
        raise NotImplementedError("give an ad account of the advertiser")

    @pytest.fixture
    def second_ad_account(self) -> SeededAdAccount:
        pytest.skip("no second ad account was given")

    @pytest.fixture
    def foreign_ad_account_id(self) -> str:
        pytest.skip("no ad account out of the advertiser's reach was given")

    @pytest.fixture
    def ad_group_id(self, ad_account: SeededAdAccount) -> str:
        """An ad group in which an ad may be made. It will be paused again."""
        if not ad_account.ad_group_id:
            pytest.skip("no ad group was given")
        return ad_account.ad_group_id

    @pytest.fixture
    def clock(self) -> Callable[[datetime], None]:
        """Stops the platform's clock at an instant."""
        pytest.skip("the clock of this platform cannot be set")

    @pytest.fixture
    def renewal(self) -> Renewal:
        """What renews the creator's token. Renewing may end the token that the other tests use."""
        pytest.skip("nothing to renew the token with was given")

    # -- what the tests stand on ------------------------------------------------------------------------------------

    @pytest.fixture
    def creator(self, platform: Platform, creator_address: Address) -> CreatorSide:
        return platform.creator(creator_address)

    @pytest.fixture
    def advertiser(self, platform: Platform, advertiser_address: Address) -> AdvertiserSide:
        return platform.advertiser(advertiser_address)

    @pytest.fixture
    def term_days(self, platform: Platform) -> int:
        return min(platform.terms.confirmed)

    @pytest.fixture
    def issued(
        self,
        creator: CreatorSide,
        advertiser: AdvertiserSide,
        ad_account: SeededAdAccount,
        post_id: str,
        term_days: int,
    ) -> Iterator[SeenCode]:
        """A fresh code. Afterwards its ads are paused, the post is off the list and switched off."""
        creator.switch_on(post_id=post_id, term_days=term_days)
        try:
            yield creator.code_of(post_id=post_id)
        finally:
            with suppress(PlatformFault):
                running = [ad.ad_id for ad in self.ads(advertiser, ad_account, post_id) if ad.is_running]
                if running:
                    advertiser.pause_ads(ad_account_id=ad_account.ad_account_id, ad_ids=running)
            with suppress(PlatformFault):
                creator.switch_off(post_id=post_id)
            with suppress(PlatformFault):
                advertiser.unbind(ad_account_id=ad_account.ad_account_id, post_id=post_id)

    @pytest.fixture
    def applied(self, issued: SeenCode, advertiser: AdvertiserSide, ad_account: SeededAdAccount) -> SeenCode:
        assert issued.code is not None
        advertiser.apply(ad_account_id=ad_account.ad_account_id, code=issued.code)
        return issued

    @staticmethod
    def ads(advertiser: AdvertiserSide, ad_account: SeededAdAccount, post_id: str) -> list[SeenAd]:
        return list(advertiser.ads_on(ad_account_id=ad_account.ad_account_id, post_id=post_id))

    # -- the platform itself ----------------------------------------------------------------------------------------

    def test_the_platform_says_its_name_its_address_and_its_terms(self, platform: Platform) -> None:
        assert platform.name.isidentifier()
        assert platform.real_base_url.startswith("https://")
        terms = platform.terms
        offered = (*terms.confirmed, *terms.unconfirmed)
        assert terms.confirmed
        assert terms.shortest <= min(offered) <= max(offered) <= terms.longest
        assert not set(terms.confirmed) & set(terms.unconfirmed)

    def test_a_token_is_never_sent_in_the_clear_to_another_machine(self, platform: Platform) -> None:
        careless = Address("http://platform.example", Secret("a-token-that-must-stay"), "account")
        with pytest.raises(ValueError, match="https"):
            platform.advertiser(careless)
        with pytest.raises(ValueError, match="https"):
            platform.creator(careless)

    def test_no_side_shows_its_token(self, platform: Platform, creator: CreatorSide, creator_address: Address) -> None:
        assert creator_address.token.reveal() not in repr((platform, creator, creator_address, vars(platform)))

    # -- the creator's verbs ----------------------------------------------------------------------------------------

    def test_the_creators_posts_are_listed_each_once(self, creator: CreatorSide, post_id: str) -> None:
        listed = [post.platform_id for post in creator.posts()]
        assert post_id in listed
        assert len(listed) == len(set(listed))

    def test_a_post_switched_on_shows_an_unused_code_and_its_window(
        self, issued: SeenCode, post_id: str, term_days: int
    ) -> None:
        assert issued.post_id == post_id
        assert issued.status is CodeStatus.UNUSED
        assert issued.code
        assert issued.starts_at is not None
        assert issued.ends_at is not None
        assert issued.starts_at.utcoffset() == timedelta(0)
        # The platform's own end counts; that it is near the term only shows that zones and units are read right.
        assert abs(issued.ends_at - issued.starts_at - term_days * DAY) <= DAY

    def test_a_code_is_not_shown_by_what_is_seen_of_it(self, issued: SeenCode) -> None:
        assert issued.code is not None
        assert issued.code.reveal() not in f"{issued!r} {issued}"

    def test_extending_moves_the_end_and_keeps_the_code(
        self, issued: SeenCode, creator: CreatorSide, post_id: str, platform: Platform
    ) -> None:
        # More days than the first term: the end moves whether they are added or counted from now.
        creator.extend(post_id=post_id, days=sorted(platform.terms.confirmed)[1])
        extended = creator.code_of(post_id=post_id)
        assert issued.ends_at is not None
        assert extended.ends_at is not None
        assert extended.ends_at > issued.ends_at
        assert extended.code == issued.code

    def test_a_post_switched_off_shows_its_code_as_deleted(
        self, issued: SeenCode, creator: CreatorSide, post_id: str
    ) -> None:
        creator.switch_off(post_id=post_id)
        assert creator.code_of(post_id=post_id).status is CodeStatus.DELETED

    def test_a_token_that_lapses_is_renewed_and_opens_the_same_account(
        self, platform: Platform, creator_address: Address, renewal: Renewal, post_id: str
    ) -> None:
        fresh = platform.renew(creator_address, renewal)
        assert fresh.seconds > 0
        assert fresh.token.reveal() not in repr(fresh)
        renewed = platform.creator(replace(creator_address, token=fresh.token))
        assert post_id in [post.platform_id for post in renewed.posts()]
        # It can be done again with what came back, which may or may not be what was sent.
        again = platform.renew(creator_address, replace(renewal, refresh_token=fresh.refresh_token))
        assert again.token

    def test_a_refresh_token_nobody_gave_renews_nothing(
        self, platform: Platform, creator_address: Address, renewal: Renewal
    ) -> None:
        invented = replace(renewal, refresh_token=Secret("a-refresh-token-nobody-gave"))
        with pytest.raises(PlatformFault) as refused:
            platform.renew(creator_address, invented)
        assert refused.value.says is Says.NOTHING_ABOUT_THE_CODE
        assert "a-refresh-token-nobody-gave" not in str(refused.value)
        assert renewal.app_secret.reveal() not in str(refused.value)

    # -- the advertiser's verbs -------------------------------------------------------------------------------------

    def test_a_post_that_was_not_applied_is_not_on_the_list(
        self, issued: SeenCode, advertiser: AdvertiserSide, ad_account: SeededAdAccount, post_id: str
    ) -> None:
        for known in (post_id, ""):
            at = advertiser.application_of(ad_account_id=ad_account.ad_account_id, code=issued.code, post_id=known)
            assert at is None

    def test_an_applied_code_is_read_back_by_post_and_by_code_with_its_identity(
        self, applied: SeenCode, advertiser: AdvertiserSide, ad_account: SeededAdAccount, post_id: str
    ) -> None:
        by_post = advertiser.application_of(ad_account_id=ad_account.ad_account_id, code=None, post_id=post_id)
        by_code = advertiser.application_of(ad_account_id=ad_account.ad_account_id, code=applied.code, post_id="")
        assert by_post is not None
        assert by_post == by_code
        assert by_post.post_id == post_id
        assert by_post.code == applied.code
        assert by_post.status is CodeStatus.IN_USE
        assert (by_post.starts_at, by_post.ends_at) == (applied.starts_at, applied.ends_at)
        assert by_post.identity_id
        assert by_post.identity_type
        assert applied.code is not None
        assert applied.code.reveal() not in f"{by_post!r} {by_post}"

    def test_the_creator_sees_an_applied_code_in_use(
        self, applied: SeenCode, creator: CreatorSide, post_id: str
    ) -> None:
        assert creator.code_of(post_id=post_id).status is CodeStatus.IN_USE

    def test_applying_twice_leaves_one_application(
        self, applied: SeenCode, advertiser: AdvertiserSide, ad_account: SeededAdAccount, post_id: str
    ) -> None:
        assert applied.code is not None
        before = advertiser.application_of(ad_account_id=ad_account.ad_account_id, code=applied.code, post_id=post_id)
        # Whether the platform calls the second one a mistake is its own affair; the list is what counts.
        with suppress(PlatformFault):
            advertiser.apply(ad_account_id=ad_account.ad_account_id, code=applied.code)
        after = advertiser.application_of(ad_account_id=ad_account.ad_account_id, code=applied.code, post_id=post_id)
        assert after == before

    def test_one_code_can_be_tried_on_a_second_ad_account_without_harm_to_the_first(
        self,
        applied: SeenCode,
        advertiser: AdvertiserSide,
        ad_account: SeededAdAccount,
        second_ad_account: SeededAdAccount,
        post_id: str,
    ) -> None:
        assert applied.code is not None
        try:
            advertiser.apply(ad_account_id=second_ad_account.ad_account_id, code=applied.code)
        except PlatformFault as refused:
            assert refused.says is not Says.UNCERTAIN
            expected = False
        else:
            expected = True
        second = advertiser.application_of(
            ad_account_id=second_ad_account.ad_account_id, code=applied.code, post_id=post_id
        )
        first = advertiser.application_of(ad_account_id=ad_account.ad_account_id, code=applied.code, post_id=post_id)
        if expected:
            advertiser.unbind(ad_account_id=second_ad_account.ad_account_id, post_id=post_id)
        assert (second is not None) is expected
        assert first is not None
        assert first.status is CodeStatus.IN_USE

    def test_a_running_ad_is_found_and_paused_before_the_post_is_switched_off(
        self,
        applied: SeenCode,
        creator: CreatorSide,
        advertiser: AdvertiserSide,
        ad_account: SeededAdAccount,
        ad_group_id: str,
        post_id: str,
    ) -> None:
        made = self.running_ad(advertiser, ad_account, ad_group_id, post_id)
        assert [ad.is_running for ad in self.ads(advertiser, ad_account, post_id) if ad.ad_id == made.ad_id] == [True]
        assert all(ad.post_id == post_id for ad in self.ads(advertiser, ad_account, post_id))

        with pytest.raises(PlatformFault) as refused:
            creator.switch_off(post_id=post_id)
        assert refused.value.says is not Says.UNCERTAIN
        assert refused.value.raw
        assert creator.code_of(post_id=post_id).status is CodeStatus.IN_USE

        advertiser.pause_ads(ad_account_id=ad_account.ad_account_id, ad_ids=[made.ad_id])
        assert [ad.is_running for ad in self.ads(advertiser, ad_account, post_id) if ad.ad_id == made.ad_id] == [False]
        creator.switch_off(post_id=post_id)
        assert creator.code_of(post_id=post_id).status is CodeStatus.DELETED

    @staticmethod
    def running_ad(advertiser: AdvertiserSide, ad_account: SeededAdAccount, ad_group_id: str, post_id: str) -> SeenAd:
        at = advertiser.application_of(ad_account_id=ad_account.ad_account_id, code=None, post_id=post_id)
        assert at is not None
        return advertiser.create_ad(
            ad_account_id=ad_account.ad_account_id,
            ad_group_id=ad_group_id,
            name="Conformance, may be deleted",
            post_id=post_id,
            identity_id=at.identity_id,
            identity_type=at.identity_type,
        )

    def test_no_ads_are_paused_when_none_are_named(
        self, advertiser: AdvertiserSide, ad_account: SeededAdAccount
    ) -> None:
        advertiser.pause_ads(ad_account_id=ad_account.ad_account_id, ad_ids=[])

    def test_an_ended_post_can_be_taken_off_the_list(
        self,
        applied: SeenCode,
        creator: CreatorSide,
        advertiser: AdvertiserSide,
        ad_account: SeededAdAccount,
        post_id: str,
    ) -> None:
        creator.switch_off(post_id=post_id)
        advertiser.unbind(ad_account_id=ad_account.ad_account_id, post_id=post_id)
        gone = advertiser.application_of(ad_account_id=ad_account.ad_account_id, code=applied.code, post_id=post_id)
        assert gone is None

    # -- what refusals tell -----------------------------------------------------------------------------------------

    def test_a_code_whose_post_was_switched_off_is_bad(
        self,
        issued: SeenCode,
        creator: CreatorSide,
        advertiser: AdvertiserSide,
        ad_account: SeededAdAccount,
        post_id: str,
    ) -> None:
        assert issued.code is not None
        creator.switch_off(post_id=post_id)
        self.assert_bad(advertiser, ad_account, issued.code)

    def test_a_code_that_never_was_one_is_bad(self, advertiser: AdvertiserSide, ad_account: SeededAdAccount) -> None:
        self.assert_bad(advertiser, ad_account, Secret("#this is not a code"))

    @staticmethod
    def assert_bad(advertiser: AdvertiserSide, ad_account: SeededAdAccount, code: Secret) -> None:
        with pytest.raises(PlatformFault) as refused:
            advertiser.apply(ad_account_id=ad_account.ad_account_id, code=code)
        assert refused.value.says is Says.CODE_IS_BAD
        assert refused.value.cause
        assert refused.value.raw
        assert code.reveal() not in str(refused.value)

    def test_an_ad_account_out_of_reach_tells_nothing_about_the_code(
        self, issued: SeenCode, advertiser: AdvertiserSide, foreign_ad_account_id: str
    ) -> None:
        assert issued.code is not None
        with pytest.raises(PlatformFault) as refused:
            advertiser.apply(ad_account_id=foreign_ad_account_id, code=issued.code)
        assert refused.value.says is Says.NOTHING_ABOUT_THE_CODE

    def test_a_token_nobody_gave_tells_nothing_about_the_code(
        self, platform: Platform, advertiser_address: Address, ad_account: SeededAdAccount
    ) -> None:
        stranger = platform.advertiser(replace(advertiser_address, token=Secret("a-token-nobody-ever-gave")))
        with pytest.raises(PlatformFault) as refused:
            stranger.apply(ad_account_id=ad_account.ad_account_id, code=Secret("#AbCdEfGhIjKlMnOp="))
        assert refused.value.says is Says.NOTHING_ABOUT_THE_CODE
        assert "a-token-nobody-ever-gave" not in str(refused.value)

    def test_a_code_has_expired_at_its_end_and_not_before(
        self,
        applied: SeenCode,
        advertiser: AdvertiserSide,
        ad_account: SeededAdAccount,
        second_ad_account: SeededAdAccount,
        post_id: str,
        clock: Callable[[datetime], None],
    ) -> None:
        assert applied.code is not None
        assert applied.ends_at is not None

        def status() -> CodeStatus | None:
            at = advertiser.application_of(ad_account_id=ad_account.ad_account_id, code=None, post_id=post_id)
            return at.status if at else None

        clock(applied.ends_at - timedelta(seconds=1))
        assert status() is CodeStatus.IN_USE
        # A window is half-open: its end is the first moment outside.
        clock(applied.ends_at)
        assert status() is CodeStatus.EXPIRED
        self.assert_bad(advertiser, second_ad_account, applied.code)
