"""The program that builds the picture library, run as a whole on a few made-up pictures and words."""

import hashlib
import io
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import resvg_py
from made_up import (
    APPLE,
    DOG,
    HOUSE,
    annotations,
    clip_art,
    emoji_set,
    everything,
    samples,
    svg,
    wordnet,
    work,
)
from PIL import Image, ImageDraw

from cvhelpers.ondevice.library import Entry, Library, Query
from systems import POSIX
from tools.library import __main__ as program
from tools.library import candidate, emoji, likeness, openclipart, photographs, sheets, sources
from tools.library.curation import left_out
from tools.library.lexicon import Lexicon
from tools.library.wordnet import WordNet


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library that was built from the made-up sources, and its contact sheets."""
    folder = tmp_path_factory.mktemp("built")
    build(folder, folder / "library.sqlite", "--sheets", str(folder / "sheets"))
    return folder


def build(folder: Path, output: Path, *more: str) -> None:
    found = everything(folder / "sources") if not (folder / "sources").exists() else None
    names = {source: folder / "sources" / path.name for source, path in (found or {}).items()}
    pictures = folder / "samples"
    if found:
        samples(pictures)
    else:
        names = dict(zip(sources.SOURCES, map((folder / "sources").joinpath, FOLDERS), strict=True))
    arguments = ["--cache", str(folder / "cache"), "--samples", str(pictures), "--output", str(output), *more]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "fetch", lambda source, cache: names[source])
        patch.setattr("sys.argv", ["tools.library", *arguments])
        program.main()


FOLDERS = ("openclipart", "wordnet", "fluent", "noto", "cldr")  # in the order of sources.SOURCES


@pytest.fixture(scope="module")
def library(built: Path) -> Library:
    return Library(built / "library.sqlite")


def entries(library: Library, text: str = "") -> dict[str, Entry]:
    return {entry.title: entry for entry in library.search(Query(text, count=150)).entries}


# --- the library as a whole ----------------------------------------------------------------------------------


def test_it_holds_what_may_be_shipped_once_and_nothing_else(library: Library) -> None:
    """Left out: a copy that is described worse, another licence, a logo, a blank page, a broken file, a bare line,
    a bomb."""
    assert set(entries(library)) == {"A cat", "Dog 1", "Dog 2", "House", "Red apple", "Hot dog", "Dog face"}


def test_each_picture_has_its_facts(library: Library) -> None:
    found = entries(library)
    dog, apple, cat = found["Dog 1"], found["Red apple"], found["A cat"]
    assert (dog.author, dog.license, dog.permits, dog.published) == (
        "Ann Drawer",
        "CC-PDDC",
        "Public",
        date(2005, 4, 3),
    )
    assert dog.keywords == ("dog", "animals"), "a word that only says how it was filed is left out"
    assert (dog.kind, dog.transparent, dog.colors) == ("Clipart", True, ("Brown",))
    assert (apple.author, apple.license, apple.permits) == ("Microsoft", "MIT", "ModifyCommercially")
    assert (apple.collection, apple.published) == ("Fluent Emoji", date(2020, 9, 13))
    assert (cat.author, cat.license, cat.permits, cat.kind) == ("Stéfan", "CC0-1.0", "Public", "Photo")
    assert cat.source == "https://example.org/cat"
    assert "whiskers" in cat.keywords
    assert (cat.width, cat.height) == (1024, 768)
    assert found["House"].kind == "Line"


def test_its_pictures_are_webp_of_the_size_that_is_told(library: Library) -> None:
    assert entries(library)
    for entry in entries(library).values():
        content, media_type = library.picture(entry.image_id)
        with Image.open(io.BytesIO(content)) as picture:
            assert (picture.format, media_type) == ("WEBP", "image/webp")
            assert picture.size == (entry.width, entry.height)
            assert len(content) == entry.file_size


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("puppy", {"Dog 1", "Dog 2", "Dog face"}),
        ("Hund", {"Dog 1", "Dog 2", "Dog face"}),
        ("beast", {"Dog 1", "Dog 2", "Dog face"}),
        ("Apfel", {"Red apple"}),
        ("fruit", {"Red apple"}),
        ("food", {"Red apple", "Hot dog"}),
        ("frankfurter", {"Hot dog"}),
        ("hot dog", {"Hot dog"}),
        ("entity", set()),
    ],
)
def test_pictures_are_found_by_words_that_nobody_wrote_on_them(library: Library, text: str, titles: set[str]) -> None:
    assert set(entries(library, text)) >= titles
    assert "Hot dog" not in entries(library, "dog")
    if text in ("hot dog", "fruit", "Apfel", "entity"):
        assert set(entries(library, text)) == titles


def test_misspelled_words_and_plurals_are_understood(library: Library) -> None:
    assert library.search(Query("pupy")).corrected_query == "puppy"
    assert library.search(Query("puppyes")).corrected_query == "puppies"
    assert set(entries(library, "mice")) == set(), "mice are known, and not on any picture"
    assert library.search(Query("mice")).corrected_query is None


def test_pictures_of_a_series_are_one_family(built: Path) -> None:
    with closing(sqlite3.connect(built / "library.sqlite")) as database:
        family = dict(database.execute("SELECT title, family FROM pictures"))
        about = dict(database.execute("SELECT name, value FROM about"))
        positions = [position for (position,) in database.execute("SELECT position FROM pictures")]
    assert family["Dog 1"] == family["Dog 2"]
    assert len({family[title] for title in ("Dog 1", "House", "Red apple", "A cat")}) == 4
    assert sorted(positions) == list(range(7))
    assert about["wordnet-base"] == f"{sources.WORDNET.version} sha256:{sources.WORDNET.sha256}"


def test_the_same_sources_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.sqlite"
    (tmp_path / "again.unfinished").write_bytes((built / "library.sqlite").read_bytes())  # an earlier run was stopped
    build(built, again)
    assert again.read_bytes() == (built / "library.sqlite").read_bytes()


def test_a_library_that_became_too_large_does_not_replace_the_old_one(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "library.sqlite"
    output.write_bytes(b"the old one")
    monkeypatch.setattr(program, "_LARGEST", 20_000)
    with pytest.raises(SystemExit, match="more than 20,000"):
        build(built, output)
    assert output.read_bytes() == b"the old one"


def test_contact_sheets_show_every_picture(built: Path) -> None:
    (sheet,) = (built / "sheets").iterdir()
    with Image.open(sheet) as picture:
        assert picture.size == (1500, 114)
        cells = [picture.crop((100 * n, 0, 100 * n + 100, 100)).convert("L").getextrema()[0] for n in range(15)]
    assert [darkest < 250 for darkest in cells] == [True] * 7 + [False] * 8


# --- where pictures come from --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "taken"),
    [
        (svg(DOG, metadata=work("Dog")), True),
        (svg(DOG, metadata=work("Dog", license="http://creativecommons.org/licenses/publicdomain/")), True),
        (svg(DOG, metadata=work("Dog", license="")), False),
        (svg(DOG, metadata=work("Dog", license="http://creativecommons.org/licenses/by/4.0/")), False),
        (svg(DOG, metadata=work("Dog") + work("Dog", license="http://creativecommons.org/licenses/by/4.0/")), False),
        (svg(DOG + "<text>Beware</text>", metadata=work("Warning")), False),
        (svg(DOG + "<text>Wow</text>", metadata=work("A puppy")), True),
        ("<svg", False),
    ],
    ids=[
        "public",
        "also public",
        "nothing said",
        "attribution",
        "one of two",
        "needs a font",
        "a dog with a font",
        "broken",
    ],
)
def test_only_works_that_say_they_are_in_the_public_domain_are_taken(file: str, taken: bool, tmp_path: Path) -> None:
    package = clip_art(tmp_path, {"animals/dog.svg": file})
    assert bool(list(openclipart.candidates(package))) == taken


@POSIX  # Windows lets only some persons make links
def test_a_link_to_another_work_and_what_is_left_out_by_name_are_passed_over(tmp_path: Path) -> None:
    dog = svg(DOG, metadata=work("Dog"))
    package = clip_art(tmp_path, {"animals/dog.svg": dog, "tools/weapons/knife.svg": dog})
    root = package / "usr/share/openclipart/svg"
    (root / "animals/link.svg").symlink_to(root / "animals/dog.svg")
    assert [found.key for found in openclipart.candidates(package)] == ["openclipart/animals/dog.svg"]


@pytest.mark.parametrize(
    ("key", "out"),
    [
        ("openclipart/signs_and_symbols/flags/europe/italy/italy.svg", False),
        ("openclipart/signs_and_symbols/flags/europe/italy/sicily.svg", True),
        ("fluent/bomb", True),
        ("noto/three-oclock", True),
        ("fluent/dog-face", True),
        ("noto/dog-face", False),
        ("openclipart/bomb", False),
    ],
)
def test_what_is_left_out_is_left_out_by_its_collections_own_list(key: str, out: bool) -> None:
    assert bool(left_out(key)) == out


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("red_dog", "Red dog"),
        ("Clip Art by Ann- a dog", "A dog"),
        ("dog&amp;lt;br/&amp;gt;cat", "Dog cat"),
        ("caf\u00e9 \x93x\x94", "Caf\u00e9 “x”"),
        ("", "Big dog"),
        ("dog.svg", "Big dog"),
    ],
)
def test_titles_are_made_readable(told: str, title: str, tmp_path: Path) -> None:
    package = clip_art(tmp_path, {"animals/Big_dog_01.svg": svg(DOG, metadata=work(told))})
    (found,) = openclipart.candidates(package)
    assert found.title == title


def test_a_title_that_repeats_the_author_is_replaced_and_an_impossible_date_dropped(tmp_path: Path) -> None:
    told = work("Ann Drawer", ["spotted_dog", "dog", "dog"], date="2005-02-31")
    (found,) = openclipart.candidates(clip_art(tmp_path, {"animals/dog.svg": svg(DOG, metadata=told)}))
    assert (found.title, found.keywords, found.published) == ("Spotted dog", ("spotted dog", "dog"), None)


def test_emoji_are_told_in_many_languages(tmp_path: Path) -> None:
    drawings = {"dog-head": DOG, "bomb": DOG, "red-apple": APPLE}
    fluent = emoji_set(tmp_path / "fluent", "Fluent Emoji", "Microsoft", "MIT", drawings)
    noto = emoji_set(tmp_path / "noto", "Noto Emoji", "Google", "Apache-2.0", {"dog-head": DOG})
    cldr = annotations(tmp_path / "cldr")
    found = {one.key: one for one in emoji.candidates(fluent, noto, cldr, tmp_path / "cache")}
    assert set(found) == {"fluent/dog-head", "fluent/red-apple", "noto/dog-head"}
    dog = found["fluent/dog-head"]
    assert (dog.title, dog.keywords, dog.topic) == ("Dog face", ("dog", "face", "pet"), "Animals & Nature")
    assert dog.translations == ("hundegesicht", "gesicht", "haustier")
    assert 'viewBox="0 0 100 100"' in dog.file.read_text("utf-8")
    assert emoji.names(cldr)["dog"] == ("hund",)


def test_a_photograph_under_a_licence_that_is_not_on_the_list_stops_the_building(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cat\.jpg: CC-BY-4\.0"):
        list(photographs.candidates(samples(tmp_path, "CC-BY-4.0")))


class TestFetching:
    def source(self, archive: bytes) -> sources.Source:
        return sources.Source("npm", "@a/b", "1.0", hashlib.sha256(archive).hexdigest())

    def packed(self, folder: Path, name: str = "package/info.json") -> bytes:
        (folder / "info.json").write_text("{}")
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            archive.add(folder / "info.json", name)
        return buffer.getvalue()

    def test_an_archive_that_is_there_is_unpacked_once(self, tmp_path: Path) -> None:
        archive = self.packed(tmp_path)
        (tmp_path / "a-b-1.0.tgz").write_bytes(archive)
        folder = sources.fetch(self.source(archive), tmp_path)
        assert folder == tmp_path / "a-b-1.0"
        assert (folder / "package/info.json").read_text() == "{}"
        (folder / "package/info.json").write_text("kept")
        assert sources.fetch(self.source(archive), tmp_path) == folder
        assert (folder / "package/info.json").read_text() == "kept"

    def test_another_archive_than_the_library_was_made_from_is_refused(self, tmp_path: Path) -> None:
        archive = self.packed(tmp_path)
        (tmp_path / "a-b-1.0.tgz").write_bytes(archive + b" ")
        with pytest.raises(ValueError, match=r"has the SHA-256 .* expected"):
            sources.fetch(self.source(archive), tmp_path)
        assert not (tmp_path / "a-b-1.0").exists()

    def test_nothing_is_unpacked_outside_the_folder(self, tmp_path: Path) -> None:
        archive = self.packed(tmp_path, "../../outside.json")
        (tmp_path / "a-b-1.0.tgz").write_bytes(archive)
        with pytest.raises(tarfile.FilterError):
            sources.fetch(self.source(archive), tmp_path)

    def test_the_names_of_archives_are_those_of_their_registries(self) -> None:
        assert sources.WORDNET.archive == "wordnet-base_1%3a3.0-37_all.deb"
        assert sources.CLDR.archive == "cldr-annotations-full-48.2.0.tgz"
        assert sources.NOTO.archive == "iconify-json-noto-1.2.9.tgz"


# --- pictures ------------------------------------------------------------------------------------------------


def drawn(file: Path, drawing: str, size: tuple[int, int] = (100, 100)) -> bytes | None:
    file.write_text(svg(drawing, size), "utf-8")
    found = candidate.Candidate("c/x", file, "", "", (), "", "", "", "", "", None, "")
    return candidate.content(found, file.parent / f"cache-{len(drawing)}-{size}")


def side(content: bytes | None) -> int:
    assert content
    with Image.open(io.BytesIO(content)) as picture:
        return max(picture.size)


def test_a_drawing_is_cut_to_its_ink_and_as_large_as_its_bytes_allow(tmp_path: Path) -> None:
    simple = drawn(tmp_path / "simple.svg", '<rect x="30" y="40" width="40" height="40" fill="red"/>')
    assert 500 <= side(simple) <= 512
    with Image.open(io.BytesIO(simple or b"")) as picture:
        assert abs(picture.width - picture.height) <= 8
    sizes = [(len(found), side(found)) if (found := dotted(tmp_path, number)) else None for number in (30, 50, 90)]
    (small, first), (large, second), nothing = sizes
    assert (first, second) == (200, 200), "busy drawings are small"
    assert small <= 4_000 < large <= 6_500, "a very busy one is packed harder"
    assert nothing is None, "one that is busier still is left out"


def dotted(folder: Path, number: int) -> bytes | None:
    chance = np.random.default_rng(1).integers((0, 0, 0), (100, 100, 0xFFFFFF), (number, 3))
    dots = (f'<circle cx="{x}" cy="{y}" r="2" fill="#{color:06x}"/>' for x, y, color in chance)
    return drawn(folder / f"{number}.svg", "".join(dots))


def test_a_picture_that_no_service_would_analyse_is_not_kept(tmp_path: Path) -> None:
    def kept(height: int) -> bool:
        file = tmp_path / f"{height}.png"
        Image.new("RGB", (200, height), "red").save(file)
        strip = candidate.Candidate("c/x", file, "", "", (), "", "", "", "", "", None, "", photo=True)
        return program.prepare(strip, tmp_path) is not None

    assert (kept(50), kept(49)) == (True, False)


def test_what_cannot_be_drawn_or_is_blank_is_nothing_and_is_not_tried_again(tmp_path: Path) -> None:
    for name, drawing in (("blank", ""), ("white", '<rect width="100" height="100" fill="white"/>'), ("bad", "<g")):
        assert drawn(tmp_path / f"{name}.svg", drawing) is None
    kept = tmp_path / "cache-0-(100, 100)/drawn-4000/c/x.webp"
    assert kept.read_bytes() == b""
    kept.write_bytes(b"drawn earlier")
    assert drawn(tmp_path / "blank.svg", "") == b"drawn earlier"


def test_a_dot_on_a_large_page_is_not_drawn_on_a_page_of_forty_thousand_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, widths = resvg_py.svg_to_bytes, []

    def note(width: int, **more: Any) -> bytes:
        widths.append(width)
        return bytes(draw(width=min(width, 400), **more))

    monkeypatch.setattr(resvg_py, "svg_to_bytes", note)
    assert drawn(tmp_path / "dot.svg", '<rect x="50" y="50" width="1" height="1"/>')
    assert widths == [160, 4000]


def test_a_silhouette_is_no_line_drawing_and_lines_are() -> None:
    lines, silhouette, shaded = (Image.new("RGBA", (200, 200)) for _ in range(3))
    ImageDraw.Draw(lines).ellipse((10, 10, 190, 190), outline="black", width=4)
    ImageDraw.Draw(silhouette).ellipse((10, 10, 190, 190), fill="black")
    ImageDraw.Draw(shaded).ellipse((10, 10, 190, 190), fill="gray", outline="black", width=4)
    assert [program._is_line_drawing(image) for image in (lines, silhouette, shaded)] == [True, False, False]


class TestLikeness:
    def picture(self, color: str = "brown", moved: int = 0) -> Image.Image:
        image = Image.new("RGB", (200, 200), "white")
        ImageDraw.Draw(image).polygon([(20 + moved, 180), (60 + moved, 40), (100, 120), (180, 80), (160, 190)], color)
        return image

    def test_the_same_drawing_a_little_changed_is_a_near_duplicate(self) -> None:
        looks = [likeness.look(self.picture()), likeness.look(self.picture(moved=2))]
        assert likeness.near_duplicate(*looks)
        assert likeness.distinct(looks) == [0]

    def test_another_color_or_shape_is_another_picture(self) -> None:
        images = [self.picture(), self.picture("blue"), self.picture().resize((200, 150))]
        assert likeness.distinct([likeness.look(image) for image in images]) == [0, 1, 2]

    def test_families_are_those_that_look_or_are_named_alike(self) -> None:
        upside_down = self.picture().rotate(180)
        images = [self.picture(), self.picture("blue"), upside_down, upside_down.rotate(90), self.picture().rotate(90)]
        titles = ["Dog 1", "Cat", "dog (2)", "House", "Tree b and w"]
        first, second, third, fourth, fifth = likeness.families([likeness.look(image) for image in images], titles)
        assert first == second == third
        assert len({first, fourth, fifth}) == 3


def test_a_mixed_page_takes_one_of_each_topic_in_turn() -> None:
    def item(topic: str, name: str) -> program.Prepared:
        found = candidate.Candidate(f"{topic}/{name}", Path(), "", "", (), "", "", "", "", "", None, topic)
        return program.Prepared(found, b"", (1, 1), False, False, None, None)  # type: ignore[arg-type]

    items = [item("a", str(n)) for n in range(4)] + [item("b", str(n)) for n in range(2)] + [item("c", "0")]
    order = sorted(range(7), key=program.mixed(items).__getitem__)
    assert [items[i].candidate.topic for i in order] == ["a", "b", "c", "a", "b", "a", "a"]


def test_a_sheet_of_many_pictures_is_several(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(buffer, "PNG")
    sheets.write_sheets([("red", buffer.getvalue())] * 151, tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["00.png", "01.png"]


# --- words ---------------------------------------------------------------------------------------------------


def test_the_other_words_of_a_picture_tell_which_meaning_is_meant(tmp_path: Path) -> None:
    words = WordNet(wordnet(tmp_path) / "usr/share/wordnet")
    assert words.sense("dog") == 10, "the commonest comes first"
    assert words.sense("dogs", ["person", "dull", "unattractive"]) == 12
    assert words.sense("dogs", ["puppy", "animal"]) == 10
    assert words.sense("entity") is None, "a word without a broader one says nothing"
    assert words.broader(11) == ["dog", "domestic dog", "animal", "beast"], "entity would find everything"
    assert (words.lemma("mice"), words.lemma("puppies"), words.lemma("zebra")) == ("mouse", "puppy", None)


def test_a_plural_is_told_in_other_languages_and_the_word_in_a_compound_is_not(
    library: Library, tmp_path: Path
) -> None:
    lexicon = Lexicon(WordNet(wordnet(tmp_path) / "usr/share/wordnet"), {"dog": ("hund", "perro")}, {"hot dog"})
    dogs = replace(entries(library)["House"], title="Two dogs", keywords=())
    assert lexicon.described(dogs, ["zwei"])["translations"] == "zwei hund perro"
    hot_dog = replace(dogs, title="Hot dog", keywords=("dog",))
    assert lexicon.described(hot_dog, ["hund", "wurst"]) == {
        "title": "hotdog hot",
        "keywords": "",
        "translations": "wurst",
        "text": "",
        "synonyms": "hotdog frankfurter hot",
        "broader": "sausage food",
    }


def test_a_house_is_drawn_with_lines(tmp_path: Path) -> None:
    assert 500 <= side(drawn(tmp_path / "house.svg", HOUSE)) <= 512
