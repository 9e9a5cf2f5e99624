from dataclasses import replace
from typing import Any

import pytest

from countersign.governance.artefact import content_complete, content_text
from countersign.governance.drafts import DRAFTS, draft_dpia, draft_policy
from countersign.governance.papers import (
    PAPERS,
    Configuration,
    MissingDocumentError,
    PaperKind,
    instructions,
    notice,
    processing_record,
    register,
    schedule,
)
from countersign.governance.policy_pack import read_pack
from countersign.governance.programme import ArtefactType, ProgrammeState
from countersign.primitives.codec import to_plain
from countersign.reports.paper import to_html
from tests.fakes_governance import CONTENT, NOW, all_signed, changed, pack_of_tests, programme, signed
from tests.governance.test_certificate_rules import certificate as a_certificate
from tests.governance.test_certificate_rules import validation
from tests.governance.test_programme_clock import COLLECTION

A = ArtefactType
MADE_OF = Configuration(
    programme=programme(ProgrammeState.PILOT),
    artefacts=all_signed(),
    pack=pack_of_tests(),
    collections=[replace(COLLECTION, audited_at=NOW)],
    extractor="sface/f32",
    held={COLLECTION.id: (120, 90)},
)
CLAUSES = [f"s.61(2)({letter})" for letter in "abcdefghijk"] + [f"s.42(4)({letter})" for letter in "abc"]


def texts(made_of: Configuration = MADE_OF) -> dict[str, str]:
    """Give every paper and draft as one text."""
    papers = {kind.value: "\n".join(item.text for item in make(made_of).items) for kind, make in PAPERS.items()}
    return papers | {kind.value: "\n".join(map(str, draft(made_of).values())) for kind, draft in DRAFTS.items()}


@pytest.mark.row("GOV-14")
def test_the_record_of_processing_has_each_item_and_none_is_empty():
    made = processing_record(MADE_OF)

    assert [item.clause for item in made.items] == CLAUSES
    assert all(item.text.strip() for item in made.items)
    said = {item.clause: item.text for item in made.items}
    assert "120 records, 90 of them searchable" in said["s.61(2)(f)"]
    assert "Prevention of a criminal offence" in said["s.61(2)(d)"]
    assert "Administration of justice" in said["s.42(4)(a)"]


@pytest.mark.row("GOV-14")
@pytest.mark.parametrize(
    ("change", "clause"),
    [
        ({"purposes": [{"code": "new", "title": "A newly named purpose"}]}, "s.61(2)(d)"),
        ({"source_types": ["cctv"]}, "s.61(2)(f)"),
        ({"schedule_8_conditions": [{"code": "new", "title": "A newly named condition"}]}, "s.42(4)(a)"),
    ],
)
def test_a_changed_configuration_changes_just_its_item_of_the_record(change: dict[str, Any], clause: str):
    before = {item.clause: item.text for item in processing_record(MADE_OF).items}
    pack = read_pack({**CONTENT[A.POLICY_PACK], **change})

    after = {item.clause: item.text for item in processing_record(replace(MADE_OF, pack=pack)).items}

    assert {name for name in before if before[name] != after[name]} == {clause}


@pytest.mark.row("RET-01", "GOV-09")
def test_one_schedule_stands_in_every_paper_and_draft_and_changes_in_all_of_them():
    rows = MADE_OF.pack.retention
    longer = replace(MADE_OF.pack, retention=(replace(rows[0], days=4321), *rows[1:]))

    before, after = texts(), texts(replace(MADE_OF, pack=longer))

    assert len(before) == 6
    assert all(schedule(rows) in text for text in before.values())
    assert all("4321 days" in text for text in after.values())
    assert all(schedule(rows) not in text for text in after.values())


@pytest.mark.row("DSR-01", "GOV-21")
def test_the_notice_says_who_why_which_rights_and_where_to_complain():
    said = "\n".join(item.text for item in notice(MADE_OF).items)

    for part in (
        "Demonstration Constabulary",
        "dpo@example.org",
        "erase it",
        "within 30 days",
        "ico.org.uk",
        "Large print",
        "oversight@example.org",
        "Only the oversight panel reads it",
    ):
        assert part in said


@pytest.mark.row("GOV-16", "EQV-04")
def test_the_register_shows_thresholds_list_lengths_results_and_summaries():
    said = {item.title: item.text for item in register(MADE_OF).items}

    assert "strict: 1 views 54000, 2-7 views 62400; at most 10 candidates" in said["Thresholds and list lengths"]
    assert "FNIR 0.050 (0.010 to 0.120)" in said["Test results"]
    assert said["Impact assessment, in plain English"] == "what it means for anybody"
    assert "first that were adopted" in said["Why these and no others"]
    assert str(NOW.date()) in said["Last audit for erasure"]
    assert said["Documents in force"].count("\n") == len(A) - 1
    reasoned = replace(MADE_OF, pack=changed(MADE_OF.pack, change_reason="fewer people were missed"))
    assert "fewer people were missed" in texts(reasoned)["register"]
    unaudited = replace(
        MADE_OF, collections=[COLLECTION], artefacts=[replace(one, public_address="") for one in all_signed()]
    )
    assert "not yet" in texts(unaudited)["register"]
    assert "https://example.org" not in texts(unaudited)["register"]


@pytest.mark.parametrize("kind", PaperKind)
def test_a_paper_whose_document_is_not_in_force_is_refused(kind: PaperKind):
    with pytest.raises(MissingDocumentError, match="got none"):
        PAPERS[kind](replace(MADE_OF, artefacts=[]))


@pytest.mark.row("GOV-02")
@pytest.mark.parametrize(("kind", "draft"), [(A.DPIA, draft_dpia), (A.APPROPRIATE_POLICY_DOCUMENT, draft_policy)])
def test_a_draft_fits_its_form_and_is_refused_until_every_question_is_answered(kind: ArtefactType, draft: Any):
    made: Any = to_plain(draft(MADE_OF))

    refused = content_complete(kind, content_text(made))
    assert "got the question [" in refused.reason

    answered = {
        name: value.replace("[", "").replace("?]", ".") if isinstance(value, str) else value
        for name, value in made.items()
    }
    assert content_complete(kind, content_text(answered)).allowed


def test_a_page_shows_every_item_and_what_people_wrote_never_becomes_markup():
    route = {**CONTENT[A.COMPLAINT_ROUTE], "address": "<script>alert(1)</script>"}
    rest = [one for one in all_signed() if one.type is not A.COMPLAINT_ROUTE]
    made_of = replace(MADE_OF, artefacts=[*rest, signed(A.COMPLAINT_ROUTE, route)])

    page = to_html(notice(made_of))

    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert page.count("<h2>") == len(notice(made_of).items)
    nothing = replace(notice(made_of), items=(replace(notice(made_of).items[0], text="", clause=""),))
    assert "None." in to_html(nothing)


@pytest.mark.row("EU-05")
def test_the_instructions_say_how_good_it_is_what_it_cannot_do_and_who_oversees_it():
    made = instructions(MADE_OF)
    said = {item.clause: item.text for item in made.items}

    assert len(said) == len(made.items) == 10
    assert all(item.text.strip() for item in made.items)
    assert "FNIR 0.050 (0.010 to 0.120), FPIR 0.050" in said["Art 13(3)(b)(ii)"]
    assert "24 h" in said["Art 13(3)(b)(iii)"]
    assert "no validation for use with real people" in said["Art 13(3)(b)(v)"]
    assert "stop all searching" in said["Art 13(3)(d)"]


@pytest.mark.row("EU-05")
def test_the_instructions_count_the_errors_of_each_group_of_a_certificate():
    (held,) = [one for one in all_signed() if one.type is A.VALIDATION]
    certificate = a_certificate()
    certified = replace(held, content=content_text(to_plain(validation(certificate))))
    said = {
        item.clause: item.text for item in instructions(replace(MADE_OF, artefacts=[*all_signed(), certified])).items
    }

    assert "searches without a mate listed somebody" in said["Art 13(3)(b)(v)"]
    assert said["Art 13(3)(b)(v)"].count("\n") == len(certificate.groups) - 1
