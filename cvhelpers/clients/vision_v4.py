"""Image Analysis 4.0 in the words of the client: one operation, whatever is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import OptionError, UnexpectedAnswer
from ..pictures import AnyPicture
from ..protocol import vision as protocol
from ..protocol import vision_v4 as v4
from ..results import ImageAnalysis, OcrResult, ReadResult
from ..results.analysis_v4 import as_printed, read_analysis
from .base import answer_source, many_of, one_of, read_json

if TYPE_CHECKING:
    from .vision import VisionClient


def analyze(
    client: VisionClient, picture: AnyPicture, params: dict[str, str], timeout: float, fit: bool
) -> ImageAnalysis:
    """Everything that was asked for, in one answer."""
    call = client._call(v4.OPERATION, timeout)
    response = call.post(picture, {"api-version": v4.API_VERSION, **params}, fit)
    return call.original(read_analysis(read_json(response), answer_source(response)))


def read(client: VisionClient, picture: AnyPicture, timeout: float, fit: bool) -> ReadResult:
    """Text of any kind, at once."""
    analysis = analyze(client, picture, {"features": "read"}, timeout, fit)
    if analysis.read is None:
        raise UnexpectedAnswer("The service was asked to read and answered without readResult. Try again.")
    return replace(analysis.read, sent=analysis.sent)


def ocr(
    client: VisionClient, picture: AnyPicture, language: str, detect_orientation: bool, timeout: float, fit: bool
) -> OcrResult:
    """The same text in the shape of ``ocr``."""
    if one_of(language, protocol.OCR_LANGUAGES, "language") != "unk" or not detect_orientation:
        raise OptionError("4.0 finds language and orientation by itself. Leave both options out.")
    return as_printed(read(client, picture, timeout, fit))


def params_of(
    features: Iterable[str],
    details: Iterable[str],
    language: str | None,
    aspect_ratios: Iterable[float],
    gender_neutral: bool,
) -> dict[str, str]:
    """The options of ``analyze`` as the parameters of 4.0. Raises `OptionError` for what it no longer has."""
    wanted = many_of(features, (*v4.FEATURES, *v4.GONE, "Description"), "feature")
    gone = [name for name in wanted if name in v4.GONE]
    if gone:
        raise OptionError(f"4.0 no longer has {gone[0]}: {v4.GONE[gone[0]]}.")
    if many_of(details, protocol.DETAILS, "detail"):
        raise OptionError("4.0 knows no celebrities and no landmarks. api_version='v3.2' still takes details.")
    names = list(dict.fromkeys(v4.SAME.get(name, name) for name in wanted))
    if not names:
        raise OptionError(f"4.0 needs at least one feature. Choose from: {', '.join(v4.FEATURES)}.")
    params = {"features": ",".join(names)}
    if language is not None:
        params["language"] = one_of(language, v4.LANGUAGES, "language")
        if params["language"] != "en" and {"caption", "denseCaptions"} & set(names):
            raise OptionError("Captions of 4.0 are in English only. Leave them out, or the language.")
    ratios = [_ratio(one) for one in aspect_ratios]
    if ratios:
        params["smartcrops-aspect-ratios"] = ",".join(ratios)
    if gender_neutral:
        params["gender-neutral-caption"] = "true"
    return params


def _ratio(value: float) -> str:
    least, most = v4.ASPECT_RATIOS
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise OptionError(f"An aspect ratio is width divided by height, from {least} to {most}, not {value!r}.")
    return f"{value:g}"
