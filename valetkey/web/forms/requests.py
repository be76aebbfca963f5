"""What a buyer types to ask a creator for a post, and to see to a request that is out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.timezone import localtime

from valetkey.accounts.models import Membership, Party
from valetkey.accounts.models import desk_role_of as desk_role
from valetkey.accounts.policy import DeskRole, Role
from valetkey.audit.entry import Actor
from valetkey.authorizations import services
from valetkey.authorizations.coverage import Option, end_of_day, options
from valetkey.authorizations.links import LONGEST_DAYS
from valetkey.connectors import registry
from valetkey.errors import Invalid
from valetkey.register.models import AdAccount, Campaign
from valetkey.web.forms.text import MailField, TextField
from valetkey.web.forms.too_short import MayBeTooShort

PLATFORM: Final = "tiktok"
OTHER: Final = "other"
_MOST: Final = 50
"""So many campaigns and ad accounts are offered, the newest first."""

READY: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "first",
        "We ask for the first time",
        "Hello {recipient}, we like this post of yours and would like to run it as an ad for {advertiser}. It stays"
        " your post and your account: all we need is a code for this one post, which you make in the TikTok app. Nobody"
        " needs your login. If you would rather not, just say no on the page.",
    ),
    (
        "agreed",
        "We have agreed on it",
        "Hello {recipient}, as we agreed, here is where you can give {advertiser} the code for this post. How long we"
        " ask for stands on the page. If anything differs from what we said, choose less, or write to me first.",
    ),
    (
        "again",
        "The code we have runs out",
        "Hello {recipient}, your post does well, and {advertiser} would like to go on with it. The code we have runs"
        " out soon. Could you make one once more? Thank you for the work so far.",
    ),
)
"""Name, label, text. Plain words, and no is as good an answer as yes."""


class RequestForm(MayBeTooShort):
    """Fields of no service of their own: `ready` fills the message, `other_days` belongs to `days`."""

    take_label = "Ask for {days} days"

    advertiser = forms.ModelChoiceField(
        label="Who asks", queryset=Party.objects.none(), empty_label=None, to_field_name="reference"
    )
    creator = TextField(
        max_length=200,
        help_text="Their name on this desk. Not on it yet? The name or @handle under which they post.",
    )
    recipient = TextField(
        label="Who gets the link",
        required=False,
        max_length=200,
        help_text="The person's name, such as the creator's own or the manager's. Left out, it is the creator.",
    )
    mail = MailField(
        label="Their mail address",
        required=False,
        help_text="The link is mailed there. Without an address you pass it on yourself.",
    )
    post = TextField(
        label="Link of the post",
        max_length=500,
        help_text="The whole link from the address bar, with @name and a long number in it. The desk does not open it.",
    )
    days = forms.ChoiceField(
        label="How many days", widget=forms.RadioSelect, help_text="The ends are those of a code made today."
    )
    other_days = forms.IntegerField(label="Your own number of days", required=False)
    agreed_until = forms.DateField(
        label="Agreed use until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The last day on which you may use the post, if you agreed on one. It may be before the code ends.",
    )
    ad_account = forms.ModelChoiceField(
        label="Ad account",
        required=False,
        queryset=AdAccount.objects.none(),
        empty_label="Not settled yet",
        to_field_name="reference",
    )
    campaigns = forms.ModelMultipleChoiceField(
        label="Campaigns it is for",
        required=False,
        queryset=Campaign.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        to_field_name="reference",
    )
    ready = forms.ChoiceField(
        label="Ready messages",
        initial=READY[0][0],
        required=False,
        widget=forms.RadioSelect,
        choices=[(name, label) for name, label, _ in READY],
    )
    message = TextField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 6}), help_text="What they read first."
    )

    def __init__(self, *args: Any, actor: Actor, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.at = at
        asking = parties_asking(actor)
        self._choose("advertiser", asking)
        self.fields["advertiser"].initial = asking.values_list("reference", flat=True).first()
        self._choose("ad_account", AdAccount.objects.visible_to(actor).filter(held_by__in=asking).order_by("name"))
        going = Campaign.objects.visible_to(actor).filter(ends_at__gt=at, ad_account__held_by__in=asking)
        self._choose("campaigns", going.select_related("ad_account").order_by("-starts_on", "-pk"))
        self.fields["campaigns"].label_from_instance = campaign_label  # type: ignore[attr-defined]
        terms = registry.platform(PLATFORM).terms
        other = self.fields["other_days"]
        other.widget.attrs |= {"min": terms.shortest, "max": terms.longest, "inputmode": "numeric"}
        other.help_text = f"From {terms.shortest} to {terms.longest}. The app may offer only the numbers above."
        self.fields["days"].initial = "30"
        self.needed_until = self._needed_until()
        self.options = options(at, terms.confirmed, self.needed_until)
        choices = [(str(one.days), option_label(one)) for one in self.options]
        self.fields["days"].choices = [*choices, (OTHER, "Another number of days")]  # type: ignore[attr-defined]

    @property
    def shortest(self) -> Option | None:
        """The preset that just reaches the end of what is chosen."""
        return next((one for one in self.options if one.is_shortest_that_covers), None)

    def _choose(self, name: str, found: Any) -> None:
        """A bounded choice: a list of thousands is no help, and a slice cannot be searched."""
        model = found.model
        picked = model._default_manager.filter(pk__in=list(found.values_list("pk", flat=True)[:_MOST]))
        if model is Campaign:
            picked = picked.select_related("ad_account").order_by("-starts_on", "-pk")
        self.fields[name].queryset = picked  # type: ignore[attr-defined]

    def _needed_until(self) -> datetime | None:
        """The end of the last campaign that is chosen; where none is, of the agreed use."""
        field = self.fields["campaigns"]
        try:
            chosen = field.clean(self["campaigns"].value())
            day = self.fields["agreed_until"].clean(self["agreed_until"].value())
        except ValidationError:
            return None
        ends = [campaign.ends_at for campaign in chosen or ()]
        if not ends and day is not None:
            try:
                ends = [end_of_day(day, settings.VALETKEY_TIME_ZONE)]
            except Invalid:
                return None
        return max(ends) if ends else None

    def clean_post(self) -> str:
        post: str = self.cleaned_data["post"]
        try:
            services.post_id_of(PLATFORM, post)
        except Invalid as refused:
            raise ValidationError(
                "Which post this is cannot be told from this text; a short link does not say it either. %(next)s",
                params={"next": refused.next_step},
            ) from None
        return post

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("days") == OTHER:
            if cleaned.get("other_days") is None and "other_days" not in self.errors:
                self.add_error("other_days", "Type the number of days, or choose one above.")
            cleaned["days"] = cleaned.get("other_days")
        elif cleaned.get("days"):
            cleaned["days"] = int(cleaned["days"])
        if not cleaned.get("message", "").strip() and cleaned.get("ready"):
            cleaned["message"] = ready_message(cleaned["ready"], cleaned)
        return cleaned

    def given(self) -> dict[str, Any]:
        """For the service."""
        names = ("advertiser", "creator", "recipient", "mail", "post", "days", "message", "agreed_until", "ad_account")
        return {**{name: self.cleaned_data[name] for name in names}, "campaigns": tuple(self.cleaned_data["campaigns"])}


def parties_asking(actor: Actor) -> Any:
    """The brands and agencies for which this person may ask."""
    buyers = Party.objects.visible_to(actor).exclude(kind=Party.Kind.CREATOR)
    if desk_role(actor) is DeskRole.ADMIN:
        return buyers
    works = Membership.objects.of(actor).filter(role__in=[Role.MANAGER.value, Role.MEMBER.value])
    return buyers.filter(pk__in=works.values("party"))


def typed_so_far(typed: QueryDict, *, fill: bool, actor: Actor) -> dict[str, Any]:
    """What was typed, for a form that is shown again without being judged. `fill`: with the ready message chosen."""
    so_far: dict[str, Any] = {name: typed[name] for name in RequestForm.base_fields if name in typed}
    so_far["campaigns"] = typed.getlist("campaigns")
    so_far["days"] = typed.get("take") or typed.get("days")
    if fill and so_far.get("ready"):
        asking = parties_asking(actor).filter(reference=so_far.get("advertiser")).first()
        so_far["message"] = ready_message(so_far["ready"], {**so_far, "advertiser": asking})
    return so_far


def ready_message(name: str, given: dict[str, Any]) -> str:
    text = next((text for each, _, text in READY if each == name), "")
    recipient = (given.get("recipient") or given.get("creator") or "").strip() or "there"
    return text.format(recipient=recipient, advertiser=given.get("advertiser") or "us")


def option_label(option: Option) -> str:
    """“30 days: ends Wed 2 Dec 2026; 9 days short”."""
    label = f"{option.days} days: ends {date_format(localtime(option.ends_at), 'D j M Y')}"
    if option.days_short:
        return f"{label}; {_days(option.days_short)} short"
    if option.is_shortest_that_covers:
        return f"{label}; the fewest days that reach"
    return f"{label}; {_days(option.days_past)} past" if option.days_past else label


def campaign_label(campaign: Campaign) -> str:
    until = date_format(campaign.ends_on, "D j M Y")
    return f"{campaign.name}, until {until} ({campaign.ad_account.time_zone})"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


class SendForm(forms.Form):
    """To somebody else, or for the first time where it was asked without a link."""

    recipient = TextField(label="Name of the person", max_length=200)
    mail = MailField(
        label="Their mail address",
        required=False,
        help_text="Without one you pass the link on yourself.",
    )


class MoreTimeForm(forms.Form):
    days = forms.IntegerField(
        label="Days more",
        initial=7,
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text=f"A link works for {LONGEST_DAYS} days from today at most.",
    )


class WithdrawForm(forms.Form):
    reason = TextField(
        label="Reason",
        required=False,
        max_length=500,
        help_text="The creator's side reads it.",
    )
