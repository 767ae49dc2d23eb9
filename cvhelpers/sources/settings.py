"""Where the endpoint and the key come from, if nobody passes them: the environment, or a file named ``.env``."""

from __future__ import annotations

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
    path = find_dotenv(usecwd=True)
    try:
        value = (dotenv_values(path, interpolate=False).get(name) or "").strip() if path else ""
    except (OSError, ValueError):  # a file that may not be read, or is not text
        value = ""
    return Setting(value, f"{name} in the file {Path(path).name} in {Path(path).parent.name}/") if value else Setting()
