from dataclasses import asdict, replace

import pytest

from countersign.governance.permission import Permission
from countersign.governance.register import CollectionClass, ImageOrigin
from countersign.operations.register_collection import RegisterCollection, register_collection
from countersign.primitives.codec import from_plain
from tests.operations.scene import Scene, check_refused

REGISTER = Permission.COLLECTION_REGISTER
ARGUMENTS = RegisterCollection(
    name="custody north",
    collection_class=CollectionClass.MISSING,
    origin=ImageOrigin.CUSTODY_SUITE,
    controller="a force",
    legal_power="PACE 1984 s.64A",
    purpose="prevention of crime",
    retention_rule="six-year review",
    provenance="photographs taken in custody",
)


def register(scene: Scene, arguments: RegisterCollection, who: str = "owner") -> str:
    return scene.force.do(who, REGISTER, register_collection, arguments).id


def test_a_collection_is_registered_with_its_lawful_basis(founded: Scene):
    collection = register(founded, ARGUMENTS)

    entry = founded.last()
    assert (entry.kind, dict(entry.facts)) == ("collection.registered", {"collection": collection, "class": "missing"})
    with founded.reading() as work:
        assert work.collections.get(collection).legal_power == "PACE 1984 s.64A"


@pytest.mark.parametrize("provenance", ["scraped profile pictures", "stills of our CCTV", "https://example.org"])
def test_a_scraped_collection_is_refused(founded: Scene, provenance: str):
    with check_refused(founded, REGISTER, "scraped_reference"):
        register(founded, replace(ARGUMENTS, provenance=provenance))


@pytest.mark.parametrize("part", ["name", "controller", "legal_power", "purpose", "retention_rule", "provenance"])
@pytest.mark.row("REF-01")
def test_a_collection_without_each_part_of_its_basis_is_refused(founded: Scene, part: str):
    plain = asdict(ARGUMENTS)

    with check_refused(founded, REGISTER, "collection_incomplete") as raised:
        register(founded, from_plain(RegisterCollection, {**plain, part: " "}))
    assert part in str(raised.value)


def test_people_who_own_no_register_are_refused(founded: Scene):
    with check_refused(founded, REGISTER, "not_permitted", spoke="policy"):
        register(founded, ARGUMENTS, "operator")
