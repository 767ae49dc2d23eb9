"""Microsoft's client for Bing Image Search v7, and pictures of the open web."""

import json
import sys

import requests
from azure.cognitiveservices.search.imagesearch import ImageSearchClient
from azure.cognitiveservices.search.imagesearch.models import ErrorResponseException, ImageLicense, ImageType
from msrest.authentication import CognitiveServicesCredentials

endpoint, key = sys.argv[1:]
client = ImageSearchClient(endpoint, CognitiveServicesCredentials(key))
asked = {"count": 16, "license": ImageLicense.public, "image_type": ImageType.photo}
found = client.images.search("puppies", **asked)
more = client.images.search("puppies", offset=found.next_offset, **asked)
try:
    client.images.search("puppies", license="publik")
except ErrorResponseException as error:
    refused = [error.response.status_code, error.error.errors[0].sub_code]
print(
    json.dumps(
        {
            "pictures": len(found.value),
            "thumbnails": [requests.get(one.thumbnail_url).headers["Content-Type"] for one in found.value],
            "pages": [one.host_page_url for one in found.value],
            "credits": [one.additional_properties.get("attribution", "") for one in found.value],
            "repeated": len({one.image_id for one in found.value} & {one.image_id for one in more.value}),
            "refused": refused,
        }
    )
)
