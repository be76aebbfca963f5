"""The command line: a door. It reads input, makes one service call, shows the result or the refusal."""

from __future__ import annotations

import django


def run() -> None:
    """Run one command. Exit codes: docs/cli.md."""
    django.setup()
    from valetkey.cli.app import app, prepare_embedded  # late: commands import models, which need the set-up above

    prepare_embedded()
    app()
