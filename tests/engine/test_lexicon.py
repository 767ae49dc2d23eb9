"""Words that are none are read once more with a lexicon. Codes, names and numbers stay as they are written."""

from __future__ import annotations

import numpy as np
import pytest

from cvhelpers.ondevice.engine import Engine, decoding, lexicon, ocr
from cvhelpers.ondevice.engine.decoding import Character, Steps
from cvhelpers.ondevice.engine.lexicon import Lexicon

from . import pages

ENGLISH = Lexicon(
    {
        "the": 7.5,
        "last": 6.0,
        "week": 5.6,
        "weed": 4.0,
        "till": 5.5,
        "a": 7.3,
        "shelf": 4.2,
        "yesterday": 5.0,
        "mountains": 4.6,
    }
)
Choice = dict[str, float]


def steps_of(*choices: Choice) -> Steps:
    return Steps(tuple(tuple(choice.items()) for choice in choices), float(len(choices)))


def plainly(steps: Steps) -> tuple[Character, ...]:
    """The characters that are likeliest at each step. No letter of these lines comes twice in a row."""
    best = [max(choice, key=lambda pair: pair[1]) for choice in steps.choices]
    return tuple(steps.character(text, sure, step) for step, (text, sure) in enumerate(best) if text)


def spelt(*choices: Choice) -> str:
    steps = steps_of(*choices)
    return "".join(character.text for character in decoding.spelt(plainly(steps), steps, ENGLISH))


def sure(text: str) -> list[Choice]:
    return [{letter: 0.99} for letter in text]


def test_a_letter_that_makes_no_word_gives_way_to_one_that_does():
    assert (
        spelt(*sure("w"), {"c": 0.9, "e": 0.09}, *sure("ek")) == "wcek"
    )  # "wek" is no word either: nothing is changed
    assert spelt(*sure("we"), {"c": 0.9, "e": 0.05}, *sure("d")) == "wecd"
    assert spelt(*sure("the l"), {"o": 0.9, "a": 0.09}, *sure("st")) == "the last"


def test_two_of_a_letter_need_a_blank_between_them():
    assert spelt(*sure("the w"), {"e": 0.99}, {"": 0.9}, {"c": 0.9, "e": 0.09}, *sure("k")) == "the week"


def test_words_without_a_space_are_parted_where_one_was_nearly_seen():
    assert spelt(*sure("last"), {"": 0.95, " ": 0.05}, *sure("shelf")) == "last shelf"
    assert spelt(*sure("last"), {"": 0.99, " ": 0.01}, *sure("shelf")) == "lastshelf"
    assert spelt(*sure("last"), {"": 1.0}, *sure("shelf")) == "lastshelf"


def test_a_space_within_a_word_is_taken_out_where_it_was_hardly_seen():
    unsure = {" ": 0.6, "": 0.4}
    assert spelt(*sure("the sh"), unsure, *sure("elf")) == "the shelf"  # neither "sh" nor "elf" is a word
    assert spelt(*sure("the sh"), {" ": 1.0}, *sure("elf")) == "the sh elf"
    assert spelt(*sure("the"), unsure, *sure("we"), unsure, {"e": 0.9}, *sure("k")) == "the week"


def test_what_was_mended_is_not_mended_once_more_with_the_words_before_it(monkeypatch):
    monkeypatch.setattr(decoding, "respelt", lambda *args: (Character("X", 1.0, 0.5),))
    assert spelt(*sure("lost a wel")) == "X X"  # "lost" and "a wel"


def test_the_longer_an_unknown_word_the_likelier_it_is_several():
    missing = {"": 0.99, " ": 0.01}
    assert spelt(*sure("last"), missing, *sure("shelf")) == "lastshelf"
    assert spelt(*sure("yesterday"), missing, *sure("mountains")) == "yesterday mountains"


def test_capitals_say_nothing_where_all_are_capitals():
    assert spelt(*sure("LAST"), {"": 0.97, " ": 0.03}, *sure("SHELF")) == "LAST SHELF"
    assert spelt(*sure("Last"), {"": 0.97, " ": 0.03}, *sure("Shelf")) == "LastShelf"


def test_what_the_recogniser_saw_no_sign_of_is_not_read():
    assert spelt(*sure("lost")) == "lost"


@pytest.mark.parametrize("text", ["XK-47-B", "kJ8xQz", "QA76.9", "17:30", "4096C", "foo_bar"])
def test_codes_and_numbers_stay_as_they_are(text: str):
    unsure = [{"e": 0.2, "a": 0.15} | {letter: 0.6} for letter in text]
    assert spelt(*unsure) == text


def test_a_number_beside_a_word_is_parted_from_it_and_kept():
    unsure = {"1": 0.6, "7": 0.3}
    assert spelt(*sure("til"), {"": 0.9}, *sure("l"), {"": 0.9, " ": 0.09}, unsure, *sure("2:30")) == "till 12:30"


def test_no_digit_of_a_number_becomes_a_letter():
    unsure = {"1": 0.6, "l": 0.35}
    assert spelt(unsure, *sure("ast")) == "last"
    assert spelt(unsure, *sure("ast12")) == "1ast12"


def test_a_known_word_is_never_changed_for_a_commoner_one():
    assert spelt(*sure("the we"), {"": 0.9}, *sure("e"), {"d": 0.5, "k": 0.49}) == "the weed"


def test_each_character_stands_where_its_step_is():
    steps = steps_of(*sure("the l"), {"o": 0.9, "a": 0.09}, *sure("st"))
    read = decoding.spelt(plainly(steps), steps, ENGLISH)
    assert [character.position for character in read] == pytest.approx((np.arange(8) + 0.5) / 8)
    assert read[5] == Character("a", 0.09, 5.5 / 8)  # as sure as the recogniser was of it


@pytest.mark.parametrize("code", lexicon.LANGUAGES)
def test_every_language_has_a_lexicon_with_its_licence(code: str):
    words = lexicon.of_language(code)
    assert words is not None
    assert len(words.words) > 25_000
    assert 3.0 <= min(words.words.values()) < max(words.words.values()) < 8.0
    head = (lexicon.FOLDER / f"{code}.txt").read_text("utf-8").split("\n1")[0]
    assert "wordfreq" in head
    assert "Attribution-ShareAlike 4.0" in head


def test_a_page_in_an_unknown_language_is_read_as_it_is(engine: Engine):
    page = pages.sheet("Xqwz vrelt plonk\nGlimf satorb nedja", "open-sans", 30)
    assert engine.read(page).text == "Xqwz vrelt plonk\nGlimf satorb nedja"


def test_misspelt_words_in_print_stay_misspelt(engine: Engine):
    written = "I definately recieved the parsel\nand teh letter from Wojciech Brzeski,\nshelf QA76.9, code XK-4471-B"
    assert engine.read(pages.sheet(written, "source-serif-4", 30)).text == written


def test_rules_and_squares_are_paler_than_pencil():
    strip = np.full((48, 400, 3), 248, np.uint8)
    strip[40:42] = (195, 207, 224)  # a rule
    strip[10:38, ::20] = strip[10:38, 1::20] = 150  # strokes of a pencil
    clean = ocr.contrasted(strip)
    assert clean[0, 5].min() >= 254
    assert clean[20, 0].max() < 80


def test_light_letters_on_a_dark_ground_keep_their_contrast():
    strip = np.full((48, 400, 3), 70, np.uint8)
    strip[10:38, ::20] = 240
    strip[:4] = 5  # a shadow
    assert (ocr.contrasted(strip) == strip).all()
