"""Languages: tags and captions in Spanish, Portuguese, Japanese and Chinese.

The words are in `words.txt`; nothing is translated by a machine. A tag without a clean translation is left out, and
so is a thing beside the subject. A caption whose subject has none can't be said: that is a `CannotSay`, for which the
service answers what it answered for a language that it didn't know.

Spanish is that of Spain, Portuguese that of Brazil, Chinese is written with simplified characters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from . import everyday
from .captions import MOST
from .objects import PARENTS
from .readings import Analysis, Description, Meaning, Named, Sentence

LANGUAGES = ("en", "es", "ja", "pt", "zh")
"""Codes of the languages that an answer can be in: those of the service's v2.0."""

WORDS = Path(__file__).with_name("words.txt")
COLUMNS = ("es", "pt", "ja", "zh")


class CannotSay(ValueError):
    """A caption that can't be said in a language, because a word for its subject is missing."""


def translate(found: Analysis, language: str) -> Analysis:
    """The same answer with its tags and its description in another language: one of `LANGUAGES`.

    Names of objects and categories stay as they are, as in the service's answers. An unknown language is a
    ValueError, a caption that can't be said in it a `CannotSay` (which is a ValueError too).

    >>> from cvhelpers.ondevice.engine import TagScore
    >>> dogs = Sentence("two dogs", 0.9, Meaning("agreed", (Named("dog", 2),), place="on the grass"))
    >>> answer = Analysis(80, 60, description=Description(("dog", "outdoor"), (dogs,)), tags=(TagScore("dog", 0.9),))
    >>> translate(answer, "es").description.captions[0].text, translate(answer, "pt").tags[0].name
    ('dos perros en la hierba', 'cachorro')
    >>> [translate(answer, language).description.captions[0].text for language in ("ja", "zh")]
    ['草の上の2匹の犬', '草地上的两只狗']
    """
    if language not in LANGUAGES:
        raise ValueError(f"no answers in {language!r}; there are answers in {', '.join(LANGUAGES)}")
    if language == "en":
        return found
    tags, description = found.tags, found.description
    if tags is not None:
        tags = tuple(replace(tag, name=word) for tag in tags if (word := name(tag.name, language)))
    if description is not None:
        captions = tuple(replace(caption, text=say(caption, language)) for caption in description.captions)
        described = (name(tag, language) for tag in description.tags)
        description = Description(tuple(dict.fromkeys(filter(None, described))), captions)
    return replace(found, tags=tags, description=description)


# --- words -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Noun:
    """A word: `one` as in a list of tags, `article` and `many` in Spanish and Portuguese, `measure` in Chinese."""

    one: str
    many: str = ""
    article: str = ""
    measure: str = ""


@cache
def nouns() -> dict[str, dict[str, Noun]]:
    """For each language the words in `words.txt`."""
    found: dict[str, dict[str, Noun]] = {language: {} for language in COLUMNS}
    for line in WORDS.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        english, *columns = (column.strip() for column in line.split("|"))
        for language, text in zip(COLUMNS, columns, strict=True):
            if text:
                found[language][english] = european(text) if language in ("es", "pt") else eastern(text)
    return found


def european(text: str) -> Noun:
    """
    >>> european("una araña/arañas"), european("pan")
    (Noun(one='araña', many='arañas', article='una', measure=''), Noun(one='pan', many='', article='', measure=''))
    """
    one, _, many = text.partition("/")
    article, _, word = one.partition(" ")
    return Noun(word, many, article) if article in ARTICLES else Noun(one, many)


def eastern(text: str) -> Noun:
    """
    >>> eastern("狗 只"), eastern("犬")
    (Noun(one='狗', many='', article='', measure='只'), Noun(one='犬', many='', article='', measure=''))
    """
    word, _, measure = text.partition(" ")
    return Noun(word, measure=measure)


ARTICLES = {"un", "una", "um", "uma", "el", "o"}


def name(word: str, language: str) -> str:
    """A tag in another language; empty if there is no word for it."""
    noun = nouns()[language].get(word)
    return noun.one if noun else ""


def color(word: str, language: str) -> str:
    """A colour: "orange" is a fruit too."""
    return name(f"{word} (color)", language) or name(word, language)


def kind(word: str, of: str) -> bool:
    """Whether a word is of a kind: "dog" of "animal"."""
    classes = everyday.family(word)
    return of in PARENTS.get(word, ()) or (bool(classes) and classes <= everyday.table()[of])


# --- sentences ---------------------------------------------------------------------------------------------


def say(caption: Sentence, language: str) -> str:
    """A caption in another language, without the things that there is no word for."""
    meaning = caption.meaning
    if meaning is None:
        raise CannotSay(f"the caption {caption.text!r} has no meaning that could be said in {language!r}")
    known = tuple(thing for thing in meaning.things if name(thing.word, language))
    if meaning.things[:1] != known[:1]:
        raise CannotSay(f"there is no word for {meaning.things[0].word!r} in {language!r}")
    return SENTENCES[language](replace(meaning, things=known))


@dataclass(frozen=True)
class Romance:
    """What Spanish and Portuguese say differently. The rest of their sentences is built alike."""

    language: str
    numbers: tuple[tuple[str, str], ...]
    several: tuple[str, str]
    group: str
    words: str
    sign: str
    page: str
    scene: str
    mainly: str
    grey: str
    joined: dict[str, str]
    manners: dict[str, str]

    def __call__(self, meaning: Meaning) -> str:
        if meaning.kind == "page":
            return self.page.format(meaning.quote)
        manner = self.manners.get(meaning.manner, "")
        if meaning.kind == "colors":
            colors = [color(word, self.language) for word in meaning.colors]
            return f"{manner} {self.mainly} {self.listed(colors)}" if colors else self.grey
        place = PLACES[meaning.place][COLUMNS.index(self.language)] if meaning.place else ""
        said = self.linked(meaning)
        if meaning.kind == "scene" and not said:
            said = self.scene
        if meaning.quote and meaning.sign:
            sign = self.sign.format(meaning.quote)
            alone = not said or meaning.things[0].word == "sign"
            said = sign if alone else f"{said} {self.joined['and']} {sign}"
        elif meaning.quote and not said:
            said = self.words.format(meaning.quote)
        elif meaning.quote:
            place = f"{place} {self.joined['with']} {self.words.format(meaning.quote)}".strip()
        text = f"{said} {place}".strip()
        return f"{manner} de {text}" if manner else text

    def linked(self, meaning: Meaning) -> str:
        things = [self.counted(thing) for thing in meaning.things]
        if len(things) == 2 and meaning.link == "and":
            return self.listed(things)
        return f" {self.joined['with']} ".join(things)

    def listed(self, phrases: list[str]) -> str:
        """Joined by "and": in Spanish "y" becomes "e" before an i."""
        link = self.joined["and"]
        if self.language == "es" and phrases[-1].startswith(("i", "hi")):
            link = "e"
        return f" {link} ".join(phrases)

    def counted(self, thing: Named) -> str:
        """
        >>> [SENTENCES["pt"].counted(thing) for thing in (Named("dog"), Named("cow", 2), Named("bird", 0))]
        ['um cachorro', 'duas vacas', 'pássaros']
        """
        noun = nouns()[self.language][thing.word]
        if (special := SPECIAL.get(thing.word)) and (thing.count == 1 or not noun.many):
            return special[COLUMNS.index(self.language)]
        if not noun.many:
            return noun.one
        female = noun.article in ("una", "uma") or noun.one in ("águila", "arma")
        if thing.count == 1:
            return f"{noun.article} {noun.one}"
        if thing.word == "person" and thing.count > MOST:
            return self.group
        number = {0: ("", ""), MOST + 1: self.several}.get(thing.count) or self.numbers[thing.count - 2]
        return f"{number[female]} {noun.many}".strip()


@dataclass(frozen=True)
class Eastern:
    """What Japanese and Chinese say differently: in both, the place and the number stand before the thing."""

    language: str
    of: str
    together: str
    words: str
    sign: str
    page: str
    scene: str
    mainly: str
    grey: str
    counted: Callable[[Named, Noun], str]
    manners: dict[str, str]

    def __call__(self, meaning: Meaning) -> str:
        if meaning.kind == "page":
            return self.page.format(meaning.quote)
        manner = self.manners.get(meaning.manner, "")
        if meaning.kind == "colors":
            colors = [color(word, self.language) for word in meaning.colors]
            return self.mainly.format(self.together.join(colors), manner) if colors else self.grey
        things = [self.thing(thing) for thing in meaning.things]
        if meaning.kind == "scene" and not things:
            things = [self.scene]
        if meaning.quote and meaning.sign:
            alone = things and meaning.things[0].word == "sign"
            things = [*([] if alone else things), self.sign.format(meaning.quote)]
        elif meaning.quote:
            things = [*things, self.words.format(meaning.quote)]
        place = PLACES[meaning.place][COLUMNS.index(self.language)] if meaning.place else ""
        said = self.of.join(filter(None, [place, self.together.join(things)]))
        return f"{said}{self.of}{manner}" if manner else said

    def thing(self, thing: Named) -> str:
        if (special := SPECIAL.get(thing.word)) and thing.count == 1:
            return special[COLUMNS.index(self.language)]
        return self.counted(thing, nouns()[self.language][thing.word])


def japanese(thing: Named, noun: Noun) -> str:
    """
    >>> words = {"cup": 2, "person": 3, "bird": 2, "dog": 0}
    >>> [japanese(Named(word, number), nouns()["ja"][word]) for word, number in words.items()]
    ['2つのカップ', '3人', '2羽の鳥', '犬']
    """
    if thing.word == "person" and thing.count > 1:
        return f"{thing.count}人" if thing.count <= MOST else "人々"
    if thing.count > MOST:
        return f"たくさんの{noun.one}"
    return f"{thing.count}{counter(thing.word)}の{noun.one}" if thing.count > 1 else noun.one


def counter(word: str) -> str:
    """The word with which Japanese counts a thing. Large animals are told by their measure word in Chinese."""
    measure = nouns()["zh"].get(word, Noun("")).measure
    if kind(word, "bird") or word == "bird":
        return "羽"
    if kind(word, "animal"):
        return "頭" if measure in ("头", "匹") else "匹"
    if kind(word, "vehicle"):
        return {"艘": "隻", "架": "機"}.get(measure, "台")
    return "冊" if word == "book" else "つ"


def chinese(thing: Named, noun: Noun) -> str:
    """
    >>> words = {"cup": 1, "bus": 2, "person": 6, "dog": 0}
    >>> [chinese(Named(word, number), nouns()["zh"][word]) for word, number in words.items()]
    ['一个杯子', '两辆公共汽车', '一群人', '几只狗']
    """
    if not noun.measure:
        return noun.one
    if thing.count > MOST:
        return "一群人" if thing.word == "person" else f"许多{noun.one}"
    return f"{('几', '一', '两', '三', '四', '五')[thing.count]}{noun.measure}{noun.one}"


# Things that are said in a way of their own, if there is one: Spanish, Portuguese, Japanese, Chinese.
SPECIAL = {
    "coffee": ("una taza de café", "uma xícara de café", "コーヒー", "一杯咖啡"),
    "wine": ("una copa de vino", "uma taça de vinho", "ワイン", "一杯葡萄酒"),
    "soup": ("un plato de sopa", "um prato de sopa", "スープ", "一碗汤"),
    "sky": ("el cielo", "o céu", "空", "天空"),
    "plant": ("plantas verdes", "plantas verdes", "緑の植物", "绿色植物"),
    "electronics": ("un aparato electrónico", "um aparelho eletrônico", "電子機器", "电子产品"),
    "scissors": ("unas tijeras", "uma tesoura", "はさみ", "一把剪刀"),
}
# Places as captions say them: Spanish, Portuguese, Japanese (before の), Chinese (before 的).
PLACES = {
    "on the grass": ("en la hierba", "na grama", "草の上", "草地上"),
    "on the water": ("en el agua", "na água", "水の上", "水面上"),
    "near the water": ("cerca del agua", "perto da água", "水辺", "水边"),
    "in the sky": ("en el cielo", "no céu", "空", "天空中"),
    "at a desk": ("ante un escritorio", "junto a uma escrivaninha", "机の前", "书桌前"),
    "on a desk": ("en un escritorio", "em uma escrivaninha", "机の上", "书桌上"),
    "at a table": ("a la mesa", "à mesa", "テーブルの前", "桌旁"),
    "on a table": ("en una mesa", "em uma mesa", "テーブルの上", "桌子上"),
    "among plants": ("entre plantas", "entre plantas", "植物の間", "植物丛中"),
    "on a bed": ("en una cama", "em uma cama", "ベッドの上", "床上"),
    "on a couch": ("en un sofá", "em um sofá", "ソファの上", "沙发上"),
    "on a bench": ("en un banco", "em um banco", "ベンチの上", "长椅上"),
    "on a tennis court": ("en una pista de tenis", "em uma quadra de tênis", "テニスコート", "网球场上"),
    "on a sports field": ("en un campo deportivo", "em um campo esportivo", "競技場", "运动场上"),
    "in the snow": ("en la nieve", "na neve", "雪の中", "雪地里"),
    "on a beach": ("en una playa", "em uma praia", "浜辺", "海滩上"),
    "on a street": ("en una calle", "em uma rua", "通り", "街道上"),
    "on railway tracks": ("en las vías del tren", "nos trilhos", "線路の上", "铁轨上"),
    "in the mountains": ("en las montañas", "nas montanhas", "山の中", "山里"),
    "under a blue sky": ("bajo un cielo azul", "sob um céu azul", "青空の下", "蓝天下"),
    "outdoors": ("al aire libre", "ao ar livre", "屋外", "户外"),
    "indoors": ("en un interior", "em um ambiente interno", "屋内", "室内"),
    "in a kitchen": ("en una cocina", "em uma cozinha", "台所", "厨房里"),
    "in a bathroom": ("en un baño", "em um banheiro", "浴室", "浴室里"),
    "in a bedroom": ("en un dormitorio", "em um quarto", "寝室", "卧室里"),
    "in a living room": ("en una sala de estar", "em uma sala de estar", "居間", "客厅里"),
    "in a shop": ("en una tienda", "em uma loja", "店内", "商店里"),
    "in a library": ("en una biblioteca", "em uma biblioteca", "図書館", "图书馆里"),
    "in a restaurant": ("en un restaurante", "em um restaurante", "レストラン", "餐馆里"),
    "on a stage": ("en un escenario", "em um palco", "舞台の上", "舞台上"),
    "in a church": ("en una iglesia", "em uma igreja", "教会の中", "教堂里"),
}
MANNERS = ("a picture", "a drawing", "a line drawing", "a black and white photo")

SENTENCES: dict[str, Romance | Eastern] = {
    "es": Romance(
        language="es",
        numbers=(("dos", "dos"), ("tres", "tres"), ("cuatro", "cuatro"), ("cinco", "cinco")),
        several=("varios", "varias"),
        group="un grupo de personas",
        words="las palabras “{}”",
        sign="un letrero que dice “{}”",
        page="una página de texto que empieza con “{}”",
        scene="una escena",
        mainly="con predominio de",
        grey="una imagen en blanco y negro",
        joined={"and": "y", "with": "con"},
        manners=dict(
            zip(MANNERS, ("una imagen", "un dibujo", "un dibujo lineal", "una foto en blanco y negro"), strict=True)
        ),
    ),
    "pt": Romance(
        language="pt",
        numbers=(("dois", "duas"), ("três", "três"), ("quatro", "quatro"), ("cinco", "cinco")),
        several=("vários", "várias"),
        group="um grupo de pessoas",
        words="as palavras “{}”",
        sign="uma placa que diz “{}”",
        page="uma página de texto que começa com “{}”",
        scene="uma cena",
        mainly="com predomínio de",
        grey="uma imagem em preto e branco",
        joined={"and": "e", "with": "com"},
        manners=dict(
            zip(
                MANNERS, ("uma imagem", "um desenho", "um desenho de linhas", "uma foto em preto e branco"), strict=True
            )
        ),
    ),
    "ja": Eastern(
        language="ja",
        of="の",
        together="と",
        words="「{}」という文字",
        sign="「{}」と書かれた看板",
        page="「{}」で始まる文章のページ",
        scene="風景",
        mainly="主に{}の{}",
        grey="白黒の画像",
        counted=japanese,
        manners=dict(zip(MANNERS, ("画像", "絵", "線画", "白黒写真"), strict=True)),
    ),
    "zh": Eastern(
        language="zh",
        of="的",
        together="和",
        words="文字“{}”",
        sign="写着“{}”的标志牌",
        page="以“{}”开头的一页文字",
        scene="场景",
        mainly="以{}为主的{}",
        grey="黑白图片",
        counted=chinese,
        manners=dict(zip(MANNERS, ("图片", "图画", "线条画", "黑白照片"), strict=True)),
    ),
}
