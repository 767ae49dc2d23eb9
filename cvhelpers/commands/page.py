"""A notebook as one web page that is complete without a network."""

from pathlib import Path

from jinja2 import DictLoader
from nbconvert import HTMLExporter
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
<style>.jp-InputPrompt, .jp-OutputPrompt { color: #595959; opacity: 1 }</style>
{%- endblock -%}
{%- block data_widget_view -%}
<p class="jp-OutputArea-output"><em>Here is a control that works when the notebook runs.</em></p>
{%- endblock -%}
"""


def write_page(notebook: NotebookNode, page: Path, pictures_from: Path) -> None:
    """Write `notebook` as the web page `page`, with the pictures of its text, found in a folder, inside."""
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        extra_loaders=[DictLoader({"page.html.j2": TEMPLATE})],
        template_file="page.html.j2",
        embed_images=True,
        language_code="en",
    )
    resources = {"metadata": {"name": _title(notebook) or page.stem, "path": str(pictures_from)}}
    html, _ = exporter.from_notebook_node(notebook, resources)
    page.write_text(html, encoding="utf-8")


def _title(notebook: NotebookNode) -> str | None:
    """The text of the first heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return str(cell.source.splitlines()[0].removeprefix("# ").strip())
    return None
