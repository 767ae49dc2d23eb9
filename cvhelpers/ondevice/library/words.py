"""Words as the index holds them: the same treatment for what is stored and for what is asked."""

import itertools
import re
import unicodedata
from collections.abc import Collection, Iterator

# Words that say nothing about what is on a picture, or that ask for a picture as such.
STOPWORDS = frozenset(
    """
    a an and any are at by for from in into is it its of on or other some something anything somebody someone
    that the their them these this to us with your my me i we you want show find need like
    picture pictures image images photo photos photograph photographs pic pics clipart drawing drawings
    das der die ein eine einen el la las los un una le les une des du il lo gli
    """.split()
)

# Chinese and Japanese are written without spaces: every character is a word of its own in the index,
# and a run of them in a query is a phrase.
_CJK = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

# WordNet's own rules for the singular of an English noun.
_SINGULARS = (
    ("ies", "y"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("ses", "s"),
    ("xes", "x"),
    ("zes", "z"),
    ("ves", "f"),
    ("men", "man"),
    ("s", ""),
)


def normalized(text: str) -> str:
    """The text in lower case and compatible characters, each Chinese or Japanese character spaced.

    >>> normalized("Ｔｈｅ 子犬")
    'the 子 犬'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_CJK.sub(r" \1 ", folded).split())


def words_of(text: str) -> list[str]:
    """The words of a text, in order, in lower case; a run of Chinese or Japanese is one word.

    >>> words_of("Dog's bowl, 子犬 (2005)")
    ["dog's", 'bowl', '子犬', '2005']
    """
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def spelled_out(text: str) -> str:
    """The text with each symbol as its name in Unicode, so that an emoji is found by what it shows.

    >>> spelled_out("a 🐶!")
    'a  dog face !'
    """
    return "".join(
        f" {unicodedata.name(sign, '').lower()} " if unicodedata.category(sign) == "So" else sign for sign in text
    )


def singulars(word: str) -> Iterator[str]:
    """The word, then what it may be the plural of; only a dictionary knows which of them exist.

    >>> list(singulars("puppies"))
    ['puppies', 'puppy', 'puppie']
    """
    yield word
    for ending, instead in _SINGULARS:
        if word.endswith(ending) and len(word) > len(ending) + 1 and not word.endswith("ss"):
            yield word[: -len(ending)] + instead


def joined(words: list[str], compounds: Collection[str]) -> list[str]:
    """The words with each compound of two that is not what its last word says made into one word.

    >>> joined(["hot", "dogs", "and", "cats"], {"hot dog"})
    ['hotdog', 'and', 'cats']
    """
    result = []
    position = 0
    while position < len(words):
        *front, last = words[position : position + 2]
        compound = next((c for form in singulars(last) if (c := " ".join([*front, form])) in compounds), None)
        result.append(compound.replace(" ", "") if compound else words[position])
        position += 2 if compound else 1
    return result


def indexed(text: str, compounds: Collection[str]) -> str:
    """A text as the index stores it: a hot dog is found by "hotdog" and "hot", but not by "dog".

    >>> indexed("Hot Dog (B and W)", {"hot dog"})
    'hotdog b and w hot'
    """
    words = words_of(text)
    whole = joined(words, compounds)
    dropped = set(words) - set(whole)
    fronts = [word for word, following in itertools.pairwise(words) if {word, following} <= dropped]
    return normalized(" ".join([*whole, *fronts]))


def phrase(word: str) -> str:
    """A word as a term of a full-text query, quoted."""
    return '"' + normalized(word).replace('"', "") + '"'
