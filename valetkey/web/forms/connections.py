"""What connects a party: tokens, which are typed once and never shown again; or an account of the sandbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms

from valetkey.accounts.models import Party, PartyQuerySet
from valetkey.connectors.base import Level, Renewal, Seeded
from valetkey.connectors.models import SANDBOX
from valetkey.secret import Secret
from valetkey.web.forms.text import TextField

_CREATOR_TOKEN: Final = timedelta(hours=24)
"""How long a creator's token lasts (confirmed second-hand); it is renewed before that."""


class PartyForm(forms.Form):
    party = forms.ModelChoiceField(Party.objects.none(), to_field_name="reference", label="Who", empty_label=None)

    def __init__(self, *args: Any, parties: PartyQuerySet, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["party"].queryset = parties  # type: ignore[attr-defined]


def _secret(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    """Never written back into the page, kept by no browser."""
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=4000, widget=widget)


class ConnectForm(PartyForm):
    """A creator's token for a creator, an advertiser's for a brand or an agency."""

    token = _secret("Access token", "From your TikTok developer app. Kept encrypted, never shown again.")
    account_id = TextField(
        label="Account id (creators only)",
        help_text="The open_id that came with the token.",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    app_id = TextField(
        label="App id (creators only)",
        help_text="A creator's token lasts about a day. With the app's id and secret and a refresh token the desk"
        " renews it; without them the creator connects anew.",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    app_secret = _secret("App secret", required=False)
    refresh_token = _secret("Refresh token", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        renewal = [cleaned.get(name) for name in ("app_id", "app_secret", "refresh_token")]
        if any(renewal) and not all(renewal):
            self.add_error("app_id", "Renewing takes all three: app id, app secret and refresh token.")
        return cleaned

    def given(self, at: datetime) -> dict[str, Any]:
        """What `connect` takes."""
        said = self.cleaned_data
        renewal = None
        if said["app_id"]:
            renewal = Renewal(said["app_id"], Secret(said["app_secret"].strip()), Secret(said["refresh_token"].strip()))
        return {
            "party": said["party"],
            "level": level_of(said["party"]),
            "token": Secret(said["token"].strip()),
            "account_id": said["account_id"].strip(),
            "token_ends_at": at + _CREATOR_TOKEN if renewal else None,
            "renewal": renewal,
        }


class SandboxForm(PartyForm):
    """One of the sandbox's own accounts, of the party's kind; its token need not be typed."""

    def __init__(self, *args: Any, seeded: Seeded, **more: Any) -> None:
        super().__init__(*args, **more)
        self.seeded = seeded
        self.fields["account"] = forms.ChoiceField(
            label="As which account of the sandbox",
            choices=[
                *((f"creator {n}", f"{one.name}, a creator") for n, one in enumerate(seeded.creators)),
                *((f"advertiser {n}", f"{one.name}, an advertiser") for n, one in enumerate(seeded.advertisers)),
            ],
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if {"party", "account"} <= cleaned.keys():
            kind = "creator" if level_of(cleaned["party"]) is Level.CREATOR else "advertiser"
            if not cleaned["account"].startswith(f"{kind} "):
                self.add_error("account", f"{cleaned['party']} takes an account of the other kind.")
        return cleaned

    def given(self, at: datetime) -> dict[str, Any]:
        party: Party = self.cleaned_data["party"]
        number = int(self.cleaned_data["account"].partition(" ")[2])
        common = {"party": party, "level": level_of(party), "base_url": SANDBOX}
        if level_of(party) is Level.ADVERTISER:
            return {**common, "token": self.seeded.advertisers[number].token}
        one = self.seeded.creators[number]
        return {
            **common,
            "token": one.token,
            "account_id": one.account_id,
            "token_ends_at": at + timedelta(seconds=one.token_seconds),
            "renewal": Renewal(self.seeded.app_id, self.seeded.app_secret, one.refresh_token),
        }


def level_of(party: Party) -> Level:
    return Level.CREATOR if party.kind == Party.Kind.CREATOR else Level.ADVERTISER
