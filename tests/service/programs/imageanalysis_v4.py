"""Microsoft's client for Image Analysis 4.0: every feature, by address and as bytes, and its errors."""

import json
import sys

import requests
from azure.ai.vision.imageanalysis import ImageAnalysisClient
from azure.ai.vision.imageanalysis.models import VisualFeatures
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError

endpoint, key, photo, page = sys.argv[1:]
client = ImageAnalysisClient(endpoint, AzureKeyCredential(key), retry_total=0)
seen = {}


def both(name, picture, features, summary, **options):
    """Ask by address and with the bytes, and keep what both answered."""
    by_url = client.analyze_from_url(picture, features, **options)
    by_bytes = client.analyze(requests.get(picture).content, features, **options)
    seen[name] = [summary(by_url), summary(by_bytes)]


def everything(found):
    return {
        "caption": found.caption.text,
        "confident": 0 <= found.caption.confidence <= 1,
        "dense": [one.text for one in found.dense_captions.list],
        "whole": [found.dense_captions.list[0].bounding_box.width, found.dense_captions.list[0].bounding_box.height],
        "tags": [one.name for one in found.tags.list],
        "objects": [one.tags[0].name for one in found.objects.list],
        "widths": [one.bounding_box.width > 0 for one in found.objects.list],
        "people": len(found.people.list),
        "crops": [one.aspect_ratio for one in found.smart_crops.list],
        "blocks": len(found.read.blocks),
        "size": [found.metadata.width, found.metadata.height],
        "model": found.model_version,
    }


def text(found):
    (block,) = found.read.blocks
    line = block.lines[0]
    corners = [[point.x, point.y] for point in line.bounding_polygon]
    return [[one.text for one in block.lines], len(corners), min(map(min, corners)) >= 0, line.words[0].confidence > 0]


both("everything", photo, list(VisualFeatures), everything, smart_crops_aspect_ratios=[0.9, 1.33])
both(
    "caption",
    photo,
    [VisualFeatures.CAPTION],
    lambda found: [found.caption.text, found.tags, found.read],
    gender_neutral_caption=True,
)
both("crop", photo, [VisualFeatures.SMART_CROPS], lambda found: len(found.smart_crops.list))
both("read", page, [VisualFeatures.READ], text)

errors = {
    "language": lambda: client.analyze_from_url(photo, [VisualFeatures.CAPTION], language="ja"),
    "url": lambda: client.analyze_from_url("http://127.0.0.1:1/none.png", [VisualFeatures.TAGS]),
    "picture": lambda: client.analyze(b"no picture", [VisualFeatures.TAGS]),
    "feature": lambda: client.analyze_from_url(photo, ["colours"]),
    "ratio": lambda: client.analyze_from_url(photo, [VisualFeatures.SMART_CROPS], smart_crops_aspect_ratios=[3]),
    "key": lambda: ImageAnalysisClient(endpoint, AzureKeyCredential("wrong")).analyze_from_url(
        photo, [VisualFeatures.TAGS]
    ),
}
seen["errors"] = {}
for name, call in errors.items():
    try:
        call()
    except HttpResponseError as error:
        inner = (error.error.innererror or {}).get("code") if error.error else None
        header = error.response.headers.get("x-ms-error-code")
        seen["errors"][name] = [error.status_code, error.error and error.error.code, inner, header]

print(json.dumps(seen))
