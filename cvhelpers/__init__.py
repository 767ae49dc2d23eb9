"""The five quickstarts, run again: requests to the service, answers as data, figures that say what they show.

    import cvhelpers as cv

    session = cv.connect()                      # nobody needs a key
    vision = cv.VisionClient(session)
    picture = cv.sample("street-at-night")
    cv.show_caption(picture, vision.analyze(picture))

The public names are imported when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, whose import alone would cost ten times as much as all the rest
if TYPE_CHECKING:
    from .comparison import Comparison as Comparison
    from .comparison import compare_results as compare_results
    from .connection import connect as connect
    from .drawing import show_caption as show_caption
    from .drawing import show_grid as show_grid
    from .drawing import show_lines as show_lines
    from .drawing import show_words as show_words
    from .errors import CvhelpersError as CvhelpersError
    from .errors import OperationFailed as OperationFailed
    from .errors import OperationTimeout as OperationTimeout
    from .errors import OptionError as OptionError
    from .errors import PictureError as PictureError
    from .errors import RecordingNotFound as RecordingNotFound
    from .errors import ServiceError as ServiceError
    from .errors import SetupError as SetupError
    from .errors import UnexpectedAnswer as UnexpectedAnswer
    from .exchange import Exchange as Exchange
    from .image_search import ImageSearchClient as ImageSearchClient
    from .image_search import thumbnails as thumbnails
    from .pictures import Picture as Picture
    from .pictures import open_picture as open_picture
    from .pictures import sample as sample
    from .pictures import sample_names as sample_names
    from .results import ImageAnalysis as ImageAnalysis
    from .results import ImageSearchResults as ImageSearchResults
    from .results import OcrResult as OcrResult
    from .results import ReadResult as ReadResult
    from .vision import VisionClient as VisionClient
    from .widgets import compare as compare
    from .widgets import explore_analyze as explore_analyze
    from .widgets import explore_handwritten_text as explore_handwritten_text
    from .widgets import explore_printed_text as explore_printed_text
    from .widgets import explore_search as explore_search
    from .widgets import pick_picture as pick_picture
    from .widgets import pick_search_term as pick_search_term

_WHERE = {
    "connection": ("connect",),
    "vision": ("VisionClient",),
    "image_search": ("ImageSearchClient", "thumbnails"),
    "results": ("ImageAnalysis", "OcrResult", "ReadResult", "ImageSearchResults"),
    "pictures": ("Picture", "open_picture", "sample", "sample_names"),
    "drawing": ("show_caption", "show_words", "show_lines", "show_grid"),
    "comparison": ("Comparison", "compare_results"),
    "widgets": (
        "compare",
        "explore_analyze",
        "explore_handwritten_text",
        "explore_printed_text",
        "explore_search",
        "pick_picture",
        "pick_search_term",
    ),
    "exchange": ("Exchange",),
    "errors": (
        "CvhelpersError",
        "OperationFailed",
        "OperationTimeout",
        "OptionError",
        "PictureError",
        "RecordingNotFound",
        "ServiceError",
        "SetupError",
        "UnexpectedAnswer",
    ),
}
_MODULES = {name: module for module, names in _WHERE.items() for name in names}
__all__ = sorted(_MODULES)


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for (PEP 562)."""
    from importlib import import_module

    if name == "errors":  # the module itself, for ``except cv.errors.RateLimited``
        return import_module(".errors", __name__)
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
