"""What the verbs of an authorization ask for: reasons, days, ad accounts, what somebody saw in the app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict

from valetkey.audit.entry import Actor
from valetkey.authorizations.coverage import Option, end_of_day, options
from valetkey.authorizations.lifecycle import BOUND
from valetkey.authorizations.models import Authorization
from valetkey.connectors import registry
from valetkey.connectors.base import CodeStatus, Terms
from valetkey.register.models import AdAccount
from valetkey.web.forms.text import TextField
from valetkey.web.forms.too_short import Made, MayBeTooShort
from valetkey.web.templatetags.desk import instant

OWN: Final = "own"
"""The choice of a number of days that is not on offer."""


@dataclass(frozen=True)
class About:
    """What a form is about. `is_by_hand`: a person does it on the platform, and this writes it down."""

    row: Authorization
    actor: Actor
    at: datetime
    is_by_hand: bool = False

    def needed_until(self) -> datetime | None:
        """The end of the last campaign that uses it; without one, of the day that was agreed."""
        ends = [campaign.ends_at for campaign in self.row.campaigns.all()]
        if ends or self.row.agreed_until is None:
            return max(ends, default=None)
        return end_of_day(self.row.agreed_until, settings.VALETKEY_TIME_ZONE)

    def terms(self) -> Terms:
        return registry.platform(self.row.post.platform).terms


class VerbForm(forms.Form):
    """Nothing is asked but a button; by hand, a tick that it was done."""

    asks_whether_done = True

    def __init__(self, *args: Any, about: About, **more: Any) -> None:
        super().__init__(*args, **more)
        self.about = about
        if about.is_by_hand and self.asks_whether_done:
            self.fields["did"] = forms.BooleanField(
                label="I have done this on TikTok, and it looks as “Confirm” says.",
                error_messages={"required": "Do it on TikTok first, then tick this."},
            )


class ReasonForm(VerbForm):
    asks_whether_done = False
    reason = TextField(
        label="Reason",
        help_text="One sentence is enough. The other side reads it.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WithdrawForm(ReasonForm):
    reason = TextField(
        label="Reason",
        help_text="The creator reads it.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TellForm(VerbForm):
    asks_whether_done = False
    how = TextField(label="How they were told", help_text="For example: by mail to the buyer.", max_length=500)


class ConfirmForm(VerbForm):
    asks_whether_done = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.about.is_by_hand:
            self.fields["seen"] = TextField(
                label="What you saw in the app",
                help_text="For example: Ad authorization is off, and no code is shown.",
                max_length=500,
            )


class CheckForm(VerbForm):
    """By hand, the creator's side says what the app shows."""

    asks_whether_done = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if not self.about.is_by_hand:
            return
        self.fields["saw"] = forms.ChoiceField(
            label="What the app shows for this post",
            choices=[
                (CodeStatus.UNUSED.value, "A code that nobody uses yet"),
                (CodeStatus.IN_USE.value, "A code that is in use"),
                (CodeStatus.EXPIRED.value, "A code whose window is over"),
                (CodeStatus.DELETED.value, "No code: ad authorization is off"),
                (CodeStatus.UNKNOWN.value, "I cannot tell"),
            ],
            widget=forms.RadioSelect,
        )
        self.fields["ends_on"] = forms.DateField(
            label="The last day it shows",
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}),
        )


class DaysForm(MayBeTooShort, VerbForm):
    """The days on offer, each with the end it leads to, against what the code is needed for; or another number."""

    days = forms.ChoiceField(label="How many days", widget=forms.RadioSelect)
    own_days = forms.IntegerField(label="Your own number of days", required=False, min_value=1)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        terms, found = self.about.terms(), self.offers()
        choices = [(str(each.days), self._words(each)) for each in found]
        choices = choices or [(str(n), f"{n} days") for n in terms.confirmed]
        days = self.fields["days"]
        days.choices = [*choices, (OWN, "Another number of days")]  # type: ignore[attr-defined]
        best = next((str(each.days) for each in found if each.is_shortest_that_covers), None)
        days.initial = best or str(terms.confirmed[min(1, len(terms.confirmed) - 1)])
        own = self.fields["own_days"]
        own.max_value = terms.longest  # type: ignore[attr-defined]
        own.widget.attrs |= {"min": terms.shortest, "max": terms.longest, "inputmode": "numeric"}
        own.help_text = f"{terms.shortest} to {terms.longest}. TikTok itself offers {_listed(terms.confirmed)}."

    def starts_at(self) -> datetime | None:
        """From when the days are counted; None where that is not known."""
        return self.about.at

    def offers(self, days: int | None = None) -> list[Option]:
        """Those on offer, or the one a person thinks of."""
        starts_at = self.starts_at()
        if starts_at is None:
            return []
        return options(starts_at, [days] if days else self.about.terms().confirmed, self.about.needed_until())

    def words(self, days: int) -> str:
        """Where a number of one's own leads."""
        terms = self.about.terms()
        if not terms.shortest <= days <= terms.longest:
            return f"A code lasts {terms.shortest} to {terms.longest} days."
        return next((self._words(each, is_offer=False) for each in self.offers(days)), "")

    def _words(self, option: Option, *, is_offer: bool = True) -> str:
        text = f"{option.days} days: ends {instant(option.ends_at)}"
        if option.days_short:
            return f"{text}; {_days(option.days_short)} short of {self._need()}"
        if self.about.needed_until() is None:
            return text
        best = "; the fewest days that reach" if is_offer and option.is_shortest_that_covers else ""
        return f"{text}; reaches {self._need()}{best}"

    def _need(self) -> str:
        campaigns = list(self.about.row.campaigns.all())
        if not campaigns:
            return "the agreed day"
        return max(campaigns, key=lambda campaign: campaign.ends_at).name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("days") == OWN:
            if cleaned.get("own_days") is None and "own_days" not in self.errors:
                self.add_error("own_days", "Say how many days, or choose one of the numbers above.")
            cleaned["days"] = cleaned.get("own_days")
        elif cleaned.get("days"):
            cleaned["days"] = int(cleaned["days"])
        return cleaned


class ExtendForm(DaysForm):
    take_label = "Add {days} days"

    def starts_at(self) -> datetime | None:
        """Days are added to what is left; where nothing is left, from now on, as far as anybody knows."""
        ends_at = self.about.row.ends_at
        return ends_at if ends_at is None or self.about.is_by_hand else max(ends_at, self.about.at)


class ReplaceForm(DaysForm):
    """By hand, the new code is made already, and days are added to it in the app."""

    asks_whether_done = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.about.is_by_hand:
            self.fields["code"] = forms.CharField(
                label="The new code",
                help_text="Paste it whole, as the app copied it. It is kept encrypted.",
                max_length=600,
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
            )

            self.take_label = Made.take_label

    def take(self, typed: QueryDict, days: int) -> None:
        """By hand they are added to those the new code was made with."""
        before = typed.get("own_days" if typed.get("days") == OWN else "days", "")
        if self.about.is_by_hand and before.isascii() and before.isdigit():
            typed["days"], typed["own_days"] = OWN, str(int(before[:5]) + days)
        else:
            super().take(typed, days)


class ApplyForm(VerbForm):
    ad_accounts = forms.ModelMultipleChoiceField(
        AdAccount.objects.none(),
        to_field_name="reference",
        label="Ad accounts",
        help_text="Those on which the code is applied already are left out.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one ad account."},
    )
    source_code = forms.CharField(
        label="Code of the source post (a duet or stitch only)",
        help_text="A duet or stitch needs the code of the post it was made from, too.",
        required=False,
        max_length=600,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        row, field = self.about.row, self.fields["ad_accounts"]
        theirs = free_ad_accounts(self.about)
        field.queryset = theirs  # type: ignore[attr-defined]
        field.label_from_instance = named  # type: ignore[attr-defined]
        known = list(theirs[:2])
        agreed = row.agreed_ad_account
        field.initial = [agreed.reference] if agreed else [each.reference for each in known if len(known) == 1]
        if self.about.is_by_hand:
            del self.fields["source_code"]


class UnbindForm(VerbForm):
    ad_account = forms.ModelChoiceField(
        AdAccount.objects.none(),
        to_field_name="reference",
        label="Ad account",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an ad account."},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["ad_account"]
        bound = self.about.row.applications.filter(state__in=BOUND)
        field.queryset = AdAccount.objects.filter(applications__in=bound).order_by("name", "pk")  # type: ignore[attr-defined]
        field.label_from_instance = named  # type: ignore[attr-defined]


def free_ad_accounts(about: About) -> QuerySet[AdAccount]:
    """The advertiser's, without those on which the code is applied already."""
    bound = about.row.applications.filter(state__in=BOUND).values("ad_account")
    theirs = AdAccount.objects.visible_to(about.actor).filter(held_by=about.row.advertiser)
    return theirs.exclude(pk__in=bound).order_by("name", "pk")


def named(account: AdAccount) -> str:
    return f"{account.name} ({account.platform_id}, {account.time_zone})"


def _listed(numbers: tuple[int, ...]) -> str:
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}" if first else last


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
