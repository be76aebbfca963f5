"""The package is pure, and everything public is exported."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from valetkey.connectors.tiktok import wire

FILES = sorted(Path(wire.__file__).parent.glob("*.py"))

# Words for declaring a field of the wire. Nobody outside declares one.
DECLARING = {"NULL", "DIGITS", "within", "also"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_module_imports_the_standard_library_and_its_neighbours_only(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= sys.stdlib_module_names
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert (node.module or "").split(".")[0] in sys.stdlib_module_names
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_everything_public_is_exported(file: Path) -> None:
    names = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    public = {name for name in names if not name.startswith("_") and len(name) > 1}  # one letter: a type variable
    assert public <= set(wire.__all__) | DECLARING


def test_what_is_exported_exists_and_stands_in_order() -> None:
    assert all(hasattr(wire, name) for name in wire.__all__)
    assert len(set(wire.__all__)) == len(wire.__all__)
    assert list(wire.__all__) == sorted(wire.__all__)


def test_every_public_class_and_function_says_what_it_is_in_its_module() -> None:
    for file in FILES:
        assert ast.get_docstring(ast.parse(file.read_text())), file.name
