"""Assets, their lists of access, and who has their login in hand. Only who has it: no address, number or code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from django import forms

from valetkey.accounts.models import Party
from valetkey.register.catalogue import SurfaceKind
from valetkey.register.models import Asset, Ownership
from valetkey.register.services import BY_HAND
from valetkey.web.forms.grouped import Grouped
from valetkey.web.forms.pick import PartyField, assets_of, people_of
from valetkey.web.forms.text import TextField

_CONTROLS: Final = {
    "owner": ("Main owner", "Who answers for the account itself."),
    "backup_owner": ("Backup owner", "Who steps in when the main owner cannot."),
    "recovery_mail": ("Recovery mail", "Who reads the mailbox that a new password is sent to. Only who: no address."),
    "recovery_phone": ("Recovery phone", "Who holds the phone that is called or texted. Only who: no number."),
    "second_factor": ("Second factor", "Who has the app or key that signing in asks for."),
    "backup_codes": ("Backup codes", "Who keeps them. Only who: no code."),
}


def _note() -> TextField:
    return TextField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For whoever reads this later.",
    )  # fmt: skip


class ChangeAssetForm(forms.Form):
    """Of posts and ad accounts only what is not done by their own pages."""

    name = TextField(label="Name", max_length=300, help_text="As you call it.")
    platform_id = TextField(
        label="Id or handle",
        max_length=100,
        required=False,
        help_text="As the platform shows it, like @mara.makes or a long number. Without one it goes by its name.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    region = TextField(
        label="Region",
        max_length=2,
        required=False,
        help_text="The country it belongs to, in two letters like DE or US. Leave it empty if nobody knows.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = _note()
    field_order = ("platform", "kind", "name", "platform_id", "within", "region", "with_surfaces", "note")

    def __init__(self, *args: Any, keeper: Party, row: Asset | None = None, **more: Any) -> None:
        if row is not None:
            more["initial"] = {name: getattr(row, name) for name in ("name", "platform_id", "within", "region", "note")}
        super().__init__(*args, **more)
        pick = assets_of(keeper, but=row)
        self.fields["within"] = pick.field(
            "Belongs to", "The Business Center or account that it is part of.", none="Nothing else"
        )
        if row is not None:
            self.fields["platform_id"].required = True
            if row.kind not in BY_HAND:
                del self.fields["name"], self.fields["platform_id"]
        self.order_fields(self.field_order)


class NewAssetForm(ChangeAssetForm):
    platform = forms.ChoiceField(label="Platform", choices=Asset.Platform)
    kind = forms.ChoiceField(
        label="What it is", choices=[(kind.value, str(kind.label).capitalize()) for kind in BY_HAND]
    )
    with_surfaces = forms.BooleanField(
        label="Add the lists of access that such a thing usually has",
        required=False,
        initial=True,
        help_text="Each list is separate: taking somebody off one leaves them on the others.",
    )


class SurfaceForm(forms.Form):
    """`kind` is one of the catalogue, or "" for a list of one's own."""

    name = TextField(
        label="Name", max_length=100, required=False, help_text="As the platform calls this list of people."
    )
    path = TextField(
        label="Where it is",
        max_length=300,
        required=False,
        help_text="The way on the screen, as “Settings › People”.",
    )
    note = _note()
    field_order = ("kind", "name", "path", "note")

    def __init__(self, *args: Any, usual: Iterable[SurfaceKind], **more: Any) -> None:
        super().__init__(*args, **more)
        self._usual = {each.key: each for each in usual}
        if self._usual:
            choices = [("", "A list of its own"), *((each.key, each.name) for each in self._usual.values())]
            self.fields["kind"] = forms.ChoiceField(
                label="Which list",
                choices=choices,
                required=False,
                help_text="Of those that are known, the way there and the names of the roles are known, too.",
            )
            self.fields["name"].help_text += " Empty: the name that is known."
        else:
            self.fields["name"].required = True
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """A list of the catalogue goes by the catalogue's name, unless another is given."""
        said: dict[str, Any] = super().clean() or {}
        kind = self._usual.get(said.get("kind") or "")
        if not said.get("name") and "name" not in self.errors:
            if kind is None:
                self.add_error("name", "Give the list a name.")
            else:
                said["name"] = kind.name
        return said


class OwnershipForm(Grouped, forms.Form):
    groups: ClassVar = [
        ("Who owns it", ("owned_by", "owner", "backup_owner")),
        ("What its login is recovered by", ("recovery_mail", "recovery_phone", "second_factor", "backup_codes")),
        ("How you know", ("evidence",)),
    ]
    owned_by = PartyField(
        label="Owned by",
        required=False,
        help_text="A creator, brand or agency exactly as it is named on this desk. Leave it empty if nobody knows.",
    )
    evidence = TextField(
        label="Evidence",
        required=False,
        max_length=1000,
        help_text="As “the contract of 3 May, page 2” or “invoices are in our name”.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, keeper: Party, row: Ownership | None = None, **more: Any) -> None:
        names = ("owned_by", *Ownership.CONTROLS, "evidence")
        more["initial"] = {name: getattr(row, name) for name in names} if row else {}
        super().__init__(*args, **more)
        # Who has left may still hold the phone: that is what has to be seen.
        people = people_of(keeper, on=None)
        for name, (label, help_text) in _CONTROLS.items():
            self.fields[name] = people.field(label, help_text, none="Not known, or nobody")


class EvidenceForm(forms.Form):
    evidence = TextField(
        label="What you saw",
        required=False,
        max_length=1000,
        help_text="Leave it empty where the evidence on record is still right.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
