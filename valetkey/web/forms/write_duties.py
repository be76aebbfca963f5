"""Whom a party works with, and who must do what when something changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from valetkey.accounts.models import Party
from valetkey.register.models import Engagement, Responsibility
from valetkey.register.occasions import Occasion
from valetkey.web.forms.pick import PartyField, assets_of, day_field, people_of
from valetkey.web.forms.text import TextField
from valetkey.web.templatetags.record import OCCASIONS

_ON_RECORD = "Somebody on your record who has not left."


class EngagementForm(forms.Form):
    purpose = TextField(label="What for", max_length=300, help_text="As “media buying for the spring launch”.")
    starts_on = day_field("First day", required=True)
    review_on = day_field("Look at it again on", "About the middle is a good day.")
    ends_on = day_field("Last day", "Leave it empty where none is agreed. Nothing ends by itself on that day.")
    note = TextField(label="Note", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("party", "purpose", "starts_on", "review_on", "ends_on", "owner", "note")

    def __init__(self, *args: Any, keeper: Party, on: date, row: Engagement | None = None, **more: Any) -> None:
        names = ("purpose", "starts_on", "review_on", "ends_on", "owner", "note")
        if row is not None:
            more["initial"] = {name: getattr(row, name) for name in names}
        super().__init__(*args, **more)
        pick = people_of(keeper, on=on, also=(row.owner,) if row else ())
        self.fields["owner"] = pick.field("Who answers for it", _ON_RECORD)
        self.order_fields(self.field_order)


class NewEngagementForm(EngagementForm):
    party = PartyField(label="With whom", help_text="A creator, brand or agency exactly as it is named on this desk.")


class ReasonForm(forms.Form):
    reason = TextField(label="Why it ends", max_length=300)


class ResponsibilityForm(forms.Form):
    occasion = forms.ChoiceField(
        label="When", choices=[(each.value, OCCASIONS[each].capitalize()) for each in Occasion]
    )
    what = TextField(label="What is to be done", max_length=300, help_text="As “take them off every list of the shop”.")
    within_days = forms.IntegerField(
        label="Within how many days", min_value=0, max_value=365, initial=1, help_text="0 is the same day."
    )
    field_order = ("occasion", "what", "within_days", "person", "backup", "asset")

    def __init__(self, *args: Any, keeper: Party, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        people = people_of(keeper, on=on)
        self.fields["person"] = people.field("Who does it", _ON_RECORD, required=True)
        self.fields["backup"] = people.field("Who steps in", "When they cannot.")
        self.fields["asset"] = assets_of(keeper).field("Of which asset", none="Whichever it concerns")
        self.order_fields(self.field_order)


class PassOnForm(forms.Form):
    def __init__(self, *args: Any, row: Responsibility, on: date, **more: Any) -> None:
        super().__init__(*args, **more)
        pick = people_of(row.kept_by, on=on, but=row.person)
        self.fields["to"] = pick.field("To whom", _ON_RECORD, required=True)
