"""Who is invited to what, which role somebody gets, and what somebody new says of themselves."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.http import QueryDict

from valetkey.accounts.models import Invitation, Party, User
from valetkey.accounts.policy import DeskRole, Role
from valetkey.web import roles
from valetkey.web.forms.text import MailField, TextField

_NONE: Final = "none"
_FEW: Final = 40
"""So many parties are offered to choose from; of more, the name is typed."""


def _role_choices(kind: str = "") -> list[tuple[str, str]]:
    return [(role.value, f"{role.value.capitalize()}. {roles.of_role(role, kind)}") for role in Role]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "role", _role_choices(party.kind))

    def chosen(self) -> Role:
        return Role(self.cleaned_data["role"])


class DeskRoleForm(forms.Form):
    desk_role = forms.ChoiceField(
        label="Role on the desk",
        widget=forms.RadioSelect,
        choices=[
            (_NONE, "None. They act for parties only."),
            *((role.value, f"{role.value.capitalize()}. {words}") for role, words in roles.DESK.items()),
        ],
    )

    def __init__(self, typed: QueryDict | None = None, *, current: str) -> None:
        super().__init__(typed, initial={"desk_role": current or _NONE})

    def chosen(self) -> DeskRole:
        said = self.cleaned_data["desk_role"]
        return DeskRole.NONE if said == _NONE else DeskRole(said)


class ReasonForm(forms.Form):
    reason = TextField(
        label="Why?", help_text="It stays in the history.", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class InviteForm(forms.Form):
    """To act for one of these parties; with `offers_desk`, also to a role on the desk."""

    mail = MailField(
        label="Mail address",
        help_text="The invitation goes there, and it is how they sign in.",
        max_length=150,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = TextField(label="Name", required=False, max_length=150)
    party = TextField(label="For whom will they act?", required=False, max_length=200)
    role = forms.ChoiceField(label="As what?", widget=forms.RadioSelect, initial=Role.MEMBER.value)
    days = forms.IntegerField(label="The link works for so many days", min_value=1, max_value=90)

    def __init__(self, *args: Any, parties: list[Party], offers_desk: bool, **kwargs: Any) -> None:
        """`parties`: at most one more than are offered to choose from. Of one alone nobody has to choose."""
        super().__init__(*args, **kwargs)
        self.only = parties[0] if len(parties) == 1 and not offers_desk else None
        choices = _role_choices(self.only.kind if self.only else "")
        if offers_desk:
            choices += [
                (role.value, f"{role.value.capitalize()} of the desk. {said}") for role, said in roles.DESK.items()
            ]
            self.fields["party"].help_text = "Left out for a role on the desk."
        _choose(self, "role", choices)
        if self.only:
            del self.fields["party"]
        elif 0 < len(parties) <= _FEW:
            typed = self.fields["party"]
            names = [("", "Choose"), *((party.reference, party.name) for party in parties)]
            self.fields["party"] = forms.ChoiceField(
                label=typed.label, help_text=typed.help_text, required=False, choices=names
            )
            self.order_fields(("mail", "name", "party", "role", "days"))
        else:
            self.fields[
                "party"
            ].help_text = f"Its whole name or its reference. {self.fields['party'].help_text}".strip()

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.only:
            said["party"] = self.only.reference
        elif "role" in said and "party" in said:
            is_desk = said["role"] in set(DeskRole)
            if is_desk and said["party"]:
                self.add_error("party", "A role on the desk is for no party: leave this out.")
            if not is_desk and not said["party"]:
                self.add_error("party", "Say for whom they will act.")
        return said

    def role_given(self) -> dict[str, Any]:
        """What `invite` takes."""
        role = self.cleaned_data["role"]
        return {"desk_role": DeskRole(role)} if role in set(DeskRole) else {"role": Role(role)}

    @staticmethod
    def most() -> int:
        return _FEW + 1


class AcceptForm(forms.Form):
    """Somebody new. The password's rules are told before it is typed, and each that is not met beside it."""

    name = TextField(
        label="Your name",
        help_text="How others on the desk see you.",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label="Choose a password",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.fields["password"].help_text = password_validators_help_text_html()

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if "password" in said:
            mail = self.invitation.mail
            try:
                validate_password(said["password"], User(username=mail, email=mail, first_name=said.get("name", "")))
            except ValidationError as weak:
                self.add_error("password", weak)
        return said


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type
    field.choices = choices
