"""The triggers that keep the history append-only, per database. Installed by the first migration.

A test database must be emptied between tests, so installing and removing are functions of their own.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_REFUSAL = "the history is append-only"

_SQLITE = {
    "audit_entry_no_update": "BEFORE UPDATE ON audit_entry",
    "audit_entry_no_delete": "BEFORE DELETE ON audit_entry",
    # INSERT OR REPLACE fires no delete trigger on a connection without PRAGMA recursive_triggers, such as a shell's.
    "audit_entry_no_replace": "BEFORE INSERT ON audit_entry WHEN EXISTS"
    " (SELECT 1 FROM audit_entry WHERE seq = NEW.seq OR previous = NEW.previous)",
}

_POSTGRESQL = {
    "audit_entry_no_change": "BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW",
    "audit_entry_no_truncate": "BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT",
}


def install(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$",
            params=None,
        )
        for name, when in _POSTGRESQL.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION audit_entry_refuse()")
    else:
        for name, when in _SQLITE.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END")


def remove(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for name in _POSTGRESQL:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON audit_entry")
        schema_editor.execute("DROP FUNCTION IF EXISTS audit_entry_refuse()")
    else:
        for name in _SQLITE:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
