"""What the creator's side types to hand a code over, and what a guest types to prove a mail address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from valetkey.authorizations.links import LONGEST_DAYS
from valetkey.web.forms.text import MailField, TextField


class HandOverForm(forms.Form):
    recipient = TextField(
        label="Name of the person",
        max_length=200,
        help_text="One person: a colleague of theirs gets a link of their own.",
    )
    mail = MailField(
        label="Their mail address",
        required=False,
        help_text="Whoever opens the link proves this address by a number that is mailed to it, and needs no account."
        " Without an address, the link is for people of the advertiser's side who sign in here.",
    )
    send_mail = forms.BooleanField(label="Mail the link to that address now", required=False, initial=True)
    days = forms.IntegerField(label="How many days the link works", min_value=1, max_value=LONGEST_DAYS)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["days"].initial = settings.VALETKEY_LINK_DAYS
        self.fields["days"].widget.attrs["inputmode"] = "numeric"
        self.fields["days"].help_text = "The code itself ends by its own window, whatever the link does."

    def clean(self) -> dict[str, Any]:
        """Without an address there is nothing to mail; that needs no word."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("mail") and "mail" not in self.errors:
            cleaned["send_mail"] = False
        return cleaned


class NumberForm(forms.Form):
    number = forms.CharField(
        label="The number from the mail",
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false", "autofocus": True}
        ),
    )
