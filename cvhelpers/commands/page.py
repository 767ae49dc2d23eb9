"""A notebook as one web page that is complete without a network."""

import re
from collections.abc import Collection
from itertools import takewhile
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from jinja2 import DictLoader, pass_context
from jinja2.runtime import Context
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from cvhelpers.commands.notebook_files import read_notebook, text_of

# nbconvert's own page loads require.js, MathJax, Mermaid and the widget manager from other hosts.
# Nothing in these notebooks needs the first three, and a control needs a running notebook anyway.
TEMPLATE = """
{%- extends "index.html.j2" -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block jupyter_widgets -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block html_head_css -%}
<style>
  /* nbconvert's prompts and, on its grey ground, the colours of its code are too pale to read;
     and its links are told from the text by their colour alone. */
  :root { --jp-cell-editor-background: white !important }
  .jp-InputPrompt, .jp-OutputPrompt { color: #595959 !important; opacity: 1 !important }
  .jp-RenderedHTMLCommon a { text-decoration: underline !important }
  /* In a table, a line ends between words; an address or a path in it breaks where it must. */
  .jp-RenderedHTMLCommon td, .jp-RenderedHTMLCommon td code { white-space: normal }
  .jp-RenderedHTMLCommon td code { overflow-wrap: anywhere }
  .jp-OutputArea-output pre { word-break: normal !important; overflow-wrap: anywhere }
  @media print {
    h1, h2, h3, h4, summary { break-after: avoid }
    img, tr, figure, .jp-InputArea { break-inside: avoid }
    pre { white-space: pre-wrap !important; overflow-wrap: anywhere }
    details::details-content { content-visibility: visible }  /* on paper nobody can unfold */
  }
</style>
{%- endblock -%}
{%- block data_widget_view -%}
<div class="jp-OutputArea-output jp-RenderedHTMLCommon">
{{ output.data["text/html"] or "<p>" ~ (output.data["text/plain"] or "A control") | e ~ "</p>" }}
<p><em>This is a control. It works when the notebook runs.</em></p>
</div>
{%- endblock -%}
"""


def write_page(notebook: NotebookNode, page: Path, pictures_from: Path, pages: Collection[str] = ()) -> None:
    """Write `notebook` as the web page `page`, with the pictures of its text, found in a folder, inside.

    A link to a notebook or text whose stem is one of `pages` leads to its page, beside this one; a link to another
    file in the folder leads there.
    """
    exporter = _Exporter(  # type: ignore[no-untyped-call]
        extra_loaders=[DictLoader({"page.html.j2": TEMPLATE})],
        template_file="page.html.j2",
        embed_images=True,
        optimistic_validation=True,  # once, not after each of twelve steps: half of the time of a page
        language_code="en",
    )
    resources = {"metadata": {"name": _title(notebook) or page.stem, "path": str(pictures_from)}}
    html, _ = exporter.from_notebook_node(notebook, resources)
    html = _with_links(html, page.parent, pictures_from, pages)
    page.write_text(without_empty_headers(html), encoding="utf-8")


def write_text_page(text: str, page: Path, pictures_from: Path, pages: Collection[str] = ()) -> None:
    """Write a text in Markdown as a page that looks like those of the notebooks."""
    notebook = new_notebook(cells=[new_markdown_cell(text)])  # type: ignore[no-untyped-call]
    write_page(notebook, page, pictures_from, pages)


def linked_texts(path: Path) -> list[Path]:
    """The texts in a notebook's folder that it links to, such as a glossary."""
    source = "".join(text_of(cell) for cell in read_notebook(path)["cells"])
    names = set(re.findall(r"\]\(([\w-]+\.md)[)#]", source))
    return [path.parent / name for name in names if (path.parent / name).is_file()]


LINK = re.compile(r'(<a\b[^>]*\bhref=")(?P<file>[^":#?]+)(?P<place>#[^"]*)?"')
"""A link to a file. An address on the web has a colon, a place in the same page begins with #."""


def _with_links(html: str, page_folder: Path, folder: Path, pages: Collection[str]) -> str:
    def lead(link: re.Match[str]) -> str:
        name, place = Path(link["file"]), link["place"] or ""
        if name.suffix in (".ipynb", ".md") and name.stem in pages:
            return f'{link[1]}{name.stem}.html{place}"'
        if not (folder / name).exists():
            return link[0]
        way = way_to((folder / name).resolve(), page_folder.resolve())
        return f'{link[1]}{way}{place}"'

    return LINK.sub(lead, html)


def way_to(file: PurePath, folder: PurePath) -> str:
    """How a page in ``folder`` names a file: by the way from there, or from the root where it is on another drive.

    >>> way_to(PurePath("/lessons/pictures/a cat.jpg"), PurePath("/lessons/out"))
    '../pictures/a%20cat.jpg'
    """
    if file.anchor != folder.anchor:  # only on Windows
        path = file.as_posix()
        return "file:" + quote(path if path.startswith("//") else f"///{path}", safe="/:")
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(file.parts, folder.parts, strict=False))))
    return quote("/".join([*[".."] * (len(folder.parts) - shared), *file.parts[shared:]]))


def without_empty_headers(html: str) -> str:
    """A table in Markdown must have a row of headers. One that says nothing is no header.

    >>> without_empty_headers("<thead><tr><th></th><th></th></tr></thead> <tr><th></th><th>a</th></tr>")
    ' <tr><td></td><th>a</th></tr>'
    """
    html = re.sub(r"<thead>\s*<tr>\s*(<th[^>]*></th>\s*)+</tr>\s*</thead>", "", html)
    return re.sub(r"<th[^>]*></th>", "<td></td>", html)


class _Renderer(IPythonRenderer):
    """nbconvert's, but a tag that one block opens and a later one closes stays open: what is folded stays folded.

    While it looks for pictures to embed, nbconvert closes in each block whatever is open.
    """

    def _html_embed_images(self, html: str) -> str:
        return str(super()._html_embed_images(html)) if "<img" in html else html


class _Exporter(HTMLExporter):
    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        folder = context["resources"]["metadata"]["path"]
        attachments = context.get("cell", {}).get("attachments", {})
        options: dict[str, Any] = {**self.lexer_options, "attachments": attachments, "path": folder}
        renderer = _Renderer(escape=False, embed_images=True, anchor_link_text=self.anchor_link_text, **options)
        return str(MarkdownWithMath(renderer=renderer).render(source))


def _title(notebook: NotebookNode) -> str | None:
    """The text of the first heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return str(cell.source.splitlines()[0].removeprefix("# ").strip())
    return None
