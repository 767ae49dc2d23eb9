"""Every way to install the project gives the same versions, and Binder takes the files meant for it."""

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from systems import POSIX
from toys import NOTEBOOKS, ROOT, write_toy

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def by_name(lines):
    """Requirements by the name of their package, without those on the project itself."""
    requirements = {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}
    return {name: each for name, each in requirements.items() if name != PYPROJECT["project"]["name"]}


PROJECT = PYPROJECT["project"]
EXTRAS = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
DECLARED = by_name(PROJECT["dependencies"] + EXTRAS)
PINNED = by_name(PYPROJECT["dependency-groups"]["dev"])
CONDA = [line for line in ENVIRONMENT["dependencies"] if isinstance(line, str)]
CONDA_PIP = by_name(next(line["pip"] for line in ENVIRONMENT["dependencies"] if isinstance(line, dict)))


def test_what_is_declared_is_pinned_to_one_version_that_it_allows():
    for name, requirement in DECLARED.items():
        assert name in PINNED, f"{name} is declared and not in the dev group"
        (pin,) = PINNED[name].specifier
        assert requirement.specifier.contains(pin.version), f"{requirement} does not allow {pin}"
    assert all([each.operator for each in pin.specifier] == ["=="] for pin in PINNED.values())


def test_conda_gets_what_is_declared_at_the_same_versions():
    assert {str(each) for each in CONDA_PIP.values()} == {str(PINNED[name]) for name in DECLARED}


def test_conda_gets_a_python_that_the_project_runs_on():
    assert ENVIRONMENT["channels"] == ["conda-forge"]
    assert "pip" in CONDA
    (python,) = [line.removeprefix("python=") for line in CONDA if line.startswith("python=")]
    assert python == "3.12"
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(f"{python}.0")


def test_what_is_imported_is_declared():
    names = set(importlib.metadata.packages_distributions())
    imported = set().union(*(imports(source) for source in sources()))
    distributions = importlib.metadata.packages_distributions()
    theirs = (imported & names) - {PROJECT["name"]}
    # jinja2 and IPython are what nbconvert and ipykernel are made of: neither comes without them
    theirs -= {"jinja2", "IPython"}
    theirs -= {"pandas"}  # for those who have it: to_dataframe() says what to install
    undeclared = {name for name in theirs if not set(map(canonicalize_name, distributions[name])) & set(DECLARED)}
    assert undeclared == set()


def sources():
    """The code of the package and of the notebooks."""
    for path in (ROOT / "cvhelpers").rglob("*.py"):
        yield path.read_text(encoding="utf-8")
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                yield cell.source


def imports(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_one_extra_has_all_that_the_readme_promises():
    parts = {name for name in PROJECT["optional-dependencies"] if name != "all"}
    assert PROJECT["optional-dependencies"]["all"] == [f"cvhelpers[{','.join(sorted(parts))}]"]
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    typed = {found for line in lines if "Colab" not in line for found in re.findall(r"\[(\w+)\]\"", line)}
    assert typed == {"all"}, "what a person types has everything; Colab brings a Jupyter of its own"


# --- Binder


def test_the_badge_opens_the_learners_own_copy():
    badge = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[2]
    assert "urlpath=lab/tree/my-notebooks/00-start-here.ipynb" in badge


def test_binder_has_the_same_environment():
    assert (ROOT / "binder/environment.yml").read_bytes() == (ROOT / "environment.yml").read_bytes()


def test_binder_takes_its_own_files_and_the_pinned_python(monkeypatch):
    monkeypatch.chdir(ROOT)
    from repo2docker.app import Repo2Docker  # half a second, which every worker would pay

    app = Repo2Docker()
    packs = (pack(base_image=app.base_image) for pack in app.buildpacks)
    taken = next(pack for pack in packs if pack.detect())
    assert type(taken).__name__ == "CondaBuildPack"
    assert taken.binder_path("environment.yml") == "binder/environment.yml"
    assert taken.python_version == "3.12"
    assert taken.get_post_build_scripts() == ["binder/postBuild"]
    assert taken.get_start_script().endswith("/binder/start")


@POSIX
@pytest.mark.parametrize("script", ["binder/postBuild", "binder/start", ".ci/run"])
def test_scripts_stop_at_the_first_error_and_may_be_run(script):
    text = (ROOT / script).read_text(encoding="utf-8")
    assert text.startswith("#!/bin/bash\n")
    assert "\nset -euo pipefail\n" in text
    listed = subprocess.run(
        ["git", "ls-files", "--stage", script], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    assert not listed or listed.startswith("100755"), f"git update-index --chmod=+x {script}"
    subprocess.run(["bash", "-n", script], cwd=ROOT, check=True)


def test_binder_installs_the_package_without_touching_the_versions():
    assert re.search(r"^python -m pip install --no-deps .*\.$", script("postBuild"), re.MULTILINE)
    assert "matplotlib.font_manager" in script("postBuild")


@POSIX
@pytest.mark.parametrize(("set_to", "source"), [(None, "keyless"), ("recorded", "recorded")])
def test_binder_starts_what_it_is_told_to_keyless_unless_told_otherwise(set_to, source, tmp_path):
    write_toy(tmp_path / "notebooks" / "00-start-here.ipynb")
    environment = {name: value for name, value in os.environ.items() if name != "CVHELPERS_SOURCE"}
    environment |= {"CVHELPERS_SOURCE": set_to} if set_to else {}
    say = [sys.executable, "-c", "import os; print(os.environ['CVHELPERS_SOURCE'])"]
    environment["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), environment["PATH"]])
    start = ["bash", ROOT / "binder/start", *say]
    started = subprocess.run(start, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert started.stdout == f"{source}\n"
    assert (tmp_path / "my-notebooks" / "00-start-here.ipynb").is_file(), "the learner's own copy"
    assert script("start").rstrip().endswith('exec "$@"')


def script(name):
    return (ROOT / "binder" / name).read_text(encoding="utf-8")
