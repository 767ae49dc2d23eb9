"""The language of a text, guessed from its script, its commonest words and the letters that few languages have."""

from __future__ import annotations

import re
from collections import Counter

SCRIPTS = {
    "ja": "[\u3040-\u30ff]",
    "zh-Hans": "[\u4e00-\u9fff]",
    "el": "[\u0370-\u03ff]{3}",
    "ru": "[\u0400-\u04ff]{3}",
}
"""Japanese comes before Chinese, because it has Chinese characters too."""

COMMON_WORDS = {
    "en": "the of and to in is that it for was with as on be at by this are not from have you or we but your all no",
    "de": "der die und das ist nicht ein eine zu den von mit sich auf für im dem des auch es wir wird ich bei oder",
    "fr": "le les des et est une dans que pour qui pas sur au plus avec du ce il sont nous vous je la de à un",
    "es": "el los las y es una que en con por para su del se no un al lo como más pero la de",
    "it": "il di che è la e un per non sono una con del della nel si da anche come gli i le",
    "pt": "o os as que e do da em um uma para com não por mais dos no na se ao de",
    "nl": "de het een van en is dat niet op te zijn voor met aan er maar ook",
    "sv": "och att det som en på är av för med den inte till har om ett",
    "da": "og i at det en den til er som på de med han af for ikke der var et",
    "pl": "i w nie na się z że do to jest jak po co tak ale",
    "cs": "a se v na je že to s z do ve si jsem ale po jak",
    "fi": "ja on ei se että en hän oli mutta kun niin ovat",
    "tr": "ve bir bu da de için ile çok ne gibi daha ama",
}
LETTERS = {
    "de": "ß", "fr": "œçèêëîù", "es": "ñ¿¡", "it": "ìò", "pt": "ãõ", "sv": "å", "da": "øæ", "pl": "łąęśżźń",
    "cs": "ěřů", "fi": "", "tr": "ğış", "en": "", "nl": "",
}  # fmt: skip
"""Letters that tell a language, or nearly, when no word does."""


def guess(text: str) -> str:
    """A code such as "en", or "unk" for text that could be anything, as most single words could.

    >>> guess("Der Hund ist nicht im Haus"), guess("12:30"), guess("本日は晴天なり"), guess("Cliffs"), guess("Garçon")
    ('de', 'unk', 'ja', 'unk', 'fr')
    """
    for code, script in SCRIPTS.items():
        if re.search(script, text):
            return code
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    letters = Counter(text.lower())
    scores = {
        code: sum(words[word] for word in common.split()) + sum(letters[letter] for letter in LETTERS[code]) / 2
        for code, common in COMMON_WORDS.items()
    }
    best = max(scores, key=lambda code: scores[code])  # English is first, so it wins a tie
    return best if scores[best] else "unk"
