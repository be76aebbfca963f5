"""One file that holds a backup: the database, the sandbox's state, and a sealed list of what is in it.

The seal is the desk's own: a backup that was altered, or is of a desk with other keys, is found out before anything is
put back. The keys themselves are never in it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import zipfile
import zlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from valetkey.errors import Conflict, Invalid
from valetkey.vault import keyring

FORMAT: Final = "valetkey-backup"
VERSION: Final = 1
_LIST: Final = "backup.json"
_CHUNK: Final = 1 << 20
_MOST_OF_LIST: Final = 1 << 20
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError, RuntimeError)
"""What reading an archive that was altered or cut off ends in. RuntimeError: nested too deeply, or with a password."""


@dataclass(frozen=True)
class Contents:
    """`migrations`: those of the desk, as "app.name". `head`: the history's last digest. `parts`: file → digest,
    `sizes`: file → bytes, so that an altered file is not unpacked until the disk is full."""

    database: str
    made_at: str
    migrations: list[str]
    entries: int
    head: str
    parts: dict[str, str]
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def pack(target: Path, folder: Path, contents: Contents) -> None:
    """`contents.parts` and `sizes` may be empty: they become every file of the folder."""
    parts = {path.name: digest_of(path) for path in sorted(folder.iterdir())}
    sizes = {name: (folder / name).stat().st_size for name in parts}
    told = {"format": FORMAT, "version": VERSION, **asdict(contents), "parts": parts, "sizes": sizes}
    told["seal"] = keyring().seal(_digest(told))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        archive.writestr(_LIST, json.dumps(told, indent=2))
        for name in parts:
            archive.write(folder / name, name)


def unpack(source: Path, folder: Path) -> Contents:
    """Everything into the folder, checked. Raises Invalid for what is no whole backup, Conflict for other keys."""
    try:
        with zipfile.ZipFile(source) as archive:
            contents = _contents(archive)
            for name, digest in contents.parts.items():
                _extract(archive, name, folder / name, contents.sizes[name])
                if digest_of(folder / name) != digest:
                    raise _no_backup("it was altered or is damaged")
    except _BROKEN:
        raise _no_backup("it is none, or was cut off") from None
    except OSError as fault:
        if fault.errno not in {None, errno.EINVAL}:  # a place before the file's start, or data that is none
            raise
        raise _no_backup("it is none, or was cut off") from None
    return contents


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _contents(archive: zipfile.ZipFile) -> Contents:
    with archive.open(_LIST) as file:
        told = json.loads(file.read(_MOST_OF_LIST))
    if told["format"] != FORMAT or told["version"] != VERSION:
        raise _no_backup("this program does not know its kind")
    seal = told.pop("seal")
    if not isinstance(seal, str) or not keyring().seal_holds(_digest(told), seal):
        raise Conflict(
            "backup_of_other_keys",
            "This backup was made with keys that this desk does not have, or was altered since.",
            "Set the keys that belong to it, then repeat.",
        )
    # From here on it is what a desk with these keys has written.
    return Contents(**{name: value for name, value in told.items() if name not in {"format", "version"}})


def _extract(archive: zipfile.ZipFile, name: str, target: Path, size: int) -> None:
    with archive.open(name) as file, target.open("xb") as made:
        while part := file.read(_CHUNK):
            made.write(part)
            if made.tell() > size:
                raise _no_backup("it was altered or is damaged")


def _digest(told: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _no_backup(why: str) -> Invalid:
    said = f"This file is no backup that can be put back: {why}."
    return Invalid("no_backup", said, "Take another. Nothing was changed.")
