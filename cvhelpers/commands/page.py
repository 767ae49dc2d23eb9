"""A notebook as one web page that is complete without a network."""

from pathlib import Path
from typing import Any

from jinja2 import DictLoader, pass_context
from jinja2.runtime import Context
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

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
  /* Long words in a table break, so that nothing has to be scrolled to or is cut off on paper. */
  .jp-RenderedHTMLCommon td, .jp-RenderedHTMLCommon td code { overflow-wrap: anywhere; white-space: normal }
</style>
{%- endblock -%}
{%- block data_widget_view -%}
<p class="jp-OutputArea-output"><em>Here is a control that works when the notebook runs.</em></p>
{%- endblock -%}
"""


def write_page(notebook: NotebookNode, page: Path, pictures_from: Path) -> None:
    """Write `notebook` as the web page `page`, with the pictures of its text, found in a folder, inside."""
    exporter = _Exporter(  # type: ignore[no-untyped-call]
        extra_loaders=[DictLoader({"page.html.j2": TEMPLATE})],
        template_file="page.html.j2",
        embed_images=True,
        language_code="en",
    )
    resources = {"metadata": {"name": _title(notebook) or page.stem, "path": str(pictures_from)}}
    html, _ = exporter.from_notebook_node(notebook, resources)
    page.write_text(html, encoding="utf-8")


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
