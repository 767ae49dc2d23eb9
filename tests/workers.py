"""A pytest plugin: how the tests are shared among worker processes, and how each of these starts sooner."""

import os

import pytest

from cvhelpers.commands import quicken_jupyter

quicken_jupyter()  # this plugin is the first: nbval, which imports Jupyter, comes after it


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers():
    """One more than there are processors: a worker often waits, for a kernel, a server or a time limit."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The long files go first, where kernels and servers are started, so that no worker is left alone with one.

    Of the others the largest go first: more tests take longer, nearly always.
    """
    long = {item.path for item in items if item.get_closest_marker("slow") or item.path.suffix == ".ipynb"}
    sizes = {path: path.stat().st_size for path in {item.path for item in items} - long}
    items.sort(key=lambda item: (item.path not in long, item.path.suffix != ".ipynb", -sizes.get(item.path, 0)))
