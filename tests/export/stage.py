"""A desk on which something of everything has happened, with texts that are hard to write down."""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps
from django.db import connection, models, transaction

from tests.desk import HOST, Desk
from valetkey.accounts import services as accounts
from valetkey.accounts.models import Person
from valetkey.accounts.policy import Role
from valetkey.authorizations import services
from valetkey.authorizations.filters import Filters
from valetkey.export.schema import exported, schema
from valetkey.register.exposed import Shared
from valetkey.register.models import Engagement, Ownership, Responsibility, Surface
from valetkey.register.services import add_knower, open_exposure
from valetkey.secret import Secret
from valetkey.vault.columns import EncryptedField

HARD: Final = '=HYPERLINK("x";"y")\n“quoted”, ‏עברית‏ 😀 \u2028 "commas", \\ and 	tabs'
"""What a cell, a line or a quote may be broken by."""


def everything_happened(desk: Desk) -> None:
    campaign = desk.campaign()
    row = desk.in_use()
    services.set_campaigns(authorization=row, campaigns=[campaign], actor=desk.bo, at=desk.at)
    services.hand_over(authorization=row, recipient="Kai", mail="kai@example.org", actor=desk.mara, at=desk.at)
    asked = services.request(
        creator=desk.creator, advertiser=desk.advertiser, platform="tiktok", days=30, message=HARD,
        post_id=desk.seeded.creators[0].posts["public_two"], actor=desk.bo, at=desk.at,
    )  # fmt: skip
    services.send_request(authorization=asked, recipient="Mara", mail="", send_mail=False, actor=desk.bo, at=desk.at)
    services.share_guide(authorization=row, name="extend-a-code", recipient="Lou", actor=desk.mara, at=desk.at)
    services.tick_guide(authorization=row, name="extend-a-code", step="counted", is_done=True,
                        actor=desk.mara, at=desk.at)  # fmt: skip
    services.save_view(name="Mine", filters=Filters(), actor=desk.bo, at=desk.at)
    accounts.invite(mail="new@example.org", party=desk.advertiser, role=Role.MEMBER, actor=desk.bo, at=desk.at)
    exposure = open_exposure(
        held_by=desk.creator, platform="tiktok", account="@mara", shared=Shared.PASSWORD, note=HARD, actor=HOST,
        at=desk.at,
    )  # fmt: skip
    add_knower(exposure=exposure, name="Jo", actor=HOST, at=desk.at)
    _the_record(desk)
    _fill_the_rest(desk)


def _the_record(desk: Desk) -> None:
    person = Person.objects.filter(kept_by=desk.advertiser).first()
    assert person is not None
    Ownership.objects.get_or_create(
        asset=desk.post, defaults={"owner": person, "evidence": HARD, "changed_at": desk.at}
    )
    Surface.objects.get_or_create(asset=desk.post, name="by hand", note=HARD)
    Engagement.objects.create(
        kept_by=desk.advertiser, party=desk.creator, purpose="Ads", starts_on=desk.at.date(), owner=person,
        created_at=desk.at,
    )  # fmt: skip
    Responsibility.objects.create(
        kept_by=desk.advertiser, person=person, occasion="leaver", what=HARD[:90], within_days=2, created_at=desk.at
    )


def _fill_the_rest(desk: Desk) -> None:
    """A row for each exported table that has none yet: of a model that is new, too. What must be there, is there."""
    for table in schema():
        if not table.model._base_manager.exists():
            fields = [field for field in table.model._meta.local_concrete_fields if not field.primary_key]
            needed = {field.attname: _some(field, desk) for field in fields if not field.null}
            table.model._base_manager.create(**needed)


def _some(field: models.Field[Any, Any], desk: Desk) -> object:
    if isinstance(field, models.ForeignKey):
        return field.related_model._base_manager.values_list("pk", flat=True).first()
    if isinstance(field, EncryptedField):
        return Secret("sealed-and-no-code-at-all")
    if field.has_default() or field.choices:
        return field.get_default() or next((choice for choice, _ in field.flatchoices), field.get_default())
    if isinstance(field, models.JSONField):
        return {"hard": [HARD, 1, None, True], "also": {}}
    if isinstance(field, models.DateField):  # a moment, too
        return desk.at if isinstance(field, models.DateTimeField) else desk.at.date()
    return 1 if isinstance(field, models.IntegerField | models.BooleanField) else HARD[: field.max_length]


def without_rows() -> set[str]:
    """Exported tables on which nothing has happened yet."""
    return {model._meta.label for model in exported() if not model._base_manager.exists()}


def empty_the_desk() -> None:
    """As a new desk is: no rows but those of Django itself. The history stays: it can only be added to."""
    models_of_ours = [*exported(), *_beside()]
    with transaction.atomic():  # what rows name one another by is looked at in the end
        for model in models_of_ours:
            model._base_manager.all()._raw_delete(connection.alias)


def _beside() -> list[type[models.Model]]:
    """Rows that hang on what is exported and are not exported themselves."""
    kept = {"audit", "contenttypes", "auth"}
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model not in exported() and model._meta.app_label not in kept
    ]
