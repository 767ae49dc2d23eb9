"""Tags and captions: what a person would name first comes first, and nothing is said that is not sure.

The models are not run here: the tests say what they found (`findings.py`). How well the rules do on photographs is
measured by `python -m benchmarks.photographs`.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvhelpers.ondevice.engine import (
    DetectedFace,
    ImageStyle,
    Rect,
    captions,
    categories,
    everyday,
    objects,
    places,
    tags,
    things,
)
from cvhelpers.ondevice.engine.captions import distinct
from cvhelpers.ondevice.engine.classes import Classes, members, rows
from cvhelpers.ondevice.engine.readings import Meaning, Named
from cvhelpers.ondevice.engine.wordlist import words

from .findings import BLACK_AND_WHITE, classes, line, scenery, sight, thing


def tagged(found: things.Sight) -> dict[str, float]:
    seen = places.find(found.classes, found.objects, found.scenery)
    return {tag.name: tag.confidence for tag in tags.write(found, things.gather(found), seen, dark=0.0)}


def said(**known: object) -> str:
    found = sight(**known)
    return captions.write(found, things.gather(found), places.find(found.classes, found.objects, found.scenery)).text


# --- how sure a word must be ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("confidence", "is_tag"), [(0.24, False), (0.25, True), (0.31, True)])
def test_a_word_is_a_tag_from_a_quarter_on(confidence: float, is_tag: bool):
    found = tags.write(sight(), [SimpleNamespace(word="zebra", confidence=confidence, also=())], [], dark=0.0)
    assert ("zebra" in [tag.name for tag in found]) == is_tag


@pytest.mark.parametrize(("confidence", "is_first"), [(0.49, False), (0.5, True), (0.59, True)])
def test_what_is_less_likely_than_not_is_a_guess_and_comes_last(confidence: float, is_first: bool):
    street = [places.Place("street", 0.6)]
    found = tags.write(sight(), [SimpleNamespace(word="zebra", confidence=confidence, also=())], street, dark=0.0)
    assert (found[0].name == "zebra") == is_first


@pytest.mark.parametrize(("share", "is_tag"), [(0.69, False), (0.71, True)])
def test_a_class_is_a_tag_by_its_own_name_if_the_classifier_is_quite_sure(share: float, is_tag: bool):
    assert ("Egyptian cat" in tagged(sight(classes=classes(Egyptian_cat=share)))) == is_tag


@pytest.mark.parametrize(("share", "is_tag"), [(0.49, False), (0.5, True)])
def test_a_colour_is_a_tag_if_it_covers_half_of_the_picture(share: float, is_tag: bool):
    assert ("green" in tagged(sight(largest_color=("Green", share)))) == is_tag


@pytest.mark.parametrize(("dark", "is_tag"), [(0.5, False), (0.51, True)])
def test_a_picture_is_dark_if_it_is_more_dark_than_light(dark: float, is_tag: bool):
    assert ("dark" in [tag.name for tag in tags.write(sight(), [], [], dark)]) == is_tag


# --- everyday words ----------------------------------------------------------------------------------------


def test_every_word_is_one_of_wordnets():
    known = set(members())
    used = {*everyday.RENAMED, *places.OUTDOOR_CLASSES, *places.INDOOR_CLASSES, *places.WILD, *things.FLOWERS}
    for listed in categories.FROM_CLASSES.values():
        used |= set(words(listed))
    for branch in objects.BRANCHES.values():
        used |= branch
    assert sorted(used - known) == []
    assert all(everyday.table().values())


def test_every_class_has_one_everyday_word():
    named = [everyday.everyday(index) for index in range(1000)]
    assert all(named)
    assert set(named) <= set(everyday.words())


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Pekinese", "dog"), ("timber wolf", "wolf"), ("Egyptian cat", "cat"), ("tiger", "tiger"), ("macaw", "parrot"),
        ("drake", "duck"), ("robin", "bird"), ("monarch", "butterfly"), ("minivan", "van"), ("cab", "taxi"),
        ("trolleybus", "bus"), ("moped", "motorcycle"), ("espresso", "coffee"), ("Granny Smith", "apple"),
        ("alp", "mountain"), ("seashore", "beach"), ("beacon", "lighthouse"), ("mouse", "computer mouse"),
        ("Komodo dragon", "lizard"), ("accordion", "accordion"),
    ],
)  # fmt: skip
def test_a_class_is_called_what_a_person_would_say(name: str, word: str):
    assert everyday.everyday([row.name for row in rows()].index(name)) == word


def test_breeds_add_up_to_dogs():
    seen = classes(beagle=0.3, Pembroke=0.3, collie=0.3)
    assert seen.share(["dog"]) == pytest.approx(0.9, abs=0.02)
    assert list(everyday.named(seen)) == ["dog"]


def test_the_narrowest_sure_word_is_taken():
    assert list(everyday.named(classes(lemon=0.7, orange=0.2))) == ["lemon"]
    assert list(everyday.named(classes(lemon=0.3, orange=0.3, banana=0.3))) == ["fruit"]


def test_the_two_cranes_are_told_apart():
    cranes = [row.broader for row in rows() if row.name == "crane"]
    assert len(cranes) == 2
    assert sorted("bird" in broader for broader in cranes) == [False, True]


def test_a_blind_guess_names_nothing():
    assert everyday.named(Classes(np.full(1000, 0.001))) == {}


# --- things ------------------------------------------------------------------------------------------------


def test_two_names_of_one_thing_are_merged_and_strengthen_each_other():
    alone = things.gather(sight(objects=(thing("bird"),)))[0]
    (both,) = things.gather(sight(objects=(thing("bird"),), classes=classes(macaw=0.9)))
    assert (both.word, both.also) == ("bird", ("parrot",))
    assert both.strength > alone.strength
    assert both.confidence > alone.confidence


def test_the_larger_of_two_sure_things_comes_first():
    near, far = thing("car", 0.8, Rect(0, 0, 300, 200)), thing("bus", 0.9, Rect(300, 0, 30, 20))
    assert [found.word for found in things.gather(sight(objects=(far, near)))] == ["car", "bus"]


def test_what_people_carry_comes_after_them():
    person, tie = thing("person", 0.7, Rect(100, 50, 100, 200)), thing("tie", 0.95, Rect(100, 50, 100, 200))
    assert [found.word for found in things.gather(sight(objects=(tie, person)))] == ["person", "tie"]


def test_nobody_names_the_sky_before_a_sure_thing():
    open_air = {"classes": classes(seashore=0.2, pier=0.2), "scenery": scenery(blue_sky=0.9, sky=0.9)}
    assert things.gather(sight(**open_air))[0].word == "sky"
    far = thing("person", 0.8, Rect(200, 200, 10, 25))
    assert things.gather(sight(objects=(far,), **open_air))[0].word == "person"


def test_a_vivid_colour_among_insects_is_a_flower():
    seen = classes(daisy=0.2, bee=0.2, sulphur_butterfly=0.2)
    assert things.gather(sight(classes=seen, scenery=scenery(vivid_center=0.8)))[0].word == "flower"
    assert things.gather(sight(classes=seen))[0].word != "flower"


# --- tags --------------------------------------------------------------------------------------------------


def test_the_thing_comes_before_its_broader_words_and_the_place():
    found = sight(objects=(thing("dog"),), classes=classes(beagle=0.8), scenery=scenery(green_below=0.9, blue_sky=0.9))
    names = list(tagged(found))
    assert names[0] == "dog"
    assert names.index("dog") < names.index("animal") < names.index("grass") < names.index("outdoor")
    assert names[-1] == "outdoor"


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from([row.name for row in rows()]), st.floats(0, 0.3), max_size=4),
    st.lists(st.tuples(st.sampled_from(sorted(objects.BRANCHES)), st.floats(0.5, 1)), max_size=4),
    st.floats(0, 1),
)
def test_no_tag_is_surer_than_the_one_before_it(seen, seen_objects, blue):
    shares = {name.replace(" ", "_"): share for name, share in seen.items()}
    found = sight(
        classes=classes(**shares), objects=tuple(thing(*pair) for pair in seen_objects), scenery=scenery(blue_sky=blue)
    )
    confidences = list(tagged(found).values())
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 < confidence < 1 for confidence in confidences)


def test_a_page_of_text_is_tagged_as_text_first():
    lines = tuple(line(f"Line {i} of the letter", Rect(20, 20 + 40 * i, 350, 30)) for i in range(5))
    assert next(iter(tagged(sight(lines=lines, classes=classes(book_jacket=0.9))))) == "text"


def test_classes_of_a_drawing_are_not_believed():
    found = sight(classes=classes(beagle=0.9), image_type=ImageStyle(3, 0))
    assert list(tagged(found)) == ["drawing"]


# --- places ------------------------------------------------------------------------------------------------


def named_places(seen: Classes, *kinds: str, **shares: float) -> list[str]:
    return [place.word for place in places.find(seen, [thing(kind) for kind in kinds], scenery(**shares))]


def test_one_witness_names_no_place():
    assert named_places(classes(seashore=0.3)) == []
    assert named_places(classes(), blue_sky=0.9, sky=0.9) == []  # it may be a wall
    assert "kitchen" not in named_places(classes(), "oven")


def test_two_witnesses_name_a_place():
    assert "beach" in named_places(classes(seashore=0.3), "surfboard")
    assert "kitchen" in named_places(classes(), "oven", "refrigerator")
    assert "street" in named_places(classes(), "bus", "traffic light")
    assert "outdoors" in named_places(classes(barn=0.4), blue_sky=0.9, sky=0.9)


def test_a_desert_is_no_beach():
    assert "beach" not in named_places(classes(sandbar=0.7), sand_below=0.9, blue_sky=0.9, sky=0.9)
    assert "beach" in named_places(classes(sandbar=0.7), sand_below=0.5, water=0.3, blue_sky=0.9, sky=0.9)
    found = sight(classes=classes(sandbar=0.7), scenery=scenery(sand_below=0.9))
    assert things.gather(found)[0].word == "landscape"


def test_an_airplane_on_the_ground_is_not_in_the_sky():
    assert "sky" not in named_places(classes(airliner=0.9), "airplane", sky=0.9, blue_sky=0.9, grey_below=0.8)
    assert "sky" in named_places(classes(airliner=0.9), "airplane", sky=0.9, blue_sky=0.9, blue_below=0.9)


def test_without_green_there_is_no_grass():
    assert "grass" not in named_places(classes(zebra=0.8), "zebra", sand_below=0.8)
    assert "grass" in named_places(classes(zebra=0.8), "zebra", green_below=0.6)


def test_a_laptop_is_not_always_on_a_desk():
    assert "office" not in named_places(classes(laptop=0.9), "laptop")
    assert "office" in named_places(classes(laptop=0.9), "laptop", "computer mouse")


def test_a_room_has_no_meadow():
    assert "grass" not in named_places(classes(), "couch", "television", "dog", green_below=0.6)


# --- captions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ({"objects": (thing("cat"),), "classes": classes(tabby=0.8)}, "a cat"),
        ({"classes": classes(palace=0.5, monastery=0.3)}, "a palace outdoors"),
        ({"objects": (thing("dog"),), "classes": classes(beagle=0.8), "image_type": ImageStyle(3, 0)},
         "a drawing of a dog"),
        ({"colors": BLACK_AND_WHITE}, "a black and white picture"),
        ({"classes": classes(street_sign=0.3), "lines": (line("NO ENTRY"),)}, "a sign that reads “NO ENTRY”"),
        ({"lines": (line("SALE"),)}, "the words “SALE”"),
        ({"objects": (thing("cup"),), "lines": (line("HOT"),)}, "a cup with the words “HOT”"),
        ({"colors": BLACK_AND_WHITE, "lines": (line("SALE"),), "width": 800, "height": 600},
         "a black and white photo with the words “SALE”"),
        ({"classes": classes(espresso=0.9),
          "objects": (thing("cup", 0.9), thing("dining table", 0.8, Rect(0, 0, 400, 300)))},
         "a cup of coffee on a table"),
    ],
)  # fmt: skip
def test_a_caption(known: dict, text: str):
    assert said(**known) == text


def test_a_subject_with_its_thing_and_its_place():
    person, laptop = thing("person", 0.95, Rect(50, 20, 200, 250)), thing("laptop", 0.9, Rect(150, 150, 120, 80))
    keyboard = thing("keyboard", 0.8, Rect(150, 220, 80, 30))
    assert said(objects=(person, laptop, keyboard)) == "a person with a laptop at a desk"


def test_what_one_of_several_people_wears_is_not_said_of_all():
    people = tuple(thing("person", 0.95, Rect(200 * n, 20, 150, 250)) for n in range(2))
    tie = thing("tie", 0.9, Rect(60, 80, 40, 90))
    assert said(objects=(people[0], tie)) == "a person wearing a tie"
    assert said(objects=(*people, tie)) == "two people with a tie"


def test_two_dogs_on_the_grass():
    dogs = thing("dog", 0.9, Rect(10, 100, 150, 150)), thing("dog", 0.8, Rect(200, 100, 150, 150))
    assert said(objects=dogs, classes=classes(beagle=0.7), scenery=scenery(green_below=0.8)) == "two dogs on the grass"


def test_who_sits_at_a_table_has_the_feet_there():
    person, table = thing("person", 0.9, Rect(100, 20, 100, 200)), thing("dining table", 0.8, Rect(50, 150, 300, 140))
    assert said(objects=(person, table)) == "a person at a table"


def test_a_box_and_one_that_lies_in_it_are_one():
    small, large = Rect(10, 10, 10, 10), Rect(0, 0, 100, 100)
    assert distinct([small, large]) == [small]
    assert distinct([large, small]) == [large]


def test_what_lies_on_a_couch():
    cat, couch = thing("cat", 0.9, Rect(100, 100, 150, 100)), thing("couch", 0.8, Rect(20, 80, 360, 200))
    assert said(objects=(cat, couch)) == "a cat on a couch"


def test_a_number_is_given_only_if_it_is_sure():
    dogs = thing("dog", 0.9, Rect(10, 100, 150, 150)), thing("dog", 0.8, Rect(200, 100, 150, 150))
    assert said(objects=dogs) == "two dogs"
    assert said(objects=dogs[:1], doubtful=dogs[1:]) == "dogs"
    assert said(objects=tuple(thing("dog", 0.9, Rect(50 * i, 0, 40, 100)) for i in range(7))) == "several dogs"
    faces = tuple(DetectedFace(Rect(50 * i, 10, 40, 40), 0.9) for i in range(3))
    assert said(faces=faces) == "three people"
    bodies = tuple(thing("person", 0.9, Rect(80 * i, 10, 60, 200)) for i in range(5))
    assert said(faces=faces, objects=bodies) == "people"


def test_one_unsure_witness_names_nothing():
    found = sight(classes=classes(lemon=0.3), objects=(thing("vase", 0.4),))
    caption = captions.write(found, things.gather(found), ())
    assert caption.text == "a picture that is mainly grey"
    assert caption.confidence < 0.2


def test_the_confidence_is_that_of_captions_of_its_kind():
    agreed = sight(classes=classes(tabby=0.8), objects=(thing("cat"),))
    alone = sight(objects=(thing("cat", 0.6),))
    by_kind = [captions.write(found, things.gather(found), ()).confidence for found in (agreed, alone)]
    assert by_kind == [captions.RIGHT["agreed"], captions.RIGHT["likely"]]


def test_a_page_of_text():
    lines = tuple(line(f"Line {i} of the letter", Rect(20, 20 + 40 * i, 350, 30)) for i in range(5))
    for number in (5, 3):
        assert said(lines=lines[:number]) == "a page of text that begins “Line 0 of the letter”"
    large = [line(one.text, Rect(20, 20, 350, 120)) for one in lines[:2]]
    assert said(lines=tuple(large)) == "the words “Line 0 of the letter Line 1 of the letter”", "two lines are no page"


@settings(deadline=None)
@given(
    st.sampled_from(sorted(everyday.words())),
    st.integers(0, 6),
    st.sampled_from(["", "outdoors", *captions.PHRASES.values()]),
)
def test_every_word_can_be_said(word: str, number: int, place: str):
    text = captions.english(Meaning("sure", (Named(word, number),), place=place))
    assert text == " ".join(text.split())
    assert text.endswith(place)
