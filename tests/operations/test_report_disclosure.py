import json

import pytest

from countersign.errors import NotFound
from countersign.governance.actor import Role
from countersign.governance.permission import Permission
from countersign.ledger.commitment import opens
from countersign.operations.report_disclosure import DisclosurePack, ReportDisclosure, report_disclosure
from tests.operations.scene import SOUGHT, Scene, check_refused

PACK = Permission.REPORT_DISCLOSURE


def pack(scene: Scene, who: str = "discloser") -> DisclosurePack:
    if "discloser" not in scene.keys:
        scene.hire("discloser", Role.DISCLOSURE_OFFICER)
    return scene.force.do(who, PACK, report_disclosure, ReportDisclosure(request=scene.ids.request))


@pytest.mark.row("REP-06", "REV-09", "PRB-09")
def test_the_pack_holds_list_scores_opinions_quality_and_rates_and_verifies_against_the_log(supported: Scene):
    made = pack(supported)

    (candidate,) = made.candidates
    assert (candidate.rank, candidate.subject) == (1, str(SOUGHT))
    assert candidate.score >= made.lowest * made.weight_sum
    assert [review.position for review in made.reviews] == ["first", "second"]
    assert all(review.seed and review.opinions for review in made.reviews)
    assert made.quality[0]
    assert [0 < image.unified <= 1 for image in candidate.images] == [True, True]
    assert all(image.measures for image in candidate.images)
    assert made.authority[0].necessity
    assert made.basis.evaluation.fpir.high
    with supported.reading() as work:
        (run,) = work.runs.where()
    entry = supported.entries()[run.sealed_seq]
    assert opens(entry.commit["list"], made.openings["list"])
    assert json.loads(made.openings["list"].value)[0]["score"] == candidate.score


@pytest.mark.row("REP-06")
def test_records_that_were_erased_since_say_so(supported: Scene):
    with supported.altering() as work:
        (subject,) = [one for one in work.subjects.where() if one.external_id == str(SOUGHT)]
        work.keys.destroy(subject.key)

    assert pack(supported).candidates[0].subject == "erased"


def test_a_pack_before_the_review_is_over_or_after_the_list_is_gone_is_refused(sealed: Scene):
    sealed.hire("discloser", Role.DISCLOSURE_OFFICER)
    with check_refused(sealed, PACK, "no_search", family=NotFound):
        pack(sealed)


def test_a_pack_of_a_list_that_was_erased_is_refused(supported: Scene):
    supported.hire("discloser", Role.DISCLOSURE_OFFICER)
    with supported.altering() as work:
        (run,) = work.runs.where()
        work.keys.destroy(work.lists.get(run.id).key)
    with check_refused(supported, PACK, "list_erased", family=NotFound):
        pack(supported)


def test_people_of_casework_are_refused_the_pack(supported: Scene):
    supported.hire("discloser", Role.DISCLOSURE_OFFICER)
    with check_refused(supported, PACK, "not_permitted", spoke="policy"):
        pack(supported, "officer")
