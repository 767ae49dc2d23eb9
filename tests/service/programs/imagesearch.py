"""Microsoft's client for Bing Image Search v7."""

import json
import sys

import requests
from azure.cognitiveservices.search.imagesearch import ImageSearchClient
from azure.cognitiveservices.search.imagesearch.models import ErrorResponseException, ImageAspect, ImageLicense
from msrest.authentication import CognitiveServicesCredentials

endpoint, key = sys.argv[1:]
client = ImageSearchClient(endpoint, CognitiveServicesCredentials(key))

found = client.images.search("puppies", count=8, license=ImageLicense.public)
first = found.value[0]
more = client.images.search("puppies", count=8, offset=found.next_offset, license=ImageLicense.public)
square = client.images.search("cat", aspect=ImageAspect.square, min_width=10, count=5)
details = client.images.details("puppies", insights_token=first.image_insights_token, modules=["All"])
trending = client.images.trending()
seen = {
    "puppies": len(found.value),
    "names": all(image.name for image in found.value),
    "total": found.total_estimated_matches >= len(found.value),
    "thumbnail": [requests.get(first.thumbnail_url).status_code, first.thumbnail.width > 0],
    "content": [requests.get(first.content_url).status_code, first.encoding_format],
    "published": first.date_published is None or len(first.date_published) > 9,
    "repeated": len({image.image_id for image in found.value} & {image.image_id for image in more.value}),
    "details": [
        details.image_insights_token == first.image_insights_token,
        len(details.image_tags.value) > 0,
        len(details.visually_similar_images.value) > 0,
    ],
    "trending": [
        len(trending.categories) > 2,
        all(tile.query.text and tile.image.thumbnail_url for one in trending.categories for tile in one.tiles),
    ],
    "square": all(0.8 <= image.width / image.height <= 1.25 for image in square.value),
}

errors = {
    "query": lambda: client.images.search(""),
    "count": lambda: client.images.search("puppies", count=-1),
    "key": lambda: ImageSearchClient(endpoint, CognitiveServicesCredentials("wrong")).images.search("puppies"),
}
seen["errors"] = {}
for name, call in errors.items():
    try:
        call()
    except ErrorResponseException as error:
        (first_error,) = error.error.errors
        seen["errors"][name] = [error.response.status_code, first_error.code, first_error.sub_code]

print(json.dumps(seen))
