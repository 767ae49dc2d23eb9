"""Show an answer on its picture: a caption, found things, words, lines, a grid of thumbnails.

Each function takes a picture and a result and returns a `Figure`. None of them talks to a service. With ``ax=`` they
draw into axes of your own, to be taken apart or set beside others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import PIL.Image
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from ..errors import OptionError
from ..pictures import AnyPicture, Picture, open_picture
from ..results import Box, ImageAnalysis, ImageResult, ImageSearchResults, OcrResult, ReadResult, Rows, corners
from .alt import NAMED, counted, found_text, listed, one_line, sentence
from .figure import DPI, Figure
from .labels import FONT, Point, draw_outlines, drawable, text_size, wrap

if TYPE_CHECKING:
    import requests

LARGEST = (560, 620)
"""A picture is shown at most this wide and high, in pixels of the screen ..."""
MAGNIFY = 4
"""... and at most so many times larger than it is."""
LEAST_WIDTH = 420
LEGEND = 80
"""So many texts are written below a picture; more are in the table only."""
INK, GREY = "#202020", "#505050"


# --------------------------------------------------------------------------------------------------------------
# a caption


def show_caption(picture: AnyPicture, analysis: ImageAnalysis, ax: Axes | None = None) -> Figure:
    """Show a picture with the caption that the service found for it.

    Parameters
    ----------
    picture : Picture, or what `open_picture` takes
        The picture that was analysed.
    analysis : ImageAnalysis
        The answer. Where it has no caption the figure says so, and what was found instead.
    ax : matplotlib.axes.Axes, optional
        Axes of your own to draw into.

    Returns
    -------
    Figure
        Its rows are everything that was found.

    >>> from cvhelpers.pictures import open_picture
    >>> analysis = ImageAnalysis.from_json({"description": {"captions": [{"text": "a sky", "confidence": 0.91}]}})
    >>> figure = show_caption(open_picture(PIL.Image.new("RGB", (320, 200), "skyblue")), analysis)
    >>> figure.alt.split(", ", 1)[1]
    'captioned: A sky (confidence 0.91).'
    """
    picture = open_picture(picture)
    _must_be(analysis, ImageAnalysis)
    ax, own = _picture_axes(picture, ax, (8, 8)), ax is None
    headline, detail = _caption_lines(analysis)
    _write_below(ax, [(drawable(headline), 13, INK), (drawable(detail), 9, GREY)], centred=True, grow=own)
    subject = one_line(picture.description).rstrip(".") or f"Picture ‘{one_line(picture.name)}’"
    if analysis.caption:
        alt = f"{subject}, captioned: {headline} (confidence {analysis.caption.confidence:.2f})."
    else:
        alt = f"{subject}, without a caption. {detail}"
    return _figure(ax, alt, analysis.to_rows(), analysis.source, picture, [headline, detail], _sent(analysis.sent))


def _caption_lines(analysis: ImageAnalysis) -> tuple[str, str]:
    if analysis.caption:
        text, confidence = one_line(analysis.caption.text), analysis.caption.confidence
        return text[:1].upper() + text[1:], f"confidence {confidence:.2f} ({confidence_word(confidence)})"
    found = [str(row["name"]) for row in analysis.to_rows() if row["what"] in ("tag", "object", "category", "brand")]
    names = list(dict.fromkeys(found))
    others = f"It found: {listed(names, 8)}." if names else "It named nothing else either."
    return "The service found no caption for this picture", others


def confidence_word(confidence: float) -> str:
    """
    >>> confidence_word(0.8), confidence_word(0.5), confidence_word(0.49)
    ('high', 'medium', 'low')
    """
    return "high" if confidence >= 0.8 else "medium" if confidence >= 0.5 else "low"


# --------------------------------------------------------------------------------------------------------------
# found things


def show_objects(picture: AnyPicture, analysis: ImageAnalysis, ax: Axes | None = None, least: float = 0.0) -> Figure:
    """Show the things and faces that were found, each in its box with its number, name and confidence.

    Parameters
    ----------
    picture : Picture, or what `open_picture` takes
        The picture that was analysed.
    analysis : ImageAnalysis
        The answer: its objects, brands, celebrities, faces and people are drawn.
    ax : matplotlib.axes.Axes, optional
        Axes of your own to draw into.
    least : float
        What has a lower confidence than this, from 0 to 1, is left out of the drawing and of the table. What has
        none, such as a face, stays. Image Analysis 4.0 names every place where it thinks of a person at all: with
        ``least=0.5`` those stay of which it is more sure than not.

    Returns
    -------
    Figure
        Its rows begin with what is drawn, under the same numbers; everything else that was found follows.

    >>> from cvhelpers.pictures import open_picture
    >>> analysis = ImageAnalysis.from_json({"objects": [
    ...     {"object": "cat", "confidence": 0.9, "rectangle": {"x": 10, "y": 20, "w": 90, "h": 60}}]})
    >>> figure = show_objects(open_picture(PIL.Image.new("RGB", (320, 200), "white")), analysis)
    >>> figure.alt.split(" with ")[1]
    '1 thing boxed: at the top left 1 cat 0.90.'
    """
    picture = open_picture(picture)
    _must_be(analysis, ImageAnalysis)
    if not 0 <= least <= 1:
        raise OptionError(f"least is a confidence from 0 to 1, not {least}. Leave it out to see everything.")
    rows = _things_first(analysis, least)
    things = [row for row in rows if _is_drawn(row, rows)]
    scale = scale_of((picture.width, picture.height), analysis)
    outlines = [thing_corners(row, scale) for row in things]
    texts = [_with_confidence(row) for row in things]
    alt = found_text(picture, "thing", "boxed", outlines, texts, "no thing with a place was found")
    notes = _sent(analysis.sent)
    if left_out := len(_things_first(analysis, 0)) - len(rows):
        notes.append(f"Left out: {left_out} with a confidence below {least:.2f}.")
    return _show_boxes(picture, outlines, texts, alt, rows, analysis.source, ax, notes=notes, hollow=True)


def scale_of(size: tuple[float, float], answer: ImageAnalysis | OcrResult | ReadResult) -> float:
    """How many pixels of a picture of that size one pixel of the answer stands for.

    The longer side tells it where both are known: rounding changes the shorter side of a strip by a large part.
    """
    if answer.width and answer.height:
        return max(size) / max(answer.width, answer.height)
    return size[0] / (answer.width or size[0])


def thing_corners(row: Mapping[str, object], scale: float = 1) -> list[Point]:
    """The corners of a row's box, clockwise from the top left, in pixels of a picture ``scale`` times as large."""
    x, y, width, height = (float(str(row[side])) * scale for side in ("x", "y", "width", "height"))
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def _things_first(analysis: ImageAnalysis, least: float) -> Rows:
    """All rows from a confidence on, those that are drawn first, numbered anew. What a thing is a kind of is no row
    of its own here: its box would be drawn twice."""
    rows = [row for row in analysis.to_rows() if not str(row["what"]).startswith("kind of")]
    kept = [row for row in rows if not isinstance(row["confidence"], float) or row["confidence"] >= least]
    kept.sort(key=lambda row: not _is_drawn(row, rows))  # stable: else in the order of the answer
    return [{**row, "number": number} for number, row in enumerate(kept, start=1)]


def _is_drawn(row: Mapping[str, object], rows: Rows) -> bool:
    """A thing with a place, and no crop or line of text. 4.0 may answer a person as an object, too: one box will do."""
    if row["x"] is None or row["what"] not in _THINGS:
        return False
    place = _place_of(row)
    return row["what"] != "person" or not any(one["what"] == "object" and _place_of(one) == place for one in rows)


_THINGS = ("celebrity", "object", "brand", "face", "person")


def _place_of(row: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(row[side] for side in ("x", "y", "width", "height"))


def _with_confidence(row: Mapping[str, object]) -> str:
    confidence = row["confidence"]
    return f"{row['name']} {confidence:.2f}" if isinstance(confidence, float) else str(row["name"])


# --------------------------------------------------------------------------------------------------------------
# text


def show_words(picture: AnyPicture, printed: OcrResult, ax: Axes | None = None) -> Figure:
    """Show the words of a printed text, each in its box, numbered as they are read.

    The boxes of ``ocr`` lie in the picture after it was turned upright: they are turned back by ``text_angle`` and
    ``orientation``, and scaled where the picture is shown at another width than the answer is about.

    Parameters
    ----------
    picture : Picture, or what `open_picture` takes
        The picture that was read; shown faded, so that boxes and labels stand out.
    printed : OcrResult
        The answer.
    ax : matplotlib.axes.Axes, optional
        Axes of your own to draw into.

    Returns
    -------
    Figure
        Its rows are the words, with their boxes as the answer gives them.

    >>> from cvhelpers.pictures import open_picture
    >>> printed = OcrResult.from_json({"orientation": "Up", "regions": [{"boundingBox": "28,16,288,41", "lines": [
    ...     {"boundingBox": "28,16,288,41", "words": [{"boundingBox": "28,16,288,41", "text": "NOTHING"}]}]}]})
    >>> figure = show_words(open_picture(PIL.Image.new("RGB", (338, 480), "white")), printed)
    >>> figure.alt.split(" with ")[1]
    '1 word boxed: at the top 1 NOTHING.'
    """
    picture = open_picture(picture)
    _must_be(printed, OcrResult)
    outlines = [word_corners(word.box, printed, (picture.width, picture.height)) for word in printed]
    texts = [word.text for word in printed]
    alt = found_text(picture, "word", "boxed", outlines, texts, "no printed text was found")
    if outlines and (tilt := _tilt(printed)):
        alt += f" {tilt}"
    return _show_boxes(picture, outlines, texts, alt, printed.to_rows(), printed.source, ax, 0.5, _sent(printed.sent))


def show_lines(picture: AnyPicture, written: ReadResult, ax: Axes | None = None) -> Figure:
    """Show the lines of a handwritten or printed text, each in its polygon, numbered as they are read.

    Parameters
    ----------
    picture : Picture, or what `open_picture` takes
        The picture that was read.
    written : ReadResult
        The answer; of one with several pages the first is shown.
    ax : matplotlib.axes.Axes, optional
        Axes of your own to draw into.

    Returns
    -------
    Figure
        Its rows are the lines.

    >>> from cvhelpers.pictures import open_picture
    >>> written = ReadResult.from_json({"status": "Succeeded", "recognitionResult": {"lines": [
    ...     {"boundingBox": [6, 2, 771, 13, 770, 75, 5, 64], "text": "The quick brown fox", "words": []}]}})
    >>> figure = show_lines(open_picture(PIL.Image.new("RGB", (800, 160), "white")), written)
    >>> figure.alt.split(" with ")[1]
    '1 line of text outlined: at the top 1 The quick brown fox.'
    """
    picture = open_picture(picture)
    _must_be(written, ReadResult)
    shown = [line for line in written if line.page == written.lines[0].page]
    scale = scale_of((picture.width, picture.height), written)
    outlines = [[(x * scale, y * scale) for x, y in corners(line.polygon)] for line in shown]
    texts = [line.text for line in shown]
    alt = found_text(picture, "line", "of text outlined", outlines, texts, "no text was found")
    notes = _sent(written.sent)
    if len(shown) < len(written):
        notes.append(f"The answer has several pages. Only the first is drawn: {len(shown)} of {len(written)} lines.")
    return _show_boxes(picture, outlines, texts, alt, written.to_rows(), written.source, ax, notes=notes)


def word_corners(box: Box, printed: OcrResult, size: tuple[float, float]) -> list[Point]:
    """The four corners of a word's box in the picture as it is, clockwise from the word's top left.

    ``ocr`` tells boxes in the picture as it stands after it was turned clockwise by ``text_angle`` about its centre,
    and then by quarters until the text is upright. This is the way back. ``size`` is the picture's width and height
    in pixels.

    >>> word_corners(Box(10, 20, 30, 5), OcrResult(orientation="Left"), (200, 100))
    [(20.0, 90.0), (20.0, 60.0), (25.0, 60.0), (25.0, 90.0)]
    """
    scale = scale_of(size, printed)
    width, height = size[0] / scale, size[1] / scale
    back = _QUARTER_TURNS.get(printed.orientation, _QUARTER_TURNS["Up"])
    points = (_turn(back(x, y, width, height), printed.text_angle, width, height) for x, y in corners(box.polygon))
    return [(x * scale, y * scale) for x, y in points]


_QUARTER_TURNS: dict[str, Callable[[float, float, float, float], Point]] = {
    "Up": lambda x, y, width, height: (x, y),
    "Down": lambda x, y, width, height: (width - x, height - y),
    "Left": lambda x, y, width, height: (y, height - x),
    "Right": lambda x, y, width, height: (width - y, x),
}
"""From the upright page, which for Left and Right is as wide as the picture is high, to the picture."""


def _turn(point: Point, angle: float, width: float, height: float) -> Point:
    """Turned counter-clockwise, as one sees it, by ``angle`` in radians about the centre; y runs down."""
    x, y = point[0] - width / 2, point[1] - height / 2
    cos, sin = math.cos(angle), math.sin(angle)
    return width / 2 + x * cos + y * sin, height / 2 - x * sin + y * cos


def _tilt(printed: OcrResult) -> str:
    degrees = round(math.degrees(printed.text_angle))
    parts = []
    if printed.orientation in ("Down", "Left", "Right"):
        parts.append(f"The top of the text points {printed.orientation.lower()}.")
    if degrees:
        way = "counter-clockwise" if degrees > 0 else "clockwise"
        parts.append(f"The boxes are turned {way} by {abs(degrees)}°.")
    return " ".join(parts)


def _show_boxes(
    picture: Picture,
    outlines: Sequence[Sequence[Point]],
    texts: Sequence[str],
    alt: str,
    rows: Rows,
    source: str,
    ax: Axes | None,
    fade: float = 1.0,
    notes: Sequence[str] = (),
    hollow: bool = False,
) -> Figure:
    ax, own = _picture_axes(picture, ax, (48, 24), fade), ax is None
    chips = draw_outlines(ax, outlines, texts, hollow)
    legend = _legend(chips, texts) if own else ""
    if legend:
        _write_below(ax, [(legend, 9, INK)], grow=True)
    elif not outlines:
        _write_below(ax, [("Nothing was found", 13, INK)], centred=True, grow=own)
    missing = chips.count("")
    if missing:
        notes = [*notes, f"{missing} of the {len(chips)} numbers found no room in the drawing; the table has all."]
    return _figure(ax, alt, rows, source, picture, texts, notes)


def _legend(chips: Sequence[str], texts: Sequence[str]) -> str:
    """The texts that are not on the picture, where they are few enough to be read below it."""
    missing = [_item(n, drawable(text)) for n, (chip, text) in enumerate(zip(chips, texts, strict=True), start=1)
               if " " not in chip]  # fmt: skip
    if not missing:
        return ""
    if len(missing) > LEGEND:
        return f"The table says what the {len(texts)} numbers stand for."
    lead = "" if len(missing) == len(chips) else "Shown by number only: "
    return lead + "\u2003 ".join(missing)


def _item(n: int, text: str) -> str:
    """A number with its text; a short one does not break between two lines."""
    return f"{n} {text}".replace(" ", "\u00a0") if len(text) < 30 else f"{n}\u00a0{text}"


# --------------------------------------------------------------------------------------------------------------
# a grid

TILE = 164, 132
"""Room for a thumbnail, in pixels."""
GUTTER, LETTERS = 10, 62
"""Between the tiles; below a thumbnail for its title and credit."""


def show_grid(
    found: ImageSearchResults,
    columns: int = 4,
    session: requests.Session | None = None,
    ax: Axes | None = None,
    thumbnails: Sequence[Picture | Exception] | None = None,
) -> Figure:
    """Show the pictures that a search found, row by row in the order of the answer, as many as there are.

    Parameters
    ----------
    found : ImageSearchResults
        The answer.
    columns : int
        How many pictures stand in a row.
    session : requests.Session, optional
        Where the thumbnails are fetched.
    ax : matplotlib.axes.Axes, optional
        Axes of your own to draw into.
    thumbnails : list of Picture or Exception, optional
        The thumbnails, if they are here already. For an exception a blank tile with its message is shown.

    Returns
    -------
    Figure
        Its rows are the pictures, with their credits.

    >>> nothing = ImageSearchResults.from_json({"value": []}, query="a round square")
    >>> show_grid(nothing)
    The image search for ‘a round square’ found no pictures.
    """
    _must_be(found, ImageSearchResults)
    if not isinstance(columns, int) or columns < 1:
        raise OptionError(f"A grid has at least one column, not {columns!r}. Leave columns out for four.")
    if thumbnails is None:
        thumbnails = _fetch(found, session) if found.images else []
    if len(thumbnails) != len(found):
        raise OptionError(
            f"{len(found)} pictures were found, but there are {len(thumbnails)} thumbnails. Leave them out."
        )
    columns = min(columns, max(1, len(found)))
    ax = _grid_axes(len(found), columns, ax)
    if not found.images:
        ax.text(0.5, 0.5, "Nothing was found", transform=ax.transAxes, ha="center", va="center", fontsize=13,
                color=INK, fontfamily=FONT)  # fmt: skip
    for n, (result, thumbnail) in enumerate(zip(found, thumbnails, strict=True)):
        left = GUTTER + n % columns * (TILE[0] + GUTTER)
        top = GUTTER + n // columns * (TILE[1] + LETTERS + GUTTER)
        _tile(ax, left, top, n + 1, result, thumbnail)
    failed = {n: _reason(one) for n, one in enumerate(thumbnails, start=1) if isinstance(one, Exception)}
    rows = [
        row | ({"not shown": failed.get(n, "")} if failed else {}) for n, row in enumerate(found.to_rows(), start=1)
    ]
    texts = [text for result in found for text in (result.name, result.credit)]
    notes = [found.notice, *found.warnings, _credits(found)]
    return _figure(ax, _grid_alt(found, columns, list(failed)), rows, found.source, None, texts, notes)


def _credits(found: ImageSearchResults) -> str:
    """Each attribution in full, where a service asks for it: below a tile there may be no room for all of it."""
    told = [f"{n} {sentence(one_line(one.attribution))}" for n, one in enumerate(found, start=1) if one.attribution]
    return f"Pictures: {' '.join(told)}" if found.notice and told else ""


def _fetch(found: ImageSearchResults, session: requests.Session | None) -> Sequence[Picture | Exception]:
    from ..clients.image_search import thumbnails  # here, so that drawing needs no HTTP

    return thumbnails(found, session)


def _grid_axes(count: int, columns: int, ax: Axes | None) -> Axes:
    width = GUTTER + columns * (TILE[0] + GUTTER)
    height = GUTTER + math.ceil(count / columns) * (TILE[1] + LETTERS + GUTTER) if count else 80
    width = width if count else LEAST_WIDTH
    ax = ax or _axes(width, height)
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.set_axis_off()
    ax.apply_aspect()
    return ax


def _tile(ax: Axes, left: float, top: float, n: int, result: ImageResult, thumbnail: Picture | Exception) -> None:
    scale, dpi = ax.bbox.width / abs(ax.get_xlim()[1] - ax.get_xlim()[0]), ax.figure.dpi
    width, height = TILE

    def write(x: float, y: float, text: str, size: float, room: float, lines: int, **how: Any) -> float:
        text = wrap(drawable(text), room * scale, size, dpi, lines)
        ax.text(x, y, text, fontsize=size, fontfamily=FONT, linespacing=1.1, parse_math=False, **how)
        return (text.count("\n") + 1) * text_size("", size, dpi)[1] * 1.1 / scale

    if isinstance(thumbnail, Exception):
        frame = Rectangle((left, top), width, height, facecolor="#f2f2f2", edgecolor=GREY, linestyle=":", linewidth=1)
        ax.add_patch(frame)
        reason = f"Not shown: {_reason(thumbnail)}"
        write(left + width / 2, top + height / 2, reason, 7.5, width - 16, 7, ha="center", va="center", color=INK)
    else:
        fit = min(width / thumbnail.width, height / thumbnail.height, 2)
        w, h = fit * thumbnail.width, fit * thumbnail.height
        x, y = left + (width - w) / 2, top + height - h
        limits = {"xlim": ax.get_xlim(), "ylim": ax.get_ylim()}  # imshow would fit them to its picture
        ax.imshow(_reduced(thumbnail.image), extent=(x, x + w, y + h, y))
        ax.set(**limits)
    title = f"{n} {result.name or 'without a title'}"
    below = top + height + 4
    below += write(left, below, title, 8, width, 2, va="top", color=INK)
    write(left, below + 2, result.credit or "no credit given", 6.5, width, 2, va="top", color=GREY)


def _reason(error: Exception) -> str:
    """The first sentence of a message: it says what is wrong; the following ones, what to do."""
    return (one_line(str(error)) or type(error).__name__).split(". ")[0].rstrip(".")


def _grid_alt(found: ImageSearchResults, columns: int, failed: Sequence[int]) -> str:
    query = f" for ‘{one_line(found.query)}’" if found.query else ""
    if not found.images:
        return f"The image search{query} found no pictures."
    titles = [f"{n} {_titled(image, bool(found.notice))}" for n, image in enumerate(found, start=1)]
    rows = math.ceil(len(found) / columns)
    shape = f"{counted(rows, 'row')} of up to {columns}" if rows > 1 else "one row"
    alt = sentence(f"{counted(len(found), 'picture')} found{query}, in {shape}: {listed(titles, NAMED)}")
    if failed:
        alt += f" Not shown: {listed([str(n) for n in failed], NAMED)}."
    return " ".join([alt, *map(one_line, filter(None, [found.notice, *found.warnings]))])


def _titled(image: ImageResult, with_maker: bool) -> str:
    maker = f" by {one_line(image.creator)}" if with_maker and image.creator else ""
    return (one_line(image.name) or "without a title") + maker


# --------------------------------------------------------------------------------------------------------------
# what the figures share


_SHOWN_BY: dict[type, str] = {
    ImageAnalysis: "show_caption or show_objects",
    OcrResult: "show_words",
    ReadResult: "show_lines",
    ImageSearchResults: "show_grid",
}


def _must_be(answer: object, kind: type) -> None:
    """Raises `OptionError` for an answer of another kind, with the function that shows it."""
    if not isinstance(answer, kind):
        other = _SHOWN_BY.get(type(answer))
        hint = f"Show it with {other}" if other else "Give the whole answer of the client, and not a part of it"
        raise OptionError(f"Here an answer of the kind {kind.__name__} is shown, not {type(answer).__name__}. {hint}.")


def _sent(change: str) -> list[str]:
    """A note on what was sent in place of the picture."""
    return [f"The picture was {change}."] if change else []


def _axes(width: float, height: float) -> Axes:
    """Axes that fill a light figure of that many pixels."""
    canvas = Canvas(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="white")
    return canvas.add_axes((0, 0, 1, 1))


def _picture_axes(picture: Picture, ax: Axes | None, margin: tuple[float, float], fade: float = 1.0) -> Axes:
    """Axes with the picture in them, in its own pixels, and a margin around it in which labels find room."""
    width, height = picture.width, picture.height
    scale = min(LARGEST[0] / width, LARGEST[1] / height, MAGNIFY)
    x = max(margin[0], (LEAST_WIDTH - width * scale) / 2)
    y = margin[1]
    if ax is None:
        ax = _axes(round(width * scale + 2 * x), round(height * scale + 2 * y))
    else:
        x = y = 0.06 * max(width, height) * scale if margin[1] > 8 else 0
    ax.imshow(_reduced(picture.image), extent=(0, width, height, 0), alpha=fade)
    ax.set(xlim=(-x / scale, width + x / scale), ylim=(height + y / scale, -y / scale), aspect="equal")
    ax.set_axis_off()
    return ax


def _reduced(image: PIL.Image.Image) -> PIL.Image.Image:
    """No larger than a screen can show: a photograph of 12 megapixels would take a kernel's memory."""
    image = image.convert("RGB")
    image.thumbnail((1600, 1600))
    return image


def _write_below(ax: Axes, lines: Sequence[tuple[str, float, str]], centred: bool = False, grow: bool = False) -> None:
    """Write lines (text, size in points, colour) below the axes; ``grow`` the figure for them if it is our own."""
    ax.apply_aspect()
    figure = ax.get_figure(root=True)
    assert figure is not None
    dpi, y = figure.dpi, 4.0
    for text, size, colour in lines:
        broken = wrap(text, max(ax.bbox.width - 24, 80), size, dpi)
        ax.annotate(
            broken,
            (0.5, 0) if centred else (0, 0),
            (0 if centred else 12 * 72 / dpi, -y * 72 / dpi),
            xycoords="axes fraction",
            textcoords="offset points",
            annotation_clip=False,
            ha="center" if centred else "left",
            va="top",
            fontsize=size,
            fontfamily=FONT,
            color=colour,
            linespacing=1.25,
            parse_math=False,
        )
        y += (broken.count("\n") + 1) * text_size("", size, dpi)[1] * 1.3 + 3
    if grow:
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, height + (y + 6) / dpi)
        share = height / (height + (y + 6) / dpi)
        ax.set_position((0, 1 - share, 1, share))


def _figure(
    ax: Axes,
    alt: str,
    rows: Rows,
    source: str,
    picture: Picture | None,
    texts: Iterable[str],
    notes: Sequence[str] = (),
) -> Figure:
    canvas = ax.get_figure(root=True)
    assert canvas is not None
    about = [picture.note, f"Picture: {picture.credit}" if picture.credit else ""] if picture else []
    if any("□" in drawable(text) for text in texts):
        about.append("□ stands for a character that the drawing's font does not have; the table shows it.")
    return Figure(canvas, alt, rows, source, tuple(note for note in (*about, *notes) if note))
