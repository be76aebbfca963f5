"""What narrows the list of authorizations, a view's name, and the campaigns that use one."""

from __future__ import annotations

from typing import Any

from django import forms

from valetkey.audit.entry import Actor
from valetkey.authorizations.filters import Group, Order
from valetkey.authorizations.models import Authorization
from valetkey.register.models import Campaign
from valetkey.web.forms.text import TextField

YES = "yes"


def _tick(label: str) -> forms.Field:
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput(attrs={"value": YES}))


class FiltersForm(forms.Form):
    """Names and values are those of `Filters`, which judges them; the query string holds nothing else."""

    text = forms.CharField(
        label="Search",
        help_text="Reference, post or its link, creator, campaign, ad account.",
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    group = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "All"),
            (Group.WAITING.value, "Waiting for a code"),
            (Group.LIVE.value, "Live"),
            (Group.IN_USE.value, "Applied or in use"),
            (Group.ENDING.value, "Ending"),
            (Group.OVER.value, "Over"),
        ],
    )
    order = forms.ChoiceField(
        label="Order", required=False, choices=[("", "Newest first"), (Order.ENDS_SOONEST.value, "Ends soonest first")]
    )
    creator = forms.CharField(label="Creator", help_text="The whole name, or the reference.", required=False)
    advertiser = forms.CharField(label="Advertiser", help_text="The whole name, or the reference.", required=False)
    ends_within = forms.IntegerField(
        label="Ends within", help_text="Days from now.", required=False, min_value=1, max_value=3650
    )
    short = _tick("Ends before a campaign that uses it")
    differs = _tick("The platform shows something else")
    uncertain = _tick("An outcome is not known")
    # A link or a saved view may name states; then they go along.
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    is_filter = True
    SIMPLE = ("text", "group", "order")

    def simple(self) -> list[forms.BoundField]:
        return [self[name] for name in self.SIMPLE]

    def more(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.SIMPLE]

    @property
    def uses_more(self) -> bool:
        return any(self.data.get(field.name) for field in self.more())


class ViewForm(forms.Form):
    """A name, and what of the filters somebody typed."""

    name = TextField(label="Name of this view", max_length=60)
    text = TextField(label="Search", required=False)
    creator = TextField(label="Creator", required=False)
    advertiser = TextField(label="Advertiser", required=False)

    def filters(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in ("text", "creator", "advertiser")}

    def needed(self) -> list[forms.BoundField]:
        """Where something is wrong: the name, and what was typed of the rest."""
        return [self[name] for name in self.fields if name == "name" or self.data.get(name)]


class CampaignsForm(forms.Form):
    campaigns = forms.ModelMultipleChoiceField(
        Campaign.objects.none(),
        to_field_name="reference",
        label="Campaigns that use this post",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, row: Authorization, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["campaigns"]
        theirs = Campaign.objects.visible_to(actor).filter(ad_account__held_by=row.advertiser)
        field.queryset = theirs.select_related("ad_account").order_by("-ends_on", "name")  # type: ignore[attr-defined]
        field.initial = [campaign.reference for campaign in row.campaigns.all()]
        field.label_from_instance = _named  # type: ignore[attr-defined]


def _named(campaign: Campaign) -> str:
    account = campaign.ad_account
    days = f"{campaign.starts_on:%-d %b %Y} – {campaign.ends_on:%-d %b %Y} ({account.time_zone})"
    return f"{campaign.name}: {days}, {account.name}"
