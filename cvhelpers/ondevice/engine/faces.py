"""Faces: rectangles by MediaPipe's full-range BlazeFace (arXiv:1907.05047).

Where a face is, and nothing about whose: no age, no gender, no name.
"""

from __future__ import annotations

import cv2
import numpy as np

from . import boxes, models
from .pixels import Pixels
from .readings import DetectedFace

SIZE = 192  # the model looks at a square of this size
CELLS = 48  # of which each of 48 x 48 cells, 4 pixels wide, may hold the middle of a face
FACE = 0.6  # from this confidence on it is a face
SAME = 0.3  # boxes that overlap more show the same face


class FaceDetector:
    def __init__(self) -> None:
        self.model = models.load("faces")

    def give_back_memory(self) -> None:
        """Have the arena that all models share return what they don't use: it does so at the end of a run only."""
        nothing = np.zeros((1, SIZE, SIZE, 3), np.float32)
        self.model.run(None, {"input": nothing}, models.giving_back())

    def find(self, pixels: Pixels, whole_width: int, whole_height: int) -> tuple[DetectedFace, ...]:
        """Faces, the surest first.

        `pixels` may be a smaller copy of a picture of `whole_width` by `whole_height` pixels, which the boxes are for.
        """
        height, width = pixels.shape[:2]
        side = max(width, height)
        left, top = (side - width) // 2, (side - height) // 2
        square = cv2.copyMakeBorder(pixels, top, side - height - top, left, side - width - left, cv2.BORDER_CONSTANT)
        small = cv2.resize(square, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
        batch = small[None].astype(np.float32) / 127.5 - 1
        regressors, logits = (np.asarray(o, np.float64)[0] for o in self.model.run(None, {"input": batch}))
        scores = 1 / (1 + np.exp(-np.clip(logits[:, 0], -80, 80)))
        sure = np.flatnonzero(scores >= FACE)
        if not sure.size:
            return ()
        cells = np.stack([sure % CELLS, sure // CELLS], axis=1)
        middles = (cells + 0.5) / CELLS + regressors[sure, :2] / SIZE
        halves = regressors[sure, 2:4] / SIZE / 2
        found = np.concatenate([middles - halves, middles + halves], axis=1) * side - (left, top, left, top)
        found *= (whole_width / width, whole_height / height) * 2
        return tuple(
            DetectedFace(boxes.in_pixels(found[i], whole_width, whole_height), round(float(scores[sure][i]), 4))
            for i in boxes.keep_best(found, scores[sure], SAME)
        )
