"""What the package promises as a whole: few names, a light import, and arrows that run one way."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from importlib import import_module
from importlib.metadata import requires
from pathlib import Path

import pytest

import cvhelpers as cv

HOUSE = Path(cv.__file__).parent
PUBLIC = [
    "Comparison", "CvhelpersError", "Exchange", "ImageAnalysis", "ImageSearchClient", "ImageSearchResults",
    "OcrResult", "OperationFailed", "OperationTimeout", "OptionError", "Picture", "PictureError", "ReadResult",
    "RecordingNotFound", "ServiceError", "SetupError", "UnexpectedAnswer", "VisionClient", "compare",
    "compare_results", "connect", "explore_analyze", "explore_handwritten_text", "explore_printed_text",
    "explore_search", "open_picture", "pick_picture", "pick_search_term", "sample", "sample_names", "show_caption",
    "show_grid", "show_lines", "show_words", "thumbnails",
]  # fmt: skip


def fresh(code: str) -> str:
    """What a new interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout


# --- names ---------------------------------------------------------------------------------------------------


def test_the_public_names_are_these():
    assert cv.__all__ == PUBLIC
    assert set(PUBLIC) <= set(dir(cv))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name):
    module = cv._MODULES[name]
    if not (HOUSE / f"{module}.py").exists() and not (HOUSE / module).is_dir():
        pytest.skip(f"{module} is not built yet")
    assert getattr(cv, name) is getattr(import_module(f"cvhelpers.{module}"), name)


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="module 'cvhelpers' has no attribute 'analyse'"):
        _ = cv.analyse


def test_the_errors_are_at_hand():
    assert fresh("import cvhelpers as cv; print(cv.errors.RateLimited.__base__ is cv.ServiceError)") == "True\n"


def test_a_type_checker_sees_the_same_names():
    """__getattr__ hides them from an editor; the imports under TYPE_CHECKING show them again."""
    tree = ast.parse((HOUSE / "__init__.py").read_text(encoding="utf-8"))
    seen = [
        name.asname for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names if name.asname
    ]
    assert sorted(seen) == PUBLIC


# --- a light import ------------------------------------------------------------------------------------------

HEAVY = {"requests", "urllib3", "PIL", "matplotlib", "numpy", "ipywidgets", "IPython"}


def test_importing_the_package_imports_nothing_heavy():
    loaded = fresh("import sys, cvhelpers; print(*sys.modules)").split()
    assert not HEAVY & {name.split(".")[0] for name in loaded}
    assert [name for name in loaded if name.startswith("cvhelpers")] == ["cvhelpers"]
    bare = fresh("import sys; print(*sys.modules)").split()
    assert set(loaded) - set(bare) <= {"cvhelpers", "__future__"}, "not even typing: see how long it takes"


def test_the_client_needs_no_plotting():
    loaded = fresh("import sys, cvhelpers as cv; cv.VisionClient(cv.connect('recorded')); print(*sys.modules)").split()
    assert not {"matplotlib", "numpy", "ipywidgets", "IPython"} & {name.split(".")[0] for name in loaded}
    assert "requests" in loaded


# --- arrows --------------------------------------------------------------------------------------------------


def modules() -> dict[str, Path]:
    """The modules of the house without its annexes, which have rules of their own."""
    paths = [*HOUSE.glob("*.py"), *HOUSE.glob("sources/*.py")]
    return {".".join(path.relative_to(HOUSE).with_suffix("").parts): path for path in paths}


def imports(name: str, path: Path, at_the_top: bool = False) -> set[str]:
    """What a module imports: ours as "connection" or "sources.live", others by their first name.

    What only a type checker imports is left out.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    found: set[str] = set()
    for node in tree.body if at_the_top else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).split(".")[0])
        elif isinstance(node, ast.ImportFrom):
            base = ["", *name.split(".")][: len(name.split(".")) + 1 - node.level]
            parts = [part for part in [*base, *str(node.module or "").split(".")] if part]
            found |= {".".join(parts)} if parts else {alias.name for alias in node.names}
    return found - {"__future__"}


ARROWS = {name: imports(name, path) for name, path in modules().items() if name != "__init__"}
OURS = {name: {other for other in told if other in ARROWS} for name, told in ARROWS.items()}


def test_the_arrows_are_really_read():
    """A test of the test: it would be easily satisfied with nothing."""
    assert {"connection", "results", "pictures", "errors", "sources.recorded"} <= OURS["vision"]
    assert OURS["sources.keyless"] == {"errors", "sources.live", "sources.on_device", "sources.recorded"}
    assert "requests" in ARROWS["connection"]


@pytest.mark.parametrize(("name", "may"), [("errors", set()), ("results", {"errors"})])
def test_results_and_errors_import_nothing_of_ours(name, may):
    """A result may raise an error; neither knows of HTTP, pictures or plots."""
    assert OURS[name] <= may
    assert not HEAVY & ARROWS[name]


def test_no_cycles():
    at_the_top = {
        name: {other for other in imports(name, path, at_the_top=True) if other in ARROWS}
        for name, path in modules().items()
        if name != "__init__"
    }
    assert list(TopologicalSorter(at_the_top).static_order())


CLIENTS = {"vision", "image_search"}


@pytest.mark.parametrize("name", sorted(ARROWS))
def test_nothing_imports_what_stands_above_it(name):
    above = {"widgets", "drawing", "__main__"}
    if name not in above:
        assert not OURS[name] & above, "notebooks and figures stand above all"
    if name.startswith("sources.") or name in {"connection", "exchange"}:
        assert not OURS[name] & CLIENTS, "no transport knows a client"
    if name.startswith("sources."):
        assert not OURS[name] & {"connection", "pictures"}, "an adapter knows neither the session nor pictures"


def test_drawing_knows_no_http():
    if "drawing" not in ARROWS:
        pytest.skip("drawing is not built yet")
    assert not ARROWS["drawing"] & {"requests", "urllib3", "http", "socket", "urllib"}
    assert not OURS["drawing"] & {"connection", "vision", "exchange"}
    assert not {name for name in OURS["drawing"] if name.startswith("sources")}


def test_what_is_imported_is_declared():
    """A dependency that another package brings along may be gone with its next release."""
    declared = {"requests", "PIL", "matplotlib", "ipywidgets"}
    brought = {"urllib3": "requests", "IPython": "ipywidgets", "numpy": "matplotlib"}
    optional = {"papermill", "nbconvert", "nbformat", "nbclient", "tqdm", "jupyterlab", "traitlets", "jupyter_core"}
    optional |= {"anyio", "httpx2"}  # of the extra ondevice
    for name, told in ARROWS.items():
        unknown = told - set(ARROWS) - set(sys.stdlib_module_names) - declared - set(brought) - optional - {"cvhelpers"}
        assert {one for one in unknown if not one.startswith("ondevice") and not (HOUSE / one).is_dir()} == set(), name
    needed = {line.split(">")[0].split(";")[0].strip().lower() for line in requires("cvhelpers") or []}
    assert {"requests", "pillow", "matplotlib", "ipywidgets"} <= needed
