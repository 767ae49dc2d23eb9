"""The picture library of the on-device image search. Knows neither HTTP nor notebooks.

>>> page = Library().search(Query("puppies", count=12, license="Public"))
>>> len(page.entries)
12

===============  ==============================================================================
`library`        `Library`: search, pictures, thumbnails
`query`          what is asked: words, and Bing's filters; `filters` as conditions of SQL
`entry`          what is answered: an entry for each picture, a page of entries
`search`         words understood, pictures found and put in order
`vocabulary`     broader words, synonyms, other languages, spelling
`words`          words as the index holds them
`index`          a person's own pictures, read once
`store`          the tables, and a picture's rows in them
`opening`        where the two databases are, and how they are opened; `errors` in words
`decoding`       the bytes of a picture as pixels
`palette`        the main colours of a picture
`transparency`   pictures that one can see through
===============  ==============================================================================
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
