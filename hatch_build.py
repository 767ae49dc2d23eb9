"""The wheel brings the notebooks. An editable install does not: its notebooks are those of the checkout."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Notebooks(BuildHookInterface[Any]):
    """Puts the folder notebooks into the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build_data["force_include"]["notebooks"] = "cvhelpers/notebooks"
