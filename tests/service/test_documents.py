"""Files of several pages: PDF and TIFF are read page by page, and nothing else has pages."""

from __future__ import annotations

import io
import shutil
import sys
import time

import PIL.Image
import pytest

from cvhelpers.ondevice.service import pdf, uploads
from systems import POSIX

from .conftest import Service
from .fakes import file_of

READ, BATCH = "/vision/v3.2/read/analyze", "/vision/v2.1/read/core/asyncBatchAnalyze"
COLORS = ("red", "lime", "blue")


LETTER = (850, 1100)
"""At 100 pixels to an inch."""


def document(format: str, size: tuple[int, int] = (85, 110), pages: int = 3, **options: object) -> bytes:
    """A file with a page of each colour. The pages are small, so that they are drawn soon."""
    file = io.BytesIO()
    if format == "TIFF":
        options["compression"] = "tiff_lzw"
    first, *others = (PIL.Image.new("RGB", size, color) for color in COLORS[:pages])
    first.save(file, format, save_all=True, append_images=others, **options)  # type: ignore[arg-type]
    return file.getvalue()


def pages_of(service: Service, data: bytes, path: str = READ) -> list[dict]:
    """What was read on each page."""
    answer = service.finished(service.post(path, data))
    assert answer["status"] in ("succeeded", "Succeeded"), answer
    return answer["analyzeResult"]["readResults"] if "analyzeResult" in answer else answer["recognitionResults"]


def color(page: dict) -> str:
    return str(page["lines"][0]["words"][0]["text"])


# A PDF file is drawn by a process of its own for each page: it is tried where it may differ, and TIFF everywhere.


@pytest.mark.parametrize(
    ("format", "path"),
    [
        ("PDF", READ),
        ("PDF", BATCH),
        ("TIFF", READ),
        ("TIFF", BATCH),
        ("TIFF", "/vision/v2.0/read/core/asyncBatchAnalyze"),
        ("TIFF", "/vision/v3.0/read/analyze"),
    ],
)
def test_two_pages_are_read_as_in_the_free_tier(service: Service, path: str, format: str) -> None:
    # A PDF file holds its pictures as JPEG, whose colours are not quite what they were.
    near = [(page["page"], color(page)[:1], color(page)[2:3]) for page in pages_of(service, document(format), path)]
    assert near == [(1, "F", "0"), (2, "0", "F")]


def test_the_pages_of_a_pdf_are_measured_in_inches(service: Service) -> None:
    """Recorded answers have them to a ten-thousandth."""
    for path in (READ, BATCH):
        (page,) = pages_of(service, document("PDF", LETTER, pages=1, resolution=100), path)
        assert (page["width"], page["height"], page["unit"]) == (8.5, 11.0, "inch")
        # The fake reads a word with a corner at (10.2, 20.4) of the pixels that it is given, 200 to an inch.
        assert page["lines"][0]["words"][0]["boundingBox"] == [0.051, 0.102, 0.1975, 0.098, 0.2, 0.16, 0.0475, 0.1625]


def test_the_pages_of_a_tiff_are_measured_in_pixels_of_their_own(service: Service) -> None:
    file = io.BytesIO()
    small, large = PIL.Image.new("RGB", (60, 80), "red"), PIL.Image.new("RGB", (90, 70), "lime")
    small.save(file, "TIFF", save_all=True, append_images=[large])
    sizes = [(page["width"], page["height"], page["unit"]) for page in pages_of(service, file.getvalue())]
    assert sizes == [(60, 80, "pixel"), (90, 70, "pixel")]


@pytest.mark.parametrize(
    ("format", "pages", "numbers"),
    [
        ("PDF", "2", [2]),
        ("PDF", "2,1", [1, 2]),
        ("TIFF", "", [1, 2]),
        ("TIFF", "2", [2]),
        ("TIFF", "1-", [1, 2]),
        ("TIFF", "2,1", [1, 2]),
    ],
)
def test_some_pages_may_be_asked_for(service: Service, format: str, pages: str, numbers: list[int]) -> None:
    found = pages_of(service, document(format), f"{READ}?pages={pages}")
    assert [page["page"] for page in found] == numbers


@pytest.mark.parametrize("format", ["PDF", "TIFF"])
def test_the_third_page_is_not_free(service: Service, format: str) -> None:
    answer = service.post(f"{READ}?pages=3", document(format))
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidPageRange")


def test_pages_that_are_not_read_are_not_looked_for() -> None:
    """To count all that fit into four megabytes would take minutes."""
    with PIL.Image.open(io.BytesIO(document("TIFF"))) as image:
        assert uploads.count_pages(image, 2) == 2
        assert len(image._frame_pos) == 2  # type: ignore[attr-defined]
        assert uploads.count_pages(image, 20) == 3


def test_a_second_picture_in_a_photograph_is_no_page(service: Service) -> None:
    """Some telephones write one; the service answered such a file as the JPEG that it begins with."""
    (page,) = pages_of(service, document("MPO"))
    assert (page["page"], page["unit"]) == (1, "pixel")
    tag = service.post("/vision/v2.0/tag", document("MPO"))
    assert (tag.status_code, tag.json()["metadata"]["format"]) == (200, "Jpeg")


def test_the_frames_of_an_animation_are_no_pages(service: Service) -> None:
    (page,) = pages_of(service, document("PNG"))
    assert color(page) == "FF0000"
    gif = service.post("/vision/v2.0/ocr", document("GIF"))
    assert gif.json()["regions"][0]["lines"][0]["words"][0]["text"] == "FF0000"  # the first, as ever


@pytest.mark.parametrize("data", [b"%PDF-1.7", document("PDF")[:900], b"%PDF-" + bytes(5000)])
def test_a_damaged_pdf(service: Service, data: bytes) -> None:
    answer = service.post(READ, data)
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidImage")


def test_a_picture_with_part_of_a_pdf_behind_it_is_a_picture(service: Service) -> None:
    assert service.post(READ, file_of() + document("PDF")[:20]).status_code == 202


def test_what_a_file_is_depends_on_its_beginning(service: Service) -> None:
    """A photograph may speak of PDF in its notes; a PDF file may begin with a blank line."""
    file = io.BytesIO()
    PIL.Image.new("RGB", (60, 60)).save(file, "JPEG", comment=b"made from %PDF-1.7")
    assert file.getvalue().index(b"%PDF-") < 1024
    assert [page["unit"] for page in pages_of(service, file.getvalue())] == ["pixel"]
    assert [page["unit"] for page in pages_of(service, b"\r\n" + document("PDF", pages=1))] == ["inch"]


def test_a_pdf_that_asks_for_a_password(service: Service) -> None:
    encrypted = document("PDF", pages=1).replace(
        b"trailer\n<<", b"trailer\n<<\n/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (y) /P -4 >>\n/ID [<00> <00>]"
    )
    assert b"/Encrypt" in encrypted
    answer = service.post(READ, encrypted)
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidImage")


def test_a_page_as_large_as_a_wall_is_not_drawn(service: Service) -> None:
    """At 200 pixels to an inch it would not fit into memory."""
    for size, resolution, status in (
        ((850, 850), 50, "succeeded"),
        ((860, 850), 50, "failed"),
        ((850, 850), 1, "failed"),
    ):
        wall = document("PDF", size, pages=1, resolution=resolution)  # 17, 17.2 and 850 inches wide
        assert service.finished(service.post(READ, wall))["status"] == status


@pytest.mark.parametrize("path", ["/vision/v2.0/ocr", "/vision/v2.0/tag", "/vision/v2.0/recognizeText?mode=Printed"])
def test_other_operations_take_no_documents(service: Service, path: str) -> None:
    for format in ("PDF", "TIFF"):
        answer = service.post(path, document(format))
        assert (answer.status_code, answer.json()["code"]) == (400, "InvalidImageFormat")


# --- a file that keeps PDFium busy


def laughs(depth: int, times: int) -> bytes:
    """A PDF file of a few hundred bytes: a page that draws a form, which draws another one so many times, and so on."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << /XObject << /F 5 0 R >> >>"
        b" /Contents 4 0 R >>",
        b"<< /Length 5 >> stream\n/F Do\nendstream",
    ]
    for level in range(depth):
        last = level == depth - 1
        drawn = b"0 0 200 200 re f " if last else b"/F Do " * times
        inside = b"" if last else b"/Resources << /XObject << /F %d 0 R >> >>" % (6 + level)
        parts.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 300 300] %s /Length %d >> stream\n%s\nendstream"
            % (inside, len(drawn), drawn)
        )
    body = b"".join(b"%d 0 obj %s endobj\n" % (number, part) for number, part in enumerate(parts, start=1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R >>"


def test_such_a_file_of_few_forms_is_drawn(service: Service) -> None:
    (page,) = pages_of(service, laughs(depth=3, times=2))
    assert page["unit"] == "inch"


def test_a_page_that_takes_too_long_is_given_up_and_its_process_ends(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = pdf.draw

    def draw_in_a_second(data: bytes, number: int = 0, *how: float) -> pdf.PdfPage:
        """Page 0 only asks for the number of pages, for which a busy computer may take longer."""
        with monkeypatch.context() as patch:
            patch.setattr(pdf, "SECONDS", 1 if number else pdf.SECONDS)
            return draw(data, number, *how)

    # It takes some sixteen seconds: without a limit, this test would fail and still come to an end.
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "draw", draw_in_a_second)
        began = time.monotonic()
        answer = service.finished(service.post(READ, laughs(depth=5, times=16)))
    assert answer["status"] == "failed"
    assert time.monotonic() - began < pdf.SECONDS
    assert [page["unit"] for page in pages_of(service, document("PDF", pages=1))] == ["inch"], "others are read"


@POSIX
def test_a_process_that_dies_is_a_damaged_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """As PDFium does on some files: it answers nothing."""
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(pdf.PdfError):
        pdf.draw(document("PDF"))


def test_the_time_is_for_counting_the_pages_as_well(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.001)
    answer = service.post(READ, document("PDF"))
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidImage")
    assert "can't be drawn within" in answer.json()["message"]
