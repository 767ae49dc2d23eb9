"""A server on this computer that plays Openverse and Wikimedia Commons, as their documentation describes them.

It refuses what they refuse: pages of more than 20, the picture after the 240th, a User-Agent without a contact, more
than three requests at a time, a thumbnail in a width that is not served. It has pictures with null fields. The pictures
are parts of the samples' photographs.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import cvhelpers as cv

LICENSES = ("cc0", "by", "by-sa", "by-nc", "by-nd", "pdm", "by-nc-sa", "by")
SERVED_WIDTHS = (20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840)


@dataclass
class World:
    """What the two services have, and how they feel today."""

    pictures: int = 500
    burst: int = 20
    sustained: int = 200
    always: tuple[int, dict[str, str], Any] | None = None
    """An answer that every request gets: status, headers, body."""
    delay: float = 0.0
    missing: set[str] = field(default_factory=set)
    """The numbers of pictures that are not there, as a file that was deleted after it was found."""
    shaky: set[str] = field(default_factory=set)
    """The numbers of pictures that are there only when they are asked for a second time."""
    about: dict[str, Any] = field(default_factory=dict)
    """What Commons tells of every file in place of what it tells else."""
    gone: set[int] = field(default_factory=set)
    """Pictures that keep their place in a list although nothing is told of them: their page has one less."""
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0


@cache
def photographs() -> list[cv.Picture]:
    return [cv.sample(name) for name in cv.sample_names() if cv.sample(name).url is None]


@cache
def photograph(n: int, width: int) -> bytes:
    """The nth picture: a quarter of a photograph. No two of the first 144 are the same."""
    count = len(photographs())
    image = photographs()[n % count].image.convert("RGB")
    down, right = divmod(n // count, 4)
    left, top = right * image.width // 8, down % 4 * image.height // 8
    image = image.crop((left, top, left + image.width // 2, top + image.height // 2))
    image.thumbnail((width, width))
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def openverse_picture(n: int, at: str = "https://api.openverse.org") -> dict[str, Any]:
    """The nth picture; every fifth has nulls where the documentation allows them."""
    poor = n % 5 == 4
    width, height = (None, None) if poor else (400 + 100 * (n % 10), 300 + 100 * (n % 7))
    code = LICENSES[n % len(LICENSES)]
    return {
        "id": f"00000000-0000-4000-8000-{n:012}",
        "title": None if poor else f"Puppy {n}",
        "indexed_on": "2023-01-01T00:00:00Z",
        "foreign_landing_url": f"https://www.flickr.com/photos/someone/{n}",
        "url": f"{at}/{n}.jpg",
        "creator": None if poor else f"Photographer {n}",
        "creator_url": None if poor else f"https://www.flickr.com/photos/someone{n}",
        "license": code,
        "license_version": "1.0" if code in ("cc0", "pdm") else "2.0",
        "license_url": f"https://creativecommons.org/licenses/{code}/2.0/",
        "provider": "flickr",
        "source": "flickr",
        "category": None if poor else "photograph",
        "filesize": None if poor else 10_000 + n,
        "filetype": None if poor else "jpg",
        "tags": [{"name": "puppy", "accuracy": None}],
        "attribution": f'"Puppy {n}" by Photographer {n} is licensed under CC {code.upper()}.',
        "fields_matched": ["title"],
        "mature": False,
        "height": height,
        "width": width,
        "thumbnail": f"{at}/v1/images/{n}/thumb/",
        "detail_url": f"https://api.openverse.org/v1/images/{n}/",
        "related_url": f"https://api.openverse.org/v1/images/{n}/related/",
        "unstable__sensitivity": [],
    }


def commons_picture(n: int, width: int, at: str) -> dict[str, Any]:
    """The nth file, as ``prop=imageinfo`` tells it."""
    code, name = (("CC0", "CC0"), ("cc-by-sa-4.0", "CC BY-SA 4.0"), ("pd-old", "Public domain"))[n % 3]
    about = {
        "LicenseShortName": {"value": name},
        "License": {"value": code},
        "LicenseUrl": {"value": "https://creativecommons.org/"},
        "Artist": {"value": f'<a href="//commons.wikimedia.org/wiki/User:P{n}">P{n} &amp; Co</a>'},
        "AttributionRequired": {"value": "true"},
    }
    return {
        "pageid": 9_000 - n,
        "ns": 6,
        "title": f"File:Puppy_{n}.jpg",
        "index": n + 1,
        "imageinfo": [
            {
                "timestamp": "2020-01-01T00:00:00Z",
                "user": f"User{n}",
                "size": 20_000 + n,
                "width": 300 + 100 * (n % 10),
                "height": 400,
                "thumburl": f"{at}/wikipedia/commons/thumb/{n}/{width}px-Puppy.jpg",
                "thumbwidth": width,
                "thumbheight": 200,
                "url": f"{at}/wikipedia/commons/Puppy_{n}.jpg",
                "descriptionurl": f"https://commons.wikimedia.org/wiki/File:Puppy_{n}.jpg",
                "mime": "image/jpeg",
                "extmetadata": about if n % 4 else {},
            }
        ],
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world: World

    def do_GET(self) -> None:
        world = self.world
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        world.asked.append({"path": parts.path, **query})
        world.agents.append(self.headers.get("User-Agent", ""))
        world.at_once += 1
        world.most_at_once = max(world.most_at_once, world.at_once)
        time.sleep(world.delay)
        try:
            if world.always is not None:
                status, headers, body = world.always
            elif parts.path == "/w/api.php":
                status, headers, body = self.commons(query)
            elif parts.path == "/v1/images/":
                status, headers, body = self.openverse(query)
            else:
                status, headers, body = self.picture(parts.path)
        finally:
            world.at_once -= 1
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        with contextlib.suppress(OSError):  # whoever asked has gone
            self.end_headers()
            self.wfile.write(data)

    def openverse(self, query: dict[str, str]) -> tuple[int, dict[str, str], Any]:
        world = self.world
        page, size = int(query.get("page", "1")), int(query.get("page_size", "20"))
        if world.burst <= 0 or world.sustained <= 0:
            return 429, {}, {"detail": "Request was throttled. Expected available in 42 seconds."}
        world.burst, world.sustained = world.burst - 1, world.sustained - 1
        headers = {
            "X-RateLimit-Limit-anon_burst": "20/min",
            "X-RateLimit-Available-anon_burst": str(world.burst),
            "X-RateLimit-Limit-anon_sustained": "200/day",
            "X-RateLimit-Available-anon_sustained": str(world.sustained),
        }
        if size > 20:
            return 401, headers, {"detail": "page_size may not exceed 20 for anonymous requests"}
        if page * size > 240:
            return 401, headers, {"detail": "page * page_size may not exceed 240"}
        known = {"all", "all-cc", "commercial", "modification"}
        if not set(query.get("license_type", "all").split(",")) <= known:
            return 400, headers, {"detail": {"license_type": ["License type does not exist."]}}
        if len(query.get("q", "")) > 200:
            return 400, headers, {"detail": {"q": ["Ensure this field has no more than 200 characters."]}}
        wanted = set(query["license"].split(",")) if "license" in query else set(LICENSES)
        every = (openverse_picture(n, self.address) for n in range(world.pictures))
        found = [one for one in every if one["license"] in wanted]
        count = min(len(found), 240)
        pages = -(-count // size)
        if page > max(pages, 1):
            return 500, headers, {"detail": "Server Error (500)"}
        places = range((page - 1) * size, min(page * size, count))
        results = [found[n] for n in places if n not in world.gone]
        body = {"result_count": count, "page_count": pages, "page_size": size, "page": page, "results": results}
        return 200, headers, body

    @property
    def address(self) -> str:
        return f"http://{self.headers['Host']}"

    def picture(self, path: str) -> tuple[int, dict[str, str], Any]:
        """A thumbnail or a whole picture, of either service."""
        world, commons = self.world, path.startswith("/wikipedia/")
        if commons and (refusal := self.refusal()):
            return refusal
        number = re.search(r"(\d+)(?=/thumb/|/\d+px-|\.jpg)", path)
        if number is None or number[0] in world.missing:
            return 404, {}, {"detail": "Not found."}
        if number[0] in world.shaky:
            world.shaky.discard(number[0])
            return 503, {}, {"detail": "Try again."}
        is_small = "thumb" in path
        return 200, {"Content-Type": "image/jpeg"}, photograph(int(number[0]), 330 if is_small else 800)

    def refusal(self) -> tuple[int, dict[str, str], Any] | None:
        """Wikimedia's, for whoever does not say who it is, or comes with too much at a time."""
        agent = self.headers.get("User-Agent", "")
        if "(" not in agent or agent.startswith("python-requests"):
            return 403, {"Content-Type": "text/plain"}, b"Please set a user-agent and respect our robot policy"
        if self.world.at_once > 3:
            return 429, {"Content-Type": "text/html"}, b"Too many requests"
        return None

    def commons(self, query: dict[str, str]) -> tuple[int, dict[str, str], Any]:
        if refusal := self.refusal():
            return refusal
        width = int(query["iiurlwidth"])
        if width not in SERVED_WIDTHS:
            return 429, {"Content-Type": "text/html"}, b"Use thumbnail steps listed on https://w.wiki/GHai"
        start, limit = int(query["gsroffset"]), int(query["gsrlimit"])
        places = range(start, min(start + limit, self.world.pictures))
        pages = sorted((commons_picture(n, width, self.address) for n in places), key=lambda page: page["pageid"])
        for page in pages:
            page["imageinfo"][0]["extmetadata"] = self.world.about or page["imageinfo"][0]["extmetadata"]
            if page["index"] - 1 in self.world.gone:
                del page["imageinfo"]
        body: dict[str, Any] = {"batchcomplete": True}
        if places:
            body["query"] = {"pages": pages}
        if start + limit < self.world.pictures:
            body["continue"] = {"gsroffset": start + limit, "continue": "gsroffset||"}
        return 200, {}, body

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def playing(world: World) -> Iterator[str]:
    """The address at which both services are played as long as the block runs."""
    handler = type("Playing", (Handler,), {"world": world, "disable_nagle_algorithm": True})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
