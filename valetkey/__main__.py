"""The command `valetkey`, and `python -m valetkey`."""

from __future__ import annotations

import os


def main() -> None:
    os.umask(0o077)  # the desk's files are its owner's alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "valetkey.settings")
    from valetkey.cli import run  # late: importing the commands needs the settings

    run()


if __name__ == "__main__":
    main()
