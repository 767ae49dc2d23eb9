"""nbval, made to look at everything a reader sees.

nbval runs a notebook and compares each output with the stored one, but it never compares pictures, it takes a
number for other when its last digit is, and it lets a cell pass that was stored without having been run. This
pytest plugin mends all three, and keeps what an Output widget captures apart from the outputs of the cell, as
JupyterLab does.

A cell with the tag `measured` shows what came out of many readings by the models of this computer. Processors round
differently, so on another one a few of these readings turn out otherwise: such a cell is compared less strictly.
"""

import base64
import io
import math
import os
import re
from hashlib import sha256
from itertools import repeat, zip_longest
from unittest.mock import patch

import cv2
import numpy as np
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile
from PIL import Image

# A pixel is other when a channel is off by more than STEP of 255; a picture is other when more than SHARE of
# its pixels are. Pictures come out the same to the byte with the same library versions; this leaves room for
# rounding on another processor, and none for a letter or the side of a box.
STEP = 16
SHARE = 1 / 5000

# A number with a decimal point, such as a measured confidence, may be off by 2 % or by 0.02, whichever is more: models
# give slightly other numbers on another processor. Whole numbers, such as counts and places of boxes, must be equal.
NUMBER = re.compile(r"(?<![\w.])[ ]*(-?\d+\.\d+(?:e[-+]?\d+)?)(?![\w.]*\d)", re.IGNORECASE)
ROUNDED = {"rel_tol": 0.02, "abs_tol": 0.02}

# In a measured cell, whole numbers may be off too, a mark of a plot may stand elsewhere by REACH pixels, and of the
# printed lines one in FEW may be another one. This is about twice what came out with noise of a millionth in every
# input of the models, and less than what a wrong formula does.
ANY_NUMBER = re.compile(r"(?<![\w.])[ ]*(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?![\w.]*\d)", re.IGNORECASE)
COUNTED = {"rel_tol": 0.25, "abs_tol": 0.1}
REACH = 24
FEW = 4

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
        if not isinstance(s, str):
            return s
        return Measured(s) if "measured" in self.cell.metadata.get("tags", ()) else Shown(s)

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
        return same_text(self, other, NUMBER, ROUNDED) and same_pictures(self, other)

    def __ne__(self, other):
        return not self == other

    __hash__ = str.__hash__


class Measured(Shown):
    """What a measurement shows: equal to another when it says about the same."""

    __slots__ = ()

    def __eq__(self, other):
        if PICTURE.search(self):
            return same_text(self, other, ANY_NUMBER, COUNTED) and same_pictures(self, other, REACH)
        lines = list(zip_longest(self.split("\n"), other.split("\n"), fillvalue=""))
        return sum(not same_text(*pair, ANY_NUMBER, COUNTED) for pair in lines) * FEW <= len(lines)

    __hash__ = str.__hash__


def same_text(first, second, number, room):
    """Whether two texts have the same words, and numbers that are as near to each other as `room` says."""
    first, second = (PICTURE.sub("picture", text) for text in (first, second))
    if number.sub(" number", first) != number.sub(" number", second):
        return False
    pairs = zip(number.findall(first), number.findall(second), strict=True)
    return all(math.isclose(float(a), float(b), **room) for a, b in pairs)


def same_pictures(first, second, reach=0):
    """Whether two texts hold as many pictures, and each looks the same as its counterpart."""
    first, second = PICTURE.findall(first), PICTURE.findall(second)
    return len(first) == len(second) and all(map(look_the_same, first, second, repeat(reach)))


def look_the_same(first, second, reach=0):
    """Whether two pictures, in base64, have the same size and the same pixels, or like ones within `reach` pixels."""
    first, second = map(_pixels, (first, second))
    return first.shape == second.shape and _is_found_in(first, second, reach) and _is_found_in(second, first, reach)


def _pixels(picture):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGBA")).astype(np.int16)


def _is_found_in(first, second, reach):
    """Whether all but a SHARE of the first one's pixels lie between the darkest and the lightest around them there."""
    around = np.ones((2 * reach + 1, 2 * reach + 1))
    stray = (first < cv2.erode(second, around) - STEP) | (first > cv2.dilate(second, around) + STEP)
    return stray.any(axis=2).mean() <= SHARE
