"""Figures say what they show: the boxes lie on the words, the labels can be read, and the text tells the same."""

import dataclasses
import io
import math
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import combinations, pairwise

import numpy as np
import PIL.Image
import PIL.ImageDraw
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Annotation

from cvhelpers.clients.image_search import ImageSearchClient
from cvhelpers.errors import OptionError, PictureError
from cvhelpers.figures import labels
from cvhelpers.figures import show as drawing
from cvhelpers.figures.labels import COLOURS, drawable, text_size, wrap
from cvhelpers.figures.show import show_caption, show_grid, show_lines, show_objects, show_words, word_corners
from cvhelpers.figures.table import table
from cvhelpers.pictures import open_picture
from cvhelpers.results import Box, ImageAnalysis, ImageSearchResults, OcrResult, ReadResult
from cvhelpers.results.analysis_v4 import read_analysis
from cvhelpers.session import Connection
from play_service import Service


def picture_of(image, name="page", **about):
    return replace(open_picture(image), name=name, **about)


def page(width=400, height=300, colour="white", **about):
    return picture_of(PIL.Image.new("RGB", (width, height), colour), **about)


def printed(words, **fields):
    """An answer of ``ocr`` with these words: {text: "x,y,width,height"} or pairs."""
    pairs = words.items() if isinstance(words, dict) else words
    line = {"boundingBox": "0,0,1,1", "words": [{"text": text, "boundingBox": box} for text, box in pairs]}
    size = {name: fields.pop(name) for name in ("width", "source") if name in fields}
    return OcrResult.from_json({"regions": [{"boundingBox": "0,0,1,1", "lines": [line]}], **fields}, **size)


def written(lines, **size):
    body = {"lines": [{"text": text, "boundingBox": polygon, "words": []} for text, polygon in lines], **size}
    return ReadResult.from_json({"status": "succeeded", "analyzeResult": {"readResults": [{"page": 1, **body}]}})


def analysis(*captions, tags=()):
    found = [{"text": text, "confidence": confidence} for text, confidence in captions]
    return ImageAnalysis.from_json(
        {"description": {"tags": list(tags), "captions": found}}, source="recorded – yesterday"
    )


def found(count, **more):
    one = {"thumbnailUrl": "https://pictures.example/1", "creativeCommons": "CC BY 2.0", "creator": "Ann"}
    return ImageSearchResults.from_json({"value": [{"name": f"Dog {n}", **one, **more} for n in range(1, count + 1)]})


THREE = {"NOTHING": "40,30,120,30", "EXISTS": "200,130,120,30", "EXCEPT": "250,250,120,30"}
DENSE = [(f"word{n}", f"{20 + n % 9 * 62},{20 + n // 9 * 22},56,14") for n in range(72)]


def chips(figure):
    """The labels on the picture as (text, extent in pixels)."""
    renderer = FigureCanvasAgg(figure.figure).get_renderer()
    figure.figure.draw(renderer)
    texts = [text for ax in figure.figure.axes for text in ax.texts]
    labels = [text for text in texts if isinstance(text, Annotation) and text.get_bbox_patch()]
    return [(label.get_text(), label.get_bbox_patch().get_window_extent(renderer)) for label in labels]


def legend(figure):
    texts = [text for ax in figure.figure.axes for text in ax.texts if not text.get_bbox_patch()]
    return "\n".join(text.get_text() for text in texts)


def overlap(one, other):
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(0, width) * max(0, height)


# --------------------------------------------------------------------------------------------------------------
# A box lies on its word, however the page lies.


@pytest.mark.parametrize("angle", [0, 14, -14, 3.5])
@pytest.mark.parametrize("orientation", ["Up", "Down", "Left", "Right", "NotDetected", ""])
def test_a_box_lies_on_its_ink(orientation, angle):
    # An upright page with one black word is laid on its side and tilted: the corners have to follow the ink.
    box, lying = Box(60, 40, 110, 24), orientation in ("Left", "Right")
    upright = PIL.Image.new("L", (300, 400) if lying else (400, 300))
    PIL.ImageDraw.Draw(upright).rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), fill=255)
    quarters = {"Left": 90, "Down": 180, "Right": 270}.get(orientation, 0)  # counter-clockwise, as Pillow turns
    picture = upright.rotate(quarters, expand=True).rotate(angle, PIL.Image.Resampling.BICUBIC)
    answer = OcrResult(orientation=orientation, text_angle=math.radians(angle))

    polygon = word_corners(box, answer, picture.size)

    inside = PIL.Image.new("L", picture.size)
    PIL.ImageDraw.Draw(inside).polygon(polygon, fill=255)
    ink, area = np.asarray(picture) > 128, np.asarray(inside) > 128
    assert (ink & area).sum() / (ink | area).sum() > 0.9


def test_the_first_corner_is_where_the_word_begins():
    top_left = {turn: word_corners(Box(0, 0, 10, 5), OcrResult(orientation=turn), (200, 100))[0]
                for turn in ("Up", "Down", "Left", "Right")}  # fmt: skip
    assert top_left == {"Up": (0, 0), "Down": (200, 100), "Left": (0, 100), "Right": (200, 0)}


def test_the_angle_turns_counter_clockwise_about_the_centre():
    # x' = cx + (x-cx) cos a + (y-cy) sin a;  y' = cy - (x-cx) sin a + (y-cy) cos a, in radians.
    (x, y), *_ = word_corners(Box(115, 223, 562, 131), OcrResult(text_angle=0.24434609), (800, 578))
    assert (x, y) == pytest.approx((107.49, 293.91), abs=0.01)


def test_boxes_are_scaled_to_the_picture_as_it_is_served():
    small = printed(THREE, width=400)
    assert word_corners(small.words[0].box, small, (800, 600))[2] == (320, 120)
    figure = show_lines(
        page(800, 600), written([("NOTHING", [40, 30, 160, 30, 160, 60, 40, 60])], width=400, height=300)
    )
    assert figure.figure.axes[0].patches[0].get_xy()[2] == pytest.approx((320, 120))


def test_the_outline_is_drawn_where_the_box_is():
    figure = show_words(page(), printed(THREE))
    outlines = [patch.get_xy()[:4].tolist() for patch in figure.figure.axes[0].patches]
    assert outlines[0] == [[40, 30], [160, 30], [160, 60], [40, 60]]


# --------------------------------------------------------------------------------------------------------------
# A label can be read: on no other label, beside its box, told by its number.


@pytest.mark.parametrize(
    "draw",
    [
        lambda: show_words(page(), printed(THREE)),
        lambda: show_words(page(620, 220), printed(DENSE)),
        lambda: show_words(page(620, 220), printed(DENSE, textAngle=math.radians(14))),
        lambda: show_words(page(220, 620), printed(DENSE, orientation="Left", textAngle=-0.1)),
        lambda: show_words(page(2000, 100), printed({"far": "20,20,300,60", "wide": "1700,20,300,60"})),
        lambda: show_words(page(50, 50), printed({"a": "1,1,20,20", "b": "22,1,20,20", "c": "1,22,20,20"})),
        lambda: show_lines(
            page(), written([(f"line {n}", [9, y, 390, y, 390, y + 9, 9, y + 9]) for n in range(20) for y in [n * 12]])
        ),
    ],
    ids=["sparse", "dense", "tilted", "lying", "wide", "tiny", "lines"],
)
def test_no_label_lies_on_another(draw):
    figure = draw()
    labels = chips(figure)
    assert len(labels) == len(figure.rows)
    assert [text for (text, one), (_, other) in combinations(labels, 2) if overlap(one, other) > 1] == []
    whole = figure.figure.bbox
    assert all(whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0 for _, box in labels), "cut off"


@pytest.mark.parametrize("dpi", [100, 200])
def test_labels_of_a_page_with_room_cover_no_word_and_stand_close_to_their_own(dpi):
    figure = show_words(page(), printed(THREE), ax=Canvas(figsize=(6, 4), dpi=dpi).add_axes((0, 0, 1, 1)))
    labels = chips(figure)
    boxes = [patch.get_window_extent() for patch in figure.figure.axes[0].patches]
    assert [text for text, chip in labels for box in boxes if overlap(chip, box) > 0] == []
    gaps = [max(box.y0 - chip.y1, chip.y0 - box.y1) for (_, chip), box in zip(labels, boxes, strict=True)]
    assert gaps == pytest.approx([2.5] * 3, abs=2), "in pixels"


def test_where_there_is_room_a_label_has_the_word():
    assert [text for text, _ in chips(show_words(page(), printed(THREE)))] == ["1 NOTHING", "2 EXISTS", "3 EXCEPT"]


def test_on_a_full_page_numbers_stand_for_words_and_a_legend_has_them():
    figure = show_words(page(620, 220), printed(DENSE))
    assert [text for text, _ in chips(figure)] == [str(n) for n in range(1, 73)]
    below = legend(figure).replace("\u00a0", " ")
    assert all(f"{n} word{n - 1}" in below for n in range(1, 73))


@pytest.mark.parametrize(("count", "in_full"), [(80, True), (81, False)])
def test_a_legend_has_eighty_words_at_most(count, in_full):
    words = [(f"word{n}", f"{20 + n % 9 * 62},{20 + n // 9 * 22},56,14") for n in range(count)]
    below = legend(show_words(page(620, 260), printed(words))).replace("\u00a0", " ")
    assert (f"{count} word{count - 1}" in below) == in_full
    assert (below == f"The table says what the {count} numbers stand for.") == (not in_full)


def test_a_long_text_below_the_picture_is_broken_and_not_cut_off():
    texts = [f"{n} " + "word " * 20 + "end" for n in range(9)]
    lines = [(text, [20, 9 + 9 * n, 180, 9 + 9 * n, 180, 16 + 9 * n, 20, 16 + 9 * n]) for n, text in enumerate(texts)]
    below = legend(show_lines(page(200, 100), written(lines)))
    assert (below.count("end"), "…" in below) == (9, False)


def test_numbers_that_found_no_room_are_counted():
    figure = show_words(page(50, 50), printed([("dot", "20,20,5,5")] * 20))
    drawn = len(chips(figure))
    assert 0 < drawn < 20
    note = f"{20 - drawn} of the 20 numbers found no room in the drawing; the table has all."
    assert note in figure.notes


def test_a_page_of_words_is_faded_and_a_page_of_lines_is_not():
    """Under boxes and labels printed words stay legible, and their figure is half as dark as the page."""
    words = show_words(page(colour="black"), printed({}))
    lines = show_lines(page(colour="black"), written([]))
    middles = [PIL.Image.open(io.BytesIO(figure.png)).convert("L").getpixel((280, 200)) for figure in (words, lines)]
    assert 120 <= middles[0] <= 135
    assert middles[1] == 0


def test_the_numbers_are_those_of_the_table():
    figure = show_words(page(), printed(THREE))
    assert {text for text, _ in chips(figure)} == {f"{row['number']} {row['name']}" for row in figure.rows}


def test_the_colours_can_be_told_from_the_halo():
    def luminance(colour):
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert all(1.05 / (luminance(colour) + 0.05) >= 4.5 for colour in COLOURS)


def test_letters_that_the_font_lacks_are_boxes_without_a_warning():
    strange = {
        "日本": "40,30,120,30",
        "مرحبا": "200,130,120,30",
        "$5 and $6": "40,230,120,30",
        "👩\u200d🚀": "250,90,90,30",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = show_words(page(), printed(strange))
        assert figure.png
    assert (chips(figure)[0][0], chips(figure)[2][0]) == ("1 □□", "3 $5 and $6")
    assert [row["name"] for row in figure.rows] == list(strange), "the table keeps every letter"
    assert "日本" in figure.alt
    assert "□ stands for" in " ".join(figure.notes)
    assert drawable("a\n b") == "a b"


def test_a_price_is_no_formula():
    # Between two dollar signs matplotlib would read mathematics, and set it without the signs.
    figure = show_words(page(), printed({"$5 and $6": "40,130,200,30"}))
    (text, chip), *_ = chips(figure)
    size = figure.figure.axes[0].texts[0].get_fontsize()
    assert chip.width >= text_size(text, size, figure.figure.dpi)[0]


def test_text_is_broken_to_its_room():
    text = "a caption that is far too long for one line and has an unbreakablyveryverylongword in it"
    lines = wrap(text, 100, 10, 100).split("\n")
    assert all(text_size(line, 10, 100)[0] <= 100 for line in lines)
    assert wrap(text, 100, 10, 100, lines=2).count("\n") == 1
    assert wrap(text, 100, 10, 100, lines=2).endswith("…")


# --------------------------------------------------------------------------------------------------------------
# The sentence tells what was found and where.


def test_the_alt_text_has_every_word_and_its_place():
    figure = show_words(page(name="poem"), printed(THREE))
    expected = "at the top left 1 NOTHING; in the middle 2 EXISTS; at the bottom right 3 EXCEPT."
    assert figure.alt == f"Picture ‘poem’ with 3 words boxed: {expected}"
    assert str(figure) == repr(figure) == figure.alt


def test_of_many_words_the_alt_text_tells_how_many_more():
    alt = show_words(page(620, 220), printed(DENSE)).alt
    assert alt.endswith("16 word15 and 56 more; all are in the table.")


def test_the_alt_text_tells_how_the_text_lies():
    alt = show_words(page(), printed(THREE, orientation="Left", textAngle=math.radians(-14))).alt
    assert alt.endswith("The top of the text points left. The boxes are turned clockwise by 14°.")


def test_an_alt_text_is_one_line_and_ends_once():
    figure = show_words(page(name="a\nb"), printed({"the\nend.": "1,1,50,20"}))
    assert figure.alt == "Picture ‘a b’ with 1 word boxed: at the top left 1 the end."


def test_a_caption_is_told_with_its_confidence():
    picture = page(description="A crowded street at night.")
    figure = show_caption(picture, analysis(("a dark street", 0.3), ("people on a street", 0.91)))
    assert figure.alt == "A crowded street at night, captioned: People on a street (confidence 0.91)."
    assert legend(figure) == "People on a street\nconfidence 0.91 (high)"
    assert [row["name"] for row in figure.rows] == ["a dark street", "people on a street"]


@pytest.mark.parametrize(
    ("confidence", "word"),
    [(1.0, "high"), (0.8, "high"), (0.79, "medium"), (0.5, "medium"), (0.49, "low"), (0.2, "low")],
)
def test_a_confidence_is_high_from_eight_tenths_and_low_below_a_half(confidence, word):
    below = legend(show_caption(page(), analysis(("a page", confidence))))
    assert below == f"A page\nconfidence {confidence:.2f} ({word})"


def test_what_was_sent_in_place_of_the_picture_is_said():
    sent = dataclasses.replace(analysis(("a street", 0.9)), sent="made smaller")
    assert show_caption(page(), sent).notes == ("The picture was made smaller.",)


def test_without_a_caption_the_figure_tells_what_was_found():
    figure = show_caption(page(), analysis(tags=["street", "night"]))
    assert figure.alt == "Picture ‘page’, without a caption. It found: street, night."
    assert "no caption for this picture" in legend(figure)
    assert "It named nothing else" in show_caption(page(), analysis()).alt


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda: show_words(page(), printed({})), "Picture ‘page’: no printed text was found."),
        (lambda: show_lines(page(), written([])), "Picture ‘page’: no text was found."),
        (lambda: show_grid(found(0)), "The image search found no pictures."),
    ],
    ids=["words", "lines", "grid"],
)
def test_nothing_found_is_an_answer_too(draw, says):
    figure = draw()
    assert figure.alt == says
    assert legend(figure) == "Nothing was found"
    assert "<p>Nothing was found.</p>" in figure.html


@pytest.mark.parametrize("first", [1, 3])
def test_of_several_pages_the_first_is_drawn(first):
    line = {"text": "one", "boundingBox": [1, 1, 90, 1, 90, 20, 1, 20], "words": []}
    pages = [{"page": first, "lines": [line]}, {"page": first + 1, "lines": [line, line]}]
    answer = ReadResult.from_json({"status": "succeeded", "analyzeResult": {"readResults": pages}})
    figure = show_lines(page(), answer)
    assert (len(chips(figure)), len(figure.rows)) == (1, 3)
    assert figure.notes == ("The answer has several pages. Only the first is drawn: 1 of 3 lines.",)


# --------------------------------------------------------------------------------------------------------------
# Found things are drawn in their boxes.

STREET = {
    "objects": [
        {"object": "person", "confidence": 0.91, "rectangle": {"x": 20, "y": 40, "w": 160, "h": 240}},
        {"object": "cup", "confidence": 0.34, "rectangle": {"x": 60, "y": 100, "w": 30, "h": 40},
         "parent": {"object": "tableware", "confidence": 0.4}},
    ],
    "faces": [{"faceRectangle": {"left": 70, "top": 50, "width": 60, "height": 60}, "age": 31, "gender": "Female"}],
    "brands": [{"name": "Acme", "confidence": 0.8, "rectangle": {"x": 300, "y": 10, "w": 50, "h": 20}}],
    "tags": [{"name": "indoor", "confidence": 0.2}, {"name": "wall", "confidence": 0.7}],
    "metadata": {"width": 400, "height": 300, "format": "Png"},
}  # fmt: skip


def test_things_and_faces_have_number_name_and_confidence():
    figure = show_objects(page(), ImageAnalysis.from_json(STREET))
    assert sorted(text for text, _ in chips(figure)) == ["1 person 0.91", "2 cup 0.34", "3 Acme 0.80", "4 Female, 31"]
    boxes = [patch.get_xy()[:4].tolist() for patch in figure.figure.axes[0].patches]
    assert boxes[1] == [[60, 100], [90, 100], [90, 140], [60, 140]]
    assert figure.alt == (
        "Picture ‘page’ with 4 things boxed: on the left 1 person 0.91, 2 cup 0.34; "
        "at the top right 3 Acme 0.80; at the top left 4 Female, 31."
    )


def test_the_table_begins_with_what_is_drawn_and_has_the_rest():
    rows = show_objects(page(), ImageAnalysis.from_json(STREET)).rows
    assert [(row["number"], row["what"], row["name"]) for row in rows] == [
        (1, "object", "person"), (2, "object", "cup"), (3, "brand", "Acme"), (4, "face", "Female, 31"),
        (5, "tag", "indoor"), (6, "tag", "wall"),
    ]  # fmt: skip


def test_below_a_confidence_things_are_left_out_and_that_is_said():
    figure = show_objects(page(), ImageAnalysis.from_json(STREET), least=0.34)
    assert [row["name"] for row in figure.rows] == ["person", "cup", "Acme", "Female, 31", "wall"]
    figure = show_objects(page(), ImageAnalysis.from_json(STREET), least=0.35)
    assert [row["name"] for row in figure.rows] == ["person", "Acme", "Female, 31", "wall"]
    assert [text.split()[0] for text, _ in chips(figure)] == ["1", "2", "3"]
    assert figure.notes == ("Left out: 2 with a confidence below 0.35.",)
    with pytest.raises(OptionError, match="from 0 to 1"):
        show_objects(page(), ImageAnalysis.from_json(STREET), least=35)


def test_things_that_lie_on_one_another_have_their_names_all_the_same():
    """A word's label keeps off other words. Here a person fills the picture, and lies under everything."""
    boxes = [(2, 2, 396, 296)] + [(60 + 80 * n, 120, 60, 60) for n in range(4)]
    things = [
        {"object": f"thing {n}", "confidence": 0.5, "rectangle": dict(zip("xywh", box, strict=True))}
        for n, box in enumerate(boxes)
    ]
    figure = show_objects(page(), ImageAnalysis.from_json({"objects": things}))
    assert [text for text, _ in chips(figure)] == [f"{n} thing {n - 1} 0.50" for n in range(1, 6)]
    assert [one[0] for one, other in combinations(chips(figure), 2) if overlap(one[1], other[1]) > 1] == []


def test_a_person_who_is_an_object_as_well_has_one_box():
    """As Image Analysis 4.0 answers."""
    place = {"boundingBox": {"x": 20, "y": 40, "w": 160, "h": 240}}
    elsewhere = {"boundingBox": {"x": 200, "y": 40, "w": 90, "h": 240}}
    answer = read_analysis({
        "objectsResult": {"values": [{**place, "tags": [{"name": "person", "confidence": 0.9}]}]},
        "peopleResult": {"values": [{**place, "confidence": 0.8}, {**elsewhere, "confidence": 0.7}]},
    })  # fmt: skip
    assert [text for text, _ in chips(show_objects(page(), answer))] == ["1 person 0.90", "2 person 0.70"]


def test_a_table_has_four_digits_of_a_number_and_a_column_of_zeros():
    html = table([{"name": "cat", "confidence": 0.91234, "x": 0, "y": None}])
    assert "<td>0.9123</td><td>0</td></tr>" in html
    assert ">y<" not in html


def test_a_picture_without_things_says_so():
    figure = show_objects(page(), ImageAnalysis.from_json({"tags": []}))
    assert figure.alt == "Picture ‘page’: no thing with a place was found."
    assert legend(figure) == "Nothing was found"


# --------------------------------------------------------------------------------------------------------------
# A grid has as many tiles as there are pictures.


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (4, 4, 1), (5, 4, 2), (16, 4, 4), (40, 4, 10)])
def test_a_grid_is_filled_row_by_row_in_the_order_of_the_answer(count, columns, rows):
    figure = show_grid(found(count), thumbnails=[page(120, 90)] * count)
    images = figure.figure.axes[0].images
    places = [(image.get_extent()[3], image.get_extent()[0]) for image in images]
    assert places == sorted(places), "from left to right, then down"
    sizes = {(right - left, low - top) for left, right, low, top in (one.get_extent() for one in images)}
    assert all(size == pytest.approx((164, 123)) for size in sizes), "each fills its tile, and does not stick out of it"
    assert (len({x for _, x in places}), len({y for y, _ in places}), len(places)) == (columns, rows, count)
    titles = re.findall(r"^\d+ Dog \d+$", legend(figure), re.MULTILINE)
    assert titles == [f"{n} Dog {n}" for n in range(1, count + 1)]
    assert legend(figure).count("Ann, CC BY 2.0") == count


def test_a_grid_asks_the_source_that_found_the_pictures():
    """Another source would not know the thumbnails' addresses."""
    service = Service()
    hits = ImageSearchClient(Connection(service)).search("puppies")
    figure = show_grid(hits)
    assert [request.url for request in service.asked][1:] == ["https://pictures.test/small.png"]
    assert len(figure.figure.axes[0].images) == 1


def test_a_thumbnail_that_fails_is_a_blank_tile_with_the_reason():
    broken = PictureError("The address answered with a web page. Open it in a browser.")
    figure = show_grid(found(3), thumbnails=[page(), broken, page()])
    assert "Not shown: The address\nanswered with a web page" in legend(figure)
    assert "Open it" not in legend(figure)
    assert figure.alt == "3 pictures found, in one row: 1 Dog 1, 2 Dog 2, 3 Dog 3. Not shown: 2."
    assert [row["not shown"] for row in figure.rows] == ["", "The address answered with a web page", ""]
    assert len(figure.figure.axes[0].images) == 2


def test_a_grid_is_no_wider_than_its_pictures_and_names_their_makers_where_that_is_asked_for():
    one, four = (show_grid(found(count, attribution="Dog by Ann."), thumbnails=[page()] * count) for count in (1, 4))
    widths = [figure.figure.get_size_inches()[0] * figure.figure.dpi for figure in (one, four)]
    assert widths == pytest.approx([184, 706])
    assert one.notes == (), "the tile has it"
    asked = dataclasses.replace(found(1, attribution="Dog by Ann."), notice="Say who made them.")
    figure = show_grid(asked, thumbnails=[page()])
    assert figure.notes == ("Say who made them.", "Pictures: 1 Dog by Ann.")


def test_labels_look_for_a_place_at_the_corners_and_the_middles_of_the_sides():
    corners = np.array([(0, 8), (10, 8), (10, 0), (0, 0)])
    anchors = [tuple(anchor) for anchor in labels._anchors(corners)]
    assert anchors == [(0, 8), (5, 8), (10, 8), (0, 4), (10, 4), (0, 0), (5, 0), (10, 0)]


def test_a_grid_of_long_titles_keeps_them_apart():
    figure = show_grid(found(4, name="a title that is very much longer than its tile " * 3), thumbnails=[page()] * 4)
    renderer = FigureCanvasAgg(figure.figure).get_renderer()
    extents = [text.get_window_extent(renderer) for text in figure.figure.axes[0].texts]
    assert all(overlap(one, other) == 0 for one, other in combinations(extents, 2))


def test_a_grid_says_what_it_can_not_do():
    with pytest.raises(OptionError, match="at least one column"):
        show_grid(found(1), columns=0)
    for number in (1, 3):
        with pytest.raises(OptionError, match=f"2 pictures were found, but there are {number}"):
            show_grid(found(2), thumbnails=[page()] * number)


# --------------------------------------------------------------------------------------------------------------
# A figure shows itself, saves itself, and is the same each time.

VOID = {"img", "br"}


class Reader(HTMLParser):
    """Fails on a tag that is not closed, or closed twice; keeps the text and the attributes."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.text = [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_the_html_has_picture_alt_text_source_and_table():
    figure = show_words(
        page(note="A drawing in place of a photograph.", credit="Ann, CC0"), printed(THREE, source="recorded – in 2019")
    )
    html = Reader(figure.html)
    images = [attributes for tag, attributes in html.tags if tag == "img"]
    assert [image["alt"] for image in images] == [figure.alt]
    assert images[0]["src"].startswith("data:image/png;base64,")
    scopes = [attributes["scope"] for tag, attributes in html.tags if tag == "th"]
    assert scopes == ["col"] * 7 + ["row"] * 3
    for line in ("Answer: recorded – in 2019", "A drawing in place of a photograph.", "Picture: Ann, CC0", "EXCEPT"):
        assert line in html.text
    assert "color" not in re.sub(r"base64,[^\"]*", "", figure.html), "the colours are the theme's, light or dark"


def test_a_word_is_text_and_never_markup():
    evil = '<script>alert("x")</script>'
    figure = show_words(page(name='"><b>'), printed({evil: "40,30,120,30"}, source="<i>"))
    html = Reader(figure.html)
    assert {tag for tag, _ in html.tags}.isdisjoint({"script", "b", "i"})
    assert evil in html.text
    assert evil in unescape(figure.html)


def test_a_source_that_is_unknown_is_said():
    assert "Answer: source unknown" in show_words(page(), printed(THREE)).html


def test_the_same_answer_gives_the_same_bytes():
    noise = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)

    def draw():
        return show_words(picture_of(PIL.Image.fromarray(noise)), printed(THREE))

    first = draw()
    assert first.png is first.png, "rendered once"
    assert first.png == draw().png


def test_a_change_to_the_drawing_shows():
    figure = show_words(page(), printed(THREE))
    before = figure.png
    figure.figure.axes[0].text(10, 10, "mine")
    assert figure.png != before


def test_a_photograph_is_a_small_file():
    y, x = np.mgrid[0:600, 0:450]
    waves = [127 + 120 * np.sin(x / a + y / b) for a, b in ((19, 31), (23, 17), (29, 37))]
    noise = np.random.default_rng(0).normal(0, 4, (600, 450, 3))
    photo = picture_of(PIL.Image.fromarray((np.stack(waves, -1) + noise).clip(0, 255).astype(np.uint8)))
    figure = show_caption(photo, analysis(("waves", 0.9)))
    assert len(figure.png) < 250_000
    shown = PIL.Image.open(io.BytesIO(figure.png))
    assert 400 <= shown.width <= 720
    assert shown.convert("RGB").getpixel((2, 2)) == (255, 255, 255), "the ground is white in spite of fewer colours"


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_a_saved_figure_keeps_its_description_and_its_source(tmp_path, kind):
    figure = show_words(page(), printed(THREE, source="recorded – in 2019"))
    shown = figure.png
    one, other = figure.save(tmp_path / f"one.{kind}"), figure.save(str(tmp_path / f"other.{kind.upper()}"))
    assert one.read_bytes() == other.read_bytes(), "no date, no chance"
    assert figure.png == shown, "saving leaves the figure as it was"
    if kind == "png":
        saved = PIL.Image.open(one)
        assert saved.text["Description"] == figure.alt
        assert saved.height > PIL.Image.open(io.BytesIO(shown)).height, "the source is below"
    elif kind == "svg":
        svg = one.read_text(encoding="utf-8")
        assert f"<dc:description>{figure.alt}</dc:description>" in re.sub(r">\s+|\s+<", lambda m: m[0].strip(), svg)
    else:
        assert one.read_bytes().startswith(b"%PDF")
        assert b"CreationDate" not in one.read_bytes()


def test_a_figure_is_saved_under_three_endings_only(tmp_path):
    with pytest.raises(OptionError, match=r"\.png, \.svg or \.pdf"):
        show_grid(found(0)).save(tmp_path / "figure.docx")


def test_in_axes_of_ones_own_everything_is_drawn_side_by_side():
    canvas = Canvas(figsize=(9, 6))
    one, two, three, four = canvas.subplots(2, 2).flat
    figures = [
        show_words(page(), printed(THREE), ax=one),
        show_lines(page(), written([("NOTHING", [40, 30, 160, 30, 160, 60, 40, 60])]), ax=two),
        show_caption(page(), analysis(("a page", 0.9)), ax=three),
        show_grid(found(2), ax=four, thumbnails=[page(), page()]),
    ]
    assert all(figure.figure is canvas for figure in figures)
    assert canvas.get_size_inches().tolist() == [9, 6], "the figure is the caller's: nothing is resized"
    assert [len(ax.images) for ax in (one, two, three, four)] == [1, 1, 1, 2]
    assert figures[-1].png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("size", "shown"),
    [((50, 40), (200, 160)), ((140, 100), (560, 400)), ((2000, 1000), (560, 280)), ((100, 1240), (50, 620))],
)
def test_a_picture_is_shown_four_times_as_large_at_most_and_never_larger_than_the_screen(size, shown):
    ax = show_words(page(*size), printed({})).figure.axes[0]
    left, top, right, bottom = ax.transData.transform([(0, 0), size]).flat
    assert (right - left, top - bottom) == pytest.approx(shown, rel=0.02)
    assert ax.figure.bbox.width >= 420, "a narrow one has room for a line of text below it"


def test_a_large_photograph_is_reduced_before_it_is_drawn():
    figure = show_words(page(4000, 3000), printed({"far": "3500,2800,400,100"}))
    drawn = figure.figure.axes[0].images[0]
    assert max(drawn.get_array().shape) <= 1600
    assert drawn.get_extent() == [0, 4000, 3000, 0], "in the picture's own pixels all the same"


def test_drawing_needs_neither_pyplot_nor_http():
    program = "import cvhelpers.figures.show, sys; print(*sorted({'matplotlib.pyplot', 'requests'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def test_words_that_follow_one_another_share_a_place():
    words = {"one": "40,30,40,20", "two": "90,30,40,20", "three": "250,30,100,20"}
    parts = show_words(page(), printed(words)).alt.split(": ")[1].split("; ")
    assert parts == ["at the top left 1 one, 2 two", "at the top right 3 three."]
    assert all(one.split()[:4] != other.split()[:4] for one, other in pairwise(parts))


# --- contrast --------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_the_guideline_does():
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", [*labels.COLOURS, drawing.INK, drawing.GREY])
def test_words_and_boxes_stand_out_from_their_white_ground(colour):
    """WCAG asks 4.5 of small text and 3 of lines; words stand on a white chip, boxes have a white halo."""
    assert contrast(colour, "white") >= 4.5


def test_boxes_of_things_fit_a_picture_that_is_shown_larger_than_it_was_sent():
    thing = {"object": "cat", "confidence": 0.9, "rectangle": {"x": 80, "y": 60, "w": 18, "h": 14}}
    answer = ImageAnalysis.from_json({"objects": [thing], "metadata": {"width": 100, "height": 75}})
    assert "at the bottom right 1 cat 0.90" in show_objects(page(400, 300), answer).alt


@pytest.mark.parametrize("least", [-0.01, 1.01])
def test_a_least_confidence_is_from_0_to_1(least):
    with pytest.raises(OptionError, match="least is a confidence from 0 to 1"):
        show_objects(page(), ImageAnalysis(), least=least)


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (lambda: show_words(page(), written([])), "OcrResult is shown, not ReadResult. Show it with show_lines."),
        (lambda: show_lines(page(), printed({})), "ReadResult is shown, not OcrResult. Show it with show_words."),
        (lambda: show_objects(page(), printed({})), "ImageAnalysis is shown, not OcrResult."),
        (lambda: show_caption(page(), "a cat"), "Give the whole answer of the client"),
        (lambda: show_grid(found(3)[:2]), "ImageSearchResults is shown, not tuple."),
        (lambda: show_caption(analysis(), page()), "A picture is a name, an address, a path"),
    ],
)
def test_an_answer_of_another_kind_is_named_with_what_shows_it(draw, told):
    with pytest.raises((OptionError, PictureError)) as caught:
        draw()
    assert told in str(caught.value)


def test_a_picture_may_be_given_as_it_was_given_to_the_client():
    """Its name here, or a path, bytes and the like."""
    assert show_caption("cat", analysis(("a cat", 0.9))).alt.startswith("The face of a ginger tabby cat")
