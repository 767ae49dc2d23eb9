"""JSON schemas of the service's answers, as small as they can be and closed: a key that is not here is a fault."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def obj(optional: Schema | None = None, **required: Schema) -> Schema:
    """An object with these keys and no others."""
    properties = {name.replace("__", "-"): schema for name, schema in {**required, **(optional or {})}.items()}
    names = [name.replace("__", "-") for name in required]
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}


def many(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def word(*allowed: str) -> Schema:
    return {"type": "string", "enum": list(allowed)}


TEXT: Schema = {"type": "string"}
TRUTH: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
SCORE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
UUID: Schema = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
COLOR = word("Black Blue Brown Grey Green Orange Pink Purple Red Teal White Yellow".split()[0],
             *"Blue Brown Grey Green Orange Pink Purple Red Teal White Yellow".split())  # fmt: skip
RGB: Schema = {"type": "string", "pattern": "^[0-9A-F]{6}$"}
FOUR: Schema = {"type": "string", "pattern": r"^-?\d+,-?\d+,\d+,\d+$"}
EIGHT: Schema = {"type": "array", "items": {"type": "integer"}, "minItems": 8, "maxItems": 8}
TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}

RECTANGLE = obj(x=COUNT, y=COUNT, w=COUNT, h=COUNT)
PARENT: Schema = {"$ref": "#/$defs/parent"}
DEFS = {"parent": obj({"parent": PARENT}, object=TEXT, confidence=SCORE)}

PARTS: Schema = {
    "categories": many(
        obj({"detail": obj({"celebrities": many(TEXT), "landmarks": many(TEXT)})}, name=TEXT, score=SCORE)
    ),
    "adult": obj(isAdultContent=TRUTH, isRacyContent=TRUTH, adultScore=SCORE, racyScore=SCORE),
    "color": obj(
        {"isBWImg": TRUTH},  # which version writes it is a test of its own
        dominantColorForeground=COLOR,
        dominantColorBackground=COLOR,
        dominantColors=many(COLOR),
        accentColor=RGB,
        isBwImg=TRUTH,
    ),
    "imageType": obj(clipArtType={"enum": [0, 1, 2, 3]}, lineDrawingType={"enum": [0, 1]}),
    "tags": many(obj({"hint": TEXT}, name=TEXT, confidence=SCORE)),
    "description": obj(tags=many(TEXT), captions=many(obj(text=TEXT, confidence=SCORE))),
    "faces": many(obj(faceRectangle=obj(left=COUNT, top=COUNT, width=COUNT, height=COUNT))),
    "objects": many(obj({"parent": PARENT}, rectangle=RECTANGLE, object=TEXT, confidence=SCORE)),
    "areaOfInterest": RECTANGLE,
    "brands": {"const": []},
}


def about_picture(version: str, *parts: str) -> Schema:
    """An answer with these parts, the request's id and what is known of the picture."""
    metadata = obj(width=COUNT, height=COUNT, format=word("Jpeg", "Png", "Gif", "Bmp"))
    newer = {"modelVersion": word("latest")} if version == "v3.2" else {}
    found = {name: PARTS[name] for name in parts}
    return {"$defs": DEFS, **obj(requestId=UUID, metadata=metadata, **newer, **found)}


def ocr(version: str) -> Schema:
    line = obj(boundingBox=FOUR, words=many(obj(boundingBox=FOUR, text=TEXT)))
    newer = {"modelVersion": word("latest")} if version == "v3.2" else {}
    return obj(
        language=TEXT,
        textAngle={"type": "number"},
        orientation=word("Up", "Down", "Left", "Right", "NotDetected"),
        regions=many(obj(boundingBox=FOUR, lines=many(line))),
        **newer,
    )


MODELS = obj(models=many(obj(name=TEXT, categories=many(TEXT))))

LINES = many(
    obj(
        boundingBox=EIGHT,
        text=TEXT,
        words=many(obj({"confidence": word("Low", "High")}, boundingBox=EIGHT, text=TEXT)),
    )
)
MEASURED_LINES = many(
    obj(boundingBox=EIGHT, text=TEXT, words=many(obj(boundingBox=EIGHT, text=TEXT, confidence=SCORE)))
)
PAGE: Schema = {"type": "integer", "minimum": 1}

TEXT_OPERATION = obj(status=word("Succeeded"), recognitionResult=obj(lines=LINES))

BATCH_READ_OPERATION = obj(
    status=word("Succeeded"),
    recognitionResults=many(
        obj(
            page=PAGE,
            clockwiseOrientation={"type": "number", "minimum": 0, "exclusiveMaximum": 360},
            width=COUNT,
            height=COUNT,
            unit=word("pixel"),
            lines=LINES,
        )
    ),
)


def read_operation(version: str) -> Schema:
    """The end of a read operation, with pages of pictures."""
    model = {"model__version": word("latest")} if version == "v3.2" else {}
    page = obj(
        {"language": TEXT},
        page=PAGE,
        angle={"type": "number", "minimum": -180, "exclusiveMaximum": 180},
        width=COUNT,
        height=COUNT,
        unit=word("pixel"),
        lines=MEASURED_LINES,
    )
    return obj(
        status=word("succeeded"),
        createdDateTime=TIME,
        lastUpdatedDateTime=TIME,
        analyzeResult=obj(version=word(f"{version[1:]}.0"), readResults=many(page), **model),
    )


QUERY = obj(text=TEXT, displayText=TEXT, webSearchUrl=TEXT, searchLink=TEXT, thumbnail=obj(thumbnailUrl=TEXT))
IMAGE = obj(
    {
        "contentSize": {"type": "string", "pattern": r"^\d+ B$"},
        "datePublished": TIME,
        "creator": TEXT,
        "creativeCommons": TEXT,
        "attribution": TEXT,
    },
    webSearchUrl=TEXT,
    name=TEXT,
    thumbnailUrl=TEXT,
    contentUrl=TEXT,
    hostPageUrl=TEXT,
    encodingFormat=word("jpeg", "png", "gif", "bmp"),
    hostPageDisplayUrl=TEXT,
    width=COUNT,
    height=COUNT,
    thumbnail=obj(width=COUNT, height=COUNT),
    imageInsightsToken=TEXT,
    insightsMetadata=obj(shoppingSourcesCount=COUNT, recipeSourcesCount=COUNT),
    imageId={"type": "string", "pattern": "^[0-9a-f]{40}$"},
    accentColor=RGB,
)
MANY_IMAGES = obj(value=many(IMAGE))

IMAGES = obj(
    {"warnings": many(TEXT), "nextOffset": COUNT},
    _type=word("Images"),
    instrumentation=obj(_type=TEXT),
    readLink=TEXT,
    webSearchUrl=TEXT,
    queryContext=obj({"alteredQuery": TEXT}, originalQuery=TEXT),
    totalEstimatedMatches=COUNT,
    currentOffset=COUNT,
    queryExpansions=many(QUERY),
    pivotSuggestions=many(obj(pivot=TEXT, suggestions=many(QUERY))),
    similarTerms=many(QUERY),
    relatedSearches=many(QUERY),
    value=many(IMAGE),
)

INSIGHTS = obj(
    {
        "bestRepresentativeQuery": QUERY,
        "imageCaption": obj(caption=TEXT, dataSourceUrl=TEXT, relatedSearches=many(QUERY)),
        "pagesIncluding": MANY_IMAGES,
        "relatedSearches": obj(value=many(QUERY)),
        "imageTags": obj(value=many(obj(name=TEXT))),
        "visuallySimilarImages": MANY_IMAGES,
    },
    _type=word("ImageInsights"),
    imageInsightsToken=TEXT,
)
TRENDING = obj(
    _type=word("TrendingImages"),
    categories=many(obj(title=TEXT, tiles=many(obj(query=QUERY, image=IMAGE)))),
)

# --- errors: who words them, and how

FLAT = obj(code=TEXT, message=TEXT, requestId=UUID)
NESTED = obj(
    error=obj(
        code=word("InvalidRequest", "InvalidArgument", "InternalServerError", "ServiceUnavailable"),
        message=TEXT,
        innererror=obj(code=TEXT, message=TEXT),
    )
)
OLD_GATEWAY = obj(statusCode={"type": "integer"}, message=TEXT)
NEW_GATEWAY = obj(error=obj(code=TEXT, message=TEXT))
BING_ERROR = obj(
    _type=word("ErrorResponse"),
    errors=many(obj({"subCode": TEXT, "parameter": TEXT, "value": TEXT}, code=TEXT, message=TEXT)),
)
