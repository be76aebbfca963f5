"""The command `valetkey`, and `python -m valetkey`."""

from __future__ import annotations

import os
import signal
import sys
from typing import Final

_STOPPED: Final = 128 + signal.SIGINT


def main() -> None:
    os.umask(0o077)  # the desk's files are its owner's alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "valetkey.settings")
    try:
        from valetkey.cli import run  # late: importing the commands needs the settings
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(_STOPPED)
    run()


if __name__ == "__main__":
    main()
