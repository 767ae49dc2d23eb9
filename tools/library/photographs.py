"""The photographs that ship with the package, with their credits."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from .candidate import Candidate
from .curation import photograph_keywords

# The licences a photograph may have, and Bing's word for what they allow. "No known copyright
# restrictions" is how museums say that a work is too old to be anyone's.
_ALLOWED = {
    "CC0-1.0": "Public",
    "Public domain": "Public",
    "No known copyright restrictions": "Public",
}
_ADDRESS = re.compile(r"https?://[^\s,]+")


def candidates(samples: Path) -> Iterator[Candidate]:
    """The sample pictures that are photographs; what was drawn to stand in for another is not.

    Raises `ValueError` for a photograph under a licence that is not on the list.
    """
    for entry in json.loads((samples / "pictures.json").read_text("utf-8")):
        if entry["stand_in_for"]:
            continue
        if entry["license"] not in _ALLOWED:
            raise ValueError(f"{entry['file']}: {entry['license']}")
        address = _ADDRESS.search(entry["source"])
        yield Candidate(
            key=f"photographs/{entry['name']}",
            file=samples / "pictures" / entry["file"],
            title=entry["title"],
            description=entry["description"],
            keywords=photograph_keywords(entry["name"]),
            author=entry["author"],
            license=entry["license"],
            permits=_ALLOWED[entry["license"]],
            collection="Sample photographs",
            source=address.group() if address else entry["source"],
            published=None,
            topic="photographs",
            photo=True,
        )
