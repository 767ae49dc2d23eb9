"""A program that was written for Bing and knows nothing of us: sixteen thumbnails, fetched in turn, in a 4 by 4 grid.

The number of pictures is not asked for and their thumbnails are fetched by plain `requests`, as in the quickstart.
"""

import hashlib
import io
import sys

import matplotlib
import requests
from PIL import Image

matplotlib.use("Agg")
import matplotlib.pyplot as plt

endpoint, key, path = sys.argv[1:]
answer = requests.get(
    f"{endpoint}/bing/v7.0/images/search",
    headers={"Ocp-Apim-Subscription-Key": key},
    params={"q": "puppies", "license": "public", "imageType": "photo"},
)
answer.raise_for_status()
addresses = [found["thumbnailUrl"] for found in answer.json()["value"]]

figure, axes = plt.subplots(4, 4)
for place in range(16):
    ax, thumbnail = axes[place % 4][place // 4], requests.get(addresses[place])
    thumbnail.raise_for_status()
    picture = Image.open(io.BytesIO(thumbnail.content))
    ax.imshow(picture)
    ax.axis("off")
    print(hashlib.sha256(thumbnail.content).hexdigest(), *picture.size)
figure.savefig(path)
