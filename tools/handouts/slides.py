"""Slides: a text, then its code, then what comes out, one key after the other, so that a class predicts first."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from cvhelpers.commands.page import without_empty_headers

LEFT_OUT = {"answer", "help", "check", "parameters"}

STYLE = """
:root { font: 26px/1.4 system-ui, sans-serif; color: #1a1a1a; background: #fff }
body { margin: 0 }
section { display: none; min-height: 92vh; padding: 3vh 6vw; box-sizing: border-box; max-width: 62rem; margin: auto }
section.now { display: block }
section .later { visibility: hidden }
section.shown .later { visibility: visible }
pre { font: 20px/1.35 ui-monospace, monospace; white-space: pre-wrap }
pre { background: #f4f4f4; padding: .6em; margin: .4em 0 }
img { max-width: 100%; max-height: 62vh; height: auto }
table { border-collapse: collapse; font-size: 20px }
th, td { border: 1px solid #767676; padding: .2em .6em; text-align: left }
h1 { font-size: 1.7rem } h2 { font-size: 1.4rem } a { color: #0b4a8f } .prompt, .anchor-link { display: none }
footer { position: fixed; right: 1rem; bottom: .5rem; font-size: 16px; color: #595959 }
@page { size: landscape }
@media print {
  section { display: block; page-break-after: always; min-height: 0 }
  section .later { visibility: visible }
  footer { display: none }
}
"""

SCRIPT = """
const slides = [...document.querySelectorAll('section')], where = document.querySelector('footer');
let at = Math.max(0, parseInt(location.hash.slice(1)) - 1 || 0);
function show(number, all) {
  at = Math.min(Math.max(number, 0), slides.length - 1);
  slides.forEach((slide, n) => {
    slide.classList.toggle('now', n === at);
    slide.classList.toggle('shown', n === at && (all || !slide.querySelector('.later')));
  });
  where.textContent = `${at + 1} of ${slides.length}`;
  history.replaceState(null, '', '#' + (at + 1));
  window.scrollTo(0, 0);
}
addEventListener('keydown', event => {
  if (['ArrowRight', 'PageDown', ' '].includes(event.key)) {
    event.preventDefault();
    if (slides[at].classList.contains('shown')) show(at + 1, false); else slides[at].classList.add('shown');
  } else if (['ArrowLeft', 'PageUp'].includes(event.key)) { event.preventDefault(); show(at - 1, true); }
});
show(at, false);
"""


def slides(notebook: NotebookNode, pictures_from: Path) -> str:
    """One web page with a slide for each text and the code below it; what the code gives appears at the next key."""
    title = str(notebook.cells[0].source).splitlines()[0].removeprefix("# ")
    parts = [_slide(text, code, pictures_from) for text, code in pairs(notebook)]
    return _page(title, "\n".join(parts))


def pairs(notebook: NotebookNode) -> list[tuple[NotebookNode, NotebookNode | None]]:
    """Each text with the code that follows it, without the cells that learners write in."""
    kept = [cell for cell in notebook.cells if not LEFT_OUT & set(cell.metadata.get("tags", ()))]
    following = [*kept[1:], None]
    return [
        (cell, after if after is not None and after.cell_type == "code" else None)
        for cell, after in zip(kept, following, strict=True)
        if cell.cell_type == "markdown"
    ]


def _slide(text: NotebookNode, code: NotebookNode | None, pictures_from: Path) -> str:
    told = _html(text, pictures_from)
    if code is None:
        return f"<section>{told}</section>"
    written = f"<pre><code>{escape(code.source)}</code></pre>"
    return f'<section>{told}{written}<div class="later">{_html(code, pictures_from)}</div></section>'


def _html(cell: NotebookNode, pictures_from: Path) -> str:
    """A text, or what a code cell gave."""
    resources = {"metadata": {"name": "slide", "path": str(pictures_from)}}
    html, _ = _exporter().from_notebook_node(new_notebook(cells=[cell]), resources)  # type: ignore[no-untyped-call]
    return without_empty_headers(str(html))


@cache
def _exporter() -> HTMLExporter:
    # Validating a cell after each of nbconvert's steps would take most of the time.
    options = {"embed_images": True, "exclude_input": True, "optimistic_validation": True}
    return HTMLExporter(template_name="basic", **options)  # type: ignore[no-untyped-call]


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}, slides</title>'
        f"<style>{STYLE}</style></head><body><main>{body}</main><footer></footer><script>{SCRIPT}</script></body></html>"
    )
