"""Ending, step by step: `valetkey end ask`, `acknowledge`, `pause`, `switch-off`, `confirm`, `tell`."""

from __future__ import annotations

from typing import Annotated

import typer

from valetkey.authorizations import services
from valetkey.cli.session import SESSION
from valetkey.cli.verbs import ByHand, Reference, find_authorization, show_authorization


def ask(
    reference: Reference, reason: Annotated[str, typer.Option("--reason", help="What the other side reads.")]
) -> None:
    """Ask to end it. Nothing changes on the platform yet."""
    row = find_authorization(reference)
    show_authorization(services.ask_to_end(authorization=row, reason=reason, actor=SESSION.actor(), at=SESSION.at()))


def acknowledge(reference: Reference) -> None:
    """The advertiser's side has read it."""
    row = find_authorization(reference)
    show_authorization(services.acknowledge_end(authorization=row, actor=SESSION.actor(), at=SESSION.at()))


def pause(reference: Reference, by_hand: ByHand = False) -> None:
    """Pause the ads on the post, on every ad account of this authorization."""
    row = find_authorization(reference)
    show_authorization(services.pause_ads(authorization=row, by_hand=by_hand, actor=SESSION.actor(), at=SESSION.at()))


def switch_off(reference: Reference, by_hand: ByHand = False) -> None:
    """Switch ad authorization off for the post. Refused by the platform while ads run."""
    row = find_authorization(reference)
    show_authorization(services.switch_off(authorization=row, by_hand=by_hand, actor=SESSION.actor(), at=SESSION.at()))


def confirm(
    reference: Reference,
    seen: Annotated[str, typer.Option("--seen", help="By hand: what you saw in the app.")] = "",
) -> None:
    """Ask the platform whether it is really off. Only then is it ended."""
    row = find_authorization(reference)
    show_authorization(services.confirm_end(authorization=row, seen=seen, actor=SESSION.actor(), at=SESSION.at()))


def tell(reference: Reference, how: Annotated[str, typer.Option("--how", help="How the advertiser was told.")]) -> None:
    """Write down that the advertiser was told."""
    row = find_authorization(reference)
    show_authorization(services.tell_advertiser(authorization=row, how=how, actor=SESSION.actor(), at=SESSION.at()))
