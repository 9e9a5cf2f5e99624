import tomllib

import pytest

from countersign.errors import IntegrityBroken
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import shipped
from countersign.governance.programme import ArtefactType, ProgrammeState
from countersign.governance.request import AuthorisationState
from countersign.operations.recover_searches import RecoverSearches, recover_searches
from countersign.search.probe import RunState, SearchRun
from tests.operations.scene import Scene, check_refused

RECOVER = Permission.SEARCH_RECOVER


def die() -> None:
    raise KeyboardInterrupt


def cut_off(scene: Scene) -> None:
    scene.engine.meanwhile = die
    with pytest.raises(KeyboardInterrupt):
        scene.casework.search(scene.ids.request)


def recover(scene: Scene, who: str = "operator") -> list[SearchRun]:
    return scene.force.do(who, RECOVER, recover_searches, RecoverSearches())


def test_a_search_that_was_cut_off_is_finished(authorised: Scene):
    cut_off(authorised)
    seq = len(authorised.entries())

    (run,) = recover(authorised)

    assert run.state is RunState.SEALED
    assert [entry.kind for entry in authorised.entries(seq)] == ["record.consulted", "search.sealed"]


@pytest.mark.row("SEC-06", "ENG-10")
def test_a_search_that_cannot_be_finished_is_aborted_and_its_authorisation_returned(authorised: Scene):
    cut_off(authorised)
    authorised.force.advance(ProgrammeState.SUSPENDED, "dpo")

    (run,) = recover(authorised)

    assert run.state is RunState.ABORTED
    assert (authorised.last().kind, authorised.last().facts["reason"]) == ("search.aborted", "programme_state")
    with authorised.reading() as work:
        assert work.authorisations.get(run.authorisation).state is AuthorisationState.LIVE


def test_with_nothing_running_there_is_nothing_to_recover(authorised: Scene):
    assert recover(authorised) == []
    assert dict(authorised.last().facts) == {"what": "search.running", "justification": "recovery"}


@pytest.mark.parametrize("who", ["requester", "examiner"])
def test_people_who_run_no_searches_are_refused(authorised: Scene, who: str):
    with check_refused(authorised, RECOVER, "not_permitted", spoke="policy"):
        recover(authorised, who)


def test_an_interrupted_search_under_another_pack_is_given_up_and_its_authorisation_returned(authorised: Scene):
    cut_off(authorised)
    authorised.force.submit(ArtefactType.POLICY_PACK, tomllib.loads(shipped("test")) | {"version": "test-2"})

    (run,) = recover(authorised)
    assert run.state is RunState.ABORTED
    assert dict(authorised.last().facts)["reason"] == "conditions_changed"
    with authorised.reading() as work:
        (authorisation,) = work.authorisations.where()
        assert authorisation.state == "live"
        assert work.lists.where() == []


def test_an_administrator_gives_up_what_its_operator_left_and_another_operator_goes_on(authorised: Scene):
    cut_off(authorised)
    authorised.hire("stand-in", Role.OPERATOR)
    seq = len(authorised.entries())

    (run,) = recover(authorised, "administrator")

    assert run.state is RunState.ABORTED
    assert [entry.kind for entry in authorised.entries(seq)] == ["record.consulted", "search.aborted"]
    assert authorised.casework.search(authorised.ids.request, "stand-in").state is RunState.SEALED


def test_another_operators_search_is_left_alone(authorised: Scene):
    cut_off(authorised)
    authorised.hire("stand-in", Role.OPERATOR)
    assert recover(authorised, "stand-in") == []


def test_a_search_that_could_not_even_be_aborted_is_told(authorised: Scene, monkeypatch: pytest.MonkeyPatch):
    def broken(_turns: object, _run: object) -> None:
        raise IntegrityBroken("expected room on the disk, got none")

    cut_off(authorised)
    monkeypatch.setattr("countersign.operations.recover_searches.finish", broken)
    with pytest.raises(IntegrityBroken, match="room on the disk"):
        recover(authorised)
