"""What is typed to share a guide with the other side."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from valetkey.authorizations.links import LONGEST_DAYS
from valetkey.web.forms.text import TextField


class ShareForm(forms.Form):
    recipient = TextField(label="Who gets the link", max_length=200)
    days = forms.IntegerField(label="How many days the link works", min_value=1, max_value=LONGEST_DAYS)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["days"].initial = settings.VALETKEY_LINK_DAYS
        self.fields["days"].widget.attrs["inputmode"] = "numeric"
