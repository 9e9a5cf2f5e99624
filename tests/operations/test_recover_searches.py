import pytest

from countersign.governance.permission import Permission
from countersign.governance.programme import ProgrammeState
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
