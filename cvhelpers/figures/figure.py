"""Figures that say what they show: a drawing, a sentence about it, and the same as a table.

Every ``show_…`` function returns one. In a notebook a `Figure` shows itself as HTML, in a
console as its sentence; `Figure.save` writes a file. Nothing here uses pyplot: no global state, nothing to close.
"""

from __future__ import annotations

import base64
import io
import os
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import matplotlib
import PIL.Image
from matplotlib.figure import Figure as Canvas

from ..errors import OptionError
from ..results import Rows
from .labels import FONT, drawable, wrap
from .table import table

DPI = 100
"""Pixels per inch of a figure on the screen."""
MANY_COLOURS = 4_000
"""A drawing with more colours than this holds a photograph."""


@dataclass(eq=False, repr=False)
class Figure:
    """A drawing with its description.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The drawing itself, to change it or to take it apart. It is drawn anew after a change.
    alt : str
        One or two sentences: what was found, and where.
    rows : list of dict
        The same as a table; ``number`` is the number in the drawing.
    source : str
        Where the answer came from.
    notes : tuple of str
        What a reader must know: who made the picture, what the drawing leaves out.

    >>> figure = Figure(Canvas(figsize=(1, 1)), "A page with one word boxed: 1 NOTHING.", [{"number": 1}])
    >>> figure
    A page with one word boxed: 1 NOTHING.
    >>> figure.html.startswith('<figure')
    True
    """

    figure: Canvas
    alt: str
    rows: Rows
    source: str = ""
    notes: tuple[str, ...] = ()
    _png: bytes = field(default=b"", init=False)

    def __repr__(self) -> str:
        return self.alt

    def _repr_html_(self) -> str:
        return self.html

    @property
    def png(self) -> bytes:
        """The drawing as a PNG file: the same bytes each time, rendered once as long as nothing changes in it."""
        if not self._png or self.figure.stale:
            self._png = self.render(self.figure.dpi)
            self.figure.stale = False
        return self._png

    def render(self, dpi: float) -> bytes:
        """The drawing as a PNG file at so many pixels per inch: 100 as on the screen, more to look closely."""
        return _encode(_render(self.figure, dpi))

    @property
    def html(self) -> str:
        """The drawing with its alt text, its source, and the table folded below it."""
        picture = base64.b64encode(self.png).decode("ascii")
        # The drawing brings its own light ground; the text around it takes the colours of the notebook's theme.
        return (
            '<figure style="margin: 0.5em 0">'
            f'<img alt="{escape(self.alt)}" src="data:image/png;base64,{picture}" style="max-width: 100%">'
            f'<figcaption style="font-size: 85%">{"<br>".join(map(escape, self._lines()))}</figcaption>'
            f"<details><summary>The same as a table</summary>{table(self.rows)}</details>"
            "</figure>"
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the drawing to ``path`` (.png, .svg or .pdf), with its source below and its alt text inside.

        Returns the path. A web page, or whatever the file goes into, needs the alt text as well: ``figure.alt``.
        """
        path = Path(path)
        kind = path.suffix.lower().lstrip(".")
        if kind not in ("png", "svg", "pdf"):
            raise OptionError(
                f"A figure can't be written as {repr(path.suffix) if path.suffix else 'a file without an ending'}. "
                "Let the name end with .png, .svg or .pdf."
            )
        # The source hangs below the lower edge, outside of what the notebook shows; "tight" takes it in.
        footer = self.figure.text(0.02, 0, self._footer(), va="top", fontsize=7.5, color="#404040",
                                  fontfamily=FONT, parse_math=False)  # fmt: skip
        try:
            # The salt and the absent dates make two files of the same drawing the same bytes.
            with matplotlib.rc_context({"svg.hashsalt": "cvhelpers", "svg.fonttype": "path"}):
                self.figure.savefig(path, bbox_inches="tight", pad_inches=0.1, metadata=_metadata(kind, self.alt))
        finally:
            footer.remove()
        return path

    def _footer(self) -> str:
        room = self.figure.bbox.width * 0.96
        return "\n".join(["", *(wrap(drawable(line), room, 7.5, self.figure.dpi) for line in self._lines())])

    def _lines(self) -> list[str]:
        return [f"Answer: {self.source or 'source unknown'}", *self.notes]


def _metadata(kind: str, alt: str) -> dict[str, str | None]:
    title = alt.split(":")[0]
    return {
        "png": {"Title": title, "Description": alt, "Software": None},
        "svg": {"Title": title, "Description": alt, "Date": None, "Creator": None},
        "pdf": {"Title": title, "Subject": alt, "CreationDate": None, "Creator": None, "Producer": None},
    }[kind]


def _render(figure: Canvas, dpi: float) -> PIL.Image.Image:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=dpi)
    drawing = PIL.Image.open(file).convert("RGBA")
    ground = PIL.Image.new("RGBA", drawing.size, "white")  # opaque, whatever the theme behind it
    return PIL.Image.alpha_composite(ground, drawing).convert("RGB")


def _encode(image: PIL.Image.Image) -> bytes:
    """As a PNG; a photograph in 256 colours of its own, which the eye hardly tells apart and takes a third."""
    file = io.BytesIO()
    (image if image.getcolors(MANY_COLOURS) else _with_palette(image)).save(file, "PNG", optimize=True)
    return file.getvalue()


def _with_palette(image: PIL.Image.Image) -> PIL.Image.Image:
    # A ninth of the pixels gives the same colours in a tenth of the time. Dithering would look worse.
    sample = image.resize((image.width // 3, image.height // 3), PIL.Image.Resampling.NEAREST)
    colours = sample.quantize(256, method=PIL.Image.Quantize.MAXCOVERAGE, kmeans=100)
    reduced = image.quantize(palette=colours, dither=PIL.Image.Dither.NONE)
    corner = reduced.crop((0, 0, 1, 1)).tobytes()[0]
    palette = reduced.getpalette() or []
    palette[3 * corner : 3 * corner + 3] = image.crop((0, 0, 1, 1)).tobytes()  # the white ground stays white
    reduced.putpalette(palette)
    return reduced
