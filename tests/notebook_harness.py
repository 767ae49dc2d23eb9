"""nbval, made to look at everything a reader sees.

nbval runs a notebook and compares each output with the stored one, but it never compares pictures, it takes a
number for other when its last digit is, and it lets a cell pass that was stored without having been run. This
pytest plugin mends all three, and keeps what an Output widget captures apart from the outputs of the cell, as
JupyterLab does.
"""

import base64
import io
import math
import os
import re
from hashlib import sha256
from unittest.mock import patch

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile
from PIL import Image, ImageChops

# A pixel is other when a channel is off by more than STEP of 255; a picture is other when more than SHARE of
# its pixels are. Pictures come out the same to the byte with the same library versions; this leaves room for
# rounding on another processor, and none for a letter or the side of a box.
STEP = 16
SHARE = 1 / 5000

# A number with a decimal point, such as a measured confidence, may be off by 2 % or by 0.02, whichever is more: models
# give slightly other numbers on another processor. Whole numbers, such as counts and places of boxes, must be equal.
RELATIVE = 0.02
ABSOLUTE = 0.02
NUMBER = re.compile(r"(?<![\w.])[ ]*(-?\d+\.\d+(?:e[-+]?\d+)?)(?![\w.]*\d)", re.IGNORECASE)

PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,([A-Za-z0-9+/=\s]+)")
BARE_PICTURE = ("iVBORw0KGgo", "/9j/")  # how a PNG and a JPEG begin in base64


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Put our Notebook in the place of nbval's."""
    return [
        Notebook.from_parent(parent, path=file_path) if isinstance(collected, IPyNbFile) else collected
        for collected in (yield)
    ]


class Notebook(IPyNbFile):
    """A notebook, run from the recorded answers."""

    def __init__(self, *args, **keywords):
        super().__init__(*args, **keywords)
        self.skip_compare = tuple(key for key in self.skip_compare if not key.startswith("image/"))
        self.capturing = set()  # the Output widgets that are taking what is printed just now

    def collect(self):
        for cell in super().collect():
            yield Cell.from_parent(self, name=cell.name, cell_num=cell.cell_num, cell=cell.cell, options=cell.options)

    def setup(self):
        with patch.dict(os.environ, CVHELPERS_SOURCE="recorded", CVHELPERS_LIBRARY=os.devnull + "/none"):
            super().setup()

    def get_kernel_message(self, timeout=None, stream="iopub"):
        while True:
            message = super().get_kernel_message(timeout=timeout, stream=stream)
            if stream == "iopub" and self._is_captured(message):
                continue
            return message

    def _is_captured(self, message):
        """Whether an Output widget takes this message. A widget says so by a msg_id in its state."""
        kind, content = message["msg_type"], message["content"]
        state = content.get("data", {}).get("state", {}) if kind == "comm_msg" else {}
        if state.get("msg_id"):
            self.capturing.add(content["comm_id"])
        elif "msg_id" in state:
            self.capturing.discard(content["comm_id"])
        return bool(self.capturing) and kind in (
            "display_data",
            "execute_result",
            "stream",
            "clear_output",
        )


class Cell(IPyNbCell):
    """A code cell, whose stored outputs must be what it gives now."""

    def runtest(self):
        if self.cell.execution_count is None and self.cell.source.strip():
            self.raise_cell_error("This cell was stored without having been run")
        super().runtest()

    def sanitize(self, s):
        s = super().sanitize(s)
        if isinstance(s, str) and s.startswith(BARE_PICTURE):
            s = f"data:image/png;base64,{s}"
        return Shown(s) if isinstance(s, str) else s

    def format_output_compare(self, key, left, right):
        super().format_output_compare(key, _fingerprinted(left), _fingerprinted(right))


def _fingerprinted(value):
    """`value` with a few signs for each picture: a report of what differs is for reading."""
    if not isinstance(value, Shown):
        return value
    return PICTURE.sub(lambda found: f"picture {sha256(found[1].encode()).hexdigest()[:8]}", value)


class Shown(str):
    """What an output shows: equal to another when the words are, the numbers nearly, and the pictures look the same."""

    __slots__ = ()

    def __eq__(self, other):
        ours, theirs = _words(self), _words(other)
        if ours != theirs:
            return False
        numbers = zip(_numbers(self), _numbers(other), strict=True)
        pictures = zip(PICTURE.findall(self), PICTURE.findall(other), strict=True)
        return all(nearly(*pair) for pair in numbers) and all(look_the_same(*pair) for pair in pictures)

    def __ne__(self, other):
        return not self == other

    __hash__ = str.__hash__


def _words(text):
    return NUMBER.sub(" number", PICTURE.sub("picture", text))


def _numbers(text):
    return [float(number) for number in NUMBER.findall(PICTURE.sub("picture", text))]


def nearly(first, second):
    """Whether two numbers are the same but for what another processor may change."""
    return math.isclose(first, second, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def look_the_same(first, second):
    """Whether two pictures, in base64, have the same size and all but the same pixels."""
    first, second = (Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGBA") for picture in (first, second))
    if first.size != second.size:
        return False
    bands = ImageChops.difference(first, second).split()
    largest = bands[0]
    for band in bands[1:]:
        largest = ImageChops.lighter(largest, band)
    return sum(largest.histogram()[STEP + 1 :]) <= SHARE * first.width * first.height
