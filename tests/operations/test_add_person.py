from dataclasses import replace

import pytest

from countersign.errors import Conflict, Invalid
from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.signature import generate, public_hex
from countersign.operations.add_person import AddPerson, add_person
from tests.operations.scene import START, Scene, check_refused

ADD = Permission.PERSON_ADD


def newcomer(*roles: Role) -> AddPerson:
    return AddPerson(
        name="N. Comer",
        public_key=public_hex(generate()),
        organisation="Demonstration Constabulary",
        team="north",
        rank=Rank.SERGEANT,
        roles=roles,
        trained_until=START.date(),
    )


def test_a_person_is_registered_with_one_training_date_a_role(founded: Scene):
    person = founded.force.do("controller", ADD, add_person, newcomer(Role.REQUESTER, Role.EXAMINER))

    assert person.trained_until == ((Role.REQUESTER, START.date()), (Role.EXAMINER, START.date()))
    entry = founded.last()
    assert (entry.kind, dict(entry.facts)) == ("person.registered", {"roles": 2})
    assert "person" in entry.commit
    with founded.reading() as work:
        assert work.people.get(person.id) == person


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.DPO, Role.OVERSIGHT])
def test_a_signer_after_init_is_refused(founded: Scene, role: Role):
    with check_refused(founded, ADD, "signer_after_init"):
        founded.force.do("controller", ADD, add_person, newcomer(role))


def test_roles_that_forbid_each_other_are_refused(founded: Scene):
    with check_refused(founded, ADD, "roles_conflict"):
        founded.force.do("controller", ADD, add_person, newcomer(Role.ASSET_OWNER, Role.OPERATOR))


def test_a_person_without_a_role_is_refused(founded: Scene):
    with check_refused(founded, ADD, "role_missing"):
        founded.force.do("controller", ADD, add_person, newcomer())


def test_a_key_that_somebody_has_is_refused(founded: Scene):
    taken = replace(newcomer(Role.EXAMINER), public_key=public_hex(founded.keys["operator"]))

    with check_refused(founded, ADD, "key_taken", family=Conflict):
        founded.force.do("controller", ADD, add_person, taken)


def test_what_is_no_public_key_is_refused(founded: Scene):
    with check_refused(founded, ADD, "malformed_key", family=Invalid):
        founded.force.do("controller", ADD, add_person, replace(newcomer(Role.EXAMINER), public_key="abc"))


def test_people_who_do_not_administer_are_refused(founded: Scene):
    with check_refused(founded, ADD, "not_permitted", spoke="policy"):
        founded.force.do("officer", ADD, add_person, newcomer(Role.EXAMINER))
