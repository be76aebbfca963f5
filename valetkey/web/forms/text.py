"""A free text in a form. One that looks as if it carried a credential is refused, not shown again, and kept nowhere.

It goes back sealed, beside a button by which the person says that it is none; then it stays exactly as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from valetkey import credential
from valetkey.credential import Insisted
from valetkey.errors import Invalid
from valetkey.web import sealed

INSIST: Final = "insist"
"""The button's name; its value is that of the field."""
_SEALED: Final = "-sealed"
_LONGEST: Final = 4_000
"""Longer texts fit no field: they are refused unread, and not shown again."""
CODE: Final = "credential_in_text"

_SAID: Final[Mapping[credential.Kind, str]] = {
    credential.Kind.PASSWORD: "a password",
    credential.Kind.ONE_TIME_CODE: "a one-time code",
    credential.Kind.RECOVERY_CODE: "a recovery code",
    credential.Kind.SESSION: "a session's cookie or token",
}


class Sealing:
    """A widget that brings a refused text back without showing it."""

    refused = ""
    """What was typed and refused, or insisted on, just now."""
    is_insisted = False
    is_late = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)  # type: ignore[misc]  # a widget comes after it
        token, insists = data.get(name + _SEALED), insisted(data)
        self.is_late = False
        if not isinstance(token, str) or not insists:
            return typed
        text = sealed.unseal(token, field=name)
        is_empty = not (typed or "").strip()
        if text is None:
            self.is_late = name in insists and is_empty
        elif name in insists and (is_empty or typed == text):
            return Insisted(text)
        elif is_empty:
            return text  # another text was insisted on; this one is still to be judged
        return typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        drawn: SafeString = super().render(name, value, attrs, renderer)  # type: ignore[misc]  # the same
        if not self.refused:
            return drawn
        token = sealed.seal(self.refused, field=name)
        hidden = format_html('<input type="hidden" name="{}" value="{}">', name + _SEALED, token)
        if self.is_insisted:
            # Something else in the form is wrong: what was said of this text goes along.
            return hidden + format_html('<input type="hidden" name="{}" value="{}">', INSIST, name) + drawn
        # The first button of a form is pressed by the Enter key, and must say nothing of the kind.
        enter = SafeString('<button class="only-heard" tabindex="-1" aria-hidden="true">Go on</button>')
        button = format_html(
            '<div class="actions"><button class="button" name="{}" value="{}" formnovalidate>'
            "It is not a password: keep it as it is</button></div>",
            INSIST,
            name,
        )
        return hidden + enter + button + drawn


class _TextInput(Sealing, forms.TextInput): ...


class _Textarea(Sealing, forms.Textarea): ...


class _EmailInput(Sealing, forms.EmailInput): ...


class WithoutCredentials(forms.CharField):
    """For a field of any kind that a person types a text into."""

    widget: Any = _TextInput
    longest = _LONGEST

    def __init__(self, *args: Any, widget: Any = None, **more: Any) -> None:
        super().__init__(*args, widget=_sealing(widget), **more)

    def clean(self, value: Any) -> Any:
        widget: Any = self.widget
        widget.refused, widget.is_insisted = "", isinstance(value, Insisted)
        if widget.is_late:
            raise ValidationError(
                "It is more than half an hour ago that you typed this, or it was sealed for another page, so it was let"
                " go. Please type it once more.",
                code="let_go",
            )
        if widget.is_insisted:
            widget.refused = str(value)
            return Insisted(super().clean(value))
        if isinstance(value, str):
            if len(value) > self.longest:
                raise ValidationError("This is too long. Say it in fewer words.", code="max_length")
            self._judge(value)
        return super().clean(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        shown = super().bound_data(data, initial)
        return "" if carries(shown, self.longest) else shown

    def _judge(self, value: str) -> None:
        kind = credential.find(value)
        if kind is None:
            return
        self.widget.refused = value
        raise ValidationError(
            format_html(
                "This looks as if it held {}. Nothing of it was stored. Valetkey never needs a login, neither yours"
                ' nor anybody else\'s. Shared already? <a href="{}">Here is what helps.</a>',
                _SAID[kind],
                _guide(),
            ),
            code=CODE,
        )


class TextField(WithoutCredentials): ...


class MailField(WithoutCredentials, forms.EmailField):
    widget = _EmailInput


def text_field(theirs: forms.CharField) -> WithoutCredentials:
    """In place of a field that Django or a package of it made."""
    kind = MailField if isinstance(theirs, forms.EmailField) else TextField
    return kind(
        label=theirs.label,
        required=theirs.required,
        max_length=theirs.max_length,
        initial=theirs.initial,
        help_text=theirs.help_text,
        widget=theirs.widget,
    )


def insisted(typed: Any) -> tuple[str, ...]:
    """The names of the fields whose texts the person says to carry nothing of the kind."""
    several = typed.getlist(INSIST) if hasattr(typed, "getlist") else [typed.get(INSIST, "")]
    return tuple(name for name in several if name)


def carries(text: object, longest: int = _LONGEST) -> bool:
    """Whether this may not be shown again."""
    if not isinstance(text, str) or isinstance(text, Insisted):
        return False
    return len(text) > longest or credential.find(text) is not None


def forget(form: Any, refused: Exception) -> None:
    """What a service refuses for its text is not shown again either: all free texts of the form are typed anew."""
    if not isinstance(refused, Invalid) or refused.code != CODE:
        return
    form.data = form.data.copy()
    for name, field in form.fields.items():
        if isinstance(field, WithoutCredentials):
            form.data[form.add_prefix(name)] = ""


def _guide() -> str:
    return reverse("guide", args=["en", "login-was-shared"])


def _sealing(widget: Any) -> Any:
    """A widget of ours in place of one of Django's, with the same attributes."""
    kinds: dict[type, type] = {forms.Textarea: _Textarea, forms.EmailInput: _EmailInput, forms.TextInput: _TextInput}
    if isinstance(widget, type):
        return kinds.get(widget, widget)
    ours = next((ours for theirs, ours in kinds.items() if isinstance(widget, theirs)), None)
    return ours(attrs=widget.attrs) if ours and not isinstance(widget, Sealing) else widget
