"""The forms of sign-in: allauth's, which do the work, with the desk's words on them."""

from __future__ import annotations

from typing import Any, Final

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from valetkey.web.forms.text import text_field

_AGAIN: Final = "The new password again"
_FACTOR: Final = "Code from your app, or a recovery code"
_APP: Final = "The six digits your app shows now"


class InOurWords(forms.Form):
    """A label says what a field is; what stands inside it in grey is gone as soon as somebody types."""

    words: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)
            if field.widget.attrs.get("autocomplete") == "one-time-code":
                field.widget.attrs["inputmode"] = "numeric"
            if field.widget.attrs.get("autocomplete") == "current-password":
                field.help_text = ""  # the way to a new password stands below the button, where it is on no one's way


class SignInForm(InOurWords, account.LoginForm):  # type: ignore[misc]  # it carries no types
    words = {"login": "Mail address", "password": "Password"}


class ForgottenForm(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    words = {"email": "Mail address"}


class NewPasswordForm(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    words = {"password1": "New password", "password2": _AGAIN}


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    words = {"oldpassword": "Your password now", "password1": "New password", "password2": _AGAIN}


class FirstPasswordForm(InOurWords, account.SetPasswordForm):  # type: ignore[misc]
    words = {"password1": "Password", "password2": "The password again"}


class PasswordAgainForm(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    words = {"password": "Password"}


class SecondFactorForm(InOurWords, mfa.AuthenticateForm):  # type: ignore[misc]
    words = {"code": _FACTOR}


class SecondFactorAgainForm(InOurWords, mfa.ReauthenticateForm):  # type: ignore[misc]
    words = {"code": _FACTOR}


class AddAppForm(InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    words = {"code": _APP}


class AddPasskeyForm(InOurWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    words = {"name": "Name of the device that holds it", "passwordless": "Sign in with it alone, without my password"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self)
        self.fields["name"].help_text = "So that you know it again, for example “My phone”."
        alone = self.fields["passwordless"]
        alone.initial = True
        alone.help_text = (
            "The device asks for your finger, face or PIN. Without this it is a second step after the password."
        )


class RenamePasskeyForm(InOurWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    words = {"name": "Name of the device that holds it"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self)


def _named(form: forms.Form) -> None:
    """The name is a free text, as everywhere else."""
    theirs = form.fields["name"]
    assert isinstance(theirs, forms.CharField)  # noqa: S101  # for the type
    form.fields["name"] = text_field(theirs)
