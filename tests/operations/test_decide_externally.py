from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.errors import NotFound
from countersign.governance.external import sign_decision
from countersign.governance.permission import Permission
from countersign.governance.request import RequestState
from countersign.governance.signature import generate
from countersign.primitives.digest import sha256
from countersign.primitives.ids import RequestId
from tests.operations.asking import NAMED, decide, decision, name_authority, refer, submitted
from tests.operations.scene import Scene, check_refused

REFER = Permission.REQUEST_REFER


def referred(scene: Scene) -> RequestId:
    name_authority(scene)
    request = submitted(scene, NAMED)
    refer(scene, request)
    return request


@pytest.mark.row("AUT-09")
def test_a_granted_search_runs_once(marked: Scene):
    request = referred(marked)

    assert decide(marked, decision(marked, request, granted=True)).state is RequestState.AUTHORISED
    assert marked.casework.search(request).request == request


@pytest.mark.row("AUT-09")
def test_a_rejection_leaves_nothing_but_its_entry_and_the_collection_untouched(marked: Scene):
    before = marked.state()
    request = referred(marked)
    decide(marked, decision(marked, request, granted=True))
    marked.casework.search(request)

    decide(marked, decision(marked, request, granted=False, at=marked.clock.now()))

    entry = marked.last()
    assert entry.kind == "request.withdrawn"
    assert (entry.facts["ended"], entry.facts["reason"]) == ("stopped", "rejected")
    with marked.reading() as work:
        (run,) = work.runs.where(request=request)
        assert work.requests.find(request) is None
        assert work.lists.find(run.id) is None
        assert work.authorisations.where(request=request) == []
        assert work.exhibits.find(marked.ids.exhibit) is not None
        assert work.probes.find(marked.ids.probe) is not None
    after = marked.state()
    for table in ("custody_record", "reference_image", "reference_template", "exhibit", "located_face", "blobs"):
        assert after[table] == before[table]


@pytest.mark.row("AUT-09")
def test_a_decision_of_anybody_else_is_refused(marked: Scene):
    request = referred(marked)
    true = decision(marked, request, granted=True)
    forged = sign_decision(generate(), request, true.binding, marked.clock.now(), granted=True)

    for wrong in (forged, replace(decision(marked, request, granted=False), granted=True)):
        with check_refused(marked, REFER, "external_signature"):
            decide(marked, wrong)


@pytest.mark.row("AUT-09")
def test_a_decision_on_another_probe_or_out_of_time_is_refused(marked: Scene):
    request = referred(marked)
    true = decision(marked, request, granted=True)

    with check_refused(marked, REFER, "external_other_request"):
        decide(marked, replace(true, binding=sha256(b"another probe")))
    for shift in (-timedelta(milliseconds=1), timedelta(milliseconds=1)):
        late = decision(marked, request, granted=True, at=marked.clock.now() + shift)
        with check_refused(marked, REFER, "external_out_of_time"):
            decide(marked, late)


def test_a_decision_without_a_referral_is_refused(marked: Scene):
    name_authority(marked)
    request = submitted(marked, NAMED)

    with check_refused(marked, REFER, "transition"):
        decide(marked, decision(marked, request, granted=True))


def test_a_decision_on_what_does_not_exist_is_refused(marked: Scene):
    request = referred(marked)
    made = replace(decision(marked, request, granted=True), request=RequestId("none"))

    with check_refused(marked, REFER, "row_missing", family=NotFound):
        decide(marked, made)
