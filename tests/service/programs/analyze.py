"""As the analyze quickstarts: a picture by its address, then one as bytes; the caption is the answer."""

import sys

import requests

endpoint, key, image_url, image_path = sys.argv[1:]
analyze_url = endpoint + "/vision/v2.0/analyze"
params = {"visualFeatures": "Categories,Description,Color"}

headers = {"Ocp-Apim-Subscription-Key": key}
response = requests.post(analyze_url, headers=headers, params=params, json={"url": image_url})
response.raise_for_status()
remote = response.json()

with open(image_path, "rb") as file:
    image_data = file.read()
headers = {"Ocp-Apim-Subscription-Key": key, "Content-Type": "application/octet-stream"}
response = requests.post(analyze_url, headers=headers, params=params, data=image_data)
response.raise_for_status()
local = response.json()

for analysis in (remote, local):
    print(analysis["description"]["captions"][0]["text"].capitalize())
    print(analysis["categories"][0]["name"], analysis["color"]["accentColor"], analysis["metadata"]["format"])
