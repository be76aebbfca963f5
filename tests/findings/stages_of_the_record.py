"""What has to be on a party's record so that each rule of the record speaks: made by the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from tests.desk import Desk
from tests.register.looked_at import Recorded, recorded
from tests.reviews import scope
from valetkey.accounts.models import Person
from valetkey.accounts.services import person_left
from valetkey.register import services


def _on_record(act: Callable[[Recorded], object], days: float = 0) -> Callable[[Desk], None]:
    """The small record of the looks, and something done in it; then time goes by."""

    def stage(desk: Desk) -> None:
        act(recorded(desk))
        if days:
            desk.later(days=days)

    return stage


def _left(record: Recorded, person: Person) -> None:
    person_left(person=person, on=record.at.date(), actor=record.keeper, at=record.at)


def _owned(record: Recorded, **changes: Any) -> None:
    services.set_ownership(asset=record.center, changes=changes, actor=record.keeper, at=record.at)


def _engaged(record: Recorded, **changes: Any) -> None:
    engagement = record.desk.advertiser.engagements.get()
    services.change_engagement(engagement=engagement, changes=changes, actor=record.keeper, at=record.at)


def _work_ended(record: Recorded) -> None:
    engagement = record.desk.advertiser.engagements.get()
    services.end_engagement(engagement=engagement, reason="Over.", actor=record.keeper, at=record.at)


def _partner_removed(record: Recorded) -> None:
    record.open(record.lee)
    services.end_access(access=record.agencys, reason="Over.", how="Gone.", actor=record.keeper, at=record.at)


def _account(record: Recorded) -> None:
    said: dict[str, Any] = {"actor": record.keeper, "at": record.at}
    account = services.enter_asset(
        held_by=record.desk.advertiser, platform="tiktok", kind="account", name="northwind", **said
    )
    services.set_ownership(asset=account, changes={"owner": record.jo}, **said)


def _spends(record: Recorded) -> None:
    members = services.enter_surface(
        asset=record.desk.eu, name="Members", kind="members", actor=record.keeper, at=record.at
    )
    record.open(record.lee, surface=members, role="Admin", purpose="Reports.")


def _reviewed(desk: Desk) -> None:
    asset, _ = scope.staffed(desk)
    scope.kept(desk, scope.opened(desk, asset))
    desk.later(days=(scope.NEXT - desk.at.date()).days + 1)


def _left_open(desk: Desk) -> None:
    scope.opened(desk, scope.staffed(desk)[0])
    desk.later(days=31)


def _review_day(record: Recorded) -> None:
    record.open(record.lee, review_on=record.at.date() + timedelta(days=3))


STAGES: Final[dict[str, Callable[[Desk], object]]] = {
    "access_past_end": _on_record(lambda record: record, days=190),
    "access_without_end": _on_record(lambda record: record),
    "access_review_overdue": _on_record(_review_day, days=5),
    "access_unconfirmed": _on_record(lambda record: record, days=181),
    "access_ended_unseen": _on_record(
        lambda record: services.end_access(access=record.jos, reason="Over.", actor=record.keeper, at=record.at)
    ),
    "left_with_access": _on_record(lambda record: _left(record, record.jo), days=2),
    "held_after_engagement": _on_record(_work_ended),
    "stays_after_partner": _on_record(_partner_removed),
    "access_owner_left": _on_record(lambda record: _left(record, record.lee), days=2),
    "asset_owner_left": _on_record(lambda record: _left(record, record.jo), days=2),
    "engagement_owner_left": _on_record(lambda record: _left(record, record.jo), days=2),
    "exposure_owner_left": _on_record(lambda record: _left(record, record.jo), days=2),
    "left_and_knew": _on_record(lambda record: _left(record, record.lee), days=2),
    "login_unchanged": _on_record(lambda record: record),
    "owned_by_agency": _on_record(lambda record: _owned(record, owned_by=record.agency)),
    "few_admins": _on_record(lambda record: record),
    "no_backup_owner": _on_record(lambda record: _owned(record, backup_owner=None)),
    "ownership_unconfirmed": _on_record(lambda record: record, days=181),
    "recovery_of_leaver": _on_record(lambda record: _left(record, record.jo), days=2),
    "recovery_of_outsider": _on_record(lambda record: _owned(record, recovery_mail=record.lee)),
    "recovery_beside_owners": _on_record(lambda record: _owned(record, recovery_phone=record.person("Nia"))),
    "no_backup_codes": _on_record(_account),
    "wider_than_the_job": _on_record(lambda record: record.open(record.person("Nia"), role="Admin")),
    "money_on_a_general_role": _on_record(_spends),
    "seat_without_asset": _on_record(lambda record: record),
    "engagement_review_overdue": _on_record(
        lambda record: _engaged(record, review_on=record.at.date() + timedelta(days=3)), days=5
    ),
    "engagement_past_end": _on_record(
        lambda record: _engaged(record, ends_on=record.at.date() + timedelta(days=3)), days=5
    ),
    "review_due_again": _reviewed,
    "review_left_open": _left_open,
}
