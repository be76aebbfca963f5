"""What import contracts cannot show: who may write, who may read the clock, which way relations point, what is pure."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from valetkey.accounts import policy
from valetkey.authorizations import services
from valetkey.authorizations.lifecycle import Verb
from valetkey.cli.app import app as cli

ROOT = Path(__file__).parent.parent / "valetkey"
LAYERS = (
    "audit",
    "timeline",
    "accounts",
    "register",
    "connectors",
    "authorizations",
    "changes",
    "intake",
    "reviews",
    "findings",
    "notices",
    "export",
)
"""From the bottom up; register and connectors stand side by side."""

FOUND_OUT = {Verb.READ_BACK, Verb.SEEN_LIVE, Verb.SEEN_GONE}
"""Nobody does these; a look at the platform finds them out."""

COMMANDS = {
    Verb.HAND_OVER: "handover",
    Verb.ISSUE: "authorize",
    Verb.ASK_TO_END: "end ask",
    Verb.ACKNOWLEDGE_END: "end acknowledge",
    Verb.PAUSE_ADS: "end pause",
    Verb.SWITCH_OFF: "end switch-off",
    Verb.CONFIRM_END: "end confirm",
    Verb.TELL_ADVERTISER: "end tell",
}
"""Where the command is not simply the verb."""

NO_COMMAND = {Verb.EXPIRE}
"""The clock's own verb: `check` writes it, and so will the sweep."""


def _sources() -> Iterator[Path]:
    return (path for path in sorted(ROOT.rglob("*.py")) if "migrations" not in path.parts)


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def test_relations_point_down_or_stay() -> None:
    for model in apps.get_models():
        label = model._meta.app_label
        if label not in LAYERS:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey | models.ManyToManyField | models.OneToOneField):
                target = field.related_model
                assert not isinstance(target, str)
                where = target._meta.app_label
                if where in LAYERS:
                    assert LAYERS.index(where) <= LAYERS.index(label), f"{model.__name__}.{field.name} points up"
                    assert {label, where} != {"register", "connectors"}, f"{model.__name__}.{field.name} points aside"


def test_only_services_write() -> None:
    always = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    on_rows = {"update", "delete"}
    allowed = {"audit.services", "audit.signing", "timeline.services", "connectors.services", "vault.rotation"}
    # No part of the record: which workers live, what is due, and what is left of tasks.
    allowed |= {"worker.presence", "worker.schedule", "worker.tasks"}
    for path in _sources():
        name = _name(path)
        if name in allowed or name.startswith(
            (
                "accounts.services.",
                "authorizations.services.",
                "changes.services.",
                "connectors.tiktok.",
                "export.services.",
                "findings.services.",
                "intake.services.",
                "notices.services.",
                "register.services.",
                "reviews.services.",
            )
        ):
            continue
        for call in _calls(path):
            if not isinstance(call.func, ast.Attribute):
                continue
            receiver = ast.unparse(call.func.value)
            writes = call.func.attr in always or (call.func.attr in on_rows and "objects" in receiver)
            assert not writes, f"{name} writes: {ast.unparse(call)}"


def test_only_doors_read_the_clock() -> None:
    clocks = {"datetime.now", "datetime.utcnow", "timezone.now", "timezone.localdate", "date.today", "time.time"}
    for path in _sources():
        name = _name(path)
        # The sandbox has a clock of its own; the desk never asks it.
        # A worker is a door: nobody calls it who could say what time it is.
        if name.startswith(("cli.", "connectors.tiktok.sandbox.")) or name in {
            "web.person",
            "worker.running",
            "worker.tasks",
        }:
            continue
        for call in _calls(path):
            assert ast.unparse(call.func) not in clocks, f"{name} reads the clock: {ast.unparse(call)}"


def test_no_file_is_named_for_nothing() -> None:
    forbidden = {"utils", "helpers", "common", "core", "misc", "data", "info", "process", "handle"}
    for path in _sources():
        assert not forbidden & set(_name(path).split(".")), path


def test_no_file_grows_past_reading() -> None:
    for path in _sources():
        assert len(path.read_text().splitlines()) <= 450, f"{path} is too long to be read in a minute"


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in FOUND_OUT], ids=str)
def test_every_verb_has_a_service_a_policy_and_a_command(verb: Verb) -> None:
    assert callable(getattr(services, verb.value))
    assert verb.value in policy.TABLE
    if verb not in NO_COMMAND:
        assert COMMANDS.get(verb, verb.value) in set(_commands())


def test_the_policy_table_names_verbs_only() -> None:
    assert set(policy.TABLE) <= {verb.value for verb in Verb}


def _commands() -> Iterator[str]:
    every = cli()
    for command in every.registered_commands:
        yield str(command.name)
    for group in every.registered_groups:
        assert group.typer_instance is not None
        for command in group.typer_instance.registered_commands:
            yield f"{group.name} {command.name}"


@pytest.mark.parametrize(
    "module",
    [
        "valetkey.errors",
        "valetkey.secret",
        "valetkey.audit.entry",
        "valetkey.accounts.policy",
        "valetkey.accounts.reference",
        "valetkey.authorizations.lifecycle",
        "valetkey.authorizations.coverage",
        "valetkey.authorizations.filters",
        "valetkey.changes.grammar",
        "valetkey.changes.plan",
        "valetkey.changes.checklist",
        "valetkey.findings.rules",
        "valetkey.reviews.decisions",
        "valetkey.reviews.difference",
        "valetkey.reviews.frozen",
        "valetkey.intake.acts",
        "valetkey.intake.columns",
        "valetkey.intake.known",
        "valetkey.intake.people",
        "valetkey.intake.places",
        "valetkey.intake.rights",
        "valetkey.intake.sheet",
        "valetkey.intake.values",
        "valetkey.intake.verdict",
        "valetkey.intake.workbook",
        "valetkey.register.days",
        "valetkey.register.exposed",
        "valetkey.register.occasions",
        "valetkey.register.catalogue",
        "valetkey.register.map",
        "valetkey.register.looking",
        "valetkey.register.came",
        "valetkey.register.cells",
        "valetkey.timeline.said",
        "valetkey.export.cells",
        "valetkey.export.lines",
        "valetkey.seed.agency",
        "valetkey.authorizations.eligibility",
        "valetkey.authorizations.code_text",
        "valetkey.history.sentences",
        "valetkey.history.subjects",
        "valetkey.authorizations.turn",
        "valetkey.authorizations.terms",
        "valetkey.authorizations.certificate",
        "valetkey.authorizations.case",
        "valetkey.authorizations.links",
        "valetkey.guides.check",
        "valetkey.guides.fill",
        "valetkey.connectors.base",
        "valetkey.connectors.tiktok.wire",
        "valetkey.connectors.tiktok.outcomes",
        "valetkey.connectors.tiktok.troubles",
        "valetkey.connectors.tiktok.sandbox",
    ],
)
def test_pure_modules_and_the_sandbox_load_neither_django_nor_httpx(module: str) -> None:
    """In a fresh interpreter: what is really loaded, not what the import lines say."""
    program = f"import sys, {module}; print(*sorted({{'django', 'httpx', 'stamina', 'ninja'}} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT.parent)
    assert ran.stdout.strip() == ""
