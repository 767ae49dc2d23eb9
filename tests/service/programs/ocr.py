"""As the quickstart for printed text: every word with its box."""

import sys

import requests

endpoint, key, image_url = sys.argv[1:]
headers = {"Ocp-Apim-Subscription-Key": key}
params = {"language": "unk", "detectOrientation": "true"}
response = requests.post(endpoint + "/vision/v2.0/ocr", headers=headers, params=params, json={"url": image_url})
response.raise_for_status()

for region in response.json()["regions"]:
    for line in region["lines"]:
        for word in line["words"]:
            x, y, width, height = (int(number) for number in word["boundingBox"].split(","))
            print(word["text"], width > 0 and height > 0)
