"""The shapes of the service's answers, as JSON Schema, under the names that Microsoft's specifications give them."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TRUTH: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
SCORE: Schema = {"type": "number", "minimum": 0, "maximum": 1}


def ref(name: str) -> Schema:
    """One of `SCHEMAS` by its name.

    >>> ref("Tag")
    {'$ref': '#/components/schemas/Tag'}
    """
    return {"$ref": f"#/components/schemas/{name}"}


def many(item: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": item}


def word(*allowed: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(allowed)}


def obj(optional: Schema | None = None, /, **required: Schema) -> Schema:
    """An object that has the keys of the second kind, and may have those of the first.

    >>> obj({"hint": TEXT}, name=TEXT)["required"]
    ['name']
    """
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


def _said(description: str, schema: Schema) -> Schema:
    return {**schema, "description": description}


_ABOUT: Schema = {
    "requestId": TEXT,
    "metadata": ref("ImageMetadata"),
    "modelVersion": _said("Since v3.2.", TEXT),
}
_UPRIGHT = _said('x, y, width and height, as in "28,16,288,41": in pixels of the picture turned upright.', TEXT)
_CORNERS = _said("x and y of four corners, clockwise from the top left of the text.", many(NUMBER))
_VALUES_OF = {"type": "object", "required": ["values"]}


def _values(item: Schema) -> Schema:
    return {**_VALUES_OF, "properties": {"values": many(item)}}


SCHEMAS: Schema = {
    # --- things, v1.0 to v3.2
    "ImageUrl": obj(url=_said("The address of a picture, which the service fetches.", {**TEXT, "format": "uri"})),
    "ImageMetadata": obj(width=COUNT, height=COUNT, format=word("Jpeg", "Png", "Gif", "Bmp")),
    "BoundingRect": _said("In pixels.", obj(x=COUNT, y=COUNT, w=COUNT, h=COUNT)),
    "Category": obj(
        {"detail": obj({"celebrities": many(obj()), "landmarks": many(obj())})},
        name=_said("One of 86 names, such as outdoor_street.", TEXT),
        score=SCORE,
    ),
    "ImageTag": obj({"hint": TEXT}, name=TEXT, confidence=SCORE),
    "ImageCaption": obj(text=TEXT, confidence=SCORE),
    "ImageDescriptionDetails": obj(tags=many(TEXT), captions=many(ref("ImageCaption"))),
    "FaceDescription": _said(
        "Where a face is. Nobody is recognised, and no age is guessed.",
        obj(faceRectangle=obj(left=COUNT, top=COUNT, width=COUNT, height=COUNT)),
    ),
    "ObjectHierarchy": obj({"parent": ref("ObjectHierarchy")}, object=TEXT, confidence=SCORE),
    "DetectedObject": obj(
        {"parent": ref("ObjectHierarchy")}, rectangle=ref("BoundingRect"), object=TEXT, confidence=SCORE
    ),
    "AdultInfo": obj(isAdultContent=TRUTH, isRacyContent=TRUTH, adultScore=SCORE, racyScore=SCORE),
    "ColorInfo": obj(
        {"isBwImg": TRUTH, "isBWImg": TRUTH},
        dominantColorForeground=TEXT,
        dominantColorBackground=TEXT,
        dominantColors=many(TEXT),
        accentColor=_said("Six hexadecimal digits.", TEXT),
    ),
    "ImageType": obj(clipArtType={"enum": [0, 1, 2, 3]}, lineDrawingType={"enum": [0, 1]}),
    "ImageAnalysis": obj(
        {
            "categories": many(ref("Category")),
            "adult": ref("AdultInfo"),
            "color": ref("ColorInfo"),
            "imageType": ref("ImageType"),
            "tags": many(ref("ImageTag")),
            "description": ref("ImageDescriptionDetails"),
            "faces": many(ref("FaceDescription")),
            "objects": many(ref("DetectedObject")),
            "brands": _said("Always empty here: no model on this computer knows brands.", many(obj())),
            **_ABOUT,
        }
    ),
    "ImageDescription": obj(_ABOUT, description=ref("ImageDescriptionDetails")),
    "TagResult": obj(_ABOUT, tags=many(ref("ImageTag"))),
    "DetectResult": obj(_ABOUT, objects=many(ref("DetectedObject"))),
    "AreaOfInterestResult": obj(_ABOUT, areaOfInterest=ref("BoundingRect")),
    "ListModelsResult": obj(models=many(obj(name=TEXT, categories=many(TEXT)))),
    "DomainModelResults": obj(
        _ABOUT,
        result=_said("Always empty lists here: nobody and nothing is recognised by name.", obj()),
    ),
    # --- words, v1.0 to v3.2
    "OcrResult": obj(
        {"modelVersion": TEXT},
        language=TEXT,
        textAngle=_said("In radians, clockwise.", NUMBER),
        orientation=word("Up", "Down", "Left", "Right", "NotDetected"),
        regions=many(obj(boundingBox=_UPRIGHT, lines=many(ref("OcrLine")))),
    ),
    "OcrLine": obj(boundingBox=_UPRIGHT, words=many(obj(boundingBox=_UPRIGHT, text=TEXT))),
    "Word": obj(
        {"confidence": _said('A number in v3.x; before it "Low", or missing.', {"type": ["number", "string"]})},
        boundingBox=_CORNERS,
        text=TEXT,
    ),
    "Line": obj(boundingBox=_CORNERS, text=TEXT, words=many(ref("Word"))),
    "TextOperationResult": obj(
        {"recognitionResult": obj(lines=many(ref("Line")))},
        status=word("NotStarted", "Running", "Failed", "Succeeded"),
    ),
    "ReadPage": obj(
        {"language": TEXT, "angle": NUMBER, "clockwiseOrientation": NUMBER},
        page={"type": "integer", "minimum": 1},
        width=NUMBER,
        height=NUMBER,
        unit=word("pixel", "inch"),
        lines=many(ref("Line")),
    ),
    "BatchReadOperationResult": obj(
        {"recognitionResults": many(ref("ReadPage"))},
        status=word("NotStarted", "Running", "Failed", "Succeeded"),
    ),
    "ReadOperationResult": obj(
        {"analyzeResult": obj({"model-version": TEXT}, version=TEXT, readResults=many(ref("ReadPage")))},
        status=word("notStarted", "running", "failed", "succeeded"),
        createdDateTime=TEXT,
        lastUpdatedDateTime=TEXT,
    ),
    # --- 4.0
    "ImagePoint": obj(x=COUNT, y=COUNT),
    "ImageAnalysisResult": obj(
        {
            "captionResult": ref("ImageCaption"),
            "denseCaptionsResult": _values(obj(text=TEXT, confidence=SCORE, boundingBox=ref("BoundingRect"))),
            "tagsResult": _values(ref("ImageTag")),
            "objectsResult": _values(obj(boundingBox=ref("BoundingRect"), tags=many(ref("ImageTag")))),
            "peopleResult": _values(obj(boundingBox=ref("BoundingRect"), confidence=SCORE)),
            "readResult": obj(blocks=many(obj(lines=many(ref("DetectedTextLine"))))),
            "smartCropsResult": _values(obj(aspectRatio=NUMBER, boundingBox=ref("BoundingRect"))),
        },
        modelVersion=TEXT,
        metadata=obj(width=COUNT, height=COUNT),
    ),
    "DetectedTextLine": obj(
        text=TEXT,
        boundingPolygon=many(ref("ImagePoint")),
        words=many(obj(text=TEXT, boundingPolygon=many(ref("ImagePoint")), confidence=SCORE)),
    ),
    # --- image search
    "Query": obj(
        {"displayText": TEXT, "webSearchUrl": TEXT, "searchLink": TEXT, "thumbnail": obj({"thumbnailUrl": TEXT})},
        text=TEXT,
    ),
    "ImageObject": obj(
        {
            "contentSize": TEXT,
            "datePublished": TEXT,
            "creator": TEXT,
            "creativeCommons": _said("The licence.", TEXT),
            "attribution": TEXT,
            "hostPageUrl": TEXT,
            "imageInsightsToken": TEXT,
            "imageId": TEXT,
            "accentColor": TEXT,
            "encodingFormat": TEXT,
            "thumbnail": obj(width=COUNT, height=COUNT),
        },
        name=TEXT,
        thumbnailUrl=TEXT,
        contentUrl=_said("The picture itself. Every operation takes this address.", TEXT),
        width=COUNT,
        height=COUNT,
    ),
    "Images": obj(
        {
            "queryContext": obj({"alteredQuery": TEXT}, originalQuery=TEXT),
            "totalEstimatedMatches": COUNT,
            "currentOffset": COUNT,
            "nextOffset": _said("The offset of the next page; missing on the last one.", COUNT),
            "queryExpansions": many(ref("Query")),
            "pivotSuggestions": many(obj(pivot=TEXT, suggestions=many(ref("Query")))),
            "similarTerms": many(ref("Query")),
            "relatedSearches": many(ref("Query")),
        },
        _type=word("Images"),
        value=many(ref("ImageObject")),
    ),
    "ImageInsights": obj(
        {
            "bestRepresentativeQuery": ref("Query"),
            "imageCaption": obj(caption=TEXT),
            "pagesIncluding": obj(value=many(ref("ImageObject"))),
            "relatedSearches": obj(value=many(ref("Query"))),
            "imageTags": obj(value=many(obj(name=TEXT))),
            "visuallySimilarImages": obj(value=many(ref("ImageObject"))),
        },
        _type=word("ImageInsights"),
        imageInsightsToken=TEXT,
    ),
    "TrendingImages": obj(
        _type=word("TrendingImages"),
        categories=many(obj(title=TEXT, tiles=many(obj(query=ref("Query"), image=ref("ImageObject"))))),
    ),
    # --- errors: of the service, and of the gateway before it
    "FlatError": obj(code=TEXT, message=TEXT, requestId=TEXT),
    "NestedError": obj(error=obj(code=TEXT, message=TEXT, innererror=obj(code=TEXT, message=TEXT))),
    "OldGatewayError": obj(statusCode={"type": "integer"}, message=TEXT),
    "GatewayError": obj(error=obj(code=TEXT, message=TEXT)),
    "BingError": obj(
        _type=word("ErrorResponse"),
        errors=many(obj({"subCode": TEXT, "parameter": TEXT, "value": TEXT}, code=TEXT, message=TEXT)),
    ),
}
"""By name. ``ref(name)`` is how they are mentioned."""
