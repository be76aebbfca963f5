"""Of what a calendar is to be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from valetkey.audit.entry import Actor
from valetkey.register.models import Campaign
from valetkey.web.person import now

_OFFERED = 200


class CalendarForm(forms.Form):
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        to_field_name="reference",
        label="Of what",
        empty_label="All that is mine",
        required=False,
    )

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["campaign"].queryset = _offered(actor)  # type: ignore[attr-defined]


def _offered(actor: Actor) -> QuerySet[Campaign]:
    """Not over yet, those that end first; a list has an end."""
    rows = Campaign.objects.visible_to(actor).filter(ends_at__gt=now()).order_by("ends_at", "pk")
    return Campaign.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:_OFFERED])).order_by("ends_at", "pk")
