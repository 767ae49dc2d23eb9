"""The results of many pictures as a table for a spreadsheet, and as lines of JSON for a program."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from cvhelpers.clients.batch import Batch
from cvhelpers.errors import CvhelpersError

FORMULA = ("=", "+", "-", "@")
"""How a text begins that a spreadsheet takes for a formula, and carries out."""


def as_csv(batch: Batch, pictures: Sequence[Path]) -> bytes:
    """A row for each finding; ``what`` is "error" in the row of a picture without an answer.

    It begins with a byte-order mark: without one, Excel takes the letters for those of an old code page, and ä becomes
    Ã¤. Other programs skip it. Text that begins like a formula has an apostrophe before it: a file's name, or a sign
    on a photograph, must not become a formula that Excel runs.
    """
    rows = batch.to_rows()
    names = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerows({name: harmless(value) for name, value in row.items()} for row in rows)
    return file.getvalue().encode("utf-8-sig", "backslashreplace")


def harmless(value: object) -> object:
    """The same on one line, and no formula.

    >>> harmless("=1+1"), harmless("a cat"), harmless(-1.5)
    ("'=1+1", 'a cat', -1.5)
    """
    if not isinstance(value, str):
        return value
    text = " ".join(value.split())
    return f"'{text}" if text.startswith(FORMULA) else text


def as_json_lines(batch: Batch, pictures: Sequence[Path]) -> bytes:
    """A line for each picture: its name, and the error or what was found, with the source of the answer."""
    lines = []
    for name, result in zip(batch.names, batch.results, strict=True):
        if isinstance(result, CvhelpersError):
            told: dict[str, object] = {"error": str(result), "kind": type(result).__name__}
        else:
            told = {"text": str(result), "found": result.to_rows(), "source": result.source}
        lines.append(json.dumps({"picture": name, **told}, ensure_ascii=False) + "\n")
    return "".join(lines).encode("utf-8", "backslashreplace")
