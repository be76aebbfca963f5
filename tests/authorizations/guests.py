"""What the tests of request links share: a request, the link it is sent by, and the guest who comes with it."""

from __future__ import annotations

from typing import Any, Final

from tests.desk import SHORT, Desk
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization, RequestLink

GUEST_MARA: Final = Actor(name="Mara", door=Door.WEB, user_id=GUEST)
MAIL: Final = "mara.makes@example.org"
CODE: Final = "#madeInTheApp1234567890abcd="


def asked(desk: Desk, **given: Any) -> Authorization:
    wanted = {
        "creator": desk.creator, "advertiser": desk.advertiser, "platform": "tiktok",
        "post_id": desk.post.platform_id, "days": 30, "short_reason": SHORT, "actor": desk.bo,
        "at": desk.at, **given,
    }  # fmt: skip
    return services.request(**wanted)


def send(desk: Desk, row: Authorization, **given: Any) -> services.Sent:
    wanted = {"authorization": row, "recipient": "Mara", "mail": MAIL, "actor": desk.bo, "at": desk.at, **given}
    return services.send_request(**wanted)


def sent(desk: Desk, **given: Any) -> RequestLink:
    """A request that was sent to Mara just now."""
    return send(desk, asked(desk, **given)).request_link


def answer(desk: Desk, link: RequestLink, **given: Any) -> Authorization:
    wanted = {
        "request_link": link, "code": CODE, "days": 30, "short_reason": SHORT, "terms_seen": True,
        "actor": GUEST_MARA, "at": desk.at, **given,
    }  # fmt: skip
    return services.answer_request(**wanted)


def look(desk: Desk, link: RequestLink, counts: bool = False) -> services.Asked:
    return services.look_at_request(request_link=link, counts=counts, at=desk.at)
