"""The results of many pictures as one web page: each picture small, with words for what it shows."""

import base64
import io
from collections.abc import Sequence
from html import escape
from pathlib import Path

from cvhelpers.clients.batch import Batch
from cvhelpers.errors import CvhelpersError, PictureError
from cvhelpers.figures.table import table
from cvhelpers.pictures import open_picture
from cvhelpers.results import ImageAnalysis, Result

SIDE = 320
"""Pixels: a small picture fits into a square of this side."""
LONGEST = 300
"""Letters of a text in the words of a picture; all of it is in the table."""

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.4 }}
  html {{ background: Canvas; color: CanvasText }}
  body {{ max-width: 90rem; margin: 0 auto; padding: 1rem }}
  ul {{ list-style: none; padding: 0; display: grid; gap: 1.5rem 1rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)) }}
  li {{ min-width: 0; break-inside: avoid }}
  figure {{ margin: 0 }}
  .frame {{ height: 15rem; display: flex; align-items: center; justify-content: center; border: 1px solid #8888 }}
  .frame img {{ max-width: 100%; max-height: 100% }}
  .frame p {{ padding: 1rem; text-align: center }}
  figcaption, details {{ overflow-wrap: anywhere }}
  h2 {{ font-size: 1rem; margin: .5rem 0 .2rem }}
  .more {{ overflow-x: auto; overflow-wrap: normal }}
  table {{ border-collapse: collapse; font-size: .75rem }}
  th, td {{ border: 1px solid #8888; padding: .1rem .2rem; text-align: left }}
</style>
<main>
<h1>{title}</h1>
<p>{summary}</p>
<ul>
{items}
</ul>
</main>
</html>
"""  # noqa: E501


def as_html(batch: Batch, pictures: Sequence[Path]) -> bytes:
    """The page. It is complete: nothing is fetched from anywhere."""
    failed, items = len(batch.failed), []
    for name, path, result in zip(batch.names, pictures, batch.results, strict=True):
        items.append(_item(name, path, result))
    sources = dict.fromkeys(one.source for one in batch if not isinstance(one, CvhelpersError) and one.source)
    answers = " ".join(f"Answers: {source}." for source in sources or ["none"])
    summary = f"{len(batch)} pictures, {failed} without an answer. {answers}"
    page = PAGE.format(title="What is in these pictures", summary=escape(summary), items="\n".join(items))
    return page.encode("utf-8", "backslashreplace")


def _item(name: str, path: Path, result: Result | CvhelpersError) -> str:
    if isinstance(result, CvhelpersError):
        shows, said, rows = "", f"No answer: {_line(str(result))}", ""
    else:
        shows = said = _words(result)
        found = result.to_rows()
        scroll = f'role="region" aria-label="Table of {escape(name)}" tabindex="0"'
        rows = (
            f"<details><summary>All that was found in {escape(name)}</summary>"
            f'<div class="more" {scroll}>{table(found)}</div></details>'
            if found
            else ""
        )
    return (
        f'<li><figure><div class="frame">{_small(name, path, shows)}</div>'
        f"<figcaption><h2>{escape(name)}</h2>{escape(said)}</figcaption></figure>{rows}</li>"
    )


def _words(result: Result) -> str:
    """What the service says: the caption with the surest tags, or the text."""
    if not isinstance(result, ImageAnalysis):
        return f"Text: {_line(str(result))}" if str(result).strip() else "No text was found."
    tags = ", ".join([*(tag.name for tag in result.tags), *result.description_tags][:6])
    caption = _line(result.caption.text).rstrip(".") if result.caption else ""
    about = [caption[:1].upper() + caption[1:], f"Tags: {tags}" if tags else ""]
    return ". ".join(part for part in about if part) + "." if any(about) else "The service named nothing in it."


def _line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _small(name: str, path: Path, shows: str) -> str:
    try:
        image = open_picture(path).image
    except (PictureError, OSError):
        return "<p>This file can't be shown.</p>"
    image.thumbnail((SIDE, SIDE))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    alt = f"{name}, in the words of the service: {shows}" if shows else f"{name}, which has no description."
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return f'<img alt="{escape(alt)}" src="data:image/jpeg;base64,{data}">'
