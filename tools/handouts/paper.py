"""Two pages to print, on A4 or Letter: a sheet for predictions, and a card of status codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from nbformat import NotebookNode

STYLE = """
@page { margin: 15mm }
:root { font: 11pt/1.4 system-ui, sans-serif; color: #1a1a1a }
body { max-width: 180mm; margin: 8mm auto }
h1 { font-size: 16pt } h2 { font-size: 13pt; margin: 7mm 0 2mm; break-after: avoid }
table { border-collapse: collapse; width: 100% } tr { break-inside: avoid }
th, td { border: 1px solid #767676; padding: 2mm; text-align: left; vertical-align: top }
.line { width: 27% } .name { border-bottom: 1px solid #767676; display: inline-block; width: 70mm }
"""

CODES = [
    ("200", "OK", "All went well. The answer is in the body."),
    ("202", "Accepted", "The work has begun. The header Operation-Location says where to ask for the result."),
    ("400", "Bad request", "Something in your request is wrong. The body says what."),
    ("401", "Unauthorized", "The key is missing or wrong, or it belongs to another address. Copy both once more."),
    (
        "403",
        "Forbidden",
        "The key is right, but not allowed to do this; or your calls for this month are used up.",
    ),
    ("404", "Not found", "Nothing is at this address. Check it, letter by letter, and the version in it."),
    ("410", "Gone", "It was here once, and was switched off."),
    ("415", "Unsupported media type", "The header Content-Type does not fit the body."),
    ("429", "Too many requests", "Wait as many seconds as the header Retry-After says, then ask again."),
    ("500", "Internal server error", "The error is in the service, not in your program. Try again in a minute."),
]


def prediction_sheet(notebooks: Iterable[NotebookNode]) -> str:
    """Each question marked **Predict** with room for a prediction, and for what came out."""
    parts = ["<p>Name <span class='name'>&nbsp;</span></p>",
             "<p>Write down what you expect <strong>before</strong> you run the cell. A prediction that fails is "
             "what you will remember best.</p>"]  # fmt: skip
    for notebook in notebooks:
        title = str(notebook.cells[0].source).splitlines()[0].removeprefix("# ")
        rows = "".join(
            f"<tr><td>{n}</td><td>{_plain(question)}</td><td class='line'>&nbsp;</td><td class='line'>&nbsp;</td></tr>"
            for n, question in enumerate(questions(notebook), start=1)
        )
        head = "<tr><th scope='col'>No.</th><th scope='col'>Question</th><th scope='col'>I predict</th>"
        parts.append(f"<h2>{escape(title)}</h2><table>{head}<th scope='col'>What came out</th></tr>{rows}</table>")
    return _page("Predict before you run", "".join(parts))


def questions(notebook: NotebookNode) -> list[str]:
    """The texts after **Predict:**, each up to the end of its paragraph."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [" ".join(found.split()) for found in re.findall(r"\*\*Predict:\*\*(.+?)(?:\n\n|\Z)", text, re.DOTALL)]


def status_card() -> str:
    """The status codes that learners meet, and what to do."""
    rows = "".join(f"<tr><th scope='row'>{code}</th><td>{name}</td><td>{what}</td></tr>" for code, name, what in CODES)
    head = "<tr><th scope='col'>Code</th><th scope='col'>Name</th><th scope='col'>What it means for you</th></tr>"
    families = (
        "<p>The first digit tells most: <strong>2</strong> it worked, <strong>4</strong> mend your request, "
        "<strong>5</strong> the service has a problem.</p>"
    )
    return _page("Status codes", f"{families}<table>{head}{rows}</table>")


def _plain(markdown: str) -> str:
    """Without marks; it begins with a capital letter, as no *Predict:* stands before it here."""
    text = re.sub(r"[*`]", "", markdown)
    return escape(text[:1].upper() + text[1:])


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
