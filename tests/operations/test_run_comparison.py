from dataclasses import replace

import pytest

from countersign.errors import NotFound
from countersign.governance import policy_pack
from countersign.governance.anomalies import Anomaly, Block, Effect
from countersign.governance.permission import Permission
from countersign.governance.policy_pack import RELAXATIONS, Relaxation
from countersign.governance.programme import ProgrammeKind
from countersign.governance.register import LegalStatus
from countersign.governance.request import AuthorisationState, RequestState
from countersign.ledger.figures import count
from countersign.operations.anomaly_watch import AnomalyError
from countersign.operations.list_reviews import ListReviews, Task, list_reviews
from countersign.operations.report_facts import SearchReport
from countersign.operations.report_search import ReportSearch, report_search
from countersign.operations.verify_ledger import verify_ledger
from countersign.reports.layout import document
from countersign.search.probe import ONE_TO_ONE, RunState
from countersign.storage.gallery import SqlGalleryRows
from tests.operations.comparing import authorised_comparison, compare, draft
from tests.operations.scene import SOUGHT, Scene, check_refused, everyone, nobody

COMPARE = Permission.COMPARISON_RUN


@pytest.mark.row("P-05")
def test_a_comparison_is_one_entry_and_lists_the_named_person_only(marked: Scene):
    request = authorised_comparison(marked)
    seq = len(marked.entries())
    run = compare(marked, request)

    (made,) = marked.entries(seq)
    assert (made.kind, made.seq) == ("comparison.made", run.sealed_seq)
    with marked.reading() as work:
        (candidate,) = work.lists.get(run.id).candidates
        weight = work.probes.get(marked.ids.probe).stills[0].weight
        assert work.subjects.get(candidate.subject).external_id == str(SOUGHT)
        assert work.requests.get(request).state is RequestState.EXECUTED
        assert work.authorisations.where(request=request)[0].state is AuthorisationState.SPENT
    assert dict(made.facts) == {
        "request": request,
        "run": run.id,
        "collection": marked.ids.collection,
        "age_hours": 72,
        "source_type": "cctv",
        "scope": "one_case_one_person",
        "weight_sum": weight,
    }
    assert (run.operating_point, run.n_subjects, run.state) == (ONE_TO_ONE, 1, RunState.SEALED)


@pytest.mark.row("P-05")
def test_no_gallery_is_read_for_it(marked: Scene, monkeypatch: pytest.MonkeyPatch):
    request = authorised_comparison(marked)

    def read(*_: object) -> None:
        raise AssertionError("the gallery was read")

    monkeypatch.setattr(SqlGalleryRows, "matrix", read)
    assert compare(marked, request).state is RunState.SEALED


@pytest.mark.row("P-05")
def test_a_stranger_is_shown_to_both_examiners_all_the_same_and_no_score_decides(marked: Scene):
    request = authorised_comparison(marked, person=3)
    compare(marked, request)
    opened = marked.casework.open(request, "operator")
    shown = marked.casework.analyse(opened.review.id, "operator")

    assert [len(one.images) for one in shown.candidates] == [1]
    marked.casework.opine(shown, "operator", nobody)
    marked.casework.review(request, "examiner", nobody)
    assert marked.casework.show(request).state is RequestState.NO_LEAD


@pytest.mark.row("P-05")
def test_of_a_person_with_two_images_only_the_one_that_was_authorised_is_shown(marked: Scene):
    request = authorised_comparison(marked)
    compare(marked, request)
    first = marked.casework.open(request, "operator")
    (shown,) = marked.casework.analyse(first.review.id, "operator").candidates
    (again,) = marked.casework.open(request, "operator").candidates

    with marked.reading() as work:
        subject = work.lists.where()[0].candidates[0].subject
        held = [one for record in work.records.where(subject=subject) for one in work.images.where(record=record.id)]
    assert (len(held), len(shown.images), len(again.images)) == (2, 1, 1)


@pytest.mark.row("P-05")
def test_two_examiners_make_a_lead_of_it_and_the_log_verifies(marked: Scene):
    request = authorised_comparison(marked)
    (waiting,) = marked.force.do("operator", Permission.REVIEW_LIST, list_reviews, ListReviews()).waiting
    assert waiting.task is Task.COMPARISON
    compare(marked, request)
    for who in ("operator", "examiner"):
        marked.casework.review(request, who, everyone)
    lead = marked.casework.show(request).lead
    assert lead is not None
    marked.casework.reconfirm(lead)
    marked.casework.release(lead)

    assert not verify_ledger(marked.desk).findings
    figures = count(marked.entries(), "2026-01")
    totals = {figure.column: figure.total for figure in figures.figures}
    assert (totals["comparisons"], totals["searches"]) == (1, 0)


def test_its_report_prints_no_rate_of_searches_as_its_own(marked: Scene):
    request = authorised_comparison(marked)
    compare(marked, request)
    whole = marked.force.do("requester", Permission.REPORT_SEARCH, report_search, ReportSearch(request=request))
    made = whole.report
    assert isinstance(made, SearchReport)
    text = str(document(made, whole.pictures))

    assert (made.basis.rates_here, made.basis.threshold_id) == (None, "")
    assert "one-to-one comparison" in text
    assert "no score decided whether it was shown" in text
    assert "Here, among" not in text


@pytest.mark.row("P-05")
def test_neither_kind_of_request_is_refused_less_than_the_others_operation(marked: Scene):
    comparison = authorised_comparison(marked)
    with check_refused(marked, Permission.SEARCH_RUN, "comparison_is_no_search"):
        marked.casework.search(comparison)
    search = marked.casework.ask(marked.ids.probe, marked.ids.collection)
    with check_refused(marked, COMPARE, "search_is_no_comparison"):
        compare(marked, search)


@pytest.mark.row("P-05")
def test_an_image_that_was_hidden_exchanged_or_erased_since_is_refused(marked: Scene):
    request = authorised_comparison(marked)
    with marked.reading() as work:
        asked = work.requests.get(request)
        image = work.images.get(asked.compared_with or "")
        record = work.records.get(image.record)
        other = next(one for one in work.images.where(record=record.id) if one.id != image.id)
    with marked.altering() as work:
        work.requests.replace(replace(asked, compared_with=other.id))
    with check_refused(marked, COMPARE, "authorisation_binds_other"):
        compare(marked, request)
    with marked.altering() as work:
        work.requests.replace(asked)
        work.records.replace(replace(record, searchable=False, status=LegalStatus.NFA))
    with check_refused(marked, COMPARE, "record_hidden"):
        compare(marked, request)
    with marked.altering() as work:
        for template in work.templates.where(image=image.id):
            work.templates.remove(template.id)
    with check_refused(marked, COMPARE, "image_gone"):
        compare(marked, request)


def test_one_authorisation_makes_one_comparison_and_an_unauthorised_one_is_refused(marked: Scene):
    request = authorised_comparison(marked)
    compare(marked, request)
    with check_refused(marked, COMPARE, "authorisation_spent"):
        compare(marked, request)
    unauthorised = draft(marked).id
    with check_refused(marked, COMPARE, "not_authorised", family=NotFound):
        compare(marked, unauthorised)


def test_the_rules_against_live_use_count_comparisons_and_what_trips_stays(
    marked: Scene, monkeypatch: pytest.MonkeyPatch
):
    request = authorised_comparison(marked)
    kept = RELAXATIONS[ProgrammeKind.TEST] - {Relaxation.NO_RATE_RULES}
    monkeypatch.setattr(policy_pack, "RELAXATIONS", {**RELAXATIONS, ProgrammeKind.TEST: kept})
    person, now = marked.person("operator").id, marked.clock.now()
    with marked.altering() as work:
        work.blocks.add(Block(id="b1", rule=Anomaly.A5_VOLUME, effect=Effect.BLOCK_PERSON, scope=person, placed_at=now))
    with pytest.raises(AnomalyError, match="rule A5"):
        compare(marked, request)

    assert [entry.kind for entry in marked.entries()][-2:] == ["record.consulted", "denied"]
    with marked.reading() as work:
        assert work.authorisations.where(request=request)[0].state is AuthorisationState.LIVE


def test_the_requester_and_the_officer_are_refused(marked: Scene):
    request = authorised_comparison(marked)
    for who in ("requester", "officer"):
        with check_refused(marked, COMPARE, "not_permitted", spoke="policy"):
            compare(marked, request, who)
