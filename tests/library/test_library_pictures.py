"""What is in the library that ships, and what its door hands out."""

import io
import itertools
import re
import sqlite3
from collections import Counter

import pytest
from PIL import Image

from cvhelpers.ondevice.engine.colors import NAMES
from cvhelpers.ondevice.library import Library, Query
from cvhelpers.ondevice.library.opening import built_in
from cvhelpers.ondevice.library.palette import palette_of
from cvhelpers.ondevice.library.store import image_id
from cvhelpers.ondevice.library.transparency import on_white
from cvhelpers.protocol import bing, vision

# Every licence a picture may have, and what Bing calls what it allows.
ALLOWED = {
    ("CC-PDDC", "Public"),
    ("CC0-1.0", "Public"),
    ("Public domain", "Public"),
    ("No known copyright restrictions", "Public"),
    ("MIT", "ModifyCommercially"),
    ("Apache-2.0", "ModifyCommercially"),
}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library()


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(built_in())
    connection.row_factory = sqlite3.Row
    return connection


class TestWhatShips:
    def test_the_file_is_small(self) -> None:
        assert built_in().stat().st_size < 20_000_000

    def test_there_are_many_pictures_of_each_collection(self, database: sqlite3.Connection) -> None:
        counts = Counter(row["collection"] for row in database.execute("SELECT collection FROM pictures"))
        assert counts["Open Clip Art Library"] >= 1500
        assert counts["Fluent Emoji"] >= 500
        assert counts["Noto Emoji"] >= 250

    def test_every_licence_is_on_the_list(self, database: sqlite3.Connection) -> None:
        found = {tuple(row) for row in database.execute("SELECT DISTINCT license, permits FROM pictures")}
        assert found <= ALLOWED

    def test_every_picture_says_what_it_is_and_where_it_is_from(self, database: sqlite3.Connection) -> None:
        poor = database.execute("SELECT title FROM pictures WHERE title = '' OR collection = '' OR source = ''")
        assert poor.fetchall() == []

    def test_every_picture_decodes_is_not_blank_and_is_what_its_row_says(self, database: sqlite3.Connection) -> None:
        rows = database.execute("SELECT * FROM pictures JOIN contents ON picture = pictures.id").fetchall()
        assert len(rows) > 3000
        for row in rows:
            assert image_id(row["bytes"]) == row["image_id"]
            assert len(row["bytes"]) == row["file_size"]
            with Image.open(io.BytesIO(row["bytes"])) as image:
                assert image.size == (row["width"], row["height"])
                assert f"image/{image.format}".lower() == row["media_type"]
                small = on_white(image.resize((32, 32)))
            assert sum(small.convert("L").histogram()[:250]) > 5, row["title"]

    def test_every_picture_is_large_enough_to_be_analysed(self, database: sqlite3.Connection) -> None:
        (least,) = database.execute("SELECT min(min(width, height)) FROM pictures").fetchone()
        assert least >= vision.ANALYZE.min_side

    def test_no_two_dogs_are_near_duplicates(self, library: Library) -> None:
        dogs = library.search(Query("dog", count=60)).entries
        dogs = tuple(p for p in dogs if re.search(r"\bdogs?\b", " ".join((p.title, *p.keywords)).lower()))
        assert len(dogs) >= 20
        looks = []
        for dog in dogs:
            with Image.open(io.BytesIO(library.thumbnail(dog.image_id)[0])) as image:
                looks.append((dog.title, image.resize((16, 16)).tobytes()))
        for (title, one), (other_title, other) in itertools.combinations(looks, 2):
            difference = sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)
            assert difference > 4, (title, other_title)


class TestColors:
    @pytest.mark.parametrize(
        ("color", "name"),
        [
            ("black", "Black"), ("blue", "Blue"), ("saddlebrown", "Brown"), ("gray", "Gray"), ("green", "Green"),
            ("orange", "Orange"), ("hotpink", "Pink"), ("purple", "Purple"), ("red", "Red"), ("teal", "Teal"),
            ("white", "White"), ("yellow", "Yellow"),
        ],
    )  # fmt: skip
    def test_colors_have_their_names(self, color: str, name: str) -> None:
        assert palette_of(Image.new("RGB", (20, 20), color)).names == (name,)
        assert name in bing.COLORS

    def test_both_services_name_the_same_colors_and_spell_one_of_them_differently(self) -> None:
        """Computer Vision answered with "Grey", Bing filters by "Gray"."""
        assert {name.replace("Grey", "Gray") for name in NAMES} == set(bing.COLORS) - {"ColorOnly", "Monochrome"}

    def test_main_colors_cover_a_fifth_of_a_picture_and_the_largest_comes_first(self) -> None:
        stripes = Image.new("RGB", (32, 32), "blue")  # 16 of 32 rows
        stripes.paste("red", (0, 0, 32, 9))  # more than a fifth
        stripes.paste("yellow", (0, 9, 32, 15))  # less
        assert palette_of(stripes).names == ("Blue", "Red")

    def test_transparent_parts_do_not_count(self) -> None:
        image = Image.new("RGBA", (20, 20), (255, 255, 255, 0))
        image.paste((200, 0, 0, 255), (5, 5, 15, 15))
        assert palette_of(image).names == ("Red",)

    def test_gray_pictures_are_monochrome(self) -> None:
        assert palette_of(Image.linear_gradient("L")).monochrome
        assert not palette_of(Image.new("RGB", (20, 20), "red")).monochrome
        spotted = Image.new("RGB", (32, 32), "gray")
        spotted.paste("red", (0, 0, 6, 6))  # 36 of 1024: more than three in a hundred
        assert not palette_of(spotted).monochrome
        spotted.paste("gray", (0, 0, 2, 6))
        assert palette_of(spotted).monochrome


class TestTheDoor:
    @pytest.mark.parametrize(("limits", "side"), [({}, 474), ({"width": 600}, 600), ({"height": 500}, 500)])
    def test_a_thumbnail_of_no_size_has_at_most_474_pixels_a_side(
        self, library: Library, limits: dict[str, int], side: int
    ) -> None:
        large = library.search(Query("", min_height=550)).entries[0]
        with Image.open(io.BytesIO(library.thumbnail(large.image_id, **limits)[0])) as image:
            assert side in image.size

    def test_a_picture_is_known_by_its_id(self, library: Library) -> None:
        found = library.search(Query("dog")).entries[0]
        assert re.fullmatch(r"[0-9a-f]{40}", found.image_id)
        assert library.details(found.image_id) == found
        content, media_type = library.picture(found.image_id)
        assert (len(content), media_type) == (found.file_size, found.media_type)

    def test_an_unknown_id_is_a_key_error(self, library: Library) -> None:
        for ask in (library.details, library.picture, library.thumbnail):
            with pytest.raises(KeyError):
                ask("0" * 40)

    @pytest.mark.parametrize(
        ("limits", "crop"), [({}, False), ({"width": 100}, False), ({"width": 80, "height": 80}, False),
                             ({"width": 120, "height": 40}, True), ({"width": 900, "height": 900}, True)]
    )  # fmt: skip
    def test_thumbnails_keep_within_their_limits(self, library: Library, limits: dict[str, int], crop: bool) -> None:
        cars = library.search(Query("car", count=5)).entries
        assert len(cars) == 5
        for found in cars:
            content, media_type = library.thumbnail(found.image_id, **limits, crop=crop)
            with Image.open(io.BytesIO(content)) as image:
                assert (image.format, media_type) == ("JPEG", "image/jpeg")
                if crop:
                    assert image.size == (limits["width"], limits["height"])
                else:
                    assert image.width <= limits.get("width", 474)
                    assert image.height <= limits.get("height", 474)
                    assert image.width / image.height == pytest.approx(found.width / found.height, rel=0.05)

    def test_a_thumbnail_of_no_size_is_refused(self, library: Library) -> None:
        found = library.search(Query("car")).entries[0]
        for wrong in ({"width": 0}, {"height": 1025}, {"width": 10, "crop": True}):
            with pytest.raises(ValueError, match=r"pixels|crop"):
                library.thumbnail(found.image_id, **wrong)  # type: ignore[arg-type]
