"""What somebody says of a change: what it is about, what was seen of a step, why one is left out, whose it is."""

from __future__ import annotations

from typing import Any

from django import forms

from valetkey.accounts.models import Party, PartyQuerySet
from valetkey.changes.grammar import EFFECTS, About, Effect
from valetkey.changes.models import Step
from valetkey.changes.plan import LONGEST
from valetkey.changes.services import LARGEST
from valetkey.web.forms.text import TextField

ABOUT_FIELDS = {
    About.PERSON: ("person", "Who", "Name, mail address or reference, as the record has it."),
    About.PARTY: ("party", "Which partner", "The brand, agency or other party exactly as it is named on this desk."),
    About.ASSET: ("asset", "Which account or asset", "Its name or reference, as the record has it."),
    About.AUTHORIZATION: ("authorization", "Which authorization", "Its reference."),
}
_LARGE = f"A picture of up to {LARGEST // 1_000_000} MB."


class OpenForm(forms.Form):
    """`about`: which of its fields is asked for."""

    kept_by = forms.ModelChoiceField(
        Party.objects.none(), to_field_name="reference", label="Whose record", empty_label=None
    )
    about = TextField(max_length=300)
    day = forms.DateField(
        label="The day it is about",
        help_text="The last day, the first day, or today. The steps are due so many days from it.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, parties: PartyQuerySet, about: About, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kept_by"].queryset = parties  # type: ignore[attr-defined]  # a model choice
        if about is About.NONE:
            del self.fields["about"]
        else:
            _, self.fields["about"].label, self.fields["about"].help_text = ABOUT_FIELDS[about]


class DoForm(forms.Form):
    """What a step asks for: its proof, and where it is passed on, to whom."""

    is_filter = True
    """No field says “optional”: one of the two proofs is needed, which the page says above them."""

    to = TextField(
        label="Who has it from now on",
        max_length=200,
        required=False,
        help_text="Somebody of your record: name, mail address or reference.",
    )
    proof = TextField(
        label="What you saw",
        max_length=500,
        required=False,
        help_text="As “looked at the list on 3 May, the name is gone”. Or send a picture of it. Never a login or code.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    picture = forms.FileField(
        label="A picture of it",
        required=False,
        help_text=f"{_LARGE} It is kept sealed, without the place and time that a phone adds.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, step: Step, is_shown: bool | None, **more: Any) -> None:
        super().__init__(*args, **more)
        effect = step.effect or step.offer
        if not effect or not EFFECTS[Effect(effect)].needs_to or is_shown:
            del self.fields["to"]


class SkipForm(forms.Form):
    reason = TextField(
        label="Why it is left out",
        max_length=500,
        help_text="It stands in the report.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AssignForm(forms.Form):
    person = TextField(
        label="Whose step it is",
        max_length=200,
        required=False,
        help_text="Somebody of your record: name, mail address or reference. Empty: nobody's yet.",
    )


class PlanField(TextField):
    """Longer than any other text."""

    longest = LONGEST


class PlanForm(forms.Form):
    text = PlanField(label="The plan", widget=forms.Textarea(attrs={"rows": 30, "class": "mono"}), strip=False)
