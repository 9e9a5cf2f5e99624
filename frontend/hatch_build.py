"""Takes the assets of the web application into a wheel; see build.py."""

import runpy
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Assets(BuildHookInterface):
    """Builds the assets into a wheel; an editable installation has its own step in the Makefile."""

    def initialize(self, version: str, build_data: dict[str, list[str]]) -> None:
        """Build, and take the folder that git ignores along."""
        if version != "editable":
            runpy.run_path(str(Path(self.root) / "frontend" / "build.py"))["build"]()
            build_data["artifacts"].append("src/countersign/web/assets/**")
