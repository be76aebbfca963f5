"""A file or folder that is there whole or not at all: made under another name, and named at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valetkey.errors import Conflict, Invalid


def refuse_taken(target: Path) -> None:
    """Raises Conflict where something of that name is there, Invalid where its folder is not."""
    if target.exists() or target.is_symlink():
        raise Conflict(
            "file_exists", f"There is something at {target} already.", "Choose another name, or move it away."
        )
    if not target.parent.is_dir():
        raise Invalid("no_such_folder", f"There is no folder {target.parent}.", "Make it, or choose another.")


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A draft beside the target, a folder for its owner's eyes only: put `content` into it, a file or a folder.

    Left without a fault, the content is named `target`; otherwise nothing is left.
    """
    refuse_taken(target)
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name[:60]}-", dir=target.parent))
    except OSError as fault:
        raise Invalid("file", f"{target} cannot be written: {fault.strerror}.", "Look at the folder.") from None
    try:
        yield folder / "content"
        content = folder / "content"
        for path in [content, *content.rglob("*")] if content.is_dir() else [content]:
            _settle(path)
        refuse_taken(target)
        content.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settle(path: Path) -> None:
    """On disk, and readable by its owner only."""
    path.chmod(0o700 if path.is_dir() else 0o600)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
