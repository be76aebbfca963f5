"""An ad account: its id on the platform, its name, its time zone."""

from __future__ import annotations

from typing import Any

from django import forms

from valetkey.accounts.models import Party
from valetkey.web.forms.text import TextField
from valetkey.web.forms.time_zones import time_zones


class AdAccountForm(forms.Form):
    """What can be corrected later."""

    name = TextField(label="Name", help_text="As you call it.", max_length=300)
    time_zone = forms.ChoiceField(
        label="Time zone",
        help_text="As Ads Manager shows it for this ad account. Campaign days are days in it.",
        choices=time_zones,
    )


class NewAdAccountForm(AdAccountForm):
    party = forms.ModelChoiceField(
        Party.objects.none(), to_field_name="reference", label="Whose it is", empty_label=None
    )
    platform_id = TextField(
        label="Ad account id",
        help_text="A long number; copy it from TikTok Ads Manager.",
        max_length=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = ("party", "platform_id", "name", "time_zone")

    def __init__(self, *args: Any, parties: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["party"].queryset = parties  # type: ignore[attr-defined]
