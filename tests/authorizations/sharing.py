"""What the tests of hand-over links share: a link for somebody without an account, their mailbox, and their proof."""

from __future__ import annotations

import re
from typing import Any, Final

from django.core import mail

from tests.desk import Desk
from valetkey.audit.entry import GUEST, Actor, Door
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization, HandOver
from valetkey.secret import Secret

MAIL: Final = "bo.lind@northwind.example"
VISITOR: Final = Actor(name="somebody", door=Door.WEB, user_id=GUEST)
WRONG: Final = Secret("no number")


def share(desk: Desk, row: Authorization | None = None, **given: Any) -> services.HandedOver:
    wanted = {
        "authorization": row or desk.issued(), "recipient": "Bo Lind", "mail": MAIL, "actor": desk.mara,
        "at": desk.at, **given,
    }  # fmt: skip
    return services.hand_over(**wanted)


def shared(desk: Desk, row: Authorization | None = None, **given: Any) -> HandOver:
    """A hand-over to somebody without an account, just now."""
    return share(desk, row, **given).hand_over


def mailed_number() -> Secret:
    """The number in the newest mail."""
    found = re.search(r"^    (\d{8})$", str(mail.outbox[-1].body), flags=re.MULTILINE)
    assert found is not None, mail.outbox[-1].body
    return Secret(found.group(1))


def proven(desk: Desk, row: Authorization | None = None, **given: Any) -> HandOver:
    """The same, and whoever opened it has typed the number from the mail."""
    hand_over = shared(desk, row, **given)
    services.send_proof(hand_over=hand_over, at=desk.at)
    services.prove(hand_over=hand_over, number=mailed_number(), at=desk.at)
    return HandOver.objects.get(pk=hand_over.pk)


def look(desk: Desk, hand_over: HandOver, counts: bool = False) -> services.Shared:
    return services.look_at_hand_over(hand_over=hand_over, counts=counts, at=desk.at)


def opened(desk: Desk, hand_over: HandOver, **given: Any) -> Secret:
    return services.open_shared(**{"hand_over": hand_over, "actor": VISITOR, "at": desk.at, **given})


def again(hand_over: HandOver) -> HandOver:
    return HandOver.objects.get(pk=hand_over.pk)
