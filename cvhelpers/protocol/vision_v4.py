"""Image Analysis 4.0: one operation, which answers at once; its features, its limits, and what it no longer has.

Source: Microsoft's specification of 2023-10-01; 2024-02-01 did not change this operation.
"""

from __future__ import annotations

from collections.abc import Mapping

from .vision import LANGUAGES_V3_2, Limits, Version

NAME = "4.0"
API_VERSIONS = ("2023-10-01", "2024-02-01")
"""Values of the parameter ``api-version`` that the service takes; the previews before them are retired."""
API_VERSION = API_VERSIONS[0]
OPERATION = "analyze"

FEATURES = ("caption", "denseCaptions", "tags", "objects", "people", "read", "smartCrops")
DEFAULT_FEATURES = ("caption", "tags")
SAME = {"Description": "caption", "Tags": "tags", "Objects": "objects"}
"""Features of the versions before by the name that they have now."""
GONE: Mapping[str, str] = {
    "Categories": "tags say what a picture shows, and api_version='v3.2' still has categories",
    "Color": "api_version='v3.2' still has it",
    "ImageType": "api_version='v3.2' still has it",
    "Adult": "Azure AI Content Safety is its successor, and api_version='v3.2' still has it",
    "Faces": "people finds whole persons, and api_version='v3.2' still has faces",
    "Brands": "read gives the words on a logo, and api_version='v3.2' still has brands",
}
"""Features that this version no longer has, and what to use instead."""
INSTEAD: Mapping[str, str] = {
    "areaOfInterest": 'analyze(picture, ["smartCrops"]) finds the part that matters',
    "generateThumbnail": 'analyze(picture, ["smartCrops"]) finds the part to cut out',
}
"""Operations that this version no longer has, and what to use instead."""

LANGUAGES = LANGUAGES_V3_2
"""Of tags and objects. Captions are in English only."""
ASPECT_RATIOS = (0.75, 1.8)
"""The least and the largest width : height that ``smartCrops`` can be asked for."""
OWN_ASPECT_RATIOS = (0.5, 2.0)
"""The same of the one crop that is answered to who asks for none."""
MOST_DENSE_CAPTIONS = 10
"""The first of them is about the whole picture."""
LIMITS = Limits(("JPEG", "PNG", "GIF", "BMP", "WEBP", "ICO", "TIFF", "MPO"), max_bytes=20 * 2**20 + 1, max_side=16_000)
"""20,971,520 bytes are still taken."""

VERSION = Version(NAME, languages=LANGUAGES, text_operation="", one_operation=True, model_version=True)
