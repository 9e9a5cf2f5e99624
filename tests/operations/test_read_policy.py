from collections.abc import Callable

import pytest

from countersign.governance.policy_pack import read_pack_toml, shipped
from countersign.governance.programme import ArtefactType
from countersign.operations.desk import Desk
from countersign.operations.read_policy import check_pack, compare_packs, pack_in_force, read_policy
from countersign.operations.turn import NoPolicyPackError
from tests.fakes_governance import changed
from tests.operations.scene import Scene
from tests.operations.test_acknowledge_policy import bump


def test_the_policy_in_force_is_public_with_how_many_have_not_read_it(pilot: Scene):
    before = read_policy(pilot.desk)
    assert (before.version, before.unread, before.change_reason) == ("1", 0, "")
    version = bump(pilot)

    after = read_policy(pilot.desk)

    assert (after.version, after.pack, after.unread) == ("2", version, len(pilot.keys))


@pytest.mark.parametrize("read", [read_policy, pack_in_force])
def test_without_a_pack_nothing_can_be_read_or_compared(founded: Scene, read: Callable[[Desk], object]):
    with pytest.raises(NoPolicyPackError, match="got none"):
        read(founded.desk)


@pytest.mark.row("GOV-08")
def test_a_pack_is_checked_and_compared_without_an_installation(pilot: Scene):
    before = pack_in_force(pilot.desk)
    assert before == read_pack_toml(shipped("test"))
    after = changed(before, source_types=(*before.source_types, "any"))

    assert [one.place for one in check_pack(after)] == ["source_types"]
    change = compare_packs(before, after)
    assert len(change.changes) == 1
    assert ArtefactType.PUBLISHED_POLICY in change.reopens
