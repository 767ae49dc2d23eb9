"""As the quickstart for image search: the addresses of 16 thumbnails, each fetched without a key."""

import io
import sys

import PIL.Image
import requests

endpoint, key = sys.argv[1:]
headers = {"Ocp-Apim-Subscription-Key": key}
params = {"q": "puppies", "license": "public"}
response = requests.get(endpoint + "/bing/v7.0/images/search", headers=headers, params=params)
response.raise_for_status()

for result in response.json()["value"][:16]:
    image_data = requests.get(result["thumbnailUrl"])
    image_data.raise_for_status()
    image = PIL.Image.open(io.BytesIO(image_data.content))
    print(image.size == (result["thumbnail"]["width"], result["thumbnail"]["height"]), result["name"])
