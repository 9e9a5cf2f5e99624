"""How the pages are built: Sphinx with MyST and furo, without a network, a warning being an error."""

import tomllib
from pathlib import Path

_pyproject = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))

project = "Countersign"
author = "The Countersign authors"
copyright = "2026, The Countersign authors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True
html_theme = "furo"
html_title = _pyproject["project"]["description"]
html_show_sphinx = False
html_copy_source = False
language = "en_GB"
smartquotes = False
