"""The command line: a door. It reads input, makes one service call, shows the result or the refusal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

import django
from django.apps import apps


def run() -> None:
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit code (docs/cli.md). Whatever goes wrong is one sentence, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no “quotes” is no reason to fail
    try:
        if not apps.ready:  # a second set-up would filter every line of the log once more
            django.setup()
        from valetkey.cli.app import program  # late: commands import models, which need the set-up above

        words = list(arguments) or ["--help"]
        code = program(words).main(words, prog_name="valetkey", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except (Exception, KeyboardInterrupt) as fault:
        from valetkey.cli import answer  # late: a start that goes well has it already

        return answer.refuse(answer.refusal_of(fault), is_json="--json" in arguments)
