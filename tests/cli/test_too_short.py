"""Days that end too early, by commands: refused with the way out, done with --short-reason."""

from __future__ import annotations

import pytest

from tests.cli.cast import CODE
from tests.cli.conftest import Terminal
from tests.desk import SHORT, Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization

pytestmark = pytest.mark.django_db

WHY = "We only need the first weeks."
WORDS: dict[str, tuple[str, str]] = {
    "request": ("request {post} --creator Mara --for Northwind --campaign {campaign}", "bo"),
    "authorize": ("authorize {post} --for Northwind --campaign {campaign}", "mara"),
    "authorize --request": ("authorize --request {asked}", "mara"),
    "record": ("record --post {post} --for Northwind --campaign {campaign}", "mara"),
    "record REQUEST": ("record {asked}", "bo"),
    "extend": ("extend {issued}", "mara"),
    "replace": ("replace {issued} --by-hand", "mara"),
}


@pytest.mark.parametrize("name", sorted(WORDS))
def test_it_is_refused_and_a_reason_keeps_it(desk: Desk, vk: Terminal, name: str) -> None:
    campaign = desk.campaign(days=50)
    row = None
    if name in {"extend", "replace"}:
        row = desk.issued(days=7, campaigns=(campaign,))
    elif "{asked}" in WORDS[name][0]:
        row = services.request(
            creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", post_id=desk.post.platform_id,
            days=30, campaigns=(campaign,), short_reason=SHORT, actor=desk.bo, at=desk.at,
        )  # fmt: skip
    line, who = WORDS[name]
    reference = row.reference if row else ""
    text = line.format(post=desk.post.platform_id, campaign=campaign.reference, asked=reference, issued=reference)
    words = [word.replace("Mara", "Mara Lindt") for word in text.split()] + ["--days", "7"]
    refused = vk(*words, who=who, typed=CODE, is_json=True)
    told = refused.refused()
    assert refused.code == 5 and told["code"] == "too_short" and "may stop on" in told["sentence"]
    assert "are the fewest on offer that reach" in told["next_step"] and "--short-reason TEXT" in told["next_step"]
    done = vk(*words, "--short-reason", WHY, who=who, typed=CODE)
    assert done.code == 0, done.err
    kept = services.kept_short(authorization=Authorization.objects.latest("pk"))
    assert kept is not None and kept.reason == WHY
    assert WHY in vk("history", Authorization.objects.latest("pk").reference, who=who).out
