"""One notebook run by papermill: its parameters, its cells, what failed."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import papermill
from nbclient.output_widget import OutputWidget
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.cli import _resolve_type as parse_value  # so that -p reads a value as papermill's own -p does
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.iorw import write_ipynb

from cvhelpers.commands.notebook_files import BESIDE_PACKAGE, PACKAGE, SAMPLES
from cvhelpers.commands.page import linked_texts, write_page, write_text_page

__all__ = ["known_parameters", "parse_value", "run_notebook", "texts", "write_index"]


def known_parameters(path: Path) -> list[str]:
    """The names that the notebook's cell tagged `parameters` sets."""
    return list(papermill.inspect_notebook(path))


def run_notebook(
    path: Path, out: Path, parameters: dict[str, Any], *, pages: Collection[str], timeout: float, label: str
) -> str | None:
    """Run the cells; write notebook and page, however far it came; say in a line what failed, if anything."""
    written = out / path.name
    notebook = papermill.execute_notebook(path, written, parameters, prepare_only=True, progress_bar=False)
    if path.resolve().parent == PACKAGE / "notebooks":
        for cell in notebook.cells:
            cell.source = cell.source.replace(SAMPLES, BESIDE_PACKAGE)
    bar = {"desc": label, "leave": False}
    try:
        _Engine.execute_notebook(
            notebook,
            "python3",
            output_path=str(written),
            progress_bar=bar,
            folder=path.parent,
            timeout=timeout,
        )
    except Exception as error:
        # No reply in time, or a kernel that died: the cell shows it, as it would show any error.
        _put_error(notebook, error)
    finally:
        write_ipynb(notebook, str(written))
        write_page(notebook, out / f"{path.stem}.html", pictures_from=path.parent, pages=pages)
    return _failure(notebook)


def texts(notebooks: Sequence[Path]) -> list[Path]:
    """The texts beside the notebooks that they link to."""
    return sorted({text for path in notebooks for text in linked_texts(path)})


def write_index(out: Path, ended: Mapping[Path, str | None], others: Sequence[Path]) -> None:
    """Write the pages of the texts, and index.html with a link to each page and what failed."""
    pages = [path.stem for path in (*ended, *others)]
    for text in others:
        write_text_page(text.read_text(encoding="utf-8"), out / f"{text.stem}.html", text.parent, pages)
    lines = [f"- [{path.stem}]({path.stem}.html){f': failed, `{why}`' if why else ''}" for path, why in ended.items()]
    lines += [f"- [{text.stem}]({text.stem}.html)" for text in others]
    write_text_page("\n".join(["# The notebooks, as they ran", "", *lines]), out / "index.html", out)


class _Engine(NBClientEngine):  # type: ignore[misc]
    """papermill's engine, run in the notebook's folder, with a time limit a cell."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, folder: Path, timeout: float, **_: Any) -> None:
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            timeout=timeout,
            resources={"metadata": {"path": str(folder)}},
        )
        client.widget_registry["@jupyter-widgets/output"]["OutputModel"] = _Output
        # What a kernel says on stderr is about its sockets, not about the notebook.
        client.execute(stderr=DEVNULL)


class _Output(OutputWidget):
    """An Output widget after which the cell's reply is still noticed.

    nbclient can miss a reply that arrives while it updates such a widget, and would then wait for ever
    (jupyter/nbclient#312): after each update, have the socket look again.
    """

    def _publish_msg(self, *args: Any, **keywords: Any) -> None:
        super()._publish_msg(*args, **keywords)
        look_again = getattr(self.kernel_client.shell_channel.socket, "_schedule_remaining_events", None)
        if look_again:
            look_again()


def _put_error(notebook: NotebookNode, error: Exception) -> None:
    """Show `error` under the cell that was running: the last one that was started."""
    started = [cell for cell in notebook.cells if cell.metadata.papermill.get("start_time")]
    cell = next((cell for cell in reversed(started) if cell.cell_type == "code"), None)
    if cell is None:
        raise error
    text = str(error).strip()
    cell.outputs.append(
        new_output(  # type: ignore[no-untyped-call]
            "error", ename=type(error).__name__, evalue=text, traceback=text.splitlines()
        )
    )
    cell.metadata.papermill["exception"] = True


def _failure(notebook: NotebookNode) -> str | None:
    """The cell that failed, in a line. papermill marks it; a cell tagged `raises-exception` it does not."""
    for cell in notebook.cells:
        if cell.metadata.papermill.get("exception"):
            error = [output for output in cell.outputs if output.output_type == "error"][-1]
            reason = f"{error.ename}: {error.evalue}".splitlines()[0]
            return f"cell [{cell.execution_count or '*'}] {reason}"
    return None
