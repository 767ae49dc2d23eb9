"""Rows as an HTML table: below a figure, and in a contact sheet, which draws nothing and so needs no matplotlib."""

from __future__ import annotations

from html import escape

from ..results import Rows


def table(rows: Rows) -> str:
    """Rows as an HTML table; a column with nothing in it is left out."""
    if not rows:
        return "<p>Nothing was found.</p>"
    names = columns(rows)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(f"<tr>{_cells([row.get(name) for name in names])}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def columns(rows: Rows) -> list[str]:
    """The names of the columns that have something in them.

    >>> columns([{"number": 1, "name": "cat", "x": None}])
    ['number', 'name']
    """
    return [name for name in (rows[0] if rows else ()) if any(row.get(name) not in ("", None) for row in rows)]


def cell(value: object) -> str:
    """A value as a table has it: numbers with four digits, nothing where there is nothing.

    >>> cell(0.98765), cell(12), cell(None)
    ('0.9877', '12', '')
    """
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _cells(values: list[object]) -> str:
    first, *others = (escape(cell(value)) for value in values)
    return f'<th scope="row">{first}</th>' + "".join(f"<td>{text}</td>" for text in others)
