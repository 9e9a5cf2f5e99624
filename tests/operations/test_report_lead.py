from dataclasses import replace
from datetime import date

import pytest

from countersign.cli.demonstration.casework import AGAINST
from countersign.errors import NotFound
from countersign.governance.permission import Permission
from countersign.operations.report_facts import LeadReport, MadeReport, PictureRole
from countersign.operations.report_lead import ReportLead, report_lead
from countersign.primitives.codec import canonical_text, to_plain
from countersign.primitives.ids import LeadId
from tests.operations.scene import SOUGHT, Scene, check_refused

REPORT = Permission.REPORT_LEAD


def report(scene: Scene, who: str = "requester", lead: str = "") -> MadeReport:
    return scene.force.do(who, REPORT, report_lead, ReportLead(lead=LeadId(lead or scene.ids.lead)))


def released(scene: Scene) -> Scene:
    scene.casework.reconfirm(scene.ids.lead)
    scene.casework.release(scene.ids.lead)
    return scene


def test_the_requester_gets_the_facts_the_lead_and_the_reasons_against(supported: Scene):
    made = report(released(supported))

    assert isinstance(made.report, LeadReport)
    assert made.report.lead_name == str(SOUGHT)
    assert made.report.record_reference == f"{SOUGHT}/folder"
    assert made.report.reasons_against == AGAINST
    assert [opinion.position for opinion in made.report.opinions] == ["first", "second"]
    assert made.report.basis.gallery.n_subjects == 3
    assert (made.report.basis.rbi_class, made.report.basis.watermark) == ("post", "TEST")
    assert [picture.role for picture in made.pictures] == [PictureRole.PROBE, PictureRole.REFERENCE]
    entry = supported.last()
    assert (entry.kind, dict(entry.facts)) == (
        "report.disclosed",
        {"report": "lead", "justification": "investigation"},
    )
    assert {"lead", "recipient"} <= set(entry.commit)


def test_the_report_holds_no_score_and_no_other_data_subject(supported: Scene):
    made = report(released(supported))

    text = canonical_text(to_plain(made.report))
    with supported.reading() as work:
        (sealed,) = work.lists.where()
        others = [one.external_id for one in work.subjects.where() if one.external_id != str(SOUGHT)]
    assert str(sealed.candidates[0].score) not in text
    assert others
    assert not any(f'"{name}"' in text for name in others)


def test_a_lead_that_is_not_released_is_refused(supported: Scene):
    with check_refused(supported, REPORT, "lead_not_released", family=NotFound):
        report(supported)


@pytest.mark.row("REP-09")
def test_somebody_it_was_not_released_to_is_refused(supported: Scene):
    with check_refused(released(supported), REPORT, "not_recipient"):
        report(supported, "operator")


def test_an_examiner_is_refused(supported: Scene):
    with check_refused(released(supported), REPORT, "not_permitted", spoke="policy"):
        report(supported, "examiner")


def test_a_lead_whose_images_were_erased_is_refused(supported: Scene):
    released(supported)
    with supported.altering() as work:
        for image in work.images.where():
            work.images.remove(image.id)
    with check_refused(supported, REPORT, "reference_erased", family=NotFound):
        report(supported)


def test_a_hidden_record_is_never_printed(supported: Scene):
    released(supported)
    with supported.altering() as work:
        for record in work.records.where():
            work.records.replace(replace(record, searchable=False))
    with check_refused(supported, REPORT, "reference_erased", family=NotFound):
        report(supported)


@pytest.mark.row("REF-16")
@pytest.mark.parametrize(
    ("dates", "chosen", "ageing"),
    [
        ((date(2012, 1, 1), date(2024, 1, 1)), date(2024, 1, 1), False),
        ((date(2012, 1, 1), date(2014, 1, 1)), date(2014, 1, 1), True),
        ((date(2012, 1, 1), None), date(2012, 1, 1), True),
    ],
)
def test_the_best_recent_image_is_shown_with_its_date_and_an_old_one_is_flagged(
    supported: Scene, dates: tuple[date, date | None], chosen: date, *, ageing: bool
):
    """The first image has the better quality each time: it is passed over for its age."""
    with supported.altering() as work:
        (subject,) = [one for one in work.subjects.where() if one.external_id == str(SOUGHT)]
        (record,) = work.records.where(subject=subject.id)
        better, other = work.images.where(record=record.id)
        work.images.replace(replace(better, image_date=dates[0], unified=0.9))
        work.images.replace(replace(other, image_date=dates[1], unified=0.6))

    made = report(released(supported))

    assert isinstance(made.report, LeadReport)
    assert (made.report.reference_image_date, made.report.reference_ageing) == (chosen, ageing)
