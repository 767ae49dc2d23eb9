"""Where the endpoint and the key come from, if nobody passes them: the environment, or a file named ``.env``."""

from __future__ import annotations

import codecs
import io
import os
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values, find_dotenv

ENDPOINT = "VISION_ENDPOINT"
KEY = "VISION_KEY"


@dataclass(frozen=True)
class Setting:
    """A value, and in words where it was found. Both are empty where there is none."""

    value: str = field(default="", repr=False)  # it may be a key
    where: str = ""


def setting(name: str) -> Setting:
    """Look in the environment, then in the nearest ``.env`` file: in this folder or in one of those around it.

    Nothing of the file gets into the environment, where other programs would see it.

    >>> setting("VISION_NOTHING")
    Setting(where='')
    """
    value = os.environ.get(name, "").strip()
    if value:
        return Setting(value, f"the environment variable {name}")
    path = Path(find_dotenv(usecwd=True))
    value = (_values(path).get(name) or "").strip() if path.name else ""
    return Setting(value, f"{name} in the file {path.name} in {path.parent.name}/") if value else Setting()


def _values(path: Path) -> dict[str, str | None]:
    """What a file sets: in UTF-8, or in UTF-16, which Windows PowerShell writes. Nothing if it can't be read."""
    try:
        data = path.read_bytes()
        encoding = "utf-16" if data.startswith(codecs.BOM_UTF16_LE) else "utf-8-sig"
        return dotenv_values(stream=io.StringIO(data.decode(encoding)), interpolate=False)
    except (OSError, ValueError):  # it may not be read, or is not text
        return {}
