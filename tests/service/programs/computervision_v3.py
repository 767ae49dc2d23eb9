"""Microsoft's client for Computer Vision v3.2: every operation that is answered here, by address and by stream."""

import io
import json
import sys
import time

import requests
from azure.cognitiveservices.vision.computervision import ComputerVisionClient
from azure.cognitiveservices.vision.computervision.models import (
    ComputerVisionErrorResponseException,
    ComputerVisionOcrErrorException,
    OperationStatusCodes,
    VisualFeatureTypes,
)
from msrest.authentication import CognitiveServicesCredentials
from msrest.exceptions import HttpOperationError

endpoint, key, photo, page = sys.argv[1:]
client = ComputerVisionClient(endpoint, CognitiveServicesCredentials(key))
seen = {}


def both(name, picture, summary, *args, **options):
    """Call an operation by address and by stream, and keep what both answered."""
    by_url = getattr(client, name)(*args, url=picture, **options)
    stream = io.BytesIO(requests.get(picture).content)
    by_stream = getattr(client, name + "_in_stream")(*args, image=stream, **options)
    seen[name] = [summary(by_url), summary(by_stream)]


def analysis(found):
    return {
        "categories": len(found.categories) > 0,
        "color": found.color.accent_color,
        "black_and_white": found.color.is_bw_img,
        "caption": found.description.captions[0].text,
        "tags": [tag.name for tag in found.tags],
        "faces": [face.face_rectangle.width > 0 for face in found.faces],
        "objects": [one.object_property for one in found.objects],
        "adult": found.adult.is_adult_content,
        "gore": found.adult.gore_score,
        "size": [found.metadata.width, found.metadata.height],
        "model": found.model_version,
    }


def words(found):
    return [word.text for region in found.regions for line in region.lines for word in line.words]


def finished(started):
    """Poll as the client's samples do."""
    operation = started.headers["Operation-Location"].split("/")[-1]
    while True:
        result = client.get_read_result(operation)
        if result.status not in (OperationStatusCodes.not_started, OperationStatusCodes.running):
            break
        time.sleep(0.2)
    (read,) = result.analyze_result.read_results
    confident = all(0 <= word.confidence <= 1 for line in read.lines for word in line.words)
    return [result.status.value, [line.text for line in read.lines], confident, read.unit.value]


def people(found):
    return found.result["celebrities"]


both("analyze_image", photo, analysis, visual_features=list(VisualFeatureTypes), details=["Celebrities"])
both("analyze_image_by_domain", photo, people, model="celebrities")
both("describe_image", photo, lambda found: [caption.text for caption in found.captions])
both("tag_image", photo, lambda found: [tag.name for tag in found.tags])
both("detect_objects", photo, lambda found: [one.object_property for one in found.objects])
both("get_area_of_interest", photo, lambda found: found.area_of_interest.w > 0)
both("recognize_printed_text", page, words, detect_orientation=True)
both("generate_thumbnail", photo, lambda chunks: b"".join(chunks)[:2].hex(), 50, 40, smart_cropping=True)
seen["read"] = [
    finished(client.read(page, raw=True)),
    finished(client.read_in_stream(io.BytesIO(requests.get(page).content), raw=True)),
]
seen["list_models"] = [model.name for model in client.list_models().models_property]

errors = {
    "language": lambda: client.describe_image(photo, language="xx"),
    "url": lambda: client.tag_image("http://127.0.0.1:1/none.png"),
    "picture": lambda: client.tag_image_in_stream(io.BytesIO(b"no picture")),
    "read": lambda: client.read_in_stream(io.BytesIO(b"no picture")),
    "pages": lambda: client.read(page, pages=["7"]),
    "thumbnail": lambda: client.generate_thumbnail_in_stream(50, 50, io.BytesIO(b"no picture")),
    "key": lambda: ComputerVisionClient(endpoint, CognitiveServicesCredentials("wrong")).tag_image(photo),
}
seen["errors"] = {}
for name, call in errors.items():
    try:
        call()
    except ComputerVisionErrorResponseException as error:
        inner = error.error.error.innererror
        seen["errors"][name] = [error.response.status_code, inner.code if inner else error.error.error.code]
    except ComputerVisionOcrErrorException as error:
        seen["errors"][name] = [error.response.status_code, error.error.code]
    except HttpOperationError as error:
        inner = error.response.json()["error"]["innererror"]
        seen["errors"][name] = [error.response.status_code, inner["code"]]

print(json.dumps(seen))
