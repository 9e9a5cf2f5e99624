from dataclasses import replace

from countersign.operations.read_unread import read_unread
from countersign.primitives.digest import EMPTY
from tests.operations.scene import Scene
from tests.operations.test_acknowledge_policy import bump


def test_without_a_pack_nobody_has_anything_to_read(founded: Scene):
    assert read_unread(founded.desk, founded.person("operator").id) is None


def test_what_a_version_changes_is_told_until_it_is_read(pilot: Scene):
    person = pilot.person("operator")
    assert read_unread(pilot.desk, person.id) is None
    held = bump(pilot)
    unread = read_unread(pilot.desk, person.id)

    assert unread is not None
    assert (unread.version, unread.held, unread.before) == ("2", held, "1")
    assert "version" in {change.place for change in unread.changes}
    pilot.force.acknowledge("operator", held)
    assert read_unread(pilot.desk, person.id) is None


def test_somebody_new_has_everything_to_read_and_nothing_that_changed(pilot: Scene):
    person = pilot.person("operator")
    with pilot.altering() as work:
        work.people.replace(replace(person, acknowledged=EMPTY))

    unread = read_unread(pilot.desk, person.id)

    assert unread is not None
    assert (unread.before, unread.changes) == ("", ())
    assert unread.pack.offences
