"""What a person who searches the library may expect."""

import itertools
import random
import re
import sqlite3
import statistics
import string
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date

import pytest

from cvhelpers.ondevice.library import Entry, Library, Query, SearchPage
from cvhelpers.ondevice.library.opening import built_in
from cvhelpers.ondevice.library.query import PERMITTED
from cvhelpers.ondevice.library.vocabulary import Vocabulary
from cvhelpers.protocol import bing

DRINKS = r"drink|beverage|coffee|tea|beer|wine|juice|cocktail|mug|cup|milk|water|glass|bottle|martini|soda"
SEA = r"ocean|sea|wave|water|island|beach|tropic|palm|fish|coral|shell|whale|dolphin|shark|boat|crab"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library()


def told(picture: Entry) -> str:
    """Everything that a picture is described with."""
    return " ".join((picture.title, picture.description, *picture.keywords)).lower()


def is_dog(picture: Entry) -> bool:
    return bool(re.search(r"\bdogs?\b|\bpupp(y|ies)\b|poodle|beagle|labrador|bulldog", told(picture)))


def share(page: SearchPage, pattern: str) -> float:
    return sum(bool(re.search(pattern, told(picture))) for picture in page.entries) / len(page.entries)


def every(library: Library, query: Query, size: int = 150) -> list[Entry]:
    """All pictures of a query, page by page as a program would ask for them."""
    found: list[Entry] = []
    offset = 0
    while True:
        fields = {**vars(query), "offset": offset, "count": size}
        page = library.search(Query(**fields))
        if not page.entries:
            return found
        found += page.entries
        offset = page.next_offset


def slip(word: str, chance: random.Random) -> str:
    """The word as a hasty person types it."""
    at = chance.randrange(1, len(word))
    other = chance.choice(string.ascii_lowercase)
    return chance.choice(
        [
            word[:at] + word[at - 1] + word[at:],
            word[:at] + word[at + 1 :],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
            word[:at] + other + word[at + 1 :],
            word[:at] + other + word[at:],
        ]
    )


class TestWhatIsFound:
    def test_puppies_fill_the_grid_with_sixteen_different_dogs(self, library: Library) -> None:
        page = library.search(Query("puppies", count=16))
        assert len({picture.image_id for picture in page.entries}) == 16
        assert all(is_dog(picture) for picture in page.entries), [p.title for p in page.entries]
        assert page.total >= 16

    def test_a_misspelling_is_corrected_and_said_so(self, library: Library) -> None:
        page = library.search(Query("pupies", count=16))
        assert page.corrected_query == "puppies"
        right = library.search(Query("puppies", count=16))
        assert (page.entries, page.related) == (right.entries, right.related)

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [("elehpant", "elephant"), ("sandwhich", "sandwich"), ("bycicle", "bicycle"), ("dgo", "dog"),
         ("buterfly", "butterfly"), ("bannana", "banana"), ("umberella", "umbrella"), ("couse", "course"),
         ("squirel", "squirrel"), ("dolfin", "dolphin"), ("pengiun", "penguin"), ("airoplane", "airplane"),
         ("choclate", "chocolate"), ("sissors", "scissors"), ("flowr", "flower")],
    )  # fmt: skip
    def test_common_misspellings(self, library: Library, wrong: str, right: str) -> None:
        assert library.search(Query(wrong)).corrected_query == right

    def test_of_a_thousand_made_up_slips_nine_in_ten_are_corrected(self) -> None:
        """Letters that were doubled, dropped, swapped, replaced or added, in the commonest words of the library."""
        with closing(sqlite3.connect(built_in())) as connection:
            weights = dict(connection.execute("SELECT word, weight FROM spelling"))
            vocabulary = Vocabulary(connection)
            common = sorted((word for word in weights if 4 <= len(word) <= 12), key=lambda word: -weights[word])[:1200]
            chance = random.Random(1)
            slips = [(slip(word, chance), word) for word in common]
            slips = [(wrong, word) for wrong, word in slips if wrong not in weights]
            right = sum(vocabulary.corrected(wrong) == word for wrong, word in slips)
        assert len(slips) > 1000
        assert right / len(slips) >= 0.9

    @pytest.mark.parametrize("text", ["puppies", "hot dog", "Hund", "tropical ocean", "zebra", "saxophone", "aquaria"])
    def test_a_word_that_is_right_is_left_alone(self, library: Library, text: str) -> None:
        assert library.search(Query(text)).total > 0
        assert library.search(Query(text)).corrected_query is None

    @pytest.mark.parametrize("text", ["qqqzzzxxx", "xyzzy", "blorp", "?!"])  # two letters of five are too many to guess
    def test_nonsense_finds_nothing_and_says_so(self, library: Library, text: str) -> None:
        page = library.search(Query(text))
        assert (page.entries, page.total, page.corrected_query) == ((), 0, None)

    @pytest.mark.parametrize(
        "word", ["Hund", "perro", "chien", "cane", "cachorro", "hond", "犬", "狗", "köpek", "собака"]
    )
    def test_a_dog_is_found_in_other_languages(self, library: Library, word: str) -> None:
        page = library.search(Query(word, count=8))
        assert len(page.entries) == 8
        assert is_dog(page.entries[0]), [p.title for p in page.entries]
        assert sum(map(is_dog, page.entries)) >= 7, [p.title for p in page.entries]

    def test_something_to_drink(self, library: Library) -> None:
        assert share(library.search(Query("something to drink", count=16)), DRINKS) >= 0.9

    def test_tropical_ocean(self, library: Library) -> None:
        page = library.search(Query("tropical ocean", count=16))
        assert len(page.entries) == 16
        assert share(page, SEA) >= 0.8, [p.title for p in page.entries]

    def test_without_words_there_is_a_bit_of_everything(self, library: Library) -> None:
        page = library.search(Query("", count=35))
        assert len(page.entries) == 35
        assert page.total == len(library)
        assert len({picture.title for picture in page.entries}) >= 30

    def test_a_word_that_usually_says_nothing_counts_where_it_is_the_only_one(self, library: Library) -> None:
        assert 0 < library.search(Query("drawing")).total < len(library)

    def test_broader_words_find_narrower_pictures(self, library: Library) -> None:
        animals = {picture.image_id for picture in every(library, Query("animal"))}
        dogs = library.search(Query("dog", count=16)).entries
        assert {picture.image_id for picture in dogs} <= animals

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("zebra", ("equine",)),  # not mammal: 93 pictures, nor animal: 336
            ("sedan", ("car", "vehicle")),  # not transport: 94 pictures
            ("letter", ("missive", "document", "text")),  # a synonym and the two nearest; writing and book are farther
            ("hot dog", ("frankfurter", "weenie", "wiener", "wienerwurst", "sausage", "meat")),
            ("ocean", ("water", "liquid")),  # 32 pictures are not enough for a page of 35
            ("toy", ()),  # 35 are
            ("animal", ()),
        ],
    )
    def test_a_search_is_widened_to_near_words_that_say_enough(
        self, library: Library, text: str, words: tuple[str, ...]
    ) -> None:
        assert library.search(Query(text)).widened == words

    @pytest.mark.parametrize(("text", "title"), [("🐶", "Dog face"), ("🍎", "Red apple"), ("☕", "Hot beverage")])
    def test_an_emoji_is_found_by_what_it_shows(self, library: Library, text: str, title: str) -> None:
        assert library.search(Query(text)).entries[0].title == title

    def test_an_irregular_plural_finds_what_its_singular_finds(self, library: Library) -> None:
        children, child = library.search(Query("children", count=8)), library.search(Query("child", count=8))
        assert children.instead == ("child",)
        assert children.entries == child.entries

    @pytest.mark.parametrize("word", ["sparrow", "robin"])
    def test_a_word_that_describes_no_picture_finds_the_nearest_broader_one(self, library: Library, word: str) -> None:
        found, birds = library.search(Query(word, count=16)), library.search(Query("bird", count=16))
        assert found.instead == ("bird",)
        assert (found.entries, found.total) == (birds.entries, birds.total)

    @pytest.mark.parametrize("query", [Query("dog"), Query("xyzzy"), Query("dog", color="Teal", license="Public")])
    def test_nothing_broader_is_searched_for_a_word_that_describes_pictures_or_means_nothing(
        self, library: Library, query: Query
    ) -> None:
        assert library.search(query).instead == ()

    @pytest.mark.parametrize(("narrow", "broad"), [("sedan", "car"), ("daisy", "flower"), ("trout", "fish")])
    def test_pictures_of_broader_things_come_after_those_of_the_thing_itself(
        self, library: Library, narrow: str, broad: str
    ) -> None:
        found = [narrow in told(entry) for entry in every(library, Query(narrow))]
        exact = found.count(True)
        assert found == [True] * exact + [False] * (len(found) - exact)
        assert library.search(Query(narrow)).total >= library.search(Query(broad, count=20)).total / 2

    @pytest.mark.parametrize(
        ("text", "count", "words"),
        [
            ("fruit", 35, ("food", "lime", "apple", "orange", "pear", "dessert", "pie", "cherry")),
            ("zebra", 35, ("animal", "dressage", "equine", "face", "farm", "horse", "horses")),
            ("zebra", 1, ()),  # no word is on two of one picture
            ("horse", 16, ("animal", "mammal", "farm", "dressage", "equine", "face", "horses", "equestrian")),
        ],
    )
    def test_a_page_suggests_the_words_that_most_of_its_pictures_share(
        self, library: Library, text: str, count: int, words: tuple[str, ...]
    ) -> None:
        assert library.search(Query(text, count=count)).related == words


class TestHotDogs:
    def test_hot_dogs_are_food_first(self, library: Library) -> None:
        page = library.search(Query("hot dog", count=3))
        assert len(page.entries) == 3
        assert all("hot dog" in picture.title.lower() for picture in page.entries)

    @pytest.mark.parametrize("word", ["dog", "dogs", "puppies", "Hund", "perro", "chien", "犬"])
    def test_they_are_not_taken_for_dogs(self, library: Library, word: str) -> None:
        titles = [picture.title.lower() for picture in every(library, Query(word))]
        assert titles
        assert not [title for title in titles if "hot dog" in title or "corn dog" in title]


class TestPages:
    @pytest.mark.parametrize("text", ["puppies", "tropical ocean", "animal", ""])
    def test_all_pages_together_hold_everything_once(self, library: Library, text: str) -> None:
        total = library.search(Query(text)).total
        ids = [picture.image_id for picture in every(library, Query(text), size=150 if not text else 17)]
        assert len(ids) == len(set(ids)) == total

    def test_the_order_does_not_depend_on_the_size_of_a_page(self, library: Library) -> None:
        assert every(library, Query("animal"), 7)[:70] == every(library, Query("animal"), 150)[:70]

    def test_past_the_end_there_is_nothing_and_the_total_stays(self, library: Library) -> None:
        page, past = library.search(Query("puppies")), library.search(Query("puppies", offset=5000))
        assert (past.entries, past.total, past.next_offset) == ((), page.total, page.total)

    def test_a_picture_can_be_put_first(self, library: Library) -> None:
        last = every(library, Query("puppies"))[-1]
        assert library.search(Query("puppies", first=last.image_id)).entries[0] == last

    def test_pictures_that_look_alike_do_not_stand_side_by_side(self, library: Library) -> None:
        with sqlite3.connect(built_in()) as connection:
            family = dict(connection.execute("SELECT image_id, family FROM pictures"))
        for text in ("animal", "flag", "fruit", "bird", "vehicle", "toy"):
            page = library.search(Query(text, count=12))
            assert len(page.entries) == 12, text
            neighbours = itertools.pairwise(family[picture.image_id] for picture in page.entries)
            assert not [pair for pair in neighbours if pair[0] == pair[1]], text


class TestFilters:
    def test_every_word_of_the_license_filter_is_known(self) -> None:
        assert set(PERMITTED) == set(bing.LICENSES)

    @pytest.mark.parametrize("license", [name for name in PERMITTED if name != "All"])
    def test_license(self, library: Library, license: str) -> None:
        """Drawings and photographs are in the public domain; emoji may be changed and sold by everyone, too."""
        pictures = every(library, Query("animal", license=license.lower()))
        emoji = set() if license == "Public" else {"ModifyCommercially"}
        assert {picture.permits for picture in pictures} == {"Public"} | emoji

    def test_public_leaves_the_emoji_out_and_modify_does_not(self, library: Library) -> None:
        public = library.search(Query("dog", license="Public")).total
        assert 0 < public < library.search(Query("dog", license="Modify")).total

    @pytest.mark.parametrize("kind", ["Clipart", "Line", "Photo"])
    def test_image_type(self, library: Library, kind: str) -> None:
        pictures = every(library, Query(image_type=kind))
        assert pictures
        assert {picture.kind for picture in pictures} == {kind}

    def test_transparent_pictures_are(self, library: Library) -> None:
        found = every(library, Query(image_type="Transparent"))
        assert 1000 < len(found) < len(library)
        assert all(picture.transparent for picture in found)

    def test_there_are_no_animations_and_nothing_for_sale(self, library: Library) -> None:
        assert library.search(Query("dog", image_type="AnimatedGif")).total == 0
        assert library.search(Query("dog", image_type="Shopping")).total == 0

    def test_sizes_share_out_everything(self, library: Library) -> None:
        total = {size: library.search(Query(size=size)).total for size in ("Small", "Medium", "Large")}
        assert sum(total.values()) == len(library)
        large = every(library, Query(size="Large"))
        assert large
        assert all(p.width >= 500 and p.height >= 500 for p in large)

    def test_aspects_share_out_everything(self, library: Library) -> None:
        total = {aspect: library.search(Query(aspect=aspect)).total for aspect in ("Square", "Wide", "Tall")}
        assert sum(total.values()) == len(library)
        wide, tall = every(library, Query("car", aspect="Wide")), every(library, Query("bottle", aspect="Tall"))
        assert wide
        assert all(p.width > 1.2 * p.height for p in wide)
        assert tall
        assert all(p.height > 1.2 * p.width for p in tall)

    @pytest.mark.parametrize("color", bing.COLORS[2:])
    def test_color(self, library: Library, color: str) -> None:
        pictures = every(library, Query(color=color))
        assert pictures
        assert all(color in picture.colors for picture in pictures)

    def test_a_red_apple_is_red(self, library: Library) -> None:
        titles = [picture.title.lower() for picture in library.search(Query("apple", color="Red")).entries]
        assert "red apple" in titles
        assert "green apple" not in titles

    def test_monochrome_and_color_share_out_everything(self, library: Library) -> None:
        gray, colored = (library.search(Query(color=name)).total for name in ("Monochrome", "ColorOnly"))
        assert gray + colored == len(library)
        assert gray > 0

    @pytest.mark.parametrize(
        ("limits", "holds"),
        [
            ({"min_width": 500}, lambda p: p.width >= 500),
            ({"max_width": 300}, lambda p: p.width <= 300),
            ({"min_height": 500, "max_height": 512}, lambda p: 500 <= p.height <= 512),
            ({"width": 512}, lambda p: p.width == 512),
            ({"height": 512}, lambda p: p.height == 512),
            ({"min_file_size": 5000}, lambda p: p.file_size >= 5000),
            ({"max_file_size": 2000}, lambda p: p.file_size <= 2000),
            ({"published_since": date(2005, 1, 1)}, lambda p: p.published >= date(2005, 1, 1)),
            ({"min_file_size": 3822, "max_file_size": 3822}, lambda p: p.file_size == 3822),
        ],
    )
    def test_limits(self, library: Library, limits: dict[str, object], holds: object) -> None:
        pictures = every(library, Query(**limits))  # type: ignore[arg-type]
        assert pictures
        assert len(pictures) < len(library)
        assert all(map(holds, pictures))  # type: ignore[arg-type]

    def test_pictures_of_the_day_itself_are_among_those_since_that_day(self, library: Library) -> None:
        newest = max(entry.published for entry in every(library, Query("")) if entry.published)
        found = every(library, Query(published_since=newest))
        assert found
        assert {entry.published for entry in found} == {newest}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"count": 0},
            {"count": 151},
            {"offset": -1},
            {"license": "Free"},
            {"color": "Mauve"},
            {"width": 5, "min_width": 3},
        ],
    )
    def test_values_out_of_range_are_refused_by_name(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Query("dog", **wrong)  # type: ignore[arg-type]


class TestManyAtOnce:
    def test_threads_share_one_library(self, library: Library) -> None:
        texts = ["puppies", "Hund", "hot dog", "pupies", "tropical ocean", ""] * 10
        alone = {text: library.search(Query(text)) for text in set(texts)}
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda text: library.search(Query(text)), texts))
        assert all(page == alone[text] for text, page in zip(texts, together, strict=True))

    def test_a_search_takes_milliseconds(self, library: Library) -> None:
        """The figure is measured by `benchmarks/library.py`; this only catches a search gone wrong."""
        times = []
        for text in ["puppies", "pupies", "tropical ocean", "animal", "Hund", "hot dog"] * 3:
            start = time.perf_counter()
            library.search(Query(text))
            times.append(time.perf_counter() - start)
        assert statistics.median(times) < 0.1

    @pytest.mark.parametrize("side", ["width", "height"])
    def test_the_least_and_the_largest_side_are_still_found(self, library: Library, side: str) -> None:
        pixels = getattr(library.search(Query("puppies")).entries[0], side)
        between = library.search(Query("", **{f"min_{side}": pixels, f"max_{side}": pixels})).total
        assert between == library.search(Query("", **{side: pixels})).total > 0

    @pytest.mark.parametrize("text", ['"', "dog AND", "NEAR(", "title:dog", "*", "(", "-", "'; DROP TABLE", "a" * 999])
    def test_the_language_of_the_index_is_not_the_users(self, library: Library, text: str) -> None:
        library.search(Query(text))
