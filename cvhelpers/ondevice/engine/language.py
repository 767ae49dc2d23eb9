"""The language of a text, guessed from its script and its commonest words."""

from __future__ import annotations

import re

COMMON_WORDS = {
    "en": "the of and to in is that it for was with as on be at by this are not from have you or we but",
    "de": "der die und das ist nicht ein eine zu den von mit sich auf für im dem des auch es wir wird ich",
    "fr": "le les des et est une dans que pour qui pas sur au plus avec du ce il sont nous vous je",
    "es": "el los las y es una que en por con para su del se no un al lo como más pero",
    "it": "il di che è la e un per non sono una con del della nel si da anche come gli",
    "pt": "o os as que e do da em um uma para com não por mais dos no na se ao",
    "nl": "de het een van en is dat niet op te zijn voor met aan er maar ook",
    "sv": "och att det som en på är av för med den inte till har om ett",
    "pl": "i w nie na się z że do to jest jak po co tak ale",
}


def guess(text: str) -> str:
    """A code such as "en", or "unk" for text that could be anything.

    One word alone rarely tells: text in Latin letters without a common word of any language is taken to
    be English.

    >>> guess("Der Hund ist nicht im Haus"), guess("12:30"), guess("本日は晴天なり"), guess("Cliffs")
    ('de', 'unk', 'ja', 'en')
    """
    if re.search("[\u3040-\u30ff]", text):  # kana
        return "ja"
    if re.search("[\u4e00-\u9fff]", text):
        return "zh-Hans"
    words = re.findall(r"[^\W\d_]+", text.lower())
    if not words:
        return "unk"
    common = {code: set(listed.split()) for code, listed in COMMON_WORDS.items()}
    scores = {code: sum(word in known for word in words) for code, known in common.items()}
    return max(scores, key=lambda code: scores[code])  # English is first, so it wins a tie
