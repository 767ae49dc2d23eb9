"""The library's pages and entries as the JSON that Bing wrote. What nobody knows of a picture is left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from urllib.parse import urlencode, urlsplit

from ...protocol import addresses
from ..library import Entry, Library, Query, SearchPage
from .bing_query import insights_token
from .errors import JsonObject
from .library_pictures import LibraryPictures, thumbnail_size

TRENDING = {
    "Animals": ("puppies", "kittens", "horses", "birds", "fish", "butterflies"),
    "Food and drink": ("fruit", "cake", "bread", "coffee", "vegetables", "ice cream"),
    "Out of doors": ("flowers", "trees", "mountains", "sun", "sea", "rain"),
    "Getting around": ("cars", "bicycles", "trains", "ships", "aeroplanes", "rockets"),
}
"""What is shown as trending: a choice of ours, for nobody counts what is searched for here."""
_SIMILAR = 12


def images(page: SearchPage, query: Query, base: str, pictures: LibraryPictures) -> JsonObject:
    """A page of results. ``base`` is the scheme and host under which the caller reaches this service."""
    search = f"images/search?{urlencode({'q': query.text})}"
    altered = {"alteredQuery": page.corrected_query} if page.corrected_query else {}
    text = page.corrected_query or query.text
    following = {"nextOffset": page.next_offset} if page.next_offset < page.total else {}
    warnings = {"warnings": [_instead(text, page.instead)]} if page.instead and page.entries else {}
    return {
        "_type": "Images",
        "instrumentation": {"_type": "ResponseInstrumentation"},
        "readLink": search,
        "webSearchUrl": f"{base}/bing/v7.0/{search}",
        "queryContext": {"originalQuery": query.text, **altered},
        "totalEstimatedMatches": page.total,
        **following,
        "currentOffset": query.offset,
        "value": [image(entry, base, pictures) for entry in page.entries],
        "queryExpansions": [_query(f"{text} {word}", base, word) for word in page.related],
        "pivotSuggestions": _pivots(text, page.related, base),
        "similarTerms": [_query(word, base) for word in page.widened],
        "relatedSearches": [_query(word, base) for word in page.related],
        **warnings,
    }


def _instead(text: str, others: Sequence[str]) -> str:
    words = " or ".join(f'"{word}"' for word in others)
    return f'No picture is described with "{text}". These pictures were found with another word: {words}.'


def insights(
    library: Library, pictures: LibraryPictures, entry: Entry, modules: Collection[str], base: str
) -> JsonObject:
    """What is known of one picture: of the parts that Bing had, those that a library of pictures can answer."""
    shown = {"value": [image(entry, base, pictures)]}
    parts: dict[str, JsonObject] = {
        "BRQ": {"bestRepresentativeQuery": _query(entry.title, base)},
        "Caption": {
            "imageCaption": {
                "caption": entry.description or entry.title,
                "dataSourceUrl": _host_page(entry, base),
                "relatedSearches": [],
            }
        },
        "PagesIncluding": {"pagesIncluding": shown},
        "RelatedSearches": {"relatedSearches": {"value": [_query(word, base) for word in entry.keywords]}},
        "Tags": {"imageTags": {"value": [{"name": word} for word in entry.keywords]}},
    }
    answer = {"_type": "ImageInsights", "imageInsightsToken": insights_token(entry.image_id)}
    for module, part in parts.items():
        if module in modules or "All" in modules:
            answer |= part
    if "SimilarImages" in modules or "All" in modules:
        alike = _similar(library, entry)
        answer["visuallySimilarImages"] = {"value": [image(one, base, pictures) for one in alike]}  # type: ignore[assignment]
    return answer


def trending(library: Library, pictures: LibraryPictures, base: str) -> JsonObject:
    """Categories of searches, each with the picture that fits it best."""
    categories = []
    for title, texts in TRENDING.items():
        found = [(text, library.search(Query(text, count=1)).entries) for text in texts]
        tiles = [{"query": _query(text, base), "image": image(one[0], base, pictures)} for text, one in found if one]
        categories.append({"title": title, "tiles": tiles})
    return {"_type": "TrendingImages", "categories": categories}


def image(entry: Entry, base: str, pictures: LibraryPictures) -> JsonObject:
    """One picture. The sizes and formats are those of the files at the addresses it names."""
    page = _host_page(entry, base)
    width, height = thumbnail_size(entry.width, entry.height)
    file = pictures.known_file(entry)
    known = {
        "contentSize": f"{len(file.data)} B" if file else "",
        "datePublished": _time(entry.published),
        "creator": entry.author,
        "creativeCommons": entry.license,
        "attribution": ", ".join(part for part in (entry.author, entry.collection, entry.license) if part),
    }
    return {
        "webSearchUrl": page,
        "name": entry.title,
        "thumbnailUrl": f"{base}{addresses.THUMBNAIL_PATH}?id={entry.image_id}&pid=Api",
        "contentUrl": f"{base}{addresses.CONTENT_PATH}/{entry.image_id}",
        "hostPageUrl": page,
        "encodingFormat": file.encoding if file else "jpeg",
        "hostPageDisplayUrl": urlsplit(page).netloc + urlsplit(page).path,
        "width": entry.width,
        "height": entry.height,
        "thumbnail": {"width": width, "height": height},
        "imageInsightsToken": insights_token(entry.image_id),
        "insightsMetadata": {"shoppingSourcesCount": 0, "recipeSourcesCount": 0},
        "imageId": entry.image_id,
        "accentColor": entry.accent_color,
        **{name: text for name, text in known.items() if text},
    }


def _query(text: str, base: str, shown: str = "") -> JsonObject:
    """A query that a person may go on with, and the picture that fits it best."""
    link = f"{base}{addresses.SEARCH_PATHS[0]}?{urlencode({'q': text})}"
    thumbnail = f"{base}{addresses.THUMBNAIL_PATH}?{urlencode({'q': text, 'pid': 'Api'})}"
    return {
        "text": text,
        "displayText": shown or text,
        "webSearchUrl": link,
        "searchLink": link,
        "thumbnail": {"thumbnailUrl": thumbnail},
    }


def _pivots(text: str, related: Collection[str], base: str) -> list[JsonObject]:
    """For each word of a query, queries with another word in its place."""
    words = text.split()
    return [
        {
            "pivot": word,
            "suggestions": [
                _query(" ".join([*words[:place], other, *words[place + 1 :]]), base, other) for other in related
            ],
        }
        for place, word in enumerate(words)
    ]


def _similar(library: Library, entry: Entry) -> list[Entry]:
    """Pictures of the same kind in the same main colour that the same words describe: nobody has compared pixels."""
    color = entry.colors[0] if entry.colors and not entry.monochrome else None
    words = " ".join((entry.title, *entry.keywords))[:200]
    page = library.search(Query(words, count=_SIMILAR + 1, image_type=entry.kind, color=color))
    return [one for one in page.entries if one.image_id != entry.image_id][:_SIMILAR]


def _host_page(entry: Entry, base: str) -> str:
    if entry.source.startswith(("http://", "https://")):
        return entry.source
    return f"{base}{addresses.CONTENT_PATH}/{entry.image_id}"


def _time(day: date | None) -> str:
    return f"{day.isoformat()}T00:00:00.0000000Z" if day else ""
