"""The picture library of the on-device image search. Knows neither HTTP nor notebooks.

>>> page = Library().search(Query("puppies", count=12, license="Public"))
>>> len(page.entries)
12
"""

from .entry import Entry, SearchPage
from .errors import LibraryError
from .index import Findings, IndexReport, index_folder, set_aside
from .library import Library
from .opening import default_database
from .query import Query

__all__ = [
    "Entry",
    "Findings",
    "IndexReport",
    "Library",
    "LibraryError",
    "Query",
    "SearchPage",
    "default_database",
    "index_folder",
    "set_aside",
]
