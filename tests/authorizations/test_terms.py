"""What switching on does: read before the button, and who has read it is in the history before anything is done."""

from __future__ import annotations

import hashlib

import pytest

from tests.authorizations.stage import SETTING, Tap, events, order, refused
from tests.desk import Desk
from valetkey.audit.models import Entry
from valetkey.authorizations import services, terms
from valetkey.authorizations.terms import EFFECTS, Confidence
from valetkey.errors import PlatformRefused


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_every_effect_is_a_sentence_with_a_source_and_says_when_it_is_not_certain(effect: terms.Effect) -> None:
    assert effect.sentence.endswith(".") and effect.source and effect.read_in == "2026-11"
    assert ("not certain" in effect.sentence) is (effect.confidence is Confidence.UNCONFIRMED)


def test_what_cannot_be_undone_is_told() -> None:
    told = {effect.name for effect in EFFECTS}
    assert len(told) == len(EFFECTS) and {"caption_locked", "privacy_locked", "post_kept", "becomes_visible"} <= told


def test_the_digest_is_of_every_word() -> None:
    assert hashlib.sha256(terms.text().encode()).hexdigest() == terms.DIGEST
    for effect in EFFECTS:
        for word in (effect.name, effect.sentence, effect.source, effect.read_in, effect.confidence.value):
            assert word in terms.text()


@pytest.mark.django_db
def test_who_has_read_it_is_written_before_the_platform_is_called(desk: Desk, tap: Tap) -> None:
    seen: list[list[str]] = []
    tap.before[SETTING] = lambda: seen.append(list(Entry.objects.order_by("seq").values_list("event", flat=True)))
    row = desk.issued(terms_seen=True)
    assert events(row)[-3:] == ["terms.seen", "issue.attempted", "issue.done"]
    assert seen[0][-2:] == ["authorization.terms.seen", "authorization.issue.attempted"]
    line = services.history(authorization=row).get(event="authorization.terms.seen")
    assert line.detail == {"digest": terms.DIGEST} and line.actor_name == "Mara"


@pytest.mark.django_db
def test_nobody_is_said_to_have_read_what_they_did_not_confirm(desk: Desk) -> None:
    assert "terms.seen" not in events(desk.issued())


@pytest.mark.django_db
def test_it_stays_written_when_the_platform_says_no(desk: Desk, tap: Tap) -> None:
    row = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id, days=30,
        actor=desk.bo, at=desk.at,
    )  # fmt: skip
    order(desk, SETTING, "refuse", code=40001, message="no permission")
    with refused("no_permission", PlatformRefused):
        services.issue(authorization=row, days=30, terms_seen=True, actor=desk.mara, at=desk.at)
    assert events(row)[-3:] == ["terms.seen", "issue.attempted", "issue.refused"]
