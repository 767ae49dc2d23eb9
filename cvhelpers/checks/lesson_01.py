"""The exercises of notebook 01."""

from __future__ import annotations

from .answers import response, travels_as
from .exercise import Case, Exercise


def _asking_for(*features: str) -> Case:
    return Case(
        (list(features),),
        {"visualFeatures": ",".join(features)},
        "The key is visualFeatures. Its value is one string: all the names, with a comma between them.",
        judge=travels_as,
    )


def _scored(*pairs: tuple[str, float]) -> Case:
    best = max(pairs, key=lambda pair: pair[1])[0]
    categories = [{"name": name, "score": score} for name, score in pairs]
    return Case((categories,), best, "Look for the highest score, and return the name beside it.")


def _titled(captions: list[str], title: str, hint: str) -> Case:
    found = [{"text": text, "confidence": 0.9 - n / 10} for n, text in enumerate(captions)]
    return Case(({"description": {"captions": found}},), title, hint)


def _explained(status: int, body: object, wanted: str, hint: str) -> Case:
    return Case((response(status, body),), wanted, hint, f"a response with status {status} and the body {body}")


_TITLE = "With a caption, the title should be that caption, as before."
_EMPTY = "Ask whether there is a caption before you take the first."
_FLAT = "If the body has no `error`, the message stands in the body itself."
_NESTED = "If the body has an `error`, the message stands inside it."

EXERCISES = {
    "01-1": Exercise(
        "params_for",
        [_asking_for("Tags", "Faces"), _asking_for("Color"), _asking_for("Objects", "Brands", "Adult")],
        "requests writes the comma as %2C in the address; the service reads both.",
    ),
    "01-2": Exercise(
        "strongest",
        [
            _scored(("low", 0.1), ("high", 0.9)),
            _scored(("outdoor_", 0.004), ("plant_", 0.2), ("abstract_", 0.7), ("zebra_", 0.3)),
            _scored(("others_", 0.5), ("sky_", 0.25), ("people_", 0.125)),
            _scored(("food_", 0.01)),
        ],
        "In the answer about the street even the highest score is low. Did you see that?",
    ),
    "01-3": Exercise(
        "title_of",
        [
            _titled(["a cat"], "A cat", _TITLE),
            _titled([], "No caption", _EMPTY),
            _titled(["a dog on a beach", "a cow"], "A dog on a beach", _TITLE),
        ],
        "The quickstart stops with an IndexError here.",
    ),
    "01-4": Exercise(
        "explain",
        [
            _explained(200, {"tags": []}, "OK", "For an answer without a fault it should return OK."),
            _explained(
                400, {"code": "X", "message": "The URL is badly formatted."}, "The URL is badly formatted.", _FLAT
            ),
            _explained(401, {"error": {"code": "401", "message": "Access denied."}}, "Access denied.", _NESTED),
            _explained(429, {"error": {"code": "429", "message": "Wait 26 seconds."}}, "Wait 26 seconds.", _NESTED),
            _explained(415, {"message": "Use another type."}, "Use another type.", _FLAT),
        ],
        "Whoever uses your program will thank you.",
    ),
}
