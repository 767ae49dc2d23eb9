"""The picture library of the on-device image search. Knows neither HTTP nor notebooks.

>>> page = Library().search(Query("puppies", count=16, license="Public"))
>>> len(page.pictures)
16
"""

from .index import Indexed, IndexEntry, index_folder
from .picture import Page, Picture, Query
from .search import Library
from .store import default_database

__all__ = [
    "IndexEntry",
    "Indexed",
    "Library",
    "Page",
    "Picture",
    "Query",
    "default_database",
    "index_folder",
]
