"""Listens to every test: what is logged, refused, shown by `repr` or written into the history must hold no secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models import Model
from django.db.models.signals import post_save

from valetkey.connectors.base import PlatformFault
from valetkey.errors import Refused
from valetkey.secret import Secret

SHORTEST = 12
"""Shorter texts are no secrets of ours, and would be found in any sentence."""


class Listener(logging.Handler):
    """Collects the secrets that a test makes and the texts that it lets out."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.secrets: set[str] = set()
        self.texts: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))

    def hear_row(self, sender: type[Model], instance: Model, **_: Any) -> None:
        # Django's `repr` of a row has its `str` in it, which often asks the database.
        self.texts.append(repr(instance) if sender.__repr__ is Model.__repr__ else f"{instance!r} {instance!s}")
        if sender.__name__ == "Entry":
            self.texts.append(json.dumps(instance.__dict__, default=str))

    def leaks(self) -> list[str]:
        """The texts that hold a secret, shortened; the secret itself is not repeated."""
        every = "\n".join(self.texts)
        return [
            text.replace(secret, "<SECRET>")[:300]
            for secret in self.secrets
            if len(secret) >= SHORTEST and secret in every
            for text in self.texts
            if secret in text
        ]


@contextmanager
def listening(patch: pytest.MonkeyPatch) -> Iterator[Listener]:
    listener = Listener()
    make_secret, make_refused, make_fault = Secret.__init__, Refused.__init__, PlatformFault.__init__

    def secret(self: Secret, text: str) -> None:
        make_secret(self, text)
        listener.secrets.add(text)
        listener.texts.append(f"{self!r} {self!s}")

    def refused(self: Refused, *args: Any, **kwargs: Any) -> None:
        make_refused(self, *args, **kwargs)
        listener.texts.append(f"{self!r} {self!s}")

    def fault(self: PlatformFault, *args: Any, **kwargs: Any) -> None:
        make_fault(self, *args, **kwargs)
        listener.texts.append(f"{self!r} {self!s} {self.__dict__}")

    patch.setattr(Secret, "__init__", secret)
    patch.setattr(Refused, "__init__", refused)
    patch.setattr(PlatformFault, "__init__", fault)
    post_save.connect(listener.hear_row)
    root = logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        yield listener
    finally:
        root.setLevel(level)
        root.removeHandler(listener)
        post_save.disconnect(listener.hear_row)


@pytest.fixture(autouse=True)
def _no_secret_gets_out(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, listening(patch) as listener:
        yield
    leaks = [] if request.node.get_closest_marker("leaks_on_purpose") else listener.leaks()
    assert not leaks, f"{len(leaks)} texts hold a secret, the first: {leaks[0]}"
