"""What the package promises as a whole: few names, a light import, and arrows that run one way."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import tempfile
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import requires, version
from pathlib import Path

import pytest

import cvhelpers as cv

PACKAGE = Path(cv.__file__).parent
ERRORS = """BadRequest CvhelpersError Forbidden OperationFailed OperationTimeout OptionError PictureError RateLimited
    RecordingNotFound Retired ServerProblem ServiceError ServiceUnreachable SetupError TimedOut UnexpectedAnswer
    WrongKey WrongMediaType""".split()
WIDGETS = """explore_analyze explore_comparison explore_handwritten_text explore_printed_text explore_search
    pick_picture pick_search_term""".split()
PUBLIC = sorted([
    *ERRORS, *WIDGETS, "Batch", "Comparison", "Connection", "Exchange", "Figure", "ImageAnalysis", "ImageSearchClient",
    "ImageSearchResults", "OcrResult", "Picture", "ReadResult", "SetupCheck", "VisionClient", "check_setup",
    "compare_results", "connect", "errors", "open_picture", "sample", "sample_names", "show_caption", "show_grid",
    "show_lines", "show_objects", "show_words", "thumbnails",
])  # fmt: skip


def fresh(code: str) -> str:
    """What a new interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout


# --- names ---------------------------------------------------------------------------------------------------


def test_the_public_names_are_these():
    assert sorted(set(cv.__all__) - {"__version__"}) == PUBLIC
    assert set(PUBLIC) <= set(dir(cv))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there(name):
    assert getattr(cv, name).__name__.split(".")[-1] == name


def test_every_error_is_at_the_top():
    kinds = {name for name, kind in vars(cv.errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert kinds == set(ERRORS)
    for name in ERRORS:
        assert getattr(cv, name) is getattr(cv.errors, name)


def test_the_version_is_the_one_that_was_installed():
    assert cv.__version__ == version("cvhelpers")


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="attribute analyse"):
        _ = cv.analyse


def test_each_name_stands_once():
    """A type checker and an editor read the same list as Python does."""
    lines = (PACKAGE / "__init__.pyi").read_text(encoding="utf-8").splitlines()
    names = [line.split(" as ")[-1] for line in lines if line.startswith("from ")]
    assert sorted(names) == sorted(set(names)) == PUBLIC
    assert not any(name in (PACKAGE / "__init__.py").read_text(encoding="utf-8") for name in ["show_grid", "OcrResult"])


@pytest.mark.parametrize("client", [cv.VisionClient, cv.ImageSearchClient])
def test_every_call_of_a_client_has_a_time_limit(client):
    calls = [call for name, call in vars(client).items() if not name.startswith("_") and name != "url"]
    assert calls
    for call in [*calls, cv.open_picture, cv.thumbnails]:
        assert "timeout" in inspect.signature(call).parameters, call


@pytest.mark.parametrize("client", [cv.VisionClient, cv.ImageSearchClient])
def test_a_client_closes_its_session_at_the_end_of_a_with_block(client, monkeypatch):
    closed = []
    session = cv.connect("recorded")
    monkeypatch.setattr(session.answers, "close", lambda: closed.append(True))
    with client(session) as opened:
        assert opened.session is session
        assert closed == []
    assert closed == [True, True], "once for https:// and once for http://"


def test_url_is_the_same_kind_of_thing_on_both_clients():
    session = cv.connect("recorded")
    assert cv.VisionClient(session).url("ocr") == "https://westcentralus.api.cognitive.microsoft.com/vision/v2.0/ocr"
    assert cv.ImageSearchClient(session).url("images/search") == (
        "https://api.cognitive.microsoft.com/bing/v7.0/images/search"
    )


def test_no_two_classes_have_the_same_name():
    """One meaning for each noun: whoever reads `Box` need not ask whose. Names for a type count as classes."""
    where: dict[str, list[str]] = {}
    for module, path in MODULES.items():
        for name in classes(ast.parse(path.read_text(encoding="utf-8"))):
            where.setdefault(name, []).append(module)
    assert len(where) > 150
    assert {name: found for name, found in where.items() if len(found) > 1} == {}


def classes(tree: ast.Module) -> set[str]:
    """The classes of a module and its names for types: `Json = Mapping[str, Any]`, but no constant and no `TypeVar`."""
    kinds = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AnnAssign) and not _is_type_variable(node.value):
            kinds |= {one.id for one in targets if isinstance(one, ast.Name) and re.match("[A-Z].*[a-z]", one.id)}
    return kinds


def _is_type_variable(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "TypeVar"


# --- a light import ------------------------------------------------------------------------------------------

HEAVY = {"requests", "urllib3", "PIL", "matplotlib", "numpy", "ipywidgets", "IPython"}


def test_importing_the_package_imports_nothing_heavy():
    loaded = fresh("import sys, cvhelpers; print(*sys.modules)").split()
    assert not HEAVY & {name.split(".")[0] for name in loaded}
    assert [name for name in loaded if name.startswith("cvhelpers")] == ["cvhelpers"]


def test_the_client_needs_no_plotting():
    loaded = fresh("import sys, cvhelpers as cv; cv.VisionClient(cv.connect('recorded')); print(*sys.modules)").split()
    assert not {"matplotlib", "numpy", "ipywidgets", "IPython"} & {name.split(".")[0] for name in loaded}
    assert "requests" in loaded


def test_opening_a_picture_of_your_own_brings_no_network_and_no_source():
    loaded = fresh("import sys, cvhelpers as cv; cv.sample('cat').image; print(*sys.modules)").split()
    assert "PIL.Image" in loaded
    assert not {"requests", "urllib3", "matplotlib"} & {name.split(".")[0] for name in loaded}
    assert not [name for name in loaded if name.startswith(("cvhelpers.sources", "cvhelpers.session", "cvhelpers.cl"))]


def test_reading_an_answer_brings_no_network_and_no_picture():
    loaded = fresh("import sys, cvhelpers as cv; cv.ImageAnalysis; print(*sys.modules)").split()
    assert not HEAVY & {name.split(".")[0] for name in loaded}


# --- arrows --------------------------------------------------------------------------------------------------
#
# Who imports whom, read from the source. A room is a folder of the package or one of its modules.


def modules() -> dict[str, Path]:
    paths = list(PACKAGE.rglob("*.py"))
    names = {path: path.relative_to(PACKAGE.parent).with_suffix("").parts for path in paths}
    return {".".join(parts).removesuffix(".__init__"): path for path, parts in names.items()}


def imports(name: str, path: Path, at_the_top: bool = False) -> set[str]:
    """What a module imports: ours with all their dots, others by their first name; nothing for a type checker only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found: set[str] = set()
    for node in tree.body if at_the_top else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[: len(package) + 1 - node.level], *filter(None, [node.module])])
            where = str(node.module) if not node.level else base
            # "from .protocol import vision" brings a module, "from .errors import TimedOut" a name
            found |= {f"{where}.{alias.name}" if f"{where}.{alias.name}" in MODULES else where for alias in node.names}
    return {one if one.startswith("cvhelpers") else one.split(".")[0] for one in found} - {"__future__"}


MODULES = modules()


@cache
def all_imports() -> dict[str, set[str]]:
    """What each module of the package imports."""
    return {name: imports(name, path) for name, path in MODULES.items()}


@cache
def ours() -> dict[str, set[str]]:
    """What each module imports of the package itself."""
    return {name: {one for one in found if one.startswith("cvhelpers")} for name, found in all_imports().items()}


def room(name: str) -> str:
    """ "cvhelpers.sources.live" stands in the room "sources"."""
    return [*name.split("."), ""][1]


def rooms_below(name: str) -> set[str]:
    """The rooms that the modules of this one import from."""
    return {room(other) for one, found in ours().items() if room(one) == name for other in found} - {name}


def test_the_arrows_are_really_read():
    """A test of the test: it would be easily satisfied with nothing."""
    assert len(MODULES) > 60
    assert {"cvhelpers.clients.base", "cvhelpers.pictures", "cvhelpers.protocol.vision"} <= ours()[
        "cvhelpers.clients.vision"
    ]
    assert {"cvhelpers.errors", "cvhelpers.sources.live", "cvhelpers.sources.on_device"} <= ours()[
        "cvhelpers.sources.keyless"
    ]
    assert "cvhelpers.ondevice" in ours()["cvhelpers.sources.on_device"], "an import inside of a function counts"
    assert "requests" in all_imports()["cvhelpers.session"]


def _written(code: str) -> Path:
    path = Path(tempfile.mkdtemp()) / "b.py"
    path.write_text(code, encoding="utf-8")
    return path


def test_the_reading_of_imports_sees_each_form():
    code = "from ..errors import X\nfrom ..protocol import vision\nimport cvhelpers.figures.alt\nimport os.path"
    assert imports("cvhelpers.results.b", _written(code)) == {
        "cvhelpers.errors", "cvhelpers.protocol.vision", "cvhelpers.figures.alt", "os",
    }  # fmt: skip


MAY_IMPORT = {
    "errors": set(),
    "protocol": set(),
    "results": {"errors"},
    "pictures": {"errors", "protocol", "session"},  # the session only to fetch from an address
    "sources": {"errors", "protocol", "results", "ondevice"},
    "session": {"errors", "protocol", "sources"},
    "clients": {"errors", "pictures", "protocol", "results", "session", "sources"},
    "ondevice": {"protocol"},
}
"""From the bottom to the top; whoever is not named here may import all of these."""


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_a_room_imports_only_what_stands_below_it(name):
    assert rooms_below(name) <= MAY_IMPORT[name]


def test_a_picture_that_is_not_fetched_needs_no_session():
    assert room("cvhelpers.session") not in {
        room(one) for one in imports("cvhelpers.pictures", MODULES["cvhelpers.pictures"], at_the_top=True)
    }


def test_nobody_reaches_past_the_door_of_the_on_device_service():
    outside = {name: found for name, found in ours().items() if room(name) != "ondevice"}
    reached = {(name, one) for name, found in outside.items() for one in found if room(one) == "ondevice"}
    assert {one for _, one in reached} == {"cvhelpers.ondevice"}
    assert "cvhelpers.sources.on_device" in {name for name, _ in reached}


def test_nothing_above_the_sources_asks_which_one_it_has():
    """Each brings its endpoint, its key, its version, and its way to name a picture."""
    for room_name in ("clients", "figures"):
        for path in (PACKAGE / room_name).glob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"""(==|!=|in|is) *\(?["'](live|keyless|recorded|on-device)["']""", text), path.name
            assert "isinstance(source" not in text


@pytest.mark.parametrize(
    "name",
    "clients figures ondevice/engine ondevice/library ondevice/service protocol results sources sources/open_search "
    "widgets".split(),
)
def test_the_head_of_a_folder_names_all_its_modules(name):
    """A map for whoever comes new."""
    folder = PACKAGE / name
    head = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert {path.stem for path in folder.glob("[!_]*.py")} <= set(re.findall(r"`(\w+)`", head))


def test_no_cycles():
    at_the_top = {
        name: {one for one in imports(name, path, at_the_top=True) if one in MODULES and one != name}
        for name, path in MODULES.items()
    }
    assert list(TopologicalSorter(at_the_top).static_order())


def test_figures_know_no_http():
    for name in (name for name in MODULES if room(name) == "figures"):
        assert not all_imports()[name] & {"requests", "urllib3", "http", "socket"}
        assert not {room(one) for one in ours()[name]} & {"session", "sources", "ondevice"}, name


OPTIONAL = {"pandas"}
"""What one method asks for, and says so in words where it is missing: `to_dataframe()`."""


def test_results_and_errors_and_protocol_need_no_other_library():
    own = {*sys.stdlib_module_names, *OPTIONAL}
    for name in (name for name in MODULES if room(name) in ("errors", "results", "protocol")):
        assert {one for one in all_imports()[name] if not one.startswith("cvhelpers")} <= own, name


def test_what_is_imported_is_declared():
    """A dependency that another package brings along may be gone with its next release."""
    named = {
        "PIL": "pillow", "cv2": "opencv-python-headless", "IPython": "ipywidgets", "jupyter_core": "jupyterlab",
        "multipart": "python-multipart", "jinja2": "nbconvert", "dotenv": "python-dotenv",
    }  # fmt: skip
    declared = {re.split(r"[<>=!;\[ ]", line)[0].lower().replace("_", "-") for line in requires("cvhelpers") or []}
    for name, found in all_imports().items():
        for one in {one for one in found if not one.startswith("cvhelpers")} - set(sys.stdlib_module_names) - OPTIONAL:
            assert named.get(one, one).lower().replace("_", "-") in declared, f"{name} imports {one}"
