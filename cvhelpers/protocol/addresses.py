"""Hosts and paths of the services: which address is a service's, and which one needs a key."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

VISION_ENDPOINT = "https://westcentralus.api.cognitive.microsoft.com"
"""The host that the quickstarts call. Recordings answer for any host; this one keeps the lesson's addresses."""
SEARCH_ENDPOINT = "https://api.cognitive.microsoft.com"

VISION_PATH = "/vision/"
VISION_V4_PATH = "/computervision/imageanalysis:"
SEARCH_PATHS = ("/bing/v7.0/images/search", "/v7.0/images/search")
DETAILS_PATHS = ("/bing/v7.0/images/details", "/v7.0/images/details")
TRENDING_PATHS = ("/bing/v7.0/images/trending", "/v7.0/images/trending")
"""Bing Image Search at the quickstart's host, and at the host it moved to in October 2020."""
CONTENT_PATH = "/bing/v7.0/images/content"
"""Where the on-device search shows a whole picture. Bing itself named the page that showed it."""
THUMBNAIL_PATH = "/th"

_HOSTS = re.compile(
    r"([a-z0-9-]+\.)?api\.cognitive\.microsoft\.com"  # a region's host, and Bing's until 2020
    r"|[a-z0-9-]+\.cognitiveservices\.azure\.com"  # a resource's own host
    r"|api\.bing\.microsoft\.com"
)


def is_service_host(host: str) -> bool:
    """Does this host belong to one of the services?

    >>> is_service_host("westus.api.cognitive.microsoft.com"), is_service_host("www.example.org")
    (True, False)
    """
    return _HOSTS.fullmatch(host.lower()) is not None


def is_service_path(path: str) -> bool:
    """Could this path, at a service's host, be an operation or a picture of the service?

    >>> is_service_path("/vision/v2.0/ocr"), is_service_path("/th"), is_service_path("/cat.jpg")
    (True, True, False)
    """
    return needs_key(path) or path == THUMBNAIL_PATH or path.startswith(f"{CONTENT_PATH}/")


def needs_key(path: str) -> bool:
    """Does an operation at this path ask for a key? Pictures are shown to everyone: a browser sends no key.

    >>> needs_key("/vision/v2.0/ocr"), needs_key("/Vision/v2.0/OCR"), needs_key("/bing/v7.0/images/content/1")
    (True, True, False)
    """
    return path.lower().startswith((VISION_PATH, VISION_V4_PATH, *SEARCH_PATHS, *DETAILS_PATHS, *TRENDING_PATHS))


def host_of(url: str) -> str:
    """The host and port of an address, without a name and password before it; empty where there is none.

    >>> host_of("https://ada:secret@www.example.org:8000/cat.jpg")
    'www.example.org:8000'
    """
    try:
        return urlsplit(url.strip()).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def is_retired_search(url: str) -> bool:
    """Is this an image search at one of Bing's own hosts, which no longer answer?

    >>> is_retired_search("https://api.bing.microsoft.com/v7.0/images/search?q=puppies")
    True
    """
    hosts = (SEARCH_ENDPOINT, "https://api.bing.microsoft.com")
    return base_of(url) in hosts and path_of(url) in SEARCH_PATHS


def base_of(url: str) -> str:
    """The scheme and host of an address, in lower case.

    >>> base_of("HTTPS://WestUS.api.cognitive.microsoft.com/vision/v2.0/ocr")
    'https://westus.api.cognitive.microsoft.com'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def path_of(url: str) -> str:
    """The path of an address, with ``%20`` and the like as the characters they stand for.

    A slash too many at its start, from an endpoint that ends with one, is left out: the gateway did not mind it either.

    >>> path_of("https://westus.api.cognitive.microsoft.com//vision/v2.0/ocr")
    '/vision/v2.0/ocr'
    """
    path = unquote(urlsplit(url).path)
    return f"/{path.lstrip('/')}" if path.startswith("//") else path


def vision_url(endpoint: str, version: str, operation: str) -> str:
    """The address of an operation of Computer Vision.

    >>> vision_url("https://westus.api.cognitive.microsoft.com", "v2.0", "ocr")
    'https://westus.api.cognitive.microsoft.com/vision/v2.0/ocr'
    """
    return f"{endpoint}{VISION_PATH}{version}/{operation}"


def vision_v4_url(endpoint: str, operation: str) -> str:
    """The address of an operation of Image Analysis 4.0; its version stands in the parameter ``api-version``.

    >>> vision_v4_url("https://mine.cognitiveservices.azure.com", "analyze")
    'https://mine.cognitiveservices.azure.com/computervision/imageanalysis:analyze'
    """
    return f"{endpoint}{VISION_V4_PATH}{operation}"
