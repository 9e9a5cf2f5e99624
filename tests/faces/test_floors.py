"""Policy packs name components that are measured."""

import pytest

from countersign.faces.quality import COMPONENTS
from countersign.governance.policy_pack import read_pack_toml, shipped
from countersign.governance.quality_rules import CODE_FLOORS


@pytest.mark.parametrize("name", ["demonstration", "test", "example-production"])
def test_every_floor_of_a_shipped_pack_and_of_the_code_is_on_a_measured_component(name: str):
    floors = read_pack_toml(shipped(name)).quality_floors

    assert floors.hard
    assert floors.soft
    assert set(floors.hard) | set(floors.soft) | set(CODE_FLOORS) <= set(COMPONENTS)
