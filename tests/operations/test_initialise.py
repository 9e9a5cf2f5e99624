from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from countersign.bootstrap import FolderTakenError, create_installation
from countersign.errors import Conflict, Invalid
from countersign.governance.actor import Role
from countersign.governance.programme import Jurisdiction, ProgrammeKind, ProgrammeState
from countersign.governance.signature import MalformedKeyError, generate, public_hex
from countersign.operations.initialise import (
    SIGNING_ROLES,
    AlreadyInitialisedError,
    Initialise,
    SignersError,
    initialise,
    signers_digest,
)
from tests.operations.scene import ORIGIN, Scene, found, places


def arguments() -> Initialise:
    return Initialise(
        kind=ProgrammeKind.TEST,
        jurisdiction=Jurisdiction.EU,
        origin=ORIGIN,
        organisation="A Constabulary",
        signers=tuple((role, public_hex(generate())) for role in SIGNING_ROLES),
    )


@pytest.mark.row("P-17")
def test_the_first_entry_says_what_kind_of_programme_it_is(founded: Scene):
    first = founded.entries()[0]

    assert first.kind == "programme.initialised"
    keys = [(role, public_hex(founded.keys[role])) for role in SIGNING_ROLES]
    assert dict(first.facts) == {"kind": "test", "jurisdiction": "uk-ew", "signers": signers_digest(keys)}
    assert (first.actor, first.programme_state) == ("system", "proposed")


def test_a_new_programme_is_proposed_and_knows_its_three_signers(tmp_path: Path):
    scene = found(tmp_path / "new", ProgrammeKind.DEMONSTRATION)

    with scene.reading() as work:
        (programme,) = work.programmes.where()
        signers = [person for person in work.people.where() if person.roles[0] in SIGNING_ROLES]
    scene.close()
    assert (programme.state, programme.kind) == (ProgrammeState.PROPOSED, ProgrammeKind.DEMONSTRATION)
    assert [person.roles for person in signers] == [(role,) for role in SIGNING_ROLES]


def without_dpo(given: Initialise) -> Initialise:
    return replace(given, signers=given.signers[::2])


def with_one_key_twice(given: Initialise) -> Initialise:
    (_, key), *_ = given.signers
    return replace(given, signers=tuple((role, key) for role in SIGNING_ROLES))


def with_an_operator(given: Initialise) -> Initialise:
    return replace(given, signers=(*given.signers[:2], (Role.OPERATOR, given.signers[2][1])))


@pytest.mark.parametrize("spoil", [without_dpo, with_one_key_twice, with_an_operator])
def test_signers_that_are_not_the_three_are_refused(founded: Scene, spoil: Callable[[Initialise], Initialise]):
    before = founded.state()

    with pytest.raises(SignersError, match=r"expected .* got ") as raised:
        initialise(founded.desk, spoil(arguments()))
    assert isinstance(raised.value, Invalid)
    assert founded.state() == before


def test_a_signer_without_a_real_key_is_refused(founded: Scene):
    given = arguments()

    with pytest.raises(MalformedKeyError):
        initialise(founded.desk, replace(given, signers=(*given.signers[:2], (Role.OVERSIGHT, "no key"))))


def test_a_second_programme_is_refused(founded: Scene):
    before, seq = founded.state(), len(founded.entries())

    with pytest.raises(AlreadyInitialisedError, match=r"expected .* got ") as raised:
        initialise(founded.desk, arguments())
    assert isinstance(raised.value, Conflict)
    assert (founded.state(), founded.entries(seq)) == (before, [])


def test_signers_that_are_refused_leave_no_folder_behind(tmp_path: Path):
    key = public_hex(generate())
    twice = Initialise(
        kind=ProgrammeKind.TEST,
        jurisdiction=Jurisdiction.UK_EW,
        origin="countersign.local/test/1",
        organisation="a force",
        signers=tuple((role, key) for role in SIGNING_ROLES),
    )
    with pytest.raises(SignersError, match="three different keys"):
        create_installation(places(tmp_path / "new"), twice, key_cost=2)
    assert not (tmp_path / "new").exists()


def test_a_folder_with_something_in_it_is_never_written_over(tmp_path: Path):
    settings = places(tmp_path)
    settings.data.mkdir()
    (settings.data / "notes.txt").write_text("mine")
    different = Initialise(
        kind=ProgrammeKind.TEST,
        jurisdiction=Jurisdiction.UK_EW,
        origin="countersign.local/test/1",
        organisation="a force",
        signers=tuple((role, public_hex(generate())) for role in SIGNING_ROLES),
    )
    with pytest.raises(FolderTakenError, match="empty or missing"):
        create_installation(settings, different, key_cost=2)
    assert not settings.keys.exists()
