"""Contact sheets, for a person's eye."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from cvhelpers.ondevice.library.transparency import on_white

_COLUMNS, _ROWS, _CELL = 15, 10, 100


def contact_sheet(pictures: Sequence[tuple[str, bytes]], columns: int, cell: int) -> Image.Image:
    """The pictures in a grid, each with the end of its name below it."""
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * cell, rows * (cell + 14)), "white")
    draw = ImageDraw.Draw(sheet)
    for number, (name, content) in enumerate(pictures):
        x, y = number % columns * cell, number // columns * (cell + 14)
        with Image.open(io.BytesIO(content)) as image:
            small = on_white(image)
        small.thumbnail((cell - 4, cell - 4))
        sheet.paste(small, (x + 2, y + 2))
        draw.text((x + 2, y + cell), name[-cell // 6 :], fill="black")
    return sheet


def write_sheets(pictures: Sequence[tuple[str, bytes]], folder: Path) -> None:
    """All pictures, 150 to a sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    size = _COLUMNS * _ROWS
    for number, start in enumerate(range(0, len(pictures), size)):
        part = pictures[start : start + size]
        contact_sheet(part, _COLUMNS, _CELL).save(folder / f"{number:02d}.png")
