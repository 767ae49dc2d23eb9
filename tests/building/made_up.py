"""Made-up sources of pictures and words, each a few files in the format of the real package."""

import json
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from tools.library import emoji, sources

PUBLIC_DOMAIN = "http://web.resource.org/cc/PublicDomain"
DOG = '<path d="M10 90 L30 20 L50 60 L90 40 L80 95 Z" fill="#8b4513"/>'
OTHER_DOG = '<circle cx="50" cy="50" r="40" fill="#8b4513"/><rect x="5" y="60" width="20" height="30" fill="#222"/>'
APPLE = '<circle cx="50" cy="55" r="40" fill="#d01010"/><rect x="45" y="2" width="10" height="20" fill="#0a0"/>'
FACE = '<path d="M5 5 L95 5 L50 95 Z" fill="#e0b060"/><circle cx="50" cy="30" r="12" fill="#111"/>'
SAUSAGE = '<rect x="5" y="35" width="90" height="30" rx="15" fill="#e0a040"/>'
HOUSE = '<path d="M5 50 L50 5 L95 50 L95 95 L5 95 Z" fill="none" stroke="black" stroke-width="2"/>'


def svg(drawing: str, size: tuple[int, int] = (100, 100), metadata: str = "") -> str:
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"{metadata}{drawing}</svg>"
    )


def work(
    title: str, keywords: Sequence[str] = (), author: str = "Ann Drawer", license: str = PUBLIC_DOMAIN, date: str = ""
) -> str:
    """What a drawing of the Open Clip Art Library says about itself."""
    words = "".join(f"<rdf:li>{word}</rdf:li>" for word in keywords)
    told = f'<license rdf:resource="{license}"/>' if license else ""
    return (
        '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://web.resource.org/cc/"><Work>'
        f"<dc:title>{title}</dc:title><dc:date>{date}</dc:date>"
        f"<dc:creator><Agent><dc:title>{author}</dc:title></Agent></dc:creator>"
        f"<dc:subject><rdf:Bag>{words}</rdf:Bag></dc:subject>{told}</Work></rdf:RDF></metadata>"
    )


def clip_art(folder: Path, drawings: dict[str, str]) -> Path:
    """The package of the Open Clip Art Library with these files."""
    for name, content in drawings.items():
        file = folder / "usr/share/openclipart/svg" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    return folder


def _json(file: Path, content: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), "utf-8")


def emoji_set(folder: Path, name: str, author: str, spdx: str, drawings: dict[str, str]) -> Path:
    """A package of emoji; the drawings are named as both sets name them."""
    information = {"name": name, "author": {"name": author, "url": "https://example.org"}, "license": {"spdx": spdx}}
    icons = {slug: {"body": drawing} for slug, drawing in drawings.items()}
    _json(folder / "package/info.json", information)
    _json(folder / "package/icons.json", {"icons": icons, "width": 100, "height": 100, "lastModified": 1_600_000_000})
    characters = {"1f436": "dog-head", "1f34e": "red-apple", "1f32d-fe0f": "hot-dog", "1f4a3": "bomb"}
    _json(folder / "package/chars.json", characters)
    topics = {"Animals & Nature": ["dog-head"], "Food & Drink": ["red-apple", "hot-dog"], "Objects": ["bomb"]}
    _json(folder / "package/metadata.json", {"categories": {"Travel & Places": [], "Activities": [], **topics}})
    return folder


def annotations(folder: Path) -> Path:
    """CLDR's words for emoji: in English and in German; other languages have none."""
    said = {
        "en": {
            "🐶": {"default": ["dog", "face", "pet"], "tts": ["dog face"]},
            "🍎": {"default": ["apple", "fruit", "red"], "tts": ["red apple"]},
            "🌭": {"default": ["dog", "frankfurter", "hot dog"], "tts": ["hot dog"]},
            "💣": {"default": ["bomb"], "tts": ["bomb"]},
            "🐕": {"default": ["pet"], "tts": ["dog"]},
        },
        "de": {
            "🐶": {"default": ["Gesicht", "Haustier"], "tts": ["Hundegesicht"]},
            "🍎": {"default": ["Obst"], "tts": ["roter Apfel"]},
            "🐕": {"default": ["Haustier"], "tts": ["Hund"]},
        },
    }
    for language in ("en", *emoji.LANGUAGES):
        words = {"annotations": {"annotations": said.get(language, {})}}
        _json(folder / f"package/annotations/{language}/annotations.json", words)
    return folder


NOUNS = [  # offset, words, broader meanings, explanation
    (1, "entity", [], "that which exists"),
    (2, "animal beast", [1], "a living organism that moves"),
    (10, "dog domestic_dog", [2], "a member of the genus Canis; barks"),
    (11, "puppy", [10], "a young dog"),
    (12, "dog frump", [1], "a dull unattractive person"),
    (20, "food", [1], "what is eaten"),
    (21, "fruit", [20], "the ripe body of a seed plant"),
    (22, "apple", [21], "fruit with red or yellow skin"),
    (23, "sausage", [20], "minced meat in a casing"),
    (24, "hot_dog frankfurter", [23], "a smooth sausage"),
    (30, "mouse", [2], "a small rodent"),
    (40, "house", [1], "a dwelling"),
]


def wordnet(folder: Path) -> Path:
    """WordNet's database of nouns, described in its wndb(5WN)."""
    place = folder / "usr/share/wordnet"
    place.mkdir(parents=True)
    licence = "  1 This software and database is being provided to you\n"
    data, senses = [], {}
    for offset, words, broader, gloss in NOUNS:
        lemmas = words.split()
        pointers = " ".join(f"@ {parent:08d} n 0000" for parent in broader)
        forms = " ".join(f"{word} 0" for word in lemmas)
        data.append(f"{offset:08d} 05 n {len(lemmas):02x} {forms} {len(broader):03d} {pointers} | {gloss}  \n")
        for word in lemmas:
            senses.setdefault(word, []).append(offset)
    index = [
        f"{word} n {len(found)} 1 @ {len(found)} 1 {' '.join(f'{offset:08d}' for offset in found)}  \n"
        for word, found in sorted(senses.items())
    ]
    (place / "data.noun").write_text(licence + "".join(data))
    (place / "index.noun").write_text(licence + "".join(index))
    (place / "noun.exc").write_text("mice mouse\n")
    (place / "cntlist.rev").write_text("dog%1:05:00:: 1 42\npuppy%1:05:00:: 1 3\napple%1:13:00:: 1 2\n")
    return folder


def samples(folder: Path, license: str = "CC0-1.0") -> Path:
    """A photograph and a drawing that stands in for another."""
    (folder / "pictures").mkdir(parents=True)
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(folder / "pictures/cat.jpg")
    facts = {"title": "A cat", "description": "A tabby looks up.", "author": "Stéfan", "license": license}
    photograph = {**facts, "name": "cat", "file": "cat.jpg", "source": "taken from https://example.org/cat, cut"}
    drawing = {**facts, "name": "poster", "file": "poster.png", "source": "drawn"}
    _json(folder / "pictures.json", [{**photograph, "stand_in_for": None}, {**drawing, "stand_in_for": {"url": "x"}}])
    return folder


def everything(folder: Path) -> dict[sources.Source, Path]:
    """All sources, as `sources.fetch` would unpack them."""
    drawings = {
        "animals/dog_01.svg": svg(DOG, metadata=work("Dog 1", ["dog", "animals", "clip_art"], date="2005-04-03")),
        "animals/a_copy_of_dog_01.svg": svg(DOG, metadata=work("Cur", ["dog"])),
        "animals/dog_02.svg": svg(OTHER_DOG, metadata=work("Dog 2", ["dog", "puppy", "animals"])),
        "buildings/house.svg": svg(HOUSE, metadata=work("House", ["house"])),
        "buildings/sold.svg": svg(HOUSE, metadata=work("Sold", ["house"], license="https://example.org/all-rights")),
        "logos/brand.svg": svg(APPLE, metadata=work("Brand", ["apple"])),
        "shapes/blank.svg": svg("", metadata=work("Blank", ["blank"])),
        "shapes/broken.svg": "<svg",
        "shapes/line.svg": svg('<rect width="100" height="4"/>', metadata=work("Line", ["line"])),
    }
    emojis = {"dog-head": FACE, "red-apple": APPLE, "hot-dog": SAUSAGE, "bomb": DOG}
    return {
        sources.OPENCLIPART: clip_art(folder / "openclipart", drawings),
        sources.FLUENT: emoji_set(folder / "fluent", "Fluent Emoji", "Microsoft", "MIT", emojis),
        sources.NOTO: emoji_set(folder / "noto", "Noto Emoji", "Google", "Apache-2.0", {}),
        sources.CLDR: annotations(folder / "cldr"),
        sources.WORDNET: wordnet(folder / "wordnet"),
    }
