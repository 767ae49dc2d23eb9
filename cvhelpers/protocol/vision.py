"""Computer Vision: its versions, its operations, what each takes, and in which words.

Sources: Microsoft's specifications of v1.0 to v3.2; the limits of a picture from the operations' reference pages. The
real service refused a side of 4200 pixels itself, so the largest is 4199.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

VERSIONS = ("v1.0", "v2.0", "v2.1", "v3.0", "v3.1", "v3.2")

FEATURES = ("Categories", "Tags", "Description", "Faces", "ImageType", "Color", "Adult", "Objects", "Brands")
NEW_IN_V2 = ("Objects", "Brands")
DETAILS = ("Celebrities", "Landmarks")
MODELS = {"celebrities": ("people_",), "landmarks": ("building_",)}
"""The domain models, with the categories whose pictures they were made for."""
DEFAULT_FEATURES = ("Categories", "Description", "Color")
"""What the quickstarts ask for."""
MODES = ("Handwritten", "Printed")
READING_ORDERS = ("basic", "natural")
MODEL_VERSION = r"(latest|\d{4}-\d{2}-\d{2})(-preview)?"
"""What ``model-version`` (v3.2) looks like, as a regular expression."""
STATUSES = ("NotStarted", "Running", "Failed", "Succeeded")
"""Of an operation that answers later. v3.x writes the first letter small."""
MODEL_CATEGORIES = {"celebrities": ("people_",), "landmarks": ("building_", "outdoor_")}
"""The categories to which ``details`` adds what a domain model found, by the beginning of their names. ``outdoor_`` is
missing in the specification's list of models, but the quickstart's answer has landmarks in ``outdoor_street``."""

LANGUAGES = ("en", "es", "ja", "pt", "zh")
"""Of analyze, describe and tag, up to v3.1."""
LANGUAGES_V3_2 = (
    "ar", "az", "bg", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr", "ga", "gl",
    "he", "hi", "hr", "hu", "id", "it", "ja", "kk", "ko", "lt", "lv", "mk", "ms", "nb", "nl", "pl", "prs", "pt",
    "pt-BR", "pt-PT", "ro", "ru", "sk", "sl", "sr-Cyrl", "sr-Latn", "sv", "th", "tr", "uk", "vi", "zh", "zh-Hans",
    "zh-Hant",
)  # fmt: skip
OCR_LANGUAGES = (
    "unk", "zh-Hans", "zh-Hant", "cs", "da", "nl", "en", "fi", "fr", "de", "el", "hu", "it", "ja", "ko", "nb", "pl",
    "pt", "ru", "es", "sv", "tr", "ar", "ro", "sr-Cyrl", "sr-Latn", "sk",
)  # fmt: skip
READ_LANGUAGES = ("en", "es", "fr", "de", "it", "nl", "pt")
"""Of read in v3.0 and v3.1."""
READ_LANGUAGES_V3_2 = tuple(
    "af ast bi br ca ceb ch co crh cs csb da de en es et eu fi fil fj fr fur fy ga gd gil gl gv hni hsb ht hu ia id it "
    "iu ja jv kaa kac kea kha kl ko ku kw lb ms mww nap nl no oc pl pt quc rm sco sl sq sv sw tet tr tt uz vo wae yua "
    "za zh-Hans zh-Hant zu".split()
)


@dataclass(frozen=True)
class Limits:
    """What an operation takes. A picture of exactly ``max_bytes`` is refused; the other limits are still allowed.

    Attributes
    ----------
    formats : tuple of str
        As Pillow names them. A JPEG with a second picture in it, which some telephones write, opens as "MPO".
    max_bytes : int
        The file must be smaller than this.
    min_side, max_side : int
        Pixels of width and height.
    max_pixels : int or None
        Width times height.
    """

    formats: tuple[str, ...]
    max_bytes: int = 4 * 2**20
    min_side: int = 50
    max_side: int = 15_999
    max_pixels: int | None = None


ANALYZE = Limits(("JPEG", "PNG", "GIF", "BMP"))
OCR = Limits(("JPEG", "PNG", "GIF", "BMP"), max_side=4199, max_pixels=10_000_000)
RECOGNIZE_TEXT = Limits(("JPEG", "PNG", "BMP"), max_side=4199)
READ = Limits(("JPEG", "PNG", "BMP", "TIFF"), max_side=10_000)
"""Bytes: those of the free tier. The paid one takes 500 MB. Both take PDF files as well, which Pillow can't open."""
FREE_PAGES = 2
"""Of a PDF or TIFF file, the pages that the free tier reads. The paid one reads 2000."""
MAX_CANDIDATES = 100
"""The most captions that ``describe`` can be asked for; the service itself finds one to three."""
MAX_THUMBNAIL_SIDE = 1024
"""The largest width and height that ``generateThumbnail`` makes, in pixels; v1.0 stops one short of it."""

LIMITS: Mapping[str, Limits] = {
    "analyze": ANALYZE,
    "describe": ANALYZE,
    "tag": ANALYZE,
    "detect": ANALYZE,
    "areaOfInterest": ANALYZE,
    "generateThumbnail": ANALYZE,
    "models/celebrities/analyze": ANALYZE,
    "models/landmarks/analyze": ANALYZE,
    "ocr": OCR,
    "recognizeText": RECOGNIZE_TEXT,
    "read/core/asyncBatchAnalyze": READ,
    "read/analyze": READ,
}
"""The operations that take a picture, by their path below the version."""


EVERYWHERE = (
    "analyze", "describe", "tag", "ocr", "generateThumbnail", "models",
    *(f"models/{name}/analyze" for name in MODELS),
)  # fmt: skip
"""The operations that every version has, by their path below it."""


@dataclass(frozen=True)
class Version:
    """What one version of the service has that another has not.

    Attributes
    ----------
    name : str
        As it stands in an address.
    black_and_white : tuple of str
        The keys in which ``color`` says whether a picture is black and white.
    languages, read_languages : tuple of str
        Of captions and tags; of ``read/analyze``, empty where the version has none.
    objects : bool
        ``detect``, ``areaOfInterest``, and the visual features Objects and Brands.
    exclude : bool
        The parameter ``descriptionExclude``.
    model_version : bool
        The parameter ``model-version``, and ``modelVersion`` in every answer.
    text_operation : str
        The operation that reads handwriting: "recognizeText" or "read/analyze".
    batch_read : bool
        ``read/core/asyncBatchAnalyze``.
    text_mode : str
        The parameter in which ``recognizeText`` is told what kind of text to read: "mode", which is required, or
        "detectHandwriting", which is true or false and may be left out.
    max_thumbnail_side : int
        The largest width and height of ``generateThumbnail``, in pixels.
    one_operation : bool
        All is one operation, which answers at once: Image Analysis 4.0, see `vision_v4`.
    nested_errors : bool
        An error stands in ``error``, its cause in ``error.innererror``; else it is flat.
    """

    name: str
    black_and_white: tuple[str, ...] = ("isBwImg", "isBWImg")
    languages: tuple[str, ...] = LANGUAGES
    read_languages: tuple[str, ...] = ()
    objects: bool = True
    exclude: bool = True
    model_version: bool = False
    text_operation: str = "recognizeText"
    batch_read: bool = False
    text_mode: str = "mode"
    max_thumbnail_side: int = MAX_THUMBNAIL_SIDE
    one_operation: bool = False
    nested_errors: bool = False

    @property
    def features(self) -> tuple[str, ...]:
        """The visual features that this version has."""
        return FEATURES if self.objects else tuple(name for name in FEATURES if name not in NEW_IN_V2)

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that this version has, by their path below it; all but ``models`` take a picture."""
        if self.one_operation:
            return ("analyze",)
        new = ("detect", "areaOfInterest") if self.objects else ()
        text = dict.fromkeys(name for name in (self.text_operation, self.read_operation) if name)
        return (*EVERYWHERE, *new, *text)

    @property
    def read_operation(self) -> str:
        """The operation that reads a page of any kind, and waits; empty where the version has none."""
        if self.text_operation == "read/analyze":
            return self.text_operation
        return "read/core/asyncBatchAnalyze" if self.batch_read else ""

    @property
    def result_path(self) -> str:
        """Where the result of the text operation is asked for, below the version."""
        return {"recognizeText": "textOperations", "read/analyze": "read/analyzeResults"}[self.text_operation]

    def status(self, name: str) -> str:
        """One of `STATUSES` as this version writes it.

        >>> TABLE["v2.0"].status("NotStarted"), TABLE["v3.2"].status("NotStarted")
        ('NotStarted', 'notStarted')
        """
        return name if self.text_operation == "recognizeText" else name[0].lower() + name[1:]


TABLE: Mapping[str, Version] = {
    version.name: version
    for version in (
        Version(
            "v1.0",
            ("isBwImg",),
            objects=False,
            exclude=False,
            text_mode="detectHandwriting",
            max_thumbnail_side=1023,
        ),
        Version("v2.0", ("isBwImg",), exclude=False, batch_read=True),
        Version("v2.1", batch_read=True),
        Version("v3.0", read_languages=READ_LANGUAGES, text_operation="read/analyze"),
        Version("v3.1", read_languages=READ_LANGUAGES, text_operation="read/analyze"),
        Version(
            "v3.2",
            languages=LANGUAGES_V3_2,
            read_languages=READ_LANGUAGES_V3_2,
            model_version=True,
            text_operation="read/analyze",
            nested_errors=True,
        ),
    )
}
"""Recorded answers of v1.0 had ``isBWImg`` until December 2017 and ``isBwImg`` from May 2018 on."""
RETIRED = ("v1.0", "v2.0", "v2.1", "v3.0", "v3.1")
"""Since 13 September 2026."""
