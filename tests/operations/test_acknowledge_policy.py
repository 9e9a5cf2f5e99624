from datetime import timedelta

import pytest

from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.operations.acknowledge_policy import AcknowledgePolicy, acknowledge_policy
from countersign.operations.submit_artefact import SubmitArtefact, submit_artefact
from countersign.operations.turn import UNREAD_ALLOWED, NoPolicyPackError
from countersign.primitives.digest import EMPTY, Sha256
from tests.operations.asking import submitted, tick
from tests.operations.scene import Scene, check_refused
from tests.operations.test_submit_artefact import pack

ACKNOWLEDGE = Permission.POLICY_ACKNOWLEDGE


def bump(scene: Scene) -> Sha256:
    """Put a new version in force that nobody has read."""
    scene.clock.advance(timedelta(minutes=1))
    arguments = SubmitArtefact(document=pack(scene, version="test-2"))
    return scene.force.do("controller", Permission.PROGRAMME_SUBMIT, submit_artefact, arguments).sha256


@pytest.mark.row("GOV-10")
def test_a_new_version_blocks_everybody_until_they_say_to_have_read_it(marked: Scene):
    version = bump(marked)

    with check_refused(marked, Permission.REQUEST_DRAFT, "policy_unread"):
        submitted(marked)
    marked.force.acknowledge("requester", version)
    entry = marked.last()
    assert (entry.kind, dict(entry.facts)) == ("policy.acknowledged", {"pack": version})
    request = marked.casework.draft(marked.ids.probe, marked.ids.collection).id
    marked.casework.submit(request)
    with check_refused(marked, Permission.REQUEST_CONSIDER, "policy_unread"):
        marked.casework.consider(request)


@pytest.mark.row("GOV-10")
def test_what_keeps_a_programme_safe_goes_on_unread(pilot: Scene):
    bump(pilot)

    assert set(tick(pilot)) >= {"register"}
    assert {Permission.PROGRAMME_ADVANCE, Permission.PERSON_IMPORT, Permission.SEARCH_RECOVER} <= UNREAD_ALLOWED
    assert not {Permission.SEARCH_RUN, Permission.REVIEW_OPEN, Permission.COLLECTION_ENROL} & UNREAD_ALLOWED


def test_another_pack_than_the_one_in_force_is_refused(pilot: Scene):
    with check_refused(pilot, ACKNOWLEDGE, "other_pack"):
        pilot.force.acknowledge("operator", EMPTY)


def test_without_a_pack_there_is_nothing_to_acknowledge_and_that_is_refused(founded: Scene):
    with check_refused(founded, ACKNOWLEDGE, NoPolicyPackError.code):
        founded.force.do("operator", ACKNOWLEDGE, acknowledge_policy, AcknowledgePolicy(pack=EMPTY))


def test_somebody_new_reads_the_policy_before_anything_else(pilot: Scene):
    person = pilot.hire("new", Role.REQUESTER)

    with pilot.reading() as work:
        assert work.people.get(person.id).acknowledged != EMPTY
