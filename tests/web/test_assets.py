import json
import re
from importlib.metadata import metadata
from importlib.resources import files

import pytest

from tests.architecture.tree import ROOT

LOCK = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
BUILT = files("countersign.web") / "assets"


def test_every_package_is_pinned_with_its_integrity():
    packages = {name: facts for name, facts in LOCK["packages"].items() if name}

    assert {"node_modules/govuk-frontend", "node_modules/openseadragon", "node_modules/sass"} <= packages.keys()
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())


def test_the_styles_are_of_the_version_that_the_macros_track():
    tracked = re.search(r"GOV\.UK%20Frontend-v([\d.]+)-", str(metadata("govuk-frontend-jinja").json["description"]))

    assert tracked
    assert LOCK["packages"]["node_modules/govuk-frontend"]["version"] == tracked[1]


def test_the_styles_carry_no_crown_and_no_font_of_somebody_elses_service():
    if not (BUILT / "countersign.css").is_file():
        pytest.skip("needs the assets that `make` builds")
    styles = (BUILT / "countersign.css").read_text(encoding="utf-8")

    assert "@font-face" not in styles
    assert "GDS Transport" not in styles
    assert not re.search(r"url\([^)]*https?:", styles)
