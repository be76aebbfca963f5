"""What narrows the list of findings, what somebody decides about some of them, and the desk's thresholds."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from django import forms

from valetkey.findings.finding import Group, Severity
from valetkey.findings.limits import NAMES, Limits, bounds
from valetkey.findings.services import Narrowed, Which
from valetkey.web.findings import GROUPS
from valetkey.web.forms.text import TextField

YES: Final = "yes"


class FindingsForm(forms.Form):
    """What cannot be used stands on the form, and narrows nothing."""

    is_filter = True
    which = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "Waiting"),
            (Which.PUT_OFF.value, "Put off, or left to its end"),
            (Which.CLOSED.value, "Over"),
            (Which.ALL.value, "All"),
        ],
    )
    mine = forms.ChoiceField(label="Whose", required=False, choices=[("", "Everybody's, mine first"), (YES, "Mine")])
    severity = forms.ChoiceField(
        label="How pressing",
        required=False,
        choices=[
            ("", "All"),
            (str(Severity.URGENT.value), "Urgent"),
            (str(Severity.IMPORTANT.value), "Important and urgent"),
            (str(Severity.SOON.value), "All but what is good to know"),
        ],
    )
    group = forms.ChoiceField(
        label="About",
        required=False,
        choices=[("", "Everything"), *((each.value, said) for each, said in GROUPS.items())],
    )

    def narrowed(self) -> Narrowed:
        given: dict[str, Any] = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        severity, group = given.get("severity"), given.get("group")
        return Narrowed(
            which=Which(given.get("which") or Which.WAITING.value),
            mine=given.get("mine") == YES,
            severity=Severity(int(severity)) if severity else None,
            group=Group(group) if group else None,
        )

    def plain(self) -> dict[str, str]:
        """What the address of another page of the same list needs."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


ACKNOWLEDGE: Final = "acknowledge"
SNOOZE: Final = "snooze"
HAND_ON: Final = "hand_on"
LET_END: Final = "let_end"
WAKE: Final = "wake"

DECISIONS: Final[dict[str, str]] = {
    ACKNOWLEDGE: "Acknowledge: seen, and somebody does something about it",
    SNOOZE: "Put off until a day",
    HAND_ON: "Hand on to somebody",
    LET_END: "Let it end: nobody needs to be told of this end",
    WAKE: "Take back what was decided",
}


class DecideForm(forms.Form):
    """`offers`: what may be decided here; all of it, unless a page knows better."""

    decision = forms.ChoiceField(label="Decision", widget=forms.RadioSelect)
    until = forms.DateField(
        label="Until",
        help_text="Only to put it off. That day it waits again.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    to = TextField(
        label="To whom",
        help_text="Only to hand it on. Somebody on your record: the whole name, the mail address or the reference.",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "known-people", "autocomplete": "off"}),
    )
    reason = TextField(
        label="Reason", help_text="A few words for whoever reads it later. The history keeps them.", max_length=300
    )

    def __init__(self, *args: Any, offers: tuple[str, ...] = tuple(DECISIONS), **more: Any) -> None:
        super().__init__(*args, **more)
        decision: Any = self.fields["decision"]
        decision.choices = [(each, DECISIONS[each]) for each in offers]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        decision = given.get("decision")
        if decision == SNOOZE and not given.get("until") and "until" not in self.errors:
            self.add_error("until", "Name the day.")
        if decision == HAND_ON and not given.get("to") and "to" not in self.errors:
            self.add_error("to", "Name somebody.")
        return given


class LimitsForm(forms.Form):
    """One number for each threshold; an empty one means that the default holds."""

    def __init__(self, *args: Any, now: Limits, **more: Any) -> None:
        super().__init__(*args, **more)
        defaults = {each.name: each.default for each in fields(Limits)}
        for name in NAMES:
            lowest, highest, says = bounds(name)
            self.fields[name] = forms.IntegerField(
                label=says[0].upper() + says[1:],
                help_text=f"{lowest:,} to {highest:,}; usually {defaults[name]:,}.",
                required=False,
                min_value=lowest,
                max_value=highest,
                initial=getattr(now, name),
            )
