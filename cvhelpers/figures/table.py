"""Rows as an HTML table: below a figure, and in a contact sheet, which draws nothing and so needs no matplotlib."""

from __future__ import annotations

from html import escape

from ..results import Rows


def table(rows: Rows) -> str:
    """Rows as an HTML table; a column with nothing in it is left out."""
    if not rows:
        return "<p>Nothing was found.</p>"
    names = [name for name in rows[0] if any(row.get(name) not in ("", None) for row in rows)]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(f"<tr>{_cells([row.get(name) for name in names])}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(values: list[object]) -> str:
    first, *others = map(_cell, values)
    return f'<th scope="row">{first}</th>' + "".join(f"<td>{text}</td>" for text in others)


def _cell(value: object) -> str:
    text = "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
    return escape(text)
