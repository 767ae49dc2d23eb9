"""WordNet's nouns: synonyms and broader words, and which sense of a word a picture means."""

import functools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from cvhelpers.ondevice.library.words import singulars, words_of

# Words so broad that they would find everything.
_TOO_BROAD = frozenset(
    word.strip()
    for word in " ".join(
        """
    abstract entity, abstraction, accumulation, act, action, activity, aggregation, amount, animate thing, area,
    artefact, article of commerce, artifact, assemblage, attribute, being, body, bound, boundary, causal agency,
    causal agent, cause, change, chordate, cognition, collection, commodity, communication, component, component
    part, constituent, construction, container, content, conveyance, covering, craniate, creation, deed, device,
    edge, element, end, entity, equipment, eutherian, eutherian mammal, event, extremity, food product,
    foodstuff, furnishing, good, group, grouping, happening, human action, human activity, implement,
    instrument, instrumentality, instrumentation, knowledge, line, living thing, location, material, matter,
    measure, natural object, natural phenomenon, noesis, nutrient, object, occurrence, organism, part,
    phenomenon, physical entity, physical object, physical process, piece, placental, placental mammal, plant
    organ, plant part, plant structure, point, portion, process, product, property, psychological feature,
    quality, quantity, region, relation, reproductive structure, set, side, signal, solid, state, structure,
    stuff, substance, system, thing, tracheophyte, trade good, unit, vascular plant, vertebrate, way, whole,
    work
    """.split()
    ).split(",")
)


@dataclass(frozen=True)
class Synset:
    """One meaning: its words, its broader meanings and WordNet's explanation."""

    words: tuple[str, ...]
    parents: tuple[int, ...]
    gloss: str


class WordNet:
    """The nouns of a WordNet database folder (`data.noun`, `index.noun`, `noun.exc`)."""

    def __init__(self, folder: Path) -> None:
        self.senses: dict[str, tuple[int, ...]] = {}
        self._folder = folder
        for fields in _records(folder / "index.noun"):
            count = int(fields[2])
            self.senses[_plain(fields[0])] = tuple(int(offset) for offset in fields[-count:])

    @functools.cached_property
    def synsets(self) -> dict[int, Synset]:
        return dict(_synset(fields) for fields in _records(self._folder / "data.noun"))

    @functools.cached_property
    def plurals(self) -> dict[str, str]:
        """Irregular plurals and their singulars."""
        pairs = (line.split() for line in (self._folder / "noun.exc").read_text().splitlines())
        return {_plain(plural): _plain(singular) for plural, singular, *_ in pairs}

    def lemma(self, word: str) -> str | None:
        """The noun that a word or its plural is a form of."""
        for form in (self.plurals.get(word, word), *singulars(word)):
            if form in self.senses:
                return form
        return None

    @functools.cached_property
    def frequency(self) -> dict[str, int]:
        """How often a noun was met in the texts that WordNet's makers read."""
        found: dict[str, int] = {}
        for key, _, count in (line.split() for line in (self._folder / "cntlist.rev").open(encoding="utf-8")):
            word = _plain(key.split("%")[0])
            found[word] = found.get(word, 0) + int(count)
        return found

    def levels(self, sense: int) -> Iterator[list[int]]:
        """The broader meanings, level by level, the nearest first, each once."""
        seen, level = {sense}, [sense]
        while level:
            level = [parent for child in level for parent in self.synsets[child].parents]
            level = [parent for parent in dict.fromkeys(level) if parent not in seen]
            seen.update(level)
            yield level

    def narrow(self, sense: int) -> tuple[str, ...]:
        """The words of a meaning, or none if they would find everything."""
        return tuple(word for word in self.synsets[sense].words if word not in _TOO_BROAD)

    def broader(self, sense: int) -> list[str]:
        """The broader words, the nearest first, without those that would find everything."""
        return [word for level in self.levels(sense) for parent in level for word in self.narrow(parent)]

    def sense(self, word: str, context: Collection[str] = ()) -> int | None:
        """The meaning of a word: the one whose broader words and explanation share most with the
        other words of the picture (Lesk's algorithm), and among equals the most common one."""
        lemma = self.lemma(word)
        if lemma is None:
            return None
        others = {self.lemma(other) or other for other in context} - {lemma}
        senses = [sense for sense in self.senses[lemma] if self.synsets[sense].parents]  # no proper names
        if not senses:
            return None

        def agreement(sense: int) -> int:
            shared = {*self.broader(sense)} | {w for b in self.broader(sense) for w in b.split()}
            return 3 * len(others & shared) + len(others & set(words_of(self.synsets[sense].gloss)))

        return max(senses, key=lambda sense: (agreement(sense), -senses.index(sense)))


def _records(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("  "):  # the licence at the top is indented
                fields, bar, gloss = line.partition(" | ")
                yield [*fields.split(), gloss] if bar else fields.split()


def _synset(fields: list[str]) -> tuple[int, Synset]:
    count = int(fields[3], 16)
    words = tuple(_plain(word) for word in fields[4 : 4 + 2 * count : 2])
    pointers = fields[5 + 2 * count : -1]
    parents = tuple(int(pointers[i + 1]) for i in range(0, len(pointers) - 3, 4) if pointers[i] == "@")
    gloss = fields[-1].split(';"')[0].split('; "')[0]
    return int(fields[0]), Synset(words, parents, gloss)


def _plain(lemma: str) -> str:
    return lemma.replace("_", " ").lower()
