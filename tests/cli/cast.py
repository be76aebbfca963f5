"""Authorizations in every interesting state, by name, for commands to be tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.desk import HOST, SHORT, Desk
from valetkey.authorizations import services
from valetkey.authorizations.models import Authorization
from valetkey.connectors import services as connections
from valetkey.connectors.base import Level
from valetkey.connectors.models import Connection
from valetkey.register.models import Campaign

CODE = "#Typed+by/hand1234567890="


@dataclass(frozen=True)
class Cast:
    requested: Authorization
    issued: Authorization
    campaign: Campaign


def assembled(desk: Desk) -> Cast:
    campaign = desk.campaign()
    requested = services.request(
        creator=desk.creator,
        advertiser=desk.advertiser,
        platform="tiktok",
        post_id=desk.seeded.creators[0].posts["public_two"],
        days=30,
        campaigns=(campaign,),
        short_reason=SHORT,
        actor=desk.bo,
        at=desk.at,
    )
    return Cast(requested, desk.issued(campaigns=(campaign,)), campaign)


def advance(desk: Desk, row: Authorization, state: str) -> Authorization:
    """Lead an issued authorization on to `state`, each step by the side whose step it is."""
    steps: dict[str, Callable[[], object]] = {
        "issued": lambda: None,
        "handed_over": lambda: services.hand_over(authorization=row, recipient="Bo", actor=desk.mara, at=desk.at),
        "opened": lambda: services.open(authorization=row, actor=desk.bo, at=desk.at),
        "in_use": lambda: desk.applied(row),
        "end_asked": lambda: services.ask_to_end(authorization=row, reason="Early.", actor=desk.mara, at=desk.at),
        "end_acknowledged": lambda: services.acknowledge_end(authorization=row, actor=desk.bo, at=desk.at),
        "ads_paused": lambda: services.pause_ads(authorization=row, actor=desk.bo, at=desk.at),
        "switched_off": lambda: services.switch_off(authorization=row, actor=desk.mara, at=desk.at),
        "ended": lambda: services.confirm_end(authorization=row, actor=desk.mara, at=desk.at),
    }
    for name, step in steps.items():
        step()
        if name == state:
            break
    row.refresh_from_db()
    assert row.state == state
    return row


def point_elsewhere(address: str) -> None:
    """Every connection speaks to another address from now on."""
    Connection.objects.live().update(base_url=address)


def connect_to(desk: Desk, address: str) -> None:
    """Both sides over HTTP, with the tokens the sandbox gave them."""
    mara, northwind = desk.seeded.creators[0], desk.seeded.advertisers[0]
    connections.connect(
        party=desk.creator,
        platform="tiktok",
        level=Level.CREATOR,
        token=mara.token,
        account_id=mara.account_id,
        base_url=address,
        actor=HOST,
        at=desk.at,
    )
    connections.connect(
        party=desk.advertiser,
        platform="tiktok",
        level=Level.ADVERTISER,
        token=northwind.token,
        base_url=address,
        actor=HOST,
        at=desk.at,
    )
