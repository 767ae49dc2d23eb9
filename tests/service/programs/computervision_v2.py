"""Microsoft's client for Computer Vision v2.0: every operation that is answered here, by address and by stream."""

import io
import json
import sys
import time

import PIL.Image
import requests
from azure.cognitiveservices.vision.computervision import ComputerVisionClient
from azure.cognitiveservices.vision.computervision.models import (
    ComputerVisionErrorException,
    TextOperationStatusCodes,
    TextRecognitionMode,
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
        "caption": found.description.captions[0].text,
        "tags": [tag.name for tag in found.tags],
        "faces": [face.face_rectangle.width > 0 for face in found.faces],
        "ages": [face.age for face in found.faces],
        "objects": [one.object_property for one in found.objects],
        "adult": found.adult.is_adult_content,
        "clip_art": found.image_type.clip_art_type,
        "size": [found.metadata.width, found.metadata.height],
    }


def words(found):
    return [word.text for region in found.regions for line in region.lines for word in line.words]


def has_ended(status):
    """This old client does not know "NotStarted" in the service's own spelling, and gives it as text."""
    return status not in (TextOperationStatusCodes.not_started, TextOperationStatusCodes.running, "NotStarted")


def finished(name, **options):
    """Start an operation and poll as the client's samples do."""
    started = getattr(client, name)(mode=TextRecognitionMode.printed, raw=True, **options)
    operation = started.headers["Operation-Location"].split("/")[-1]
    while True:
        result = client.get_text_operation_result(operation)
        if has_ended(result.status):
            return [result.status.value, [line.text for line in result.recognition_result.lines]]
        time.sleep(0.2)


def people(found):
    return found.result["celebrities"]


def read_pdf():
    """A page as a PDF file, read with the operation that v2.0 had for documents."""
    file = io.BytesIO()
    picture = PIL.Image.open(io.BytesIO(requests.get(page).content)).convert("RGB")
    picture.save(file, "PDF", resolution=picture.width / 6)
    file.seek(0)
    started = client.batch_read_file_in_stream(file, mode=TextRecognitionMode.printed, raw=True)
    operation = started.headers["Operation-Location"].split("/")[-1]
    while True:
        result = client.get_read_operation_result(operation)
        if has_ended(result.status):
            pages = [
                [one.page, one.unit.value, [line.text for line in one.lines]] for one in result.recognition_results
            ]
            return [result.status.value, pages]
        time.sleep(0.2)


both("analyze_image", photo, analysis, visual_features=list(VisualFeatureTypes), details=["Landmarks"])
both("analyze_image_by_domain", photo, people, model="celebrities")
both("describe_image", photo, lambda found: [caption.text for caption in found.captions], max_candidates=2)
both("tag_image", photo, lambda found: [tag.name for tag in found.tags])
both("detect_objects", photo, lambda found: [one.object_property for one in found.objects])
both("get_area_of_interest", photo, lambda found: found.area_of_interest.w > 0)
both("recognize_printed_text", page, words, detect_orientation=True)
both("generate_thumbnail", photo, lambda chunks: b"".join(chunks)[:2].hex(), 50, 40, smart_cropping=True)
seen["recognize_text"] = [
    finished("recognize_text", url=page),
    finished("recognize_text_in_stream", image=io.BytesIO(requests.get(page).content)),
]
seen["batch_read_file"] = read_pdf()
seen["list_models"] = [model.name for model in client.list_models().models_property]

errors = {
    "language": lambda: client.describe_image(photo, language="xx"),
    "url": lambda: client.tag_image("http://127.0.0.1:1/none.png"),
    "picture": lambda: client.tag_image_in_stream(io.BytesIO(b"no picture")),
    "model": lambda: client.analyze_image_by_domain("flags", photo),
    "thumbnail": lambda: client.generate_thumbnail_in_stream(50, 50, io.BytesIO(b"no picture")),
    "key": lambda: ComputerVisionClient(endpoint, CognitiveServicesCredentials("wrong")).tag_image(photo),
}
seen["errors"] = {}
for name, call in errors.items():
    try:
        call()
    except ComputerVisionErrorException as error:
        seen["errors"][name] = [error.response.status_code, error.error.code]
    except HttpOperationError as error:
        seen["errors"][name] = [error.response.status_code, error.response.json()["code"]]

print(json.dumps(seen))
