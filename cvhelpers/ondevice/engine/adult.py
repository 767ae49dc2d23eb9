"""Adult content: one score by Yahoo's Open-NSFW.

The model (a thin ResNet-50) gives one probability that a picture is not safe for work. The service gives
two, "adult" for explicit and "racy" for suggestive pictures. We have one number, so both scores are that
number, and only the limits differ: from 0.8 on a picture is called adult, the authors' own limit for a sure
case, and from 0.5 on racy. It was never tested here on a picture that would deserve it.
"""

from __future__ import annotations

import numpy as np

from . import models
from .pixels import Pixels, resized
from .readings import AdultScores

ADULT, RACY = 0.8, 0.5
MEAN = np.array([104, 117, 123], np.float32)  # blue, green, red: of ImageNet's pictures, as Caffe has it


class AdultScorer:
    def __init__(self) -> None:
        self.model = models.load("adult", unpack=True)

    def score(self, pixels: Pixels) -> AdultScores:
        whole = resized(pixels, 256, 256)[16:240, 16:240, ::-1]  # its middle, 224 x 224
        batch = (whole.astype(np.float32) - MEAN)[None]
        name = self.model.get_inputs()[0].name
        (output,) = self.model.run(None, {name: batch})
        score = round(float(np.asarray(output)[0, 1]), 4)
        return AdultScores(score >= ADULT, score >= RACY, score, score)
