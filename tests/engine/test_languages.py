"""Answers in the five languages of the service's v2.0. What can't be said well is left out, or not said at all."""

from __future__ import annotations

import re

import pytest

from cvhelpers.ondevice.engine import (
    Analysis,
    Description,
    TagScore,
    captions,
    colors,
    everyday,
    languages,
    objects,
    tags,
)
from cvhelpers.ondevice.engine.readings import Meaning, Named, Sentence

OTHERS = ("es", "pt", "ja", "zh")


def said(language: str, kind: str = "agreed", **known: object) -> str:
    meaning = Meaning(kind, **known)  # type: ignore[arg-type]
    return languages.say(Sentence(captions.english(meaning), 0.9, meaning), language)


def test_what_the_detector_names_can_be_said_in_every_language():
    kinds = {name for name in objects.NAMES if name not in ("", "background")}
    for language in OTHERS:
        assert sorted(kinds - set(languages.nouns()[language])) == []


def test_most_everyday_words_can_be_said_in_every_language():
    for language in OTHERS:
        known = set(everyday.table()) & set(languages.nouns()[language])
        assert len(known) > 0.95 * len(everyday.table())


def test_every_place_color_and_manner_can_be_said():
    places = {*captions.PHRASES.values(), *(phrase for pair in captions.SUPPORTS.values() for phrase in pair)}
    assert places <= set(languages.PLACES)
    for language in OTHERS:
        assert all(languages.color(name.lower(), language) for name in colors.NAMES)
        for tag in (*tags.PLACE_TAGS.values(), "text", "drawing", "black and white", "dark", "street", "kitchen"):
            assert languages.name(tag, language), tag


def test_words_stand_in_the_script_of_their_language():
    for word, noun in languages.nouns()["ja"].items():
        assert re.search("[\u3040-\u30ff\u4e00-\u9fff]", noun.one), word
    for word, noun in languages.nouns()["zh"].items():
        assert re.fullmatch("[\u4e00-\u9fff]+", noun.one), word
        assert re.fullmatch("[\u4e00-\u9fff]?", noun.measure), word
    for language in ("es", "pt"):
        for word, noun in languages.nouns()[language].items():
            assert bool(noun.many) == bool(noun.article) or word in ("sky",), word


@pytest.mark.parametrize(
    ("known", "es", "pt", "ja", "zh"),
    [
        ({"things": (Named("dog", 2),), "place": "on the grass"},
         "dos perros en la hierba", "dois cachorros na grama", "草の上の2匹の犬", "草地上的两只狗"),
        ({"things": (Named("person"), Named("laptop")), "link": "with", "place": "at a desk"},
         "una persona con un portátil ante un escritorio", "uma pessoa com um notebook junto a uma escrivaninha",
         "机の前の人とノートパソコン", "书桌前的一个人和一台笔记本电脑"),
        ({"things": (Named("person", 6),), "place": "on a street"},
         "un grupo de personas en una calle", "um grupo de pessoas em uma rua", "通りの人々", "街道上的一群人"),
        ({"things": (Named("cow", 0),), "manner": "a black and white photo"},
         "una foto en blanco y negro de vacas", "uma foto em preto e branco de vacas", "牛の白黒写真",
         "几头牛的黑白照片"),
        ({"things": (Named("bus"),), "quote": "STOP", "sign": True},
         "un autobús y un letrero que dice “STOP”", "um ônibus e uma placa que diz “STOP”",
         "バスと「STOP」と書かれた看板", "一辆公共汽车和写着“STOP”的标志牌"),
        ({"things": (Named("cup"),), "quote": "hot"},
         "una taza con las palabras “hot”", "uma xícara com as palavras “hot”", "カップと「hot」という文字",
         "一个杯子和文字“hot”"),
        ({"kind": "page", "quote": "Dear Anna"},
         "una página de texto que empieza con “Dear Anna”", "uma página de texto que começa com “Dear Anna”",
         "「Dear Anna」で始まる文章のページ", "以“Dear Anna”开头的一页文字"),
        ({"kind": "colors", "manner": "a picture", "colors": ("blue", "orange")},
         "una imagen con predominio de azul y naranja", "uma imagem com predomínio de azul e laranja",
         "主に青とオレンジ色の画像", "以蓝色和橙色为主的图片"),
        ({"kind": "scene", "place": "outdoors"},
         "una escena al aire libre", "uma cena ao ar livre", "屋外の風景", "户外的场景"),
    ],
)  # fmt: skip
def test_a_caption_in_four_languages(known: dict, es: str, pt: str, ja: str, zh: str):
    assert [said(language, **known) for language in OTHERS] == [es, pt, ja, zh]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("number", range(7))
def test_every_word_can_be_counted(language: str, number: int):
    for word in languages.nouns()[language]:
        text = said(language, things=(Named(word, number),))
        assert text
        assert text == text.strip()


def test_a_tag_without_a_translation_is_left_out():
    answer = Analysis(9, 9, tags=(TagScore("dog", 0.9), TagScore("Pekinese", 0.8), TagScore("outdoor", 0.7)))
    assert [tag.name for tag in languages.translate(answer, "es").tags or ()] == ["perro", "aire libre"]


def test_a_caption_without_a_word_for_its_subject_is_not_said():
    unknown = Sentence("an abacus", 0.8, Meaning("sure", (Named("abacus"),)))
    answer = Analysis(9, 9, description=Description(("abacus",), (unknown,)))
    with pytest.raises(languages.CannotSay, match="abacus"):
        languages.translate(answer, "ja")


def test_a_thing_beside_the_subject_is_left_out_if_there_is_no_word_for_it():
    assert said("es", things=(Named("person"), Named("abacus")), link="with") == "una persona"


def test_an_unknown_language():
    with pytest.raises(ValueError, match="'fr'"):
        languages.translate(Analysis(9, 9), "fr")


def test_english_stays_as_it_is():
    answer = Analysis(9, 9, tags=(TagScore("dog", 0.9),))
    assert languages.translate(answer, "en") is answer
