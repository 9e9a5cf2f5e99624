import gc
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.cli.demonstration.documents import documents
from countersign.errors import Conflict, CountersignError, IntegrityBroken, NotFound, Refused
from countersign.governance.actor import Rank, Role
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import shipped
from countersign.governance.programme import ArtefactType, ProgrammeKind, ProgrammeState
from countersign.governance.request import AuthorisationState, RequestState, SearchRequest
from countersign.operations.authorise_request import AuthoriseRequest, authorise_request
from countersign.operations.erase_record import EraseRecord, ErasureRule, erase_record
from countersign.primitives.ids import CollectionId, EntrySeq, ProbeId, RequestId
from countersign.search.probe import Probe, RunState, SearchRun
from tests.fakes import Face
from tests.operations.scene import LONG_AGO, SOUGHT, VIEWS, Scene, check_refused

RUN = Permission.SEARCH_RUN


def run(scene: Scene, who: str = "operator") -> SearchRun:
    return scene.casework.search(scene.ids.request, who)


def kinds(scene: Scene, since: int) -> list[str]:
    return [entry.kind for entry in scene.entries(since)]


def standing(scene: Scene) -> tuple[RequestState, AuthorisationState, list[RunState]]:
    """Give where request, authorisation and runs stand; whether there is a list."""
    with scene.reading() as work:
        (authorisation,) = work.authorisations.where()
        assert len(work.lists.where()) == len(work.runs.where(state=RunState.SEALED))
        states = [one.state for one in work.runs.where()]
        return work.requests.get(scene.ids.request).state, authorisation.state, states


LIVE = (RequestState.AUTHORISED, AuthorisationState.LIVE)


@pytest.mark.row("ENG-03", "LFR-11")
def test_a_search_is_two_entries_and_lists_the_person_sought(authorised: Scene):
    seq = len(authorised.entries())
    done = run(authorised)

    started, sealed = authorised.entries(seq)
    assert (started.kind, sealed.kind) == ("search.started", "search.sealed")
    assert (started.seq, sealed.seq) == (done.started_seq, done.sealed_seq)
    with authorised.reading() as work:
        number, root = work.gallery.version(authorised.ids.collection)
        (listed,) = work.lists.get(done.id).candidates
        sought = work.subjects.get(listed.subject)
        power = work.probes.get(authorised.ids.probe).stills[0].weight
    assert sought.external_id == str(SOUGHT)
    assert dict(started.facts) == {
        "request": authorised.ids.request,
        "run": done.id,
        "gallery_seq": number,
        "gallery_root": root,
        "n_subjects": len(VIEWS),
        "operating_point": "strict",
        "threshold": 54000,
        "list_length": 10,
        "age_hours": 72,
        "rbi_class": "post",
        "collection": authorised.ids.collection,
        "source_type": "cctv",
        "scope": "one_case_one_person",
    }
    assert dict(sealed.facts) == {"run": done.id, "candidates": 1, "weight_sum": power}
    assert "probe" in started.commit
    assert {"list", "probe"} <= set(sealed.commit)
    assert standing(authorised) == (RequestState.EXECUTED, AuthorisationState.SPENT, [RunState.SEALED])


@pytest.mark.row("PRB-03")
def test_only_the_marked_face_is_made_into_a_template(authorised: Scene):
    run(authorised)

    assert authorised.engine.probes == authorised.engine.described == 1


def test_a_person_who_is_not_enrolled_gives_an_empty_list_and_that_is_a_result(marked: Scene):
    exhibit = marked.casework.seal(marked.draw("stranger.png", Face(person=99)), taken=LONG_AGO).id
    marked.casework.locate(exhibit)
    probe = marked.casework.mark([(exhibit, 1)]).id
    request = marked.casework.ask(probe, marked.ids.collection)

    done = marked.casework.search(request)

    assert (done.state, marked.last().facts["candidates"]) == (RunState.SEALED, 0)
    with marked.reading() as work:
        assert work.requests.get(request).state is RequestState.NO_CANDIDATE


def test_no_list_can_be_read_before_it_is_sealed(authorised: Scene):
    lists: list[int] = []

    def look() -> None:
        with authorised.reading() as work:
            lists.append(len(work.lists.where()))

    authorised.engine.meanwhile = look
    run(authorised)
    assert lists == [0]


@pytest.mark.row("AUT-07", "LFR-03")
def test_a_second_use_of_an_authorisation_is_refused(sealed: Scene):
    with check_refused(sealed, RUN, "authorisation_spent"):
        run(sealed)


@pytest.mark.row("AUT-07")
def test_an_expired_authorisation_is_refused_from_its_last_moment_on(authorised: Scene):
    authorised.clock.advance(timedelta(days=14))

    with check_refused(authorised, RUN, "authorisation_expired"):
        run(authorised)


def test_an_authorisation_is_good_until_a_moment_before_it_expires(authorised: Scene):
    authorised.clock.advance(timedelta(days=14) - timedelta(milliseconds=1))

    assert run(authorised).state is RunState.SEALED


def test_a_revoked_authorisation_is_refused(authorised: Scene):
    with authorised.altering() as work:
        (authorisation,) = work.authorisations.where()
        work.authorisations.replace(replace(authorisation, state=AuthorisationState.REVOKED))

    with check_refused(authorised, RUN, "authorisation_revoked"):
        run(authorised)


def other_probe(request: SearchRequest, probe: Probe) -> tuple[SearchRequest, Probe]:
    return replace(request, probe=ProbeId("other")), replace(probe, id=ProbeId("other"))


def other_still(request: SearchRequest, probe: Probe) -> tuple[SearchRequest, Probe]:
    return request, replace(probe, stills=probe.stills * 2)


@pytest.mark.parametrize("exchange", [other_probe, other_still])
def test_a_probe_exchanged_after_the_authorisation_is_refused(
    authorised: Scene, exchange: Callable[[SearchRequest, Probe], tuple[SearchRequest, Probe]]
):
    with authorised.altering() as work:
        before = work.probes.get(authorised.ids.probe)
        request, probe = exchange(work.requests.get(authorised.ids.request), before)
        work.requests.replace(request)
        work.probes.remove(before.id)
        work.probes.add(probe)

    with check_refused(authorised, RUN, "authorisation_binds_other"):
        run(authorised)


def test_a_collection_exchanged_after_the_authorisation_is_refused(authorised: Scene):
    other = authorised.force.register().id
    with authorised.altering() as work:
        request = work.requests.get(authorised.ids.request)
        work.requests.replace(replace(request, collection=CollectionId(other)))

    with check_refused(authorised, RUN, "authorisation_binds_other"):
        run(authorised)


def test_a_request_that_no_officer_authorised_is_refused(marked: Scene):
    request = marked.casework.draft(marked.ids.probe, marked.ids.collection).id
    marked.casework.submit(request)

    with check_refused(marked, RUN, "not_authorised", family=NotFound):
        marked.casework.search(request)


def test_a_request_that_does_not_exist_is_refused(pilot: Scene):
    with check_refused(pilot, RUN, "row_missing", family=NotFound):
        pilot.casework.search(RequestId("none"))


def resubmit(scene: Scene, kind: ArtefactType, days: int, **changes: object) -> None:
    due = scene.clock.now() + timedelta(days=days)
    content = documents(ProgrammeKind.TEST, scene.engine.extractor, due.date())[kind]
    scene.force.submit(kind, {**content, **changes}, review_by=due)


@pytest.mark.row("GOV-01", "GOV-07")
def test_a_search_on_an_expired_dpia_is_refused(authorised: Scene):
    resubmit(authorised, ArtefactType.DPIA, days=2)
    authorised.clock.advance(timedelta(days=3))

    with check_refused(authorised, RUN, "artefact_expired") as raised:
        run(authorised)
    assert "dpia" in str(raised.value)


def test_on_the_review_day_itself_a_search_still_runs(authorised: Scene):
    resubmit(authorised, ArtefactType.DPIA, days=2)
    authorised.clock.advance(timedelta(days=2))

    assert run(authorised).state is RunState.SEALED


@pytest.mark.row("GOV-06")
def test_a_search_without_an_ethics_opinion_is_refused(authorised: Scene):
    with authorised.altering() as work:
        (opinion,) = work.artefacts.where(type=ArtefactType.ETHICS_OPINION)
        work.artefacts.remove(opinion.id)

    with check_refused(authorised, RUN, "artefact_missing") as raised:
        run(authorised)
    assert "ethics_opinion" in str(raised.value)


@pytest.mark.row("GOV-13")
def test_a_search_in_a_suspended_programme_is_refused(authorised: Scene):
    authorised.force.advance(ProgrammeState.SUSPENDED, "dpo")

    with check_refused(authorised, RUN, "programme_state"):
        run(authorised)


def test_imagery_younger_than_a_later_pack_asks_for_is_refused(authorised: Scene):
    resubmit(authorised, ArtefactType.POLICY_PACK, days=30, minimum_imagery_age_h=73)

    with check_refused(authorised, RUN, "imagery_too_young"):
        run(authorised)
    authorised.clock.advance(timedelta(hours=1))
    assert run(authorised).age_hours == 73


@pytest.mark.row("EQV-01")
def test_another_network_than_the_validated_one_is_refused(authorised: Scene):
    authorised.engine.extractor = "another/int8"

    with check_refused(authorised, RUN, "validation_other_network"):
        run(authorised)


@pytest.mark.row("ENG-02", "EQV-01")
def test_other_thresholds_than_the_validated_ones_are_refused(authorised: Scene):
    points = tomllib.loads(shipped("test"))["operating_points"]
    points["strict"]["1"] -= 1
    why = "A lower threshold was tried on paper; nobody has measured it yet."
    resubmit(authorised, ArtefactType.POLICY_PACK, days=30, operating_points=points, change_reason=why)

    with check_refused(authorised, RUN, "validation_other_threshold"):
        run(authorised)


@pytest.mark.row("REF-13")
def test_a_gallery_that_is_too_small_is_refused(authorised: Scene):
    resubmit(authorised, ArtefactType.POLICY_PACK, days=30, minimum_gallery_subjects=len(VIEWS) + 1)

    with check_refused(authorised, RUN, "gallery_too_small"):
        run(authorised)


def test_an_untrained_operator_is_refused(authorised: Scene):
    authorised.hire("late", Role.OPERATOR, days=-1)

    with check_refused(authorised, RUN, "training_expired"):
        run(authorised, "late")


def test_an_operator_who_asked_for_the_search_is_refused_by_the_policy(marked: Scene):
    marked.hire("both", Role.REQUESTER, Role.OPERATOR)
    marked.keys["requester"] = marked.keys["both"]
    request = marked.casework.ask(marked.ids.probe, marked.ids.collection)

    with check_refused(marked, RUN, "not_permitted", spoke="policy"):
        marked.casework.search(request, "both")


def test_an_operator_who_authorised_the_search_is_refused_by_the_policy(marked: Scene):
    marked.hire("both", Role.AUTHORISING_OFFICER, Role.OPERATOR, rank=Rank.SUPERINTENDENT)
    marked.keys["officer"] = marked.keys["both"]
    request = marked.casework.ask(marked.ids.probe, marked.ids.collection)

    with check_refused(marked, RUN, "not_permitted", spoke="policy"):
        marked.casework.search(request, "both")


@pytest.mark.parametrize("who", ["requester", "officer", "examiner", "dpo"])
def test_people_who_are_no_operators_are_refused(authorised: Scene, who: str):
    with check_refused(authorised, RUN, "not_permitted", spoke="policy"):
        run(authorised, who)


def suspend(scene: Scene) -> None:
    scene.force.advance(ProgrammeState.SUSPENDED, "oversight")


def change_gallery(scene: Scene) -> None:
    erasure = EraseRecord(collection=scene.ids.collection, subject="3", rule=ErasureRule.SOURCE_DELETED)
    scene.force.do("owner", Permission.RECORD_ERASE, erase_record, erasure)


@pytest.mark.row("GOV-13")
@pytest.mark.parametrize(
    ("meanwhile", "code", "family"),
    [(suspend, "programme_state", Refused), (change_gallery, "gallery_changed", Conflict)],
)
def test_what_changes_between_start_and_seal_aborts_and_returns_the_authorisation(
    authorised: Scene, meanwhile: Callable[[Scene], None], code: str, family: type[CountersignError]
):
    seq = len(authorised.entries())
    authorised.engine.meanwhile = lambda: meanwhile(authorised)

    with pytest.raises(family) as raised:
        run(authorised)

    assert raised.value.code == code
    started, _, aborted, denied = authorised.entries(seq)
    assert (started.kind, aborted.kind, denied.kind) == ("search.started", "search.aborted", "denied")
    assert dict(aborted.facts) == {"run": started.facts["run"], "reason": code}
    assert denied.facts["reason"] == code
    assert standing(authorised) == (*LIVE, [RunState.ABORTED])


def test_an_erasure_during_a_search_finds_no_cursor_of_the_search_half_read(authorised: Scene):
    authorised.engine.meanwhile = lambda: change_gallery(authorised)
    gc.disable()  # the collector would close a forgotten cursor sooner or later
    try:
        with pytest.raises(Conflict):
            run(authorised)
    finally:
        gc.enable()


def test_a_returned_authorisation_can_be_used(authorised: Scene):
    authorised.engine.meanwhile = lambda: change_gallery(authorised)
    with pytest.raises(Conflict):
        run(authorised)

    assert run(authorised).n_subjects == len(VIEWS) - 1
    assert standing(authorised)[2] == [RunState.ABORTED, RunState.SEALED]


def die() -> None:
    raise KeyboardInterrupt


def cut_off(scene: Scene) -> None:
    """Leave a run RUNNING, as a killed process does."""
    scene.engine.meanwhile = die
    with pytest.raises(KeyboardInterrupt):
        run(scene)
    assert standing(scene) == (RequestState.PROBE_LOCKED, AuthorisationState.SPENT, [RunState.RUNNING])


def test_an_interrupted_search_goes_on_under_its_own_run(authorised: Scene):
    cut_off(authorised)
    seq = len(authorised.entries())

    done = run(authorised)

    assert kinds(authorised, seq) == ["search.sealed"]
    assert authorised.entries()[done.started_seq].facts["run"] == done.id
    assert standing(authorised) == (RequestState.EXECUTED, AuthorisationState.SPENT, [RunState.SEALED])


def test_an_interrupted_search_is_refused_to_another_operator(authorised: Scene):
    authorised.hire("relief", Role.OPERATOR)
    cut_off(authorised)

    with check_refused(authorised, RUN, "other_operator"):
        run(authorised, "relief")


@pytest.mark.row("REF-10", "ENG-01")
def test_an_interrupted_search_on_a_gallery_that_changed_since_is_aborted(authorised: Scene):
    cut_off(authorised)
    change_gallery(authorised)
    seq = len(authorised.entries())

    with pytest.raises(Conflict):
        run(authorised)
    assert kinds(authorised, seq) == ["search.aborted", "denied"]
    assert standing(authorised) == (*LIVE, [RunState.ABORTED])


@pytest.mark.row("ENG-01")
def test_a_run_without_its_started_entry_compares_nothing(authorised: Scene):
    cut_off(authorised)
    with authorised.altering() as work:
        (running,) = work.runs.where()
        work.runs.replace(replace(running, started_seq=EntrySeq(0)))
    described = authorised.engine.described

    with pytest.raises(IntegrityBroken) as raised:
        run(authorised)
    assert raised.value.code == "no_started_entry"
    assert authorised.engine.described == described
    assert standing(authorised) == (*LIVE, [RunState.ABORTED])


def test_a_run_that_ended_meanwhile_is_refused_and_keeps_its_list(authorised: Scene):
    cut_off(authorised)
    authorised.engine.meanwhile = lambda: run(authorised)
    seq = len(authorised.entries())

    with pytest.raises(Conflict) as raised:
        run(authorised)
    assert raised.value.code == "run_ended"
    assert kinds(authorised, seq) == ["search.sealed", "denied"]
    assert standing(authorised) == (RequestState.EXECUTED, AuthorisationState.SPENT, [RunState.SEALED])


def test_a_second_run_at_the_same_time_is_refused(authorised: Scene):
    authorised.hire("relief", Role.OPERATOR)

    def race() -> None:
        with check_refused(authorised, RUN, "other_operator"):
            run(authorised, "relief")

    authorised.engine.meanwhile = race
    assert run(authorised).state is RunState.SEALED


def test_an_authorisation_of_another_request_buys_nothing(authorised: Scene):
    other = authorised.casework.draft(authorised.ids.probe, authorised.ids.collection).id
    authorised.casework.submit(other)
    reasons = AuthoriseRequest(request=other, necessity="short", proportionality="short")
    with pytest.raises(Refused):
        authorised.force.do("officer", Permission.REQUEST_AUTHORISE, authorise_request, reasons)

    with check_refused(authorised, RUN, "not_authorised", family=NotFound):
        authorised.casework.search(other)
