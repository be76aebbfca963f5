"""What the tests of signing in share: a browser at the desk's own address, and somebody with a password."""

from __future__ import annotations

from typing import Any, Final

from django.test import Client
from django.urls import reverse

from valetkey.accounts.models import User
from valetkey.audit.entry import Actor
from valetkey.audit.models import Entry

PASSWORD: Final = "four quiet lamps at dusk"


def at_home(**more: Any) -> Client:
    """Passkeys are bound to the address."""
    return Client(SERVER_NAME="localhost", SERVER_PORT="8000", **more)


def user_of(actor: Actor) -> User:
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id)


def with_password(actor: Actor) -> User:
    user = user_of(actor)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, user: User, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": password}, **more)


def is_in(client: Client) -> bool:
    return client.get(reverse("me")).status_code == 200


def show_again(client: Client) -> None:
    """What opens or closes an account asks once more who is there."""
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def told(event: str) -> list[dict[str, Any]]:
    return [entry.detail for entry in Entry.objects.filter(event=event)]
