"""As the quickstart for handwriting: a call that starts an operation, and calls that ask for its result."""

import sys
import time

import requests

endpoint, key, image_url = sys.argv[1:]
headers = {"Ocp-Apim-Subscription-Key": key}
response = requests.post(
    endpoint + "/vision/v2.0/recognizeText", headers=headers, params={"mode": "Handwritten"}, json={"url": image_url}
)
response.raise_for_status()

analysis = {}
while "recognitionResult" not in analysis:
    analysis = requests.get(response.headers["Operation-Location"], headers=headers).json()
    time.sleep(0.2)

for line in analysis["recognitionResult"]["lines"]:
    print(len(line["boundingBox"]), line["text"])
