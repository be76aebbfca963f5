"""A campaign: its name, its ad account, its first and last day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from valetkey.register.models import AdAccount
from valetkey.web.forms.text import TextField


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}))


class CampaignForm(forms.Form):
    """Both days are included, and are days in the ad account's time zone."""

    name = TextField(label="Name", help_text="As you call it.", max_length=200)
    starts_on = _day("First day")
    ends_on = _day("Last day", "Included: ads run until this day is over in the ad account's time zone.")


class NewCampaignForm(CampaignForm):
    ad_account = forms.ModelChoiceField(
        AdAccount.objects.none(),
        to_field_name="reference",
        label="Ad account",
        help_text="Its time zone is that of the two days.",
        empty_label=None,
    )
    field_order = ("name", "ad_account", "starts_on", "ends_on")

    def __init__(self, *args: Any, ad_accounts: QuerySet[AdAccount], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["ad_account"]
        field.queryset = ad_accounts  # type: ignore[attr-defined]
        field.label_from_instance = _named  # type: ignore[attr-defined]


def _named(account: AdAccount) -> str:
    return f"{account.name} of {account.held_by} ({account.time_zone})"
