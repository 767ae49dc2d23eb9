"""The programs in tools/ make what is shipped, and are not shipped themselves."""

import ast
import subprocess
import sys
import tomllib

import pytest

from toys import ROOT

PROGRAMS = ["tools.samples.draw", "tools.library"]


def test_the_wheel_holds_the_package_alone():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["cvhelpers"]


def test_no_module_of_the_package_imports_a_tool():
    """Whoever installs the wheel has no tools."""
    named = set()
    for path in (ROOT / "cvhelpers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                named |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                named.add(str(node.module).split(".")[0])
    assert "json" in named, "the imports are really read"
    assert "tools" not in named


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_starts_at_the_root_of_the_repository(program):
    asked = subprocess.run(
        [sys.executable, "-m", program, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert "usage:" in asked.stdout
