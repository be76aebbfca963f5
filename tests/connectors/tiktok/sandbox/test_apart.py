"""The stand-in shares words with the client and nothing else, and is cheap to import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from valetkey.connectors import base
from valetkey.connectors.tiktok import sandbox

FOLDER = Path(sandbox.__file__).parent
OWN = "valetkey.connectors.tiktok.sandbox"
SHARED = ("valetkey.connectors.tiktok.wire", "valetkey.secret", "cryptography.fernet")
# The object, its cast, the cast as JSON, and its one fault.
PORT = ("sandbox.py", "cast.py", "seed.py", "control.py", "state.py")


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            found.add(OWN)
        elif isinstance(node, ast.ImportFrom):
            found |= (
                {node.module or ""}
                if node.module != "valetkey.connectors.tiktok"
                else {f"{node.module}.{each.name}" for each in node.names}
            )
    return found


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.py")), ids=lambda each: each.name)
def test_it_imports_the_standard_library_the_words_and_itself(file: Path) -> None:
    allowed = {OWN, *SHARED, *({"valetkey.connectors.base"} if file.name in PORT else ())}
    others = {each for each in _imports(file) if each.partition(".")[0] not in sys.stdlib_module_names}
    assert others <= allowed


def test_importing_it_brings_in_no_django_and_no_client() -> None:
    program = f"import sys, {OWN}; print([each for each in ('django', 'httpx', 'urllib3') if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_it_is_the_sandbox_of_the_port(tmp_path: Path) -> None:
    made: base.Sandbox = sandbox.Sandbox(tmp_path / "state")
    assert callable(made.seed) and callable(made.serve)
    assert list(tmp_path.iterdir()) == []
