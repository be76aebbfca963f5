"""Where a party's programs want to be told, and of what."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from valetkey.notices.webhooks import KINDS
from valetkey.web.forms.connections import PartyForm

_TOLD: Final = {
    "authorization": "codes: given, handed over, applied, extended, ended",
    "finding": "findings: opened, changed, over",
    "access": "access to assets",
    "campaign": "campaigns",
    "change": "changes and their steps",
    "review": "reviews",
    "exposure": "shared logins",
}


class WebhookForm(PartyForm):
    url = forms.CharField(
        label="Address",
        help_text="Where your program listens, with https. It may be shown to the managers of this party.",
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label="Of what",
        help_text="Nothing chosen: of all of it, and of what else is on record.",
        choices=[(f"{kind}.", _TOLD[kind]) for kind in _TOLD if kind in KINDS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def given(self) -> dict[str, Any]:
        """What `add_endpoint` takes."""
        return {name: self.cleaned_data[name] for name in ("party", "url", "events")}
